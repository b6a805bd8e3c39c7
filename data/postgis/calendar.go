package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// calendarDay is a day of an arrangement as the database keeps it.
type calendarDay struct {
	Day   string `json:"day"`
	Works bool   `json:"works"`
	Name  string `json:"name"`
}

// ArrangeYear replaces the arrangement of a year's working days as a whole. What
// was arranged before is kept.
func (db *DB) ArrangeYear(ctx context.Context, actor land.Actor, y land.CalendarYear) (land.CalendarYear, error) {
	if err := actor.MayArrangeDays(); err != nil {
		return y, err
	}
	if err := y.Validate(); err != nil {
		return y, err
	}
	y = y.Sorted()
	y.Actor, y.RecordedAt = actor.Name, db.now()
	days := make([]calendarDay, len(y.Days))
	for i, d := range y.Days {
		days[i] = calendarDay{d.Day.String(), d.Works, d.Name}
	}
	text, err := json.Marshal(days)
	if err != nil {
		return y, err
	}
	err = db.pool.QueryRow(ctx, `
		INSERT INTO calendar_years (year, revision, document_no, days, actor, recorded_at)
		SELECT $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5 FROM calendar_years WHERE year = $1
		RETURNING revision`, y.Year, y.DocumentNo, text, y.Actor, y.RecordedAt).Scan(&y.Revision)
	return y, explain(err)
}

const selectCalendarYears = `
	SELECT DISTINCT ON (y.year) y.year, revision, document_no, actor, recorded_at, d.days, d.works, d.names
	FROM calendar_years y
	CROSS JOIN LATERAL (
		SELECT array_agg(day ORDER BY day), array_agg(works ORDER BY day), array_agg(name ORDER BY day)
		FROM working_days WHERE day BETWEEN make_date(y.year, 1, 1) AND make_date(y.year, 12, 31)) AS d (days, works, names)`

func scanCalendarYear(row pgx.CollectableRow) (land.CalendarYear, error) {
	var y land.CalendarYear
	var days []time.Time
	var works []bool
	var names []string
	err := row.Scan(&y.Year, &y.Revision, &y.DocumentNo, &y.Actor, &y.RecordedAt, &days, &works, &names)
	for i, day := range days {
		y.Days = append(y.Days, land.CalendarDay{Day: land.DateOf(day), Works: works[i], Name: names[i]})
	}
	return y, err
}

// CalendarYear is what is arranged for a year now; of revision 0 where nothing is.
func (db *DB) CalendarYear(ctx context.Context, year int) (land.CalendarYear, error) {
	rows, err := db.pool.Query(ctx, selectCalendarYears+` WHERE y.year = $1 ORDER BY y.year, revision DESC`, year)
	if err != nil {
		return land.CalendarYear{}, explain(err)
	}
	y, err := pgx.CollectExactlyOneRow(rows, scanCalendarYear)
	if errors.Is(err, pgx.ErrNoRows) {
		return land.CalendarYear{Year: year}, nil
	}
	return y, explain(err)
}

// Calendar is the calendar of working days.
func (db *DB) Calendar(ctx context.Context) (calendar land.Calendar, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		calendar, err = readCalendar(ctx, tx)
		return err
	})
	return calendar, err
}

func readCalendar(ctx context.Context, tx pgx.Tx) (land.Calendar, error) {
	rows, err := tx.Query(ctx, selectCalendarYears+` ORDER BY y.year, revision DESC`)
	if err != nil {
		return land.Calendar{}, err
	}
	years, err := pgx.CollectRows(rows, scanCalendarYear)
	return land.NewCalendar(years...), err
}
