package mosaic

// assemble is the memory of putting arcs together to rings.
type assemble struct {
	ringOf  []int32 // a half arc's ring, -1 for none yet
	walk    []int32 // half arcs on the way
	passed  []int32 // pinches on the way
	seen    []int32 // how much of walk the way had behind it at each pinch, 0 for not seen
	at      []int32 // the lattice's coordinates in tile units
	rings   []ring
	halves  []int32 // of holes
	points  [][2]int32
	slices  [][][2]int32
	shapes  []Shape
	count   []int32
	byPlace []int32
}

// ring is a closed way along half arcs with land of one class on its right.
type ring struct {
	start, end int32 // its points
	from, to   int32 // a hole's half arcs
	outer      int32 // the ring that it lies in, itself when it is an outer one, -1 when not known
	hole       int32 // an outer ring's first hole or a hole's next, -1 for none
	place      uint16
}

// shapes puts the arcs together.
func (o *outline) shapes(g *Grid, margin int) []Shape {
	s := &o.assemble
	unit := Extent / g.side
	s.at = s.at[:0]
	for i := range o.stride {
		s.at = append(s.at, int32((i-2)*unit))
	}
	s.at[1], s.at[o.stride-1] = int32(-margin), int32(Extent+margin)
	o.findRings()
	for i := len(s.rings) - 1; i >= 0; i-- { // backwards, so that holes come as found
		if outer := o.outerOf(int32(i)); outer != int32(i) {
			r, p := &s.rings[i], &s.rings[outer]
			r.hole, p.hole = p.hole, int32(i)
		}
	}
	return o.collect(g)
}

// findRings walks around all land. Where a way comes to a pinch again, the loop
// between is a ring of its own.
func (o *outline) findRings() {
	s := &o.assemble
	s.ringOf = resize(s.ringOf, len(o.next), -1)
	s.seen = resize(s.seen, len(o.pinches)/4, 0)
	s.rings, s.halves, s.points = s.rings[:0], s.halves[:0], s.points[:0]
	for i := range o.next {
		half := int32(i)
		if o.sides[half] == 0 || s.ringOf[half] >= 0 {
			continue
		}
		for h := half; ; {
			s.walk = append(s.walk, h)
			next := o.next[h]
			if next < 0 {
				pinch := ^next / 4
				next = o.pinches[^next]
				if behind := s.seen[pinch]; behind > 0 {
					o.close(int(behind))
				} else {
					s.seen[pinch] = int32(len(s.walk))
					s.passed = append(s.passed, pinch)
				}
			}
			if next == half {
				break
			}
			h = next
		}
		o.close(0)
	}
}

// close makes a ring of the walk but for what is behind and takes it off.
func (o *outline) close(behind int) {
	s := &o.assemble
	walk := s.walk[behind:]
	s.walk = s.walk[:behind]
	for n := len(s.passed); n > 0 && int(s.seen[s.passed[n-1]]) > behind; n-- {
		s.seen[s.passed[n-1]] = 0
		s.passed = s.passed[:n-1]
	}
	id := int32(len(s.rings))
	for _, h := range walk {
		s.ringOf[h] = id
	}
	r := ring{place: o.sides[walk[0]], outer: id, hole: -1}
	if r.start, r.end = o.draw(walk); doubled(s.points[r.start:r.end]) < 0 {
		r.outer, r.from = -1, int32(len(s.halves))
		s.halves = append(s.halves, walk...)
		r.to = int32(len(s.halves))
	}
	s.rings = append(s.rings, r)
}

// draw appends a ring's points, without those in line with their neighbours.
func (o *outline) draw(walk []int32) (start, end int32) {
	s := &o.assemble
	start = int32(len(s.points))
	for _, h := range walk {
		chords := o.chords[o.chord[h>>1]:o.chord[h>>1+1]]
		if h&1 == 0 {
			for _, p := range chords[:len(chords)-1] {
				s.add(int(start), [2]int32{s.at[p.x], s.at[p.y]})
			}
		} else {
			for i := len(chords) - 1; i > 0; i-- {
				p := chords[i]
				s.add(int(start), [2]int32{s.at[p.x], s.at[p.y]})
			}
		}
	}
	points := s.points[start:]
	for straight(points[len(points)-2], points[len(points)-1], points[0]) {
		points = points[:len(points)-1]
	}
	if straight(points[len(points)-1], points[0], points[1]) {
		points = points[1:]
		start++
	}
	end = start + int32(len(points))
	s.points = s.points[:end]
	return start, end
}

// doubled is twice the area of a ring, negative when it is a hole.
func doubled(ring [][2]int32) int64 {
	var sum int64
	q := ring[len(ring)-1]
	for _, p := range ring {
		sum += int64(q[0])*int64(p[1]) - int64(p[0])*int64(q[1])
		q = p
	}
	return sum
}

// add appends a point to a ring that begins at start, instead of the last one if
// that lies on the way to it.
func (s *assemble) add(start int, p [2]int32) {
	if n := len(s.points); n-start > 1 && straight(s.points[n-2], s.points[n-1], p) {
		s.points[n-1] = p
		return
	}
	s.points = append(s.points, p)
}

func straight(a, b, c [2]int32) bool {
	return int64(b[0]-a[0])*int64(c[1]-b[1]) == int64(b[1]-a[1])*int64(c[0]-b[0])
}

// outerOf finds the outer ring that a hole lies in. From its westernmost border the
// land around the hole goes west to a border of another ring of the same land.
func (o *outline) outerOf(i int32) int32 {
	s := &o.assemble
	r := &s.rings[i]
	if r.outer >= 0 {
		return r.outer
	}
	x, y := int16(1<<15-1), int16(0)
	for _, h := range s.halves[r.from:r.to] {
		points := o.points[o.start[h>>1]:o.start[h>>1+1]]
		for k := 1; k < len(points); k++ {
			if p, q := points[k-1], points[k]; p.x == q.x && p.x < x {
				x, y = p.x, min(p.y, q.y)
			}
		}
	}
	cell := int(y)*o.stride + int(x) - 1
	for o.grid[cell-1] == o.grid[cell] {
		cell--
	}
	r.outer = o.outerOf(s.ringOf[o.halfOf[cell]])
	return r.outer
}

// collect sorts the rings into shapes.
func (o *outline) collect(g *Grid) []Shape {
	s := &o.assemble
	s.count = resize(s.count, len(g.shares)+1, 0)
	for i, r := range s.rings {
		if r.outer == int32(i) {
			s.count[r.place+1]++
		}
	}
	for i := 1; i < len(s.count); i++ {
		s.count[i] += s.count[i-1]
	}
	outers := int(s.count[len(s.count)-1])
	s.byPlace = resize(s.byPlace, outers, 0)
	for i, r := range s.rings {
		if r.outer == int32(i) {
			s.byPlace[s.count[r.place]] = int32(i)
			s.count[r.place]++
		}
	}
	s.slices, s.shapes = s.slices[:0], s.shapes[:0]
	if cap(s.slices) < len(s.rings) {
		s.slices = make([][][2]int32, 0, len(s.rings)+len(s.rings)/4)
	}
	for i := 0; i < outers; {
		place, from := s.rings[s.byPlace[i]].place, len(s.slices)
		for ; i < outers && s.rings[s.byPlace[i]].place == place; i++ {
			for j := s.byPlace[i]; j >= 0; j = s.rings[j].hole {
				r := &s.rings[j]
				s.slices = append(s.slices, s.points[r.start:r.end:r.end])
			}
		}
		s.shapes = append(s.shapes, Shape{g.shares[place].Class, s.slices[from:len(s.slices):len(s.slices)]})
	}
	return s.shapes
}

// resize gives a slice n elements of one value.
func resize(s []int32, n int, value int32) []int32 {
	if cap(s) < n {
		s = make([]int32, n+n/4)
	}
	s = s[:n]
	for i := range s {
		s[i] = value
	}
	return s
}
