package ogc_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// document is what documents have in common.
type document struct {
	ID, Title, Description string
	ConformsTo             []string
	Links                  []link
	Collections            []document
	CRS                    []string
	StorageCRS, ItemType   string
	Extent                 struct {
		Spatial struct {
			BBox [][4]float64
			CRS  string
		}
		Temporal struct{ Interval [][2]*string }
	}
	Versioning struct{ TimeAxis string }
}

// wantLinks fails unless every relation is there, each with a type, and leads
// somewhere.
func (s *service) wantLinks(links []link, relations ...string) {
	s.t.Helper()
	for _, r := range relations {
		href, ok := rel(links, r, "")
		if !ok {
			s.t.Errorf("no link %s in %v", r, links)
			continue
		}
		if g := s.get(href); g.status != 200 {
			s.t.Errorf("%s leads to %d: %s", r, g.status, href)
		}
	}
	for _, l := range links {
		if l.Type == "" || !strings.HasPrefix(l.Href, s.host) {
			s.t.Errorf("link %+v has no type or is not absolute", l)
		}
	}
}

// TestFeaturesCore walks the abstract test suite of 17-069r4, A.2 Core.
func TestFeaturesCore(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/core/http", func(t *testing.T, s *service) {
			s.get("/nowhere").want(t, 404)
			s.send("PUT", "/collections", "{}").want(t, 405)
			if head := s.send("HEAD", "/collections", ""); head.status != 200 || head.body != "" {
				t.Errorf("HEAD: %d %q", head.status, head.body)
			}
			tag := s.get("/collections").header.Get("ETag")
			s.get("/collections", "If-None-Match", tag).want(t, 304)
			items := s.get("/collections/plots/items").header.Get("ETag")
			if !strings.HasPrefix(items, "W/") {
				t.Errorf("items have the strong tag %s though their time stamp changes", items)
			}
			s.get("/collections/plots/items", "If-None-Match", items).want(t, 304)
		}},
		{"/req/core/root-op", func(t *testing.T, s *service) {
			s.get("").want(t, 200)
			s.get("/").want(t, 200)
		}},
		{"/req/core/root-success", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get(""))
			s.wantLinks(d.Links, "self", "alternate", "service-desc", "service-doc", "conformance", "data")
			if n := len(slices.DeleteFunc(d.Links, func(l link) bool { return l.Rel != "service-desc" })); n != 1 {
				t.Errorf("%d links service-desc, of which GDAL takes but one", n)
			}
		}},
		{"/req/core/api-definition-op", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get(""))
			for _, r := range []string{"service-desc", "service-doc"} {
				href, _ := rel(d.Links, r, "")
				s.get(href).want(t, 200)
			}
		}},
		{"/req/core/api-definition-success", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get(""))
			for _, r := range []string{"service-desc", "service-doc"} {
				for _, l := range d.Links {
					if l.Rel == r {
						if g := s.get(l.Href, "Accept", l.Type); !strings.HasPrefix(g.header.Get("Content-Type"), l.Type) {
							t.Errorf("%s is %s, not %s", r, g.header.Get("Content-Type"), l.Type)
						}
					}
				}
			}
		}},
		{"/req/core/conformance-op", func(t *testing.T, s *service) { s.get("/conformance").want(t, 200) }},
		{"/req/core/conformance-success", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get("/conformance"))
			for _, class := range []string{
				"ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/geojson", "ogcapi-features-1/1.0/conf/html", "ogcapi-features-1/1.0/conf/oas30",
				"ogcapi-features-2/1.0/conf/crs", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/cql2-text", "ogcapi-tiles-1/1.0/conf/core",
			} {
				if !slices.Contains(d.ConformsTo, "http://www.opengis.net/spec/"+class) {
					t.Errorf("%s is not declared", class)
				}
			}
		}},
		{"/req/core/query-param-unknown", func(t *testing.T, s *service) {
			for _, path := range []string{"", "/conformance", "/api", "/collections", "/collections/plots", "/collections/plots/items", "/collections/plots/items/1", "/collections/plots/items/1/versions", "/collections/plots/queryables", "/tiles", "/tiles/WebMercatorQuad", "/tileMatrixSets", "/collections/plots/tiles/WebMercatorQuad/0/0/0"} {
				s.get(path+"?colour=red").want(t, 400, `"field":"colour"`, "detail_zh")
			}
		}},
		{"/req/core/query-param-invalid", func(t *testing.T, s *service) {
			for parameter, values := range map[string][]string{
				"limit": {"0", "-1", "x", "1.5"}, "f": {"xml", ""}, "datetime": {"yesterday", "2018-13-01T00:00:00Z", "2018-06-30T00:00:00Z/2018-01-01T00:00:00Z", "../..", "/", ""},
				"bbox":   {"1,2,3", "1,2,3,4,5", "a,b,c,d", "", "113,23,114,22", "113,-91,114,23", "-181,0,0,1", "0,0,9,1,1,1", "NaN,0,1,1"},
				"sortby": {"colour", "+plot_no,plot_no"}, "cursor": {"7", "e30"}, "crs": {"", "EPSG:4547"}, "far_max": {"much"}, "status": {"lost"}, "valid_from": {"today"},
			} {
				for _, v := range values {
					s.get("/collections/plots/items?"+url.Values{parameter: {v}}.Encode()).want(t, 400, `"field":"`+parameter+`"`, "message_zh", "remedy")
				}
			}
			s.get("/collections/parks/items?demonstration=perhaps").want(t, 400, `"field":"demonstration"`)
		}},
		{"/req/core/crs84", func(t *testing.T, s *service) {
			for _, of := range []string{"plots", "parks", "controls"} {
				for _, f := range s.items("/collections/" + of + "/items").Features {
					p := f.Geometry.Coordinates[0][0][0]
					if !(p[0] > 113 && p[0] < 114 && p[1] > 22 && p[1] < 24) {
						t.Errorf("%s %s is at %v", of, f.ID, p)
					}
				}
			}
		}},
		{"/req/core/fc-md-op", func(t *testing.T, s *service) { s.get("/collections").want(t, 200) }},
		{"/req/core/fc-md-success", func(t *testing.T, s *service) {
			if d := decoded[document](t, s.get("/collections")); len(d.Collections) != 5 || len(d.Links) == 0 {
				t.Errorf("%d collections, %d links", len(d.Collections), len(d.Links))
			}
		}},
		{"/req/core/fc-md-links", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get("/collections"))
			s.wantLinks(d.Links, "self", "alternate")
			for _, c := range d.Collections {
				s.wantLinks(c.Links, "self", "items", "describedby", "describedBy")
			}
		}},
		{"/req/core/fc-md-items", func(t *testing.T, s *service) {
			var ids []string
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				ids = append(ids, c.ID)
			}
			if want := []string{"plots", "plots-nansha", "plots-panyu", "parks", "controls"}; !slices.Equal(ids, want) {
				t.Errorf("%v, want %v", ids, want)
			}
		}},
		{"/req/core/fc-md-items-links", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				for _, kind := range []string{"application/geo+json", "text/html"} {
					href, ok := rel(c.Links, "items", kind)
					if !ok {
						t.Errorf("%s has no items as %s", c.ID, kind)
					}
					if g := s.get(href); !strings.HasPrefix(g.header.Get("Content-Type"), kind) {
						t.Errorf("%s is %s", href, g.header.Get("Content-Type"))
					}
				}
			}
		}},
		{"/req/core/fc-md-extent", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				box := c.Extent.Spatial.BBox[0]
				if c.Extent.Spatial.CRS != crs84 {
					t.Errorf("%s: extent in %s", c.ID, c.Extent.Spatial.CRS)
				}
				for _, f := range s.following("/collections/" + c.ID + "/items") {
					b := f.Geometry.Coordinates.Bound()
					if b.Min[0] < box[0] || b.Min[1] < box[1] || b.Max[0] > box[2] || b.Max[1] > box[3] {
						t.Errorf("%s %s lies outside the extent %v", c.ID, f.ID, box)
					}
				}
				if i := c.Extent.Temporal.Interval; len(i) != 1 || i[0][0] != nil || i[0][1] != nil {
					t.Errorf("%s: interval %v", c.ID, i)
				}
			}
		}},
		{"/req/core/sfc-md-op", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.get("/collections/"+c.ID).want(t, 200)
			}
			s.get("/collections/rivers").want(t, 404, "rivers")
		}},
		{"/req/core/sfc-md-success", func(t *testing.T, s *service) {
			for _, listed := range decoded[document](t, s.get("/collections")).Collections {
				one := decoded[document](t, s.get("/collections/"+listed.ID))
				if one.ID != listed.ID || one.Title != listed.Title || one.Description != listed.Description || one.ItemType != "feature" || one.ItemType != listed.ItemType || fmt.Sprint(one.Extent) != fmt.Sprint(listed.Extent) {
					t.Errorf("%+v is listed as %+v", one, listed)
				}
				for _, l := range listed.Links {
					if !slices.ContainsFunc(one.Links, func(m link) bool { return m.Href == l.Href && m.Rel == l.Rel }) {
						t.Errorf("%s has not its link %v", one.ID, l)
					}
				}
			}
		}},
		{"/req/core/fc-op", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.get("/collections/"+c.ID+"/items").want(t, 200)
			}
		}},
		{"/req/core/fc-limit-definition", func(t *testing.T, s *service) {
			p := s.parameterOf("limit")
			if p.Schema["type"] != "integer" || p.Schema["minimum"] != 1.0 || p.Schema["maximum"] != 10000.0 || p.Schema["default"] != 100.0 || p.Style != "form" || p.Explode == nil || *p.Explode {
				t.Errorf("limit is %+v", p)
			}
		}},
		{"/req/core/fc-limit-response-1", func(t *testing.T, s *service) {
			for limit, want := range map[string]int{"1": 1, "7": 7, "52": 52, "53": 52, "10000": 52, "99999": 52} {
				if page := s.items("/collections/plots/items?limit=" + limit); len(page.Features) != want || page.NumberReturned != want {
					t.Errorf("limit=%s gives %d", limit, len(page.Features))
				}
			}
		}},
		{"/req/core/fc-bbox-definition", func(t *testing.T, s *service) {
			p := s.parameterOf("bbox")
			if p.Schema["type"] != "array" || fmt.Sprint(p.Schema["oneOf"]) != "[map[maxItems:4 minItems:4] map[maxItems:6 minItems:6]]" || fmt.Sprint(p.Schema["items"]) != "map[type:number]" || p.Style != "form" || *p.Explode {
				t.Errorf("bbox is %+v", p)
			}
		}},
		{"/req/core/fc-bbox-response", func(t *testing.T, s *service) {
			for box, want := range map[string]func(geo.MultiPolygon) bool{
				"113.4445,22.9855,113.4465,22.9865":       meeting(bound(113.4445, 22.9855, 113.4465, 22.9865)),
				"113.4445,22.9855,-5,113.4465,22.9865,50": meeting(bound(113.4445, 22.9855, 113.4465, 22.9865)), // heights
				"113.4445,22.9855,113.4445,22.9855":       meeting(bound(113.4445, 22.9855, 113.4445, 22.9855)), // a point
				"-180,-90,180,90":                         func(geo.MultiPolygon) bool { return true },
				"120,30,121,31":                           func(geo.MultiPolygon) bool { return false },
				"113.6,-90,113.5,90":                      func(p geo.MultiPolygon) bool { return p.Bound().Max[0] >= 113.6 || p.Bound().Min[0] <= 113.5 }, // across the antimeridian
				"170,-10,-170,10":                         func(geo.MultiPolygon) bool { return false },
				"180,22,113.45,23.5":                      func(p geo.MultiPolygon) bool { return p.Bound().Min[0] <= 113.45 },
			} {
				page := s.items("/collections/plots/items?limit=100&bbox=" + box)
				var got, all []string
				for _, f := range page.Features {
					got = append(got, f.Properties["plot_no"].(string))
				}
				for _, p := range s.register() {
					if want(p.Boundary) {
						all = append(all, p.PlotNo)
					}
				}
				if !slices.Equal(got, all) || page.NumberMatched != len(all) {
					t.Errorf("bbox=%s gives %v, want %v", box, got, all)
				}
			}
			if n := s.items("/collections/controls/items?bbox=113.4445,22.9855,113.4465,22.9865").NumberMatched; n != 1 {
				t.Errorf("%d controls", n)
			}
			if n := s.items("/collections/controls/items?bbox=113.6,22.9855,113.7,22.9865").NumberMatched; n != 0 {
				t.Errorf("%d controls", n)
			}
		}},
		{"/req/core/fc-time-definition", func(t *testing.T, s *service) {
			if p := s.parameterOf("datetime"); p.Schema["type"] != "string" || p.Style != "form" || *p.Explode {
				t.Errorf("datetime is %+v", p)
			}
		}},
		{"/req/core/fc-time-response", func(t *testing.T, s *service) {
			for datetime, want := range map[string]int{
				"2018-06-30T00:00:00Z": 52, "2016-05-19T16:00:00Z": 52, "2016-05-20T00:00:00+08:00": 52, "2016-05-19T15:59:59Z": 0, "2016-05-20": 52, "2016-05-19": 0,
				"../2016-05-01T00:00:00Z": 0, "/2016-05-01T00:00:00Z": 0, "2010-01-01T00:00:00Z/..": 52, "2010-01-01T00:00:00Z/": 52, "2010-01-01T00:00:00Z/2017-01-01T00:00:00Z": 52,
				"0000-01-01T00:00:00Z/2015-01-01T00:00:00Z": 0, "2020-01-01T00:00:00Z/9999-12-31T00:00:00Z": 52, "0000-01-01T00:00:00Z": 0, "9999-12-31T23:59:59Z": 52, "2018-06-30t00:00:00z": 52,
			} {
				if n := s.items("/collections/plots/items?" + url.Values{"datetime": {datetime}}.Encode()).NumberMatched; n != want {
					t.Errorf("datetime=%s matches %d, want %d", datetime, n, want)
				}
			}
		}},
		{"/req/core/fc-response", func(t *testing.T, s *service) {
			page := s.items("/collections/plots/items?status=available&bbox=113.44,22.98,113.5,23&limit=3")
			if page.NumberMatched != len(s.plotNumbers(func(p plot) bool { return p.Park == "nansha" && p.Status == "available" })) {
				t.Errorf("%d match", page.NumberMatched)
			}
			for _, f := range page.Features {
				if f.Properties["status"] != "available" || f.Properties["park"] != "nansha" {
					t.Errorf("%v was not asked for", f.Properties)
				}
			}
		}},
		{"/req/core/fc-links", func(t *testing.T, s *service) {
			for _, of := range []string{"plots", "plots-nansha", "parks", "controls"} {
				s.wantLinks(s.items("/collections/"+of+"/items?limit=1").Links, "self", "alternate", "collection")
			}
			got := numbers(s.following("/collections/plots/items?limit=7"))
			if want := s.plotNumbers(func(plot) bool { return true }); !slices.Equal(got, want) {
				t.Errorf("pages give %v, want %v", got, want)
			}
			if _, more := rel(s.items("/collections/plots/items?limit=52").Links, "next", ""); more {
				t.Error("the last page has a next")
			}
			long := s.get("/collections/plots/items?limit=1&" + url.Values{"filter": {"far_max > 0" + strings.Repeat(" ", 2000)}}.Encode())
			if h := long.header.Values("Link"); len(h) != 1 || !strings.Contains(h[0], `rel="collection"`) {
				t.Errorf("Link headers of a long address: %d", len(h))
			}
			next, _ := rel(s.items("/collections/plots/items?limit=1").Links, "next", "")
			s.get(next+"&status=planned").want(t, 400, `"field":"cursor"`)
		}},
		{"/req/core/fc-rel-type", func(t *testing.T, s *service) {
			for _, l := range s.items("/collections/plots/items?limit=1").Links {
				if l.Type == "" {
					t.Errorf("%s has no type", l.Rel)
				}
			}
		}},
		{"/req/core/fc-timeStamp", func(t *testing.T, s *service) {
			at, err := time.Parse(time.RFC3339, s.items("/collections/plots/items?limit=1").TimeStamp)
			if err != nil || time.Since(at).Abs() > 10*time.Second {
				t.Errorf("%v %v", at, err)
			}
		}},
		{"/req/core/fc-numberMatched", func(t *testing.T, s *service) {
			for query, want := range map[string]int{"": 52, "park=panyu": 12, "park=panyu&status=planned": 4, "park=panyu&filter=far_max>=2": 6, "land_use=A35": 13, "land_use=A35&land_use=M1": 26, "land_use=A": 0, "holder=": 0} {
				page := s.items("/collections/plots/items?limit=1&" + query)
				if page.NumberMatched != want {
					t.Errorf("%q matches %d, want %d", query, page.NumberMatched, want)
				}
			}
		}},
		{"/req/core/fc-numberReturned", func(t *testing.T, s *service) {
			for _, query := range []string{"limit=5", "park=panyu", "land_use=A"} {
				if page := s.items("/collections/plots/items?" + query); page.NumberReturned != len(page.Features) {
					t.Errorf("%q: %d of %d", query, page.NumberReturned, len(page.Features))
				}
			}
		}},
		{"/req/core/f-op", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				for _, f := range s.items("/collections/" + c.ID + "/items?limit=3").Features {
					s.get("/collections/"+c.ID+"/items/"+strings.Trim(string(f.ID), `"`)).want(t, 200)
				}
				for _, id := range []string{"999999", "01", "x", "-1", "1e3"} {
					s.get("/collections/"+c.ID+"/items/"+id).want(t, 404)
				}
			}
			s.get("/collections/plots-panyu/items/1").want(t, 404) // which is in nansha
		}},
		{"/req/core/f-success", func(t *testing.T, s *service) {
			f := decoded[feature](t, s.get("/collections/plots/items/3"))
			listed := s.items("/collections/plots/items?id=3").Features
			if len(listed) != 1 || fmt.Sprint(f.Properties) != fmt.Sprint(listed[0].Properties) || !near(f.Geometry.Coordinates, listed[0].Geometry.Coordinates, 0) {
				t.Errorf("%v is listed as %v", f, listed)
			}
		}},
		{"/req/core/f-links", func(t *testing.T, s *service) {
			for _, at := range []string{"plots/items/1", "plots-nansha/items/1", "parks/items/panyu", "controls/items/1"} {
				f := decoded[feature](t, s.get("/collections/"+at))
				s.wantLinks(f.Links, "self", "alternate", "collection")
			}
		}},
	})
}

func meeting(b orbBound) func(geo.MultiPolygon) bool {
	return func(p geo.MultiPolygon) bool { return geo.Meets(p, b) }
}
