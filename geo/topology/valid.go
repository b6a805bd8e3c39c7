package topology

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// InvalidError says why a polygon is not valid, and where.
type InvalidError struct {
	Reason geo.Words
	Place  geo.Point
}

func (e *InvalidError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *InvalidError) Words() geo.Words { return near(e.Reason, e.Place) }

// near says of something where it is.
func near(what geo.Words, at geo.Point) geo.Words {
	return geo.Say("%s（东 %.3f，北 %.3f 附近）", "%s near %.3f, %.3f", what, at[0], at[1])
}

// What a polygon is refused for.
var (
	noPolygon    = geo.Say("没有多边形", "there is no polygon")
	noOuterRing  = geo.Say("有一个部件没有外环", "a part has no outer ring")
	noNumber     = geo.Say("坐标不是以米为单位的数", "a coordinate is not a number of metres")
	openRing     = geo.Say("有一个环未闭合", "a ring is not closed")
	fewPoints    = geo.Say("有一个环不足三个不同的点", "a ring has fewer than three different points")
	ringRunsBack = geo.Say("有一个环沿自身折返", "a ring runs back along itself")
	tooWide      = geo.Say("多边形跨度超过 2000 千米", "the polygon is wider than 2,000 km")
	ringCrosses  = geo.Say("有一个环与自身相交", "a ring crosses itself")
	ringTouches  = geo.Say("有一个环与自身相接", "a ring touches itself")
	ringsCross   = geo.Say("两个环相交", "two rings cross")
	ringsShare   = geo.Say("两个环有公共边", "two rings share an edge")
	cutInTwo     = geo.Say("相接的环把内部切成两块", "touching rings cut the inside in two")
	holeOutside  = geo.Say("有一个内环在外环之外", "a hole lies outside its outer ring")
	holeInHole   = geo.Say("有一个内环在另一个内环之内", "a hole lies inside another hole")
	partsOverlap = geo.Say("两个部件重叠", "two parts overlap")
)

// Valid checks a polygon as OGC Simple Features (ISO 19125-1, 6.1.11 and 6.1.14)
// asks: rings closed and simple, holes inside their outer ring and beside each
// other, the inside of a part connected, parts apart but for single points.
// Coordinates are plane metres and are put on the 0.001 m grid first; on the grid
// the answer is exact. Repeated points and ring direction are not faults here.
// The error is *InvalidError.
func Valid(p geo.MultiPolygon) error {
	if len(p) == 0 {
		return &InvalidError{Reason: noPolygon}
	}
	for _, polygon := range p {
		if len(polygon) == 0 {
			return &InvalidError{Reason: noOuterRing}
		}
		for _, line := range polygon {
			for _, q := range line {
				if !finite(q) {
					return &InvalidError{noNumber, q}
				}
			}
			if len(line) > 0 && line[0] != line[len(line)-1] {
				return &InvalidError{openRing, line[len(line)-1]}
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
				return invalid(fewPoints, g)
			}
			for k, p := range g {
				if u, w := g.at(k-1).minus(p), g.at(k+1).minus(p); turn(u, w) == 0 && !opposed(u, w) {
					return &InvalidError{ringRunsBack, p.point()}
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
		return invalid(tooWide, r[0][0])
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

func invalid(reason geo.Words, g ring) *InvalidError {
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
			err = &InvalidError{either(same, ringCrosses, ringsCross), place}
		case how == overlap:
			err = &InvalidError{either(same, ringRunsBack, ringsShare), at.point()}
		case !same:
			v.touched = append(v.touched, touching{s, t, at})
		case !neighbours(int(s.k), int(t.k), len(g.ring)):
			err = &InvalidError{ringTouches, at.point()}
		}
		return err == nil
	})
	return err
}

func either(first bool, a, b geo.Words) geo.Words {
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
			return &InvalidError{ringsCross, t.at.point()}
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
				return &InvalidError{cutInTwo, t.at.point()}
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
			return invalid(holeOutside, g.ring)
		case g.hole && inHole[g.part]:
			return invalid(holeInHole, g.ring)
		case g.hole:
			continue
		}
		for _, part := range inOther {
			if !inHole[part] {
				return invalid(partsOverlap, g.ring)
			}
		}
	}
	return nil
}
