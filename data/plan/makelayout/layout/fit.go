package layout

import (
	"fmt"
	"math"
)

// fit draws the design so that the park's plane area is exactly the plan's, to
// the last square millimetre.
func (g design) fit() (*drawing, []int, error) {
	want := 2 * g.area * 1_000_000
	scale := math.Sqrt(float64(g.area) / area(g.line(g.outline, true, 1)))
	const rounds = 20
	for range rounds {
		d, err := g.draw(scale)
		if err != nil {
			return nil, nil, err
		}
		rings, err := d.union(d.faces)
		if err != nil {
			return nil, nil, err
		}
		if len(rings) != 1 {
			return nil, nil, fmt.Errorf("the park has %d rings", len(rings))
		}
		have := d.doubledRing(rings[0])
		if missing := want - have; max(missing, -missing) < nearly {
			return d, rings[0], d.settle(rings[0], missing)
		}
		scale *= math.Sqrt(float64(want) / float64(have))
	}
	return nil, nil, fmt.Errorf("the area does not settle in %d rounds", rounds)
}

// nearly is a difference of twice the area in mm² that settle can take up.
const nearly = 500_000

// settle moves two points of the park's outer ring by millimetres so that twice
// its area changes by missing mm².
func (m *mesh) settle(ring []int, missing int64) error {
	const reach = 10 // mm
	n := len(ring)
	for k := 0; k+2 < n; k++ {
		p, q := ring[k], ring[k+2]
		gains := map[int64]vertex{}
		for dx := int64(-reach); dx <= reach; dx++ {
			for dy := int64(-reach); dy <= reach; dy++ {
				gains[m.gain(ring, k, vertex{dx, dy})] = vertex{dx, dy}
			}
		}
		for dx := int64(-reach); dx <= reach; dx++ {
			for dy := int64(-reach); dy <= reach; dy++ {
				move, ok := gains[missing-m.gain(ring, k+2, vertex{dx, dy})]
				if ok {
					m.vertices[p] = vertex{m.vertices[p].x + move.x, m.vertices[p].y + move.y}
					m.vertices[q] = vertex{m.vertices[q].x + dx, m.vertices[q].y + dy}
					return nil
				}
			}
		}
	}
	return fmt.Errorf("no two points take up %d mm²", missing/2)
}

// gain is the change of twice a ring's area in mm² when one of its points moves.
func (m *mesh) gain(ring []int, i int, move vertex) int64 {
	before, after := m.vertices[ring[(i+len(ring)-1)%len(ring)]], m.vertices[ring[(i+1)%len(ring)]]
	return move.x*(after.y-before.y) - move.y*(after.x-before.x)
}
