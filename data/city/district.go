package city

import "slices"

// builder lays out one district after the other; it keeps its memory.
type builder struct {
	mesh
	dice
	lattice
	cell   cell
	sides  [4]side
	kind   *kind
	blocks int32
	begin  [4]int32 // vertex of the ground where a side begins
	stop   [4]int32 // and where it ends
	first  [4]int32 // vertex of the border where a side begins

	hits        []crossing
	line        []pt
	left, right []pt
	edges       []int32
	stack       []int32
	path        []pt
}

// lay lays out a district, from its border inwards: half of what runs along its
// sides, then the land along rivers and fast roads, streets, blocks and plots.
func (b *builder) lay(c cell) {
	b.cell, b.sides = c, b.lattice.sides(c)
	b.dice = newDice(b.seed, ofCell, c.i, c.j)
	b.kind = b.kindOf(c, b.banks())
	b.blocks = 0
	var border []pt
	for n, s := range b.sides {
		b.first[n] = int32(len(border))
		border = append(border, s.points[:len(s.points)-1]...)
	}
	b.reset(border)
	b.layWays()
	for n := range b.sides {
		if b.sides[n].way == river && b.sides[(n+3)%4].way != river {
			b.layRiver(n)
		}
	}
	for n := range b.sides {
		switch b.sides[n].way {
		case express:
			b.layBelt(n, b.within(14_000, 22_000), "G2")
		case railway:
			b.layBelt(n, b.within(9_000, 15_000), "G2")
		}
	}
	b.layStreets()
	b.shorten()
	b.fill()
}

// banks says whether the district lies at a river.
func (b *builder) banks() bool {
	return slices.ContainsFunc(b.sides[:], func(s side) bool { return s.way == river })
}

// rung is a point of the inner edge of what runs along the border.
type rung struct {
	at     pt
	vertex int32 // of the mesh, or -1 while it has none
	anchor int32 // vertex of the border that it lies across from, or -1
	stop   bool  // a piece ends here
	wet    bool  // it is the border itself: the middle of a river
}

// layWays lays the district's half of the roads and railways along its sides.
func (b *builder) layWays() {
	var rungs []rung
	var corner [4]int // number of the rung at the end of a side
	for n := range b.sides {
		rungs = append(rungs, b.sideRungs(n)...)
		last := len(rungs) - 1
		arc := b.cornerRungs(n)
		rungs = append(rungs, arc...)
		corner[n] = last + (len(arc)+1)/2
		if b.sides[n].way != river && b.sides[(n+1)%4].way == river {
			corner[n] = last + 1 // the bridge over the next side's river
		}
	}
	total := len(rungs)
	for a := 0; a < total; {
		z := a + 1
		for !rungs[z%total].stop {
			z++
		}
		if !(rungs[a].wet && rungs[z%total].wet) {
			b.layPiece(rungs, a, z)
		}
		a = z
	}
	for n := range b.sides {
		b.stop[n] = rungs[corner[n]%total].vertex
		b.begin[(n+1)%4] = b.stop[n]
		if b.sides[n].way == river && b.sides[(n+1)%4].way == river { // it turns here
			b.stop[n] = b.first[(n+1)%4]
			b.begin[(n+1)%4] = b.stop[n]
		}
	}
}

// layPiece cuts off what lies between the border and the rungs from a to z.
func (b *builder) layPiece(rungs []rung, a, z int) {
	total := len(rungs)
	from, to := rungs[a], rungs[z%total]
	var path []pt
	start, finish := from.vertex, to.vertex
	vertex := int32(len(b.at))
	give := func(n int) {
		path = append(path, rungs[n%total].at)
		rungs[n%total].vertex = vertex
		vertex++
	}
	if start < 0 {
		start = from.anchor
		give(a)
	}
	for n := a + 1; n < z; n++ {
		give(n)
	}
	if finish < 0 {
		finish = to.anchor
		give(z)
	}
	g := b.divide(0, b.edgeFrom(0, start), b.edgeFrom(0, finish), path)
	use := "S1"
	side := 0
	for n := range b.sides {
		if from.anchor >= b.first[n] {
			side = n
		}
	}
	if b.sides[side].way == railway {
		use = "H21"
	}
	b.faces[g].kind, b.faces[g].use = road, use
}

// sideRungs are the rungs along a side, without its corners.
func (b *builder) sideRungs(n int) []rung {
	s := b.sides[n]
	m := len(s.points) - 1
	var rungs []rung
	if s.way == river {
		for k := 1; k < m; k++ {
			v := b.first[n] + int32(k)
			rungs = append(rungs, rung{s.points[k], v, v, k == 1 || k == m-1, true})
		}
		return rungs
	}
	for k := 2; k <= m-2; k++ {
		along := s.points[k+1].minus(s.points[k-1])
		at := s.points[k].plus(along.left().to(s.way.half()))
		rungs = append(rungs, rung{at, -1, b.first[n] + int32(k), (k-2)%4 == 0 || k == m-2, false})
	}
	return rungs
}

// cornerRungs are the rungs around the corner at a side's end, where two roads
// meet: rounded, unless a green strip will lie there.
func (b *builder) cornerRungs(n int) []rung {
	s, next := b.sides[n], b.sides[(n+1)%4]
	if s.way == river || next.way == river {
		return nil
	}
	c, m := next.points[0], len(s.points)-1
	back, on := s.points[m-1].minus(c), next.points[1].minus(c)
	sine := cross(on, back) / back.length() // of the angle, times the length of on
	across := func(way pt, half int64) pt { return way.to(half * on.length() / sine) }
	inner := c.plus(across(on, s.way.half())).plus(across(back, next.way.half()))
	if s.way != avenue || next.way != avenue {
		return []rung{{inner, -1, -1, false, false}}
	}
	radius := b.within(14_000, 24_000)
	p, q := inner.plus(back.to(radius)), inner.plus(on.to(radius))
	var rungs []rung
	for t := range int64(5) {
		rungs = append(rungs, rung{between(between(p, inner, t, 4), between(inner, q, t, 4), t, 4), -1, -1, false, false})
	}
	return rungs
}

// layRiver lays the water along a side, and along the next where the river turns,
// then a green bank and mostly a road.
func (b *builder) layRiver(n int) {
	last, turn := n, int32(-1)
	if b.sides[(n+1)%4].way == river {
		last, turn = (n+1)%4, b.first[(n+1)%4]
	}
	a, z := b.sides[n].banks[0], b.sides[last].banks[1]
	if !b.band(n, last, turn, bandLook{a, z, 9_000, 6, water, "E1"}) {
		return
	}
	park := b.within(16_000, 42_000)
	if !b.band(n, last, -1, bandLook{park, park, 4_000, 4, belt, "G1"}) {
		return
	}
	if b.kind != country && b.chance(700) {
		b.band(n, last, -1, bandLook{11_000, 11_000, 0, 5, road, "S1"})
	}
}

// layBelt lays a green strip along a side.
func (b *builder) layBelt(n int, depth int64, use useCode) {
	b.band(n, n, -1, bandLook{depth, depth, 0, 4, belt, use})
}

// bandLook says how a band looks: its depth at both ends, by how much its edge
// varies, how many edges a piece has, and what it is.
type bandLook struct {
	deep0, deep1, vary int64
	piece              int
	kind               faceKind
	use                useCode
}

// band cuts a band off the ground along the sides from n to last. Its ends lie
// on the sides beside them, which begin and end at the band from then on. It says
// whether there was room.
func (b *builder) band(n, last int, turn int32, look bandLook) bool {
	var chain []int32
	h := b.edgeFrom(0, b.begin[n])
	for ; b.from[h] != b.stop[last]; h = b.next[h] {
		chain = append(chain, b.from[h])
	}
	z := h
	a := b.edgeFrom(0, b.begin[n])
	from, to := b.walk(a, look.deep0, false), b.walk(z, look.deep1, true)
	path := b.bandEdge(chain, b.at[b.stop[last]], from.p, to.p, turn, look)
	if !b.fits(0, from, to, path, 2*clearance) {
		return false
	}
	ends := [2]end{from, to}
	b.placeAll(ends[:])
	first := int32(len(b.at))
	begin, finish := b.from[ends[0].h], b.from[ends[1].h]
	g := b.divide(0, ends[0].h, ends[1].h, path)
	for k := 1; ; k++ {
		b.faces[g].kind, b.faces[g].use = look.kind, look.use
		if k*look.piece+1 >= len(path) {
			break
		}
		at, across := chain[k*look.piece], first+int32(k*look.piece-1)
		g = b.divide(g, b.edgeFrom(g, at), b.edgeFrom(g, across), nil)
	}
	b.begin[n], b.stop[last] = begin, finish
	b.stop[(n+3)%4], b.begin[(last+1)%4] = begin, finish
	return true
}

// bandEdge is the inner edge of a band along a chain of vertices that ends at z.
func (b *builder) bandEdge(chain []int32, z, from, to pt, turn int32, look bandLook) []pt {
	a := b.at[chain[0]]
	in0, in1 := from.minus(a), to.minus(z)
	corner, inner := len(chain), in1 // where the chain turns, and the way inwards there
	for k, v := range chain {
		if v == turn && k > 0 && k+1 < len(chain) {
			back, on := b.at[chain[k-1]].minus(b.at[v]), b.at[chain[k+1]].minus(b.at[v])
			corner, inner = k, back.to(look.deep0).plus(on.to(look.deep0))
		}
	}
	var path []pt
	for k := 1; k < len(chain); k++ {
		in := between(in0, inner, int64(k), int64(corner))
		if k > corner {
			in = between(inner, in1, int64(k-corner), int64(len(chain)-corner))
		}
		in = in.to(in.length() + b.around(look.vary))
		path = append(path, b.at[chain[k]].plus(in))
	}
	return path
}

// walk is the place on the border of the ground that lies some way before or
// after the beginning of a half-edge.
func (b *builder) walk(h int32, far int64, forward bool) end {
	for {
		if !forward {
			h = b.prev[h]
		}
		length := b.way(h).length()
		if far <= length {
			if !forward {
				far = length - far
			}
			return b.settle(end{h, b.start(h).plus(b.way(h).to(far)), true})
		}
		far -= length
		if forward {
			h = b.next[h]
		}
	}
}
