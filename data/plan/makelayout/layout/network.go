package layout

import (
	"cmp"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// curve is a centre line with its two sides; the outline is one of no width.
// Arms lie between the nodes. A closed curve begins and ends at a node and is
// continued a little beyond both, so that its sides can be cut there too.
type curve struct {
	name   string
	width  float64 // between the sides, m
	closed bool
	line   []geo.Point // the centre line
	sides  [2][]geo.Point
	nodes  []nodeOn
}

// Sides of a curve, looking along it.
const (
	left = iota
	right
)

// nodeOn is a node as one curve has it: a point of its line.
type nodeOn struct{ index, node int }

// arm is the part of a curve between two nodes that follow each other.
type arm struct {
	curve  *curve
	index  [2]int // of the line's points at both ends
	node   [2]int
	places [2][2]float64 // where each side begins and ends, after the corners are cut: [side][end]
}

func (a *arm) length() float64 {
	var sum float64
	for i := a.index[0]; i < a.index[1]; i++ {
		sum += distance(a.curve.line[i], a.curve.line[i+1])
	}
	return sum
}

// side is an arm's side between its corners, in the direction of the curve.
func (a *arm) side(s int) []geo.Point {
	return stretch(a.curve.sides[s], a.places[s][0], a.places[s][1], shortest)
}

// end is an arm as one of its nodes sees it: outward from there.
type end struct {
	arm *arm
	far bool // the node is where the curve's arm ends, so outward runs against the curve
}

func (e end) node() int {
	if e.far {
		return e.arm.node[1]
	}
	return e.arm.node[0]
}

func (e end) other() end { return end{e.arm, !e.far} }

// bearing is the direction outward, in radians.
func (e end) bearing() float64 {
	line, i := e.arm.curve.line, e.arm.index[0]
	q := line[i+1]
	if e.far {
		i = e.arm.index[1]
		q = line[i-1]
	}
	d := minus(q, line[i])
	return math.Atan2(d[1], d[0])
}

// side is the curve's side that lies on the left or right looking outward.
func (e end) side(s int) int {
	if e.far {
		return 1 - s
	}
	return s
}

func (e end) index() int {
	if e.far {
		return e.arm.index[1]
	}
	return e.arm.index[0]
}

// place is where the left or right side, looking outward, begins.
func (e end) place(s int) *float64 {
	if e.far {
		return &e.arm.places[1-s][1]
	}
	return &e.arm.places[s][0]
}

// outward is a way in metres outward from the node, as a way along the curve.
func (e end) outward(metres float64) float64 {
	if e.far {
		return -metres
	}
	return metres
}

// network is the park's outline and roads, cut at their crossings.
type network struct {
	curves []*curve // the outline first
	arms   []*arm
	nodes  []node
}

type node struct {
	at      geo.Point
	ends    []end         // anticlockwise
	corners [][]geo.Point // corners[i] lies between ends[i] and the next: from the left side of the one to the right side of the other
}

// newNetwork cuts curves at their crossings and keeps what lies in the outline,
// without dead ends.
func newNetwork(curves []*curve) *network {
	n := &network{curves: curves}
	n.cross()
	for _, c := range curves {
		n.cutArms(c)
	}
	n.prune()
	for i := range n.nodes {
		n.nodes[i].cutCorners()
	}
	return n
}

type crossing struct {
	place float64
	node  int
}

// cross finds the crossings of all pairs of curves and puts them as points on both.
func (n *network) cross() {
	on := make([][]crossing, len(n.curves))
	for i, a := range n.curves {
		for j, b := range n.curves[:i] {
			for k := range chords(a) {
				for l := range chords(b) {
					t, u, ok := meet(a.line[k], a.next(k), b.line[l], b.next(l))
					if !ok || t == 1 {
						continue
					}
					on[i] = append(on[i], crossing{float64(k) + t, len(n.nodes)})
					on[j] = append(on[j], crossing{float64(l) + u, len(n.nodes)})
					n.nodes = append(n.nodes, node{at: between(a.line[k], a.next(k), t)})
				}
			}
		}
	}
	for i, c := range n.curves {
		slices.SortFunc(on[i], func(a, b crossing) int { return cmp.Compare(a.place, b.place) })
		c.insert(on[i], n.nodes)
		c.sides = [2][]geo.Point{left: offset(c.line, c.width/2), right: offset(c.line, -c.width/2)}
	}
}

func chords(c *curve) int {
	if c.closed {
		return len(c.line)
	}
	return len(c.line) - 1
}

func (c *curve) next(i int) geo.Point { return c.line[(i+1)%len(c.line)] }

// clearance is how near to a node or to the end of a cut no other point of a
// line is kept, in metres.
const clearance = 5

// overlap is how many points a closed curve runs on beyond its seam.
const overlap = 8

// insert rebuilds the line with its nodes as points.
func (c *curve) insert(at []crossing, nodes []node) {
	var line []geo.Point
	var on []nodeOn
	k := 0
	for i, p := range c.line {
		near := false
		for _, x := range at {
			near = near || distance(p, nodes[x.node].at) < clearance
		}
		if !near {
			line = append(line, p)
		}
		for ; k < len(at) && at[k].place < float64(i+1); k++ {
			on = append(on, nodeOn{len(line), at[k].node})
			line = append(line, nodes[at[k].node].at)
		}
	}
	c.line, c.nodes = line, on
	if !c.closed || len(on) == 0 {
		return
	}
	first, size := on[0].index, len(line)
	c.line = make([]geo.Point, 0, size+2*overlap+1)
	for i := -overlap; i <= size+overlap; i++ {
		c.line = append(c.line, line[(first+i+size)%size])
	}
	for i := range c.nodes {
		c.nodes[i].index += overlap - first
	}
	c.nodes = append(c.nodes, nodeOn{size + overlap, on[0].node})
}

// cutArms makes a curve's arms, of a road those inside the outline.
func (n *network) cutArms(c *curve) {
	outline := n.curves[0]
	for i := range len(c.nodes) - 1 {
		a, b := c.nodes[i], c.nodes[i+1]
		middle := at(c.line, float64(a.index+b.index)/2)
		if c == outline || contains(outline.line[overlap:len(outline.line)-overlap-1], middle) {
			n.arms = append(n.arms, &arm{curve: c, index: [2]int{a.index, b.index}, node: [2]int{a.node, b.node}})
		}
	}
}

// prune drops dead ends until none is left and gathers the arms at their nodes.
func (n *network) prune() {
	for {
		ends := make([]int, len(n.nodes))
		for _, a := range n.arms {
			ends[a.node[0]]++
			ends[a.node[1]]++
		}
		before := len(n.arms)
		n.arms = slices.DeleteFunc(n.arms, func(a *arm) bool { return ends[a.node[0]] < 2 || ends[a.node[1]] < 2 })
		if len(n.arms) == before {
			break
		}
	}
	for _, a := range n.arms {
		for _, e := range []end{{a, false}, {a, true}} {
			at := &n.nodes[e.node()]
			at.ends = append(at.ends, e)
		}
	}
	for i := range n.nodes {
		slices.SortFunc(n.nodes[i].ends, func(a, b end) int { return cmp.Compare(a.bearing(), b.bearing()) })
	}
}
