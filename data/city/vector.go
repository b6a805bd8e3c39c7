package city

import "math"

// pt is a point, or the way from one to another, in whole millimetres: east and
// north of the city's middle. A district is a few kilometres wide, so that
// products of two ways in it fit an int64 with room to spare.
type pt struct{ x, y int64 }

func (p pt) plus(q pt) pt  { return pt{p.x + q.x, p.y + q.y} }
func (p pt) minus(q pt) pt { return pt{p.x - q.x, p.y - q.y} }

// times is p × num/den.
func (p pt) times(num, den int64) pt { return pt{div(p.x*num, den), div(p.y*num, den)} }

// left is p turned by a quarter anticlockwise.
func (p pt) left() pt { return pt{-p.y, p.x} }

// length is rounded down.
func (p pt) length() int64 { return root(dot(p, p)) }

// root is the square root, rounded down; it is the same on every machine.
func root(n int64) int64 { return int64(math.Sqrt(float64(n))) }

// to is p with another length.
func (p pt) to(length int64) pt {
	n := p.length()
	if n == 0 {
		return pt{}
	}
	return p.times(length, n)
}

func cross(p, q pt) int64 { return p.x*q.y - p.y*q.x }
func dot(p, q pt) int64   { return p.x*q.x + p.y*q.y }

// between is the point num/den of the way from p to q.
func between(p, q pt, num, den int64) pt { return p.plus(q.minus(p).times(num, den)) }

// div divides and rounds to the nearest.
func div(a, b int64) int64 {
	if b < 0 {
		a, b = -a, -b
	}
	if a < 0 {
		return -((-a + b/2) / b)
	}
	return (a + b/2) / b
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// turned is d turned by slope/1000, anticlockwise for a positive one.
func turned(d pt, slope int64) pt { return d.plus(d.left().times(slope, 1000)) }

// nearEdge says whether p lies within reach of the edge from a to b.
func nearEdge(p, a, b pt, reach int64) bool {
	ab, ap := b.minus(a), p.minus(a)
	along, length := dot(ab, ap), dot(ab, ab)
	switch {
	case along <= 0:
		return dot(ap, ap) < reach*reach
	case along >= length:
		bp := p.minus(b)
		return dot(bp, bp) < reach*reach
	}
	off := cross(ab, ap)
	if off < 0 {
		off = -off
	}
	return float64(off) < float64(reach)*math.Sqrt(float64(length))
}

// meets says whether the edges from a to b and from c to d come within reach of
// each other.
func meets(a, b, c, d pt, reach int64) bool {
	if max(a.x, b.x)+reach < min(c.x, d.x) || max(c.x, d.x)+reach < min(a.x, b.x) ||
		max(a.y, b.y)+reach < min(c.y, d.y) || max(c.y, d.y)+reach < min(a.y, b.y) {
		return false
	}
	ab, cd := b.minus(a), d.minus(c)
	s, t := cross(ab, c.minus(a)), cross(ab, d.minus(a))
	u, v := cross(cd, a.minus(c)), cross(cd, b.minus(c))
	if (s > 0) != (t > 0) && (u > 0) != (v > 0) {
		return true
	}
	return nearEdge(a, c, d, reach) || nearEdge(b, c, d, reach) || nearEdge(c, a, b, reach) || nearEdge(d, a, b, reach)
}
