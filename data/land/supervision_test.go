package land

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

func TestIdleLandGoesByTheBestBasisThatIsKnown(t *testing.T) {
	t.Parallel()
	at := func(s string) Date { return day(t, s) }
	contract := &Contract{AgreedStart: at("2018-05-20"), Price: 1000 * perWan}
	for _, x := range []struct {
		plot        SuppliedPlot
		today, want string
	}{
		{SuppliedPlot{Status: Supplied, SuppliedOn: at("2017-03-01")}, "2018-06-01", "supplied_on overdue 2018-03-01 fee 0"},
		{SuppliedPlot{Status: Supplied, SuppliedOn: at("2017-03-01"), Contract: contract}, "2018-06-01", "contract overdue 2018-05-20 fee 0"},
		{SuppliedPlot{Status: Supplied, SuppliedOn: at("2017-03-01"), Contract: contract}, "2019-06-01", "contract suspected 2018-05-20 fee 200"},
		{SuppliedPlot{Status: Idle, SuppliedOn: at("2017-03-01"), Contract: contract}, "2019-06-01", "contract found 2018-05-20 fee 200"},
		{SuppliedPlot{Status: Idle, SuppliedOn: at("2017-03-01"), Contract: contract}, "2020-06-01", "contract found 2018-05-20 fee 0"}, // it may be taken back now
		{SuppliedPlot{Status: Supplied, Contract: contract, Declared: Declared{ExcusedDays: 12}}, "2019-05-31", "contract overdue 2018-05-20 fee 0"},
		{SuppliedPlot{Status: Supplied, Contract: contract, Declared: Declared{ExcusedDays: 12}}, "2019-06-01", "contract suspected 2018-05-20 fee 200"},
		{SuppliedPlot{Status: Supplied, SuppliedOn: at("2017-03-01"), Declared: Declared{AgreedStart: at("2018-01-01"), Price: 10}}, "2019-01-01", "declared suspected 2018-01-01 fee 0.000002"},
		{SuppliedPlot{Status: Supplied, SuppliedOn: at("2017-03-01"), Declared: Declared{ExcusedDays: 2}}, "2019-03-02", "supplied_on overdue 2018-03-01 fee 0"},
		{SuppliedPlot{Status: UnderConstruction, SuppliedOn: at("2017-03-01")}, "2018-06-01", "none"},
		{SuppliedPlot{Status: UnderConstruction, SuppliedOn: at("2017-03-01"), Settled: at("2018-05-01")}, "2018-06-01", "supplied_on settled 2018-03-01 fee 0"},
		{SuppliedPlot{Status: Supplied}, "2018-06-01", "none"},
	} {
		got := "none"
		if idle, ok := x.plot.IdlePlot(DefaultIdleNear, at(x.today)); ok {
			got = fmt.Sprintf("%s %s %s fee %s", idle.Basis, idle.Clock.State, idle.Clock.Start, idle.Fee)
		}
		if got != x.want {
			t.Errorf("%+v on %s: %s, not %s", x.plot, x.today, got, x.want)
		}
	}
}

func TestTheMostPressingComesFirst(t *testing.T) {
	t.Parallel()
	at := func(s string) Date { return day(t, s) }
	cases := []CaseDeadline{
		{Case: Case{No: "a-2016-0005"}, Deadline: Deadline{State: DeadlineStopped}},
		{Case: Case{No: "a-2016-0004"}, Deadline: Deadline{State: DeadlineRunning, Due: at("2016-04-01")}},
		{Case: Case{No: "a-2016-0003"}, Deadline: Deadline{State: DeadlineNear, Due: at("2016-03-02")}},
		{Case: Case{No: "a-2016-0002"}, Deadline: Deadline{State: DeadlineOverdue, Due: at("2016-02-02")}},
		{Case: Case{No: "a-2016-0001"}, Deadline: Deadline{State: DeadlineOverdue, Due: at("2016-02-02")}},
	}
	SortDeadlines(cases)
	for i, c := range cases {
		if c.Case.No != NewCaseNo("a", 2016, i+1) {
			t.Errorf("%d: %s", i, c.Case.No)
		}
	}
	idle := []IdlePlot{
		{SuppliedPlot: SuppliedPlot{PlotName: PlotName{ID: 4}}, Clock: IdleClock{State: IdleNear, Start: at("2016-01-01")}},
		{SuppliedPlot: SuppliedPlot{PlotName: PlotName{ID: 3}}, Clock: IdleClock{State: IdleSuspected, Start: at("2016-02-01")}},
		{SuppliedPlot: SuppliedPlot{PlotName: PlotName{ID: 2}}, Clock: IdleClock{State: IdleSuspected, Start: at("2016-01-01")}},
		{SuppliedPlot: SuppliedPlot{PlotName: PlotName{ID: 1}}, Clock: IdleClock{State: IdleFound, Start: at("2017-01-01")}},
	}
	SortIdle(idle)
	for i, p := range idle {
		if p.ID != PlotID(i+1) {
			t.Errorf("%d: %d", i, p.ID)
		}
	}
}

// TestEveryStatusAfterSupplyIsOfAStage holds the stages to the statuses: what was
// supplied is under construction, built, idle, or not begun.
func TestEveryStatusAfterSupplyIsOfAStage(t *testing.T) {
	t.Parallel()
	land := ParkLand{}
	for i, n := range Statuses() {
		land[n.Status] = StatusLand{Area: geo.SquareMetres(int(1) << i), Count: 1, Plots: []PlotID{PlotID(100 - i)}}
	}
	stages := map[string]StatusLand{}
	for _, s := range LandStages() {
		stages[s.Name] = land.Stage(s)
		if s.Zh == "" || s.En == "" || !slices.IsSorted(stages[s.Name].Plots) {
			t.Errorf("%+v", s)
		}
	}
	sum := land[Supplied].Area + stages["under_construction"].Area + stages["built"].Area + stages["idle"].Area
	if s := stages["supplied"]; s.Area != sum || s.Count != 5 || len(s.Plots) != 5 {
		t.Errorf("supplied is %+v", s)
	}
	if stages["verified"].Area >= stages["built"].Area {
		t.Error("what is verified is built")
	}
}
