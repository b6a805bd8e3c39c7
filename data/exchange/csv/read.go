package csv

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Bounds of what is read.
const (
	maxColumns = 1000
	maxRecord  = 160 << 20 // bytes of one row: the points of the largest plot
)

type reader struct {
	csv      *csv.Reader
	size     *bounded
	h        land.Handling
	emit     func(land.Draft) error
	log      intake.Log
	columns  *intake.Columns
	names    []string // of the columns, as intake matches them; empty: not read
	wkt, crs int      // places of these columns, -1 for none
	extent   intake.Extent
	delivery land.Delivery
}

// Read reads plots from rows with a column wkt and hands each to emit. The
// coordinates are in h.CRS, else in what the column crs says, which is the same
// in all rows, else longitude, latitude. Headings are the properties' names,
// short, Chinese or customary names. Faults are told by the line on which a row
// begins, and collected into one *land.InvalidError; emit may have been called
// before the first is found. Other errors are of r and emit.
func Read(r io.Reader, h land.Handling, emit func(land.Draft) error) (land.Delivery, error) {
	decoded := newText(r)
	size := &bounded{r: decoded}
	rd := &reader{csv: csv.NewReader(size), size: size, h: h, emit: emit, wkt: -1, crs: -1}
	rd.csv.ReuseRecord = true
	rd.delivery.Format = Name
	rd.columns = intake.NewColumns(h, &rd.log)
	err := rd.read()
	rd.delivery.Encoding = decoded.encoding
	var syntax *csv.ParseError
	switch {
	case err == nil, errors.Is(err, errStop):
	case errors.As(err, &syntax):
		rd.fault("1108", syntax.StartLine, "", geo.Say("该行不是有效的 CSV：%v", "the row does not read as CSV: %v", syntax.Err),
			geo.Say(`含逗号或引号的文字请加引号，其中的引号写两次："a ""b"""`, `put a text with commas or quotes between quotes, and double a quote within: "a ""b"""`))
	case errors.Is(err, errNoText), errors.Is(err, errLongRow):
		rd.fault("1101", 0, "", geo.WordsOf(err), geo.Say("请把表格另存为 UTF-8 的 CSV", "save the sheet as CSV in UTF-8"))
	default:
		return rd.delivery, fmt.Errorf("reading CSV: %w", err)
	}
	rd.columns.Finish()
	return rd.log.Finish(rd.delivery)
}

// errStop ends a reading that a fault makes pointless; the fault is in the log.
var errStop = errors.New("reading cannot go on")

var errLongRow error = geo.Say("有一行超过 %d MiB", "a row is longer than %d MiB", maxRecord>>20)

// bounded ends with errLongRow when more than maxRecord is read between resets.
type bounded struct {
	r    io.Reader
	read int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.read > maxRecord {
		return 0, errLongRow
	}
	n, err := b.r.Read(p)
	b.read += int64(n)
	return n, err
}

func (r *reader) fault(code string, row int, field string, message, remedy geo.Words) {
	r.log.Add(land.Finding{Code: code, Severity: land.Block, Row: row, Field: field}.Saying(message, remedy))
}

func (r *reader) read() error {
	headings, err := r.csv.Read()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	if !r.head(headings) {
		return errStop
	}
	for {
		r.size.read = 0
		record, err := r.csv.Read()
		row := 0
		if len(record) > 0 {
			row, _ = r.csv.FieldPos(0)
		}
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, csv.ErrFieldCount):
			r.fault("1108", row, "", geo.Say("该行有 %d 列，表头有 %d 列", "the row has %d columns where the headings have %d", len(record), len(r.names)), geo.Say("含逗号的文字请加引号", "put a text with commas between quotes"))
			continue
		case err != nil:
			return err
		}
		if err := r.row(row, record); err != nil {
			return err
		}
	}
}

// head matches the headings; without a column wkt nothing can be read.
func (r *reader) head(headings []string) bool {
	if len(headings) > maxColumns {
		r.fault("1101", 1, "", geo.Say("文件有 %d 列", "the file has %d columns", len(headings)), geo.Say("最多 %d 列", "deliver at most %d", maxColumns))
		return false
	}
	zh := map[string]string{}
	for _, f := range land.Fields() {
		zh[f.Zh] = f.Name
	}
	seen := map[string]bool{}
	for i, heading := range headings {
		heading = strings.TrimSpace(heading)
		name := strings.ToLower(heading)
		if seen[name] && name != "" {
			r.fault("1108", 1, "", geo.Say("有两列的表头都是 %q", "two columns are headed %q", heading), geo.Say("请只留一列", "leave one of them"))
			return false
		}
		seen[name] = true
		switch {
		case name == wktColumn.name:
			r.wkt, heading = i, ""
		case name == crsColumn.name, heading == crsColumn.zh:
			r.crs, heading = i, ""
		case name == natureColumn.name, heading == natureColumn.zh:
			heading = ""
		case zh[heading] != "":
			heading = zh[heading]
		}
		r.names = append(r.names, heading)
	}
	if r.wkt < 0 {
		r.fault("2101", 1, "", geo.Say("没有表头为 wkt 的列", "no column is headed wkt"),
			geo.Say("请在 wkt 列以 WKT 给出每个地块的界址：POLYGON ((x y, …))", "give each plot's boundary as WKT in a column wkt: POLYGON ((x y, …))"))
	}
	return r.wkt >= 0
}

func (r *reader) row(row int, record []string) error {
	if strings.TrimSpace(strings.Join(record, "")) == "" {
		return nil
	}
	texts := make(map[string]string, len(record))
	before := r.log.Faults()
	for i, text := range record {
		name := r.names[i]
		if name == "" {
			continue
		}
		texts[name] = unguard(text)
		if _, known := land.LookupField(name); known && strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7F }) {
			r.fault("1101", row, name, geo.Say("文字 %.40q 含换行或控制字符", "the text %.40q has a line break or control character", text), geo.Say("请写在一行内", "write it on one line"))
		}
	}
	if ok := r.system(row, record); !ok {
		return errStop
	}
	a := r.columns.Attributes(row, texts)
	boundary := r.boundary(row, a.PlotNo, record[r.wkt])
	if boundary == nil || r.log.Faults() > before {
		return nil
	}
	r.delivery.Plots++
	if before > 0 {
		return nil
	}
	return r.emit(land.Draft{Row: row, Attributes: a, Boundary: boundary, CRS: r.extent.CRS})
}

// system settles the reference system at the first row, and holds the others to
// it.
func (r *reader) system(row int, record []string) bool {
	crs := r.h.CRS
	if crs == 0 && r.crs >= 0 && strings.TrimSpace(record[r.crs]) != "" {
		var err error
		if crs, err = geo.ParseCRS(record[r.crs]); err != nil {
			r.fault("1103", row, "", geo.WordsOf(err), geo.Words{})
			return false
		}
	}
	switch {
	case crs == 0 && r.extent.CRS == 0:
		crs = geo.CGCS2000
	case r.extent.CRS == 0:
	case crs == 0, crs == r.extent.CRS:
		return true
	default:
		r.fault("1103", row, "", geo.Say("该行为 %s，之前的行为 %s", "the row is in %s, the rows before in %s", crs, r.extent.CRS), geo.Say("一个文件请只用一个坐标系", "deliver a file in one reference system"))
		return false
	}
	extent, err := intake.NewExtent(crs)
	if err != nil {
		r.fault("1103", row, "", geo.WordsOf(err), geo.Words{})
		return false
	}
	r.extent, r.delivery.CRS = extent, crs
	return true
}

// boundary reads and cleans a row's polygon; nil when it is refused.
func (r *reader) boundary(row int, plotNo, text string) geo.MultiPolygon {
	site := intake.Site{Row: row, PlotNo: plotNo, CRS: r.extent.CRS}
	p, err := parseWKT(text)
	if err != nil {
		site.Refuse(&r.log, "2101", geo.Say("wkt：%s", "wkt: %s", geo.WordsOf(err)), geo.Say("请写成 POLYGON ((x y, …)) 或 MULTIPOLYGON (((x y, …)), …)", "write POLYGON ((x y, …)) or MULTIPOLYGON (((x y, …)), …)"))
		return nil
	}
	if p = site.Clean(&r.log, p); p == nil || !r.extent.Check(&r.log, site, p) {
		return nil
	}
	return p
}
