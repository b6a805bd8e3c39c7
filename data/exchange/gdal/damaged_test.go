package gdal

import (
	"archive/zip"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
)

func TestDamagedFilesAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := write(t, dir, "plots.geojson", plots)
	ogr2ogr(t, filepath.Join(dir, "good.shp"), src, "-lco", "ENCODING=GBK")
	ogr2ogr(t, filepath.Join(dir, "lines.shp"), src, "-nlt", "MULTILINESTRING")
	ogr2ogr(t, filepath.Join(dir, "good.gpkg"), src)
	ogr2ogr(t, filepath.Join(dir, "two.gpkg"), src, "-nln", "a")
	ogr2ogr(t, "-update", filepath.Join(dir, "two.gpkg"), src, "-nln", "b")
	write(t, dir, "curve.csv", "WKT,plot_no\n\"CURVEPOLYGON(CIRCULARSTRING(443600 2543900,443650 2543950,443700 2543900,443650 2543850,443600 2543900))\",1\nPOINT EMPTY,2\nPOINT(1 1),3\n\"POLYGON((443600 2543900,443700 2543900,443600 2543900))\",4\n,5\n\"POLYGON((0 0,1e300 0,1 nan,0 0))\",6\n")
	ogr2ogr(t, filepath.Join(dir, "curve.gpkg"), filepath.Join(dir, "curve.csv"), "-oo", "GEOM_POSSIBLE_NAMES=WKT", "-a_srs", "EPSG:4547", "-nlt", "GEOMETRY")
	good := parts(t, dir, "good")
	shp := slices.DeleteFunc(slices.Clone(good), func(s string) bool { return strings.HasSuffix(s, ".gpkg") })
	cut := func(name, ext string, keep int) string {
		sub := filepath.Join(dir, name)
		if err := os.Mkdir(sub, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, file := range shp {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Ext(file) == ext {
				if keep == 0 {
					continue
				}
				raw = raw[:keep]
			}
			write(t, sub, filepath.Base(file), string(raw))
		}
		return filepath.Join(sub, "good.shp")
	}
	whole := zipped(t, filepath.Join(dir, "whole.zip"), shp...)
	raw, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, file, format, codes, says string }{
		{".shp cut off", cut("cutshp", ".shp", 300), Shapefile, "1101", "cut off"},
		{".shp header cut off", cut("cutshp2", ".shp", 50), Shapefile, "1101", "cut off"},
		{".shx cut off", cut("cutshx", ".shx", 104), Shapefile, "1101", "cut off"},
		{".dbf cut off", cut("cutdbf", ".dbf", 300), Shapefile, "1101", "cut off"},
		{"no .shx", cut("noshx", ".shx", 0), Shapefile, "1101", ".shx"},
		{"no .dbf", cut("nodbf", ".dbf", 0), Shapefile, "1101", ".dbf"},
		{"lines", filepath.Join(dir, "lines.shp"), Shapefile, "2101", "lines"},
		{"zip cut off", write(t, dir, "cut.zip", string(raw[:len(raw)-100])), Shapefile, "1101", "zip file cannot be read"},
		{"zip damaged", write(t, dir, "bad.zip", string(raw[:60])+strings.Repeat("x", 100)+string(raw[160:])), Shapefile, "1101", "cannot be taken out"},
		{"zip without .shp", zipped(t, filepath.Join(dir, "no.zip"), src), Shapefile, "1101", "no .shp"},
		{"zip in a zip", zipped(t, filepath.Join(dir, "nested.zip"), whole), Shapefile, "1101", "another archive"},
		{"two Shapefiles", zipped(t, filepath.Join(dir, "two.zip"), slices.Concat(shp, []string{write(t, dir, "other.shp", string(mustRead(t, shp, ".shp")))})...), Shapefile, "2101", "several"},
		{"GeoPackage of two layers", filepath.Join(dir, "two.gpkg"), GeoPackage, "2101", "a (Unknown (any)), b (Unknown (any))"},
		{"GeoPackage that is none", src, GeoPackage, "1101", ""},
		{"GeoPackage cut off", write(t, dir, "cut.gpkg", string(mustRead(t, good, ".gpkg"))[:9000]), GeoPackage, "1101", ""},
		{"curves and worse", filepath.Join(dir, "curve.gpkg"), GeoPackage, "1108 2101 2101 2101 2101 2102 2113", ""},
		{"virtual layer as a Shapefile", write(t, dir, "vrt.shp", `<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`), Shapefile, "1101", ""},
		{"virtual layer as KML", write(t, dir, "vrt.kml", `<OGRVRTDataSource><OGRVRTLayer name="good"><SrcDataSource>`+filepath.Join(dir, "good.shp")+`</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`), KML, "1101", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			drafts, _, found := read(t, c.file, c.format, land.Handling{})
			if len(drafts) != 0 || codes(found) != c.codes || !strings.Contains(fmt.Sprint(found), c.says) {
				t.Errorf("%d plots, findings %v", len(drafts), found)
			}
			if strings.Contains(fmt.Sprint(found), os.TempDir()+"/dikuai") {
				t.Errorf("a private path is told: %v", found)
			}
		})
	}
}

func mustRead(t *testing.T, files []string, ext string) []byte {
	t.Helper()
	for _, file := range files {
		if filepath.Ext(file) == ext {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return raw
		}
	}
	t.Fatalf("no %s among %v", ext, files)
	return nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestZipBombsAreRefusedUnopened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bomb := func(name string, size int64, entries ...string) string {
		file := filepath.Join(dir, name)
		out, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		z := zip.NewWriter(out)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
		for _, entry := range entries {
			w, err := z.Create(entry)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.CopyN(w, zeros{}, size); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return file
	}
	many := make([]string, 1001)
	for i := range many {
		many[i] = fmt.Sprintf("f%d.txt", i)
	}
	for _, c := range []struct{ name, file, says string }{
		{"2 GiB of zeros", bomb("huge.zip", 2<<30, "a.shp"), "more than 1024 MiB"},
		{"padding", bomb("padded.zip", 64<<20, "a.shp"), "times its size"},
		{"many entries", bomb("many.zip", 0, many...), "1001 entries"},
		{"a name that climbs", bomb("climb.zip", 10, "../../a.shp"), "leads out"},
		{"a name that climbs the Windows way", bomb("climb2.zip", 10, `..\a.shp`), "leads out"},
		{"an absolute name", bomb("root.zip", 10, "/etc/a.shp"), "leads out"},
	} {
		_, _, found := read(t, c.file, Shapefile, land.Handling{})
		if len(found) != 1 || !strings.Contains(found[0].Message, c.says) {
			t.Errorf("%s: %v", c.name, found)
		}
	}
}

func TestNamesInChineseZipFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := write(t, dir, "plots.geojson", plots)
	ogr2ogr(t, filepath.Join(dir, "good.shp"), src, "-lco", "ENCODING=GBK")
	file := filepath.Join(dir, "zip.zip")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(out)
	for _, part := range parts(t, dir, "good") {
		name, err := simplifiedchinese.GBK.NewEncoder().String("番禺/地块" + strings.ToUpper(filepath.Ext(part)))
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, NonUTF8: true, Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(mustRead(t, []string{part}, filepath.Ext(part)))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	drafts, _, found := read(t, file, Shapefile, land.Handling{})
	if len(drafts) != 2 {
		t.Fatal(found)
	}
	checkPlots(t, drafts)
}

func TestReadingIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	src := write(t, dir, "plots.geojson", plots)
	file := filepath.Join(dir, "plots.gpkg")
	ogr2ogr(t, file, src)
	nothing := func(land.Draft) error { return nil }
	var invalid *land.InvalidError
	if _, err := (Limits{Time: time.Millisecond}).Read(t.Context(), file, GeoPackage, land.Handling{}, nothing); !errors.As(err, &invalid) {
		t.Errorf("time: %v", err)
	}
	if _, err := (Limits{Memory: 32 << 20}).Read(t.Context(), file, GeoPackage, land.Handling{}, nothing); !errors.As(err, &invalid) {
		t.Errorf("memory: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, file, GeoPackage, land.Handling{}, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	full := errors.New("disk is full")
	if _, err := Read(t.Context(), file, GeoPackage, land.Handling{}, func(land.Draft) error { return full }); !errors.Is(err, full) {
		t.Errorf("emit: %v", err)
	}
}
