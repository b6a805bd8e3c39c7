package layout

import (
	"fmt"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// piece says what a face of the mesh is for.
type piece struct {
	plot
	block *block // nil for a road
	road  *curve // nil for a plot in a block
	from  string // names of what the piece of road runs between
	to    string
	phase int // 1 is developed first
}

// lay makes the mesh of a network: one face for every block, and the roads in
// pieces of at most a given length in metres.
func (n *network) lay(longest float64) (m *mesh, blocks, roads []*face, err error) {
	m = newMesh()
	blocks = n.layBlocks(m)
	roads, err = n.layRoads(m, longest)
	return m, blocks, roads, err
}

// leftSide is an arm's left side looking outward, in that direction.
func (e end) leftSide() []geo.Point {
	line := e.arm.side(e.side(left))
	if e.far {
		return reversed(line)
	}
	return line
}

// layBlocks goes round every block with the block on the left. The round along
// the outside of the outline runs clockwise and is no block.
func (n *network) layBlocks(m *mesh) (blocks []*face) {
	done := map[end]bool{}
	for _, a := range n.arms {
		for _, start := range []end{{a, false}, {a, true}} {
			var line []geo.Point
			for e := start; !done[e]; {
				done[e] = true
				line = append(line, e.leftSide()...)
				there := n.nodes[e.other().node()]
				k := slices.Index(there.ends, e.other())
				k = (k + len(there.ends) - 1) % len(there.ends)
				line = append(line, reversed(there.corners[k])...)
				e = there.ends[k]
			}
			if line == nil {
				continue
			}
			if ring := m.ring(line); m.doubledRing(ring) > 0 {
				blocks = append(blocks, m.add(ring))
			}
		}
	}
	return blocks
}

// owner is the widest road at a node, which has the junction's land.
func (n *network) owner(i int) *curve {
	widest := n.nodes[i].ends[0].arm.curve
	for _, c := range n.curves {
		for _, e := range n.nodes[i].ends {
			if e.arm.curve == c && c.width > widest.width {
				widest = c
			}
		}
	}
	return widest
}

// nameAt names what a road meets at a node.
func (n *network) nameAt(i int, road *curve) string {
	name := ""
	for _, e := range n.nodes[i].ends {
		if c := e.arm.curve; c != road && (name == "" || c.width > 0) {
			name = c.name
		}
	}
	return name
}

// layRoads makes the roads' faces. A road goes on through the junctions that
// are its own until it is longer than longest.
func (n *network) layRoads(m *mesh, longest float64) (roads []*face, err error) {
	taken := map[int]bool{}
	for _, c := range n.curves {
		var run []*face
		var length float64
		var first, last int
		finish := func() error {
			if run == nil {
				return nil
			}
			rings, err := m.union(run)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			f := m.add(rings...)
			f.piece = piece{plot: plot{use: "S1"}, road: c, from: n.nameAt(first, c), to: n.nameAt(last, c)}
			roads = append(roads, f)
			run = nil
			return nil
		}
		for _, a := range n.arms {
			if a.curve != c || c.width == 0 {
				continue
			}
			if run != nil && (last != a.node[0] || n.owner(last) != c || length+a.length() > longest) {
				if err := finish(); err != nil {
					return nil, err
				}
			}
			if run == nil {
				first, length = a.node[0], 0
			}
			last = a.node[1]
			length += a.length()
			run = append(run, &face{rings: [][]int{m.ring(slices.Concat(a.side(right), reversed(a.side(left))))}})
			for _, i := range a.node {
				if ring := m.ring(slices.Concat(n.nodes[i].corners...)); n.owner(i) == c && !taken[i] && len(ring) > 2 {
					taken[i] = true
					run = append(run, &face{rings: [][]int{ring}})
				}
			}
		}
		if err := finish(); err != nil {
			return nil, err
		}
	}
	return roads, nil
}

func reversed(line []geo.Point) []geo.Point {
	line = slices.Clone(line)
	slices.Reverse(line)
	return line
}
