package city

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// trim keeps some of the last district's plots, each of which is a face. The
// rest is taken away from the outside inwards, the farthest from the city first,
// so that neither what is kept nor what is gone encloses the other, and what is
// kept stays in one piece with the city.
func (b *builder) trim(plots []piece, keep int, grown map[cell]bool) []piece {
	depth := b.depths(grown)
	gone, queued := make([]bool, len(b.faces)), make([]bool, len(b.faces))
	var rim []int32 // faces at the outside
	look := func(f int32) {
		if f != outside && !queued[f] {
			queued[f] = true
			rim = append(rim, f)
		}
	}
	for n, s := range b.sides {
		if grown[s.far] {
			continue
		}
		for _, h := range b.sideEdges(n) {
			look(b.face[h])
		}
	}
	for left := len(plots); left > keep; left-- {
		slices.SortFunc(rim, func(f, g int32) int { return order(int64(depth[g]), int64(depth[f]), int64(g), int64(f)) })
		next := max(slices.IndexFunc(rim, func(f int32) bool { return b.joined(gone, f, left-1, grown) }), 0)
		f := rim[next]
		rim = slices.Delete(rim, next, next+1)
		gone[f] = true
		for _, h := range b.loop(nil, f) {
			look(b.face[h^1])
		}
	}
	return slices.DeleteFunc(plots, func(p piece) bool { return gone[p.faces[0]] })
}

// joined says whether the faces that are left without one more hang together,
// with the city where there is one.
func (b *builder) joined(gone []bool, without int32, left int, grown map[cell]bool) bool {
	seen := slices.Clone(gone)
	seen[without] = true
	queue := b.stack[:0]
	for n, s := range b.sides {
		if grown[s.far] {
			for _, h := range b.sideEdges(n) {
				if f := b.face[h]; !seen[f] {
					seen[f] = true
					queue = append(queue, f)
				}
			}
		}
	}
	if len(grown) == 1 { // there is no city yet
		first := slices.Index(seen, false)
		if first < 0 {
			return true
		}
		seen[first] = true
		queue = append(queue, int32(first))
	}
	reached := 0
	for ; reached < len(queue); reached++ {
		for _, h := range b.loop(b.edges[:0], queue[reached]) {
			if f := b.face[h^1]; f != outside && !seen[f] {
				seen[f] = true
				queue = append(queue, f)
			}
		}
	}
	b.stack = queue
	return reached == left
}

// depths are the ways of all faces, in faces, from the city that has grown.
func (b *builder) depths(grown map[cell]bool) []int32 {
	depth := make([]int32, len(b.faces))
	for f := range depth {
		depth[f] = -1
	}
	var queue []int32
	reach := func(f, d int32) {
		if f != outside && depth[f] < 0 {
			depth[f] = d
			queue = append(queue, f)
		}
	}
	for n, s := range b.sides {
		if grown[s.far] {
			for _, h := range b.sideEdges(n) {
				reach(b.face[h], 0)
			}
		}
	}
	if len(queue) == 0 { // the first district: from somewhere inside
		reach(int32(len(b.faces)/2), 0)
	}
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		b.edges = b.loop(b.edges[:0], f)
		for _, h := range b.edges {
			reach(b.face[h^1], depth[f]+1)
		}
	}
	return depth
}

// sideEdges are the half-edges within the district along a side. The border's
// edges come first in the mesh, in their order, and never change.
func (b *builder) sideEdges(n int) []int32 {
	var all []int32
	for k := range int32(len(b.sides[n].points) - 1) {
		all = append(all, 2*(b.first[n]+k))
	}
	return all
}

// segment is an edge of the outline with the city on its left.
type segment struct{ from, to pt }

// outline is what the city covers, of whose last district these plots are kept.
func (b *builder) outline(plots []piece, grown map[cell]bool) geo.MultiPolygon {
	var cells []cell
	for c := range grown {
		if c != b.cell {
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, func(c, d cell) int { return order(c.i, d.i, c.j, d.j) })
	open := map[segment]bool{}
	add := func(s segment) {
		if back := (segment{s.to, s.from}); open[back] {
			delete(open, back)
		} else {
			open[s] = true
		}
	}
	for _, c := range cells {
		for _, s := range b.lattice.sides(c) {
			if s.far != b.cell && grown[s.far] {
				continue
			}
			for k := range len(s.points) - 1 {
				add(segment{s.points[k], s.points[k+1]})
			}
		}
	}
	for _, p := range plots {
		for _, f := range p.faces {
			if f < 0 || p.fills {
				continue
			}
			b.edges = b.loop(b.edges[:0], f)
			for _, h := range b.edges {
				add(segment{b.start(h), b.end(h)})
			}
		}
	}
	all := make([]segment, 0, len(open))
	for s := range open {
		all = append(all, s)
	}
	slices.SortFunc(all, func(s, t segment) int {
		return order(s.from.x, t.from.x, s.from.y, t.from.y, s.to.x, t.to.x, s.to.y, t.to.y)
	})
	return rings(all)
}

// order compares pairs of numbers, the first that differ.
func order(pairs ...int64) int {
	for n := 0; n < len(pairs); n += 2 {
		if pairs[n] != pairs[n+1] {
			if pairs[n] < pairs[n+1] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// rings joins segments into rings, each a part of its own: a city has no holes.
// Where rings touch in a point, each goes on along the land that it came along.
func rings(all []segment) geo.MultiPolygon {
	used := make([]bool, len(all))
	var shape geo.MultiPolygon
	for first := range all {
		if used[first] {
			continue
		}
		var ring []pt
		for n := first; !used[n]; {
			used[n] = true
			ring = append(ring, all[n].from)
			n = onward(all, n)
		}
		shape = append(shape, geo.Polygon{ringOf(ring, false)})
	}
	return shape
}

// onward is the segment that follows segment n: of those that begin where it
// ends, the first clockwise from its own way back.
func onward(all []segment, n int) int {
	at := all[n].to
	low, _ := slices.BinarySearchFunc(all, at, func(s segment, p pt) int { return order(s.from.x, p.x, s.from.y, p.y) })
	best := low
	back := all[n].from.minus(at)
	for k := low + 1; k < len(all) && all[k].from == at; k++ {
		if clockwise(back, all[k].to.minus(at), all[best].to.minus(at)) {
			best = k
		}
	}
	return best
}

// clockwise says whether u comes before v in turning clockwise from a way.
func clockwise(from, u, v pt) bool {
	rightU, rightV := cross(from, u) < 0, cross(from, v) < 0
	if rightU != rightV {
		return rightU
	}
	return cross(u, v) < 0
}
