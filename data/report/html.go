package report

import (
	_ "embed"
	"html/template"
	"io"

	"github.com/dikuai/dikuai/geo"
)

//go:embed table.html.tmpl
var htmlText string

var htmlTemplate = template.Must(template.New("table").Parse(htmlText))

// HTML writes the table as one page that stands by itself, without script and
// with nothing to fetch, which prints with its head on every sheet. It is
// well-formed XML too, as which Verify reads it.
func HTML(w io.Writer, t Table) error {
	page := htmlPage{
		Table: t, Facts: t.Facts(), Imprint: t.Imprint(), Mark: demonstrationMark,
		Stamp: t.Stamp().String(), Paper: t.paper().name, Heads: t.heads(),
	}
	foot := len(t.Rows)
	for foot > 0 && t.Rows[foot-1].Kind == Total {
		foot--
	}
	for i, row := range t.Rows {
		if i < foot {
			page.Body = append(page.Body, t.htmlRow(row))
		} else {
			page.Foot = append(page.Foot, t.htmlRow(row))
		}
	}
	return htmlTemplate.Execute(w, page)
}

type htmlPage struct {
	Table
	Facts         []Fact
	Imprint, Mark geo.Words
	Stamp, Paper  string
	Heads         [][]headCell
	Body, Foot    []htmlRow
}

type htmlRow struct {
	Kind  RowKind
	Cells []htmlCell
}

// htmlCell is a cell; Names says that it names the row.
type htmlCell struct {
	Text, Class string
	Names       bool
	Indent      int
}

func (t Table) htmlRow(row Row) htmlRow {
	r := htmlRow{Kind: row.Kind, Cells: make([]htmlCell, len(row.Cells))}
	for i, cell := range row.Cells {
		c, text := t.Columns[i], cell.String()
		l := cellLook(c, row, cell)
		class := l.align
		if printWidth(text) <= c.Width {
			class += " short"
		}
		r.Cells[i] = htmlCell{text, class, i < t.Lead, l.indent}
	}
	return r
}
