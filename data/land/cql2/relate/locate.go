package relate

import "github.com/paulmach/orb"

// Location is where a point lies to a shape.
type Location int

// The locations. The boundary of lines is their ends, but for those in which an
// even number of them ends; points have none.
const (
	Interior Location = iota
	Boundary
	Exterior
)

// Locate tells where a point lies. Exact.
func (s *Shape) Locate(p orb.Point) Location {
	if p[0] < s.bound.Min[0] || p[0] > s.bound.Max[0] || p[1] < s.bound.Min[1] || p[1] > s.bound.Max[1] {
		return Exterior
	}
	switch s.dim {
	case 0:
		for _, q := range s.points {
			if p == q {
				return Interior
			}
		}
		return Exterior
	case 1:
		if s.ends[p] {
			return Boundary
		}
		on := !s.search(orb.Bound{Min: p, Max: p}, func(i int) bool {
			t := s.segments[i]
			return orient(t.a, t.b, p) != 0
		})
		if on {
			return Interior
		}
		return Exterior
	}
	return s.locateAmong(p, -1)
}

// locateAmong counts the edges that a ray to the east crosses, but for those of
// one path.
func (s *Shape) locateAmong(p orb.Point, without int32) Location {
	inside := false
	ray := orb.Bound{Min: p, Max: orb.Point{s.bound.Max[0], p[1]}}
	off := s.search(ray, func(i int) bool {
		t := s.segments[i]
		if t.path == without {
			return true
		}
		side := orient(t.a, t.b, p)
		if side == 0 && between(t.a, t.b, p) {
			return false
		}
		if up, down := t.a[1] <= p[1] && t.b[1] > p[1], t.b[1] <= p[1] && t.a[1] > p[1]; up && side > 0 || down && side < 0 {
			inside = !inside
		}
		return true
	})
	switch {
	case !off:
		return Boundary
	case inside:
		return Interior
	}
	return Exterior
}
