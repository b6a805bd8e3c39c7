package report

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// XLSX writes the table as a workbook of one sheet, laid out to be printed and
// handed in: title, what the figures stand on, the head repeated on every page,
// rows with live sums, notes and the line for signatures. The bytes depend on
// the table alone. A table of more rows than a sheet has is refused.
func XLSX(w io.Writer, t Table) error {
	widths, err := columnWidths(t)
	if err != nil {
		return fmt.Errorf("table %s as xlsx: %w", t.Name, err)
	}
	f := excelize.NewFile()
	defer f.Close()
	s := &sheet{file: f, name: sheetName(t.TitleZh), table: t, widths: widths, styles: map[look]int{}, drawn: make([]excelize.Cell, len(t.Columns))}
	if rows := s.headRows() + t.rows() + len(t.Notes) + 1; rows > excelize.TotalRows {
		return land.Invalid("format", geo.Say("该表有 %d 行，超过工作表的 %d 行", "the table has %d rows, and a sheet %d", rows, excelize.TotalRows),
			geo.Say("请用 csv，或用 park、plot、filter 缩小范围", "use csv, or choose fewer plots by park, plot or filter"))
	}
	for _, step := range []func() error{s.begin, s.page, s.head, s.rows, s.foot, s.end} {
		if err := step(); err != nil {
			return fmt.Errorf("table %s as xlsx: %w", t.Name, err)
		}
	}
	f.SetZipWriter(func(io.Writer) excelize.ZipWriter { // whose buffer would hold the archive whole
		archive := zip.NewWriter(w)
		archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.DefaultCompression) })
		return archive
	})
	_, err = f.WriteTo(io.Discard)
	return err
}

// sheet is the workbook in the making; rows are written from top to bottom.
type sheet struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	name   string
	table  Table
	widths []float64 // of the columns, in half-width characters
	styles map[look]int
	next   int             // row to write next, from 1
	first  int             // row of the table's first row
	drawn  []excelize.Cell // of the row that is written

	refused error // of a style
}

// longestSheetName is Excel's bound.
const longestSheetName = 31

func sheetName(title string) string {
	clean := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r > 0xFFFF {
			return '_'
		}
		return r
	}, title))
	return string(clean[:min(len(clean), longestSheetName)])
}

// begin names the sheet and dates the document by its data, so that two
// renderings are the same bytes.
func (s *sheet) begin() error {
	s.next = 1
	s.first = s.headRows() + 1
	if err := s.file.SetSheetName("Sheet1", s.name); err != nil {
		return err
	}
	if err := s.file.SetDefaultFont(bodyFont); err != nil {
		return err
	}
	made := s.table.Head.AsOf.Time().Format(time.RFC3339)
	props := excelize.DocProperties{Title: s.table.TitleZh, Subject: s.table.TitleEn, Creator: "dikuai", LastModifiedBy: "dikuai", Language: "zh-CN", Created: made, Modified: made}
	if s.table.Head.Demonstration {
		props.Keywords = dataNature
	}
	return s.file.SetDocProps(&props)
}

// headRows are the rows above the first of the table.
func (s *sheet) headRows() int {
	n := 3 // title, what the figures stand on, column headings
	if s.table.Head.Demonstration {
		n++
	}
	if s.grouped() {
		n++
	}
	return n
}

func (s *sheet) grouped() bool {
	for _, c := range s.table.Columns {
		if c.Group != "" {
			return true
		}
	}
	return false
}

// head writes the title, what the figures stand on, the demonstration mark and
// the column headings.
func (s *sheet) head() error {
	h := s.table.Head
	stand := fmt.Sprintf("数据日期：%s　　登记变更号：%d　　坐标系：CGCS2000（%s）　　面积口径：%s", h.AsOf.Chinese(), h.Seq, h.CRS, h.MeasureZh())
	if err := s.line(s.table.TitleZh, look{font: headFont, size: 16, align: "center"}, 30); err != nil {
		return err
	}
	if err := s.line(stand, look{size: 10, align: "center"}, 0); err != nil {
		return err
	}
	if h.Demonstration {
		if err := s.line("【示范数据】"+dataNature+"，不作为审批依据", look{font: headFont, size: 11, align: "center", red: true}, 0); err != nil {
			return err
		}
	}
	if s.grouped() {
		if err := s.groupRow(); err != nil {
			return err
		}
	}
	return s.headingRow()
}

// line writes a text over the whole width, of a height that holds it.
func (s *sheet) line(text string, l look, height float64) error {
	var width float64
	for _, w := range s.widths {
		width += w
	}
	cells := make([]any, len(s.widths))
	cells[0] = excelize.Cell{StyleID: s.style(l), Value: text}
	row := s.next
	if err := s.write(cells, max(height, textHeight(text, width))); err != nil {
		return err
	}
	return s.merge(0, row, len(cells)-1, row)
}

// groupRow heads the columns that belong together; a column of no group
// reaches down over the row of headings.
func (s *sheet) groupRow() error {
	columns := s.table.Columns
	cells := make([]any, len(columns))
	row := s.next
	for from := 0; from < len(columns); {
		to := from + 1
		for columns[from].Group != "" && to < len(columns) && columns[to].Group == columns[from].Group {
			to++
		}
		text := columns[from].Group
		bottom := row
		if text == "" {
			text, bottom = lines(columns[from]), row+1
		}
		for c := from; c < to; c++ {
			cells[c] = excelize.Cell{StyleID: s.style(headingLook)}
		}
		cells[from] = excelize.Cell{StyleID: s.style(headingLook), Value: text}
		if to > from+1 || bottom > row {
			if err := s.merge(from, row, to-1, bottom); err != nil {
				return err
			}
		}
		from = to
	}
	return s.write(cells, 20)
}

func (s *sheet) headingRow() error {
	cells := make([]any, len(s.table.Columns))
	height := 0.0
	for i, c := range s.table.Columns {
		cells[i] = excelize.Cell{StyleID: s.style(headingLook)}
		if !s.grouped() || c.Group != "" {
			cells[i] = excelize.Cell{StyleID: s.style(headingLook), Value: lines(c)}
		}
		height = max(height, textHeight(lines(c), s.widths[i]))
	}
	return s.write(cells, height+6)
}

// rows writes the table's rows, sums as formulas over the rows they add up with
// the printed value beside.
func (s *sheet) rows() error {
	cells := make([]any, len(s.drawn))
	for i := range s.drawn {
		cells[i] = &s.drawn[i]
	}
	for row, err := range s.table.All() {
		if err != nil {
			return err
		}
		height := rowHeight
		for i, cell := range row.Cells {
			c := s.table.Columns[i]
			l := cellLook(c, row, cell)
			drawn := excelize.Cell{StyleID: s.style(l)}
			if cell.Kind == Integer || cell.Kind == Number {
				drawn.Value = cell.Value.Float()
				if c.Additive {
					drawn.Formula = s.sumFormula(i, row.Sums, c.Decimals)
				}
			} else {
				drawn.Value = cell.String()
				height = max(height, textHeight(cell.Text, s.widths[i]-float64(2*l.indent)))
			}
			s.drawn[i] = drawn
		}
		if err := s.write(cells, height); err != nil {
			return err
		}
	}
	return nil
}

// mostArguments is Excel's bound on a function's arguments.
const mostArguments = 255

// sumFormula adds up the body rows of spans, rounded so that binary noise does
// not make it differ from the printed figure. It is empty, and the figure
// stands alone, where there is nothing to add or more than Excel takes.
func (s *sheet) sumFormula(column int, spans []Span, decimals int) string {
	if len(spans) == 0 || len(spans) > mostArguments {
		return ""
	}
	name, _ := excelize.ColumnNumberToName(column + 1) // from 1 on every column has a name
	ranges := make([]string, len(spans))
	for i, span := range spans {
		ranges[i] = fmt.Sprintf("%s%d:%s%d", name, s.first+span.From, name, s.first+span.To-1)
	}
	return fmt.Sprintf("ROUND(SUM(%s),%d)", strings.Join(ranges, ","), decimals)
}

// foot writes the notes and the line for signatures.
func (s *sheet) foot() error {
	for i, note := range s.table.Notes {
		text := fmt.Sprintf("　　%d. %s", i+1, note)
		if i == 0 {
			text = "注：1. " + note
		}
		if err := s.line(text, look{size: 9, align: "left"}, 0); err != nil {
			return err
		}
	}
	blank := strings.Repeat("　", 8)
	return s.line("制表："+blank+"校核："+blank+"审核："+blank+"日期：", look{size: 10, align: "left"}, 28)
}

func (s *sheet) write(cells []any, height float64) error {
	err := s.stream.SetRow(fmt.Sprintf("A%d", s.next), cells, excelize.RowOpts{Height: height})
	s.next++
	return err
}

// merge joins cells; columns count from 0, rows from 1.
func (s *sheet) merge(left, top, right, bottom int) error {
	from, err := excelize.CoordinatesToCellName(left+1, top)
	if err != nil {
		return err
	}
	to, err := excelize.CoordinatesToCellName(right+1, bottom)
	if err != nil {
		return err
	}
	return s.stream.MergeCell(from, to)
}

func (s *sheet) end() error {
	if s.refused != nil {
		return s.refused
	}
	return s.stream.Flush()
}
