package geo

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Meets says whether a polygon and a box have a point in common, in whatever
// plane coordinates both have.
func Meets(p MultiPolygon, box orb.Bound) bool {
	if !p.Bound().Intersects(box) {
		return false
	}
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if segmentMeets(ring[i-1], ring[i], box) {
					return true
				}
			}
		}
	}
	return planar.MultiPolygonContains(p, box.Center()) // the box may lie wholly inside
}

// segmentMeets cuts the segment to the box (Y.-D. Liang and B. Barsky, 1984)
// and says whether anything is left.
func segmentMeets(a, b Point, box orb.Bound) bool {
	enter, leave := 0.0, 1.0
	for axis := range 2 {
		d := b[axis] - a[axis]
		for _, side := range [2][2]float64{{-d, a[axis] - box.Min[axis]}, {d, box.Max[axis] - a[axis]}} {
			along, room := side[0], side[1]
			switch {
			case along == 0 && room < 0:
				return false
			case along < 0:
				enter = max(enter, room/along)
			case along > 0:
				leave = min(leave, room/along)
			}
		}
	}
	return enter <= leave
}
