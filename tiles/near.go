package tiles

import (
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// onPlane is a boundary, EPSG:4490 lon/lat, in the plane, its outer rings
// anticlockwise and its holes clockwise.
func (g *ground) onPlane(p geo.MultiPolygon) geo.MultiPolygon {
	p = geo.MapPoints(p, g.there)
	for _, polygon := range p {
		for i, ring := range polygon {
			runRight(ring, geo.SignedArea(ring), i == 0)
		}
	}
	return p
}

// runRight turns a ring round that runs the wrong way, by its signed area.
func runRight(ring geo.Ring, area float64, outer bool) {
	if area != 0 && (area > 0) != outer {
		slices.Reverse(ring)
	}
}

// near is onPlane of a boundary that may have very many points, with as few of
// them as the land about the surveyed boundary needs: of points that follow one
// another beyond one side of it, the first and the last. What joins these lies
// beyond that side too, and so winds round the land within as they all did.
func (g *ground) near(p geo.MultiPolygon, d drawn) geo.MultiPolygon {
	if d.spans == nil {
		return g.onPlane(p)
	}
	window := wider(g.area.box, sizeOf(d.box.Union(g.area.box)))
	spans := d.spans
	few := make(geo.MultiPolygon, len(p))
	for i, polygon := range p {
		for j, ring := range polygon {
			area := geo.SignedArea(ring)
			if n := len(ring); n > 1 && ring[0] == ring[n-1] {
				ring = ring[:n-1]
			}
			n := (len(ring) + spanPoints - 1) / spanPoints
			kept := needed(ring, spans[:n], window)
			spans = spans[n:]
			for k, q := range kept {
				kept[k] = g.there(q)
			}
			runRight(kept, area, j == 0)
			few[i] = append(few[i], kept)
		}
	}
	return few
}

// needed leaves out of an open ring what lies beyond one side of a window, but for
// the first and the last of points that follow one another there.
func needed(ring geo.Ring, spans []plotset.Box, window plotset.Box) geo.Ring {
	var kept geo.Ring
	var run sides      // beyond which the points since the last one kept lie
	var last geo.Point // of them
	for i, span := range spans {
		points := ring[i*spanPoints : min((i+1)*spanPoints, len(ring))]
		beyond := beyond(span, window)
		if run&beyond != 0 {
			run, last = run&beyond, points[len(points)-1]
			continue
		}
		if run != 0 {
			kept = append(kept, last)
		}
		if run = beyond; run != 0 {
			kept, last = append(kept, points[0]), points[len(points)-1]
		} else {
			kept = append(kept, points...)
		}
	}
	if run != 0 {
		kept = append(kept, last)
	}
	return kept
}

// sides of a window, a bit each.
type sides uint8

// beyond tells the sides of a window beyond which all of a box lies.
func beyond(b, window plotset.Box) (s sides) {
	for i, is := range [4]bool{b.Max.X < window.Min.X, b.Min.X > window.Max.X, b.Max.Y < window.Min.Y, b.Min.Y > window.Max.Y} {
		if is {
			s |= 1 << i
		}
	}
	return s
}

// sizeOf is the diagonal of a box in world units.
func sizeOf(b plotset.Box) float64 {
	return math.Hypot(float64(b.Max.X)-float64(b.Min.X), float64(b.Max.Y)-float64(b.Min.Y))
}
