package plotset

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestTheProjectionIsMercators compares the series with the formula.
func TestTheProjectionIsMercators(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		lat := 170*random.Float64() - 85
		want := math.Asinh(math.Tan(lat * math.Pi / 180))
		most := 1e-12 // a thousandth of a unit of the world
		if math.Abs(lat) < 55 {
			most = 1e-14
		}
		if got := mercator(lat); math.Abs(got-want) > most {
			t.Fatalf("%v degrees are %v, not %v", lat, got, want)
		}
		y := random.Uint32()
		north := math.Atan(math.Sinh((0.5-float64(y)/worldSide)*2*math.Pi)) * 180 / math.Pi
		if got := latitude(y); math.Abs(got-north) > 1e-12 {
			t.Fatalf("y %d is at %v degrees, not %v", y, got, north)
		}
		p := orb.Point{360*random.Float64() - 180, lat}
		back := World(p).LonLat()
		if math.Abs(back[0]-p[0]) > 4.3e-8 || math.Abs(back[1]-p[1]) > 4.3e-8 {
			t.Fatalf("%v came back as %v", p, back)
		}
	}
}

func BenchmarkWorld(b *testing.B) {
	at := orb.Point{113.4, 22.9}
	for b.Loop() {
		at[1] += 1e-9
		World(at).LonLat()
	}
}
