package sheet

import (
	"cmp"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// placer puts labels on a map so that none meets another, nor the circle of a
// boundary point, nor the line that leads to another label. Lines of the map may
// be crossed at a cost. All is measured on the paper.
type placer struct {
	frame   bound // labels stay inside
	taken   raster[box]
	leaders raster[stretch]
	lines   raster[stretch]
}

// stretch is a straight piece of a line, and what a label that crosses it costs.
type stretch struct {
	from, to geo.Point
	cost     float64
}

func (s stretch) bound() bound { return boundOf(s.from, s.to) }

// candidate is a place for a label. The cheapest one that is free is taken; a
// leader joins it with what it names.
type candidate struct {
	box    box
	cost   float64
	leader *stretch
}

// gap is what stays free about a label, mm.
const gap = 0.25

func newPlacer(frame Rect) *placer {
	return &placer{frame: frame.inset(gap).bound(), taken: raster[box]{}, leaders: raster[stretch]{}, lines: raster[stretch]{}}
}

// avoid has labels keep off a line of the map, at a cost.
func (p *placer) avoid(from, to geo.Point, cost float64) {
	s := stretch{from, to, cost}
	if s.bound().meets(p.frame) || p.frame.holds(from) {
		p.lines.add(s.bound(), s)
	}
}

// take keeps other labels off a place.
func (p *placer) take(b box) { p.taken.add(b.bound(), b) }

// place takes the cheapest free candidate.
func (p *placer) place(candidates []candidate) (candidate, bool) {
	best, least := -1, math.Inf(1)
	for i, c := range candidates {
		if c.cost >= least || !p.free(c) {
			continue
		}
		if cost := c.cost + p.crossings(c.box); cost < least {
			best, least = i, cost
		}
	}
	if best < 0 {
		return candidate{}, false
	}
	c := candidates[best]
	p.take(c.box)
	if c.leader != nil {
		p.leaders.add(c.leader.bound(), *c.leader)
	}
	return c, true
}

// free tells whether a label may stand there.
func (p *placer) free(c candidate) bool {
	wide := c.box.grown(gap)
	b := wide.bound()
	if !p.frame.holds(b.min) || !p.frame.holds(b.max) {
		return false
	}
	if p.taken.near(b, wide.meets) || p.leaders.near(b, func(s stretch) bool { return wide.crossed(s.from, s.to) }) {
		return false
	}
	return c.leader == nil || !p.taken.near(c.leader.bound(), func(t box) bool { return t.crossed(c.leader.from, c.leader.to) })
}

// crossings is what the lines that cross a label cost.
func (p *placer) crossings(b box) float64 {
	var cost float64
	wide := b.grown(gap)
	counted := map[stretch]bool{}
	p.lines.near(wide.bound(), func(s stretch) bool {
		if !counted[s] && wide.crossed(s.from, s.to) {
			counted[s] = true
			cost += s.cost
		}
		return false
	})
	return cost
}

// clear tells whether no line of the map crosses a label.
func (p *placer) clear(b box) bool {
	wide := b.grown(gap)
	return !p.lines.near(wide.bound(), func(s stretch) bool { return wide.crossed(s.from, s.to) })
}

// about are places around a point for a label of a size: in sixteen directions,
// nearer ones cheaper, and cheaper the less they turn from a direction on the
// paper. From led on, in millimetres, a leader joins label and point, which has a
// circle of a radius.
func about(at geo.Point, w, h, radius float64, towards geo.Point, led float64, distances []float64) []candidate {
	var all []candidate
	for _, d := range distances {
		for i := range 16 {
			sin, cos := math.Sincos(float64(i) * math.Pi / 8)
			reach := radius + d + math.Min(w/2/math.Max(math.Abs(cos), 1e-9), h/2/math.Max(math.Abs(sin), 1e-9))
			b := box{centre: geo.Point{at[0] + cos*reach, at[1] + sin*reach}, w: w, h: h}
			turned := 0.0
			if towards != (geo.Point{}) {
				turned = (1 - cos*towards[0] - sin*towards[1]) / 2 // 0 … 1
			}
			c := candidate{box: b, cost: d + 3*turned}
			if d >= led {
				end := b.nearest(at)
				length := math.Hypot(end[0]-at[0], end[1]-at[1])
				start := geo.Point{at[0] + (end[0]-at[0])*(radius+0.1)/length, at[1] + (end[1]-at[1])*(radius+0.1)/length}
				c.leader = &stretch{from: start, to: end}
			}
			all = append(all, c)
		}
	}
	return all
}

// lattice are places on a lattice around a place for a label of a size, nearer
// ones first and cheaper.
func lattice(at geo.Point, w, h, reach, step float64) []candidate {
	all := []candidate{{box: box{centre: at, w: w, h: h}}}
	for x := -reach; x <= reach; x += step {
		for y := -reach; y <= reach; y += step {
			all = append(all, candidate{box: box{centre: geo.Point{at[0] + x, at[1] + y}, w: w, h: h}, cost: math.Hypot(x, y)})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.cost, b.cost) })
	return all
}
