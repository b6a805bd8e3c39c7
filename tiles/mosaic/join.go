package mosaic

import (
	"cmp"
	"slices"
)

// Join makes the grid of a tile from those of the equal squares that it is divided
// in, row by row from the north-west; nil for one without land. They have the same
// side. It is nil when all of them are. Each class has as many cells in the tile
// as in its parts together, but for those that change hands because each part
// rounded by itself.
func (w *Workspace) Join(parts []*Grid) *Grid {
	along, inner := 1, 0
	for along*along < len(parts) {
		along++
	}
	for _, p := range parts {
		inner = max(inner, p.Side())
	}
	if inner == 0 {
		return nil
	}
	side := along * inner
	names := w.gather(parts, inner, side)
	j := &w.join
	j.claims = j.claims[:0]
	for i, p := range parts {
		if p == nil {
			continue
		}
		at := i/along*inner*side + i%along*inner
		r := p.rows(names[i])
		for y := range inner {
			r.next(w.cells[at+y*side:][:inner])
		}
		j.claims = p.claimed(j.claims, names[i], i%along*inner, i/along*inner, 1, side)
	}
	w.settle(side, j.claims)
	return w.pack(w.cells, side, w.shares, j.claims)
}

// join is the memory of joining.
type join struct{ claims []claim }

// claimed appends what classes that the grid does not show claim, in a grid of so
// many cells along a side, in each of which lie k×k of the grid's, whose first is at
// (x, y).
func (g *Grid) claimed(to []claim, names []uint16, x, y, k, side int) []claim {
	for _, c := range g.unshown {
		cx, cy := (x+int(c.cell)%g.side)/k, (y+int(c.cell)/g.side)/k
		to = append(to, claim{place: names[c.place], cell: int32(cy*side + cx), weight: c.weight / float64(k*k)})
	}
	return to
}

// gather makes room for side×side cells, adds up the shares of grids, of inner cells
// along a side where they are nil, and says where each one's are among them.
func (w *Workspace) gather(grids []*Grid, inner, side int) (names [][]uint16) {
	w.clear(side)
	for _, g := range grids {
		for _, s := range g.Shares() {
			w.place(s.Class)
		}
	}
	slices.SortFunc(w.shares, func(a, b Share) int { return cmp.Compare(a.Class, b.Class) })
	for i, s := range w.shares {
		w.placeOf[s.Class] = uint16(i + 1)
	}
	names = make([][]uint16, len(grids))
	for i, g := range grids {
		if g == nil {
			w.shares[0].Area += float64(inner * inner)
			w.shares[0].Cells += inner * inner
			continue
		}
		for _, s := range g.shares {
			p := w.place(s.Class)
			names[i] = append(names[i], p)
			w.shares[p].Area += s.Area
			w.shares[p].Cells += s.Cells
		}
	}
	w.forget()
	return names
}
