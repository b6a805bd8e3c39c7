package sheet

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// Layers of a red-line map.
const (
	layerBoundary   = "红线"
	layerPoints     = "界址点"
	layerPointNo    = "界址点号"
	layerLength     = "边长"
	layerPlotNo     = "地块注记"
	layerNeighbours = "相邻地块"
	layerNames      = "相邻注记"
	layerPark       = "园区边界"
	layerGrid       = "坐标格网"
	layerTitle      = "图名"
)

// Sizes of a red-line map on paper, mm: the line and the circle are those of
// cadastral maps (宗地图).
const (
	redLineWidth  = 0.3
	pointDiameter = 0.8
	shortestNoted = 3.0 // an edge shorter than this has no length beside it
	pointSize     = 2.2
	lengthSize    = 2.0
	neighbourSize = 2.4
	digitsHeight  = 0.85 // of Latin letters and figures, as part of their size
)

// mostUnnoted is how many points may find no place for their numbers before it is
// no more tried for others: there are too many for the map.
const mostUnnoted = 300

// Costs of crossing a line of the map.
const (
	overRedLine = 8
	overOthers  = 2
)

// redLine draws a plot's boundary on a map, and what is written about it.
type redLine struct {
	fonts   *paper.Fonts
	window  *Window
	placer  *placer
	rings   []ring
	plane   geo.MultiPolygon
	unnoted int // boundary points whose numbers found no place
}

func (r *redLine) width(text string, size float64) float64 {
	return r.fonts.Width(text, size/paper.Point)
}

// draw draws the boundary and its points, and keeps labels off them.
func (r *redLine) draw() {
	for _, ring := range r.rings {
		r.window.add(&Line{Layer: layerBoundary, Points: ring.points, Closed: true, Pen: Pen{Color: red, Width: redLineWidth}})
		for i, q := range ring.points {
			r.placer.avoid(r.window.Paper(q), r.window.Paper(ring.points[(i+1)%len(ring.points)]), overRedLine)
		}
	}
	for _, ring := range r.rings {
		for _, q := range ring.points {
			r.window.add(&Circle{Layer: layerPoints, At: q, Diameter: pointDiameter, Pen: Pen{Color: red, Width: 0.13}, Fill: white})
			r.placer.take(box{centre: r.window.Paper(q), w: pointDiameter, h: pointDiameter})
		}
	}
}

// text puts a label on the map.
func (r *redLine) text(layer, color, text string, size float64, b box) {
	r.window.add(&Text{Layer: layer, At: r.window.Ground(b.centre), Size: size, Angle: b.angle, Align: paper.Centre, Color: color, Text: text})
}

func (r *redLine) leader(layer, color string, s *stretch) {
	if s != nil {
		r.window.add(&Line{Layer: layer, Points: []geo.Point{r.window.Ground(s.from), r.window.Ground(s.to)}, Pen: Pen{Color: color, Width: 0.1}})
	}
}

// point is one boundary point, and the direction on the paper that leads off the
// land.
type point struct {
	number int
	at     geo.Point
	out    geo.Point
	rank   int // 0: a ring's first point, 1: a corner, 2: a point of a bend
}

// points lists the boundary points on the paper, the most telling first.
func (r *redLine) points() []point {
	var all []point
	for _, ring := range r.rings {
		n := len(ring.points)
		for i := range ring.points {
			at := r.window.Paper(ring.points[i])
			in, out := unit(r.window.Paper(ring.points[(i+n-1)%n]), at), unit(at, r.window.Paper(ring.points[(i+1)%n]))
			// The land is on the right hand of the way; on paper, whose y runs
			// down, (y, -x) is on the left.
			left := geo.Point{in[1] + out[1], -in[0] - out[0]}
			if l := math.Hypot(left[0], left[1]); l > 1e-6 {
				left = geo.Point{left[0] / l, left[1] / l}
			}
			p := point{number: ring.first + i, at: at, out: left, rank: 2}
			if in[0]*out[0]+in[1]*out[1] < math.Cos(20*math.Pi/180) {
				p.rank = 1
			}
			if i == 0 {
				p.rank = 0
			}
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b point) int { return cmp.Compare(a.rank, b.rank) })
	return all
}

func unit(from, to geo.Point) geo.Point {
	l := math.Hypot(to[0]-from[0], to[1]-from[1])
	if l == 0 {
		return geo.Point{}
	}
	return geo.Point{(to[0] - from[0]) / l, (to[1] - from[1]) / l}
}

// numberPoints writes J1 … Jn beside the points, off the land, with leaders where
// they are crowded.
func (r *redLine) numberPoints() {
	const led = 1.5
	distances := []float64{0.3, 0.8, 1.5, 2.5, 4, 6, 8.5, 11, 14}
	for i, p := range r.points() {
		if r.unnoted == mostUnnoted {
			r.unnoted += pointsOf(r.rings) - i
			return
		}
		text := fmt.Sprintf("J%d", p.number)
		c, ok := r.placer.place(about(p.at, r.width(text, pointSize), digitsHeight*pointSize, pointDiameter/2, p.out, led, distances))
		if !ok {
			r.unnoted++
			continue
		}
		r.text(layerPointNo, red, text, pointSize, c.box)
		r.leader(layerPointNo, red, c.leader)
	}
}

// measureEdges writes the lengths along the edges, off the land, the longest
// edges first.
func (r *redLine) measureEdges() {
	type edge struct {
		from, to geo.Point // on the ground
		length   float64   // m
	}
	var edges []edge
	for _, ring := range r.rings {
		for i, from := range ring.points {
			to := ring.points[(i+1)%len(ring.points)]
			e := edge{from, to, math.Hypot(to[0]-from[0], to[1]-from[1])}
			if e.length/r.window.metres() >= shortestNoted {
				edges = append(edges, e)
			}
		}
	}
	slices.SortStableFunc(edges, func(a, b edge) int { return cmp.Compare(b.length, a.length) })
	left := 0
	for _, e := range edges {
		if left == mostUnnoted {
			return
		}
		text := lengthText(e.length)
		if c, ok := r.placer.place(r.along(r.window.Paper(e.from), r.window.Paper(e.to), r.width(text, lengthSize))); ok {
			r.text(layerLength, red, text, lengthSize, c.box)
		} else {
			left++
		}
	}
}

// along are places for a length beside an edge, at its middle sooner than at its
// ends, off the land sooner than on it.
func (r *redLine) along(from, to geo.Point, w float64) []candidate {
	u := unit(from, to)
	left := geo.Point{u[1], -u[0]}
	angle := upright(math.Atan2(-u[1], u[0]) * 180 / math.Pi)
	h := digitsHeight * lengthSize
	var all []candidate
	for _, off := range []float64{0.6, 1.4, 2.4, 3.4} {
		for _, at := range []float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8} {
			for _, side := range []float64{1, -1} {
				d := side * (off + h/2)
				centre := geo.Point{from[0] + (to[0]-from[0])*at + left[0]*d, from[1] + (to[1]-from[1])*at + left[1]*d}
				cost := off + 2*math.Abs(at-0.5)
				if side < 0 {
					cost += 4
				}
				all = append(all, candidate{box: box{centre, w, h, angle}, cost: cost})
			}
		}
	}
	return all
}

// fraction is the label of a plot: its number over its land-use code, and its
// area behind (地块编号 / 用地代码, 面积).
type fraction struct{ above, below, behind string }

// name writes the plot's number, use and area on the land where it has room,
// else beside it with a leader, off the lines of the map if it can be.
func (r *redLine) name(f fraction) {
	pole, _ := geo.LabelPoint(r.plane)
	at := r.window.Paper(pole)
	for _, size := range []float64{4.2, 3.6, 3, 2.5} {
		w, h := r.fractionSize(f, size)
		var inside []candidate
		for _, c := range lattice(at, w, h, 40, 2) {
			if r.placer.clear(c.box) && planar.MultiPolygonContains(r.plane, r.window.Ground(c.box.centre)) {
				inside = append(inside, c)
			}
		}
		if c, ok := r.placer.place(inside); ok {
			r.fraction(f, size, c.box)
			return
		}
	}
	const size = 3
	w, h := r.fractionSize(f, size)
	var all []candidate
	for _, anchor := range r.anchors(at) {
		all = append(all, beside(anchor.box.centre, w, h, anchor.cost)...)
	}
	clear := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !r.placer.clear(c.box) })
	c, ok := r.placer.place(clear)
	if !ok {
		c, ok = r.placer.place(all)
	}
	if !ok {
		return
	}
	r.fraction(f, size, c.box)
	r.leader(layerPlotNo, black, c.leader)
	r.window.add(&Circle{At: r.window.Ground(c.leader.from), Diameter: 0.5, Fill: black})
}

// anchors are places on the land from which a leader may go, the nearest to the
// pole first and cheapest.
func (r *redLine) anchors(pole geo.Point) []candidate {
	const most, step, reach, dot = 16, 6, 90, 0.8
	chosen := []candidate{{box: box{centre: pole}}}
	for _, c := range lattice(pole, dot, dot, reach, step) {
		if len(chosen) < most && planar.MultiPolygonContains(r.plane, r.window.Ground(c.box.centre)) && r.placer.clear(c.box) {
			c.cost /= 10
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// beside are places left and right of a point, nearer ones cheaper, for a label that a leader joins at
// its middle height.
func beside(at geo.Point, w, h, cost float64) []candidate {
	var all []candidate
	for _, d := range []float64{4, 7, 10, 14, 18, 23, 28, 34, 40, 50, 60, 75} {
		for i := -6; i <= 6; i++ {
			for _, side := range []float64{1, -1} {
				sin, cos := math.Sincos(float64(i) * math.Pi / 15)
				end := geo.Point{at[0] + side*d*cos, at[1] + d*sin}
				c := candidate{box: box{centre: geo.Point{end[0] + side*(w/2+0.3), end[1]}, w: w, h: h}, cost: cost + d}
				c.leader = &stretch{from: at, to: end}
				all = append(all, c)
			}
		}
	}
	return all
}

func (r *redLine) fractionSize(f fraction, size float64) (w, h float64) {
	return r.barWidth(f, size) + 0.3*size + r.width(f.behind, 0.8*size), 2.5 * size
}

func (r *redLine) barWidth(f fraction, size float64) float64 {
	return max(r.width(f.above, size), r.width(f.below, size)) + 0.4*size
}

func (r *redLine) fraction(f fraction, size float64, b box) {
	bar := r.barWidth(f, size)
	x, y := b.centre[0]-b.w/2, b.centre[1]
	part := func(text string, size, cx, cy float64) {
		r.text(layerPlotNo, black, text, size, box{centre: geo.Point{cx, cy}})
	}
	part(f.above, size, x+bar/2, y-0.65*size)
	part(f.below, size, x+bar/2, y+0.65*size)
	behind := r.width(f.behind, 0.8*size)
	part(f.behind, 0.8*size, x+bar+0.3*size+behind/2, y)
	r.window.add(&Line{Layer: layerPlotNo, Points: []geo.Point{r.window.Ground(geo.Point{x, y}), r.window.Ground(geo.Point{x + bar, y})}, Pen: Pen{Color: black, Width: 0.15}})
}

// neighbours draws what lies around the plot and names it where it has room.
func (r *redLine) neighbours(around []tract, park geo.MultiPolygon) {
	for i := range around {
		for _, polygon := range around[i].plane {
			for _, ring := range polygon {
				r.outline(layerNeighbours, ring, Pen{Color: grey, Width: 0.13})
			}
		}
	}
	for _, polygon := range park {
		for _, ring := range polygon {
			r.outline(layerPark, ring, Pen{Color: plum, Width: 0.35, Dash: []float64{4, 1, 0.5, 1}})
		}
	}
}

func (r *redLine) outline(layer string, ring geo.Ring, pen Pen) {
	r.window.add(&Line{Layer: layer, Points: ring[:len(ring)-1], Closed: true, Pen: pen})
	for i := range len(ring) - 1 {
		r.placer.avoid(r.window.Paper(ring[i]), r.window.Paper(ring[i+1]), overOthers)
	}
}

// nameNeighbours writes the neighbours' numbers, and the names of roads along
// them.
func (r *redLine) nameNeighbours(around []tract) {
	seen := r.window.seen()
	for i := range around {
		t := &around[i]
		shown := t.seen(seen)
		if len(shown) == 0 {
			continue
		}
		at, _ := geo.LabelPoint(shown)
		text := t.called()
		for _, size := range []float64{neighbourSize, 2, 1.7} {
			var inside []candidate
			for _, c := range lattice(r.window.Paper(at), r.width(text, size), size, 16, 2) {
				if isRoad(t.Use) {
					c.box.angle = bearing(t.plane, r.window.Ground(c.box.centre))
				}
				if r.placer.clear(c.box) && planar.MultiPolygonContains(shown, r.window.Ground(c.box.centre)) {
					inside = append(inside, c)
				}
			}
			if c, ok := r.placer.place(inside); ok {
				r.text(layerNames, grey, text, size, c.box)
				break
			}
		}
	}
}

// bearing is the angle in which a text reads along a polygon at a place: that of
// its edges, the longer and the nearer ones counting more. Short ones, with which
// corners are rounded, so hardly count.
func bearing(p geo.MultiPolygon, at geo.Point) float64 {
	nearest := math.Inf(1)
	var edges [][2]geo.Point
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := range len(ring) - 1 {
				edges = append(edges, [2]geo.Point{ring[i], ring[i+1]})
				nearest = min(nearest, planar.DistanceFromSegment(ring[i], ring[i+1], at))
			}
		}
	}
	var x, y float64 // of twice the angle, for an edge has no sense
	for _, e := range edges {
		dx, dy := e[1][0]-e[0][0], e[1][1]-e[0][1]
		length := math.Hypot(dx, dy)
		if length == 0 {
			continue
		}
		away := planar.DistanceFromSegment(e[0], e[1], at) + nearest
		weight := length / (away * away)
		x += weight * (dx*dx - dy*dy) / (length * length)
		y += weight * 2 * dx * dy / (length * length)
	}
	return upright(math.Atan2(y, x) / 2 * 180 / math.Pi)
}

// upright turns an angle so that a text is read from below or from the right.
func upright(angle float64) float64 {
	for angle > 90 {
		angle -= 180
	}
	for angle <= -90 {
		angle += 180
	}
	return angle
}

// lengthText prints the length of an edge in metres.
func lengthText(metres float64) string { return geo.FormatFixed(metres, 2) }
