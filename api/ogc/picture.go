package ogc

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// picture is a small map that is drawn by the server (SVG), so that a page needs
// no script. Longitudes are shortened as they are at its middle.
type picture struct {
	Width, Height int // pixels
	Box           orb.Bound
	Parks, Items  []path
	Labels        []label
	scale, shrink float64 // pixels a degree of latitude; what a degree of longitude is to that
}

// path is a boundary in pixels.
type path struct {
	D, Fill, Title, Href string
}

// label is a name in a picture.
type label struct{ X, Y, Text string }

// Measures of a picture.
const (
	pictureWidth  = 760
	pictureHeight = 460
	leastDegrees  = 0.0005 // that a picture shows, about 50 m
)

// newPicture shows a box, EPSG:4490 lon/lat, and what is around it to the
// picture's sides.
func newPicture(box orb.Bound) *picture {
	middle := box.Center()
	p := &picture{Width: pictureWidth, Height: pictureHeight, shrink: max(0.01, math.Cos(middle[1]*math.Pi/180))}
	lon, lat := max(box.Max[0]-box.Min[0], leastDegrees), max(box.Max[1]-box.Min[1], leastDegrees)
	p.scale = math.Min(pictureWidth/(lon*p.shrink), pictureHeight/lat)
	half := orb.Point{pictureWidth / p.scale / p.shrink / 2, pictureHeight / p.scale / 2}
	p.Box = orb.Bound{
		Min: orb.Point{max(-180, middle[0]-half[0]), max(-90, middle[1]-half[1])},
		Max: orb.Point{min(180, middle[0]+half[0]), min(90, middle[1]+half[1])},
	}
	return p
}

// draw gives a boundary in pixels; empty where the picture does not show it.
func (p *picture) draw(boundary geo.MultiPolygon) string {
	if !boundary.Bound().Intersects(p.Box) {
		return ""
	}
	var d strings.Builder
	for _, polygon := range boundary {
		for _, ring := range polygon {
			var last string
			for i, q := range ring {
				x, y := p.pixels(q)
				place := x + " " + y
				switch {
				case i == 0:
					d.WriteString("M" + place)
				case place != last:
					d.WriteString("L" + place)
				}
				last = place
			}
			d.WriteString("Z")
		}
	}
	return d.String()
}

// pixel is a coordinate to a tenth, and not far outside the picture.
func pixel(v float64) string {
	const far = 1e5
	return strconv.FormatFloat(min(max(v, -far), far), 'f', 1, 64)
}

// plainFill colours what nothing else does.
const plainFill = "#D8D2C4"

// add draws items, each leading to its page.
func (p *picture) add(items []feature, href func(feature) string) {
	for _, it := range items {
		if d := p.draw(it.boundary()); d != "" {
			fill := it.color()
			if fill == "" {
				fill = plainFill
			}
			p.Items = append(p.Items, path{d, fill, it.title(), href(it)})
		}
	}
}

// addParks draws the boundaries of parks.
func (p *picture) addParks(v *tiles.View) {
	for i := range v.Parks {
		if d := p.draw(v.Parks[i].Boundary); d != "" {
			p.Parks = append(p.Parks, path{D: d, Title: v.Parks[i].NameZh})
		}
	}
}

// name writes items' names over them.
func (p *picture) name(items []feature) {
	for _, it := range items {
		b := it.boundary().Bound()
		x, y := p.pixels(geo.Point{b.Center()[0], b.Max[1]})
		p.Labels = append(p.Labels, label{x, y, it.title()})
	}
}

// pixels is where a place lies.
func (p *picture) pixels(q geo.Point) (x, y string) {
	return pixel((q[0] - p.Box.Min[0]) * p.scale * p.shrink), pixel((p.Box.Max[1] - q[1]) * p.scale)
}

// moved is the box of the picture, shifted by a part of itself and widened.
func (p *picture) moved(east, north, wider float64) string {
	w, h := p.Box.Max[0]-p.Box.Min[0], p.Box.Max[1]-p.Box.Min[1]
	c := orb.Point{p.Box.Center()[0] + east*w, p.Box.Center()[1] + north*h}
	w, h = w*wider/2, h*wider/2
	return fmt.Sprintf("%.6f,%.6f,%.6f,%.6f", max(-180, c[0]-w), max(-90, c[1]-h), min(180, c[0]+w), min(90, c[1]+h))
}

// place is the picture's middle as the map page's address has it, behind #.
func (p *picture) place() string {
	zoom := math.Log2(p.scale * p.shrink * 360 / 512) // whose world is 512 pixels wide at zoom 0
	return fmt.Sprintf("#%.2f/%.6f/%.6f", min(max(zoom, 0), 20), p.Box.Center()[1], p.Box.Center()[0])
}
