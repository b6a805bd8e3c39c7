package cql2

import (
	"math"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Day counts days of the Gregorian calendar from 1970-01-01.
type Day int32

// Instant counts microseconds from 1970-01-01T00:00:00Z.
type Instant int64

// The open ends of intervals.
const (
	always Instant = math.MinInt64
	never  Instant = math.MaxInt64
)

const microsPerDay = 24 * 60 * 60 * 1e6

// DayOf is the day on which t falls in t's own zone.
func DayOf(t time.Time) Day {
	seconds := t.Unix()
	if t.Location() != time.UTC {
		_, offset := t.Zone()
		seconds += int64(offset)
	}
	return Day(floorDiv(seconds, 24*60*60))
}

// InstantOf drops what is finer than a microsecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

func (d Day) time() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// String is ISO 8601, such as 2016-05-20.
func (d Day) String() string { return d.time().Format(time.DateOnly) }

func (i Instant) time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// String is RFC 3339 in UTC, such as 2016-05-20T08:00:00Z.
func (i Instant) String() string { return i.time().Format("2006-01-02T15:04:05.999999Z") }

// day is the day on which an instant falls in UTC; open ends stay open.
func (i Instant) day() Instant {
	if i == always || i == never {
		return i
	}
	return Instant(floorDiv(int64(i), microsPerDay))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func parseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, geo.Say("'%s' 不是日期，日期如 '2016-05-20'", "'%s' is not a day such as '2016-05-20'", clip(s))
	}
	return DayOf(t), nil
}

func parseInstant(s string) (Instant, error) {
	t, err := time.Parse(time.RFC3339, s)
	if y := t.UTC().Year(); err != nil || y < 0 || y > 9999 {
		return 0, geo.Say("'%s' 不是时刻，时刻如 '2016-05-20T08:00:00Z'", "'%s' is not a time such as '2016-05-20T08:00:00Z'", clip(s))
	}
	return InstantOf(t), nil
}

// parseWhen reads a day or a time.
func parseWhen(at Pos, s string) (Expr, error) {
	if len(s) <= len(time.DateOnly) {
		d, err := parseDay(s)
		return &Date{at, d}, err
	}
	i, err := parseInstant(s)
	return &Timestamp{at, i}, err
}

// clip shortens a text for a message.
func clip(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
