package ogc_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

const ogcRel = "http://www.opengis.net/def/rel/ogc/1.0/"

// filtered are the numbers of the plots that match a filter; more are name, value
// in turn.
func (s *service) filtered(filter string, more ...string) []string {
	s.t.Helper()
	q := url.Values{"filter": {filter}, "limit": {"100"}}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	page := s.items("/collections/plots/items?" + q.Encode())
	if page.NumberMatched != len(page.Features) {
		s.t.Errorf("%s: %d match, %d came", filter, page.NumberMatched, len(page.Features))
	}
	return numbers(page.Features)
}

// TestFeaturesFiltering walks 19-079r2.
func TestFeaturesFiltering(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/queryables/get-queryables-op", func(t *testing.T, s *service) {
			if kind := s.get("/collections/plots/queryables").header.Get("Content-Type"); kind != "application/schema+json" {
				t.Errorf("%s", kind)
			}
		}},
		{"/req/queryables/get-queryables-response", func(t *testing.T, s *service) {
			for _, of := range []string{"plots", "plots-panyu", "parks", "controls"} {
				d := decoded[schema](t, s.get("/collections/"+of+"/queryables"))
				d.check(t, s.url+"/collections/"+of+"/queryables")
				if d.Additional == nil || *d.Additional {
					t.Errorf("%s: additionalProperties is not false, though others are refused", of)
				}
			}
			d := decoded[schema](t, s.get("/collections/plots/queryables"))
			if fmt.Sprint(d.Properties["status"]["enum"]) != "[planned reserved available committed supplied under_construction completed verified idle]" || d.Properties["supplied_on"]["format"] != "date" || d.Properties["area_m2"]["x-ogc-unit"] != "m2" {
				t.Errorf("%v", d.Properties)
			}
		}},
		{"/req/queryables/queryables-link", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.wantLinks(c.Links, ogcRel+"queryables")
			}
		}},
		{"/req/queryables/expression-construction", func(t *testing.T, s *service) {
			s.get("/collections/plots/items?filter=colour=1").want(t, 400, `"field":"filter"`, "colour", "line 1, character 1")
			s.get("/collections/parks/items?filter=far_max>1").want(t, 400, `"field":"filter"`)
		}},
		{"/req/queryables-query-parameters/parameters", func(t *testing.T, s *service) {
			d := s.definition()
			for _, of := range []string{"plots", "parks", "controls"} {
				queryable := decoded[schema](t, s.get("/collections/"+of+"/queryables"))
				described := map[string]parameter{}
				for _, p := range d.Paths["/collections/"+of+"/items"]["get"].Parameters {
					described[d.resolve(p).Name] = d.resolve(p)
				}
				for name, p := range queryable.Properties {
					if name != "geometry" && (described[name].Schema["type"] != p["type"] || described[name].Schema["format"] != p["format"]) {
						t.Errorf("%s: parameter %s is %v, queryable %v", of, name, described[name].Schema, p)
					}
				}
			}
			for query, keep := range map[string]func(plot) bool{
				"plot_no=NA-07":          func(p plot) bool { return p.PlotNo == "NA-07" },
				"id=7":                   func(p plot) bool { return p.ID == 7 },
				"far_max=1.5":            func(p plot) bool { return *p.FARMax == 1.5 },
				"supplied_on=2018-06-01": func(p plot) bool { return !p.SuppliedOn.IsZero() },
				"holder=" + url.QueryEscape("广州检测有限公司"): func(p plot) bool { return p.Holder != "" },
				"status=planned&status=available":       func(p plot) bool { return p.Status != "supplied" },
			} {
				page := s.items("/collections/plots/items?limit=100&" + query)
				if got, want := numbers(page.Features), s.plotNumbers(keep); !slices.Equal(got, want) || len(got) == 0 {
					t.Errorf("%s: %v, want %v", query, got, want)
				}
			}
			if n := s.items("/collections/parks/items?demonstration=false&plots=12").NumberMatched; n != 1 {
				t.Errorf("%d parks of 12 plots", n)
			}
			if n := s.items("/collections/controls/items?valid_from=2016-01-01&layer=farmland-2022&layer_version=1").NumberMatched; n != 1 {
				t.Errorf("%d controls", n)
			}
		}},
		{"/req/filter/filter-param", func(t *testing.T, s *service) {
			for filter, keep := range map[string]func(plot) bool{
				"land_use = 'A35' AND far_max > 2":                            func(p plot) bool { return p.Use.Code == "A35" && *p.FARMax > 2 },
				"land_use IN ('A35','M1') OR holder IS NULL":                  func(p plot) bool { return p.Use.Code == "A35" || p.Use.Code == "M1" || p.Holder == "" },
				"CASEI(plot_no) LIKE CASEI('na-1_')":                          func(p plot) bool { return strings.HasPrefix(p.PlotNo, "NA-1") },
				"T_INTERSECTS(supplied_on, INTERVAL('2018-01-01','..'))":      func(p plot) bool { return !p.SuppliedOn.IsZero() },
				"S_INTERSECTS(geometry, BBOX(113.6,22.9,113.7,23))":           func(p plot) bool { return p.Park == "panyu" },
				"S_INTERSECTS(geometry, POINT(113.4445 22.9855))":             func(p plot) bool { return p.ID == 1 },
				"far_max * 2 >= 5 AND NOT status = 'planned'":                 func(p plot) bool { return *p.FARMax >= 2.5 && p.Status != "planned" },
				"S_DWITHIN(geometry, POINT(113.4445 22.9855), 30)":            func(p plot) bool { return p.ID == 1 },
				`"far_max" BETWEEN 1.5 AND 2 AND "land_use" <> 'R2'`:          func(p plot) bool { return *p.FARMax >= 1.5 && *p.FARMax <= 2 && p.Use.Code != "R2" },
				"supplied_on > DATE('2018-05-31') AND park = 'panyu'":         func(p plot) bool { return !p.SuppliedOn.IsZero() && p.Park == "panyu" },
				"plot_no >= 'PA-03' AND plot_no < 'PA-06' AND park = 'panyu'": func(p plot) bool { return p.PlotNo >= "PA-03" && p.PlotNo < "PA-06" },
			} {
				if got, want := s.filtered(filter), s.plotNumbers(keep); !slices.Equal(got, want) || len(got) == 0 {
					t.Errorf("%s: %v, want %v", filter, got, want)
				}
			}
			if n := s.items("/collections/parks/items?" + url.Values{"filter": {"plots > 20 AND S_INTERSECTS(geometry, POINT(113.4445 22.9855))"}}.Encode()).NumberMatched; n != 1 {
				t.Errorf("%d parks", n)
			}
			if n := s.items("/collections/controls/items?" + url.Values{"filter": {"kind = 'permanent_basic_farmland' AND valid_to IS NULL AND area_mu > 50"}}.Encode()).NumberMatched; n != 1 {
				t.Errorf("%d controls", n)
			}
		}},
		{"/req/filter/filter-lang-param", func(t *testing.T, s *service) {
			p := s.parameterOf("filter-lang")
			if fmt.Sprint(p.Schema["enum"]) != "[cql2-text cql2-json cql-text]" || p.Schema["default"] != "cql2-text" {
				t.Errorf("%+v", p)
			}
			want := s.filtered("land_use = 'A35' AND far_max > 2")
			for lang, filter := range map[string]string{
				"cql2-text": "land_use = 'A35' AND far_max > 2", "cql-text": "(land_use = 'A35') AND (far_max > 2)",
				"cql2-json": `{"op":"and","args":[{"op":"=","args":[{"property":"land_use"},"A35"]},{"op":">","args":[{"property":"far_max"},2]}]}`,
			} {
				if got := s.filtered(filter, "filter-lang", lang); !slices.Equal(got, want) || len(got) == 0 {
					t.Errorf("%s: %v, want %v", lang, got, want)
				}
			}
			s.get("/collections/plots/items?filter=x&filter-lang=ecql").want(t, 400, `"field":"filter-lang"`)
			if got := s.filtered("supplied_on >= '2018-06-01T'", "filter-lang", "cql-text"); len(got) == 0 { // as GDAL writes days
				t.Error("nothing was supplied")
			}
		}},
		{"/req/filter/filter-crs-wgs84", func(t *testing.T, s *service) {
			a, b := s.filtered("S_INTERSECTS(geometry, POINT(113.4445 22.9855))"), s.filtered("S_INTERSECTS(geometry, POINT(113.4445 22.9855))", "filter-crs", crs84)
			if !slices.Equal(a, b) || len(a) != 1 {
				t.Errorf("%v and %v", a, b)
			}
		}},
		{"/req/filter/filter-crs-param", func(t *testing.T, s *service) {
			for _, uri := range supported {
				p := transformed(t, uri, []geo.Point{{113.4445, 22.9855}, {113.4455, 22.9862}})
				if got := s.filtered(fmt.Sprintf("S_INTERSECTS(geometry, POINT(%.9f %.9f))", p[0][0], p[0][1]), "filter-crs", uri); !slices.Equal(got, []string{"NA-01"}) {
					t.Errorf("point in %s: %v", uri, got)
				}
				if got := s.filtered(fmt.Sprintf("S_INTERSECTS(geometry, BBOX(%.9f,%.9f,%.9f,%.9f))", p[0][0], p[0][1], p[1][0], p[1][1]), "filter-crs", uri); !slices.Equal(got, []string{"NA-01", "NA-02", "NA-11", "NA-12"}) {
					t.Errorf("box in %s: %v", uri, got)
				}
				point := fmt.Sprintf(`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[%.9f,%.9f]}]}`, p[0][0], p[0][1])
				if got := s.filtered(point, "filter-crs", uri, "filter-lang", "cql2-json"); !slices.Equal(got, []string{"NA-01"}) {
					t.Errorf("JSON in %s: %v", uri, got)
				}
			}
			s.get("/collections/plots/items?filter=far_max>1&filter-crs=x").want(t, 400, `"field":"filter-crs"`)
			s.get("/collections/plots/items?"+url.Values{"filter": {"S_INTERSECTS(geometry, POINT(113.4445 22.9855))"}, "filter-crs": {epsg + "4490"}}.Encode()).want(t, 400, `"field":"filter"`) // longitude first
		}},
		{"/req/filter/mixing-expressions", func(t *testing.T, s *service) {
			got := s.filtered("far_max >= 2", "land_use", "A35", "bbox", "113.44,22.98,113.5,23", "datetime", "2018-01-01T00:00:00Z")
			want := s.plotNumbers(func(p plot) bool { return *p.FARMax >= 2 && p.Use.Code == "A35" && p.Park == "nansha" })
			if !slices.Equal(got, want) || len(got) == 0 {
				t.Errorf("%v, want %v", got, want)
			}
			got = s.filtered("far_max >= 2", "bbox", "113.6,-90,113.5,90") // across the antimeridian
			if want = s.plotNumbers(func(p plot) bool {
				return *p.FARMax >= 2 && (p.Boundary.Bound().Max[0] >= 113.6 || p.Boundary.Bound().Min[0] <= 113.5)
			}); !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		}},
		{"/req/filter/response", func(t *testing.T, s *service) {
			if got := s.filtered("far_max > 100"); got != nil {
				t.Errorf("%v", got)
			}
			all, some, others := s.plotNumbers(func(plot) bool { return true }), s.filtered("far_max > 2"), s.filtered("NOT (far_max > 2)")
			if len(some)+len(others) != len(all) || len(some) == 0 || len(others) == 0 {
				t.Errorf("%d and %d of %d", len(some), len(others), len(all))
			}
		}},
		{"/req/features-filter/get-queryables-op", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.get("/collections/"+c.ID+"/queryables").want(t, 200)
			}
		}},
		{"/req/features-filter/queryables-link", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.wantLinks(decoded[document](t, s.get("/collections/"+c.ID)).Links, ogcRel+"queryables")
			}
		}},
		{"/req/features-filter/filter-param", func(t *testing.T, s *service) { s.parameterOf("filter") }},
		{"/req/features-filter/filter-lang-param", func(t *testing.T, s *service) { s.parameterOf("filter-lang") }},
		{"/req/features-filter/filter-crs-param", func(t *testing.T, s *service) { s.parameterOf("filter-crs") }},
		{"/req/features-filter/response", func(t *testing.T, s *service) {
			for _, bad := range []string{"land_use =", "land_use = 5", "status = 'plannd'", "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "far_max > '2'", strings.Repeat("(", 100), "x" + strings.Repeat(" ", 11<<10)} {
				s.get("/collections/plots/items?"+url.Values{"filter": {bad}}.Encode()).want(t, 400, `"field":"filter"`, "line 1, character")
			}
			s.get("/collections/plots/items?"+url.Values{"filter": {`{"op":"="`}, "filter-lang": {"cql2-json"}}.Encode()).want(t, 400, `"field":"filter"`)
		}},
	})
}
