package relate

import "github.com/paulmach/orb"

// Shape is a geometry made ready to be related. The zero value is empty.
type Shape struct {
	geometry orb.Geometry
	dim      int // 0 points, 1 lines, 2 areas
	points   []orb.Point
	paths    []path
	segments []segment
	ends     map[orb.Point]bool // of lines: whether the point is an end of an odd number of them
	bound    orb.Bound
	tree     *tree
	oriented bool
	vectors  [][2]vector // the segments on the sphere, when prepared
}

// path is a line or a ring.
type path struct {
	points []orb.Point
	hole   bool
	member int  // the polygon to which it belongs
	left   bool // of rings: whether the interior is on the left
	first  int  // its segments
	past   int
}

// segment is a piece of a path that is not a point.
type segment struct {
	a, b orb.Point
	path int32
}

func (s segment) box() orb.Bound {
	return orb.Bound{
		Min: orb.Point{min(s.a[0], s.b[0]), min(s.a[1], s.b[1])},
		Max: orb.Point{max(s.a[0], s.b[0]), max(s.a[1], s.b[1])},
	}
}

func overlap(a, b orb.Bound) bool {
	return a.Min[0] <= b.Max[0] && b.Min[0] <= a.Max[0] && a.Min[1] <= b.Max[1] && b.Min[1] <= a.Max[1]
}

// New takes a point, line, polygon or several of one kind; rings may turn either
// way. Rings and polygons must be valid, which Fault tells. A collection is empty.
func New(g orb.Geometry) *Shape {
	s := &Shape{geometry: g}
	switch g := g.(type) {
	case orb.Point:
		s.points = []orb.Point{g}
	case orb.MultiPoint:
		s.points = g
	case orb.LineString:
		s.dim = 1
		s.addPath(g, false, 0)
	case orb.MultiLineString:
		s.dim = 1
		for i, line := range g {
			s.addPath(line, false, i)
		}
	case orb.Ring:
		s.dim = 2
		s.addPath(g, false, 0)
	case orb.Polygon:
		s.dim = 2
		s.addPolygon(g, 0)
	case orb.MultiPolygon:
		s.dim = 2
		for i, polygon := range g {
			s.addPolygon(polygon, i)
		}
	case orb.Bound:
		s.dim = 2
		s.addPolygon(g.ToPolygon(), 0)
	}
	s.finish()
	return s
}

func (s *Shape) addPolygon(g orb.Polygon, member int) {
	for i, ring := range g {
		s.addPath(ring, i > 0, member)
	}
}

func (s *Shape) addPath(points []orb.Point, hole bool, member int) {
	if len(points) > 1 {
		s.paths = append(s.paths, path{points: points, hole: hole, member: member})
	}
}

func (s *Shape) finish() {
	count := 0
	for _, p := range s.paths {
		count += len(p.points) - 1
	}
	if count > 0 {
		s.segments = make([]segment, 0, count)
	}
	for i := range s.paths {
		p := &s.paths[i]
		p.first = len(s.segments)
		for j := 1; j < len(p.points); j++ {
			if p.points[j-1] != p.points[j] {
				s.segments = append(s.segments, segment{p.points[j-1], p.points[j], int32(i)})
			}
		}
		p.past = len(s.segments)
	}
	s.bound = s.computeBound()
	if s.dim == 1 {
		s.ends = map[orb.Point]bool{}
		for _, p := range s.paths {
			for _, end := range [2]orb.Point{p.points[0], p.points[len(p.points)-1]} {
				s.ends[end] = !s.ends[end]
			}
		}
	}
	const many = 48
	if len(s.segments) > many {
		s.tree = newTree(s.segments)
	}
}

func (s *Shape) computeBound() orb.Bound {
	b := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}
	first := true
	extend := func(p orb.Point) {
		if first {
			b, first = orb.Bound{Min: p, Max: p}, false
			return
		}
		b.Min[0], b.Min[1] = min(b.Min[0], p[0]), min(b.Min[1], p[1])
		b.Max[0], b.Max[1] = max(b.Max[0], p[0]), max(b.Max[1], p[1])
	}
	for _, p := range s.points {
		extend(p)
	}
	for _, p := range s.paths {
		for _, q := range p.points {
			extend(q)
		}
	}
	return b
}

// Prepare computes what is else computed when first needed, so that several
// goroutines may relate the shape with their own.
func (s *Shape) Prepare() { s.orientRings() }

// Geometry is what the shape was made of.
func (s *Shape) Geometry() orb.Geometry { return s.geometry }

// Bound is the box around the shape.
func (s *Shape) Bound() orb.Bound { return s.bound }

// Dimension is 0 for points, 1 for lines, 2 for areas.
func (s *Shape) Dimension() int { return s.dim }

func (s *Shape) empty() bool { return len(s.points) == 0 && len(s.paths) == 0 }

// orientRings finds on which side of each ring the interior is.
func (s *Shape) orientRings() {
	if s.dim < 2 || s.oriented {
		return
	}
	s.oriented = true
	for i := range s.paths {
		p := &s.paths[i]
		p.left = anticlockwise(s.segments[p.first:p.past]) != p.hole
	}
}

// anticlockwise says which way a ring turns: its lowest and of those leftmost
// vertex is convex.
func anticlockwise(ring []segment) bool {
	low := 0
	for i, s := range ring {
		if l := ring[low].a; s.a[1] < l[1] || s.a[1] == l[1] && s.a[0] < l[0] {
			low = i
		}
	}
	before := ring[(low+len(ring)-1)%len(ring)]
	return orient(before.a, ring[low].a, ring[low].b) > 0
}

// search visits the segments whose boxes meet a box until visit returns false.
func (s *Shape) search(box orb.Bound, visit func(i int) bool) bool {
	if s.tree != nil {
		return s.tree.search(box, visit)
	}
	for i, t := range s.segments {
		if overlap(t.box(), box) && !visit(i) {
			return false
		}
	}
	return true
}
