package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// getSupervision tells how cases and land stand; of a key for one park, that park's.
func (s *server) getSupervision(c echo.Context) error {
	q, err := door.Parameters(c, "park", "at")
	if err != nil {
		return err
	}
	at, err := dayOf(q, "at")
	if err != nil {
		return err
	}
	w := s.watch()
	told, err := s.DB.Supervision(c.Request().Context(), access.Actor(c), parksOf(q), at, w)
	if err != nil {
		return err
	}
	asOf := told.At.String()
	if told.At == s.DB.Today() {
		asOf = ""
	}
	door.SetSeq(c, told.Seq)
	return door.Answer(c, http.StatusOK, describeSupervision(told, w, asOf))
}

// watch is what the service's supervision goes by.
func (s *server) watch() land.Watch {
	return land.Watch{Near: cmp.Or(s.NearDays, land.DefaultNearDays), IdleNear: cmp.Or(s.IdleNearDays, land.DefaultIdleNear), Schedule: s.Schedule}
}

func parksOf(q url.Values) []land.ParkCode {
	var parks []land.ParkCode
	for _, code := range door.List(q, "park") {
		parks = append(parks, land.ParkCode(code))
	}
	return parks
}

// dayOf reads a day; the zero day where none is given.
func dayOf(q url.Values, name string) (land.Date, error) {
	day, err := land.ParseDate(q.Get(name))
	if err != nil {
		return day, door.Refuse(name, geo.WordsOf(err), geo.Say("请给出日期，例如 2018-06-30", "give a day such as 2018-06-30"))
	}
	return day, nil
}

// note is something to know of an answer.
type note struct {
	Message   string `json:"message"`
	MessageZh string `json:"message_zh"`
}

type supervision struct {
	At         string                     `json:"at"`
	Near       int                        `json:"near_days"`
	IdleNear   int                        `json:"idle_near_days"`
	Cases      map[land.DeadlineState]int `json:"cases"`
	Overdue    []supervisedCase           `json:"overdue"`
	NearDue    []supervisedCase           `json:"near"`
	Stopped    []supervisedCase           `json:"stopped"`
	Idle       []idlePlot                 `json:"idle"`
	Plots      map[land.IdleState]int     `json:"plots"`
	Milestones []milestone                `json:"milestones"`
	Progress   []parkProgress             `json:"progress"`
	Targets    []planTarget               `json:"targets"`
	Notes      []note                     `json:"notes"`
}

// describeSupervision tells how cases and land stand; asOf is the day for which
// links ask, empty for today.
func describeSupervision(s land.Supervision, w land.Watch, asOf string) supervision {
	a := supervision{
		At: s.At.String(), Near: w.Near, IdleNear: w.IdleNear,
		Cases:   map[land.DeadlineState]int{land.DeadlineOverdue: 0, land.DeadlineNear: 0, land.DeadlineRunning: 0, land.DeadlineStopped: 0},
		Overdue: describeCases(s, land.DeadlineOverdue), NearDue: describeCases(s, land.DeadlineNear), Stopped: describeCases(s, land.DeadlineStopped),
		Idle:  describeIdle(s.Idle, land.IdleFound, land.IdleRecoverable, land.IdleSuspected, land.IdleOverdue, land.IdleNear),
		Plots: map[land.IdleState]int{}, Milestones: make([]milestone, len(s.Milestones)), Progress: make([]parkProgress, len(s.Progress)),
		Targets: make([]planTarget, len(w.Schedule.Targets)), Notes: notesOn(s),
	}
	for _, d := range s.Deadlines {
		a.Cases[d.Deadline.State]++
	}
	for _, state := range []land.IdleState{land.IdleNotDue, land.IdleNear, land.IdleOverdue, land.IdleSuspected, land.IdleRecoverable, land.IdleFound, land.IdleSettled} {
		a.Plots[state] = 0
	}
	for _, p := range s.Idle {
		a.Plots[p.Clock.State]++
	}
	for i, m := range s.Milestones {
		a.Milestones[i] = describeMilestone(m, s)
	}
	for i, p := range s.Progress {
		a.Progress[i] = describeProgress(p, asOf)
	}
	for i, t := range w.Schedule.Targets {
		a.Targets[i] = planTarget{t.MetricZh, t.MetricEn, t.Unit, t.AtLeast, t.Scope, t.By.String(), t.Source}
	}
	return a
}

// notesOn says which years' holidays are not known, and from where days of work
// are where no contract tells.
func notesOn(s land.Supervision) []note {
	notes := []note{}
	add := func(w geo.Words) { notes = append(notes, note{w.En, w.Zh}) }
	var years []int
	for _, d := range s.Deadlines {
		years = append(years, d.Deadline.Unarranged...)
	}
	slices.Sort(years)
	if years = slices.Compact(years); len(years) > 0 {
		add(notArranged(years))
	}
	if n := countOf(s.Idle, func(p land.IdlePlot) bool { return p.Basis == land.BySuppliedOn }); n > 0 {
		add(geo.Say("%d 个地块没有约定动工日和交付日，应动工日按供应日期满一年计", "of %d plots neither an agreed start nor a delivery is known: a year past the day of supply counts", n))
	}
	return notes
}

func countOf[T any](list []T, is func(T) bool) (n int) {
	for _, one := range list {
		if is(one) {
			n++
		}
	}
	return n
}

type plotName struct {
	ID     land.PlotID `json:"plot_id"`
	PlotNo string      `json:"plot_no"`
}

// supervisedCase is a case with its legal period.
type supervisedCase struct {
	No         land.CaseNo        `json:"case_no"`
	Kind       land.CaseKind      `json:"kind"`
	KindZh     string             `json:"kind_zh"`
	KindEn     string             `json:"kind_en"`
	Park       land.ParkCode      `json:"park"`
	Title      string             `json:"title"`
	Applicant  string             `json:"applicant"`
	State      land.CaseState     `json:"state"`
	StateZh    string             `json:"state_zh"`
	StateEn    string             `json:"state_en"`
	Green      bool               `json:"green"`
	Term       int                `json:"term_days"`
	Accepted   string             `json:"accepted"`
	Due        string             `json:"due,omitempty"`
	Used       int                `json:"used_days"`
	Left       int                `json:"left_days"`
	Deadline   land.DeadlineState `json:"deadline"`
	DeadlineZh string             `json:"deadline_zh"`
	DeadlineEn string             `json:"deadline_en"`
	Plots      []plotName         `json:"plots"`
	Href       string             `json:"href"`
}

func describeCase(d land.CaseDeadline) supervisedCase {
	c, k := d.Case, d.Deadline
	kind, state, words := c.Kind.Name(), c.State.Name(), k.State.Words()
	a := supervisedCase{
		c.No, c.Kind, kind.Zh, kind.En, c.Park, c.Title, c.Applicant.Name, c.State, state.Zh, state.En, c.Green,
		k.Term, k.Accepted.String(), k.Due.String(), k.Used, k.Left, k.State, words.Zh, words.En, make([]plotName, len(d.Plots)), casePath(c.No),
	}
	for i, p := range d.Plots {
		a.Plots[i] = plotName(p)
	}
	return a
}

func casePath(no land.CaseNo) string { return "/api/v1/cases/" + url.PathEscape(string(no)) }

// describeCases are the cases that stand so to their periods.
func describeCases(s land.Supervision, states ...land.DeadlineState) []supervisedCase {
	told := []supervisedCase{}
	for _, d := range s.Deadlines {
		if slices.Contains(states, d.Deadline.State) {
			told = append(told, describeCase(d))
		}
	}
	return told
}

// idlePlot is a supplied plot with its idle-land clock.
type idlePlot struct {
	plotName
	Park        land.ParkCode  `json:"park"`
	Holder      string         `json:"holder"`
	AreaMu      float64        `json:"area_mu"`
	Status      land.Status    `json:"status"`
	State       land.IdleState `json:"state"`
	StateZh     string         `json:"state_zh"`
	StateEn     string         `json:"state_en"`
	Start       string         `json:"start"`
	Basis       land.IdleBasis `json:"basis"`
	YearOn      string         `json:"year_on,omitempty"`
	TwoYearsOn  string         `json:"two_years_on,omitempty"`
	DaysLeft    int            `json:"days_left"`
	DaysOver    int            `json:"days_over"`
	DaysStood   int            `json:"days_stood"`
	Recoverable bool           `json:"recoverable"`
	Price       *land.Wan      `json:"price_wan,omitempty"`
	Fee         *land.Wan      `json:"fee_wan,omitempty"`
	CaseNo      land.CaseNo    `json:"case_no,omitempty"`
	IdleCaseNo  land.CaseNo    `json:"idle_case_no,omitempty"`
	Href        string         `json:"href"`
}

// describeIdle are the plots whose clocks are in the states.
func describeIdle(all []land.IdlePlot, states ...land.IdleState) []idlePlot {
	told := []idlePlot{}
	for _, p := range all {
		k := p.Clock
		if !slices.Contains(states, k.State) {
			continue
		}
		told = append(told, idlePlot{
			plotName(p.PlotName), p.Park, p.Holder, geo.Round(float64(p.Area.Mu()), geo.MuDecimals), p.Status, k.State, k.State.Words().Zh, k.State.Words().En,
			k.Start.String(), p.Basis, k.YearOn.String(), k.TwoYearsOn.String(), k.DaysLeft, k.DaysOver, k.DaysStood, k.Recoverable,
			orNull(p.Price), orNull(p.Fee), p.SuppliedBy, p.IdleCase, plotPath(p.ID),
		})
	}
	return told
}
