package postgis_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/data/land/cql2/relate"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

// filters is how many random filters the long tests run: DIKUAI_FILTERS, else few.
func filters(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("DIKUAI_FILTERS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("DIKUAI_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("DIKUAI_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// thing is a row with a property of each type; nil is NULL.
type thing struct {
	name, use  *string
	n, m       *float64
	k          *int64
	flag       *bool
	d1, d2     *time.Time
	t1, t2     *time.Time
	geom, side orb.Geometry
}

func read[V any](at func(*thing) *V) func(*thing) (V, bool) {
	return func(r *thing) (V, bool) {
		if p := at(r); p != nil {
			return *p, true
		}
		var none V
		return none, false
	}
}

func thingFields() map[string]cql2.Field[*thing] {
	day := func(at func(*thing) *time.Time) cql2.Field[*thing] {
		return cql2.Field[*thing]{Type: cql2.TypeDate, Day: func(r *thing) (cql2.Day, bool) {
			if p := at(r); p != nil {
				return cql2.DayOf(*p), true
			}
			return 0, false
		}}
	}
	return map[string]cql2.Field[*thing]{
		"name": {Type: cql2.TypeString, Text: read(func(r *thing) *string { return r.name })},
		"use":  {Type: cql2.TypeString, Text: read(func(r *thing) *string { return r.use })},
		"n":    {Type: cql2.TypeNumber, Number: read(func(r *thing) *float64 { return r.n })},
		"m":    {Type: cql2.TypeNumber, Number: read(func(r *thing) *float64 { return r.m })},
		"k": {Type: cql2.TypeInteger, Number: func(r *thing) (float64, bool) {
			if r.k == nil {
				return 0, false
			}
			return float64(*r.k), true
		}},
		"flag": {Type: cql2.TypeBoolean, Bool: read(func(r *thing) *bool { return r.flag })},
		"d1":   day(func(r *thing) *time.Time { return r.d1 }),
		"d2":   day(func(r *thing) *time.Time { return r.d2 }),
		"t1":   {Type: cql2.TypeTimestamp, Time: read(func(r *thing) *time.Time { return r.t1 })},
		"t2":   {Type: cql2.TypeTimestamp, Time: read(func(r *thing) *time.Time { return r.t2 })},
		"geom": {Type: cql2.TypeGeometry, Geometry: func(r *thing) orb.Geometry { return r.geom }},
		"side": {Type: cql2.TypeGeometry, Geometry: func(r *thing) orb.Geometry { return r.side }},
	}
}

func thingColumns() map[string]cql2.Column {
	columns := map[string]cql2.Column{}
	for name, f := range thingFields() {
		columns[name] = cql2.Column{Type: f.Type, SQL: "things." + name, SRID: 4490}
	}
	return columns
}

// maker makes random rows and filters of few values, so that equal ones are common.
type maker struct{ *rand.Rand }

func pick[V any](m maker, values ...V) V { return values[m.IntN(len(values))] }

func maybe[V any](m maker, v V) *V {
	if m.IntN(5) == 0 {
		return nil
	}
	return &v
}

func (m maker) text() string {
	return pick(m, "", "A", "a", "ab", "Ab", "AB", "a%b", "a_b", `a\b`, "aab", "番禺", "番禺区", "M1/M0", "Élan", "elan", "e\u0301lan", "ÀB", "Ωmega", "ωmega", "it's", "a\nb")
}

func (m maker) number() float64 { return pick(m, -2, -1.5, -1, 0, 0.1, 0.5, 1, 2, 3, 7, 10, 1e6) }

func (m maker) day() time.Time { return time.Date(2016, 2, 27+m.IntN(5), 0, 0, 0, 0, time.UTC) }

func (m maker) instant() time.Time {
	return m.day().Add(pick(m, 0, time.Microsecond, 8*time.Hour, 24*time.Hour-time.Microsecond))
}

func (m maker) thing() *thing {
	r := &thing{name: maybe(m, m.text()), use: maybe(m, m.text()), n: maybe(m, m.number()), m: maybe(m, m.number()),
		k: maybe(m, int64(m.IntN(6)-2)), flag: maybe(m, m.IntN(2) == 0), d1: maybe(m, m.day()), d2: maybe(m, m.day()),
		t1: maybe(m, m.instant()), t2: maybe(m, m.instant())}
	if m.IntN(8) > 0 {
		r.geom = m.geometry(gridPoint)
	}
	if m.IntN(8) > 0 {
		r.side = m.geometry(gridPoint)
	}
	return r
}

// gridPoint has few points, so that vertices, edges and their crossings often coincide.
func gridPoint(m maker) orb.Point { return orb.Point{float64(m.IntN(9)), float64(m.IntN(9))} }

// surveyedPoint is one of sixty points near Guangzhou of which no three are nearly
// in line, as the vertices that neighbouring plots share.
func surveyedPoint(m maker) orb.Point {
	of := rand.New(rand.NewPCG(m.Uint64N(60), 0))
	return orb.Point{113 + of.Float64()/10, 23 + of.Float64()/10}
}

func (m maker) geometry(at func(maker) orb.Point) orb.Geometry {
	switch m.IntN(14) {
	case 0:
		return at(m)
	case 1:
		return orb.MultiPoint(m.points(at, 1+m.IntN(3)))
	case 2, 3:
		return m.line(at)
	case 4:
		for {
			if lines := (orb.MultiLineString{m.line(at), m.line(at)}); simple(lines...) {
				return lines
			}
		}
	case 5, 6, 7:
		return m.valid(func() orb.Geometry { return m.area(at) })
	case 8, 9, 10:
		return m.valid(func() orb.Geometry { return orb.MultiPolygon{m.area(at), m.area(at)} })
	}
	return m.valid(func() orb.Geometry {
		a := m.area(at)
		return append(a, m.area(at)[0])
	})
}

// valid tries until a geometry is valid.
func (m maker) valid(try func() orb.Geometry) orb.Geometry {
	for {
		if g := try(); relate.Fault(g).En == "" {
			return g
		}
	}
}

func (m maker) points(at func(maker) orb.Point, n int) []orb.Point {
	var all []orb.Point
	for range n {
		all = append(all, at(m))
	}
	return all
}

func (m maker) line(at func(maker) orb.Point) orb.LineString {
	for {
		line := orb.LineString(m.points(at, 2+m.IntN(4)))
		if m.IntN(4) == 0 {
			line = append(line, line[0])
		}
		if simple(line) {
			return line
		}
	}
}

// simple says that lines do not cross or overlap themselves. Where they do, GEOS
// 3.11 rounds their crossings, takes each for another point than the one in which
// they cross something else, and finds pieces that are not there.
func simple(lines ...orb.LineString) bool {
	var pieces []*relate.Shape
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			if line[i] != line[i-1] {
				pieces = append(pieces, relate.New(orb.LineString{line[i-1], line[i]}))
			}
		}
	}
	for i, a := range pieces {
		for _, b := range pieces[:i] {
			if m := relate.Of(a, b); m[relate.Interior][relate.Interior]+m[relate.Interior][relate.Boundary]+m[relate.Boundary][relate.Interior] > -3 {
				return false
			}
		}
	}
	return len(pieces) > 0
}

func (m maker) area(at func(maker) orb.Point) orb.Polygon {
	a, b := at(m), at(m)
	if m.IntN(2) == 0 { // an upright box, perhaps clockwise
		ring := orb.Ring{a, {b[0], a[1]}, b, {a[0], b[1]}, a}
		if m.IntN(3) == 0 {
			slices.Reverse(ring)
		}
		return orb.Polygon{ring}
	}
	ring := orb.Ring(m.points(at, 3+m.IntN(4)))
	return orb.Polygon{append(ring, ring[0])}
}

// predicate writes a random predicate as text.
func (m maker) predicate(depth int) string {
	if depth > 0 && m.IntN(3) > 0 {
		switch m.IntN(5) {
		case 0:
			return "NOT (" + m.predicate(depth-1) + ")"
		case 1, 2:
			return "(" + m.predicate(depth-1) + " AND " + m.predicate(depth-1) + ")"
		}
		return "(" + m.predicate(depth-1) + " OR " + m.predicate(depth-1) + ")"
	}
	not := pick(m, "", "", " NOT")
	op := pick(m, "=", "<>", "<", "<=", ">", ">=")
	switch m.IntN(12) {
	case 0, 1:
		return m.numeric(2) + " " + op + " " + m.numeric(2)
	case 2:
		return m.textual() + " " + op + " " + m.textual()
	case 3:
		return m.when() + " " + op + " " + m.when()
	case 4:
		return m.boolean() + pick(m, " = ", " <> ") + m.boolean()
	case 5:
		return m.textual() + not + " LIKE " + m.folded(quote(pick(m, "%", "a%", "%b", "_b", "a_b", `a\_b`, `a\%%`, "%a%b%", "番_", "%é%", "", "A%", "_%_", "__", "ab", `a\\b`)))
	case 6:
		return m.numeric(1) + not + " BETWEEN " + m.numeric(1) + " AND " + m.numeric(1)
	case 7:
		part := pick(m, func() string { return m.numeric(1) }, m.textual, m.when, m.boolean)
		var list []string
		for range 1 + m.IntN(7) {
			list = append(list, part())
		}
		return part() + not + " IN (" + strings.Join(list, ", ") + ")"
	case 8:
		return pick(m, "name", "n", "n / k", "flag", "d1", "t1", "geom", "INTERVAL(d1, d2)", "(n = m)", "CASEI(name)") + " IS" + not + " NULL"
	case 9:
		op := pick(m, "T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS")
		return op + "(" + pick(m, m.when, m.interval)() + ", " + pick(m, m.when, m.interval)() + ")"
	case 10:
		op := pick(m, "T_CONTAINS", "T_DURING", "T_FINISHEDBY", "T_FINISHES", "T_MEETS", "T_METBY", "T_OVERLAPPEDBY", "T_OVERLAPS", "T_STARTEDBY", "T_STARTS")
		return op + "(" + m.interval() + ", " + m.interval() + ")"
	}
	if m.IntN(6) == 0 {
		return "S_DWITHIN(" + m.place() + ", " + m.place() + ", " + pick(m, "1234.5", "60000", "150000") + ")"
	}
	op = pick(m, "S_INTERSECTS", "S_WITHIN", "S_CONTAINS", "S_DISJOINT", "S_TOUCHES", "S_OVERLAPS", "S_CROSSES", "S_EQUALS")
	return op + "(" + m.place() + ", " + m.place() + ")"
}

func quote(s string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "'", "''") + "'"
}

func (m maker) numeric(depth int) string {
	if depth > 0 && m.IntN(3) == 0 {
		return "(" + m.numeric(depth-1) + " " + pick(m, "+", "-", "*", "/", "%", "div") + " " + m.numeric(depth-1) + ")"
	}
	if m.IntN(12) == 0 {
		return "k ^ 2"
	}
	return pick(m, "n", "m", "k", "n", "k", strconv.FormatFloat(m.number(), 'g', -1, 64))
}

func (m maker) folded(s string) string {
	return pick(m, s, s, "CASEI("+s+")", "ACCENTI("+s+")", "CASEI(ACCENTI("+s+"))")
}

func (m maker) textual() string { return m.folded(pick(m, "name", "use", "name", quote(m.text()))) }

func (m maker) boolean() string { return pick(m, "flag", "TRUE", "FALSE", "(n > m)") }

func (m maker) when() string {
	return pick(m, "d1", "d2", "t1", "t2", "DATE('"+m.day().Format(time.DateOnly)+"')", "TIMESTAMP('"+m.instant().Format("2006-01-02T15:04:05.999999Z")+"')")
}

func (m maker) interval() string {
	end := func() string {
		return pick(m, "d1", "d2", "t1", "t2", "'..'")
	}
	if m.IntN(2) == 0 {
		a, b := m.instant(), m.instant()
		if b.Before(a) {
			a, b = b, a
		}
		layout := pick(m, time.DateOnly, "2006-01-02T15:04:05.999999Z")
		return "INTERVAL('" + a.Format(layout) + "', '" + b.Format(layout) + "')"
	}
	return "INTERVAL(" + end() + ", " + end() + ")"
}

func (m maker) place() string {
	if m.IntN(2) == 0 {
		return pick(m, "geom", "geom", "side")
	}
	if m.IntN(4) == 0 {
		a, b := gridPoint(m), gridPoint(m)
		return fmt.Sprintf("BBOX(%v, %v, %v, %v)", min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
	}
	return wkt.MarshalString(m.geometry(gridPoint))
}

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), postgistest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func storeThings(t *testing.T, conn *pgx.Conn, things []*thing) {
	t.Helper()
	ctx := context.Background()
	_, err := conn.Exec(ctx, `CREATE TEMPORARY TABLE things (id int, name text, use text, n float8, m float8, k int, flag bool,
		d1 date, d2 date, t1 timestamptz, t2 timestamptz, geom geometry, side geometry)`)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range things {
		_, err := conn.Exec(ctx, `INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
			ST_GeomFromWKB($12, 4490), ST_GeomFromWKB($13, 4490))`,
			i, r.name, r.use, r.n, r.m, r.k, r.flag, r.d1, r.d2, r.t1, r.t2, stored(r.geom), stored(r.side))
		if err != nil {
			t.Fatal(err)
		}
	}
}

func stored(g orb.Geometry) []byte {
	if g == nil {
		return nil
	}
	return wkb.MustMarshal(g)
}

func asTruth(b *bool) cql2.Truth {
	switch {
	case b == nil:
		return cql2.Unknown
	case *b:
		return cql2.True
	}
	return cql2.False
}

// asked is what PostGIS says of each row.
func asked(t *testing.T, conn *pgx.Conn, filter string, args []any) []cql2.Truth {
	t.Helper()
	rows, err := conn.Query(context.Background(), "SELECT "+filter+" FROM things ORDER BY id", args...)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (cql2.Truth, error) {
		var b *bool
		err := row.Scan(&b)
		return asTruth(b), err
	})
	if err != nil {
		t.Fatalf("%s: %v", filter, err)
	}
	return answers
}

func TestFiltersFindWhatPostGISFinds(t *testing.T) {
	t.Parallel()
	m := maker{seeded(t)}
	conn := connect(t)
	var things []*thing
	for range 300 {
		things = append(things, m.thing())
	}
	storeThings(t, conn, things)
	count := [3]int{}
	for range filters(t, 400) {
		text := m.predicate(3)
		e, err := cql2.ParseText(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again, err := cql2.ParseText(cql2.Text(e)); err != nil || string(cql2.JSON(again)) != string(cql2.JSON(e)) {
			t.Fatalf("%s: written as %s, %v", text, cql2.Text(e), err)
		}
		if again, err := cql2.ParseJSON(cql2.JSON(e)); err != nil || cql2.Text(again) != cql2.Text(e) {
			t.Fatalf("%s: written as %s, %v", text, cql2.JSON(e), err)
		}
		test, err := cql2.Compile(e, thingFields())
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		sql, args, err := cql2.SQL(e, thingColumns())
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		box, confined := cql2.Bound(e)
		usable := !slices.Contains(cql2.Properties(e), "side")
		for i, want := range asked(t, conn, sql, args) {
			got := test(things[i])
			count[got+1]++
			if got != want {
				t.Fatalf("%s\nis %v, and %v for PostGIS\nof %s\nSQL %s %v", text, got, want, told(things[i]), sql, args)
			}
			if got == cql2.True && usable && confined && (things[i].geom == nil || !things[i].geom.Bound().Intersects(box)) {
				t.Fatalf("%s\nmatches %s outside its bound %v", text, told(things[i]), box)
			}
		}
	}
	t.Logf("%d false, %d unknown, %d true", count[0], count[1], count[2])
}

func told(r *thing) string {
	var b strings.Builder
	for name, f := range thingFields() {
		switch {
		case f.Text != nil:
			v, ok := f.Text(r)
			fmt.Fprintf(&b, "%s=%q,%v ", name, v, ok)
		case f.Number != nil:
			v, ok := f.Number(r)
			fmt.Fprintf(&b, "%s=%v,%v ", name, v, ok)
		case f.Bool != nil:
			v, ok := f.Bool(r)
			fmt.Fprintf(&b, "%s=%v,%v ", name, v, ok)
		case f.Day != nil:
			v, ok := f.Day(r)
			fmt.Fprintf(&b, "%s=%v,%v ", name, v, ok)
		case f.Time != nil:
			v, ok := f.Time(r)
			fmt.Fprintf(&b, "%s=%v,%v ", name, v, ok)
		case f.Geometry(r) != nil:
			fmt.Fprintf(&b, "%s=%s ", name, wkt.MarshalString(f.Geometry(r)))
		}
	}
	return b.String()
}

// related asks PostGIS for a table of pairs.
func related(t *testing.T, conn *pgx.Conn, sql string, a, b []orb.Geometry, visit func(i, j int, answer string)) {
	t.Helper()
	ctx := context.Background()
	if _, err := conn.Exec(ctx, `CREATE TEMPORARY TABLE IF NOT EXISTS sides (side int, id int, g geometry)`); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `DELETE FROM sides`); err != nil {
		t.Fatal(err)
	}
	for side, all := range [2][]orb.Geometry{a, b} {
		for i, g := range all {
			if _, err := conn.Exec(ctx, `INSERT INTO sides VALUES ($1, $2, ST_GeomFromWKB($3, 4490))`, side, i, wkb.MustMarshal(g)); err != nil {
				t.Fatal(err)
			}
		}
	}
	rows, err := conn.Query(ctx, `SELECT a.id, b.id, `+sql+` FROM sides a, sides b WHERE a.side = 0 AND b.side = 1`)
	if err != nil {
		t.Fatal(err)
	}
	var i, j int
	var answer string
	if _, err := pgx.ForEachRow(rows, []any{&i, &j, &answer}, func() error { visit(i, j, answer); return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestShapesRelateAsInPostGIS(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(maker) orb.Point{"grid": gridPoint, "surveyed": surveyedPoint} {
		t.Run(name, func(t *testing.T) {
			m, conn := maker{seeded(t)}, connect(t)
			different, pairs := 0, 0
			for range filters(t, 400) / 400 {
				var a, b []orb.Geometry
				for range 150 {
					a, b = append(a, m.geometry(at)), append(b, m.geometry(at))
				}
				related(t, conn, `ST_Relate(a.g, b.g)`, a, b, func(i, j int, want string) {
					pairs++
					if got := relate.Of(relate.New(a[i]), relate.New(b[j])).String(); got != want {
						if different++; different < 20 {
							t.Errorf("%s\n%s\nrelate as %s, and %s for PostGIS", wkt.MarshalString(a[i]), wkt.MarshalString(b[j]), got, want)
						}
					}
				})
			}
			t.Logf("%d pairs, %d differ", pairs, different)
		})
	}
}

func TestPolygonsAreValidAsInPostGIS(t *testing.T) {
	t.Parallel()
	m, conn := maker{seeded(t)}, connect(t)
	var all []orb.Geometry
	for range filters(t, 400) * 5 {
		switch a := m.area(gridPoint); m.IntN(3) {
		case 0:
			all = append(all, a)
		case 1:
			all = append(all, append(a, m.area(gridPoint)[0]))
		default:
			all = append(all, orb.MultiPolygon{a, m.area(gridPoint)})
		}
	}
	valid := 0
	related(t, conn, `coalesce((SELECT reason FROM ST_IsValidDetail(b.g) WHERE NOT valid), '')`, []orb.Geometry{orb.Point{}}, all, func(_, j int, reason string) {
		fault := relate.Fault(all[j]).En
		if fault == "" {
			valid++
		}
		if (fault == "") != (reason == "") {
			t.Errorf("%s: %q, and %q for PostGIS", wkt.MarshalString(all[j]), fault, reason)
		}
	})
	t.Logf("%d of %d are valid", valid, len(all))
}

func TestShapesAreNearAsGeographiesInPostGIS(t *testing.T) {
	t.Parallel()
	m, conn := maker{seeded(t)}, connect(t)
	near, pairs := 0, 0
	for _, metres := range []float64{0, 500, 2000} {
		var a, b []orb.Geometry
		for range 100 {
			a, b = append(a, m.geometry(surveyedPoint)), append(b, m.geometry(surveyedPoint))
		}
		sql := fmt.Sprintf(`ST_DWithin(a.g::geography, b.g::geography, %v)::text || ' ' || ST_Distance(a.g::geography, b.g::geography)`, metres)
		related(t, conn, sql, a, b, func(i, j int, answer string) {
			var want bool
			var distance float64
			if _, err := fmt.Sscan(answer, &want, &distance); err != nil {
				t.Fatal(err)
			}
			pairs++
			got := relate.Near(relate.New(a[i]), relate.New(b[j]), metres)
			if got {
				near++
			}
			if got != want && math.Abs(distance-metres) > 2e-6 {
				t.Errorf("%s\n%s\nwithin %v m: %v, and %v for PostGIS, at %v m", wkt.MarshalString(a[i]), wkt.MarshalString(b[j]), metres, got, want, distance)
			}
			// PostGIS takes meridians that are a metre apart to cross.
			measured := relate.Distance(relate.New(a[i]), relate.New(b[j]))
			if math.Abs(measured-distance) > 2e-6+1e-9*distance && (distance > 0 || measured > 2) {
				t.Errorf("%s\n%s\n%v m, and %v for PostGIS", wkt.MarshalString(a[i]), wkt.MarshalString(b[j]), measured, distance)
			}
		})
	}
	t.Logf("%d of %d are near", near, pairs)
}
