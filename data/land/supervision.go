package land

import (
	"cmp"
	"slices"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Supervision is how land and cases of some parks stand on a day (监督).
type Supervision struct {
	At         Date
	Deadlines  []CaseDeadline // of cases whose legal period has begun and not ended, the most pressing first
	Idle       []IdlePlot     // the most pressing first
	Progress   []ParkProgress // a park each, in order
	Milestones []MilestoneLand
	Seq        Seq
}

// Watch is what supervision goes by.
type Watch struct {
	Near     int // working days before the last from which a deadline is near
	IdleNear int // days before work is to begin from which that is near
	Schedule Schedule
}

// DefaultWatch goes by the usual numbers, and by no plan.
func DefaultWatch() Watch { return Watch{Near: DefaultNearDays, IdleNear: DefaultIdleNear} }

// MaySupervise refuses an actor who may not see every case of a park; "" is every
// park.
func (a Actor) MaySupervise(park ParkCode) error {
	if a.MaySeeCases(park) {
		return nil
	}
	if !a.MaySeeCases(a.Park) {
		return &ForbiddenError{geo.Say("监督需要 officer、approver 或 admin 角色，您的角色为 %s", "supervision needs the role officer, approver or admin, not %s", a.Role)}
	}
	return &ForbiddenError{geo.Say("您的密钥用于园区 %s，不能用于 %s", "your key is for park %s, not %s", a.Park, cmp.Or(park, "*"))}
}

// PlotName is a plot with its number.
type PlotName struct {
	ID     PlotID
	PlotNo string
}

// CaseDeadline is a case with its legal period.
type CaseDeadline struct {
	Case     Case
	Plots    []PlotName
	Deadline Deadline
}

// pressing is the order in which deadlines are told.
var pressing = []DeadlineState{DeadlineOverdue, DeadlineNear, DeadlineRunning, DeadlineStopped}

// SortDeadlines puts the most pressing first.
func SortDeadlines(all []CaseDeadline) {
	slices.SortFunc(all, func(a, b CaseDeadline) int {
		return cmp.Or(
			cmp.Compare(slices.Index(pressing, a.Deadline.State), slices.Index(pressing, b.Deadline.State)),
			cmp.Compare(a.Deadline.Due.String(), b.Deadline.Due.String()), cmp.Compare(a.Case.No, b.Case.No))
	})
}

// SuppliedPlot is a plot that was supplied, with what is known of when work on it
// is to begin.
type SuppliedPlot struct {
	PlotName
	Park       ParkCode
	Holder     string
	Area       geo.SquareMetres
	Status     Status
	SuppliedOn Date
	SuppliedBy CaseNo // "" where no case of the register did
	Contract   *Contract
	IdleCase   CaseNo   // the last that looks into the plot, "" for none
	Declared   Declared // of the idle case
	Settled    Date     // the day on which the idle case was closed

	Changes   int       // how often what is known of it changed
	ChangedAt time.Time // when it did last
}

// closedBy says whether the case was closed by a day.
func (c Case) closedBy(at Date) bool {
	return c.State == CaseClosed && !c.changedOn().After(at)
}

// changedOn is the day of the last act on the case.
func (c Case) changedOn() Date { return DateOf(c.ChangedAt.In(ChinaStandardTime)) }

// DisposedOf lists the plots of cases of idle land that were closed by a day.
func DisposedOf(cases []Case, at Date) []PlotID {
	plots := []PlotID{}
	for _, c := range cases {
		if c.Kind == IdleLand && c.closedBy(at) {
			plots = append(plots, c.Plots...)
		}
	}
	return plots
}

// SuppliedBy adds to plots by which case each was supplied, and which looks into it
// as idle land, of the cases that there were by a day: the last of each. A plot has
// those of the plots that it came out of; origins are these, and itself.
func SuppliedBy(plots []SuppliedPlot, origins map[PlotID][]PlotID, cases []Case, at Date) []SuppliedPlot {
	supplies, looks := map[PlotID]Case{}, map[PlotID]Case{}
	later := func(of map[PlotID]Case, c Case) {
		for _, id := range c.Plots {
			if old, ok := of[id]; !ok || c.ChangedAt.After(old.ChangedAt) {
				of[id] = c
			}
		}
	}
	for _, c := range cases {
		switch {
		case c.Kind == LandSupply && c.closedBy(at) && c.Told.Contract != nil:
			later(supplies, c)
		case c.Kind == IdleLand && !c.AcceptedOn().IsZero() && !c.OpenedOn.After(at) && (!c.Ended() || c.closedBy(at)):
			later(looks, c)
		}
	}
	plots = slices.Clone(plots)
	for i := range plots {
		p := &plots[i]
		var supply, look Case
		for _, id := range origins[p.ID] {
			if c := supplies[id]; c.ChangedAt.After(supply.ChangedAt) {
				supply = c
			}
			if c := looks[id]; c.ChangedAt.After(look.ChangedAt) {
				look = c
			}
		}
		p.SuppliedBy, p.Contract = supply.No, supply.Told.Contract
		for _, c := range []Case{supply, look} {
			if p.Changes += c.Version; c.ChangedAt.After(p.ChangedAt) {
				p.ChangedAt = c.ChangedAt
			}
		}
		settled := look.closedBy(at)
		if settled && (p.Status == Supplied || p.Status == Idle) { // it was supplied anew, or is idle again
			continue
		}
		p.IdleCase, p.Declared = look.No, look.Declared
		if settled {
			p.Settled = look.changedOn()
		}
	}
	return plots
}

// ProjectsOf lists what the cases of supply declare that a park closed by a day.
func ProjectsOf(cases []Case, park ParkCode, at Date) []Project {
	var projects []Project
	for _, c := range cases {
		if c.Kind == LandSupply && c.Park == park && c.closedBy(at) {
			projects = append(projects, Project{c.No, c.Declared.Investment, c.Declared.Output})
		}
	}
	return projects
}

// IdleBasis tells from where the day is on which work was to begin.
type IdleBasis string

// The bases.
const (
	ByContract   IdleBasis = "contract"    // 约定动工日, of the contract or the allocation decision
	ByStatement  IdleBasis = "declared"    // the same, as the idle case states it
	BySuppliedOn IdleBasis = "supplied_on" // a year past 供应日期, no start and no delivery being known
)

// IdlePlot is a supplied plot with its idle-land clock. Price and Fee are 0 where
// they are not known; Fee is what may be charged now.
type IdlePlot struct {
	SuppliedPlot
	Basis      IdleBasis
	Clock      IdleClock
	Price, Fee Wan
}

// IdlePlot reckons the clock of the plot on a day; ok is false where it has none.
// Days by which stops put the clock off, as the idle case has them, are taken to
// be the first past the start.
func (p SuppliedPlot) IdlePlot(near int, today Date) (idle IdlePlot, ok bool) {
	terms := IdleTerms{Settled: p.Settled}
	idle = IdlePlot{SuppliedPlot: p, Price: p.Declared.Price}
	switch {
	case p.Contract != nil:
		idle.Basis, idle.Price, terms.AgreedStart = ByContract, p.Contract.Price, p.Contract.AgreedStart
	case !p.Declared.AgreedStart.IsZero():
		idle.Basis, terms.AgreedStart = ByStatement, p.Declared.AgreedStart
	default:
		idle.Basis, terms.Delivered = BySuppliedOn, p.SuppliedOn
	}
	switch p.Status {
	case Supplied:
	case Idle:
		terms.Found = today
	default:
		terms.Started = today
	}
	if n := p.Declared.ExcusedDays; n > 0 {
		start := cmp.Or(terms.AgreedStart, terms.Delivered.AddYears(1))
		terms.Standstills = []Standstill{{From: start.AddDays(1), Until: start.AddDays(n)}}
	}
	if idle.Clock, ok = IdleClockOf(terms, near, today); ok && idle.Clock.YearFull && !idle.Clock.Recoverable && idle.Clock.State != IdleSettled {
		idle.Fee = IdleFee(idle.Price)
	}
	return idle, ok
}

// worst is the order in which idle land is told.
var worst = []IdleState{IdleFound, IdleRecoverable, IdleSuspected, IdleOverdue, IdleNear, IdleNotDue, IdleSettled}

// SortIdle puts the most pressing first.
func SortIdle(all []IdlePlot) {
	slices.SortFunc(all, func(a, b IdlePlot) int {
		return cmp.Or(
			cmp.Compare(slices.Index(worst, a.Clock.State), slices.Index(worst, b.Clock.State)),
			cmp.Compare(a.Clock.Start.String(), b.Clock.Start.String()), cmp.Compare(a.ID, b.ID))
	})
}

// StatusLand is the land of some plots: its plane area, and which they are. Where
// they are very many, Plots are the first of Count.
type StatusLand struct {
	Area  geo.SquareMetres
	Count int
	Plots []PlotID // in ascending order
}

// ParkLand is a park's land by status.
type ParkLand map[Status]StatusLand

// LandStage is how far land has come: the statuses that have come so far.
type LandStage struct {
	Name     string
	Zh, En   string
	Statuses []Status
}

// LandStages lists the stages that are held to the plan's land.
func LandStages() []LandStage {
	return []LandStage{
		{"supplied", "已供应", "supplied", []Status{Supplied, UnderConstruction, Completed, Verified, Idle}},
		{"under_construction", "在建", "under construction", []Status{UnderConstruction}},
		{"built", "已建成", "built", []Status{Completed, Verified}},
		{"verified", "已核实", "verified", []Status{Verified}},
		{"idle", "闲置", "idle", []Status{Idle}},
	}
}

// Stage is the land of a park that has come so far.
func (l ParkLand) Stage(s LandStage) StatusLand {
	var sum StatusLand
	for _, status := range s.Statuses {
		one := l[status]
		sum.Area += one.Area
		sum.Count += one.Count
		sum.Plots = append(sum.Plots, one.Plots...)
	}
	slices.Sort(sum.Plots)
	return sum
}

// ParkProgress is a park held to the plan: its land, what the projects that got
// land declared, and its quota.
type ParkProgress struct {
	Park     Park
	Land     ParkLand
	Projects []Project
	Quota    []QuotaState // by year and kind
}

// Project is what a closed case of supply declares, in 万元; nil where it does not.
type Project struct {
	No                 CaseNo
	Investment, Output *float64
}

// MilestoneLand is the land of parks by the end of a period of the plan, or today
// in the midst of it. Parks are empty before it begins.
type MilestoneLand struct {
	Period Period
	On     Date // as of which day
	Land   map[ParkCode]ParkLand
}
