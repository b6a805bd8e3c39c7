package mosaic

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// mesh covers a tile and what is around it with n×n quadrangles, whose corners are
// shaken so that borders are shared exactly and slant in every way.
func mesh(rng *rand.Rand, t Tile, n int) []Plot {
	span := float64(uint64(1) << (32 - t.Z))
	at := make([][2]uint32, (n+1)*(n+1))
	for i := range at {
		for k, j := range [2]int{i % (n + 1), i / (n + 1)} {
			at[i][k] = uint32(corner(t)[k] + span*(1.4*(float64(j)+.5*(rng.Float64()-.5))/float64(n)-.2))
		}
	}
	var plots []Plot
	for y := range n {
		for x := range n {
			i := y*(n+1) + x
			plots = append(plots, Plot{uint16(1 + len(plots)), []Ring{{Points: [][2]uint32{at[i], at[i+1], at[i+n+2], at[i+n+1]}}}})
		}
	}
	return plots
}

// TestNeighboursNeitherOverlapNorLeaveGaps draws each plot by itself.
func TestNeighboursNeitherOverlapNorLeaveGaps(t *testing.T) {
	t.Parallel()
	var w Workspace
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		tile := Tile{uint8(rng.IntN(13)), 0, 0}
		tile.X, tile.Y = rng.Uint32()>>1>>(31-tile.Z), rng.Uint32()>>1>>(31-tile.Z)
		if tile.Z > 2 { // the mesh must not leave the world
			last := uint32(1)<<tile.Z - 2
			tile.X, tile.Y = min(max(tile.X, 1), last), min(max(tile.Y, 1), last)
		} else {
			tile = Tile{3, 2, 5}
		}
		side := 1 << rng.IntN(8)
		times := make([]int, side*side)
		var area float64
		for _, p := range mesh(rng, tile, 1+rng.IntN(40)) {
			g := w.Rasterise(tile, side, slices.Values([]Plot{p}))
			if g == nil {
				continue
			}
			area += g.Shares()[len(g.Shares())-1].Area
			if len(w.raster.hidden) > 0 { // what it got for its area
				continue
			}
			// Without settling there are the cells under the centres only.
			w.raster.side = side
			w.clear(side)
			w.raster.doubled = append(w.raster.doubled[:0], 0)
			w.draw(p)
			w.forget()
			for i, c := range w.cells {
				times[i] += int(c)
			}
		}
		if i := slices.IndexFunc(times, func(n int) bool { return n != 1 }); i >= 0 {
			t.Fatalf("seed %d: cell %d of %v/%d has %d plots", seed, i, tile, side, times[i])
		}
		if cells := float64(side * side); math.Abs(area-cells) > 1e-6*cells {
			t.Fatalf("seed %d: plots have %v cells of %v", seed, area, cells)
		}
	}
}

// clippedArea is the area of rings inside a tile, in square parts of the world, by
// cutting at each side in turn.
func clippedArea(p Plot, t Tile) float64 {
	span := math.Exp2(float64(32 - t.Z))
	var sum float64
	for _, r := range p.Rings {
		var ring [][2]float64
		for _, q := range r.Points {
			ring = append(ring, [2]float64{float64(q[0]) - corner(t)[0], float64(q[1]) - corner(t)[1]})
		}
		for side := range 4 {
			k, limit, sign := side%2, span*float64(side/2), 1-2*float64(side/2)
			var out [][2]float64
			for i, b := range ring {
				a := ring[(i+len(ring)-1)%len(ring)]
				da, db := (a[k]-limit)*sign, (b[k]-limit)*sign
				if (da < 0) != (db < 0) {
					out = append(out, mix(a, b, da/(da-db)))
				}
				if db >= 0 {
					out = append(out, b)
				}
			}
			ring = out
		}
		var area float64
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			area += (a[0]*b[1] - b[0]*a[1]) / 2
		}
		if area = math.Abs(area); r.Hole {
			area = -area
		}
		sum += area
	}
	return sum
}

// variedCity is a town that has everything that goes wrong: plots far smaller than a
// cell, courts with another use in them, land not planned, and roads all across.
func variedCity(seed uint64) []Plot {
	rng := rand.New(rand.NewPCG(seed, 4))
	origin := corner(Tile{12, 3336 + rng.Uint32N(5), 1776 + rng.Uint32N(5)})
	side := 500 + 12000*rng.Float64()
	plot := math.Pow(max(side/250, 6)+60*rng.Float64(), 2)
	empty := rng.Float64() * rng.Float64()
	plots := newCity(seed, origin, side, plot, rng.Float64()*2-1, func(rng *rand.Rand, x, y float64) uint16 {
		switch v := rng.Float64(); {
		case v < empty:
			return 0
		case v < empty+.001:
			return uint16(1000 + rng.IntN(5)) // hardly any
		}
		return zonedUse(rng, x, y)
	})
	for i := range plots {
		p := &plots[i]
		if rng.IntN(8) > 0 || p.Class == roadUse {
			continue
		}
		var court [][2]uint32
		var mid [2]float64
		outer := p.Rings[0].Points
		for _, q := range outer[1:] {
			mid[0], mid[1] = mid[0]+float64(q[0])/12, mid[1]+float64(q[1])/12
		}
		for _, q := range outer {
			court = append(court, [2]uint32{uint32((mid[0] + float64(q[0])) / 2), uint32((mid[1] + float64(q[1])) / 2)})
		}
		p.Rings = append(p.Rings, Ring{court, true})
		if rng.IntN(2) == 0 {
			plots = append(plots, Plot{77, []Ring{{Points: court}}})
		}
	}
	return plots
}

// TestAreasAreTrueAtEveryZoom measures every class of every tile up to the world.
func TestAreasAreTrueAtEveryZoom(t *testing.T) {
	t.Parallel()
	var w Workspace
	for seed := range uint64(6) {
		plots := variedCity(seed)
		rng := rand.New(rand.NewPCG(seed, 5))
		baseSide := 128 << rng.IntN(4)
		side := max(128, baseSide/(1+rng.IntN(2)))
		grids := pyramid(&w, plots, baseZoom, baseSide, side)
		total := map[uint16]float64{}
		for _, p := range plots {
			for _, r := range p.Rings {
				var area float64
				for i, b := range r.Points {
					a, o := r.Points[max(i-1, 0)], r.Points[0]
					area += ((float64(a[0])-float64(o[0]))*(float64(b[1])-float64(o[1])) - (float64(b[0])-float64(o[0]))*(float64(a[1])-float64(o[1]))) / 2
				}
				if area = math.Abs(area); r.Hole {
					area = -area
				}
				total[p.Class] += area
			}
		}
		worst := 0.0
		levels := map[uint8]map[uint16]float64{}
		for tile, g := range grids {
			cell := math.Exp2(float64(64-2*int(tile.Z))) / float64(g.side*g.side)
			if levels[tile.Z] == nil {
				levels[tile.Z] = map[uint16]float64{}
			}
			truth := map[uint16]float64{}
			if tile.Z == baseZoom {
				for p := range in(plots, tile) {
					truth[p.Class] += clippedArea(p, tile) / cell
				}
			}
			shapes := map[uint16]float64{}
			unit := float64(Extent / g.side)
			for _, s := range w.Shapes(g, 0) {
				shapes[s.Class] = areaOf(s) / unit / unit
			}
			cells, land := 0, 0.0
			for _, s := range g.Shares() {
				cells += s.Cells
				if s.Class == 0 {
					continue
				}
				land += float64(s.Cells)
				levels[tile.Z][s.Class] += s.Area * cell
				if tile.Z == baseZoom && math.Abs(s.Area-truth[s.Class]) > 1e-3 {
					t.Fatalf("seed %d: class %d has %v cells of %v, says %v", seed, s.Class, truth[s.Class], tile, s.Area)
				}
				if off := math.Abs(float64(s.Cells) - s.Area); off > max(even, .005*s.Area) {
					t.Errorf("seed %d: class %d of %v/%d has %d cells, should have %.2f", seed, s.Class, tile, g.side, s.Cells, s.Area)
				} else if off > worst {
					worst = off
				}
				if off := math.Abs(shapes[s.Class] - s.Area); off > max(1+even, .005*s.Area) {
					t.Errorf("seed %d: class %d of %v/%d covers %.2f cells, should cover %.2f", seed, s.Class, tile, g.side, shapes[s.Class], s.Area)
				}
			}
			if cells != g.side*g.side || land == 0 {
				t.Fatalf("seed %d: %v has %d cells, %v of land", seed, tile, cells, land)
			}
		}
		for z, classes := range levels {
			for c, want := range total {
				if got := classes[c]; math.Abs(got-want) > 1e-6*want+64 {
					t.Fatalf("seed %d: at zoom %d class %d has %v, want %v", seed, z, c, got, want)
				}
			}
		}
		t.Logf("seed %d: %d plots, %d grids, worst class off by %.2f cells", seed, len(plots), len(grids), worst)
	}
}

// TestOrderAndMemoryMakeNoDifference makes everything again, in another order and
// with a workspace that has done other things.
func TestOrderAndMemoryMakeNoDifference(t *testing.T) {
	t.Parallel()
	var used Workspace
	for seed := range uint64(3) {
		plots := variedCity(seed + 100)
		one := pyramid(new(Workspace), plots, baseZoom, 512, 256)
		rand.New(rand.NewPCG(seed, 6)).Shuffle(len(plots), func(i, j int) { plots[i], plots[j] = plots[j], plots[i] })
		two := pyramid(&used, plots, baseZoom, 512, 256)
		if len(one) != len(two) {
			t.Fatalf("seed %d: %d grids, then %d", seed, len(one), len(two))
		}
		for tile, g := range one {
			h := two[tile]
			if !bytes.Equal(g.runs, h.runs) || !slices.Equal(g.shares, h.shares) {
				t.Fatalf("seed %d: %v differs", seed, tile)
			}
			if a, b := encode(new(Workspace).Shapes(g, 64)), encode(used.Shapes(h, 64)); !bytes.Equal(a, b) {
				t.Fatalf("seed %d: shapes of %v differ", seed, tile)
			}
		}
	}
}

// TestShapesOfTownsAreValid holds shapes of small towns against all rules.
func TestShapesOfTownsAreValid(t *testing.T) {
	t.Parallel()
	var w Workspace
	for seed := range uint64(4) {
		grids := pyramid(&w, variedCity(seed+200), baseZoom, 64, 32)
		for tile, g := range grids {
			t.Run(fmt.Sprint("seed ", seed, " ", tile), func(t *testing.T) {
				checkShapes(t, &w, g.side, g.Cells(nil), tile.Z > 9)
			})
		}
	}
}

// TestNothing goes through all steps without land.
func TestNothing(t *testing.T) {
	t.Parallel()
	var w Workspace
	far := Plot{1, []Ring{{Points: [][2]uint32{{0, 0}, {9, 0}, {9, 9}}}}}
	if g := w.Rasterise(Tile{12, 1, 1}, 1024, slices.Values([]Plot{far, {}, {Class: 3}})); g != nil {
		t.Errorf("a tile without plots has %v", g.Shares())
	}
	if g := w.Reduce([4]*Grid{}, 512); g != nil {
		t.Errorf("a tile of nothing has %v", g.Shares())
	}
	var none *Grid
	if s := w.Shapes(nil, 64); s != nil || none.Side() != 0 || none.Size() != 0 || none.Cells(nil) != nil {
		t.Error("nil is not an empty grid")
	}
}

// TestSmallestLandShows wants land at all zooms, however small.
func TestSmallestLandShows(t *testing.T) {
	t.Parallel()
	var w Workspace
	o := corner(Tile{12, 3000, 1500})
	x, y := uint32(o[0])+5000, uint32(o[1])+7000
	hut := Plot{9, []Ring{{Points: [][2]uint32{{x, y}, {x + 50, y}, {x + 50, y + 50}, {x, y + 50}}}}}
	grids := pyramid(&w, []Plot{hut}, baseZoom, 1024, 512)
	for z := uint8(0); z <= baseZoom; z++ {
		g := grids[Tile{z, 3000 >> (baseZoom - z), 1500 >> (baseZoom - z)}]
		if shapes := w.Shapes(g, 0); len(shapes) != 1 || shapes[0].Class != 9 || len(shapes[0].Rings) != 1 {
			t.Errorf("zoom %d shows %v", z, shapes)
		}
	}
}

// TestMixtureIsKept reduces a tile in which every class lies all over.
func TestMixtureIsKept(t *testing.T) {
	t.Parallel()
	var w Workspace
	rng := rand.New(rand.NewPCG(7, 7))
	var children [4]*Grid
	for i := range children {
		cells := make([]uint16, 256*256)
		for j := range cells {
			cells[j] = uint16(rng.ExpFloat64() * 3)
		}
		children[i] = gridOf(&w, 256, cells)
	}
	g := w.Reduce(children, 256)
	for _, s := range g.Shares() {
		if math.Abs(s.Area-float64(s.Cells)) > even {
			t.Errorf("class %d has %d cells, should have %v", s.Class, s.Cells, s.Area)
		}
	}
}
