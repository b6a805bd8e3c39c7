package topology

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/geo"
)

func multi(t *testing.T, text string) geo.MultiPolygon {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := g.(orb.Polygon); ok {
		return geo.MultiPolygon{p}
	}
	return g.(orb.MultiPolygon)
}

func landOf(pieces []Piece) (area float64) {
	for _, p := range pieces {
		area += float64(p.Area)
	}
	return area
}

func TestAnOverlayCutsASubject(t *testing.T) {
	t.Parallel()
	const square = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
	for _, c := range []struct {
		name, subject   string
		others          []string
		inside, outside float64
		parts           [2]int
	}{
		{"nothing", square, nil, 0, 100, [2]int{0, 1}},
		{"itself", square, []string{square}, 100, 0, [2]int{1, 0}},
		{"itself twice", square, []string{square, square}, 100, 0, [2]int{1, 0}},
		{"beside, along a side", square, []string{"POLYGON((10 0,20 0,20 10,10 10,10 0))"}, 0, 100, [2]int{0, 1}},
		{"at a corner", square, []string{"POLYGON((10 10,20 10,20 20,10 20,10 10))"}, 0, 100, [2]int{0, 1}},
		{"far away", square, []string{"POLYGON((100 0,120 0,120 10,100 10,100 0))"}, 0, 100, [2]int{0, 1}},
		{"around", square, []string{"POLYGON((-5 -5,15 -5,15 15,-5 15,-5 -5))"}, 100, 0, [2]int{1, 0}},
		{"within", square, []string{"POLYGON((2 2,4 2,4 4,2 4,2 2))"}, 4, 96, [2]int{1, 1}},
		{"a corner", square, []string{"POLYGON((5 5,15 5,15 15,5 15,5 5))"}, 25, 75, [2]int{1, 1}},
		{"a stroke across", square, []string{"POLYGON((-5 4,15 4,15 6,-5 6,-5 4))"}, 20, 80, [2]int{1, 2}},
		{"two halves", square, []string{"POLYGON((0 0,5 0,5 10,0 10,0 0))", "POLYGON((5 0,10 0,10 10,5 10,5 0))"}, 100, 0, [2]int{1, 0}},
		{"two that overlap", square, []string{"POLYGON((0 0,6 0,6 10,0 10,0 0))", "POLYGON((4 0,10 0,10 5,4 5,4 0))"}, 80, 20, [2]int{1, 1}},
		{"a ring", square, []string{"POLYGON((-5 -5,15 -5,15 15,-5 15,-5 -5),(2 2,2 8,8 8,8 2,2 2))"}, 64, 36, [2]int{1, 1}},
		{"a subject with a hole", "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,4 6,6 6,6 4,4 4))", []string{"POLYGON((5 0,10 0,10 10,5 10,5 0))"}, 48, 48, [2]int{1, 1}},
		{"a subject of two parts", "MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((8 0,10 0,10 2,8 2,8 0)))", []string{"POLYGON((1 1,9 1,9 5,1 5,1 1))"}, 2, 6, [2]int{2, 2}},
		{"diamonds", "POLYGON((5 0,10 5,5 10,0 5,5 0))", []string{square, "POLYGON((0 0,5 0,5 5,0 5,0 0))"}, 50, 0, [2]int{1, 0}},
	} {
		o := NewOverlay(multi(t, c.subject))
		var others []geo.MultiPolygon
		for _, text := range c.others {
			others = append(others, multi(t, text))
		}
		in, out := o.Inside(others...), o.Outside(others...)
		if math.Abs(landOf(in)-c.inside) > 1e-9 || math.Abs(landOf(out)-c.outside) > 1e-9 || len(in) != c.parts[0] || len(out) != c.parts[1] {
			t.Errorf("%s: inside %v, outside %v", c.name, in, out)
		}
	}
}

func TestAUnionJoinsWhatAdjoins(t *testing.T) {
	t.Parallel()
	p := Union(multi(t, "POLYGON((0 0,5 0,5 10,0 10,0 0))"), multi(t, "POLYGON((5 0,10 0,10 10,5 10,5 0))"), multi(t, "POLYGON((20 0,30 0,30 10,20 10,20 0))"))
	if len(p) != 2 || geo.PlaneArea(p) != 200 || Valid(p) != nil {
		t.Errorf("%v", p)
	}
}

// rough is a polygon about a place, not on the 0.001 m grid, that may have a hole.
func rough(random *rand.Rand, x, y, most float64) geo.MultiPolygon {
	n := 5 + random.IntN(30) // so that the place is inside
	var ring, hole geo.Ring
	for i := range n {
		r := most * (0.3 + 0.7*random.Float64())
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.8*random.Float64()) / float64(n))
		ring = append(ring, geo.Point{x + r*cos, y + r*sin})
		hole = append(hole, geo.Point{x + r/4*cos, y + r/4*sin})
	}
	p := geo.Polygon{append(ring, ring[0])}
	if random.IntN(3) == 0 {
		hole = append(hole, hole[0])
		hole.Reverse()
		p = append(p, hole)
	}
	return geo.MultiPolygon{p}
}

// Inside and outside make up the whole, and what is inside is what a Window
// measures, which has no overlay.
func TestRandomOverlaysLoseNothing(t *testing.T) {
	t.Parallel()
	const rounds = 2000
	for seed := range uint64(rounds) {
		random := rand.New(rand.NewPCG(seed, 1))
		// As much a place as a survey's, 40,000,000 m away.
		x, y := 38443000+random.Float64(), 2543000+random.Float64()
		subject := rough(random, x, y, 20+150*random.Float64())
		o := NewOverlay(subject)
		var others []geo.MultiPolygon
		for range 1 + random.IntN(6) {
			others = append(others, rough(random, x+200*random.Float64()-100, y+200*random.Float64()-100, 10+150*random.Float64()))
		}
		if random.IntN(4) == 0 { // much the same boundary, with points between
			others = append(others, shaken(random, subject))
		}
		whole := float64(geo.PlaneArea(subject))
		in, out := o.Inside(others...), o.Outside(others...)
		if off := math.Abs(landOf(in) + landOf(out) - whole); off > 0.002 {
			t.Errorf("seed %d: %.6f m² inside and %.6f outside, of %.6f", seed, landOf(in), landOf(out), whole)
		}
		window := NewWindow(subject)
		for _, p := range others {
			// A window has its vertices on the 0.001 m grid.
			if off := math.Abs(landOf(o.Inside(p)) - float64(window.Area(p))); off > 1 {
				t.Errorf("seed %d: an overlay of %.6f m², a window of %.6f", seed, landOf(o.Inside(p)), float64(window.Area(p)))
			}
		}
		for _, piece := range append(in, out...) {
			if off := math.Abs(float64(geo.PlaneArea(geo.MultiPolygon{piece.Polygon}) - piece.Area)); off > 1e-3 || piece.Area <= 0 || piece.Perimeter <= 0 {
				t.Fatalf("seed %d: a piece of %.6f m², as a polygon of %.6f", seed, float64(piece.Area), float64(geo.PlaneArea(geo.MultiPolygon{piece.Polygon})))
			}
		}
	}
}

// shaken is a polygon whose sides run along those of another, within a few units of
// the grid up to millimetres.
func shaken(random *rand.Rand, p geo.MultiPolygon) geo.MultiPolygon {
	by := 2e-6 * math.Pow(10, float64(random.IntN(4))) // metres
	near := func(q geo.Point) geo.Point {
		return geo.Point{q[0] + by*(2*random.Float64()-1), q[1] + by*(2*random.Float64()-1)}
	}
	var ring geo.Ring
	for i := 1; i < len(p[0][0]); i++ {
		a, b := p[0][0][i-1], p[0][0][i]
		k := random.Float64()
		ring = append(ring, near(a), near(geo.Point{a[0] + k*(b[0]-a[0]), a[1] + k*(b[1]-a[1])}))
	}
	return geo.MultiPolygon{{append(ring, ring[0])}}
}

func BenchmarkOverlay(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	o, p := NewOverlay(rough(random, 0, 0, 150)), rough(random, 50, 50, 150)
	for b.Loop() {
		o.Inside(p)
	}
}
