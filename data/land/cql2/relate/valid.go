package relate

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// Fault says what is wrong with a polygon or several, as a clause, or is empty.
// Rings must not cross, must not run along each other or themselves, and holes
// must lie in their own shell and nowhere else. It judges rings that are closed.
func Fault(g orb.Geometry) string {
	s := New(g)
	if s.dim < 2 {
		return ""
	}
	for _, p := range s.paths {
		if p.past-p.first < 3 {
			return fmt.Sprintf("a ring has no area at %v", told(p.points[0]))
		}
	}
	if fault := s.selfMeeting(); fault != "" {
		return fault
	}
	for i := range s.paths {
		if fault := s.misplaced(i); fault != "" {
			return fault
		}
	}
	return ""
}

func told(p orb.Point) string { return fmt.Sprintf("%v %v", p[0], p[1]) }

// selfMeeting finds edges that cross or run along each other, and vertices in
// which rings cross.
func (s *Shape) selfMeeting() (fault string) {
	around := map[orb.Point][]direction{}
	touch := func(p orb.Point, a, b segment) {
		for _, u := range [2]orb.Point{a.a, a.b} {
			for _, v := range [2]orb.Point{b.a, b.b} {
				if p != u && p != v && alongside(p, u, v) {
					fault = "two edges run along each other at " + told(p)
				}
			}
		}
		for _, t := range [2]segment{a, b} {
			left := s.paths[t.path].left
			for _, d := range [2]direction{{t.b, left, t.path}, {t.a, !left, t.path}} {
				if d.to != p && !slices.Contains(around[p], d) {
					around[p] = append(around[p], d)
				}
			}
		}
	}
	s.orientRings()
	for i, a := range s.segments {
		done := s.search(a.box(), func(j int) bool {
			if j > i {
				if crossing := s.pair(a, s.segments[j], touch); crossing != "" {
					fault = crossing
				}
			}
			return fault == ""
		})
		if !done {
			return fault
		}
	}
	joints := newJoints(len(s.paths))
	for p, directions := range around {
		slices.SortFunc(directions, func(d, e direction) int {
			if angleBefore(p, d.to, e.to) {
				return -1
			}
			return 1
		})
		for i, d := range directions {
			if d.left == directions[(i+1)%len(directions)].left {
				return "rings cross at " + told(p)
			}
		}
		if len(directions) > 2 {
			if fault := joints.touch(p, directions, s.paths); fault != "" {
				return fault
			}
		}
	}
	return ""
}

// joints finds out whether touching rings cut a polygon's interior in two: they
// do when they are joined to each other by more than one way.
type joints struct{ parent []int }

func newJoints(paths int) *joints {
	j := &joints{}
	for i := range paths {
		j.parent = append(j.parent, i)
	}
	return j
}

func (j *joints) root(i int) int {
	for j.parent[i] != i {
		i = j.parent[i]
	}
	return i
}

func (j *joints) touch(p orb.Point, directions []direction, paths []path) string {
	ends, places := map[int32]int{}, map[int]int{}
	for _, d := range directions {
		ends[d.path]++
	}
	for ring, count := range ends {
		if count > 2 {
			return "a ring touches itself at " + told(p)
		}
		member := paths[ring].member
		place, ok := places[member]
		if !ok {
			place = len(j.parent)
			places[member] = place
			j.parent = append(j.parent, place)
		}
		a, b := j.root(int(ring)), j.root(place)
		if a == b {
			return "rings that touch cut the interior in two at " + told(p)
		}
		j.parent[a] = b
	}
	return ""
}

func (s *Shape) pair(a, b segment, touch func(orb.Point, segment, segment)) string {
	o1, o2 := orient(b.a, b.b, a.a), orient(b.a, b.b, a.b)
	o3, o4 := orient(a.a, a.b, b.a), orient(a.a, a.b, b.b)
	if o1*o2 < 0 && o3*o4 < 0 {
		return fmt.Sprintf("the edge from %s to %s crosses the one from %s to %s", told(a.a), told(a.b), told(b.a), told(b.b))
	}
	var last *orb.Point
	for _, end := range [4]struct {
		side int
		s    segment
		p    orb.Point
	}{{o1, b, a.a}, {o2, b, a.b}, {o3, a, b.a}, {o4, a, b.b}} {
		if end.side == 0 && between(end.s.a, end.s.b, end.p) {
			if last != nil && *last == end.p {
				continue
			}
			last = &end.p
			touch(end.p, a, b)
		}
	}
	return ""
}

// misplaced says when a shell lies in another polygon or a hole outside its shell.
func (s *Shape) misplaced(i int) string {
	ring := s.paths[i]
	want, fault := Exterior, "a polygon lies in another at "
	if ring.hole {
		want, fault = Interior, "a hole lies outside its shell, or in another hole, at "
	}
	for _, p := range ring.points {
		where := s.locateAmong(p, int32(i))
		if where == Boundary {
			continue
		}
		if where != want || ring.hole && s.shellOf(ring).Locate(p) != Interior {
			return fault + told(p)
		}
		return ""
	}
	return ""
}

func (s *Shape) shellOf(hole path) *Shape {
	i := slices.IndexFunc(s.paths, func(p path) bool { return p.member == hole.member && !p.hole })
	return New(orb.Ring(s.paths[i].points))
}
