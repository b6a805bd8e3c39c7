package sheet

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// tract is a plot with its boundary in the sheet's plane.
type tract struct {
	land.Plot
	plane geo.MultiPolygon
	bound bound
}

// tractsOf puts plots into a plane, by their numbers in the register.
func tractsOf(plots []land.Plot, project func(geo.Point) geo.Point) []tract {
	all := make([]tract, 0, len(plots))
	for _, p := range plots {
		plane := geo.MapPoints(p.Boundary, project)
		b := plane.Bound()
		all = append(all, tract{p, plane, bound{b.Min, b.Max}})
	}
	slices.SortFunc(all, func(a, b tract) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// onGrid gives the way from stored coordinates to the plane's millimetre grid.
func onGrid(crs geo.CRS) (func(geo.Point) geo.Point, error) {
	transform, err := geo.NewTransformer(geo.CGCS2000, crs)
	if err != nil {
		return nil, err
	}
	return func(p geo.Point) geo.Point { return geo.SnapToGrid(transform(p)) }, nil
}

// isRoad tells whether a plot's main use is urban roads: S1 of GB 50137-2011,
// 1207 of the 2023 guide.
func isRoad(c land.UseCode) bool {
	for ; c.Code != ""; c = land.ParentUse(c) {
		if c == (land.UseCode{Scheme: land.GB50137, Code: "S1"}) || c == (land.UseCode{Scheme: land.MNR2023, Code: "1207"}) {
			return true
		}
	}
	return false
}

// called is how a map names a plot: a road by its name, without the stretch in
// brackets; any other by its number.
func (t *tract) called() string {
	if isRoad(t.Use) {
		if name, _, _ := strings.Cut(t.Name, "（"); name != "" {
			return name
		}
	}
	return t.PlotNo
}

// beyond is how the sides of another plot name it.
func (t *tract) beyond() string {
	if name := t.called(); name != t.PlotNo || !isRoad(t.Use) {
		return name
	}
	return "道路 " + t.PlotNo
}

// seen is what of a plot lies within a bound.
func (t *tract) seen(b bound) geo.MultiPolygon {
	if b.holds(t.bound.min) && b.holds(t.bound.max) {
		return t.plane
	}
	return clip.MultiPolygon(orb.Bound{Min: b.min, Max: b.max}, t.plane.Clone())
}

// Sides of a plot, in the order in which documents name them (四至).
var sides = [4]string{"东", "南", "西", "北"}

// What lies beyond a side where no plot does.
const (
	outsidePark  = "园区外"
	unregistered = "未登记用地"
)

// touching is how far two boundaries may lie apart and still be one, in metres:
// what closing points may miss each other by.
const touching = 0.05

// least is the length in metres under which a neighbour is not named.
const least = 0.5

// border is a stretch of a plot's boundary with the land beyond it.
type border struct {
	out    geo.Point // a unit to the outside, east before north
	beyond map[string]float64
}

// abuttals tells by whom a plot's outer rings are met on its four sides (四至),
// those with the longest common border first. A side is where the boundary looks
// that way within 45°, or within 75° where it nowhere does.
func abuttals(rings []ring, around []tract, park geo.MultiPolygon) [4]string {
	borders := bordersOf(rings, around, park)
	var named [4]string
	for side, towards := range [4]geo.Point{{1, 0}, {0, -1}, {-1, 0}, {0, 1}} {
		for _, within := range []float64{45, 75} {
			shares := map[string]float64{}
			for _, b := range borders {
				if b.out[0]*towards[0]+b.out[1]*towards[1] < math.Cos((within+0.001)*math.Pi/180) {
					continue
				}
				for name, l := range b.beyond {
					shares[name] += l
				}
			}
			if named[side] = longest(shares); named[side] != "" {
				break
			}
		}
	}
	return named
}

func bordersOf(rings []ring, around []tract, park geo.MultiPolygon) []border {
	var borders []border
	for _, r := range rings {
		if r.hole {
			continue
		}
		for i, from := range r.points {
			to := r.points[(i+1)%len(r.points)]
			u := unit(from, to)
			b := border{geo.Point{-u[1], u[0]}, map[string]float64{}} // the land is on the right hand
			open := math.Hypot(to[0]-from[0], to[1]-from[1])
			near := boundOf(from, to).grown(touching)
			for j := range around {
				if !near.meets(around[j].bound.grown(touching)) {
					continue
				}
				if l := common(from, to, around[j].plane); l > 0 {
					b.beyond[around[j].beyond()] += l
					open -= l
				}
			}
			if l := min(common(from, to, park), open); l > 0 {
				b.beyond[outsidePark] += l
				open -= l
			}
			if open > least {
				b.beyond[unregistered] += open
			}
			borders = append(borders, b)
		}
	}
	return borders
}

func (b bound) grown(by float64) bound {
	return bound{geo.Point{b.min[0] - by, b.min[1] - by}, geo.Point{b.max[0] + by, b.max[1] + by}}
}

// longest lists names by the length of border that they share.
func longest(lengths map[string]float64) string {
	const most = 4
	var names []string
	for name, l := range lengths {
		if l >= least {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(lengths[b], lengths[a]), cmp.Compare(a, b))
	})
	if len(names) > most {
		return strings.Join(names[:most], "、") + "等"
	}
	return strings.Join(names, "、")
}

// common is the length that a stretch and the rings of a polygon have in common.
func common(from, to geo.Point, p geo.MultiPolygon) float64 {
	length := math.Hypot(to[0]-from[0], to[1]-from[1])
	if length == 0 {
		return 0
	}
	u := geo.Point{(to[0] - from[0]) / length, (to[1] - from[1]) / length}
	place := func(q geo.Point) (along, aside float64) {
		x, y := q[0]-from[0], q[1]-from[1]
		return x*u[0] + y*u[1], y*u[0] - x*u[1]
	}
	var sum float64
	for _, polygon := range p {
		for _, ring := range polygon {
			for i := range len(ring) - 1 {
				a0, d0 := place(ring[i])
				a1, d1 := place(ring[i+1])
				if a0 > a1 {
					a0, d0, a1, d1 = a1, d1, a0, d0
				}
				low, high := max(a0, 0), min(a1, length)
				if low >= high {
					continue
				}
				aside := func(a float64) float64 { return math.Abs(d0 + (d1-d0)*(a-a0)/(a1-a0)) }
				if aside(low) <= touching && aside(high) <= touching {
					sum += high - low
				}
			}
		}
	}
	return min(sum, length)
}
