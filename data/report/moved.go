package report

import (
	"fmt"
	"strings"
	"unicode"
)

// moved tells what a table says otherwise today. Rows are known by their names;
// running numbers do not count, nor do notes.
func moved(then, today Table) []Difference {
	rows := map[string]int{}
	names := today.rowKeys()
	for i, name := range names {
		rows[name] = i
	}
	var all []Difference
	for i, name := range then.rowKeys() {
		j, there := rows[name]
		if !there {
			all = append(all, Difference{then.rowWords(i), then.rowText(i), ""})
			continue
		}
		delete(rows, name)
		for c, column := range then.Columns {
			d := today.column(column.Key)
			if d < 0 || c < then.Lead && column.Kind != Text {
				continue
			}
			if was, is := then.Rows[i].Cells[c].String(), today.Rows[j].Cells[d].String(); was != is {
				all = append(all, Difference{then.placeWords(place{inCell, i, c}), was, is})
			}
		}
	}
	for i, name := range names {
		if _, added := rows[name]; added {
			all = append(all, Difference{today.rowWords(i), "", today.rowText(i)})
		}
	}
	return all
}

// rowKeys are the rows' names, each once. That of a sum may tell how many rows it
// adds up, so its digits do not count.
func (t Table) rowKeys() []string {
	seen := map[string]int{}
	keys := make([]string, len(t.Rows))
	for i := range t.Rows {
		name := t.rowName(i)
		if t.Rows[i].Kind != Body {
			name = strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return -1
				}
				return r
			}, name)
		}
		seen[name]++
		keys[i] = fmt.Sprintf("%s %d", name, seen[name])
	}
	return keys
}

// rowText is a row on one line.
func (t Table) rowText(row int) string {
	cells := make([]string, len(t.Rows[row].Cells))
	for i, cell := range t.Rows[row].Cells {
		cells[i] = cell.String()
	}
	return strings.Join(cells, " ")
}
