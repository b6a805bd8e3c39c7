package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// A session is somebody at a map of sessionWide by sessionHigh tiles, who begins
// at a plot somewhere at sessionFirst and moves sessionMoves times: to one side by a tile,
// closer, or farther. Only tiles that are new to the session are asked for, as
// a map asks.
const (
	sessionWide  = 4
	sessionHigh  = 3
	sessionMoves = 24
	sessionFirst = 14
	sessionLast  = 18
	panned       = 0.55 // of moves
	zoomedIn     = 0.30 // the rest goes out
)

// sessions are the tiles of one session after another. Empty ones, which drawn
// says, are left out: they cost nobody anything.
func sessions(places []orb.Point, n int, drawn func(maptile.Tile) bool) []maptile.Tile {
	random := rand.New(rand.NewPCG(1, 2))
	var list []maptile.Tile
	for len(list) < n {
		at := maptile.At(places[random.IntN(len(places))], sessionFirst)
		asked := map[maptile.Tile]bool{}
		x, y, z := int64(at.X)-sessionWide/2, int64(at.Y)-sessionHigh/2, at.Z
		for move := 0; move <= sessionMoves && len(list) < n; move++ {
			for i := range int64(sessionWide * sessionHigh) {
				t := maptile.New(uint32(x+i%sessionWide), uint32(y+i/sessionWide), z)
				if !asked[t] && t.Valid() {
					asked[t] = true
					if drawn(t) {
						list = append(list, t)
					}
				}
			}
			switch chance := random.Float64(); {
			case chance < panned:
				step := []int64{-1, 1}[random.IntN(2)]
				if random.IntN(2) == 0 {
					x += step
				} else {
					y += step
				}
			case chance < panned+zoomedIn && z < sessionLast:
				x, y, z = 2*x+sessionWide/2, 2*y+sessionHigh/2, z+1
			case chance >= panned+zoomedIn && z > sessionFirst:
				x, y, z = (x-sessionWide/2)>>1, (y-sessionHigh/2)>>1, z-1
			}
		}
	}
	return list[:n]
}

// weights tells how much of a list each zoom is.
func weights(list []maptile.Tile) string {
	count := map[maptile.Zoom]int{}
	for _, t := range list {
		count[t.Z]++
	}
	var parts []string
	for z := maptile.Zoom(0); z <= 22; z++ {
		if count[z] > 0 {
			parts = append(parts, fmt.Sprintf("z%d %.0f %%", z, 100*float64(count[z])/float64(len(list))))
		}
	}
	return strings.Join(parts, ", ")
}
