package layout

import (
	"fmt"
	"math/rand/v2"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// design is a park as it is drawn before it is cut into plots.
type design struct {
	code    land.ParkCode
	prefix  string // of plot numbers
	nameZh  string
	centre  [2]int64 // EPSG:4547, whole metres east and north; a rough placeholder
	turn    float64  // of the whole drawing, degrees anticlockwise
	area    int64    // the plan's land, m² in the plane
	longest float64  // of a road's pieces, m
	outline []stop   // anticlockwise
	roads   []road
	blocks  []block
}

// boundaryName names the outline in the recipes and in the names of roads.
const boundaryName = "园区界"

// road is drawn by its centre line, through every place that it passes; what
// sticks out of the park or beyond the last crossing falls away.
type road struct {
	name   string
	width  float64 // 红线宽度, m
	closed bool
	stops  []stop
}

// block (街区) is what lies between roads, found by a point inside it.
type block struct {
	number int
	at     geo.Point
	phase  int // of development: 1 is built first, 4 is left for later
	recipe recipe
}

// designs are the three parks, in the plan's order.
func designs() []design { return []design{panyu(), nansha(), luogang()} }

// place puts a point of the drawing where it belongs at a scale.
func (g design) place(p geo.Point, scale float64) geo.Point {
	return turned(times(p, scale), g.turn)
}

func (g design) line(stops []stop, closed bool, scale float64) []geo.Point {
	placed := make([]stop, len(stops))
	for i, s := range stops {
		placed[i] = stop{g.place(s.at, scale), s.sharp}
	}
	return spline(placed, closed)
}

// drawing is a design cut into plots at a scale.
type drawing struct {
	*mesh
	plots []*face // in the blocks, in the order of their numbers
	roads []*face
}

// draw cuts the design into plots. Road widths and belts keep their metres at
// any scale.
func (g design) draw(scale float64) (*drawing, error) {
	curves := []*curve{{name: boundaryName, closed: true, line: g.line(g.outline, true, scale)}}
	for _, r := range g.roads {
		curves = append(curves, &curve{name: r.name, width: r.width, closed: r.closed, line: g.line(r.stops, r.closed, scale)})
	}
	net := newNetwork(curves)
	m, faces, roads, err := net.lay(g.longest)
	if err != nil {
		return nil, err
	}
	d := &divider{mesh: m, curves: curves,
		random: rand.New(rand.NewPCG(2016, uint64(g.area))),
		line:   func(stops []stop) []geo.Point { return g.line(stops, false, scale) },
	}
	for i := range g.blocks {
		b := &g.blocks[i]
		f := m.faceAt(faces, g.place(b.at, scale))
		if f == nil || f.block != nil {
			return nil, fmt.Errorf("block %d lies in no block of its own", b.number)
		}
		f.block, f.phase = b, b.phase
	}
	for _, f := range faces {
		if f.block == nil {
			return nil, fmt.Errorf("nothing is designed for the block about %.0f", turned(times(centroid(m.points(f.rings[0])), 1/scale), -g.turn))
		}
	}
	for i := range g.blocks {
		b := &g.blocks[i]
		for _, f := range faces {
			if f.block != b {
				continue
			}
			if err := b.recipe.divide(d, f); err != nil {
				return nil, fmt.Errorf("block %d: %w", b.number, err)
			}
		}
	}
	return &drawing{m, d.done, roads}, nil
}

func (m *mesh) faceAt(faces []*face, p geo.Point) *face {
	for _, f := range faces {
		if contains(m.points(f.rings[0]), p) {
			return f
		}
	}
	return nil
}
