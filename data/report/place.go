package report

import (
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// place is where a text stands in a printed table. Row counts the table's rows,
// or notes, from 0, column its columns.
type place struct {
	part        part
	row, column int
}

// part is a part of a printed table.
type part int

const (
	inHead part = iota // title, what the figures stand on, the mark of a demonstration
	inHeading
	inCell
	inNote
	inFoot // signatures, imprint, page numbers
)

// placeWords name a place by the words that stand about it in print.
func (t Table) placeWords(p place) geo.Words {
	if beyond := p.column >= len(t.Columns) || p.part == inCell && p.row >= len(t.Rows); beyond {
		return geo.Say("表外第 %d 行第 %d 列", "beyond the table, row %d, column %d", p.row+1, p.column+1)
	}
	switch p.part {
	case inHeading:
		c := t.Columns[p.column]
		return geo.Say("列名“%s”", "the heading %q", geo.Words{Zh: c.Heading(), En: c.En})
	case inCell:
		c := t.Columns[p.column]
		return geo.Say("第 %d 行“%s”的“%s”", "row %d, %s: %s", p.row+1, t.rowName(p.row), geo.Words{Zh: c.Heading(), En: c.headingEn()})
	case inNote:
		return geo.Say("注 %d", "note %d", p.row+1)
	case inFoot:
		return geo.Say("页脚", "the foot")
	default:
		return geo.Say("表头", "the head")
	}
}

// rowWords name a row.
func (t Table) rowWords(row int) geo.Words {
	return geo.Say("“%s”一行", "the row %s", t.rowName(row))
}

// rowName is what names a row: the texts of its leading columns.
func (t Table) rowName(row int) string {
	var names []string
	for i, cell := range t.Rows[row].Cells[:t.Lead] {
		if cell.Kind == Text && t.Columns[i].Kind == Text {
			names = append(names, cell.Text)
		}
	}
	return strings.Join(names, " ")
}

// headingEn is the English heading with its unit, such as "Area (ha)".
func (c Column) headingEn() string {
	if c.Unit == "" {
		return c.En
	}
	return c.En + " (" + unitEn(c.Unit) + ")"
}
