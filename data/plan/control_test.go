package plan_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/geo"
)

func TestControlLayersAreLabelledAndOnTheGrid(t *testing.T) {
	t.Parallel()
	layers, err := plan.Controls()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[land.ControlKind]bool{}
	for _, l := range layers {
		kinds[l.Kind] = true
		if !l.Demonstration || !strings.HasPrefix(string(l.Code), "demo-") || !strings.HasPrefix(l.NameZh, "示范") || l.ValidFrom.String() != "2016-01-01" {
			t.Errorf("%s %s from %s may be taken for a real one", l.Code, l.NameZh, l.ValidFrom)
		}
		for _, d := range l.Features {
			if _, faults := land.ControlDraft(l.Kind, d); len(faults) > 0 {
				t.Errorf("%s: %v", d.Name, faults)
			}
			if !strings.Contains(d.Name, "示范") {
				t.Errorf("%s may be taken for a real one", d.Name)
			}
			if _, shift, err := geo.SnapPolygon(d.Boundary, d.CRS, geo.GK114); err != nil || shift > 0.00005 {
				t.Errorf("%s: a vertex moved by %.6f m to the grid, %v", d.Name, shift, err)
			}
		}
	}
	for _, k := range []land.ControlKind{land.PermanentFarmland, land.EcologicalLine, land.UrbanBoundary, land.RoadRedLine, land.BlueLine, land.HeightLimit} {
		if !kinds[k] {
			t.Errorf("no layer of kind %s", k)
		}
	}
}

// TestControlsMeetTheParksAsDrawn holds the layers to what they are drawn for:
// every park lies in the development boundary and off farmland and the
// ecological line, and some plots of Nansha reach over a road red line.
func TestControlsMeetTheParksAsDrawn(t *testing.T) {
	t.Parallel()
	layers, err := plan.Controls()
	if err != nil {
		t.Fatal(err)
	}
	holds := func(kind land.ControlKind, p geo.Point) bool {
		for _, l := range layers {
			for _, d := range l.Features {
				if l.Kind == kind && planar.MultiPolygonContains(d.Boundary, p) {
					return true
				}
			}
		}
		return false
	}
	for _, park := range plan.Parks() {
		for _, p := range park.Boundary[0][0] {
			if !holds(land.UrbanBoundary, p) || holds(land.PermanentFarmland, p) || holds(land.EcologicalLine, p) {
				t.Errorf("%s: %v lies wrong", park.Code, p)
			}
		}
	}
	touched := map[string]bool{}
	for _, d := range demonstration(t, "nansha") {
		for _, p := range d.Boundary[0][0] {
			if d.Use.Code[0] != 'S' && holds(land.RoadRedLine, p) {
				touched[d.Use.Code] = true
			}
		}
	}
	if !touched["M1"] {
		t.Errorf("a road red line reaches over %v alone", touched)
	}
}
