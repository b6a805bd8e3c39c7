package topology

import (
	"cmp"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// junction is a vertex of one plot that lies on an open side of another between
// its ends.
type junction struct {
	at     pt
	plot   int32 // that has the vertex
	side   int   // the number of the open side
	owner  int32 // of the side
	offset float64
}

// junctions finds vertices of open sides that lie on other plots' open sides, by
// the limit for missing nodes and at least within sharedWithin, one junction for
// each vertex and side.
func (c *Coverage) junctions(open []openSide) []junction {
	within := 1000 * max(c.Limits.Node, sharedWithin)
	boxes := make([]box, len(open))
	for i, s := range open {
		boxes[i] = boxOf(s.a, s.b)
	}
	tree := newBoxTree(boxes)
	type key struct {
		at   pt
		side int
	}
	known := make(map[key]bool)
	var out []junction
	look := func(p pt, plot int32) {
		tree.search(boxOf(p, p).grown(int64(math.Ceil(within))), func(i int) bool {
			s := open[i]
			if s.plot == plot || !liesOn(s.edge, p, within) || known[key{p, i}] {
				return true
			}
			known[key{p, i}] = true
			_, offset := along(s.a, s.b, p)
			out = append(out, junction{p, plot, i, s.plot, offset})
			return true
		})
	}
	for i, s := range open {
		look(s.a, s.plot)
		if i+1 == len(open) || open[i+1].plot != s.plot || open[i+1].a != s.b {
			look(s.b, s.plot)
		}
	}
	slices.SortFunc(out, func(j, k junction) int {
		return cmp.Or(cmp.Compare(j.side, k.side), cmp.Compare(j.at.x, k.at.x), cmp.Compare(j.at.y, k.at.y))
	})
	return out
}

// gridNoise is how far in metres the grid alone may put a point off an edge.
const gridNoise = 0.001

// junctionFaults are the junctions between plots; those with the boundary are
// none, nor are those beyond the limit. Up to a millimetre off is what the grid
// does, and for information.
func (c *Coverage) junctionFaults(junctions []junction) []CoverageFault {
	var faults []CoverageFault
	for _, j := range junctions {
		if j.plot == boundary || j.owner == boundary || j.offset > 1000*c.Limits.Node {
			continue
		}
		severity := Warning
		if j.offset <= gridNoise*1000 {
			severity = Info
		}
		faults = append(faults, CoverageFault{
			Fault: Fault{Code: "3104", Severity: severity, Measured: j.offset / 1000, Limit: gridNoise, Unit: "m", Place: j.at.point()}.saying(
				geo.Say("相邻地块的界址点落在没有对应节点的边上，偏离 %.3f 米", "a neighbour's boundary point lies on an edge that has no point there, %.3f m off", j.offset/1000),
				geo.Say("请在该边上加入同一个点", "give the edge the same point")),
			IDs: []int64{c.ids[j.owner], c.ids[j.plot]},
		})
	}
	return faults
}

// without is the open sides less those that match once they have the vertices
// that lie on them within sharedWithin, in the order of the plots.
func (c *Coverage) without(open []openSide, junctions []junction, pairs pairSet) []openSide {
	points := make(map[int][]pt)
	for _, j := range junctions {
		if j.offset <= sharedWithin*1000 {
			points[j.side] = append(points[j.side], j.at)
		}
	}
	if len(points) == 0 {
		return open
	}
	rest := cancel(divided(open, points), pairs)
	slices.SortStableFunc(rest, func(s, t openSide) int { return cmp.Compare(s.plot, t.plot) })
	return rest
}

// divided is the sides with points put into them.
func divided(sides []openSide, points map[int][]pt) []openSide {
	out := make([]openSide, 0, len(sides)+2*len(points))
	for i, s := range sides {
		from := s.a
		for _, p := range inOrder(s.a, s.b, points[i]) {
			if p != from && p != s.b {
				out = append(out, openSide{edge{from, p}, s.plot})
				from = p
			}
		}
		out = append(out, openSide{edge{from, s.b}, s.plot})
	}
	return out
}
