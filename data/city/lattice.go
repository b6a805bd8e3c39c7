package city

import "math"

// The city is laid out on a lattice of lines, warped so that its rings are round
// and its lines wind. A cell of the lattice is a district; an edge of it is the
// middle of a road, a railway or a river, which both districts beside it know
// from the seed alone, point for point.
const (
	cellSize  = 1_240_000 // mm between lines, on average
	perCell   = 4096      // lattice units between lines
	perSide   = 20        // edges of the polyline between two crossings
	bridge    = 18_000    // mm: half the width of a road on a bridge
	narrowest = 60_000    // mm: half the width of a river
	widest    = 170_000
)

// way is what runs along an edge of the lattice.
type way int

const (
	avenue way = iota
	express
	railway
	river
)

// half is the width in mm of what runs along an edge, on either side of it. A
// river has none of its own: its width changes from crossing to crossing.
func (w way) half() int64 {
	switch w {
	case express:
		return 27_000
	case railway:
		return 13_000
	case river:
		return 0
	}
	return 20_000
}

// lattice is the city's plan at large.
type lattice struct{ seed uint64 }

// Names of what is drawn from the seed, so that no two draws are the same.
const (
	ofWarp int64 = iota + 1
	ofRiver
	ofRailway
	ofWidth
	ofCentre
	ofKind
	ofGrowth
	ofCell
	ofExtras
	ofAttributes
)

// riverRow says whether the horizontal line j is a river: one of every six, and
// one by the city's middle.
func (l lattice) riverRow(j int64) bool {
	band := floorDiv(j+3, 6)
	at := band*6 - 2 + int64(hash(l.seed, ofRiver, band)%3)
	if band == 0 {
		at = -1
	}
	return j == at
}

// riverColumn says whether the vertical line i is a river.
func (l lattice) riverColumn(i int64) bool {
	band := floorDiv(i+4, 11)
	return i == band*11+int64(hash(l.seed, ofRiver, band, 1)%4)+3
}

// ring counts the lines outwards from the middle cell.
func ring(line int64) int64 {
	if line >= 1 {
		return line
	}
	return 1 - line
}

// wayOf is what runs along the edge from crossing (i, j), upwards or to the right.
func (l lattice) wayOf(i, j int64, upwards bool) way {
	line, along := j, i
	if upwards {
		line, along = i, j
	}
	switch n := ring(line); {
	case !upwards && l.riverRow(j), upwards && l.riverColumn(i):
		return river
	case (n == 3 || n == 7 || n == 12 || n == 18 || n == 26 || n == 36) && max(along, -along) < n:
		return express
	case upwards && floorDiv(i, 14)*14+8-int64(hash(l.seed, ofRailway, floorDiv(i, 14))%4) == i:
		return railway
	}
	return avenue
}

// bank is half the width of a river where it passes a crossing.
func (l lattice) bank(i, j int64) int64 {
	return narrowest + int64(hash(l.seed, ofWidth, i, j)%(widest-narrowest))
}

// point is the place of a point of the lattice, u to the east and v to the north
// in lattice units. Products are rounded before they are added, here and
// wherever floating point is used: fused operations would make some machines
// give another millimetre.
func (l lattice) point(u, v int64) pt {
	east, north := float64(2*u-perCell)/(2*perCell), float64(2*v-perCell)/(2*perCell)
	e2, n2 := float64(east*east), float64(north*north)
	round := 1.0 // a ring of the lattice is a square, which becomes nearly round
	if e2+n2 > 0 {
		round = math.Sqrt(math.Sqrt(float64(e2*e2)+float64(n2*n2))) / math.Sqrt(e2+n2)
	}
	p := pt{int64(math.Round(float64(east * round * cellSize))), int64(math.Round(float64(north * round * cellSize)))}
	p.x += l.noise(u, v, 5*perCell, 1)*cellSize*9/(20*one) + l.noise(u, v, 2*perCell, 2)*cellSize/(9*one)
	p.y += l.noise(u, v, 5*perCell, 3)*cellSize*9/(20*one) + l.noise(u, v, 2*perCell, 4)*cellSize/(9*one)
	return p
}

const one = 1 << 14 // in fixed point

// noise is smooth, from -one to one, with features of the given size.
func (l lattice) noise(u, v, size, which int64) int64 {
	i, j := floorDiv(u, size), floorDiv(v, size)
	fade := func(t int64) int64 { // 3t²-2t³
		t = t * one / size
		return t * t / one * (3*one - 2*t) / one
	}
	a, b := fade(u-i*size), fade(v-j*size)
	at := func(i, j int64) int64 { return int64(hash(l.seed, ofWarp, which, i, j)%(2*one+1)) - one }
	south := at(i, j)*(one-a) + at(i+1, j)*a
	north := at(i, j+1)*(one-a) + at(i+1, j+1)*a
	return (south/one*(one-b) + north/one*b) / one
}

// side is one of a district's four, anticlockwise: its points with the crossings
// at both ends, and what runs along it.
type side struct {
	way    way
	points []pt
	banks  [2]int64 // of a river, at both ends
	far    cell     // the district beyond
}

// sides are a district's south, east, north and west side.
func (l lattice) sides(c cell) [4]side {
	all := [4]side{
		l.edge(c.i, c.j, false), l.edge(c.i+1, c.j, true),
		l.edge(c.i, c.j+1, false), l.edge(c.i, c.j, true),
	}
	for n, step := range [4]cell{{0, -1}, {1, 0}, {0, 1}, {-1, 0}} {
		all[n].far = cell{c.i + step.i, c.j + step.j}
		if n >= 2 {
			points := all[n].points
			for a, b := 0, len(points)-1; a < b; a, b = a+1, b-1 {
				points[a], points[b] = points[b], points[a]
			}
			all[n].banks[0], all[n].banks[1] = all[n].banks[1], all[n].banks[0]
		}
	}
	return all
}

// edge is the side from crossing (i, j), upwards or to the right.
func (l lattice) edge(i, j int64, upwards bool) side {
	du, dv := int64(1), int64(0)
	if upwards {
		du, dv = 0, 1
	}
	s := side{way: l.wayOf(i, j, upwards), banks: [2]int64{l.bank(i, j), l.bank(i+du, j+dv)}}
	for k := range int64(perSide + 1) {
		along := k * perCell / perSide
		s.points = append(s.points, l.point(i*perCell+du*along, j*perCell+dv*along))
	}
	if s.way == river { // the bridges at both ends end at points of their own
		p := s.points
		first, last := p[0].plus(p[1].minus(p[0]).to(bridge)), p[perSide].plus(p[perSide-1].minus(p[perSide]).to(bridge))
		s.points = append(append([]pt{p[0], first}, p[1:perSide]...), last, p[perSide])
	}
	return s
}
