package report

import "github.com/dikuai/dikuai/data/report/paper"

// widestA4 is the width in half-width characters of 10 points up to which a
// table is put on A4.
const widestA4 = 150

// page is the paper on which the table's columns can be read.
func (t Table) page() paper.Page {
	if sum(columnWidths(t)) <= widestA4 {
		return paper.A4.Landscape()
	}
	return paper.A3.Landscape()
}
