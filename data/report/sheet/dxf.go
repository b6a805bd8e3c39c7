package sheet

import (
	"fmt"
	"io"
	"math"

	"github.com/dikuai/dikuai/data/exchange/dxf"
	"github.com/dikuai/dikuai/geo"
)

// DXF writes what the map shows of the ground as an AutoCAD drawing, in metres of
// the plane, east before north: the outlines whole and not cut at the frame, with
// the labels in their places at the sheet's scale.
func (s *Sheet) DXF(w io.Writer) error {
	d, err := dxf.NewDrawing()
	if err != nil {
		return err
	}
	defer d.Close()
	m := s.Map()
	for _, mark := range m.Marks {
		drawDXF(d, mark, m.metres())
	}
	s.titleDXF(d, m)
	comments := append([]string{s.Title, "图号：" + s.Number, ratio(float64(s.Scale))}, s.imprint()...)
	if s.Demonstration {
		comments = append(comments, demonstrationNote)
	}
	return d.Finish(w, comments...)
}

// drawDXF draws a mark that stands on a layer; metres is a millimetre of paper.
func drawDXF(d *dxf.Drawing, mark Mark, metres float64) {
	switch m := mark.(type) {
	case *Line:
		if m.Layer == "" {
			return
		}
		l := dxf.Layer{Name: m.Layer, Color: m.Pen.Color, Weight: weight(m.Pen.Width)}
		if m.Closed {
			d.Polygon(l, m.Points)
		} else {
			d.Line(l, m.Points...)
		}
	case *Circle:
		if m.Layer != "" {
			d.Circle(dxf.Layer{Name: m.Layer, Color: m.Pen.Color}, m.At, m.Diameter/2*metres)
		}
	case *Text:
		if m.Layer != "" {
			d.Text(dxf.Layer{Name: m.Layer, Color: m.Color}, m.At, m.Size*capHeight*metres, m.Angle, m.Text)
		}
	}
}

// capHeight is the height of figures, by which CAD sizes text, as part of a size.
const capHeight = 0.75

// weight is the heaviest of AutoCAD's line weights that is not over a width in mm,
// in hundredths.
func weight(width float64) int {
	heaviest := 5
	for _, w := range []int{5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50} {
		if float64(w) <= math.Round(width*100) {
			heaviest = w
		}
	}
	return heaviest
}

// titleDXF writes what the drawing is under the map.
func (s *Sheet) titleDXF(d *dxf.Drawing, m *Window) {
	on := dxf.Layer{Name: layerTitle}
	lines := append([]string{fmt.Sprintf("%s　%s", s.Title, ratio(float64(s.Scale)))}, s.imprint()...)
	if s.Demonstration {
		lines = append([]string{demonstrationNote}, lines...)
	}
	seen := m.seen()
	at := geo.Point{(seen.min[0] + seen.max[0]) / 2, seen.min[1] - 8*m.metres()}
	for i, line := range lines {
		height := 2.5
		if i == 0 {
			height = 5
		}
		d.Text(on, at, height*m.metres(), 0, line)
		at[1] -= 1.8 * height * m.metres()
	}
}
