package mosaic

import (
	"cmp"
	"math"
	"slices"
)

// even is how far what classes lack may differ, in cells, without a search for cells
// that could change hands.
const even = 1.5

// window is how many cells of each row are searched at a time.
const window = 128

// balance is the settling of what classes have too many or too few cells.
type balance struct {
	due  []float64 // cells that each share still lacks; negative when it has too many
	need []int     // cells to pay to each share's claims
	// The rows from first up to end have land or lie beside some: in no other can a
	// cell change hands at a border.
	first, end int
}

// claim is a cell where a class has land that does not show.
type claim struct {
	place  uint16
	cell   int32
	weight float64 // how much land, in cells
	order  uint64
}

// settle lets cells change hands until each share has about the cells due to it:
// first where there are claims, then at borders. A tile with land shows some.
func (w *Workspace) settle(side int, claims []claim) {
	b := &w.balance
	b.due = b.due[:0]
	for _, s := range w.shares {
		b.due = append(b.due, s.Area-float64(s.Cells))
	}
	if len(claims) > 0 {
		groups := w.sort(claims)
		for range 3 { // one class may take what another was paid
			w.pay(groups)
		}
	}
	w.bound(side)
	b.due[0] = 0 // no land has what the land leaves
	w.exchange(side, 1)
	if slices.Max(b.due) > even || slices.Min(b.due) < -even {
		w.exchange(side, 0)
	}
	if w.shares[0].Cells == side*side && len(claims) > 0 {
		best := claims[0]
		for _, c := range claims[1:] {
			if c.weight > best.weight {
				best = c
			}
		}
		w.move(best.cell, best.place)
	}
}

// exchange trades cells between shares from a first one on, which is 0 where land
// may take from what has none and give to it. That moves the land's outer border,
// which is to stay where it is if it can.
func (w *Workspace) exchange(side, first int) {
	due := w.balance.due[first:]
	for idle, step := 0, 0; step < 1000 && slices.Max(due)-slices.Min(due) > even; step++ {
		// A cell that gives way to a class on two sides of it leaves a smoother border.
		if w.trade(side, first, step/2*window, 2-step%2) > 0 {
			idle = 0
		} else if idle++; idle*window >= 2*side {
			return
		}
	}
}

// bound finds the rows with land.
func (w *Workspace) bound(side int) {
	b := &w.balance
	land := func(y int) bool {
		return slices.ContainsFunc(w.cells[y*side:][:side], func(c uint16) bool { return c != 0 })
	}
	b.first, b.end = 0, side
	for b.first < side && !land(b.first) {
		b.first++
	}
	for b.end > b.first && !land(b.end-1) {
		b.end--
	}
	b.first, b.end = max(b.first-1, 0), min(b.end+1, side)
}

// move gives a cell to another share.
func (w *Workspace) move(cell int32, to uint16) {
	from := w.cells[cell]
	w.cells[cell] = to
	w.shares[from].Cells--
	w.shares[to].Cells++
	w.balance.due[from]++
	w.balance.due[to]--
}

// sort puts claims in order, by class and then along a curve through the tile, and
// gives those of each class.
func (w *Workspace) sort(claims []claim) (groups [][]claim) {
	for i := range claims {
		c := &claims[i]
		c.order = uint64(w.shares[c.place].Class)<<32 | interleave(c.cell, len(w.cells))
	}
	slices.SortFunc(claims, func(p, q claim) int {
		if p.order == q.order {
			return cmp.Compare(p.weight, q.weight)
		}
		return cmp.Compare(p.order, q.order)
	})
	for from, i := 0, 1; i <= len(claims); i++ {
		if i == len(claims) || claims[i].place != claims[from].place {
			groups = append(groups, claims[from:i])
			from = i
		}
	}
	return groups
}

// pay gives shares that lack cells some of those that they claim, evenly along the
// curve.
func (w *Workspace) pay(groups [][]claim) {
	b := &w.balance
	// Whole cells first; then, while more of the land than of no land is missing,
	// one more to those that lack the largest part of a cell.
	b.need = append(b.need[:0], make([]int, len(w.shares))...)
	rest := int(math.Round(-b.due[0]))
	for _, g := range groups {
		n := max(0, int(math.Round(b.due[g[0].place])))
		b.need[g[0].place] = n
		rest -= n
	}
	slices.SortStableFunc(groups, func(p, q []claim) int {
		return cmp.Compare(b.due[q[0].place]-float64(b.need[q[0].place]), b.due[p[0].place]-float64(b.need[p[0].place]))
	})
	for _, g := range groups {
		if rest > 0 && b.due[g[0].place] > float64(b.need[g[0].place]) {
			b.need[g[0].place]++
			rest--
		}
	}

	for _, g := range groups {
		place := g[0].place
		if b.need[place] == 0 {
			continue
		}
		var all, seen float64
		for _, c := range g {
			all += c.weight
		}
		each := all / float64(b.need[place])
		for left, i := b.need[place], 0; left > 0 && i < len(g); i++ {
			seen += g[i].weight
			owner := w.cells[g[i].cell]
			if seen >= each/2 && owner != place && b.due[place]-b.due[owner] > 1 {
				w.move(g[i].cell, place)
				seen -= each
				left--
			}
		}
	}
}

// interleave orders cells along a Z-shaped curve.
func interleave(cell int32, cells int) uint64 {
	side := int32(math.Sqrt(float64(cells)))
	return spread(uint32(cell%side)) | spread(uint32(cell/side))<<1
}

// spread puts a zero between the bits of a number.
func spread(v uint32) uint64 {
	u := uint64(v)
	u = (u | u<<16) & 0x0000ffff0000ffff
	u = (u | u<<8) & 0x00ff00ff00ff00ff
	u = (u | u<<4) & 0x0f0f0f0f0f0f0f0f
	u = (u | u<<2) & 0x3333333333333333
	return (u | u<<1) & 0x5555555555555555
}

// trade searches a window of every row for cells of shares from first on whose
// neighbour's, likewise, lacks over one more than their own, and has at least so many
// of the four neighbours, and moves those. It returns how many. Rows follow each other far apart, start in
// different places and give few cells each, so that no part of the tile pays for
// another.
func (w *Workspace) trade(side, first, from, neighbours int) int {
	b := &w.balance
	var missing float64
	for _, d := range b.due {
		missing += math.Abs(d)
	}
	each := 1 + int(missing)/(2*side)
	due := b.due[first:]
	top, low := slices.Max(due), slices.Min(due)
	if top-low <= 1 {
		return 0
	}
	stride := side*5/8 | 1
	moved := 0
	for i := range side {
		y := i * stride & (side - 1)
		if y < b.first || y >= b.end {
			continue
		}
		row := w.cells[y*side:][:side]
		north, south := row, row
		if y > 0 {
			north = w.cells[(y-1)*side:][:side]
		}
		if y+1 < side {
			south = w.cells[(y+1)*side:][:side]
		}
		start := y*stride + from
		for j, left := 0, each; j < window && left > 0; j++ {
			x := (start + j) & (side - 1)
			own := row[x]
			if top-b.due[own] <= 1 || int(own) < first {
				continue
			}
			around := [4]uint16{north[x], row[max(x-1, 0)], row[min(x+1, side-1)], south[x]}
			if max(b.due[around[0]], b.due[around[1]], b.due[around[2]], b.due[around[3]])-b.due[own] <= 1 {
				continue
			}
			best := own
			for k, c := range around {
				if c == own || b.due[c]-b.due[own] <= 1 || int(c) < first {
					continue
				}
				if better := b.due[c] - b.due[best]; better < 0 || better == 0 && w.shares[c].Class >= w.shares[best].Class {
					continue
				}
				n := 1
				for _, d := range around[k+1:] {
					if d == c {
						n++
					}
				}
				if n >= neighbours {
					best = c
				}
			}
			if best != own {
				w.move(int32(y*side+x), best)
				b.due[0] = 0
				b.first, b.end = min(b.first, max(y-1, 0)), max(b.end, min(y+2, side))
				moved++
				left--
				const rounding = 1e-6
				if b.due[best]+1 > top-rounding {
					top = slices.Max(due)
				}
				if b.due[own]-1 < low+rounding {
					low = slices.Min(due)
				}
				if top-low <= 1 {
					return moved
				}
			}
		}
	}
	return moved
}
