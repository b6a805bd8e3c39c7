package ogc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// gdal runs one of GDAL's programs; the tests need them and fail without.
func gdal(t *testing.T, program string, args ...string) string {
	t.Helper()
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "CPL_DEBUG=OAPIF,HTTP", "GDAL_HTTP_TIMEOUT=30")
	var errors strings.Builder
	command.Stderr = &errors
	out, err := command.Output()
	if err != nil || strings.Contains(errors.String(), "ERROR") {
		t.Fatalf("%s %v: %v\n%s\n%s", program, args, err, errors.String(), out)
	}
	return string(out)
}

// recorder stands before a service and keeps the addresses that were asked for.
func (s *service) recorder() (address string, asked func() []string) {
	s.t.Helper()
	host, err := url.Parse(s.host)
	if err != nil {
		s.t.Fatal(err)
	}
	var mu sync.Mutex
	var seen []string
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(host)
		r.Out.Host = r.In.Host // so that links lead here again
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r.In.URL.String())
	}}
	front := newServer(s.t, proxy)
	return front + "/ogc", func() []string {
		mu.Lock()
		defer mu.Unlock()
		last := seen
		seen = nil
		return last
	}
}

// ogr is what ogrinfo tells of a layer's features.
func ogrNumbers(t *testing.T, args ...string) []string {
	t.Helper()
	var all []string
	for _, line := range strings.Split(gdal(t, "ogrinfo", append([]string{"-ro", "-al", "-geom=NO"}, args...)...), "\n") {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " (String) = "); ok && name == "plot_no" {
			all = append(all, value)
		}
	}
	return all
}

// TestOgrinfoPushesFiltersDown asks with the driver that people have, and sees that
// the service is asked for no more than what is wanted.
func TestOgrinfoPushesFiltersDown(t *testing.T) {
	t.Parallel()
	s := newService(t)
	front, asked := s.recorder()
	source := "OAPIF:" + front
	if list := gdal(t, "ogrinfo", "-ro", source); !strings.Contains(list, "plots (title:") || !strings.Contains(list, "plots-nansha") || !strings.Contains(list, "controls") || !strings.Contains(list, "parks") {
		t.Errorf("layers: %s", list)
	}
	for _, c := range []struct {
		where string
		keep  func(p land.Plot) bool
		param string // that carries the filter
	}{
		{"land_use = 'A35'", func(p land.Plot) bool { return p.Use.Code == "A35" }, "filter=land_use"},
		{"land_use = 'A35' AND far_max >= 2", func(p land.Plot) bool { return p.Use.Code == "A35" && *p.FARMax >= 2 }, "filter="},
		{"status <> 'planned' OR holder IS NULL", func(p land.Plot) bool { return p.Status != land.Planned || p.Holder == "" }, "filter="},
		{"NOT (far_max < 2.5)", func(p land.Plot) bool { return *p.FARMax >= 2.5 }, "filter="},
		{"plot_no LIKE 'NA-1%'", func(p land.Plot) bool { return strings.HasPrefix(p.PlotNo, "NA-1") }, "filter="},
		{"plot_no ILIKE 'na-2%'", func(p land.Plot) bool { return strings.HasPrefix(p.PlotNo, "NA-2") }, "filter="},
		{"holder LIKE '%检测%'", func(p land.Plot) bool { return strings.Contains(p.Holder, "检测") }, "filter="},
		{"supplied_on >= '2018/01/01'", func(p land.Plot) bool { return !p.SuppliedOn.IsZero() }, "filter="},
		{"supplied_on = '2018/06/01'", func(p land.Plot) bool { return p.SuppliedOn == day("2018-06-01") }, "filter="},
		{"id = 7", func(p land.Plot) bool { return p.ID == 7 }, "filter="},
		{"far_max BETWEEN 1.5 AND 2.5", func(p land.Plot) bool { return *p.FARMax >= 1.5 && *p.FARMax <= 2.5 }, "filter="},
	} {
		asked()
		got := ogrNumbers(t, source, "plots", "-where", c.where)
		want := s.plotNumbers(c.keep)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", c.where, got, want)
		}
		if requests := asked(); !slices.ContainsFunc(requests, func(r string) bool { return strings.Contains(r, "/items?") && strings.Contains(r, c.param) }) {
			t.Errorf("%s: the filter was not sent: %v", c.where, requests)
		}
	}
	// A box, and a box with a filter; -sql with both and an order.
	box := []string{"-spat", "113.4445", "22.9855", "113.4465", "22.9865"}
	inBox := func(p land.Plot) bool {
		return geo.Meets(p.Boundary, bound(113.4445, 22.9855, 113.4465, 22.9865))
	}
	asked()
	if got, want := ogrNumbers(t, append([]string{source, "plots"}, box...)...), s.plotNumbers(inBox); !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("-spat: %v, want %v", got, want)
	}
	if requests := asked(); !slices.ContainsFunc(requests, func(r string) bool { return strings.Contains(r, "bbox=113.444") }) {
		t.Errorf("the box was not sent: %v", requests)
	}
	if got, want := ogrNumbers(t, append([]string{source, "plots", "-where", "land_use = 'M1'"}, box...)...), s.plotNumbers(func(p land.Plot) bool { return inBox(p) && p.Use.Code == "M1" }); !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("-spat and -where: %v, want %v", got, want)
	}
	got := ogrNumbers(t, source, "-sql", `SELECT plot_no, area_mu FROM "plots-panyu" WHERE far_max > 2 ORDER BY plot_no DESC`)
	want := s.plotNumbers(func(p land.Plot) bool { return p.Park == "panyu" && *p.FARMax > 2 })
	slices.Reverse(want)
	if !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("-sql: %v, want %v", got, want)
	}
	count := gdal(t, "ogrinfo", "-ro", source, "-sql", "SELECT COUNT(*) AS n FROM plots WHERE land_use = 'A35'")
	if !strings.Contains(count, fmt.Sprintf("n (Integer) = %d", len(s.plotNumbers(func(p land.Plot) bool { return p.Use.Code == "A35" })))) {
		t.Errorf("-sql count: %s", count)
	}
	// Fields have the types of the schema, each once, in its order.
	summary := gdal(t, "ogrinfo", "-ro", "-so", source, "plots")
	for _, line := range []string{"id: Integer", "plot_no: String", "area_m2: Real", "version: Integer", "supplied_on: Date", "valid_from: Date", "Geometry: Multi Polygon", "Feature Count: 52"} {
		if n := strings.Count(summary, "\n"+line); n != 1 {
			t.Errorf("%q is there %d times: %s", line, n, summary)
		}
	}
	if !(strings.Index(summary, "\nplot_no:") < strings.Index(summary, "\nland_use:") && strings.Index(summary, "\nland_use:") < strings.Index(summary, "\narea_m2:")) {
		t.Errorf("fields are out of order: %s", summary)
	}
}

// register is all plots as the database holds them.
func (s *service) register() []land.Plot {
	s.t.Helper()
	r, err := s.db.Load(context.Background(), land.Moment{})
	if err != nil {
		s.t.Fatal(err)
	}
	return r.Plots
}

// plotNumbers are the plots of the register for which something holds, in order.
func (s *service) plotNumbers(keep func(land.Plot) bool) []string {
	var all []string
	for _, p := range s.register() {
		if keep(p) {
			all = append(all, p.PlotNo)
		}
	}
	return all
}

// TestOgr2ogrTakesTheRegister reads all plots by pages of GDAL's own size, and by
// one page, and holds what came to the register.
func TestOgr2ogrTakesTheRegister(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, options := range [][]string{nil, {"-oo", "PAGE_SIZE=10000"}} {
		file := filepath.Join(t.TempDir(), "plots.geojson")
		gdal(t, "ogr2ogr", append([]string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=14", "-lco", "SIGNIFICANT_FIGURES=17", file, "OAPIF:" + s.url, "plots"}, options...)...)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var taken featurePage
		if err := json.Unmarshal(raw, &taken); err != nil {
			t.Fatal(err)
		}
		plots := s.register()
		if len(taken.Features) != len(plots) {
			t.Fatalf("%d plots, want %d", len(taken.Features), len(plots))
		}
		for i, p := range plots {
			f := taken.Features[i]
			if f.Properties["id"] != float64(p.ID) || !near(f.Geometry.Coordinates, p.Boundary, 1e-12) {
				t.Fatalf("plot %d: %s %v, want %v", p.ID, f.ID, f.Geometry.Coordinates, p.Boundary)
			}
			for _, field := range land.Fields() {
				want := field.Get(&p)
				got := f.Properties[field.Name]
				switch w := want.(type) {
				case float64:
					if n, ok := got.(float64); !ok || math.Abs(n-w) > 1e-4 {
						t.Errorf("plot %d %s: %v, want %v", p.ID, field.Name, got, want)
					}
				case int64:
					if n, ok := got.(float64); !ok || n != float64(w) {
						t.Errorf("plot %d %s: %v, want %v", p.ID, field.Name, got, want)
					}
				case string:
					if g, _ := got.(string); strings.ReplaceAll(g, "/", "-") != w {
						t.Errorf("plot %d %s: %v, want %v", p.ID, field.Name, got, want)
					}
				case nil:
					if got != nil {
						t.Errorf("plot %d %s: %v, want none", p.ID, field.Name, got)
					}
				}
			}
		}
	}
}

// TestGDALReadsAnotherDay reads the register of a day by the address of a day, which
// GDAL puts behind every request.
func TestGDALReadsAnotherDay(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.rename(1, "甲", "2018-01-01")
	s.settle()
	for datetime, want := range map[string]string{"2018-06-30T00:00:00Z": "name (String) = 甲", "2017-06-30T00:00:00Z": "version (Integer) = 1"} {
		out := gdal(t, "ogrinfo", "-ro", "-al", "-geom=NO", "OAPIF:"+s.url+"?datetime="+datetime, "plots", "-where", "plot_no = 'NA-01'")
		if !strings.Contains(out, want) || strings.Count(out, "OGRFeature") != 1 {
			t.Errorf("%s: %s", datetime, out)
		}
	}
	if n := len(ogrNumbers(t, "OAPIF:"+s.url+"?datetime=2016-01-01T00:00:00Z", "plots")); n != 0 {
		t.Errorf("%d plots before the first", n)
	}
}

// TestGDALReadsOtherLayers reads parks, controls and vector tiles.
func TestGDALReadsOtherLayers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	if out := gdal(t, "ogrinfo", "-ro", "-al", "-geom=NO", "OAPIF:"+s.url, "parks", "-where", "code = 'panyu'"); !strings.Contains(out, "plots (Integer) = 12") || strings.Contains(out, "nansha") {
		t.Errorf("parks: %s", out)
	}
	if out := gdal(t, "ogrinfo", "-ro", "-al", "-geom=NO", "OAPIF:"+s.url, "controls", "-where", "kind = 'permanent_basic_farmland'"); !strings.Contains(out, "万顷沙片") {
		t.Errorf("controls: %s", out)
	}
	tile := filepath.Join(t.TempDir(), "0.mvt")
	g := s.get("/collections/plots/tiles/WebMercatorQuad/16/28466/53419")
	if g.status != http.StatusOK {
		t.Fatalf("tile: %d", g.status)
	}
	if err := os.WriteFile(tile, []byte(g.body), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := gdal(t, "ogrinfo", "-ro", "-so", "MVT:"+tile); !strings.Contains(out, "1: plots") || strings.Contains(out, "parks") {
		t.Errorf("tile: %s", out)
	}
}
