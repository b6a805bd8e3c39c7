package land

import (
	"strconv"

	"github.com/dikuai/dikuai/geo"
)

// BoundaryPoint is a point of a plot's boundary as lists of points give it (界址点).
type BoundaryPoint struct {
	Ring   int // 地块圈号, from 1
	Number int // within the plot, from 1
	At     geo.Point
}

// Name is the point's number as documents write it (界址点号), such as J1.
func (p BoundaryPoint) Name() string { return "J" + strconv.Itoa(p.Number) }

// BoundaryPoints numbers a boundary's points, ring by ring on. Each ring ends with
// its first point again.
func BoundaryPoints(p geo.MultiPolygon) []BoundaryPoint {
	var points []BoundaryPoint
	ringNo, number := 0, 0
	for _, polygon := range p {
		for _, ring := range polygon {
			ringNo++
			first := number + 1
			for i, at := range ring {
				if i == len(ring)-1 {
					points = append(points, BoundaryPoint{ringNo, first, at})
					continue
				}
				number++
				points = append(points, BoundaryPoint{ringNo, number, at})
			}
		}
	}
	return points
}
