package land

import (
	"cmp"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// IdleState says how land that was supplied and is not built on stands to the day
// on which work was to begin (闲置土地处置办法, 国土资源部令第53号).
type IdleState string

// The states of the idle-land clock.
const (
	IdleNotDue      IdleState = "not_due"     // 未到期
	IdleNear        IdleState = "near"        // 临近, within DefaultIdleNear days
	IdleOverdue     IdleState = "overdue"     // 逾期未动工
	IdleSuspected   IdleState = "suspected"   // 疑似闲置, a year past the day
	IdleRecoverable IdleState = "recoverable" // 两年可收回
	IdleFound       IdleState = "found"       // 认定闲置
	IdleSettled     IdleState = "settled"     // 已处置
)

var idleStates = map[IdleState]geo.Words{
	IdleNotDue:      {Zh: "未到期", En: "not due"},
	IdleNear:        {Zh: "临近", En: "near"},
	IdleOverdue:     {Zh: "逾期未动工", En: "overdue"},
	IdleSuspected:   {Zh: "疑似闲置", En: "suspected idle"},
	IdleRecoverable: {Zh: "两年可收回", En: "may be taken back"},
	IdleFound:       {Zh: "认定闲置", En: "found idle"},
	IdleSettled:     {Zh: "已处置", En: "settled"},
}

// Words are the state's names.
func (s IdleState) Words() geo.Words { return idleStates[s] }

// DefaultIdleNear is how many days before work is to begin that day is near, where
// nobody sets another number: the office's own choice, no law's.
const DefaultIdleNear = 90

// Standstill is a time in which a documented reason kept work from beginning
// (government or force majeure, 令第53号 第八条), its first and last day with it. One
// without a last day still goes on.
type Standstill struct {
	From, Until Date
	DocumentNo  string
}

// IdleTerms are what the clock of a plot goes by.
type IdleTerms struct {
	AgreedStart Date         // 约定动工日, of the contract or the allocation decision
	Delivered   Date         // 交付日, which counts where no start is agreed
	Standstills []Standstill // in any order
	Started     Date         // 动工
	Found       Date         // 认定
	Settled     Date         // 处置
}

// IdleClock is the clock of a plot as it stands on a day.
type IdleClock struct {
	State       IdleState
	Start       Date // by which work was to begin
	ByDelivery  bool // it is a year past delivery, no start being agreed
	YearOn      Date // on which a calendar year past Start is full; none while the clock stands still before
	TwoYearsOn  Date // the same of two
	DaysLeft    int  // until Start; 0 from then on
	DaysOver    int  // that the clock ran past Start
	DaysStood   int  // that it stood still past Start
	YearFull    bool
	Recoverable bool // two years are full
}

// IdleClockOf reckons the clock of a plot as it stands on a day. It runs from the
// agreed start, or from a year past delivery where none is agreed, and stands still
// in documented times. Years are calendar years: a year past 20 May is full on
// 20 May, past 29 February on 28 February (民法通则 第一百五十四条, 民法典 第二百零二条),
// as many days later as the clock stood still. ok is false where no start can be
// told, and where work began before the land was found idle.
func IdleClockOf(terms IdleTerms, near int, today Date) (k IdleClock, ok bool) {
	known := func(d Date) bool { return !d.IsZero() && !d.After(today) }
	k.Start = terms.AgreedStart
	if k.Start.IsZero() && !terms.Delivered.IsZero() {
		k.Start, k.ByDelivery = terms.Delivered.AddYears(1), true
	}
	if k.Start.IsZero() || known(terms.Started) && !known(terms.Found) && !known(terms.Settled) {
		return k, false
	}
	stood := spansAfter(k.Start, terms.Standstills)
	k.DaysLeft = max(0, today.DaysTo(k.Start))
	k.DaysOver, k.DaysStood = ran(k.Start, today, stood)
	year, years := k.Start.DaysTo(k.Start.AddYears(1)), k.Start.DaysTo(k.Start.AddYears(2))
	k.YearOn, k.TwoYearsOn = hasRun(k.Start, year, stood), hasRun(k.Start, years, stood)
	k.YearFull, k.Recoverable = k.DaysOver >= year, k.DaysOver >= years
	switch {
	case known(terms.Settled):
		k.State = IdleSettled
	case known(terms.Found):
		k.State = IdleFound
	case k.Recoverable:
		k.State = IdleRecoverable
	case k.YearFull:
		k.State = IdleSuspected
	case k.DaysOver > 0:
		k.State = IdleOverdue
	case k.DaysLeft <= near:
		k.State = IdleNear
	default:
		k.State = IdleNotDue
	}
	return k, true
}

// IdleFee is the fee on land that is idle for a year and not yet for two: a fifth of
// the price, to the 分 (土地闲置费, 令第53号 第十四条).
func IdleFee(price Wan) Wan { return (price + 2) / 5 }

// never is after all days; a standstill that goes on ends then.
var never = Date{}.AddYears(9000)

// spansAfter joins the standstills that reach past a day into spans that do not
// meet, in order, without that day and what is before.
func spansAfter(start Date, all []Standstill) []Standstill {
	all = slices.SortedFunc(slices.Values(all), func(a, b Standstill) int { return cmp.Compare(a.From.String(), b.From.String()) })
	var spans []Standstill
	for _, s := range all {
		if s.Until.IsZero() {
			s.Until = never
		}
		if !s.From.After(start) {
			s.From = start.AddDays(1)
		}
		n := len(spans)
		switch {
		case s.From.After(s.Until):
		case n > 0 && !s.From.After(spans[n-1].Until):
			if s.Until.After(spans[n-1].Until) {
				spans[n-1].Until = s.Until
			}
		default:
			spans = append(spans, s)
		}
	}
	return spans
}

// ran counts the days after start, up to and with today, on which a clock ran and
// on which it stood still.
func ran(start, today Date, stood []Standstill) (ran, still int) {
	for _, s := range stood {
		until := s.Until
		if until.After(today) {
			until = today
		}
		still += max(0, s.From.DaysTo(until)+1)
	}
	return max(0, start.DaysTo(today)) - still, still
}

// hasRun is the day on which a clock has run so many days; none where it never does.
func hasRun(start Date, days int, stood []Standstill) Date {
	at := start
	for _, s := range stood {
		before := at.DaysTo(s.From) - 1
		if days <= before {
			break
		}
		if s.Until == never {
			return Date{}
		}
		days -= before
		at = s.Until
	}
	return at.AddDays(days)
}
