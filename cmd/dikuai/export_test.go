package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/exchange/xlsx"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/geo"
)

// demonstrationRegister is a park of the demonstration layout without a database.
func demonstrationRegister(t *testing.T, code land.ParkCode) land.Register {
	t.Helper()
	drafts, err := plan.Demonstration(code)
	if err != nil {
		t.Fatal(err)
	}
	at, err := land.ParseDate("2016-05-20")
	if err != nil {
		t.Fatal(err)
	}
	r := land.Register{Seq: 12, At: at}
	for _, p := range plan.Parks() {
		if p.Code == code {
			r.Parks = append(r.Parks, p)
		}
	}
	for i, d := range drafts {
		plane, _, err := geo.SnapPolygon(d.Boundary, d.CRS, geo.GK114)
		if err != nil {
			t.Fatal(err)
		}
		p := land.Plot{ID: land.PlotID(i + 1), Park: code, Attributes: d.Attributes, Boundary: d.Boundary, Version: 3}
		p.Area, p.AreaEllipsoid = geo.PlaneArea(plane), geo.EllipsoidArea(d.Boundary)
		p.Complete(at)
		r.Plots = append(r.Plots, p)
	}
	return r
}

// attributesOf are what an officer states of a plot, as text by property.
func attributesOf(a land.Attributes, only ...string) map[string]string {
	texts := map[string]string{}
	for _, f := range land.Fields() {
		if f.Set == nil || len(only) > 0 && !slices.Contains(only, f.Name) {
			continue
		}
		if v := f.Get(&land.Plot{Attributes: a}); v != nil {
			texts[f.Name] = fmt.Sprint(v)
		}
	}
	return texts
}

func TestPlotsComeBackFromEveryFormat(t *testing.T) {
	t.Parallel()
	planes := []geo.CRS{geo.GK114, geo.GK38}
	all := append(planes, geo.CGCS2000, geo.WGS84, geo.WebMercator)
	degrees := []geo.CRS{geo.CGCS2000, geo.WGS84}
	drawn := []string{"plot_no", "land_use"}
	for format, c := range map[string]struct {
		crs        []geo.CRS
		attributes []string // that the format holds; none: all
		gdal       bool     // it opens in GDAL
	}{
		"geojson":      {degrees, nil, true},
		"geojsonseq":   {degrees, nil, true},
		"geopackage":   {all, nil, true},
		"shapefile":    {all, nil, true},
		"csv":          {all, nil, true},
		"kml":          {degrees, nil, true},
		"dxf":          {planes, drawn, true},
		"boundary-txt": {planes, []string{"plot_no", "name", "land_use"}, false},
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			for _, park := range plan.Parks() {
				register := demonstrationRegister(t, park.Code)
				for _, crs := range c.crs {
					file := exported(t, register, format, exchange.Options{CRS: crs})
					checkDrafts(t, register, readBack(t, file, format), fmt.Sprintf("%s %s %s", park.Code, format, crs), c.attributes)
					if c.gdal && park.Code == "panyu" {
						source := file
						if format == "shapefile" {
							source = "/vsizip/" + file
						}
						said := string(tool(t, "ogrinfo", "-ro", "-so", "-al", source))
						if !strings.Contains(said, "Feature Count: ") || strings.Contains(said, "Feature Count: 0") {
							t.Errorf("%s %s: GDAL says %s", format, crs, said)
						}
					}
				}
			}
		})
	}
}

func exported(t *testing.T, r land.Register, format string, o exchange.Options) string {
	t.Helper()
	f, err := exchange.LookupWritten(format)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plots"+f.Extensions[0])
	if err := writeWhole(file, func(w io.Writer) error { return exchange.WriteRegister(t.Context(), w, format, o, r) }); err != nil {
		t.Fatalf("%s %s: %v", format, o.CRS, err)
	}
	return file
}

func readBack(t *testing.T, file, format string) []land.Draft {
	t.Helper()
	var drafts []land.Draft
	// The format is found by the file's content, except where one is read as another.
	d, err := exchange.Read(t.Context(), file, "", land.Handling{}, func(d land.Draft) error {
		drafts = append(drafts, d)
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	if d.Format != format && format != "geojsonseq" {
		t.Errorf("%s was read as %s", format, d.Format)
	}
	return drafts
}

// checkDrafts compares drafts with a register's plots: every vertex within 0.1 mm,
// ring by ring whatever point each begins at, and the attributes.
func checkDrafts(t *testing.T, r land.Register, drafts []land.Draft, what string, attributes []string) {
	t.Helper()
	if len(drafts) != len(r.Plots) {
		t.Fatalf("%s: %d plots came back of %d", what, len(drafts), len(r.Plots))
	}
	byNumber := map[string]land.Draft{}
	for _, d := range drafts {
		byNumber[d.PlotNo] = d
	}
	for _, p := range r.Plots {
		d, ok := byNumber[p.PlotNo]
		if !ok {
			t.Errorf("%s: plot %s did not come back", what, p.PlotNo)
			continue
		}
		if moved := apart(t, d, p.Boundary); moved > 0.0001 {
			t.Errorf("%s: plot %s moved by %g m", what, p.PlotNo, moved)
		}
		got, want := attributesOf(d.Attributes, attributes...), attributesOf(p.Attributes, attributes...)
		if !maps.Equal(got, want) {
			t.Errorf("%s: plot %s has %v, want %v", what, p.PlotNo, got, want)
		}
	}
}

// apart is the longest way in metres from a vertex of one to the nearest of the
// other; infinite when they have not as many rings and vertices.
func apart(t *testing.T, d land.Draft, stored geo.MultiPolygon) float64 {
	t.Helper()
	got, err := geo.TransformMultiPolygon(d.Boundary, d.CRS, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	want, err := geo.TransformMultiPolygon(stored, geo.CGCS2000, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		return math.Inf(1)
	}
	var worst float64
	for i := range want {
		if len(got[i]) != len(want[i]) {
			return math.Inf(1)
		}
		for _, ring := range want[i] {
			best := math.Inf(1)
			for _, other := range got[i] {
				if len(other) == len(ring) {
					best = min(best, farthest(ring, other))
				}
			}
			worst = max(worst, best)
		}
	}
	return worst
}

func farthest(ring, other geo.Ring) float64 {
	var worst float64
	for _, p := range ring {
		nearest := math.Inf(1)
		for _, q := range other {
			nearest = min(nearest, math.Hypot(p[0]-q[0], p[1]-q[1]))
		}
		worst = max(worst, nearest)
	}
	return worst
}

// TestASurveyorsNumbersComeBackExactly holds exports to the 0.001 m grid on which
// the demonstration layout was drawn, digit by digit.
func TestASurveyorsNumbersComeBackExactly(t *testing.T) {
	t.Parallel()
	register := demonstrationRegister(t, "panyu")
	for _, format := range []string{"csv", "geopackage", "shapefile", "dxf"} {
		for _, d := range readBack(t, exported(t, register, format, exchange.Options{CRS: geo.GK114}), format) {
			for _, ring := range d.Boundary[0] {
				for _, q := range ring {
					if geo.SnapToGrid(q) != q {
						t.Fatalf("%s: %v is not on the grid", format, q)
					}
				}
			}
		}
	}
}

func TestAttributeSheetsComeBack(t *testing.T) {
	t.Parallel()
	register := demonstrationRegister(t, "nansha")
	raw, err := os.ReadFile(exported(t, register, "xlsx", exchange.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	rows, remarks, err := xlsx.ReadAttributes(bytes.NewReader(raw))
	if err != nil || len(remarks) > 0 {
		t.Fatalf("%v %v", remarks, err)
	}
	for i, p := range register.Plots {
		row := rows[i]
		var a land.Attributes
		if faults, unknown := land.SetProperties(&a, row.Properties); len(faults)+len(unknown) > 0 {
			t.Fatal(faults, unknown)
		}
		if row.ID != p.ID || row.Version != p.Version || row.PlotNo != p.PlotNo || row.Row != i+3 || !maps.Equal(attributesOf(a), attributesOf(p.Attributes)) {
			t.Errorf("%+v, want %+v", row, p.Attributes)
		}
	}
}

func TestEveryFileOfALayoutDrawnForShowSaysSo(t *testing.T) {
	t.Parallel()
	register := demonstrationRegister(t, "panyu")
	for _, f := range exchange.Formats() {
		if f.ContentType == "" {
			continue
		}
		file := exported(t, register, f.Name, exchange.Options{Encoding: map[string]string{"boundary-txt": exchange.UTF8}[f.Name]})
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		switch f.Name {
		case "shapefile":
			text = packed(t, file, "README.txt")
		case "xlsx":
			text = packed(t, file, "xl/workbook.xml")
		case "geopackage":
			text = string(tool(t, "ogrinfo", "-ro", "-so", "-al", file))
		}
		if !strings.Contains(text, "示范布局") {
			t.Errorf("%s does not say that the layout is drawn for show", f.Name)
		}
	}
}

// packed is a file in a zip file.
func packed(t *testing.T, file, name string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	raw, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestExportsFromTheRegisterCanBeImported(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	for format, extension := range map[string]string{"csv": "csv", "geopackage": "gpkg", "shapefile": "zip", "geojsonseq": "geojsons", "dxf": "dxf"} {
		file := filepath.Join(dir, "plots."+extension)
		args := []string{"export", "--park", "luogang", "--format", format, "--out", file}
		if format == "csv" {
			args = append(args, "--crs", "4547", "--chinese")
		}
		dikuai(t, args...)
		park := "from_" + format
		dikuai(t, "import", file, "--park", park)
		different := tell[int](t, databaseURL, `
			SELECT 93 - count(*) FROM current_plots a JOIN current_plots b USING (plot_no)
			WHERE a.park = 'luogang' AND b.park = $1 AND a.land_use = b.land_use AND abs(a.area_m2 - b.area_m2) < 0.0001
			AND ST_HausdorffDistance(ST_Transform(a.geom, 4547), ST_Transform(b.geom, 4547)) < 0.0001`, park)
		if different != 0 {
			t.Errorf("%s: %d plots came back changed", format, different)
		}
	}
	if text := dikuai(t, "export", "--park", "luogang", "--format", "geojson"); !strings.Contains(text, `"register_seq":`) {
		t.Errorf("standard output got %.200s", text)
	}
	for _, args := range [][]string{
		{"--park", "luogang", "--format", "dwg"},
		{"--park", "luogang", "--format", "geojson", "--crs", "4547"},
		{"--park", "luogang", "--format", "dxf", "--crs", "4490"},
		{"--park", "luogang", "--format", "csv", "--crs", "2383"},
		{"--park", "luogang", "--format", "geopackage"},
		{"--format", "csv"},
	} {
		if err := refused(t, append([]string{"export"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("%v: %v", args, err)
		}
	}
	_ = refused(t, "export", "--park", "nowhere", "--format", "csv")
}
