package cql2

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// How closely the parts of a text bind, loosest first.
const (
	bindsOr = iota
	bindsAnd
	bindsNot
	bindsPredicate
	bindsSum
	bindsTerm
	bindsPower
	bindsOperand
)

// Text writes an expression in the text encoding; ParseText reads it back.
func Text(e Expr) string {
	w := &textWriter{}
	w.write(e, bindsOr)
	return w.String()
}

type textWriter struct{ strings.Builder }

// write puts brackets around what binds looser than its place asks.
func (w *textWriter) write(e Expr, place int) {
	if binding(e) < place {
		w.WriteByte('(')
		defer w.WriteByte(')')
	}
	switch e := e.(type) {
	case *Logic:
		for i, arg := range e.Args {
			if i > 0 {
				w.WriteString(" " + strings.ToUpper(e.Op) + " ")
			}
			w.write(arg, binding(e)+1)
		}
	case *Not:
		if !w.predicate(e.Arg, " NOT") {
			w.WriteString("NOT ")
			w.write(e.Arg, bindsNot)
		}
	case *Like, *Between, *In, *IsNull:
		w.predicate(e, "")
	case *Compare:
		w.infix(e.Left, bindsSum, e.Op, e.Right, bindsSum)
	case *Arith:
		switch b := binding(e); b {
		case bindsPower:
			w.infix(e.Left, bindsOperand, e.Op, e.Right, bindsOperand)
		default:
			w.infix(e.Left, b, e.Op, e.Right, b+1)
		}
	case *Fold:
		w.function(strings.ToUpper(e.Op), bindsSum, e.Arg)
	case *Spatial:
		w.function(strings.ToUpper(e.Op), bindsSum, e.Left, e.Right)
	case *Temporal:
		w.function(strings.ToUpper(e.Op), bindsSum, e.Left, e.Right)
	case *ArrayTest:
		w.function(strings.ToUpper(e.Op), bindsOperand, e.Left, e.Right)
	case *Near:
		w.function("S_DWITHIN", bindsSum, e.Left, e.Right, &Number{Value: e.Metres})
	case *Call:
		w.function(writtenName(e.Name), bindsOr, e.Args...)
	case *Array:
		w.function("", bindsOr, e.Items...)
	default:
		w.value(e)
	}
}

func binding(e Expr) int {
	switch e := e.(type) {
	case *Logic:
		if e.Op == "or" {
			return bindsOr
		}
		return bindsAnd
	case *Not:
		switch e.Arg.(type) {
		case *Like, *Between, *In, *IsNull:
			return bindsPredicate
		}
		return bindsNot
	case *Compare, *Like, *Between, *In, *IsNull:
		return bindsPredicate
	case *Arith:
		switch e.Op {
		case "+", "-":
			return bindsSum
		case "^":
			return bindsPower
		}
		return bindsTerm
	}
	return bindsOperand
}

// predicate writes a predicate that has its NOT in its middle.
func (w *textWriter) predicate(e Expr, not string) bool {
	switch e := e.(type) {
	case *Like:
		w.infix(e.Value, bindsSum, not+" LIKE", e.Pattern, bindsSum)
	case *Between:
		w.infix(e.Value, bindsSum, not+" BETWEEN", e.Low, bindsSum)
		w.WriteString(" AND ")
		w.write(e.High, bindsSum)
	case *In:
		w.write(e.Value, bindsSum)
		w.function(not+" IN ", bindsSum, e.List...)
	case *IsNull:
		w.write(e.Arg, bindsSum)
		w.WriteString(" IS" + not + " NULL")
	default:
		return false
	}
	return true
}

func (w *textWriter) infix(left Expr, leftPlace int, op string, right Expr, rightPlace int) {
	w.write(left, leftPlace)
	w.WriteString(" " + strings.TrimSpace(op) + " ")
	w.write(right, rightPlace)
}

func (w *textWriter) function(name string, place int, args ...Expr) {
	w.WriteString(name + "(")
	for i, arg := range args {
		if i > 0 {
			w.WriteString(", ")
		}
		w.write(arg, place)
	}
	w.WriteByte(')')
}

func (w *textWriter) value(e Expr) {
	switch e := e.(type) {
	case *Property:
		w.WriteString(writtenName(e.Name))
	case *String:
		w.WriteString(writtenText(e.Value))
	case *Number:
		w.WriteString(formatNumber(e.Value))
	case *Bool:
		w.WriteString(strings.ToUpper(strconv.FormatBool(e.Value)))
	case *Date:
		w.WriteString("DATE('" + e.Day.String() + "')")
	case *Timestamp:
		w.WriteString("TIMESTAMP('" + e.Instant.String() + "')")
	case *Interval:
		w.WriteString("INTERVAL(")
		w.end(e.Start)
		w.WriteString(", ")
		w.end(e.End)
		w.WriteByte(')')
	case *Geometry:
		if e.Box != nil {
			w.WriteString("BBOX(" + joinNumbers(e.Box, ", ") + ")")
			return
		}
		w.wkt(e.Shape)
	}
}

func (w *textWriter) end(e Expr) {
	switch e := e.(type) {
	case nil:
		w.WriteString("'..'")
	case *Date:
		w.WriteString("'" + e.Day.String() + "'")
	case *Timestamp:
		w.WriteString("'" + e.Instant.String() + "'")
	default:
		w.write(e, bindsOperand)
	}
}

func (w *textWriter) wkt(g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		w.WriteString("POINT(" + joinNumbers(g[:], " ") + ")")
	case orb.MultiPoint:
		w.WriteString("MULTIPOINT")
		bracketed(w, g, func(p orb.Point) { w.WriteString("(" + joinNumbers(p[:], " ") + ")") })
	case orb.LineString:
		w.WriteString("LINESTRING")
		w.path(g)
	case orb.MultiLineString:
		w.WriteString("MULTILINESTRING")
		bracketed(w, g, func(l orb.LineString) { w.path(l) })
	case orb.Polygon:
		w.WriteString("POLYGON")
		w.polygon(g)
	case orb.MultiPolygon:
		w.WriteString("MULTIPOLYGON")
		bracketed(w, g, w.polygon)
	case orb.Collection:
		w.WriteString("GEOMETRYCOLLECTION")
		bracketed(w, g, w.wkt)
	}
}

func (w *textWriter) polygon(g orb.Polygon) {
	bracketed(w, g, func(r orb.Ring) { w.path(r) })
}

func (w *textWriter) path(points []orb.Point) {
	bracketed(w, points, func(p orb.Point) { w.WriteString(joinNumbers(p[:], " ")) })
}

func bracketed[G any](w *textWriter, parts []G, write func(G)) {
	w.WriteByte('(')
	for i, part := range parts {
		if i > 0 {
			w.WriteString(", ")
		}
		write(part)
	}
	w.WriteByte(')')
}

func joinNumbers(numbers []float64, by string) string {
	var all []string
	for _, n := range numbers {
		all = append(all, formatNumber(n))
	}
	return strings.Join(all, by)
}

func formatNumber(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

var unescape = strings.NewReplacer(`'`, `''`, `\`, `\\`, "\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`, "\f", `\f`, "\r", `\r`)

func writtenText(s string) string { return "'" + unescape.Replace(s) + "'" }

// writtenName puts what is no identifier, or is a word of the language, in
// quotation marks.
func writtenName(name string) string {
	plain := name != "" && !isKeyword(name)
	for i, r := range name {
		if i == 0 && !startsName(r) || !continuesName(r) {
			plain = false
		}
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func isKeyword(name string) bool {
	upper, lower := strings.ToUpper(name), strings.ToLower(name)
	_, isShape := wktShapes[upper]
	return isShape || slices.Contains(reserved, upper) || slices.Contains(spatialOps, lower) || temporalOps[lower] != "" || arrayOps[lower] != "" ||
		slices.Contains([]string{"date", "timestamp", "interval", "bbox", "casei", "accenti", "s_dwithin"}, lower)
}
