package mvt

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestPointsAreLocatedAsByEveryEdge holds the bands to the plain rule, with
// rational numbers, on random entangled rings.
func TestPointsAreLocatedAsByEveryEdge(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 3000 {
		size := []int32{4, 20, 1000, math.MaxInt32}[random.IntN(4)]
		at := func() Point { return Point{random.Int32N(size) - size/2, random.Int32N(size) - size/2} }
		var ring []Point
		for range 3 + random.IntN(30) {
			ring = append(ring, at())
		}
		var b bands
		b.build(appendEdges(nil, ring, 0))
		if len(b.member) > 6*len(ring) {
			t.Fatalf("%d numbers for %d edges", len(b.member), len(ring))
		}
		for range 20 {
			p, q := at(), at()
			if random.IntN(3) == 0 {
				p = ring[random.IntN(len(ring))]
				q = p
			}
			x2, y2 := int64(p.X)+int64(q.X), int64(p.Y)+int64(q.Y)
			if got, _ := b.locate(x2, y2); got != plainLocate(ring, x2, y2) {
				t.Fatalf("(%d,%d)/2 is %d of %v", x2, y2, got, ring)
			}
		}
	}
}

func plainLocate(ring []Point, x2, y2 int64) int {
	inside := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		ax, ay, bx, by := 2*int64(a.X), 2*int64(a.Y), 2*int64(b.X), 2*int64(b.Y)
		if ay == by {
			if y2 == ay && x2 >= min(ax, bx) && x2 <= max(ax, bx) {
				return 0
			}
			continue
		}
		if y2 < min(ay, by) || y2 > max(ay, by) {
			continue
		}
		// x of the edge at y2 is ax + (y2-ay)(bx-ax)/(by-ay)
		x := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(y2-ay), big.NewInt(bx-ax)), big.NewInt(by-ay))
		x.Add(x, new(big.Rat).SetInt64(ax))
		switch c := x.Cmp(new(big.Rat).SetInt64(x2)); {
		case c == 0:
			return 0
		case c > 0 && (ay > y2) != (by > y2):
			inside = !inside
		}
	}
	if inside {
		return 1
	}
	return -1
}

func TestAreaIsExact(t *testing.T) {
	t.Parallel()
	const far = math.MaxInt32
	for _, c := range []struct {
		ring []Point
		want int
	}{
		{[]Point{{-far, -far}, {far, -far}, {far, far}, {-far, far}}, 1},
		{[]Point{{-far, far}, {far, far}, {far, -far}, {-far, -far}}, -1},
		{[]Point{{-far, -far}, {0, 0}, {far, far}}, 0},
		{[]Point{{-far, -far}, {0, 1}, {far, far}}, -1},
		{[]Point{{-far, -far}, {1, 0}, {far, far}}, 1},
	} {
		if got := areaSign(c.ring); got != c.want {
			t.Errorf("%v has sign %d", c.ring, got)
		}
		if got := side(c.ring[0], c.ring[1], c.ring[2]); got != c.want {
			t.Errorf("%v turns %d", c.ring, got)
		}
	}
}

// comb is a ring of n teeth that reach across the tile.
func comb(n int32) []Point {
	ring := []Point{{0, 0}, {4096 * 16, 0}}
	for i := range n {
		y := 4 * (i + 1)
		ring = append(ring, Point{4096 * 16, y}, Point{10, y}, Point{10, y + 2}, Point{4096 * 16, y + 2})
	}
	return append(ring, Point{4096 * 16, 4 * (n + 1)}, Point{0, 4 * (n + 1)})
}

// TestLargeRingsTakeLittleWork counts the edges looked at, which must stay in
// proportion to the rings.
func TestLargeRingsTakeLittleWork(t *testing.T) {
	t.Parallel()
	var upright []Point
	for _, p := range comb(50_000) {
		upright = append(upright, Point{p.Y, p.X})
	}
	holes := [][]Point{box(0, 0, 1<<20)}
	for i := range int32(100_000) {
		holes = append(holes, reversed(box(2+i%1000*10, 2+i/1000*10, 4)))
	}
	simple := rings{simple: true}
	for name, paths := range map[string][][]Point{
		"a comb":          {comb(50_000)},
		"an upright comb": {reversed(upright)},
		"many holes":      holes,
		"holes in a comb": append([][]Point{comb(50_000)}, holes[1:]...),
	} {
		c := checker{Rules: Rules{Margin: Anywhere}, b: polygon(paths...), names: map[string]bool{}, rings: simple}
		c.tile()
		if n := c.report.Vertices; c.rings.work > 40*n {
			t.Errorf("%s of %d points: %d edges looked at", name, n, c.rings.work)
		}
	}
}
