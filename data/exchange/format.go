// Package exchange is the table of file formats in which plots are delivered and
// taken out, and the one door through which a file of any of them is read or
// written. Each format has a folder of its own.
package exchange

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/boundary"
	"github.com/dikuai/dikuai/data/exchange/csv"
	"github.com/dikuai/dikuai/data/exchange/gdal"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/exchange/xlsx"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Format is a file format that can be read, written, or both.
type Format struct {
	Name             string // as commands and the API say it
	TitleZh, TitleEn string
	Extensions       []string // lower case, with the dot; the first is the one that is written
	ContentType      string   // of what is written; empty: it is only read
	CRS              geo.CRS  // in which it is written unless another is asked for; 0: it has no coordinates
	WriteOnly        bool     // it cannot be read as plots
}

// Formats lists the formats.
func Formats() []Format {
	return []Format{
		{boundary.Name, "勘测定界界址点文件", "boundary-point TXT", []string{".txt"}, "text/plain; charset=gb18030", geo.GK38, false},
		{geojson.Name, "GeoJSON", "GeoJSON", []string{".geojson", ".json"}, "application/geo+json", geo.CGCS2000, false},
		{geojson.Sequence, "GeoJSON 序列", "GeoJSON text sequence", []string{".geojsons", ".geojsonl", ".ndjson", ".geojsonseq"}, "application/geo+json-seq", geo.CGCS2000, false},
		{gdal.Shapefile, "Shapefile(压缩包)", "Shapefile (zipped)", []string{".zip", ".shp"}, "application/zip", geo.CGCS2000, false},
		{gdal.GeoPackage, "GeoPackage", "GeoPackage", []string{".gpkg"}, "application/geopackage+sqlite3", geo.CGCS2000, false},
		{gdal.DXF, "CAD 交换图形 DXF", "AutoCAD DXF", []string{".dxf"}, "image/vnd.dxf", geo.GK114, false},
		{gdal.KML, "KML", "KML", []string{".kml", ".kmz"}, "application/vnd.google-earth.kml+xml", geo.WGS84, false},
		{gdal.FileGDB, "文件地理数据库(压缩包)", "file geodatabase (zipped)", []string{".gdb.zip", ".gdb"}, "", 0, false},
		{csv.Name, "CSV(含 WKT)", "CSV with WKT", []string{".csv"}, "text/csv; charset=utf-8", geo.CGCS2000, false},
		{xlsx.Name, "Excel 属性表", "Excel sheet of attributes", []string{".xlsx"}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 0, true},
	}
}

// names lists the formats of a kind for a message.
func names(of func(Format) bool) string {
	var all []string
	for _, f := range Formats() {
		if of(f) {
			all = append(all, f.Name)
		}
	}
	return strings.Join(all, ", ")
}

// useOneOf says what there is to choose from.
func useOneOf(names string) geo.Words { return geo.Say("可用：%s", "use one of %s", names) }

func readable(f Format) bool { return !f.WriteOnly }

// Read reads the plots of a file and hands each to emit. An empty format is
// detected. A file that breaks a rule gives a *land.InvalidError with all its
// faults; emit may have been called before, and what it was given is then to be
// thrown away. Other errors are of ctx, the machine and emit.
func Read(ctx context.Context, path, format string, h land.Handling, emit func(land.Draft) error) (land.Delivery, error) {
	if format == "" {
		var err error
		if format, err = Detect(path); err != nil {
			return land.Delivery{}, err
		}
	}
	if !slices.ContainsFunc(Formats(), func(f Format) bool { return f.Name == format && !f.WriteOnly }) {
		return land.Delivery{}, land.Invalid("format", geo.Say("不能从 %q 格式读取地块", "plots are not read from format %q", format), useOneOf(names(readable)))
	}
	var read func(io.Reader, land.Handling, func(land.Draft) error) (land.Delivery, error)
	switch format {
	case boundary.Name:
		read = boundary.Read
	case geojson.Name, geojson.Sequence:
		read = geojson.Read
	case csv.Name:
		read = csv.Read
	default:
		return gdal.Read(ctx, path, format, h, emit)
	}
	f, err := os.Open(path)
	if err != nil {
		return land.Delivery{}, err
	}
	defer f.Close()
	return read(reader{ctx, f}, h, emit)
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
