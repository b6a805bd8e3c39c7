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
}

// claim is a cell where a class has land that does not show.
type claim struct {
	place  uint16
	cell   int32
	weight float64 // how much land, in any unit
}

// settle lets cells change hands until each share has about the cells due to it:
// first where there are claims, then at borders. A tile with land shows some.
func (w *Workspace) settle(side int, claims []claim) {
	b := &w.balance
	b.due = b.due[:0]
	for _, s := range w.shares {
		b.due = append(b.due, s.Area-float64(s.Cells))
	}
	for range 3 { // one class may take what another was paid
		w.pay(claims)
	}
	for idle, step := 0, 0; step < 1000 && slices.Max(b.due)-slices.Min(b.due) > even; step++ {
		// A cell that gives way to a class on two sides of it leaves a smoother border.
		if w.trade(side, step/2*window, 2-step%2) > 0 {
			idle = 0
		} else if idle++; idle*window >= 2*side {
			break
		}
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

// move gives a cell to another share.
func (w *Workspace) move(cell int32, to uint16) {
	from := w.cells[cell]
	w.cells[cell] = to
	w.shares[from].Cells--
	w.shares[to].Cells++
	w.balance.due[from]++
	w.balance.due[to]--
}

// pay gives shares that lack cells some of those that they claim, evenly along a
// curve through the tile.
func (w *Workspace) pay(claims []claim) {
	if len(claims) == 0 {
		return
	}
	b := &w.balance
	slices.SortFunc(claims, func(p, q claim) int {
		return cmp.Or(
			cmp.Compare(w.shares[p.place].Class, w.shares[q.place].Class),
			cmp.Compare(interleave(p.cell, len(w.cells)), interleave(q.cell, len(w.cells))),
			cmp.Compare(p.weight, q.weight))
	})
	var groups [][]claim
	for from, i := 0, 1; i <= len(claims); i++ {
		if i == len(claims) || claims[i].place != claims[from].place {
			groups = append(groups, claims[from:i])
			from = i
		}
	}

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

// trade searches a window of every row for cells whose neighbour's class lacks over
// one more than their own, and has at least so many of the four neighbours, and
// moves those. It returns how many. Rows follow each other far apart, start in
// different places and give few cells each, so that no part of the tile pays for
// another.
func (w *Workspace) trade(side, from, neighbours int) int {
	b := &w.balance
	var missing float64
	for _, d := range b.due {
		missing += math.Abs(d)
	}
	each := 1 + int(missing)/(2*side)
	top := slices.Max(b.due)
	if top-slices.Min(b.due) <= 1 {
		return 0
	}
	stride := side*5/8 | 1
	moved := 0
	for i := range side {
		y := i * stride & (side - 1)
		row := w.cells[y*side:][:side]
		north, south := row, row
		if y > 0 {
			north = w.cells[(y-1)*side:][:side]
		}
		if y+1 < side {
			south = w.cells[(y+1)*side:][:side]
		}
		for j, left := 0, each; j < window && left > 0; j++ {
			x := (y*stride + from + j) & (side - 1)
			own := row[x]
			if top-b.due[own] <= 1 {
				continue
			}
			around := [4]uint16{north[x], row[max(x-1, 0)], row[min(x+1, side-1)], south[x]}
			if around[0] == own && around[1] == own && around[2] == own && around[3] == own {
				continue
			}
			best := own
			for k, c := range around {
				if c == own || b.due[c]-b.due[own] <= 1 {
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
				moved++
				left--
				if top = slices.Max(b.due); top-slices.Min(b.due) <= 1 {
					return moved
				}
			}
		}
	}
	return moved
}
