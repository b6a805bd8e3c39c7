package sheet

import (
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// Mark is one thing on a page: *Line, *Area, *Circle, *Text or *Window. Its
// points are millimetres on the paper, within a Window metres on the ground; its
// sizes are millimetres on the paper everywhere. Layer is the drawing's layer on
// which a mark of the ground stands in CAD; empty: it does not.
type Mark interface{ mark() }

// Pen draws lines: a colour #RRGGBB, a width, and dashes with the gaps between.
type Pen struct {
	Color string
	Width float64
	Dash  []float64
}

// Line is a line through points, or a ring of them.
type Line struct {
	Layer  string
	Points []geo.Point
	Closed bool
	Pen    Pen
}

// Area is filled with a colour; rings within rings are holes.
type Area struct {
	Rings []geo.Ring
	Color string
}

// Circle is drawn by its pen, if that has a width, and filled, if a colour says
// with what.
type Circle struct {
	Layer    string
	At       geo.Point
	Diameter float64
	Pen      Pen
	Fill     string
}

// Text is one line whose middle height is at its place, and of its length the
// beginning, middle or end. Size is that of a Chinese character. Angle turns it,
// in degrees anticlockwise.
type Text struct {
	Layer string
	At    geo.Point
	Size  float64
	Angle float64
	Align paper.Align
	Color string
	Text  string
}

// Window shows ground on paper: Centre of the one in the middle of the other, at
// 1:Scale. What reaches over the frame is cut off.
type Window struct {
	Frame  Rect
	Centre geo.Point
	Scale  float64
	Key    bool // it shows where the sheet's ground lies (位置示意)
	Marks  []Mark
}

func (*Line) mark()   {}
func (*Area) mark()   {}
func (*Circle) mark() {}
func (*Text) mark()   {}
func (*Window) mark() {}

// Rect is a rectangle on the paper by its upper left corner.
type Rect struct{ X, Y, W, H float64 }

func (r Rect) right() float64  { return r.X + r.W }
func (r Rect) bottom() float64 { return r.Y + r.H }

func (r Rect) centre() geo.Point { return geo.Point{r.X + r.W/2, r.Y + r.H/2} }

// inset is the rectangle smaller by so much on every side.
func (r Rect) inset(by float64) Rect { return Rect{r.X + by, r.Y + by, r.W - 2*by, r.H - 2*by} }

func (r Rect) corners() []geo.Point {
	return []geo.Point{{r.X, r.Y}, {r.right(), r.Y}, {r.right(), r.bottom()}, {r.X, r.bottom()}}
}

// bound is the rectangle with its least coordinates first.
func (r Rect) bound() bound { return bound{geo.Point{r.X, r.Y}, geo.Point{r.right(), r.bottom()}} }

// metres is how many metres a millimetre of paper is.
func (w *Window) metres() float64 { return w.Scale / 1000 }

// Paper is where a point of the ground is on the paper.
func (w *Window) Paper(ground geo.Point) geo.Point {
	c := w.Frame.centre()
	return geo.Point{c[0] + (ground[0]-w.Centre[0])/w.metres(), c[1] - (ground[1]-w.Centre[1])/w.metres()}
}

// Ground is the point of the ground at a place of the paper.
func (w *Window) Ground(at geo.Point) geo.Point {
	c := w.Frame.centre()
	return geo.Point{w.Centre[0] + (at[0]-c[0])*w.metres(), w.Centre[1] - (at[1]-c[1])*w.metres()}
}

// seen is the ground within the frame.
func (w *Window) seen() bound {
	sw, ne := w.Ground(geo.Point{w.Frame.X, w.Frame.bottom()}), w.Ground(geo.Point{w.Frame.right(), w.Frame.Y})
	return bound{sw, ne}
}

func (w *Window) add(marks ...Mark) { w.Marks = append(w.Marks, marks...) }

// Colours of the sheets.
const (
	black = "#000000"
	grey  = "#606060"
	pale  = "#B0B0B0"
	white = "#FFFFFF"
	red   = "#E60012"
	blue  = "#1F5FA8"
	plum  = "#8B2FA0"
)
