package mvt

// edge is a side of a ring.
type edge struct {
	a, b  Point
	ring  int32
	index int32 // of a in its ring
}

func (e *edge) rows() (low, high int64) {
	return int64(min(e.a.Y, e.b.Y)), int64(max(e.a.Y, e.b.Y))
}

func appendEdges(edges []edge, ring []Point, number int) []edge {
	for i, p := range ring {
		edges = append(edges, edge{p, ring[(i+1)%len(ring)], int32(number), int32(i)})
	}
	return edges
}

// bands finds the edges that reach a row: edge numbers by bands of rows, so that
// a question does not walk the whole ring. Height of the bands is such that the
// numbers stay within four times the edges.
type bands struct {
	edges  []edge
	low    int64
	step   int64
	starts []int32 // of each band in member, and the end
	member []int32
}

const maxBands = 1 << 16

func (b *bands) build(edges []edge) {
	b.edges = edges
	var climb int64
	low, high := edges[0].rows()
	for i := range edges {
		l, h := edges[i].rows()
		low, high, climb = min(low, l), max(high, h), climb+h-l
	}
	n := int64(len(edges))
	b.low = low
	b.step = max(1, (climb+3*n-1)/(3*n), (high-low)/min(n, maxBands)+1)
	if n <= 16 {
		b.step = high - low + 1 // one band is soon looked through
	}
	count := int(b.band(high)) + 1
	b.starts = append(b.starts[:0], make([]int32, count+1)...)
	for i := range edges {
		l, h := edges[i].rows()
		for k := b.band(l); k <= b.band(h); k++ {
			b.starts[k+1]++
		}
	}
	for k := range count {
		b.starts[k+1] += b.starts[k]
	}
	total := int(b.starts[count])
	if cap(b.member) < total {
		b.member = make([]int32, total)
	}
	b.member = b.member[:total]
	for i := len(edges) - 1; i >= 0; i-- { // backwards, filling each band from its end
		l, h := edges[i].rows()
		for k := b.band(l); k <= b.band(h); k++ {
			b.starts[k+1]--
			b.member[b.starts[k+1]] = int32(i)
		}
	}
	copy(b.starts, b.starts[1:])
	b.starts[count] = int32(total)
}

func (b *bands) band(y int64) int64 { return (y - b.low) / b.step }

func (b *bands) bands() int { return len(b.starts) - 1 }

// in gives the numbers of the edges that may reach a band's rows.
func (b *bands) in(k int64) []int32 { return b.member[b.starts[k]:b.starts[k+1]] }

// locate says whether a point with doubled coordinates lies inside the rings of
// the edges (1), on them (0) or outside (-1), by the rule of even and odd, and
// how many edges it looked at.
func (b *bands) locate(x2, y2 int64) (where, looked int) {
	k := floorHalf(y2-2*b.low) / b.step
	if y2 < 2*b.low || k >= int64(b.bands()) {
		return -1, 0
	}
	inside := false
	near := b.in(k)
	for _, i := range near {
		e := &b.edges[i]
		ax, ay, bx, by := 2*int64(e.a.X), 2*int64(e.a.Y), 2*int64(e.b.X), 2*int64(e.b.Y)
		if y2 < min(ay, by) || y2 > max(ay, by) || x2 > max(ax, bx) {
			continue
		}
		above := ay > y2 != (by > y2)
		if x2 < min(ax, bx) {
			inside = inside != above
			continue
		}
		s := crossSign(bx-ax, by-ay, x2-ax, y2-ay)
		if s == 0 {
			return 0, len(near)
		}
		if above && s > 0 == (by > ay) { // the point lies west of the edge
			inside = !inside
		}
	}
	if inside {
		return 1, len(near)
	}
	return -1, len(near)
}

func floorHalf(v int64) int64 { return v >> 1 }
