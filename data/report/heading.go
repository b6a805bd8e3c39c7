package report

// headCell is a cell of a table's column heads, over the columns From ≤ i < To
// and one or two rows high.
type headCell struct {
	Zh, En   string // without the unit
	Unit     string
	Width    int // least width in print, in half-width characters; 0 over several columns
	From, To int
	Rows     int
}

// Columns is how many columns the cell is over.
func (c headCell) Columns() int { return c.To - c.From }

// UnitEn is the unit in English.
func (c headCell) UnitEn() string { return unitEn(c.Unit) }

func unitEn(unit string) string {
	if en, ok := unitsEn[unit]; ok {
		return en
	}
	return unit
}

// unitsEn are the units that are Chinese words, in English.
var unitsEn = map[string]string{"公顷": "ha", "亩": "mu", "块": "plots", "个": "pieces", "元": "yuan", "万元": "10,000 yuan", "亿元": "100 M yuan"}

// heads are the rows of column heads: one, or two where columns are grouped, of
// which a column outside of groups takes both.
func (t Table) heads() [][]headCell {
	rows := make([][]headCell, 1, 2)
	if t.grouped() {
		rows = rows[:2]
	}
	for from := 0; from < len(t.Columns); {
		c, to := t.Columns[from], from+1
		if c.Group == "" {
			rows[0] = append(rows[0], headCell{c.Zh, c.En, c.Unit, c.Width, from, to, len(rows)})
			from = to
			continue
		}
		for to < len(t.Columns) && t.Columns[to].Group == c.Group {
			to++
		}
		rows[0] = append(rows[0], headCell{Zh: c.Group, En: c.GroupEn, From: from, To: to, Rows: 1})
		for ; from < to; from++ {
			c = t.Columns[from]
			rows[1] = append(rows[1], headCell{c.Zh, c.En, c.Unit, c.Width, from, from + 1, 1})
		}
	}
	return rows
}

func (t Table) grouped() bool {
	for _, c := range t.Columns {
		if c.Group != "" {
			return true
		}
	}
	return false
}
