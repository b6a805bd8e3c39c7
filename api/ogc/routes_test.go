package ogc

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

// TestEveryRouteIsDescribed holds the API definition to the router, both ways.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	all := []collection{{source: plots{}, id: "plots", editable: true}, {source: parks, id: "parks"}}
	described := map[string]bool{}
	for _, o := range operations(definition("http://localhost/ogc", all)) {
		path := o.path
		for _, of := range all { // items are described for each collection apart
			path = strings.Replace(path, "/collections/"+of.id+"/", "/collections/{collectionId}/", 1)
		}
		described[strings.ToUpper(o.method)+" "+path] = true
	}
	routed := map[string]bool{}
	e := echo.New()
	Mount(e, Config{})
	for _, r := range e.Routes() {
		var parts []string
		for _, part := range strings.Split(strings.TrimPrefix(r.Path, root), "/") {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				part = "{" + name + "}"
			}
			parts = append(parts, part)
		}
		path := strings.Join(parts, "/")
		if path == "" {
			path = "/"
		}
		routed[r.Method+" "+path] = true
	}
	if got, want := keys(described), keys(routed); !slices.Equal(got, want) {
		t.Errorf("described %v\nrouted    %v", got, want)
	}
}

func keys(of map[string]bool) []string { return slices.Sorted(maps.Keys(of)) }
