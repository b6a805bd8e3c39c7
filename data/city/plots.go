package city

import (
	"fmt"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// piece is a plot as it comes out of the mesh: one face, or two; or what fills
// the hole of another.
type piece struct {
	faces [2]int32 // the second -1 if there is none
	hole  []pt     // of the first face, anticlockwise; nil if there is none
	fills bool     // it is what lies in the hole
	use   useCode
	block int32
	no    int32 // in the block
}

// plots are the district's plots, block by block. Without extras each is a face.
func (b *builder) plots(extras bool) []piece {
	var all []piece
	taken := make([]bool, len(b.faces))
	order := make([]int32, len(b.faces))
	for f := range order {
		order[f] = int32(f)
	}
	slices.SortStableFunc(order, func(f, g int32) int { return int(b.faces[f].block - b.faces[g].block) })
	d := newDice(b.seed, ofExtras, b.cell.i, b.cell.j)
	for n, f := range order {
		if taken[f] {
			continue
		}
		p := piece{faces: [2]int32{f, -1}, use: b.faces[f].use, block: b.faces[f].block}
		if extras && b.faces[f].kind == plot {
			if d.upTo(800) == 0 {
				if g := b.partner(order[n+1:], taken, f); g >= 0 {
					p.faces[1], taken[g] = g, true
				}
			}
			if p.faces[1] < 0 {
				p.hole = b.hole(d, f)
			}
		}
		all = append(all, p)
		if p.hole != nil {
			filler := piece{faces: [2]int32{f, -1}, hole: p.hole, fills: true, use: fillUse(p.use), block: p.block}
			all = append(all, filler)
		}
	}
	no := int32(0)
	for n := range all {
		if n > 0 && all[n].block != all[n-1].block {
			no = 0
		}
		no++
		all[n].no = no
	}
	return all
}

// partner is a later plot of about the same place that can be one with a plot
// though they do not touch, or -1.
func (b *builder) partner(rest []int32, taken []bool, f int32) int32 {
	own := b.loop(nil, f)
	for _, g := range rest[:min(len(rest), 40)] {
		if taken[g] || b.faces[g].kind != plot || b.faces[g].points+b.faces[f].points > 56 || b.squareMetres(f)+b.squareMetres(g) > mostArea {
			continue
		}
		b.edges = b.loop(b.edges[:0], g)
		touches := slices.ContainsFunc(b.edges, func(h int32) bool {
			return slices.ContainsFunc(own, func(k int32) bool { return b.from[h] == b.from[k] })
		})
		if !touches {
			return g
		}
	}
	return -1
}

// hole is a pond or a small site within a plot, for some of those that are large
// enough, or nil.
func (b *builder) hole(d dice, f int32) []pt {
	use, area := b.faces[f].use, b.squareMetres(f)
	pond := use == "G1"
	odds := int64(60)
	switch use {
	case "G1":
		odds = 250
	case "A31", "A35", "A33", "M1", "M2", "M3", "R21":
	default:
		return nil
	}
	if area < 9_000 || b.faces[f].points > 44 || !d.chance(odds) {
		return nil
	}
	dir, middle, _, short := b.axis(f)
	radius := min(short/5, d.within(9_000, 34_000))
	if !pond {
		radius = min(radius, d.within(9_000, 16_000))
	}
	if radius < 8_000 || !b.contains(f, middle, radius*5/4+6_000) {
		return nil
	}
	if !pond {
		return b.site(middle, dir, radius)
	}
	const corners = 11
	ring := make([]pt, corners)
	for k := range ring {
		r := radius * d.within(78, 118) / 100
		ring[k] = middle.plus(pt{circle[k][0], circle[k][1]}.times(r, 10_000))
	}
	return ring
}

// circle are eleven points around a circle of radius 10,000.
var circle = [11][2]int64{{10000, 0}, {8413, 5406}, {4154, 9096}, {-1423, 9898}, {-6549, 7557}, {-9595, 2817},
	{-9595, -2817}, {-6549, -7557}, {-1423, -9898}, {4154, -9096}, {8413, -5406}}

// site is a rectangle with one corner cut off.
func (b *builder) site(middle, dir pt, radius int64) []pt {
	u, v := dir.times(radius, 10_000), dir.left().times(radius*7/10, 10_000)
	corner := middle.plus(u).plus(v)
	return []pt{
		middle.minus(u).minus(v), middle.plus(u).minus(v),
		between(corner, middle.plus(u).minus(v), 1, 4), between(corner, middle.minus(u).plus(v), 1, 5),
		middle.minus(u).plus(v),
	}
}

// contains says whether a circle lies in a face.
func (b *builder) contains(f int32, c pt, radius int64) bool {
	in := false
	b.edges = b.loop(b.edges[:0], f)
	for _, h := range b.edges {
		p, q := b.start(h), b.end(h)
		if nearEdge(c, p, q, radius) {
			return false
		}
		if (p.y > c.y) != (q.y > c.y) && (cross(q.minus(p), c.minus(p)) > 0) == (q.y > p.y) {
			in = !in
		}
	}
	return in
}

// fillUse is the use of what lies within a plot of a use.
func fillUse(around useCode) useCode {
	switch around {
	case "G1":
		return "E1"
	case "R21":
		return "A33"
	}
	return "U12"
}

// boundary is a plot's boundary in CRS: outer rings anticlockwise, holes
// clockwise.
func (b *builder) boundary(p piece) geo.MultiPolygon {
	if p.fills {
		return geo.MultiPolygon{{ringOf(p.hole, false)}}
	}
	var shape geo.MultiPolygon
	for _, f := range p.faces {
		if f >= 0 {
			shape = append(shape, geo.Polygon{b.ring(f)})
		}
	}
	if p.hole != nil {
		shape[0] = append(shape[0], ringOf(p.hole, true))
	}
	return shape
}

func (b *builder) ring(f int32) geo.Ring {
	ring := make(geo.Ring, 0, b.faces[f].points+1)
	first := b.faces[f].edge
	for h := first; ; {
		ring = append(ring, point(b.start(h)))
		if h = b.next[h]; h == first {
			return append(ring, ring[0])
		}
	}
}

func ringOf(points []pt, backwards bool) geo.Ring {
	ring := make(geo.Ring, 0, len(points)+1)
	for _, p := range points {
		ring = append(ring, point(p))
	}
	if backwards {
		slices.Reverse(ring)
	}
	return append(ring, ring[0])
}

// point gives the metres of a point of the grid, the nearest that there are.
func point(p pt) geo.Point {
	return geo.Point{float64(p.x+middleEast) / 1000, float64(p.y+middleNorth) / 1000}
}

// draft is a plot with its attributes.
func (b *builder) draft(district int, p piece) land.Draft {
	d := newDice(b.seed, ofAttributes, b.cell.i, b.cell.j, int64(p.block), int64(p.no))
	number := fmt.Sprintf("D%02d-%04d-%02d", district, p.block, p.no)
	return land.Draft{Attributes: b.attributes(d, number, p), Boundary: b.boundary(p), CRS: CRS}
}
