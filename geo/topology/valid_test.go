package topology

import (
	"errors"
	"math/rand"
	"testing"

	"github.com/dikuai/dikuai/geo"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

// parse reads POLYGON or MULTIPOLYGON text.
func parse(t testing.TB, text string) geo.MultiPolygon {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	switch g := g.(type) {
	case orb.Polygon:
		return geo.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	t.Fatalf("%s is no polygon", text)
	return nil
}

func TestValidGivesReasonAndPlace(t *testing.T) {
	for _, c := range []struct {
		name, wkt, reason string
		place             geo.Point
	}{
		{"square", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "", geo.Point{}},
		{"clockwise square", "POLYGON((0 0,0 10,10 10,10 0,0 0))", "", geo.Point{}},
		{"repeated point", "POLYGON((0 0,10 0,10 0,10 10,0 10,0 0))", "", geo.Point{}},
		{"bowtie", "POLYGON((0 0,10 10,10 0,0 10,0 0))", "a ring crosses itself", geo.Point{5, 5}},
		{"spike", "POLYGON((0 0,10 0,20 0,10 0,10 10,0 0))", "a ring runs back along itself", geo.Point{20, 0}},
		{"spike at the seam", "POLYGON((20 0,10 0,10 10,0 0,20 0))", "a ring runs back along itself", geo.Point{20, 0}},
		{"self-touch at a vertex", "POLYGON((0 0,10 0,10 10,5 0.001,0 10,0 0))", "", geo.Point{}},
		{"self-touch on an edge", "POLYGON((0 0,10 0,10 10,5 0,0 10,0 0))", "a ring touches itself", geo.Point{5, 0}},
		{"figure eight by a vertex", "POLYGON((0 0,5 5,10 0,10 10,5 5,0 10,0 0))", "a ring touches itself", geo.Point{5, 5}},
		{"two points", "POLYGON((0 0,10 0,0 0))", "a ring has fewer than three different points", geo.Point{}},
		{"flat", "POLYGON((0 0,10 0,5 0,0 0))", "a ring runs back along itself", geo.Point{}},
		{"hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,4 2,4 4,2 4,2 2))", "", geo.Point{}},
		{"hole touching once", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,4 2,4 4,0 5))", "", geo.Point{}},
		{"hole touching twice", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 5,5 2,10 5,5 8,0 5))", "touching rings cut the inside in two", geo.Point{10, 5}},
		{"hole along the border", "POLYGON((0 0,10 0,10 10,0 10,0 0),(0 2,4 2,4 4,0 4,0 2))", "two rings share an edge", geo.Point{0, 2}},
		{"hole outside", "POLYGON((0 0,10 0,10 10,0 10,0 0),(12 2,14 2,14 4,12 4,12 2))", "a hole lies outside its outer ring", geo.Point{12, 4}},
		{"hole outside, touching", "POLYGON((0 0,10 0,10 10,0 10,0 0),(10 5,14 2,14 8,10 5))", "a hole lies outside its outer ring", geo.Point{14, 8}},
		{"hole around", "POLYGON((2 2,4 2,4 4,2 4,2 2),(0 0,10 0,10 10,0 10,0 0))", "a hole lies outside its outer ring", geo.Point{}},
		{"hole crossing", "POLYGON((0 0,10 0,10 10,0 10,0 0),(8 2,14 2,14 4,8 4,8 2))", "two rings cross", geo.Point{10, 2}},
		{"hole leaving by a vertex", "POLYGON((0 0,10 0,10 5,10 7,10 10,0 10,0 0),(8 4,10 5,12 6,10 7,8 8,8 4))", "two rings cross", geo.Point{10, 5}},
		{"nested hole", "POLYGON((0 0,20 0,20 20,0 20,0 0),(2 2,12 2,12 12,2 12,2 2),(4 4,6 4,6 6,4 6,4 4))", "a hole lies inside another hole", geo.Point{4, 6}},
		{"holes in a chain", "POLYGON((0 0,20 0,20 20,0 20,0 0),(2 2,6 2,6 6,2 6,2 2),(6 6,10 6,10 10,6 10,6 6))", "", geo.Point{}},
		{"holes in a circle", "POLYGON((0 0,20 0,20 20,0 20,0 0),(2 8,8 2,5 6,2 8),(8 2,14 8,9 4,8 2),(2 8,8 14,7 9,2 8),(8 14,14 8,9 9,8 14))", "touching rings cut the inside in two", geo.Point{}},
		{"two parts", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((20 0,30 0,30 10,20 10,20 0)))", "", geo.Point{}},
		{"parts touching in points", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((10 10,20 10,20 20,10 20,10 10)))", "", geo.Point{}},
		{"parts sharing an edge", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((10 0,20 0,20 10,10 10,10 0)))", "two rings share an edge", geo.Point{10, 0}},
		{"part in a part", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((2 2,4 2,4 4,2 4,2 2)))", "two parts overlap", geo.Point{2, 2}},
		{"part in a part, touching", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((0 5,4 4,4 6,0 5)))", "two parts overlap", geo.Point{0, 5}},
		{"part in a hole", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2)),((4 4,6 4,6 6,4 6,4 4)))", "", geo.Point{}},
		{"parts crossing", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((5 5,15 5,15 15,5 15,5 5)))", "two rings cross", geo.Point{10, 5}},
		{"far east with a zone", "POLYGON((38412345.001 2543210.001,38412355.001 2543210.001,38412345.001 2543220.001,38412345.001 2543210.001))", "", geo.Point{}},
		{"bowtie by a millimetre", "POLYGON((38412345 2543210,38412355 2543210,38412350 2543209.999,38412350 2543220,38412345 2543210))", "a ring crosses itself", geo.Point{38412350, 2543210}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := Valid(parse(t, c.wkt))
			if c.reason == "" {
				if err != nil {
					t.Fatalf("Valid = %v, want none", err)
				}
				return
			}
			var invalid *InvalidError
			if !errors.As(err, &invalid) || invalid.Reason.En != c.reason || invalid.Reason.Zh == "" {
				t.Fatalf("Valid = %v, want %q", err, c.reason)
			}
			if c.place != (geo.Point{}) && invalid.Place != c.place {
				t.Errorf("place %v, want %v", invalid.Place, c.place)
			}
		})
	}
}

func TestValidTellsAnOpenRingAndNaN(t *testing.T) {
	for _, ring := range []geo.Ring{
		{{0, 0}, {10, 0}, {10, 10}},
		{{0, 0}, {10, nan}, {10, 10}, {0, 0}},
	} {
		if err := Valid(geo.MultiPolygon{{ring}}); err == nil {
			t.Errorf("Valid(%v) = nil", ring)
		}
	}
	if Valid(nil) == nil || Valid(geo.MultiPolygon{{}}) == nil {
		t.Error("an empty polygon is valid")
	}
}

// TestValidAgreesWithEveryPair compares the tree with all pairs of edges on
// small random rings, where faults are frequent.
func TestValidAgreesWithEveryPair(t *testing.T) {
	random := seeded(t)
	valid := 0
	for range 20000 {
		g := make(ring, 3+random.Intn(5))
		for k := range g {
			g[k] = pt{int64(random.Intn(7)), int64(random.Intn(7))}
		}
		g = ringOf(region{{g}}.multiPolygon()[0][0])
		want := len(g) >= 3
		for i := range g {
			for j := range i {
				how, _ := meet(g[i], g.at(i+1), g[j], g.at(j+1))
				if how == cross || how == overlap || how == touch && !neighbours(i, j, len(g)) {
					want = false
				}
			}
		}
		if got := validate(region{{g}}) == nil; got != want {
			t.Fatalf("%v: valid %v, want %v", g, got, want)
		}
		if want {
			valid++
		}
	}
	if valid < 1000 {
		t.Errorf("only %d valid rings tried", valid)
	}
}

func BenchmarkValidMillionVertices(b *testing.B) {
	p := geo.MultiPolygon{{star(rand.New(rand.NewSource(1)), 1_000_000, 5000)}}
	for b.Loop() {
		if err := Valid(p); err != nil {
			b.Fatal(err)
		}
	}
}
