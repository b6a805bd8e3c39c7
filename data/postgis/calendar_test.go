package postgis_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

// TestArrangedYearsHaveTheWorkingDaysOfTheLaw holds the years that come with the
// register to 全国年节及纪念日放假办法, which gives everybody 11 holidays a year, 13 since
// 2025: every other day off is worked for on a weekend, and a holiday on a weekend
// is made up for. The Spring Festival of 2020 was made two working days longer.
func TestArrangedYearsHaveTheWorkingDaysOfTheLaw(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	calendar, err := db.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for year := 2016; year <= 2026; year++ {
		first, last := date(t, "2015-12-31").AddYears(year-2016), date(t, "2016-12-31").AddYears(year-2016)
		holidays := 11
		switch {
		case year >= 2025:
			holidays = 13
		case year == 2020:
			holidays += 2
		}
		want := land.Calendar{}.WorkingDaysBetween(first, last) - holidays
		if got := calendar.WorkingDaysBetween(first, last); got != want {
			t.Errorf("%d has %d working days, not %d", year, got, want)
		}
		if y, err := db.CalendarYear(context.Background(), year); err != nil || y.Revision != 1 || y.DocumentNo == "" || len(y.Days) < 20 {
			t.Errorf("%d: %+v, %v", year, y, err)
		}
	}
	for day, works := range map[string]bool{
		"2016-05-02": false, "2016-10-09": true, "2018-12-29": true, "2018-12-31": false, "2019-05-03": false, "2019-05-05": true,
		"2020-01-31": false, "2020-02-01": false, "2020-02-03": true, "2024-02-09": true, "2025-01-28": false, "2026-01-04": true, "2026-02-28": true,
	} {
		if calendar.Works(date(t, day)) != works {
			t.Errorf("%s: works is not %v", day, works)
		}
	}
	if years := calendar.Unarranged(date(t, "2015-06-01"), date(t, "2027-01-01")); len(years) != 2 {
		t.Errorf("%v are not arranged", years)
	}
}

func TestAYearIsReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	db, url := postgistest.Open(t)
	ctx := context.Background()
	admin := land.Actor{Name: "Admin Wu", Role: land.Admin}
	if y, err := db.CalendarYear(ctx, 2027); err != nil || y.Revision != 0 || len(y.Days) != 0 {
		t.Errorf("2027 is arranged already: %+v, %v", y, err)
	}
	year := land.CalendarYear{Year: 2027, DocumentNo: "国办发明电〔2026〕9号", Days: []land.CalendarDay{
		{Day: date(t, "2027-02-06"), Works: true, Name: "春节"}, {Day: date(t, "2027-01-01"), Name: "元旦"}}}
	if _, err := db.ArrangeYear(ctx, admin, year); err != nil {
		t.Fatal(err)
	}
	year.Days = year.Days[1:]
	if y, err := db.ArrangeYear(ctx, admin, year); err != nil || y.Revision != 2 {
		t.Fatalf("%+v, %v", y, err)
	}
	got, err := db.CalendarYear(ctx, 2027)
	if err != nil || got.Revision != 2 || len(got.Days) != 1 || got.Days[0].Name != "元旦" || got.Actor != "Admin Wu" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, who := range []land.Actor{{Role: land.Officer}, {Role: land.Approver}, {Role: land.Admin, Park: "nansha"}} {
		var forbidden *land.ForbiddenError
		if _, err := db.ArrangeYear(ctx, who, year); !errors.As(err, &forbidden) {
			t.Errorf("%+v: %v", who, err)
		}
	}
	year.Days[0].Day = date(t, "2026-01-01")
	var invalid *land.InvalidError
	if _, err := db.ArrangeYear(ctx, admin, year); !errors.As(err, &invalid) {
		t.Error(err)
	}

	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, sql := range []string{
		`DELETE FROM working_days`, `INSERT INTO working_days VALUES ('2027-05-01', false, '劳动节')`, `UPDATE calendar_years SET days = '[]'`, `TRUNCATE calendar_years`,
		`INSERT INTO calendar_years VALUES (2027, 3, 'x', '[{"day":"2026-01-01","works":false,"name":"x"}]', 'x', now())`,
		`INSERT INTO calendar_years VALUES (2027, 3, 'x', '[{"day":"2027-01-01","works":false,"name":"x"},{"day":"2027-01-01","works":false,"name":"x"}]', 'x', now())`,
	} {
		if _, err := conn.Exec(ctx, sql); err == nil {
			t.Errorf("the database lets through: %s", sql)
		}
	}
}
