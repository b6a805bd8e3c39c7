package tiles

import (
	"math"
	"sync"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/mosaic"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Up to mosaicZoom plots are drawn as a mosaic of land uses and statuses; at
// mosaicZoom itself only where a tile has more than singlePlots.
const (
	mosaicZoom  = 12
	singlePlots = 4096
)

// A mosaic of at most directPlots is made from the plots at any zoom: that is as
// quick as joining four, and a few plots over half the world need no pyramid.
const directPlots = 1 << 14

// pyramid holds the mosaics of a view, each made when it is first asked for: from
// the plots, or above mosaicZoom and for very many plots from the four below. Safe for
// concurrent use.
type pyramid struct {
	plots *plotset.Set
	sides [mosaicZoom + 1]int // cells along a tile's side, by zoom
	mu    sync.Mutex
	grids [mosaicZoom + 1]map[place]*gridOnce
}

type gridOnce struct {
	once sync.Once
	grid *mosaic.Grid
}

func newPyramid(plots *plotset.Set, parks []Park) *pyramid {
	p := &pyramid{plots: plots, sides: sidesFor(plots, parks)}
	for z := range p.grids {
		p.grids[z] = map[place]*gridOnce{}
	}
	return p
}

// follow is the pyramid of the next view, which shares the grids that met none of
// the boxes in which it looks different. All of it is different when the grids
// have other sides.
func (p *pyramid) follow(plots *plotset.Set, parks []Park, changed []plotset.Box) (next *pyramid, all bool) {
	next = newPyramid(plots, parks)
	if next.sides != p.sides {
		return next, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for z, grids := range p.grids {
	held:
		for at, g := range grids {
			window := frameOf(uint32(z), at.x, at.y).window
			for _, box := range changed {
				if box.Meets(window) {
					continue held
				}
			}
			next.grids[z][at] = g
		}
	}
	return next, false
}

// sidesFor chooses the grids' sides by how much of a tile the plots can fill: few
// plots get cells of half a pixel of 512 to a tile, a city cells of a pixel, and half that at mosaicZoom.
func sidesFor(plots *plotset.Set, parks []Park) (sides [mosaicZoom + 1]int) {
	const (
		least, most   = 512, 1024
		cells, finest = 1 << 19, 1 << 20 // in a tile, and in one of mosaicZoom
	)
	lat := 0.0
	if len(parks) > 0 {
		lat = parks[0].Bound.Center()[1] * math.Pi / 180
	}
	const equator = 2 * math.Pi * 6378137 // m of Web Mercator
	worlds := float64(plots.CentiMu()) / 100 * (2000.0 / 3) / math.Pow(equator*math.Cos(lat), 2)
	for z := range sides {
		filled := min(worlds*math.Exp2(2*float64(z)), 1)
		limit := float64(cells)
		if z == mosaicZoom {
			limit = finest
		}
		sides[z] = least
		for sides[z] < most && filled*math.Pow(2*float64(sides[z]), 2) <= limit {
			sides[z] *= 2
		}
	}
	return sides
}

// workspaces keep their memory from grid to grid.
var workspaces = sync.Pool{New: func() any { return new(mosaic.Workspace) }}

// grid is the mosaic of a tile; nil when no plot lies in it.
func (p *pyramid) grid(t maptile.Tile) *mosaic.Grid {
	n := countTo(p.plots, t, directPlots, nil)
	if n == 0 {
		return nil
	}
	p.mu.Lock()
	at := place{t.X, t.Y}
	g, ok := p.grids[t.Z][at]
	if !ok {
		g = &gridOnce{}
		p.grids[t.Z][at] = g
	}
	p.mu.Unlock()
	g.once.Do(func() {
		if t.Z == mosaicZoom || n <= directPlots {
			g.grid = rasterise(p.plots, t, p.sides[t.Z], nil)
			return
		}
		var children [4]*mosaic.Grid
		for i := range children {
			children[i] = p.grid(maptile.New(2*t.X+uint32(i&1), 2*t.Y+uint32(i>>1), t.Z+1))
		}
		w := workspaces.Get().(*mosaic.Workspace)
		defer workspaces.Put(w)
		g.grid = w.Reduce(children, p.sides[t.Z])
	})
	return g.grid
}

// countTo counts the plots of a tile that a selection selects, and stops above most.
func countTo(plots *plotset.Set, t maptile.Tile, most int, only Selection) int {
	n := 0
	plots.Search(tileBox(t), func(r plotset.Ref) bool {
		if only == nil || only(r) {
			n++
		}
		return n <= most
	})
	return n
}

// tileBox is a tile without its margin.
func tileBox(t maptile.Tile) plotset.Box {
	shift := 32 - t.Z
	x, y := uint64(t.X)<<shift, uint64(t.Y)<<shift
	return plotset.Box{
		Min: plotset.Point{X: uint32(x), Y: uint32(y)},
		Max: plotset.Point{X: uint32(x + 1<<shift - 1), Y: uint32(y + 1<<shift - 1)},
	}
}

// rasterise makes the mosaic of the plots of a tile that a selection selects.
func rasterise(plots *plotset.Set, t maptile.Tile, side int, only Selection) *mosaic.Grid {
	w := workspaces.Get().(*mosaic.Workspace)
	defer workspaces.Put(w)
	return w.Rasterise(mosaic.Tile{Z: uint8(t.Z), X: t.X, Y: t.Y}, side, func(yield func(mosaic.Plot) bool) {
		var rings []mosaic.Ring
		plots.Search(tileBox(t), func(r plotset.Ref) bool {
			if only != nil && !only(r) {
				return true
			}
			s := r.Shape()
			rings = rings[:0]
			for i := range s.Ends {
				points, outer := s.Ring(i)
				rings = append(rings, mosaic.Ring{Points: points, Hole: !outer})
			}
			k := r.Kind()
			return yield(mosaic.Plot{Class: classOf(k.Use, k.Status), Rings: rings})
		})
	})
}

// classes numbers the pairs of a land use and a status from 1, in the order of
// their dictionaries.
var classes = sync.OnceValue(func() (c struct {
	uses     map[land.UseCode]int
	statuses map[land.Status]int
}) {
	c.uses, c.statuses = map[land.UseCode]int{}, map[land.Status]int{}
	for i, u := range land.Uses() {
		c.uses[u.UseCode] = i
	}
	for i, s := range land.Statuses() {
		c.statuses[s.Status] = i
	}
	return c
})

func classOf(use land.UseCode, status land.Status) uint16 {
	c := classes()
	return uint16(1 + c.uses[use]*len(c.statuses) + c.statuses[status])
}

// ofClass is the inverse of classOf.
func ofClass(class uint16) (land.Use, land.Status) {
	statuses := land.Statuses()
	return land.Uses()[int(class-1)/len(statuses)], statuses[int(class-1)%len(statuses)].Status
}

// drawMosaic draws the layer plots as land uses and statuses, without numbers.
func (e *encoder) drawMosaic(g *mosaic.Grid) {
	w := workspaces.Get().(*mosaic.Workspace)
	defer workspaces.Put(w)
	for _, s := range w.Shapes(g, mosaicMargin) {
		use, status := ofClass(s.Class)
		e.plots.tag(2, e.plots.text(use.Code))
		e.plots.tag(3, e.plots.text(string(status)))
		e.plots.add(0, polygonType, e.mosaic(s.Rings))
	}
}

// mosaicMargin is how far shapes go on beyond the tile, in tile units, so that no
// seam shows.
const mosaicMargin = margin

// mosaic gives the geometry of rings that are as they should be.
func (r *rings) mosaic(outlines [][][2]int32) []byte {
	r.geometry, r.at = r.geometry[:0], unit{}
	for _, ring := range outlines {
		points := r.points[:0]
		for _, p := range ring {
			points = append(points, unit{p[0], p[1]})
		}
		r.points = points
		r.write(points, true)
	}
	return r.geometry
}
