package report

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"io"
	"strings"

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
		Stamp: t.Stamp().String(), Paper: t.page().Name, Heads: t.heads(),
	}
	foot := len(t.Rows)
	for foot > 0 && t.Rows[foot-1].Kind == Total {
		foot--
	}
	page.Body, page.Foot = t.htmlRows(t.Rows[:foot]), t.htmlRows(t.Rows[foot:])
	return htmlTemplate.Execute(w, page)
}

type htmlPage struct {
	Table
	Facts         []Fact
	Imprint, Mark geo.Words
	Stamp, Paper  string
	Heads         [][]headCell
	Body, Foot    template.HTML
}

// htmlRows are rows of the table; the leading cells name the row. A template
// would take as long for them as for all else a hundred times.
func (t Table) htmlRows(rows []Row) template.HTML {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "<tr class=%q>", row.Kind)
		for i, cell := range row.Cells {
			c, text := t.Columns[i], cell.String()
			l := cellLook(c, row, cell)
			tag, attributes := "td", ""
			if i < t.Lead {
				tag, attributes = "th", ` scope="row"`
			}
			class := l.align
			if printWidth(text) <= c.Width {
				class += " short"
			}
			if l.indent > 0 {
				attributes += fmt.Sprintf(` style="padding-left:%dem"`, l.indent)
			}
			b.WriteString("<" + tag + ` class="` + class + `"` + attributes + ">" + html.EscapeString(text) + "</" + tag + ">")
		}
		b.WriteString("</tr>\n")
	}
	return template.HTML(b.String())
}
