package land

import "github.com/dikuai/dikuai/geo"

// DeadlineState says how a case stands to its legal period.
type DeadlineState string

// The states of a deadline.
const (
	DeadlineRunning DeadlineState = "running"
	DeadlineNear    DeadlineState = "near"
	DeadlineOverdue DeadlineState = "overdue"
	DeadlineStopped DeadlineState = "stopped"
	DeadlineMet     DeadlineState = "met"    // ended in time
	DeadlineMissed  DeadlineState = "missed" // ended late
)

var deadlineStates = map[DeadlineState]geo.Words{
	DeadlineRunning: {Zh: "办理中", En: "running"},
	DeadlineNear:    {Zh: "临近", En: "near"},
	DeadlineOverdue: {Zh: "逾期", En: "overdue"},
	DeadlineStopped: {Zh: "中止计时", En: "stopped"},
	DeadlineMet:     {Zh: "按期办结", En: "met"},
	DeadlineMissed:  {Zh: "逾期办结", En: "missed"},
}

// Words are the state's Chinese name and its word.
func (s DeadlineState) Words() geo.Words { return deadlineStates[s] }

// DefaultNearDays is how many working days before the last a deadline is near,
// where nobody sets another number.
const DefaultNearDays = 3

// Deadline is a case's legal period (办理时限) as it stands on a day.
type Deadline struct {
	State    DeadlineState
	Term     int  // working days that the law, or the green channel, gives
	Accepted Date // the day before the first
	Due      Date // the last day; none while the clock is stopped before it
	Ended    Date // the day of the decision, if it is made
	Used     int  // working days that have begun
	Left     int  // of the term; below nothing when it is over

	// Unarranged are the years of the period whose holidays are not known.
	Unarranged []int
}

// DeadlineOf reckons the period of a case from the marks of its clock, in order,
// as it stands on a day; ok is false where it was not accepted by then. A working
// day counts when the clock ran as it began: the day of acceptance does not, nor
// that of a resumption, but that of a suspension and that of the decision do. What
// is accepted again begins anew.
func DeadlineOf(marks []ClockMark, term, near int, c Calendar, today Date) (d Deadline, ok bool) {
	var running, late bool
	var since Date
	run := func(until Date) {
		if !running {
			return
		}
		n := c.WorkingDaysBetween(since, until)
		if d.Due.IsZero() && d.Used+n >= term {
			d.Due = c.AddWorkingDays(since, term-d.Used)
		}
		d.Used += n
		late = late || !d.Due.IsZero() && until.After(d.Due) && until.After(since)
	}
	for _, m := range marks {
		if m.On.After(today) {
			break
		}
		run(m.On)
		since, running = m.On, m.Mark == ClockStart || m.Mark == ClockRun
		switch m.Mark {
		case ClockStart:
			d, late = Deadline{Term: term, Accepted: m.On}, false
		case ClockEnd:
			d.Ended = m.On
		}
	}
	if d.Accepted.IsZero() {
		return d, false
	}
	last := today
	if d.Ended.IsZero() {
		run(today)
	} else {
		last = d.Ended
	}
	if d.Due.IsZero() && (running || !d.Ended.IsZero()) {
		d.Due = c.AddWorkingDays(last, term-d.Used)
	}
	d.Left = term - d.Used
	switch {
	case !d.Ended.IsZero() && late:
		d.State = DeadlineMissed
	case !d.Ended.IsZero():
		d.State = DeadlineMet
	case late:
		d.State = DeadlineOverdue
	case !running:
		d.State = DeadlineStopped
	case d.Left <= near:
		d.State = DeadlineNear
	default:
		d.State = DeadlineRunning
	}
	if d.Due.After(last) {
		last = d.Due
	}
	d.Unarranged = c.Unarranged(d.Accepted, last)
	return d, true
}
