package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestEveryRouteIsDescribed holds the OpenAPI document to the router, both ways.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var document struct {
		Paths map[string]map[string]struct {
			Security []any `json:"security"`
		} `json:"paths"`
	}
	g := s.get("/openapi.json")
	g.want(t, 200)
	if err := json.Unmarshal([]byte(g.body), &document); err != nil {
		t.Fatal(err)
	}
	var described []string
	for path, operations := range document.Paths {
		for method, operation := range operations {
			described = append(described, strings.ToUpper(method)+" "+path)
			if method != "get" && path != "/api/v1/statistics" && path != "/api/v1/compliance" && path != "/api/v1/session" && len(operation.Security) == 0 {
				t.Errorf("%s %s writes without a key", method, path)
			}
		}
	}
	var routed []string
	for _, r := range routes(Config{DB: s.db}).Routes() {
		if r.Method == http.MethodGet && r.Path == "/*" || strings.HasPrefix(r.Path, "/ogc") {
			continue // the page, and what /ogc/api describes
		}
		path := strings.NewReplacer(":file", "{table}.{format}", ":digest", "digest.{format}", ":z/:x/:y", "{z}/{x}/{y}.mvt", ":code", "{code}", ":id", "{id}", ":plot_no", "{plot_no}", ":no", "{no}", ":action", "{action}", ":form", "form.{format}", ":park", "{park}", ":year", "{year}", ":export", "{park}.{format}").Replace(r.Path)
		routed = append(routed, r.Method+" "+path)
	}
	slices.Sort(described)
	slices.Sort(routed)
	if !slices.Equal(described, routed) {
		t.Errorf("described %v\nrouted    %v", described, routed)
	}
}

func TestWithoutAKeyNothingIsWritten(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, r := range routes(Config{DB: s.db}).Routes() {
		if r.Method == http.MethodGet || r.Method == http.MethodOptions || r.Path == "/api/v1/statistics" || r.Path == "/api/v1/compliance" || r.Path == "/api/v1/session" { // questions with a polygon, and signing in
			continue
		}
		s.send(r.Method, strings.ReplaceAll(r.Path, ":id", "1"), "").want(t, 401)
	}
}
