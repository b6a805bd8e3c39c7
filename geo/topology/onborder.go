package topology

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

const (
	// snapWithin is how near in mm to a vertex or an edge a point of a cut counts
	// as on it: the limit for two boundary points to be the same one.
	snapWithin = 50
	// slideWithin is how far in mm along the edge a new vertex may be put from
	// where the cut really crosses.
	slideWithin = 250
	// A new vertex beside a straight edge takes a triangle from the land on one
	// side and gives it to the other. The cross product is twice that area in mm²:
	// wantedLoss is 0.001 m², mostLoss 0.004 m², and lossOfAll, 0.008 m², what all
	// new vertices of an edit should keep to.
	wantedLoss = 2_000
	mostLoss   = 8_000
	lossOfAll  = 16_000
)

// beside is a grid point between a and b near a place (metres), at most reach mm
// from it along the edge: the nearest, stepping outwards, whose cross product
// with the edge is the owed one within wanted (mm²), or else the one that comes
// nearest to that. miss is by how much it differs. It reports false when the edge
// has no grid point between.
func beside(a, b pt, place geo.Point, reach float64, owed, wanted int64) (p pt, miss int64, ok bool) {
	d := b.minus(a)
	steep := abs(d.y) > abs(d.x)
	from := [2]float64{place[0]*1000 - float64(a.x), place[1]*1000 - float64(a.y)}
	if steep {
		d, owed = pt{d.y, d.x}, -owed
		from[0], from[1] = from[1], from[0]
	}
	if d.x == 0 || !short(d) {
		return pt{}, 0, false
	}
	dx, dy := float64(d.x), float64(d.y)
	foot := int64(math.Round(dx * (from[0]*dx + from[1]*dy) / (dx*dx + dy*dy)))
	const most = 500_000 // half a kilometre of grid each way
	steps := min(most, int64(reach*math.Abs(dx)/math.Hypot(dx, dy)))
	margin := min(int64(snapWithin*math.Abs(dx)/math.Hypot(dx, dy)), abs(d.x)/4) // no shorter edge than need be
	for n := int64(0); n <= 2*steps && (!ok || abs(miss) > wanted); n++ {
		x := foot + (n+1)/2
		if n%2 == 1 {
			x = foot - (n+1)/2
		}
		if x == 0 || (x > 0) != (d.x > 0) || abs(x) < margin || abs(x) >= abs(d.x)-margin {
			continue
		}
		y := divideRound(d.y*x+owed, d.x)
		if m := d.x*y - d.y*x - owed; !ok || abs(m) < abs(miss) {
			p, miss, ok = pt{x, y}, m, true
		}
	}
	if steep {
		p, miss = pt{p.y, p.x}, -miss
	}
	return pt{a.x + p.x, a.y + p.y}, miss, ok
}

// divideRound is n/d to the nearest whole number.
func divideRound(n, d int64) int64 {
	if d < 0 {
		n, d = -n, -d
	}
	if n < 0 {
		return -((-n + d/2) / d)
	}
	return (n + d/2) / d
}

func abs(n int64) int64 { return max(n, -n) }

// allowance is what each new vertex of an edit may cost, in mm²: what is looked
// for, and what is put up with.
type allowance struct{ wanted, most int64 }

// allow is the allowance of each of n new vertices.
func allow(n int) allowance {
	share := lossOfAll / int64(max(n, 1))
	return allowance{min(wantedLoss, share), min(mostLoss, share)}
}

// cutter is a region whose edges get new vertices, with the edges in a tree.
type cutter struct {
	region region
	sides  []side
	ends   []edge
	tree   *boxTree
	// inserts are the new vertices of each side since the tree was built.
	inserts map[side][]pt
}

func newCutter(r region) *cutter {
	c := &cutter{region: r, inserts: make(map[side][]pt)}
	c.index()
	return c
}

func (c *cutter) index() {
	c.sides, c.ends = c.sides[:0], c.ends[:0]
	var boxes []box
	for j, part := range c.region {
		for n, g := range part {
			for k := range g {
				e := edge{g[k], g.at(k + 1)}
				c.sides, c.ends, boxes = append(c.sides, side{0, j, n, k}), append(c.ends, e), append(boxes, boxOf(e.a, e.b))
			}
		}
	}
	c.tree = newBoxTree(boxes)
}

// insert puts the waiting vertices into the region and says whether there were
// any.
func (c *cutter) insert() bool {
	if len(c.inserts) == 0 {
		return false
	}
	c.region = c.region.with(0, c.inserts)
	clear(c.inserts)
	c.index()
	return true
}

func (c *cutter) add(i int, p pt) {
	c.inserts[c.sides[i]] = append(c.inserts[c.sides[i]], p)
}

// vertices are the region's, each once.
func (c *cutter) vertices() map[pt]bool {
	at := make(map[pt]bool, len(c.ends))
	for _, e := range c.ends {
		at[e.a] = true
	}
	return at
}

// nearest is where a point within snapWithin of the border belongs: the nearest
// vertex that is, or else the nearest edge (its number).
func (c *cutter) nearest(p pt) (vertex pt, isVertex bool, onEdge int) {
	onEdge = -1
	nearestVertex, nearestEdge := math.Inf(1), math.Inf(1)
	c.tree.search(boxOf(p, p).grown(snapWithin), func(i int) bool {
		e := c.ends[i]
		for _, v := range [2]pt{e.a, e.b} {
			if d := distance(p, v); d <= snapWithin && (d < nearestVertex || d == nearestVertex && v.before(vertex)) {
				vertex, nearestVertex, isVertex = v, d, true
			}
		}
		if t, offset := along(e.a, e.b, p); 0 < t && t < 1 && offset <= snapWithin &&
			(offset < nearestEdge || offset == nearestEdge && i < onEdge) {
			onEdge, nearestEdge = i, offset
		}
		return true
	})
	return vertex, isVertex, onEdge
}

// divide puts a new vertex on the edge i near a place (metres), to be there after
// the next insert. Edges that slope by a millimetre or two over their length have
// no grid point near enough for tens of metres; then the loss is made good by a
// second new vertex on the longer of the two halves. It reports false when the
// grid has no such points.
func (c *cutter) divide(i int, place geo.Point, cost allowance) (pt, bool) {
	e := c.ends[i]
	q, loss, ok := beside(e.a, e.b, place, slideWithin, 0, cost.wanted)
	if !ok {
		return pt{}, false
	}
	if abs(loss) > cost.most {
		half := edge{e.a, q}
		if distance(q, e.b) > distance(e.a, q) {
			half = edge{q, e.b}
		}
		middle := halfPoint(midpoint2(half.a, half.b))
		balance, miss, ok := beside(half.a, half.b, middle, distance(half.a, half.b)/2-snapWithin, -loss, cost.wanted)
		if !ok || abs(miss) > cost.most {
			return pt{}, false
		}
		c.add(i, balance)
	}
	c.add(i, q)
	return q, true
}

// settle puts a point within snapWithin of the border on it, as a vertex of it.
// Other points stay. It reports false where the grid has no fitting point on the
// edge.
func (c *cutter) settle(p pt, cost allowance) (pt, bool) {
	vertex, isVertex, i := c.nearest(p)
	switch {
	case isVertex:
		return vertex, true
	case i < 0:
		return p, true
	}
	q, ok := c.divide(i, p.point(), cost)
	c.insert()
	return q, ok
}
