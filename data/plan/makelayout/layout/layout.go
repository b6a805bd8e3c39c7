package layout

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Layout is a park's demonstration layout. Coordinates are metres east and
// north in EPSG:4547, on the 0.001 m grid; outer rings run anticlockwise from
// their north-western point, holes clockwise.
type Layout struct {
	Park     land.ParkCode
	NameZh   string
	Boundary geo.Polygon
	Plots    []land.Draft // blocks first, then roads
}

// Make draws the layouts of all parks. They are the same at every run.
func Make() ([]Layout, error) {
	var all []Layout
	for _, g := range designs() {
		l, err := g.make()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", g.code, err)
		}
		all = append(all, l)
	}
	return all, nil
}

func (g design) make() (Layout, error) {
	d, ring, err := g.fit()
	if err != nil {
		return Layout{}, err
	}
	d.phaseRoads()
	l := Layout{Park: g.code, NameZh: g.nameZh, Boundary: geo.Polygon{d.ring4547(ring, g.centre)}}
	w := &writer{design: g, drawing: d, random: rand.New(rand.NewPCG(2020, uint64(g.area))), used: map[string]int{}}
	for _, f := range slices.Concat(d.plots, d.roads) {
		a, err := w.attributes(f)
		if err != nil {
			return Layout{}, err
		}
		var outline geo.Polygon
		for _, r := range f.rings {
			outline = append(outline, d.ring4547(r, g.centre))
		}
		l.Plots = append(l.Plots, land.Draft{Attributes: a, Boundary: geo.MultiPolygon{outline}, CRS: geo.GK114})
	}
	return l, nil
}

// ring4547 closes a ring and puts it in the plane.
func (m *mesh) ring4547(ring []int, centre [2]int64) geo.Ring {
	northWest := func(a, b int) int {
		p, q := m.vertices[a], m.vertices[b]
		return cmp.Compare(p.x-p.y, q.x-q.y)
	}
	first := slices.Index(ring, slices.MinFunc(ring, northWest))
	var out geo.Ring
	for i := range len(ring) + 1 {
		v := m.vertices[ring[(first+i)%len(ring)]]
		out = append(out, geo.Point{float64(centre[0]*1000+v.x) / 1000, float64(centre[1]*1000+v.y) / 1000})
	}
	return out
}

// phaseRoads gives every piece of road the phase of the earliest block beside it.
func (d *drawing) phaseRoads() {
	for _, r := range d.roads {
		r.phase = latestPhase
		for _, f := range d.beside(r) {
			if f.block != nil {
				r.phase = min(r.phase, f.phase)
			}
		}
	}
}

// beside lists the faces that share an edge with f.
func (d *drawing) beside(f *face) []*face {
	edges := map[edge]bool{}
	for _, ring := range f.rings {
		for i, n := range ring {
			edges[edge{ring[(i+1)%len(ring)], n}] = true
		}
	}
	touches := func(g *face) bool {
		for _, ring := range g.rings {
			for i, n := range ring {
				if edges[edge{n, ring[(i+1)%len(ring)]}] {
					return true
				}
			}
		}
		return false
	}
	var found []*face
	for _, g := range d.faces {
		if touches(g) {
			found = append(found, g)
		}
	}
	return found
}
