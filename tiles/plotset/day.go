package plotset

import (
	"math"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// Day counts days from 1970-01-01.
type Day int32

// NoDay is where no day is given.
const NoDay Day = math.MinInt32

// DayOf counts a date; the zero date is NoDay.
func DayOf(d land.Date) Day {
	if d.IsZero() {
		return NoDay
	}
	return Day(d.Time().Unix() / 86400)
}

// Date is the inverse of DayOf.
func (d Day) Date() land.Date {
	if d == NoDay {
		return land.Date{}
	}
	return land.DateOf(time.Unix(int64(d)*86400, 0).UTC())
}
