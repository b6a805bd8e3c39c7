package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

var updateStory = flag.Bool("update", false, "write the golden story")

// desk is a service at which people act with their keys.
type desk struct {
	t       *testing.T
	address string
	keys    map[string]string // by name
	plots   map[string]int    // ids by number
}

// reply is what came back, with the members that a story asks for.
type reply struct {
	status int
	header http.Header
	body   string
}

// call makes a call as someone; headers are name, value in turn.
func (d *desk) call(who, method, path, body string, headers ...string) reply {
	d.t.Helper()
	request, err := http.NewRequest(method, d.address+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	if who != "" {
		request.Header.Set("Authorization", "Bearer "+d.keys[who])
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(read)}
}

// want fails unless the reply has the status and its body the texts.
func (r reply) want(t *testing.T, status int, texts ...string) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			t.Errorf("%q is not in %s", text, r.body)
		}
	}
	return r
}

// read reads a reply that is JSON.
func read[T any](t *testing.T, r reply) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return v
}

// file hands a document in.
func (d *desk) file(who, no, kind, name string) {
	d.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		d.t.Fatal(err)
	}
	fmt.Fprintf(part, "%%PDF-1.7\n%s\n%%%%EOF\n", name)
	if err := w.WriteField("type", kind); err != nil {
		d.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.call(who, "POST", "/api/v1/cases/"+no+"/documents", b.String(), "Content-Type", w.FormDataContentType()).want(d.t, 201, `"media_type":"application/pdf"`)
}

// open opens a case about plots with members beside, and gives its number.
func (d *desk) open(who, kind, members string, plots ...int) string {
	d.t.Helper()
	ids, err := json.Marshal(plots)
	if err != nil {
		d.t.Fatal(err)
	}
	r := d.call(who, "POST", "/api/v1/cases", fmt.Sprintf(`{"kind":%q,"park":"nansha","title":"粤港澳检测研发中心","plots":%s%s}`, kind, ids, members)).want(d.t, 201, `"state":"draft"`)
	return read[struct{ Case struct{ No string } }](d.t, r).Case.No
}

// try does a step of a case as it stands.
func (d *desk) try(who, no, act, body string) reply {
	d.t.Helper()
	return d.call(who, "POST", "/api/v1/cases/"+no+"/actions/"+act, body, "If-Match", d.call("管理员", "GET", "/api/v1/cases/"+no, "").header.Get("ETag"))
}

// act does a step of which nothing is at fault, and waits until the map shows it.
func (d *desk) act(who, no, act, body, state string) (seq string) {
	d.t.Helper()
	return d.try(who, no, act, body).want(d.t, 200, `"state":"`+state+`"`).header.Get("Register-Seq")
}

// check has the land of a case checked.
func (d *desk) check(no string) reply {
	d.t.Helper()
	return d.call("李经办", "POST", "/api/v1/cases/"+no+"/checks", "").want(d.t, 201)
}

// proposed leads a case from its draft to its proposal.
func (d *desk) proposed(no string) {
	d.t.Helper()
	d.file("粤港澳检测研究院", no, "application", "申请书.pdf")
	d.act("粤港澳检测研究院", no, "submit", "", "submitted")
	d.act("李经办", no, "accept", "", "accepted")
	d.check(no)
	d.act("李经办", no, "propose", `{"opinion":"材料齐全，拟同意"}`, "proposed")
}

// shown fails unless search, tile and plot show the plots in a status from a change on.
func (d *desk) shown(seq, status string, plots ...int) {
	d.t.Helper()
	found := read[struct{ Features []struct{ ID int } }](d.t, d.call("", "GET", "/api/v1/plots?park=nansha&limit=1000&status="+status+"&after="+seq, "").want(d.t, 200))
	has := map[int]bool{}
	for _, f := range found.Features {
		has[f.ID] = true
	}
	for _, id := range plots {
		if !has[id] {
			d.t.Errorf("plot %d is not found as %s", id, status)
		}
		if got := d.onTile(id, seq); got != status {
			d.t.Errorf("on the map plot %d is %s, not %s", id, got, status)
		}
	}
}

// onTile is the status of a plot on the tile at its middle.
func (d *desk) onTile(id int, seq string) string {
	d.t.Helper()
	plot := read[struct {
		Geometry struct{ Coordinates geo.MultiPolygon }
	}](d.t, d.call("", "GET", fmt.Sprintf("/api/v1/plots/%d?after=%s", id, seq), "").want(d.t, 200))
	tile := maptile.At(plot.Geometry.Coordinates.Bound().Center(), 16)
	layers, err := mvt.Unmarshal([]byte(d.call("", "GET", fmt.Sprintf("/tiles/land/%d/%d/%d.mvt?after=%s", tile.Z, tile.X, tile.Y, seq), "", "Accept-Encoding", "identity").want(d.t, 200).body))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, l := range layers {
		for _, f := range l.Features {
			if number, ok := f.ID.(float64); ok && int(number) == id {
				status, _ := f.Properties["status"].(string)
				return status
			}
		}
	}
	return "nowhere"
}

// quota fails unless park nansha's account of new land holds these 亩.
func (d *desk) quota(reserved, used, available string) {
	d.t.Helper()
	d.call("王审批", "GET", fmt.Sprintf("/api/v1/quotas/nansha/%d", year()), "").want(d.t, 200, fmt.Sprintf(`"reserved_mu":%s,"used_mu":%s,"available_mu":%s`, reserved, used, available))
}

func year() int { return time.Now().In(land.ChinaStandardTime).Year() }

// overview is a figure of park nansha in the overview of a day.
func (d *desk) overview(column, day string) float64 {
	d.t.Helper()
	table := read[struct{ Rows []map[string]any }](d.t, d.call("", "GET", "/api/v1/reports/overview.json?park=nansha&at="+day, "").want(d.t, 200))
	mu, ok := table.Rows[0][column].(float64)
	if !ok {
		d.t.Fatalf("no %s in %v", column, table.Rows[0])
	}
	return mu
}

// TestAnInstitutionComesToItsLand tells a story by HTTP: an institution applies for
// two plots, a road stands in its way and is split off, and it is supplied, builds
// and is verified. The audit trail at the end is testdata/case_story.txt.
func TestAnInstitutionComesToItsLand(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	address, admin := serving(t)
	d := &desk{t, address, map[string]string{"管理员": admin}, map[string]int{}}
	for _, who := range []struct{ role, name, park string }{{"applicant", "粤港澳检测研究院", ""}, {"applicant", "另一家公司", ""}, {"officer", "李经办", "nansha"}, {"officer", "陈经办", "nansha"}, {"approver", "王审批", "nansha"}} {
		args := []string{"access", "key", "create", "--role", who.role, "--name", who.name, "--json"}
		if who.park != "" {
			args = append(args, "--park", who.park)
		}
		d.keys[who.name] = read[struct{ Key string }](t, reply{body: dikuai(t, args...)}).Key
	}
	for _, f := range read[struct {
		Features []struct {
			ID         int
			Properties struct {
				PlotNo string `json:"plot_no"`
			}
		}
	}](t, d.call("", "GET", "/api/v1/plots?park=nansha&limit=1000", "").want(t, 200)).Features {
		d.plots[f.Properties.PlotNo] = f.ID
	}
	north, south := d.plots["NS-05-01"], d.plots["NS-13-04"]

	// A road is widened by 5 m over the east of the first plot.
	road := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4547"}},"features":[{"type":"Feature","properties":{"plot_no":"RR-K1","name":"检测二路拓宽"},"geometry":{"type":"Polygon","coordinates":[[[453743.750,2517085.970],[453815.251,2517228.255],[453833.121,2517219.275],[453761.620,2517076.990],[453743.750,2517085.970]]]}}]}`
	d.call("管理员", "POST", "/api/v1/controls?code=widening&kind=road_red_line&name=%E6%A3%80%E6%B5%8B%E4%BA%8C%E8%B7%AF%E6%8B%93%E5%AE%BD%E7%BA%A2%E7%BA%BF&valid_from=2021-01-01&filename=road.geojson", road).want(t, 201)
	d.call("管理员", "POST", "/api/v1/controls/widening/publish", "").want(t, 200)
	// An approver grants quota.
	d.call("王审批", "POST", fmt.Sprintf("/api/v1/quotas/nansha/%d/entries", year()), `{"kind":"new","entry":"grant","mu":100,"document_no":"粤国土资〔2021〕1号"}`).want(t, 201)

	siting := d.open("粤港澳检测研究院", "siting", `,"declared":{"land_use":"A35","far":2,"density_pct":30,"green_pct":36,"height_m":45,"investment_wan":20000}`, north, south)
	d.file("粤港澳检测研究院", siting, "application", "申请书.pdf")
	d.call("粤港澳检测研究院", "GET", "/api/v1/cases/"+siting+"/precheck", "").want(t, 200, `"rule":"investment"`)
	d.act("粤港澳检测研究院", siting, "submit", "", "submitted")
	d.act("李经办", siting, "accept", "", "accepted")
	d.check(siting).want(t, 201, `"verdict":"fail"`, `"rule":"road_red_line"`, `"code":"RR-K1"`, "有 496.72 平方米")
	d.try("李经办", siting, "propose", `{"opinion":"拟同意"}`).want(t, 409, `"field":"check"`)

	// Another applies for the same land, and is not told by whom it is held.
	rival := d.open("另一家公司", "siting", `,"declared":{"land_use":"A35","investment_wan":1000}`, south)
	other := d.call("另一家公司", "GET", "/api/v1/cases/"+rival+"/precheck", "").want(t, 200, `"verdict":"fail"`, "1 个在办案件占用", "低于建设方案的平均")
	if strings.Contains(other.body, siting) {
		t.Error("the rival is told the number of another's case")
	}
	d.call("另一家公司", "GET", "/api/v1/cases/"+siting, "").want(t, 404)
	d.act("另一家公司", rival, "discard", "", "withdrawn")

	// The strip is split off under the case, and taken out of it.
	version := d.call("", "GET", fmt.Sprintf("/api/v1/plots/%d", north), "").header.Get("ETag")
	line := `"line":{"type":"LineString","coordinates":[[453748.238,2517094.904],[453810.762,2517219.321]]},"crs":"EPSG:4547","plot_nos":["NS-05-01A","NS-05-01B"],"reason":"避让拓宽红线","valid_from":"2021-02-01"`
	d.call("李经办", "POST", fmt.Sprintf("/api/v1/plots/%d/split", north), "{"+line+"}", "If-Match", version).want(t, 409, `"field":"case_no"`)
	parts := read[struct {
		Plots []struct {
			ID         int
			Properties struct {
				AreaM2 float64 `json:"area_m2"`
			}
		}
	}](t, d.call("李经办", "POST", fmt.Sprintf("/api/v1/plots/%d/split", north), `{"case_no":"`+siting+`",`+line+`}`, "If-Match", version).want(t, 200, `"case_no":"`+siting+`"`)).Plots
	if len(parts) != 2 {
		t.Fatalf("%+v", parts)
	}
	if parts[0].Properties.AreaM2 < parts[1].Properties.AreaM2 {
		parts[0], parts[1] = parts[1], parts[0]
	}
	north = parts[0].ID
	d.call("李经办", "GET", "/api/v1/cases/"+siting, "").want(t, 200, fmt.Sprintf(`"id":%d`, parts[1].ID))
	edited := d.call("李经办", "PUT", "/api/v1/cases/"+siting, fmt.Sprintf(`{"title":"粤港澳检测研发中心","green":true,"declared":{"land_use":"A35","far":2,"density_pct":30,"green_pct":36,"height_m":45,"investment_wan":20000},"plots":[%d,%d]}`, north, south),
		"If-Match", d.call("李经办", "GET", "/api/v1/cases/"+siting, "").header.Get("ETag"))
	edited.want(t, 200, `"green":true`, `"days":10`)
	d.check(siting).want(t, 201, `"verdict":"pass"`, `"rule":"road_red_line","name_zh":"道路红线","name_en":"road red line","change":"better"`)

	mu := land.AmountOf(geo.SquareMetres(parts[0].Properties.AreaM2)) + land.AmountOf(geo.SquareMetres(d.area(south)))
	left := (land.MuAmount(100) - mu).String()
	d.quota("0", "0", "100")
	d.act("李经办", siting, "propose", `{"opinion":"避让道路红线后符合规划，拟同意"}`, "proposed")
	d.quota(mu.String(), "0", left)
	// Who proposed does not decide, not even as a deputy or an administrator.
	d.try("李经办", siting, "approve", `{"document_no":"用字第440115202100012号"}`).want(t, 403)
	deputy := read[struct{ Delegations []struct{ ID int } }](t, d.delegated("李经办"))
	d.try("李经办", siting, "approve", `{"document_no":"用字第440115202100012号"}`).want(t, 403)
	d.call("李经办", "GET", "/api/v1/cases/"+siting, "").want(t, 200, `"barred_zh":"您是拟办人`)
	d.call("王审批", "DELETE", fmt.Sprintf("/api/v1/delegations/%d", deputy.Delegations[0].ID), "").want(t, 204)
	seq := d.act("王审批", siting, "approve", `{"document_no":"用字第440115202100012号","document_day":"2021-03-10"}`, "approved")
	d.shown(seq, "committed", north, south)

	// Supply by agreement carries the siting on, and uses what it reserved.
	supply := d.open("粤港澳检测研究院", "supply", `,"mode":"agreement","follows":"`+siting+`"`, north, south)
	d.proposed(supply)
	d.act("王审批", supply, "approve", `{"document_no":"穗府地批〔2021〕12号","document_day":"2021-04-20"}`, "approved")
	d.quota(mu.String(), "0", left)
	d.try("李经办", supply, "contract", `{"document_no":"440115-2021-000012","document_day":"2021-06-01"}`).want(t, 422, `"field":"contract.agreed_start"`)
	seq = d.act("李经办", supply, "contract", `{"document_no":"440115-2021-000012","document_day":"2021-06-01","contract":{"agreed_start":"2021-12-01","agreed_completion":"2023-12-01","price_wan":8150.25}}`, "closed")
	d.shown(seq, "supplied", north, south)
	d.quota("0", mu.String(), left)
	d.call("", "GET", fmt.Sprintf("/api/v1/plots/%d?after=%s", north, seq), "").want(t, 200, `"holder":"粤港澳检测研究院"`, `"supplied_on":"2021-06-01"`)
	d.call("粤港澳检测研究院", "GET", "/api/v1/cases/"+siting, "").want(t, 200, `"state":"closed"`)

	permit := d.open("粤港澳检测研究院", "planning_permit", "", north, south)
	d.proposed(permit)
	d.act("王审批", permit, "approve", `{"document_no":"地字第440115202100012号","document_day":"2021-06-20"}`, "closed")
	works := d.open("粤港澳检测研究院", "works_permit", `,"declared":{"far":1.9,"density_pct":30,"green_pct":36,"height_m":45}`, north, south)
	d.proposed(works)
	d.act("王审批", works, "approve", `{"document_no":"建字第440115202100012号","document_day":"2021-08-02"}`, "permitted")
	seq = d.act("李经办", works, "start", `{"document_no":"440115202109010101","document_day":"2021-09-01"}`, "building")
	d.shown(seq, "under_construction", north, south)
	seq = d.act("李经办", works, "complete", `{"document_no":"穗建验备〔2023〕12号","document_day":"2023-05-10"}`, "closed")
	d.shown(seq, "completed", north, south)
	acceptance := d.open("粤港澳检测研究院", "acceptance", `,"declared":{"far":1.9,"height_m":44.6,"green_pct":37}`, north, south)
	d.proposed(acceptance)
	seq = d.act("王审批", acceptance, "approve", `{"document_no":"穗规划资源验证〔2023〕12号","document_day":"2023-07-05"}`, "closed")
	d.shown(seq, "verified", north, south)

	// Tables of earlier days show the land where it then was.
	for _, day := range []struct{ column, before, after string }{
		{"committed_mu", "2021-03-09", "2021-03-10"}, {"supplied_mu", "2021-05-31", "2021-06-01"}, {"under_construction_mu", "2021-08-31", "2021-09-01"},
		{"completed_mu", "2023-05-09", "2023-05-10"}, {"verified_mu", "2023-07-04", "2023-07-05"},
	} {
		more := d.overview(day.column, day.after) - d.overview(day.column, day.before)
		if want, _ := strconv.ParseFloat(mu.String(), 64); more < want-0.02 || more > want+0.02 {
			t.Errorf("%s on %s is %.2f 亩 more than the day before, not %.2f", day.column, day.after, more, want)
		}
	}
	// Nothing was lost of the log, and nobody is told of cases who may not see them.
	dikuai(t, "check", "--log")
	if feed := d.call("", "GET", "/api/v1/changes?since=0", "").want(t, 200, `"kind":"case"`); strings.Contains(feed.body, siting) || strings.Contains(feed.body, "避让道路红线后") {
		t.Error("the feed tells of the case")
	}
	d.call("李经办", "GET", "/api/v1/changes?since=0", "").want(t, 200, `"case_no":"`+siting+`"`)
	d.tellsTheStory(siting, supply, permit, works, acceptance)
}

// delegated lets someone stand in for the approver, and lists the delegations.
func (d *desk) delegated(to string) reply {
	d.t.Helper()
	number := map[string]int64{}
	for _, k := range read[[]struct {
		Number int64
		Name   string
	}](d.t, reply{body: dikuai(d.t, "access", "key", "list", "--json")}) {
		number[k.Name] = k.Number
	}
	today := time.Now().In(land.ChinaStandardTime).Format(time.DateOnly)
	d.call("王审批", "POST", "/api/v1/delegations", fmt.Sprintf(`{"to_key":%d,"from_day":%q,"until_day":%q,"document_no":"委托〔2021〕1号"}`, number[to], today, today)).want(d.t, 201, `"from_name":"王审批"`, `"to_name":"`+to+`"`)
	return d.call("王审批", "GET", "/api/v1/delegations", "").want(d.t, 200)
}

// area is a plot's, in m².
func (d *desk) area(id int) float64 {
	d.t.Helper()
	return read[struct {
		Properties struct {
			AreaM2 float64 `json:"area_m2"`
		}
	}](d.t, d.call("", "GET", fmt.Sprintf("/api/v1/plots/%d", id), "").want(d.t, 200)).Properties.AreaM2
}

// tellsTheStory holds the audit trails of cases to the golden story. The moments,
// the year of the quota and that of the cases are the day's of the test.
func (d *desk) tellsTheStory(cases ...string) {
	d.t.Helper()
	const path = "testdata/case_story.txt"
	var story strings.Builder
	for _, no := range cases {
		fmt.Fprintln(&story, no)
		for _, e := range read[struct{ Trail []struct{ Zh, En string } }](d.t, d.call("粤港澳检测研究院", "GET", "/api/v1/cases/"+no+"/trail", "").want(d.t, 200)).Trail {
			fmt.Fprintf(&story, "  %s\n  %s\n", e.Zh, e.En)
		}
	}
	told := regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d`).ReplaceAllString(story.String(), "@")
	told = regexp.MustCompile(fmt.Sprintf(`nansha-%[1]d-|预留 %[1]d |; %[1]d new`, year())).ReplaceAllStringFunc(told, func(s string) string { return strings.Replace(s, strconv.Itoa(year()), "YYYY", 1) })
	if *updateStory {
		if err := os.WriteFile(path, []byte(told), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || told != string(want) {
		d.t.Errorf("%v; the story is\n%s", err, told)
	}
}
