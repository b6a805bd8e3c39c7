// Package dxf writes AutoCAD drawings, and plots as such. A drawing is ASCII DXF
// of AutoCAD 2007 (AC1021), the first version whose texts are UTF-8. Coordinates
// are metres of a Gauss-Krüger plane, east before north, to the millimetre.
package dxf

import (
	"bufio"
	"io"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/geo"
)

// Drawing is a drawing in the making. Layers and extent stand before the
// entities, which therefore wait in a temporary file.
type Drawing struct {
	pen
	spool  *outlet.Spool
	layers []Layer
	known  map[string]bool // layers by name
	extent geo.Ring        // its south-western and north-eastern corner; empty at first
}

// Layer is a layer by its name. Color is #RRGGBB, empty for black on white;
// Weight is the lines' in 1/100 mm, one of AutoCAD's (such as 13, 30, 50), 0 for
// its own choice. The first use of a name decides how the layer looks.
type Layer struct {
	Name, Color string
	Weight      int
}

func (l Layer) weight() int {
	const byDefault = -3
	if l.Weight == 0 {
		return byDefault
	}
	return l.Weight
}

// NewDrawing begins an empty drawing; the caller closes it.
func NewDrawing() (*Drawing, error) {
	spool, err := outlet.NewSpool()
	if err != nil {
		return nil, err
	}
	return &Drawing{pen: pen{w: spool.Writer, handle: firstHandle}, spool: spool, known: map[string]bool{}}, nil
}

// Close gives up what waits for Finish.
func (d *Drawing) Close() { d.spool.Close() }

// Polygon draws a closed ring; it does not matter whether its last point repeats
// its first.
func (d *Drawing) Polygon(l Layer, ring geo.Ring) {
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	d.polyline(d.on(l), ring, 1)
	d.reach(ring)
}

// Line draws an open line.
func (d *Drawing) Line(l Layer, points ...geo.Point) {
	d.polyline(d.on(l), points, 0)
	d.reach(points)
}

// Circle draws a circle by its radius in metres.
func (d *Drawing) Circle(l Layer, centre geo.Point, radius float64) {
	d.entity("CIRCLE", d.on(l), "AcDbCircle")
	d.groups(10, centre[0], 20, centre[1], 30, 0.0, 40, radius)
}

// Text writes a text centred on a point, of a height in metres, turned by degrees
// anticlockwise.
func (d *Drawing) Text(l Layer, at geo.Point, height, angle float64, text string) {
	d.text(d.on(l), at, height, angle, text)
}

// Finish writes the drawing with comments at its head, one a line.
func (d *Drawing) Finish(w io.Writer, comments ...string) error {
	out := &pen{w: bufio.NewWriter(w)}
	out.begin(d, comments)
	if err := d.spool.CopyTo(out.w); err != nil {
		return err
	}
	out.end()
	return out.w.Flush()
}

// on is the layer's name, which the drawing then has.
func (d *Drawing) on(l Layer) string {
	if !d.known[l.Name] {
		d.known[l.Name] = true
		d.layers = append(d.layers, l)
	}
	return l.Name
}

func (d *Drawing) reach(points []geo.Point) {
	b := geo.Ring(points).Bound()
	if len(d.extent) > 0 {
		b = b.Union(d.extent.Bound())
	}
	d.extent = geo.Ring{b.Min, b.Max}
}
