package postgis_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// redLine is what is said of a layer in these tests.
var redLine = land.ControlLayer{Code: "roads-2016", Kind: land.RoadRedLine, NameZh: "道路红线", Source: "规划局", DocumentNo: "穗规〔2016〕1号"}

func day(t *testing.T, text string) land.Date {
	t.Helper()
	d, err := land.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func importControls(t *testing.T, db *postgis.DB, in land.ControlImport, drafts ...land.Draft) (land.ControlResult, error) {
	t.Helper()
	return db.ImportControls(context.Background(), officer, in, func(emit func(land.Draft) error) (land.Delivery, error) {
		for i, d := range drafts {
			d.Row = i + 1
			if err := emit(d); err != nil {
				return land.Delivery{}, err
			}
		}
		return land.Delivery{Format: "test", Plots: len(drafts)}, nil
	})
}

// strip is a control feature: a number, a name, and none of what a plot needs.
func strip(t *testing.T, code, name, local string) land.Draft {
	t.Helper()
	d := draft(t, code, local)
	d.Attributes = land.Attributes{PlotNo: code, Name: name}
	return d
}

const (
	north = "POLYGON((0 0,100 0,100 20,0 20,0 0))"
	south = "POLYGON((0 -20,100 -20,100 0,0 0,0 -20))"
)

func TestControlLayerHasVersionsAndIsPublished(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	first, err := importControls(t, db, land.ControlImport{Layer: redLine, Reason: "new plan", File: land.HandedIn{Name: "a.geojson", Raw: []byte("{}")}},
		strip(t, "R-1", "湾区大道", north), strip(t, "", "", south))
	if err != nil {
		t.Fatal(err)
	}
	if l := first.Layer; first.Change != 1 || l.Version != 1 || l.Published != 0 || l.Features != 2 || l.NameEn != "道路红线" || l.ValidFrom != db.Today() || geo.FormatFixed(float64(l.Area), 4) != "4000.0000" {
		t.Errorf("%+v", first)
	}
	if r := load(t, db); len(r.Controls) != 0 {
		t.Error("an unpublished layer is in the read model")
	}
	layer, change, err := db.PublishControlLayer(ctx, officer, "roads-2016", "checked")
	if err != nil || layer.Published != 1 || change.Seq != 2 {
		t.Fatalf("%+v, change %d, %v", layer, change.Seq, err)
	}
	if _, again, err := db.PublishControlLayer(ctx, officer, "roads-2016", ""); err != nil || again.Seq != 0 {
		t.Errorf("published twice: change %d, %v", again.Seq, err)
	}
	published := load(t, db).Controls
	if len(published) != 2 || published[0].Code != "R-1" || published[0].Name != "湾区大道" || published[0].Layer != published[1].Layer || published[0].Layer.DocumentNo != redLine.DocumentNo {
		t.Fatalf("%+v", published)
	}
	for _, f := range published {
		if d := math.Abs(float64(f.AreaEllipsoid - geo.EllipsoidArea(f.Boundary))); d > 1e-4 {
			t.Errorf("ellipsoidal area differs from ours by %g m²", d)
		}
	}

	// The next version waits beside the one that is published.
	second, err := importControls(t, db, land.ControlImport{Layer: redLine}, strip(t, "R-9", "新线", south))
	if err != nil || second.Layer.Version != 2 || second.Layer.Published != 1 {
		t.Fatalf("%+v, %v", second, err)
	}
	if now := load(t, db).Controls; len(now) != 2 || now[0].Code != "R-1" {
		t.Errorf("%+v", now)
	}
	if all, err := db.PublishedControls(ctx, land.Date{}); err != nil || len(all) != 1 || all[0].Version != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if all, err := db.ControlLayers(ctx, land.Date{}); err != nil || len(all) != 1 || all[0].Version != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	if _, change, err = db.PublishControlLayer(ctx, officer, "roads-2016", ""); err != nil {
		t.Fatal(err)
	}
	delta, err := db.Since(ctx, change.Seq-1)
	if err != nil || !delta.ControlsChanged || len(delta.Controls) != 1 || delta.Controls[0].Code != "R-9" || len(delta.Plots) != 0 {
		t.Errorf("%+v, %v", delta, err)
	}
	if _, change, err = db.WithdrawControlLayer(ctx, officer, "roads-2016", "objection"); err != nil || change.Seq != 5 {
		t.Fatalf("change %d, %v", change.Seq, err)
	}
	if delta, err = db.Since(ctx, 4); err != nil || !delta.ControlsChanged || len(delta.Controls) != 0 {
		t.Errorf("%+v, %v", delta, err)
	}

	changes, err := db.Changes(ctx, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []land.Change{
		{Kind: land.ControlImported, Reason: "new plan", Control: land.ChangedControl{Layer: "roads-2016", Version: 1}},
		{Kind: land.ControlPublished, Reason: "checked", Control: land.ChangedControl{Layer: "roads-2016", Version: 1}},
		{Kind: land.ControlImported, Control: land.ChangedControl{Layer: "roads-2016", Version: 2}},
		{Kind: land.ControlPublished, Control: land.ChangedControl{Layer: "roads-2016", Version: 2}},
		{Kind: land.ControlWithdrawn, Reason: "objection", Control: land.ChangedControl{Layer: "roads-2016", Version: 2}},
	}
	for i, c := range changes {
		if c.Kind != want[i].Kind || c.Reason != want[i].Reason || c.Control.Layer != want[i].Control.Layer || c.Control.Version != want[i].Control.Version || len(c.Control.Digest) != 64 || c.Actor != officer.Name {
			t.Errorf("change %d: %+v", i+1, c)
		}
	}
}

func TestControlFeaturesAreFoundByBox(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	height := 45.5
	d := strip(t, "H-1", "净空", north)
	d.HeightMax = &height
	limit := land.ControlLayer{Code: "airport", Kind: land.HeightLimit, NameZh: "净空"}
	if _, err := importControls(t, db, land.ControlImport{Layer: limit, Publish: true}, d, func() land.Draft {
		d := strip(t, "H-2", "", "POLYGON((0 500,100 500,100 520,0 520,0 500))")
		d.HeightMax = &height
		return d
	}()); err != nil {
		t.Fatal(err)
	}
	all, matched, err := db.ControlFeatures(ctx, "airport", 1, nil, 1)
	if err != nil || matched != 2 || len(all) != 1 {
		t.Fatalf("%d of %d, %v", len(all), matched, err)
	}
	if metres, set := all[0].HeightMax(); !set || metres != height {
		t.Errorf("height %v, %v", metres, set)
	}
	box := all[0].Boundary.Bound()
	if found, matched, err := db.ControlFeatures(ctx, "airport", 1, &box, 10); err != nil || matched != 1 || found[0].Code != "H-1" {
		t.Errorf("%d found, %v", matched, err)
	}
	far := orb.Bound{Min: orb.Point{100, 20}, Max: orb.Point{101, 21}}
	if _, matched, err := db.ControlFeatures(ctx, "airport", 1, &far, 10); err != nil || matched != 0 {
		t.Errorf("%d found, %v", matched, err)
	}
	var missing *land.NotFoundError
	for _, version := range []int{0, 2} {
		if _, _, err := db.ControlFeatures(ctx, "airport", version, nil, 10); !errors.As(err, &missing) {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

func TestControlLayersAreListedByDay(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	old := land.ControlLayer{Code: "farmland-2016", Kind: land.PermanentFarmland, NameZh: "基本农田", ValidFrom: day(t, "2016-01-01"), ValidTo: day(t, "2020-12-31")}
	if _, err := importControls(t, db, land.ControlImport{Layer: old, Publish: true}, strip(t, "", "", north)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"": 1, "2015-12-31": 0, "2016-01-01": 1, "2020-12-31": 1, "2021-01-01": 0} {
		if found, err := db.PublishedControls(context.Background(), day(t, text)); err != nil || len(found) != want {
			t.Errorf("on %q: %d layers, %v", text, len(found), err)
		}
	}
}

func TestBadControlLayersAreRefusedWhole(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	if _, err := importControls(t, db, land.ControlImport{Layer: redLine}, strip(t, "", "", north)); err != nil {
		t.Fatal(err)
	}
	with := func(change func(*land.ControlLayer)) land.ControlLayer {
		l := redLine
		l.Code = "new"
		change(&l)
		return l
	}
	good, bow := strip(t, "", "", north), strip(t, "X-1", "", "POLYGON((0 0,100 100,100 0,0 100,0 0))")
	abroad := good
	abroad.CRS, abroad.Boundary = geo.CGCS2000, geo.MultiPolygon{{{{10, 50}, {11, 50}, {11, 51}, {10, 50}}}}
	odd := strip(t, "Y-1", "", north) // a plot with such attributes would be refused
	odd.Use, odd.Status = land.UseCode{Scheme: land.GB50137, Code: "Q7"}, "sold"
	for _, c := range []struct {
		name   string
		layer  land.ControlLayer
		drafts []land.Draft
		want   string // empty: it is taken
	}{
		{"kind", with(func(l *land.ControlLayer) { l.Kind = "moat" }), []land.Draft{good}, `kind: kind "moat" is not known`},
		{"code", with(func(l *land.ControlLayer) { l.Code = "Roads 2016" }), []land.Draft{good}, "is not usable"},
		{"name", with(func(l *land.ControlLayer) { l.NameZh = "" }), []land.Draft{good}, "has no name"},
		{"text", with(func(l *land.ControlLayer) { l.Source = "a\x00b" }), []land.Draft{good}, "source: the text has control"},
		{"days", with(func(l *land.ControlLayer) {
			l.ValidFrom, l.ValidTo = day(t, "2020-01-02"), day(t, "2020-01-01")
		}), []land.Draft{good}, "valid_to: 2020-01-01 is before 2020-01-02"},
		{"crossing", with(func(*land.ControlLayer) {}), []land.Draft{good, bow}, "row 2: plot X-1: geometry: the boundary is not a valid polygon: a ring crosses itself"},
		{"place", with(func(*land.ControlLayer) {}), []land.Draft{abroad}, "not in China"},
		{"nothing", with(func(*land.ControlLayer) {}), nil, "holds no polygons"},
		{"height", with(func(l *land.ControlLayer) { l.Kind = land.HeightLimit }), []land.Draft{good}, "row 1: height_max_m: the height limit has no height"},
		{"rules of plots", with(func(*land.ControlLayer) {}), []land.Draft{odd, odd}, ""},
	} {
		before := load(t, db).Seq
		result, err := importControls(t, db, land.ControlImport{Layer: c.layer}, c.drafts...)
		if c.want == "" {
			if err != nil || load(t, db).Seq != before+1 {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || len(result.Faults) == 0 {
			t.Errorf("%s: %v, faults %v", c.name, err, result.Faults)
		}
		if after := load(t, db).Seq; after != before {
			t.Errorf("%s: change %d was written", c.name, after)
		}
	}
	var conflict *land.ConflictError
	other := redLine
	other.Kind = land.BlueLine
	if _, err := importControls(t, db, land.ControlImport{Layer: other}, good); !errors.As(err, &conflict) {
		t.Errorf("another kind: %v", err)
	}
	if _, err := importControls(t, db, land.ControlImport{Layer: redLine, New: true}, good); !errors.As(err, &conflict) {
		t.Errorf("a code that is taken: %v", err)
	}
	dry, err := importControls(t, db, land.ControlImport{Layer: redLine, DryRun: true, Publish: true}, good)
	if err != nil || dry.Layer.Version != 2 || dry.Layer.Published != 2 || dry.Change != 0 {
		t.Errorf("%+v, %v", dry, err)
	}
	if l, err := db.ControlLayer(context.Background(), redLine.Code); err != nil || l.Version != 1 || l.Published != 0 {
		t.Errorf("after a dry run: %+v, %v", l, err)
	}
}

func TestOnlyOfficersOfEveryParkEditControls(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	for _, c := range []struct {
		actor   land.Actor
		allowed bool
	}{
		{land.Actor{Role: land.Visitor}, false}, {land.Actor{Role: land.Applicant}, false}, {land.Actor{Role: land.Officer, Park: "panyu"}, false},
		{land.Actor{Role: land.Approver, Park: "panyu"}, false}, {land.Actor{Role: land.Approver}, true}, {land.Actor{Role: land.Admin, Park: "panyu"}, true},
	} {
		_, err := db.ImportControls(context.Background(), c.actor, land.ControlImport{Layer: redLine}, func(emit func(land.Draft) error) (land.Delivery, error) {
			return land.Delivery{}, emit(strip(t, "", "", north))
		})
		_, _, published := db.PublishControlLayer(context.Background(), c.actor, redLine.Code, "")
		_, _, withdrawn := db.WithdrawControlLayer(context.Background(), c.actor, redLine.Code, "")
		for _, err := range []error{err, published, withdrawn} {
			var forbidden *land.ForbiddenError
			if (err == nil) != c.allowed || err != nil && !errors.As(err, &forbidden) {
				t.Errorf("%s %s: %v", c.actor.Role, c.actor.Park, err)
			}
		}
	}
}

func TestControlsAreNeverRewritten(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	if _, err := importControls(t, db, land.ControlImport{Layer: redLine}, strip(t, "", "", north)); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE control_features SET name = 'x'`, `DELETE FROM control_features`, `UPDATE control_versions SET valid_to = '2030-01-01'`,
		`UPDATE control_layers SET published = 2`, `UPDATE control_layers SET version = 7`,
		`INSERT INTO control_layers VALUES ('a', 'moat', 1)`,
	} {
		if err := execute(ctx, url, sql); err == nil {
			t.Errorf("%s was allowed", sql)
		}
	}
}

func TestAlteredControlsShowInTheLog(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	height := 1234.1
	d := strip(t, "H-1", "净空", north)
	d.HeightMax = &height
	limit := land.ControlLayer{Code: "airport", Kind: land.HeightLimit, NameZh: "净空", ValidTo: day(t, "2035-12-31")}
	if _, err := importControls(t, db, land.ControlImport{Layer: limit}, d); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.PublishControlLayer(ctx, officer, "airport", ""); err != nil {
		t.Fatal(err)
	}
	check := func() []postgis.LogFault {
		faults, _, err := db.CheckLog(ctx, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		return faults
	}
	if faults := check(); len(faults) > 0 {
		t.Errorf("%v", faults)
	}
	if err := execute(ctx, url, `
		ALTER TABLE control_features DISABLE TRIGGER append_only;
		UPDATE control_features SET attributes = '{"height_max_m": 2000}'`); err != nil {
		t.Fatal(err)
	}
	if faults := check(); len(faults) != 2 || !strings.Contains(faults[0].Message, "version 1 of control layer airport") {
		t.Errorf("%v", faults)
	}
}
