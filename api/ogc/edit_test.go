package ogc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// free takes a plot away, so that its place is free: a park's boundary is that of
// its plots.
func (s *service) free(no string) {
	s.t.Helper()
	id := s.id(no)
	at := "/collections/plots/items/" + id
	s.send("DELETE", at, "", "Authorization", "Bearer "+s.key, "If-Match", s.get(at).header.Get("ETag")).want(s.t, 204)
}

// id is the id of the plot that has a number.
func (s *service) id(no string) string {
	s.t.Helper()
	page := s.items("/collections/plots/items?plot_no=" + no)
	if len(page.Features) != 1 {
		s.t.Fatalf("%d plots are called %s", len(page.Features), no)
	}
	return string(page.Features[0].ID)
}

// edit sends an edit by the officer.
func (s *service) edit(method, path, body string, headers ...string) got {
	s.t.Helper()
	kind := "application/geo+json"
	if method == "PATCH" {
		kind = "application/merge-patch+json"
	}
	return s.send(method, path, body, append([]string{"Authorization", "Bearer " + s.key, "Content-Type", kind}, headers...)...)
}

// reasons are why a plot's versions were made.
func (s *service) reasons(id string) []string {
	s.t.Helper()
	var n land.PlotID
	fmt.Sscan(id, &n)
	history, err := s.db.History(context.Background(), n)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, v := range history {
		all = append(all, v.Change.Reason)
	}
	return all
}

// square is a boundary of the 100 m square whose south-west corner is at an easting
// and northing of EPSG:4547, in the order of EPSG's axes.
func square(east, north float64) string {
	corners := [][2]float64{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}
	var points []string
	for _, c := range corners {
		points = append(points, fmt.Sprintf("[%g,%g]", north+c[1], east+c[0]))
	}
	return `{"type":"Polygon","coordinates":[[` + strings.Join(points, ",") + `]]}`
}

const in4547 = "<http://www.opengis.net/def/crs/EPSG/0/4547>"

// TestFeaturesCreateReplaceDelete walks the draft of Part 4, 20-002.
func TestFeaturesCreateReplaceDelete(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/create-replace-delete/options-op", func(t *testing.T, s *service) {
			for _, at := range []string{"plots/items", "plots/items/1", "parks/items", "controls/items/1", "plots/items/999999"} {
				s.send("OPTIONS", "/collections/"+at, "").want(t, 200)
			}
			s.send("OPTIONS", "/collections/rivers/items", "").want(t, 404)
		}},
		{"/req/create-replace-delete/options-response", func(t *testing.T, s *service) {
			panyuKey := s.keyOf(land.Actor{Name: "Officer Chen", Role: land.Officer, Park: "panyu"})
			applicantKey := s.keyOf(land.Actor{Name: "Firm", Role: land.Applicant})
			const read = "GET, HEAD, OPTIONS"
			for _, c := range []struct{ key, at, want string }{
				{"", "plots/items", read}, {"", "plots/items/1", read},
				{s.key, "plots/items", read + ", POST"}, {s.key, "plots/items/1", read + ", PUT, PATCH, DELETE"},
				{s.key, "plots-panyu/items", read + ", POST"}, {s.key, "parks/items", read}, {s.key, "controls/items/1", read},
				{panyuKey, "plots/items", read + ", POST"}, {panyuKey, "plots-nansha/items", read}, {panyuKey, "plots/items/1", read}, {panyuKey, "plots-panyu/items/41", read + ", PUT, PATCH, DELETE"},
				{applicantKey, "plots/items", read},
			} {
				var headers []string
				if c.key != "" {
					headers = []string{"Authorization", "Bearer " + c.key}
				}
				if g := s.send("OPTIONS", "/collections/"+c.at, "", headers...); g.header.Get("Allow") != c.want {
					t.Errorf("%s: %s, want %s", c.at, g.header.Get("Allow"), c.want)
				}
			}
			s.send("OPTIONS", "/collections/plots/items", "", "Authorization", "Bearer wrong").want(t, 401)
		}},
		{"/req/core/methods", func(t *testing.T, s *service) {
			for method, at := range map[string]string{"POST": "plots/items", "PUT": "plots/items/1", "PATCH": "plots/items/1", "DELETE": "plots/items/1"} {
				s.send(method, "/collections/"+at, "{}").want(t, 401)
				s.send(method, "/collections/"+at, "{}", "Authorization", "Bearer wrong").want(t, 401)
				s.edit(method, "/collections/"+strings.Replace(at, "plots", "parks", 1), "{}").want(t, 405)
			}
			s.send("POST", "/collections/plots/items/1", "{}").want(t, 405)
		}},
		{"/req/create-replace-delete/post-content-type", func(t *testing.T, s *service) {
			for _, kind := range []string{"", "text/plain", "application/xml", "application/merge-patch+json"} {
				s.send("POST", "/collections/plots/items", "{}", "Authorization", "Bearer "+s.key, "Content-Type", kind).want(t, 415)
			}
		}},
		{"/req/create-replace-delete/post-op", func(t *testing.T, s *service) {
			s.free("NA-40")
			g := s.edit("POST", "/collections/plots/items", `{"type":"Feature","geometry":`+square(443900, 2543300)+`,"properties":{"park":"nansha","plot_no":"NA-90","land_use":"M1"}}`, "Content-Crs", in4547)
			g.want(t, 201, `"plot_no":"NA-90"`, `"area_m2":10000`)
		}},
		{"/req/create-replace-delete/post-body", func(t *testing.T, s *service) {
			for body, field := range map[string]string{
				`{"type":"Feature","geometry":null,"properties":{"park":"nansha","plot_no":"X","land_use":"M1"}}`:                                             "geometry",
				`{"type":"Feature","geometry":` + square(443900, 2543300) + `,"properties":{"plot_no":"X","land_use":"M1"}}`:                                  "park",
				`{"type":"Feature","geometry":` + square(443900, 2543300) + `,"properties":{"park":"nansha","plot_no":"X","land_use":"M1","colour":"red"}}`:   "colour",
				`{"type":"Feature","geometry":` + square(443900, 2543300) + `,"properties":{"park":"nansha","plot_no":"X","land_use":"ZZ"}}`:                  "land_use",
				`{"type":"Feature","geometry":` + square(443900, 2543300) + `,"properties":{"park":"nansha","plot_no":"X","land_use":"M1"},"valid_from":"x"}`: "valid_from",
			} {
				s.edit("POST", "/collections/plots/items", body, "Content-Crs", in4547).want(t, 422, `"field":"`+field+`"`)
			}
			s.edit("POST", "/collections/plots/items", `{`).want(t, 422)
			s.edit("POST", "/collections/plots/items", `{"type":"Feature","geometry":`+square(443000, 2543000)+`,"properties":{"park":"nansha","plot_no":"X","land_use":"M1"}}`, "Content-Crs", in4547).want(t, 422, `"code":"3101"`) // there is a plot
			s.edit("POST", "/collections/plots-panyu/items", `{"type":"Feature","geometry":`+square(443000, 2543000)+`,"properties":{"park":"nansha","plot_no":"X","land_use":"M1"}}`, "Content-Crs", in4547).want(t, 422, `"field":"park"`)
		}},
		{"/req/create-replace-delete/post-response", func(t *testing.T, s *service) {
			s.free("NA-39")
			g := s.edit("POST", "/collections/plots-nansha/items", `{"type":"Feature","geometry":`+square(443800, 2543300)+`,"properties":{"plot_no":"NA-91","land_use":"M1"}}`,
				"Content-Crs", in4547, "Change-Reason", url.PathEscape("补录"), "Prefer", "return=minimal")
			g.want(t, 201)
			location := g.header.Get("Location")
			if !strings.HasPrefix(location, s.url+"/collections/plots-nansha/items/") || g.header.Get("ETag") != `"1"` || g.body != "" || g.header.Get("Preference-Applied") != "return=minimal" {
				t.Errorf("%v %q", g.header, g.body)
			}
			f := decoded[feature](t, s.get(location)) // at once
			if f.Properties["plot_no"] != "NA-91" || f.Properties["status"] != "planned" || f.Properties["park"] != "nansha" {
				t.Errorf("%v", f.Properties)
			}
			if why := s.reasons(string(f.ID)); !slices.Equal(why, []string{"补录"}) {
				t.Errorf("%v", why)
			}
		}},
		{"/req/create-replace-delete/post-response-rid", func(t *testing.T, s *service) {
			s.free("NA-38")
			g := s.edit("POST", "/collections/plots/items", `{"type":"Feature","id":1,"geometry":`+square(443700, 2543300)+`,"properties":{"id":1,"park":"nansha","plot_no":"NA-92","land_use":"M1"}}`, "Content-Crs", in4547)
			f := feature{}
			g.want(t, 201)
			if err := json.Unmarshal([]byte(g.body), &f); err != nil || string(f.ID) == "1" {
				t.Errorf("%v %s", err, f.ID)
			}
			if why := s.reasons(string(f.ID)); !slices.Equal(why, []string{"OGC API – Features POST"}) {
				t.Errorf("%v", why)
			}
		}},
		{"/req/create-replace-delete/put-op", func(t *testing.T, s *service) {
			s.edit("PUT", "/collections/plots/items/2", s.whole("2", nil), "If-Match", s.tag("2")).want(t, 200)
		}},
		{"/req/create-replace-delete/put-content-type", func(t *testing.T, s *service) {
			s.send("PUT", "/collections/plots/items/2", s.whole("2", nil), "Authorization", "Bearer "+s.key, "Content-Type", "text/plain", "If-Match", s.tag("2")).want(t, 415)
		}},
		{"/req/create-replace-delete/put-body", func(t *testing.T, s *service) {
			body := `{"type":"Feature","geometry":` + square(443100, 2543000) + `,"properties":{"plot_no":"NA-02","land_use":"M1","status":"available","name":"试验楼"}}`
			s.edit("PUT", "/collections/plots/items/2", body, "If-Match", s.tag("2"), "Content-Crs", in4547).want(t, 200, `"name":"试验楼"`)
			f := decoded[feature](t, s.get("/collections/plots/items/2"))
			if f.Properties["far_max"] != nil || f.Properties["holder"] != nil || f.Properties["name"] != "试验楼" || f.Properties["land_use_2023"] == nil {
				t.Errorf("what is left out was not cleared: %v", f.Properties)
			}
			for _, missing := range []string{"plot_no", "land_use", "status", "geometry"} {
				s.edit("PUT", "/collections/plots/items/2", s.whole("2", map[string]any{missing: nil}), "If-Match", s.tag("2")).want(t, 422, `"field":"`+missing+`"`)
			}
		}},
		{"/req/create-replace-delete/put-response", func(t *testing.T, s *service) {
			g := s.edit("PUT", "/collections/plots/items/3", s.whole("3", map[string]any{"name": "实验室"}), "If-Match", s.tag("3"), "Change-Reason", "rename")
			g.want(t, 200, `"name":"实验室"`)
			if g.header.Get("ETag") != `"2"` || g.header.Get("Register-Seq") == "" || g.header.Get("Content-Crs") != "<"+crs84+">" {
				t.Errorf("%v", g.header)
			}
			s.edit("PUT", "/collections/plots/items/3", s.whole("3", map[string]any{"name": "x"}), "If-Match", s.tag("3"), "Prefer", "return=minimal").want(t, 204)
			if why := s.reasons("3"); !slices.Equal(why[1:], []string{"rename", "OGC API – Features PUT"}) {
				t.Errorf("%v", why)
			}
		}},
		{"/req/create-replace-delete/put-rid", func(t *testing.T, s *service) {
			var f map[string]any
			if err := json.Unmarshal([]byte(s.whole("4", nil)), &f); err != nil {
				t.Fatal(err)
			}
			f["id"] = 999
			body, _ := json.Marshal(f)
			s.edit("PUT", "/collections/plots/items/4", string(body), "If-Match", s.tag("4")).want(t, 200, `"id":4`)
		}},
		{"/req/create-replace-delete/put-rid-exception", func(t *testing.T, s *service) {
			s.edit("PUT", "/collections/plots/items/999999", s.whole("4", nil)).want(t, 404)
			s.edit("PUT", "/collections/plots/items/999999", s.whole("4", nil), "If-Match", `"1"`).want(t, 412)
			s.edit("PUT", "/collections/plots/items/999999", s.whole("4", nil), "If-Match", `*`).want(t, 412)
			s.edit("PUT", "/collections/plots-panyu/items/4", s.whole("4", nil), "If-Match", `*`).want(t, 412)
		}},
		{"/req/create-replace-delete/delete-op", func(t *testing.T, s *service) {
			id := s.id("NA-37")
			s.edit("DELETE", "/collections/plots/items/"+id, "").want(t, 428)
			s.edit("DELETE", "/collections/plots/items/"+id, "", "If-Match", `"7"`).want(t, 412)
			s.edit("DELETE", "/collections/plots/items/"+id+"?reason=x&case_no=2026-1", "", "If-Match", `"1"`).want(t, 204)
			s.edit("DELETE", "/collections/plots/items/"+id, "", "If-Match", `"2"`).want(t, 412) // it is gone
			s.edit("DELETE", "/collections/plots/items/"+id, "").want(t, 410)
			s.edit("DELETE", "/collections/plots/items/999999", "").want(t, 404)
		}},
		{"/req/create-replace-delete/delete-response", func(t *testing.T, s *service) {
			id := s.id("NA-36")
			g := s.edit("DELETE", "/collections/plots/items/"+id, "", "If-Match", "*", "Change-Reason", url.PathEscape("收回"))
			g.want(t, 204)
			gone := s.get("/collections/plots/items/" + id)
			gone.want(t, 410, "detail_zh")
			if link := strings.Join(gone.header.Values("Link"), ","); !strings.Contains(link, `rel="latest-version"`) || !strings.Contains(link, `rel="timemap"`) {
				t.Errorf("Link %s", link)
			}
			if why := s.reasons(id); why[1] != "收回" {
				t.Errorf("%v", why)
			}
		}},
		{"/req/update/methods", func(t *testing.T, s *service) {
			if a := s.send("OPTIONS", "/collections/plots/items/1", "", "Authorization", "Bearer "+s.key).header; !strings.Contains(a.Get("Allow"), "PATCH") || !strings.Contains(a.Get("Accept-Patch"), "application/merge-patch+json") {
				t.Errorf("%v", a)
			}
		}},
		{"/req/update/update-patch-op", func(t *testing.T, s *service) {
			s.edit("PATCH", "/collections/plots/items/5", `{"properties":{"far_max":2.75}}`, "If-Match", s.tag("5")).want(t, 200, `"far_max":2.75`)
		}},
		{"/req/update/update-patch-body", func(t *testing.T, s *service) {
			for _, body := range []string{`[]`, `null`, `x`, `{"geometry":null}`, `{"properties":{"colour":1}}`, `{"colour":1}`, `{"properties":{"far_max":"much"}}`} {
				s.edit("PATCH", "/collections/plots/items/5", body, "If-Match", s.tag("5")).want(t, 422)
			}
			s.send("PATCH", "/collections/plots/items/5", `{}`, "Authorization", "Bearer "+s.key, "Content-Type", "application/json-patch+json", "If-Match", s.tag("5")).want(t, 415)
		}},
		{"/req/update/update-patch-response", func(t *testing.T, s *service) {
			before := decoded[feature](t, s.get("/collections/plots/items/6"))
			g := s.edit("PATCH", "/collections/plots/items/6", `{"properties":{"name":"检测中心","holder":null},"reason":"改名","valid_from":"2020-01-01"}`, "If-Match", s.tag("6"))
			g.want(t, 200, `"name":"检测中心"`, `"holder":null`, `"valid_from":"2020-01-01"`)
			after := decoded[feature](t, s.get("/collections/plots/items/6"))
			if after.Properties["far_max"] != before.Properties["far_max"] || !near(after.Geometry.Coordinates, before.Geometry.Coordinates, 0) {
				t.Errorf("%v was %v", after, before)
			}
			if why := s.reasons("6"); why[1] != "改名" {
				t.Errorf("%v", why)
			}
		}},
		{"/req/update/rid", func(t *testing.T, s *service) {
			s.edit("PATCH", "/collections/plots/items/6", `{"id":6,"properties":{"id":6,"name":"y"}}`, "If-Match", s.tag("6")).want(t, 200, `"id":6`)
		}},
		{"/req/optimistic-locking-etags/get-etag-response", func(t *testing.T, s *service) {
			if tag := s.get("/collections/plots/items/7").header.Get("ETag"); tag != `"1"` {
				t.Errorf("ETag %s", tag)
			}
			s.get("/collections/plots/items/7", "If-None-Match", `"1"`).want(t, 304)
			s.get("/collections/plots/items/7", "If-None-Match", `"2"`).want(t, 200)
		}},
		{"/req/optimistic-locking-etags/put-etag-response", func(t *testing.T, s *service) {
			if tag := s.edit("PUT", "/collections/plots/items/7", s.whole("7", nil), "If-Match", `"1"`).header.Get("ETag"); tag != `"2"` {
				t.Errorf("ETag %s", tag)
			}
		}},
		{"/req/optimistic-locking-etags/patch-etag-response", func(t *testing.T, s *service) {
			if tag := s.edit("PATCH", "/collections/plots/items/7", `{"name":"z"}`, "If-Match", `"2"`).header.Get("ETag"); tag != `"3"` {
				t.Errorf("ETag %s", tag)
			}
		}},
		{"/req/optimistic-locking-etags/ifmatch-put-op", func(t *testing.T, s *service) {
			s.edit("PUT", "/collections/plots/items/7", s.whole("7", nil)).want(t, 428, "If-Match")
		}},
		{"/req/optimistic-locking-etags/ifmatch-put-eval", func(t *testing.T, s *service) {
			s.edit("PUT", "/collections/plots/items/7", s.whole("7", nil), "If-Match", `"1"`).want(t, 412)
		}},
		{"/req/optimistic-locking-etags/ifmatch-patch-op", func(t *testing.T, s *service) {
			s.edit("PATCH", "/collections/plots/items/7", `{"name":"z"}`).want(t, 428, "If-Match")
		}},
		{"/req/optimistic-locking-etags/ifmatch-patch-eval", func(t *testing.T, s *service) {
			s.edit("PATCH", "/collections/plots/items/7", `{"name":"z"}`, "If-Match", `"1"`).want(t, 412)
			s.edit("PATCH", "/collections/plots/items/7", `{"name":"zz"}`, "If-Match", `*`).want(t, 200, `"name":"zz"`)
		}},
		{"/req/features/resources-endpoint", func(t *testing.T, s *service) {
			s.send("OPTIONS", "/collections/plots/items", "").want(t, 200)
		}},
		{"/req/features/resource-endpoint", func(t *testing.T, s *service) {
			s.send("OPTIONS", "/collections/plots/items/1", "").want(t, 200)
		}},
		{"/req/features/default-crs", func(t *testing.T, s *service) {
			f := decoded[feature](t, s.get("/collections/plots/items/8"))
			raw, _ := json.Marshal(f.Geometry.Coordinates)
			s.edit("PATCH", "/collections/plots/items/8", `{"geometry":{"type":"MultiPolygon","coordinates":`+string(raw)+`}}`, "If-Match", s.tag("8")).want(t, 200, `"area_m2":10000`)
		}},
		{"/req/features/content-crs-header", func(t *testing.T, s *service) {
			// The same land in every system, in the order of its axes.
			ring := []geo.Point{}
			for _, p := range s.register() {
				if p.ID == 9 {
					ring = p.Boundary[0][0]
				}
			}
			for _, uri := range supported {
				raw, _ := json.Marshal(geo.MultiPolygon{{transformed(t, uri, ring)}})
				for _, value := range []string{"<" + uri + ">", uri} { // QGIS leaves the brackets out
					g := s.edit("PATCH", "/collections/plots/items/9", `{"geometry":{"type":"MultiPolygon","coordinates":`+string(raw)+`}}`, "If-Match", "*", "Content-Crs", value)
					g.want(t, 200)
				}
				after := decoded[feature](t, s.get("/collections/plots/items/9?crs="+url.QueryEscape(epsg+"4547")))
				if p := after.Geometry.Coordinates[0][0][0]; p != (geo.Point{2543000, 443800}) {
					t.Errorf("%s moved the plot to %v", uri, p)
				}
			}
		}},
		{"/req/features/crs-other-crs", func(t *testing.T, s *service) {
			s.edit("PATCH", "/collections/plots/items/9", `{"name":"x"}`, "If-Match", "*", "Content-Crs", "<"+epsg+"2326>").want(t, 400, `"field":"Content-Crs"`)
		}},
		{"/req/features/schema", func(t *testing.T, s *service) {
			if d := decoded[schema](t, s.get("/collections/plots/schema")); d.Additional == nil || *d.Additional {
				t.Error("properties that are not in the schema are refused, but it does not say so")
			}
		}},
		{"/req/features/representation-geojson-replace", func(t *testing.T, s *service) {
			for _, kind := range []string{"create", "replace", "update"} {
				g := s.get("/collections/plots/schema?type=" + kind)
				g.want(t, 200, `"plot_no"`)
				if g.header.Get("Content-Type") != "application/schema+json" || strings.Contains(g.body, "area_ellipsoid_m2") {
					t.Errorf("%s: %s", kind, g.body)
				}
			}
			s.get("/collections/plots/schema?type=replace").want(t, 200, `"required":["plot_no","land_use","status"]`, `"required":["type","geometry","properties"]`)
		}},
		{"/req/features/geojson-create-replace", func(t *testing.T, s *service) {
			s.edit("PUT", "/collections/plots/items/4", s.whole("4", map[string]any{"id": 5}), "If-Match", s.tag("4")).want(t, 422, `"field":"id"`)
		}},
		{"/req/features/update-json-merge-patch", func(t *testing.T, s *service) {
			// By the logical schema: properties and geometry beside each other.
			g := s.edit("PATCH", "/collections/plots/items/10", `{"name":"甲","far_max":null,"geometry":`+square(443900, 2543000)+`}`, "If-Match", s.tag("10"), "Content-Crs", in4547)
			g.want(t, 200, `"name":"甲"`, `"far_max":null`, `"area_m2":10000`)
			s.edit("PATCH", "/collections/plots/items/10", `{"id":11,"name":"x"}`, "If-Match", s.tag("10")).want(t, 422, `"field":"id"`)
			s.edit("PATCH", "/collections/plots/items/10", `{"id":11,"properties":{"name":"x"}}`, "If-Match", s.tag("10")).want(t, 422, `"field":"id"`)
		}},
	})
}
