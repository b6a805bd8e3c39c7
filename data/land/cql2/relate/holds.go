package relate

import "github.com/paulmach/orb"

// Op is a relation, named as in CQL2.
type Op string

// The relations.
const (
	Intersects Op = "s_intersects"
	Disjoint   Op = "s_disjoint"
	Equals     Op = "s_equals"
	Touches    Op = "s_touches"
	Within     Op = "s_within"
	Contains   Op = "s_contains"
	Overlaps   Op = "s_overlaps"
	Crosses    Op = "s_crosses"
)

// Turned is the relation of b to a that says what the relation of a to b says.
func (o Op) Turned() Op {
	switch o {
	case Within:
		return Contains
	case Contains:
		return Within
	}
	return o
}

// Holds says whether a relation holds of two shapes, as PostGIS defines it.
func Holds(o Op, a, b *Shape) bool {
	if a.empty() || b.empty() || !overlap(a.bound, b.bound) {
		return o == Disjoint
	}
	switch o {
	case Intersects:
		return intersects(a, b)
	case Disjoint:
		return !intersects(a, b)
	case Equals:
		if a.dim != b.dim || a.bound != b.bound {
			return false
		}
	case Within:
		if a.dim > b.dim || !covers(b.bound, a.bound) {
			return false
		}
	case Contains:
		if a.dim < b.dim || !covers(a.bound, b.bound) {
			return false
		}
	case Overlaps:
		if a.dim != b.dim {
			return false
		}
	case Crosses:
		if a.dim == b.dim && a.dim != 1 {
			return false
		}
	}
	return Of(a, b).holds(o, a.dim, b.dim)
}

func covers(a, b orb.Bound) bool {
	return a.Min[0] <= b.Min[0] && b.Max[0] <= a.Max[0] && a.Min[1] <= b.Min[1] && b.Max[1] <= a.Max[1]
}

// holds reads a relation of shapes of dimensions a and b from their matrix.
func (m Matrix) holds(o Op, a, b int) bool {
	has := func(i, j Location) bool { return m[i][j] >= 0 }
	inside := has(Interior, Interior)
	switch o {
	case Intersects:
		return inside || has(Interior, Boundary) || has(Boundary, Interior) || has(Boundary, Boundary)
	case Disjoint:
		return !m.holds(Intersects, a, b)
	case Equals:
		return m.holds(Within, a, b) && m.holds(Contains, a, b)
	case Touches:
		return (a > 0 || b > 0) && !inside && m.holds(Intersects, a, b)
	case Within:
		return inside && !has(Interior, Exterior) && !has(Boundary, Exterior)
	case Contains:
		return inside && !has(Exterior, Interior) && !has(Exterior, Boundary)
	case Overlaps:
		return a == b && has(Interior, Exterior) && has(Exterior, Interior) && (inside && a != 1 || m[Interior][Interior] == 1)
	case Crosses:
		switch {
		case a < b:
			return inside && has(Interior, Exterior)
		case a > b:
			return inside && has(Exterior, Interior)
		}
		return a == 1 && m[Interior][Interior] == 0
	}
	return false
}

// intersects looks for a common point of two segments and, when there is none,
// whether a path of one lies in the other.
func intersects(a, b *Shape) bool {
	if a.dim == 0 {
		return anyIn(a.points, b)
	}
	if b.dim == 0 {
		return anyIn(b.points, a)
	}
	if len(a.segments) > len(b.segments) {
		a, b = b, a
	}
	for _, s := range a.segments {
		box := s.box()
		if overlap(box, b.bound) && !b.search(box, func(i int) bool { return !meets(s, b.segments[i]) }) {
			return true
		}
	}
	return anyPathIn(a, b) || anyPathIn(b, a)
}

func anyIn(points []orb.Point, s *Shape) bool {
	for _, p := range points {
		if s.Locate(p) != Exterior {
			return true
		}
	}
	return false
}

func anyPathIn(a, b *Shape) bool {
	if b.dim < 2 {
		return false
	}
	for _, p := range a.paths {
		if b.Locate(p.points[0]) != Exterior {
			return true
		}
	}
	return false
}
