package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

func TestPlotsAreFound(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	s.get("/api/v1/plots").want(t, 200, `"numberMatched":2`, `"plot_no":"A"`, `"area_m2":20000,`, `"area_mu":30,`, `"far_max":2,`, `"holder":null`)
	s.get("/api/v1/plots?land_use=A&status=planned&park=test&bbox=113.4,22.9,113.5,23").want(t, 200, `"numberMatched":2`)
	s.get("/api/v1/plots?land_use=m1").want(t, 200, `"numberMatched":0`)
	s.get("/api/v1/plots?bbox=113.0,22.9,113.1,23").want(t, 200, `"numberMatched":0`)

	first := s.get("/api/v1/plots?limit=1")
	first.want(t, 200, `"numberMatched":2`, `"numberReturned":1`, `"rel":"next"`)
	var page struct {
		Links []struct{ Href string }
	}
	if err := json.Unmarshal([]byte(first.body), &page); err != nil {
		t.Fatal(err)
	}
	second := s.get(strings.TrimPrefix(page.Links[0].Href, s.url))
	second.want(t, 200, `"plot_no":"B"`, `"links":[]`)

	s.get("/api/v1/plots/at?lon=113.4502&lat=22.9901").want(t, 200, `"numberMatched":1`)
	one := s.get("/api/v1/plots/1")
	one.want(t, 200, `"id":1`)
	if one.header.Get("ETag") != `"1"` || one.header.Get("Register-Seq") != "1" || one.header.Get("Content-Type") != "application/geo+json" {
		t.Errorf("headers %v", one.header)
	}
	s.get("/api/v1/plots/1", "If-None-Match", `"1"`).want(t, http.StatusNotModified)
}

func TestBadQuestionsNameTheParameter(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for _, path := range []string{
		"plots?bbox=1,2,3", "plots?bbox=113.5,22,113.4,23", "plots?bbox=a,b,c,d", "plots?bbox=NaN,0,1,1", "plots?limit=-1", "plots?limit=x",
		"plots?cursor=%27", "plots?status=sold", "plots?land_use=Z9", "plots?park=nowhere", "plots?parks=test", "plots?after=x",
		"plots/at?lon=x&lat=1", "plots/at?lon=1", "plots/at?lon=200&lat=1", "changes?since=-1", "plots?%zz",
	} {
		g := s.get("/api/v1/" + path)
		g.want(t, 400, `"errors":[{"severity":"error","field":`, `"remedy":`)
		if ct := g.header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s: %s", path, ct)
		}
	}
	for _, path := range []string{"/api/v1/plots/99", "/api/v1/plots/x", "/api/v1/parks/none", "/nowhere", "/api/v1/reports/secret.csv", "/api/v1/reports/balance.doc", "/assets/none.js"} {
		s.get(path).want(t, 404, `"status":404`)
	}
	s.send("DELETE", "/api/v1/parks", "").want(t, 405, `"status":405`)
}

const boundaryC = `"geometry":{"type":"Polygon","coordinates":[[[113.455,22.9897],[113.4558,22.9897],[113.4558,22.9905],[113.455,22.9897]]]}`

func TestEditsNeedAKeyAndTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	bearer := "Bearer " + s.key
	edit := `{"type":"Feature","properties":{"status":"reserved","name":"一号地"},"reason":"收储入库"}`
	s.send("PUT", "/api/v1/plots/1", edit, "If-Match", `"1"`).want(t, 401)
	s.send("PUT", "/api/v1/plots/1", edit, "If-Match", `"1"`, "Authorization", "Bearer nonsense").want(t, 401)
	s.send("PUT", "/api/v1/plots/1", edit, "Authorization", bearer).want(t, 428, "If-Match")
	s.send("PUT", "/api/v1/plots/1", edit, "Authorization", bearer, "If-Match", `"7"`).want(t, 412)
	done := s.send("PUT", "/api/v1/plots/1", edit, "Authorization", bearer, "If-Match", `"1"`)
	done.want(t, 200, `"status":"reserved"`, `"name":"一号地"`, `"version":2`, `"far_max":2,`)
	if done.header.Get("ETag") != `"2"` || done.header.Get("Register-Seq") != "2" {
		t.Errorf("headers %v", done.header)
	}
	s.get("/api/v1/plots/1").want(t, 200, `"version":2`)
	s.get("/api/v1/changes?since=1").want(t, 200, `"kind":"update"`, `"actor":"Officer Li"`, `"reason":"收储入库"`, `"plots":[{"id":1,"version":2,`, `"before":"planned","after":"reserved"`)

	// What was read can be sent back.
	read := s.get("/api/v1/plots/1")
	s.send("PUT", "/api/v1/plots/1", read.body, "Authorization", bearer, "If-Match", `"2"`).want(t, 200, `"version":3`, `"name":"一号地"`)
	s.send("PUT", "/api/v1/plots/1", `{"type":"Feature","properties":{"name":null,"far_max":null}}`, "Authorization", bearer, "If-Match", `"3"`).
		want(t, 200, `"far_max":null`, `"name":""`)

	for _, c := range []struct{ body, want string }{
		{`{"type":"Feature","properties":{"status":"verified"}}`, "cannot move from reserved to verified"},
		{`{"type":"Feature","properties":{"land_use":"Z9"}}`, "Z9"},
		{`{"type":"Feature","properties":{"colour":"red"}}`, "no such property"},
		{`{"type":"Feature","properties":{"far_max":"high"}}`, "not a number"},
		{`{"type":"Feature","properties":{"far_min":3,"far_max":2}}`, "above far_max"},
		{`{"type":"Feature","properties":{"id":2}}`, "the Feature is plot 2"},
		{`{"type":"Feature","properties":{},"valid_from":"1999-01-01"}`, "before"},
		{`{"type":"Feature",` + boundaryC + `,"properties":{}}`, "outside the boundary"},
		{`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[113.45,22.99],[113.4501,22.9901],[113.45,22.99]]]},"properties":{}}`, "different points"},
		{`{"type":"Feature"`, ""},
		{``, ""},
		{`[]`, ""},
	} {
		s.send("PUT", "/api/v1/plots/1", c.body, "Authorization", bearer, "If-Match", `"4"`).want(t, 422, c.want)
	}
	s.get("/api/v1/plots/1").want(t, 200, `"version":4`)
}

func TestPlotIsCreated(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	bearer := "Bearer " + s.key
	body := func(no string) string {
		return `{"type":"Feature",` + boundaryC + `,"properties":{"park":"test","plot_no":"` + no + `","land_use":"M1/M0"}}`
	}
	s.send("POST", "/api/v1/plots", body("C")).want(t, 401)
	s.send("POST", "/api/v1/plots", body("A"), "Authorization", bearer).want(t, 409, "already used")
	s.send("POST", "/api/v1/plots", body("C"), "Authorization", bearer).want(t, 422, `"code":"3103"`, `"geometry":{"coordinates":`)
	s.send("POST", "/api/v1/plots", `{"type":"Feature","properties":{"park":"test","plot_no":"C","land_use":"A35"}}`, "Authorization", bearer).want(t, 422, "no boundary")
	s.send("POST", "/api/v1/plots", strings.Replace(body("C"), `"test"`, `"Nowhere!"`, 1), "Authorization", bearer).want(t, 422, "not usable")
	s.get("/api/v1/plots").want(t, 200, `"numberMatched":2`)
}

func TestAnotherInstanceShowsTheEdit(t *testing.T) {
	t.Parallel()
	databaseURL := postgistest.URL(t)
	first := instance(t, databaseURL)
	second := instance(t, databaseURL)
	first.key = officerKey(t, first)
	first.twoPlots()
	const tile = "/tiles/land/15/26710/14232.mvt" // holds 113.4502, 22.9901
	before := second.get(tile + "?after=1")
	before.want(t, 200)
	done := first.send("PUT", "/api/v1/plots/1", `{"type":"Feature","properties":{"status":"reserved"}}`, "Authorization", "Bearer "+first.key, "If-Match", `"1"`)
	done.want(t, 200)
	after := second.get(tile + "?after=" + done.header.Get("Register-Seq"))
	after.want(t, 200)
	if statusOf(t, before.body) != "planned" || statusOf(t, after.body) != "reserved" {
		t.Errorf("status %s, then %s", statusOf(t, before.body), statusOf(t, after.body))
	}
	if before.header.Get("ETag") == after.header.Get("ETag") {
		t.Error("the tile kept its ETag")
	}
	second.get(tile+"?after=99").want(t, 503)
}

// statusOf is the status of plot 1 in a tile.
func statusOf(t *testing.T, tile string) any {
	t.Helper()
	layers, err := mvt.Unmarshal([]byte(tile))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		for _, f := range l.Features {
			if l.Name == "plots" && f.ID == float64(1) {
				return f.Properties["status"]
			}
		}
	}
	return nil
}
