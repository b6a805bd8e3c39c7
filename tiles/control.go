package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo/index"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Control is a feature of a published control layer (管控图层) with what drawing
// it needs. It is never changed.
type Control struct {
	land.ControlFeature
	Bound orb.Bound // of the boundary, EPSG:4490 lon/lat
	drawn
}

var controlIndex = index.Index[*Control]{
	ID:    func(c *Control) int64 { return int64(c.ID) },
	Bound: func(c *Control) orb.Bound { return c.Bound },
}

func drawnControls(features []land.ControlFeature) []*Control {
	all := make([]*Control, len(features))
	for i, f := range features {
		all[i] = &Control{f, f.Boundary.Bound(), drawnOf(f.Boundary)}
	}
	return all
}

func boxesOf(controls *index.Snapshot[*Control]) []plotset.Box {
	var boxes []plotset.Box
	controls.Ascend(0, func(c *Control) bool {
		boxes = append(boxes, c.box)
		return true
	})
	return boxes
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

// On is the view on another day, and the boxes in which it looks different: what
// is in the register stays, but control layers begin and end.
func (v *View) On(day land.Date) (*View, []plotset.Box) {
	next := *v
	next.Day, next.Controls = day, validControls(v.published, day)
	return &next, append(boxesOf(v.Controls), boxesOf(next.Controls)...)
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

// drawControls draws the layer controls.
func (e *encoder) drawControls(v *View) {
	var found []*Control
	v.Controls.Search(e.bound(), func(c *Control) bool {
		found = append(found, c)
		return true
	})
	slices.SortFunc(found, func(a, b *Control) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range found {
		if geometry := e.outline(&c.drawn); len(geometry) > 0 {
			l := e.controls
			l.tag(0, l.text(string(c.Layer.Code)))
			l.tag(1, l.text(string(c.Layer.Kind)))
			l.tag(2, l.text(c.displayName()))
			l.add(uint64(c.ID), polygonType, geometry)
		}
	}
}

// displayName is the feature's name, or its layer's where it has none.
func (c *Control) displayName() string { return cmp.Or(c.Name, c.Layer.NameZh) }
