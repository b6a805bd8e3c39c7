package cql2

import (
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// geometry reads what follows a geometry's word, or gives nil when the word is
// no geometry's or nothing that makes one follows.
func (p *textParser) geometry(name token, upper string) Expr {
	if upper == "BBOX" && p.is("(") {
		return p.box(name)
	}
	shape, ok := wktShapes[upper]
	if !ok || !p.is("(") && !p.isWord("Z") && !p.isWord("M") && !p.isWord("ZM") && !p.isWord("EMPTY") {
		return nil
	}
	pos := p.pos(name.at)
	return &Geometry{Pos: pos, Shape: p.shape(name, shape)}
}

var wktShapes map[string]func(*textParser) orb.Geometry

func init() { // GEOMETRYCOLLECTION holds others
	wktShapes = map[string]func(*textParser) orb.Geometry{
		"POINT": func(p *textParser) orb.Geometry {
			p.want("(")
			at := p.coordinates()
			p.want(")")
			return at
		},
		"LINESTRING": func(p *textParser) orb.Geometry { return orb.LineString(p.path()) },
		"POLYGON":    func(p *textParser) orb.Geometry { return p.polygon() },
		"MULTIPOINT": func(p *textParser) orb.Geometry {
			return orb.MultiPoint(several(p, func() orb.Point {
				if !p.take("(") {
					return p.coordinates() // MULTIPOINT(1 2, 3 4) is customary too
				}
				at := p.coordinates()
				p.want(")")
				return at
			}))
		},
		"MULTILINESTRING": func(p *textParser) orb.Geometry {
			return orb.MultiLineString(several(p, func() orb.LineString { return p.path() }))
		},
		"MULTIPOLYGON":       func(p *textParser) orb.Geometry { return orb.MultiPolygon(several(p, p.polygon)) },
		"GEOMETRYCOLLECTION": func(p *textParser) orb.Geometry { return orb.Collection(several(p, p.member)) },
	}
}

// shape reads the dimension, which the coordinates tell anyway, and the coordinates.
func (p *textParser) shape(name token, read func(*textParser) orb.Geometry) orb.Geometry {
	if !p.is("(") && !p.isWord("EMPTY") {
		p.advance()
	}
	if p.isWord("EMPTY") {
		p.failAt(p.tok.at, geo.Say("空几何不与任何对象相交；请给出有点的几何", "an empty geometry meets nothing; give one with points"))
	}
	g := read(p)
	if fault := geometryFault(g); fault != (geo.Words{}) {
		p.failAt(name.at, fault)
	}
	return g
}

func (p *textParser) member() orb.Geometry {
	name := p.tok
	shape, ok := wktShapes[strings.ToUpper(name.text)]
	if name.kind != word || !ok {
		p.expected(geo.Say("几何，例如 POINT(113.5 23.1)", "a geometry such as POINT(113.5 23.1)"))
	}
	if strings.EqualFold(name.text, "GEOMETRYCOLLECTION") {
		p.failAt(name.at, geo.Say("GEOMETRYCOLLECTION 中不能再有 GEOMETRYCOLLECTION", "a GEOMETRYCOLLECTION holds no other one"))
	}
	p.advance()
	return p.shape(name, shape)
}

func several[G any](p *textParser, one func() G) []G {
	p.want("(")
	var all []G
	for {
		all = append(all, one())
		if p.take(")") {
			return all
		}
		if !p.take(",") {
			p.expected(geo.Say("“,”或“)”", "“,” or “)”"))
		}
	}
}

func (p *textParser) path() []orb.Point { return several(p, p.coordinates) }

func (p *textParser) polygon() orb.Polygon {
	return several(p, func() orb.Ring { return p.path() })
}

// coordinates reads a point of two to four numbers and keeps the first two.
func (p *textParser) coordinates() orb.Point {
	if fault := p.vertex(); fault != (geo.Words{}) {
		p.failAt(p.tok.at, fault)
	}
	at := orb.Point{p.coordinate(), p.coordinate()}
	for extra := 0; extra < 2 && (p.tok.kind == number || p.is("-") || p.is("+")); extra++ {
		p.coordinate()
	}
	return at
}

func (p *textParser) coordinate() float64 {
	sign := 1.0
	if p.take("-") {
		sign = -1
	} else {
		p.take("+")
	}
	if p.tok.kind != number {
		p.expected(geo.Say("坐标", "a coordinate"))
	}
	v := p.tok.value
	if math.Abs(v) > largest {
		p.failAt(p.tok.at, geo.Say("坐标 %s 过大", "%s is too large a coordinate", p.tok.text))
	}
	p.advance()
	return sign * v
}

// largest is a bound of coordinates under which nothing computed from them overflows.
const largest = 1e100

func (p *textParser) box(name token) Expr {
	pos := p.pos(name.at)
	p.want("(")
	var box []float64
	for {
		box = append(box, p.coordinate())
		if p.take(")") {
			break
		}
		if len(box) == 6 || !p.take(",") {
			p.expected(geo.Say("“,”或“)”", "“,” or “)”"))
		}
	}
	shape, fault := boxShape(box)
	if fault != (geo.Words{}) {
		p.failAt(name.at, fault)
	}
	return &Geometry{pos, shape, box}
}
