package topology

import (
	"cmp"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// Stitch gives neighbours the same vertices on their shared borders: a vertex of
// one polygon that lies within tolerance (metres) of another polygon's edge,
// between the edge's ends, becomes a vertex of that edge, unless the edge is
// shared whole with a neighbour already. Vertices from which the polygon runs
// along the edge go first: where land is no wider than the tolerance they belong
// to the edge, and those of its other border do not. Nothing else moves. An
// insertion that would make its polygon invalid is left out, as are all
// insertions into a polygon that is not valid already; changed tells which
// polygons have new vertices. Coordinates are plane metres, put on the 0.001 m
// grid; outer rings come back anticlockwise, holes clockwise.
func Stitch(polygons []geo.MultiPolygon, tolerance float64) (stitched []geo.MultiPolygon, changed []bool) {
	regions := regionsOf(polygons)
	changed = stitch(regions, stitching{tolerance: tolerance * 1000, kept: -1, borders: true})
	for i, touched := range stitch(regions, stitching{tolerance: tolerance * 1000, kept: -1}) {
		changed[i] = changed[i] || touched
	}
	stitched = make([]geo.MultiPolygon, len(regions))
	for i, r := range regions {
		stitched[i] = r.multiPolygon()
	}
	return stitched, changed
}

// side names the edge number k of a ring of a region.
type side struct{ region, part, ring, k int }

// stitching is how stitch goes about it.
type stitching struct {
	tolerance float64 // mm
	kept      int     // the region that gets no vertices, or -1
	// borders leaves out vertices whose polygon does not run along the edge on
	// the other side from there. At a place no wider than the tolerance, such a
	// vertex would push the edge off a neighbour that is not among the regions.
	borders bool
	// around are polygons whose vertices are not wanted, but whose edges are
	// shared like those of the regions.
	around []region
}

// stitch inserts vertices into the regions in place.
func stitch(regions []region, how stitching) (changed []bool) {
	var sides []side
	var ends []edge
	var boxes []box
	for i, r := range regions {
		for j, part := range r {
			for n, g := range part {
				for k := range g {
					e := edge{g[k], g.at(k + 1)}
					sides, ends, boxes = append(sides, side{i, j, n, k}), append(ends, e), append(boxes, boxOf(e.a, e.b))
				}
			}
		}
	}
	all := make(map[edge]bool, len(ends))
	for _, e := range ends {
		all[e] = true
	}
	for _, r := range how.around {
		for e := range r.edges {
			all[e] = true
		}
	}
	tree := newBoxTree(boxes)
	inserts := make([]map[side][]pt, len(regions))
	for v, s := range sides {
		p := ends[v].a
		before := edge{regions[s.region][s.part][s.ring].at(s.k - 1), p}
		tree.search(boxOf(p, p).grown(int64(math.Ceil(how.tolerance))), func(i int) bool {
			at, e := sides[i], ends[i]
			if at.region == s.region || at.region == how.kept || !liesOn(e, p, how.tolerance) || all[e.reversed()] || slices.Contains(inserts[at.region][at], p) {
				return true
			}
			if how.borders && !(runsAlong(before, e, how.tolerance) && !all[before.reversed()]) &&
				!(runsAlong(ends[v], e, how.tolerance) && !all[ends[v].reversed()]) {
				return true
			}
			if inserts[at.region] == nil {
				inserts[at.region] = make(map[side][]pt)
			}
			inserts[at.region][at] = append(inserts[at.region][at], p)
			return true
		})
	}
	changed = make([]bool, len(regions))
	for i := range regions {
		if len(inserts[i]) > 0 {
			regions[i], changed[i] = inserted(regions[i], i, inserts[i])
		}
	}
	return changed
}

// liesOn says whether p lies within tolerance (mm) of e between its ends.
func liesOn(e edge, p pt, tolerance float64) bool {
	if p == e.a || p == e.b {
		return false
	}
	t, offset := along(e.a, e.b, p)
	return 0 < t && t < 1 && offset <= tolerance
}

// runsAlong says whether f, which has an end within tolerance (mm) of e, runs
// the other way along it within the tolerance.
func runsAlong(f, e edge, tolerance float64) bool {
	d, c := e.b.minus(e.a), f.b.minus(f.a)
	if float64(d.x)*float64(c.x)+float64(d.y)*float64(c.y) >= 0 {
		return false
	}
	near := 0
	for _, p := range [2]pt{f.a, f.b} {
		if p == e.a || p == e.b || liesOn(e, p, tolerance) {
			near++
		}
	}
	return near == 2 || liesOn(f, e.a, tolerance) || liesOn(f, e.b, tolerance)
}

// inserted puts the points into the edges that they lie on: all of them, or, if
// the region would not be valid then, those one after another that leave it
// valid.
func inserted(r region, number int, inserts map[side][]pt) (region, bool) {
	all := r.with(number, inserts)
	if validate(all) == nil {
		return all, true
	}
	if validate(r) != nil {
		return r, false
	}
	accepted := make(map[side][]pt)
	best := r
	keys := make([]side, 0, len(inserts))
	for s := range inserts {
		keys = append(keys, s)
	}
	slices.SortFunc(keys, func(s, t side) int {
		return cmp.Or(cmp.Compare(s.part, t.part), cmp.Compare(s.ring, t.ring), cmp.Compare(s.k, t.k))
	})
	for _, s := range keys {
		for _, p := range inserts[s] {
			accepted[s] = append(accepted[s], p)
			if tried := r.with(number, accepted); validate(tried) == nil {
				best = tried
				continue
			}
			accepted[s] = accepted[s][:len(accepted[s])-1]
		}
	}
	return best, len(accepted) > 0 && best.count() > r.count()
}

// with is the region with the points put into its edges, in order along them.
func (r region) with(number int, inserts map[side][]pt) region {
	out := make(region, len(r))
	for j, part := range r {
		out[j] = make([]ring, len(part))
		for n, g := range part {
			out[j][n] = g.with(func(k int) []pt { return inserts[side{number, j, n, k}] })
		}
	}
	return out
}

// with is the ring with the points that inserts gives for each edge put into it,
// in order along the edge.
func (g ring) with(inserts func(k int) []pt) ring {
	out := make(ring, 0, len(g))
	for k, a := range g {
		out = append(out, a)
		if points := inserts(k); len(points) > 0 {
			out = append(out, inOrder(a, g.at(k+1), points)...)
		}
	}
	return out
}

// inOrder is the points in order along a→b, each once.
func inOrder(a, b pt, points []pt) []pt {
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(p, q pt) int {
		s, _ := along(a, b, p)
		t, _ := along(a, b, q)
		return cmp.Or(cmp.Compare(s, t), cmp.Compare(p.x, q.x), cmp.Compare(p.y, q.y))
	})
	return slices.Compact(sorted)
}

// perimeter is the length of all rings in mm.
func (r region) perimeter() float64 {
	length := 0.0
	for e := range r.edges {
		length += distance(e.a, e.b)
	}
	return length
}

// count is the number of vertices.
func (r region) count() int {
	n := 0
	for g := range r.rings {
		n += len(g)
	}
	return n
}
