package layout

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

func plus(a, b geo.Point) geo.Point               { return geo.Point{a[0] + b[0], a[1] + b[1]} }
func minus(a, b geo.Point) geo.Point              { return geo.Point{a[0] - b[0], a[1] - b[1]} }
func times(a geo.Point, f float64) geo.Point      { return geo.Point{a[0] * f, a[1] * f} }
func dot(a, b geo.Point) float64                  { return a[0]*b[0] + a[1]*b[1] }
func cross(a, b geo.Point) float64                { return a[0]*b[1] - a[1]*b[0] }
func distance(a, b geo.Point) float64             { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
func between(a, b geo.Point, f float64) geo.Point { return plus(a, times(minus(b, a), f)) }

// unit is the direction of a, and zero for a zero vector.
func unit(a geo.Point) geo.Point {
	if l := math.Hypot(a[0], a[1]); l > 0 {
		return times(a, 1/l)
	}
	return a
}

// leftOf is a turned by a right angle anticlockwise.
func leftOf(a geo.Point) geo.Point { return geo.Point{-a[1], a[0]} }

// turned is a turned anticlockwise by an angle in degrees.
func turned(a geo.Point, angle float64) geo.Point {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	return geo.Point{a[0]*cos - a[1]*sin, a[0]*sin + a[1]*cos}
}

// meet tells where the segments a–b and c–d cross, as fractions of each.
func meet(a, b, c, d geo.Point) (t, u float64, ok bool) {
	r, s := minus(b, a), minus(d, c)
	den := cross(r, s)
	if den == 0 {
		return 0, 0, false
	}
	t, u = cross(minus(c, a), s)/den, cross(minus(c, a), r)/den
	return t, u, t >= 0 && t <= 1 && u >= 0 && u < 1
}

// contains tells whether a point lies inside a ring, by counting crossings.
func contains(ring []geo.Point, p geo.Point) bool {
	inside := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			inside = !inside
		}
	}
	return inside
}

// centroid is the centre of a ring's area.
func centroid(ring []geo.Point) geo.Point {
	var sum geo.Point
	var twice float64
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		p, q := minus(a, ring[0]), minus(b, ring[0])
		c := cross(p, q)
		twice += c
		sum = plus(sum, times(plus(p, q), c))
	}
	return plus(ring[0], times(sum, 1/(3*twice)))
}
