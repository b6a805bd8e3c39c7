package report

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// Fonts of Chinese documents, by the names under which office programs hold them.
const (
	bodyFont = "宋体"
	headFont = "黑体"
)

// look is how a cell is drawn. The zero value is body text on one line.
type look struct {
	font   string // empty for bodyFont
	size   float64
	bold   bool
	red    bool
	align  string
	indent int
	format string // number format
	border bool
	fill   string // #RRGGBB
}

var headingLook = look{font: headFont, size: 10, align: "center", border: true, fill: "#EDEDED"}

// leftFrom is the column width from which text begins at the left; narrower
// columns hold codes and short words, which stand in the middle.
const leftFrom = 12

// cellLook draws a cell of the table by its column and row.
func cellLook(c Column, row Row, cell Cell) look {
	l := look{size: 10, align: "center", border: true}
	switch {
	case cell.Kind == Integer || cell.Kind == Number:
		l.align, l.format = "right", numberFormat(c)
		if c.Kind == Integer && !c.Additive {
			l.align = "center"
		}
	case cell.Kind == Text && c.Width >= leftFrom:
		l.align, l.indent = "left", row.Indent
	}
	switch row.Kind {
	case Subtotal:
		l.bold = true
	case Total:
		l.bold, l.fill = true, "#F5F5F5"
	}
	return l
}

// numberFormat has the column's decimals, of figures that add up commas too, and a
// blank before the border; numbers that count or name have nothing.
func numberFormat(c Column) string {
	format := "0"
	if c.Additive {
		format = "#,##0"
	}
	if c.Decimals > 0 {
		format += "." + strings.Repeat("0", c.Decimals)
	}
	if c.Additive || c.Decimals > 0 {
		format += "_ "
	}
	return format
}

// style is the workbook's number for a look; a look that excelize refuses is
// told when the sheet ends.
func (s *sheet) style(l look) int {
	if id, ok := s.styles[l]; ok {
		return id
	}
	font := &excelize.Font{Family: bodyFont, Size: l.size, Bold: l.bold}
	if l.font != "" {
		font.Family = l.font
	}
	if l.red {
		font.Color = "#FF0000"
	}
	style := &excelize.Style{Font: font, Alignment: &excelize.Alignment{Horizontal: l.align, Vertical: "center", WrapText: l.format == "", Indent: l.indent}}
	if l.format != "" {
		style.CustomNumFmt = &l.format
	}
	if l.border {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Color: "#000000", Style: 1})
		}
	}
	if l.fill != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	id, err := s.file.NewStyle(style)
	if err != nil {
		s.refused = err
	}
	s.styles[l] = id
	return id
}
