package exchange

import (
	"archive/zip"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
)

const text = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=38\n[地块坐标]\n" +
	"4,1.0000,P-1,甲,面,,,A35,@\nJ1,1,2543900.000,38443600.000\nJ2,1,2543900.000,38443700.000\nJ3,1,2543800.000,38443700.000\nJ1,1,2543900.000,38443600.000\n"

const features = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"plot_no":"P-1"},"geometry":{"type":"Polygon","coordinates":[[[113.45,22.99],[113.451,22.99],[113.451,22.991],[113.45,22.99]]]}}]}`

func TestFormatsAreDetectedByContentThenName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	packed := func(name, entry string) string {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z := zip.NewWriter(f)
		if _, err := z.Create(entry); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return f.Name()
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	source := write("src.json", features)
	for _, args := range [][]string{{filepath.Join(dir, "a.gpkg")}, {filepath.Join(dir, "a.shp")}, {"-f", "LIBKML", filepath.Join(dir, "a.kml")}, {"-f", "DXF", filepath.Join(dir, "a.dxf"), "-select", ""}, {"-f", "OpenFileGDB", filepath.Join(dir, "a.gdb")}} {
		if out, err := exec.Command("ogr2ogr", append(args, source)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	rename := func(from, to string) string {
		raw, err := os.ReadFile(filepath.Join(dir, from))
		if err != nil {
			t.Fatal(err)
		}
		return write(to, string(raw))
	}
	for _, c := range []struct{ file, want string }{
		{write("gbk.dat", gbk), "boundary-txt"},
		{write("utf8.json", text), "boundary-txt"},
		{write("bare.dat", "4,1.0,P,a,,,,A35,@\r\n1,1,2,3\r\n"), "boundary-txt"},
		{write("utf16.txt", "\xFF\xFE["), "boundary-txt"},
		{source, "geojson"},
		{write("seq.txt", "\x1e"+features), "geojson"},
		{rename("a.gpkg", "gpkg.dat"), "geopackage"},
		{filepath.Join(dir, "a.shp"), "shapefile"},
		{rename("a.kml", "kml.xml"), "kml"},
		{rename("a.dxf", "dxf.txt"), "dxf"},
		{filepath.Join(dir, "a.gdb"), "filegdb"},
		{packed("shp.zip", "dir/A.SHP"), "shapefile"},
		{packed("gdb.zip", "a.gdb/a00000001.gdbtable"), "filegdb"},
		{packed("kmz.zip", "doc.kml"), "kml"},
		{packed("sheet.dat", "xl/workbook.xml"), "xlsx"},
		{write("rows.dat", "\ufeffplot_no,land_use,\"WKT\"\r\n"), "csv"},
		{write("cut.zip", "PK\x03\x04"), "shapefile"},
		{write("unknown.dat", "hello"), ""},
		{write("unknown.dwg", "AC1021"), ""},
		{dir, ""},
	} {
		got, err := Detect(c.file)
		var invalid *land.InvalidError
		if got != c.want || (c.want == "") != errors.As(err, &invalid) {
			t.Errorf("%s: %q %v, want %q", filepath.Base(c.file), got, err, c.want)
		}
	}
}

func TestReadGoesToTheFormat(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"a.txt": text, "a.json": features} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		plots := 0
		d, err := Read(t.Context(), file, "", land.Handling{}, func(land.Draft) error { plots++; return nil })
		if err != nil || plots != 1 || d.Plots != 1 {
			t.Errorf("%s: %+v %v", name, d, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := Read(ctx, file, "", land.Handling{}, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, cancelled: %v", name, err)
		}
		if _, err := Read(t.Context(), file, "dwg", land.Handling{}, nil); err == nil || !strings.Contains(err.Error(), "boundary-txt") {
			t.Errorf("unknown format: %v", err)
		}
	}
	if _, err := Read(t.Context(), filepath.Join(dir, "none.txt"), "", land.Handling{}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}
