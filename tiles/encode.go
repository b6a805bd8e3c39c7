package tiles

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/geo"
)

// What every tile has.
const (
	Extent   = 4096 // units along a side
	margin   = 64   // units drawn beyond the side, so that strokes meet
	MaxZoom  = 22   // deepest tile served
	labelMin = 13   // zoom from which plots are labelled
)

// Valid says whether there is such a tile.
func Valid(t maptile.Tile) bool { return t.Z <= MaxZoom && t.Valid() }

// Encode draws a tile of the view as Mapbox Vector Tile 2.1, with layers plots,
// plot_labels, parks and controls; nil when nothing lies in it. The bytes depend
// on the view and the tile alone.
func Encode(v *View, t maptile.Tile) []byte {
	e := encoder{tile: t, scale: math.Exp2(float64(t.Z)) * Extent}
	e.offset = orb.Point{float64(t.X) * Extent, float64(t.Y) * Extent}
	window := e.window()

	var found []*Plot
	v.Plots.Search(window, func(p *Plot) bool {
		found = append(found, p)
		return true
	})
	slices.SortFunc(found, func(a, b *Plot) int { return cmp.Compare(a.ID, b.ID) })

	plots, labels, parks := newLayer("plots"), newLayer("plot_labels"), newLayer("parks")
	for _, p := range found {
		if geometry := e.polygon(p.world); geometry != nil {
			tagPlot(plots, p)
			plots.add(uint64(p.ID), polygonType, geometry)
		}
		if geometry := e.point(p.label); geometry != nil && t.Z >= labelMin {
			tagPlot(labels, p)
			labels.add(uint64(p.ID), pointType, geometry)
		}
	}
	for i, p := range v.Parks {
		if !p.Bound.Intersects(window) {
			continue
		}
		if geometry := e.polygon(p.world); geometry != nil {
			parks.tag("code", string(p.Code))
			parks.tag("name_zh", p.NameZh)
			parks.tag("name_en", p.NameEn)
			parks.tag("demonstration", p.Demonstration)
			parks.tag("area_mu", geo.Round(float64(p.Area.Mu()), geo.MuDecimals))
			parks.add(uint64(i+1), polygonType, geometry)
		}
	}
	return e.controls(v, window).appendTo(parks.appendTo(labels.appendTo(plots.appendTo(nil))))
}

// tagPlot gives a feature the properties that DESIGN names for tiles.
func tagPlot(l *layer, p *Plot) {
	l.tag("park", string(p.Park))
	l.tag("plot_no", p.PlotNo)
	l.tag("land_use", p.UseText())
	l.tag("status", string(p.Status))
	l.tag("area_mu", geo.Round(float64(p.Area.Mu()), geo.MuDecimals))
	if p.FARMax != nil {
		l.tag("far_max", *p.FARMax)
	}
}

// encoder places geometry in one tile.
type encoder struct {
	tile     maptile.Tile
	scale    float64   // units along the side of the world
	offset   orb.Point // units from the world's corner to the tile's
	in, out  []orb.Point
	snapped  [][2]int32
	geometry []uint32
}

// window is the tile with its margin in EPSG:4490 lon/lat.
func (e *encoder) window() orb.Bound {
	nw := lonLat(orb.Point{(e.offset[0] - margin) / e.scale, (e.offset[1] - margin) / e.scale})
	se := lonLat(orb.Point{(e.offset[0] + Extent + margin) / e.scale, (e.offset[1] + Extent + margin) / e.scale})
	return orb.Bound{Min: orb.Point{nw[0], se[1]}, Max: orb.Point{se[0], nw[1]}}
}

// unit gives a world point in tile units from the tile's north-west corner.
func (e *encoder) unit(w orb.Point) orb.Point {
	return orb.Point{w[0]*e.scale - e.offset[0], w[1]*e.scale - e.offset[1]}
}

// point encodes a point of the tile itself, margin excluded; nil elsewhere.
func (e *encoder) point(w orb.Point) []uint32 {
	u := e.unit(w)
	x, y := math.Floor(u[0]), math.Floor(u[1])
	if x < 0 || y < 0 || x >= Extent || y >= Extent {
		return nil
	}
	return []uint32{command(moveTo, 1), zigzag(int32(x)), zigzag(int32(y))}
}

// polygon encodes what of a polygon lies in the tile and its margin (4.3.5.3);
// nil when nothing does that has an area on the tile's grid. The next call
// reuses the answer's memory.
func (e *encoder) polygon(p geo.MultiPolygon) []uint32 {
	e.geometry = e.geometry[:0]
	var at [2]int32
	for _, polygon := range p {
		for i, ring := range polygon {
			snapped := e.ring(ring)
			area := doubleArea(snapped)
			if area == 0 {
				if i == 0 {
					break // an outer ring that vanished takes its holes along
				}
				continue
			}
			// Outer rings have a positive area with y down, holes a negative one.
			if (area > 0) != (i == 0) {
				slices.Reverse(snapped)
			}
			at = e.path(snapped, at)
		}
	}
	if len(e.geometry) == 0 {
		return nil
	}
	return e.geometry
}

// ring clips a ring and puts it on the tile's grid without repeated points; it
// comes back open.
func (e *encoder) ring(ring orb.Ring) [][2]int32 {
	e.in = e.in[:0]
	for _, w := range ring[:len(ring)-1] {
		e.in = append(e.in, e.unit(w))
	}
	clipped := clipRing(e.in, e.out, Extent, margin)
	e.snapped = e.snapped[:0]
	for _, p := range clipped {
		q := [2]int32{int32(math.Round(p[0])), int32(math.Round(p[1]))}
		if n := len(e.snapped); n == 0 || e.snapped[n-1] != q {
			e.snapped = append(e.snapped, q)
		}
	}
	for len(e.snapped) > 1 && e.snapped[0] == e.snapped[len(e.snapped)-1] {
		e.snapped = e.snapped[:len(e.snapped)-1]
	}
	return e.snapped
}

// path writes a ring's commands from where the cursor is.
func (e *encoder) path(ring [][2]int32, at [2]int32) [2]int32 {
	e.geometry = append(e.geometry, command(moveTo, 1))
	for i, p := range ring {
		if i == 1 {
			e.geometry = append(e.geometry, command(lineTo, uint32(len(ring)-1)))
		}
		e.geometry = append(e.geometry, zigzag(p[0]-at[0]), zigzag(p[1]-at[1]))
		at = p
	}
	e.geometry = append(e.geometry, command(closePath, 1))
	return at
}

// doubleArea is twice the shoelace area of an open ring with y down: positive
// when it runs clockwise on the screen.
func doubleArea(ring [][2]int32) int64 {
	var sum int64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p[0])*int64(q[1]) - int64(q[0])*int64(p[1])
	}
	return sum
}
