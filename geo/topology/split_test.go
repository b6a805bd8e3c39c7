package topology

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/geo"
	"github.com/paulmach/orb/encoding/wkt"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, polygon string
		line          []geo.Point
		want          []string
	}{
		{"a square in two", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{4, -1}, {4, 11}}, []string{
			"MULTIPOLYGON(((0 10,0 0,4 0,4 10,0 10)))",
			"MULTIPOLYGON(((4 10,4 0,10 0,10 10,4 10)))",
		}},
		{"ends on the border", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{4, 0.04}, {4, 10}}, []string{
			"MULTIPOLYGON(((0 10,0 0,4 0,4 10,0 10)))",
			"MULTIPOLYGON(((4 10,4 0,10 0,10 10,4 10)))",
		}},
		{"from corner to corner, nearly", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{-1, -1.02}, {11, 11.03}}, []string{
			"MULTIPOLYGON(((0 10,0 0,10 10,0 10)))",
			"MULTIPOLYGON(((0 0,10 0,10 10,0 0)))",
		}},
		{"by way of points inside", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{4, 0}, {4.0004, 5}, {6, 5}, {6, 10}}, []string{
			"MULTIPOLYGON(((0 10,0 0,4 0,4 5,6 5,6 10,0 10)))",
			"MULTIPOLYGON(((6 10,6 5,4 5,4 0,10 0,10 10,6 10)))",
		}},
		{"through a hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))", []geo.Point{{5, -1}, {5, 11}}, []string{
			"MULTIPOLYGON(((0 10,0 0,5 0,5 4,4 4,4 6,5 6,5 10,0 10)))",
			"MULTIPOLYGON(((5 10,5 6,6 6,6 4,5 4,5 0,10 0,10 10,5 10)))",
		}},
		{"beside a hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))", []geo.Point{{8, -1}, {8, 11}}, []string{
			"MULTIPOLYGON(((0 10,0 0,8 0,8 10,0 10),(4 6,6 6,6 4,4 4,4 6)))",
			"MULTIPOLYGON(((8 10,8 0,10 0,10 10,8 10)))",
		}},
		{"a comb in five", "POLYGON((0 0,10 0,10 10,8 10,8 2,6 2,6 10,4 10,4 2,2 2,2 10,0 10,0 0))", []geo.Point{{-1, 5}, {11, 5}}, []string{
			"MULTIPOLYGON(((0 10,0 5,2 5,2 10,0 10)))",
			"MULTIPOLYGON(((4 10,4 5,6 5,6 10,4 10)))",
			"MULTIPOLYGON(((0 5,0 0,10 0,10 5,8 5,8 2,6 2,6 5,4 5,4 2,2 2,2 5,0 5)))",
			"MULTIPOLYGON(((8 10,8 5,10 5,10 10,8 10)))",
		}},
		{"one of two parts", "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((20 0,30 0,30 10,20 10,20 0)))", []geo.Point{{5, -1}, {5, 11}}, []string{
			"MULTIPOLYGON(((0 10,0 0,5 0,5 10,0 10)))",
			"MULTIPOLYGON(((5 10,5 0,10 0,10 10,5 10)))",
			"MULTIPOLYGON(((20 10,20 0,30 0,30 10,20 10)))",
		}},
		{"a corner cut off by a line that bends outside", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{-1, 2}, {2, -1}, {12, -1}, {12, 8}, {8, 12}}, []string{
			"MULTIPOLYGON(((0 10,0 1,1 0,10 0,10 10,0 10)))",
			"MULTIPOLYGON(((0 1,0 0,1 0,0 1)))",
		}},
		{"touching the border from inside", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{0, 5}, {5, 0}, {10, 5}}, []string{
			"MULTIPOLYGON(((0 10,0 5,5 0,10 5,10 10,0 10)))",
			"MULTIPOLYGON(((0 5,0 0,5 0,0 5)))",
			"MULTIPOLYGON(((5 0,10 0,10 5,5 0)))",
		}},
		{"a loop from the border", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []geo.Point{{5, 0}, {7, 5}, {3, 5}, {5, 0}}, []string{
			"MULTIPOLYGON(((0 10,0 0,5 0,10 0,10 10,0 10),(3 5,7 5,5 0,3 5)))",
			"MULTIPOLYGON(((3 5,5 0,7 5,3 5)))",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			parts, err := Split(parse(t, c.polygon), c.line)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range parts {
				got = append(got, wkt.MarshalString(p))
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	const square, ring = "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))"
	for _, c := range []struct {
		polygon, reason string
		line            []geo.Point
		place           geo.Point
	}{
		{square, "the line ends inside the polygon", []geo.Point{{5, -1}, {5, 5}}, geo.Point{5, 5}},
		{square, "the line ends inside the polygon", []geo.Point{{2, 2}, {5, 5}}, geo.Point{2, 2}},
		{square, "the line ends inside the polygon", []geo.Point{{5, 0}, {5, 9.94}}, geo.Point{5, 9.94}},
		{square, "the line does not cross the polygon", []geo.Point{{-5, 0}, {-5, 10}}, geo.Point{-5, 0}},
		{square, "the line only touches the polygon", []geo.Point{{-5, 5}, {5, 15}}, geo.Point{0, 10}},
		{square, "the line only touches the polygon", []geo.Point{{-5, 5}, {0, 5}}, geo.Point{0, 5}},
		{square, "the line crosses itself", []geo.Point{{2, -1}, {2, 8}, {8, 8}, {8, 4}, {-1, 4}}, geo.Point{2, 4}},
		{square, "the line crosses itself", []geo.Point{{5, -1}, {5, 8}, {5, 5}, {11, 5}}, geo.Point{}},
		{square, "the line runs along the border", []geo.Point{{0, 0}, {0, 5}, {10, 5}}, geo.Point{0, 2.5}},
		{square, "the line runs along the border", []geo.Point{{0, -5}, {0, 15}}, geo.Point{0, 5}},
		{square, "the line has fewer than two different points", []geo.Point{{5, 5}, {5, 5.0001}}, geo.Point{5, 5}},
		{square, "the line has fewer than two different points", nil, geo.Point{}},
		{ring, "the line joins the border and a hole, or two holes, without dividing the polygon", []geo.Point{{5, -1}, {5, 5}}, geo.Point{5, 2}},
		{"POLYGON((0 0,10 10,10 0,0 10,0 0))", "the polygon is not valid: a ring crosses itself", []geo.Point{{5, -1}, {5, 11}}, geo.Point{5, 5}},
	} {
		_, err := Split(parse(t, c.polygon), c.line)
		var cut *CutError
		if !errors.As(err, &cut) || cut.Reason.En != c.reason || c.place != (geo.Point{}) && cut.Place != c.place {
			t.Errorf("%v: got %v, want %q at %v", c.line, err, c.reason, c.place)
		}
	}
	if _, err := Split(parse(t, square), []geo.Point{{nan, 1}, {5, 11}}); err == nil {
		t.Error("a line with NaN cuts")
	}
}

// TestCrossingsCostNoArea cuts long slanting edges where rounding to the nearest
// millimetre would cost up to 0.5 mm × 600 m / 2 = 0.15 m².
func TestCrossingsCostNoArea(t *testing.T) {
	random := seeded(t)
	worst, good := 0.0, 0
	for range 500 {
		a := geo.Point{38412345 + random.Float64(), 2543210 + random.Float64()}
		b := geo.Point{a[0] + 200 + 400*random.Float64(), a[1] + 400*random.Float64()}
		line := geo.Ring{geo.SnapToGrid(a), geo.SnapToGrid(b), geo.SnapToGrid(geo.Point{b[0] - 30, b[1] + 300}), geo.SnapToGrid(geo.Point{a[0] - 20, a[1] + 310})}
		p := geo.MultiPolygon{{append(line, line[0])}}
		f := 0.1 + 0.8*random.Float64()
		x := a[0] + f*(b[0]-a[0])
		parts, err := Split(p, []geo.Point{{x, a[1] - 1000}, {x - 40*random.Float64(), a[1] + 2000}})
		if err != nil {
			t.Fatal(err)
		}
		loss := math.Abs(total(parts) - float64(geo.PlaneArea(p)))
		worst = max(worst, loss)
		if loss < 0.002 {
			good++
		}
	}
	t.Logf("at most %.6f m² for two crossings, under 0.002 m² in %d of 500", worst, good)
	if worst > 0.0081 || good < 450 {
		t.Errorf("two crossings cost up to %v m²; %d of 500 under 0.002 m²", worst, good)
	}
}

// TestSplitThenMergeGivesTheParentBack also checks that each cut keeps every
// edge matched.
func TestSplitThenMergeGivesTheParentBack(t *testing.T) {
	random := seeded(t)
	cuts := 0
	for range 400 {
		p := geo.MultiPolygon{{star(random, 5+random.Intn(40), 30+300*random.Float64())}}
		if Valid(p) != nil {
			continue
		}
		parts, err := Split(p, wander(random, p))
		if err != nil {
			continue
		}
		cuts++
		whole, err := Merge(parts)
		if err != nil {
			t.Fatalf("merge: %v", err)
		}
		if d := math.Abs(float64(geo.PlaneArea(whole)) - total(parts)); d > 1e-6 {
			t.Fatalf("merging changes the area by %v m²", d)
		}
		if d := math.Abs(float64(geo.PlaneArea(whole)) - float64(geo.PlaneArea(p))); d > 0.01 {
			t.Fatalf("the area changes by %v m²", d)
		}
		back := regionOf(whole)
		for g := range regionOf(p).rings {
			for _, v := range g {
				if !newCutter(back).vertices()[v] {
					t.Fatalf("vertex %v is lost", v)
				}
			}
		}
		if again, err := Partition(p, parts); err != nil || len(again) != len(parts) {
			t.Fatalf("partition: %v", err)
		}
	}
	if cuts < 100 {
		t.Errorf("only %d cuts", cuts)
	}
}

// wander is a line across a polygon's box with a few bends.
func wander(random *rand.Rand, p geo.MultiPolygon) []geo.Point {
	b := p.Bound()
	size := math.Max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	angle := 2 * math.Pi * random.Float64()
	s, c := math.Sincos(angle)
	n := 2 + random.Intn(4)
	var line []geo.Point
	for k := range n {
		f := (float64(k)/float64(n-1) - 0.5) * 1.6 * size
		g := (random.Float64() - 0.5) * 0.3 * size
		line = append(line, geo.Point{b.Center()[0] + f*c - g*s, b.Center()[1] + f*s + g*c})
	}
	return line
}
