package land

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// days reads a year's arrangement: "2016-02-06+ 2016-02-08", + being a day of work.
func days(t testing.TB, year int, text string) CalendarYear {
	t.Helper()
	y := CalendarYear{Year: year, DocumentNo: "国办发明电〔2015〕18号"}
	for _, word := range strings.Fields(text) {
		s, works := strings.CutSuffix(word, "+")
		y.Days = append(y.Days, CalendarDay{day(t, s), works, "节"})
	}
	return y
}

// springOf2016 is the Spring Festival of 2016: off from 7 to 13 February, worked
// on Saturday the 6th and Sunday the 14th.
func springOf2016(t testing.TB) Calendar {
	return NewCalendar(days(t, 2016, "2016-02-06+ 2016-02-07 2016-02-08 2016-02-09 2016-02-10 2016-02-11 2016-02-12 2016-02-13 2016-02-14+"))
}

func TestWorkingDaysSkipHolidaysAndCountMakeUpDays(t *testing.T) {
	t.Parallel()
	c := springOf2016(t)
	for _, x := range []struct {
		from string
		n    int
		to   string
	}{
		{"2016-02-05", 0, "2016-02-05"},
		{"2016-02-05", 1, "2016-02-06"}, // a Saturday on which people work
		{"2016-02-05", 2, "2016-02-14"}, // after the festival, a Sunday
		{"2016-02-05", 3, "2016-02-15"},
		{"2016-02-10", 1, "2016-02-14"}, // accepted in the festival
		{"2016-02-19", 1, "2016-02-22"}, // over a weekend
		{"2016-02-28", 1, "2016-02-29"}, // the leap day is a Monday
		{"2016-02-29", 1, "2016-03-01"},
		{"2016-12-30", 1, "2017-01-02"}, // 2017 is not arranged here
	} {
		if got := c.AddWorkingDays(day(t, x.from), x.n); got.String() != x.to {
			t.Errorf("%d working days after %s is %s, not %s", x.n, x.from, got, x.to)
		}
		if got := c.WorkingDaysBetween(day(t, x.from), day(t, x.to)); got != x.n {
			t.Errorf("%d working days lie between %s and %s, not %d", got, x.from, x.to, x.n)
		}
	}
	if got := c.WorkingDaysBetween(day(t, "2016-02-15"), day(t, "2016-02-05")); got != -3 {
		t.Errorf("backwards they are %d", got)
	}
	if got := c.Unarranged(day(t, "2015-12-01"), day(t, "2017-03-01")); !slices.Equal(got, []int{2015, 2017}) {
		t.Errorf("%v are not arranged", got)
	}
}

// TestWorkingDaysAddUp holds sums and counts to each other, over random spans and
// arrangements.
func TestWorkingDaysAddUp(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	start := day(t, "2016-01-01")
	for range 300 {
		y := CalendarYear{Year: 2016}
		for range random.IntN(60) {
			y.Days = append(y.Days, CalendarDay{start.AddDays(random.IntN(366)), random.IntN(2) == 0, "节"})
		}
		c := NewCalendar(y)
		from := start.AddDays(random.IntN(400) - 20)
		n, m := random.IntN(40), random.IntN(40)
		to := c.AddWorkingDays(from, n)
		if n > 0 && !c.Works(to) || c.WorkingDaysBetween(from, to) != n || c.AddWorkingDays(to, m) != c.AddWorkingDays(from, n+m) {
			t.Fatalf("seed %d: %d working days after %s is %s", seed, n, from, to)
		}
		any := from.AddDays(random.IntN(100))
		slow := 0
		for d := from.Time().Add(24 * time.Hour); !d.After(any.Time()); d = d.Add(24 * time.Hour) {
			if c.Works(DateOf(d)) {
				slow++
			}
		}
		if got := c.WorkingDaysBetween(from, any); got != slow {
			t.Fatalf("seed %d: %d days of work from %s to %s, counted %d", seed, got, from, any, slow)
		}
	}
}

func TestAYearOfTheCalendarIsValidated(t *testing.T) {
	t.Parallel()
	good := days(t, 2016, "2016-01-01 2016-02-06+")
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	if err := (CalendarYear{Year: 2016, DocumentNo: "无调休"}).Validate(); err != nil {
		t.Errorf("a year may have no special days: %v", err)
	}
	for field, spoil := range map[string]func(*CalendarYear){
		"row 2: day":  func(y *CalendarYear) { y.Days[1].Day = y.Days[0].Day },
		"row 1: day":  func(y *CalendarYear) { y.Days[0].Day = day(t, "2017-01-01") },
		"row 2: name": func(y *CalendarYear) { y.Days[1].Name = strings.Repeat("长", 201) },
		"row 1: name": func(y *CalendarYear) { y.Days[0].Name = "a\nb" },
		"document_no": func(y *CalendarYear) { y.DocumentNo = "" },
		"year":        func(y *CalendarYear) { y.Year = 1899 },
	} {
		y := days(t, 2016, "2016-01-01 2016-02-06+")
		spoil(&y)
		var invalid *InvalidError
		if err := y.Validate(); !errors.As(err, &invalid) || !strings.HasPrefix(invalid.Findings[0].String(), field+": ") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestCalendarYearsEndOnTheirDay(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		from string
		n    int
		to   string
	}{
		{"2016-05-20", 1, "2017-05-20"}, {"2016-02-29", 1, "2017-02-28"}, {"2016-02-29", 4, "2020-02-29"}, {"2017-02-28", 3, "2020-02-28"},
		{"2016-12-31", 2, "2018-12-31"}, {"2016-03-01", -1, "2015-03-01"},
	} {
		if got := day(t, x.from).AddYears(x.n); got.String() != x.to {
			t.Errorf("%d years after %s is %s, not %s", x.n, x.from, got, x.to)
		}
	}
	if n := day(t, "2016-02-28").DaysTo(day(t, "2016-03-01")); n != 2 {
		t.Errorf("%d days from 28 February to 1 March 2016", n)
	}
}
