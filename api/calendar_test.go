package api

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

func TestTheCalendarIsReadByAllAndPutByAdministrators(t *testing.T) {
	t.Parallel()
	s := newService(t)
	d := readDescription(t)
	g := s.get("/api/v1/calendar/2016")
	g.want(t, 200, `"arranged":true`, `"document_no":"国办发明电〔2015〕18号"`, `"working_days":250`, `{"day":"2016-10-09","works":true,"name":"国庆节"}`)
	d.holds(t, "GET", "/api/v1/calendar/{year}", g)
	g = s.get("/api/v1/calendar/2027")
	g.want(t, 200, `"arranged":false`, `"working_days":261`, `"days":[]`, `2027 年没有节假日安排`)
	d.holds(t, "GET", "/api/v1/calendar/{year}", g)
	s.get("/api/v1/calendar/1999").want(t, 404)
	s.get("/api/v1/calendar/next").want(t, 404)

	put := func(key, body string) got {
		return s.send("PUT", "/api/v1/calendar/2027", body, "Authorization", "Bearer "+key)
	}
	const body = `{"document_no":"国办发明电〔2026〕9号","days":[{"day":"2027-02-06","works":true,"name":"春节"},{"day":"2027-01-01","works":false,"name":"元旦"}]}`
	put(s.key, body).want(t, 403)
	put(s.keyOf(land.Admin, "nansha"), body).want(t, 403)
	admin := s.keyOf(land.Admin, "")
	g = put(admin, body)
	g.want(t, 200, `"revision":1`, `"working_days":261`, `"days":[{"day":"2027-01-01","works":false,"name":"元旦"},{"day":"2027-02-06"`)
	d.holds(t, "PUT", "/api/v1/calendar/{year}", g)
	put(admin, `{"document_no":"改","days":[]}`).want(t, 200, `"revision":2`, `"days":[]`)
	s.get("/api/v1/calendar/2027").want(t, 200, `"arranged":true`, `"revision":2`, `"days":[]`)
	for body, want := range map[string]string{
		`{"document_no":"x","days":[{"day":"2027-01-01","works":false,"name":"元旦"},{"day":"2027-01-01","works":true,"name":"元旦"}]}`: `"row":2,"field":"day"`,
		`{"document_no":"x","days":[{"day":"2026-01-01","works":false,"name":"元旦"}]}`:                                               `"row":1,"field":"day"`,
		`{"document_no":"x","days":[{"day":"2027-02-29","works":false,"name":"元旦"}]}`:                                               `"field":"day"`,
		`{"document_no":"","days":[]}`:              `"field":"document_no"`,
		`{"document_no":"x"}`:                       `"field":"days"`,
		`{"year":2026,"document_no":"x","days":[]}`: `"field":"year"`,
	} {
		put(admin, body).want(t, 422, want)
	}
	s.send("PUT", "/api/v1/calendar/1999", `{"document_no":"x","days":[]}`, "Authorization", "Bearer "+admin).want(t, 422, `"field":"year"`)
}

// FuzzArrangements holds the reading of a year to its promises: what a client sends
// is refused by a member's name, in two languages, or is a year that reads back as
// it was.
func FuzzArrangements(f *testing.F) {
	f.Add(`{"document_no":"国办发明电〔2026〕9号","days":[{"day":"2027-02-06","works":true,"name":"春节"},{"day":"2027-01-01","works":false,"name":"元旦"}]}`)
	f.Add(`{"year":2027,"document_no":"x","days":[]}`)
	f.Add(`{"document_no":"x","days":[{"day":"2027-02-29"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		y, err := readYear([]byte(body), 2027)
		if err != nil {
			if p := problemOf(err); p.Status != 422 || p.DetailZh == "" || len(p.Errors) == 0 || p.Errors[0].Field == "" || p.Errors[0].MessageZh == "" {
				t.Errorf("%v is told as %+v", err, p)
			}
			return
		}
		y.Revision = 1
		told := describeYear(y.Sorted())
		sent, err := json.Marshal(map[string]any{"document_no": told.DocumentNo, "days": told.Days})
		if err != nil {
			t.Fatal(err)
		}
		again, err := readYear(sent, 2027)
		if err != nil || !slices.Equal(again.Days, y.Sorted().Days) || told.WorkingDays > 365 {
			t.Errorf("%s reads back as %+v, %v", sent, again, err)
		}
	})
}
