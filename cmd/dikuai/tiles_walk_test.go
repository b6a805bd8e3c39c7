package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// TestAWalkMeetsEveryTileThatABoxTouches compares with asking each tile.
func TestAWalkMeetsEveryTileThatABoxTouches(t *testing.T) {
	t.Parallel()
	const maxZoom = 6
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 50 {
		var areas []area
		for range random.IntN(5) {
			size := uint32(1) << random.IntN(31)
			at := plotset.Point{X: random.Uint32() - size, Y: random.Uint32() - size}
			box := plotset.Box{Min: at, Max: plotset.Point{X: at.X + size, Y: at.Y + size}}
			if box.Max.X < at.X || box.Max.Y < at.Y {
				continue // over the world's edge
			}
			areas = append(areas, area{box: box, maxZoom: random.IntN(maxZoom + 1)})
		}
		var want []pmtiles.ID
		for id := range pmtiles.At(maxZoom+1, 0, 0) {
			z, x, y := id.ZXY()
			if slices.ContainsFunc(areas, func(a area) bool {
				return z <= a.maxZoom && tiles.Touched(maptile.New(x, y, maptile.Zoom(z)), a.box)
			}) {
				want = append(want, id)
			}
		}
		got := slices.Collect((&packing{maxZoom: maxZoom}).changedIDs(areas))
		if !slices.Equal(got, want) {
			t.Fatalf("%d tiles, not %d, of %+v", len(got), len(want), areas)
		}
	}
}
