package geo

import (
	"math"
	"slices"
)

// SurveyRing is a ring of a plot as surveyors list its boundary points (界址点):
// they are numbered from First on, J1, J2 …, and the first is not repeated.
type SurveyRing struct {
	Number int  // of the ring in its plot (地块圈号), from 1
	First  int  // number of its first point
	Hole   bool //
	Points Ring // on the 0.001 m grid of the plane, east before north
}

// SurveyRings lists a polygon's rings, projected to a plane, as surveyors do:
// each begins at its north-western point, outer rings run clockwise and holes
// anticlockwise, and point numbers run on from ring to ring. On the grid the
// coordinates are a surveyor's own numbers again.
func SurveyRings(p MultiPolygon, project func(Point) Point) []SurveyRing {
	var rings []SurveyRing
	next := 1
	for _, polygon := range p {
		for i, ring := range polygon {
			r := SurveyRing{Number: len(rings) + 1, First: next, Hole: i > 0, Points: surveyOrder(ring, i > 0, project)}
			next += len(r.Points)
			rings = append(rings, r)
		}
	}
	return rings
}

// surveyOrder projects a closed ring and turns it to begin at its north-western
// point, clockwise, or anticlockwise for a hole; the closing point is left out.
func surveyOrder(ring Ring, hole bool, project func(Point) Point) Ring {
	out := make(Ring, 0, len(ring))
	for _, q := range ring[:len(ring)-1] {
		out = append(out, SnapToGrid(project(q)))
	}
	if (SignedArea(out) > 0) != hole {
		slices.Reverse(out)
	}
	corner := Point{out.Bound().Min[0], out.Bound().Max[1]}
	start := 0
	for i, q := range out {
		if math.Hypot(q[0]-corner[0], q[1]-corner[1]) < math.Hypot(out[start][0]-corner[0], out[start][1]-corner[1]) {
			start = i
		}
	}
	return slices.Concat(out[start:], out[:start])
}
