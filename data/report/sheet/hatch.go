package sheet

import (
	"math"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// hatching is how a status is shown: lines at angles, in degrees anticlockwise,
// so many millimetres apart.
type hatching struct {
	angles  []float64
	spacing float64
	pen     Pen
}

// hatchings by status. Land that is only planned has none; the further land is on
// its way, the denser they are.
var hatchings = map[land.Status]hatching{
	land.Reserved:          {[]float64{135}, 4, hatchPen(grey)},
	land.Available:         {[]float64{45}, 2.5, hatchPen(grey)},
	land.Committed:         {[]float64{0}, 2.5, hatchPen(grey)},
	land.Supplied:          {[]float64{90}, 2.5, hatchPen(grey)},
	land.UnderConstruction: {[]float64{45, 135}, 3.5, hatchPen(grey)},
	land.Completed:         {[]float64{0, 90}, 3.5, hatchPen(grey)},
	land.Verified:          {[]float64{0}, 2.5, Pen{Color: grey, Width: 0.09, Dash: []float64{1.5, 1.5}}},
	land.Idle:              {[]float64{135}, 1.6, hatchPen(red)},
}

func hatchPen(color string) Pen { return Pen{Color: color, Width: 0.09} }

// over gives the hatching's lines within rings, all on the paper; rings within
// rings are left out. Lines of neighbouring areas run on.
func (h hatching) over(rings []geo.Ring) []Mark {
	var marks []Mark
	for _, angle := range h.angles {
		sin, cos := math.Sincos(angle * math.Pi / 180)
		turn := func(p geo.Point) geo.Point { return geo.Point{p[0]*cos - p[1]*sin, p[0]*sin + p[1]*cos} }
		back := func(p geo.Point) geo.Point { return geo.Point{p[0]*cos + p[1]*sin, p[1]*cos - p[0]*sin} }
		turned := make([]geo.Ring, len(rings))
		low, high := math.Inf(1), math.Inf(-1)
		for i, ring := range rings {
			for _, p := range ring {
				q := turn(p)
				turned[i] = append(turned[i], q)
				low, high = min(low, q[1]), max(high, q[1])
			}
		}
		for y := math.Ceil(low/h.spacing) * h.spacing; y < high; y += h.spacing {
			at := crossings(turned, y)
			for i := 0; i+1 < len(at); i += 2 {
				marks = append(marks, &Line{Points: []geo.Point{back(geo.Point{at[i], y}), back(geo.Point{at[i+1], y})}, Pen: h.pen})
			}
		}
	}
	return marks
}

// crossings are where a level crosses the edges of rings, in order: between the
// first and the second lies what they enclose, and so on.
func crossings(rings []geo.Ring, y float64) []float64 {
	var all []float64
	for _, ring := range rings {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			if (a[1] > y) != (b[1] > y) {
				all = append(all, a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]))
			}
		}
	}
	slices.Sort(all)
	return all
}
