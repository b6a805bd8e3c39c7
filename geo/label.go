package geo

import "math"

// LabelPoint is the pole of inaccessibility of a polygon's largest part: the
// point inside it farthest from its edges, to a hundredth of the part's extent,
// and its distance from them. Coordinates are of any conformal plane
// (V. Agafonkin, "polylabel", 2016).
func LabelPoint(p MultiPolygon) (at Point, distance float64) {
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
		return Point{}, 0
	}
	b := largest.Bound()
	width, height := b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	size := math.Min(width, height)
	if size == 0 {
		return b.Min, 0
	}
	s := labelSearch{polygon: largest, precision: math.Max(width, height) / 100}
	s.look(b.Center(), 0)
	for x := b.Min[0]; x < b.Max[0]; x += size {
		for y := b.Min[1]; y < b.Max[1]; y += size {
			s.look(Point{x + size/2, y + size/2}, size/2)
		}
	}
	for len(s.queue) > 0 {
		c := s.pop()
		if !s.promising(c.most) || s.looks > mostLooks {
			break
		}
		h := c.half / 2
		for _, d := range [4]Point{{-h, -h}, {h, -h}, {-h, h}, {h, h}} {
			s.look(Point{c.centre[0] + d[0], c.centre[1] + d[1]}, h)
		}
	}
	return s.best, math.Max(s.distance, 0)
}

// mostLooks bounds the search in shapes that have hardly an inside.
const mostLooks = 20000

// labelSearch looks through ever smaller squares, the most promising first.
type labelSearch struct {
	polygon   Polygon
	precision float64
	best      Point
	distance  float64 // of best from the edges, negative outside
	looks     int
	queue     []labelSquare // a binary heap
}

// labelSquare is a square with the most that a point of it can be away from the
// polygon's edges.
type labelSquare struct {
	centre     Point
	half, most float64
}

// look notes what a square's centre is worth, and the square where it may hold
// something better.
func (s *labelSearch) look(centre Point, half float64) {
	d := edgeDistance(centre, s.polygon)
	if s.looks == 0 || d > s.distance {
		s.best, s.distance = centre, d
	}
	most := d + half*math.Sqrt2
	s.looks++
	if half == 0 || !s.promising(most) {
		return
	}
	s.queue = append(s.queue, labelSquare{centre, half, most})
	for i := len(s.queue) - 1; i > 0; {
		parent := (i - 1) / 2
		if s.queue[parent].most >= s.queue[i].most {
			break
		}
		s.queue[parent], s.queue[i] = s.queue[i], s.queue[parent]
		i = parent
	}
}

// promising says whether a square that holds something at most so far from the
// edges is worth looking into: of a network of roads, narrower than the
// precision, any point inside is.
func (s *labelSearch) promising(most float64) bool {
	if s.distance <= 0 {
		return most > 0
	}
	return most-s.distance > s.precision
}

func (s *labelSearch) pop() labelSquare {
	top := s.queue[0]
	last := len(s.queue) - 1
	s.queue[0] = s.queue[last]
	s.queue = s.queue[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return top
		}
		if child+1 < last && s.queue[child+1].most > s.queue[child].most {
			child++
		}
		if s.queue[i].most >= s.queue[child].most {
			return top
		}
		s.queue[i], s.queue[child] = s.queue[child], s.queue[i]
		i = child
	}
}

func edgeDistance(at Point, p Polygon) float64 {
	inside := false
	nearest := math.Inf(1) // squared
	for _, ring := range p {
		if len(ring) == 0 {
			continue
		}
		a := ring[len(ring)-1]
		for _, b := range ring {
			if (a[1] > at[1]) != (b[1] > at[1]) && at[0] < (b[0]-a[0])*(at[1]-a[1])/(b[1]-a[1])+a[0] {
				inside = !inside
			}
			if d := squaredDistance(at, a, b); d < nearest {
				nearest = d
			}
			a = b
		}
	}
	if inside {
		return math.Sqrt(nearest)
	}
	return -math.Sqrt(nearest)
}

func squaredDistance(at, a, b Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	x, y := at[0]-a[0], at[1]-a[1]
	if along, length := x*dx+y*dy, dx*dx+dy*dy; along >= length && length > 0 {
		x, y = x-dx, y-dy
	} else if along > 0 {
		t := along / length
		x, y = x-t*dx, y-t*dy
	}
	return x*x + y*y
}
