// Package dxf writes plots as an AutoCAD drawing: one layer a land use, in its
// planning colour, with a closed polyline for each ring and the plot's number as
// a text inside it. The drawing is ASCII DXF of AutoCAD 2007 (AC1021), the first
// version whose texts are UTF-8. Coordinates are metres of a Gauss-Krüger plane,
// east before north, to the millimetre.
package dxf

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Layers beside those of the land uses. A text on NumberLayer is the number of
// the plot in which it stands; a polyline on a land use's layer with HoleSuffix
// is cut out of the plot around it on the land use's own layer.
const (
	NumberLayer = "plot_no"
	HoleSuffix  = "_hole"
	titleLayer  = "title"
)

// Write writes a drawing in a plane system. Layers and extent stand before the
// plots, which therefore wait in a temporary file. An error of plots is given
// back.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	project, err := outlet.NewProjection(o.CRS)
	if err != nil {
		return err
	}
	spool, err := outlet.NewSpool()
	if err != nil {
		return err
	}
	defer spool.Close()
	d := &drawing{pen: pen{w: spool.Writer, handle: firstHandle}, known: map[string]bool{}}
	for p, err := range plots {
		if err != nil {
			return err
		}
		d.plot(p, project(p.Boundary))
	}
	d.title(o)
	out := &pen{w: bufio.NewWriter(w)}
	out.begin(d, o)
	if err := spool.CopyTo(out.w); err != nil {
		return err
	}
	out.end()
	return out.w.Flush()
}

// drawing is what is known of the plots while they are drawn.
type drawing struct {
	pen
	layers []layer
	known  map[string]bool // layers by name
	extent geo.Ring        // its south-western and north-eastern corner; empty at first
}

type layer struct{ name, color string }

func (d *drawing) layer(name, color string) string {
	if !d.known[name] {
		d.known[name] = true
		d.layers = append(d.layers, layer{name, color})
	}
	return name
}

// LayerName is the layer of a land use: its code, and behind plus signs the
// secondary ones of mixed use, because a layer's name has no strokes.
func LayerName(a land.Attributes) string { return strings.ReplaceAll(a.UseText(), "/", "+") }

func (d *drawing) plot(p *land.Plot, plane geo.MultiPolygon) {
	use, _ := land.LookupUse(p.Use)
	on := d.layer(LayerName(p.Attributes), use.Color)
	number := d.layer(NumberLayer, "")
	for _, polygon := range plane {
		for i, ring := range polygon {
			name := on
			if i > 0 {
				name = d.layer(on+HoleSuffix, use.Color)
			}
			d.polyline(name, ring)
			d.reach(ring)
		}
		height := textHeight(geo.PlaneArea(geo.MultiPolygon{polygon}))
		d.text(number, labelPoint(polygon), height, p.PlotNo)
	}
}

// textHeight is a twentieth of a plot's side, within what reads in print.
func textHeight(area geo.SquareMetres) float64 {
	return min(max(math.Sqrt(float64(area))/20, 0.5), 8)
}

func (d *drawing) reach(ring geo.Ring) {
	b := ring.Bound()
	if len(d.extent) > 0 {
		b = b.Union(d.extent.Bound())
	}
	d.extent = geo.Ring{b.Min, b.Max}
}

// title writes what the drawing is under its middle.
func (d *drawing) title(o outlet.Options) {
	if o.Title == "" && !o.Demonstration || len(d.extent) == 0 {
		return
	}
	b := d.extent.Bound()
	height := (b.Max[0] - b.Min[0]) / 60
	at := geo.Point{b.Center()[0], b.Min[1] - 3*height}
	on := d.layer(titleLayer, "")
	d.text(on, at, height, o.Heading())
	for _, m := range o.Members()[1:] {
		at[1] -= height
		d.text(on, at, height/2, fmt.Sprintf("%s：%s", m.Zh, m.Text))
	}
}
