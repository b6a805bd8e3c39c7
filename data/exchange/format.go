// Package exchange is the table of file formats in which plots are delivered,
// and the one door through which a file of any of them is read. Each format has
// a folder of its own.
package exchange

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/boundary"
	"github.com/dikuai/dikuai/data/exchange/gdal"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
)

// Format is a file format that can be read.
type Format struct {
	Name             string // as commands and the API say it
	TitleZh, TitleEn string
	Extensions       []string // lower case, with the dot, the customary one first
}

// Formats lists the formats.
func Formats() []Format {
	return []Format{
		{boundary.Name, "勘测定界界址点文件", "boundary-point TXT", []string{".txt"}},
		{geojson.Name, "GeoJSON", "GeoJSON", []string{".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson"}},
		{gdal.Shapefile, "Shapefile(压缩包)", "Shapefile (zipped)", []string{".zip", ".shp"}},
		{gdal.GeoPackage, "GeoPackage", "GeoPackage", []string{".gpkg"}},
		{gdal.DXF, "CAD 交换图形 DXF", "AutoCAD DXF", []string{".dxf"}},
		{gdal.KML, "KML", "KML", []string{".kml", ".kmz"}},
		{gdal.FileGDB, "文件地理数据库(压缩包)", "file geodatabase (zipped)", []string{".gdb.zip", ".gdb"}},
	}
}

// names lists the formats for a message.
func names() string {
	var all []string
	for _, f := range Formats() {
		all = append(all, f.Name)
	}
	return strings.Join(all, ", ")
}

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
	if !slices.ContainsFunc(Formats(), func(f Format) bool { return f.Name == format }) {
		return land.Delivery{}, land.Invalid("format", fmt.Sprintf("format %q is not known", format), "use one of "+names())
	}
	var read func(io.Reader, land.Handling, func(land.Draft) error) (land.Delivery, error)
	switch format {
	case boundary.Name:
		read = boundary.Read
	case geojson.Name:
		read = geojson.Read
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
