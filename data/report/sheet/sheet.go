// Package sheet draws map sheets (图件): the red-line map of a plot (地块红线图) and
// the land-use plan of a park (园区用地规划图), at a true scale in the park's plane,
// north up.
//
// A sheet is first a model: pages of marks, each a line, an area, a circle or a
// text at its place, so that what is drawn can be measured before it is printed.
// The renderers only draw the marks: [Sheet.PDF], [Sheet.PNG] and [Sheet.DXF].
// Paper is measured in millimetres from a page's upper left corner, the ground in
// metres of the plane, east before north.
package sheet

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// Names of the sheets.
const (
	PlotMapName = "plot-map" // 地块红线图
	ParkMapName = "park-map" // 园区用地规划图
)

// Names lists the sheets.
func Names() []string { return []string{PlotMapName, ParkMapName} }

// Named tells whether there is a sheet of that name.
func Named(name string) bool { return slices.Contains(Names(), name) }

// Sheet is a map sheet, ready to print.
type Sheet struct {
	Name     string    // such as "plot-map"
	Title    string    // such as "番禺园区 PY-01-02 地块红线图"
	Number   string    // 图号
	AsOf     land.Date // 数据日期
	Seq      land.Seq  // number of the register's last change that the sheet holds (变更号)
	CRS      geo.CRS   // the plane in which it is drawn
	Scale    int       // denominator
	Checksum string    // SHA-256 of what the sheet says, hexadecimal

	Demonstration bool // the layout is drawn for show

	Pages []Page
	fonts *paper.Fonts
}

// Page is one page: its paper and what is on it, in the order of drawing.
type Page struct {
	Paper paper.Page
	Marks []Mark
}

// Map is the window through which the sheet's first page shows the ground.
func (s *Sheet) Map() *Window {
	for _, m := range s.Pages[0].Marks {
		if w, ok := m.(*Window); ok && !w.Key {
			return w
		}
	}
	return nil
}

// Options choose how a sheet is drawn. The zero value takes the largest scale
// that fits.
type Options struct {
	Scale int    // denominator, one of the sheet's Scales; 0: the largest scale that fits
	Paper string // "A4" or "A3"; empty: A4 where it takes the scale
}

// Format is one way to print a sheet.
type Format struct {
	Name        string // also the file name's ending
	ContentType string
	Write       func(context.Context, io.Writer, *Sheet) error
}

// Formats lists the ways to print a sheet.
func Formats() []Format {
	return []Format{
		{"pdf", "application/pdf", func(_ context.Context, w io.Writer, s *Sheet) error { return s.PDF(w) }},
		{"png", "image/png", func(ctx context.Context, w io.Writer, s *Sheet) error { return s.PNG(ctx, w) }},
		{"dxf", "image/vnd.dxf", func(_ context.Context, w io.Writer, s *Sheet) error { return s.DXF(w) }},
	}
}

// LookupFormat finds a format; an unknown one is a *land.InvalidError that
// lists the choices.
func LookupFormat(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, land.Invalid("format", geo.Say("图件没有格式 %q", "sheets have no format %q", name), geo.Say("可用：%s", "use one of %s", strings.Join(names, ", ")))
}

// dotsPerInch is how fine a sheet is as a picture.
const dotsPerInch = 150

// PNG writes the sheet's first page as a picture.
func (s *Sheet) PNG(ctx context.Context, w io.Writer) error {
	var document bytes.Buffer
	if err := s.PDF(&document); err != nil {
		return err
	}
	picture, err := paper.Picture(ctx, document.Bytes(), 1, dotsPerInch)
	if err != nil {
		return err
	}
	_, err = w.Write(picture)
	return err
}
