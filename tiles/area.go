package tiles

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Area is a polygon in which land is measured, seen in one park's plane: its
// sides are straight there.
type Area struct {
	window *topology.Window
	plane  func(geo.Point) geo.Point // from EPSG:4490 lon/lat
	box    plotset.Box
	sides  []side
	rows   [][]int32 // of equal height from north to south, the sides that reach into each
}

// side is a stretch of a side in the world, short enough to be straight there too.
type side struct{ a, b plotset.Point }

// Bounds of an area.
const (
	longestStretch = 1000 // metres; a straight way of that length bends 3 cm at most from one projection to the other
	mostStretches  = 100_000
	mostRows       = 256
)

// China is where land is measured, EPSG:4490 lon/lat: further off a plane is none.
var China = orb.Bound{Min: orb.Point{73, 3}, Max: orb.Point{136, 54}}

// NewArea puts a polygon into a plane. Its error is a *topology.InvalidError, or
// says that the polygon is too large or too far away.
func NewArea(p geo.MultiPolygon, from, plane geo.CRS) (*Area, error) {
	degrees, err := geo.TransformMultiPolygon(p, from, geo.CGCS2000)
	if err != nil {
		return nil, err
	}
	if b := degrees.Bound(); !China.Contains(b.Min) || !China.Contains(b.Max) {
		return nil, geo.Say("多边形超出中国范围", "the polygon reaches beyond China")
	}
	there, err := geo.NewTransformer(from, plane)
	if err != nil {
		return nil, err
	}
	back, err := geo.NewTransformer(plane, geo.CGCS2000)
	if err != nil {
		return nil, err
	}
	onPlane, err := geo.NewTransformer(geo.CGCS2000, plane)
	if err != nil {
		return nil, err
	}
	p = geo.MapPoints(p, func(q geo.Point) geo.Point { return geo.SnapToGrid(there(q)) })
	if geo.PlanePerimeter(p) > longestStretch*mostStretches {
		return nil, geo.Say("多边形过大", "the polygon is too large")
	}
	if err := topology.Valid(p); err != nil {
		return nil, err
	}
	a := &Area{window: topology.NewWindow(p), plane: onPlane, box: plotset.Box{Min: plotset.Point{X: math.MaxUint32, Y: math.MaxUint32}}}
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a.add(ring[i-1], ring[i], back)
			}
		}
	}
	a.box = wider(a.box, 0)
	a.rows = make([][]int32, min(mostRows, len(a.sides)))
	for i, s := range a.sides {
		for row := a.row(min(s.a.Y, s.b.Y)); row <= a.row(max(s.a.Y, s.b.Y)); row++ {
			a.rows[row] = append(a.rows[row], int32(i))
		}
	}
	return a, nil
}

func (a *Area) add(from, to geo.Point, back func(geo.Point) geo.Point) {
	stretches := int(math.Hypot(to[0]-from[0], to[1]-from[1])/longestStretch) + 1
	last := plotset.World(back(from))
	for i := 1; i <= stretches; i++ {
		k := float64(i) / float64(stretches)
		next := plotset.World(back(geo.Point{from[0] + (to[0]-from[0])*k, from[1] + (to[1]-from[1])*k}))
		a.box = a.box.Union(plotset.Box{Min: last, Max: last}).Union(plotset.Box{Min: next, Max: next})
		a.sides = append(a.sides, side{last, next})
		last = next
	}
}

// row is the one in which y lies, or the nearest.
func (a *Area) row(y uint32) int {
	n := len(a.rows)
	r := int(float64(int64(y)-int64(a.box.Min.Y)) / float64(a.box.Max.Y-a.box.Min.Y) * float64(n))
	return min(max(r, 0), n-1)
}

// wider is a box with what projections may bend a side of it to be off.
func wider(b plotset.Box, size float64) plotset.Box {
	margin := uint32(16 + 4e-10*size*size)
	b.Min.X, b.Min.Y = b.Min.X-min(b.Min.X, margin), b.Min.Y-min(b.Min.Y, margin)
	b.Max.X, b.Max.Y = b.Max.X+min(math.MaxUint32-b.Max.X, margin), b.Max.Y+min(math.MaxUint32-b.Max.Y, margin)
	return b
}

// Where something lies with respect to an area.
type lies int

const (
	outside lies = iota
	across       // or so near to its border that it must be measured
	inside
)

// locate says where a plot lies by its box.
func (a *Area) locate(b plotset.Box) lies {
	b = wider(b, math.Hypot(float64(b.Max.X-b.Min.X), float64(b.Max.Y-b.Min.Y)))
	if !b.Meets(a.box) {
		return outside
	}
	first, last := a.row(b.Min.Y), a.row(b.Max.Y)
	for row := first; row <= last; row++ {
		for _, i := range a.rows[row] {
			if a.sides[i].meets(b) {
				return across
			}
		}
	}
	where := outside // the rule of even and odd, eastwards from a corner
	at := b.Min
	for _, i := range a.rows[first] {
		s := a.sides[i]
		if (s.a.Y > at.Y) != (s.b.Y > at.Y) && s.across(at.Y) > float64(at.X) {
			where = inside - where
		}
	}
	return where
}

// across is where the side is at y.
func (s side) across(y uint32) float64 {
	k := (float64(y) - float64(s.a.Y)) / (float64(s.b.Y) - float64(s.a.Y))
	return float64(s.a.X) + k*(float64(s.b.X)-float64(s.a.X))
}

// meets says whether the side and a box have a point in common, or nearly.
func (s side) meets(b plotset.Box) bool {
	if !b.Meets(plotset.Box{Min: s.a, Max: s.a}.Union(plotset.Box{Min: s.b, Max: s.b})) {
		return false
	}
	const rounding = 4096 // of products of world coordinates
	dx, dy := float64(s.b.X)-float64(s.a.X), float64(s.b.Y)-float64(s.a.Y)
	left, right := false, false
	for _, c := range [4]plotset.Point{b.Min, b.Max, {X: b.Min.X, Y: b.Max.Y}, {X: b.Max.X, Y: b.Min.Y}} {
		turn := dx*(float64(c.Y)-float64(s.a.Y)) - dy*(float64(c.X)-float64(s.a.X))
		left, right = left || turn >= -rounding, right || turn <= rounding
	}
	return left && right
}

// Of is what of a plot lies in the area; all of it where less than 1 cm² does not.
func (a *Area) Of(r plotset.Ref) (part geo.SquareMetres, whole bool) {
	switch a.locate(r.Box()) {
	case outside:
		return 0, false
	case inside:
		return r.Area(), true
	}
	const nothing = 0.0001 // m²
	onPlane := geo.MapPoints(r.Boundary(), func(q geo.Point) geo.Point { return geo.SnapToGrid(a.plane(q)) })
	part = a.window.Area(onPlane)
	switch {
	case part <= nothing:
		return 0, false
	case part >= geo.PlaneArea(onPlane)-nothing:
		return r.Area(), true
	}
	return part, false
}
