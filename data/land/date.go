package land

import (
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Date is a day of the civil calendar, as documents carry it; it has no zone.
// The zero value means that no day is given.
type Date struct{ t time.Time }

// ParseDate reads "2016-05-20"; an empty string is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return Date{}, geo.Say("%q 不是日期；请写成 2016-05-20", "%q is not a day; write it as 2016-05-20", s)
	}
	return Date{t}, nil
}

// DateOf is the day on which t falls in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// Time is midnight UTC of the day, the form that the database driver takes.
func (d Date) Time() time.Time { return d.t }

// IsZero says that no day is given.
func (d Date) IsZero() bool { return d.t.IsZero() }

// After says whether d comes after e.
func (d Date) After(e Date) bool { return d.t.After(e.t) }

// Year is the day's year.
func (d Date) Year() int { return d.t.Year() }

// Weekday is the day's weekday.
func (d Date) Weekday() time.Weekday { return d.t.Weekday() }

// AddDays is the day so many days later, or earlier.
func (d Date) AddDays(n int) Date { return Date{d.t.AddDate(0, 0, n)} }

// AddYears is the day on which a period of calendar years ends that begins with d:
// the same day of the month, or where the month has none, its last
// (民法典 第二百零二条): of 29 February that is 28 February.
func (d Date) AddYears(n int) Date {
	y, m, day := d.t.Date()
	last := time.Date(y+n, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return Date{time.Date(y+n, m, min(day, last), 0, 0, 0, 0, time.UTC)}
}

// DaysTo is how many days lie from d to e, below nothing where e comes first.
func (d Date) DaysTo(e Date) int { return int((e.t.Unix() - d.t.Unix()) / (24 * 60 * 60)) }

// String is ISO 8601, or empty.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// Chinese is the form of official documents, such as 2016年5月20日, or empty.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format("2006年1月2日")
}

// MarshalText is ISO 8601, or nothing.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}
