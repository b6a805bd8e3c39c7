package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// office is an instance with people who have keys, for cases of its parks.
type office struct {
	*service
	people map[string]string // keys by name
}

// openOffice founds the people of an office: two institutions, an officer and an
// approver of every park, an administrator.
func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{newService(t), map[string]string{}}
	for _, who := range []land.Actor{
		{Name: "星海检测", Role: land.Applicant}, {Name: "云帆科技", Role: land.Applicant},
		{Name: "李经办", Role: land.Officer}, {Name: "王审批", Role: land.Approver}, {Name: "管理员", Role: land.Admin},
	} {
		o.join(who)
	}
	return o
}

// join gives someone a key.
func (o *office) join(who land.Actor) {
	o.t.Helper()
	key, err := o.db.CreateKey(context.Background(), who, time.Time{})
	if err != nil {
		o.t.Fatal(err)
	}
	o.people[who.Name] = key
}

// as makes a call with someone's key.
func (o *office) as(who, method, path, body string, headers ...string) got {
	o.t.Helper()
	key, known := o.people[who]
	if !known {
		o.t.Fatalf("nobody is called %s", who)
	}
	return o.send(method, path, body, append([]string{"Authorization", "Bearer " + key}, headers...)...)
}

// answered reads an answer that is JSON.
func answered[T any](t *testing.T, g got, status int) (v T) {
	t.Helper()
	g.want(t, status)
	if err := json.Unmarshal([]byte(g.body), &v); err != nil {
		t.Fatalf("%v: %s", err, g.body)
	}
	return v
}

// open opens a case with members beside its kind and its park's plots.
func (o *office) open(who, kind, members string, plots ...int) caseAnswer {
	o.t.Helper()
	told, err := json.Marshal(plots)
	if err != nil {
		o.t.Fatal(err)
	}
	body := fmt.Sprintf(`{"kind":%q,"park":"test","title":"星海检测研发中心","plots":%s%s}`, kind, told, members)
	return answered[acted](o.t, o.as(who, "POST", "/api/v1/cases", body), 201).Case
}

// try does a step of a case as it is now.
func (o *office) try(who string, no land.CaseNo, act, body string) got {
	o.t.Helper()
	return o.as(who, "POST", casePath(no)+"/actions/"+act, body, "If-Match", o.as("管理员", "GET", casePath(no), "").header.Get("ETag"))
}

// act does a step of which nothing is at fault.
func (o *office) act(who string, no land.CaseNo, act, body string) acted {
	o.t.Helper()
	return answered[acted](o.t, o.try(who, no, act, body), 200)
}

// file is a form with a document.
func paperForm(t *testing.T, name string, content []byte, members map[string]string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range members {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if content != nil {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

// hand hands a document in.
func (o *office) hand(who string, no land.CaseNo, name string, content []byte, members map[string]string, headers ...string) got {
	o.t.Helper()
	body, contentType := paperForm(o.t, name, content, members)
	return o.as(who, "POST", casePath(no)+"/documents", body, append([]string{"Content-Type", contentType}, headers...)...)
}

// pdf is a file that begins as PDF files do.
var pdf = []byte("%PDF-1.7\n%申请书\n%%EOF\n")

// accepted is a case that was opened, submitted and accepted.
func (o *office) accepted(who, kind, members string, plots ...int) land.CaseNo {
	o.t.Helper()
	no := o.open(who, kind, members, plots...).No
	o.hand(who, no, "申请书.pdf", pdf, map[string]string{"type": "application"}).want(o.t, 201)
	o.act(who, no, "submit", "")
	o.act("李经办", no, "accept", "")
	return no
}

// grant gives park "test" quota of this year.
func (o *office) grant(mu int) {
	o.t.Helper()
	o.as("管理员", "POST", fmt.Sprintf("/api/v1/quotas/test/%d/entries", o.db.Today().Year()), fmt.Sprintf(`{"kind":"new","entry":"grant","mu":%d,"document_no":"下达 1"}`, mu)).want(o.t, 201)
}

// twoAvailable founds park "test" with plots 1 and 2 of 30 亩 that are available.
func (o *office) twoAvailable() {
	o.t.Helper()
	o.twoPlots()
	for _, id := range []string{"1", "2"} {
		o.send("PUT", "/api/v1/plots/"+id, `{"type":"Feature","properties":{"status":"available"},"reason":"入库"}`, "If-Match", `"1"`, "Authorization", "Bearer "+o.key).want(o.t, 200)
	}
}

func TestACaseFromDraftToApproval(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	o.grant(100)
	d := readDescription(t)
	opened := o.as("星海检测", "POST", "/api/v1/cases", `{"kind":"siting","park":"test","title":"星海检测研发中心","declared":{"land_use":"A35","far":1.8,"investment_wan":9000},"plots":[2,1]}`)
	opened.want(t, 201, `"state":"draft"`, `"applicant":"星海检测"`, `"own":true`, `"plots":[1,2]`, `"act":"submit"`, `"act":"discard"`, `"zh":"提交申请"`)
	c := answered[acted](t, opened, 201).Case
	if opened.header.Get("ETag") != `"1"` || !strings.HasSuffix(opened.header.Get("Location"), casePath(c.No)) || opened.header.Get("Cache-Control") != "no-store" || opened.header.Get("Register-Seq") == "" {
		t.Errorf("%v", opened.header)
	}
	d.holds(t, "POST", "/api/v1/cases", opened)
	no := c.No
	d.holds(t, "POST", "/api/v1/cases/{no}/actions/{action}", o.try("星海检测", no, "submit", "")) // no application on file
	paper := o.hand("星海检测", no, "申请书.pdf", pdf, map[string]string{"type": "application", "title": "用地申请"})
	paper.want(t, 201, `"media_type":"application/pdf"`, `"type_zh":"申请书"`)
	d.holds(t, "POST", "/api/v1/cases/{no}/documents", paper)
	edited := o.as("星海检测", "PUT", casePath(no), `{"title":"星海检测中心","declared":{"land_use":"A35","far":1.9},"plots":[1]}`, "If-Match", `"1"`)
	edited.want(t, 200, `"title":"星海检测中心"`, `"plots":[1]`, `"version":2`)
	d.holds(t, "PUT", "/api/v1/cases/{no}", edited)
	o.act("星海检测", no, "submit", "")
	accepted := o.act("李经办", no, "accept", "")
	if accepted.Case.Term == nil || accepted.Case.Term.Days != 20 || accepted.Case.Term.DueOn == nil || !accepted.Case.Bound {
		t.Errorf("%+v", accepted.Case)
	}
	precheck := o.as("星海检测", "GET", casePath(no)+"/precheck", "")
	precheck.want(t, 200, `"rule":"open_cases"`, `"rule":"suits"`)
	if strings.Contains(precheck.body, `"rule":"quota"`) {
		t.Error("the applicant is told of quota")
	}
	d.holds(t, "GET", "/api/v1/cases/{no}/precheck", precheck)
	check := o.as("李经办", "POST", casePath(no)+"/checks", "")
	check.want(t, 201, `"verdict":"warn"`, `"seq":1`, `"holds":true`, `"rule":"quota"`)
	d.holds(t, "POST", "/api/v1/cases/{no}/checks", check)
	proposed := o.try("李经办", no, "propose", `{"opinion":"拟同意"}`)
	proposed.want(t, 200, `"reserved":[{"year":`, `"mu":30`)
	d.holds(t, "POST", "/api/v1/cases/{no}/actions/{action}", proposed)
	approved := o.act("王审批", no, "approve", `{"document_no":"用字第440115202600012号"}`)
	if approved.Case.State != land.CaseApproved || len(approved.Change.Plots) != 1 {
		t.Errorf("%+v", approved)
	}
	o.get("/api/v1/plots/1").want(t, 200, `"status":"committed"`)
	read := o.as("星海检测", "GET", casePath(no), "")
	read.want(t, 200, `"state":"approved"`, `"land":[{"id":1,"plot_no":"A","land_use":"A35","status":"committed"`)
	if read.header.Get("ETag") != fmt.Sprintf("%q", fmt.Sprint(approved.Case.Version)) {
		t.Errorf("ETag %s, version %d", read.header.Get("ETag"), approved.Case.Version)
	}
	d.holds(t, "GET", "/api/v1/cases/{no}", read)
	for route, path := range map[string]string{
		"/api/v1/cases": "/api/v1/cases?park=test&kind=siting&state=approved&open=true&plot=1&applicant=星海检测&overdue=false&q=星海&sort=-changed&limit=5", "/api/v1/cases/flows": "/api/v1/cases/flows",
		"/api/v1/cases/{no}/documents": casePath(no) + "/documents", "/api/v1/cases/{no}/checks": casePath(no) + "/checks", "/api/v1/cases/{no}/trail": casePath(no) + "/trail",
	} {
		g := o.as("星海检测", "GET", path, "")
		g.want(t, 200)
		d.holds(t, "GET", route, g)
	}
	trail := o.as("王审批", "GET", casePath(no)+"/trail", "")
	trail.want(t, 200, "核发用地预审与选址意见", "地块由可供变为已预占")
}
