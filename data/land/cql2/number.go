package cql2

import "math"

// number compiles an operand that is a number. What has no result, such as a
// division by zero, is NULL.
func (c *compiler[T]) number(e Expr) value[T, float64] {
	switch e := e.(type) {
	case *Number:
		return constantOf[T](e.Value, true)
	case *Property:
		return value[T, float64]{read: c.fields[e.Name].Number}
	case *Arith:
		a, b, do := c.number(e.Left), c.number(e.Right), operation(e.Op)
		if b.constant && b.known && !a.constant {
			read, k := a.read, b.is
			return value[T, float64]{read: func(row T) (float64, bool) {
				x, ok := read(row)
				if !ok {
					return 0, false
				}
				return finite(do(x, k))
			}}
		}
		left, right := a.read, b.read
		return settle(e, func(row T) (float64, bool) {
			x, ok := left(row)
			if !ok {
				return 0, false
			}
			y, ok := right(row)
			if !ok {
				return 0, false
			}
			return finite(do(x, y))
		})
	}
	panic("cql2: not a number")
}

func finite(v float64) (float64, bool) {
	return v, v-v == 0
}

// operation computes as PostgreSQL does with double precision, the remainder as
// SQL writes it: x - y * trunc(x / y), with the sign of x.
func operation(op string) func(x, y float64) float64 {
	switch op {
	case "+":
		return func(x, y float64) float64 { return x + y }
	case "-":
		return func(x, y float64) float64 { return x - y }
	case "*":
		return func(x, y float64) float64 { return x * y }
	case "/":
		return func(x, y float64) float64 { return x / y }
	case "div":
		return func(x, y float64) float64 { return math.Trunc(x / y) }
	case "%":
		return func(x, y float64) float64 { return x - float64(y*math.Trunc(x/y)) } // rounded twice on every machine
	}
	return math.Pow
}
