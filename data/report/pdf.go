package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// PDF writes the table as a document to be printed and handed in, on A4 or A3
// across: column heads on every page, sums marked, notes, the line for
// signatures, and at every page's foot where the figures come from. Headings are
// Chinese with English below. The bytes depend on the table and the fonts alone.
func PDF(w io.Writer, t Table, fonts *paper.Fonts) error {
	p := printTable(t, fonts)
	_, err := p.WriteTo(w)
	return err
}

// Sizes of a page in millimetres and of its type in points.
const (
	pdfSide   = 10.0 // margin left and right
	pdfTop    = 9.0
	pdfBottom = 20.0 // the foot stands in it
	pdfPad    = 0.9  // between a cell's border and its text

	pdfTitle   = 16.0
	pdfSmall   = 7.0  // of the foot and notes
	pdfLargest = 9.0  // of the table
	pdfHandy   = 7.5  // of the table, below which texts are broken rather than set smaller
	pdfLeast   = 6.0  // of the table, below which figures are broken rather than set smaller
	pdfEnglish = 0.75 // of English beside Chinese, to the size of the Chinese
	pdfLeading = 1.3  // from line to line, to the size
)

// pdfTable is a table that is being printed.
type pdfTable struct {
	*paper.Document
	table         Table
	imprint       geo.Words
	page          paper.Page
	size          float64   // of the table's type
	lefts, widths []float64 // of the columns
	heads         []block
	printed       []pdfText
}

// pdfText is a text as it was printed, in print order.
type pdfText struct {
	page int
	at   place
	text string
}

// block is what stands on one page undivided.
type block struct {
	height float64
	row    bool // under the column heads
	draw   func(y float64)
}

func printTable(t Table, fonts *paper.Fonts) *pdfTable {
	h := t.Head
	keywords := t.Stamp().String()
	if h.Demonstration {
		keywords += " " + dataNature
	}
	p := &pdfTable{table: t, imprint: t.Imprint(), page: t.page(), Document: fonts.NewDocument(paper.Meta{Title: t.TitleZh, Subject: t.TitleEn, Keywords: keywords, Made: h.AsOf.Time()})}
	p.columns()
	p.headBlocks()
	blocks := slices.Concat(p.rowBlocks(), p.noteBlocks())
	pages := p.paginate(blocks)
	for i, blocks := range pages {
		p.AddPage(p.page)
		p.SetDrawColor(0, 0, 0)
		y := p.head(i)
		if len(blocks) > 0 && blocks[0].row {
			y = stack(p.heads, y)
		}
		top, bottom := y, y
		for _, b := range blocks {
			b.draw(y)
			if y += b.height; b.row {
				bottom = y
			}
		}
		if bottom > top {
			p.uprights(top, bottom)
		}
		p.foot(i+1, len(pages))
	}
	return p
}

// stack draws blocks from y on and gives where they end.
func stack(blocks []block, y float64) float64 {
	for _, b := range blocks {
		b.draw(y)
		y += b.height
	}
	return y
}

func heightOf(blocks []block) (h float64) {
	for _, b := range blocks {
		h += b.height
	}
	return h
}

// paginate parts the blocks into pages, of which there is one at least.
func (p *pdfTable) paginate(blocks []block) [][]block {
	pages := [][]block{nil}
	room := p.room(0)
	for _, b := range blocks {
		last := &pages[len(pages)-1]
		need := b.height
		if b.row && len(*last) == 0 {
			need += heightOf(p.heads)
		}
		if need > room && len(*last) > 0 {
			pages = append(pages, nil)
			last = &pages[len(pages)-1]
			room = p.room(1)
			need = b.height
			if b.row {
				need += heightOf(p.heads)
			}
		}
		*last = append(*last, b)
		room -= need
	}
	return pages
}

// room is the height between head and foot of the page.
func (p *pdfTable) room(page int) float64 {
	return p.page.Height - pdfBottom - pdfTop - heightOf(p.headLines(page))
}

// head draws what stands above the table and gives where it ends.
func (p *pdfTable) head(page int) float64 { return stack(p.headLines(page), pdfTop) }

// headLines are the mark of a demonstration and the title, and on the first page
// what the figures stand on.
func (p *pdfTable) headLines(page int) []block {
	t := p.table
	at := place{part: inHead}
	var blocks []block
	if t.Head.Demonstration {
		mark := p.line(at, paper.Centre, 10, true, demonstrationMark.Zh+" "+demonstrationMark.En)
		blocks = append(blocks, block{mark.height + 3, false, func(y float64) {
			p.SetTextColor(192, 0, 0)
			p.SetDrawColor(192, 0, 0)
			p.Rect(pdfSide, y, p.across(), mark.height+1, "D")
			mark.draw(y + 0.5)
			p.SetTextColor(0, 0, 0)
			p.SetDrawColor(0, 0, 0)
		}})
	}
	if page > 0 {
		return append(blocks, p.lines(at, paper.Centre, 9, t.TitleZh+"（续） "+t.TitleEn+" (continued)")...)
	}
	var zh, en []string
	for _, f := range t.Facts() {
		zh = append(zh, f.Name.Zh+"："+f.Value.Zh)
		en = append(en, f.Name.En+": "+f.Value.En)
	}
	for _, line := range p.Fonts().Wrap(t.TitleZh, pdfTitle, p.across()) {
		blocks = append(blocks, p.line(at, paper.Centre, pdfTitle, true, line))
	}
	blocks = append(blocks, p.lines(at, paper.Centre, 10, t.TitleEn)...)
	blocks = append(blocks, p.lines(at, paper.Centre, 9, strings.Join(zh, " · "))...)
	blocks = append(blocks, p.lines(at, paper.Centre, pdfSmall, strings.Join(en, " · "))...)
	return append(blocks, block{2, false, func(float64) {}})
}

// noteBlocks are the notes and the line for signatures.
func (p *pdfTable) noteBlocks() []block {
	notes := p.table.Notes
	if missing := p.missing(); missing.Zh != "" {
		notes = append(slices.Clone(notes), missing.Zh+" "+missing.En)
	}
	blocks := []block{{2, false, func(float64) {}}}
	const size = pdfSmall + 1
	left := pdfSide + p.Fonts().Width("注：10. ", size)
	for i, note := range notes {
		at, label := place{part: inNote, row: i}, fmt.Sprintf("%d. ", i+1)
		if i == 0 {
			label = "注：" + label
		}
		for j, line := range p.Fonts().Wrap(note, size, pdfSide+p.across()-left) {
			blocks = append(blocks, block{size * pdfLeading * paper.Point, false, func(y float64) {
				if j == 0 {
					p.text(at, left, y+baseline(size), size, paper.Right, false, label)
				}
				p.text(at, left, y+baseline(size), size, paper.Left, false, line)
			}})
		}
	}
	sign := strings.Repeat("　", 10)
	return append(blocks, block{3, false, func(float64) {}},
		p.line(place{part: inFoot}, paper.Left, 9, false, "制表："+sign+"校核："+sign+"审核："+sign+"日期："))
}

// missing tells of characters that the fonts lack, which are printed as 〓.
func (p *pdfTable) missing() geo.Words {
	var lacking []rune
	look := func(text string) {
		for _, r := range text {
			if r != '\n' && !p.Fonts().Has(r) && !slices.Contains(lacking, r) {
				lacking = append(lacking, r)
			}
		}
	}
	look(p.table.TitleZh)
	for _, row := range p.table.Rows {
		for _, cell := range row.Cells {
			look(cell.String())
		}
	}
	for _, note := range p.table.Notes {
		look(note)
	}
	if len(lacking) == 0 {
		return geo.Words{}
	}
	var codes []string
	for _, r := range lacking[:min(len(lacking), 20)] {
		codes = append(codes, fmt.Sprintf("%U", r))
	}
	if len(codes) < len(lacking) {
		codes = append(codes, "…")
	}
	return geo.Say("字体中没有的字印作“〓”：%s。", "Characters that the font lacks are printed as 〓: %s.", strings.Join(codes, " "))
}

// foot tells where the figures come from, and which page this is.
func (p *pdfTable) foot(page, pages int) {
	at := place{part: inFoot}
	y := p.page.Height - pdfBottom + 4
	p.SetLineWidth(0.2)
	p.Line(pdfSide, y, p.page.Width-pdfSide, y)
	number := fmt.Sprintf("第 %d 页 共 %d 页", page, pages)
	numberEn := fmt.Sprintf("page %d of %d", page, pages)
	width := p.across() - p.Fonts().Width(number, pdfSmall) - 4
	right := p.page.Width - pdfSide
	for _, line := range p.Fonts().Wrap(p.imprint.Zh, pdfSmall, width) {
		y += pdfSmall * pdfLeading * paper.Point
		p.text(at, pdfSide, y, pdfSmall, paper.Left, false, line)
	}
	for _, line := range p.Fonts().Wrap(p.imprint.En, pdfSmall*pdfEnglish, width) {
		y += pdfSmall * pdfEnglish * pdfLeading * paper.Point
		p.text(at, pdfSide, y, pdfSmall*pdfEnglish, paper.Left, false, line)
	}
	y = p.page.Height - pdfBottom + 4 + pdfSmall*pdfLeading*paper.Point
	p.text(at, right, y, pdfSmall, paper.Right, false, number)
	p.text(at, right, y+pdfSmall*pdfLeading*paper.Point, pdfSmall, paper.Right, false, numberEn)
}

// across is the width between the margins.
func (p *pdfTable) across() float64 { return p.page.Width - 2*pdfSide }

// lines are a text over the whole width, broken where it must be.
func (p *pdfTable) lines(at place, align paper.Align, size float64, text string) []block {
	var blocks []block
	for _, line := range p.Fonts().Wrap(text, size, p.across()) {
		blocks = append(blocks, p.line(at, align, size, false, line))
	}
	return blocks
}

func (p *pdfTable) line(at place, align paper.Align, size float64, bold bool, text string) block {
	x := map[paper.Align]float64{paper.Left: pdfSide, paper.Centre: p.page.Width / 2, paper.Right: p.page.Width - pdfSide}[align]
	return block{size * pdfLeading * paper.Point, false, func(y float64) {
		p.text(at, x, y+baseline(size), size, align, bold, text)
	}}
}

// baseline is how far a line's base is below its top.
func baseline(size float64) float64 {
	return ((pdfLeading-1)/2 + paper.Ascent) * size * paper.Point
}

// text prints a line and keeps what was printed where. Bold is drawn with an
// outline in the text's colour, for the fonts have no bold face.
func (p *pdfTable) text(at place, x, y, size float64, align paper.Align, bold bool, text string) {
	p.printed = append(p.printed, pdfText{p.PageNo(), at, text})
	if !bold {
		p.Text(x, y, size, align, text)
		return
	}
	p.SetLineWidth(size * 0.03 * paper.Point)
	p.SetTextRenderingMode(2)
	p.Text(x, y, size, align, text)
	p.SetTextRenderingMode(0)
}
