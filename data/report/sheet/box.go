package sheet

import (
	"iter"
	"math"

	"github.com/dikuai/dikuai/geo"
)

// bound is an upright rectangle by its least and greatest coordinates.
type bound struct{ min, max geo.Point }

// meets tells whether two bounds have a point in common.
func (b bound) meets(c bound) bool {
	return b.min[0] <= c.max[0] && c.min[0] <= b.max[0] && b.min[1] <= c.max[1] && c.min[1] <= b.max[1]
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
type raster[T any] map[[2]int][]placed[T]

// placed is a thing with the upright rectangle that encloses it.
type placed[T any] struct {
	bound
	thing T
}

const cellSize = 6 // mm

func (r raster[T]) add(b bound, t T) {
	for key := range cells(b) {
		r[key] = append(r[key], placed[T]{b, t})
	}
}

// near tells whether something whose rectangle meets a bound is as asked for; it
// may be asked of one thing several times.
func (r raster[T]) near(b bound, is func(T) bool) bool {
	for key := range cells(b) {
		for i := range r[key] {
			if r[key][i].meets(b) && is(r[key][i].thing) {
				return true
			}
		}
	}
	return false
}

// cells are the squares of the paper that a bound lies in.
func cells(b bound) iter.Seq[[2]int] {
	at := func(v float64) int { return int(math.Floor(v / cellSize)) }
	return func(yield func([2]int) bool) {
		for x := at(b.min[0]); x <= at(b.max[0]); x++ {
			for y := at(b.min[1]); y <= at(b.max[1]); y++ {
				if !yield([2]int{x, y}) {
					return
				}
			}
		}
	}
}
