package city

// layStreets lays out the ground: collectors, local roads, and the plots of the
// blocks between them.
func (b *builder) layStreets() {
	for _, quarter := range b.streets([]int32{0}, b.kind.collector, b.kind.quarter) {
		for _, f := range b.streets([]int32{quarter}, b.kind.local, b.kind.block) {
			p := b.program()
			if p.lanes == 0 {
				b.layBlock(f, p)
				continue
			}
			lane := street{5_000, 0, 60}
			for _, f := range b.organic([]int32{f}, lane, p.lanes) {
				b.layBlock(f, p)
			}
		}
	}
}

// program is what a block is for: a harbour only where there is a river.
func (b *builder) program() *program {
	p := pick(b.dice, b.kind.programs)
	if p == harbour && !b.banks() {
		return warehouses
	}
	return p
}

func (b *builder) streets(faces []int32, s street, least int64) []int32 {
	if b.kind.grid {
		return b.grid(faces, s, least)
	}
	return b.organic(faces, s, least)
}

// grid lays streets that run through, across a face and along it, so that the
// blocks have about the given area in m².
func (b *builder) grid(faces []int32, s street, area int64) []int32 {
	f := faces[0]
	dir, middle, long, short := b.axis(f)
	side := root(area * 1_000_000)
	for pass := range 2 {
		n := div(long, side) - 1
		for k := range n {
			at := -long/2 + long*(k+1)/(n+1) + b.around(side/12)
			c := middle.plus(dir.times(at, 10_000))
			d := turned(dir.left(), b.around(20))
			for _, g := range faces {
				if b.squareMetres(g) < area/2 {
					continue
				}
				if _, right, ok := b.road(g, c, d, s, area/4); ok {
					faces = append(faces, right)
				}
			}
		}
		if pass == 0 {
			dir, long = dir.left(), short
		}
	}
	return faces
}

// organic lays streets that meet as they come, until no block is much larger
// than the given area in m².
func (b *builder) organic(faces []int32, s street, area int64) []int32 {
	var done []int32
	for len(faces) > 0 {
		f := faces[len(faces)-1]
		faces = faces[:len(faces)-1]
		ok := false
		var right int32
		if b.squareMetres(f) > area*b.within(125, 175)/100 {
			dir, middle, long, _ := b.axis(f)
			for try := range int64(4) {
				c := middle.plus(dir.times(b.around(long*(8+try*4)/100), 10_000))
				if _, right, ok = b.road(f, c, turned(dir.left(), b.around(170-try*30)), s, area/4); ok {
					break
				}
			}
		}
		if ok {
			faces = append(faces, f, right)
		} else {
			done = append(done, f)
		}
	}
	return done
}

// road lays a road where both sides of it keep a least area in m².
func (b *builder) road(f int32, c, d pt, s street, least int64) (way, right int32, ok bool) {
	across, ok := b.chordAt(f, c, d)
	if !ok {
		return 0, 0, false
	}
	part := b.partArea(f, across)
	if part < least || b.squareMetres(f)-part < least {
		return 0, 0, false
	}
	way, right, ok = b.strip(f, c, d, s)
	if ok {
		b.faces[way].use = "S1"
	}
	return way, right, ok
}

// partArea is the area in m² on the right of a chord.
func (b *builder) partArea(f int32, c chord) int64 {
	var sum int64
	o, last := c.a.p, pt{}
	for h := c.a.h; ; h = b.next[h] {
		p := b.end(h).minus(o)
		if h == c.b.h {
			if c.b.within {
				sum += cross(last, c.b.p.minus(o))
			}
			return sum / 2_000_000
		}
		sum += cross(last, p)
		last = p
	}
}

// layBlock divides a block into plots.
func (b *builder) layBlock(f int32, p *program) {
	b.blocks++
	b.faces[f].block = b.blocks
	target := min(max(b.spread(p.median), 220), 150_000)
	stack := append(b.stack[:0], f)
	for len(stack) > 0 {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if area := b.squareMetres(f); area > target*b.within(120, 190)/100 {
			if g, ok := b.halve(f, target, p.edges); ok {
				stack = append(stack, f, g)
				continue
			}
		}
		b.faces[f].kind, b.faces[f].use = plot, pick(b.dice, p.uses)
	}
	b.stack = stack
}

// halve cuts a face across its long side, near the middle.
func (b *builder) halve(f int32, target int64, e edges) (int32, bool) {
	dir, middle, long, _ := b.axis(f)
	least := max(target*3/10, leastArea)
	whole := b.squareMetres(f)
	for try := range int64(5) {
		c := middle.plus(dir.times(b.around(long*(9+3*try)/100), 10_000))
		at, ok := b.chordAt(f, c, turned(dir.left(), b.around(e.skew)))
		if !ok {
			continue
		}
		if part := b.partArea(f, at); part < least || whole-part < least {
			continue
		}
		path := b.jagged(at.a.p, at.b.p, e)
		if try > 2 {
			path = nil
		}
		if b.fits(f, at.a, at.b, path, clearance) {
			return b.cut(f, at.a, at.b, path), true
		}
	}
	return 0, false
}

// jagged are the points of a border from p to q.
func (b *builder) jagged(p, q pt, e edges) []pt {
	length := q.minus(p).length()
	n := (length + b.within(0, e.spacing)) / e.spacing
	jag := min(e.jag, length/14)
	out := q.minus(p).left()
	path := b.path[:0]
	for k := int64(1); k < n; k++ {
		along := length*k/n + b.around(length/n/5)
		path = append(path, between(p, q, along, length).plus(out.to(jag).times(b.around(1000), 1000)))
	}
	b.path = path
	return path
}

// Bounds of what a plot may be.
const (
	mostPoints = 46      // of a road or the like; plots may have some more
	mostArea   = 190_000 // m², under 300 亩
	leastArea  = 155     // m², over 0.2 亩
)

// shorten cuts what has too many points or is too large.
func (b *builder) shorten() {
	for f := int32(0); f < int32(len(b.faces)); f++ {
		for range 12 {
			most := int32(mostPoints)
			if b.faces[f].kind == plot {
				most += 6
			}
			if b.faces[f].points <= most && b.squareMetres(f) <= mostArea || !b.cutAcross(f) {
				break
			}
		}
	}
}

// cutAcross cuts a face across its long side, or else along it, wherever that can
// be done.
func (b *builder) cutAcross(f int32) bool {
	dir, middle, long, _ := b.axis(f)
	const tries = 24
	for try := range int64(3 * tries) {
		if try == tries {
			dir = dir.left()
		}
		c := middle.plus(dir.times(long*(try%tries+1)/2*(1-try%2*2)/60, 10_000))
		at, ok := b.chordAt(f, c, turned(dir.left(), b.around(try*20)))
		if !ok || min(b.partArea(f, at), b.squareMetres(f)-b.partArea(f, at)) < leastArea {
			continue
		}
		if b.fits(f, at.a, at.b, nil, clearance/2) {
			b.cut(f, at.a, at.b, nil)
			return true
		}
	}
	return false
}

// fill gives every face its fifth point.
func (b *builder) fill() {
	for f := range int32(len(b.faces)) {
		for b.faces[f].points < 5 {
			best, length := int32(-1), int64(0)
			b.edges = b.loop(b.edges[:0], f)
			for _, h := range b.edges {
				if n := b.way(h).length(); !b.fixed(h) && n > length {
					best, length = h, n
				}
			}
			if best < 0 || length < 2*shortest {
				break
			}
			w := b.way(best)
			b.split(best, between(b.start(best), b.end(best), 1, 2).plus(w.left().to(min(length/60, 150))))
		}
	}
}
