package main

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/exchange/boundary"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
)

// TestWhatOtherProgramsWriteComesBackTheSame takes the demonstration plots out
// with ogr2ogr, and as a surveyor's file, and imports each into an empty park.
func TestWhatOtherProgramsWriteComesBackTheSame(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	source := gdalSource(t, databaseURL)
	var full, short []string
	for _, f := range land.Fields() {
		if f.Set == nil {
			continue
		}
		full = append(full, f.Name)
		short = append(short, f.Name+` AS "`+f.Short+`"`)
	}
	query := func(columns []string) string {
		return `SELECT ` + strings.Join(columns, ", ") + `, geom FROM current_plots WHERE park = 'luogang'`
	}
	shapes := filepath.Join(dir, "地块.shp")
	tool(t, "ogr2ogr", "-f", "ESRI Shapefile", shapes, source, "-sql", query(short), "-t_srs", "EPSG:4526", "-lco", "ENCODING=GBK", "-nlt", "MULTIPOLYGON")
	zipped := filepath.Join(dir, "shapefile.zip")
	zipFolder(t, zipped, dir, "地块.")
	geoPackage := filepath.Join(dir, "plots.gpkg")
	tool(t, "ogr2ogr", "-f", "GPKG", geoPackage, source, "-sql", query(full), "-t_srs", "EPSG:4547", "-nln", "plots")
	kml := filepath.Join(dir, "plots.kml")
	tool(t, "ogr2ogr", "-f", "KML", kml, source, "-sql", query(full), "-nln", "plots")
	txt := filepath.Join(dir, "plots.txt")
	writeBoundaries(t, databaseURL, txt)

	for park, c := range map[string]struct {
		file       string
		attributes []string
	}{
		"from_shp":  {zipped, full},
		"from_gpkg": {geoPackage, full},
		"from_kml":  {kml, full},
		"from_txt":  {txt, []string{"plot_no", "name", "land_use"}},
	} {
		t.Run(park, func(t *testing.T) {
			said := dikuai(t, "import", c.file, "--park", park, "--dry-run")
			if !strings.Contains(said, "93 new") || !strings.Contains(said, "nothing written") {
				t.Fatalf("dry run said %s", said)
			}
			dikuai(t, "import", c.file, "--park", park)
			worst := tell[float64](t, databaseURL, `
				SELECT max(abs(a.area_m2 - b.area_m2)) + max(abs(a.area_ellipsoid_m2 - b.area_ellipsoid_m2)) + 1e6 * (93 - count(*))
				FROM current_plots a JOIN current_plots b USING (plot_no) WHERE a.park = 'luogang' AND b.park = $1`, park)
			if worst > 0.01 {
				t.Errorf("areas differ by %g m²", worst)
			}
			for _, name := range c.attributes {
				different := tell[int](t, databaseURL, fmt.Sprintf(`
					SELECT count(*) FROM current_plots a JOIN current_plots b USING (plot_no)
					WHERE a.park = 'luogang' AND b.park = $1 AND a.%[1]s IS DISTINCT FROM b.%[1]s`, name), park)
				if different > 0 {
					t.Errorf("%s differs in %d plots", name, different)
				}
			}
			moved := tell[float64](t, databaseURL, `
				SELECT max(ST_HausdorffDistance(ST_Transform(a.geom, 4547), ST_Transform(b.geom, 4547)))
				FROM current_plots a JOIN current_plots b USING (plot_no) WHERE a.park = 'luogang' AND b.park = $1`, park)
			if moved > 0.0001 {
				t.Errorf("vertices moved by %g m", moved)
			}
		})
	}
}

func zipFolder(t *testing.T, path, dir, prefix string) {
	t.Helper()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := zip.NewWriter(out)
	files, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil || len(files) < 4 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.Create(filepath.Base(f))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// writeBoundaries writes Luogang's plots as a GB18030 boundary-point file.
func writeBoundaries(t *testing.T, databaseURL, path string) {
	t.Helper()
	ctx := context.Background()
	db, err := postgis.Open(ctx, databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := db.Load(ctx, land.Moment{}, "luogang")
	if err != nil {
		t.Fatal(err)
	}
	err = writeWhole(path, func(w io.Writer) error {
		return boundary.Write(w, func(yield func(*land.Plot, error) bool) {
			for i := range r.Plots {
				if !yield(&r.Plots[i], nil) {
					return
				}
			}
		}, boundary.Options{})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSurveyorsFilesAreMeasured(t *testing.T) {
	databaseURL := register(t)
	examples := "../../data/exchange/boundary/testdata/"
	for park, c := range map[string]struct {
		file string
		want float64
	}{
		"one":   {"ex1_single_gbk.txt", 200000},
		"two":   {"ex2_multi_hole_gbk.txt", 55000 + 9600},
		"three": {"ex3_quirks_utf8bom.txt", 61440},
		"four":  {"ex4_multipart_gbk.txt", 15000},
	} {
		dikuai(t, "import", examples+c.file, "--park", park)
		got := tell[float64](t, databaseURL, `SELECT sum(area_m2) FROM current_plots WHERE park = $1`, park)
		if math.Abs(got-c.want) > 0.001 {
			t.Errorf("%s: %.4f m², want %.0f", c.file, got, c.want)
		}
	}
}

func TestBadFilesAreRefusedAndNothingIsWritten(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	feature := func(properties, ring string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}]}`
	}
	const good = `"plot_no":"X-1","land_use":"A35"`
	const inside = `[[113.4590,22.9800],[113.4592,22.9800],[113.4592,22.9802],[113.4590,22.9800]]`
	before := tell[string](t, databaseURL, registerState)
	for name, path := range map[string]string{
		"a bowtie":          file("bowtie.geojson", feature(good, `[[113.46,22.98],[113.461,22.981],[113.461,22.98],[113.46,22.981],[113.46,22.98]]`)),
		"two points":        file("two.geojson", feature(good, `[[113.46,22.98],[113.461,22.981],[113.46,22.98]]`)),
		"an unknown code":   file("code.geojson", feature(`"plot_no":"X-1","land_use":"Z9"`, inside)),
		"outside its park":  file("outside.geojson", feature(good, `[[113.50,22.98],[113.501,22.98],[113.501,22.981],[113.50,22.98]]`)),
		"an overlap":        file("overlap.geojson", feature(good, inside)),
		"no number":         file("number.geojson", feature(`"land_use":"A35"`, inside)),
		"not a file of any": file("notes.txt", "hello"),
		"swapped axes":      file("swapped.txt", strings.ReplaceAll("[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=38\n[地块坐标]\n5,1.0,X-1,甲,面,,,A35,@\nJ1,1,38444600,2542400\nJ2,1,38444700,2542400\nJ3,1,38444700,2542300\nJ4,1,38444600,2542300\nJ1,1,38444600,2542400\n", "\n", "\r\n")),
		"an old datum":      file("datum.txt", "[属性描述]\r\n坐标系=1980西安坐标系\r\n几度分带=3\r\n带号=38\r\n[地块坐标]\r\n3,1.0,X-1,甲,面,,,A35,@\r\nJ1,1,2542400,38444600\r\nJ2,1,2542400,38444700\r\nJ3,1,2542300,38444700\r\n"),
		"a truncated zip":   file("cut.zip", "PK\x03\x04\x14\x00\x00\x00\x08\x00"),
	} {
		err := refused(t, "import", path, "--park", "panyu")
		if !strings.Contains(err.Error(), "nothing was written") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := tell[string](t, databaseURL, registerState); after != before {
		t.Errorf("the register went from %s to %s", before, after)
	}
}

const registerState = `SELECT concat_ws(' ', (SELECT max(seq) FROM changes), (SELECT count(*) FROM plots), (SELECT count(*) FROM plot_versions), (SELECT count(*) FROM parks))`
