package main

import (
	"iter"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// walk gives the tiles down to a zoom in the order of ids. It goes down the quad
// tree and leaves out what lies below a tile that narrow refuses; what narrow
// gives for a tile it gets again for those below.
func walk[S any](maxZoom int, root S, narrow func(maptile.Tile, S) (S, bool)) iter.Seq[pmtiles.ID] {
	return func(yield func(pmtiles.ID) bool) {
		var first [maxPackZoom + 1]pmtiles.ID // of each zoom
		for z := range first {
			first[z] = pmtiles.At(z, 0, 0)
		}
		// down visits the tiles of a zoom below the tile that is along the curve of its own.
		var down func(z, zoom int, along pmtiles.ID, from S) bool
		down = func(z, zoom int, along pmtiles.ID, from S) bool {
			id := first[z] + along
			_, x, y := id.ZXY()
			here, any := narrow(maptile.New(x, y, maptile.Zoom(z)), from)
			switch {
			case !any:
				return true
			case z == zoom:
				return yield(id)
			}
			for i := range pmtiles.ID(4) {
				if !down(z+1, zoom, 4*along+i, here) {
					return false
				}
			}
			return true
		}
		for zoom := range maxZoom + 1 {
			if !down(0, zoom, 0, root) {
				return
			}
		}
	}
}
