// Package report makes the official tables of the register and prints them.
//
// Every table is one [Table] value, whose numbers are the rounded decimals that
// are printed; the renderers only lay them out, so that a workbook, a CSV file
// and a JSON answer show the same digits. Sums are sums of printed rows.
package report

import (
	"net/url"
	"slices"

	"github.com/dikuai/dikuai/data/land"
)

// Table is one official table, ready to print.
type Table struct {
	Name             string // such as "balance"
	TitleZh, TitleEn string
	Columns          []Column
	Lead             int // leading columns that name a row; they stay in sight
	Rows             []Row
	Notes            []string // 注, in print order
	Head             Head
}

// Head says what the figures of a table stand on.
type Head struct {
	AsOf          land.Date // 数据日期
	Seq           land.Seq  // number of the register's last change that the table holds (变更号)
	CRS           string    // such as "EPSG:4547"
	Measure       Measure   // 面积口径
	Parks         []ParkName
	Demonstration bool       // at least one park is a layout drawn for show
	Asked         url.Values // what else the table was asked for with, to make it again
}

// ParkName is a park as a table's head names it.
type ParkName struct {
	Code   land.ParkCode
	Zh, En string
}

// Kind is the type of a column or cell.
type Kind int

// The kinds of cell. The zero value is a cell that does not apply, printed "-".
const (
	None Kind = iota
	Text
	Integer
	Number
)

func (k Kind) String() string { return [...]string{"none", "text", "integer", "number"}[k] }

// Column heads one column. Key is the member's name in JSON.
type Column struct {
	Key      string
	Zh, En   string
	Group    string // 表头 over several neighbouring columns, empty for none
	GroupEn  string
	Kind     Kind
	Unit     string
	Decimals int  // of a Number
	Width    int  // least width in print, in half-width characters
	Additive bool // subtotals and totals add this column up
}

// Heading is the Chinese heading with its unit, such as "用地面积(m²)".
func (c Column) Heading() string {
	if c.Unit == "" {
		return c.Zh
	}
	return c.Zh + "(" + c.Unit + ")"
}

// RowKind tells a row of figures from the sums of such rows.
type RowKind int

// The kinds of row.
const (
	Body RowKind = iota
	Subtotal
	Total
)

func (k RowKind) String() string { return [...]string{"body", "subtotal", "total"}[k] }

// Row is one line of a table. Sums names the body rows that a subtotal or total
// adds up; a body row has none.
type Row struct {
	Kind   RowKind
	Indent int
	Cells  []Cell
	Sums   []Span
}

// Span is the run of rows From ≤ i < To of a table.
type Span struct{ From, To int }

// Cell is one typed value. Text is set for text, Value for numbers.
type Cell struct {
	Kind  Kind
	Text  string
	Value Decimal
}

// String is the cell as printed.
func (c Cell) String() string {
	switch c.Kind {
	case Text:
		return c.Text
	case Integer, Number:
		return c.Value.String()
	default:
		return "-"
	}
}

// textCell holds a text; an empty one does not apply.
func textCell(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Text: s}
}

func countCell(n int) Cell { return Cell{Kind: Integer, Value: Decimal{Units: int64(n)}} }

func numberCell(d Decimal) Cell { return Cell{Kind: Number, Value: d} }

// column is the place of a column, by its key.
func (t *Table) column(key string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
}

// bodySpans lists the body rows among rows from ≤ i < to.
func (t *Table) bodySpans(from, to int) []Span {
	var spans []Span
	for i := from; i < to; i++ {
		if t.Rows[i].Kind != Body {
			continue
		}
		if n := len(spans); n > 0 && spans[n-1].To == i {
			spans[n-1].To++
			continue
		}
		spans = append(spans, Span{i, i + 1})
	}
	return spans
}

// addUp fills the additive columns of every subtotal and total with the sums of
// the printed body rows. A sum over nothing is 0; a sum over rows of which none
// has a figure does not apply.
func (t *Table) addUp() {
	for i := range t.Rows {
		row := &t.Rows[i]
		if row.Kind == Body {
			continue
		}
		for c, column := range t.Columns {
			if column.Additive {
				row.Cells[c] = t.sum(c, row.Sums)
			}
		}
	}
}

func (t *Table) sum(column int, spans []Span) Cell {
	total := Cell{Kind: t.Columns[column].Kind, Value: Decimal{Places: t.Columns[column].Decimals}}
	if len(spans) == 0 {
		return total
	}
	found := false
	for _, s := range spans {
		for _, row := range t.Rows[s.From:s.To] {
			if cell := row.Cells[column]; cell.Kind != None {
				total.Value = total.Value.Plus(cell.Value)
				found = true
			}
		}
	}
	if !found {
		return Cell{}
	}
	return total
}
