package cql2

import (
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// Transform gives an expression in which every point of its geometries has been
// moved, for filters that come in another reference system or axis order. A BBOX
// becomes the polygon of its moved corners.
func Transform(e Expr, move func(orb.Point) (orb.Point, error)) (Expr, error) {
	var failed error
	moved := rewrite(e, func(g *Geometry) Expr {
		shape, err := movedShape(g.Shape, move)
		if err != nil && failed == nil {
			failed = g.At().fault(geo.WordsOf(err))
		}
		return &Geometry{Pos: g.Pos, Shape: shape}
	})
	return moved, failed
}

// rewrite copies an expression with its geometries replaced.
func rewrite(e Expr, replace func(*Geometry) Expr) Expr {
	all := func(parts []Expr) []Expr {
		var copied []Expr
		for _, part := range parts {
			copied = append(copied, rewrite(part, replace))
		}
		return copied
	}
	switch e := e.(type) {
	case *Geometry:
		return replace(e)
	case *Logic:
		return &Logic{e.Pos, e.Op, all(e.Args)}
	case *Not:
		return &Not{e.Pos, rewrite(e.Arg, replace)}
	case *Compare:
		return &Compare{e.Pos, e.Op, rewrite(e.Left, replace), rewrite(e.Right, replace)}
	case *In:
		return &In{e.Pos, rewrite(e.Value, replace), all(e.List)}
	case *IsNull:
		return &IsNull{e.Pos, rewrite(e.Arg, replace)}
	case *Spatial:
		return &Spatial{e.Pos, e.Op, rewrite(e.Left, replace), rewrite(e.Right, replace)}
	case *Near:
		return &Near{e.Pos, rewrite(e.Left, replace), rewrite(e.Right, replace), e.Metres}
	case *ArrayTest:
		return &ArrayTest{e.Pos, e.Op, rewrite(e.Left, replace), rewrite(e.Right, replace)}
	case *Array:
		return &Array{e.Pos, all(e.Items)}
	case *Call:
		return &Call{e.Pos, e.Name, all(e.Args)}
	}
	return e // no other has a geometry in it
}

func movedShape(g orb.Geometry, move func(orb.Point) (orb.Point, error)) (orb.Geometry, error) {
	switch g := g.(type) {
	case orb.Point:
		return move(g)
	case orb.MultiPoint:
		points, err := movedPoints(g, move)
		return orb.MultiPoint(points), err
	case orb.LineString:
		points, err := movedPoints(g, move)
		return orb.LineString(points), err
	case orb.Ring:
		points, err := movedPoints(g, move)
		return orb.Ring(points), err
	case orb.MultiLineString:
		return movedParts(g, move)
	case orb.Polygon:
		return movedParts(g, move)
	case orb.MultiPolygon:
		return movedParts(g, move)
	case orb.Collection:
		return movedParts(g, move)
	}
	return g, nil
}

func movedPoints(points []orb.Point, move func(orb.Point) (orb.Point, error)) ([]orb.Point, error) {
	moved := make([]orb.Point, len(points))
	for i, p := range points {
		var err error
		if moved[i], err = move(p); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// movedParts moves the parts of a geometry of several.
func movedParts[S interface {
	~[]P
	orb.Geometry
}, P orb.Geometry](parts S, move func(orb.Point) (orb.Point, error)) (orb.Geometry, error) {
	moved := make(S, len(parts))
	for i, part := range parts {
		g, err := movedShape(part, move)
		if err != nil {
			return nil, err
		}
		moved[i] = g.(P)
	}
	return moved, nil
}
