package topology

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// ring is a closed line of grid points without the closing point and without
// repeated points next to each other.
type ring []pt

// region is a multipolygon on the grid: parts, each an outer ring and its holes.
// Outer rings run anticlockwise and holes clockwise, so that land is on the left
// of every edge.
type region [][]ring

// edge is a directed side of a ring, land on its left.
type edge struct{ a, b pt }

func (e edge) reversed() edge { return edge{e.b, e.a} }

func regionOf(p geo.MultiPolygon) region {
	r := make(region, len(p))
	for i, polygon := range p {
		r[i] = make([]ring, len(polygon))
		for j, line := range polygon {
			r[i][j] = ringOf(line)
			if a := r[i][j].area2(); a != 0 && (a > 0) != (j == 0) {
				slices.Reverse(r[i][j])
			}
		}
	}
	return r
}

func regionsOf(polygons []geo.MultiPolygon) []region {
	regions := make([]region, len(polygons))
	for i, p := range polygons {
		regions[i] = regionOf(p)
	}
	return regions
}

func ringOf(line geo.Ring) ring {
	out := make(ring, 0, len(line))
	for _, p := range line {
		if q := onGrid(p); len(out) == 0 || out[len(out)-1] != q {
			out = append(out, q)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}

func (r region) multiPolygon() geo.MultiPolygon {
	out := make(geo.MultiPolygon, len(r))
	for i, part := range r {
		out[i] = make(geo.Polygon, len(part))
		for j, g := range part {
			line := make(geo.Ring, 0, len(g)+1)
			for _, p := range g {
				line = append(line, p.point())
			}
			if len(g) > 0 {
				line = append(line, g[0].point())
			}
			out[i][j] = line
		}
	}
	return out
}

// rings gives every ring, outer or hole.
func (r region) rings(yield func(ring) bool) {
	for _, part := range r {
		for _, g := range part {
			if !yield(g) {
				return
			}
		}
	}
}

// edges gives every side of every ring.
func (r region) edges(yield func(edge) bool) {
	for g := range r.rings {
		for k := range g {
			if !yield(edge{g[k], g.at(k + 1)}) {
				return
			}
		}
	}
}

// at is the vertex number k, counted round the ring from -len to 2·len-1.
func (g ring) at(k int) pt {
	return g[(k+len(g))%len(g)]
}

// area2 is twice the signed area in mm², positive anticlockwise. Sums that pass
// an int64 on the way wrap and come back; the result is exact for rings under
// 4,600,000 km².
func (g ring) area2() int64 {
	var sum int64
	for k := 1; k+1 < len(g); k++ {
		u, v := g[k].minus(g[0]), g[k+1].minus(g[0])
		sum += u.x*v.y - u.y*v.x
	}
	return sum
}

func (r region) area2() int64 {
	var sum int64
	for g := range r.rings {
		sum += g.area2()
	}
	return sum
}

// squareMetres takes twice an area in mm² to m².
func squareMetres(area2 int64) float64 { return float64(area2) / 2e6 }

func (r region) box() box {
	b := emptyBox
	for g := range r.rings {
		for _, p := range g {
			b = b.with(p)
		}
	}
	return b
}

// northWest is the vertex farthest to the north-west, where surveyors begin to
// number boundary points.
func (g ring) northWest() int {
	best := 0
	for k, p := range g {
		if d, e := p.y-p.x, g[best].y-g[best].x; d > e || d == e && p.x < g[best].x {
			best = k
		}
	}
	return best
}

// begun is the ring beginning at its north-westernmost vertex.
func (g ring) begun() ring {
	k := g.northWest()
	return append(slices.Clone(g[k:]), g[:k]...)
}

// location is where a point lies with respect to a ring.
type location int

const (
	outside location = iota
	onBorder
	inside
)

// locate finds a point given in half millimetres (so that midpoints are exact)
// by crossing parity to the east. Exact.
func (g ring) locate(half pt) location {
	in := false
	for k := range g {
		a, b := g[k], g.at(k+1)
		a, b = pt{2 * a.x, 2 * a.y}, pt{2 * b.x, 2 * b.y}
		if onSegment(a, b, half) {
			return onBorder
		}
		if (a.y > half.y) != (b.y > half.y) && (orient(a, b, half) > 0) == (b.y > a.y) {
			in = !in
		}
	}
	if in {
		return inside
	}
	return outside
}

func (r region) locate(half pt) location {
	in := outside
	for _, part := range r {
		for _, g := range part {
			switch g.locate(half) {
			case onBorder:
				return onBorder
			case inside:
				in = inside - in
			}
		}
	}
	return in
}

func onSegment(a, b, c pt) bool {
	return min(a.x, b.x) <= c.x && c.x <= max(a.x, b.x) &&
		min(a.y, b.y) <= c.y && c.y <= max(a.y, b.y) && orient(a, b, c) == 0
}

func doubled(p pt) pt      { return pt{2 * p.x, 2 * p.y} }
func midpoint2(a, b pt) pt { return pt{a.x + b.x, a.y + b.y} }
func halfPoint(p pt) geo.Point {
	return geo.Point{float64(p.x) / 2000, float64(p.y) / 2000}
}
