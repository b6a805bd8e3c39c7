// Package relate tells how two plane geometries lie to each other, as the
// dimensionally extended nine-intersection model does (E. Clementini and
// P. Di Felice, 1995) and with it PostGIS. Every decision is exact for the
// coordinates as they are given: no crossing is ever computed, for a proper one
// tells all by being there, and wherever else two geometries meet, one of them
// has a vertex.
//
// Longitude and latitude count as plane coordinates; [Near] alone measures on
// the ellipsoid.
package relate

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// orient is the side of the line a→b on which c lies: +1 left, 0 on it, -1 right.
// Exact.
func orient(a, b, c orb.Point) int {
	left := (a[0] - c[0]) * (b[1] - c[1])
	right := (a[1] - c[1]) * (b[0] - c[0])
	// J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997: (3 + 16ε)ε
	// with ε = 2⁻⁵³, and a little more for products that underflow.
	const filter, tiny = 3.3306690738754716e-16, 1e-300
	det := left - right
	if bound := filter*(math.Abs(left)+math.Abs(right)) + tiny; det > bound {
		return 1
	} else if -det > bound {
		return -1
	}
	return orientExact(a, b, c)
}

func orientExact(a, b, c orb.Point) int {
	if a == b || a == c || b == c {
		return 0
	}
	acx, ok1 := difference(a[0], c[0])
	bcy, ok2 := difference(b[1], c[1])
	acy, ok3 := difference(a[1], c[1])
	bcx, ok4 := difference(b[0], c[0])
	if ok1 && ok2 && ok3 && ok4 {
		p, r := acx*bcy, acy*bcx
		if normal(p) && normal(r) {
			if p != r {
				return sign(p - r) // rounding keeps the order
			}
			return sign(math.FMA(acx, bcy, -p) - math.FMA(acy, bcx, -r))
		}
	}
	return orientRational(a, b, c)
}

// difference is x - y and whether it is without error.
func difference(x, y float64) (float64, bool) {
	d := x - y
	back := x - d
	return d, back == y && d+y == x
}

// normal says whether the rounding error of a product p is itself a float64.
func normal(p float64) bool {
	p = math.Abs(p)
	return p == 0 || 1e-250 < p && p < 1e250
}

func orientRational(a, b, c orb.Point) int {
	minus := func(x, y float64) *big.Rat {
		r := new(big.Rat).SetFloat64(x)
		return r.Sub(r, new(big.Rat).SetFloat64(y))
	}
	left := minus(a[0], c[0])
	left.Mul(left, minus(b[1], c[1]))
	right := minus(a[1], c[1])
	right.Mul(right, minus(b[0], c[0]))
	return left.Cmp(right)
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// between says whether p, on the line through a and b, lies on the segment.
func between(a, b, p orb.Point) bool {
	return min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1])
}

// meets says whether two segments have a point in common.
func meets(s, t segment) bool {
	if !overlap(s.box(), t.box()) {
		return false
	}
	a, b := orient(t.a, t.b, s.a), orient(t.a, t.b, s.b)
	if a*b > 0 {
		return false
	}
	c, d := orient(s.a, s.b, t.a), orient(s.a, s.b, t.b)
	if c*d > 0 {
		return false
	}
	return a*b < 0 || c*d < 0 || // with the others not on one side
		a == 0 && between(t.a, t.b, s.a) || b == 0 && between(t.a, t.b, s.b) ||
		c == 0 && between(s.a, s.b, t.a) || d == 0 && between(s.a, s.b, t.b)
}
