package layout

import (
	"fmt"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// vertex is a point on the 0.001 m grid: millimetres east and north of the
// park's centre.
type vertex struct{ x, y int64 }

func onGrid(p geo.Point) vertex {
	return vertex{int64(math.Round(p[0] * 1000)), int64(math.Round(p[1] * 1000))}
}

func (v vertex) metres() geo.Point { return geo.Point{float64(v.x) / 1000, float64(v.y) / 1000} }

// edge is one side of a face, with the face on its left.
type edge struct{ from, to int }

// face is a piece of land: an outer ring that runs anticlockwise and holes that
// run clockwise, as numbers of the mesh's vertices.
type face struct {
	rings [][]int
	piece
}

// mesh is the park cut into faces that share their vertices.
type mesh struct {
	vertices []vertex
	number   map[vertex]int
	faces    []*face
}

func newMesh() *mesh { return &mesh{number: map[vertex]int{}} }

func (m *mesh) vertex(p geo.Point) int {
	v := onGrid(p)
	n, ok := m.number[v]
	if !ok {
		n = len(m.vertices)
		m.vertices = append(m.vertices, v)
		m.number[v] = n
	}
	return n
}

// ring numbers a line's points, leaving out what falls on the point before.
func (m *mesh) ring(line []geo.Point) []int {
	ring := make([]int, len(line))
	for i, p := range line {
		ring[i] = m.vertex(p)
	}
	ring = slices.Compact(ring)
	for len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	return ring
}

func (m *mesh) add(rings ...[]int) *face {
	f := &face{rings: rings}
	m.faces = append(m.faces, f)
	return f
}

func (m *mesh) remove(f *face) {
	m.faces = slices.DeleteFunc(m.faces, func(g *face) bool { return g == f })
}

// points gives a ring in metres.
func (m *mesh) points(ring []int) []geo.Point {
	line := make([]geo.Point, len(ring))
	for i, n := range ring {
		line[i] = m.vertices[n].metres()
	}
	return line
}

// doubled is twice a face's area in mm².
func (m *mesh) doubled(f *face) int64 {
	var sum int64
	for _, ring := range f.rings {
		sum += m.doubledRing(ring)
	}
	return sum
}

func (m *mesh) doubledRing(ring []int) (sum int64) {
	o := m.vertices[ring[0]]
	for i, n := range ring {
		p, q := m.vertices[n], m.vertices[ring[(i+1)%len(ring)]]
		sum += (p.x-o.x)*(q.y-o.y) - (q.x-o.x)*(p.y-o.y)
	}
	return sum
}

// split puts a vertex on an edge, in every ring that has the edge.
func (m *mesh) split(a, b, middle int) {
	for _, f := range m.faces {
		for r, ring := range f.rings {
			for i := len(ring) - 1; i >= 0; i-- {
				p, q := ring[i], ring[(i+1)%len(ring)]
				if p == a && q == b || p == b && q == a {
					f.rings[r] = slices.Insert(ring, i+1, middle)
					ring = f.rings[r]
				}
			}
		}
	}
}

// union makes one ring set out of faces that share edges, by dropping the edges
// that run both ways.
func (m *mesh) union(faces []*face) ([][]int, error) {
	next := map[int]int{}
	var order []edge
	both := map[edge]bool{}
	for _, f := range faces {
		for _, ring := range f.rings {
			for i, n := range ring {
				e := edge{n, ring[(i+1)%len(ring)]}
				order = append(order, e)
				both[e] = true
			}
		}
	}
	var starts []int
	for _, e := range order {
		if both[edge{e.to, e.from}] {
			continue
		}
		if _, twice := next[e.from]; twice {
			return nil, fmt.Errorf("faces touch in the single point %v", m.vertices[e.from].metres())
		}
		next[e.from] = e.to
		starts = append(starts, e.from)
	}
	var rings [][]int
	for _, s := range starts {
		if _, open := next[s]; !open {
			continue
		}
		var ring []int
		for n := s; len(ring) == 0 || n != s; {
			ring = append(ring, n)
			following := next[n]
			delete(next, n)
			n = following
		}
		rings = append(rings, ring)
	}
	slices.SortStableFunc(rings, func(a, b []int) int {
		return int(min(1, max(-1, m.doubledRing(b)-m.doubledRing(a))))
	})
	return rings, nil
}
