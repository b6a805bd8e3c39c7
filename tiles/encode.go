package tiles

import (
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles/mosaic"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// What every tile has.
const (
	Extent  = 4096 // units along a side
	margin  = 64   // units drawn beyond the side, so that strokes meet
	MaxZoom = 22   // deepest tile served
)

// Valid says whether there is such a tile.
func Valid(t maptile.Tile) bool { return t.Z <= MaxZoom && t.Valid() }

// Selection says which plots are drawn; nil draws all. It may be called from
// several goroutines.
type Selection func(plotset.Ref) bool

// Encode draws a tile of the view as Mapbox Vector Tile 2.1, with layers plots,
// plot_labels, parks and controls; empty when nothing lies in it. The bytes
// depend on the view's register, the tile and the selection alone.
func Encode(v *View, t maptile.Tile, only Selection) []byte {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.begin(t)
	e.onePark = v.parksIn(e.window) <= 1
	if grid, ok := mosaicOf(v, t, only); ok {
		e.drawMosaic(grid)
	} else {
		e.drawPlots(v, only)
	}
	e.drawParks(v)
	e.drawControls(v)
	return e.finish()
}

// mosaicOf is the mosaic of a tile, or ok is false where its plots are drawn one
// by one.
func mosaicOf(v *View, t maptile.Tile, only Selection) (g *mosaic.Grid, ok bool) {
	if t.Z > mosaicZoom || t.Z == mosaicZoom && countTo(v.Plots, t, singlePlots, only) <= singlePlots {
		return nil, false
	}
	if only != nil {
		return rasterise(v.Plots, t, v.pyramid.sides[t.Z], only), true
	}
	return v.pyramid.grid(t), true
}

// encoders keep their memory from tile to tile.
var encoders = sync.Pool{New: func() any {
	return &encoder{
		plots:    newLayer("plots", plotKeys...),
		labels:   newLayer("plot_labels", plotKeys...),
		parks:    newLayer("parks", "code", "name_zh", "name_en", "demonstration", "area_mu"),
		controls: newLayer("controls", "layer", "kind", "name"),
	}
}}

// plotKeys are the properties that tiles carry of a plot, in the order of
// tagPlot.
var plotKeys = []string{"park", "plot_no", "land_use", "status", "area_mu", "far_max"}

// encoder draws one tile at a time.
type encoder struct {
	rings
	zoom                           uint8
	found                          []plotset.Ref
	warmed                         uint32
	onePark                        bool // no more than one park's plots are in the tile
	plots, labels, parks, controls *layer
}

func (e *encoder) begin(t maptile.Tile) {
	e.zoom, e.frame = uint8(t.Z), frameOf(uint32(t.Z), t.X, t.Y)
	for _, l := range []*layer{e.plots, e.labels, e.parks, e.controls} {
		l.reset()
	}
}

// finish gives the tile in memory of its own.
func (e *encoder) finish() []byte {
	layers := []*layer{e.plots, e.labels, e.parks, e.controls}
	size := 0
	for _, l := range layers {
		size += l.size()
	}
	tile := make([]byte, 0, size)
	for _, l := range layers {
		tile = l.appendTo(tile)
	}
	return tile
}

// bound is the window in EPSG:4490 lon/lat.
func (e *encoder) bound() orb.Bound {
	nw, se := e.window.Min.LonLat(), e.window.Max.LonLat()
	return orb.Bound{Min: orb.Point{nw[0], se[1]}, Max: orb.Point{se[0], nw[1]}}
}

func (e *encoder) drawPlots(v *View, only Selection) {
	e.found = e.found[:0]
	v.Plots.Search(e.window, func(r plotset.Ref) bool {
		if only == nil || only(r) {
			e.found = append(e.found, r)
		}
		return true
	})
	for from := 0; from < len(e.found); from += warmAhead {
		ahead := e.found[from:min(from+warmAhead, len(e.found))]
		e.warmed = plotset.Warm(ahead)
		for _, r := range ahead {
			e.drawPlot(r)
		}
	}
	clear(e.found) // it is not to keep earlier plots from being let go
}

// warmAhead is how many plots are read ahead of drawing them: few enough to stay in
// the nearest memory.
const warmAhead = 32

func (e *encoder) drawPlot(r plotset.Ref) {
	if geometry := e.polygon(r.Shape(), r.Box()); len(geometry) > 0 {
		e.tagPlot(e.plots, r)
		e.plots.add(uint64(r.ID()), polygonType, geometry)
	}
	if e.zoom < plotset.LabelZoom {
		return
	}
	if label := r.Label(); label.Zoom <= e.zoom {
		if geometry := e.point(label.At); len(geometry) > 0 {
			e.tagPlot(e.labels, r)
			e.labels.add(uint64(r.ID()), pointType, geometry)
		}
	}
}

// shortNumber is the length up to which a plot number may be a code, too.
const shortNumber = 8

// tagPlot gives a feature the properties of plotKeys. Within a park each number
// is there once.
func (e *encoder) tagPlot(l *layer, r plotset.Ref) {
	k := r.Kind()
	l.tag(0, l.commonText(k.Values.Park, string(k.Park)))
	if number := r.Number(); e.onePark && len(number) > shortNumber {
		l.tag(1, l.ownText(number))
	} else {
		l.tag(1, l.text(number))
	}
	l.tag(2, l.commonText(k.Values.Use, k.UseText))
	l.tag(3, l.commonText(k.Values.Status, string(k.Status)))
	l.tag(4, l.hundredths(r.CentiMu()))
	if k.FARMax.Set {
		l.tag(5, l.commonNumber(k.Values.FARMax, k.FARMax.Value))
	}
}

func (e *encoder) drawParks(v *View) {
	for i := range v.Parks {
		p := &v.Parks[i]
		if !p.box.Meets(e.window) {
			continue
		}
		if geometry := e.outline(&p.drawn); len(geometry) > 0 {
			l := e.parks
			l.tag(0, l.text(string(p.Code)))
			l.tag(1, l.text(p.NameZh))
			l.tag(2, l.text(p.NameEn))
			l.tag(3, l.truth(p.Demonstration))
			l.tag(4, l.number(p.mu))
			l.add(uint64(i+1), polygonType, geometry)
		}
	}
}
