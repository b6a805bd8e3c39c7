package api

import (
	"strings"
	"testing"
)

func TestPlotsAreTakenOutAsFiles(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	for ending, c := range map[string]struct{ kind, begins string }{
		"csv":          {"text/csv; charset=utf-8", "\ufeffid,park,plot_no"},
		"geojson":      {"application/geo+json", `{"type":"FeatureCollection"`},
		"geojsonseq":   {"application/geo+json-seq", "\x1e{"},
		"kml":          {"application/vnd.google-earth.kml+xml", "<?xml"},
		"dxf":          {"image/vnd.dxf", "0\r\nSECTION"},
		"boundary-txt": {"text/plain; charset=gb18030", "["},
		"shapefile":    {"application/zip", "PK"},
		"zip":          {"application/zip", "PK"},
		"geopackage":   {"application/geopackage+sqlite3", "SQLite format 3"},
		"gpkg":         {"application/geopackage+sqlite3", "SQLite format 3"},
		"xlsx":         {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"},
	} {
		g := s.get("/api/v1/exports/test." + ending)
		g.want(t, 200)
		if !strings.HasPrefix(g.body, c.begins) || g.header.Get("Content-Type") != c.kind || g.header.Get("Register-Seq") != "1" {
			t.Errorf("%s: %v %.40q", ending, g.header, g.body)
		}
		if d := g.header.Get("Content-Disposition"); !strings.HasPrefix(d, `attachment; filename="test.`) || !strings.Contains(d, "filename*=UTF-8''test%E5%9C%B0%E5%9D%97.") {
			t.Errorf("%s is named %s", ending, d)
		}
	}
	s.get("/api/v1/exports/test.csv?crs=EPSG:4547").want(t, 200, "EPSG:4547", "443600 2543500")
	s.get("/api/v1/exports/test.csv?crs=4526").want(t, 200, "38443600 2543500")
	s.get("/api/v1/exports/test.geojson?crs=4547").want(t, 422, "longitude and latitude only")
	s.get("/api/v1/exports/test.csv?crs=2383").want(t, 422, "CGCS2000")
	s.get("/api/v1/exports/test.csv?srid=4547").want(t, 400)
	s.get("/api/v1/exports/test.dwg").want(t, 404, "boundary-txt")
	s.get("/api/v1/exports/test").want(t, 404)
	s.get("/api/v1/exports/nowhere.csv").want(t, 404, "nowhere")
}
