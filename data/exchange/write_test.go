package exchange

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/exchange/gdal"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// awkward are plots in EPSG:4547 that formats find hard to hold.
var awkward = []struct{ no, name, holder, use, scheme, wkt string }{
	{"PY-01", `研发"一"期, 二期`, "=1+1", "A35", "", "MULTIPOLYGON(((443600 2543500,443700.123 2543500.456,443700 2543600,443600 2543600,443600 2543500),(443610 2543510,443610 2543520,443620 2543520,443610 2543510),(443640 2543540,443640 2543550,443650 2543550,443640 2543540)))"},
	{"A35", "", "'=1", "M1/M0", "", "MULTIPOLYGON(((443700 2543700,443710 2543700,443710 2543710,443700 2543700)),((443800 2543700,443830 2543700,443830 2543730,443800 2543700)))"},
	{"番禺 50%%c^I", "－１", "😀厂&<b>;", "100101", "MNR-2023", "MULTIPOLYGON(((443900 2543700,443910 2543700,443910 2543710,443900 2543700)))"},
	{"007", "@x\\n\\U+4E2D", "'quoted'", "M0", "", "MULTIPOLYGON(((443611 2543512,443618 2543519,443611 2543519,443611 2543512)))"}, // in the first one's hole
}

func awkwardPlots(t *testing.T) []land.Plot {
	t.Helper()
	var plots []land.Plot
	for i, c := range awkward {
		g, err := wkt.UnmarshalMultiPolygon(c.wkt)
		if err != nil {
			t.Fatal(err)
		}
		p := land.Plot{ID: land.PlotID(i + 1), Park: "test", Version: 1}
		if p.Boundary, err = geo.TransformMultiPolygon(g, geo.GK114, geo.CGCS2000); err != nil {
			t.Fatal(err)
		}
		faults, unknown := land.SetProperties(&p.Attributes, map[string]string{
			"plot_no": c.no, "name": c.name, "holder": c.holder, "land_use": c.use, "land_use_scheme": c.scheme,
			"status": "supplied", "far_max": "2.55", "stated_area_m2": "1234.5678", "supplied_on": "2016-12-16", "valid_from": "2016-01-01",
		})
		if len(faults)+len(unknown) > 0 {
			t.Fatal(faults, unknown)
		}
		plots = append(plots, p)
	}
	return plots
}

func each(plots []land.Plot) iter.Seq2[*land.Plot, error] {
	return func(yield func(*land.Plot, error) bool) {
		for i := range plots {
			if !yield(&plots[i], nil) {
				return
			}
		}
	}
}

func roundTrip(t *testing.T, format string, o Options, h land.Handling, plots []land.Plot) []land.Draft {
	t.Helper()
	f, err := LookupWritten(format)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Write(t.Context(), &out, format, o, each(plots)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plots"+f.Extensions[0])
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var drafts []land.Draft
	if _, err := Read(t.Context(), file, "", h, func(d land.Draft) error {
		drafts = append(drafts, d)
		return nil
	}); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return drafts
}

func TestAwkwardPlotsComeBack(t *testing.T) {
	t.Parallel()
	plots := awkwardPlots(t)
	for _, format := range []string{"geojson", "geojsonseq", "geopackage", "shapefile", "csv", "kml"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			drafts := roundTrip(t, format, Options{}, land.Handling{}, plots)
			if len(drafts) != len(plots) {
				t.Fatalf("%d plots came back", len(drafts))
			}
			for i, d := range drafts {
				if !reflect.DeepEqual(d.Attributes, plots[i].Attributes) {
					t.Errorf("got  %+v\nwant %+v", d.Attributes, plots[i].Attributes)
				}
				same(t, plots[i], d)
			}
		})
	}
}

// same says whether a draft has a plot's rings, within 0.1 mm.
func same(t *testing.T, p land.Plot, d land.Draft) {
	t.Helper()
	a, err := geo.TransformMultiPolygon(p.Boundary, geo.CGCS2000, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	b, err := geo.TransformMultiPolygon(d.Boundary, d.CRS, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	if len(a) != len(b) || math.Abs(float64(geo.PlaneArea(a)-geo.PlaneArea(b))) > 0.01 || math.Abs(geo.PlanePerimeter(a)-geo.PlanePerimeter(b)) > 0.001 {
		t.Errorf("plot %s: %v came back as %v", p.PlotNo, a, b)
	}
}

// TestADrawingHoldsNumbersUsesHolesAndParts reads a drawing back. The 2023 code of
// one plot needs its scheme named, because a layer has no place for it; that makes
// the other codes unknown, so that it goes alone.
func TestADrawingHoldsNumbersUsesHolesAndParts(t *testing.T) {
	t.Parallel()
	plots := awkwardPlots(t)
	letters := append(slices.Clone(plots[:2]), plots[3])
	drafts := roundTrip(t, "dxf", Options{Title: "番禺", Demonstration: true}, land.Handling{}, letters)
	for i, p := range letters {
		d := drafts[i]
		if d.PlotNo != p.PlotNo || d.UseText() != p.UseText() {
			t.Errorf("got %s %s, want %s %s", d.PlotNo, d.UseText(), p.PlotNo, p.UseText())
		}
		same(t, p, d)
	}
	digits := roundTrip(t, "dxf", Options{CRS: geo.GK38}, land.Handling{Map: map[string]string{"=MNR-2023": "land_use_scheme"}}, plots[2:3])
	if digits[0].PlotNo != plots[2].PlotNo || digits[0].Use != plots[2].Use {
		t.Errorf("%+v", digits[0].Attributes)
	}
}

func TestAShapefileTellsWhatItCouldNotHold(t *testing.T) {
	t.Parallel()
	plots := awkwardPlots(t)
	plots[0].Setbacks = strings.Repeat("退", 200)
	drafts := roundTrip(t, "shapefile", Options{Encoding: GBK}, land.Handling{}, plots)
	if got := drafts[0].Setbacks; got != strings.Repeat("退", 127) {
		t.Errorf("setbacks came back as %s", got)
	}
	if got := drafts[2].Holder; got != "?厂&<b>;" {
		t.Errorf("holder came back as %s", got)
	}
	if drafts[1].UseText() != "M1/M0" || drafts[0].Name != plots[0].Name {
		t.Errorf("%+v", drafts[:2])
	}
}

func TestWritingEndsWithItsSource(t *testing.T) {
	t.Parallel()
	broken := errors.New("the source broke")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	plots := awkwardPlots(t)
	for _, f := range Formats() {
		if !writable(f) {
			continue
		}
		err := Write(t.Context(), &bytes.Buffer{}, f.Name, Options{}, func(yield func(*land.Plot, error) bool) {
			if yield(&plots[0], nil) {
				yield(nil, broken)
			}
		})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", f.Name, err)
		}
		if err := Write(ctx, &bytes.Buffer{}, f.Name, Options{}, each(plots)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, cancelled: %v", f.Name, err)
		}
	}
}

func TestFormatsRefuseSystemsThatTheyCannotHold(t *testing.T) {
	t.Parallel()
	for format, bad := range map[string][]geo.CRS{
		"geojson": {geo.GK114, geo.WebMercator}, "geojsonseq": {geo.GK38}, "kml": {geo.GK114},
		"dxf": {geo.CGCS2000, geo.WebMercator}, "boundary-txt": {geo.CGCS2000, geo.WebMercator},
		"csv": {2383, 32649}, "xlsx": {geo.GK114},
	} {
		for _, crs := range bad {
			err := Write(t.Context(), &bytes.Buffer{}, format, Options{CRS: crs}, each(nil))
			var unsupported *geo.UnsupportedCRSError
			if !errors.As(err, &unsupported) {
				t.Errorf("%s in %s: %v", format, crs, err)
			}
		}
	}
	var invalid *land.InvalidError
	for _, format := range []string{"dwg", gdal.FileGDB, ""} {
		if err := Write(t.Context(), &bytes.Buffer{}, format, Options{}, each(nil)); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", format, err)
		}
	}
	if _, err := Read(t.Context(), "plots.xlsx", "xlsx", land.Handling{}, nil); !errors.As(err, &invalid) {
		t.Errorf("a sheet of attributes was read as plots: %v", err)
	}
}

// TestTheSamePlotsAreTheSameBytes holds files to their data: nothing in them
// depends on when or where they were written.
func TestTheSamePlotsAreTheSameBytes(t *testing.T) {
	t.Parallel()
	day, err := land.ParseDate("2016-05-20")
	if err != nil {
		t.Fatal(err)
	}
	plots := awkwardPlots(t)
	for _, f := range Formats() {
		if !writable(f) {
			continue
		}
		var files [2]bytes.Buffer
		for i := range files {
			if err := Write(t.Context(), &files[i], f.Name, Options{At: day}, each(plots)); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
			t.Errorf("%s differs", f.Name)
		}
	}
}
