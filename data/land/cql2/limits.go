package cql2

import (
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// Limits bound what a parser takes from a stranger.
type Limits struct {
	Text     int // bytes of text
	JSON     int // bytes of JSON
	Depth    int // of expressions within each other
	Nodes    int // parts of the expression, the members of IN lists left out
	List     int // members of an IN list, an array or a call
	Vertices int // of all geometries together
}

// DefaultLimits are those of ParseText and ParseJSON.
var DefaultLimits = Limits{Text: 10 << 10, JSON: 1 << 20, Depth: 32, Nodes: 500, List: 1000, Vertices: 10000}

// ParseText reads the text encoding within DefaultLimits. Its errors are *SyntaxError.
func ParseText(s string) (Expr, error) { return DefaultLimits.ParseText(s) }

// ParseJSON reads the JSON encoding within DefaultLimits. Its errors are *SyntaxError.
func ParseJSON(data []byte) (Expr, error) { return DefaultLimits.ParseJSON(data) }

// SyntaxError says where a filter cannot be read or run and what was expected there.
type SyntaxError struct {
	Offset int // bytes from the start, from 0
	Line   int // from 1; 0 when the expression came from no source
	Column int // characters, from 1

	Message, MessageZh string
}

func (e *SyntaxError) Error() string { return e.Words().En }

// Said is what is wrong, without the place.
func (e *SyntaxError) Said() geo.Words { return geo.Words{Zh: e.MessageZh, En: e.Message} }

// Words tell the place and what is wrong there, in both languages.
func (e *SyntaxError) Words() geo.Words {
	if e.Line == 0 {
		return e.Said()
	}
	return geo.Say("第 %d 行第 %d 个字符：%s", "line %d, column %d: %s", e.Line, e.Column, e.Said())
}

func (p Pos) fault(said geo.Words) *SyntaxError {
	e := &SyntaxError{Offset: p.Offset, Message: said.En, MessageZh: said.Zh}
	if p.source != nil {
		before := (*p.source)[:min(max(p.Offset, 0), len(*p.source))]
		e.Line = strings.Count(before, "\n") + 1
		e.Column = utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	}
	return e
}

// tooDeep finds an expression that lies deeper than the limit.
func (l Limits) tooDeep(e Expr, depth int) Expr {
	if depth > l.Depth {
		return e
	}
	for _, part := range children(e) {
		if deep := l.tooDeep(part, depth+1); deep != nil {
			return deep
		}
	}
	return nil
}

// ledger counts what a parser has taken.
type ledger struct {
	Limits
	nodes, vertices int
}

func (l *ledger) node() geo.Words {
	if l.nodes++; l.nodes > l.Nodes {
		return geo.Say("条件超过 %d 个部分", "the filter has more than %d parts", l.Nodes)
	}
	return geo.Words{}
}

// listMember leaves a constant out of the count, for the list counts it.
func (l *ledger) listMember(before int, member Expr) {
	if fold, ok := member.(*Fold); ok {
		member = fold.Arg
	}
	switch member.(type) {
	case *String, *Number, *Bool, *Date, *Timestamp:
		l.nodes = before
	}
}

func (l *ledger) vertex() geo.Words {
	if l.vertices++; l.vertices > l.Vertices {
		return geo.Say("几何超过 %d 个点", "the geometries have more than %d points", l.Vertices)
	}
	return geo.Words{}
}

// geometryFault says what makes a geometry unusable, or is empty.
func geometryFault(g orb.Geometry) geo.Words {
	switch g := g.(type) {
	case orb.LineString:
		if len(g) < 2 {
			return geo.Say("LINESTRING 至少须有两点", "a LINESTRING needs at least two points")
		}
		for _, p := range g {
			if p != g[0] {
				return geo.Words{}
			}
		}
		return geo.Say("LINESTRING 须有两个不同的点", "a LINESTRING needs two different points")
	case orb.MultiLineString:
		for _, line := range g {
			if fault := geometryFault(line); fault != (geo.Words{}) {
				return fault
			}
		}
	case orb.Polygon:
		for _, ring := range g {
			if len(ring) < 4 {
				return geo.Say("POLYGON 的环至少须有四点", "a ring of a POLYGON needs at least four points")
			}
			if ring[0] != ring[len(ring)-1] {
				return geo.Say("POLYGON 的环须回到起点", "a ring of a POLYGON must end in the point in which it begins")
			}
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			if fault := geometryFault(polygon); fault != (geo.Words{}) {
				return fault
			}
		}
	}
	return geo.Words{}
}

// boxShape is the shape of a BBOX of four or six numbers.
func boxShape(box []float64) (orb.Geometry, geo.Words) {
	if len(box) != 4 && len(box) != 6 {
		return nil, geo.Say("BBOX 有四个数，含高程时六个，不是 %d 个", "a BBOX has four numbers, or six with heights, not %d", len(box))
	}
	half := len(box) / 2
	west, south, east, north := box[0], box[1], box[half], box[half+1]
	if south > north {
		return nil, geo.Say("BBOX 须先给出较小的纬度", "a BBOX gives the lower latitude first")
	}
	if half == 3 && box[2] > box[5] {
		return nil, geo.Say("BBOX 须先给出较低的高程", "a BBOX gives the lower height first")
	}
	if west > east { // across the antimeridian
		if west > 180 || east < -180 || south == north || west == 180 || east == -180 {
			return nil, geo.Say("BBOX 须先给出西边", "a BBOX gives the western edge first")
		}
		return orb.MultiPolygon{boxPolygon(west, south, 180, north), boxPolygon(-180, south, east, north)}, geo.Words{}
	}
	switch {
	case west == east && south == north:
		return orb.Point{west, south}, geo.Words{}
	case west == east || south == north:
		return orb.LineString{{west, south}, {east, north}}, geo.Words{}
	}
	return boxPolygon(west, south, east, north), geo.Words{}
}

func boxPolygon(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}
}
