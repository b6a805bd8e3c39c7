// Package boundary reads and writes the exchange format of boundary points
// (勘测定界界址点坐标交换格式, TXT), in which surveyors hand in the boundaries of
// plots. The format is a customary one without a published standard; its
// variants met in practice are read as far as they are unambiguous.
//
// In the file X is north and Y is east; here, as everywhere in the register,
// coordinates are x before y. The swap is made in this package and nowhere else.
package boundary

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Name is the format's name in the format table.
const Name = "boundary-txt"

// Names under which Handling.Map knows the fields of a plot line; further fields
// are 字段9, 字段10 and so on.
const (
	columnPlotNo = "地块编号"
	columnName   = "地块名称"
	columnSheet  = "图幅号"
	columnUse    = "地块用途"
	columnCode   = "地类编码"
)

type section int

const (
	noSection section = iota
	attributeSection
	plotSection
	otherSection
)

type reader struct {
	lines    *lines
	h        land.Handling
	emit     func(land.Draft) error
	log      intake.Log
	columns  *intake.Columns
	section  section
	header   *header
	plot     *record
	delivery land.Delivery
	extents  map[geo.CRS]intake.Extent
}

// Read reads plots from a boundary-point file and hands each to emit, in the
// plane that the header and the size of the coordinates tell, or in h.CRS. Every
// fault is collected into one *land.InvalidError; emit may have been called
// before the first is found. Other errors are of r and emit.
func Read(r io.Reader, h land.Handling, emit func(land.Draft) error) (land.Delivery, error) {
	rd := &reader{lines: newLines(r), h: h, emit: emit, header: &header{}, extents: map[geo.CRS]intake.Extent{}}
	rd.delivery.Format = Name
	rd.columns = intake.NewColumns(h, &rd.log, columnSheet, columnUse, columnCode)
	if h.CRS != 0 {
		if err := h.CRS.Supported(); err != nil {
			rd.fault("1103", 0, geo.WordsOf(err), geo.Words{})
			return rd.log.Finish(rd.delivery)
		}
	}
	for {
		line, err := rd.lines.next()
		switch {
		case err == io.EOF:
			if err := rd.finishPlot(); err != nil {
				return rd.delivery, err
			}
			rd.columns.Finish()
			rd.delivery.Encoding = rd.lines.encoding
			if rd.delivery.Encoding == "" {
				rd.delivery.Encoding = "ASCII"
			}
			return rd.log.Finish(rd.delivery)
		case errors.Is(err, errLongLine):
			rd.fault("1108", rd.lines.row, geo.WordsOf(err), geo.Say("请确认文件是界址点文件", "check that the file is a boundary-point file"))
			rd.breakPlot()
		case err != nil:
			return rd.delivery, fmt.Errorf("reading line %d: %w", rd.lines.row, err)
		default:
			if err := rd.line(line); err != nil {
				return rd.delivery, err
			}
		}
	}
}

func (r *reader) fault(code string, row int, message, remedy geo.Words) {
	f := land.Finding{Code: code, Severity: land.Block, Row: row}.Saying(message, remedy)
	if r.plot != nil {
		f.PlotNo = r.plot.plotNo
	}
	r.log.Add(f)
}

// breakPlot spoils the plot to which a line belongs that did not read.
func (r *reader) breakPlot() {
	if r.plot == nil && r.section == plotSection {
		r.plot = &record{row: r.lines.row}
	}
	if r.plot != nil {
		r.plot.broken = true
	}
}

func (r *reader) line(line string) error {
	row := r.lines.row
	if line == "" {
		return nil
	}
	if strings.ContainsFunc(line, func(c rune) bool { return c == '\uFFFD' || c < ' ' && c != '\t' }) {
		r.fault("1101", row, geo.Say("该行有不能按 %s 解码的字符", "the line has characters that do not decode as %s", r.encodingName()), geo.Say("请把文件存为 GBK 或 UTF-8 文本", "save the file as GBK or UTF-8 text"))
		var err error
		if isPlotLine(line) {
			err = r.finishPlot()
		}
		r.breakPlot()
		return err
	}
	if name, ok := sectionName(line); ok {
		return r.open(name, row)
	}
	switch r.section {
	case attributeSection:
		if !r.header.set(line) {
			r.log.Tally(land.Finding{Code: "1102", Severity: land.Inform, Row: row, Field: "属性描述"}.Saying(
				geo.Say("文件头的 %q 一行未读取", "the line %q of the header was not read", shorten(line)), geo.Words{}))
		}
	case noSection, plotSection:
		return r.plotLine(line, row)
	}
	return nil
}

func (r *reader) encodingName() geo.Words {
	if r.lines.encoding == "" {
		return geo.Say("文本", "text")
	}
	return geo.Names(r.lines.encoding)
}

// sectionName reads a section mark, [name] or 【name】.
func sectionName(line string) (string, bool) {
	for _, marks := range [][2]string{{"[", "]"}, {"【", "】"}} {
		if inner, ok := strings.CutPrefix(line, marks[0]); ok {
			if name, ok := strings.CutSuffix(inner, marks[1]); ok {
				return strings.TrimSpace(name), true
			}
		}
	}
	return "", false
}

// open begins a section. An attribute section, which comes again where files
// were joined, begins a new context.
func (r *reader) open(name string, row int) error {
	if err := r.finishPlot(); err != nil {
		return err
	}
	switch name {
	case "属性描述":
		r.section, r.header = attributeSection, &header{row: row}
	case "地块坐标":
		r.section = plotSection
	default:
		r.section = otherSection
	}
	return nil
}

// plotLine reads a line of the plot section: a plot line or a point. Braces
// around the points of a plot are stripped.
func (r *reader) plotLine(line string, row int) error {
	line = strings.TrimSpace(strings.Trim(line, "{}"))
	if line == "" {
		return nil
	}
	if isPlotLine(line) {
		if err := r.finishPlot(); err != nil {
			return err
		}
		plot, err := parsePlotLine(line, row)
		if err != nil {
			r.fault("1108", row, geo.WordsOf(err), geo.Say("请写成 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码,@", "write it as 界址点数,地块面积,地块编号,地块名称,面,图幅号,地块用途,地类编码,@"))
			plot = &record{row: row, broken: true}
		}
		r.plot = plot
		return nil
	}
	p, err := parsePoint(line, row)
	switch {
	case err != nil:
		r.fault("1108", row, geo.WordsOf(err), geo.Say("界址点请写成 J1,1,X,Y，地块行以 @ 结尾", "write a point as J1,1,X,Y and a plot line with @ at its end"))
		r.breakPlot()
	case r.plot == nil:
		r.fault("1107", row, geo.Say("界址点出现在任何地块行之前", "a point stands before any plot line"), geo.Say("每个地块请以地块行开头，该行以 @ 结尾", "begin each plot with its plot line, which ends with @"))
		r.plot = &record{row: row, broken: true}
	case len(r.plot.points) == intake.MaxPoints:
		if !r.plot.broken {
			r.fault("2101", row, geo.Say("地块超过 %d 个点", "the plot has more than %d points", intake.MaxPoints), geo.Say("请拆分", "divide it"))
		}
		r.plot.broken = true
	default:
		r.checkDecimals(p)
		r.plot.points = append(r.plot.points, p)
	}
	return nil
}

// checkDecimals remarks coordinates in metres with fewer than two or more than
// four decimals (check 1109).
func (r *reader) checkDecimals(p point) {
	if p.odd == "" || math.Abs(p.north) <= 180 {
		return
	}
	r.log.Tally(land.Finding{Code: "1109", Severity: land.Warn, Row: p.row, PlotNo: r.plot.plotNo}.Saying(
		geo.Say("坐标 %s 的小数不是 2 至 4 位", "the coordinate %s does not have 2 to 4 decimals", p.odd),
		geo.Say("坐标请写到 0.001 米", "give coordinates to 0.001 m")))
}

// finishPlot assembles the plot whose lines have all been read.
func (r *reader) finishPlot() error {
	plot := r.plot
	if plot == nil {
		return nil
	}
	defer func() { r.plot = nil }()
	if plot.broken {
		return nil
	}
	switch {
	case plot.shape != "" && plot.shape != "面":
		r.fault("2101", plot.row, geo.Say("该记录是%s，不是面", "the record is a %s and not an area (面)", geo.Words{Zh: plot.shape, En: map[string]string{"点": "point (点)", "线": "line (线)"}[plot.shape]}),
			geo.Say("请以面提交地块界址", "deliver the plot's boundary as 面"))
		return nil
	case len(plot.points) == 0:
		r.fault("2101", plot.row, geo.Say("地块没有界址点", "the plot has no points"), geo.Say("请给出界址点，或删去该地块行", "give its boundary points, or take the plot line out"))
		return nil
	}
	before := r.log.Faults()
	extent, ok := r.system(plot)
	if !ok {
		return nil
	}
	crs := extent.CRS
	site := intake.Site{Row: plot.row, PlotNo: plot.plotNo, CRS: crs}
	boundary, rings := r.outline(site, extent, plot.points)
	r.checkCount(plot, rings)
	a := r.attributes(plot)
	if boundary != nil {
		r.area(plot, site, boundary, &a)
	}
	if r.log.Faults() > before {
		return nil
	}
	if r.delivery.CRS == 0 {
		r.delivery.CRS = crs
	} else if r.delivery.CRS != crs {
		r.log.Tally(land.Finding{Code: "1103", Severity: land.Inform, Row: plot.row, PlotNo: plot.plotNo}.Saying(
			geo.Say("该地块为 %s，文件首个地块为 %s", "the plot is in %s, the file's first in %s", crs, r.delivery.CRS), geo.Words{}))
	}
	r.delivery.Plots++
	if before > 0 {
		return nil
	}
	return r.emit(land.Draft{Row: plot.row, Attributes: a, Boundary: boundary, CRS: crs})
}

// checkCount compares the stated number of points with those found, with and
// without closing points (check 1106).
func (r *reader) checkCount(plot *record, rings []*trace) {
	without := 0
	for _, t := range rings {
		without += len(t.points)
	}
	n, err := strconv.Atoi(plot.count)
	if err == nil && (n == without || n == without+len(rings)) {
		return
	}
	r.log.Add(land.Finding{Code: "1106", Severity: land.Warn, Row: plot.row, PlotNo: plot.plotNo}.Saying(
		geo.Say("地块行的界址点数为 %q，文件中有 %d 个，连同闭合点 %d 个", "the plot line counts %q points (界址点数); the file has %d, or %d with the closing ones", plot.count, without, without+len(rings)),
		geo.Say("请核对是否缺点", "check that no point is missing")))
}

// undivided is the use of a plot whose file leaves it out, as survey files may:
// 城市建设用地 of GB 50137-2011, of no narrower class.
const undivided = "H11"

func (r *reader) attributes(plot *record) land.Attributes {
	texts := map[string]string{columnPlotNo: plot.plotNo, columnName: plot.name, columnSheet: plot.sheet, columnUse: plot.use, columnCode: plot.code}
	for i, text := range plot.extra {
		if text != "" {
			texts[fmt.Sprintf("字段%d", 9+i)] = text
		}
	}
	if !r.columns.Assigned("land_use") {
		scheme, _ := r.columns.Constant("land_use_scheme")
		use, err := plot.useText(land.Scheme(scheme))
		if err != nil {
			remedy := geo.Say(`请在地类编码中写代码，例如 A35，或用 --map "=A35=land_use" 给所有地块同一代码`,
				`write a code such as A35 in 地类编码, or give every plot one with --map "=A35=land_use"`)
			if codes := codesNamed(plot.use); len(codes) > 0 {
				remedy = geo.Say("%s；%s的代码是 %s", "%s; %s is %s", remedy, plot.use, geo.List(codes))
			}
			r.log.Add(land.Finding{Code: "4102", Severity: land.Block, Row: plot.row, PlotNo: plot.plotNo, Field: "land_use"}.Saying(geo.WordsOf(err), remedy))
		}
		if use == "" && err == nil {
			use = undivided
			r.log.Add(land.Finding{Code: "4103", Severity: land.Warn, Row: plot.row, PlotNo: plot.plotNo, Field: "land_use"}.Saying(
				geo.Say("地块用途和地类编码为空；已按 H11 城市建设用地（未细分）读取", "地块用途 and 地类编码 are blank; the plot was taken as H11 城市建设用地, undivided"),
				geo.Say(`请填写地块的用地代码，或用 --map "=A35=land_use" 给所有地块同一代码`, `set the plot's land use, or give every plot one with --map "=A35=land_use"`)))
		}
		if use != "" {
			texts["land_use"] = use
		}
	}
	return r.columns.Attributes(plot.row, texts)
}

// area compares field 2 with the plane area in the file's own plane (check 4105)
// and keeps it as the stated one. Degrees have no plane area to compare with.
func (r *reader) area(plot *record, s intake.Site, boundary geo.MultiPolygon, a *land.Attributes) {
	var plane geo.SquareMetres
	if s.CRS.Plane() {
		plane = geo.PlaneArea(boundary)
	}
	stated, asSquareMetres, err := plot.statedArea(plane)
	if err != nil {
		r.log.Add(land.Finding{Code: "1108", Severity: land.Warn, Row: plot.row, PlotNo: plot.plotNo, Field: "stated_area_m2"}.Saying(
			geo.WordsOf(err), geo.Say("请以公顷填写，保留四位小数", "give hectares with four decimals")))
		return
	}
	if asSquareMetres {
		r.log.Tally(land.Finding{Code: "1108", Severity: land.Inform, Row: plot.row, PlotNo: plot.plotNo, Field: "stated_area_m2"}.Saying(
			geo.Say("地块面积 %s 按平方米读取，因为按惯例的公顷与界址不符", "地块面积 %s was read as m², because hectares, the rule, would not agree with the boundary", plot.area), geo.Words{}))
	}
	if !r.columns.Assigned("stated_area_m2") {
		a.StatedArea = stated
	}
	const tolerance = 1 // m², which covers hectares of four decimals (0.5 m²)
	if stated == nil || plane == 0 || math.Abs(float64(*stated-plane)) <= tolerance {
		return
	}
	r.log.Add(land.Finding{Code: "4105", Severity: land.Warn, Row: plot.row, PlotNo: plot.plotNo, Field: "stated_area_m2"}.Measuring(math.Abs(float64(*stated-plane)), tolerance, "m2").Saying(
		geo.Say("地块面积 %s 为 %s 平方米，而界址围成 %s 平方米", "地块面积 %s is %s m², but the boundary encloses %s m²", plot.area,
			geo.FormatFixed(float64(*stated), geo.SquareMetreDecimals), geo.FormatFixed(float64(plane), geo.SquareMetreDecimals)),
		geo.Say("请核对面积，以及界址点有无错漏", "check the area, and that no boundary point is wrong or missing")))
}

func shorten(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}
