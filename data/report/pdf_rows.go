package report

import (
	"strings"

	"github.com/dikuai/dikuai/data/report/paper"
)

// columns chooses the size of type and the columns' widths: every figure, code
// and short word on one line, longer texts on as few lines as the page has room
// for. Where not even the smallest type fits, all columns are narrowed.
func (p *pdfTable) columns() {
	t := p.table
	least, want := make([]float64, len(t.Columns)), make([]float64, len(t.Columns))
	for i := range t.Columns {
		least[i], want[i] = p.columnWidth(i)
	}
	const borders = 2*pdfPad + 0.02 // and what rounding takes
	room := p.across() - borders*float64(len(t.Columns))
	p.size = min(max(room/sum(want), min(room/sum(least), pdfHandy), pdfLeast), pdfLargest)
	for i := range least {
		least[i], want[i] = least[i]*p.size+borders, want[i]*p.size+borders
	}
	p.widths = least
	if spare := p.across() - sum(least); spare > 0 {
		share := min(1, spare/max(sum(want)-sum(least), 1e-9))
		for i := range least {
			least[i] += (want[i] - least[i]) * share
		}
	}
	fill := p.across() / sum(p.widths)
	x := pdfSide
	for i := range p.widths {
		p.widths[i] *= fill
		p.lefts = append(p.lefts, x)
		x += p.widths[i]
	}
}

// columnWidth is what a column takes at least and would like to have, in
// millimetres for type of one point.
func (p *pdfTable) columnWidth(i int) (least, want float64) {
	c := p.table.Columns[i]
	fonts := p.Fonts()
	for word := range strings.FieldsSeq(c.headingEn()) {
		least = max(least, fonts.Width(word, pdfEnglish))
	}
	if c.Unit != "" {
		least = max(least, fonts.Width("("+c.Unit+")", 1))
	}
	least = max(least, fonts.Width(c.Zh, 1)/2)
	const half = paper.Point / 2 // of a half-width character
	for _, row := range p.table.Rows {
		cell := row.Cells[i]
		width := fonts.Width(cell.String(), 1)
		if row.Kind != Body {
			width *= 1.03 // bold
		}
		if cell.Kind == Text {
			width += float64(cellLook(c, row, cell).indent) * paper.Point
			want = max(want, min(width, 2*half*float64(c.Width)))
			if printWidth(cell.Text) > c.Width {
				width = min(width, half*float64(c.Width))
			}
		}
		least = max(least, width)
	}
	return least, max(least, want)
}

// cellText is a cell's text in lines, of which each has its size.
type cellText struct {
	lines []string
	sizes []float64
}

func (c *cellText) add(lines []string, size float64) {
	for _, line := range lines {
		c.lines, c.sizes = append(c.lines, line), append(c.sizes, size)
	}
}

func (c cellText) height() float64 { return sum(c.sizes) * pdfLeading * paper.Point }

// cell is a rectangle with its text in it.
type pdfCell struct {
	at       place
	x, width float64
	align    paper.Align
	indent   float64
	bold     bool
	cellText
}

var aligns = map[string]paper.Align{"left": paper.Left, "center": paper.Centre, "right": paper.Right}

// write prints the text in the middle of a cell's height.
func (p *pdfTable) write(c pdfCell, y, height float64) {
	x := c.x + pdfPad + c.indent
	switch c.align {
	case paper.Centre:
		x = c.x + c.width/2
	case paper.Right:
		x = c.x + c.width - pdfPad
	}
	y += (height - c.height()) / 2
	for i, line := range c.lines {
		p.text(c.at, x, y+baseline(c.sizes[i]), c.sizes[i], c.align, c.bold && c.sizes[i] == p.size, line)
		y += c.sizes[i] * pdfLeading * paper.Point
	}
}

// headBlocks lay out the column heads.
func (p *pdfTable) headBlocks() {
	rows := p.table.heads()
	cells := make([][]pdfCell, len(rows))
	heights := make([]float64, len(rows))
	for i, heads := range rows {
		for _, h := range heads {
			c := pdfCell{at: place{part: inHeading, column: h.From}, x: p.lefts[h.From], width: sum(p.widths[h.From:h.To]), align: paper.Centre, bold: true}
			inner := c.width - 2*pdfPad
			c.add(p.Fonts().Wrap(p.headLine(h, inner), p.size, inner), p.size)
			en := h.En
			if h.Unit != "" {
				en += " (" + h.UnitEn() + ")"
			}
			c.add(p.Fonts().Wrap(en, p.size*pdfEnglish, inner), p.size*pdfEnglish)
			cells[i] = append(cells[i], c)
			last := i + h.Rows - 1
			heights[last] = max(heights[last], c.height()+2*pdfPad)
		}
	}
	for i, heads := range rows {
		p.heads = append(p.heads, block{heights[i], true, func(y float64) {
			for j, h := range heads {
				height := sum(heights[i : i+h.Rows])
				c := cells[i][j]
				p.SetLineWidth(0.2)
				p.SetFillColor(237, 237, 237)
				p.Rect(c.x, y, c.width, height, "FD")
				p.write(c, y, height)
			}
		}})
	}
}

// headLine puts a unit on a line of its own where it does not fit beside.
func (p *pdfTable) headLine(h headCell, width float64) string {
	if h.Unit == "" {
		return h.Zh
	}
	if line := h.Zh + "(" + h.Unit + ")"; p.Fonts().Width(line, p.size) <= width {
		return line
	}
	return h.Zh + "\n(" + h.Unit + ")"
}

// rowBlocks lay out the table's rows. A row that is higher than a page is parted.
func (p *pdfTable) rowBlocks() []block {
	most := int((p.room(1) - heightOf(p.heads) - 2*pdfPad) / (p.size * pdfLeading * paper.Point))
	var blocks []block
	for r, row := range p.table.Rows {
		cells := make([]pdfCell, len(row.Cells))
		lines := 1
		for i, cell := range row.Cells {
			l := cellLook(p.table.Columns[i], row, cell)
			c := pdfCell{at: place{inCell, r, i}, x: p.lefts[i], width: p.widths[i], align: aligns[l.align], bold: l.bold, indent: float64(l.indent) * p.size * paper.Point}
			c.add(p.Fonts().Wrap(cell.String(), p.size, c.width-2*pdfPad-c.indent), p.size)
			cells[i] = c
			lines = max(lines, len(c.lines))
		}
		for from := 0; from < lines; from += max(most, 1) {
			blocks = append(blocks, p.rowBlock(row.Kind, cells, from, min(from+max(most, 1), lines)))
		}
	}
	return blocks
}

// rowBlock is a row from one line of its texts to another.
func (p *pdfTable) rowBlock(kind RowKind, cells []pdfCell, from, to int) block {
	height := float64(to-from)*p.size*pdfLeading*paper.Point + 2*pdfPad
	return block{height, true, func(y float64) {
		p.SetLineWidth(0.2)
		style := "D"
		if kind == Total {
			p.SetFillColor(245, 245, 245)
			style = "FD"
		}
		p.Rect(pdfSide, y, p.across(), height, style)
		for _, c := range cells {
			first, last := min(from, len(c.lines)), min(to, len(c.lines))
			c.lines, c.sizes = c.lines[first:last], c.sizes[first:last]
			p.write(c, y, height)
		}
	}}
}

// uprights draws the lines between columns.
func (p *pdfTable) uprights(top, bottom float64) {
	p.SetLineWidth(0.2)
	for _, x := range p.lefts[1:] {
		p.Line(x, top, x, bottom)
	}
}
