package topology

import (
	"math"
	"math/bits"

	"github.com/dikuai/dikuai/geo"
)

// pt is a point of the 0.001 m grid: whole millimetres, east before north. A
// zone-prefixed easting of 40,000,000 m is 4e10 mm, far inside an int64.
type pt struct{ x, y int64 }

// reach bounds what is computed with: 1,000,000 km in mm, ten times more than
// any plane system uses.
const reach = 1_000_000_000_000

func onGrid(p geo.Point) pt {
	return pt{int64(math.Round(p[0] * 1000)), int64(math.Round(p[1] * 1000))}
}

func (p pt) point() geo.Point {
	return geo.Point{float64(p.x) / 1000, float64(p.y) / 1000}
}

func (p pt) minus(q pt) pt { return pt{p.x - q.x, p.y - q.y} }

// before orders points by east, then north; along any straight line it is the
// order along the line.
func (p pt) before(q pt) bool { return p.x < q.x || p.x == q.x && p.y < q.y }

func finite(p geo.Point) bool {
	return math.Abs(p[0]) <= reach/1000 && math.Abs(p[1]) <= reach/1000
}

// turn is the exact sign of the cross product of two differences: +1 when v lies
// anticlockwise of u. Differences under 2³¹ mm (2,147 km) have products under
// 2⁶² and a difference of products under 2⁶³; longer ones go by 128 bits.
func turn(u, v pt) int {
	if short(u) && short(v) {
		return sign(u.x*v.y - u.y*v.x)
	}
	h1, l1 := multiply(u.x, v.y)
	h2, l2 := multiply(u.y, v.x)
	switch {
	case h1 > h2 || h1 == h2 && l1 > l2:
		return 1
	case h1 == h2 && l1 == l2:
		return 0
	}
	return -1
}

// orient is the side of the line a→b on which c lies: +1 left, 0 on it, -1 right.
func orient(a, b, c pt) int { return turn(b.minus(a), c.minus(a)) }

// opposed says whether two parallel differences point opposite ways.
func opposed(u, v pt) bool {
	return sign(u.x)*sign(v.x) < 0 || sign(u.y)*sign(v.y) < 0
}

func short(u pt) bool {
	const limit = 1 << 31
	return -limit < u.x && u.x < limit && -limit < u.y && u.y < limit
}

func multiply(a, b int64) (high int64, low uint64) {
	h, l := bits.Mul64(uint64(a), uint64(b))
	return int64(h) - (a >> 63 & b) - (b >> 63 & a), l
}

func sign(n int64) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// distance is in millimetres.
func distance(a, b pt) float64 {
	return math.Hypot(float64(b.x-a.x), float64(b.y-a.y))
}

// along gives how far along a→b the foot of c's perpendicular lies (0 at a, 1 at
// b) and the perpendicular's length in millimetres.
func along(a, b, c pt) (t, offset float64) {
	d, e := b.minus(a), c.minus(a)
	dx, dy, ex, ey := float64(d.x), float64(d.y), float64(e.x), float64(e.y)
	length := dx*dx + dy*dy
	return (dx*ex + dy*ey) / length, math.Abs(dx*ey-dy*ex) / math.Sqrt(length)
}

// meeting is how two segments meet.
type meeting int

const (
	apart   meeting = iota
	cross           // in one point inside both
	touch           // in one point that is an end of one or both
	overlap         // along a length
)

// meet finds how the segments a–b and c–d meet and, for touch and overlap, a
// point in which they do. Exact.
func meet(a, b, c, d pt) (meeting, pt) {
	if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) ||
		max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) {
		return apart, pt{}
	}
	oc, od := orient(a, b, c), orient(a, b, d)
	if oc == 0 && od == 0 {
		return meetInLine(a, b, c, d)
	}
	if oc*od > 0 {
		return apart, pt{}
	}
	oa, ob := orient(c, d, a), orient(c, d, b)
	switch {
	case oa*ob > 0:
		return apart, pt{}
	case oc == 0:
		return touch, c
	case od == 0:
		return touch, d
	case oa == 0:
		return touch, a
	case ob == 0:
		return touch, b
	}
	return cross, pt{}
}

func meetInLine(a, b, c, d pt) (meeting, pt) {
	if b.before(a) {
		a, b = b, a
	}
	if d.before(c) {
		c, d = d, c
	}
	low, high := a, b
	if low.before(c) {
		low = c
	}
	if d.before(high) {
		high = d
	}
	switch {
	case high.before(low):
		return apart, pt{}
	case low == high:
		return touch, low
	}
	return overlap, low
}

// crossing is where the lines a–b and c–d cross: the fraction of the way from a
// to b, and the place in metres.
func crossing(a, b, c, d pt) (t float64, place geo.Point) {
	u, v, w := b.minus(a), d.minus(c), c.minus(a)
	t = (float64(w.x)*float64(v.y) - float64(w.y)*float64(v.x)) /
		(float64(u.x)*float64(v.y) - float64(u.y)*float64(v.x))
	return t, geo.Point{(float64(a.x) + t*float64(u.x)) / 1000, (float64(a.y) + t*float64(u.y)) / 1000}
}

// fan says whether direction d comes before direction e when turning clockwise
// from direction ref, itself last. Exact.
func fan(ref, d, e pt) bool {
	cd, ce := quarter(ref, d), quarter(ref, e)
	if cd != ce {
		return cd < ce
	}
	return turn(d, e) < 0
}

// quarter is 0 within half a turn clockwise of ref, 1 opposite it, 2 beyond that
// and 3 along ref.
func quarter(ref, d pt) int {
	switch turn(ref, d) {
	case -1:
		return 0
	case 1:
		return 2
	}
	if opposed(ref, d) {
		return 1
	}
	return 3
}

// sector says whether direction d at a vertex points strictly into the left side
// of the path before→at→after (+1), along the path (0) or to its right (-1).
func sector(before, at, after, d pt) int {
	back, on := before.minus(at), after.minus(at)
	if turn(back, d) == 0 && !opposed(back, d) || turn(on, d) == 0 && !opposed(on, d) {
		return 0
	}
	if fan(back, d, on) {
		return 1
	}
	return -1
}
