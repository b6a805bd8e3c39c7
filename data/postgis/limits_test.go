package postgis_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

func limits(t *testing.T, text string) land.Limits {
	t.Helper()
	l, err := land.ParseLimits([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// measures tells faults and warnings that measure something by their numbers.
func measures(findings []land.Finding) []string {
	var told []string
	for _, f := range findings {
		if f.Limit != nil && f.Severity != land.Inform {
			told = append(told, fmt.Sprintf("%s %s %s: %.7g of %.7g %s", f.Code, f.Severity, f.PlotNo, *f.Measured, *f.Limit, f.Unit))
		}
	}
	return told
}

func TestChecksHoldToTheLimits(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	stated := geo.SquareMetres(10002)
	a := draft(t, "A", "POLYGON((0 0,100 0,100 100,0 100,0 0))")
	a.StatedArea = &stated
	b := draft(t, "B", "POLYGON((99.999 0,200 0,200 100,99.999 100,99.999 0))") // a millimetre over A: 0.1 m²
	if _, err := importDrafts(t, db, land.Import{Park: "test"}, a, b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		limits string
		want   []string
	}{
		{`{}`, []string{"4105 error A: 2 of 1 m2", "3101 warning A: 0.1 of 0.1 m2"}},
		{`{"stated_m2": 5}`, []string{"3101 warning A: 0.1 of 0.1 m2"}},
		{`{"stated_share": 0.001, "noise_m2": 0.1}`, []string{"4105 warning A: 2 of 1 m2"}},
		{`{"stated_m2": 5, "overlap_m2": 0.05, "overlap_width_m": 0}`, []string{"3101 error A: 0.1 of 0.05 m2"}},
		{`{"stated_m2": 5, "noise_m2": 0.1, "small_area_m2": 10000.05}`, []string{"2111 warning A: 10000 of 10000.05 m2"}},
	} {
		l := limits(t, c.limits)
		db.HoldTo(l)
		report, err := db.Check(ctx, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		if got := measures(report.Findings); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.limits, got, c.want)
		}
		if report.Limits != l {
			t.Errorf("%s: the report names %+v", c.limits, report.Limits)
		}
	}
}

// TestStricterLimitsRefuse looks at what overlaps too little to be refused
// otherwise.
func TestStricterLimitsRefuse(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	a := draft(t, "A", "POLYGON((0 0,100 0,100 100,0 100,0 0))")
	b := draft(t, "B", "POLYGON((99.99 0,200 0,200 100,99.99 100,99.99 0))") // 1 cm over A
	strict := limits(t, `{"overlap_width_m": 0.005}`)
	db.HoldTo(strict)
	result, err := importDrafts(t, db, land.Import{Park: "test"}, a, b)
	if want := []string{"3101 error A: 1 of 0.1 m2"}; err == nil || !slices.Equal(measures(result.Faults), want) {
		t.Fatalf("%v, %q", err, measures(result.Faults))
	}
	db.HoldTo(land.DefaultLimits())
	if _, err := importDrafts(t, db, land.Import{Park: "test"}, a, b); err != nil {
		t.Fatal(err)
	}
	db.HoldTo(strict)
	p := byNumber(t, db, "B")
	if _, _, err := db.UpdatePlot(context.Background(), officer, p.ID, land.Update{Version: p.Version, Change: func(a *land.Attributes) error { a.Name = "乙"; return nil }}); err == nil {
		t.Error("an edit wrote a plot that overlaps by more than the limit")
	}
}
