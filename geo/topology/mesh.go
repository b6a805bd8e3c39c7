package topology

import "slices"

// turns says how often the rings of a subject and of other polygons run along an
// edge, from its west end (of a meridian: its south end) on, less how often they
// run back; or how often they wind round a place.
type turns struct{ own, other int }

func (t turns) plus(u turns, times int) turns {
	return turns{t.own + times*u.own, t.other + times*u.other}
}

// mesh is the sides of polygons that are laid over one another, in the order in
// which they were added. Those that come near a box are divided until they meet in
// common ends alone; those to the east of it say only what lies where, and the
// others nothing.
type mesh struct {
	box   box
	near  strands
	far   []strand
	edges []edge // of near, in order
}

// strand is an edge from west to east, or from south to north, with its rings.
type strand struct {
	edge
	turns turns
}

type strands map[edge]turns

// newMesh leaves room for what the grid moves.
func newMesh(b box) *mesh { return &mesh{box: b.grown(8), near: make(strands, 64)} }

func (m *mesh) add(e edge, t turns) {
	sorted := e.sorted()
	if sorted != e {
		t = turns{}.plus(t, -1)
	}
	switch b := boxOf(e.a, e.b); {
	case b.meets(m.box):
		m.join(sorted, t)
	case b.y1 >= m.box.y0 && b.y0 <= m.box.y1 && b.x0 > m.box.x1:
		m.far = append(m.far, strand{sorted, t})
	}
}

// join adds a sorted edge to those that are near.
func (m *mesh) join(e edge, t turns) {
	before, there := m.near[e]
	if !there {
		m.edges = append(m.edges, e)
	}
	m.near[e] = before.plus(t, 1)
}

// node divides near edges wherever they meet. A crossing is put on the grid, so
// that what it belongs to moves and may meet anew; then it goes on.
func (m *mesh) node() {
	const rounds = 50
	for range rounds {
		m.edges = slices.DeleteFunc(m.edges, func(e edge) bool { return m.near[e] == turns{} })
		at := meetings(m.edges, crossingOf)
		if len(at) == 0 {
			return
		}
		m.divide(at)
	}
}

// crossingOf is where two edges cross: an end of one of them that is near, else
// a point of the grid between the ends of both. Without the first, edges that run
// close beside each other from near points would have one new vertex after the
// other, each a unit on.
func crossingOf(e, f edge) pt {
	_, place := crossing(e.a, e.b, f.a, f.b)
	p, both := onGrid(place), boxOf(e.a, e.b).common(boxOf(f.a, f.b))
	p = pt{min(max(p.x, both.x0), both.x1), min(max(p.y, both.y0), both.y1)}
	const reach = 8 // units
	nearest := float64(reach)
	at := p
	for _, q := range [4]pt{e.a, e.b, f.a, f.b} {
		if d := distance(p, q); d <= nearest {
			nearest, at = d, q
		}
	}
	return at
}

// divide puts points into edges, by their numbers.
func (m *mesh) divide(at map[int][]pt) {
	before, edges := m.near, m.edges
	m.near, m.edges = make(strands, len(edges)+2*len(at)), make([]edge, 0, len(edges)+2*len(at))
	for i, e := range edges {
		t, from := before[e], e.a
		for _, p := range append(inOrder(e.a, e.b, at[i]), e.b) {
			if p == from {
				continue
			}
			part := edge{from, p}
			if sorted := part.sorted(); sorted != part {
				m.join(sorted, turns{}.plus(t, -1))
			} else {
				m.join(part, t)
			}
			from = p
		}
	}
}

// borders are the edges of the land, which lies on their left, after noding.
// Land is where so many rings of the subject and of the others wind round; it lies
// in the box, and so do all its borders.
func (m *mesh) borders(land func(own, other int) bool) []edge {
	m.node()
	all := slices.Clone(m.far)
	for _, e := range m.edges {
		all = append(all, strand{e, m.near[e]})
	}
	boxes := make([]box, len(all))
	for i, s := range all {
		boxes[i] = boxOf(doubled(s.a), doubled(s.b))
	}
	tree := newBoxTree(boxes)
	var borders []edge
	for i, s := range all[len(m.far):] {
		if !boxOf(s.a, s.b).within(m.box) {
			continue
		}
		left := winding(all, tree, len(m.far)+i)
		right := left
		if s.b.y > s.a.y {
			left = right.plus(s.turns, 1)
		} else {
			right = left.plus(s.turns, -1)
		}
		switch l, r := land(left.own, left.other), land(right.own, right.other); {
		case l && !r:
			borders = append(borders, s.edge)
		case r && !l:
			borders = append(borders, s.reversed())
		}
	}
	return borders
}

// winding is how often rings wind round the place just east of the middle of an
// edge, or just north of one that runs east: the strands that a ray to the east
// crosses, by the way they run.
func winding(all []strand, tree *boxTree, from int) (t turns) {
	half := midpoint2(all[from].a, all[from].b)
	tree.search(box{half.x, half.y, 1 << 62, half.y}, func(i int) bool {
		s := all[i]
		a, b := doubled(s.a), doubled(s.b)
		if i == from || (a.y > half.y) == (b.y > half.y) || (orient(a, b, half) > 0) != (b.y > a.y) {
			return true
		}
		if b.y > a.y {
			t = t.plus(s.turns, 1)
		} else {
			t = t.plus(s.turns, -1)
		}
		return true
	})
	return t
}
