// Package tiles serves the register as vector tiles from memory: a view that
// follows the register's changes, an encoder, and the documents by which maps
// find them.
package tiles

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/index"
)

// Plot is a plot with what drawing it needs. It is never changed.
type Plot struct {
	land.Plot
	Bound orb.Bound        // of the boundary, EPSG:4490 lon/lat
	world geo.MultiPolygon // the boundary in the unit square of Web Mercator, y down
	label orb.Point        // in the same
}

// Park is a park with what drawing it needs.
type Park struct {
	land.Park
	Bound orb.Bound
	world geo.MultiPolygon
}

// View is the register as it held after one change. It is immutable, so all
// that is read from one view fits together.
type View struct {
	Seq       land.Seq
	Day       land.Date // on which it holds
	Parks     []Park
	Plots     *index.Snapshot[*Plot]
	Controls  *index.Snapshot[*Control] // of published layers that are valid on Day
	published []*Control                // whatever their days
}

var plotIndex = index.Index[*Plot]{
	ID:    func(p *Plot) int64 { return int64(p.ID) },
	Bound: func(p *Plot) orb.Bound { return p.Bound },
}

// NewView makes a view of a whole register.
func NewView(r land.Register) *View {
	controls := drawnControls(r.Controls)
	return &View{r.Seq, r.At, drawnParks(r.Parks), plotIndex.Build(drawnPlots(r.Plots)), validControls(controls, r.At), controls}
}

// With is the view after a change.
func (v *View) With(d land.Delta) *View {
	removed := make([]int64, len(d.Retired))
	for i, id := range d.Retired {
		removed[i] = int64(id)
	}
	next := &View{d.Seq, d.At, drawnParks(d.Parks), v.Plots.With(drawnPlots(d.Plots), removed), v.Controls, v.published}
	if d.ControlsChanged {
		next.published = drawnControls(d.Controls)
	}
	if d.ControlsChanged || d.At != v.Day {
		next.Controls = validControls(next.published, d.At)
	}
	return next
}

// Park finds a park by its code.
func (v *View) Park(code land.ParkCode) (Park, bool) {
	for _, p := range v.Parks {
		if p.Code == code {
			return p, true
		}
	}
	return Park{}, false
}

// ParkPlots lists a park's plots in number order.
func (v *View) ParkPlots(code land.ParkCode) []*Plot {
	page, _ := v.Find(land.Query{Parks: []land.ParkCode{code}, Limit: v.Plots.Len()})
	return page
}

// Bound encloses all that is drawn, EPSG:4490 lon/lat.
func (v *View) Bound() orb.Bound {
	b := v.parksBound()
	v.Controls.Ascend(0, func(c *Control) bool {
		b = b.Union(c.Bound)
		return true
	})
	return b
}

// parksBound encloses all parks, EPSG:4490 lon/lat; China where there is none yet.
func (v *View) parksBound() orb.Bound {
	if len(v.Parks) == 0 {
		return orb.Bound{Min: orb.Point{73, 3}, Max: orb.Point{136, 54}}
	}
	b := v.Parks[0].Bound
	for _, p := range v.Parks[1:] {
		b = b.Union(p.Bound)
	}
	return b
}

func drawnPlots(plots []land.Plot) []*Plot {
	drawn := make([]*Plot, len(plots))
	for i, p := range plots {
		world := toWorld(p.Boundary)
		drawn[i] = &Plot{p, p.Boundary.Bound(), world, geo.LabelPoint(world)}
	}
	return drawn
}

func drawnParks(parks []land.Park) []Park {
	drawn := make([]Park, len(parks))
	for i, p := range parks {
		drawn[i] = Park{p, p.Boundary.Bound(), toWorld(p.Boundary)}
	}
	return drawn
}

// toWorld projects lon/lat to the unit square of Web Mercator, where (0, 0) is
// its north-west corner and y grows southwards, as tiles are numbered.
func toWorld(p geo.MultiPolygon) geo.MultiPolygon { return geo.MapPoints(p, worldPoint) }

func worldPoint(p orb.Point) orb.Point {
	lat := p[1] * math.Pi / 180
	return orb.Point{p[0]/360 + 0.5, 0.5 - math.Asinh(math.Tan(lat))/(2*math.Pi)}
}

// lonLat is the inverse of worldPoint.
func lonLat(w orb.Point) orb.Point {
	return orb.Point{(w[0] - 0.5) * 360, math.Atan(math.Sinh((0.5-w[1])*2*math.Pi)) * 180 / math.Pi}
}
