package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/exchange/ical/icaltest"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

// supervised is a service on a park "test" with plan, five plots of 30 亩, one
// of them supplied, and cases that stand every way to their days.
func supervised(t *testing.T) (s *service, today land.Date) {
	t.Helper()
	databaseURL := postgistest.URL(t)
	s = instance(t, databaseURL)
	s.key = officerKey(t, s)
	s.plots("A", "B", "C", "D", "E")
	p := postgistest.NewPast(t, databaseURL)
	p.Exec(`INSERT INTO plan_parks VALUES ('test', 120, 1, 2, '定位', '方案')`)
	today = s.db.Today()
	for i, status := range []string{"available", "committed", "supplied"} {
		s.send("PUT", "/api/v1/plots/1", fmt.Sprintf(`{"type":"Feature","properties":{"status":%q,"supplied_on":%q,"holder":"示范检测公司"},"reason":"供地"}`, status, today.AddDays(-900)),
			"Authorization", "Bearer "+s.key, "If-Match", fmt.Sprintf(`"%d"`, i+1)).want(t, 200)
	}
	calendar, err := s.db.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	number := func(on land.Date, serial int) land.CaseNo { return land.NewCaseNo("test", on.Year(), serial) }
	var nearly land.Date // accepted then, a case has 2 of 20 working days left
	for nearly = today.AddDays(-1); calendar.WorkingDaysBetween(nearly, today) < 18; nearly = nearly.AddDays(-1) {
	}
	late := today.AddDays(-60)
	p.Case(number(late, 1), land.Siting, "test", `{"title":"<script>检验中心</script>","plots":[2],"declared":{}}`, late, postgistest.Accepted(late)...)
	p.Case(number(nearly, 2), land.Siting, "test", `{"title":"计量中心","plots":[3],"declared":{}}`, nearly, postgistest.Accepted(nearly)...)
	p.Case(number(late, 3), land.Siting, "test", `{"title":"纤维中心","plots":[4],"declared":{}}`, late, append(postgistest.Accepted(late), postgistest.Did("suspend", late.AddDays(1)))...)
	supply := today.AddDays(-500)
	p.Case(number(supply, 4), land.LandSupply, "test", `{"title":"能源中心","mode":"allocation","plots":[1],"declared":{"investment_wan":5000,"output_wan":1234.5}}`, supply, append(postgistest.Accepted(supply),
		postgistest.Did("propose", supply), postgistest.Did("approve", supply),
		postgistest.Act{Name: "contract", On: supply, Facts: fmt.Sprintf(`{"contract":{"agreed_start":%q,"agreed_completion":%q,"price_wan":1000.5}}`, today.AddDays(-400), today.AddDays(300))})...)
	yesterday := today.AddDays(-1)
	p.Case(number(yesterday, 5), land.Siting, "test", `{"title":"食品中心","plots":[5],"declared":{}}`, yesterday, postgistest.Accepted(yesterday)...)
	return s, today
}

func TestSupervisionTellsHowCasesAndLandStand(t *testing.T) {
	t.Parallel()
	s, today := supervised(t)
	bearer := []string{"Authorization", "Bearer " + s.key}
	s.send("POST", "/api/v1/quotas/test/2018/entries", `{"kind":"new","entry":"grant","mu":50,"document_no":"下达 1","day":"2018-01-05"}`, "Authorization", "Bearer "+s.keyOf(land.Admin, "")).want(t, 201)
	g := s.get("/api/v1/supervision", bearer...)
	g.want(t, 200, `"cases":{"near":1,"overdue":1,"running":1,"stopped":1}`)
	d := readDescription(t)
	d.holds(t, "GET", "/api/v1/supervision", g)
	var told supervision
	if err := json.Unmarshal([]byte(g.body), &told); err != nil {
		t.Fatal(err)
	}
	late := today.AddDays(-60)
	if c := told.Overdue[0]; string(c.No) != fmt.Sprintf("test-%d-0001", late.Year()) || c.Left >= 0 || c.Term != 20 || c.Accepted != late.String() || c.Plots[0].PlotNo != "B" || c.KindZh != "用地预审与选址" {
		t.Errorf("overdue: %+v", c)
	}
	if c := told.NearDue[0]; c.Left != 2 || c.Title != "计量中心" {
		t.Errorf("near: %+v", c)
	}
	if c := told.Stopped[0]; c.Due != "" || c.Title != "纤维中心" {
		t.Errorf("stopped: %+v", c)
	}
	if p := told.Idle[0]; p.PlotNo != "A" || p.State != land.IdleSuspected || p.Start != today.AddDays(-400).String() || p.Basis != land.ByContract || p.DaysOver != 400 ||
		p.Price == nil || p.Price.String() != "1000.5" || p.Fee.String() != "200.1" || p.YearOn != today.AddDays(-400).AddYears(1).String() {
		t.Errorf("idle: %+v", p)
	}
	progress := told.Progress[0]
	if f := progress.Supplied; f.Value != 30 || *f.Of != 120 || *f.Share != 25 || fmt.Sprint(f.Rows) != "[1]" || f.Count != 1 {
		t.Errorf("supplied: %+v", f)
	}
	if f := progress.Built; f.Value != 0 || f.Rows == nil {
		t.Errorf("built: %+v", f)
	}
	if f := progress.Investment; f.Value != 0.5 || *f.Share != 50 || len(f.Rows) != 1 || !strings.HasSuffix(f.Rows[0], "-0004") {
		t.Errorf("investment: %+v", f)
	}
	if f := progress.Output; f.Value != 0.1235 {
		t.Errorf("output: %+v", f)
	}
	if q := progress.Quota; len(q) != 1 || q[0].Granted != land.MuAmount(50) || fmt.Sprint(q[0].Rows) != "[2018]" {
		t.Errorf("quota: %+v", q)
	}
	// A figure's link leads to its rows.
	rows := s.get(progress.Supplied.Href, bearer...)
	rows.want(t, 200, `"numberMatched":1`, `"plot_no":"A"`)
	s.get(progress.Quota[0].Href, bearer...).want(t, 200, `"granted_mu":50`)

	// As of an earlier day.
	before := s.get("/api/v1/supervision?at="+late.AddDays(-1).String(), bearer...)
	before.want(t, 200, `"cases":{"near":0,"overdue":0,"running":0,"stopped":0}`, `"idle":[]`)
	d.holds(t, "GET", "/api/v1/supervision", before)
	s.get("/api/v1/supervision?at="+late.AddDays(5).String(), bearer...).want(t, 200, `"cases":{"near":0,"overdue":0,"running":1,"stopped":1}`)

	s.get("/api/v1/supervision?at="+today.AddDays(1).String(), bearer...).want(t, 422, `"field":"at"`)
	s.get("/api/v1/supervision?at=soon", bearer...).want(t, 400, `"field":"at"`)
	s.get("/api/v1/supervision?park=nowhere", bearer...).want(t, 404)
	s.get("/api/v1/supervision?color=red", bearer...).want(t, 400)
	elsewhere := s.keyOf(land.Officer, "nansha")
	s.get("/api/v1/supervision?park=test", "Authorization", "Bearer "+elsewhere).want(t, 403)
	s.get("/api/v1/supervision", "Authorization", "Bearer "+s.keyOf(land.Approver, "test")).want(t, 200, `"park":"test"`)
	s.get("/api/v1/supervision", "Authorization", "Bearer "+s.keyOf(land.Applicant, "")).want(t, 403)
}

func TestMilestonesTellTheLandAtTheirEnd(t *testing.T) {
	t.Parallel()
	s, today := supervised(t)
	day := func(text string) land.Date {
		d, err := land.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	schedule := land.Schedule{
		Periods: []land.Period{
			{Code: "past", Zh: "近期", En: "near term", From: day("2016-01-01"), Until: day("2016-12-31"), Source: "方案"},
			{Code: "now", Zh: "中期", En: "now", From: today.AddDays(-1), Until: today.AddDays(10), Source: "方案"},
			{Code: "to_come", Zh: "远期", En: "later", From: today.AddDays(11), Until: today.AddDays(20), Source: "方案"},
		},
		Targets: []land.Target{{MetricZh: "产业规模", MetricEn: "industry scale", Unit: "亿元", AtLeast: 190, Scope: "集聚区", By: day("2020-12-31"), Source: "方案"}},
	}
	told, err := s.db.Supervision(t.Context(), land.Actor{Role: land.Officer}, nil, land.Date{}, land.Watch{Schedule: schedule})
	if err != nil {
		t.Fatal(err)
	}
	a := describeSupervision(told, land.Watch{Schedule: schedule}, "")
	if m := a.Milestones; len(m) != 3 || m[0].State != "past" || m[0].On != "2016-12-31" || m[0].Parks[0].Supplied.Value != 0 ||
		m[1].State != "current" || m[1].On != today.String() || *m[1].Parks[0].Supplied.Share != 25 || !strings.Contains(m[1].Parks[0].Supplied.Href, "at="+today.String()) ||
		m[2].State != "to_come" || m[2].On != "" || len(m[2].Parks) != 0 {
		t.Errorf("%+v", m)
	}
	if len(a.Targets) != 1 || a.Targets[0].By != "2020-12-31" {
		t.Errorf("%+v", a.Targets)
	}
}

func TestCalendarProgramsSubscribeWithTheKeyAsPassword(t *testing.T) {
	t.Parallel()
	s, today := supervised(t)
	const feed = "/api/v1/supervision/calendar.ics"
	basic := func(key string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte("calendar:"+key)) }
	g := s.get(feed, "Authorization", basic(s.key))
	g.want(t, 200)
	readDescription(t).holds(t, "GET", feed, g)
	days, name, err := icaltest.Read(g.body)
	if err != nil {
		t.Fatalf("%v\n%s", err, g.body)
	}
	uids := map[string]land.Date{}
	for _, d := range days {
		uids[d.UID] = d.On
	}
	start := today.AddDays(-400)
	// A case whose clock is stopped has no last day.
	if name != "地块监督" || len(days) != 3+3 || uids["plot-1.start@dikuai"] != start || uids["plot-1.year@dikuai"] != start.AddYears(1) || uids["plot-1.two-years@dikuai"] != start.AddYears(2) {
		t.Errorf("%s: %v", name, uids)
	}
	again := s.get(feed, "Authorization", "Bearer "+s.key)
	if again.body != g.body || again.header.Get("Etag") != g.header.Get("Etag") {
		t.Error("the same days are other bytes")
	}
	if held := s.get(feed, "Authorization", basic(s.key), "If-None-Match", g.header.Get("Etag")); held.status != 304 {
		t.Errorf("%d", held.status)
	}
	refused := s.get(feed)
	refused.want(t, 401)
	if challenges := refused.header.Values("WWW-Authenticate"); len(challenges) != 2 || !strings.HasPrefix(challenges[1], "Basic ") {
		t.Errorf("%q", challenges)
	}
	s.get(feed, "Authorization", basic("wrong")).want(t, 401)
	s.get(feed+"?park=test", "Authorization", basic(s.keyOf(land.Officer, "nansha"))).want(t, 403)
	for _, elsewhere := range []string{"/api/v1/supervision", "/api/v1/quotas", "/api/v1/supervision/digest.json"} {
		g := s.get(elsewhere, "Authorization", basic(s.key))
		g.want(t, 401)
		if len(g.header.Values("WWW-Authenticate")) != 1 {
			t.Errorf("%s asks for a password", elsewhere)
		}
	}
}

func TestTheDigestTellsOfTheDayAndTheDayBefore(t *testing.T) {
	t.Parallel()
	s, today := supervised(t)
	bearer := []string{"Authorization", "Bearer " + s.key}
	g := s.get("/api/v1/supervision/digest.json", bearer...)
	d := readDescription(t)
	d.holds(t, "GET", "/api/v1/supervision/digest.{format}", g)
	var told dailyDigest
	if err := json.Unmarshal([]byte(g.body), &told); err != nil {
		t.Fatal(err)
	}
	if told.Day != today.String() || told.MovedOn != today.AddDays(-1).String() || len(told.Overdue) != 1 || len(told.Near) != 1 || len(told.Idle) != 1 || len(told.Moves) != 0 {
		t.Errorf("%s", g.body)
	}
	if len(told.Acts) != 3 || told.Acts[2].Act != "accept" || told.Acts[2].ActZh != "受理" || told.Acts[2].State != land.CaseAccepted || told.Acts[2].Title != "食品中心" {
		t.Errorf("%+v", told.Acts)
	}
	// On the last day of a case it is due.
	due := s.get("/api/v1/supervision", bearer...)
	var all supervision
	if err := json.Unmarshal([]byte(due.body), &all); err != nil {
		t.Fatal(err)
	}
	s.get("/api/v1/supervision/digest.json?day="+all.Overdue[0].Due, bearer...).want(t, 200, `"due":[{"case_no":"`+string(all.Overdue[0].No))

	page := s.get("/api/v1/supervision/digest.html", bearer...)
	page.want(t, 200, "地块监督日报", "Daily digest", "&lt;script&gt;检验中心&lt;/script&gt;", "疑似闲置", "200.1", "食品中心")
	d.holds(t, "GET", "/api/v1/supervision/digest.{format}", page)
	for _, foreign := range []string{"<script", "src=", "http://", "https://", "ZgotmplZ"} {
		if strings.Contains(page.body, foreign) {
			t.Errorf("the page has %q", foreign)
		}
	}
	s.get("/api/v1/supervision/digest.pdf", bearer...).want(t, 404)
	s.get("/api/v1/supervision/digest.html?day=2999-01-01", bearer...).want(t, 422)
	s.get("/api/v1/supervision/digest.html").want(t, 401)
}
