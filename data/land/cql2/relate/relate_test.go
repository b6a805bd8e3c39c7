package relate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land/cql2/relate"
)

func shape(t *testing.T, text string) *relate.Shape {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(text, err)
	}
	return relate.New(g)
}

// The matrices are those of ST_Relate in PostGIS 3.3 with GEOS 3.11, but for the
// last two: it rounds the crossings of lines with themselves and finds 111FFF212
// and 101F00212.
func TestShapesRelate(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((4 0,8 0,8 4,4 4,4 0))", "FF2F11212"},            // neighbours
		{"POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((4 4,8 4,8 8,4 8,4 4))", "FF2F01212"},            // at a corner
		{"POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((0 0,2 0,4 0,4 4,0 4,0 0))", "2FFF1FFF2"},        // a vertex more
		{"POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))", "POINT(4 4)", "FF2FF10F2"},          // in the hole
		{"POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))", "LINESTRING(3 3,6 3)", "FF2101FF2"}, // on its edge
		{"POLYGON((0 0,9 0,9 9,0 9,0 0),(3 3,6 3,6 6,3 6,3 3))", "POLYGON((3 3,6 3,6 6,3 6,3 3))", "FF2F112F2"},
		{"LINESTRING(0 0,4 4)", "LINESTRING(0 4,4 0)", "0F1FF0102"},
		{"LINESTRING(0 0,4 4)", "LINESTRING(2 2,6 6)", "1010F0102"},
		{"LINESTRING(0 0,4 0,4 4,0 0)", "POLYGON((0 0,4 0,4 4,0 0))", "F1FFFF2F2"},
		{"MULTIPOINT((0 0),(2 2))", "LINESTRING(0 0,4 4)", "00FFFF102"},
		{"LINESTRING(4 1,7 5,0 3,7 4)", "LINESTRING(4 1,7 5,0 3,7 4)", "1FFF0FFF2"},
		// What crosses the shell where a hole touches it comes into the hole.
		{"POLYGON((0 0,8 0,8 8,0 8,0 0),(0 4,2 3,2 5,0 4))", "LINESTRING(-1 4,1 4)", "FF20F1102"},
		// Shared edges are none of 2 0–5 0, and the edge 6 5–2 6.
		{"LINESTRING(1 3,7 0,6 0,3 3,0 5,1 3)", "POLYGON((2 0,5 0,5 6,2 6,2 0),(3 4,4 4,4 5,3 5,3 4))", "101FFF212"},
		{"MULTILINESTRING((7 1,7 4,4 1),(2 6,6 7,4 2,3 4,6 5,2 6))", "MULTIPOLYGON(((6 4,2 2,6 0,6 4)),((4 3,6 5,2 6,0 5,4 3)))", "111F00212"},
	} {
		if got := relate.Of(shape(t, c.a), shape(t, c.b)).String(); got != c.want {
			t.Errorf("%s\n%s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

func TestPolygonsThatAreNotValidAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"POLYGON((0 0,4 0,4 4,0 4,0 0))":                                         "",
		"POLYGON((0 0,4 4,4 0,0 4,0 0))":                                         "the edge from 0 0 to 4 4 crosses the one from 4 0 to 0 4",
		"POLYGON((0 0,4 0,2 0,2 2,0 0))":                                         "two edges run along each other at 2 0",
		"POLYGON((0 0,8 0,8 8,0 8,0 0),(9 1,9 2,10 2,9 1))":                      "a hole lies outside its shell, or in another hole, at 9 1",
		"MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0)),((1 1,2 1,2 2,1 1)))":              "a polygon lies in another at 1 1",
		"POLYGON((0 0,8 0,8 8,0 8,0 0),(0 4,4 0,4 4,0 4))":                       "rings that touch cut the interior in two at",
		"POLYGON((0 0,8 0,8 8,4 8,4 0.5,3 8,0 8,0 0),(1 1,2 1,2 2,1 1))":         "",
		"POLYGON((0 0,4 0,4 4,2 0,0 4,0 0))":                                     "a ring touches itself at 2 0",
		"MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((1 1,2 1,2 2,1 2,1 1)))":          "",
		"MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((2 0,4 0,4 2,2 2,2 0)))":          "two edges run along each other at",
		"POLYGON((0 0,8 0,8 8,0 8,0 0),(1 1,6 1,6 6,1 6,1 1),(2 2,3 2,3 3,2 2))": "a hole lies outside its shell, or in another hole, at",
	} {
		g, err := wkt.Unmarshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := relate.Fault(g).En; got == "" != (want == "") || len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A point a unit of the last place off a line is off it.
func TestNothingIsRounded(t *testing.T) {
	line := relate.New(orb.LineString{{113.1, 23.1}, {113.7, 23.7}})
	on, off := orb.Point{113.4, 23.4}, orb.Point{113.4, math.Nextafter(23.4, 24)}
	random := rand.New(rand.NewPCG(1, 1))
	met := 0
	for range 1000 {
		// x and x-90 in the same binade scale: the line through (x, x-90) is exact.
		x := 113 + random.Float64()
		p := orb.Point{x, x - 90}
		l := relate.New(orb.LineString{{112, 22}, {115, 25}})
		if l.Locate(p) == relate.Interior {
			met++
		}
		if l.Locate(orb.Point{x, math.Nextafter(x-90, 0)}) != relate.Exterior {
			t.Fatal(p)
		}
	}
	if met != 1000 {
		t.Errorf("%d of 1000 points on a line are on it", met)
	}
	if a, b := line.Locate(on), line.Locate(off); a == relate.Interior && b == relate.Interior {
		t.Error("both are on the line")
	}
}

func TestNearMeasuresOnTheEllipsoid(t *testing.T) {
	// Flinders Peak to Buninyong, GRS 80: 54,972.271 m (Geocentric Datum of
	// Australia, technical manual).
	a, b := orb.Point{144.42486788888889, -37.95103341666667}, orb.Point{143.92649552777777, -37.65282113888889}
	if !relate.Near(relate.New(a), relate.New(b), 54972.272) || relate.Near(relate.New(a), relate.New(b), 54972.270) {
		t.Error("the distance is not 54,972.271 m")
	}
	if d := relate.Distance(relate.New(a), relate.New(b)); math.Abs(d-54972.271) > 5e-4 {
		t.Errorf("the distance is %.4f m", d)
	}
	if !math.IsInf(relate.Distance(relate.New(a), relate.New(orb.MultiPoint{})), 1) {
		t.Error("nothing is at a distance")
	}
	// The great circle between two places on a parallel is north of it: by nearly
	// 800 m for 3 degrees at 23° N.
	parallel := shape(t, "LINESTRING(112 23,115 23)")
	if relate.Near(parallel, shape(t, "POINT(113.5 23)"), 100) {
		t.Error("edges are taken as straight in longitude and latitude")
	}
	area := shape(t, "POLYGON((112 23,115 23,115 22,112 22,112 23))")
	if !relate.Near(area, shape(t, "POINT(113.5 23.005)"), 0) {
		t.Error("what is south of the great circle is within")
	}
}
