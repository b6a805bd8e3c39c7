package mosaic

import "math"

// swept bounds twice the area, in cells, that an arc's chords may be off by at any
// of their ends.
const swept = 2

// amiss is the part of its cells by which the chords may change a class's area.
const amiss = 0.002

// simplify is the memory of simplifying arcs.
type simplify struct {
	stops []stop
	arcs  []int32 // twice the area that each arc's chords give to its right-hand side
	off   []int64 // and all of them to each share
}

// stop is where a chord may begin or end: a turn of an arc, its end, or the middle
// of a stretch that a drawn straight line could have.
type stop struct {
	x, y  int32
	swept int64 // twice the area between the arc so far and the origin
}

// simplifyArcs gives every arc its chords.
func (o *outline) simplifyArcs(g *Grid) {
	s := &o.simplify
	s.off = append(s.off[:0], make([]int64, len(g.shares))...)
	o.chord, o.chords, s.arcs = o.chord[:0], o.chords[:0], s.arcs[:0]
	for i := range len(o.start) - 1 {
		o.chord = append(o.chord, int32(len(o.chords)))
		points := o.points[o.start[i]:o.start[i+1]]
		var off int64
		if len(points) < 4 {
			o.chords = append(o.chords, points...)
		} else {
			off = o.simplifyArc(points)
			s.off[o.sides[2*i]] += off
			s.off[o.sides[2*i+1]] -= off
		}
		s.arcs = append(s.arcs, int32(off))
	}
	o.chord = append(o.chord, int32(len(o.chords)))
	for o.restore(g) { // what helps one class may hurt its neighbour
	}
}

// restore gives arcs of classes whose area is off their turns back and says whether
// there were any.
func (o *outline) restore(g *Grid) bool {
	s := &o.simplify
	// wrong says whether a class has too much or too little, of which by is a part.
	wrong := func(place uint16, by int64) bool {
		off := s.off[place]
		return place > 0 && off > 0 == (by > 0) &&
			math.Abs(float64(off)) > 2*max(1, amiss*float64(g.shares[place].Cells))
	}
	any := false
	for place, off := range s.off {
		any = any || wrong(uint16(place), off)
	}
	if !any {
		return false
	}
	var chords []point
	for i, by := range s.arcs {
		right, left, by := o.sides[2*i], o.sides[2*i+1], int64(by)
		from, to := o.chord[i], o.chord[i+1]
		o.chord[i] = int32(len(chords))
		if by == 0 || !wrong(right, by) && !wrong(left, -by) {
			chords = append(chords, o.chords[from:to]...)
			continue
		}
		s.off[right] -= by
		s.off[left] += by
		s.arcs[i] = 0
		chords = append(chords, o.points[o.start[i]:o.start[i+1]]...)
	}
	o.chord[len(s.arcs)] = int32(len(chords))
	o.chords = chords
	return true
}

// simplifyArc appends an arc's chords and returns twice the area that they give to
// its right-hand side from the left.
func (o *outline) simplifyArc(points []point) int64 {
	stops := o.stopsOf(points)
	o.chords = append(o.chords, points[0])
	var off int64
	for i := 0; i < len(stops)-1; {
		best, by := reach(stops, i, off)
		off += by
		i = best
		o.chords = append(o.chords, point{int16(stops[i].x), int16(stops[i].y)})
	}
	return off
}

// stopsOf lists an arc's stops.
func (o *outline) stopsOf(points []point) []stop {
	s := o.simplify.stops[:0]
	last := stop{x: int32(points[0].x), y: int32(points[0].y)}
	s = append(s, last)
	add := func(x, y int32) {
		last = stop{x, y, last.swept + int64(last.x)*int64(y) - int64(x)*int64(last.y)}
		s = append(s, last)
	}
	for i := 1; i < len(points); i++ {
		p, q := points[i-1], points[i]
		if i > 1 && i+1 < len(points) {
			b, n := points[i-2], points[i+1]
			// A stretch whose neighbours run the same way.
			if dx := int32(q.x - p.x); dx > 1 || dx < -1 {
				if (p.y > b.y) == (n.y > q.y) {
					add(int32(p.x)+dx/2, int32(p.y))
				}
			} else if dy := int32(q.y - p.y); dy > 1 || dy < -1 {
				if (p.x > b.x) == (n.x > q.x) {
					add(int32(p.x), int32(p.y)+dy/2)
				}
			}
		}
		add(int32(q.x), int32(q.y))
	}
	o.simplify.stops = s
	return s
}

// reach finds the last stop that one chord may lead to from stop i, and twice the
// area which that gives to the right. Seen from i, with the arc's two directions as
// axes, a chord to (x, y) with y ≤ x is close enough to all stops (a, b) before it
// when (b-1)/a < y/x < (b+1)/a, and likewise with the axes changed when x ≤ y.
func reach(stops []stop, i int, off int64) (best int, by int64) {
	from := stops[i]
	best = i + 1
	var sx, sy int32 // the arc's directions
	// Bounds of y/x and of x/y, as fractions.
	flat, steep := cone{-1, 1, 1, 0}, cone{-1, 1, 1, 0}
	for j := i + 1; j < len(stops); j++ {
		p := stops[j]
		dx, dy := p.x-stops[j-1].x, p.y-stops[j-1].y
		if dx != 0 {
			if sx == 0 {
				sx = sign(dx)
			} else if sx != sign(dx) {
				break
			}
		} else if sy == 0 {
			sy = sign(dy)
		} else if sy != sign(dy) {
			break
		}
		x, y := int64(max(p.x-from.x, from.x-p.x)), int64(max(p.y-from.y, from.y-p.y))
		if y <= x && flat.holds(y, x) || x <= y && steep.holds(x, y) {
			swept2 := p.swept - from.swept - (int64(from.x)*int64(p.y) - int64(p.x)*int64(from.y))
			// The arc encloses swept2 more to its right than the chord does.
			if n := off - swept2; n <= swept && n >= -swept || j == i+1 {
				best, by = j, -swept2
			}
		}
		flat.narrow(y, x)
		steep.narrow(x, y)
		if flat.empty() && steep.empty() {
			break
		}
	}
	return best, by
}

// cone is a range of fractions, low/under to high/over, ends excluded.
type cone struct{ low, under, high, over int64 }

func (c *cone) holds(up, along int64) bool {
	return up*c.under > c.low*along && up*c.over < c.high*along
}

func (c *cone) narrow(up, along int64) {
	if along == 0 {
		if up >= 1 { // straight across: no slope comes near
			c.low, c.under, c.high, c.over = 1, 1, 0, 1
		}
		return
	}
	if (up-1)*c.under > c.low*along {
		c.low, c.under = up-1, along
	}
	if (up+1)*c.over < c.high*along {
		c.high, c.over = up+1, along
	}
}

func (c *cone) empty() bool { return c.low*c.over >= c.high*c.under && c.over != 0 }

func sign(v int32) int32 {
	if v < 0 {
		return -1
	}
	return 1
}
