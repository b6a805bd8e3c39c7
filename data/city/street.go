package city

// street says what roads of a kind look like.
type street struct {
	width int64 // mm
	flare int64 // mm: radius of the corners where it meets another road
	bow   int64 // thousandths of its length by which it may bend
}

// strip lays a road across a face along the line through c in direction d. The
// face keeps what is on the road's left; the road and what is on its right are
// new faces.
func (b *builder) strip(f int32, c, d pt, s street) (way, right int32, ok bool) {
	d = d.to(10_000)
	middle, ok := b.chordAt(f, c, d)
	if !ok || middle.length() < s.width*3 {
		return 0, 0, false
	}
	c = between(middle.a.p, middle.b.p, 1, 2)
	half := d.left().times(s.width/2, 10_000)
	l, okL := b.chordAt(f, c.plus(half), d)
	r, okR := b.chordAt(f, c.minus(half), d)
	if !okL || !okR {
		return 0, 0, false
	}
	bend := div(middle.length()*b.around(s.bow), 1000)
	pathL, pathR := b.bowed(l, d, bend, nil), b.bowed(r, d, bend, nil)
	if fl, fr, ok := b.flared(l, d, s.flare, false), b.flared(r, d, s.flare, true), s.flare > 0; ok {
		pl, pr := b.bowed(fl.chord, d, bend, &fl), b.bowed(fr.chord, d, bend, &fr)
		if b.fits(f, fl.chord.a, fl.chord.b, pl, clearance) && b.fits(f, fr.chord.a, fr.chord.b, pr, clearance) {
			l, r, pathL, pathR = fl.chord, fr.chord, pl, pr
		}
	}
	if !b.fits(f, l.a, l.b, pathL, clearance) || !b.fits(f, r.a, r.b, pathR, clearance) || !b.beside(f, l, r, pathL, pathR) {
		return 0, 0, false
	}
	ends := [4]end{l.a, l.b, r.a, r.b}
	b.placeAll(ends[:])
	way = b.divide(f, ends[0].h, ends[1].h, pathL)
	right = b.divide(way, ends[2].h, ends[3].h, pathR)
	b.faces[way].kind, b.faces[way].block = road, 0
	return way, right, true
}

// beside says whether the two sides of a road keep apart, and the right one is
// on the right: around the face come the beginnings of the left and the right,
// then the ends of the right and the left.
func (b *builder) beside(f int32, l, r chord, pathL, pathR []pt) bool {
	ends := [4]end{l.a, r.a, r.b, l.b}
	var rank [4]int64
	b.faces[f].edge = l.a.h
	n, around := int64(0), int64(b.faces[f].points)
	const wide = 1 << 40 // more than an edge is long
	for h := l.a.h; n < around; h = b.next[h] {
		for k, e := range ends {
			if e.h == h {
				rank[k] = n*wide + e.p.minus(b.start(h)).length()
			}
		}
		n++
	}
	for k := 1; k < 4; k++ {
		if rank[k] < rank[0] {
			rank[k] += around * wide
		}
		if rank[k] <= rank[k-1] {
			return false
		}
	}
	left := append(append(b.left[:0], l.a.p), append(pathL, l.b.p)...)
	right := append(append(b.right[:0], r.a.p), append(pathR, r.b.p)...)
	b.left, b.right = left, right
	for n := range len(left) - 1 {
		for k := range len(right) - 1 {
			if meets(left[n], left[n+1], right[k], right[k+1], 3*shortest/2) {
				return false
			}
		}
	}
	return true
}

// mouth is a side of a road that widens where it meets the roads at its ends:
// the chord reaches further out along the border, and the road proper runs
// between the corners a and b.
type mouth struct {
	chord  chord
	a, b   pt
	radius [2]int64 // of the corners; 0 where there is no room
}

// flared is a side of a road with rounded corners.
func (b *builder) flared(c chord, d pt, radius int64, right bool) mouth {
	m := mouth{chord: c, a: c.a.p, b: c.b.p}
	radius = min(radius, c.length()/5)
	m.chord.a, m.radius[0] = b.along(c.a, radius, right)
	m.chord.b, m.radius[1] = b.along(c.b, radius, !right)
	return m
}

// along is an end moved along its half-edge, as far as there is room.
func (b *builder) along(e end, by int64, forward bool) (end, int64) {
	if !e.within {
		return e, 0
	}
	room, way := e.p.minus(b.start(e.h)).length(), pt{}.minus(b.way(e.h))
	if forward {
		room, way = e.p.minus(b.end(e.h)).length(), b.way(e.h)
	}
	if by = min(by, room-2*shortest); by < 2*shortest {
		return e, 0
	}
	e.p = e.p.plus(way.to(by))
	return e, by
}

// bowed are the points between the ends of a road's side: a bow, with corners
// where m has them.
func (b *builder) bowed(c chord, d pt, bend int64, m *mouth) []pt {
	from, to := c.a.p, c.b.p
	var first, last int64
	if m != nil {
		from, to, first, last = m.a, m.b, m.radius[0], m.radius[1]
	}
	length := to.minus(from).length()
	at := func(t int64) pt { // t mm along the side
		t = min(max(t, 0), length)
		h := div(4*bend*div(t*1000, length)*(1000-div(t*1000, length)), 1_000_000)
		return between(from, to, t, length).plus(d.left().times(h, 10_000))
	}
	var path []pt
	corner := func(p, q, r pt) { // a quadratic curve from p by q to r
		for _, t := range [2]int64{1, 2} {
			path = append(path, between(between(p, q, t, 3), between(q, r, t, 3), t, 3))
		}
	}
	if first > 0 {
		corner(c.a.p, from, at(first))
		path = append(path, at(first))
	}
	const step = 24_000
	if n := (length - first - last) / step; bend > 800 || bend < -800 {
		for k := int64(1); k < n; k++ {
			path = append(path, at(first+(length-first-last)*k/n))
		}
	}
	if last > 0 {
		path = append(path, at(length-last))
		corner(at(length-last), to, c.b.p)
	}
	return path
}
