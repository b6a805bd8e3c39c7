package city

import "github.com/dikuai/dikuai/data/land"

// useCode is a land-use code of GB 50137-2011, or M0.
type useCode = string

// program is what a block is for: the uses of its plots and how large they are.
type program struct {
	uses   []share[useCode]
	median int64 // m² of a plot
	edges  edges
	lanes  int64 // m² between lanes of its own; 0: none
}

// edges says what borders between plots look like.
type edges struct {
	spacing int64 // mm between the points of a border
	jag     int64 // mm by which they lie off the straight line
	skew    int64 // thousandths by which cuts turn from the right angle
}

var (
	straight = edges{23_000, 900, 25}
	stepped  = edges{17_000, 1_500, 60}
	crooked  = edges{12_500, 1_300, 120}
	field    = edges{36_000, 6_000, 160}
)

var (
	oldHousing  = &program{uses: []share[useCode]{{"R21", 52}, {"R31", 14}, {"R22", 3}, {"B11", 14}, {"B13", 3}, {"A1", 2}, {"A7", 2}, {"A9", 1}, {"A22", 2}, {"G3", 2}, {"U22", 1}, {"S42", 2}, {"B9", 2}}, median: 1700, edges: crooked}
	housing     = &program{uses: []share[useCode]{{"R21", 84}, {"R22", 5}, {"B11", 5}, {"G1", 3}, {"S42", 2}, {"U12", 1}}, median: 5600, edges: straight}
	villas      = &program{uses: []share[useCode]{{"R11", 92}, {"R12", 5}, {"G1", 3}}, median: 2600, edges: straight}
	commerce    = &program{uses: []share[useCode]{{"B11", 44}, {"B14", 10}, {"B13", 7}, {"B31", 6}, {"B32", 3}, {"B12", 4}, {"B29", 14}, {"B9", 4}, {"G3", 3}, {"S42", 3}, {"S41", 1}, {"B49", 1}}, median: 2800, edges: straight}
	offices     = &program{uses: []share[useCode]{{"B29", 44}, {"B21", 22}, {"B22", 8}, {"B11", 12}, {"A1", 5}, {"G3", 4}, {"S42", 3}, {"S2", 1}, {"S3", 1}}, median: 3600, edges: straight}
	civic       = &program{uses: []share[useCode]{{"A1", 28}, {"A21", 6}, {"A22", 9}, {"A51", 14}, {"A33", 18}, {"A6", 6}, {"A41", 6}, {"A52", 4}, {"A53", 1}, {"A59", 2}, {"A34", 1}, {"A8", 1}, {"G1", 4}}, median: 5200, edges: straight}
	schools     = &program{uses: []share[useCode]{{"A33", 78}, {"A42", 4}, {"A34", 2}, {"R22", 10}, {"G1", 6}}, median: 7500, edges: straight}
	university  = &program{uses: []share[useCode]{{"A31", 70}, {"A35", 12}, {"A32", 7}, {"A41", 4}, {"R21", 5}, {"G1", 2}}, median: 15_000, edges: stepped}
	research    = &program{uses: []share[useCode]{{"A35", 66}, {"B29", 14}, {"M0", 12}, {"G1", 4}, {"S42", 4}}, median: 7000, edges: straight}
	parks       = &program{uses: []share[useCode]{{"G1", 88}, {"G3", 7}, {"A22", 3}, {"A7", 2}}, median: 9000, edges: stepped}
	factories   = &program{uses: []share[useCode]{{"M1", 52}, {"M2", 33}, {"M0", 3}, {"W1", 3}, {"U12", 1}, {"G2", 3}, {"S42", 2}, {"B29", 3}}, median: 7500, edges: straight}
	heavy       = &program{uses: []share[useCode]{{"M2", 52}, {"M3", 32}, {"U21", 5}, {"G2", 7}, {"U13", 2}, {"W2", 2}}, median: 13_000, edges: straight}
	newIndustry = &program{uses: []share[useCode]{{"M0", 60}, {"A35", 14}, {"B29", 16}, {"B11", 4}, {"G1", 6}}, median: 5600, edges: straight}
	warehouses  = &program{uses: []share[useCode]{{"W1", 62}, {"W2", 20}, {"W3", 2}, {"S42", 5}, {"B12", 5}, {"B41", 2}, {"G2", 4}}, median: 10_500, edges: straight}
	harbour     = &program{uses: []share[useCode]{{"H23", 66}, {"W1", 18}, {"W2", 10}, {"S9", 6}}, median: 13_000, edges: straight}
	transport   = &program{uses: []share[useCode]{{"S41", 42}, {"S42", 26}, {"S3", 16}, {"S9", 8}, {"B41", 8}}, median: 4300, edges: straight}
	utilities   = &program{uses: []share[useCode]{{"U11", 14}, {"U12", 24}, {"U13", 8}, {"U15", 9}, {"U16", 3}, {"U21", 20}, {"U22", 10}, {"U31", 8}, {"U32", 2}, {"U9", 2}}, median: 3600, edges: straight}
	special     = &program{uses: []share[useCode]{{"H42", 60}, {"H3", 30}, {"H9", 10}}, median: 6500, edges: straight}
	villages    = &program{uses: []share[useCode]{{"H14", 91}, {"B11", 3}, {"G1", 3}, {"A9", 1}, {"A22", 2}}, median: 900, edges: crooked, lanes: 9000}
	fields      = &program{uses: []share[useCode]{{"E2", 84}, {"E1", 12}, {"E9", 4}}, median: 8500, edges: field}
)

// kind is what a district is like.
type kind struct {
	collector, local street
	quarter, block   int64 // m² between collectors, and between local roads
	grid             bool  // streets run through; else they meet as they come
	programs         []share[*program]
	age              age
}

// age says how far a district is built.
type age int

const (
	settled age = iota
	growing
	young
)

var (
	oldTown = &kind{collector: street{17_000, 7_000, 40}, local: street{8_000, 3_500, 35}, quarter: 150_000, block: 12_000,
		programs: []share[*program]{{oldHousing, 72}, {commerce, 9}, {civic, 8}, {parks, 5}, {schools, 5}, {utilities, 1}}, age: settled}
	centre = &kind{collector: street{26_000, 10_000, 12}, local: street{14_000, 6_000, 8}, quarter: 120_000, block: 17_000, grid: true,
		programs: []share[*program]{{offices, 36}, {commerce, 24}, {housing, 19}, {civic, 9}, {parks, 8}, {transport, 3}}, age: growing}
	newTown = &kind{collector: street{26_000, 10_000, 25}, local: street{15_000, 7_000, 14}, quarter: 170_000, block: 34_000, grid: true,
		programs: []share[*program]{{housing, 60}, {villas, 4}, {commerce, 9}, {schools, 8}, {civic, 6}, {parks, 8}, {utilities, 2}, {transport, 2}}, age: growing}
	industry = &kind{collector: street{28_000, 12_000, 8}, local: street{16_000, 9_000, 5}, quarter: 260_000, block: 56_000, grid: true,
		programs: []share[*program]{{factories, 66}, {heavy, 9}, {newIndustry, 8}, {housing, 4}, {commerce, 2}, {utilities, 2}, {parks, 2}, {warehouses, 6}, {transport, 1}}, age: young}
	logistics = &kind{collector: street{30_000, 14_000, 8}, local: street{18_000, 10_000, 5}, quarter: 300_000, block: 80_000, grid: true,
		programs: []share[*program]{{warehouses, 62}, {harbour, 8}, {factories, 15}, {transport, 8}, {utilities, 3}, {commerce, 2}, {special, 2}}, age: young}
	campus = &kind{collector: street{24_000, 10_000, 70}, local: street{11_000, 6_000, 70}, quarter: 260_000, block: 48_000,
		programs: []share[*program]{{university, 52}, {research, 21}, {housing, 8}, {parks, 9}, {commerce, 4}, {civic, 3}, {schools, 2}, {utilities, 1}}, age: growing}
	waterfront = &kind{collector: street{24_000, 10_000, 35}, local: street{13_000, 6_000, 22}, quarter: 150_000, block: 26_000, grid: true,
		programs: []share[*program]{{housing, 42}, {offices, 12}, {commerce, 14}, {parks, 16}, {civic, 8}, {schools, 5}, {utilities, 1}, {villas, 2}}, age: growing}
	country = &kind{collector: street{13_000, 6_000, 80}, local: street{7_000, 3_500, 80}, quarter: 280_000, block: 65_000,
		programs: []share[*program]{{fields, 64}, {villages, 12}, {factories, 8}, {parks, 4}, {housing, 5}, {utilities, 3}, {schools, 2}, {special, 2}}, age: young}
)

// kindOf is what a district is like: by its way to a centre, the rivers beside
// it and chance that changes slowly from district to district.
func (l lattice) kindOf(c cell, banks bool) *kind {
	d := newDice(l.seed, ofKind, c.i, c.j)
	far, sub := l.centre(c)
	drift := l.noise(c.i*perCell+perCell/2, c.j*perCell+perCell/2, 3*perCell, ofKind)
	switch {
	case far == 0 && !sub:
		return oldTown
	case far == 0:
		return centre
	case far == 1 && !sub:
		return pick(d, []share[*kind]{{oldTown, 35}, {centre, 45}, {newTown, 20}})
	case far <= 2:
		return pick(d, []share[*kind]{{newTown, 62}, {oldTown, 18}, {waterfront, 10}, {campus, 10}})
	case banks && d.chance(550):
		return waterfront
	case drift > one*2/5:
		return pick(d, []share[*kind]{{industry, 80}, {logistics, 14}, {newTown, 6}})
	case drift > one/4:
		return pick(d, []share[*kind]{{logistics, 45}, {industry, 40}, {newTown, 15}})
	case drift < -one/2 && far > 5:
		return pick(d, []share[*kind]{{country, 88}, {newTown, 12}})
	case drift < -one/3:
		return pick(d, []share[*kind]{{campus, 60}, {newTown, 30}, {country, 10}})
	}
	return pick(d, []share[*kind]{{newTown, 70}, {waterfront, 4}, {campus, 8}, {industry, 6}, {country, 6}, {oldTown, 6}})
}

// centre is the square of the way to the nearest centre, in districts, and
// whether that is one of the towns around the city's own.
func (l lattice) centre(c cell) (far int64, sub bool) {
	far = c.i*c.i + c.j*c.j
	const apart = 8
	a, b := floorDiv(c.i, apart), floorDiv(c.j, apart)
	for i := a - 1; i <= a+1; i++ {
		for j := b - 1; j <= b+1; j++ {
			h := hash(l.seed, ofCentre, i, j)
			at := cell{i*apart + 1 + int64(h%6), j*apart + 1 + int64(h>>32%6)}
			if at.i*at.i+at.j*at.j < 30 {
				continue
			}
			if d := (c.i-at.i)*(c.i-at.i) + (c.j-at.j)*(c.j-at.j); d < far {
				far, sub = d, true
			}
		}
	}
	return far, sub
}

// schemeOf is the scheme that a code is of.
func schemeOf(c useCode) land.Scheme {
	if c == "M0" {
		return land.GZ2019
	}
	return land.GB50137
}
