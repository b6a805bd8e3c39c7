package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

func TestLabelPointIsWellInside(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wkt  string
		want Point
		off  float64
	}{
		{"POLYGON((0 0,10 0,10 10,0 10,0 0))", Point{5, 5}, 0.1},
		{"POLYGON((0 0,100 0,100 10,10 10,10 100,0 100,0 0))", Point{5.8, 5.8}, 1.5}, // an L: the elbow
		{"MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((20 0,40 0,40 20,20 20,20 0)))", Point{30, 10}, 0.3},
		{"POLYGON((0 0,0 0,0 0))", Point{0, 0}, 0},
	} {
		g, err := wkt.Unmarshal(c.wkt)
		if err != nil {
			t.Fatal(err)
		}
		got, room := LabelPoint(multi(g))
		if d := math.Hypot(got[0]-c.want[0], got[1]-c.want[1]); d > c.off {
			t.Errorf("%s: label at %v, want %v", c.wkt, got, c.want)
		}
		if d := edgeDistance(got, multi(g)[len(multi(g))-1]); math.Abs(d-room) > 1e-9 {
			t.Errorf("%s: label is %g from the edges, not %g", c.wkt, d, room)
		}
	}
}

func BenchmarkLabelPoint(b *testing.B) {
	var ring orb.Ring
	for i := range 13 {
		turn := 2 * math.Pi * float64(i) / 13
		ring = append(ring, Point{300 * math.Cos(turn), (100 + 20*float64(i%3)) * math.Sin(turn)})
	}
	ring = append(ring, ring[0])
	for b.Loop() {
		LabelPoint(MultiPolygon{{ring}})
	}
}
