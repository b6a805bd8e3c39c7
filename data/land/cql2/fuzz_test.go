package cql2_test

import (
	"testing"

	"github.com/dikuai/dikuai/data/land/cql2"
)

func FuzzParseText(f *testing.F) {
	for _, x := range standardExamples(f) {
		f.Add(x.Text)
	}
	f.Add(`name ILIKE '%\_a' AND "NULL" IN ('it''s', '\n\\') OR S_DWITHIN(geometry, POINT(1 2), 5e2)`)
	f.Add(`NOT a = -b ^ 2 div c % -1 AND A_EQUALS(x, (1, ('b'), f())) OR INTERVAL(d, '..') IS NULL`)
	f.Fuzz(func(t *testing.T, s string) {
		e, err := cql2.ParseText(s)
		if err != nil {
			faulty(t, err, len(s))
			return
		}
		written := cql2.Text(e)
		limits := cql2.DefaultLimits
		limits.Text = 1 << 20 // names and texts are written with quotation marks
		again, err := limits.ParseText(written)
		if err != nil || cql2.Text(again) != written {
			t.Fatalf("%q is written as %q, which reads as %v, %v", s, written, again, err)
		}
		fromJSON, err := cql2.ParseJSON(cql2.JSON(e))
		if err != nil || cql2.Text(fromJSON) != written {
			t.Fatalf("%q is written as %s, which reads as %v, %v", s, cql2.JSON(e), fromJSON, err)
		}
		use(e)
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, x := range standardExamples(f) {
		f.Add([]byte(x.JSON))
	}
	f.Add([]byte(`{"op":"s_dwithin","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,2]},5e2]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := cql2.ParseJSON(data)
		if err != nil {
			faulty(t, err, len(data))
			return
		}
		written := cql2.JSON(e)
		again, err := cql2.ParseJSON(written)
		if err != nil || string(cql2.JSON(again)) != string(written) {
			t.Fatalf("%q is written as %s, which reads as %v, %v", data, written, again, err)
		}
		limits := cql2.DefaultLimits
		limits.Text = 1 << 30
		fromText, err := limits.ParseText(cql2.Text(e))
		if err != nil || string(cql2.JSON(fromText)) != string(written) {
			t.Fatalf("%q is written as %s, which reads as %v, %v", data, cql2.Text(e), fromText, err)
		}
		use(e)
	})
}

func faulty(t *testing.T, err error, length int) {
	t.Helper()
	fault, ok := err.(*cql2.SyntaxError)
	if !ok || fault.Offset < 0 || fault.Offset > length || fault.Line < 1 || fault.Column < 1 || fault.Message == "" || fault.MessageZh == "" {
		t.Fatalf("%#v", err)
	}
}

// use runs whatever can be done with an expression.
func use(e cql2.Expr) {
	cql2.Bound(e)
	cql2.Conjuncts(e)
	names := cql2.Properties(e)
	for _, typ := range []cql2.Type{cql2.TypeNumber, cql2.TypeString, cql2.TypeBoolean, cql2.TypeDate, cql2.TypeTimestamp, cql2.TypeGeometry} {
		fields, columns := map[string]cql2.Field[*plot]{}, map[string]cql2.Column{}
		for _, name := range names {
			field := anyField
			field.Type = typ
			fields[name] = field
			columns[name] = cql2.Column{Type: typ, SQL: "c"}
		}
		if test, err := cql2.Compile(e, fields); err == nil {
			test(aPlot)
		}
		_, _, _ = cql2.SQL(e, columns)
	}
}
