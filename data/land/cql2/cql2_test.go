package cql2_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
)

// anyField has a value of each type, so that any filter can be run.
var anyField = cql2.Field[*plot]{
	Text:     func(*plot) (string, bool) { return "Ab番", true },
	Number:   func(*plot) (float64, bool) { return 3, true },
	Bool:     func(*plot) (bool, bool) { return true, true },
	Day:      func(*plot) (cql2.Day, bool) { return 17000, true },
	Time:     func(*plot) (time.Time, bool) { return time.Unix(1.5e9, 0), true },
	Geometry: func(p *plot) orb.Geometry { return p.Boundary },
}

var aPlot = somePlots()[17]

func TestFaultsOfSyntaxNameThePlaceAndWhatWasExpected(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{"", "line 1, column 1: expected a property, a value or “(”, found the end"},
		{"area >", "line 1, column 7: expected a property, a value or “(”, found the end"},
		{"area > 5 area", "line 1, column 10: expected AND, OR, an operator or the end, found “area”"},
		{"name = 'A", "line 1, column 8: the text that begins here has no closing '"},
		{"名称 = '甲' AND\n  区 == 3", "line 2, column 6: expected a property, a value or “(”, found “=”"},
		{"a != 3", "line 1, column 3: “not equal” is written <>"},
		{"a NOT = 3", "line 1, column 7: expected LIKE, BETWEEN or IN, found “=”"},
		{"a IS 3", "line 1, column 6: expected NULL, found “3”"},
		{"a BETWEEN 1 OR 2", "line 1, column 13: expected AND and the upper end of BETWEEN, found “OR”"},
		{"a IN ()", "line 1, column 7: expected a property, a value or “(”, found “)”"},
		{"a IN (1 2)", "line 1, column 9: expected “,” or “)”, found “2”"},
		{"DATE('2016-02-30') = d", "line 1, column 6: '2016-02-30' is not a day such as '2016-05-20'"},
		{"TIMESTAMP('2016-02-20') = d", "line 1, column 11: '2016-02-20' is not a time such as '2016-05-20T08:00:00Z'"},
		{"T_AFTER(d, INTERVAL('x', '..'))", "line 1, column 21: 'x' is not a day such as '2016-05-20', nor '..' for an open end"},
		{"S_WITHIN(g, POLYGON((0 0, 1 0, 1 1, 0 1)))", "line 1, column 13: a ring of a POLYGON must end in the point in which it begins"},
		{"S_WITHIN(g, POINT(1))", "line 1, column 20: expected a coordinate, found “)”"},
		{"S_WITHIN(g, POINT EMPTY)", "line 1, column 19: an empty geometry meets nothing; give one with points"},
		{"S_WITHIN(g, BBOX(1, 2, 3))", "line 1, column 13: a BBOX has four numbers, or six with heights, not 3"},
		{"S_WITHIN(g)", "line 1, column 11: expected “,”, found “)”"},
		{"S_DWITHIN(g, POINT(1 2))", "line 1, column 24: expected “,” and the distance in metres, found “)”"},
		{"a = 1e999", "line 1, column 5: 1e999 is too large a number"},
		{"a = 12m", "line 1, column 7: expected an operator or the end of the number"},
		{"a = \"\"", "line 1, column 5: expected the name of a property between the quotation marks"},
		{"a = #", "line 1, column 5: \"#\" is not a character of CQL2 here"},
		{"a = 'x\xff'", "line 1, column 7: the filter is not UTF-8 text here"},
		{strings.Repeat("(", 99) + "a", "line 1, column 68: expressions lie more than 32 deep in each other"},
		{strings.Repeat("NOT ", 40) + "a = 1", "line 1, column 129: expressions lie more than 32 deep in each other"},
		{"a" + strings.Repeat(" + a", 40) + " = 1", "expressions lie more than 32 deep in each other"},
		{"a IN (1" + strings.Repeat(",1", 1000) + ")", "line 1, column 2007: the list has more than 1000 members"},
		{"a" + strings.Repeat(" OR a", 600), "the filter has more than 500 parts"},
		{"a = '" + strings.Repeat("x", 11000) + "'", "line 1, column 1: the filter has 11006 bytes, and 10240 are allowed"},
	} {
		_, err := cql2.ParseText(c.text)
		var syntax *cql2.SyntaxError
		if !errors.As(err, &syntax) || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%.60s:\n got %v\nwant %s", c.text, err, c.want)
		}
		inBoth(t, err)
	}
}

// inBoth fails where a fault is not told in Chinese as it is in English.
func inBoth(t *testing.T, err error) {
	t.Helper()
	said := geo.WordsOf(err)
	chinese := strings.ContainsFunc(said.Zh, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	if !chinese || said.En != err.Error() || strings.Contains(said.Zh+said.En, "%!") || strings.Contains(said.Zh, "line ") {
		t.Errorf("%q\n%q", said.Zh, said.En)
	}
}

func TestFaultsOfJSONNameThePlace(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{``, "line 1, column 1: the JSON ends too early"},
		{`{"op":"=","args":[{"property":"a"}]}`, "line 1, column 18: expected 2 arguments, found 1"},
		{`{"op":"=",` + "\n" + `"args":[{"properti":"a"},1]}`, "line 2, column 9: expected an object with op and args, property, date, timestamp, interval, bbox or a geometry"},
		{`{"op":"=","args":[1,null]}`, "line 1, column 21: expected a value, or an object with op and args, property, date, timestamp, interval, bbox or a geometry"},
		{`{"op":"and"}`, "line 1, column 1: expected args, an array, beside op"},
		{`{"op":"in","args":[{"property":"a"},[]]}`, "line 1, column 37: expected an array of at least one value"},
		{`{"op":"=","args":[{"date":"1"},1]}`, "line 1, column 27: '1' is not a day such as '2016-05-20'"},
		{`true false`, "line 1, column 6: expected the end after the filter"},
		{`{"a":1,"a":2}`, `line 1, column 8: the member "a" is given twice`},
		{`{"type":"Point","coordinates":[1]}`, "line 1, column 31: expected a position: longitude, latitude and perhaps a height"},
		{`{"type":"Circle","coordinates":[1]}`, `line 1, column 9: "Circle" is not the type of a geometry here`},
		{`{"op":"=","args":[1,"x` + "\x01" + `"]}`, "line 1, column 21: this is not JSON: invalid character '\\x01' in string literal"},
		{strings.Repeat("[", 500), "expressions lie more than 32 deep in each other"},
		{strings.Repeat(`{"op":"not","args":[`, 40) + `true` + strings.Repeat(`]}`, 40), "expressions lie more than 32 deep in each other"},
	} {
		_, err := cql2.ParseJSON([]byte(c.json))
		var syntax *cql2.SyntaxError
		if !errors.As(err, &syntax) || !strings.HasSuffix(err.Error(), c.want) {
			t.Errorf("%.60s:\n got %v\nwant %s", c.json, err, c.want)
		}
		inBoth(t, err)
	}
}

var plotSchema = cql2.Schema{
	{Name: "plot_no", Type: cql2.TypeString, Zh: "地块编号", En: "plot number"},
	{Name: "status", Type: cql2.TypeString, Enum: []string{"planned", "reserved", "supplied"}},
	{Name: "area_mu", Type: cql2.TypeNumber},
	{Name: "version", Type: cql2.TypeInteger},
	{Name: "supplied_on", Type: cql2.TypeDate, Nullable: true},
	{Name: "geometry", Type: cql2.TypeGeometry},
}

func TestCheckNamesWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"area_mu > 20 AND plot_no LIKE 'A%' AND version = 3 AND status = 'planned'", ""},
		{"supplied_on > '2016-05-20' AND '2016-05-20' < supplied_on", ""},
		{"T_DURING(supplied_on, INTERVAL('2016-01-01', '..'))", ""},
		{"area_mu2 > 20", `column 1: there is no property "area_mu2"; did you mean "area_mu"?`},
		{"PLOT_NO = 'a'", `column 1: there is no property "PLOT_NO"; did you mean "plot_no"?`},
		{"地块编号 = 'a'", `column 1: there is no property "地块编号"; 地块编号 is called "plot_no"`},
		{"depth_of_water > 20", `column 1: there is no property "depth_of_water"; there are area_mu, geometry, plot_no, status, supplied_on, version`},
		{"area_mu = 'big'", "column 11: = compares a number with a string"},
		{"'big' = area_mu", "column 1: = compares a number with a string"},
		{"area_mu IN (1, 'x', 2)", "column 16: IN compares a number with a string"},
		{"area_mu LIKE 'x'", "column 1: LIKE expects a string, found a number"},
		{"plot_no LIKE status", "column 14: LIKE expects a pattern such as 'A%'"},
		{"plot_no", "column 1: expected a predicate such as name = 'A-01', found a string"},
		{"plot_no + 1 > 2", "column 1: expected a number, found a string"},
		{"geometry = POINT(1 2)", "column 1: = does not compare geometries; use S_EQUALS or another spatial function"},
		{"S_WITHIN(area_mu, POINT(1 2))", "column 10: expected a geometry, found a number"},
		{"T_AFTER(area_mu, DATE('2016-01-01'))", "column 9: expected a date, a timestamp or an interval, found a number"},
		{"T_MEETS(supplied_on, INTERVAL('2016-01-01', '..'))", "column 1: T_MEETS relates intervals; use T_INTERSECTS, T_BEFORE, T_AFTER or T_EQUALS with an instant"},
		{"T_AFTER(supplied_on, INTERVAL('2016-01-02', '2016-01-01'))", "column 22: the interval ends before it begins"},
		{"supplied_on > '5/2016'", "column 15: '5/2016' is not a day such as '2016-05-20'"},
		{"status = 'plannd'", "column 10: status is never 'plannd'; did you mean 'planned'?"},
		{"status IN ('planned', 'x')", "column 23: status is never 'x'; it is one of planned, reserved, supplied"},
		{"Buffer(geometry, 3) IS NULL", "column 1: there is no function Buffer"},
		{"A_EQUALS(plot_no, ('a'))", "column 1: A_EQUALS is not supported: no property is an array"},
		{"S_WITHIN(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "column 20: the polygon is not valid: the edge from 0 0 to 2 2 crosses the one from 2 0 to 0 2"},
		{"S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(1 2)))", "column 20: a GEOMETRYCOLLECTION is not supported; use a MULTIPOINT, MULTILINESTRING or MULTIPOLYGON"},
		{"a = 1 OR\nb = 'x'", "line 2, column 1: there is no property \"b\"; there are area_mu, geometry, plot_no, status, supplied_on, version"},
	} {
		e, err := cql2.ParseText(c.text)
		if err != nil {
			t.Fatal(c.text, err)
		}
		err = cql2.Check(e, plotSchema)
		got := fmt.Sprint(err)
		if c.want == "" && got != "<nil>" || !strings.HasSuffix(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.want)
		}
		if err != nil {
			inBoth(t, err)
		}
	}
}

func evaluate(t *testing.T, text string) cql2.Truth {
	t.Helper()
	e, err := cql2.ParseText(text)
	if err != nil {
		t.Fatal(text, err)
	}
	none := anyField
	none.Type, none.Number = cql2.TypeNumber, func(*plot) (float64, bool) { return 0, false }
	one, word := anyField, anyField
	one.Type, word.Type = cql2.TypeNumber, cql2.TypeString
	test, err := cql2.Compile(e, map[string]cql2.Field[*plot]{"none": none, "three": one, "word": word})
	if err != nil {
		t.Fatal(text, err)
	}
	return test(aPlot)
}

func TestTruthHasThreeValues(t *testing.T) {
	for text, want := range map[string]cql2.Truth{
		"none = 1":                                  cql2.Unknown,
		"NOT none = 1":                              cql2.Unknown,
		"none = 1 AND FALSE":                        cql2.False,
		"none = 1 AND TRUE":                         cql2.Unknown,
		"none = 1 OR TRUE":                          cql2.True,
		"none = 1 OR three = 3":                     cql2.True,
		"none IS NULL":                              cql2.True,
		"none + 1 IS NULL":                          cql2.True,
		"three IN (1, 2, none)":                     cql2.Unknown,
		"three IN (1, 3, none)":                     cql2.True,
		"three / 0 IS NULL":                         cql2.True,
		"three BETWEEN none AND 2":                  cql2.False,
		"three BETWEEN none AND 4":                  cql2.Unknown,
		"-three ^ 2 = 9":                            cql2.True, // the sign binds closer
		"2 - 3 - 4 = -5":                            cql2.True,
		"7 % 4 = 3 AND -7 % 4 = -3 AND 7 div 2 = 3": cql2.True,
		"2 + 3 * 2 ^ 3 = 26":                        cql2.True,
		"word = 'Ab番'":                              cql2.True,
		"word LIKE '__番' AND word LIKE '%b%'":       cql2.True,
		"word ILIKE 'aB_'":                          cql2.True,
		"CASEI('STRASSE') = CASEI('Straße')":        cql2.True,
		"CASEI('ΟΔΟΣ') = CASEI('οδος')":             cql2.True,
		"ACCENTI('débárquér') = 'debarquer'":        cql2.True,
		`'50%' LIKE '50\%'`:                         cql2.True,
		`'500' LIKE '50\%'`:                         cql2.False,
		"TIMESTAMP('2016-05-20T23:00:00+08:00') = TIMESTAMP('2016-05-20T15:00:00Z')": cql2.True,
		"TIMESTAMP('2016-05-20T15:00:00Z') = DATE('2016-05-20')":                     cql2.True,
		"T_DURING(DATE('2016-05-20'), INTERVAL('2016-05-20', '..'))":                 cql2.False,
		"T_INTERSECTS(DATE('2016-05-20'), INTERVAL('2016-05-20', '..'))":             cql2.True,
	} {
		if got := evaluate(t, text); got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestBoundConfinesWhatMayMatch(t *testing.T) {
	box := func(w, s, e, n float64) orb.Bound { return orb.Bound{Min: orb.Point{w, s}, Max: orb.Point{e, n}} }
	for text, want := range map[string]*orb.Bound{
		"a = 1":                               nil,
		"a = 1 OR S_WITHIN(g, BBOX(0,0,1,1))": nil,
		"a = 1 AND S_INTERSECTS(g, BBOX(0,0,1,1))": new(box(0, 0, 1, 1)),
		// A geometry may meet two boxes that are apart, but it cannot lie in both.
		"S_INTERSECTS(g, BBOX(0,0,1,1)) AND S_INTERSECTS(g, BBOX(5,5,9,9))": new(box(0, 0, 1, 1)),
		"S_WITHIN(g, BBOX(0,0,2,2)) AND S_WITHIN(g, BBOX(1,1,3,3))":         new(box(1, 1, 2, 2)),
		"S_CONTAINS(BBOX(0,0,2,2), g) AND S_TOUCHES(BBOX(1,1,3,3), g)":      new(box(1, 1, 2, 2)),
		"S_WITHIN(g, BBOX(0,0,1,1)) OR S_WITHIN(g, BBOX(5,5,6,6))":          new(box(0, 0, 6, 6)),
		"S_DISJOINT(g, BBOX(0,0,1,1))":                                      nil,
		"NOT S_DISJOINT(g, BBOX(0,0,1,1))":                                  new(box(0, 0, 1, 1)),
		"NOT (a = 1 OR S_DISJOINT(g, POINT(3 4)))":                          new(box(3, 4, 3, 4)),
		"NOT S_WITHIN(g, BBOX(0,0,1,1))":                                    nil,
		"S_INTERSECTS(g, h)":                                                nil,
	} {
		e, err := cql2.ParseText(text)
		if err != nil {
			t.Fatal(text, err)
		}
		got, ok := cql2.Bound(e)
		if ok != (want != nil) || ok && got != *want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	e, _ := cql2.ParseText("S_DWITHIN(g, POINT(113 23), 1000)")
	got, ok := cql2.Bound(e)
	if north := got.Max[1] - 23; !ok || north < 1000/110800.0 || north > 0.011 || math.Abs(got.Max[0]-113) > 0.011 {
		t.Errorf("1 km about a point: %v", got)
	}
}

func TestConstantsAreComputedOnce(t *testing.T) {
	plain, err := cql2.ParseText("area_mu > 3 * 2 + 4 AND 1 < 2")
	if err != nil {
		t.Fatal(err)
	}
	test, err := cql2.Compile(plain, plotFields)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { test(aPlot) }); n != 0 {
		t.Errorf("%v allocations for a row", n)
	}
	if test(aPlot) != cql2.True {
		t.Error("17 mu are over 10")
	}
	for _, conjunct := range cql2.Conjuncts(plain) {
		t.Log(cql2.Text(conjunct))
	}
}

func TestTransformMovesEveryPoint(t *testing.T) {
	e, err := cql2.ParseText("NOT S_WITHIN(g, MULTIPOLYGON(((1 2, 3 4, 5 7, 1 2)))) AND (S_INTERSECTS(BBOX(1, 2, 3, 4), g) OR S_DWITHIN(g, LINESTRING(1 2, 3 4), 5))")
	if err != nil {
		t.Fatal(err)
	}
	flipped, err := cql2.Transform(e, func(p orb.Point) (orb.Point, error) { return orb.Point{p[1], p[0]}, nil })
	const want = "NOT S_WITHIN(g, MULTIPOLYGON(((2 1, 4 3, 7 5, 2 1)))) AND (S_INTERSECTS(POLYGON((2 1, 2 3, 4 3, 4 1, 2 1)), g) OR S_DWITHIN(g, LINESTRING(2 1, 4 3), 5))"
	if got := cql2.Text(flipped); err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
	_, err = cql2.Transform(e, func(p orb.Point) (orb.Point, error) { return p, fmt.Errorf("%v is off the map", p) })
	if fmt.Sprint(err) != "line 1, column 17: [1 2] is off the map" {
		t.Error(err)
	}
}
