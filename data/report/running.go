package report

// running adds up the additive columns of rows as they are printed.
type running struct {
	columns []Column
	cells   []Cell
	rows    int
}

func newRunning(columns []Column) *running {
	return &running{columns: columns, cells: make([]Cell, len(columns))}
}

// add counts a body row in.
func (r *running) add(row Row) {
	r.rows++
	for i, column := range r.columns {
		if cell := row.Cells[i]; column.Additive && cell.Kind != None {
			sum := &r.cells[i]
			if sum.Kind == None {
				*sum = column.zero()
			}
			sum.Value = sum.Value.Plus(cell.Value)
		}
	}
}

// sum is the cells of a row of sums. A sum over nothing is 0; one over rows of
// which none has a figure does not apply.
func (r *running) sum() []Cell {
	cells := make([]Cell, len(r.cells))
	copy(cells, r.cells)
	for i, column := range r.columns {
		if column.Additive && r.rows == 0 {
			cells[i] = column.zero()
		}
	}
	return cells
}

func (c Column) zero() Cell { return Cell{Kind: c.Kind, Value: Decimal{Places: c.Decimals}} }
