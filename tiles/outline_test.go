package tiles

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/tiles/plotset"
)

// TestAnOutlineIsDrawnAsAllOfItsPointsSay holds outlines of thousands of points to
// the cutting of every point.
func TestAnOutlineIsDrawnAsAllOfItsPointsSay(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		n := 100 + random.IntN(3000)
		ring := func(reach float64) orb.Ring {
			var r orb.Ring
			wobble := random.Float64()
			for i := range n {
				a := 2 * math.Pi * float64(i) / float64(n)
				d := reach * (1 + 0.3*wobble*math.Sin(9*a) + 0.002*random.Float64())
				r = append(r, orb.Point{113.4 + d*math.Cos(a), 23 + d*math.Sin(a)})
			}
			return append(r, r[0])
		}
		boundary := orb.MultiPolygon{{ring(0.1), ring(0.04)}}
		d := drawnOf(boundary)
		at := boundary[0][random.IntN(2)][random.IntN(n)]
		if random.IntN(3) == 0 {
			at = orb.Point{113.4 + 0.2*random.Float64() - 0.1, 23 + 0.2*random.Float64() - 0.1}
		}
		p := plotset.World(at)
		z := uint32(8 + random.IntN(11))
		r := rings{frame: frameOf(z, p.X>>(32-z), p.Y>>(32-z))}
		want := bytes.Clone(r.polygon(d.shape, d.box))
		if got := r.outline(&d); !bytes.Equal(got, want) {
			t.Fatalf("zoom %d, %d points: %d bytes, not %d", z, n, len(got), len(want))
		}
	}
}
