// Package cql2 reads, checks and runs filters in the Common Query Language of
// OGC 21-065r2 (CQL2), in its text and its JSON encoding.
//
//	e, err := cql2.ParseText("area_mu >= 20 AND S_INTERSECTS(geometry, BBOX(113.3, 22.9, 113.4, 23.0))")
//	err = cql2.Check(e, schema)
//	matches, err := cql2.Compile(e, fields)
//	for _, p := range plots {
//		if matches(p) == cql2.True { … }
//	}
//
// [Bound] tells which box a matching row's geometry must meet, so that an R-tree
// can be asked first. [SQL] renders the filter for PostGIS, which gives the same
// rows.
package cql2

import "github.com/paulmach/orb"

// Pos is a place in the source of an expression.
type Pos struct {
	Offset int // bytes from the start, from 0
	source *string
}

// At is the place where an expression begins.
func (p Pos) At() Pos { return p }

func (p Pos) node() {}

// Expr is an expression, one of the pointer types below.
type Expr interface {
	At() Pos
	node()
}

// Predicates.
type (
	// Logic joins predicates; Op is "and" or "or".
	Logic struct {
		Pos
		Op   string
		Args []Expr
	}
	// Not turns a predicate round; unknown stays unknown.
	Not struct {
		Pos
		Arg Expr
	}
	// Compare compares scalars; Op is one of = <> < > <= >=.
	Compare struct {
		Pos
		Op          string
		Left, Right Expr
	}
	// Like matches text with a pattern: % any text, _ one character, \ before
	// either makes it a plain character.
	Like struct {
		Pos
		Value, Pattern Expr
	}
	// Between includes both ends.
	Between struct {
		Pos
		Value, Low, High Expr
	}
	// In finds a scalar among others.
	In struct {
		Pos
		Value Expr
		List  []Expr
	}
	// IsNull asks whether there is no value.
	IsNull struct {
		Pos
		Arg Expr
	}
	// Spatial relates two geometries; Op is "s_intersects", "s_within" and so on.
	Spatial struct {
		Pos
		Op          string
		Left, Right Expr
	}
	// Near asks whether two geometries are no further apart than so many metres
	// on the ellipsoid: S_DWITHIN(a, b, metres), beyond the standard.
	Near struct {
		Pos
		Left, Right Expr
		Metres      float64
	}
	// Temporal relates two instants or intervals; Op is "t_after" and so on.
	Temporal struct {
		Pos
		Op          string
		Left, Right Expr
	}
	// ArrayTest relates two arrays; Op is "a_contains" and so on. It is read and
	// written but not run.
	ArrayTest struct {
		Pos
		Op          string
		Left, Right Expr
	}
)

// Values.
type (
	// Arith computes; Op is one of + - * / % div ^.
	Arith struct {
		Pos
		Op          string
		Left, Right Expr
	}
	// Fold makes text alike; Op is "casei" or "accenti".
	Fold struct {
		Pos
		Op  string
		Arg Expr
	}
	// Property is the value of a property of the row.
	Property struct {
		Pos
		Name string
	}
	// Call calls a function that the standard does not define. It is read and
	// written but not run.
	Call struct {
		Pos
		Name string
		Args []Expr
	}
	// String is a text.
	String struct {
		Pos
		Value string
	}
	// Number is a finite number.
	Number struct {
		Pos
		Value float64
	}
	// Bool is TRUE or FALSE.
	Bool struct {
		Pos
		Value bool
	}
	// Date is a day of the Gregorian calendar.
	Date struct {
		Pos
		Day Day
	}
	// Timestamp is an instant.
	Timestamp struct {
		Pos
		Instant Instant
	}
	// Interval includes both ends; nil is an open end. An end is a Date, a
	// Timestamp, a Property or a Call.
	Interval struct {
		Pos
		Start, End Expr
	}
	// Geometry is a geometry of at least one point, lon/lat. Box holds the four
	// or six numbers of a BBOX, whose Shape is the polygon (two beyond the
	// antimeridian; a line or point when it has no area). Heights are dropped.
	Geometry struct {
		Pos
		Shape orb.Geometry
		Box   []float64
	}
	// Array is an operand of an ArrayTest.
	Array struct {
		Pos
		Items []Expr
	}
)

// children lists the direct parts of an expression.
func children(e Expr) []Expr {
	switch e := e.(type) {
	case *Logic:
		return e.Args
	case *Not:
		return []Expr{e.Arg}
	case *Compare:
		return []Expr{e.Left, e.Right}
	case *Like:
		return []Expr{e.Value, e.Pattern}
	case *Between:
		return []Expr{e.Value, e.Low, e.High}
	case *In:
		return append([]Expr{e.Value}, e.List...)
	case *IsNull:
		return []Expr{e.Arg}
	case *Spatial:
		return []Expr{e.Left, e.Right}
	case *Near:
		return []Expr{e.Left, e.Right}
	case *Temporal:
		return []Expr{e.Left, e.Right}
	case *ArrayTest:
		return []Expr{e.Left, e.Right}
	case *Arith:
		return []Expr{e.Left, e.Right}
	case *Fold:
		return []Expr{e.Arg}
	case *Call:
		return e.Args
	case *Array:
		return e.Items
	case *Interval:
		var parts []Expr
		if e.Start != nil {
			parts = append(parts, e.Start)
		}
		if e.End != nil {
			parts = append(parts, e.End)
		}
		return parts
	}
	return nil
}

// Properties lists the names of the properties that an expression reads, each once.
func Properties(e Expr) []string {
	var names []string
	seen := map[string]bool{}
	var walk func(Expr)
	walk = func(e Expr) {
		if p, ok := e.(*Property); ok && !seen[p.Name] {
			seen[p.Name] = true
			names = append(names, p.Name)
		}
		for _, part := range children(e) {
			walk(part)
		}
	}
	walk(e)
	return names
}

// Conjuncts lists the predicates that must all hold.
func Conjuncts(e Expr) []Expr {
	and, ok := e.(*Logic)
	if !ok || and.Op != "and" {
		return []Expr{e}
	}
	var all []Expr
	for _, arg := range and.Args {
		all = append(all, Conjuncts(arg)...)
	}
	return all
}
