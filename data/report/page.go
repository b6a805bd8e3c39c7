package report

import "github.com/dikuai/dikuai/data/report/paper"

// widestA4 is the width in half-width characters of 10 points up to which a
// table is put on A4.
const widestA4 = 150

// pageFor is the paper on which columns of the widths can be read.
func pageFor(widths []float64) paper.Page {
	if sum(widths) <= widestA4 {
		return paper.A4.Landscape()
	}
	return paper.A3.Landscape()
}

// page is the paper of a table whose rows are held, none of which can fail.
func (t Table) page() paper.Page {
	widths, _ := columnWidths(t)
	return pageFor(widths)
}
