package topology

import (
	"fmt"
	"math"

	"github.com/dikuai/dikuai/geo"
)

// InvalidError says why a polygon is not valid, and where.
type InvalidError struct {
	Reason string
	Place  geo.Point
}

func (e *InvalidError) Error() string {
	return fmt.Sprintf("%s near %.3f, %.3f", e.Reason, e.Place[0], e.Place[1])
}

// Valid checks a polygon as OGC Simple Features (ISO 19125-1, 6.1.11 and 6.1.14)
// asks: rings closed and simple, holes inside their outer ring and beside each
// other, the inside of a part connected, parts apart but for single points.
// Coordinates are plane metres and are put on the 0.001 m grid first; on the grid
// the answer is exact. Repeated points and ring direction are not faults here.
// The error is *InvalidError.
func Valid(p geo.MultiPolygon) error {
	if len(p) == 0 {
		return &InvalidError{Reason: "there is no polygon"}
	}
	for _, polygon := range p {
		if len(polygon) == 0 {
			return &InvalidError{Reason: "a part has no outer ring"}
		}
		for _, line := range polygon {
			for _, q := range line {
				if !finite(q) {
					return &InvalidError{"a coordinate is not a number of metres", q}
				}
			}
			if len(line) > 0 && line[0] != line[len(line)-1] {
				return &InvalidError{"a ring is not closed", line[len(line)-1]}
			}
		}
	}
	if err := validate(regionOf(p)); err != nil {
		return err
	}
	return nil
}

// validate checks a region on the grid.
func validate(r region) *InvalidError {
	v := validator{region: r}
	var boxes []box
	for i, part := range r {
		for j, g := range part {
			if len(g) < 3 {
				return invalid("a ring has fewer than three different points", g)
			}
			for k, p := range g {
				if u, w := g.at(k-1).minus(p), g.at(k+1).minus(p); turn(u, w) == 0 && !opposed(u, w) {
					return &InvalidError{"a ring runs back along itself", p.point()}
				}
			}
			n := int32(len(v.rings))
			v.rings = append(v.rings, placedRing{ring: g, part: i, hole: j > 0, solid: g.area2() > 0})
			for k := range g {
				v.sides = append(v.sides, ringSide{n, int32(k)})
				boxes = append(boxes, boxOf(g[k], g.at(k+1)))
			}
		}
	}
	if b := r.box(); b.x1-b.x0 >= math.MaxInt32 || b.y1-b.y0 >= math.MaxInt32 {
		return invalid("the polygon is wider than 2,000 km", r[0][0])
	}
	v.tree = newBoxTree(boxes)
	if err := v.meetings(); err != nil {
		return err
	}
	if len(v.rings) == 1 {
		return nil
	}
	if err := v.touches(); err != nil {
		return err
	}
	return v.nesting()
}

func invalid(reason string, g ring) *InvalidError {
	e := &InvalidError{Reason: reason}
	if len(g) > 0 {
		e.Place = g[0].point()
	}
	return e
}

type validator struct {
	region  region
	rings   []placedRing
	sides   []ringSide
	tree    *boxTree // of the sides
	touched []touching
	within  []map[int32]bool // for each ring, those it touches and whether it lies inside them
}

type placedRing struct {
	ring
	part  int
	hole  bool
	solid bool // anticlockwise: its inside is on the left
}

type ringSide struct{ ring, k int32 }

// touching is a point that two different rings share.
type touching struct {
	a, b ringSide
	at   pt
}

// meetings looks for sides that cross or share a length, and collects the points
// where different rings touch.
func (v *validator) meetings() (err *InvalidError) {
	v.tree.pairs(func(i, j int) bool {
		s, t := v.sides[i], v.sides[j]
		g, h := v.rings[s.ring], v.rings[t.ring]
		a, b := g.ring[s.k], g.at(int(s.k)+1)
		c, d := h.ring[t.k], h.at(int(t.k)+1)
		how, at := meet(a, b, c, d)
		same := s.ring == t.ring
		switch {
		case how == apart:
		case how == cross:
			_, place := crossing(a, b, c, d)
			err = &InvalidError{either(same, "a ring crosses itself", "two rings cross"), place}
		case how == overlap:
			err = &InvalidError{either(same, "a ring runs back along itself", "two rings share an edge"), at.point()}
		case !same:
			v.touched = append(v.touched, touching{s, t, at})
		case !neighbours(int(s.k), int(t.k), len(g.ring)):
			err = &InvalidError{"a ring touches itself", at.point()}
		}
		return err == nil
	})
	return err
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func neighbours(k, l, n int) bool {
	return (k+1)%n == l || (l+1)%n == k
}

// arms are the points before and after a point of an edge on its ring.
func (g ring) arms(k int, at pt) (before, after pt) {
	switch at {
	case g[k]:
		return g.at(k - 1), g.at(k + 1)
	case g.at(k + 1):
		return g[k], g.at(k + 2)
	}
	return g[k], g.at(k + 1)
}

// touches looks for rings that change sides where they touch, and for touching
// points that cut the inside of a part in two: those that close a cycle in the
// graph of rings and touching points.
func (v *validator) touches() *InvalidError {
	v.within = make([]map[int32]bool, len(v.rings))
	type incidence struct {
		ring int32
		at   pt
	}
	type partPoint struct {
		part int
		at   pt
	}
	nodes := make(map[partPoint]int)
	known := make(map[incidence]bool)
	linked := newGroups(len(v.rings) + len(v.touched))
	for _, t := range v.touched {
		g, h := v.rings[t.a.ring], v.rings[t.b.ring]
		beforeG, afterG := g.arms(int(t.a.k), t.at)
		beforeH, afterH := h.arms(int(t.b.k), t.at)
		side := sector(beforeG, t.at, afterG, beforeH.minus(t.at))
		if side != sector(beforeG, t.at, afterG, afterH.minus(t.at)) {
			return &InvalidError{"two rings cross", t.at.point()}
		}
		v.note(t.b.ring, t.a.ring, (side > 0) == g.solid)
		side = sector(beforeH, t.at, afterH, beforeG.minus(t.at))
		v.note(t.a.ring, t.b.ring, (side > 0) == h.solid)

		if g.part != h.part {
			continue
		}
		node, ok := nodes[partPoint{g.part, t.at}]
		if !ok {
			node = len(v.rings) + len(nodes)
			nodes[partPoint{g.part, t.at}] = node
		}
		for _, n := range []int32{t.a.ring, t.b.ring} {
			if known[incidence{n, t.at}] {
				continue
			}
			known[incidence{n, t.at}] = true
			if !linked.join(int(n), node) {
				return &InvalidError{"touching rings cut the inside in two", t.at.point()}
			}
		}
	}
	return nil
}

func (v *validator) note(ring, other int32, inside bool) {
	if v.within[ring] == nil {
		v.within[ring] = make(map[int32]bool)
	}
	v.within[ring][other] = inside
}

// nesting checks which rings lie inside which, by crossing parity along a ray to
// the east.
func (v *validator) nesting() *InvalidError {
	for n, g := range v.rings {
		around := make(map[int32]bool)
		p := g.ring[0]
		v.tree.search(box{p.x, p.y, math.MaxInt64, p.y}, func(i int) bool {
			s := v.sides[i]
			a, b := v.rings[s.ring].ring[s.k], v.rings[s.ring].at(int(s.k)+1)
			if (a.y > p.y) != (b.y > p.y) && (orient(a, b, p) > 0) == (b.y > a.y) {
				around[s.ring] = !around[s.ring]
			}
			return true
		})
		for m, in := range v.within[n] {
			around[m] = in
		}
		inOwn, inHole := false, make(map[int]bool)
		var inOther []int
		for m, in := range around {
			h := v.rings[m]
			switch {
			case !in || int(m) == n:
			case h.hole:
				inHole[h.part] = true
			case h.part == g.part:
				inOwn = true
			default:
				inOther = append(inOther, h.part)
			}
		}
		switch {
		case g.hole && !inOwn:
			return invalid("a hole lies outside its outer ring", g.ring)
		case g.hole && inHole[g.part]:
			return invalid("a hole lies inside another hole", g.ring)
		case g.hole:
			continue
		}
		for _, part := range inOther {
			if !inHole[part] {
				return invalid("two parts overlap", g.ring)
			}
		}
	}
	return nil
}
