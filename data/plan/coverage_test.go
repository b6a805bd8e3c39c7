package plan_test

import (
	"math"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// mm is a point of the plane in whole millimetres, east and north.
type mm struct{ x, y int64 }

type edge struct{ from, to mm }

func millimetres(p geo.Point) mm {
	return mm{int64(math.Round(p[0] * 1000)), int64(math.Round(p[1] * 1000))}
}

func edges(ring geo.Ring) []edge {
	all := make([]edge, len(ring)-1)
	for i := range all {
		all[i] = edge{millimetres(ring[i]), millimetres(ring[i+1])}
	}
	return all
}

// doubled is twice the area under a ring's edges in mm², signed, about its first point.
func doubled(ring []edge) (sum int64) {
	o := ring[0].from
	for _, e := range ring {
		sum += (e.from.x-o.x)*(e.to.y-o.y) - (e.to.x-o.x)*(e.from.y-o.y)
	}
	return sum
}

// Edges that pair up in opposite directions inside and make the park's ring
// outside, with simple rings and areas that add up to the park's, leave no room
// for a gap or an overlap.
func TestPlotsCoverTheParkExactly(t *testing.T) {
	t.Parallel()
	squareMetres := map[string]int64{"panyu": 200_000, "nansha": 964_000, "luogang": 922_000}
	for _, l := range made(t) {
		open := map[edge]string{}
		var sum int64
		for _, d := range l.Plots {
			for i, ring := range d.Boundary[0] {
				es := edges(ring)
				area := doubled(es)
				if (area > 0) != (i == 0) {
					t.Errorf("%s: ring %d turns the wrong way", d.PlotNo, i)
				}
				sum += area
				for _, e := range es {
					if other, twice := open[e]; twice {
						t.Errorf("%s and %s both have the edge %v", d.PlotNo, other, e)
					}
					open[e] = d.PlotNo
				}
			}
		}
		if want := 2 * squareMetres[string(l.Park)] * 1e6; sum != want {
			t.Errorf("%s: twice the plots' area is %d mm², want %d", l.Park, sum, want)
		}
		for e := range open {
			if back := (edge{e.to, e.from}); open[back] != "" {
				delete(open, e)
				delete(open, back)
			}
		}
		outer := edges(l.Boundary[0])
		for _, e := range outer {
			if open[e] == "" {
				t.Errorf("%s: no plot has the boundary's edge %v", l.Park, e)
			}
			delete(open, e)
		}
		for e, no := range open {
			t.Errorf("%s: edge %v has no neighbour", no, e)
		}
		if got := doubled(outer); got != sum {
			t.Errorf("%s: twice the boundary's area is %d mm², the plots' %d", l.Park, got, sum)
		}
	}
}

// A plot is reached from a road, or over the green space beside one.
func TestEveryPlotIsReached(t *testing.T) {
	t.Parallel()
	for _, l := range made(t) {
		open := map[edge]bool{}
		for _, d := range l.Plots {
			if c := d.Use.Code[0]; c == 'S' || c == 'G' {
				for _, ring := range d.Boundary[0] {
					for _, e := range edges(ring) {
						open[edge{e.to, e.from}] = true
					}
				}
			}
		}
		for _, d := range l.Plots {
			reached := false
			for _, e := range edges(d.Boundary[0][0]) {
				reached = reached || open[e]
			}
			if !reached {
				t.Errorf("no road or green space touches %s", d.PlotNo)
			}
		}
	}
}

func TestRingsAreSound(t *testing.T) {
	t.Parallel()
	const (
		shortest = 0.5 // m
		sharpest = 20  // degrees
	)
	for _, l := range made(t) {
		for _, d := range l.Plots {
			for _, ring := range d.Boundary[0] {
				es := edges(ring)
				for i, e := range es {
					next := es[(i+1)%len(es)]
					if length(e) < shortest {
						t.Errorf("%s: edge %v has %.3f m", d.PlotNo, e, length(e))
					}
					if a := angle(e, next); a < sharpest {
						t.Errorf("%s: %.1f° at %v", d.PlotNo, a, e.to)
					}
					for j := i + 2; j < len(es); j++ {
						if (i > 0 || j < len(es)-1) && touch(e, es[j]) {
							t.Errorf("%s: edges %v and %v touch", d.PlotNo, e, es[j])
						}
					}
				}
			}
			if thick := thickness(d.Boundary); thick < 5 {
				t.Errorf("%s is a sliver: twice its area over its perimeter is %.1f m", d.PlotNo, thick)
			}
		}
	}
}

func length(e edge) float64 {
	return math.Hypot(float64(e.to.x-e.from.x), float64(e.to.y-e.from.y)) / 1000
}

// angle is the one between two edges at their common point, in degrees.
func angle(a, b edge) float64 {
	ax, ay := float64(a.from.x-a.to.x), float64(a.from.y-a.to.y)
	bx, by := float64(b.to.x-b.from.x), float64(b.to.y-b.from.y)
	return math.Abs(math.Atan2(ax*by-ay*bx, ax*bx+ay*by)) * 180 / math.Pi
}

func touch(a, b edge) bool {
	d1, d2 := side(a, b.from), side(a, b.to)
	d3, d4 := side(b, a.from), side(b, a.to)
	if d1*d2 < 0 && d3*d4 < 0 {
		return true
	}
	return d1 == 0 && within(a, b.from) || d2 == 0 && within(a, b.to) ||
		d3 == 0 && within(b, a.from) || d4 == 0 && within(b, a.to)
}

// side is 1 left of an edge, -1 right of it and 0 on its line.
func side(e edge, p mm) int {
	switch c := (e.to.x-e.from.x)*(p.y-e.from.y) - (e.to.y-e.from.y)*(p.x-e.from.x); {
	case c > 0:
		return 1
	case c < 0:
		return -1
	}
	return 0
}

func within(e edge, p mm) bool {
	return min(e.from.x, e.to.x) <= p.x && p.x <= max(e.from.x, e.to.x) &&
		min(e.from.y, e.to.y) <= p.y && p.y <= max(e.from.y, e.to.y)
}

// thickness is about the width of a long narrow polygon, in metres.
func thickness(p geo.MultiPolygon) float64 {
	return 2 * float64(geo.PlaneArea(p)) / geo.PlanePerimeter(p)
}
