package ogc_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
)

type (
	plot     = land.Plot
	orbBound = orb.Bound
)

const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// definition is the API definition, as far as tests look at it.
type definition struct {
	OpenAPI string
	Servers []struct{ URL string }
	Paths   map[string]map[string]struct {
		OperationID string
		Parameters  []parameter
		Responses   map[string]json.RawMessage
		Security    []map[string][]string
		RequestBody *struct{ Content map[string]json.RawMessage }
	}
	Components struct {
		Parameters      map[string]parameter
		Responses       map[string]json.RawMessage
		Schemas         map[string]json.RawMessage
		SecuritySchemes map[string]struct{ Type, Scheme string }
	}
}

type parameter struct {
	Ref             string `json:"$ref"`
	Name, In, Style string
	Required        bool
	Explode         *bool
	Schema          map[string]any
}

func (s *service) definition() definition {
	s.t.Helper()
	return decoded[definition](s.t, s.get("/api"))
}

// resolve follows a reference to a parameter.
func (d definition) resolve(p parameter) parameter {
	if p.Ref != "" {
		return d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
	}
	return p
}

// parameterOf is a parameter of the operation that reads plots.
func (s *service) parameterOf(name string) parameter {
	s.t.Helper()
	d := s.definition()
	for _, p := range d.Paths["/collections/plots/items"]["get"].Parameters {
		if p = d.resolve(p); p.Name == name && p.In == "query" {
			return p
		}
	}
	s.t.Fatalf("there is no parameter %s", name)
	return parameter{}
}

// TestFeaturesOpenAPI walks A.3 OpenAPI 3.0.
func TestFeaturesOpenAPI(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/oas30/oas-definition-1", func(t *testing.T, s *service) {
			d := decoded[document](t, s.get(""))
			desc, _ := rel(d.Links, "service-desc", "application/vnd.oai.openapi+json;version=3.0")
			if kind := s.get(desc).header.Get("Content-Type"); kind != "application/vnd.oai.openapi+json;version=3.0" {
				t.Errorf("service-desc is %s", kind)
			}
			doc, _ := rel(d.Links, "service-doc", "text/html")
			s.get(doc).want(t, 200, "/collections/plots/items", "GET", "bbox-crs")
		}},
		{"/req/oas30/oas-definition-2", func(t *testing.T, s *service) {
			d := s.definition()
			if !strings.HasPrefix(d.OpenAPI, "3.0.") || len(d.Servers) != 1 || d.Servers[0].URL != s.url {
				t.Errorf("%s %v", d.OpenAPI, d.Servers)
			}
			// Every reference leads somewhere, and operation ids are unique.
			raw := s.get("/api").body
			for _, found := range regexp.MustCompile(`"\$ref":"#/components/(\w+)/([\w-]+)"`).FindAllStringSubmatch(raw, -1) {
				ok := false
				switch found[1] {
				case "parameters":
					_, ok = d.Components.Parameters[found[2]]
				case "responses":
					_, ok = d.Components.Responses[found[2]]
				case "schemas":
					_, ok = d.Components.Schemas[found[2]]
				}
				if !ok {
					t.Errorf("%s leads nowhere", found[0])
				}
			}
			seen := map[string]bool{}
			for path, methods := range d.Paths {
				for method, o := range methods {
					if o.OperationID == "" || seen[o.OperationID] {
						t.Errorf("%s %s has the id %q of another", method, path, o.OperationID)
					}
					seen[o.OperationID] = true
					// Path parameters are described, each once.
					var described []string
					for _, p := range o.Parameters {
						if p = d.resolve(p); p.In == "path" {
							described = append(described, "{"+p.Name+"}")
						}
					}
					inPath := regexp.MustCompile(`\{\w+\}`).FindAllString(path, -1)
					slices.Sort(described)
					slices.Sort(inPath)
					if !slices.Equal(described, inPath) {
						t.Errorf("%s %s describes %v", method, path, described)
					}
				}
			}
		}},
		{"/req/oas30/oas-impl", func(t *testing.T, s *service) {
			d := s.definition()
			ids := d.Components.Parameters["collectionId"].Schema["enum"].([]any)
			for path, methods := range d.Paths {
				if _, ok := methods["get"]; !ok {
					continue
				}
				for _, id := range ids {
					featureID := "1"
					switch {
					case strings.Contains(path, "parks"):
						featureID = "panyu"
					case strings.Contains(path, "panyu"):
						featureID = "41"
					}
					full := strings.NewReplacer("{collectionId}", id.(string), "{featureId}", featureID, "{tileMatrixSetId}", "WebMercatorQuad", "{tileMatrix}", "16", "{tileRow}", "28466", "{tileCol}", "53419").Replace(path)
					if g := s.get(full); g.status != 200 && !(g.status == 204 && strings.HasSuffix(path, "{tileCol}")) {
						t.Errorf("%s: %d %.200s", full, g.status, g.body)
					}
					if !strings.Contains(path, "{collectionId}") {
						break
					}
				}
			}
			// Every parameter of items is taken.
			for _, p := range d.Paths["/collections/plots/items"]["get"].Parameters {
				p = d.resolve(p)
				value := map[string]string{
					"limit": "1", "bbox": "113,22,114,23", "bbox-crs": crs84, "datetime": "2018-01-01T00:00:00Z", "crs": crs84, "filter": "far_max>1", "filter-lang": "cql2-text", "filter-crs": crs84,
					"sortby": "-plot_no", "f": "json", "status": "planned", "supplied_on": "2018-06-01", "valid_from": "2016-05-20",
				}[p.Name]
				if value == "" && p.Name != "cursor" {
					value = map[string]string{"string": "x", "number": "1.5", "integer": "1"}[fmt.Sprint(p.Schema["type"])]
				}
				if g := s.get("/collections/plots/items?" + p.Name + "=" + value); g.status != 200 {
					t.Errorf("%s=%s: %d %.200s", p.Name, value, g.status, g.body)
				}
			}
		}},
		{"/req/oas30/completeness", func(t *testing.T, s *service) {
			// GDAL and QGIS look for these under a collection's own path.
			d := s.definition()
			for _, id := range []string{"plots", "plots-nansha", "plots-panyu", "parks", "controls"} {
				get, ok := d.Paths["/collections/"+id+"/items"]["get"]
				if !ok {
					t.Errorf("the items of %s are not described", id)
				}
				for _, p := range get.Parameters {
					if p = d.resolve(p); p.Style != "form" || p.Explode == nil || *p.Explode || p.Schema["type"] == nil {
						t.Errorf("%s: %+v", id, p)
					}
				}
			}
			for path, methods := range d.Paths {
				for method, o := range methods {
					if _, ok := o.Responses["200"]; !ok && method == "get" {
						t.Errorf("%s %s has no 200", method, path)
					}
				}
			}
		}},
		{"/req/oas30/exceptions-codes", func(t *testing.T, s *service) {
			d := s.definition()
			for status, g := range map[string]got{
				"400": s.get("/collections/plots/items?limit=0"), "404": s.get("/collections/plots/items/999999"),
			} {
				if _, ok := d.Paths["/collections/plots/items"]["get"].Responses[status]; !ok || fmt.Sprint(g.status) != status {
					t.Errorf("%s is not described, or is %d", status, g.status)
				}
				if kind := g.header.Get("Content-Type"); kind != "application/problem+json" {
					t.Errorf("%s comes as %s", status, kind)
				}
			}
		}},
		{"/req/oas30/security", func(t *testing.T, s *service) {
			d := s.definition()
			if k := d.Components.SecuritySchemes["key"]; k.Type != "http" || k.Scheme != "bearer" {
				t.Errorf("%+v", k)
			}
			for path, methods := range d.Paths {
				for method, o := range methods {
					if writes := slices.Contains([]string{"post", "put", "patch", "delete"}, method); writes != (len(o.Security) > 0) {
						t.Errorf("%s %s: security %v", method, path, o.Security)
					}
				}
			}
		}},
	})
}
