package postgis_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

var officer = land.Actor{Name: "test officer", Role: land.Officer}

// draft is a plot in EPSG:4547, east before north, about a corner in Panyu.
func draft(t *testing.T, no, local string) land.Draft {
	t.Helper()
	g, err := wkt.UnmarshalPolygon(local)
	if err != nil {
		t.Fatal(err)
	}
	for _, ring := range g {
		for i, p := range ring {
			ring[i] = orb.Point{p[0] + 443600, p[1] + 2543500}
		}
	}
	return land.Draft{Row: 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{g},
		Attributes: land.Attributes{PlotNo: no, Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}}}
}

func importDrafts(t *testing.T, db *postgis.DB, in land.Import, drafts ...land.Draft) (land.ImportResult, error) {
	t.Helper()
	in.Kind = land.Imported
	return db.Import(context.Background(), officer, in, func(emit func(land.Draft) error) (land.Delivery, error) {
		for i, d := range drafts {
			d.Row = i + 1
			if err := emit(d); err != nil {
				return land.Delivery{}, err
			}
		}
		return land.Delivery{Format: "test", Plots: len(drafts)}, nil
	})
}

// twoNeighbours founds park "test" with two plots that share a border.
func twoNeighbours(t *testing.T, db *postgis.DB) {
	t.Helper()
	_, err := importDrafts(t, db, land.Import{Park: "test"},
		draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))"),
		draft(t, "B", "POLYGON((100 0,300 0,300 200,100 200,100 0))"))
	if err != nil {
		t.Fatal(err)
	}
}

func TestImportFoundsAParkOnItsPlots(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	register, err := db.Load(context.Background(), land.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	if len(register.Parks) != 1 || len(register.Plots) != 2 || register.Seq != 1 {
		t.Fatalf("got %d parks, %d plots at change %d", len(register.Parks), len(register.Plots), register.Seq)
	}
	if got := geo.FormatFixed(float64(register.Parks[0].Area), 4); got != "60000.0000" {
		t.Errorf("park %s m²", got)
	}
	a := register.Plots[0]
	if got := geo.FormatFixed(float64(a.Area), 4); got != "20000.0000" || a.PlotNo != "A" || a.Version != 1 || a.Status != land.Planned || a.Use2023 != "0802" {
		t.Errorf("plot %s m²: %+v", got, a)
	}
	if d := float64(a.AreaEllipsoid - geo.EllipsoidArea(a.Boundary)); d > 1e-4 || d < -1e-4 {
		t.Errorf("ellipsoidal area differs from ours by %v m²", d)
	}
}

func TestImportIsRefusedWholeWithEveryFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		drafts []land.Draft
		want   []string
	}{
		{"overlap", []land.Draft{
			draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))"),
			draft(t, "B", "POLYGON((90 0,300 0,300 200,90 200,90 0))")},
			[]string{"3101 plot A: geometry: overlaps plot B by 2000.00 m²"}},
		{"bowtie and unknown code", []land.Draft{
			draft(t, "A", "POLYGON((0 0,100 100,100 0,0 100,0 0))"),
			func() land.Draft {
				d := draft(t, "B", "POLYGON((200 0,300 0,300 100,200 0))")
				d.Use.Code = "Z9"
				return d
			}()},
			[]string{"4102 plot B", "2104 plot A", "east 443650.000, north 2543550.000"}},
		{"two points", []land.Draft{draft(t, "A", "POLYGON((0 0,100 100,0 0,0 0))")}, []string{"2102 plot A"}},
		{"same number twice", []land.Draft{
			draft(t, "A", "POLYGON((0 0,100 0,100 100,0 0))"),
			draft(t, "A", "POLYGON((200 0,300 0,300 100,200 0))")},
			[]string{"4101 plot A: plot_no: the number stands in row 1 too"}},
		{"outside", []land.Draft{draft(t, "C", "POLYGON((500 0,600 0,600 100,500 0))")},
			[]string{"3103 plot C: geometry: 5000.00 m² lie outside the boundary of park test"}},
		{"number in the register", []land.Draft{draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))")},
			[]string{"4101 plot A: plot_no: the register has this number already"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := postgistest.New(t)
			park := land.ParkCode("fresh")
			if c.name == "outside" || c.name == "number in the register" {
				twoNeighbours(t, db)
				park = "test"
			}
			before := load(t, db)
			_, err := importDrafts(t, db, land.Import{Park: park}, c.drafts...)
			var invalid *land.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v, want an InvalidError", err)
			}
			var lines []string
			for _, f := range invalid.Findings {
				f.Row = 0
				lines = append(lines, f.Code+" "+f.String())
			}
			told := strings.Join(lines, "\n")
			for _, w := range c.want {
				if !strings.Contains(told, w) {
					t.Errorf("%q is not told in:\n%s", w, told)
				}
			}
			after := load(t, db)
			if after.Seq != before.Seq || len(after.Plots) != len(before.Plots) || len(after.Parks) != len(before.Parks) {
				t.Errorf("the register changed")
			}
		})
	}
}

func TestDryRunTellsWhatAnImportWouldDo(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	drafts := []land.Draft{draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))")}
	result, err := importDrafts(t, db, land.Import{Park: "test", DryRun: true}, drafts...)
	if err != nil {
		t.Fatal(err)
	}
	if result.New != 1 || geo.FormatFixed(float64(result.Area), 2) != "20000.00" || result.Change != 0 {
		t.Errorf("%+v", result)
	}
	if r := load(t, db); r.Seq != 0 || len(r.Parks) != 0 {
		t.Error("a dry run wrote")
	}
	kept, err := db.ImportResult(context.Background(), result.ID)
	if err != nil || kept.New != 1 || !kept.DryRun {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

func TestImportReplacesByNumber(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	changed := draft(t, "B", "POLYGON((100 0,300 0,300 200,100 200,100 0))")
	changed.Name = "renamed"
	result, err := importDrafts(t, db, land.Import{Park: "test", Replace: true},
		draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))"), changed)
	if err != nil {
		t.Fatal(err)
	}
	if result.New != 0 || result.Changed != 1 || result.Same != 1 {
		t.Errorf("new %d, changed %d, same %d", result.New, result.Changed, result.Same)
	}
	r := load(t, db)
	if r.Plots[0].Version != 1 || r.Plots[1].Version != 2 || r.Plots[1].Name != "renamed" {
		t.Errorf("%+v", r.Plots)
	}
}

func TestUpdateMakesAVersionOrIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	id := load(t, db).Plots[0].ID
	set := func(name, value string) func(*land.Attributes) error {
		return func(a *land.Attributes) error { return land.SetField(a, name, value) }
	}
	updated, change, err := db.UpdatePlot(ctx, officer, id, land.Update{Version: 1, Change: set("status", "reserved"), Reason: "taken into reserve"})
	if err != nil {
		t.Fatal(err)
	}
	if updated.Version != 2 || updated.Status != land.Reserved || change.Seq != 2 {
		t.Errorf("version %d, %s, change %d", updated.Version, updated.Status, change.Seq)
	}

	wide := draft(t, "A", "POLYGON((0 0,150 0,150 200,0 200,0 0))")
	var invalid *land.InvalidError
	var forbidden *land.ForbiddenError
	var missing *land.NotFoundError
	for _, c := range []struct {
		name   string
		actor  land.Actor
		id     land.PlotID
		update land.Update
		want   any
	}{
		{"stale", officer, id, land.Update{Version: 1}, land.ErrStale},
		{"step not allowed", officer, id, land.Update{Version: 2, Change: set("status", "verified")}, &invalid},
		{"overlap", officer, id, land.Update{Version: 2, Boundary: wide.Boundary, CRS: geo.GK114}, &invalid},
		{"visitor", land.Actor{Role: land.Visitor}, id, land.Update{Version: 2}, &forbidden},
		{"other park", land.Actor{Role: land.Officer, Park: "panyu"}, id, land.Update{Version: 2}, &forbidden},
		{"no such plot", officer, 999, land.Update{Version: 2}, &missing},
		{"before the present version", officer, id, land.Update{Version: 2, Change: set("valid_from", "2001-01-01")}, &invalid},
	} {
		_, _, err := db.UpdatePlot(ctx, c.actor, c.id, c.update)
		if want, ok := c.want.(error); ok && errors.Is(want, land.ErrStale) {
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", c.name, err)
			}
		} else if !errors.As(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if r := load(t, db); r.Seq != 2 || r.Plots[0].Version != 2 {
		t.Error("a refused edit wrote")
	}
}

func TestHistoryIsNeverRewritten(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	twoNeighbours(t, db)
	for _, sql := range []string{
		`UPDATE plot_versions SET name = 'x'`, `DELETE FROM plot_versions`, `DELETE FROM changes`,
		`UPDATE plots SET version = 7`, `UPDATE plots SET plot_no = 'other'`,
		`UPDATE plots SET plot_no = 'A'`,
	} {
		if err := execute(ctx, url, sql); err == nil {
			t.Errorf("%s was not refused", sql)
		}
	}
}

func load(t *testing.T, db *postgis.DB) land.Register {
	t.Helper()
	r, err := db.Load(context.Background(), land.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
