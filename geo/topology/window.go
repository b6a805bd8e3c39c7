package topology

import "github.com/dikuai/dikuai/geo"

// Window measures how much of other polygons lies inside one polygon. It builds
// no overlay: the area common to two polygons is the sum, over every pair of a
// side of one with a side of the other, of the land that lies under both, with
// the sides' signs. So nothing hangs on where sides cross, and there is no case
// that fails. Safe for concurrent use.
type Window struct {
	slopes      []slope
	columns     [][]int32 // of equal width from left to right, the slopes over each
	left, right int64
}

// slope is a side from left to right; under it lies land, or with the sign −1
// land that is taken away again.
type slope struct {
	x0, y0, x1, y1 int64
	sign           float64
}

// mostColumns bounds the columns into which a window's sides are sorted.
const mostColumns = 256

// NewWindow makes a window of a valid polygon in plane metres, on the 0.001 m grid.
func NewWindow(p geo.MultiPolygon) *Window {
	w := &Window{slopes: slopesOf(p)}
	if len(w.slopes) == 0 {
		return w
	}
	w.left, w.right = w.slopes[0].x0, w.slopes[0].x1
	for _, s := range w.slopes {
		w.left, w.right = min(w.left, s.x0), max(w.right, s.x1)
	}
	w.columns = make([][]int32, min(mostColumns, len(w.slopes)))
	for i, s := range w.slopes {
		for c := w.column(s.x0); c <= w.column(s.x1); c++ {
			w.columns[c] = append(w.columns[c], int32(i))
		}
	}
	return w
}

// column is the one in which x lies, or the nearest.
func (w *Window) column(x int64) int {
	n := len(w.columns)
	c := int(float64(x-w.left) / float64(w.right-w.left) * float64(n))
	return min(max(c, 0), n-1)
}

func slopesOf(p geo.MultiPolygon) []slope {
	var all []slope
	for e := range regionOf(p).edges { // land on the left
		switch {
		case e.a.x < e.b.x:
			all = append(all, slope{e.a.x, e.a.y, e.b.x, e.b.y, -1})
		case e.a.x > e.b.x:
			all = append(all, slope{e.b.x, e.b.y, e.a.x, e.a.y, 1})
		}
	}
	return all
}

// Area is the plane area of what of a valid polygon lies in the window. It is that
// of the polygons as they are on the grid, but for the rounding of sums.
func (w *Window) Area(p geo.MultiPolygon) geo.SquareMetres {
	own := slopesOf(p)
	if len(own) == 0 || len(w.slopes) == 0 {
		return 0
	}
	left, right, base := own[0].x0, own[0].x1, own[0].y0
	for _, s := range own {
		left, right, base = min(left, s.x0), max(right, s.x1), min(base, s.y0, s.y1)
	}
	if right <= w.left || left >= w.right {
		return 0
	}
	first, last := w.column(left), w.column(right)
	var sum float64
	for c := first; c <= last; c++ {
		for _, i := range w.columns[c] {
			s := w.slopes[i]
			if c != max(first, w.column(s.x0)) || max(s.y0, s.y1) <= base {
				continue // counted in another column, or wholly below
			}
			for _, t := range own {
				sum += s.sign * t.sign * common(t, s, base)
			}
		}
	}
	return geo.SquareMetres(max(sum/1e6, 0))
}

// common is the land above base under both of two sides, the first of which lies
// above base, in mm².
func common(s, t slope, base int64) float64 {
	left, right := max(s.x0, t.x0), min(s.x1, t.x1)
	if left >= right {
		return 0
	}
	return under(float64(right-left), s.at(left, base), s.at(right, base), t.at(left, base), t.at(right, base))
}

// at is the side's height above base at x.
func (s slope) at(x, base int64) float64 {
	return float64(s.y0-base) + float64(s.y1-s.y0)*(float64(x-s.x0)/float64(s.x1-s.x0))
}

// under integrates, over a width, the lesser of two heights that go evenly from
// a0 to a1 and from b0 to b1, or 0 where the second is below that.
func under(width, a0, a1, b0, b1 float64) float64 {
	if b0 <= 0 && b1 <= 0 {
		return 0
	}
	if (b0 < 0) != (b1 < 0) { // leave the stretch out on which b is below
		k := b0 / (b0 - b1)
		at := a0 + (a1-a0)*k
		if b0 < 0 {
			width, a0, b0 = width*(1-k), at, 0
		} else {
			width, a1, b1 = width*k, at, 0
		}
	}
	if d0, d1 := a0-b0, a1-b1; d0*d1 < 0 { // they cross
		k := d0 / (d0 - d1)
		at := a0 + (a1-a0)*k
		return width*k*(min(a0, b0)+at)/2 + width*(1-k)*(at+min(a1, b1))/2
	}
	return width * (min(a0, b0) + min(a1, b1)) / 2
}
