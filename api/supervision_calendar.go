package api

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/ical"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// calendarRoute is the one route that takes a key as a password: see
// access.TakesBasic.
const calendarRoute = "/api/v1/supervision/calendar.ics"

// getSupervisionCalendar gives deadlines and starts of work to calendar programs.
func (s *server) getSupervisionCalendar(c echo.Context) error {
	q, err := door.Parameters(c, "park")
	if err != nil {
		return err
	}
	told, err := s.DB.Supervision(c.Request().Context(), access.Actor(c), parksOf(q), land.Date{}, s.watch())
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := ical.Write(&body, ical.Calendar{Name: "地块监督", Days: supervisedDays(told, s.base(c))}); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set(echo.HeaderContentDisposition, `inline; filename="dikuai.ics"`)
	door.SetSeq(c, told.Seq)
	return door.Compressed(c, ical.ContentType, body.Bytes())
}

// supervisedDays are the last days of legal periods and the days by which work is
// to begin, and those on which years without it are full once it is past. They say
// nothing of today, so that the same register is the same calendar.
func supervisedDays(s land.Supervision, base string) []ical.Day {
	var days []ical.Day
	both := func(w geo.Words) string { return w.Zh + " / " + w.En }
	for _, d := range s.Deadlines {
		c := d.Case
		if d.Deadline.Due.IsZero() {
			continue
		}
		numbers := make([]string, len(d.Plots))
		for i, p := range d.Plots {
			numbers[i] = p.PlotNo
		}
		days = append(days, ical.Day{
			UID: string(c.No) + ".due@dikuai", On: d.Deadline.Due, Stamp: c.ChangedAt, Sequence: c.Version, Category: "办理时限",
			Summary: both(geo.Say("办理时限届满：%s %s %s", "deadline: %s %s %s", c.Kind, c.No, c.Title)),
			Description: strings.Join([]string{
				both(geo.Say("受理 %s，时限 %d 个工作日", "accepted on %s, %d working days", d.Deadline.Accepted, d.Deadline.Term)),
				both(geo.Say("地块 %s", "plots %s", strings.Join(numbers, ", "))),
			}, "\n"),
			URL: base + casePath(c.No),
		})
	}
	for _, p := range s.Idle {
		k := p.Clock
		if k.State == land.IdleSettled {
			continue
		}
		day := func(what string, on land.Date, words geo.Words) {
			days = append(days, ical.Day{
				UID: fmt.Sprintf("plot-%d.%s@dikuai", p.ID, what), On: on, Stamp: p.ChangedAt, Sequence: p.Changes, Category: "动工监管",
				Summary:     both(words),
				Description: both(geo.Say("权利人 %s，面积 %s 亩", "held by %s, %s 亩", p.Holder, geo.FormatFixed(float64(p.Area.Mu()), geo.MuDecimals))),
				URL:         fmt.Sprintf("%s/?plot=%d", base, p.ID),
			})
		}
		day("start", k.Start, geo.Say("应动工：地块 %s", "work to begin: plot %s", p.PlotNo))
		if k.DaysOver == 0 {
			continue
		}
		if !k.YearOn.IsZero() {
			day("year", k.YearOn, geo.Say("满一年未动工：地块 %s", "a year without work: plot %s", p.PlotNo))
		}
		if !k.TwoYearsOn.IsZero() {
			day("two-years", k.TwoYearsOn, geo.Say("满两年未动工，可收回：地块 %s", "two years without work, may be taken back: plot %s", p.PlotNo))
		}
	}
	return days
}
