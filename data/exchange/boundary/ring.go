package boundary

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// maxRings bounds the rings of one plot, because each is compared with each.
const maxRings = 1000

// Tolerances for a ring's end, in metres (check 2103), with a thousandth of a
// millimetre for what decimals lose in binary.
const (
	closeExactly = 0.001 + 1e-6
	closeAtMost  = 0.05 + 1e-6
)

// trace is one ring's points in file order, without the closing one.
type trace struct {
	number int // 地块圈号
	points []point
	closed bool // the file repeated the first point
}

// traces groups a plot's points by ring number in the order of the file. A ring
// that has come back to its first point is complete; points that follow under
// the same number make a further ring, unless they repeat that point.
func traces(points []point) []*trace {
	var all []*trace
	latest := map[int]*trace{}
	for _, p := range points {
		t := latest[p.ring]
		switch {
		case t == nil || t.closed && !same(p, t.points[0]):
			t = &trace{number: p.ring, points: []point{p}}
			latest[p.ring] = t
			all = append(all, t)
		case t.closed:
		case len(t.points) >= 2 && same(p, t.points[0]) && !same(p, t.points[len(t.points)-1]):
			t.closed = true
		default:
			t.points = append(t.points, p)
		}
	}
	return all
}

func same(a, b point) bool { return a.north == b.north && a.east == b.east }

// end looks at the last point of a ring that did not come back to its first
// exactly: it may be the first point again, by its number, a little off, or the
// closing point that some exporters write as X,X.
func (r *reader) end(s intake.Site, t *trace) {
	last := len(t.points) - 1
	if t.closed || last < 3 {
		return
	}
	first, p := t.points[0], t.points[last]
	gap := math.Hypot(p.north-first.north, p.east-first.east)
	unit := 1.0
	if s.CRS.Geographic() {
		unit = 1e-5 // a metre in degrees, nearly
	}
	told := land.Finding{Code: "2103", Severity: land.Warn, Row: p.row, PlotNo: s.PlotNo, Place: intake.Locate(s.CRS, first.xy())}.Measuring(gap/unit, 0.05, "m")
	switch {
	case gap <= closeExactly*unit:
	case p.north == p.east && (p.north == first.north || p.north == first.east):
		r.log.Add(told.Saying(geo.Say("第 %d 环以 %s,%.3f,%.3f 结尾：同一坐标写了两次；已用首点闭合",
			"ring %d ends with %s,%.3f,%.3f: one coordinate is written twice; it was closed with its first point", t.number, p.label, p.north, p.east), geo.Words{}))
	case p.label != first.label:
		return
	case gap <= closeAtMost*unit:
		r.log.Add(told.Saying(geo.Say("第 %d 环的末点距首点 %[3]s %.3[2]f 米；已用首点闭合",
			"ring %d ends %.3f m from its first point %s; it was closed with the first", t.number, gap/unit, first.label), geo.Words{}))
	default:
		told.Severity = land.Block
		r.log.Add(told.Saying(
			geo.Say("第 %d 环又以点 %s 结尾，但距起点 %.3f 米", "ring %d ends with point %s again, but %.3f m from where it began", t.number, p.label, gap/unit),
			geo.Say("请改正闭合点，或给它单独编号", "correct the closing point, or number it as a point of its own")))
	}
	t.points, t.closed = t.points[:last], true
}

// outline makes the plot's polygon in crs, x before y, from its rings. Holes are
// told by containment and not by the ring's number, because rings from 2 on may
// as well be separate parts.
func (r *reader) outline(s intake.Site, extent intake.Extent, points []point) (geo.MultiPolygon, []*trace) {
	all := traces(points)
	if len(all) > maxRings {
		s.Refuse(&r.log, "2102", geo.Say("地块有 %d 个环", "the plot has %d rings", len(all)), geo.Say("每个地块最多 %d 个环", "deliver plots of at most %d rings", maxRings))
		return nil, all
	}
	faults := r.log.Faults()
	for _, t := range all {
		r.end(s, t)
	}
	if !r.inRange(s, extent, all) {
		return nil, all
	}
	var rings []geo.Ring
	for _, t := range all {
		if !t.closed {
			r.log.Tally(land.Finding{Code: "2103", Severity: land.Warn, Row: t.points[0].row, PlotNo: s.PlotNo}.Saying(
				geo.Say("第 %d 环没有重复首点 %s；已闭合", "ring %d does not repeat its first point %s; it was closed", t.number, t.points[0].label), geo.Words{}))
		}
		ring := make(geo.Ring, 0, len(t.points)+1)
		for _, p := range t.points {
			ring = append(ring, p.xy())
		}
		at := s
		at.Row = t.points[0].row
		rings = append(rings, at.CleanRing(&r.log, t.number, append(ring, ring[0])))
	}
	if r.log.Faults() > faults {
		return nil, all
	}
	p := nest(rings)
	if len(p) > 1 {
		r.log.Add(land.Finding{Code: "2109", Severity: land.Warn, Row: s.Row, PlotNo: s.PlotNo}.Saying(
			geo.Say("地块由 %d 个分离的部分组成：圈号被用于部件", "the plot has %d separate parts: ring numbers (圈号) are used for parts", len(p)),
			geo.Say("除非文件把各部分列为一宗，请给每部分单独编号", "give each part a plot number of its own unless the document names them together")))
	}
	return p, all
}

// nest sorts closed rings into polygons: a ring inside an even number of others
// is an outer one, inside an odd number a hole of the smallest around it.
func nest(rings []geo.Ring) geo.MultiPolygon {
	slices.SortStableFunc(rings, func(a, b geo.Ring) int {
		return cmp.Compare(math.Abs(geo.SignedArea(b)), math.Abs(geo.SignedArea(a)))
	})
	bounds := make([]orb.Bound, len(rings))
	for i, ring := range rings {
		bounds[i] = ring.Bound()
	}
	var p geo.MultiPolygon
	depth, part := make([]int, len(rings)), make([]int, len(rings))
	for i, ring := range rings {
		around := -1
		for j := range i {
			if bounds[j].Contains(bounds[i].Min) && bounds[j].Contains(bounds[i].Max) && inside(ring, rings[j]) {
				depth[i]++
				around = j
			}
		}
		if depth[i]%2 == 1 {
			part[i] = part[around]
			p[part[i]] = append(p[part[i]], ring)
			continue
		}
		part[i] = len(p)
		p = append(p, geo.Polygon{ring})
	}
	for _, polygon := range p {
		intake.Orient(polygon)
	}
	return p
}

// inside says whether a ring lies in another, by its first vertex or, failing
// that, edge middle that is not on the other's line. Rings that cross are left
// to the register's validity check.
func inside(ring, other geo.Ring) bool {
	for i := range len(ring) - 1 {
		a, b := ring[i], ring[i+1]
		for _, q := range []geo.Point{a, {(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}} {
			switch where(q, other) {
			case within:
				return true
			case outside:
				return false
			}
		}
	}
	return false
}

type side int

const (
	outside side = iota
	on
	within
)

// where tells the side of a closed ring on which a point lies, by the crossings
// of a ray to the east.
func where(q geo.Point, ring geo.Ring) side {
	in := false
	for i := range len(ring) - 1 {
		a, b := ring[i], ring[i+1]
		if (a[1] > q[1]) == (b[1] > q[1]) {
			if a[1] == q[1] && b[1] == q[1] && min(a[0], b[0]) <= q[0] && q[0] <= max(a[0], b[0]) || a == q || b == q {
				return on
			}
			continue
		}
		turn := (b[0]-a[0])*(q[1]-a[1]) - (b[1]-a[1])*(q[0]-a[0])
		if turn == 0 {
			return on
		}
		if (turn > 0) == (b[1] > a[1]) {
			in = !in
		}
	}
	if in {
		return within
	}
	return outside
}
