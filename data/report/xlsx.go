package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// XLSX writes the table as a workbook of one sheet, laid out to be printed and
// handed in: title, what the figures stand on, the head repeated on every page,
// rows with live sums, notes, the line for signatures and where the figures come
// from. The bytes depend on the table alone.
func XLSX(w io.Writer, t Table) error {
	f := excelize.NewFile()
	defer f.Close()
	s := &sheet{file: f, name: sheetName(t.TitleZh), table: t, widths: columnWidths(t), styles: map[look]int{}}
	for _, step := range []func() error{s.begin, s.page, s.head, s.rows, s.foot, s.end} {
		if err := step(); err != nil {
			return fmt.Errorf("table %s as xlsx: %w", t.Name, err)
		}
	}
	_, err := f.WriteTo(w)
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
	next   int // row to write next, from 1
	first  int // row of the table's first row

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
	if err := s.file.SetDocProps(&props); err != nil {
		return err
	}
	return s.file.SetCustomProps(excelize.CustomProperty{Name: stampName, Value: s.table.Stamp().String()})
}

// headRows are the rows above the first of the table.
func (s *sheet) headRows() int {
	n := 2 + len(s.table.heads()) // title, what the figures stand on
	if s.table.Head.Demonstration {
		n++
	}
	return n
}

// head writes the title, what the figures stand on, the demonstration mark and
// the column headings.
func (s *sheet) head() error {
	var stand []string
	for _, f := range s.table.Facts() {
		stand = append(stand, f.Name.Zh+"："+f.Value.Zh)
	}
	if err := s.line(s.table.TitleZh, look{font: headFont, size: 16, align: "center"}, 30); err != nil {
		return err
	}
	if err := s.line(strings.Join(stand, "　　"), look{size: 10, align: "center"}, 0); err != nil {
		return err
	}
	if s.table.Head.Demonstration {
		if err := s.line(demonstrationMark.Zh, look{font: headFont, size: 11, align: "center", red: true}, 0); err != nil {
			return err
		}
	}
	return s.columnHeads()
}

// line writes a text over the whole width, of a height that holds it.
func (s *sheet) line(text string, l look, height float64) error {
	cells := make([]any, len(s.widths))
	cells[0] = excelize.Cell{StyleID: s.style(l), Value: text}
	row := s.next
	if err := s.write(cells, max(height, textHeight(text, sum(s.widths)))); err != nil {
		return err
	}
	return s.merge(0, row, len(cells)-1, row)
}

// columnHeads writes the rows of column heads. A head over both makes the second
// as high as its text needs.
func (s *sheet) columnHeads() error {
	rows := s.table.heads()
	heights := make([]float64, len(rows))
	for i, heads := range rows {
		for _, h := range heads {
			last := i + h.Rows - 1
			heights[last] = max(heights[last], textHeight(headText(h), sum(s.widths[h.From:h.To]))+6)
		}
	}
	for i, heads := range rows {
		cells := make([]any, len(s.table.Columns))
		for c := range cells {
			cells[c] = excelize.Cell{StyleID: s.style(headingLook)}
		}
		for _, h := range heads {
			cells[h.From] = excelize.Cell{StyleID: s.style(headingLook), Value: headText(h)}
			if h.Rows > 1 || h.Columns() > 1 {
				if err := s.merge(h.From, s.next, h.To-1, s.next+h.Rows-1); err != nil {
					return err
				}
			}
		}
		if err := s.write(cells, heights[i]); err != nil {
			return err
		}
	}
	return nil
}

// headText has the unit on a line of its own.
func headText(h headCell) string {
	if h.Unit == "" {
		return h.Zh
	}
	return h.Zh + "\n(" + h.Unit + ")"
}

// rows writes the table's rows, sums as formulas over the rows they add up with
// the printed value beside.
func (s *sheet) rows() error {
	for _, row := range s.table.Rows {
		cells := make([]any, len(row.Cells))
		height := rowHeight
		for i, cell := range row.Cells {
			c := s.table.Columns[i]
			styled := excelize.Cell{StyleID: s.style(cellLook(c, row, cell)), Value: cell.String()}
			if cell.Kind == Integer || cell.Kind == Number {
				styled.Value = cell.Value.Float()
				if c.Additive {
					styled.Formula = s.sumFormula(i, row.Sums, c.Decimals)
				}
			} else {
				height = max(height, textHeight(cell.Text, s.widths[i]-float64(2*cellLook(c, row, cell).indent)))
			}
			cells[i] = styled
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

// foot writes the notes, the line for signatures and where the figures come from.
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
	if err := s.line("制表："+blank+"校核："+blank+"审核："+blank+"日期：", look{size: 10, align: "left"}, 28); err != nil {
		return err
	}
	return s.line(s.table.Imprint().Zh, look{size: 9, align: "left"}, 0)
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
