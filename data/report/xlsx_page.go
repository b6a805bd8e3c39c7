package report

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// excelPaper are Excel's numbers for sizes of paper.
var excelPaper = map[string]int{"A3": 8, "A4": 9}

// page sets paper, what is repeated and frozen, header and footer, and opens
// the sheet for writing.
func (s *sheet) page() error {
	size, orientation := excelPaper[s.table.page().Name], "landscape"
	fit, once, anyHeight := true, 1, 0
	if err := s.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &once, FitToHeight: &anyHeight}); err != nil {
		return err
	}
	side, edge, running, centred := 0.5, 0.75, 0.3, true // inches
	if err := s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &edge, Bottom: &edge, Header: &running, Footer: &running, Horizontally: &centred}); err != nil {
		return err
	}
	if err := s.file.SetHeaderFooter(s.name, s.runningLines()); err != nil {
		return err
	}
	if err := s.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", s.name, s.headRows()), Scope: s.name}); err != nil {
		return err
	}
	corner, err := excelize.CoordinatesToCellName(s.table.Lead+1, s.first)
	if err != nil {
		return err
	}
	if err := s.file.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: s.table.Lead, YSplit: s.headRows(), TopLeftCell: corner, ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if s.stream, err = s.file.NewStreamWriter(s.name); err != nil {
		return err
	}
	for i, w := range s.widths {
		if err := s.stream.SetColWidth(i+1, i+1, w); err != nil {
			return err
		}
	}
	return nil
}

// runningLines are the header and footer of every page; a demonstration is
// marked in both, in red.
func (s *sheet) runningLines() *excelize.HeaderFooterOptions {
	h := s.table.Head
	header := ""
	footer := fmt.Sprintf(`&L&9%s · 数据日期 %s · 变更号 %d · 校验码 %s&R&9第 &P 页　共 &N 页`, Source.Zh, h.AsOf, h.Seq, shortSum(s.table.Checksum()))
	if h.Demonstration {
		mark := `&"` + headFont + `,Regular"&10&KFF0000` + dataNature
		header = "&R" + mark
		footer = strings.Replace(footer, "&R", "&C"+mark+"&R", 1)
	}
	return &excelize.HeaderFooterOptions{OddHeader: header, OddFooter: footer}
}

// Heights of rows and lines in points, for a font of 10 points.
const (
	rowHeight  = 18.0
	lineHeight = 13.5
	aboveBelow = 5.0
)

// textHeight is the height of a text that is wrapped into a width.
func textHeight(text string, width float64) float64 {
	n := 0
	for _, line := range strings.Split(text, "\n") {
		n += max(1, int(math.Ceil(columnWidth(line)/max(width, 2))))
	}
	return float64(n)*lineHeight + aboveBelow
}

// printWidth is a text's width in half-width characters: what Chinese fonts draw
// in full width, among it ≤ and ≥, counts two.
func printWidth(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		if r >= 0x2000 {
			n++
		}
	}
	return n
}

// columnWidth is the width of a column that holds a text on one line. Widths are
// counted in characters of the workbook's font of 11 points, cells have 10.
func columnWidth(s string) float64 { return float64(printWidth(s))*10/11 + 1.5 }

// columnWidths are the widths that hold every number on one line, and texts on
// one line up to twice the column's least width.
func columnWidths(t Table) []float64 {
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = max(float64(c.Width), columnWidth("("+c.Unit+")"))
		for _, row := range t.Rows {
			cell := row.Cells[i]
			if cell.Kind == Text {
				indent := float64(2 * cellLook(c, row, cell).indent)
				widths[i] = max(widths[i], min(columnWidth(cell.Text)+indent, float64(2*c.Width)))
			} else {
				printed := cell.String()
				widths[i] = max(widths[i], float64(len(printed)+len(printed)/3+1)) // bold, with commas
			}
		}
		widths[i] = math.Ceil(widths[i]*2) / 2
	}
	return widths
}

func sum(widths []float64) float64 {
	var all float64
	for _, w := range widths {
		all += w
	}
	return all
}
