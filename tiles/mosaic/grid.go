package mosaic

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Grid is a tile divided in side×side cells, each of one class. It is never
// changed once made. Nil is a grid without land.
type Grid struct {
	side   int
	shares []Share // no land first, then by class
	// What classes without a cell claim, for grids that are made of this one: at most
	// rare cells each.
	unshown []claim
	// Rows as runs of cells: the place of the run's class in shares, then its
	// length, as varints. A first length of zero says that the row before comes as
	// often again as the number in front of it; if that is zero, too, a row of
	// single cells follows, a byte each.
	runs []byte
}

// Side is the number of cells along a side, 0 for nil.
func (g *Grid) Side() int {
	if g == nil {
		return 0
	}
	return g.side
}

// Shares tells what the grid has of each class, 0 first, then by class. The areas
// add up to all cells, unless plots overlap.
func (g *Grid) Shares() []Share {
	if g == nil {
		return nil
	}
	return g.shares
}

// Size is about the memory that the grid takes, in bytes.
func (g *Grid) Size() int {
	if g == nil {
		return 0
	}
	return 88 + len(g.runs) + 24*len(g.shares) + 16*len(g.unshown)
}

// Cells appends the classes of all cells, row by row from the north-west.
func (g *Grid) Cells(dst []uint16) []uint16 {
	if g == nil {
		return dst
	}
	n := len(dst)
	dst = slices.Grow(dst, g.side*g.side)[:n+g.side*g.side]
	names := make([]uint16, len(g.shares))
	for i, s := range g.shares {
		names[i] = s.Class
	}
	r := g.rows(names)
	for y := range g.side {
		r.next(dst[n+y*g.side : n+(y+1)*g.side])
	}
	return dst
}

// rows reads a grid's rows from the north.
type rows struct {
	runs   []byte
	names  [256]uint16 // what to call each of the grid's shares
	more   []uint16    // from the 257th on
	again  int         // how often the row before comes again
	before []uint16
}

func (g *Grid) rows(names []uint16) *rows {
	r := &rows{runs: g.runs}
	r.more = names[copy(r.names[:], names):]
	return r
}

// next fills dst, of the grid's side, with the next row. What the call before
// filled must still be as it was.
func (r *rows) next(dst []uint16) {
	if r.again == 0 && r.runs[1] == 0 && r.runs[0] < 0x80 {
		r.again, r.runs = int(r.runs[0]), r.runs[2:]
		if r.again == 0 {
			for x, i := range r.runs[:len(dst)] {
				dst[x] = r.names[i]
			}
			r.runs, r.before = r.runs[len(dst):], dst
			return
		}
	}
	if r.again > 0 {
		r.again--
		copy(dst, r.before)
		r.before = dst
		return
	}
	runs := r.runs
	for x := 0; x < len(dst); {
		i, n := uint(runs[0]), uint(runs[1])
		if i|n < 0x80 {
			runs = runs[2:]
		} else {
			var k, l int
			var wide uint64
			wide, k = binary.Uvarint(runs)
			i = uint(wide)
			wide, l = binary.Uvarint(runs[k:])
			n = uint(wide)
			runs = runs[k+l:]
		}
		name := uint16(0)
		if i < uint(len(r.names)) {
			name = r.names[i]
		} else {
			name = r.more[i-uint(len(r.names))]
		}
		if n <= 8 && x+8 <= len(dst) { // what is too much is written over next
			*(*[8]uint16)(dst[x:]) = [8]uint16{name, name, name, name, name, name, name, name}
			x += int(n)
			continue
		}
		for end := x + int(n); x < end; x++ {
			dst[x] = name
		}
	}
	r.runs, r.before = runs, dst
}

// pack makes a grid of cells that hold places in shares. Shares without area and
// cells are left out, but for no land. Claims of each share stand together.
func (w *Workspace) pack(cells []uint16, side int, shares []Share, claims []claim) *Grid {
	place := make([]uint16, len(shares))
	kept := make([]Share, 0, len(shares))
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(shares[a].Class) - int(shares[b].Class) })
	for _, i := range order {
		if s := shares[i]; s.Class == 0 || s.Area > 0 || s.Cells > 0 {
			place[i] = uint16(len(kept))
			kept = append(kept, s)
		}
	}

	out, last, again := w.bytes[:0], []byte(nil), 0
	for y := range side {
		row := cells[y*side : (y+1)*side]
		start := len(out)
		for x := 0; x < side; {
			c, from := row[x], x
			for x++; x < side && row[x] == c; x++ {
			}
			i, n := uint64(place[c]), uint64(x-from)
			if i|n < 0x80 {
				out = append(out, byte(i), byte(n))
			} else {
				out = binary.AppendUvarint(binary.AppendUvarint(out, i), n)
			}
		}
		if len(out)-start >= side+2 && len(kept) <= 256 {
			out = append(out[:start], 0, 0)
			for _, c := range row {
				out = append(out, byte(place[c]))
			}
		}
		switch {
		case !bytes.Equal(out[start:], last):
			last, again = out[start:], 0
		case again == 0 || again == 0x7f:
			out, again = append(out[:start], 1, 0), 1
		default:
			again++
			out = out[:start]
			out[start-2] = byte(again)
		}
	}
	w.bytes = out
	g := &Grid{side: side, shares: kept, runs: bytes.Clone(out)}
	for from, i := 0, 0; i < len(claims); from = i {
		c := claims[from]
		for i++; i < len(claims) && claims[i].place == c.place; i++ {
		}
		if shares[c.place].Cells > 0 || shares[c.place].Area <= 0 {
			continue
		}
		step := (i-from-1)/rare + 1
		for ; from < i; from += step {
			c := claims[from]
			g.unshown = append(g.unshown, claim{place: place[c.place], cell: c.cell, weight: c.weight * float64(step)})
		}
	}
	return g
}
