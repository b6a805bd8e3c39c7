package topology

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

func TestWindowMeasuresWhatLiesInIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		window, plot string
		want         geo.SquareMetres
	}{
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((2 2,4 2,4 4,2 4,2 2))", 4},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((5 5,15 5,15 15,5 15,5 5))", 25},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))", 0},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((20 0,30 0,30 10,20 10,20 0))", 0},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 20,10 20,10 30,0 30,0 20))", 0},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 -20,10 -20,10 -10,0 -10,0 -20))", 0},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 0,10 0,10 10,0 10,0 0))", 100},
		{"POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))", "POLYGON((5 5,9 5,9 9,5 9,5 5))", 15},
		{"POLYGON((0 0,10 0,5 10,0 0))", "POLYGON((0 0,10 0,10 5,0 5,0 0))", 37.5},
		{"MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((2 0,3 0,3 1,2 1,2 0)))", "POLYGON((0 0,3 0,3 0.5,0 0.5,0 0))", 1},
		{"POLYGON((0 0,0 10,10 10,10 0,0 0))", "POLYGON((-5 2,15 2,15 3,-5 3,-5 2))", 10}, // turned round
	} {
		got := NewWindow(parse(t, c.window)).Area(parse(t, c.plot))
		if math.Abs(float64(got-c.want)) > 1e-9 {
			t.Errorf("%s in %s: %v, want %v", c.plot, c.window, got, c.want)
		}
	}
}

// TestWindowsShareOutAPolygon holds the parts of a polygon in the cells of a grid
// to the whole, far from the origin.
func TestWindowsShareOutAPolygon(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		star := starAt(random, geo.Point{443600, 2543500}, 400, 5+random.IntN(40))
		var sum geo.SquareMetres
		for x := range 5 {
			for y := range 5 {
				w, s := 443100+200*float64(x), 2543000+200*float64(y)
				sum += NewWindow(geo.MultiPolygon{{{{w, s}, {w + 200, s}, {w + 200, s + 200}, {w, s + 200}, {w, s}}}}).Area(star)
			}
		}
		if whole := geo.PlaneArea(star); math.Abs(float64(sum-whole)) > 1e-6 {
			t.Fatalf("parts sum to %v, the whole is %v: %v", sum, whole, star)
		}
	}
}

// starAt is a polygon around a point, its points on the grid.
func starAt(random *rand.Rand, at geo.Point, reach float64, points int) geo.MultiPolygon {
	var ring geo.Ring
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(points))
		r := reach * (0.2 + 0.8*random.Float64())
		ring = append(ring, geo.SnapToGrid(geo.Point{at[0] + r*cos, at[1] + r*sin}))
	}
	return geo.MultiPolygon{{append(ring, ring[0])}}
}

func BenchmarkWindow(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	w := NewWindow(starAt(random, geo.Point{443600, 2543500}, 400, 200))
	plot := starAt(random, geo.Point{443700, 2543600}, 100, 13)
	for b.Loop() {
		w.Area(plot)
	}
}
