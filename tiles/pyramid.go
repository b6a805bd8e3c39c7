package tiles

import (
	"math"
	"slices"
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

// A tile of more than directPlots is put together of partsAlong × partsAlong parts,
// so that an edit outdates a part of it only. A part of at most directPart is made
// from the plots at any zoom: that is as quick as joining four, and a few plots over
// half the world need no pyramid.
const (
	directPlots = 1 << 14
	partBits    = 2
	partsAlong  = 1 << partBits
	directPart  = directPlots >> (2 * partBits)
)

// lastPart is the zoom of the parts of mosaicZoom: each is a tile by itself.
const lastPart = mosaicZoom + partBits

// pyramid holds the mosaics of a view and their parts, each made when it is first
// asked for. Parts are made from the plots or, above lastPart and for many plots, from
// the four parts below. Safe for concurrent use.
type pyramid struct {
	plots *plotset.Set
	sides [mosaicZoom + 1]int // cells along a tile's side, by zoom
	mu    sync.Mutex
	tiles [mosaicZoom + 1]map[place]*gridOnce
	parts [lastPart + 1]map[place]*gridOnce
}

type gridOnce struct {
	once sync.Once
	grid *mosaic.Grid
}

func newPyramid(plots *plotset.Set, parks []Park) *pyramid {
	p := &pyramid{plots: plots, sides: sidesFor(plots, parks)}
	for z := range p.tiles {
		p.tiles[z] = map[place]*gridOnce{}
	}
	for z := range p.parts {
		p.parts[z] = map[place]*gridOnce{}
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
	for z, grids := range p.tiles {
		unchanged(next.tiles[z], grids, uint32(z), changed)
	}
	for z, grids := range p.parts {
		unchanged(next.parts[z], grids, uint32(z), changed)
	}
	return next, false
}

// unchanged takes over the grids of a zoom that meet none of the boxes.
func unchanged(to, grids map[place]*gridOnce, z uint32, changed []plotset.Box) {
	for at, g := range grids {
		box := tileBox(maptile.New(at.x, at.y, maptile.Zoom(z)))
		if !slices.ContainsFunc(changed, box.Meets) {
			to[at] = g
		}
	}
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
	return p.once(p.tiles[t.Z], t, func() *mosaic.Grid {
		switch n := countTo(p.plots, t, directPlots, nil); {
		case n == 0:
			return nil
		case n <= directPlots:
			return rasterise(p.plots, t, p.sides[t.Z], nil)
		}
		parts := make([]*mosaic.Grid, partsAlong*partsAlong)
		for i := range parts {
			parts[i] = p.part(maptile.New(t.X<<partBits+uint32(i%partsAlong), t.Y<<partBits+uint32(i/partsAlong), t.Z+partBits))
		}
		w := workspaces.Get().(*mosaic.Workspace)
		defer workspaces.Put(w)
		return w.Join(parts)
	})
}

// part is a part of a mosaic, by its own place among tiles; nil when no plot lies
// in it.
func (p *pyramid) part(t maptile.Tile) *mosaic.Grid {
	return p.once(p.parts[t.Z], t, func() *mosaic.Grid {
		side := p.sides[t.Z-partBits] / partsAlong
		switch n := countTo(p.plots, t, directPart, nil); {
		case n == 0:
			return nil
		case t.Z == lastPart || n <= directPart:
			return rasterise(p.plots, t, side, nil)
		}
		var children [4]*mosaic.Grid
		for i := range children {
			children[i] = p.part(maptile.New(2*t.X+uint32(i&1), 2*t.Y+uint32(i>>1), t.Z+1))
		}
		w := workspaces.Get().(*mosaic.Workspace)
		defer workspaces.Put(w)
		return w.Reduce(children, side)
	})
}

// once makes a grid that is not held yet. Of several that ask for it at once, one
// makes it.
func (p *pyramid) once(held map[place]*gridOnce, t maptile.Tile, make func() *mosaic.Grid) *mosaic.Grid {
	at := place{t.X, t.Y}
	p.mu.Lock()
	g, ok := held[at]
	if !ok {
		g = &gridOnce{}
		held[at] = g
	}
	p.mu.Unlock()
	g.once.Do(func() { g.grid = make() })
	return g.grid
}

// countTo counts the plots of a tile that a selection selects, and stops above most.
func countTo(plots *plotset.Set, t maptile.Tile, most int, only Selection) int {
	if only == nil {
		return plots.CountTo(most, tileBox(t))
	}
	n := 0
	plots.Search(tileBox(t), func(r plotset.Ref) bool {
		if only(r) {
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
