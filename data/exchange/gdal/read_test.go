package gdal

import (
	"archive/zip"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// plots are in EPSG:4526 with the numbers of a survey: a plot with a hole, and
// one of two parts.
const plots = `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4526"}},"features":[
{"type":"Feature","properties":{"plot_no":"PY-01","name":"科研用地\t\\一","land_use":"A35","far_max":2.5,"supply_on":"2016-05-20","颜色":"红"},
 "geometry":{"type":"Polygon","coordinates":[[[38443600.123,2543900.456],[38443600.001,2543500.999],[38444100,2543500],[38444100.007,2543900.1],[38443600.123,2543900.456]],[[38443700,2543600],[38443700,2543700],[38443800,2543700],[38443800,2543600],[38443700,2543600]]]}},
{"type":"Feature","properties":{"plot_no":"PY-02","name":"","land_use":"M1/M0","far_max":null,"supply_on":null,"颜色":null},
 "geometry":{"type":"MultiPolygon","coordinates":[[[[38444200,2543500],[38444300,2543500],[38444300,2543600],[38444200,2543500]]],[[[38444400,2543500],[38444500,2543500],[38444500,2543600],[38444400,2543500]]]]}}]}`

// rings are the outlines above as the register keeps them.
var rings = [][]geo.Ring{
	{
		{{38443600.123, 2543900.456}, {38443600.001, 2543500.999}, {38444100, 2543500}, {38444100.007, 2543900.1}, {38443600.123, 2543900.456}},
		{{38443700, 2543600}, {38443700, 2543700}, {38443800, 2543700}, {38443800, 2543600}, {38443700, 2543600}},
	},
	{
		{{38444200, 2543500}, {38444300, 2543500}, {38444300, 2543600}, {38444200, 2543500}},
		{{38444400, 2543500}, {38444500, 2543500}, {38444500, 2543600}, {38444400, 2543500}},
	},
}

// ogr2ogr makes a test's input; the tests need GDAL and fail without it.
func ogr2ogr(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
		t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, file, format string, h land.Handling) ([]land.Draft, land.Delivery, []land.Finding) {
	t.Helper()
	var drafts []land.Draft
	d, err := Read(t.Context(), file, format, h, func(draft land.Draft) error {
		drafts = append(drafts, draft)
		return nil
	})
	var invalid *land.InvalidError
	if errors.As(err, &invalid) {
		return nil, d, invalid.Findings
	}
	if err != nil {
		t.Fatal(err)
	}
	return drafts, d, d.Notes
}

func codes(found []land.Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// zipped packs files under their base names.
func zipped(t *testing.T, to string, files ...string) string {
	t.Helper()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	z := zip.NewWriter(out)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(filepath.Base(file))
		if err != nil {
			t.Fatal(err)
		}
		w.Write(raw)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}

func parts(t *testing.T, dir, stem string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, stem+".*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	return files
}

// checkPlots compares drafts with the plots above, to within 0.1 mm.
func checkPlots(t *testing.T, drafts []land.Draft) {
	t.Helper()
	if len(drafts) != 2 {
		t.Fatalf("%d plots", len(drafts))
	}
	a, b := drafts[0], drafts[1]
	if a.PlotNo != "PY-01" || a.Name != "科研用地\t\\一" || a.UseText() != "A35" || *a.FARMax != 2.5 || a.Row != 1 {
		t.Errorf("%+v", a.Attributes)
	}
	if b.PlotNo != "PY-02" || b.Name != "" || b.UseText() != "M1/M0" || b.FARMax != nil || b.Row != 2 {
		t.Errorf("%+v", b.Attributes)
	}
	for i, d := range drafts {
		plane, err := geo.TransformMultiPolygon(d.Boundary, d.CRS, geo.GK38)
		if err != nil {
			t.Fatal(err)
		}
		var got []geo.Ring
		for _, polygon := range plane {
			got = append(got, polygon...)
		}
		if len(got) != len(rings[i]) {
			t.Fatalf("plot %d has rings %v", i, got)
		}
		for j, ring := range got {
			if !sameRing(ring, rings[i][j]) {
				t.Errorf("plot %d ring %d: %v, want %v", i, j, ring, rings[i][j])
			}
		}
	}
}

// sameRing allows another beginning.
func sameRing(a, b geo.Ring) bool {
	if len(a) != len(b) {
		return false
	}
	n := len(a) - 1
	for shift := range n {
		same := true
		for i := range n {
			p, q := a[(i+shift)%n], b[i]
			same = same && math.Hypot(p[0]-q[0], p[1]-q[1]) <= 0.0001
		}
		if same {
			return true
		}
	}
	return false
}

func TestFormatsReadAlike(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := write(t, dir, "plots.geojson", plots)
	shape := func(name string, args ...string) string {
		ogr2ogr(t, append([]string{"-f", "ESRI Shapefile", filepath.Join(dir, name+".shp"), src}, args...)...)
		return filepath.Join(dir, name+".shp")
	}
	shape("gbk", "-lco", "ENCODING=GBK")
	shape("bare", "-lco", "ENCODING=GBK")
	shape("bareutf", "-lco", "ENCODING=UTF-8")
	shape("lonlat", "-t_srs", "EPSG:4490", "-lco", "ENCODING=UTF-8")
	for _, name := range []string{"bare.cpg", "bareutf.cpg"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	ogr2ogr(t, filepath.Join(dir, "plots.gpkg"), src, "-t_srs", "EPSG:4547")
	ogr2ogr(t, filepath.Join(dir, "heights.gpkg"), src, "-dim", "XYZ", "-nlt", "MULTIPOLYGONZ")
	ogr2ogr(t, "-f", "LIBKML", filepath.Join(dir, "plots.kml"), src, "-t_srs", "EPSG:4326")
	ogr2ogr(t, "-f", "OpenFileGDB", filepath.Join(dir, "plots.gdb"), src, "-nlt", "MULTIPOLYGON", "-lco", "XYTOLERANCE=0.0001", "-lco", "XORIGIN=-1000000", "-lco", "YORIGIN=-1000000", "-lco", "XYSCALE=100000")
	for _, c := range []struct {
		file, format string
		crs          geo.CRS
		encoding     string
		codes        string
	}{
		{"gbk.shp", Shapefile, 4526, "GB18030", "1108 2109"},
		{"gbk.zip", Shapefile, 4526, "GB18030", "1108 2109"},
		{"bare.shp", Shapefile, 4526, "GB18030", "1108 2109"},
		{"bareutf.shp", Shapefile, 4526, "UTF-8", "1108 2109"},
		{"lonlat.shp", Shapefile, 4490, "UTF-8", "1108 2109"},
		{"plots.gpkg", GeoPackage, 4547, "UTF-8", "1108 2109"},
		{"heights.gpkg", GeoPackage, 4526, "UTF-8", "1108 2109 2114"},
		{"plots.kml", KML, 4326, "UTF-8", "1108 2109"},
		{"plots.kmz", KML, 4326, "UTF-8", "1108 2109"},
		{"plots.gdb", FileGDB, 4526, "UTF-8", "1108 2109"},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(dir, c.file)
			switch {
			case strings.HasSuffix(file, ".zip"):
				zipped(t, file, parts(t, dir, "gbk")...)
			case strings.HasSuffix(file, ".kmz"):
				zipped(t, file, filepath.Join(dir, "plots.kml"))
			}
			drafts, d, found := read(t, file, c.format, land.Handling{Map: map[string]string{}})
			if codes(found) != c.codes || d.CRS != c.crs || d.Encoding != c.encoding || d.Format != c.format {
				t.Errorf("%+v", d)
			}
			if !slices.ContainsFunc(found, func(f land.Finding) bool { return strings.Contains(f.Message, "颜色") }) {
				t.Errorf("the unknown column is not named: %v", found)
			}
			if len(drafts) == 0 {
				t.Fatal(found)
			}
			checkPlots(t, drafts)
			if day := drafts[0].SuppliedOn.String(); day != "2016-05-20" && c.format != KML { // ogr2ogr gives KML no dates
				t.Errorf("day %q", day)
			}
		})
	}
}

func TestColumnsAreMapped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := write(t, dir, "plots.geojson", strings.NewReplacer(`"plot_no"`, `"编号"`, `"land_use"`, `"YDDM"`).Replace(plots))
	ogr2ogr(t, filepath.Join(dir, "plots.shp"), src, "-lco", "ENCODING=GBK")
	drafts, _, found := read(t, filepath.Join(dir, "plots.shp"), Shapefile, land.Handling{Map: map[string]string{"编号": "plot_no", "颜色": "holder", "=planned": "status"}})
	if len(drafts) != 2 {
		t.Fatal(found)
	}
	if a := drafts[0]; a.PlotNo != "PY-01" || a.UseText() != "A35" || a.Holder != "红" || a.Status != land.Planned {
		t.Errorf("%+v", a.Attributes)
	}
}

// prj is an ESRI .prj without an EPSG code.
func prj(datum, ellipsoid string, meridian, easting float64) string {
	return fmt.Sprintf(`PROJCS["项目坐标系",GEOGCS["GCS",DATUM["%s",SPHEROID["%s]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%v],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%v],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`, datum, ellipsoid, easting, meridian)
}

func TestReferenceSystemsOfShapefiles(t *testing.T) {
	t.Parallel()
	const cgcs = `CGCS2000",6378137.0,298.257222101`
	dir := t.TempDir()
	src := write(t, dir, "plots.geojson", plots)
	for i, c := range []struct {
		name, prj string
		h         land.Handling
		crs       geo.CRS // 0: refused
		says      string
	}{
		{"own name", prj("D_CGCS_2000", cgcs, 114, 38500000), land.Handling{}, 4526, ""},
		{"own name, plane without zone", prj("D_China_2000", cgcs, 114, 500000), land.Handling{}, 0, "EPSG:4526"},
		{"Xi'an 1980", prj("D_Xian_1980", `Xian_1980",6378140.0,298.257`, 114, 38500000), land.Handling{}, 0, "local transformation parameters"},
		{"Beijing 1954", prj("D_Beijing_1954", `Krasovsky_1940",6378245.0,298.3`, 114, 38500000), land.Handling{}, 0, "local transformation parameters"},
		{"Beijing 1954 by its ellipsoid", prj("D_Unknown", `Krasovsky_1940",6378245.0,298.3`, 113.5, 500000), land.Handling{}, 0, "local transformation parameters"},
		{"other datum on the same ellipsoid", prj("D_North_American_1983", `GRS_1980",6378137.0,298.257222101`, 114, 38500000), land.Handling{}, 0, "not CGCS2000"},
		{"local meridian", prj("D_CGCS_2000", cgcs, 113.5, 500000), land.Handling{}, 0, "no Gauss-Krüger zone"},
		{"asked for", prj("D_North_American_1983", `GRS_1980",6378137.0,298.257222101`, 114, 38500000), land.Handling{CRS: 4526}, 4526, ""},
		{"none", "", land.Handling{}, 0, "look like EPSG:4526"},
		{"none, asked for", "", land.Handling{CRS: 4526}, 4526, ""},
		{"wrong one asked for", "", land.Handling{CRS: 4547}, 0, "fit EPSG:4526"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(dir, fmt.Sprintf("s%d.shp", i))
			ogr2ogr(t, file, src)
			own := strings.TrimSuffix(file, ".shp") + ".prj"
			if err := os.Remove(own); err != nil {
				t.Fatal(err)
			}
			if c.prj != "" {
				write(t, dir, filepath.Base(own), c.prj)
			}
			drafts, d, found := read(t, file, Shapefile, c.h)
			if c.crs != 0 && (len(drafts) != 2 || d.CRS != c.crs) {
				t.Errorf("%+v %v", d, found)
			}
			if c.crs == 0 && (len(drafts) != 0 || !strings.Contains(fmt.Sprint(found), c.says)) {
				t.Errorf("findings %v, want %q", found, c.says)
			}
		})
	}
}
