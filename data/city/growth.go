package city

import "container/heap"

// cell is a district's place on the lattice.
type cell struct{ i, j int64 }

// growth gives the districts in the order in which the city grows from its
// middle: outwards, but not evenly. Whatever has grown is in one piece, with
// nothing left out inside it.
type growth struct {
	lattice
	grown map[cell]bool
	seen  map[cell]bool
	edge  frontier
	held  map[cell]frontierCell // could not be taken yet
}

func newGrowth(l lattice) *growth {
	g := &growth{lattice: l, grown: map[cell]bool{}, seen: map[cell]bool{}, held: map[cell]frontierCell{}}
	g.push(cell{})
	return g
}

// next takes one more district.
func (g *growth) next() cell {
	for {
		f := heap.Pop(&g.edge).(frontierCell)
		if len(g.grown) > 0 && !g.fits(f.cell) {
			g.held[f.cell] = f
			continue
		}
		g.grown[f.cell] = true
		for i := f.i - 1; i <= f.i+1; i++ {
			for j := f.j - 1; j <= f.j+1; j++ {
				if h, ok := g.held[cell{i, j}]; ok {
					delete(g.held, cell{i, j})
					heap.Push(&g.edge, h)
				}
			}
		}
		for _, step := range [4]cell{{0, -1}, {1, 0}, {0, 1}, {-1, 0}} {
			g.push(cell{f.i + step.i, f.j + step.j})
		}
		return f.cell
	}
}

// push puts a district into the frontier, once.
func (g *growth) push(c cell) {
	if g.seen[c] {
		return
	}
	g.seen[c] = true
	const size = 3 * perCell
	noise := g.noise(c.i*perCell, c.j*perCell, size, ofGrowth) + one
	far := c.i*c.i*10 + c.j*c.j*9
	if west := -60 - c.i; west > 0 { // hardly any further: the zone of the plane ends there
		far += west * west * 60
	}
	heap.Push(&g.edge, frontierCell{c, far * (4*one + noise)})
}

// fits says whether a district can be taken so that what has grown, and what has
// not, are each in one piece still: the eight districts around it fall into one
// run that has grown and one that has not.
func (g *growth) fits(c cell) bool {
	around := [8]cell{{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}}
	has := func(n int) bool { return g.grown[cell{c.i + around[n%8].i, c.j + around[n%8].j}] }
	changes, beside := 0, false
	for n := range 8 {
		if has(n) != has(n+1) {
			changes++
		}
		beside = beside || n%2 == 0 && has(n)
	}
	return changes == 2 && beside || changes == 0 && beside
}

// frontierCell is a district that may grow next, the lowest rank first.
type frontierCell struct {
	cell
	rank int64
}

type frontier []frontierCell

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(a, b int) bool {
	if f[a].rank != f[b].rank {
		return f[a].rank < f[b].rank
	}
	if f[a].i != f[b].i {
		return f[a].i < f[b].i
	}
	return f[a].j < f[b].j
}
func (f frontier) Swap(a, b int) { f[a], f[b] = f[b], f[a] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(frontierCell)) }
func (f *frontier) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}
