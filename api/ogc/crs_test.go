package ogc_test

import (
	"fmt"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

const epsg = "http://www.opengis.net/def/crs/EPSG/0/"

// supported are the systems that every collection is to have.
var supported = []string{crs84, epsg + "4490", epsg + "4326", epsg + "4547", epsg + "4526", epsg + "3857"}

// northFirst asks PROJ, through GDAL, whether an authority puts north first.
func northFirst(t *testing.T, uri string) bool {
	t.Helper()
	wkt := gdal(t, "gdalsrsinfo", "-o", "wkt2_2019", authority(uri))
	_, axes, ok := strings.Cut(wkt, "AXIS[")
	first, _, _ := strings.Cut(axes, "ORDER[1]")
	if !ok {
		t.Fatalf("%s has no axes: %s", uri, wkt)
	}
	return strings.Contains(first, "north")
}

// authority is a system's name as PROJ has it without asking the network.
func authority(uri string) string {
	if uri == crs84 {
		return "OGC:CRS84"
	}
	return "EPSG:" + strings.TrimPrefix(uri, epsg)
}

// transformed asks PROJ, through GDAL, to take points from EPSG:4490 to a system, in
// the order of the authority's axes.
func transformed(t *testing.T, uri string, points []geo.Point) []geo.Point {
	t.Helper()
	var in strings.Builder
	for _, p := range points {
		fmt.Fprintf(&in, "%.15f %.15f\n", p[0], p[1])
	}
	command := exec.Command("gdaltransform", "-s_srs", "EPSG:4490", "-t_srs", authority(uri), "-output_xy")
	command.Stdin = strings.NewReader(in.String())
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	swap := northFirst(t, uri)
	var all []geo.Point
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var p geo.Point
		if _, err := fmt.Sscan(line, &p[0], &p[1]); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if swap { // gdaltransform has x before y
			p[0], p[1] = p[1], p[0]
		}
		all = append(all, p)
	}
	return all
}

// tolerance is how near coordinates are to be: degrees, or metres on the grid.
func tolerance(uri string) float64 {
	switch uri {
	case epsg + "4547", epsg + "4526":
		return 0.0006
	case epsg + "3857":
		return 0.001
	}
	return 1e-9
}

// TestFeaturesCRS walks the abstract test suite of 18-058r1.
func TestFeaturesCRS(t *testing.T) {
	t.Parallel()
	newService(t).walk(t, []requirement{
		{"/req/crs/crs-uri", func(t *testing.T, s *service) {
			for _, uri := range supported {
				if uri != crs84 && !strings.Contains(gdal(t, "gdalsrsinfo", "-o", "epsg", authority(uri)), strings.TrimPrefix(uri, epsg)) {
					t.Errorf("PROJ does not know %s", uri)
				}
			}
		}},
		{"/req/crs/fc-md-crs-list", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				if !slices.Equal(c.CRS, supported) {
					t.Errorf("%s has %v", c.ID, c.CRS)
				}
			}
		}},
		{"/req/crs/fc-md-crs-list-global", func(t *testing.T, s *service) {
			if all := decoded[document](t, s.get("/collections")).CRS; !slices.Equal(all, supported) {
				t.Errorf("%v", all)
			}
		}},
		{"/req/crs/fc-md-storageCrs", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				if c.StorageCRS != epsg+"4490" {
					t.Errorf("%s is stored in %s", c.ID, c.StorageCRS)
				}
			}
		}},
		{"/req/crs/fc-md-storageCrs-valid-value", func(t *testing.T, s *service) {
			for _, c := range decoded[document](t, s.get("/collections")).Collections {
				if !slices.Contains(c.CRS, c.StorageCRS) {
					t.Errorf("%s is not in the list of %s", c.StorageCRS, c.ID)
				}
			}
		}},
		{"/req/crs/fc-crs-definition", func(t *testing.T, s *service) {
			for _, name := range []string{"crs", "bbox-crs", "filter-crs"} {
				if p := s.parameterOf(name); p.Schema["type"] != "string" || p.Schema["format"] != "uri" || p.Style != "form" || *p.Explode {
					t.Errorf("%s is %+v", name, p)
				}
			}
		}},
		{"/req/crs/fc-crs-valid-value", func(t *testing.T, s *service) {
			for _, of := range []string{"plots/items", "plots/items/1", "parks/items", "parks/items/panyu", "controls/items"} {
				for _, bad := range []string{epsg + "2326", "EPSG:4490", "4490", "", epsg + "2437", "https://www.opengis.net/def/crs/EPSG/0/4490"} {
					s.get("/collections/"+of+"?crs="+url.QueryEscape(bad)).want(t, 400, `"field":"crs"`, "EPSG/0/4547")
				}
			}
		}},
		{"/req/crs/fc-crs-default-value", func(t *testing.T, s *service) {
			for _, of := range []string{"plots/items", "plots/items/1", "parks/items"} {
				if h := s.get("/collections/" + of).header.Get("Content-Crs"); h != "<"+crs84+">" {
					t.Errorf("%s: Content-Crs %s", of, h)
				}
			}
		}},
		{"/req/crs/fc-crs-action", func(t *testing.T, s *service) {
			var plain []geo.MultiPolygon
			for _, f := range s.items("/collections/plots/items?limit=100").Features {
				plain = append(plain, f.Geometry.Coordinates)
			}
			for _, uri := range supported {
				told, want := s.items("/collections/plots/items?limit=100&crs="+url.QueryEscape(uri)).Features, transformedAll(t, uri, plain)
				for i, f := range told {
					if !near(f.Geometry.Coordinates, want[i], tolerance(uri)) {
						t.Fatalf("%s, plot %s: %v, want %v", uri, f.ID, f.Geometry.Coordinates, want[i])
					}
				}
				one := decoded[feature](t, s.get("/collections/plots/items/1?crs="+url.QueryEscape(uri)))
				if !near(one.Geometry.Coordinates, told[0].Geometry.Coordinates, 0) {
					t.Errorf("%s: one plot is %v, listed %v", uri, one.Geometry.Coordinates, told[0].Geometry.Coordinates)
				}
			}
			// A surveyor's own numbers come back: northing, easting in EPSG's order.
			f := decoded[feature](t, s.get("/collections/plots/items/1?crs="+url.QueryEscape(epsg+"4547")))
			if got := f.Geometry.Coordinates[0][0][0]; got != (geo.Point{2543000, 443000}) {
				t.Errorf("EPSG:4547: %v, want 2543000 443000", got)
			}
			f = decoded[feature](t, s.get("/collections/plots/items/1?crs="+url.QueryEscape(epsg+"4526")))
			if got := f.Geometry.Coordinates[0][0][0]; got != (geo.Point{2543000, 38443000}) {
				t.Errorf("EPSG:4526: %v, want 2543000 38443000", got)
			}
		}},
		{"/req/crs/ogc-crs-header", func(t *testing.T, s *service) {
			for _, uri := range supported {
				for _, of := range []string{"plots/items", "plots/items/1", "controls/items/1"} {
					if h := s.get("/collections/" + of + "?crs=" + url.QueryEscape(uri)).header.Get("Content-Crs"); h != "<"+uri+">" {
						t.Errorf("%s: Content-Crs %s", of, h)
					}
				}
			}
		}},
		{"/req/crs/ogc-crs-header-value", func(t *testing.T, s *service) {
			if h := s.get("/collections/plots/items?crs=" + url.QueryEscape(epsg+"4490")).header.Get("Content-Crs"); !strings.HasPrefix(h, "<") || !strings.HasSuffix(h, ">") {
				t.Errorf("Content-Crs %s", h)
			}
		}},
		{"/req/crs/fc-bbox-crs-definition", func(t *testing.T, s *service) {
			s.get("/collections/plots/items?bbox=113,22,114,23&bbox-crs="+url.QueryEscape(crs84)).want(t, 200)
		}},
		{"/req/crs/fc-bbox-crs-valid-value", func(t *testing.T, s *service) {
			for _, bad := range []string{epsg + "2326", "EPSG:4490", ""} {
				s.get("/collections/plots/items?bbox=113,22,114,23&bbox-crs="+url.QueryEscape(bad)).want(t, 400, `"field":"bbox-crs"`)
			}
		}},
		{"/req/crs/bbox-crs-exception", func(t *testing.T, s *service) {
			s.get("/collections/plots/items?bbox-crs=x").want(t, 400, `"field":"bbox-crs"`)
			for _, bad := range []string{"2544000,443000,2543000,444000", "2543000,444000,2543100,443000", "1,2,3"} {
				s.get("/collections/plots/items?bbox="+bad+"&bbox-crs="+url.QueryEscape(epsg+"4547")).want(t, 400, `"field":"bbox"`)
			}
			s.get("/collections/plots/items?bbox=113,22,114,23&bbox-crs="+url.QueryEscape(epsg+"4490")).want(t, 400, `"field":"bbox"`) // longitude first
		}},
		{"/req/crs/fc-bbox-crs-default-value", func(t *testing.T, s *service) {
			box := "bbox=113.4445,22.9855,113.4465,22.9865"
			a, b := s.items("/collections/plots/items?"+box), s.items("/collections/plots/items?"+box+"&bbox-crs="+url.QueryEscape(crs84))
			if !slices.Equal(numbers(a.Features), numbers(b.Features)) || len(a.Features) == 0 {
				t.Errorf("%v and %v", numbers(a.Features), numbers(b.Features))
			}
		}},
		{"/req/crs/fc-bbox-crs-action", func(t *testing.T, s *service) {
			low, high := geo.Point{113.4445, 22.9855}, geo.Point{113.4465, 22.9865}
			for _, uri := range supported {
				corners := transformed(t, uri, []geo.Point{low, high})
				box := fmt.Sprintf("bbox=%.9f,%.9f,%.9f,%.9f&bbox-crs=%s", corners[0][0], corners[0][1], corners[1][0], corners[1][1], url.QueryEscape(uri))
				page := s.items("/collections/plots/items?limit=100&" + box)
				// A box of one system is none of another, so that each is held to its own.
				plots := s.register()
				var boundaries []geo.MultiPolygon
				for _, p := range plots {
					boundaries = append(boundaries, p.Boundary)
				}
				var want []string
				for i, b := range transformedAll(t, uri, boundaries) {
					if geo.Meets(b, bound(corners[0][0], corners[0][1], corners[1][0], corners[1][1])) {
						want = append(want, plots[i].PlotNo)
					}
				}
				if got := numbers(page.Features); !slices.Equal(got, want) || len(got) == 0 {
					t.Errorf("%s: %v, want %v", uri, got, want)
				}
			}
			// Plots of 100 m in the plane: a box over two rows and three columns, a little
			// less than to their edges, and one far larger than the plane's area.
			for box, want := range map[string]int{
				"2543010,443010,2543190,443290": 6, "2543100,443100,2543100,443100": 4, "2543050,443010,2543050,443190": 2, "-1e9,-1e9,1e9,1e9": 52, "1e8,1e8,1e9,1e9": 0,
			} {
				if n := s.items("/collections/plots/items?bbox=" + box + "&bbox-crs=" + url.QueryEscape(epsg+"4547")).NumberMatched; n != want {
					t.Errorf("%s matches %d, want %d", box, n, want)
				}
			}
			if n := s.items("/collections/plots/items?bbox=2543010,38443010,2543190,38443290&bbox-crs=" + url.QueryEscape(epsg+"4526")).NumberMatched; n != 6 {
				t.Errorf("EPSG:4526: %d", n)
			}
		}},
		{"/req/crs/geojson", func(t *testing.T, s *service) {
			// By prior arrangement (RFC 7946 §4): the client asked for the system.
			f := decoded[feature](t, s.get("/collections/plots/items/1?crs="+url.QueryEscape(epsg+"4490")))
			if p := f.Geometry.Coordinates[0][0][0]; !(p[0] > 22 && p[0] < 23 && p[1] > 113) {
				t.Errorf("EPSG:4490 is not latitude, longitude: %v", p)
			}
		}},
	})
}

// transformedAll transforms boundaries, in one call of GDAL.
func transformedAll(t *testing.T, uri string, boundaries []geo.MultiPolygon) []geo.MultiPolygon {
	t.Helper()
	var points []geo.Point
	for _, b := range boundaries {
		geo.MapPoints(b, func(p geo.Point) geo.Point {
			points = append(points, p)
			return p
		})
	}
	points = transformed(t, uri, points)
	all := make([]geo.MultiPolygon, len(boundaries))
	for i, b := range boundaries {
		all[i] = geo.MapPoints(b, func(geo.Point) geo.Point {
			p := points[0]
			points = points[1:]
			return p
		})
	}
	return all
}
