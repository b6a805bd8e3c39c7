package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// keyOf makes a key for a role and a park.
func (s *service) keyOf(role land.Role, park land.ParkCode) string {
	s.t.Helper()
	key, err := s.db.CreateKey(context.Background(), land.Actor{Name: string(role), Role: role, Park: park}, time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	return key
}

// quota posts an entry of park "test" and 2016 with a key.
func (s *service) quota(key, body string, headers ...string) got {
	s.t.Helper()
	return s.send("POST", "/api/v1/quotas/test/2016/entries", body, append([]string{"Authorization", "Bearer " + key}, headers...)...)
}

func TestQuotaFromGrantToForecast(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	admin, officer := s.keyOf(land.Admin, ""), s.keyOf(land.Officer, "test")
	first := s.quota(admin, `{"kind":"new","entry":"grant","ha":20,"farmland_ha":14.0,"cultivated_ha":4.6667,"unused_ha":6,"document_no":"粤国土资〔2016〕1号","day":"2016-03-01"}`)
	first.want(t, 201, `"change":2`, `"mu":300`, `"farmland_mu":210`, `"cultivated_mu":70.0005`, `"entry":"grant"`, `"entry_zh":"下达"`, `"day":"2016-03-01"`)
	if first.header.Get("Register-Seq") != "2" {
		t.Errorf("headers %v", first.header)
	}
	var done struct{ Entry struct{ ID int } }
	if err := json.Unmarshal([]byte(first.body), &done); err != nil {
		t.Fatal(err)
	}
	s.quota(officer, `{"kind":"new","entry":"reserve","mu":100.01,"farmland_mu":100.01,"case_no":"A-1","document_no":"受理 1","day":"2016-05-20"}`).want(t, 201, `"mu":100.01`)
	s.quota(officer, `{"kind":"新增建设用地计划指标","entry":"使用","mu":40,"farmland_mu":40,"case_no":"A-1","document_no":"批复 1","day":"2016-09-01"}`).want(t, 201, `"entry":"use"`)
	s.quota(officer, `{"kind":"new","entry":"release","mu":0.01,"farmland_mu":0.01,"case_no":"A-1","document_no":"释放 1","day":"2016-10-01"}`).want(t, 201)
	s.quota(admin, `{"kind":"new","entry":"carry_over","mu":170,"farmland_mu":80,"cultivated_mu":60,"unused_mu":90,"document_no":"结转 1","day":"2016-12-31"}`).want(t, 201, `"to_year":2017`, `"to_park":"test"`)

	bearer := "Bearer " + officer
	s.get("/api/v1/quotas", "Authorization", bearer).want(t, 200, `"warning_pct":10`, `"granted_mu":300,"transferred_mu":0,"carried_mu":-170,"allocated_mu":130,"reserved_mu":60,"used_mu":40,"available_mu":30`, `"year":2017`, `"carried_mu":170`)
	s.get("/api/v1/quotas/test/2016", "Authorization", bearer).want(t, 200, `"use_rate_pct":30.77`, `"level":"ok"`, `"forecast":{"day":"2016-12-31","used_mu":100,"left_mu":30,"use_rate_pct":76.92}`,
		`"cases":[{"case_no":"A-1","reserved_mu":60,"used_mu":40}]`, `"farmland":{"granted_mu":210,`, `"kind_zh":"新增建设用地计划指标"`)
	s.get("/api/v1/quotas/test/2016?at=2016-05-31", "Authorization", bearer).want(t, 200, `"at":"2016-05-31"`, `"reserved_mu":100.01,"used_mu":0,"available_mu":199.99`)
	if g := s.get("/api/v1/quotas?kind=scale&year=2016", "Authorization", bearer); g.status != 200 || !strings.Contains(g.body, `"accounts":[]`) {
		t.Errorf("%d %s", g.status, g.body)
	}
	page := s.get("/api/v1/quotas/test/2016/entries?limit=3", "Authorization", bearer)
	page.want(t, 200, `"seq":2`, `"seq":4`, `/api/v1/quotas/test/2016/entries?limit=3\u0026since=4`)
	last := s.get("/api/v1/quotas/test/2016/entries?limit=3&since=4&kind=new", "Authorization", bearer)
	last.want(t, 200, `"seq":5`, `"seq":6`)
	if strings.Contains(last.body, `"next"`) {
		t.Errorf("there is no page after this: %s", last.body)
	}
	s.get("/api/v1/quotas/test/2017/entries", "Authorization", bearer).want(t, 200, `"entry":"carry_over"`) // it came from the year before

	d := readDescription(t)
	d.holds(t, "POST", "/api/v1/quotas/{park}/{year}/entries", first)
	d.holds(t, "GET", "/api/v1/quotas/{park}/{year}/entries", page)
	d.holds(t, "GET", "/api/v1/quotas", s.get("/api/v1/quotas?known_at="+time.Now().UTC().Format(time.RFC3339), "Authorization", bearer))
	d.holds(t, "GET", "/api/v1/quotas/{park}/{year}", s.get("/api/v1/quotas/test/2016", "Authorization", bearer))
	d.holds(t, "GET", "/api/v1/changes", s.get("/api/v1/changes?since=1"))
	d.holds(t, "GET", "/api/v1/quotas", s.get("/api/v1/quotas"))

	// Everybody sees in the feed that entries were made, and not what they say.
	feed := s.get("/api/v1/changes?since=1")
	feed.want(t, 200, `"kind":"quota"`, fmt.Sprintf(`"quota":{"entry":%d,"digest":"`, done.Entry.ID))
	for _, secret := range []string{"A-1", "粤国土资", "100.01"} {
		if strings.Contains(feed.body, secret) {
			t.Errorf("the feed tells %s", secret)
		}
	}
}

func TestBadQuotaEntriesAreRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	admin := s.keyOf(land.Admin, "")
	s.quota(admin, `{"kind":"new","entry":"grant","mu":100,"document_no":"D-1"}`).want(t, 201)
	reserved := s.quota(admin, `{"kind":"new","entry":"reserve","mu":10,"document_no":"D-1","case_no":"A"}`)
	reserved.want(t, 201)
	var done struct{ Entry struct{ ID int } }
	if err := json.Unmarshal([]byte(reserved.body), &done); err != nil {
		t.Fatal(err)
	}
	s.send("POST", "/api/v1/quotas/test/2017/entries", `{"kind":"new","entry":"grant","mu":100,"document_no":"D-1"}`, "Authorization", "Bearer "+admin).want(t, 201)
	const with = `"kind":"new","entry":"grant","document_no":"D-2"`
	long := strings.Repeat("长", 201)
	for _, c := range []struct {
		body   string
		status int
		field  string
	}{
		{`{"kind":"new","entry":"grant","mu":100,"document_no":"D-1"}`, 409, "document_no"}, // a double click
		{`{"kind":"new","entry":"grant","mu":5,"document_no":"D-1"}`, 409, "document_no"},
		{`{"kind":"new","entry":"reserve","mu":1,"document_no":"D-3","case_no":"A"}`, 409, "case_no"},
		{`{"kind":"new","entry":"reserve","mu":90.01,"document_no":"D-3","case_no":"B"}`, 409, "mu"},
		{`{"kind":"scale","entry":"reserve","mu":1,"document_no":"D-3","case_no":"B"}`, 409, "mu"},
		{`{"kind":"new","entry":"use","mu":10.01,"document_no":"D-3","case_no":"A"}`, 409, "mu"},
		{`{"kind":"new","entry":"use","mu":1,"document_no":"D-3","case_no":"Z"}`, 409, "mu"},
		{`{` + with + `,"mu":-1}`, 422, "mu"},
		{`{` + with + `,"mu":0}`, 422, "mu"},
		{`{` + with + `}`, 422, "mu"},
		{`{` + with + `,"mu":null}`, 422, "mu"},
		{`{` + with + `,"mu":"NaN"}`, 422, "mu"},
		{`{` + with + `,"mu":NaN}`, 422, "body"},
		{`{` + with + `,"mu":1e6}`, 422, "mu"},
		{`{` + with + `,"mu":1000000.01}`, 422, "mu"},
		{`{` + with + `,"mu":99999999999999999999999}`, 422, "mu"},
		{`{` + with + `,"mu":0.0000001}`, 422, "mu"},
		{`{` + with + `,"m2":0.001}`, 422, "m2"},
		{`{` + with + `,"mu":1,"ha":1}`, 422, "ha"},
		{`{` + with + `,"mu":10,"farmland_mu":4}`, 422, "farmland_mu"},
		{`{` + with + `,"mu":10,"farmland_mu":4,"cultivated_mu":5,"unused_mu":6}`, 422, "cultivated_mu"},
		{`{` + with + `,"mu":1,"park":"other"}`, 422, "park"},
		{`{` + with + `,"mu":1,"year":2017}`, 422, "year"},
		{`{` + with + `,"mu":1,"day":"2999-01-01"}`, 422, "day"},
		{`{` + with + `,"mu":1,"day":"yesterday"}`, 422, "day"},
		{`{` + with + `,"mu":1,"day":"2016-01-01"}`, 409, "day"}, // before what was posted today
		{`{` + with + `,"mu":1,"colour":"red"}`, 422, "body"},
		{`{` + with + `,"mu":1,"reason":"` + long + `"}`, 422, "reason"},
		{`{` + with + `,"mu":1,"case_no":"A"}`, 422, "case_no"},
		{`{"kind":"new","entry":"grant","mu":1}`, 422, "document_no"},
		{`{"kind":"new","entry":"grant","mu":1,"document_no":"` + long + `"}`, 422, "document_no"},
		{`{"kind":"new","entry":"reserve","mu":1,"document_no":"D-3"}`, 422, "case_no"},
		{`{"kind":"old","entry":"grant","mu":1,"document_no":"D-3"}`, 422, "kind"},
		{`{"entry":"grant","mu":1,"document_no":"D-3"}`, 422, "kind"},
		{`{"kind":"new","entry":"gift","mu":1,"document_no":"D-3"}`, 422, "entry"},
		{`{"kind":"new","entry":"transfer","mu":1,"document_no":"D-3"}`, 422, "to_park"},
		{`{"kind":"new","entry":"transfer","mu":1,"document_no":"D-3","to_park":"test"}`, 422, "to_park"},
		{`{"kind":"new","entry":"transfer","mu":1,"document_no":"D-3","to_park":"nowhere"}`, 404, ""},
		{`{"kind":"new","entry":"carry_over","mu":1,"document_no":"D-3","to_year":2018}`, 422, "to_year"},
		{`{"entry":"reverse","of":1,"reason":"x"}`, 422, "of"},
		{`{"entry":"reverse","of":` + fmt.Sprint(done.Entry.ID) + `}`, 422, "reason"},
		{`{"entry":"reverse","of":` + fmt.Sprint(done.Entry.ID) + `,"reason":"x","mu":1}`, 422, "mu"},
		{`{"entry":"reverse","kind":"scale","of":` + fmt.Sprint(done.Entry.ID) + `,"reason":"x"}`, 422, "of"},
		{`{"entry":"reverse","reason":"x"}`, 422, "of"},
		{`[]`, 422, "body"},
		{`{}`, 422, "entry"},
		{``, 422, "body"},
	} {
		g := s.quota(admin, c.body)
		var problem struct {
			Errors []struct{ Field, Message, Remedy, Message_zh string }
		}
		if err := json.Unmarshal([]byte(g.body), &problem); err != nil {
			t.Fatal(err)
		}
		if g.status != c.status || g.header.Get("Content-Type") != "application/problem+json" ||
			c.field != "" && (len(problem.Errors) == 0 || problem.Errors[0].Field != c.field || problem.Errors[0].Message == "" || problem.Errors[0].Remedy == "" || problem.Errors[0].Message_zh == "") {
			t.Errorf("%s: %d %s\nwant %d at %s", c.body, g.status, g.body, c.status, c.field)
		}
	}
	// An entry of another year or park is not to be reversed from here.
	other := s.get("/api/v1/quotas/test/2017/entries", "Authorization", "Bearer "+admin)
	var journal struct{ Entries []struct{ ID int } }
	if err := json.Unmarshal([]byte(other.body), &journal); err != nil || len(journal.Entries) != 1 {
		t.Fatal(other.body)
	}
	s.quota(admin, fmt.Sprintf(`{"entry":"reverse","of":%d,"reason":"x"}`, journal.Entries[0].ID)).want(t, 422, `"field":"of"`)
	// What was reserved is reversed once, and then may be reserved anew.
	undo := fmt.Sprintf(`{"entry":"reverse","of":%d,"reason":"记错"}`, done.Entry.ID)
	s.quota(admin, undo).want(t, 201, `"mu":10`, `"case_no":"A"`)
	s.quota(admin, undo).want(t, 409, `"field":"of"`)
	s.quota(admin, `{"kind":"new","entry":"reserve","mu":12,"document_no":"D-1","case_no":"A"}`).want(t, 201)
	s.get("/api/v1/quotas/test/2016/entries", "Authorization", "Bearer "+admin).want(t, 200, `"reversed_by":`)
	for path, status := range map[string]int{
		"/api/v1/quotas/nowhere/2016": 404, "/api/v1/quotas/nowhere/2016/entries": 404, "/api/v1/quotas?park=nowhere": 404,
		"/api/v1/quotas/test/1999": 422, "/api/v1/quotas/test/x/entries": 422, "/api/v1/quotas/TEST/2016": 422,
		"/api/v1/quotas?year=1999": 400, "/api/v1/quotas?park=" + strings.Repeat("test,", 101): 400, "/api/v1/quotas?kind=old": 422, "/api/v1/quotas?at=x": 400, "/api/v1/quotas?at=2999-01-01": 422, "/api/v1/quotas?colour=red": 400,
		"/api/v1/quotas/test/2016/entries?since=x": 400, "/api/v1/quotas/test/2016/entries?limit=0": 400,
	} {
		s.get(path, "Authorization", "Bearer "+admin).want(t, status)
	}
}

func TestQuotaIsPostedOncePerKey(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	officer, admin := s.keyOf(land.Officer, ""), s.keyOf(land.Admin, "")
	s.quota(admin, `{"kind":"new","entry":"grant","mu":100,"document_no":"D-1"}`).want(t, 201)
	const body = `{"kind":"new","entry":"reserve","mu":10,"document_no":"D-2","case_no":"A"}`
	answers := make([]got, 8)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() { answers[i] = s.quota(officer, body, "Idempotency-Key", "7f3d-1") })
	}
	group.Wait()
	fresh := 0
	for _, g := range answers {
		if g.status != 201 || g.body != answers[0].body || g.header.Get("Register-Seq") != "3" {
			t.Errorf("%d %v %s", g.status, g.header, g.body)
		}
		if g.header.Get("Idempotency-Replayed") == "" {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("%d answers are fresh", fresh)
	}
	s.quota(officer, strings.Replace(body, "10", "11", 1), "Idempotency-Key", "7f3d-1").want(t, 409, `"field":"Idempotency-Key"`)
	s.send("POST", "/api/v1/quotas/test/2017/entries", body, "Authorization", "Bearer "+officer, "Idempotency-Key", "7f3d-1").want(t, 409, `"field":"Idempotency-Key"`)
	s.quota(officer, body, "Idempotency-Key", "7f3d-2").want(t, 409, `"field":"document_no"`)
	s.quota(officer, body).want(t, 409, `"field":"document_no"`)
	s.quota(officer, body, "Idempotency-Key", strings.Repeat("x", 256)).want(t, 422, `"field":"Idempotency-Key"`)
	s.quota(officer, body, "Idempotency-Key", "").want(t, 422, `"field":"Idempotency-Key"`)
	s.get("/api/v1/quotas", "Authorization", "Bearer "+officer).want(t, 200, `"reserved_mu":10,"used_mu":0,"available_mu":90`)
}

func TestTheQuotaLedgerIsForThoseWhoKeepIt(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	grant := `{"kind":"new","entry":"grant","mu":100,"document_no":"D-1"}`
	reserve := `{"kind":"new","entry":"reserve","mu":1,"document_no":"D-1","case_no":"A"}`
	for _, c := range []struct {
		role          land.Role
		park          land.ParkCode
		read          int
		grant, reserv int
	}{
		{land.Visitor, "", 403, 403, 403},
		{land.Applicant, "test", 403, 403, 403},
		{land.Officer, "other", 403, 403, 403},
		{land.Approver, "test", 200, 201, 403},
		{land.Officer, "test", 200, 403, 201},
		{land.Admin, "", 200, 409, 409}, // the rules of the ledger
	} {
		key := s.keyOf(c.role, c.park)
		s.quota(key, grant).want(t, c.grant)
		s.quota(key, reserve).want(t, c.reserv)
		for _, path := range []string{"/api/v1/quotas/test/2016", "/api/v1/quotas/test/2016/entries", "/api/v1/quotas?park=test"} {
			s.get(path, "Authorization", "Bearer "+key).want(t, c.read)
		}
	}
	for _, path := range []string{"/api/v1/quotas", "/api/v1/quotas/test/2016", "/api/v1/quotas/test/2016/entries"} {
		s.get(path).want(t, 401)
	}
	// A key of one park lists that park.
	if g := s.get("/api/v1/quotas", "Authorization", "Bearer "+s.keyOf(land.Officer, "test")); g.status != 200 || !strings.Contains(g.body, `"park":"test"`) {
		t.Errorf("%d %s", g.status, g.body)
	}
}
