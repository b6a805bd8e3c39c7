package land

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// standstills reads "2016-06-01..2016-06-30 2017-01-01..".
func standstills(t testing.TB, text string) []Standstill {
	t.Helper()
	var all []Standstill
	for _, word := range strings.Fields(text) {
		from, until, _ := strings.Cut(word, "..")
		all = append(all, Standstill{From: day(t, from), Until: day(t, until)})
	}
	return all
}

func TestTheIdleClockRunsInCalendarYears(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ start, stood, today, want string }{
		{"2016-05-20", "", "2016-02-19", "not_due left 91"},
		{"2016-05-20", "", "2016-02-20", "near left 90"}, // over 29 February
		{"2017-05-20", "", "2017-02-19", "near left 90"},
		{"2016-05-20", "", "2016-05-20", "near left 0"},
		{"2016-05-20", "", "2016-05-21", "overdue over 1"},
		{"2016-05-20", "", "2017-05-19", "overdue over 364"},
		{"2016-05-20", "", "2017-05-20", "suspected over 365"},
		{"2015-05-20", "", "2016-05-19", "overdue over 365"}, // 365 days are no year here
		{"2015-05-20", "", "2016-05-20", "suspected over 366"},
		{"2016-02-29", "", "2017-02-27", "overdue over 364"},
		{"2016-02-29", "", "2017-02-28", "suspected over 365"},
		{"2016-02-29", "", "2018-02-27", "suspected over 729"},
		{"2016-02-29", "", "2018-02-28", "recoverable over 730"},
		{"2018-02-28", "", "2020-02-27", "suspected over 729"},
		{"2018-02-28", "", "2020-02-28", "recoverable over 730"},
		{"2016-12-31", "", "2017-12-31", "suspected over 365"},
		{"2016-05-20", "2016-06-01..2016-06-30", "2017-06-18", "overdue over 364 stood 30"},
		{"2016-05-20", "2016-06-01..2016-06-30", "2017-06-19", "suspected over 365 stood 30"},
		{"2016-05-20", "2016-06-10..2016-06-30 2016-06-01..2016-06-15", "2017-06-19", "suspected over 365 stood 30"}, // they overlap
		{"2016-05-20", "2016-04-01..2016-06-30", "2016-06-30", "near left 0 stood 41"},                               // none of it before the start
		{"2016-05-20", "2016-04-01..2016-06-30", "2016-07-01", "overdue over 1 stood 41"},
		{"2016-05-20", "2017-06-01..2018-06-01", "2017-07-01", "suspected over 376 stood 31"}, // what was full stays full
		{"2016-05-20", "2016-06-01..", "2020-01-01", "overdue over 11 stood 1310"},            // still goes on
		{"2016-05-20", "2016-02-28..2016-02-29", "2017-05-20", "suspected over 365"},
	} {
		k, ok := IdleClockOf(IdleTerms{AgreedStart: day(t, x.start), Standstills: standstills(t, x.stood)}, DefaultIdleNear, day(t, x.today))
		got := string(k.State)
		if k.DaysOver > 0 {
			got += fmt.Sprintf(" over %d", k.DaysOver)
		} else {
			got += fmt.Sprintf(" left %d", k.DaysLeft)
		}
		if k.DaysStood > 0 {
			got += fmt.Sprintf(" stood %d", k.DaysStood)
		}
		if !ok || got != x.want {
			t.Errorf("start %s, stood %q, on %s: %s, not %s", x.start, x.stood, x.today, got, x.want)
		}
	}
}

func TestTheIdleClockGoesByWhatHappened(t *testing.T) {
	t.Parallel()
	at := func(s string) Date { return day(t, s) }
	state := func(terms IdleTerms, today string) string {
		k, ok := IdleClockOf(terms, DefaultIdleNear, at(today))
		if !ok {
			return "none"
		}
		return fmt.Sprintf("%s %s %v", k.State, k.Start, k.Recoverable)
	}
	found := IdleTerms{AgreedStart: at("2016-05-20"), Found: at("2017-07-01")}
	settled := found
	settled.Started, settled.Settled = at("2017-09-01"), at("2017-09-01")
	for _, x := range []struct {
		terms       IdleTerms
		today, want string
	}{
		{IdleTerms{}, "2016-05-20", "none"},
		{IdleTerms{Delivered: at("2016-02-29")}, "2017-03-01", "overdue 2017-02-28 false"},
		{IdleTerms{Delivered: at("2015-02-28")}, "2016-02-29", "overdue 2016-02-28 false"},
		{IdleTerms{Delivered: at("2015-02-28"), AgreedStart: at("2017-01-01")}, "2016-03-01", "not_due 2017-01-01 false"},
		{IdleTerms{AgreedStart: at("2016-05-20"), Started: at("2016-05-01")}, "2016-05-01", "none"},
		{IdleTerms{AgreedStart: at("2016-05-20"), Started: at("2016-05-01")}, "2016-04-30", "near 2016-05-20 false"},
		{found, "2017-06-30", "suspected 2016-05-20 false"},
		{found, "2017-07-01", "found 2016-05-20 false"},
		{found, "2018-05-20", "found 2016-05-20 true"},
		{settled, "2017-08-31", "found 2016-05-20 false"},
		{settled, "2017-09-01", "settled 2016-05-20 false"},
	} {
		if got := state(x.terms, x.today); got != x.want {
			t.Errorf("%+v on %s: %s, not %s", x.terms, x.today, got, x.want)
		}
	}
	k, _ := IdleClockOf(IdleTerms{AgreedStart: at("2016-02-29"), Standstills: standstills(t, "2016-03-01..2016-03-10")}, 90, at("2016-03-05"))
	if k.YearOn != at("2017-03-10") || k.TwoYearsOn != at("2018-03-10") {
		t.Errorf("the years are full on %s and %s", k.YearOn, k.TwoYearsOn)
	}
	k, _ = IdleClockOf(IdleTerms{AgreedStart: at("2016-02-29"), Standstills: standstills(t, "2017-06-01..")}, 90, at("2017-07-01"))
	if k.YearOn != at("2017-02-28") || !k.TwoYearsOn.IsZero() {
		t.Errorf("the years are full on %s and %q", k.YearOn, k.TwoYearsOn)
	}
}

// TestTheIdleClockAgreesWithCountingDayByDay walks from the start a day at a time.
func TestTheIdleClockAgreesWithCountingDayByDay(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	first := day(t, "2015-01-01")
	for range 500 {
		start := first.AddDays(random.IntN(1000))
		var stood []Standstill
		for range random.IntN(4) {
			s := Standstill{From: start.AddDays(random.IntN(1000) - 100)}
			s.Until = s.From.AddDays(random.IntN(300))
			if random.IntN(10) == 0 {
				s.Until = Date{}
			}
			stood = append(stood, s)
		}
		still := func(d Date) bool {
			for _, s := range stood {
				if !s.From.After(d) && (s.Until.IsZero() || !d.After(s.Until)) {
					return true
				}
			}
			return false
		}
		today := start.AddDays(random.IntN(1500) - 100)
		over, stopped, ran := 0, 0, 0
		var yearOn, twoYearsOn Date
		for d := start.AddDays(1); !d.After(start.AddDays(4000)); d = d.AddDays(1) {
			now := !d.After(today)
			if still(d) {
				if now {
					stopped++
				}
				continue
			}
			if now {
				over++
			}
			switch ran++; ran {
			case start.DaysTo(start.AddYears(1)):
				yearOn = d
			case start.DaysTo(start.AddYears(2)):
				twoYearsOn = d
			}
		}
		k, ok := IdleClockOf(IdleTerms{AgreedStart: start, Standstills: stood}, 90, today)
		if !ok || k.YearOn != yearOn || k.TwoYearsOn != twoYearsOn || k.DaysOver != over || k.DaysStood != stopped {
			t.Fatalf("seed %d: start %s, stood %v, on %s: %+v; by days over %d stood %d, years on %q %q", seed, start, stood, today, k, over, stopped, yearOn, twoYearsOn)
		}
	}
}

// TestADayIsADayInChina holds that an act in the evening of UTC falls on the next
// day here, whose clock has run one more.
func TestADayIsADayInChina(t *testing.T) {
	t.Parallel()
	terms := IdleTerms{AgreedStart: day(t, "2016-05-20")}
	for moment, want := range map[string]IdleState{"2017-05-19T15:59:59Z": IdleOverdue, "2017-05-19T16:00:00Z": IdleSuspected, "2017-05-20T23:59:59+08:00": IdleSuspected} {
		m, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if k, _ := IdleClockOf(terms, 90, DateOf(m.In(ChinaStandardTime))); k.State != want {
			t.Errorf("at %s it is %s, not %s", moment, k.State, want)
		}
	}
}
