package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

func TestACheckTellsWhatBecameOfTheOneBefore(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	no := o.accepted("星海检测", "siting", `,"declared":{"land_use":"A35","far":3}`, 1)
	// Without quota, and with more than the plot carries.
	first := o.as("李经办", "POST", casePath(no)+"/checks", "")
	first.want(t, 201, `"verdict":"fail"`, `"difference":[]`, "本园区可用指标不足", "不合规划条件")
	o.grant(100)
	edited := o.as("李经办", "PUT", casePath(no), `{"title":"项目","declared":{"land_use":"A35","far":1.5},"plots":[1]}`, "If-Match", `"3"`)
	edited.want(t, 200)
	second := o.as("李经办", "POST", casePath(no)+"/checks", "")
	second.want(t, 201, `"seq":2`, `"verdict":"warn"`)
	type checks struct{ Checks []caseCheck }
	kept := answered[checks](t, o.as("李经办", "GET", casePath(no)+"/checks", ""), 200).Checks
	if len(kept) != 2 || kept[0].Holds || !kept[1].Holds {
		t.Fatalf("%+v", kept)
	}
	better := map[string]bool{}
	for _, d := range kept[1].Difference {
		better[d.Rule] = d.Change == "better" && d.Before.Severity == land.Fails && d.After.Severity == land.Passes && d.After.MessageZh != "" && d.NameZh != ""
	}
	if len(better) != 2 || !better["far"] || !better["quota"] {
		t.Errorf("%+v", kept[1].Difference)
	}
	// What is kept is what was answered, byte for byte.
	var sent struct {
		Check struct{ Result json.RawMessage }
	}
	if err := json.Unmarshal([]byte(second.body), &sent); err != nil || string(sent.Check.Result) != string(kept[1].Result) {
		t.Errorf("%v\n%s\n%s", err, sent.Check.Result, kept[1].Result)
	}
	o.as("星海检测", "POST", casePath(no)+"/checks", "").want(t, 403)

	// Another's application on the plot is counted, and named to the office alone.
	rival := o.open("云帆科技", "siting", "", 1, 2).No
	o.hand("云帆科技", rival, "a.pdf", pdf, map[string]string{"type": "application"}).want(t, 201)
	o.act("云帆科技", rival, "submit", "")
	third := o.as("李经办", "POST", casePath(no)+"/checks", "")
	third.want(t, 201, "另有 1 件在办申请", `"cases":["`+string(rival)+`"]`, `"rule":"open_cases"`, `"change":"worse"`)
	for _, path := range []string{"/checks", "/precheck"} {
		own := o.as("星海检测", "GET", casePath(no)+path, "")
		own.want(t, 200, "另有 1 件在办申请")
		if strings.Contains(own.body, string(rival)) {
			t.Errorf("the applicant is told of %s: %s", rival, own.body)
		}
		readDescription(t).holds(t, "GET", "/api/v1/cases/{no}"+path, own)
	}
	o.as("云帆科技", "GET", casePath(rival)+"/precheck", "").want(t, 200, `"verdict":"fail"`, "已由 1 个在办案件占用")
	o.as("李经办", "GET", casePath(rival)+"/precheck", "").want(t, 200, `"cases":["`+string(no)+`"]`, `"rule":"quota"`)

	// A plot that ended leaves nothing to check.
	o.act("星海检测", no, "withdraw", `{"reason":"不再需要"}`)
	o.as("李经办", "POST", casePath(no)+"/checks", "").want(t, 409, `"field":"action"`)
	o.send("DELETE", "/api/v1/plots/2?reason=x", "", "If-Match", `"2"`, "Authorization", "Bearer "+o.key).want(t, 204)
	o.as("李经办", "POST", casePath(rival)+"/checks", "").want(t, 409, `"field":"plots"`)
	o.as("云帆科技", "GET", casePath(rival), "").want(t, 200, `{"id":2,"href":"/api/v1/plots/2"}`)
}

func TestCasesAreListedPageByPage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	for i := range 7 {
		who := []string{"星海检测", "云帆科技"}[i%2]
		o.as(who, "POST", "/api/v1/cases", fmt.Sprintf(`{"kind":%q,"park":"test","title":"项目 %d","plots":[%d]}`, []string{"siting", "conditions"}[i%2], 7-i, 1+i%2)).want(t, 201)
	}
	type page struct {
		Cases   []caseAnswer
		Matched int
		Next    string
	}
	for query, want := range map[string]string{
		"sort=no": "1 2 3 4 5 6 7", "sort=-no": "7 6 5 4 3 2 1", "sort=title": "7 6 5 4 3 2 1", "sort=-title": "1 2 3 4 5 6 7", "sort=changed": "1 2 3 4 5 6 7", "": "1 2 3 4 5 6 7",
		"kind=siting": "1 3 5 7", "kind=%E7%94%A8%E5%9C%B0%E9%A2%84%E5%AE%A1%E4%B8%8E%E9%80%89%E5%9D%80,conditions&sort=-no": "7 6 5 4 3 2 1", "plot=2": "2 4 6", "applicant=%E4%BA%91%E5%B8%86%E7%A7%91%E6%8A%80": "2 4 6",
		"q=%E9%A1%B9%E7%9B%AE+3": "5", "q=0004": "4", "state=submitted": "", "open=false": "", "overdue=false": "1 2 3 4 5 6 7", "overdue=true": "", "park=east": "", "overdue=false&sort=-no&kind=siting": "7 5 3 1",
	} {
		var got []string
		matched, next := 0, "/api/v1/cases?limit=2&"+query
		for pages := 0; next != "" && pages < 9; pages++ {
			p := answered[page](t, o.as("李经办", "GET", next, ""), 200)
			for _, c := range p.Cases {
				got = append(got, string(c.No[len(c.No)-1:]))
			}
			matched = p.Matched
			next = strings.TrimPrefix(p.Next, o.url)
		}
		if strings.Join(got, " ") != want || matched != len(got) {
			t.Errorf("%s: %v of %d, want %s", query, got, matched, want)
		}
	}
	first := answered[page](t, o.as("李经办", "GET", "/api/v1/cases?limit=2", ""), 200)
	o.as("李经办", "GET", strings.TrimPrefix(first.Next, o.url)+"&kind=siting", "").want(t, 400, `"field":"cursor"`)
	if own := answered[page](t, o.as("星海检测", "GET", "/api/v1/cases", ""), 200); own.Matched != 4 {
		t.Errorf("%+v", own)
	}
}

func TestTheFormOfACase(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	no := o.accepted("星海检测", "siting", `,"declared":{"land_use":"A35","far":1.8,"purpose":"检测"}`, 1, 2)
	d := readDescription(t)
	for format, begins := range map[string]string{"xlsx": "PK", "csv": "\ufeff", "json": "{", "html": "<!DOCTYPE html>", "pdf": "%PDF-"} {
		g := o.as("星海检测", "GET", casePath(no)+"/form."+format, "")
		if g.status != 200 || !strings.HasPrefix(g.body, begins) || g.header.Get("Cache-Control") != "no-store" || !strings.Contains(g.header.Get("Content-Disposition"), string(no)+"."+format) || !strings.Contains(g.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %d %v %.80q", format, g.status, g.header, g.body)
		}
		d.holds(t, "GET", "/api/v1/cases/{no}/form.{format}", g)
	}
	o.as("星海检测", "GET", casePath(no)+"/form.json", "").want(t, 200, `"title_zh":"test用地预审与选址审批表"`, `"content":"`+string(no)+`"`, `"item":"合计 2 块","content":null,"area_m2":40000.00,"area_mu":60.00`, `"item":"申请书"`)
}
