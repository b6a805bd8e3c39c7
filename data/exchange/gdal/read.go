// Package gdal reads plots from Shapefile, GeoPackage, DXF, KML and file
// geodatabases through GDAL's command-line programs, each run as a bounded child
// process on a file in a private directory, with all drivers but one left out
// and without a network where the system allows that. Coordinates come back in
// the file's own reference system, x before y, bit for bit.
package gdal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Names of the formats in the format table.
const (
	Shapefile  = "shapefile"
	GeoPackage = "geopackage"
	KML        = "kml"
	DXF        = "dxf"
	FileGDB    = "filegdb"
)

// driverOf is GDAL's name for a format's driver.
var driverOf = map[string]string{
	Shapefile:  "ESRI Shapefile",
	GeoPackage: "GPKG",
	KML:        "LIBKML",
	DXF:        "DXF",
	FileGDB:    "OpenFileGDB",
}

// Read is Limits.Read with the default limits.
func Read(ctx context.Context, path, format string, h land.Handling, emit func(land.Draft) error) (land.Delivery, error) {
	return Limits{}.Read(ctx, path, format, h, emit)
}

// Read reads the plots of a file and hands each to emit: a Shapefile as .shp or
// zipped, a geodatabase as folder or zipped, a KML or KMZ, a GeoPackage or a
// DXF. The only layer of polygons is taken. The reference system is h.CRS, else
// the file's. Every fault is collected into one *land.InvalidError; emit may
// have been called before the first is found. Other errors are of ctx, the
// machine and emit.
func (l Limits) Read(ctx context.Context, path, format string, h land.Handling, emit func(land.Draft) error) (land.Delivery, error) {
	delivery := land.Delivery{Format: format}
	driver, ok := driverOf[format]
	if !ok {
		return delivery, fmt.Errorf("format %q is not read with GDAL", format)
	}
	dir, err := os.MkdirTemp("", "dikuai-exchange-")
	if err != nil {
		return delivery, err
	}
	defer os.RemoveAll(dir)
	l = l.withDefaults()
	s, err := prepare(format, path, dir, l)
	if err != nil {
		return delivery, err
	}
	delivery.Encoding = s.encoding
	r := &reader{tool: tool{drivers: []string{driver}, dir: dir, env: s.env, limits: l}, source: s, h: h, emit: emit, decode: decodeGeometry, delivery: delivery}
	r.columns = intake.NewColumns(h, &r.log, s.ignored...)
	err = r.read(ctx)
	switch {
	case errors.Is(err, errUnreadable):
		r.log.Add(land.Finding{Code: "1101", Severity: land.Block}.Saying(
			geo.WordsOf(err), geo.Say("请确认文件完整且格式无误，并重新提交", "check that the file is whole and of the format; deliver it again")))
	case err != nil:
		return r.delivery, err
	}
	return r.log.Finish(r.delivery)
}

type reader struct {
	tool     tool
	source   source
	h        land.Handling
	emit     func(land.Draft) error
	log      intake.Log
	columns  *intake.Columns
	extent   intake.Extent
	drawing  *drawing // of a DXF
	row      int
	decode   func([]byte) (orb.Geometry, error)
	delivery land.Delivery
}

func (r *reader) read(ctx context.Context) error {
	all, err := r.tool.layers(ctx, r.source)
	if err != nil {
		return err
	}
	chosen, fault := choose(all)
	if fault != nil {
		r.log.Add(*fault)
		return nil
	}
	r.remarkLayers(all, chosen)
	if !r.system(chosen) {
		return nil
	}
	if r.delivery.Format == DXF {
		r.drawing = &drawing{kinds: r.source.kinds}
	}
	if r.delivery.Format == GeoPackage {
		if p, err := openPackaged(r.source.path, chosen.name); err == nil {
			return r.readPackaged(ctx, p)
		}
	}
	only := ""
	if len(all) > 1 {
		only = chosen.name
	}
	return r.readByGDAL(ctx, only)
}

// readByGDAL has ogr2ogr write the features of a layer, or of the only one.
func (r *reader) readByGDAL(ctx context.Context, layer string) error {
	args := []string{"-f", writer, "/vsistdout/", r.source.path, "-dim", "XY", "-nlt", "GEOMETRY", "-nln", "plots",
		"-lco", "CREATE_TABLE=NO", "-lco", "DROP_TABLE=NO", "-lco", "LAUNDER=NO", "-lco", "SPATIAL_INDEX=NONE", "-lco", "GEOMETRY_NAME=geom"}
	args = append(args, r.source.openOptions...)
	if layer != "" {
		args = append(args, layer)
	}
	consume := func(out io.Reader) error { return copyText(out, r.source.decode, r.feature) }
	messages, err := r.tool.start(ctx, consume, "ogr2ogr", args...)
	if err != nil {
		return err
	}
	if i := strings.Index(messages, "ERROR "); i >= 0 {
		line, _, _ := strings.Cut(messages[i:], "\n")
		return &unreadableError{geo.Names(line)}
	}
	if r.drawing != nil {
		r.drawing.finish(&r.log, r.columns)
		for _, p := range r.drawing.plots {
			if err := r.plot(p.row, p.boundary, p.texts); err != nil {
				return err
			}
		}
	}
	r.columns.Finish()
	return nil
}

// readPackaged reads the features of a GeoPackage without GDAL.
func (r *reader) readPackaged(ctx context.Context, p *packaged) error {
	defer p.file.Close()
	r.decode = decodePackaged
	err := p.features(r.source.decode, func(f record) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return r.feature(f)
	})
	if err == nil {
		r.columns.Finish()
	}
	return err
}

func (r *reader) remarkLayers(all []layer, chosen layer) {
	var left []string
	for _, l := range all {
		if l.name != chosen.name {
			left = append(left, l.String())
		}
	}
	if len(left) > 0 {
		r.log.Add(land.Finding{Code: "2101", Severity: land.Inform}.Saying(
			geo.Say("读取了图层 %s；未读取 %s", "layer %s was read; not read were %s", chosen.name, strings.Join(left, ", ")), geo.Words{}))
	}
	if strings.HasPrefix(chosen.geometry, "3D ") {
		r.log.Add(land.Finding{Code: "2114", Severity: land.Inform}.Saying(geo.Say("高程（Z）已舍去", "heights (Z) were dropped"), geo.Words{}))
	}
}

// system settles the reference system for the whole file.
func (r *reader) system(l layer) bool {
	crs, err := r.h.CRS, error(nil)
	if crs == 0 {
		crs, err = identify(l.wkt)
	}
	if err == nil && crs == 0 {
		crs = r.source.crs
	}
	if err == nil && crs == 0 {
		remedy := geo.Say("请用 --crs 指定，例如 --crs EPSG:4547，或附上 .prj", "give it with --crs, such as --crs EPSG:4547, or add the .prj")
		if l.middle != nil {
			if guess, _, ok := intake.Guess(*l.middle); ok {
				remedy = geo.Say("%s；坐标看来是 %s", "%s; the coordinates look like %s", remedy, guess)
			}
		}
		r.log.Add(land.Finding{Code: "1103", Severity: land.Block}.Saying(geo.Say("文件未写明坐标系", "the file names no reference system"), remedy))
		return false
	}
	if err == nil {
		r.extent, err = intake.NewExtent(crs)
	}
	if err != nil {
		r.log.Add(land.Finding{Code: "1103", Severity: land.Block}.Saying(
			geo.WordsOf(err), geo.Say("请以 CGCS2000 提交，例如 EPSG:4547", "deliver the file in CGCS2000, such as EPSG:4547")))
		return false
	}
	r.delivery.CRS = crs
	return true
}

// feature takes one feature from GDAL.
func (r *reader) feature(f record) error {
	r.row++
	texts := f.texts
	for alias, name := range r.source.renamed {
		if text, ok := texts[alias]; ok {
			delete(texts, alias)
			texts[name] = text
		}
	}
	site := intake.Site{Row: r.row, PlotNo: texts["plot_no"], CRS: r.extent.CRS}
	if len(f.geometry) == 0 {
		site.Refuse(&r.log, "2101", geo.Say("要素没有图形", "the feature has no geometry"), geo.Say("请画出地块界址，或删去该记录", "draw the plot's boundary, or take the record out"))
		return nil
	}
	g, err := r.decode(f.geometry)
	switch {
	case errors.Is(err, errCurve):
		site.Refuse(&r.log, "2113", geo.WordsOf(errCurve), noArcs)
		return nil
	case err != nil:
		site.Refuse(&r.log, "2101", geo.WordsOf(err), givePolygons)
		return nil
	}
	if r.drawing != nil {
		if texts["PaperSpace"] != "t" && texts["PaperSpace"] != "1" {
			r.drawing.add(&r.log, r.row, r.extent.CRS, g, texts)
		}
		return nil
	}
	switch g := g.(type) {
	case orb.Polygon:
		if len(g) == 0 {
			return r.plot(r.row, nil, texts)
		}
		return r.plot(r.row, geo.MultiPolygon{g}, texts)
	case orb.MultiPolygon:
		return r.plot(r.row, g, texts)
	}
	site.Refuse(&r.log, "2101", geo.Say("图形是 %s", "the geometry is a %s", g.GeoJSONType()), givePolygons)
	return nil
}

// plot cleans a plot and hands it on.
func (r *reader) plot(row int, boundary geo.MultiPolygon, texts map[string]string) error {
	before := r.log.Faults()
	a := r.columns.Attributes(row, texts)
	site := intake.Site{Row: row, PlotNo: a.PlotNo, CRS: r.extent.CRS}
	boundary = site.Clean(&r.log, boundary)
	if boundary == nil || !r.extent.Check(&r.log, site, boundary) || r.log.Faults() > before {
		return nil
	}
	r.delivery.Plots++
	if before > 0 {
		return nil
	}
	return r.emit(land.Draft{Row: row, Attributes: a, Boundary: boundary, CRS: r.extent.CRS})
}
