package relate

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// Fault says what is wrong with a polygon or several, as a clause, or is empty.
// Rings must not cross, must not run along each other or themselves, and holes
// must lie in their own shell and nowhere else. It judges rings that are closed.
func Fault(g orb.Geometry) geo.Words {
	s := New(g)
	if s.dim < 2 {
		return geo.Words{}
	}
	for _, p := range s.paths {
		if p.past-p.first < 3 {
			return geo.Say("环在 %s 处没有面积", "a ring has no area at %s", told(p.points[0]))
		}
	}
	if fault := s.selfMeeting(); fault != (geo.Words{}) {
		return fault
	}
	for i := range s.paths {
		if fault := s.misplaced(i); fault != (geo.Words{}) {
			return fault
		}
	}
	return geo.Words{}
}

func told(p orb.Point) string { return fmt.Sprintf("%v %v", p[0], p[1]) }

// selfMeeting finds edges that cross or run along each other, and vertices in
// which rings cross.
func (s *Shape) selfMeeting() (fault geo.Words) {
	around := map[orb.Point][]direction{}
	touch := func(p orb.Point, a, b segment) {
		for _, u := range [2]orb.Point{a.a, a.b} {
			for _, v := range [2]orb.Point{b.a, b.b} {
				if p != u && p != v && alongside(p, u, v) {
					fault = geo.Say("两条边在 %s 处重合", "two edges run along each other at %s", told(p))
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
				if crossing := s.pair(a, s.segments[j], touch); crossing != (geo.Words{}) {
					fault = crossing
				}
			}
			return fault == (geo.Words{})
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
				return geo.Say("环在 %s 处相交", "rings cross at %s", told(p))
			}
		}
		if len(directions) > 2 {
			if fault := joints.touch(p, directions, s.paths); fault != (geo.Words{}) {
				return fault
			}
		}
	}
	return geo.Words{}
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

func (j *joints) touch(p orb.Point, directions []direction, paths []path) geo.Words {
	ends, places := map[int32]int{}, map[int]int{}
	for _, d := range directions {
		ends[d.path]++
	}
	for ring, count := range ends {
		if count > 2 {
			return geo.Say("环在 %s 处自相接触", "a ring touches itself at %s", told(p))
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
			return geo.Say("相接的环在 %s 处把内部一分为二", "rings that touch cut the interior in two at %s", told(p))
		}
		j.parent[a] = b
	}
	return geo.Words{}
}

func (s *Shape) pair(a, b segment, touch func(orb.Point, segment, segment)) geo.Words {
	o1, o2 := orient(b.a, b.b, a.a), orient(b.a, b.b, a.b)
	o3, o4 := orient(a.a, a.b, b.a), orient(a.a, a.b, b.b)
	if o1*o2 < 0 && o3*o4 < 0 {
		return geo.Say("%s 至 %s 的边与 %s 至 %s 的边相交", "the edge from %s to %s crosses the one from %s to %s", told(a.a), told(a.b), told(b.a), told(b.b))
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
	return geo.Words{}
}

// misplaced says when a shell lies in another polygon or a hole outside its shell.
func (s *Shape) misplaced(i int) geo.Words {
	ring := s.paths[i]
	want := Exterior
	if ring.hole {
		want = Interior
	}
	for _, p := range ring.points {
		where := s.locateAmong(p, int32(i))
		if where == Boundary {
			continue
		}
		if where != want || ring.hole && s.shellOf(ring).Locate(p) != Interior {
			if ring.hole {
				return geo.Say("孔在 %s 处位于外环之外或另一孔内", "a hole lies outside its shell, or in another hole, at %s", told(p))
			}
			return geo.Say("多边形在 %s 处位于另一多边形内", "a polygon lies in another at %s", told(p))
		}
		return geo.Words{}
	}
	return geo.Words{}
}

func (s *Shape) shellOf(hole path) *Shape {
	i := slices.IndexFunc(s.paths, func(p path) bool { return p.member == hole.member && !p.hole })
	return New(orb.Ring(s.paths[i].points))
}
