package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// described is the OpenAPI document, to hold answers to.
type described struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]struct {
				Schema map[string]any `json:"schema"`
			} `json:"content"`
		} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]map[string]any `json:"schemas"`
	} `json:"components"`
}

func readDescription(t *testing.T) described {
	t.Helper()
	var d described
	if err := json.Unmarshal(openAPI, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// holds fails where the answer of a route is not as it is described.
func (d described) holds(t *testing.T, method, path string, g got) {
	t.Helper()
	response, ok := d.Paths[path][strings.ToLower(method)].Responses[fmt.Sprint(g.status)]
	if !ok {
		t.Errorf("%s %s: status %d is not described: %s", method, path, g.status, g.body)
		return
	}
	kind, _, _ := strings.Cut(g.header.Get("Content-Type"), "; charset")
	content, ok := response.Content[kind]
	if !ok && len(g.body) > 0 {
		t.Errorf("%s %s: type %q is not described", method, path, kind)
		return
	}
	if !strings.Contains(kind, "json") || strings.Contains(kind, "seq") || strings.Contains(kind, "ndjson") {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(g.body), &v); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	for i, fault := range d.faults(content.Schema, v, "answer") {
		if i < 5 {
			t.Errorf("%s %s: %s", method, path, fault)
		}
	}
}

// resolve follows a reference.
func (d described) resolve(schema map[string]any) map[string]any {
	if name, ok := schema["$ref"].(string); ok {
		return d.Components.Schemas[name[strings.LastIndex(name, "/")+1:]]
	}
	return schema
}

// whole puts together what a schema says itself and by allOf.
func (d described) whole(schema map[string]any) map[string]any {
	schema = d.resolve(schema)
	parts, ok := schema["allOf"].([]any)
	if !ok {
		return schema
	}
	sum := map[string]any{"type": "object", "properties": map[string]any{}, "required": []any{}, "nullable": schema["nullable"]}
	for _, part := range parts {
		p := d.whole(part.(map[string]any))
		if more, ok := p["properties"].(map[string]any); ok {
			maps.Copy(sum["properties"].(map[string]any), more)
		}
		if more, ok := p["required"].([]any); ok {
			sum["required"] = append(sum["required"].([]any), more...)
		}
	}
	return sum
}

// faults are where a value is not what a schema says.
func (d described) faults(schema map[string]any, v any, at string) (found []string) {
	schema = d.whole(schema)
	if v == nil {
		if schema["nullable"] != true && schema["type"] != nil {
			found = append(found, at+" is null")
		}
		return found
	}
	if values, ok := schema["enum"].([]any); ok && !slices.Contains(values, v) {
		found = append(found, fmt.Sprintf("%s is %v", at, v))
	}
	fits := true
	switch schema["type"] {
	case "string":
		_, fits = v.(string)
	case "boolean":
		_, fits = v.(bool)
	case "number", "integer":
		var n float64
		if n, fits = v.(float64); schema["type"] == "integer" {
			fits = fits && n == math.Trunc(n)
		}
	case "array":
		var list []any
		list, fits = v.([]any)
		items, _ := schema["items"].(map[string]any)
		for i, one := range list {
			found = append(found, d.faults(items, one, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case "object":
		var object map[string]any
		if object, fits = v.(map[string]any); fits {
			found = append(found, d.memberFaults(schema, object, at)...)
		}
	}
	if !fits {
		found = append(found, fmt.Sprintf("%s is %T, not %v", at, v, schema["type"]))
	}
	return found
}

func (d described) memberFaults(schema, object map[string]any, at string) (found []string) {
	properties, known := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := object[name.(string)]; !ok {
			found = append(found, fmt.Sprintf("%s has no %v", at, name))
		}
	}
	for name, v := range object {
		property, ok := properties[name].(map[string]any)
		switch {
		case ok:
			found = append(found, d.faults(property, v, at+"."+name)...)
		case known && schema["additionalProperties"] == nil:
			found = append(found, fmt.Sprintf("%s.%s is not described", at, name))
		}
	}
	return found
}

// TestAnswersAreAsDescribed holds what routes answer to their schemas.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	d := readDescription(t)
	key := []string{"Authorization", "Bearer " + s.key}
	for _, c := range []struct{ method, route, path, body, accept string }{
		{"GET", "/healthz", "/healthz", "", ""}, {"GET", "/readyz", "/readyz", "", ""}, {"GET", "/docs", "/docs", "", ""},
		{"GET", "/api/v1/parks", "/api/v1/parks", "", ""}, {"GET", "/api/v1/parks/{code}", "/api/v1/parks/test", "", ""}, {"GET", "/api/v1/parks/{code}", "/api/v1/parks/none", "", ""},
		{"GET", "/api/v1/plots", "/api/v1/plots?facets=1&limit=1", "", ""}, {"GET", "/api/v1/plots", "/api/v1/plots?colour=red", "", ""},
		{"GET", "/api/v1/plots", "/api/v1/plots", "", "application/json;profile=flat"}, {"GET", "/api/v1/plots", "/api/v1/plots", "", "text/csv"}, {"GET", "/api/v1/plots", "/api/v1/plots", "", "application/geo+json-seq"},
		{"GET", "/api/v1/plots/at", "/api/v1/plots/at?lon=113.4502&lat=22.9901", "", ""},
		{"GET", "/api/v1/plots/fit", "/api/v1/plots/fit?area_mu=20..70&status=planned&near=113.4502,22.9901", "", ""}, {"GET", "/api/v1/plots/fit", "/api/v1/plots/fit", "", ""},
		{"GET", "/api/v1/statistics", "/api/v1/statistics?bbox=113.4,22.9,113.4505,23", "", ""},
		{"GET", "/api/v1/controls", "/api/v1/controls", "", ""}, {"GET", "/api/v1/controls/at", "/api/v1/controls/at?lon=113.4502&lat=22.9901", "", ""},
		{"GET", "/api/v1/checks", "/api/v1/checks", "", ""}, {"GET", "/api/v1/dictionary", "/api/v1/dictionary", "", ""},
		{"PUT", "/api/v1/plots/{id}", "/api/v1/plots/1", `{"type":"Feature","properties":{"holder":"某公司"},"reason":"x"}`, ""},
		{"PUT", "/api/v1/plots/{id}", "/api/v1/plots/1", `{"type":"Feature","properties":{"land_use":"Z9"},"reason":"x"}`, ""},
		{"POST", "/api/v1/plots/merge", "/api/v1/plots/merge", `{"ids":[1,2],"versions":[2,1],"plot_no":"C","properties":{"holder":"某公司"},"reason":"x"}`, ""},
		{"GET", "/api/v1/plots/{id}", "/api/v1/plots/3", "", ""}, {"GET", "/api/v1/plots/{id}/history", "/api/v1/plots/1/history", "", ""}, {"GET", "/api/v1/plots/{id}/lineage", "/api/v1/plots/3/lineage", "", ""},
		{"GET", "/api/v1/changes", "/api/v1/changes", "", ""},
		{"POST", "/api/v1/imports", "/api/v1/imports?park=other&filename=a.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"plot_no":"Z-1","land_use":"A35"},"geometry":{"type":"Polygon","coordinates":[[[113.46,22.99],[113.461,22.99],[113.461,22.991],[113.46,22.99]]]}}]}`, ""},
	} {
		headers := append([]string{"If-Match", `"1"`}, key...)
		if c.accept != "" {
			headers = append(headers, "Accept", c.accept)
		}
		if c.method == "PUT" && strings.Contains(c.body, "Z9") {
			headers[1] = `"2"`
		}
		g := s.send(c.method, c.path, c.body, headers...)
		if g.status >= 500 {
			t.Fatalf("%s %s: %d %s", c.method, c.path, g.status, g.body)
		}
		d.holds(t, c.method, c.route, g)
	}
}
