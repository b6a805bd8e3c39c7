package geo

import (
	"math"
	"slices"
)

// SurveyOrder puts a boundary's points in the order in which surveyors list them
// (界址点): projected by a transform and put on the 0.001 m grid, each ring from its
// north-western point on, outer rings clockwise and holes anticlockwise.
func SurveyOrder(p MultiPolygon, transform func(Point) Point) MultiPolygon {
	plane := make(MultiPolygon, len(p))
	for i, polygon := range p {
		for j, ring := range polygon {
			plane[i] = append(plane[i], surveyRing(ring, j > 0, transform))
		}
	}
	return plane
}

func surveyRing(ring Ring, hole bool, transform func(Point) Point) Ring {
	out := make(Ring, 0, len(ring))
	for _, q := range ring[:len(ring)-1] {
		out = append(out, SnapToGrid(transform(q)))
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
	out = slices.Concat(out[start:], out[:start])
	return append(out, out[0])
}
