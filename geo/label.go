package geo

import (
	"container/heap"
	"math"
)

// LabelPoint is the pole of inaccessibility of a polygon's largest part: the
// point inside it farthest from its edges, to a hundredth of the part's extent.
// Coordinates are of any conformal plane (V. Agafonkin, "polylabel", 2016).
func LabelPoint(p MultiPolygon) Point {
	var largest Polygon
	var area float64
	for _, polygon := range p {
		if len(polygon) == 0 {
			continue
		}
		if a := math.Abs(SignedArea(polygon[0])); a > area || largest == nil {
			largest, area = polygon, a
		}
	}
	if len(largest) == 0 || len(largest[0]) == 0 {
		return Point{}
	}
	b := largest.Bound()
	width, height := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	size := math.Min(width, height)
	if size == 0 {
		return b.Min
	}
	precision := math.Max(width, height) / 100
	queue := &cells{}
	for x := b.Min[0]; x < b.Max[0]; x += size {
		for y := b.Min[1]; y < b.Max[1]; y += size {
			heap.Push(queue, newCell(Point{x + size/2, y + size/2}, size/2, largest))
		}
	}
	best := newCell(b.Center(), 0, largest)
	for queue.Len() > 0 {
		c := heap.Pop(queue).(cell)
		if c.distance > best.distance {
			best = c
		}
		if c.most-best.distance <= precision {
			break
		}
		h := c.half / 2
		for _, d := range []Point{{-h, -h}, {h, -h}, {-h, h}, {h, h}} {
			heap.Push(queue, newCell(Point{c.centre[0] + d[0], c.centre[1] + d[1]}, h, largest))
		}
	}
	return best.centre
}

// cell is a square with its centre's distance to the polygon's edges (negative
// outside) and the most that any of its points can have.
type cell struct {
	centre         Point
	half           float64
	distance, most float64
}

func newCell(centre Point, half float64, p Polygon) cell {
	d := edgeDistance(centre, p)
	return cell{centre, half, d, d + half*math.Sqrt2}
}

func edgeDistance(at Point, p Polygon) float64 {
	inside := false
	nearest := math.Inf(1)
	for _, ring := range p {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			if (a[1] > at[1]) != (b[1] > at[1]) && at[0] < (b[0]-a[0])*(at[1]-a[1])/(b[1]-a[1])+a[0] {
				inside = !inside
			}
			nearest = math.Min(nearest, segmentDistance(at, a, b))
		}
	}
	if inside {
		return nearest
	}
	return -nearest
}

func segmentDistance(at, a, b Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if dx != 0 || dy != 0 {
		t := ((at[0]-a[0])*dx + (at[1]-a[1])*dy) / (dx*dx + dy*dy)
		t = math.Min(1, math.Max(0, t))
		a = Point{a[0] + t*dx, a[1] + t*dy}
	}
	return math.Hypot(at[0]-a[0], at[1]-a[1])
}

// cells is a heap of the most promising cell first.
type cells []cell

func (c cells) Len() int           { return len(c) }
func (c cells) Less(i, j int) bool { return c[i].most > c[j].most }
func (c cells) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *cells) Push(x any)        { *c = append(*c, x.(cell)) }
func (c *cells) Pop() any {
	old := *c
	last := old[len(old)-1]
	*c = old[:len(old)-1]
	return last
}
