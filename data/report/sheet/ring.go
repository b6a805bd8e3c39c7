package sheet

import (
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// ring is a ring of a plot as surveyors list it, in the sheet's plane: its points
// are numbered from first on, and the first is not repeated. The land is on the
// right hand of the way around it.
type ring struct {
	number int // 地块圈号
	first  int
	hole   bool
	points geo.Ring
}

// ringsOf lists a plot's rings.
func ringsOf(boundary geo.MultiPolygon, project func(geo.Point) geo.Point) []ring {
	plane := geo.SurveyOrder(boundary, project)
	points := land.BoundaryPoints(plane)
	var rings []ring
	for _, polygon := range plane {
		for i, r := range polygon {
			rings = append(rings, ring{number: points[0].Ring, first: points[0].Number, hole: i > 0, points: r[:len(r)-1]})
			points = points[len(r):]
		}
	}
	return rings
}
