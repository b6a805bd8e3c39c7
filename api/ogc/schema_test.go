package ogc_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// schema is a JSON Schema of a collection.
type schema struct {
	Schema     string `json:"$schema"`
	ID         string `json:"$id"`
	Type       string
	Properties map[string]map[string]any
	Required   []string
	Additional *bool    `json:"additionalProperties"`
	Order      []string `json:"defaultSortOrder"`
}

// check holds a schema to what Part 3 and Part 5 ask of it.
func (d schema) check(t *testing.T, id string) {
	t.Helper()
	if d.Schema != "https://json-schema.org/draft/2020-12/schema" || d.ID != id || d.Type != "object" || len(d.Properties) == 0 {
		t.Errorf("%s %s %s", d.Schema, d.ID, d.Type)
	}
	roles := map[any]int{}
	for name, p := range d.Properties {
		_, typed := p["type"]
		_, referred := p["$ref"]
		if spatial := name == "geometry"; spatial == typed || referred || spatial && p["format"] != "geometry-multipolygon" {
			t.Errorf("%s is %v", name, p)
		}
		if p["title"] == nil || p["x-ogc-propertySeq"] == nil {
			t.Errorf("%s has no title or place", name)
		}
		if role := p["x-ogc-role"]; role != nil {
			roles[role]++
		}
	}
	for role, n := range roles {
		if n > 1 {
			t.Errorf("%d properties are %v", n, role)
		}
	}
	if roles["id"] != 1 {
		t.Error("no property is the id")
	}
}

// TestFeaturesSchemas walks the draft of Part 5, 23-058.
func TestFeaturesSchemas(t *testing.T) {
	t.Parallel()
	all := []string{"plots", "plots-nansha", "parks", "controls"}
	newService(t).walk(t, []requirement{
		{"/req/schemas/json-schema", func(t *testing.T, s *service) {
			for _, of := range all {
				decoded[schema](t, s.get("/collections/"+of+"/schema")).check(t, s.url+"/collections/"+of+"/schema")
			}
		}},
		{"/req/schemas/properties", func(t *testing.T, s *service) {
			d := decoded[schema](t, s.get("/collections/plots/schema"))
			for name, want := range map[string]bool{"id": true, "area_m2": true, "version": true, "plot_no": false, "park": false, "status": false} {
				if got := d.Properties[name]["readOnly"] == true; got != want {
					t.Errorf("%s: readOnly %v", name, got)
				}
			}
			if d.Properties["valid_from"]["format"] != "date" || d.Properties["valid_from"]["x-ogc-role"] != "primary-interval-start" || !slices.Equal(d.Required, []string{"plot_no", "land_use"}) {
				t.Errorf("%v", d)
			}
			for name, p := range decoded[schema](t, s.get("/collections/parks/schema")).Properties {
				if name != "geometry" && p["readOnly"] != true {
					t.Errorf("nobody edits parks, but %s is not read only", name)
				}
			}
		}},
		{"/req/schemas/additional-keywords", func(t *testing.T, s *service) {
			for _, p := range decoded[schema](t, s.get("/collections/plots/schema")).Properties {
				for keyword := range p {
					if strings.HasPrefix(keyword, "x-") && !strings.HasPrefix(keyword, "x-ogc-") {
						t.Errorf("keyword %s", keyword)
					}
				}
			}
		}},
		{"/req/schemas/role", func(t *testing.T, s *service) {
			d := decoded[schema](t, s.get("/collections/controls/schema"))
			for name, role := range map[string]string{"id": "id", "geometry": "primary-geometry", "valid_from": "primary-interval-start", "valid_to": "primary-interval-end"} {
				if d.Properties[name]["x-ogc-role"] != role {
					t.Errorf("%s is %v", name, d.Properties[name])
				}
			}
		}},
		{"/req/schemas/role-id", func(t *testing.T, s *service) {
			for of, id := range map[string]string{"plots": "id", "parks": "code", "controls": "id"} {
				p := decoded[schema](t, s.get("/collections/"+of+"/schema")).Properties[id]
				f := s.items("/collections/" + of + "/items?limit=1").Features[0]
				if p["x-ogc-role"] != "id" || p["type"] != "string" && p["type"] != "integer" || strings.Trim(string(f.ID), `"`) != fmt.Sprint(f.Properties[id]) {
					t.Errorf("%s: %v, %s", of, p, f.ID)
				}
			}
		}},
		{"/req/schemas/property-seq", func(t *testing.T, s *service) {
			seen := map[any]string{}
			for name, p := range decoded[schema](t, s.get("/collections/plots/schema")).Properties {
				if n, whole := p["x-ogc-propertySeq"].(float64); !whole || seen[n] != "" {
					t.Errorf("%s is at %v, as is %s", name, p["x-ogc-propertySeq"], seen[n])
				}
				seen[p["x-ogc-propertySeq"]] = name
			}
		}},
		{"/req/schemas/unit", func(t *testing.T, s *service) {
			d := decoded[schema](t, s.get("/collections/plots/schema"))
			for name, unit := range map[string]any{"area_m2": "m2", "height_max_m": "m", "green_min_pct": "%", "far_max": nil, "area_mu": nil} {
				if d.Properties[name]["x-ogc-unit"] != unit {
					t.Errorf("%s in %v", name, d.Properties[name]["x-ogc-unit"])
				}
			}
		}},
		{"/req/returnables-and-receivables/link", func(t *testing.T, s *service) {
			for _, of := range all {
				s.wantLinks(decoded[document](t, s.get("/collections/"+of)).Links, ogcRel+"schema", "describedby")
			}
		}},
		{"/req/returnables-and-receivables/op", func(t *testing.T, s *service) {
			if kind := s.get("/collections/plots/schema", "Accept", "application/schema+json").header.Get("Content-Type"); kind != "application/schema+json" {
				t.Errorf("%s", kind)
			}
		}},
		{"/req/returnables-and-receivables/response", func(t *testing.T, s *service) {
			for _, of := range all {
				d := decoded[schema](t, s.get("/collections/"+of+"/schema"))
				f := s.items("/collections/" + of + "/items?limit=1").Features[0]
				if len(f.Properties) != len(d.Properties)-1 || d.Additional == nil || *d.Additional {
					t.Errorf("%s: %d properties, %d of the schema", of, len(f.Properties), len(d.Properties)-1)
				}
				for name := range f.Properties {
					if d.Properties[name] == nil {
						t.Errorf("%s: %s is not in the schema", of, name)
					}
				}
			}
			s.get("/collections/plots/schema?type=everything").want(t, 400, `"field":"type"`)
			s.get("/collections/parks/schema?type=create").want(t, 400, `"field":"type"`)
			s.get("/collections/plots/queryables?type=feature").want(t, 400, `"field":"type"`)
		}},
		{"/req/queryables/link", func(t *testing.T, s *service) {
			s.wantLinks(decoded[document](t, s.get("/collections/controls")).Links, ogcRel+"queryables")
		}},
		{"/req/queryables/op", func(t *testing.T, s *service) { s.get("/collections/controls/queryables").want(t, 200) }},
		{"/req/queryables/response", func(t *testing.T, s *service) {
			decoded[schema](t, s.get("/collections/controls/queryables")).check(t, s.url+"/collections/controls/queryables")
		}},
		{"/req/sortables/link", func(t *testing.T, s *service) {
			s.wantLinks(decoded[document](t, s.get("/collections/plots")).Links, ogcRel+"sortables")
		}},
		{"/req/sortables/op", func(t *testing.T, s *service) { s.get("/collections/parks/sortables").want(t, 200) }},
		{"/req/sortables/response", func(t *testing.T, s *service) {
			for _, of := range all {
				d := decoded[schema](t, s.get("/collections/"+of+"/sortables"))
				d.check(t, s.url+"/collections/"+of+"/sortables")
				if d.Properties["geometry"] != nil {
					t.Errorf("%s: a boundary is no sortable", of)
				}
				for name := range d.Properties {
					s.get("/collections/"+of+"/items?sortby=-"+name).want(t, 200)
				}
			}
		}},
	})
}

// TestFeaturesSorting walks the draft of Part 8.
func TestFeaturesSorting(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/sorting/get-sortables-op", func(t *testing.T, s *service) { s.get("/collections/plots/sortables").want(t, 200) }},
		{"/req/sorting/get-sortables-success", func(t *testing.T, s *service) {
			decoded[schema](t, s.get("/collections/plots/sortables")).check(t, s.url+"/collections/plots/sortables")
		}},
		{"/req/sortables/sortables-link", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				s.wantLinks(c.Links, ogcRel+"sortables")
			}
		}},
		{"/req/sorting/defaultSortOrder-definition", func(t *testing.T, s *service) {
			if d := decoded[schema](t, s.get("/collections/plots/sortables")); !slices.Equal(d.Order, []string{"id"}) {
				t.Errorf("%v", d.Order)
			}
		}},
		{"/req/sorting/sortby-definition", func(t *testing.T, s *service) {
			if p := s.parameterOf("sortby"); p.Schema["type"] != "array" || p.Schema["minItems"] != 1.0 || *p.Explode {
				t.Errorf("%+v", p)
			}
		}},
		{"/req/features-sorting/response", func(t *testing.T, s *service) {
			for sortby, less := range map[string]func(a, b plot) bool{
				"-plot_no":         func(a, b plot) bool { return a.PlotNo > b.PlotNo },
				"+plot_no":         func(a, b plot) bool { return a.PlotNo < b.PlotNo },
				"-far_max,plot_no": func(a, b plot) bool { return *a.FARMax > *b.FARMax || *a.FARMax == *b.FARMax && a.PlotNo < b.PlotNo },
				"land_use,-id":     func(a, b plot) bool { return a.Use.Code < b.Use.Code || a.Use.Code == b.Use.Code && a.ID > b.ID },
			} {
				plots := s.register()
				slices.SortStableFunc(plots, func(a, b plot) int {
					if less(a, b) {
						return -1
					}
					return 1
				})
				var want []string
				for _, p := range plots {
					want = append(want, p.PlotNo)
				}
				if got := numbers(s.following("/collections/plots/items?limit=9&" + url.Values{"sortby": {sortby}}.Encode())); !slices.Equal(got, want) {
					t.Errorf("%s: %v, want %v", sortby, got, want)
				}
			}
			var parks []string
			for _, f := range s.following("/collections/parks/items?limit=1&sortby=plots") {
				parks = append(parks, f.Properties["code"].(string))
			}
			if !slices.Equal(parks, []string{"panyu", "nansha"}) {
				t.Errorf("%v", parks)
			}
			s.get("/collections/plots/items?sortby=geometry").want(t, 400, `"field":"sortby"`)
		}},
	})
}
