package cql2

import (
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land/cql2/relate"
)

// place is an operand that is a geometry: a constant, or read from a row.
type place[T any] struct {
	constant *relate.Shape
	box      bool // the constant is an upright box
	given    func(T) bool
	bound    func(T) orb.Bound
	shape    func(T) *relate.Shape
}

func (c *compiler[T]) geometry(e Expr) place[T] {
	switch e := e.(type) {
	case *Geometry:
		shape := relate.New(e.Shape)
		shape.Prepare()
		_, area := e.Shape.(orb.Polygon)
		return place[T]{
			constant: shape,
			box:      e.Box != nil && area,
			given:    func(T) bool { return true },
			bound:    func(T) orb.Bound { return shape.Bound() },
			shape:    func(T) *relate.Shape { return shape },
		}
	case *Property:
		return placeOf(c.fields[e.Name])
	}
	panic("cql2: not a geometry")
}

func placeOf[T any](f Field[T]) place[T] {
	p := place[T]{bound: f.Bound}
	if read := f.Areas; read != nil {
		p.given = func(row T) bool { return read(row) != nil }
		p.shape = func(row T) *relate.Shape { return relate.New(read(row)) }
		if p.bound == nil {
			p.bound = func(row T) orb.Bound { return read(row).Bound() }
		}
		return p
	}
	read := f.Geometry
	p.given = func(row T) bool { return read(row) != nil }
	p.shape = func(row T) *relate.Shape { return relate.New(read(row)) }
	if p.bound == nil {
		p.bound = func(row T) orb.Bound { return read(row).Bound() }
	}
	return p
}

func (c *compiler[T]) spatial(e *Spatial) func(T) Truth {
	left, right := c.geometry(e.Left), c.geometry(e.Right)
	op := relate.Op(e.Op)
	if left.constant != nil && right.constant == nil { // a row is related with what is prepared
		left, right, op = right, left, op.Turned()
	}
	apart := truth(op == relate.Disjoint)
	if right.constant == nil {
		return func(row T) Truth {
			if !left.given(row) || !right.given(row) {
				return Unknown
			}
			if !left.bound(row).Intersects(right.bound(row)) {
				return apart
			}
			return truth(relate.Holds(op, left.shape(row), right.shape(row)))
		}
	}
	other, box := right.constant, right.constant.Bound()
	given, bound, shape := left.given, left.bound, left.shape
	easy := right.box && (op == relate.Intersects || op == relate.Disjoint)
	return func(row T) Truth {
		if !given(row) {
			return Unknown
		}
		b := bound(row)
		if !b.Intersects(box) {
			return apart
		}
		if easy && box.Contains(b.Min) && box.Contains(b.Max) {
			return -apart
		}
		return truth(relate.Holds(op, shape(row), other))
	}
}

func (c *compiler[T]) near(e *Near) func(T) Truth {
	left, right := c.geometry(e.Left), c.geometry(e.Right)
	if left.constant != nil {
		left, right = right, left
	}
	metres, box := e.Metres, orb.Bound{}
	if right.constant != nil {
		box = relate.Reach(right.constant.Bound(), metres)
		right.constant.PrepareNear()
	}
	return func(row T) Truth {
		if !left.given(row) || !right.given(row) {
			return Unknown
		}
		if right.constant != nil && !relate.Bulge(left.bound(row)).Intersects(box) {
			return False
		}
		return truth(relate.Near(left.shape(row), right.shape(row), metres))
	}
}
