package mosaic

import (
	"math"
	"slices"
)

// How the scan of a reduction weighs, in parts of a cell.
const (
	whole   = 1 << 10   // a cell
	cheaper = 4         // the price is what a class lacks, over 1<<cheaper,
	dearest = whole     // and never beyond
	follow  = whole / 3 // for being of the class of the cell before, and again above
)

// rare is the number of cells up to which a class notes every cell that it lost.
const rare = 8

// reduce is the memory of a reduction.
type reduce struct {
	children []uint16 // k rows of both children
	carry    []int32  // what each class lacks so far
	noted    []bool
	claims   []claim
}

// Reduce makes the grid of a tile of side×side cells from those of the four tiles
// in it: north-west, north-east, south-west, south-east; nil for one without land.
// The children have the same side, a power of two, and side is a power of two up
// to twice theirs. It is nil when all children are.
func (w *Workspace) Reduce(children [4]*Grid, side int) *Grid {
	inner := 0
	for _, c := range children {
		if c != nil && inner != 0 && c.side != inner {
			panic("mosaic: children differ in size")
		}
		inner = max(inner, c.Side())
	}
	if inner == 0 {
		return nil
	}
	k := 2 * inner / side
	if side&(side-1) != 0 || k < 1 {
		panic("mosaic: no such grid")
	}

	names := w.weigh(children, inner, k)
	r := &w.reduce
	if n := k * 2 * inner; cap(r.children) < n {
		r.children = make([]uint16, n)
	}
	r.children = r.children[:k*2*inner]
	above := w.cells[:side]
	for _, half := range [2]int{0, 2} {
		var readers [2]*rows
		for i := range readers {
			if c := children[half+i]; c != nil {
				readers[i] = c.rows(names[half+i])
			}
		}
		for y := half / 2 * (side / 2); y < (half/2+1)*(side/2); y++ {
			for j := range k {
				row := r.children[j*2*inner:][:2*inner]
				for i := range readers {
					if children[half+i] != nil {
						readers[i].next(row[i*inner : (i+1)*inner])
					} else if y%(side/2) == 0 {
						clear(row[i*inner : (i+1)*inner])
					}
				}
			}
			row := w.cells[y*side:][:side]
			if k == 2 {
				w.electOfFour(row, above, y)
			} else {
				w.elect(row, above, y, k)
			}
			above = row
		}
	}
	for i, c := range children {
		if c != nil {
			r.claims = c.claimed(r.claims, names[i], i&1*inner, i>>1*inner, k, side)
		}
	}
	w.settle(side, r.claims)
	return w.pack(w.cells, side, w.shares, r.claims)
}

// weigh gathers the children's shares, says where each child's are among them, and
// what each class lacks before any cell is given.
func (w *Workspace) weigh(children [4]*Grid, inner, k int) (names [][]uint16) {
	r := &w.reduce
	names = w.gather(children[:], inner, 2*inner/k)
	each := float64(k * k)
	r.carry, r.noted, r.claims = r.carry[:0], r.noted[:0], r.claims[:0]
	for i := range w.shares {
		s := &w.shares[i]
		r.carry = append(r.carry, int32(math.Round((s.Area-float64(s.Cells))/each*whole)))
		r.noted = append(r.noted, i > 0 && s.Cells <= rare*k*k)
		s.Area, s.Cells = s.Area/each, 0
	}
	return names
}

// elect gives the cells of a row to one of the classes in them.
func (w *Workspace) elect(row, above []uint16, y, k int) {
	r := &w.reduce
	side := len(row)
	stride := len(r.children) / k
	var classes [16]uint16
	var votes [16]int32
	each := int32(whole / (k * k))
	x, step := 0, 1
	if y%2 == 1 { // to and fro, lest prices lag behind one way only
		x, step = side-1, -1
	}
	before := above[x]
	for ; x >= 0 && x < side; x += step {
		n := 0
		for j := range k {
			inner := r.children[j*stride+x*k:][:k]
		cells:
			for _, c := range inner {
				for m := range n {
					if classes[m] == c {
						votes[m] += each
						continue cells
					}
				}
				if n < len(classes) {
					classes[n], votes[n] = c, each
					n++
				}
			}
		}
		if n > 1 {
			w.vote(classes[:n], votes[:n], before, above[x], int32(y*side+x))
		}
		before = classes[0]
		row[x] = before
		w.shares[before].Cells++
	}
}

// electOfFour is elect for k = 2, almost without branches: where classes are mixed
// no processor foresees them.
func (w *Workspace) electOfFour(row, above []uint16, y int) {
	r := &w.reduce
	side := len(row)
	carries, shares := r.carry, w.shares
	x, step := 0, 1
	if y%2 == 1 {
		x, step = side-1, -1
	}
	before, noting := above[x], slices.Contains(r.noted, true)
	north, south := r.children[:2*side], r.children[2*side:][:2*side]
	for ; x >= 0 && x < side; x += step {
		n, s := north[2*x:][:2], south[2*x:][:2]
		c, d, e, f := n[0], n[1], s[0], s[1]
		if c == d && c == e && c == f {
			before = c
			row[x] = before
			shares[before].Cells++
			continue
		}
		carries[c] += whole / 4
		carries[d] += whole / 4
		carries[e] += whole / 4
		carries[f] += whole / 4
		up := above[x]
		cd, ce, cf := same(c, d, whole/4), same(c, e, whole/4), same(c, f, whole/4)
		de, df, ef := same(d, e, whole/4), same(d, f, whole/4), same(e, f, whole/4)
		best := max(
			bid(c, cd+ce+cf+same(c, up, follow)+same(c, before, follow), carries[c]),
			bid(d, cd+de+df+same(d, up, follow)+same(d, before, follow), carries[d]),
			bid(e, ce+de+ef+same(e, up, follow)+same(e, before, follow), carries[e]),
			bid(f, cf+df+ef+same(f, up, follow)+same(f, before, follow), carries[f]))
		before = ^uint16(best)
		carries[before] -= whole
		row[x] = before
		shares[before].Cells++
		if noting {
			for _, c := range [4]uint16{c, d, e, f} {
				if r.noted[c] && c != before {
					r.claims = append(r.claims, claim{place: c, cell: int32(y*side + x), weight: 1. / 4})
				}
			}
		}
	}
}

// same is what equal classes are worth.
func same(a, b uint16, worth int32) int32 {
	if a != b {
		worth = 0
	}
	return worth
}

// bid is a class's score with its price, and the class, so that of equal scores the
// first class wins.
func bid(c uint16, score, carry int32) int64 {
	return int64(score+min(max(carry>>cheaper, -dearest), dearest))<<16 | int64(^c)
}

// vote puts the class that wins a cell first.
func (w *Workspace) vote(classes []uint16, votes []int32, before, above uint16, cell int32) {
	r := &w.reduce
	best, most := 0, int32(math.MinInt32)
	for m, c := range classes {
		carry := r.carry[c] + votes[m]
		r.carry[c] = carry
		score := votes[m] + min(max(carry>>cheaper, -dearest), dearest)
		if c == before {
			score += follow
		}
		if c == above {
			score += follow
		}
		if score > most || score == most && c < classes[best] {
			best, most = m, score
		}
	}
	winner := classes[best]
	r.carry[winner] -= whole
	for m, c := range classes {
		if r.noted[c] && c != winner {
			r.claims = append(r.claims, claim{place: c, cell: cell, weight: float64(votes[m]) / whole})
		}
	}
	classes[best], classes[0] = classes[0], winner
}
