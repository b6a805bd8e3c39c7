package dxf

import (
	"slices"

	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/geo"
)

// labelPoint is a point well inside a polygon. A road network is so narrow for
// its extent that geo.LabelPoint, which is exact to a hundredth of that, may
// miss it; the middle of the widest stretch on some level is then taken.
func labelPoint(p geo.Polygon) geo.Point {
	if at, _ := geo.LabelPoint(geo.MultiPolygon{p}); planar.PolygonContains(p, at) {
		return at
	}
	const levels = 64
	b := p.Bound()
	var best geo.Point
	widest := 0.0
	for i := range levels {
		y := b.Min[1] + (b.Max[1]-b.Min[1])*(float64(i)+0.5)/levels
		crossings := crossings(p, y)
		for j := 0; j+1 < len(crossings); j += 2 {
			if width := crossings[j+1] - crossings[j]; width > widest {
				best, widest = geo.Point{(crossings[j] + crossings[j+1]) / 2, y}, width
			}
		}
	}
	return best
}

// crossings are the eastings at which a polygon's edges cross a northing, in
// order: between the first and second lies the polygon, and so on.
func crossings(p geo.Polygon, y float64) []float64 {
	var all []float64
	for _, ring := range p {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			if (a[1] > y) != (b[1] > y) {
				all = append(all, a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]))
			}
		}
	}
	slices.Sort(all)
	return all
}
