package sheet

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// bound is an upright rectangle by its least and greatest coordinates.
type bound struct{ min, max geo.Point }

func (b bound) meets(c bound) bool {
	return b.min[0] < c.max[0] && c.min[0] < b.max[0] && b.min[1] < c.max[1] && c.min[1] < b.max[1]
}

func (b bound) holds(p geo.Point) bool {
	return p[0] >= b.min[0] && p[0] <= b.max[0] && p[1] >= b.min[1] && p[1] <= b.max[1]
}

func boundOf(points ...geo.Point) bound {
	b := bound{points[0], points[0]}
	for _, p := range points[1:] {
		b.min = geo.Point{min(b.min[0], p[0]), min(b.min[1], p[1])}
		b.max = geo.Point{max(b.max[0], p[0]), max(b.max[1], p[1])}
	}
	return b
}

// box is what a label takes of the paper: a rectangle about its centre, turned
// by degrees anticlockwise.
type box struct {
	centre geo.Point
	w, h   float64
	angle  float64
}

// axes are the directions along and across the label on the paper, whose y runs
// down.
func (b box) axes() (along, across geo.Point) {
	sin, cos := math.Sincos(b.angle * math.Pi / 180)
	return geo.Point{cos, -sin}, geo.Point{sin, cos}
}

func (b box) corners() [4]geo.Point {
	u, v := b.axes()
	at := func(x, y float64) geo.Point {
		return geo.Point{b.centre[0] + u[0]*x + v[0]*y, b.centre[1] + u[1]*x + v[1]*y}
	}
	x, y := b.w/2, b.h/2
	return [4]geo.Point{at(-x, -y), at(x, -y), at(x, y), at(-x, y)}
}

func (b box) bound() bound {
	c := b.corners()
	return boundOf(c[:]...)
}

// grown is the box larger by so much on every side.
func (b box) grown(by float64) box {
	b.w, b.h = b.w+2*by, b.h+2*by
	return b
}

// meets tells whether two boxes have more in common than an edge: no axis of
// either parts them (separating axis theorem).
func (b box) meets(c box) bool {
	if !b.bound().meets(c.bound()) {
		return false
	}
	p, q := b.corners(), c.corners()
	bu, bv := b.axes()
	cu, cv := c.axes()
	for _, axis := range [...]geo.Point{bu, bv, cu, cv} {
		if parted(p[:], q[:], axis) {
			return false
		}
	}
	return true
}

// crossed tells whether a stretch from p to q meets the box.
func (b box) crossed(p, q geo.Point) bool {
	corners := b.corners()
	u, v := b.axes()
	normal := geo.Point{p[1] - q[1], q[0] - p[0]}
	for _, axis := range [...]geo.Point{u, v, normal} {
		if parted(corners[:], []geo.Point{p, q}, axis) {
			return false
		}
	}
	return true
}

// parted tells whether two sets of points lie apart along an axis.
func parted(p, q []geo.Point, axis geo.Point) bool {
	const touching = 1e-9 // what binary fractions of a millimetre lose
	pLow, pHigh := spread(p, axis)
	qLow, qHigh := spread(q, axis)
	return pHigh <= qLow+touching || qHigh <= pLow+touching
}

func spread(points []geo.Point, axis geo.Point) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range points {
		d := p[0]*axis[0] + p[1]*axis[1]
		low, high = min(low, d), max(high, d)
	}
	return low, high
}

// nearest is the place of the box's border or inside that is nearest to p.
func (b box) nearest(p geo.Point) geo.Point {
	u, v := b.axes()
	dx, dy := p[0]-b.centre[0], p[1]-b.centre[1]
	x := min(max(dx*u[0]+dy*u[1], -b.w/2), b.w/2)
	y := min(max(dx*v[0]+dy*v[1], -b.h/2), b.h/2)
	return geo.Point{b.centre[0] + u[0]*x + v[0]*y, b.centre[1] + u[1]*x + v[1]*y}
}

// raster finds what lies near a place of the paper.
type raster[T any] map[[2]int][]T

const cellSize = 6 // mm

func (c raster[T]) add(b bound, t T) {
	c.each(b, func(key [2]int) { c[key] = append(c[key], t) })
}

// near gives what may meet a bound, some of it several times, until one is found
// at which it shall stop.
func (c raster[T]) near(b bound, stop func(T) bool) bool {
	found := false
	c.each(b, func(key [2]int) {
		for _, t := range c[key] {
			found = found || stop(t)
		}
	})
	return found
}

func (c raster[T]) each(b bound, f func(key [2]int)) {
	for x := int(math.Floor(b.min[0] / cellSize)); x <= int(math.Floor(b.max[0]/cellSize)); x++ {
		for y := int(math.Floor(b.min[1] / cellSize)); y <= int(math.Floor(b.max[1]/cellSize)); y++ {
			f([2]int{x, y})
		}
	}
}
