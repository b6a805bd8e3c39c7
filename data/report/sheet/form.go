package sheet

import (
	"strings"

	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// form draws what stands beside a map: ruled boxes with text.
type form struct {
	fonts   *paper.Fonts
	marks   []Mark
	largest float64 // type in boxes, mm
}

func newForm(fonts *paper.Fonts) *form { return &form{fonts: fonts, largest: 2.9} }

// Pens of forms.
var (
	thin  = Pen{Color: black, Width: 0.13}
	thick = Pen{Color: black, Width: 0.5}
)

func (f *form) add(marks ...Mark) { f.marks = append(f.marks, marks...) }

func (f *form) rule(pen Pen, points ...geo.Point) { f.add(&Line{Points: points, Pen: pen}) }

func (f *form) rect(r Rect, pen Pen) { f.add(&Line{Points: r.corners(), Closed: true, Pen: pen}) }

func (f *form) fill(r Rect, color string) { f.add(&Area{Rings: []geo.Ring{r.corners()}, Color: color}) }

func (f *form) width(text string, size float64) float64 {
	return f.fonts.Width(text, size/paper.Point)
}

// text prints one line, its middle height at y.
func (f *form) text(x, y, size float64, align paper.Align, color, text string) {
	if text != "" {
		f.add(&Text{At: geo.Point{x, y}, Size: size, Align: align, Color: color, Text: text})
	}
}

// Sizes of type in forms, mm.
const (
	smallestType = 1.6
	leading      = 1.25 // from line to line, as part of the size
	padding      = 0.8  // between a box and its text
)

// within prints text into a box, in several lines and smaller type where it does
// not fit otherwise; what does not fit in the smallest ends with an ellipsis.
func (f *form) within(r Rect, align paper.Align, color, text string) {
	if text == "" {
		return
	}
	inner := r.inset(padding)
	size := min(f.largest, inner.H)
	var lines []string
	for ; ; size -= 0.1 {
		lines = f.fonts.Wrap(text, size/paper.Point, inner.W)
		if float64(len(lines)-1)*leading*size+size <= inner.H+0.2 && f.widest(lines, size) <= inner.W {
			break
		}
		if size <= smallestType {
			lines = f.cut(lines, size, inner)
			break
		}
	}
	x := inner.X
	switch align {
	case paper.Centre:
		x = r.centre()[0]
	case paper.Right:
		x = inner.right()
	}
	y := r.centre()[1] - float64(len(lines)-1)*leading*size/2
	for _, line := range lines {
		f.text(x, y, size, align, color, line)
		y += leading * size
	}
}

func (f *form) widest(lines []string, size float64) float64 {
	var w float64
	for _, line := range lines {
		w = max(w, f.width(line, size))
	}
	return w
}

// cut leaves the lines that fit.
func (f *form) cut(lines []string, size float64, inner Rect) []string {
	fit := max(int((inner.H-size)/(leading*size))+1, 1)
	if len(lines) <= fit {
		return lines
	}
	lines = lines[:fit]
	last := []rune(strings.TrimSpace(lines[fit-1]))
	for len(last) > 0 && f.width(string(last)+"…", size) > inner.W {
		last = last[:len(last)-1]
	}
	lines[fit-1] = string(last) + "…"
	return lines
}

// cell is a box of a ruled form, over Span columns.
type cell struct {
	text  string
	span  int // 0 is 1
	head  bool
	align paper.Align
	color string
}

func head(text string) cell { return cell{text: text, head: true, align: paper.Centre} }

func value(text string, span int) cell { return cell{text: text, span: span} }

func number(text string) cell { return cell{text: text, align: paper.Right} }

// headColor is behind headings.
const headColor = "#EDF1F5"

// row rules a row of boxes.
func (f *form) row(x, y, height float64, widths []float64, cells ...cell) {
	column := 0
	for _, c := range cells {
		r := Rect{x, y, 0, height}
		for range max(c.span, 1) {
			r.W += widths[column]
			column++
		}
		if c.head {
			f.fill(r, headColor)
		}
		f.rect(r, thin)
		color := c.color
		if color == "" {
			color = black
		}
		f.within(r, c.align, color, c.text)
		x = r.right()
	}
}
