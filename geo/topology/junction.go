package topology

import (
	"cmp"
	"fmt"
	"slices"
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

// junctions finds vertices of open sides within snapWithin of other plots' open
// sides, one junction for each vertex and side.
func (c *Coverage) junctions(open []openSide) []junction {
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
		tree.search(boxOf(p, p).grown(snapWithin), func(i int) bool {
			s := open[i]
			if s.plot == plot || !liesOn(s.edge, p, snapWithin) || known[key{p, i}] {
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

// junctionFaults are the junctions between plots; those with the boundary are
// none. Up to a millimetre off is what the grid does, and for information.
func (c *Coverage) junctionFaults(junctions []junction) []CoverageFault {
	var faults []CoverageFault
	for _, j := range junctions {
		if j.plot == boundary || j.owner == boundary {
			continue
		}
		severity := Warning
		if j.offset <= 1 {
			severity = Info
		}
		faults = append(faults, CoverageFault{
			Fault: Fault{
				Code: "3104", Severity: severity,
				Message: fmt.Sprintf("a neighbour's boundary point lies on an edge that has no point there, %.3f m off", j.offset/1000),
				Remedy:  "give the edge the same point", Measured: j.offset / 1000, Limit: 0.001, Place: j.at.point(),
			},
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
