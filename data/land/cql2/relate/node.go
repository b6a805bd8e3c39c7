package relate

import (
	"slices"

	"github.com/paulmach/orb"
)

// arrangement is what is known of how two shapes meet. A piece of a path is what
// lies between two points in which the shapes meet, ends left out; every piece
// of a path on which there is such a point has one at an end of it.
type arrangement struct {
	shapes    [2]*Shape
	nodes     map[orb.Point]*node
	crossings [][2]int   // pairs of segments that cross inside both
	crossed   bool       // and some do where no vertex is
	piece     [2][3]bool // a piece of the one lies there to the other
	same      bool       // the areas share a piece of boundary and lie on one side of it
	across    bool       // the areas share one and lie on both sides
	at        [3][3]bool // a point in which vertices or segments meet is there to the one and there to the other
	visited   [2][]bool  // paths on which a node is
}

// node is a point in which the shapes meet and one of them has a vertex, with
// the directions in which each goes on.
type node [2][]direction

// direction leads from a node to a point.
type direction struct {
	to   orb.Point
	left bool // whether the interior of the area is on the left
	path int32
}

func arrange(a, b *Shape) *arrangement {
	r := &arrangement{shapes: [2]*Shape{a, b}, nodes: map[orb.Point]*node{}}
	r.visited = [2][]bool{make([]bool, len(a.paths)), make([]bool, len(b.paths))}
	a.orientRings()
	b.orientRings()
	for i, s := range a.segments {
		box := s.box()
		if !overlap(box, b.bound) {
			continue
		}
		b.search(box, func(j int) bool {
			r.meet(i, j)
			return true
		})
	}
	passed := map[[2]int]bool{} // pairs of segments that cross in a node
	for p, n := range r.nodes {
		r.gather(p, n, passed)
		r.resolve(p, n)
	}
	for _, pair := range r.crossings {
		r.crossed = r.crossed || !passed[pair]
	}
	r.apartPaths()
	return r
}

// meet finds how two segments meet.
func (r *arrangement) meet(i, j int) {
	s, t := r.shapes[0].segments[i], r.shapes[1].segments[j]
	a, b := orient(t.a, t.b, s.a), orient(t.a, t.b, s.b)
	if a*b > 0 {
		return
	}
	c, d := orient(s.a, s.b, t.a), orient(s.a, s.b, t.b)
	if c*d > 0 {
		return
	}
	if a*b < 0 && c*d < 0 {
		r.crossings = append(r.crossings, [2]int{i, j})
		return
	}
	if a == 0 && between(t.a, t.b, s.a) {
		r.nodes[s.a] = &node{}
	}
	if b == 0 && between(t.a, t.b, s.b) {
		r.nodes[s.b] = &node{}
	}
	if c == 0 && between(s.a, s.b, t.a) {
		r.nodes[t.a] = &node{}
	}
	if d == 0 && between(s.a, s.b, t.b) {
		r.nodes[t.b] = &node{}
	}
}

// gather finds the directions of all segments that a node is on. Segments that
// cross in it need not do so in truth: where a hole touches its shell, what
// crosses the shell may come into the hole.
func (r *arrangement) gather(p orb.Point, n *node, passed map[[2]int]bool) {
	var through [2][]int
	for side, shape := range r.shapes {
		shape.search(orb.Bound{Min: p, Max: p}, func(i int) bool {
			s := shape.segments[i]
			if orient(s.a, s.b, p) != 0 {
				return true
			}
			r.visited[side][s.path] = true
			left := shape.paths[s.path].left
			if p != s.b {
				n.add(side, direction{s.b, left, s.path})
			}
			if p != s.a {
				n.add(side, direction{s.a, !left, s.path})
			}
			if p != s.a && p != s.b {
				through[side] = append(through[side], i)
			}
			return true
		})
	}
	for _, i := range through[0] {
		for _, j := range through[1] {
			passed[[2]int{i, j}] = true
		}
	}
}

func (n *node) add(side int, d direction) {
	if !slices.Contains(n[side], d) {
		n[side] = append(n[side], d)
	}
}

// resolve tells where the pieces that begin in a node lie.
func (r *arrangement) resolve(p orb.Point, n *node) {
	var where [2]Location
	for side, s := range r.shapes {
		where[side] = Boundary
		if s.dim == 1 && !s.ends[p] {
			where[side] = Interior
		}
	}
	r.at[where[0]][where[1]] = true
	for side := range r.shapes {
		other := r.shapes[1-side]
		for _, d := range n[side] {
			r.piece[side][r.locate(p, d, side, other, n[1-side])] = true
		}
	}
}

// locate tells where a piece in direction d lies to the other shape, which has
// the directions around the same point: on one of them or between two.
func (r *arrangement) locate(p orb.Point, d direction, side int, other *Shape, around []direction) Location {
	for _, e := range around {
		if !alongside(p, d.to, e.to) {
			continue
		}
		if other.dim == 1 {
			return Interior
		}
		if r.shapes[side].dim == 2 {
			r.same = r.same || d.left == e.left
			r.across = r.across || d.left != e.left
		}
		return Boundary
	}
	if other.dim == 1 {
		return Exterior
	}
	// The last direction that comes before d, turning anticlockwise.
	last := around[0]
	for _, e := range around[1:] {
		if turnsBefore(p, d.to, last.to, e.to) {
			last = e
		}
	}
	if last.left {
		return Interior
	}
	return Exterior
}

// alongside says whether u and v lie in the same direction from p.
func alongside(p, u, v orb.Point) bool {
	return half(p, u) == half(p, v) && orient(p, u, v) == 0
}

// half is 0 for directions from 0 to below 180 degrees, 1 for the others.
func half(p, u orb.Point) int {
	if u[1] > p[1] || u[1] == p[1] && u[0] > p[0] {
		return 0
	}
	return 1
}

// turnsBefore says whether, turning anticlockwise from direction d, one comes to
// u before one comes to v; none lies along another.
func turnsBefore(p, d, u, v orb.Point) bool {
	ud, vd := angleBefore(p, u, d), angleBefore(p, v, d)
	if ud != vd {
		return vd // from d to 360 degrees first
	}
	return angleBefore(p, u, v)
}

// angleBefore orders directions by their angle from 0 to 360 degrees.
func angleBefore(p, u, v orb.Point) bool {
	if hu, hv := half(p, u), half(p, v); hu != hv {
		return hu < hv
	}
	return orient(p, u, v) > 0
}

// apartPaths tells where the paths lie on which there is no node, and the pieces
// that cross the boundary of an area. What crosses a line is outside of it before
// and behind, or another piece of the line goes along there, which nodes tell.
func (r *arrangement) apartPaths() {
	for side := range r.shapes {
		if r.crossed && r.shapes[1-side].dim == 2 {
			r.piece[side][Interior], r.piece[side][Exterior] = true, true
		}
	}
	for side, s := range r.shapes {
		for i, p := range s.paths {
			if !r.visited[side][i] {
				r.piece[side][r.shapes[1-side].Locate(p.points[0])] = true
			}
		}
	}
}
