package layout

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// cutCorners makes the corners between the arms of a node.
func (at *node) cutCorners() {
	at.corners = make([][]geo.Point, len(at.ends))
	for i, a := range at.ends {
		b := at.ends[(i+1)%len(at.ends)]
		var opposite float64
		for _, e := range at.ends {
			if a.arm.curve.width > 0 && e.arm.curve != a.arm.curve {
				opposite = e.arm.curve.width
			}
		}
		at.corners[i] = cutCorner(at.at, a, b, opposite)
	}
}

// cutCorner joins the left side of a with the right side of b, which follows it
// anticlockwise, and notes on both arms where their sides begin. Where two roads
// meet, the corner is cut off. Where one goes on past the mouth of another,
// whose width is opposite, its side goes on, with points across from the mouth's
// corners so that the junction can be told from the road.
func cutCorner(node geo.Point, a, b end, opposite float64) []geo.Point {
	ca, cb := a.arm.curve, b.arm.curve
	sa, sb := ca.sides[a.side(left)], cb.sides[b.side(right)]
	pa, pb := a.place(left), b.place(right)
	if ca == cb {
		*pa, *pb = float64(a.index()), float64(b.index())
		through := sa[a.index()]
		if opposite == 0 {
			return []geo.Point{through}
		}
		run := opposite/2 + cutback(ca.width, opposite)
		*pa, *pb = advance(sa, *pa, a.outward(run)), advance(sb, *pb, b.outward(run))
		return []geo.Point{at(sa, *pa), through, at(sb, *pb)}
	}
	*pa, *pb = nearest(node, sa, a.index(), sb, b.index())
	tip := at(sa, *pa)
	cut := cutback(ca.width, cb.width)
	if cut == 0 {
		return []geo.Point{tip}
	}
	*pa, *pb = advance(sa, *pa, a.outward(cut)), advance(sb, *pb, b.outward(cut))
	from, to := at(sa, *pa), at(sb, *pb)
	corner := []geo.Point{from}
	if rounded := ca.width+cb.width >= 40; rounded {
		for _, t := range []float64{0.25, 0.5, 0.75} {
			corner = append(corner, plus(plus(times(from, (1-t)*(1-t)), times(tip, 2*t*(1-t))), times(to, t*t)))
		}
	}
	return append(corner, to)
}

// cutback is how far from the tip a corner between two roads is cut off, in
// metres: more for wider roads, nothing at the park's outline.
func cutback(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return 4 + (a+b)/5
}

// nearest is the crossing of two sides that lies nearest to a node, as places on
// both. It looks only about the node's own points, since a closed curve passes
// its seam twice.
func nearest(node geo.Point, a []geo.Point, ia int, b []geo.Point, ib int) (pa, pb float64) {
	best := math.Inf(1)
	for i := max(0, ia-overlap); i < min(ia+overlap, len(a)-1); i++ {
		for j := max(0, ib-overlap); j < min(ib+overlap, len(b)-1); j++ {
			t, u, ok := meet(a[i], a[i+1], b[j], b[j+1])
			if !ok {
				continue
			}
			if d := distance(node, between(a[i], a[i+1], t)); d < best {
				best, pa, pb = d, float64(i)+t, float64(j)+u
			}
		}
	}
	return pa, pb
}
