package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// found founds another park of one available plot.
func (o *office) found(park land.ParkCode, west float64) (plot int) {
	o.t.Helper()
	d := land.Draft{Row: 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{{{west, 2553500}, {west + 100, 2553500}, {west + 100, 2553700}, {west, 2553700}, {west, 2553500}}}}}
	d.Attributes = land.Attributes{PlotNo: "E", Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}, Status: land.Available}
	result, err := o.db.Import(context.Background(), land.Actor{Name: "Officer Li", Role: land.Officer}, land.Import{Park: park, Kind: land.Imported}, func(emit func(land.Draft) error) (land.Delivery, error) {
		return land.Delivery{}, emit(d)
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.get(fmt.Sprintf("/api/v1/plots?after=%d", result.Change)).want(o.t, 200)
	o.get("/api/v1/parks/"+string(park)+"/plots/E").want(o.t, http.StatusOK)
	plots := answered[struct{ Features []struct{ ID int } }](o.t, o.get("/api/v1/plots?park="+string(park)), 200)
	return plots.Features[0].ID
}

// TestCasesAreForThoseWhomTheyConcern makes every call about a case as everyone: who
// may not see it is answered as of a number that is not there.
func TestCasesAreForThoseWhomTheyConcern(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	o.found("east", 453600)
	for _, who := range []land.Actor{
		{Name: "访客", Role: land.Visitor}, {Name: "东区经办", Role: land.Officer, Park: "east"}, {Name: "东区审批", Role: land.Approver, Park: "east"}, {Name: "东区管理员", Role: land.Admin, Park: "east"},
		{Name: "西区申请人", Role: land.Applicant, Park: "test"}, {Name: "本区经办", Role: land.Officer, Park: "test"}, {Name: "本区审批", Role: land.Approver, Park: "test"}, {Name: "本区管理员", Role: land.Admin, Park: "test"},
	} {
		o.join(who)
	}
	no := o.open("星海检测", "siting", "", 1).No
	paper := answered[struct{ Document caseDocument }](t, o.hand("星海检测", no, "申请书.pdf", pdf, map[string]string{"type": "application"}), 201).Document
	form, contentType := paperForm(t, "其他.pdf", pdf, map[string]string{"type": "other"})
	calls := []struct{ method, path, body, contentType string }{
		{"GET", "", "", ""}, {"PUT", "", `{"title":"星海检测中心","plots":[1]}`, ""}, {"GET", "/documents", "", ""}, {"POST", "/documents", form, contentType},
		{"GET", fmt.Sprintf("/documents/%d", paper.ID), "", ""}, {"GET", "/checks", "", ""}, {"POST", "/checks", "", ""}, {"GET", "/precheck", "", ""}, {"GET", "/trail", "", ""}, {"GET", "/form.xlsx", "", ""}, {"GET", "/pack.zip", "", ""},
		{"POST", "/actions/submit", "", ""}, {"POST", "/actions/approve", `{"document_no":"x"}`, ""}, {"POST", "/actions/dance", "", ""},
	}
	sees := map[string]bool{"星海检测": true, "李经办": true, "王审批": true, "管理员": true, "本区经办": true, "本区审批": true, "本区管理员": true}
	cells := 0
	for who := range o.people {
		for _, c := range calls {
			headers := []string{"If-Match", `"99"`}
			if c.contentType != "" {
				headers = append(headers, "Content-Type", c.contentType)
			}
			g := o.as(who, c.method, casePath(no)+c.path, c.body, headers...)
			cells++
			if sees[who] {
				if g.status == 404 || g.status == 401 || g.status == 403 && !(strings.HasSuffix(c.path, "/checks") || strings.Contains(c.path, "/actions/")) {
					t.Errorf("%s: %s %s: %d %s", who, c.method, c.path, g.status, g.body)
				}
				continue
			}
			want := 404
			if who == "访客" || strings.HasSuffix(c.path, "/checks") && c.method == "POST" && strings.Contains(who, "申请人") || who == "云帆科技" && c.path == "/checks" && c.method == "POST" {
				want = 403 // the role is outside the audience
			}
			const absent = "test-2016-9999"
			nobody := o.as(who, c.method, casePath(absent)+c.path, c.body, headers...)
			if g.status != want || g.status != nobody.status || g.body != strings.ReplaceAll(nobody.body, absent, string(no)) {
				t.Errorf("%s: %s %s: %d %s\nand where there is no case: %d %s", who, c.method, c.path, g.status, g.body, nobody.status, nobody.body)
			}
		}
		list := o.as(who, "GET", "/api/v1/cases?q=星海", "")
		if who != "访客" && strings.Contains(list.body, string(no)) != sees[who] {
			t.Errorf("%s is told %s", who, list.body)
		}
	}
	if g := o.send("GET", casePath(no), ""); g.status != 401 {
		t.Errorf("without a key: %d", g.status)
	}
	t.Logf("%d cells", cells)
}

// TestAKeyOfAParkIsForThatPark acts as everyone in two parks, on cases and on quota.
func TestAKeyOfAParkIsForThatPark(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.twoAvailable()
	plots := map[land.ParkCode]int{"test": 1, "east": o.found("east", 453600)}
	year := o.db.Today().Year()
	for park := range plots {
		o.as("管理员", "POST", fmt.Sprintf("/api/v1/quotas/%s/%d/entries", park, year), `{"kind":"new","entry":"grant","mu":100,"document_no":"下达 1"}`).want(t, 201)
	}
	for _, who := range []struct {
		role land.Role
		park land.ParkCode
	}{
		{land.Visitor, ""}, {land.Applicant, ""}, {land.Applicant, "test"}, {land.Officer, ""}, {land.Officer, "test"}, {land.Approver, ""}, {land.Approver, "test"}, {land.Admin, ""}, {land.Admin, "test"},
	} {
		name := fmt.Sprintf("%s of %q", who.role, who.park)
		o.join(land.Actor{Name: name, Role: who.role, Park: who.park})
		for park, plot := range plots {
			in := who.park == "" || who.park == park
			may := func(roles ...land.Role) bool {
				for _, r := range roles {
					if r == who.role {
						return in
					}
				}
				return false
			}
			expect := func(what string, g got, allowed bool, good int) {
				t.Helper()
				if allowed && g.status != good || !allowed && g.status != 403 {
					t.Errorf("%s in %s: %s: %d %s", name, park, what, g.status, g.body)
				}
			}
			expect("opens a case", o.as(name, "POST", "/api/v1/cases", fmt.Sprintf(`{"kind":"siting","park":%q,"title":"项目","plots":[%d]}`, park, plot)), may(land.Applicant, land.Officer, land.Admin), 201)
			expect("opens a case of idle land", o.as(name, "POST", "/api/v1/cases", fmt.Sprintf(`{"kind":"idle","park":%q,"title":"项目","plots":[%d]}`, park, plot)), may(land.Officer, land.Admin), 201)
			quota := fmt.Sprintf("/api/v1/quotas/%s/%d", park, year)
			expect("reads quota", o.as(name, "GET", quota, ""), may(land.Officer, land.Approver, land.Admin), 200)
			expect("reads entries", o.as(name, "GET", quota+"/entries", ""), may(land.Officer, land.Approver, land.Admin), 200)
			expect("grants quota", o.as(name, "POST", quota+"/entries", fmt.Sprintf(`{"kind":"new","entry":"grant","mu":10,"document_no":%q}`, name)), may(land.Approver, land.Admin), 201)
			expect("reserves quota", o.as(name, "POST", quota+"/entries", fmt.Sprintf(`{"kind":"new","entry":"reserve","mu":1,"document_no":%[1]q,"case_no":%[1]q}`, fmt.Sprintf("%s %s in %s", who.role, who.park, park))), may(land.Officer, land.Admin), 201)
		}
	}
}
