package mosaic

import (
	"math"
	"math/bits"
	"slices"
)

// Workspace holds the memory that making grids and shapes needs, for one
// goroutine at a time. Its zero value is ready.
type Workspace struct {
	cells   []uint16 // places in shares
	shares  []Share
	placeOf []uint16 // a class's place in shares, plus one; zero when it has none
	bytes   []byte
	raster  raster
	balance balance
	reduce  reduce
	join    join
	outline outline
}

// raster is one tile being rasterised.
type raster struct {
	left, top int64 // the tile's corner
	span      int64 // its side
	bits      uint  // a cell's side is 1<<bits
	side      int
	crossings []uint32 // row<<16 | first column whose centre is right of an edge
	doubled   []int64  // twice the area of each share, in squares of the world's parts
	hidden    []claim  // plots without a cell
}

// Rasterise makes the grid of a tile of side×side cells, side a power of two up to
// 4096. The plots may reach beyond the tile or lie outside it. It is nil when no
// plot has land in the tile.
func (w *Workspace) Rasterise(t Tile, side int, plots Plots) *Grid {
	r := &w.raster
	span := uint(32 - t.Z)
	r.side, r.bits, r.span = side, span-uint(bits.Len(uint(side))-1), 1<<span
	if side&(side-1) != 0 || side < 1 || side > 4096 || r.bits < 1 || r.bits > 32 {
		panic("mosaic: no such grid")
	}
	r.left, r.top = int64(t.X)<<span, int64(t.Y)<<span
	r.hidden = r.hidden[:0]
	w.clear(side)
	r.doubled = append(r.doubled[:0], 0)

	for p := range plots {
		if p.Class != 0 {
			w.draw(p)
		}
	}

	var land int64
	cell := math.Ldexp(1, 2*int(r.bits)+1)
	w.shares[0].Cells = side * side
	for i := range w.shares {
		w.shares[i].Area = float64(r.doubled[i]) / cell
		land += r.doubled[i]
		if i > 0 {
			w.shares[0].Cells -= w.shares[i].Cells
		}
	}
	w.forget()
	if land == 0 {
		return nil
	}
	w.shares[0].Area = max(0, float64(side*side)-float64(land)/cell)
	w.settle(side, r.hidden)
	return w.pack(w.cells, side, w.shares, r.hidden)
}

// clear empties the cells and the shares.
func (w *Workspace) clear(side int) {
	if cap(w.cells) < side*side {
		w.cells = make([]uint16, side*side)
	}
	w.cells = w.cells[:side*side]
	clear(w.cells)
	if w.placeOf == nil {
		w.placeOf = make([]uint16, 1<<16)
	}
	w.shares = append(w.shares[:0], Share{})
	w.placeOf[0] = 1
}

// forget undoes what clear and place did to placeOf.
func (w *Workspace) forget() {
	for _, s := range w.shares {
		w.placeOf[s.Class] = 0
	}
}

// place is where in shares a class is.
func (w *Workspace) place(class uint16) uint16 {
	if i := w.placeOf[class]; i > 0 {
		return i - 1
	}
	w.shares = append(w.shares, Share{Class: class})
	w.placeOf[class] = uint16(len(w.shares))
	return uint16(len(w.shares) - 1)
}

// draw gives a plot the cells whose centres it covers and adds up its area.
func (w *Workspace) draw(p Plot) {
	r := &w.raster
	r.crossings = r.crossings[:0]
	var doubled int64
	for _, ring := range p.Rings {
		if a := r.ring(ring.Points); ring.Hole {
			doubled -= a
		} else {
			doubled += a
		}
	}
	if doubled <= 0 && len(r.crossings) == 0 {
		return
	}
	place := w.place(p.Class)
	if int(place) == len(r.doubled) {
		r.doubled = append(r.doubled, 0)
	}
	r.doubled[place] += doubled

	sortCrossings(r.crossings)
	filled := 0
	for i := 0; i+1 < len(r.crossings); i += 2 {
		a, b := r.crossings[i], r.crossings[i+1]
		from, to := int(a&0xffff), int(b&0xffff)
		filled += to - from
		row := w.cells[int(a>>16)*r.side:][:r.side][from:to]
		for x, old := range row {
			switch {
			case old == 0:
				w.shares[place].Cells++
				row[x] = place
			case w.shares[old].Class < p.Class: // plots overlap; the order must not matter
				w.shares[old].Cells--
				w.shares[place].Cells++
				row[x] = place
			}
		}
	}
	if filled == 0 && doubled > 0 {
		r.hide(p, place, doubled)
	}
}

// ring notes where a ring's edges cross the lines through the cells' centres and
// returns twice the area that it has in the tile.
func (r *raster) ring(points [][2]uint32) int64 {
	if len(points) < 3 {
		return 0
	}
	last := points[len(points)-1]
	x0, y0 := int64(last[0])-r.left, int64(last[1])-r.top
	west, north, east, south := x0, y0, x0, y0
	var sum int64
	half := int64(1) << (r.bits - 1)
	side := int64(r.side)
	for _, p := range points {
		x1, y1 := int64(p[0])-r.left, int64(p[1])-r.top
		west, east = min(west, x1), max(east, x1)
		north, south = min(north, y1), max(south, y1)
		sum += x0*y1 - x1*y0

		// From the first line at or below the upper end to the last above the lower.
		ax, ay, bx, by := x0, y0, x1, y1
		if ay > by {
			ax, ay, bx, by = bx, by, ax, ay
		}
		row, end := (ay+half-1)>>r.bits, (by+half-1)>>r.bits
		row, end = max(row, 0), min(end, side)
		for ; row < end; row++ {
			x := ax
			if ax != bx {
				x += ceilDiv(row<<r.bits+half-ay, bx-ax, by-ay)
			}
			column := min(max((x+half-1)>>r.bits, 0), side)
			r.crossings = append(r.crossings, uint32(row)<<16|uint32(column))
		}
		x0, y0 = x1, y1
	}
	if west >= r.span || north >= r.span || east <= 0 || south <= 0 {
		return 0
	}
	if west >= 0 && north >= 0 && east <= r.span && south <= r.span && r.span <= 1<<30 {
		return max(sum, -sum)
	}
	return r.clipped(points)
}

// ceilDiv is ⌈a·b/c⌉ for 0 ≤ a < c < 2^33 and |b| < 2^33.
func ceilDiv(a, b, c int64) int64 {
	if m := max(b, -b); a|m < 1<<31 {
		q := a * b / c
		if b > 0 && q*c != a*b {
			q++
		}
		return q
	}
	hi, lo := bits.Mul64(uint64(a), uint64(max(b, -b)))
	q, rest := bits.Div64(hi, lo, uint64(c))
	if b < 0 {
		return -int64(q)
	}
	if rest > 0 {
		q++
	}
	return int64(q)
}

// clipped is twice the area of a ring in the tile, as the sum over its edges of the
// areas between them and the tile's western side.
func (r *raster) clipped(points [][2]uint32) int64 {
	span := float64(r.span)
	last := points[len(points)-1]
	x0, y0 := float64(int64(last[0])-r.left), float64(int64(last[1])-r.top)
	var sum float64
	for _, p := range points {
		x1, y1 := float64(int64(p[0])-r.left), float64(int64(p[1])-r.top)
		a, b := min(max(y0, 0), span), min(max(y1, 0), span)
		if a != b {
			slope := (x1 - x0) / (y1 - y0)
			sum += beside(x0+float64((a-y0)*slope), x0+float64((b-y0)*slope), b-a, span)
		}
		x0, y0 = x1, y1
	}
	return int64(math.Round(math.Abs(sum)))
}

// beside is twice the area between an edge and the axis over a height, the edge's
// distance from the axis going from a to b but held between 0 and span.
func beside(a, b, height, span float64) float64 {
	if a > b {
		a, b = b, a
	}
	switch {
	case b <= 0:
		return 0
	case a >= span:
		return float64(2 * span * height)
	case a == b:
		return float64(2 * a * height)
	}
	// The integral of the held distance over the distance, from a to b.
	low, high := max(a, 0), min(b, span)
	doubled := float64((high-low)*(high+low)) + float64(2*span*(b-high))
	return doubled / (b - a) * height
}

// hide notes that a plot has no cell, at the cells along its edges: a plot that
// small or that thin has all its land near them.
func (r *raster) hide(p Plot, place uint16, doubled int64) {
	first := len(r.hidden)
	for _, ring := range p.Rings {
		q := ring.Points[len(ring.Points)-1]
		x0, y0 := int64(q[0])-r.left, int64(q[1])-r.top
		for _, q := range ring.Points {
			x1, y1 := int64(q[0])-r.left, int64(q[1])-r.top
			n := max(x1-x0, x0-x1, y1-y0, y0-y1)>>r.bits + 1
			n = min(n, 4*int64(r.side))
			for i := range n { // the middles of n parts
				x, y := x0+(x1-x0)/n*i+(x1-x0)/(2*n), y0+(y1-y0)/n*i+(y1-y0)/(2*n)
				if x >= 0 && y >= 0 && x < r.span && y < r.span {
					r.claim(place, x>>r.bits, y>>r.bits, first)
				}
			}
			x0, y0 = x1, y1
		}
	}
	if len(r.hidden) == first {
		q := p.Rings[0].Points[0]
		x, y := (int64(q[0])-r.left)>>r.bits, (int64(q[1])-r.top)>>r.bits
		last := int64(r.side) - 1
		r.claim(place, min(max(x, 0), last), min(max(y, 0), last), first)
	}
	weight := math.Ldexp(float64(doubled), -2*int(r.bits)-1) / float64(len(r.hidden)-first)
	for i := range r.hidden[first:] {
		r.hidden[first+i].weight = weight
	}
}

// claim notes a cell once in a row.
func (r *raster) claim(place uint16, x, y int64, first int) {
	cell := int32(y)*int32(r.side) + int32(x)
	if n := len(r.hidden); n == first || r.hidden[n-1].cell != cell {
		r.hidden = append(r.hidden, claim{place: place, cell: cell})
	}
}

// sortCrossings sorts by row, then column.
func sortCrossings(c []uint32) {
	if len(c) > 40 {
		slices.Sort(c)
		return
	}
	for i := 1; i < len(c); i++ {
		v, j := c[i], i
		for ; j > 0 && c[j-1] > v; j-- {
			c[j] = c[j-1]
		}
		c[j] = v
	}
}
