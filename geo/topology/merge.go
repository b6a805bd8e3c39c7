package topology

import (
	"errors"

	"github.com/dikuai/dikuai/geo"
)

// sharedWithin is how near in metres a vertex must lie to a neighbour's edge to
// count as on it: two steps of the grid, which is what putting a point of an
// edge on the grid can do to it, twice.
const sharedWithin = 0.002

// NotAdjacentError says that a polygon shares no edge with the others.
type NotAdjacentError struct {
	Index int // of the polygon, from 0
}

func (e *NotAdjacentError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *NotAdjacentError) Words() geo.Words {
	return geo.Say("第 %d 个多边形与其他多边形没有公共边", "polygon %d shares no border with the others", e.Index+1)
}

// OverlapError says that polygons overlap, and where.
type OverlapError struct {
	Place geo.Point
}

func (e *OverlapError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *OverlapError) Words() geo.Words {
	return near(geo.Say("多边形重叠", "the polygons overlap"), e.Place)
}

// Merge unites polygons by cancelling the edges they share, after stitching their
// shared borders within 0.002 m. An edge shared whole with one of the polygons
// around is left: that one lies between. Where a stitch would make them overlap,
// in land no wider than that, they are united as they are. Every other vertex
// stays, so the area is the sum of the (stitched) polygons' exactly. Coordinates
// are plane metres on the 0.001 m grid. The errors are *InvalidError of a polygon that is not valid,
// *NotAdjacentError when the polygons do not hang together by shared edges (a
// point is not enough), and *OverlapError.
func Merge(polygons []geo.MultiPolygon, around ...geo.MultiPolygon) (geo.MultiPolygon, error) {
	for _, p := range polygons {
		if err := Valid(p); err != nil {
			return nil, err
		}
	}
	regions := regionsOf(polygons)
	stitch(regions, stitching{tolerance: sharedWithin * 1000, kept: -1, borders: true, around: regionsOf(around)})
	whole, err := unite(regions)
	if over := (*OverlapError)(nil); errors.As(err, &over) {
		if asTheyAre, again := unite(regionsOf(polygons)); again == nil {
			whole, err = asTheyAre, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return whole.multiPolygon(), nil
}

func unite(regions []region) (region, error) {
	owners := make(map[edge]int)
	var edges []edge
	for i, r := range regions {
		for e := range r.edges {
			if _, twice := owners[e]; twice {
				return nil, &OverlapError{Place: halfPoint(midpoint2(e.a, e.b))}
			}
			owners[e] = i
			edges = append(edges, e)
		}
	}
	groups := newGroups(len(regions))
	var border []edge
	for _, e := range edges {
		if other, shared := owners[e.reversed()]; shared {
			groups.join(owners[e], other)
			continue
		}
		border = append(border, e)
	}
	for i := range regions {
		if groups.of(i) != groups.of(0) {
			return nil, &NotAdjacentError{Index: i}
		}
	}
	// The border is the sum of the polygons' borders, so how often it winds round
	// a point is how many polygons cover it: a valid whole has no overlap.
	whole := assemble(border)
	if err := validate(whole); err != nil {
		return nil, &OverlapError{Place: err.Place}
	}
	var sum int64
	for _, r := range regions {
		sum += r.area2()
	}
	if sum != whole.area2() {
		return nil, &OverlapError{Place: border[0].a.point()}
	}
	return whole, nil
}

// groups are disjoint sets of numbers (R. E. Tarjan, "Efficiency of a good but
// not linear set union algorithm", 1975).
type groups []int32

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = int32(i)
	}
	return g
}

func (g groups) of(i int) int32 {
	for g[i] != int32(i) {
		g[i] = g[g[i]]
		i = int(g[i])
	}
	return int32(i)
}

// join puts two numbers into one set and says whether they were in two.
func (g groups) join(i, j int) bool {
	a, b := g.of(i), g.of(j)
	g[b] = a
	return a != b
}
