package exchange

import (
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/boundary"
	"github.com/dikuai/dikuai/data/exchange/csv"
	"github.com/dikuai/dikuai/data/exchange/dxf"
	"github.com/dikuai/dikuai/data/exchange/gdal"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/exchange/kml"
	"github.com/dikuai/dikuai/data/exchange/shapefile"
	"github.com/dikuai/dikuai/data/exchange/xlsx"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Options says how plots are taken out, and what the file tells of itself.
type Options = outlet.Options

// The encodings that Options.Encoding may name.
const (
	UTF8 = outlet.UTF8
	GBK  = outlet.GBK
)

// DemonstrationNote is what every file of a layout drawn for show says.
const DemonstrationNote = outlet.DemonstrationNote

func writable(f Format) bool { return f.ContentType != "" }

// LookupWritten finds a format that can be written, by its name or by the
// extension of what is written. Another gives a *land.InvalidError.
func LookupWritten(name string) (Format, error) {
	name = strings.ToLower(name)
	for _, f := range Formats() {
		if writable(f) && (f.Name == name || f.Extensions[0] == "."+name) {
			return f, nil
		}
	}
	return Format{}, land.Invalid("format", geo.Say("不能以 %q 格式输出地块", "plots are not taken out as %q", name), useOneOf(WrittenNames()))
}

// WrittenNames lists the formats that can be written.
func WrittenNames() string { return names(writable) }

// IsText says whether what is written is text, which may go to a terminal.
func (f Format) IsText() bool {
	switch f.Name {
	case gdal.Shapefile, gdal.GeoPackage, xlsx.Name:
		return false
	}
	return writable(f)
}

// Write writes plots, whose boundaries are EPSG:4490, lon/lat, as a file of a
// format. Coordinates of a plane are put on the 0.001 m grid, which gives a
// surveyor's own numbers back. A reference system that the format cannot hold is
// a *geo.UnsupportedCRSError, an unknown format a *land.InvalidError. An error of
// plots or of ctx ends the writing and is given back; what w has got by then is
// no file.
func Write(ctx context.Context, w io.Writer, format string, o Options, plots iter.Seq2[*land.Plot, error]) error {
	f, err := LookupWritten(format)
	if err != nil {
		return err
	}
	if err := f.Check(o); err != nil {
		return err
	}
	if o.CRS == 0 {
		o.CRS = f.CRS
	}
	plots = until(ctx, plots)
	switch f.Name {
	case boundary.Name:
		return boundary.Write(w, plots, boundary.Options{CRS: o.CRS, UTF8: o.Encoding == UTF8, Producer: o.Heading(), Date: o.At})
	case geojson.Name:
		return geojson.Write(w, o, plots)
	case geojson.Sequence:
		return geojson.WriteSequence(w, o, plots)
	case gdal.Shapefile:
		return shapefile.Write(w, o, plots)
	case gdal.GeoPackage:
		return gdal.WriteGeoPackage(ctx, w, o, plots)
	case gdal.DXF:
		return dxf.Write(w, o, plots)
	case gdal.KML:
		return kml.Write(w, o, plots)
	case csv.Name:
		return csv.Write(w, o, plots)
	case xlsx.Name:
		return xlsx.Write(w, o, plots)
	}
	return fmt.Errorf("format %s has no writer", f.Name)
}

// WriteRegister writes all plots of a register of one park, in their order. What
// the file tells of itself is the register's; o says the rest.
func WriteRegister(ctx context.Context, w io.Writer, format string, o Options, r land.Register) error {
	if len(r.Parks) != 1 {
		return fmt.Errorf("a file holds the plots of one park and not of %d", len(r.Parks))
	}
	o.Title, o.At, o.Seq, o.Demonstration = TitleOf(r.Parks[0]), r.At, r.Seq, r.Parks[0].Demonstration
	if f, err := LookupWritten(format); err == nil && o.CRS == 0 && f.Name == gdal.DXF {
		o.CRS = r.Parks[0].PlaneCRS
	}
	return Write(ctx, w, format, o, func(yield func(*land.Plot, error) bool) {
		for i := range r.Plots {
			if !yield(&r.Plots[i], nil) {
				return
			}
		}
	})
}

// TitleOf is the title of a park's plots, such as "番禺园区地块".
func TitleOf(p land.Park) string {
	name := p.NameZh
	if name == "" {
		name = string(p.Code)
	}
	return name + "地块"
}

// Check refuses options that the format cannot be written with: a
// *geo.UnsupportedCRSError or a *land.InvalidError.
func (f Format) Check(o Options) error {
	if o.Encoding != "" && o.Encoding != UTF8 && o.Encoding != GBK {
		return land.Invalid("encoding", geo.Say("不认识的编码 %q", "encoding %q is not known", o.Encoding), geo.Say("可用 %s 或 %s", "use %s or %s", UTF8, GBK))
	}
	if o.Encoding == GBK && f.Name != gdal.Shapefile && f.Name != boundary.Name {
		return land.Invalid("encoding", geo.Say("%s总是 UTF-8", "%s is always UTF-8", f.title()), geo.Say("请勿指定编码", "leave the encoding out"))
	}
	return f.hold(o.CRS)
}

func (f Format) title() geo.Words { return geo.Words{Zh: f.TitleZh, En: f.TitleEn} }

// hold refuses a reference system in which the format cannot be written; 0 is
// its own.
func (f Format) hold(crs geo.CRS) error {
	if crs == 0 {
		return nil
	}
	if err := crs.Supported(); err != nil {
		return err
	}
	refuse := func(reason geo.Words) error { return geo.Unsupported(crs.String(), reason) }
	switch f.Name {
	case geojson.Name, geojson.Sequence, gdal.KML:
		if !crs.Geographic() {
			return refuse(geo.Say("%s只能存放经纬度（EPSG:4490、4326）；平面坐标请用 csv、geopackage、shapefile、dxf 或 boundary-txt 输出",
				"%s holds longitude and latitude only (EPSG:4490, 4326); take plane coordinates out as csv, geopackage, shapefile, dxf or boundary-txt", f.title()))
		}
	case boundary.Name, gdal.DXF:
		if !crs.Plane() {
			return refuse(geo.Say("%s只能存放高斯－克吕格平面坐标，例如 EPSG:4547 或 EPSG:4526",
				"%s holds coordinates of a Gauss-Krüger plane only, such as EPSG:4547 or EPSG:4526", f.title()))
		}
	case xlsx.Name:
		return refuse(geo.Say("属性表不含坐标", "the sheet of attributes holds no coordinates"))
	}
	return nil
}

// until ends plots with ctx.
func until(ctx context.Context, plots iter.Seq2[*land.Plot, error]) iter.Seq2[*land.Plot, error] {
	return func(yield func(*land.Plot, error) bool) {
		for p, err := range plots {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
