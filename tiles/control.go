package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/index"
)

// Control is a feature of a published control layer (管控图层) with what drawing
// it needs. It is never changed.
type Control struct {
	land.ControlFeature
	Bound orb.Bound        // of the boundary, EPSG:4490 lon/lat
	world geo.MultiPolygon // the boundary in the unit square of Web Mercator, y down
}

var controlIndex = index.Index[*Control]{
	ID:    func(c *Control) int64 { return int64(c.ID) },
	Bound: func(c *Control) orb.Bound { return c.Bound },
}

func drawnControls(features []land.ControlFeature) []*Control {
	drawn := make([]*Control, len(features))
	for i, f := range features {
		drawn[i] = &Control{f, f.Boundary.Bound(), toWorld(f.Boundary)}
	}
	return drawn
}

// validControls indexes the controls that hold on a day.
func validControls(published []*Control, day land.Date) *index.Snapshot[*Control] {
	var valid []*Control
	for _, c := range published {
		if c.Layer.ValidOn(day) {
			valid = append(valid, c)
		}
	}
	return controlIndex.Build(valid)
}

// On is the view on another day: what is in the register stays, but control
// layers begin and end.
func (v *View) On(day land.Date) *View {
	next := *v
	next.Day, next.Controls = day, validControls(v.published, day)
	return &next
}

// ControlsAt finds the controls at a point, EPSG:4490 lon/lat, by layer and
// number.
func (v *View) ControlsAt(p orb.Point) []*Control {
	var found []*Control
	v.Controls.Search(orb.Bound{Min: p, Max: p}, func(c *Control) bool {
		if planar.MultiPolygonContains(c.Boundary, p) {
			found = append(found, c)
		}
		return true
	})
	slices.SortFunc(found, func(a, b *Control) int {
		return cmp.Or(cmp.Compare(a.Layer.Code, b.Layer.Code), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// controls draws the layer controls.
func (e *encoder) controls(v *View, window orb.Bound) *layer {
	var found []*Control
	v.Controls.Search(window, func(c *Control) bool {
		found = append(found, c)
		return true
	})
	slices.SortFunc(found, func(a, b *Control) int { return cmp.Compare(a.ID, b.ID) })
	drawn := newLayer("controls")
	for _, c := range found {
		if geometry := e.polygon(c.world); geometry != nil {
			drawn.tag("layer", string(c.Layer.Code))
			drawn.tag("kind", string(c.Layer.Kind))
			drawn.tag("name", c.displayName())
			drawn.add(uint64(c.ID), polygonType, geometry)
		}
	}
	return drawn
}

// displayName is the feature's name, or its layer's where it has none.
func (c *Control) displayName() string { return cmp.Or(c.Name, c.Layer.NameZh) }
