package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// TestIdleLandFollowsItsPlots holds that plots have the contract of what they came
// out of, and that the last case that looks into them counts.
func TestIdleLandFollowsItsPlots(t *testing.T) {
	t.Parallel()
	db, url := postgistest.Open(t)
	ctx := context.Background()
	a := draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))")
	a.Status, a.SuppliedOn, a.ValidFrom = land.Supplied, date(t, "2018-03-01"), date(t, "2018-03-01")
	b := draft(t, "B", "POLYGON((100 0,200 0,200 200,100 200,100 0))")
	b.Status, b.SuppliedOn, b.ValidFrom = land.UnderConstruction, date(t, "2018-03-01"), date(t, "2018-03-01")
	if _, err := importDrafts(t, db, land.Import{Park: "test"}, a, b); err != nil {
		t.Fatal(err)
	}
	supply := date(t, "2018-03-01")
	contract := postgistest.Act{Name: "contract", On: supply, Facts: `{"contract":{"agreed_start":"2019-02-28","agreed_completion":"2021-01-01","price_wan":500}}`}
	past := postgistest.NewPast(t, url)
	past.Case("test-2018-0001", land.LandSupply, "test", `{"title":"能源中心","mode":"allocation","plots":[1,2],"declared":{"investment_wan":5000}}`, supply,
		append(postgistest.Accepted(supply), postgistest.Did("propose", supply), postgistest.Did("approve", supply), contract)...)
	idle := func(at string) string {
		t.Helper()
		s, err := db.Supervision(ctx, officer, nil, date(t, at), land.DefaultWatch())
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, p := range s.Idle {
			told = append(told, fmt.Sprintf("%s %s %s %s %s fee %s", p.PlotNo, p.Basis, p.Clock.State, p.SuppliedBy, p.IdleCase, p.Fee))
		}
		return fmt.Sprint(told)
	}
	if got := idle("2020-02-28"); got != "[A contract suspected test-2018-0001  fee 100]" {
		t.Error(got)
	}
	// An idle case states days of which documents excuse the holder.
	opened := date(t, "2020-03-02")
	past.Case("test-2020-0001", land.IdleLand, "test", `{"title":"闲置调查","plots":[1],"declared":{"excused_days":30}}`, opened, postgistest.Accepted(opened)...)
	if got := idle("2020-03-28"); got != "[A contract overdue test-2018-0001 test-2020-0001 fee 0]" {
		t.Error(got)
	}
	if got := idle("2020-03-29"); got != "[A contract suspected test-2018-0001 test-2020-0001 fee 100]" {
		t.Error(got)
	}
	// A closed case of disposal has settled it.
	past.Case("test-2020-0002", land.IdleLand, "test", `{"title":"闲置调查","plots":[2],"declared":{}}`, opened,
		append(postgistest.Accepted(opened), postgistest.Did("propose", opened), postgistest.Did("approve", opened), postgistest.Did("resume_work", date(t, "2020-03-20")))...)
	if got := idle("2020-03-29"); got != "[A contract suspected test-2018-0001 test-2020-0001 fee 100 B contract settled test-2018-0001 test-2020-0002 fee 0]" {
		t.Error(got)
	}
	if got := idle("2020-03-19"); got != "[A contract overdue test-2018-0001 test-2020-0001 fee 0]" {
		t.Error(got)
	}
	// Its case splits the plot.
	if _, _, err := db.SplitPlot(ctx, officer, 1, land.Split{Version: 1, CRS: geo.GK114, Line: []geo.Point{local(0, 100), local(100, 100)}, PlotNos: []string{"A1", "A2"}, Act: land.Act{CaseNo: "test-2020-0001"}}); err != nil {
		t.Fatal(err)
	}
	s, err := db.Supervision(ctx, officer, []land.ParkCode{"test"}, land.Date{}, land.DefaultWatch())
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, p := range s.Idle[:2] {
		told = append(told, fmt.Sprint(p.PlotNo, " ", p.Basis, " ", p.SuppliedBy))
	}
	if slices.Sort(told); fmt.Sprint(told) != "[A1 contract test-2018-0001 A2 contract test-2018-0001]" {
		t.Errorf("%v", told)
	}
	if p := s.Progress[0].Projects; len(p) != 1 || *p[0].Investment != 5000 {
		t.Errorf("%+v", p)
	}
	var forbidden *land.ForbiddenError
	for _, who := range []land.Actor{{Role: land.Visitor}, {Role: land.Applicant}, {Role: land.Officer, Park: "other"}} {
		if _, err := db.Supervision(ctx, who, []land.ParkCode{"test"}, land.Date{}, land.DefaultWatch()); !errors.As(err, &forbidden) {
			t.Errorf("%+v: %v", who, err)
		}
	}
}
