package tiles

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
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
		want := ringsIn(r.polygon(d.shape, d.box))
		if got := ringsIn(r.outline(&d)); !reflect.DeepEqual(got, want) {
			t.Fatalf("zoom %d, %d points: %v, not %v", z, n, got, want)
		}
	}
}

// ringsIn reads the rings of a geometry (4.3), each from its least point on.
func ringsIn(geometry []byte) [][]unit {
	var all [][]unit
	var at unit
	parameter := func() int32 {
		v, n := binary.Uvarint(geometry)
		geometry = geometry[n:]
		return int32(v>>1) ^ -int32(v&1)
	}
	for len(geometry) > 0 {
		command, n := binary.Uvarint(geometry)
		geometry = geometry[n:]
		switch command & 7 {
		case closePath:
			ring := all[len(all)-1]
			least := slices.IndexFunc(ring, func(p unit) bool { return p == slices.MinFunc(ring, byPlace) })
			all[len(all)-1] = slices.Concat(ring[least:], ring[:least])
			continue
		case moveTo:
			all = append(all, nil)
		}
		for range command >> 3 {
			at.x += parameter()
			at.y += parameter()
			all[len(all)-1] = append(all[len(all)-1], at)
		}
	}
	return all
}

func byPlace(a, b unit) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) }
