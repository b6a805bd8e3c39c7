// Package tiles serves the register as vector tiles from memory: a view that
// follows the register's changes, an encoder, and the documents by which maps
// find them.
package tiles

import (
	"math"
	"reflect"
	"sync"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/index"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Park is a park with what drawing it needs.
type Park struct {
	land.Park
	Bound orb.Bound
	mu    float64 // plane area in mu (亩), as printed
	drawn
}

// View is the register as it held after one change. It is immutable, so all
// that is read from one view fits together.
type View struct {
	Seq       land.Seq
	proof     string    // the register's at Seq
	Day       land.Date // on which it holds
	Parks     []Park
	Plots     *plotset.Set
	Controls  *index.Snapshot[*Control] // of published layers that are valid on Day
	published []*Control                // whatever their days
	layers    []*land.ControlLayer      // of these, by code
	land      func() map[land.ParkCode]Land
	whole     func() wholeSum
	counts    *counts
	pyramid   *pyramid
	turn      uint64 // counts the views that follow one another in a Live, from 1
	tiles     *caches
}

// NewView makes a view of a register whose plots are in a set.
func NewView(r land.Register, plots *plotset.Set) *View {
	controls, parks := drawnControls(r.Controls), drawnParks(r.Parks)
	v := &View{Seq: r.Seq, proof: r.Proof, Day: r.At, Parks: parks, Plots: plots, Controls: validControls(controls, r.At), published: controls, layers: layersOf(controls)}
	return v.begin(newPyramid(plots, parks))
}

// begin prepares what is worked out when it is first asked for.
func (v *View) begin(p *pyramid) *View {
	v.pyramid = p
	v.land = sync.OnceValue(func() map[land.ParkCode]Land { return landOf(v.Plots) })
	v.counts = &counts{}
	v.whole = sync.OnceValue(func() wholeSum { return wholeOf(v.Plots) })
	return v
}

// With is the view after a change, and the boxes in which it looks different.
func (v *View) With(d land.Delta) (*View, []plotset.Box) {
	plots, changed := v.Plots.With(d.Plots, d.Retired)
	parks := drawnParks(d.Parks)
	next := &View{Seq: d.Seq, proof: d.Proof, Day: d.At, Parks: parks, Plots: plots, Controls: v.Controls, published: v.published, layers: v.layers}
	pyramid, all := v.pyramid.follow(plots, parks, changed)
	next.begin(pyramid)
	if all {
		changed = append(changed, everywhere)
	}
	changed = append(changed, changedParks(v.Parks, parks)...)
	if d.ControlsChanged {
		next.published = drawnControls(d.Controls)
		next.layers = layersOf(next.published)
	}
	if d.ControlsChanged || d.At != v.Day {
		next.Controls = validControls(next.published, d.At)
		changed = append(changed, boxesOf(v.Controls)...)
		changed = append(changed, boxesOf(next.Controls)...)
	}
	return next, changed
}

// everywhere is the box of the world.
var everywhere = plotset.Box{Max: plotset.Point{X: math.MaxUint32, Y: math.MaxUint32}}

// changedParks are the boxes of parks that are not as they were.
func changedParks(before, after []Park) []plotset.Box {
	var boxes []plotset.Box
	for i := range max(len(before), len(after)) {
		if i < len(before) && i < len(after) && reflect.DeepEqual(before[i].Park, after[i].Park) {
			continue
		}
		if i < len(before) {
			boxes = append(boxes, before[i].box)
		}
		if i < len(after) {
			boxes = append(boxes, after[i].box)
		}
	}
	return boxes
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

// parksIn counts the parks whose boxes meet one.
func (v *View) parksIn(b plotset.Box) int {
	n := 0
	for i := range v.Parks {
		if v.Parks[i].box.Meets(b) {
			n++
		}
	}
	return n
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
		return China
	}
	b := v.Parks[0].Bound
	for _, p := range v.Parks[1:] {
		b = b.Union(p.Bound)
	}
	return b
}

func drawnParks(parks []land.Park) []Park {
	all := make([]Park, len(parks))
	for i, p := range parks {
		all[i] = Park{p, p.Boundary.Bound(), geo.Round(float64(p.Area.Mu()), geo.MuDecimals), drawnOf(p.Boundary)}
	}
	return all
}
