package bench

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

func TestSessionsAreTheSameEveryTime(t *testing.T) {
	t.Parallel()
	places := []orb.Point{{113.5, 23.1}, {113.6, 23.2}, {113.55, 23.15}}
	all := func(maptile.Tile) bool { return true }
	list := sessions(places, 5000, all)
	if !slices.Equal(list, sessions(places, 5000, all)) {
		t.Error("two lists differ")
	}
	seen := map[maptile.Zoom]int{}
	for _, tile := range list {
		seen[tile.Z]++
	}
	for z := maptile.Zoom(sessionFirst); z <= sessionLast; z++ {
		if seen[z] < len(list)/20 {
			t.Errorf("%d of %d tiles are of z%d", seen[z], len(list), z)
		}
	}
	if len(seen) != sessionLast-sessionFirst+1 {
		t.Errorf("zooms %v", seen)
	}
}
