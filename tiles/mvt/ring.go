package mvt

import (
	"cmp"
	"slices"
)

// maxWork bounds what one tile's rings may ask for, in edges looked at: about a
// fifth of a second. Land needs a thousandth of it.
const maxWork = 1 << 25

// rings looks at a polygon feature's rings (4.3.4.4) and calls fault for what is
// wrong with them.
type rings struct {
	simple bool
	work   int // edges looked at so far, of all the tile
	outer  bands
	all    bands
	edges  []edge
	byX    []int32
	signs  []int
}

func (r *rings) check(s *shape, fault func(*Fault)) {
	r.signs = r.signs[:0]
	sound := true
	for i := range s.paths() {
		rule, text, sign := ringRule(s.path(i))
		if rule != "" {
			fault(at(flaw(rule, 0, "%s", text), i, s.path(i)[0]))
			sound = false
		}
		r.signs = append(r.signs, sign)
	}
	if r.signs[0] < 0 {
		fault(at(flaw(RingFirst, 0, "an interior ring comes first"), 0, s.path(0)[0]))
	}
	for from := 0; from < len(r.signs); {
		to := from + 1
		for to < len(r.signs) && r.signs[to] <= 0 {
			to++
		}
		enclosed := r.signs[from] < 0 || r.holes(s, from, to, fault)
		if r.simple && sound && enclosed {
			r.anomalies(s, from, to, fault)
		}
		from = to
	}
}

func at(f *Fault, path int, p Point) *Fault {
	f.Path, f.Point = path, p
	return f
}

// ringRule looks at a ring by itself; sign is its area's.
func ringRule(ring []Point) (rule Rule, text string, sign int) {
	sign = areaSign(ring)
	if ring[0] == ring[len(ring)-1] {
		return RingClosed, "the first point stands again at the end", sign
	}
	second := -1
	for i, p := range ring {
		if p == ring[0] {
			continue
		}
		if second < 0 {
			second = i
		} else if p != ring[second] {
			if sign == 0 {
				return RingArea, "a ring without area", 0
			}
			return "", "", sign
		}
	}
	return RingPoints, "a ring of two places", sign
}

// holes asks that the rings from+1 to to are enclosed by the ring from: none of
// their points may lie outside it, nor, if all lie on it, the middles of their
// sides. It answers whether that is so.
func (r *rings) holes(s *shape, from, to int, fault func(*Fault)) bool {
	if to == from+1 {
		return true
	}
	enclosed := true
	r.edges = appendEdges(r.edges[:0], s.path(from), from)
	r.outer.build(r.edges)
	for h := from + 1; h < to; h++ {
		if r.signs[h] == 0 {
			continue
		}
		hole, within := s.path(h), false
		outside := func(x2, y2 int64, p Point) bool {
			where, looked := r.outer.locate(x2, y2)
			r.work += looked
			within = within || where > 0
			if where < 0 {
				fault(at(flaw(HoleOutside, 0, "an interior ring leaves ring %d", from), h, p))
			}
			return where < 0
		}
		out := false
		for _, p := range hole {
			if out = outside(2*int64(p.X), 2*int64(p.Y), p); out || r.work > maxWork {
				break
			}
		}
		for i := 0; i < len(hole) && !out && !within && r.work <= maxWork; i++ {
			p, q := hole[i], hole[(i+1)%len(hole)]
			out = outside(int64(p.X)+int64(q.X), int64(p.Y)+int64(q.Y), p)
		}
		if r.work > maxWork {
			fault(at(flaw(Complex, 0, "holes not all looked at"), h, hole[0]))
			return false
		}
		enclosed = enclosed && !out
	}
	return enclosed
}

// anomalies asks that each ring from from to to neither crosses nor touches
// itself, and that none crosses another; one fault of a kind a pair of rings.
func (r *rings) anomalies(s *shape, from, to int, fault func(*Fault)) {
	r.edges = r.edges[:0]
	for i := from; i < to; i++ {
		r.edges = appendEdges(r.edges, s.path(i), i)
	}
	r.all.build(r.edges)
	type kind struct {
		rule      Rule
		low, high int32
	}
	var told map[kind]bool
	for k := range int64(r.all.bands()) {
		r.byX = append(r.byX[:0], r.all.in(k)...)
		slices.SortFunc(r.byX, func(i, j int32) int { return cmp.Compare(r.edges[i].west(), r.edges[j].west()) })
		for n, i := range r.byX {
			e := &r.edges[i]
			for _, j := range r.byX[n+1:] {
				f := &r.edges[j]
				if f.west() > max(e.a.X, e.b.X) {
					break
				}
				if r.work++; r.work > maxWork {
					fault(at(flaw(Complex, 0, "sides not all compared"), from, s.path(from)[0]))
					return
				}
				rule := meet(e, f, int32(len(s.path(int(e.ring)))))
				pair := kind{rule, min(e.ring, f.ring), max(e.ring, f.ring)}
				if rule == "" || told[pair] {
					continue
				}
				if told == nil {
					told = map[kind]bool{}
				}
				told[pair] = true
				fault(at(flaw(rule, 0, "with the side from (%d,%d) of ring %d", e.a.X, e.a.Y, e.ring), int(f.ring), f.a))
			}
		}
	}
}

func (e *edge) west() int32 { return min(e.a.X, e.b.X) }

// meet names what is wrong between two sides; n is the number of points of e's ring.
func meet(e, f *edge, n int32) Rule {
	s, t := side(e.a, e.b, f.a), side(e.a, e.b, f.b)
	if s == t && s != 0 {
		return ""
	}
	u, v := side(f.a, f.b, e.a), side(f.a, f.b, e.b)
	if u == v && u != 0 {
		return ""
	}
	if e.ring != f.ring { // rings may touch
		if s*t < 0 && u*v < 0 {
			return RingsCross
		}
		return ""
	}
	if s == 0 && t == 0 { // on one line
		switch {
		case e.b == f.a && (e.index+1)%n == f.index:
			return spike(e.a, e.b, f.b)
		case f.b == e.a && (f.index+1)%n == e.index:
			return spike(f.a, f.b, e.b)
		case max(e.west(), f.west()) > min(max(e.a.X, e.b.X), max(f.a.X, f.b.X)),
			max(min(e.a.Y, e.b.Y), min(f.a.Y, f.b.Y)) > min(max(e.a.Y, e.b.Y), max(f.a.Y, f.b.Y)):
			return ""
		}
		return RingTouches
	}
	if s*t < 0 && u*v < 0 {
		return RingCrosses
	}
	if (e.index+1)%n == f.index || (f.index+1)%n == e.index {
		return ""
	}
	return RingTouches
}

// spike says whether a line that runs straight through b turns back there.
func spike(a, b, c Point) Rule {
	if (a.X > b.X) == (c.X > b.X) && (a.X < b.X) == (c.X < b.X) && (a.Y > b.Y) == (c.Y > b.Y) && (a.Y < b.Y) == (c.Y < b.Y) {
		return RingTouches
	}
	return ""
}
