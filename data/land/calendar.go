package land

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// The years for which there may be an arrangement of working days.
const (
	FirstCalendarYear = 2000
	LastCalendarYear  = 2100
)

// CalendarDay is a day of a year's arrangement: a holiday, or a weekend's day on
// which people work to make up for one (调休上班). Name is the holiday it is for.
type CalendarDay struct {
	Day   Date
	Works bool
	Name  string
}

// CalendarYear is the arrangement of holidays of a year (部分节假日安排), as the
// General Office of the State Council gives it out. DocumentNo is its notice's
// number, such as 国办发明电〔2015〕18号. On other days people work from Monday to
// Friday.
type CalendarYear struct {
	Year       int
	Revision   int // how often the year was arranged, 0 for not at all
	DocumentNo string
	Days       []CalendarDay
	Actor      string    // who put it in
	RecordedAt time.Time // when
}

// MayArrangeDays refuses an actor who may not put in what is arranged for a year,
// which counts in every park: all but administrators whose key is for every park.
func (a Actor) MayArrangeDays() error {
	if a.Role == Admin && a.Park == "" {
		return nil
	}
	return &ForbiddenError{geo.Say("工作日历用于所有园区，需要不限园区的 admin 密钥", "the calendar counts in every park: it takes an administrator's key for all of them")}
}

// Validate refuses a year out of range, and days that are not of the year, come
// twice or have no name.
func (y CalendarYear) Validate() error {
	var found []Finding
	refuse := func(row int, field string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Row: row, Field: field}.Saying(message, remedy))
	}
	if y.Year < FirstCalendarYear || y.Year > LastCalendarYear {
		refuse(0, "year", geo.Say("%d 年不在范围内", "the year %d is out of range", y.Year), geo.Say("请给出 %d 至 %d 年", "give a year from %d to %d", FirstCalendarYear, LastCalendarYear))
	}
	if len(y.Days) > 366 {
		refuse(0, "days", geo.Say("%d 天过多", "%d days are too many", len(y.Days)), geo.Say("一年至多 366 天", "a year has at most 366"))
		return Refuse(found)
	}
	text := func(row int, field, s string) {
		switch {
		case s == "":
			refuse(row, field, geo.Say("没有填写", "it is empty"), geo.Say("请填写", "fill it in"))
		case utf8.RuneCountInString(s) > maxText:
			refuse(row, field, textTooLong, atMost(maxText))
		case !utf8.ValidString(s) || hasControl(s):
			refuse(row, field, textUnreadable, geo.Say("请去掉控制字符", "leave out control characters"))
		}
	}
	text(0, "document_no", y.DocumentNo)
	seen := map[Date]bool{}
	for i, d := range y.Days {
		row := i + 1
		switch {
		case d.Day.IsZero():
			refuse(row, "day", geo.Say("没有日期", "there is no day"), geo.Say("请填写日期，例如 %d-01-01", "give a day such as %d-01-01", y.Year))
		case d.Day.Year() != y.Year:
			refuse(row, "day", geo.Say("%s 不在 %d 年内", "%s is not in %d", d.Day, y.Year), geo.Say("请只给出该年的日期", "give days of that year alone"))
		case seen[d.Day]:
			refuse(row, "day", geo.Say("%s 出现了两次", "%s comes twice", d.Day), geo.Say("请只保留一次", "leave it in once"))
		}
		seen[d.Day] = true
		text(row, "name", d.Name)
	}
	return Refuse(found)
}

// Sorted is the year with its days in order.
func (y CalendarYear) Sorted() CalendarYear {
	y.Days = slices.SortedFunc(slices.Values(y.Days), func(a, b CalendarDay) int { return cmp.Compare(a.Day.String(), b.Day.String()) })
	return y
}

// Calendar tells working days (工作日). Days are days in China (UTC+8). The zero
// value knows no arrangement: people work from Monday to Friday.
type Calendar struct {
	works    map[Date]bool
	arranged map[int]bool
}

// NewCalendar is the calendar of the years' arrangements.
func NewCalendar(years ...CalendarYear) Calendar {
	c := Calendar{works: map[Date]bool{}, arranged: map[int]bool{}}
	for _, y := range years {
		c.arranged[y.Year] = true
		for _, d := range y.Days {
			c.works[d.Day] = d.Works
		}
	}
	return c
}

// Works says whether a day is a working day.
func (c Calendar) Works(d Date) bool {
	if works, ok := c.works[d]; ok {
		return works
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// AddWorkingDays is the n-th working day after a day, which is not counted itself: the day of
// an act is not part of the period that begins with it (民法通则 第一百五十四条; since
// 2021 民法典 第二百零一条), and periods of permits are of working days (行政许可法
// 第八十二条). With n of 0 or less it is the day itself.
func (c Calendar) AddWorkingDays(from Date, n int) Date {
	d := from
	for ; n > 0; n-- {
		d = d.AddDays(1)
		for !c.Works(d) {
			d = d.AddDays(1)
		}
	}
	return d
}

// WorkingDaysBetween counts the working days after a day, up to and with another; it is below
// nothing where the other comes first.
func (c Calendar) WorkingDaysBetween(from, to Date) int {
	if from.After(to) {
		return -c.WorkingDaysBetween(to, from)
	}
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if c.Works(d) {
			n++
		}
	}
	return n
}

// Unarranged lists the years from a day to another of which the calendar knows no
// arrangement, so that it takes Monday to Friday for working days.
func (c Calendar) Unarranged(from, to Date) []int {
	var years []int
	for y := from.Year(); y <= to.Year(); y++ {
		if !c.arranged[y] {
			years = append(years, y)
		}
	}
	return years
}
