package plan_test

import (
	"errors"
	"math"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/geo"
)

func TestParksHaveThePlansFigures(t *testing.T) {
	t.Parallel()
	var total geo.Mu
	for _, p := range plan.Parks() {
		if err := p.Code.Validate(); err != nil {
			t.Error(err)
		}
		if math.Abs(float64(p.Area-p.Plan.Land.SquareMetres())) > 1e-5 {
			t.Errorf("%s has %.6f m², the plan says %v 亩", p.Code, float64(p.Area), p.Plan.Land)
		}
		if ratio := float64(p.AreaEllipsoid / p.Area); ratio < 0.9999 || ratio >= 1 {
			t.Errorf("%s: ellipsoidal area is %.6f of the plane one", p.Code, ratio)
		}
		if !p.Demonstration || p.PlaneCRS != geo.GK114 || p.NameZh == "" || p.Plan.Source == "" {
			t.Errorf("%s: %+v", p.Code, p)
		}
		total += p.Plan.Land
	}
	if total != 3129 { // 亩, about the 2 km² of which the press writes
		t.Errorf("the parks have %v 亩", total)
	}
}

func TestTargetsAndDutiesNameTheirSource(t *testing.T) {
	t.Parallel()
	schedule, duties := plan.Schedule(), plan.Duties()
	targets, periods := schedule.Targets, schedule.Periods
	if len(periods) != 2 || periods[0].From.String() != "2016-01-01" || periods[1].Until != targets[0].By || periods[1].From != periods[0].Until.AddDays(1) {
		t.Errorf("periods %+v", periods)
	}
	if len(targets) != 5 || targets[0].AtLeast != 190 || targets[0].Unit != "亿元" {
		t.Errorf("targets %+v", targets)
	}
	for _, g := range targets {
		if g.Source == "" || g.AtLeast <= 0 {
			t.Errorf("%+v", g)
		}
	}
	if len(duties) != 5 {
		t.Errorf("%d duties", len(duties))
	}
	for _, d := range duties {
		if d.Source == "" || d.DutyZh == "" || d.DutyEn == "" {
			t.Errorf("%+v", d)
		}
	}
}

func TestUnknownParkIsNotFound(t *testing.T) {
	t.Parallel()
	var missing *land.NotFoundError
	if _, err := plan.Demonstration("tianhe"); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
}
