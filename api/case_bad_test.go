package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

// refusal is a problem document with its first fault.
type refusal struct {
	Errors []struct {
		Field, Message, Remedy string
		MessageZh              string `json:"message_zh"`
		RemedyZh               string `json:"remedy_zh"`
	}
}

// refused fails unless the answer refuses with the status, by the field, in both
// languages.
func (g got) refused(t *testing.T, what string, status int, field string) {
	t.Helper()
	var p refusal
	if err := json.Unmarshal([]byte(g.body), &p); err != nil {
		t.Fatalf("%s: %d %v: %s", what, g.status, err, g.body)
	}
	if g.status != status || g.header.Get("Content-Type") != "application/problem+json" ||
		field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != field || p.Errors[0].Message == "" || p.Errors[0].MessageZh == "" || p.Errors[0].Remedy == "" || p.Errors[0].RemedyZh == "") {
		t.Errorf("%s: %d %s\nwant %d at %s", what, g.status, g.body, status, field)
	}
}

func TestBadCasesAreRefused(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	east := o.found("east", 453600)
	siting := o.accepted("星海检测", "siting", "", 2)
	private := o.open("云帆科技", "siting", "", 1).No
	long := strings.Repeat("长", 201)
	const with = `"kind":"siting","park":"test","title":"项目","plots":[1]`
	for _, c := range []struct {
		body   string
		status int
		field  string
	}{
		{``, 422, "kind"},
		{`[]`, 422, "body"},
		{`{` + with + `,"colour":"red"}`, 422, "body"},
		{`{"kind":"gift","park":"test","title":"项目","plots":[1]}`, 422, "kind"},
		{`{"kind":"siting","park":"TEST","title":"项目","plots":[1]}`, 422, "park"},
		{`{"kind":"siting","park":"nowhere","title":"项目","plots":[1]}`, 404, ""},
		{`{"kind":"siting","park":"test","plots":[1]}`, 422, "title"},
		{`{"kind":"siting","park":"test","title":"` + long + `","plots":[1]}`, 422, "title"},
		{`{"kind":"siting","park":"test","title":"a\u0000b","plots":[1]}`, 422, "title"},
		{`{"kind":"siting","park":"test","title":"项目"}`, 422, "plots"},
		{`{"kind":"siting","park":"test","title":"项目","plots":[]}`, 422, "plots"},
		{`{"kind":"siting","park":"test","title":"项目","plots":[99]}`, 422, "plots"},
		{`{"kind":"siting","park":"test","title":"项目","plots":[-1]}`, 422, "plots"},
		{fmt.Sprintf(`{"kind":"siting","park":"test","title":"项目","plots":[%d]}`, east), 422, "plots"},
		{`{"kind":"siting","park":"test","title":"项目","plots":["A"]}`, 422, "body"},
		{`{"kind":"siting","park":"test","title":"项目","plots":[` + strings.Repeat("1,2,3,", 5000) + `1]}`, 422, "plots"},
		{`{` + with + `,"green":true}`, 422, "green"},
		{`{` + with + `,"mode":"auction"}`, 422, "mode"},
		{`{"kind":"supply","park":"test","title":"项目","plots":[1]}`, 422, "mode"},
		{`{"kind":"supply","park":"test","title":"项目","plots":[1],"mode":"gift"}`, 422, "mode"},
		{`{` + with + `,"applicant":"别人"}`, 422, "applicant"},
		{`{` + with + `,"follows":"test-2016-0001"}`, 422, "follows"},
		{`{` + with + `,"follows":"` + string(private) + `"}`, 422, "follows"}, // another's
		{`{` + with + `,"follows":"a\u0000b"}`, 422, "follows"},
		{`{` + with + `,"declared":{"far":-1}}`, 422, "declared.far"},
		{`{` + with + `,"declared":{"far":"2"}}`, 422, "body"},
		{`{` + with + `,"declared":{"far":1e999}}`, 422, "body"},
		{`{` + with + `,"declared":{"green_pct":101}}`, 422, "declared.green_pct"},
		{`{` + with + `,"declared":{"height_m":601}}`, 422, "declared.height_m"},
		{`{` + with + `,"declared":{"land_use":"Z9"}}`, 422, "declared.land_use"},
		{`{` + with + `,"declared":{"investment_wan":-1}}`, 422, "declared.investment_wan"},
		{`{` + with + `,"declared":{"employees":-1}}`, 422, "declared.employees"},
		{`{` + with + `,"declared":{"price_wan":-1}}`, 422, "price_wan"},
		{`{` + with + `,"declared":{"agreed_start":"yesterday"}}`, 422, "body"},
		{`{` + with + `,"declared":{"purpose":"` + strings.Repeat("长", 2001) + `"}}`, 422, "declared.purpose"},
		{`{` + with + `,"declared":{"colour":"red"}}`, 422, "body"},
		{`{"kind":"idle","park":"test","title":"项目","plots":[1]}`, 403, ""},
	} {
		o.as("星海检测", "POST", "/api/v1/cases", c.body).refused(t, c.body[:min(150, len(c.body))], c.status, c.field)
	}
	for _, c := range []struct {
		path, match, body string
		status            int
		field             string
	}{
		{casePath(siting), "", `{}`, 428, ""},
		{casePath(siting), `"1"`, `{"title":"项目","plots":[2]}`, 412, ""},
		{casePath(siting), `"x"`, `{"title":"项目","plots":[2]}`, 412, ""},
		{casePath(siting), `"3"`, `{"title":"","plots":[2]}`, 422, "title"},
		{casePath(siting), `"3"`, `{"title":"项目","plots":[99]}`, 422, "plots"},
		{casePath(siting), `"3"`, `{"title":"项目","plots":[2],"kind":"supply"}`, 422, "body"},
	} {
		headers := []string{}
		if c.match != "" {
			headers = append(headers, "If-Match", c.match)
		}
		o.as("李经办", "PUT", c.path, c.body, headers...).refused(t, c.body, c.status, c.field)
	}
	o.as("星海检测", "PUT", casePath(siting), `{"title":"项目","plots":[2]}`, "If-Match", `"3"`).refused(t, "an applicant edits what was accepted", 403, "")
	for path, status := range map[string]int{
		"?kind=gift": 400, "?state=lost": 400, "?plot=x": 400, "?plot=0": 400, "?open=maybe": 400, "?overdue=2x": 400, "?sort=colour": 400, "?limit=0": 400, "?cursor=x": 400, "?colour=red": 400,
		"?q=" + strings.Repeat("x", 65): 400, "?q=%ff": 400, "?applicant=a%00b": 400, "?park=" + strings.Repeat("a,", 101): 400,
		"/test-2016-9999": 404, "/nothing": 404, "/a%00b": 404, "/%ff": 404, "/test-2016-9999/form.gif": 404, "/test-2016-9999/chart.pdf": 404, "?park=nowhere": 200,
	} {
		o.as("李经办", "GET", "/api/v1/cases"+path, "").want(t, status)
	}
	o.as("李经办", "GET", casePath(siting)+"/form.gif", "").want(t, 404)
	o.as("李经办", "GET", casePath(siting)+"/chart.pdf", "").want(t, 404)
	o.as("李经办", "GET", casePath(siting)+"?colour=red", "").want(t, 400)
}

func TestBadActsOnCasesAreRefused(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	o.grant(100)
	no := o.accepted("星海检测", "siting", `,"declared":{"land_use":"A35"}`, 1)
	for _, c := range []struct {
		who, act, body string
		status         int
		field          string
	}{
		{"李经办", "dance", `{}`, 422, "action"},
		{"李经办", "accept", `{}`, 409, "action"}, // it is
		{"李经办", "approve", `{}`, 409, "action"},
		{"李经办", "contract", `{}`, 422, "action"}, // of another kind
		{"李经办", "suspend", `{}`, 422, "reason"},
		{"李经办", "suspend", `{"reason":"` + strings.Repeat("长", 201) + `"}`, 422, "reason"},
		{"李经办", "suspend", `{"reason":"a\u0000b"}`, 422, "reason"},
		{"李经办", "suspend", `{"reason":1}`, 422, "body"},
		{"李经办", "suspend", `{"reason":"x","colour":"red"}`, 422, "body"},
		{"李经办", "suspend", `{"reason":"x"`, 422, "body"},
		{"星海检测", "suspend", `{"reason":"x"}`, 403, ""},
		{"王审批", "suspend", `{"reason":"x"}`, 403, ""},
		{"李经办", "propose", `{}`, 422, "opinion"},
		{"李经办", "propose", `{"opinion":"同意"}`, 409, "check"},
		{"李经办", "fulfil", `{}`, 409, "action"},
	} {
		o.try(c.who, no, c.act, c.body).refused(t, c.act+" "+c.body[:min(100, len(c.body))], c.status, c.field)
	}
	o.as("李经办", "POST", casePath(no)+"/checks", "").want(t, 201)
	for _, c := range []struct {
		quota string
		field string
	}{
		{`[{"kind":"new","mu":10}]`, "quota"}, {`[{"kind":"old","mu":30}]`, "kind"}, {`[{"kind":"new","mu":"x"}]`, "mu"}, {`[{"kind":"new","mu":30,"ha":2}]`, "ha"},
		{`[{"kind":"new","mu":-30}]`, "mu"}, {`[{"kind":"new","mu":15},{"kind":"new","mu":15}]`, "quota"}, {`[{"kind":"new","mu":30},{"kind":"scale","mu":31}]`, "quota"},
	} {
		o.try("李经办", no, "propose", `{"opinion":"同意","quota":`+c.quota+`}`).refused(t, c.quota, 422, c.field)
	}
	o.try("李经办", no, "propose", `{"opinion":"同意","quota":[{"kind":"new","park":"east","mu":30}]}`).refused(t, "another park's quota", 409, "quota")
	o.try("李经办", no, "propose", fmt.Sprintf(`{"opinion":"同意","quota":[{"kind":"new","year":%d,"mu":30}]}`, o.db.Today().Year()-1)).refused(t, "last year's quota", 409, "quota")
	o.try("李经办", no, "propose", `{"opinion":"同意","quota":[{"kind":"stock","mu":30}]}`).refused(t, "an empty account", 409, "mu")
	o.act("李经办", no, "propose", `{"opinion":"同意","quota":[{"kind":"new","m2":20000}]}`)
	for _, c := range []struct {
		who, body string
		status    int
		field     string
	}{
		{"王审批", `{}`, 422, "document_no"},
		{"王审批", `{"document_no":"第1号"}`, 422, "document_no"},
		{"王审批", `{"document_no":"a\u0000b"}`, 422, "document_no"},
		{"王审批", `{"document_no":"` + strings.Repeat("1", 201) + `"}`, 422, "document_no"},
		{"王审批", `{"document_no":"用字第440115202600012号","document_day":"2999-01-01"}`, 422, "document_day"},
		{"王审批", `{"document_no":"用字第440115202600012号","document_day":"tomorrow"}`, 422, "document_day"},
		{"王审批", `{"document_no":"用字第440115202600012号","document_day":"2016-05-20"}`, 422, "document_no"}, // the form of 2016 is another
		{"李经办", `{"document_no":"用字第440115202600012号"}`, 403, ""},
	} {
		o.try(c.who, no, "approve", c.body).refused(t, c.body, c.status, c.field)
	}
	o.act("王审批", no, "approve", `{"document_no":"用字第440115202600012号"}`)

	supply := o.accepted("星海检测", "supply", fmt.Sprintf(`,"mode":"auction","follows":%q`, no), 1)
	o.as("李经办", "POST", casePath(supply)+"/checks", "").want(t, 201)
	o.act("李经办", supply, "propose", `{"opinion":"同意"}`)
	o.try("王审批", supply, "approve", `{"document_no":"穗府地批〔2026〕1号","fee_wan":"x"}`).refused(t, "no fee", 422, "body")
	o.act("王审批", supply, "approve", `{"document_no":"穗府地批〔2026〕1号"}`)
	o.try("李经办", supply, "contract", `{"document_no":"440115-2026-000001"}`).refused(t, "no sale yet", 409, "action")
	o.act("李经办", supply, "announce", `{"document_no":"穗规划资源挂出告字〔2026〕1号"}`)
	o.try("李经办", supply, "award", `{"document_no":"穗公资土成〔2026〕1号"}`).refused(t, "nobody won", 422, "winner")
	o.act("李经办", supply, "award", `{"document_no":"穗公资土成〔2026〕1号","winner":"竞得公司"}`)
	today := o.db.Today()
	for _, c := range []struct{ contract, field string }{
		{``, "contract.agreed_start"},
		{`,"contract":{}`, "contract.agreed_start"},
		{`,"contract":{"agreed_start":"soon"}`, "contract.agreed_start"},
		{`,"contract":{"agreed_start":"2016-01-01","agreed_completion":"2030-01-01","price_wan":1}`, "contract.agreed_start"},
		{fmt.Sprintf(`,"contract":{"agreed_start":%q}`, today), "contract.agreed_completion"},
		{fmt.Sprintf(`,"contract":{"agreed_start":%[1]q,"agreed_completion":%[1]q,"price_wan":1}`, today), "contract.agreed_completion"},
		{fmt.Sprintf(`,"contract":{"agreed_start":%q,"agreed_completion":%q}`, today, today.AddYears(2)), "contract.price_wan"},
		{fmt.Sprintf(`,"contract":{"agreed_start":%q,"agreed_completion":%q,"price_wan":-1}`, today, today.AddYears(2)), "contract.price_wan"},
		{fmt.Sprintf(`,"contract":{"agreed_start":%q,"agreed_completion":%q,"price_wan":1e30}`, today, today.AddYears(2)), "contract.price_wan"},
	} {
		o.try("李经办", supply, "contract", `{"document_no":"440115-2026-000001"`+c.contract+`}`).refused(t, c.contract, 422, c.field)
	}
	sold := o.act("李经办", supply, "contract", fmt.Sprintf(`{"document_no":"440115-2026-000001","contract":{"agreed_start":%q,"agreed_completion":%q,"price_wan":1234.5}}`, today, today.AddYears(2)))
	o.get("/api/v1/plots/1").want(t, 200, `"holder":"竞得公司"`, `"supply_mode":"出让"`)
	if sold.Case.Winner != "竞得公司" || sold.Case.Contract == nil || sold.Case.Contract.Price.String() != "1234.5" || len(sold.Case.Acts) > 0 {
		t.Errorf("%+v", sold.Case)
	}
	again := o.accepted("云帆科技", "siting", "", 2)
	o.as("李经办", "POST", casePath(again)+"/checks", "").want(t, 201)
	o.act("李经办", again, "propose", `{"opinion":"同意"}`)
	o.try("王审批", again, "approve", `{"document_no":"用字第440115202600012号"}`).refused(t, "a number that was used", 409, "document_no")
	o.try("王审批", again, "refuse", `{"reason":"不同意"}`).refused(t, "no decision", 422, "document_no")
	refused := o.act("王审批", again, "refuse", `{"reason":"不同意","document_no":"穗规划资源决〔2026〕1号"}`)
	if refused.Case.Open || refused.Case.Bound {
		t.Errorf("%+v", refused.Case)
	}
	o.try("云帆科技", again, "submit", `{}`).refused(t, "after the end", 409, "action")
}

func TestPlotsOfACaseAreEditedUnderItAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	no := o.accepted("星海检测", "siting", "", 1)
	edit := func(who, caseNo string) got {
		return o.as(who, "PUT", "/api/v1/plots/1", `{"type":"Feature","properties":{"name":"更名"},"reason":"x","case_no":"`+caseNo+`"}`, "If-Match", `"2"`)
	}
	edit("李经办", "").refused(t, "an edit of a bound plot", 409, "case_no")
	edit("李经办", "test-2016-0009").refused(t, "an edit under another case", 409, "case_no")
	edit("李经办", string(no)).want(t, 200, `"name":"更名"`)
	o.as("李经办", "GET", "/api/v1/plots/1/history", "").want(t, 200, `"case_no":"`+string(no)+`"`)
	if g := o.get("/api/v1/plots/1/history"); g.status != 200 || strings.Contains(g.body, string(no)) {
		t.Errorf("%d %s", g.status, g.body)
	}
	// A second case on the plot is not accepted, and says so to those who may know.
	other := o.open("云帆科技", "siting", "", 1, 2).No
	o.hand("云帆科技", other, "a.pdf", pdf, map[string]string{"type": "application"}).want(t, 201)
	o.act("云帆科技", other, "submit", "")
	o.try("李经办", other, "accept", "").want(t, 409, string(no), `"field":"plots"`)
}

func TestAnActIsDoneOncePerKey(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	body := `{"kind":"siting","park":"test","title":"项目","plots":[1]}`
	first := o.as("星海检测", "POST", "/api/v1/cases", body, "Idempotency-Key", "k-1")
	again := o.as("星海检测", "POST", "/api/v1/cases", body, "Idempotency-Key", "k-1")
	first.want(t, 201)
	if again.status != 201 || again.body != first.body || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s", again.status, again.body)
	}
	no := answered[acted](t, first, 201).Case.No
	papers := map[string]string{"type": "application"}
	handed := o.hand("星海检测", no, "a.pdf", pdf, papers, "Idempotency-Key", "k-2")
	handed.want(t, 201)
	if g := o.hand("星海检测", no, "a.pdf", pdf, papers, "Idempotency-Key", "k-2"); g.status != 201 || g.body != handed.body || g.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s", g.status, g.body)
	}
	o.hand("星海检测", no, "b.pdf", pdf, papers, "Idempotency-Key", "k-2").want(t, 409, `"field":"Idempotency-Key"`)
	act := func(key string) got {
		return o.as("星海检测", "POST", casePath(no)+"/actions/submit", "", "If-Match", `"1"`, "Idempotency-Key", key)
	}
	done := act("k-3")
	done.want(t, 200)
	if g := act("k-3"); g.status != 200 || g.body != done.body {
		t.Errorf("%d %s", g.status, g.body)
	}
	act("k-4").want(t, 412)
	check := o.as("李经办", "POST", casePath(no)+"/checks", "", "Idempotency-Key", "k-5")
	check.want(t, 201)
	o.as("李经办", "POST", casePath(no)+"/checks", "", "Idempotency-Key", "k-5").want(t, 201, `"seq":1`)
	if g := o.as("李经办", "GET", casePath(no)+"/checks", ""); strings.Contains(g.body, `"seq":2`) {
		t.Error("a check was kept twice")
	}
}

func TestDelegationsAreRefusedWhereTheyDoNotFit(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	keys, err := o.db.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	number := map[string]int64{}
	for _, k := range keys {
		number[k.Name] = k.Key
	}
	today := o.db.Today()
	body := func(to int64, first, last land.Date, document string) string {
		return fmt.Sprintf(`{"to_key":%d,"from_day":%q,"until_day":%q,"document_no":%q}`, to, first, last, document)
	}
	for what, c := range map[string]struct{ body, field string }{
		"no body":            {``, "body"},
		"no key":             {body(0, today, today, "D-1"), "to_key"},
		"one's own":          {body(number["王审批"], today, today, "D-1"), "to_key"},
		"an applicant":       {body(number["星海检测"], today, today, "D-1"), "to_key"},
		"nobody":             {body(999, today, today, "D-1"), "to_key"},
		"no day":             {fmt.Sprintf(`{"to_key":%d,"document_no":"D-1"}`, number["李经办"]), "until_day"},
		"days reversed":      {body(number["李经办"], today, today.AddDays(-1), "D-1"), "until_day"},
		"a day that is none": {`{"to_key":1,"from_day":"x"}`, "from_day"},
		"for ever":           {body(number["李经办"], today, today.AddYears(9), "D-1"), "until_day"},
		"no document":        {body(number["李经办"], today, today, ""), "document_no"},
	} {
		o.as("王审批", "POST", "/api/v1/delegations", c.body).refused(t, what, 422, c.field)
	}
	o.as("李经办", "POST", "/api/v1/delegations", body(number["李经办"], today, today, "D-1")).refused(t, "an officer delegates", 403, "")
	d := readDescription(t)
	made := o.as("王审批", "POST", "/api/v1/delegations", body(number["李经办"], today, today, "D-1"))
	d.holds(t, "POST", "/api/v1/delegations", made)
	id := answered[delegation](t, made, 201).ID
	for _, who := range []string{"王审批", "李经办", "管理员"} {
		g := o.as(who, "GET", "/api/v1/delegations", "")
		g.want(t, 200, `"document_no":"D-1"`)
		d.holds(t, "GET", "/api/v1/delegations", g)
	}
	// The deputy decides what another proposed.
	o.twoAvailable()
	no := o.accepted("星海检测", "siting", "", 1)
	o.grant(100)
	o.as("管理员", "POST", casePath(no)+"/checks", "").want(t, 201)
	o.act("管理员", no, "propose", `{"opinion":"同意"}`)
	o.try("管理员", no, "approve", `{"document_no":"用字第440115202600012号"}`).refused(t, "an administrator decides what he proposed", 403, "")
	approved := o.act("李经办", no, "approve", `{"document_no":"用字第440115202600012号"}`)
	if approved.Event.Deputy != id || approved.Event.Role != land.Approver || !strings.Contains(approved.Event.Zh, "受委托的审批人") {
		t.Errorf("%+v", approved.Event)
	}
	o.as("王审批", "DELETE", fmt.Sprintf("/api/v1/delegations/%d", id), "").want(t, 204)
	o.as("王审批", "DELETE", "/api/v1/delegations/999", "").want(t, 404)
	o.as("王审批", "DELETE", "/api/v1/delegations/x", "").want(t, 404)
	ended := o.as("王审批", "GET", "/api/v1/delegations", "")
	ended.want(t, 200, `"ended_by":"王审批"`)
	d.holds(t, "GET", "/api/v1/delegations", ended)
}
