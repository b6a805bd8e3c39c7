package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// MultiPolygon, Polygon, Ring and Point are orb's: x before y, so longitude
// before latitude in EPSG:4490 and east before north in a plane system.
type (
	MultiPolygon = orb.MultiPolygon
	Polygon      = orb.Polygon
	Ring         = orb.Ring
	Point        = orb.Point
)

// PlaneArea is the shoelace area of a polygon in plane coordinates (metres, east
// before north), holes subtracted. Each ring is shifted to its first vertex
// before multiplying, because 38-million eastings lose digits otherwise.
func PlaneArea(p MultiPolygon) SquareMetres {
	var total float64
	for _, polygon := range p {
		for i, ring := range polygon {
			a := math.Abs(SignedArea(ring))
			if i > 0 {
				a = -a
			}
			total += a
		}
	}
	return SquareMetres(total)
}

// SignedArea is the shoelace area of a ring, positive when it runs
// anticlockwise with x to the right and y up. The closing vertex may be absent.
func SignedArea(ring Ring) float64 {
	if len(ring) < 3 {
		return 0
	}
	o := ring[0]
	var sum float64
	for i := range ring {
		p, q := ring[i], ring[(i+1)%len(ring)]
		sum += (p[0]-o[0])*(q[1]-o[1]) - (q[0]-o[0])*(p[1]-o[1])
	}
	return sum / 2
}

// PlanePerimeter is the length in metres of all rings, holes included.
func PlanePerimeter(p MultiPolygon) float64 {
	var total float64
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := range ring {
				q := ring[(i+1)%len(ring)]
				total += math.Hypot(q[0]-ring[i][0], q[1]-ring[i][1])
			}
		}
	}
	return total
}
