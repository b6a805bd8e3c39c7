package topology

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/dikuai/dikuai/geo"
)

// Coverage looks at all plots of a park or a city at once. It keeps 8 bytes a
// vertex: millimetres from the first vertex added, which reaches 2,147 km. Plots
// are added by one goroutine.
type Coverage struct {
	Limits Limits // what the report holds the plots to

	origin   pt
	placed   bool     // the origin is set
	vertices []vertex // ring after ring, the first vertex repeated at the end
	starts   []uint32 // of each ring in vertices
	owners   []int32  // of each ring: its plot's number, or the boundary
	first    []uint32 // ring of each plot
	ids      []int64  // of each plot
	unusable []CoverageFault
}

type vertex struct{ x, y int32 }

// boundary owns the rings of the land to be covered, turned round: it is the
// neighbour of the plots along it.
const boundary = int32(-1)

// NewCoverage is a coverage without plots, held to the usual limits.
func NewCoverage() *Coverage { return &Coverage{Limits: DefaultLimits()} }

// CoverageFault is a fault of one plot with another, or of the whole.
type CoverageFault struct {
	Fault
	IDs []int64 // of the plots concerned
	Ask bool    // a gap so large that it may be meant: a person should say
}

// Report is what a coverage has at fault.
type Report struct {
	Plots int
	Edges int // sides of plots, shared ones counted twice
	Open  int // sides that are no other plot's side, nor the boundary's
	// Faults are missing nodes (3104), gaps (3102), and plots whose coordinates
	// are no place near the others (2114).
	Faults []CoverageFault
	// Suspects are pairs of plots, the lower id first, that overlap on the grid
	// by however little: an overlay tells the land (3101).
	Suspects [][2]int64
	// Outside are plots that reach outside the boundary by however little: an
	// overlay tells the land (3103).
	Outside []int64
}

// Add puts a plot into the coverage. Coordinates are plane metres, put on the
// 0.001 m grid. The polygon should be Valid: of one that is not, nothing is said
// but what its edges tell.
func (c *Coverage) Add(id int64, p geo.MultiPolygon) {
	for _, polygon := range p {
		for _, line := range polygon {
			for _, q := range line {
				if !c.placed && finite(q) {
					c.origin, c.placed = onGrid(q), true
				}
				if !finite(q) || !short(onGrid(q).minus(c.origin)) {
					c.unusable = append(c.unusable, CoverageFault{
						Fault: Fault{Code: "2114", Severity: Error, Place: q}.saying(
							geo.Say("坐标远离其他地块", "a coordinate is no place near the other plots"),
							geo.Say("请检查坐标系和坐标轴次序", "check the coordinate system and the order of the axes")),
						IDs: []int64{id},
					})
					return
				}
			}
		}
	}
	plot := int32(len(c.ids))
	c.ids = append(c.ids, id)
	c.first = append(c.first, uint32(len(c.starts)))
	r := regionOf(p)
	for g := range r.rings {
		c.addRing(g, plot)
	}
}

func (c *Coverage) addRing(g ring, owner int32) {
	if len(g) < 3 {
		return
	}
	c.starts = append(c.starts, uint32(len(c.vertices)))
	c.owners = append(c.owners, owner)
	for k := range len(g) + 1 {
		d := g.at(k).minus(c.origin)
		c.vertices = append(c.vertices, vertex{int32(d.x), int32(d.y)})
	}
}

// Report looks through the coverage. The boundary is the land that it should
// cover, in the same plane, or nil.
func (c *Coverage) Report(land geo.MultiPolygon) Report {
	r := Report{Plots: len(c.ids), Edges: len(c.vertices) - len(c.starts), Faults: slices.Clone(c.unusable)}
	vertices, rings := len(c.vertices), len(c.starts)
	around := regionOf(land)
	if !c.placed && len(around) > 0 {
		c.origin = around[0][0][0]
	}
	for g := range around.turned().rings {
		c.addRing(g, boundary)
	}
	defer func() {
		c.vertices, c.starts, c.owners = c.vertices[:vertices], c.starts[:rings], c.owners[:rings]
	}()

	pairs := make(pairSet)
	open := c.open(pairs)
	for _, s := range open {
		if s.plot != boundary {
			r.Open++
		}
	}
	junctions := c.junctions(open)
	r.Faults = append(r.Faults, c.junctionFaults(junctions)...)
	rest := c.without(open, junctions, pairs)
	plots := c.plotTree()
	c.overlaps(rest, plots, pairs)
	r.Faults = append(r.Faults, c.gaps(rest, plots, pairs)...)
	r.Suspects = c.named(pairs)
	if len(around) > 0 {
		r.Outside = c.outside(rest, around)
	}
	return r
}

// pairSet holds pairs of plots' numbers, the lower first.
type pairSet map[[2]int32]bool

// add says whether the pair is new.
func (s pairSet) add(a, b int32) bool {
	if a == b || a == boundary || b == boundary {
		return false
	}
	key := [2]int32{min(a, b), max(a, b)}
	if s[key] {
		return false
	}
	s[key] = true
	return true
}

func (c *Coverage) named(pairs pairSet) [][2]int64 {
	var out [][2]int64
	for p := range pairs {
		a, b := c.ids[p[0]], c.ids[p[1]]
		out = append(out, [2]int64{min(a, b), max(a, b)})
	}
	slices.SortFunc(out, func(p, q [2]int64) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
	return out
}

func (c *Coverage) at(v uint32) pt {
	return pt{c.origin.x + int64(c.vertices[v].x), c.origin.y + int64(c.vertices[v].y)}
}

// ringOf is the number of the ring that a vertex is of.
func (c *Coverage) ringOf(v uint32) int {
	return sort.Search(len(c.starts), func(i int) bool { return c.starts[i] > v }) - 1
}

func (c *Coverage) ringEnd(n int) uint32 {
	if n+1 < len(c.starts) {
		return c.starts[n+1]
	}
	return uint32(len(c.vertices))
}

// plot is the plot's rings, as parts of one ring each.
func (c *Coverage) plot(n int32) region {
	var r region
	for i := int(c.first[n]); i < len(c.starts) && c.owners[i] == n; i++ {
		g := make(ring, 0, c.ringEnd(i)-c.starts[i]-1)
		for v := c.starts[i]; v+1 < c.ringEnd(i); v++ {
			g = append(g, c.at(v))
		}
		r = append(r, []ring{g})
	}
	return r
}

func (c *Coverage) plotTree() *boxTree {
	boxes := make([]box, len(c.ids))
	for n := range boxes {
		b := emptyBox
		for i := int(c.first[n]); i < len(c.starts) && c.owners[i] == int32(n); i++ {
			for v := c.starts[i]; v < c.ringEnd(i); v++ {
				b = b.with(c.at(v))
			}
		}
		if b == emptyBox {
			b = boxOf(c.origin, c.origin) // a plot without a ring
		}
		boxes[n] = b
	}
	return newBoxTree(boxes)
}

// outside are the plots with a point outside the region around.
func (c *Coverage) outside(rest []openSide, around region) []int64 {
	where := newLocator(around)
	found := make(map[int32]bool)
	for n := range c.ids {
		if i := c.first[n]; int(i) < len(c.starts) && c.owners[i] == int32(n) && where.locate(doubled(c.at(c.starts[i]))) == outside {
			found[int32(n)] = true
		}
	}
	for _, s := range rest {
		if s.plot == boundary || found[s.plot] {
			continue
		}
		found[s.plot] = where.locate(doubled(s.a)) == outside || where.locate(doubled(s.b)) == outside ||
			where.locate(midpoint2(s.a, s.b)) == outside || where.crosses(s.edge)
	}
	var out []int64
	for n, is := range found {
		if is {
			out = append(out, c.ids[n])
		}
	}
	slices.Sort(out)
	return out
}

// locator answers where points lie with respect to a region, by a tree of its
// edges.
type locator struct {
	edges []edge
	tree  *boxTree
}

func newLocator(r region) *locator {
	l := &locator{edges: slices.Collect(r.edges)}
	boxes := make([]box, len(l.edges))
	for i, e := range l.edges {
		boxes[i] = boxOf(doubled(e.a), doubled(e.b))
	}
	l.tree = newBoxTree(boxes)
	return l
}

// locate is region.locate: the point is in half millimetres.
func (l *locator) locate(half pt) location {
	where := outside
	l.tree.search(box{half.x, half.y, math.MaxInt64, half.y}, func(i int) bool {
		a, b := doubled(l.edges[i].a), doubled(l.edges[i].b)
		if onSegment(a, b, half) {
			where = onBorder
			return false
		}
		if (a.y > half.y) != (b.y > half.y) && (orient(a, b, half) > 0) == (b.y > a.y) {
			where = inside - where
		}
		return true
	})
	return where
}

// crosses says whether an edge crosses one of the region's inside both.
func (l *locator) crosses(e edge) bool {
	found := false
	l.tree.search(boxOf(doubled(e.a), doubled(e.b)), func(i int) bool {
		how, _ := meet(e.a, e.b, l.edges[i].a, l.edges[i].b)
		found = how == cross
		return !found
	})
	return found
}
