package land

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// marks reads the marks of a clock: "start 2016-02-05 stop 2016-02-15".
func marks(t testing.TB, text string) []ClockMark {
	t.Helper()
	words := strings.Fields(text)
	var all []ClockMark
	for i := 0; i < len(words); i += 2 {
		all = append(all, ClockMark{Clock(words[i]), day(t, words[i+1])})
	}
	return all
}

func TestDeadlinesAreReckonedInWorkingDays(t *testing.T) {
	t.Parallel()
	c := springOf2016(t)
	for _, x := range []struct{ marks, today, want string }{
		{"", "2016-02-05", "none"},
		{"start 2016-02-08", "2016-02-05", "none"}, // not yet
		{"start 2016-02-05", "2016-02-05", "running due 2016-02-18 used 0 left 6"},
		{"start 2016-02-05", "2016-02-06", "running due 2016-02-18 used 1 left 5"}, // a Saturday that counts
		{"start 2016-02-05", "2016-02-13", "running due 2016-02-18 used 1 left 5"},
		{"start 2016-02-05", "2016-02-16", "running due 2016-02-18 used 4 left 2"},
		{"start 2016-02-05", "2016-02-17", "near due 2016-02-18 used 5 left 1"},
		{"start 2016-02-05", "2016-02-18", "near due 2016-02-18 used 6 left 0"}, // the last day is in time
		{"start 2016-02-05", "2016-02-19", "overdue due 2016-02-18 used 7 left -1"},
		{"start 2016-02-12", "2016-02-18", "running due 2016-02-19 used 5 left 1"}, // near is the last day alone
		{"start 2016-02-12", "2016-02-20", "overdue due 2016-02-19 used 6 left 0"}, // a Saturday after it
		{"start 2016-02-15", "2016-02-27", "overdue due 2016-02-23 used 9 left -3"},
		{"start 2016-02-05 stop 2016-02-15", "2016-02-29", "stopped due  used 3 left 3"},
		{"start 2016-02-05 stop 2016-02-15 run 2016-02-22", "2016-02-22", "running due 2016-02-25 used 3 left 3"},
		{"start 2016-02-05 stop 2016-02-15 run 2016-02-15", "2016-02-15", "running due 2016-02-18 used 3 left 3"}, // within a day
		{"start 2016-02-05 stop 2016-02-15 run 2016-02-22 end 2016-02-25", "2016-06-01", "met due 2016-02-25 used 6 left 0"},
		{"start 2016-02-05 end 2016-02-16", "2016-06-01", "met due 2016-02-18 used 4 left 2"},
		{"start 2016-02-05 end 2016-02-19", "2016-06-01", "missed due 2016-02-18 used 7 left -1"},
		{"start 2016-02-05 stop 2016-02-19", "2016-06-01", "overdue due 2016-02-18 used 7 left -1"}, // stopped too late
		{"start 2016-02-05 stop 2016-02-18", "2016-06-01", "stopped due 2016-02-18 used 6 left 0"},  // on the last day
		{"start 2016-02-05 stop 2016-02-18 run 2016-02-29 end 2016-02-29", "2016-06-01", "met due 2016-02-18 used 6 left 0"},
		{"start 2016-02-05 stop 2016-02-18 run 2016-02-29 end 2016-03-01", "2016-06-01", "missed due 2016-02-18 used 7 left -1"},
		{"start 2016-02-05 stop 2016-02-15 end 2016-02-17", "2016-06-01", "met due 2016-02-22 used 3 left 3"}, // withdrawn while stopped
		{"start 2016-02-05 end 2016-02-19 start 2016-03-01", "2016-03-02", "running due 2016-03-09 used 1 left 5"},
	} {
		got := "none"
		near := 1
		if strings.HasPrefix(x.marks, "start 2016-02-12") {
			near = 0
		}
		if d, ok := DeadlineOf(marks(t, x.marks), 6, near, c, day(t, x.today)); ok {
			got = fmt.Sprintf("%s due %s used %d left %d", d.State, d.Due, d.Used, d.Left)
		}
		if got != x.want {
			t.Errorf("%s on %s:\n got %s\nwant %s", x.marks, x.today, got, x.want)
		}
	}
	if d, _ := DeadlineOf(marks(t, "start 2016-12-29"), 6, 3, c, day(t, "2016-12-30")); len(d.Unarranged) != 1 || d.Unarranged[0] != 2017 {
		t.Errorf("it is not said that 2017 is not arranged: %+v", d)
	}
}

// slowDeadline reckons day by day what DeadlineOf reckons in spans.
func slowDeadline(all []ClockMark, term, near int, c Calendar, today Date) (Deadline, bool) {
	d := Deadline{Term: term}
	running, late := false, false
	for at := all[0].On; !at.After(today); at = at.AddDays(1) {
		if running { // as the day begins
			late = late || !d.Due.IsZero()
			if c.Works(at) {
				if d.Used++; d.Used == term {
					d.Due = at
				}
			}
		}
		for _, m := range all {
			if m.On != at {
				continue
			}
			running = m.Mark == ClockStart || m.Mark == ClockRun
			if m.Mark == ClockStart {
				d, late = Deadline{Term: term, Accepted: at}, false
			}
			if m.Mark == ClockEnd {
				d.Ended = at
			}
		}
	}
	if d.Accepted.IsZero() {
		return d, false
	}
	d.Left = term - d.Used
	if d.Due.IsZero() && (running || !d.Ended.IsZero()) {
		at := today
		if !d.Ended.IsZero() {
			at = d.Ended
		}
		for left := d.Left; left > 0; {
			if at = at.AddDays(1); c.Works(at) {
				left--
			}
		}
		d.Due = at
	}
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
	return d, true
}

func TestDeadlinesAgreeWithCountingDayByDay(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	states := map[DeadlineState]int{}
	for range 3000 {
		y := CalendarYear{Year: 2016}
		first := day(t, "2016-01-01")
		for range random.IntN(40) {
			y.Days = append(y.Days, CalendarDay{first.AddDays(random.IntN(366)), random.IntN(2) == 0, "节"})
		}
		c := NewCalendar(y)
		at := first.AddDays(random.IntN(60))
		all := []ClockMark{{ClockStart, at}}
		for last := ClockStart; last != ClockEnd && random.IntN(8) > 0; {
			at = at.AddDays(random.IntN(12))
			switch {
			case random.IntN(5) == 0:
				last = ClockEnd
			case last == ClockStop:
				last = ClockRun
			default:
				last = ClockStop
			}
			all = append(all, ClockMark{last, at})
			if last == ClockEnd && random.IntN(4) == 0 {
				at, last = at.AddDays(random.IntN(9)), ClockStart
				all = append(all, ClockMark{last, at})
			}
		}
		term, near, today := 1+random.IntN(30), random.IntN(5), first.AddDays(random.IntN(200)-5)
		got, ok := DeadlineOf(all, term, near, c, today)
		want, wanted := slowDeadline(all, term, near, c, today)
		got.Unarranged = nil
		if ok != wanted || ok && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("seed %d: %v, term %d, on %s:\n got %v\nwant %v", seed, all, term, today, got, want)
		}
		states[got.State]++
	}
	if len(states) < 7 {
		t.Errorf("only these states came about: %v", states)
	}
}
