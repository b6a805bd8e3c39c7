package cql2

import (
	"cmp"
	"time"

	"github.com/paulmach/orb"
)

// Field reads a property of a row of type T. Its Type chooses which of the
// functions serves; each tells with false, or nil, that there is no value.
type Field[T any] struct {
	Type     Type
	Text     func(T) (string, bool)
	Number   func(T) (float64, bool) // number and integer
	Bool     func(T) (bool, bool)
	Day      func(T) (Day, bool)       // date
	Time     func(T) (time.Time, bool) // timestamp
	Geometry func(T) orb.Geometry      // valid, lon/lat
	Areas    func(T) orb.MultiPolygon  // a geometry too, quicker when all are areas
	Bound    func(T) orb.Bound         // of the geometry, when it is at hand
}

// Compile turns a filter into a function of a row. The function allocates
// nothing unless it relates geometries or folds the case of long texts, and may
// run in several goroutines at once. Compile's error is Faults, as Check's is.
func Compile[T any](e Expr, fields map[string]Field[T]) (func(T) Truth, error) {
	c := &compiler[T]{fields: fields}
	c.typer = typer{
		lookup: func(name string) (Queryable, bool) {
			f, ok := fields[name]
			return Queryable{Name: name, Type: f.Type}, ok
		},
		names: func() (names []string) {
			for name := range fields {
				names = append(names, name)
			}
			return names
		},
	}
	typed, err := c.filter(e)
	if err != nil {
		return nil, err
	}
	return c.compile(typed), nil
}

type compiler[T any] struct {
	typer
	fields map[string]Field[T]
}

// compile gives a predicate's function; what reads no property is computed now.
func (c *compiler[T]) compile(e Expr) func(T) Truth {
	f := c.build(e)
	if isConstant(e) {
		var none T
		return constantly[T](f(none))
	}
	return f
}

func constantly[T any](t Truth) func(T) Truth { return func(T) Truth { return t } }

func isConstant(e Expr) bool {
	if _, ok := e.(*Property); ok {
		return false
	}
	for _, part := range children(e) {
		if !isConstant(part) {
			return false
		}
	}
	return true
}

func (c *compiler[T]) build(e Expr) func(T) Truth {
	switch e := e.(type) {
	case *Logic:
		return c.logic(e)
	case *Not:
		f := c.compile(e.Arg)
		return func(row T) Truth { return -f(row) }
	case *Compare:
		return c.compare(e)
	case *Between:
		return c.logic(&Logic{e.Pos, "and", []Expr{&Compare{e.Pos, ">=", e.Value, e.Low}, &Compare{e.Pos, "<=", e.Value, e.High}}})
	case *In:
		return c.in(e)
	case *Like:
		return c.like(e)
	case *IsNull:
		return c.isNull(e.Arg)
	case *Spatial:
		return c.spatial(e)
	case *Near:
		return c.near(e)
	case *Temporal:
		return c.temporal(e)
	case *Bool:
		return constantly[T](truth(e.Value))
	case *Property:
		read := c.fields[e.Name].Bool
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(v)
		}
	}
	panic("cql2: not a predicate")
}

// logic leaves out constants that do not matter and, where one decides, the rest.
func (c *compiler[T]) logic(e *Logic) func(T) Truth {
	decides := False // for AND; for OR, TRUE does
	if e.Op == "or" {
		decides = True
	}
	var parts []func(T) Truth
	for _, arg := range e.Args {
		f := c.compile(arg)
		if isConstant(arg) {
			var none T
			switch f(none) {
			case decides:
				return constantly[T](decides)
			case -decides:
				continue
			}
		}
		parts = append(parts, f)
	}
	switch len(parts) {
	case 0:
		return constantly[T](-decides)
	case 1:
		return parts[0]
	}
	if e.Op == "and" {
		return allOf(parts)
	}
	return anyOf(parts)
}

func allOf[T any](parts []func(T) Truth) func(T) Truth {
	if a, b := parts[0], parts[1]; len(parts) == 2 {
		return func(row T) Truth {
			t := a(row)
			if t == False {
				return False
			}
			return min(t, b(row))
		}
	}
	return func(row T) Truth {
		least := True
		for _, f := range parts {
			if least = min(least, f(row)); least == False {
				break
			}
		}
		return least
	}
}

func anyOf[T any](parts []func(T) Truth) func(T) Truth {
	if a, b := parts[0], parts[1]; len(parts) == 2 {
		return func(row T) Truth {
			t := a(row)
			if t == True {
				return True
			}
			return max(t, b(row))
		}
	}
	return func(row T) Truth {
		greatest := False
		for _, f := range parts {
			if greatest = max(greatest, f(row)); greatest == True {
				break
			}
		}
		return greatest
	}
}

func (c *compiler[T]) compare(e *Compare) func(T) Truth {
	switch family(c.typeOf(e.Left)) {
	case TypeNumber:
		return compareOrdered(e.Op, c.number(e.Left), c.number(e.Right))
	case TypeString:
		return compareTexts(e.Op, c.text(e.Left), c.text(e.Right))
	case TypeDate:
		byDay := c.byDay(e.Left, e.Right)
		return compareOrdered(e.Op, c.when(e.Left, byDay), c.when(e.Right, byDay))
	}
	left, right := c.compile(e.Left), c.compile(e.Right)
	sign := Truth(1)
	if e.Op == "<>" {
		sign = -1
	}
	return func(row T) Truth { return sign * left(row) * right(row) } // unknown is 0
}

// value is an operand: a constant, or read from a row.
type value[T any, V any] struct {
	constant bool
	known    bool // of a constant
	is       V
	read     func(T) (V, bool)
}

func constantOf[T, V any](v V, known bool) value[T, V] {
	return value[T, V]{constant: true, known: known, is: v, read: func(T) (V, bool) { return v, known }}
}

// settle computes a constant operand.
func settle[T, V any](e Expr, read func(T) (V, bool)) value[T, V] {
	if isConstant(e) {
		var none T
		v, known := read(none)
		return constantOf[T](v, known)
	}
	return value[T, V]{read: read}
}

var turned = map[string]string{"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}

func compareOrdered[T any, V cmp.Ordered](op string, left, right value[T, V]) func(T) Truth {
	if left.constant {
		left, right, op = right, left, turned[op]
	}
	if left.constant && !left.known || right.constant && !right.known {
		return constantly[T](Unknown)
	}
	if right.constant {
		return compareWith(op, left.read, right.is)
	}
	a, b := left.read, right.read
	test := orderTest[V](op)
	return func(row T) Truth {
		x, ok := a(row)
		if !ok {
			return Unknown
		}
		y, ok := b(row)
		if !ok {
			return Unknown
		}
		return truth(test(x, y))
	}
}

func orderTest[V cmp.Ordered](op string) func(x, y V) bool {
	switch op {
	case "=":
		return func(x, y V) bool { return x == y }
	case "<>":
		return func(x, y V) bool { return x != y }
	case "<":
		return func(x, y V) bool { return x < y }
	case "<=":
		return func(x, y V) bool { return x <= y }
	case ">":
		return func(x, y V) bool { return x > y }
	}
	return func(x, y V) bool { return x >= y }
}

// compareWith compares with a constant, a function for each operator: it is what
// most filters do.
func compareWith[T any, V cmp.Ordered](op string, read func(T) (V, bool), k V) func(T) Truth {
	switch op {
	case "=":
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(v == k)
		}
	case "<>":
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(v != k)
		}
	case "<":
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(v < k)
		}
	case "<=":
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(v <= k)
		}
	case ">":
		return func(row T) Truth {
			v, ok := read(row)
			if !ok {
				return Unknown
			}
			return truth(v > k)
		}
	}
	return func(row T) Truth {
		v, ok := read(row)
		if !ok {
			return Unknown
		}
		return truth(v >= k)
	}
}

func (c *compiler[T]) isNull(e Expr) func(T) Truth {
	switch typ := c.typeOf(e); family(typ) {
	case TypeNumber:
		return missing(c.number(e).read)
	case TypeString:
		return missing(c.text(e).read)
	case TypeDate:
		return missing(c.when(e, false).read)
	case TypeGeometry:
		p := c.geometry(e)
		return func(row T) Truth { return truth(!p.given(row)) }
	case typeInterval:
		span := c.span(e, false)
		return func(row T) Truth {
			_, ok := span(row)
			return truth(!ok)
		}
	case typeArray:
		return constantly[T](False)
	}
	f := c.compile(e)
	return func(row T) Truth { return truth(f(row) == Unknown) }
}

func missing[T, V any](read func(T) (V, bool)) func(T) Truth {
	return func(row T) Truth {
		_, ok := read(row)
		return truth(!ok)
	}
}
