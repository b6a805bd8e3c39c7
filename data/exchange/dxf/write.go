package dxf

import (
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

// Write writes plots as a drawing in a plane system: one layer a land use, in its
// planning colour, with a closed polyline for each ring and the plot's number as
// a text inside it. An error of plots is given back.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	project, err := outlet.NewProjection(o.CRS)
	if err != nil {
		return err
	}
	d, err := NewDrawing()
	if err != nil {
		return err
	}
	defer d.Close()
	for p, err := range plots {
		if err != nil {
			return err
		}
		plot(d, p, project(p.Boundary))
	}
	title(d, o)
	var comments []string
	for _, m := range o.Members() {
		comments = append(comments, m.Name+": "+m.Text)
	}
	return d.Finish(w, comments...)
}

// LayerName is the layer of a land use: its code, and behind plus signs the
// secondary ones of mixed use, because a layer's name has no strokes.
func LayerName(a land.Attributes) string { return strings.ReplaceAll(a.UseText(), "/", "+") }

func plot(d *Drawing, p *land.Plot, plane geo.MultiPolygon) {
	use, _ := land.LookupUse(p.Use)
	on := Layer{Name: LayerName(p.Attributes), Color: use.Color}
	for _, polygon := range plane {
		for i, ring := range polygon {
			l := on
			if i > 0 {
				l.Name += HoleSuffix
			}
			d.Polygon(l, ring)
		}
		height := textHeight(geo.PlaneArea(geo.MultiPolygon{polygon}))
		d.Text(Layer{Name: NumberLayer}, labelPoint(polygon), height, 0, p.PlotNo)
	}
}

// textHeight is a twentieth of a plot's side, within what reads in print.
func textHeight(area geo.SquareMetres) float64 {
	return min(max(math.Sqrt(float64(area))/20, 0.5), 8)
}

// title writes what the drawing is under its middle.
func title(d *Drawing, o outlet.Options) {
	if o.Title == "" && !o.Demonstration || len(d.extent) == 0 {
		return
	}
	b := d.extent.Bound()
	height := (b.Max[0] - b.Min[0]) / 60
	at := geo.Point{b.Center()[0], b.Min[1] - 3*height}
	on := Layer{Name: titleLayer}
	d.Text(on, at, height, 0, o.Heading())
	for _, m := range o.Members()[1:] {
		at[1] -= height
		d.Text(on, at, height/2, 0, fmt.Sprintf("%s：%s", m.Zh, m.Text))
	}
}
