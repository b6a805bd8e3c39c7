package topology

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// Overlay cuts one polygon, the subject, by others: what of it lies in any of
// them, or in none. Where sides cross there is a new vertex, put on a grid that
// is finer than the 0.001 m one as far as the subject's size leaves digits: a
// micrometre up to 1 km, a tenth of a millimetre at 10,000 km. Safe for concurrent
// use.
type Overlay struct {
	scale scale
	own   []edge // of the subject, land on the left
	box   box
}

// Piece is one polygon of what an overlay leaves, in plane metres.
type Piece struct {
	Polygon   geo.Polygon
	Area      geo.SquareMetres // plane area
	Perimeter float64          // metres, holes included
}

// Width is how wide the piece is on the whole, in metres: about the shorter side
// of a narrow rectangle.
func (p Piece) Width() float64 { return 2 * float64(p.Area) / p.Perimeter }

// NewOverlay is an overlay of a subject in plane metres. Its parts should be valid
// each; they may adjoin.
func NewOverlay(p geo.MultiPolygon) *Overlay {
	s := scaleOf(p)
	o := &Overlay{scale: s, box: emptyBox}
	for e := range s.region(p).edges {
		o.own = append(o.own, e)
		o.box = o.box.with(e.a)
	}
	return o
}

// Inside is what of the subject lies in any of some polygons. These are in the
// same plane; their outer rings run anticlockwise and their holes clockwise, and
// far from the subject they may have lost vertices.
func (o *Overlay) Inside(polygons ...geo.MultiPolygon) []Piece {
	others, near := o.scaled(polygons)
	return o.cut(func(own, other int) bool { return own > 0 && other > 0 }, others, near)
}

// Outside is what of the subject lies in none of some polygons, which are as for
// Inside.
func (o *Overlay) Outside(polygons ...geo.MultiPolygon) []Piece {
	others, _ := o.scaled(polygons)
	return o.cut(func(own, other int) bool { return own > 0 && other <= 0 }, others, o.box)
}

// Union is the land of some valid polygons in one plane, of which the parts that
// adjoin or overlap are one.
func Union(polygons ...geo.MultiPolygon) geo.MultiPolygon {
	var all geo.MultiPolygon
	for _, p := range polygons {
		all = append(all, p...)
	}
	var joined geo.MultiPolygon
	o := NewOverlay(all)
	for _, piece := range o.cut(func(own, _ int) bool { return own > 0 }, nil, o.box) {
		joined = append(joined, piece.Polygon)
	}
	return joined
}

// scaled is the rings of others in units, and the box in which they and the
// subject may have land in common.
func (o *Overlay) scaled(polygons []geo.MultiPolygon) (rings []ring, near box) {
	around := emptyBox
	for _, p := range polygons {
		for _, polygon := range p {
			for _, line := range polygon {
				g := o.scale.ring(line)
				rings, around = append(rings, g), around.and(region{{g}}.box())
			}
		}
	}
	return rings, around.common(o.box)
}

// cut gives the land of which all borders lie in a box, by how often the rings of
// the subject and of the others wind round it.
func (o *Overlay) cut(land func(own, other int) bool, others []ring, near box) []Piece {
	m := newMesh(near)
	for _, e := range o.own {
		m.add(e, turns{1, 0})
	}
	for _, g := range others {
		for k := range g {
			m.add(edge{g[k], g.at(k + 1)}, turns{0, 1})
		}
	}
	var pieces []Piece
	for _, part := range assemble(m.borders(land)) {
		pieces = append(pieces, o.scale.piece(part))
	}
	return pieces
}

// scale takes plane metres to whole units from an origin and back.
type scale struct {
	origin geo.Point // whole metres
	unit   float64   // units in a metre
}

// scaleOf leaves room for twice an area, and for exact products.
func scaleOf(p geo.MultiPolygon) scale {
	b := p.Bound()
	side := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1], 1)
	perMillimetre := min(max(math.Floor((1<<30)/(side*1000)), 1), 1000)
	return scale{geo.Point{math.Floor(b.Min[0]), math.Floor(b.Min[1])}, 1000 * perMillimetre}
}

func (s scale) pt(p geo.Point) pt {
	return pt{int64(math.Round((p[0] - s.origin[0]) * s.unit)), int64(math.Round((p[1] - s.origin[1]) * s.unit))}
}

func (s scale) point(p pt) geo.Point {
	return geo.Point{s.origin[0] + float64(p.x)/s.unit, s.origin[1] + float64(p.y)/s.unit}
}

// ring is a line in units, as it runs.
func (s scale) ring(line geo.Ring) ring {
	g := make(ring, 0, len(line))
	for _, p := range line {
		if q := s.pt(p); len(g) == 0 || g[len(g)-1] != q {
			g = append(g, q)
		}
	}
	for len(g) > 1 && g[0] == g[len(g)-1] {
		g = g[:len(g)-1]
	}
	return g
}

// region is a polygon in units, land on the left of every edge.
func (s scale) region(p geo.MultiPolygon) region {
	r := make(region, len(p))
	for i, polygon := range p {
		for j, line := range polygon {
			g := s.ring(line)
			if a := g.area2(); a != 0 && (a > 0) != (j == 0) {
				g = region{{g}}.turned()[0][0]
			}
			r[i] = append(r[i], g)
		}
	}
	return r
}

func (s scale) piece(part []ring) Piece {
	var p Piece
	for _, g := range part {
		line := make(geo.Ring, 0, len(g)+1)
		for _, q := range g {
			line = append(line, s.point(q))
		}
		p.Polygon = append(p.Polygon, append(line, line[0]))
	}
	whole := region{part}
	p.Area = geo.SquareMetres(float64(whole.area2()) / 2 / s.unit / s.unit)
	p.Perimeter = whole.perimeter() / s.unit
	return p
}
