package cql2

import (
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land/cql2/relate"
)

// Bound is a box that the geometry of every matching row meets, and false when
// the filter does not confine it. Rows are taken to have one geometry; where the
// filter uses several properties, Bound is of no use. An empty box, with its
// minimum above its maximum, says that no row matches.
func Bound(e Expr) (orb.Bound, bool) {
	c := confine(e, true)
	switch {
	case !c.met:
		return c.held, c.holds
	case !c.holds:
		return c.meets, true
	}
	return overlap(c.meets, c.held), true
}

// confines is where a row's geometry must be.
type confines struct {
	meets orb.Bound // a box that it meets, the smallest of those known
	met   bool
	held  orb.Bound // a box in which it lies
	holds bool
}

// confine reads a predicate that is to be true, or else is not to be.
func confine(e Expr, wanted bool) confines {
	switch e := e.(type) {
	case *Not:
		return confine(e.Arg, !wanted)
	case *Logic:
		all := e.Op == "and" == wanted
		sum := confine(e.Args[0], wanted)
		for _, arg := range e.Args[1:] {
			if all {
				sum = sum.and(confine(arg, wanted))
			} else {
				sum = sum.or(confine(arg, wanted))
			}
		}
		return sum
	case *Spatial:
		return confineSpatial(e, wanted)
	case *Near:
		if g := literalBeside(e.Left, e.Right); g != nil && wanted {
			b := relate.Reach(g.Shape.Bound(), e.Metres)
			// The rows' edges are great circles here, which rise out of their boxes.
			const rise = 0.001 // degrees, that of an edge of nearly a degree
			b.Min[1], b.Max[1] = b.Min[1]-rise, b.Max[1]+rise
			return confines{meets: b, met: true}
		}
	}
	return confines{}
}

func confineSpatial(e *Spatial, wanted bool) confines {
	g := literalBeside(e.Left, e.Right)
	if g == nil || wanted == (e.Op == "s_disjoint") {
		return confines{}
	}
	b := g.Shape.Bound()
	_, first := e.Left.(*Property)
	if e.Op == "s_equals" || e.Op == "s_within" && first || e.Op == "s_contains" && !first {
		return confines{held: b, holds: true}
	}
	return confines{meets: b, met: true}
}

// literalBeside is the literal when one is compared with a property.
func literalBeside(a, b Expr) *Geometry {
	if _, ok := b.(*Property); !ok {
		a, b = b, a
	}
	g, _ := a.(*Geometry)
	if _, ok := b.(*Property); !ok || g == nil {
		return nil
	}
	return g
}

func (c confines) and(d confines) confines {
	switch {
	case !c.met:
		c.meets, c.met = d.meets, d.met
	case d.met && area(d.meets) < area(c.meets):
		c.meets = d.meets
	}
	switch {
	case !c.holds:
		c.held, c.holds = d.held, d.holds
	case d.holds:
		c.held = overlap(c.held, d.held)
	}
	return c
}

// or keeps what holds either way; to lie in a box is to meet it.
func (c confines) or(d confines) confines {
	if c.holds && d.holds {
		return confines{held: around(c.held, d.held), holds: true}
	}
	x, ok := c.weak()
	y, also := d.weak()
	if !ok || !also {
		return confines{}
	}
	return confines{meets: around(x, y), met: true}
}

func (c confines) weak() (orb.Bound, bool) {
	if c.met {
		return c.meets, true
	}
	return c.held, c.holds
}

func area(b orb.Bound) float64 { return (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1]) }

func overlap(a, b orb.Bound) orb.Bound {
	return orb.Bound{
		Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])},
		Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])},
	}
}

// around is the box around two, of which an empty one adds nothing.
func around(a, b orb.Bound) orb.Bound {
	empty := func(b orb.Bound) bool { return b.Min[0] > b.Max[0] || b.Min[1] > b.Max[1] }
	switch {
	case empty(a):
		return b
	case empty(b):
		return a
	}
	return orb.Bound{
		Min: orb.Point{min(a.Min[0], b.Min[0]), min(a.Min[1], b.Min[1])},
		Max: orb.Point{max(a.Max[0], b.Max[0]), max(a.Max[1], b.Max[1])},
	}
}
