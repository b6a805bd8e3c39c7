package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// calendarYear is what is arranged for a year.
type calendarYear struct {
	Year        int           `json:"year"`
	Arranged    bool          `json:"arranged"`
	Revision    int           `json:"revision"`
	DocumentNo  string        `json:"document_no"`
	WorkingDays int           `json:"working_days"` // of the year
	Days        []calendarDay `json:"days"`
	Actor       string        `json:"actor,omitempty"`
	RecordedAt  *time.Time    `json:"recorded_at,omitempty"`
	Note        string        `json:"note,omitempty"`
	NoteZh      string        `json:"note_zh,omitempty"`
}

// calendarDay is a holiday, or a day of a weekend on which people work.
type calendarDay struct {
	Day   string `json:"day"`
	Works bool   `json:"works"`
	Name  string `json:"name"`
}

func describeYear(y land.CalendarYear) calendarYear {
	first := land.DateOf(time.Date(y.Year, 1, 1, 0, 0, 0, 0, time.UTC))
	a := calendarYear{
		Year: y.Year, Arranged: y.Revision > 0, Revision: y.Revision, DocumentNo: y.DocumentNo, Actor: y.Actor, RecordedAt: orNull(y.RecordedAt.UTC()),
		WorkingDays: land.NewCalendar(y).WorkingDaysBetween(first.AddDays(-1), first.AddYears(1).AddDays(-1)), Days: make([]calendarDay, len(y.Days)),
	}
	for i, d := range y.Days {
		a.Days[i] = calendarDay{d.Day.String(), d.Works, d.Name}
	}
	if !a.Arranged {
		note := notArranged([]int{y.Year})
		a.Note, a.NoteZh = note.En, note.Zh
	}
	return a
}

// notArranged says that of years nothing is arranged.
func notArranged(years []int) geo.Words {
	names := make([]geo.Words, len(years))
	for i, y := range years {
		names[i] = geo.Names(strconv.Itoa(y))
	}
	return geo.Say("%s 年没有节假日安排，按周一至周五为工作日计算", "nothing is arranged for %s: Monday to Friday count as working days", geo.List(names))
}

// getCalendar tells what is arranged for a year.
func (s *server) getCalendar(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	year, err := strconv.Atoi(c.Param("year"))
	if err != nil || year < land.FirstCalendarYear || year > land.LastCalendarYear {
		return &land.NotFoundError{What: "calendar", Name: c.Param("year")}
	}
	y, err := s.DB.CalendarYear(c.Request().Context(), year)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeYear(y))
}

// putCalendar replaces what is arranged for a year.
func (s *server) putCalendar(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	body, err := door.Body(c)
	if err != nil {
		return err
	}
	year, err := strconv.Atoi(c.Param("year"))
	if err != nil {
		return &land.NotFoundError{What: "calendar", Name: c.Param("year")}
	}
	y, err := readYear(body, year)
	if err != nil {
		return err
	}
	if y, err = s.DB.ArrangeYear(c.Request().Context(), access.Actor(c), y); err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeYear(y))
}

// readYear reads what is to be arranged for a year.
func readYear(body []byte, year int) (land.CalendarYear, error) {
	y := land.CalendarYear{Year: year}
	var sent struct {
		Year       int           `json:"year"` // if given, that of the address
		DocumentNo string        `json:"document_no"`
		Days       []calendarDay `json:"days"`
	}
	if err := unmarshal(body, &sent); err != nil {
		return y, err
	}
	if sent.Year != 0 && sent.Year != year {
		return y, land.Invalid("year", geo.Say("地址是 %d 年，不是 %d 年", "the address is of %d, not %d", year, sent.Year), geo.Say("请发送到该年的地址", "send it to that year's address"))
	}
	if sent.Days == nil {
		return y, land.Invalid("days", geo.Say("没有 days", "there is no days"), geo.Say("请给出全年的安排，没有则给 []", "give all that is arranged for the year, [] for nothing"))
	}
	y.DocumentNo = sent.DocumentNo
	for i, d := range sent.Days {
		day, err := land.ParseDate(d.Day)
		if err != nil {
			return y, &land.InvalidError{Findings: []land.Finding{land.Finding{Severity: land.Block, Row: i + 1, Field: "day"}.Saying(
				geo.WordsOf(err), geo.Say("请给出日期，例如 %d-01-01", "give a day such as %d-01-01", year))}}
		}
		y.Days = append(y.Days, land.CalendarDay{Day: day, Works: d.Works, Name: d.Name})
	}
	return y, y.Validate()
}
