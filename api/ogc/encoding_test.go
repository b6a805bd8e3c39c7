package ogc_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestFeaturesGeoJSON walks A.4 GeoJSON.
func TestFeaturesGeoJSON(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/geojson/definition", func(t *testing.T, s *service) {
			for _, path := range []string{"/collections/plots/items", "/collections/plots/items/1", "/collections/parks/items/panyu"} {
				for _, accept := range []string{"", "*/*", "application/geo+json", "application/json", "application/geo+json, application/json"} {
					if kind := s.get(path, "Accept", accept).header.Get("Content-Type"); kind != "application/geo+json" {
						t.Errorf("%s, Accept %q: %s", path, accept, kind)
					}
				}
			}
			for _, path := range []string{"", "/conformance", "/collections", "/collections/plots", "/tiles", "/tileMatrixSets/WebMercatorQuad"} {
				if kind := s.get(path, "Accept", "application/json").header.Get("Content-Type"); kind != "application/json" {
					t.Errorf("%s: %s", path, kind)
				}
			}
		}},
		{"/req/geojson/content", func(t *testing.T, s *service) {
			page := s.items("/collections/plots/items?limit=2")
			if page.Type != "FeatureCollection" || page.Features[0].Type != "Feature" || page.Features[0].Geometry.Type != "MultiPolygon" || len(page.Links) == 0 {
				t.Errorf("%+v", page)
			}
			for at, id := range map[string]string{"plots/items/7": `7`, "controls/items/1": `1`, "parks/items/panyu": `"panyu"`} {
				f := decoded[feature](t, s.get("/collections/"+at))
				if f.Type != "Feature" || string(f.ID) != id || len(f.Links) == 0 || f.Properties == nil {
					t.Errorf("%s: %s", at, f.ID)
				}
			}
		}},
	})
}

// TestFeaturesHTML walks A.5 HTML.
func TestFeaturesHTML(t *testing.T) {
	t.Parallel()
	pages := []string{
		"", "/conformance", "/api", "/collections", "/collections/plots", "/collections/plots-panyu", "/collections/parks", "/collections/plots/items", "/collections/plots/items?bbox=113.44,22.98,113.45,22.99&limit=5", "/collections/controls/items",
		"/collections/plots/items/1", "/collections/parks/items/panyu", "/collections/controls/items/1", "/collections/plots/items/1/versions", "/collections/plots/queryables", "/collections/plots/schema", "/collections/plots/sortables",
		"/tiles", "/tiles/WebMercatorQuad", "/collections/plots/tiles", "/collections/plots/tiles/WebMercatorQuad", "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad",
	}
	newService(t).walk(t, []requirement{
		{"/req/html/definition", func(t *testing.T, s *service) {
			for _, path := range pages {
				for _, g := range []got{s.get(path, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), s.get(withF(path, "html"))} {
					if kind := g.header.Get("Content-Type"); g.status != 200 || kind != "text/html; charset=utf-8" {
						t.Errorf("%s: %d %s", path, g.status, kind)
					}
				}
			}
		}},
		{"/req/html/content", func(t *testing.T, s *service) {
			for _, path := range pages {
				body := s.get(path, "Accept", "text/html").body
				if !strings.HasPrefix(body, "<!doctype html>\n<html lang=\"zh-CN\">") {
					t.Errorf("%s: %.80s", path, body)
				}
				var plain struct{ Links []link }
				if err := json.Unmarshal([]byte(s.get(withF(path, "json")).body), &plain); err != nil {
					t.Errorf("%s: %v", path, err)
				}
				for _, l := range plain.Links {
					if l.Rel == "self" || l.Rel == "alternate" || l.Rel == "next" || l.Templated {
						continue // those of this form are other ones
					}
					if !strings.Contains(body, `href="`+strings.ReplaceAll(l.Href, "&", "&amp;")+`"`) {
						t.Errorf("%s does not link to %s", path, l.Href)
					}
				}
			}
			item := s.get("/collections/plots/items/1", "Accept", "text/html").body
			for _, text := range []string{"NA-01", "地块编号", "plot number", "广州检测有限公司", "<svg", "?plot=1#"} {
				if !strings.Contains(item, text) {
					t.Errorf("%q is not on the page of a plot", text)
				}
			}
			list := s.get("/collections/plots/items?limit=5", "Accept", "text/html").body
			for _, text := range []string{"numberMatched 52", "numberReturned 5", "下一页", "放大", `<title>NA-05</title>`} {
				if !strings.Contains(list, text) {
					t.Errorf("%q is not on the page of plots", text)
				}
			}
			if strings.Contains(list, "<script") {
				t.Error("the page has a script")
			}
		}},
	})
}

func withF(path, form string) string {
	if strings.Contains(path, "?") {
		return path + "&f=" + form
	}
	return path + "?f=" + form
}
