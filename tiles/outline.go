package tiles

import (
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// drawn is a boundary as tiles are drawn from it. Boundaries of parks and
// controls may have very many points, of which a tile needs few: spans are the
// boxes of spanPoints points of a ring each, ring after ring.
type drawn struct {
	shape plotset.Shape
	box   plotset.Box
	spans []plotset.Box
}

const spanPoints = 32

func drawnOf(p geo.MultiPolygon) drawn {
	d := drawn{}
	d.shape, d.box = plotset.ShapeOf(p)
	if len(d.shape.Points) <= 2*spanPoints {
		return d
	}
	for i := range d.shape.Ends {
		ring, _ := d.shape.Ring(i)
		for len(ring) > 0 {
			span := ring[:min(spanPoints, len(ring))]
			box := plotset.Box{Min: plotset.Point{X: span[0][0], Y: span[0][1]}, Max: plotset.Point{X: span[0][0], Y: span[0][1]}}
			for _, q := range span {
				at := plotset.Point{X: q[0], Y: q[1]}
				box = box.Union(plotset.Box{Min: at, Max: at})
			}
			d.spans = append(d.spans, box)
			ring = ring[len(span):]
		}
	}
	return d
}

// outline gives the geometry of what of a boundary lies in the tile and its
// margin, as polygon does. Of points that lie together beyond one side of the
// window, cutting needs the first and the last alone: those between are cut off,
// and so is what joins them. Beyond is by more than a unit, as less may be put
// onto the window's edge, where points stay.
func (r *rings) outline(d *drawn) []byte {
	if d.spans == nil || d.box.Within(r.window) {
		return r.polygon(d.shape, d.box)
	}
	few := plotset.Shape{Ends: r.fewEnds[:0], Points: r.few[:0]}
	spans, wide := d.spans, r.window.Grown(1<<max(r.shift, 0))
	for i := range d.shape.Ends {
		ring, outer := d.shape.Ring(i)
		for len(ring) > 0 {
			n := min(spanPoints, len(ring))
			if b := spans[0]; n > 2 && (b.Max.X < wide.Min.X || b.Min.X > wide.Max.X || b.Max.Y < wide.Min.Y || b.Min.Y > wide.Max.Y) {
				few.Points = append(few.Points, ring[0], ring[n-1])
			} else {
				few.Points = append(few.Points, ring[:n]...)
			}
			ring, spans = ring[n:], spans[1:]
		}
		few.Ends = append(few.Ends, plotset.RingEnd(len(few.Points), outer))
	}
	r.fewEnds, r.few = few.Ends, few.Points
	return r.polygon(few, d.box)
}
