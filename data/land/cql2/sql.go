package cql2

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"
)

// Column is where a property is in a table.
type Column struct {
	Type Type
	SQL  string // a column or an expression of the table's row
	SRID int    // of a geometry; literals are taken to be in it
}

// SQL renders a filter as a condition for PostGIS in which $1, $2 and so on stand
// for the parameters. It selects the rows that Compile's function finds True,
// with these differences: what overflows a double precision is an error there
// and NULL here; powers may differ in the last digit; CASEI is what the Unicode
// Consortium's library (ICU) says, which differs for a few letters such as ß.
func SQL(e Expr, columns map[string]Column) (string, []any, error) {
	w := &sqlWriter{columns: columns}
	w.typer = typer{
		lookup: func(name string) (Queryable, bool) {
			c, ok := columns[name]
			return Queryable{Name: name, Type: c.Type}, ok
		},
		names: func() (names []string) {
			for name := range columns {
				names = append(names, name)
			}
			return names
		},
	}
	typed, err := w.filter(e)
	if err != nil {
		return "", nil, err
	}
	return w.predicate(typed), w.args, nil
}

type sqlWriter struct {
	typer
	columns map[string]Column
	args    []any
}

func (w *sqlWriter) arg(v any, cast string) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d::%s", len(w.args), cast)
}

func (w *sqlWriter) predicate(e Expr) string {
	switch e := e.(type) {
	case *Logic:
		var parts []string
		for _, arg := range e.Args {
			parts = append(parts, w.predicate(arg))
		}
		return "(" + strings.Join(parts, " "+strings.ToUpper(e.Op)+" ") + ")"
	case *Not:
		return "(NOT " + w.predicate(e.Arg) + ")"
	case *Compare:
		operand := w.operand(e.Left, e.Right)
		return "(" + operand(e.Left) + " " + e.Op + " " + operand(e.Right) + ")"
	case *Between:
		low := w.operand(e.Value, e.Low)
		high := w.operand(e.Value, e.High)
		return "(" + low(e.Value) + " >= " + low(e.Low) + " AND " + high(e.Value) + " <= " + high(e.High) + ")"
	case *In:
		operand := w.operand(append([]Expr{e.Value}, e.List...)...)
		value := operand(e.Value)
		var list []string
		for _, m := range e.List {
			list = append(list, operand(m))
		}
		return "(" + value + " IN (" + strings.Join(list, ", ") + "))"
	case *Like:
		return "(" + w.text(e.Value) + " LIKE " + w.text(e.Pattern) + ` ESCAPE '\')`
	case *IsNull:
		if interval, ok := e.Arg.(*Interval); ok {
			start, end := w.span(interval, false)
			return "(" + start + " IS NULL OR " + end + " IS NULL)"
		}
		return "(" + w.value(e.Arg, false) + " IS NULL)"
	case *Spatial:
		return "ST_" + e.Op[2:] + "(" + w.geometry(e.Left, e.Right) + ", " + w.geometry(e.Right, e.Left) + ")"
	case *Near:
		return "ST_DWithin(" + w.geometry(e.Left, e.Right) + "::geography, " + w.geometry(e.Right, e.Left) + "::geography, " + w.arg(e.Metres, "double precision") + ")"
	case *Temporal:
		return w.temporal(e)
	case *Bool:
		return w.arg(e.Value, "boolean")
	case *Property:
		return w.columns[e.Name].SQL
	}
	panic("cql2: not a predicate")
}

// operand writes values that are compared with each other.
func (w *sqlWriter) operand(values ...Expr) func(Expr) string {
	byDay := w.byDay(values...)
	return func(e Expr) string { return w.value(e, byDay) }
}

func (w *sqlWriter) value(e Expr, byDay bool) string {
	switch family(w.typeOf(e)) {
	case TypeNumber:
		return w.number(e)
	case TypeString:
		return w.text(e)
	case TypeDate:
		return w.when(e, byDay)
	case TypeGeometry:
		return w.geometry(e, e)
	}
	return w.predicate(e)
}

func (w *sqlWriter) number(e Expr) string {
	switch e := e.(type) {
	case *Number:
		return w.arg(e.Value, "double precision")
	case *Property:
		return w.columns[e.Name].SQL + "::double precision"
	case *Arith:
		pair := "(VALUES (" + w.number(e.Left) + ", " + w.number(e.Right) + ")) AS v (x, y)"
		switch e.Op {
		case "/":
			return "(SELECT x / NULLIF(y, 0) FROM " + pair + ")"
		case "div":
			return "(SELECT trunc(x / NULLIF(y, 0)) FROM " + pair + ")"
		case "%":
			return "(SELECT x - y * trunc(x / NULLIF(y, 0)) FROM " + pair + ")"
		case "^":
			return "(SELECT CASE WHEN x < 0 AND y <> trunc(y) OR x = 0 AND y < 0 THEN NULL ELSE power(x, y) END FROM " + pair + ")"
		}
		return "(SELECT x " + e.Op + " y FROM " + pair + ")"
	}
	panic("cql2: not a number")
}

// text is compared byte by byte, whatever the database's collation is.
func (w *sqlWriter) text(e Expr) string {
	switch e := e.(type) {
	case *String:
		return w.arg(e.Value, "text") + ` COLLATE "C"`
	case *Property:
		return w.columns[e.Name].SQL + `::text COLLATE "C"`
	case *Fold:
		inner := w.text(e.Arg)
		if e.Op == "casei" {
			return `lower((` + inner + `) COLLATE "und-x-icu") COLLATE "C"`
		}
		return `regexp_replace(normalize(` + inner + `, NFD), U&'[\0300-\036F]', '', 'g') COLLATE "C"`
	}
	panic("cql2: not a text")
}

func (w *sqlWriter) when(e Expr, byDay bool) string {
	switch e := e.(type) {
	case *Date:
		return w.arg(e.Day.time(), "date")
	case *Timestamp:
		if byDay {
			return w.arg(Day(e.Instant.day()).time(), "date")
		}
		return w.arg(e.Instant.time(), "timestamptz")
	case *Property:
		c := w.columns[e.Name]
		if byDay && c.Type == TypeTimestamp {
			return "(" + c.SQL + " AT TIME ZONE 'UTC')::date"
		}
		return c.SQL
	}
	panic("cql2: not a day or time")
}

// geometry writes a geometry in the reference system of the column beside it.
func (w *sqlWriter) geometry(e, beside Expr) string {
	if p, ok := e.(*Property); ok {
		return w.columns[p.Name].SQL
	}
	srid := 0
	if p, ok := beside.(*Property); ok {
		srid = w.columns[p.Name].SRID
	} else {
		for _, c := range w.columns {
			srid = max(srid, c.SRID)
		}
	}
	return fmt.Sprintf("ST_GeomFromWKB(%s, %d)", w.arg(wkb.MustMarshal(e.(*Geometry).Shape), "bytea"), srid)
}

func (w *sqlWriter) span(e Expr, byDay bool) (start, end string) {
	interval, ok := e.(*Interval)
	if !ok {
		return w.when(e, byDay), w.when(e, byDay)
	}
	typ := "timestamptz"
	if byDay {
		typ = "date"
	}
	start, end = "'-infinity'::"+typ, "'infinity'::"+typ
	if interval.Start != nil {
		start = w.when(interval.Start, byDay)
	}
	if interval.End != nil {
		end = w.when(interval.End, byDay)
	}
	return start, end
}

// temporalSQL relates the intervals a–b and c–d.
var temporalSQL = map[string]string{
	"t_after":        "a > d",
	"t_before":       "b < c",
	"t_disjoint":     "a > d OR b < c",
	"t_equals":       "a = c AND b = d",
	"t_intersects":   "NOT (a > d OR b < c)",
	"t_contains":     "a < c AND b > d",
	"t_during":       "a > c AND b < d",
	"t_finishedby":   "a < c AND b = d",
	"t_finishes":     "a > c AND b = d",
	"t_meets":        "b = c",
	"t_metby":        "a = d",
	"t_overlappedby": "a > c AND a < d AND b > d",
	"t_overlaps":     "a < c AND b > c AND b < d",
	"t_startedby":    "a = c AND b > d",
	"t_starts":       "a = c AND b < d",
}

func (w *sqlWriter) temporal(e *Temporal) string {
	byDay := w.byDay(e.Left, e.Right)
	a, b := w.span(e.Left, byDay)
	c, d := w.span(e.Right, byDay)
	return fmt.Sprintf("(SELECT CASE WHEN a IS NOT NULL AND b IS NOT NULL AND c IS NOT NULL AND d IS NOT NULL THEN %s END FROM (VALUES (%s, %s, %s, %s)) AS v (a, b, c, d))",
		temporalSQL[e.Op], a, b, c, d)
}
