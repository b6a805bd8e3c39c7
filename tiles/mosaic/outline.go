package mosaic

import (
	"math/bits"
)

// outline is the memory of Shapes. The lattice is that of the corners of the cells,
// with the margin's ring of cells around the tile and a ring of nothing around that.
type outline struct {
	grid    []uint16 // places in shares, stride wide
	stride  int
	borders []uint8 // the four borders that meet in the corner north-west of a cell
	nodeOf  []int32 // a corner's node, where it is one
	halfOf  []int32 // the half arc that runs north along the border south of a corner
	nodes   []node

	// Arc i has the points from start[i] to start[i+1] and, simplified, the chords
	// from chord[i] to chord[i+1]. Its half arcs are 2i, which runs from the first
	// point to the last with the land of sides[2i] on its right, and 2i+1, back.
	start, chord   []int32
	points, chords []point // ends and turns
	sides          []uint16
	next           []int32 // the half arc by which a ring goes on; ^i for pinch i
	pinches        []int32 // four for each pinch: the half arcs by which rings go on

	simplify simplify
	assemble assemble
}

// point is a corner of the lattice.
type point struct{ x, y int16 }

// Borders that meet in a corner, by where they lead. A heading is one of their numbers.
const (
	east = iota
	south
	west
	north
	passed // this turn belongs to an arc
)

// node is a corner where three regions meet, or where a border comes to the rim of
// the tile or of its margin. An arc joins two nodes, or goes around from a turn to
// itself.
type node struct {
	at  int32
	out [4]int32 // half arcs by heading, -1 for none
}

// Shapes gives the land of each class, by class. Where land reaches the tile's edge
// its shape goes on for margin units. The next call with the workspace reuses the
// answer's memory.
func (w *Workspace) Shapes(g *Grid, margin int) []Shape {
	if g == nil {
		return nil
	}
	o := &w.outline
	o.lay(g, margin > 0)
	o.findNodes(g.side)
	o.trace()
	o.simplifyArcs(g)
	return o.shapes(g, margin)
}

// lay puts the grid's cells into the lattice, the first at (2, 2).
func (o *outline) lay(g *Grid, margin bool) {
	side := g.side
	o.stride = side + 4
	n := o.stride * o.stride
	if cap(o.grid) < n {
		o.grid, o.borders = make([]uint16, n), make([]uint8, n)
		o.nodeOf, o.halfOf = make([]int32, n), make([]int32, n)
	}
	o.grid, o.borders, o.nodeOf, o.halfOf = o.grid[:n], o.borders[:n], o.nodeOf[:n], o.halfOf[:n]

	names := make([]uint16, len(g.shares))
	for i := range names {
		names[i] = uint16(i)
	}
	r := g.rows(names)
	for y := range side {
		row := o.grid[(y+2)*o.stride:][:o.stride]
		r.next(row[2 : 2+side])
		row[0], row[1], row[side+2], row[side+3] = 0, 0, 0, 0
	}
	clear(o.grid[:2*o.stride])
	clear(o.grid[(side+2)*o.stride:])
	if !margin {
		return
	}
	for y := 2; y < side+2; y++ {
		row := o.grid[y*o.stride:][:o.stride]
		row[1], row[side+2] = row[2], row[side+1]
	}
	copy(o.grid[o.stride:2*o.stride], o.grid[2*o.stride:])
	copy(o.grid[(side+2)*o.stride:(side+3)*o.stride], o.grid[(side+1)*o.stride:])
}

// findNodes tells the borders and nodes of every corner.
func (o *outline) findNodes(side int) {
	o.nodes = o.nodes[:0]
	clear(o.borders[:o.stride])
	for y := 1; y < o.stride; y++ {
		up := o.grid[(y-1)*o.stride:][:o.stride]
		down := o.grid[y*o.stride:][:o.stride]
		out := o.borders[y*o.stride:][:o.stride]
		rim := y <= 2 || y >= side+2
		out[0] = 0
		nw, sw := up[0], down[0]
		for x := 1; x < len(out); x++ {
			ne, se := up[x], down[x]
			if nw == ne && sw == se && nw == sw {
				out[x] = 0
				continue
			}
			var b uint8
			if ne != se {
				b = 1 << east
			}
			if sw != se {
				b |= 1 << south
			}
			if nw != sw {
				b |= 1 << west
			}
			if nw != ne {
				b |= 1 << north
			}
			out[x] = b
			nw, sw = ne, se
			if rim || x <= 2 || x >= side+2 || bits.OnesCount8(b) > 2 {
				at := y*o.stride + x
				o.nodeOf[at] = int32(len(o.nodes))
				o.nodes = append(o.nodes, node{int32(at), [4]int32{-1, -1, -1, -1}})
			}
		}
	}
}

// isNode says whether a corner with these borders is a node.
func (o *outline) isNode(x, y int, b uint8) bool {
	return bits.OnesCount8(b&15) > 2 || x <= 2 || y <= 2 || x >= o.stride-2 || y >= o.stride-2
}

// trace follows the borders from every node and then those that have none.
func (o *outline) trace() {
	o.start, o.points, o.sides = o.start[:0], o.points[:0], o.sides[:0]
	o.next, o.pinches = o.next[:0], o.pinches[:0]
	for i := range o.nodes {
		n := &o.nodes[i]
		b := o.borders[n.at]
		for h := range uint8(4) {
			if b>>h&1 == 1 && n.out[h] < 0 {
				o.follow(int(n.at), h, int32(i))
			}
		}
		o.join(n)
	}
	for y := 3; y < o.stride-2; y++ {
		for x, b := range o.borders[y*o.stride:][:o.stride] {
			// The first corner of a ring, from the north-west, leads east and south.
			if b == 1<<east|1<<south && !o.isNode(x, y, b) {
				o.follow(y*o.stride+x, east, -1)
			}
		}
	}
	o.start = append(o.start, int32(len(o.points)))
}

// join tells how rings go on at a node whose arcs are all known: right if they can,
// else straight on, else left, so that land which meets only at a corner is not
// joined there. A ring may come twice to a node where that is so, a pinch.
func (o *outline) join(n *node) {
	pinch := false
	if o.borders[n.at]&15 == 15 {
		north, south := o.grid[int(n.at)-o.stride-1:], o.grid[n.at-1:]
		pinch = north[0] == south[1] || north[1] == south[0]
	}
	for h, half := range n.out {
		if half < 0 {
			continue
		}
		next := n.out[(h+3)&3]
		if next < 0 {
			next = n.out[(h+2)&3]
		}
		if next < 0 {
			next = n.out[(h+1)&3]
		}
		if pinch {
			o.pinches = append(o.pinches, next)
			next = ^int32(len(o.pinches) - 1)
		}
		o.next[half^1] = next
	}
}

// follow traces an arc from a corner to the next node or, without nodes, around.
func (o *outline) follow(at int, heading uint8, first int32) {
	half := int32(len(o.next))
	from, leaves := at, heading
	x, y := at%o.stride, at/o.stride
	var left, right uint16
	switch heading { // the cells beside the first border
	case east:
		left, right = o.grid[at-o.stride], o.grid[at]
	case south:
		left, right = o.grid[at], o.grid[at-1]
	case west:
		left, right = o.grid[at-1], o.grid[at-o.stride-1]
	case north:
		left, right = o.grid[at-o.stride-1], o.grid[at-o.stride]
	}
	o.sides = append(o.sides, right, left)
	o.next = append(o.next, half, half+1)
	o.start = append(o.start, int32(len(o.points)))
	o.points = append(o.points, point{int16(x), int16(y)})
	if first < 0 {
		o.borders[at] |= 1 << passed
	}
	for {
		switch heading {
		case east:
			at, x = at+1, x+1
		case south:
			o.halfOf[at] = half + 1
			at, y = at+o.stride, y+1
		case west:
			at, x = at-1, x-1
		case north:
			at, y = at-o.stride, y-1
			o.halfOf[at] = half
		}
		b := o.borders[at]
		if first >= 0 && o.isNode(x, y, b) || at == from {
			break
		}
		if b>>heading&1 == 1 {
			continue
		}
		o.points = append(o.points, point{int16(x), int16(y)})
		o.borders[at] |= 1 << passed
		heading = uint8(bits.TrailingZeros8(b & 15 &^ (1 << (heading ^ 2))))
	}
	o.points = append(o.points, point{int16(x), int16(y)})
	if first >= 0 {
		o.nodes[first].out[leaves] = half
		o.nodes[o.nodeOf[at]].out[heading^2] = half + 1
	}
}
