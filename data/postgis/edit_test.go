package postgis_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// local is a point about the corner in Panyu that draft counts from.
func local(x, y float64) geo.Point { return geo.Point{443600 + x, 2543500 + y} }

func byNumber(t *testing.T, db *postgis.DB, no string) land.Plot {
	t.Helper()
	for _, p := range load(t, db).Plots {
		if p.PlotNo == no {
			return p
		}
	}
	t.Fatalf("there is no plot %s", no)
	return land.Plot{}
}

func points(p land.Plot) int {
	n := 0
	for _, polygon := range p.Boundary {
		for _, ring := range polygon {
			n += len(ring) - 1
		}
	}
	return n
}

func TestSplitKeepsTheCoverageAndMergeGivesItBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	a, b := byNumber(t, db, "A"), byNumber(t, db, "B")
	parts, change, err := db.SplitPlot(ctx, officer, a.ID, land.Split{
		Version: 1, CRS: geo.GK114, Line: []geo.Point{local(-5, 80), local(105, 123.456)},
		PlotNos: []string{"A-north", "A-south"}, Act: land.Act{Reason: "two buyers", CaseNo: "2016-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 2 || math.Abs(float64(parts[0].Area+parts[1].Area-a.Area)) > 0.01 || parts[0].PlotNo != "A-north" || parts[0].Boundary.Bound().Max[1] < parts[1].Boundary.Bound().Max[1] {
		t.Errorf("parts %s of %.4f m² and %s of %.4f m²", parts[0].PlotNo, parts[0].Area, parts[1].PlotNo, parts[1].Area)
	}
	if got := byNumber(t, db, "B"); points(got) != points(b)+1 || got.Version != 2 {
		t.Errorf("the neighbour has %d points in version %d", points(got), got.Version)
	}
	if len(change.Lineage) != 2 || change.CaseNo != "2016-1" || len(change.Plots) != 4 {
		t.Errorf("change %+v", change)
	}
	var ended *land.EndedError
	if err := db.Successors(ctx, a.ID); !errors.As(err, &ended) || len(ended.Successors) != 2 {
		t.Errorf("A: %v", err)
	}
	if _, _, err := db.UpdatePlot(ctx, officer, a.ID, land.Update{Version: 2}); err == nil {
		t.Error("a plot that ended was updated")
	}

	whole, _, err := db.MergePlots(ctx, officer, land.Merge{IDs: []land.PlotID{parts[0].ID, parts[1].ID}, PlotNo: "A"})
	if err != nil {
		t.Fatal(err)
	}
	if len(whole) != 1 || whole[0].PlotNo != "A" || math.Abs(float64(whole[0].Area-a.Area)) > 0.01 {
		t.Errorf("whole %+v", whole)
	}
	plots, family, err := db.Lineage(ctx, parts[0].ID)
	if err != nil || len(family) != 2 || len(plots) != 3 {
		t.Errorf("family %v of %d plots, %v", family, len(plots), err)
	}
	if err := db.Successors(ctx, a.ID); !errors.As(err, &ended) || len(ended.Successors) != 1 || ended.Successors[0].ID != whole[0].ID {
		t.Errorf("A: %v", err)
	}
	for number, want := range map[string]land.PlotID{"A": whole[0].ID, "A-north": parts[0].ID, "B": b.ID} {
		if id, err := db.PlotByNumber(ctx, "test", number); err != nil || id != want {
			t.Errorf("%s is plot %d, %v", number, id, err)
		}
	}
	history, err := db.History(ctx, b.ID)
	if err != nil || len(history) != 2 || history[1].Change.Kind != land.SplitUp || len(history[1].Differences) == 0 {
		t.Errorf("history %+v, %v", history, err)
	}
	checkLog(t, db)
}

func checkLog(t *testing.T, db *postgis.DB) {
	t.Helper()
	faults, _, err := db.CheckLog(context.Background(), func(int) {})
	if err != nil || len(faults) > 0 {
		t.Errorf("the log: %v, %v", faults, err)
	}
}

func TestBordersMoveInEveryPlotThatHasThem(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	a := byNumber(t, db, "A")
	if _, _, err := db.SplitPlot(ctx, officer, a.ID, land.Split{Version: 1, CRS: geo.GK114, Line: []geo.Point{local(0, 100), local(100, 100)}, PlotNos: []string{"N", "S"}}); err != nil {
		t.Fatal(err)
	}
	// The point where N, S and B meet moves into B.
	changed, _, err := db.AdjustBorders(ctx, officer, land.Adjust{Park: "test", CRS: geo.GK114, Moves: []land.Displacement{{From: local(100, 100), To: local(120, 110)}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(changed) != 3 {
		t.Errorf("%d plots changed", len(changed))
	}
	var total geo.SquareMetres
	for _, p := range load(t, db).Plots {
		total += p.Area
	}
	if math.Abs(float64(total-60000)) > 0.001 {
		t.Errorf("%.4f m² in all", total)
	}

	// S takes a corner of B, and gives B a strip of its own in return.
	s := byNumber(t, db, "S")
	_, _, err = db.ReshapePlot(ctx, officer, s.ID, land.Reshape{Version: s.Version, CRS: geo.GK114,
		Boundary: geo.MultiPolygon{{{local(0, 0), local(90, 0), local(140, 40), local(120, 110), local(0, 100), local(0, 0)}}}})
	if err != nil {
		t.Fatal(err)
	}
	total = 0
	for _, p := range load(t, db).Plots {
		total += p.Area
	}
	if math.Abs(float64(total-60000)) > 0.001 {
		t.Errorf("%.4f m² in all after the reshape", total)
	}
	checkLog(t, db)
}

func TestEditsThatBreakTheCoverageAreRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	far := draft(t, "C", "POLYGON((300 0,400 0,400 200,300 200,300 0))")
	if _, err := importDrafts(t, db, land.Import{Park: "test"},
		draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))"),
		draft(t, "B", "POLYGON((100 0,300 0,300 200,100 200,100 0))"), far); err != nil {
		t.Fatal(err)
	}
	a, b, c := byNumber(t, db, "A"), byNumber(t, db, "B"), byNumber(t, db, "C")
	before := load(t, db)
	split := func(points ...geo.Point) error {
		_, _, err := db.SplitPlot(ctx, officer, a.ID, land.Split{Version: 1, CRS: geo.GK114, Line: points})
		return err
	}
	merge := func(number string, ids ...land.PlotID) error {
		_, _, err := db.MergePlots(ctx, officer, land.Merge{IDs: ids, PlotNo: number})
		return err
	}
	adjust := func(from, to geo.Point) error {
		_, _, err := db.AdjustBorders(ctx, officer, land.Adjust{Park: "test", CRS: geo.GK114, Moves: []land.Displacement{{From: from, To: to}}})
		return err
	}
	for name, err := range map[string]error{
		"a line that crosses itself": split(local(-5, 50), local(80, 50), local(80, 80), local(40, 20), local(40, 250)),
		"a line that does not reach": split(local(-5, 50), local(50, 50)),
		"a line beside":              split(local(500, 50), local(600, 50)),
		"a line of one point":        split(local(50, 50)),
		"not neighbours":             merge("X", a.ID, c.ID),
		"one plot":                   merge("X", a.ID),
		"the same plot twice":        merge("X", a.ID, a.ID),
		"a number that is used":      merge("C", a.ID, b.ID),
		"no such plot":               merge("X", a.ID, 999),
		"an inverted ring":           adjust(local(100, 0), local(-50, 100)),
		"no point there":             adjust(local(50, 50), local(60, 60)),
		"the park's own border":      adjust(local(0, 0), local(5, 5)),
		"no move":                    func() error { _, _, err := db.AdjustBorders(ctx, officer, land.Adjust{Park: "test"}); return err }(),
		"a day before the plot": func() error {
			_, _, err := db.SplitPlot(ctx, officer, a.ID, land.Split{Version: 1, CRS: geo.GK114, Line: []geo.Point{local(0, 100), local(100, 100)}, Act: land.Act{ValidFrom: date(t, "1999-01-01")}})
			return err
		}(),
		"a stale version": func() error {
			_, _, err := db.SplitPlot(ctx, officer, a.ID, land.Split{Version: 7, CRS: geo.GK114, Line: []geo.Point{local(0, 100), local(100, 100)}})
			return err
		}(),
		"too few numbers": func() error {
			_, _, err := db.SplitPlot(ctx, officer, a.ID, land.Split{Version: 1, CRS: geo.GK114, Line: []geo.Point{local(0, 100), local(100, 100)}, PlotNos: []string{"X"}})
			return err
		}(),
		"parts that leave a gap": func() error {
			_, _, err := db.SplitPlot(ctx, officer, a.ID, land.Split{Version: 1, CRS: geo.GK114, Parts: []geo.MultiPolygon{{{{local(0, 0), local(100, 0), local(100, 90), local(0, 90), local(0, 0)}}}, {{{local(0, 100), local(100, 100), local(100, 200), local(0, 200), local(0, 100)}}}}})
			return err
		}(),
		"a reshape out of the park": func() error {
			_, _, err := db.ReshapePlot(ctx, officer, a.ID, land.Reshape{Version: 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{{local(-50, 0), local(100, 0), local(100, 200), local(-50, 200), local(-50, 0)}}}})
			return err
		}(),
		"a reshape that takes it all": func() error {
			_, _, err := db.ReshapePlot(ctx, officer, a.ID, land.Reshape{Version: 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{{local(0, 0), local(300, 0), local(300, 200), local(0, 200), local(0, 0)}}}})
			return err
		}(),
		"a visitor": func() error {
			_, err := db.RetirePlot(ctx, land.Actor{Role: land.Visitor}, a.ID, 1, land.Act{})
			return err
		}(),
	} {
		var invalid *land.InvalidError
		var conflict *land.ConflictError
		var missing *land.NotFoundError
		var forbidden *land.ForbiddenError
		if !errors.As(err, &invalid) && !errors.As(err, &conflict) && !errors.As(err, &missing) && !errors.As(err, &forbidden) && !errors.Is(err, land.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := load(t, db); after.Seq != before.Seq {
		t.Errorf("change %d was made", after.Seq)
	}
}

func date(t *testing.T, s string) land.Date {
	t.Helper()
	d, err := land.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheRegisterTellsWhatWasTrueOnAnyDayAndWhatWasKnown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	old := draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))")
	old.ValidFrom = date(t, "2016-01-01")
	if _, err := importDrafts(t, db, land.Import{Park: "test"}, old); err != nil {
		t.Fatal(err)
	}
	a := byNumber(t, db, "A")
	before := load(t, db)
	if _, _, err := db.UpdatePlot(ctx, officer, a.ID, land.Update{Version: 1, ValidFrom: date(t, "2018-06-30"), Change: func(a *land.Attributes) error { a.Status = land.Reserved; return nil }}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.RetirePlot(ctx, officer, a.ID, 2, land.Act{ValidFrom: date(t, "2020-01-01")}); err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]land.Status{"2015-12-31": "", "2016-01-01": land.Planned, "2018-06-29": land.Planned, "2018-06-30": land.Reserved, "2019-12-31": land.Reserved, "2020-01-01": ""} {
		r, err := db.Load(ctx, land.Moment{At: date(t, day)})
		if err != nil {
			t.Fatal(err)
		}
		var got land.Status
		if len(r.Plots) == 1 {
			got = r.Plots[0].Status
		}
		if got != want || r.At.String() != day {
			t.Errorf("on %s: %q, want %q", day, got, want)
		}
	}
	known, err := db.Load(ctx, land.Moment{At: date(t, "2019-01-01"), Known: before.Plots[0].RecordedAt})
	if err != nil || len(known.Plots) != 1 || known.Plots[0].Status != land.Planned || known.Seq != 1 {
		t.Errorf("as known then: %+v, %v", known, err)
	}
	if _, err := db.Load(ctx, land.Moment{At: date(t, "2999-01-01")}); err == nil {
		t.Error("a day to come was answered")
	}
	checkLog(t, db)
}

func TestTamperingShows(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, sql := range []string{
		`ALTER TABLE plot_versions DISABLE TRIGGER ALL; UPDATE plot_versions SET holder = 'somebody else' WHERE plot_id = 1`,
		`ALTER TABLE plot_versions DISABLE TRIGGER ALL; UPDATE plot_versions SET geom = ST_Translate(geom, 0.000001, 0) WHERE plot_id = 2`,
		`ALTER TABLE changes DISABLE TRIGGER ALL; UPDATE changes SET actor = 'somebody else' WHERE seq = 2`,
		`ALTER TABLE changes DISABLE TRIGGER ALL; DELETE FROM changes WHERE seq = 2`,
	} {
		url := postgistest.URL(t)
		db, err := postgis.Open(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		twoNeighbours(t, db)
		for version := 1; version < 3; version++ {
			if _, _, err := db.UpdatePlot(ctx, officer, 1, land.Update{Version: version, Change: func(a *land.Attributes) error { a.Name += "x"; return nil }}); err != nil {
				t.Fatal(err)
			}
		}
		checkLog(t, db)
		if err := execute(ctx, url, sql); err != nil {
			t.Fatal(err)
		}
		if faults, _, err := db.CheckLog(ctx, func(int) {}); err != nil || len(faults) == 0 {
			t.Errorf("not noticed (%v): %s", err, sql)
		}
		db.Close()
	}
}

// grid founds a park of n by n plots of about 100 m with jittered corners.
func grid(t *testing.T, db *postgis.DB, random *rand.Rand, n int) {
	t.Helper()
	corner := make([][]geo.Point, n+1)
	for i := range corner {
		corner[i] = make([]geo.Point, n+1)
		for j := range corner[i] {
			jitter := func(edge bool) float64 {
				if edge {
					return 0
				}
				return float64(random.IntN(40001)-20000) / 1000
			}
			corner[i][j] = geo.SnapToGrid(local(float64(i)*100+jitter(i == 0 || i == n), float64(j)*100+jitter(j == 0 || j == n)))
		}
	}
	var drafts []land.Draft
	for i := range n {
		for j := range n {
			ring := geo.Ring{corner[i][j], corner[i+1][j], corner[i+1][j+1], corner[i][j+1], corner[i][j]}
			d := land.Draft{CRS: geo.GK114, Boundary: geo.MultiPolygon{{ring}}}
			d.Attributes = land.Attributes{PlotNo: string(rune('A'+i)) + "-" + string(rune('A'+j)), Use: land.UseCode{Scheme: land.GB50137, Code: "M1"}, ValidFrom: date(t, "2016-01-01")}
			drafts = append(drafts, d)
		}
	}
	if _, err := importDrafts(t, db, land.Import{Park: "test"}, drafts...); err != nil {
		t.Fatal(err)
	}
}
