package topology

import "github.com/dikuai/dikuai/geo"

// gaps are the rings of open sides, turned round, that enclose land which no
// plot has.
func (c *Coverage) gaps(rest []openSide, plots *boxTree, pairs pairSet) []CoverageFault {
	rest = noded(rest, pairs)
	edges := make([]edge, len(rest))
	for i, s := range rest {
		edges[i] = s.reversed()
	}
	var faults []CoverageFault
	for _, part := range assemble(edges) {
		gap := region{part}
		area := squareMetres(gap.area2())
		if area < c.Limits.Gap {
			continue
		}
		place := pointInside(part)
		if c.covered(place, plots) {
			continue
		}
		f := CoverageFault{
			Fault: Fault{Code: "3102", Severity: Warning, Measured: area, Limit: c.Limits.Gap, Unit: "m2", Place: halfPoint(place), Geometry: gap.multiPolygon()},
			Ask:   area > c.Limits.MeantGap,
		}
		remedy := geo.Say("请划归相邻地块或设为地块", "give it to a neighbour or make it a plot")
		if f.Ask {
			remedy = geo.Say("请确认此处确无地块，或设为地块", "confirm that it is meant to have no plot, or make it one")
		}
		f.Fault = f.saying(geo.Say("地块之间有 %.2f 平方米土地不属于任何地块", "%.2f m² of land between the plots belong to none", area), remedy)
		faults = append(faults, f)
	}
	return faults
}

// covered says whether a plot has the point, in half millimetres, inside.
func (c *Coverage) covered(half pt, plots *boxTree) bool {
	p := onGrid(halfPoint(half))
	found := false
	plots.search(boxOf(p, p), func(n int) bool {
		found = c.plot(int32(n)).locate(half) == inside
		return !found
	})
	return found
}

// noded is the sides with a common point, put on the grid, wherever they cross,
// so that gaps and overlaps are rings of their own.
func noded(sides []openSide, pairs pairSet) []openSide {
	const rounds = 3 // a point put on the grid may make a new crossing, seldom twice
	for range rounds {
		edges := make([]edge, len(sides))
		for i, s := range sides {
			edges[i] = s.edge
		}
		points := meetings(edges, func(e, f edge) pt {
			_, place := crossing(e.a, e.b, f.a, f.b)
			return onGrid(place)
		})
		if len(points) == 0 {
			break
		}
		sides = cancel(divided(sides, points), pairs)
	}
	return sides
}

// meetings are the points that edges lack to meet in common ends alone, by the
// edges' numbers: ends of others that lie on them, and where they cross, which
// crossed puts on the grid.
func meetings(edges []edge, crossed func(e, f edge) pt) map[int][]pt {
	boxes := make([]box, len(edges))
	for i, e := range edges {
		boxes[i] = boxOf(e.a, e.b)
	}
	at := make(map[int][]pt)
	newBoxTree(boxes).pairs(func(i, j int) bool {
		e, f := edges[i], edges[j]
		switch how, _ := meet(e.a, e.b, f.a, f.b); how {
		case cross:
			p := crossed(e, f)
			at[i], at[j] = append(at[i], p), append(at[j], p)
		case touch, overlap:
			for _, p := range [2]pt{f.a, f.b} {
				if e.between(p) {
					at[i] = append(at[i], p)
				}
			}
			for _, p := range [2]pt{e.a, e.b} {
				if f.between(p) {
					at[j] = append(at[j], p)
				}
			}
		}
		return true
	})
	return at
}

// between says whether p lies on the edge, but not at an end.
func (e edge) between(p pt) bool {
	return p != e.a && p != e.b && onSegment(e.a, e.b, p)
}
