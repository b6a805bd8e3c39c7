package plotset

import (
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// Shape is a multipolygon of the world. Its rings are open: the last point is
// not the first again.
type Shape struct {
	Ends   []uint32 // of each ring, where it ends in Points; outerRing marks the first of a polygon
	Points [][2]uint32
}

// outerRing marks the end of a ring that begins a polygon.
const outerRing = 1 << 31

// Ring is the i-th ring, and whether it begins a polygon; the
// rings up to the next such one are its holes.
func (s Shape) Ring(i int) (points [][2]uint32, outer bool) {
	var start uint32
	if i > 0 {
		start = s.Ends[i-1] &^ outerRing
	}
	end := s.Ends[i]
	return s.Points[start : end&^outerRing], end&outerRing != 0
}

// ShapeOf puts a boundary, EPSG:4490 lon/lat, into the world.
func ShapeOf(p geo.MultiPolygon) (Shape, Box) {
	var s Shape
	box := nowhere
	for _, polygon := range p {
		for i, ring := range polygon {
			for _, q := range open(ring) {
				w := World(q)
				s.Points = append(s.Points, [2]uint32{w.X, w.Y})
				box = box.Union(Box{w, w})
			}
			s.Ends = append(s.Ends, RingEnd(len(s.Points), i == 0))
		}
	}
	return s, box
}

// RingEnd is what Ends says of a ring that ends after so many points.
func RingEnd(points int, outer bool) uint32 {
	if outer {
		return uint32(points) | outerRing
	}
	return uint32(points)
}

// open leaves the closing point of a ring away.
func open(r orb.Ring) orb.Ring {
	if n := len(r); n > 1 && r[0] == r[n-1] {
		return r[:n-1]
	}
	return r
}
