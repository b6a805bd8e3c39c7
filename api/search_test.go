package api

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func TestSearchParametersChoosePlots(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for query, want := range map[string]string{
		"area_mu=30":                         `"numberMatched":2`,
		"area_mu=20..60":                     `"numberMatched":2`,
		"area_mu=..29.99":                    `"numberMatched":0`,
		"far=2..&height_m=1..":               `"numberMatched":0`,
		"far=2":                              `"numberMatched":2`,
		"gfa_m2=..1":                         `"numberMatched":0`,
		"q=b":                                `"plot_no":"B"`,
		"q=权利":                               `"numberMatched":0`,
		"filter=plot_no%3D'A'":               `"plot_no":"A"`,
		"sort=-plot_no&limit=1":              `"plot_no":"B"`,
		"near=113.4502,22.9901&radius_m=0.5": `"numberMatched":1`,
		"near=113.4502,22.9901&radius_m=500": `"numberMatched":2`,
		"within=POLYGON((113.44 22.98,113.46 22.98,113.46 23,113.44 23,113.44 22.98))":                                     `"numberMatched":2`,
		"within=POLYGON((113.44 22.98,113.4503 22.98,113.4503 23,113.44 23,113.44 22.98))":                                 `"numberMatched":0`,
		`within={"type":"Polygon","coordinates":[[[113.44,22.98],[113.46,22.98],[113.46,23],[113.44,23],[113.44,22.98]]]}`: `"numberMatched":2`,
		"facets=1": `"facets":{"park":[{"value":"test",`,
	} {
		s.get("/api/v1/plots?"+strings.ReplaceAll(query, " ", "%20")).want(t, 200, want)
	}
	s.get("/api/v1/plots?facets=1&limit=1").want(t, 200, `"land_use_major":[{"value":"A"`, `{"value":"20..50","count":2,"area_mu":60.00}`)
	if g := s.get("/api/v1/plots"); strings.Contains(g.body, "facets") {
		t.Error("facets that nobody asked for")
	}
}

func TestBadSearchesNameTheParameter(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for _, c := range []struct{ field, query string }{
		{"area_mu", "area_mu=60..20"}, {"area_mu", "area_mu=.."}, {"area_mu", "area_mu="}, {"far", "far=x.."}, {"height_m", "height_m=NaN"}, {"gfa_m2", "gfa_m2=1..Inf"},
		{"near", "radius_m=5"}, {"radius_m", "near=113,22"}, {"radius_m", "near=113,22&radius_m=50001"}, {"near", "near=113&radius_m=5"}, {"near", "near=22,113&radius_m=5"},
		{"within", "within=POINT(1 1)"}, {"within", "within=POLYGON((0 0,1 1))"}, {"within", "within=POLYGON((0 0,1 1,1 0,0 1,0 0))"}, {"within", "within={}"}, {"within", "within=POLYGON"},
		{"within", "within=" + strings.Repeat("POLYGON", 20000)},
		{"q", "q=" + strings.Repeat("a", 65)}, {"filter", "filter=colour%3D1"}, {"sort", "sort=colour"}, {"sort", "sort=area_mu,-area_mu"},
		{"cursor", "cursor=7"}, {"cursor", "cursor=e30"}, {"facets", "facets=yes"}, {"sort", "sort=geometry"},
	} {
		s.get("/api/v1/plots?"+strings.ReplaceAll(c.query, " ", "%20")).want(t, 400, `"field":"`+c.field+`"`)
	}
}

func TestFiltersAreFaultedInBothLanguages(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.get("/api/v1/plots?filter=holdr%20%3D%201").want(t, 400, `"message":"line 1, character 1: there is no property \"holdr\"; did you mean \"holder\"?"`, `"message_zh":"第 1 行第 1 个字符：没有字段 \"holdr\"；是否指 \"holder\"？"`, `"detail_zh":"第 1 行`)
	s.get("/api/v1/plots?filter=area_mu%20%3E").want(t, 400, `"message_zh":"第 1 行第 10 个字符：此处应为字段、值或“(”，却是结尾"`)
	s.get("/api/v1/plots?within=POLYGON((0%200,1%201,1%200,0%201,0%200))").want(t, 400, `相交`)
}

func TestACursorIsOfItsQuery(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	first := s.get("/api/v1/plots?sort=-plot_no&limit=1&park=test")
	first.want(t, 200, `"plot_no":"B"`)
	var page struct{ Links []struct{ Href string } }
	if err := json.Unmarshal([]byte(first.body), &page); err != nil || len(page.Links) != 1 {
		t.Fatal(err, first.body)
	}
	next, err := url.Parse(page.Links[0].Href)
	if err != nil {
		t.Fatal(err)
	}
	s.get(next.RequestURI()).want(t, 200, `"plot_no":"A"`, `"links":[]`, `"numberMatched":2`)
	s.get(next.RequestURI()+"&limit=5").want(t, 200, `"plot_no":"A"`)
	for _, change := range [][2]string{{"sort", "plot_no"}, {"park", ""}, {"at", "2018-01-01"}, {"q", "A"}} {
		q := next.Query()
		q.Set(change[0], change[1])
		if change[1] == "" {
			q.Del(change[0])
		}
		s.get("/api/v1/plots?"+q.Encode()).want(t, 400, `"field":"cursor"`)
	}
}

func TestSearchAnswersRows(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	g := s.get("/api/v1/plots?sort=plot_no&limit=1", "Accept", "text/csv")
	g.want(t, 200)
	rows, err := csv.NewReader(strings.NewReader(g.body)).ReadAll()
	if err != nil || len(rows) != 2 || rows[0][0] != "id" || rows[1][2] != "A" || len(rows[0]) != len(rows[1]) {
		t.Errorf("%v: %q", err, g.body)
	}
	if g.header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || g.header.Get("Number-Matched") != "2" || !strings.Contains(g.header.Get("Link"), `rel="next"`) {
		t.Errorf("headers %v", g.header)
	}
	flat := s.get("/api/v1/plots", "Accept", "application/json;profile=flat")
	flat.want(t, 200, `"numberMatched":2`, `"rows":[{"id":1,"park":"test"`)
	var document map[string]any
	if err := json.Unmarshal([]byte(flat.body), &document); err != nil || strings.Contains(flat.body, "geometry") {
		t.Errorf("%v: %s", err, flat.body)
	}
	for accept, want := range map[string]string{"": geoJSONType, "application/json": geoJSONType, "*/*": geoJSONType, "text/csv;q=0.5, application/geo+json": geoJSONType, "text/html, text/csv": csvType} {
		if got := wanted(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestStatisticsMeasureLand(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots() // 100 × 200 m each, from 443600, 2543500 in EPSG:4547; FAR max 2
	whole := s.get("/api/v1/statistics")
	whole.want(t, 200, `"total":{"plots":2,"partial":0,"area_m2":40000.00,"area_mu":60.00,"area_ha":4.0000,"percent":100.00,"gfa_m2":80000.00,"gfa_set_m2":0.00,"gfa_by_far_m2":80000.00`, `"far_average":2.00`, `"note_zh":`)
	s.get("/api/v1/statistics?filter=plot_no%3D'A'").want(t, 200, `"by_land_use_major":[{"value":"A"`, `"area_m2":20000.00`)
	s.get("/api/v1/statistics?bbox=113.4,22.9,113.5,23&status=planned").want(t, 200, `"area_m2":40000.00`, `"partial":0`)
	s.get("/api/v1/statistics?bbox=112.4,22.9,112.5,23").want(t, 200, `"plots":0`, `"by_park":[]`, `"partial_plots":[]`)
	for _, bad := range []string{"bbox=113.5,22,113.4,23", "bbox=113.4,22.9,113.4,23", "bbox=-180,-90,180,90", "bbox=-10,40,-9,41", "crs=EPSG:4547", "sort=id", "limit=1"} {
		s.get("/api/v1/statistics?"+bad).want(t, 400, `"field":`)
	}
	// All of A and a quarter of B.
	polygon := `{"type":"Polygon","coordinates":[[[443500,2543400],[443750,2543400],[443750,2543600],[443700,2543600],[443700,2543900],[443500,2543900],[443500,2543400]]]}`
	cut := s.send("POST", "/api/v1/statistics?crs=EPSG:4547", polygon)
	cut.want(t, 200, `"total":{"plots":2,"partial":1,"area_m2":25000.00`, `"plot_no":"B","area_m2":5000.00,"percent":25.00`, `"gfa_m2":50000.00`)
	s.send("POST", "/api/v1/statistics?crs=EPSG:4547&filter=plot_no%3D'B'", polygon).want(t, 200, `"total":{"plots":1,"partial":1,"area_m2":5000.00`)
	s.send("POST", "/api/v1/statistics", `{"type":"Polygon","coordinates":[[[113.4,22.9],[113.5,22.9],[113.5,23],[113.4,23],[113.4,22.9]]]}`).want(t, 200, `"area_m2":40000.00`)
	for _, bad := range []string{`{"type":"Point","coordinates":[1,2]}`, `{`, `{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`} {
		s.send("POST", "/api/v1/statistics", bad).want(t, 422, `"severity":"error"`)
	}
	s.send("POST", "/api/v1/statistics?bbox=1,1,2,2", polygon).want(t, 400, `"field":"bbox"`)
}
