package plan_test

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/data/plan/makelayout/layout"
	"github.com/dikuai/dikuai/geo"
)

func TestFilesAreWhatTheMakerMakes(t *testing.T) {
	t.Parallel()
	for _, l := range made(t) {
		want, err := l.GeoJSON()
		if err != nil {
			t.Fatal(err)
		}
		have, err := os.ReadFile("demonstration/" + string(l.Park) + ".geojson")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s.geojson is stale; run go generate ./data/plan", l.Park)
		}
	}
}

func made(t *testing.T) []layout.Layout {
	t.Helper()
	all, err := layout.Make()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func demonstration(t *testing.T, code land.ParkCode) []land.Draft {
	t.Helper()
	plots, err := plan.Demonstration(code)
	if err != nil {
		t.Fatal(err)
	}
	return plots
}

func TestEveryMillimetreComesBack(t *testing.T) {
	t.Parallel()
	for _, l := range made(t) {
		plots := demonstration(t, l.Park)
		if len(plots) != len(l.Plots) {
			t.Fatalf("%s: %d plots read, %d made", l.Park, len(plots), len(l.Plots))
		}
		for i, d := range plots {
			if d.PlotNo != l.Plots[i].PlotNo || d.Row != i+2 || d.CRS != geo.CGCS2000 {
				t.Errorf("%s: row %d is %s in %v, made as %s", l.Park, d.Row, d.PlotNo, d.CRS, l.Plots[i].PlotNo)
			}
			plane, shift, err := geo.SnapPolygon(d.Boundary, d.CRS, geo.GK114)
			if err != nil {
				t.Fatal(err)
			}
			if shift > 0.00005 {
				t.Errorf("%s: a vertex moved by %.6f m to the grid", d.PlotNo, shift)
			}
			if !plane[0].Equal(l.Plots[i].Boundary[0]) {
				t.Errorf("%s: not the millimetres that were made", d.PlotNo)
			}
		}
	}
}

// What may be smaller than a development plot, by the first letter of its class.
const facilities = "SGU"

func TestPlotsAreSized(t *testing.T) {
	t.Parallel()
	for _, l := range made(t) {
		if n := len(l.Plots); n < 40 || n > 120 {
			t.Errorf("%s has %d plots", l.Park, n)
		}
		var total, roads, green float64
		for _, d := range l.Plots {
			area := geo.PlaneArea(d.Boundary)
			total += float64(area)
			switch d.Use.Code[0] {
			case 'S':
				roads += float64(area)
			case 'G':
				green += float64(area)
			}
			if mu := area.Mu(); !strings.ContainsAny(d.Use.Code[:1], facilities) && (mu < 8 || mu > 120) {
				t.Errorf("%s %s has %.2f 亩", d.PlotNo, d.Use.Code, mu)
			}
			if d.GFAMax != nil && *d.GFAMax != math.Floor(float64(area)**d.FARMax+0.5) {
				t.Errorf("%s: floor area %v of %v m² at FAR %v", d.PlotNo, *d.GFAMax, area, *d.FARMax)
			}
		}
		if roads /= total; roads < 0.12 || roads > 0.20 {
			t.Errorf("%s: roads have %.1f %%", l.Park, 100*roads)
		}
		if green /= total; green < 0.08 || green > 0.15 {
			t.Errorf("%s: green has %.1f %%", l.Park, 100*green)
		}
	}
}

func TestAttributesHoldTogether(t *testing.T) {
	t.Parallel()
	last, err := land.ParseDate("2020-12-31")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[land.Status]bool{}
	numbers := map[string]bool{}
	for _, p := range plan.Parks() {
		for _, d := range demonstration(t, p.Code) {
			if findings := d.Check(); len(findings) > 0 {
				t.Errorf("%s: %v", d.PlotNo, findings)
			}
			if numbers[d.PlotNo] {
				t.Errorf("%s comes twice", d.PlotNo)
			}
			numbers[d.PlotNo] = true
			seen[d.Status] = true
			supplied := strings.Contains("supplied under_construction completed verified idle", string(d.Status))
			if supplied == d.SuppliedOn.IsZero() || supplied == (d.SupplyMode == "") || supplied == (d.Holder == "") {
				t.Errorf("%s is %s but was supplied %q %s to %q", d.PlotNo, d.Status, d.SupplyMode, d.SuppliedOn, d.Holder)
			}
			if d.Holder != "" && !strings.HasPrefix(d.Holder, "示范") {
				t.Errorf("%s: holder %s may be taken for a real one", d.PlotNo, d.Holder)
			}
			if d.ValidFrom.IsZero() || d.ValidFrom.After(last) || supplied && (d.ValidFrom.After(d.SuppliedOn) || d.SuppliedOn.After(last)) {
				t.Errorf("%s: valid from %s, supplied on %s", d.PlotNo, d.ValidFrom, d.SuppliedOn)
			}
		}
	}
	for _, s := range land.Statuses() {
		if !seen[s.Status] {
			t.Errorf("no plot is %s", s.Status)
		}
	}
}
