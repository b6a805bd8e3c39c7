package mosaic

import (
	"iter"
	"math"
	"math/rand/v2"
)

const (
	metre    = float64(1<<32) / 40075016.68 // in parts of the world's side, at the equator
	roadUse  = 40
	baseZoom = 12
	baseSide = 1024
)

// city is a synthetic town: quarters between roads of three widths, blocks divided
// into plots with common borders.
type city struct {
	rng    *rand.Rand
	origin [2]float64 // in parts of the world's side
	angle  float64
	plot   float64 // m² of a plot
	uses   func(x, y float64) uint16
	plots  []Plot
}

type quad [4][2]float64

// newCity builds a town of side×side metres.
func newCity(seed uint64, origin [2]float64, side, plot, angle float64, uses func(*rand.Rand, float64, float64) uint16) []Plot {
	rng := rand.New(rand.NewPCG(seed, 1))
	c := &city{rng: rng, origin: origin, angle: angle, plot: plot}
	c.uses = func(x, y float64) uint16 { return uses(rng, x, y) }
	c.divide(quad{{0, 0}, {side, 0}, {side, side}, {0, side}})
	return c.plots
}

func (q quad) area() float64 {
	var s float64
	for i, p := range q {
		n := q[(i+1)%4]
		s += p[0]*n[1] - n[0]*p[1]
	}
	return s / 2
}

func dist(a, b [2]float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

func mix(a, b [2]float64, t float64) [2]float64 {
	return [2]float64{a[0] + (b[0]-a[0])*t, a[1] + (b[1]-a[1])*t}
}

// divide splits a quarter until its parts are plots.
func (c *city) divide(q quad) {
	if dist(q[0], q[1])+dist(q[2], q[3]) < dist(q[1], q[2])+dist(q[3], q[0]) {
		q = quad{q[1], q[2], q[3], q[0]}
	}
	area := q.area()
	if area < 1.4*c.plot {
		m := mix(mix(q[0], q[2], .5), mix(q[1], q[3], .5), .5)
		c.add(c.uses(m[0], m[1]), q)
		return
	}
	var gap float64
	switch n := area / c.plot; {
	case n > 2000:
		gap = 40
	case n > 100:
		gap = 20
	case n > 10:
		gap = 10
	}
	gap *= math.Sqrt(c.plot) / 57
	t, u := .4+.2*c.rng.Float64(), 0.0
	u = t + .06*(c.rng.Float64()-.5)
	g, h := gap/dist(q[0], q[1])/2, gap/dist(q[3], q[2])/2
	a, b := mix(q[0], q[1], t-g), mix(q[0], q[1], t+g)
	d, e := mix(q[3], q[2], u-h), mix(q[3], q[2], u+h)
	c.divide(quad{q[0], a, d, q[3]})
	c.divide(quad{b, q[1], q[2], e})
	if gap > 0 {
		c.add(roadUse, quad{a, b, e, d})
	}
}

// at puts a point of the town in the world.
func (c *city) at(p [2]float64) [2]uint32 {
	sin, cos := math.Sincos(c.angle)
	return [2]uint32{
		uint32(c.origin[0] + (p[0]*cos-p[1]*sin)*metre),
		uint32(c.origin[1] + (p[0]*sin+p[1]*cos)*metre),
	}
}

// add makes a plot with 12 corners and the first once more.
func (c *city) add(class uint16, q quad) {
	if class == 0 {
		return
	}
	ring := make([][2]uint32, 0, 13)
	for i, p := range q {
		n := q[(i+1)%4]
		ring = append(ring, c.at(p), c.at(mix(p, n, 1./3)), c.at(mix(p, n, 2./3)))
	}
	c.plots = append(c.plots, Plot{class, []Ring{{Points: append(ring, ring[0])}}})
}

// anyUse draws one of ten uses for each plot by itself.
func anyUse(rng *rand.Rand, _, _ float64) uint16 { return uint16(1 + rng.IntN(10)) }

// zonedUse favours one use in each neighbourhood.
func zonedUse(rng *rand.Rand, x, y float64) uint16 {
	if rng.IntN(3) > 0 {
		zone := math.Sin(x/700+math.Sin(y/900)) + math.Cos(y/600+math.Sin(x/1100))
		return uint16(1 + int(math.Abs(zone*3))%10)
	}
	return anyUse(rng, x, y)
}

// in yields the plots that may touch a tile.
func in(plots []Plot, t Tile) iter.Seq[Plot] {
	span := uint64(1) << (32 - t.Z)
	west, north := uint64(t.X)*span, uint64(t.Y)*span
	return func(yield func(Plot) bool) {
		for _, p := range plots {
			lo, hi := [2]uint64{1 << 40, 1 << 40}, [2]uint64{}
			for _, q := range p.Rings[0].Points {
				for k := range 2 {
					lo[k], hi[k] = min(lo[k], uint64(q[k])), max(hi[k], uint64(q[k]))
				}
			}
			if hi[0] < west || hi[1] < north || lo[0] > west+span || lo[1] > north+span {
				continue
			}
			if !yield(p) {
				return
			}
		}
	}
}

// pyramid makes all grids from the base zoom up to the world.
func pyramid(w *Workspace, plots []Plot, base uint8, baseSide, side int) map[Tile]*Grid {
	grids := map[Tile]*Grid{}
	level := map[Tile][]Plot{}
	for _, p := range plots {
		seen := map[Tile]bool{}
		lo, hi := [2]uint32{math.MaxUint32, math.MaxUint32}, [2]uint32{}
		for _, r := range p.Rings {
			for _, q := range r.Points {
				for k := range 2 {
					lo[k], hi[k] = min(lo[k], q[k]), max(hi[k], q[k])
				}
			}
		}
		s := 32 - base
		for x := lo[0] >> s; x <= hi[0]>>s; x++ {
			for y := lo[1] >> s; y <= hi[1]>>s; y++ {
				if t := (Tile{base, x, y}); !seen[t] {
					level[t] = append(level[t], p)
					seen[t] = true
				}
			}
		}
	}
	parents := map[Tile]bool{}
	for t, plots := range level {
		if g := w.Rasterise(t, baseSide, func(yield func(Plot) bool) {
			for _, p := range plots {
				if !yield(p) {
					return
				}
			}
		}); g != nil {
			grids[t] = g
			parents[Tile{t.Z - 1, t.X / 2, t.Y / 2}] = true
		}
	}
	for z := int(base) - 1; z >= 0; z-- {
		next := map[Tile]bool{}
		for t := range parents {
			var four [4]*Grid
			for i := range four {
				four[i] = grids[Tile{t.Z + 1, 2*t.X + uint32(i&1), 2*t.Y + uint32(i>>1)}]
			}
			grids[t] = w.Reduce(four, side)
			next[Tile{t.Z - 1, t.X / 2, t.Y / 2}] = true
		}
		parents = next
	}
	return grids
}
