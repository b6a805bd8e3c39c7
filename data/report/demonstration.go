package report

import (
	"strings"

	"github.com/dikuai/dikuai/data/land"
)

// dataNature is what every export of a layout drawn for show says of its rows.
const dataNature = "示范布局，非实测"

// natureColumn says of every row whether its figures rest on a demonstration
// layout. A register without such parks has no column.
var natureColumn = Column{Key: "data_nature", Zh: "数据性质", En: "Nature of the data", Kind: Text, Width: 10}

// nature is the column's cell in a row of a park; nil for a row that holds land of
// several, of which one is drawn.
func nature(park *land.Park) Cell {
	if park != nil && !park.Demonstration {
		return Cell{}
	}
	return textCell(dataNature)
}

// natured is a row with the column's cell, where the table has the column.
func (t *Table) natured(row Row, park *land.Park) Row {
	if t.Head.Demonstration {
		row.Cells = append(row.Cells, nature(park))
	}
	return row
}

// markDemonstration adds the column, and the cells of the rows that are there;
// parkOf names a row's park.
func (t *Table) markDemonstration(parks []land.Park, parkOf func(row int) *land.Park) {
	if !t.Head.Demonstration {
		return
	}
	t.Columns = append(t.Columns, natureColumn)
	for i := range t.Rows {
		t.Rows[i] = t.natured(t.Rows[i], parkOf(i))
	}
	var named []string
	for _, p := range parks {
		if p.Demonstration {
			named = append(named, p.NameZh)
		}
	}
	t.note(strings.Join(named, "、") + "为示范布局，非实测，不作为审批、供地和登记的依据。")
}

// parkAt finds the park of a code among a register's.
func parkAt(reg land.Register, code land.ParkCode) *land.Park {
	for i := range reg.Parks {
		if reg.Parks[i].Code == code {
			return &reg.Parks[i]
		}
	}
	return nil
}
