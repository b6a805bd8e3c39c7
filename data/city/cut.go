package city

import "slices"

// end is where a cut meets the border of a face: at p within half-edge h, or
// where h begins.
type end struct {
	h      int32
	p      pt
	within bool
}

// chord is where a line crosses a face, from a to b.
type chord struct {
	a, b   end
	ta, tb int64 // where along the line
}

func (c chord) length() int64 { return c.b.p.minus(c.a.p).length() }

// Bounds that keep plots sound.
const (
	shortest  = 1_800 // mm between two points of a border
	clearance = 1_500 // mm between a cut and what it does not meet
)

// crossing is a place where a line leads into a face or out of it.
type crossing struct {
	end
	t int64
}

// chordAt finds where the line through c in direction d crosses a face: of
// several places the one that has c, or else the longest. Ends that come to lie
// near a point of the border become that point.
func (b *builder) chordAt(f int32, c, d pt) (chord, bool) {
	d = d.to(10_000)
	hits := b.hits[:0]
	first := b.faces[f].edge
	side := cross(d, b.start(first).minus(c))
	for h := first; ; {
		next := cross(d, b.end(h).minus(c))
		if (side < 0) != (next < 0) {
			p := between(b.start(h), b.end(h), side, side-next)
			hits = append(hits, crossing{end{h, p, true}, dot(d, p.minus(c)) / 10_000})
		}
		side = next
		if h = b.next[h]; h == first {
			break
		}
	}
	b.hits = hits
	slices.SortFunc(hits, func(p, q crossing) int { return int(max(min(p.t-q.t, 1), -1)) })
	best := -1
	for n := 0; n+1 < len(hits); n += 2 {
		if hits[n].t <= 0 && hits[n+1].t >= 0 {
			best = n
			break
		}
		if best < 0 || hits[n+1].t-hits[n].t > hits[best+1].t-hits[best].t {
			best = n
		}
	}
	if best < 0 {
		return chord{}, false
	}
	p, q := hits[best], hits[best+1]
	return chord{b.settle(p.end), b.settle(q.end), p.t, q.t}, true
}

// settle moves an end to the nearest point of the border where that is near, or
// where the border may have no more points.
func (b *builder) settle(e end) end {
	toStart, toEnd := e.p.minus(b.start(e.h)).length(), e.p.minus(b.end(e.h)).length()
	near := min(toStart, toEnd)
	if near > 2*shortest && !b.fixed(e.h) {
		return e
	}
	if toEnd < toStart {
		e.h = b.next[e.h]
	}
	return end{e.h, b.start(e.h), false}
}

// opens says whether a way from an end to p leads into the face, and not at a
// sharp angle with its border.
func (b *builder) opens(e end, p pt) bool {
	after, before := b.way(e.h), pt{}
	if e.within {
		before = pt{}.minus(after)
	} else {
		before = pt{}.minus(b.way(b.prev[e.h]))
	}
	s := p.minus(e.p)
	turn, back := cross(after, s), cross(s, before)
	if cross(after, before) > 0 {
		if turn <= 0 || back <= 0 {
			return false
		}
	} else if turn <= 0 && back <= 0 {
		return false
	}
	return !sharp(after, s) && !sharp(s, before)
}

// sharp says whether the angle between two ways is under 15°.
func sharp(u, v pt) bool {
	if dot(u, v) <= 0 {
		return false
	}
	c := cross(u, v)
	return max(c, -c)*4 < u.length()*v.length()
}

// fits says whether a cut through the points of a path keeps its distance from
// the face's border and from sharp angles.
func (b *builder) fits(f int32, from, to end, path []pt, reach int64) bool {
	if from.h == to.h && from.within == to.within {
		return false
	}
	line := append(append(append(b.line[:0], from.p), path...), to.p)
	b.line = line
	if !b.opens(from, line[1]) || !b.opens(to, line[len(line)-2]) {
		return false
	}
	low, high := line[0], line[0]
	for _, p := range line {
		low, high = pt{min(low.x, p.x), min(low.y, p.y)}, pt{max(high.x, p.x), max(high.y, p.y)}
	}
	low, high = pt{low.x - reach, low.y - reach}, pt{high.x + reach, high.y + reach}
	touches := func(h int32, e end) bool { return h == e.h || !e.within && b.next[h] == e.h }
	first := b.faces[f].edge
	for h := first; ; {
		p, q := b.start(h), b.end(h)
		if max(p.x, q.x) >= low.x && min(p.x, q.x) <= high.x && max(p.y, q.y) >= low.y && min(p.y, q.y) <= high.y {
			for n := range len(line) - 1 {
				if n == 0 && touches(h, from) || n == len(line)-2 && touches(h, to) {
					continue
				}
				if meets(line[n], line[n+1], p, q, reach) {
					return false
				}
			}
		}
		if h = b.next[h]; h == first {
			return true
		}
	}
}

// cut divides a face between two ends that fit. What is on the right of the way
// becomes a new face.
func (b *builder) cut(f int32, from, to end, path []pt) int32 {
	both := [2]end{from, to}
	b.placeAll(both[:])
	return b.divide(f, both[0].h, both[1].h, path)
}

// placeAll puts several ends into the border. Those within one half-edge are
// put in from its far end, so that the others stay on the part that keeps its
// name.
func (b *builder) placeAll(ends []end) {
	for range ends {
		last := -1
		var far int64
		for n, e := range ends {
			if e.within {
				if t := e.p.minus(b.start(e.h)).length(); last < 0 || t > far {
					last, far = n, t
				}
			}
		}
		if last < 0 {
			return
		}
		ends[last] = end{b.split(ends[last].h, ends[last].p), ends[last].p, false}
	}
}

// axis is the direction of the long side of a face's tightest box, with the
// middle of the box and its two sides.
func (b *builder) axis(f int32) (dir, middle pt, long, short int64) {
	loop := b.loop(b.edges[:0], f)
	b.edges = loop
	const tried = 5
	var longest [tried]pt
	var lengths [tried]int64
	for _, h := range loop {
		w := b.way(h)
		n := w.length()
		for k := range tried {
			if n > lengths[k] {
				w, longest[k], n, lengths[k] = longest[k], w, lengths[k], n
			}
		}
	}
	o := b.start(loop[0])
	for k := range tried {
		if lengths[k] == 0 {
			break
		}
		d := longest[k].to(10_000)
		e := d.left()
		var x0, x1, y0, y1 int64
		for _, h := range loop {
			p := b.start(h).minus(o)
			x, y := dot(p, d)/10_000, dot(p, e)/10_000
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
		w, h := x1-x0, y1-y0
		if k > 0 && w/1000*(h/1000) >= long/1000*(short/1000) {
			continue
		}
		middle = o.plus(d.times((x0+x1)/2, 10_000)).plus(e.times((y0+y1)/2, 10_000))
		dir, long, short = d, w, h
		if h > w {
			dir, long, short = e, h, w
		}
	}
	return dir, middle, long, short
}
