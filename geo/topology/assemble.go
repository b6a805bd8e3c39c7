package topology

import (
	"cmp"
	"slices"
)

// faces traces directed edges that have land on their left into the borders of
// faces: at every vertex it goes on with the first edge clockwise from the one
// it came by (the face traversal of D. E. Muller and F. P. Preparata, "Finding
// the intersection of two convex polyhedra", 1978) that is not used yet: where
// land is covered twice, two may want the same. A walk is the numbers of its
// edges. Edges that lead nowhere are in no walk.
func faces(edges []edge) [][]int32 {
	leaving := make(map[pt][]int32, len(edges))
	for i, e := range edges {
		leaving[e.a] = append(leaving[e.a], int32(i))
	}
	used := make([]bool, len(edges))
	var walks [][]int32
	for start := range edges {
		if used[start] {
			continue
		}
		var walk []int32
		i := int32(start)
		for i >= 0 {
			used[i] = true
			walk = append(walk, i)
			came := edges[i]
			back := came.a.minus(came.b)
			i = -1
			for _, k := range leaving[came.b] {
				if used[k] && k != int32(start) {
					continue
				}
				if i < 0 || fan(back, edges[k].b.minus(came.b), edges[i].b.minus(came.b)) {
					i = k
				}
			}
			if i == int32(start) {
				walks = append(walks, walk)
				break
			}
		}
	}
	return walks
}

// loops cuts a walk into rings that pass no vertex twice. What is traced to and
// fro encloses nothing and is left out.
func loops(edges []edge, walk []int32) []ring {
	var out []ring
	var path ring
	place := make(map[pt]int, len(walk))
	for _, i := range walk {
		p := edges[i].a
		if k, ok := place[p]; ok {
			if loop := path[k:]; loop.area2() != 0 {
				out = append(out, slices.Clone(loop))
			}
			for _, q := range path[k+1:] {
				delete(place, q)
			}
			path = path[:k+1]
			continue
		}
		place[p] = len(path)
		path = append(path, p)
	}
	if path.area2() != 0 {
		out = append(out, path)
	}
	return out
}

// assemble makes polygons of directed edges that have land on their left.
func assemble(edges []edge) region {
	var all []ring
	for _, walk := range faces(edges) {
		all = append(all, loops(edges, walk)...)
	}
	r, _ := nest(all)
	return r
}

// nest puts every hole (clockwise) into the smallest outer ring (anticlockwise)
// around it. Holes that no ring is around are loose. Parts are in the order of
// their north-westernmost vertices.
func nest(all []ring) (r region, loose []ring) {
	var boxes []box
	var areas []int64
	var holes []ring
	for _, g := range all {
		a := g.area2()
		if a < 0 {
			holes = append(holes, g)
			continue
		}
		r = append(r, []ring{g.begun()})
		boxes = append(boxes, region{{g}}.box())
		areas = append(areas, a)
	}
	tree := newBoxTree(boxes)
	for _, h := range holes {
		best := -1
		tree.search(boxOf(h[0], h[0]), func(i int) bool {
			if (best < 0 || areas[i] < areas[best]) && -h.area2() < areas[i] && r[i][0].encloses(h) {
				best = i
			}
			return true
		})
		if best < 0 {
			loose = append(loose, h)
			continue
		}
		r[best] = append(r[best], h.begun())
	}
	for _, part := range r {
		slices.SortFunc(part[1:], compareRings)
	}
	slices.SortFunc(r, func(a, b []ring) int { return compareRings(a[0], b[0]) })
	return r, loose
}

// encloses says whether h, which neither crosses g nor shares an edge with it,
// lies inside g.
func (g ring) encloses(h ring) bool {
	for _, p := range h {
		if where := g.locate(doubled(p)); where != onBorder {
			return where == inside
		}
	}
	for k := range h {
		if where := g.locate(midpoint2(h[k], h.at(k+1))); where != onBorder {
			return where == inside
		}
	}
	return false
}

// compareRings orders rings that begin at their north-westernmost vertex: the
// farthest to the north-west first.
func compareRings(a, b ring) int {
	return cmp.Or(
		cmp.Compare(b[0].y-b[0].x, a[0].y-a[0].x),
		slices.CompareFunc(a, b, func(p, q pt) int {
			return cmp.Or(cmp.Compare(p.x, q.x), cmp.Compare(p.y, q.y))
		}),
	)
}
