package tiles

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// TestEditsLeaveTheMosaicsOfAFreshView changes plots of a city, a few at a time and
// view after view, and holds every tile far out against one whose mosaics are all
// made from scratch.
func TestEditsLeaveTheMosaicsOfAFreshView(t *testing.T) {
	t.Parallel()
	v, _ := cityView(t, 20_000)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	statuses := land.Statuses()
	var gone []land.Plot
	for round := range 4 {
		d := land.Delta{Seq: v.Seq + 1, At: v.Day, Parks: parksOf(v)}
		seen := map[land.PlotID]bool{}
		for range 1 + random.IntN(4) {
			r, ok := v.Plots.Get(land.PlotID(1 + random.IntN(v.Plots.Len())))
			if !ok || seen[r.ID()] {
				continue
			}
			p := r.Plot()
			seen[p.ID] = true
			switch random.IntN(3) {
			case 0:
				d.Retired, gone = append(d.Retired, p.ID), append(gone, p)
				continue
			case 1:
				p.Boundary = geo.MapPoints(p.Boundary, func(q geo.Point) geo.Point { return geo.Point{q[0] + 0.003, q[1] - 0.002} })
			default:
				p.Status = statuses[random.IntN(len(statuses))].Status
			}
			d.Plots = append(d.Plots, p)
		}
		if len(gone) > 0 && random.IntN(2) == 0 && !seen[gone[0].ID] {
			d.Plots, gone = append(d.Plots, gone[0]), gone[1:]
		}
		v, _ = v.With(d)
		fresh := *v
		fresh.pyramid = newPyramid(v.Plots, v.Parks)
		b := v.Parks[0].Bound
		for z := range maptile.Zoom(mosaicZoom + 1) {
			first, last := maptile.At(b.LeftTop(), z), maptile.At(b.RightBottom(), z)
			for x := first.X; x <= last.X; x++ {
				for y := first.Y; y <= last.Y; y++ {
					tile := maptile.New(x, y, z)
					if !bytes.Equal(Encode(v, tile, nil), Encode(&fresh, tile, nil)) {
						t.Errorf("round %d: %v is not as it is drawn afresh", round, tile)
					}
				}
			}
		}
	}
}

// BenchmarkMosaicAfterEdit makes the mosaics again that an edit of a city's plot
// outdates, and tells the processor time, and how much more all of a tile's mosaics
// take from scratch.
func BenchmarkMosaicAfterEdit(b *testing.B) {
	v, _ := cityView(b, 200_000)
	random := rand.New(rand.NewPCG(1, 1))
	statuses := land.Statuses()
	for _, z := range []maptile.Zoom{3, 7, 9, 10, 12} {
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			var again, afresh time.Duration
			n := 0
			for b.Loop() {
				r, _ := v.Plots.Get(land.PlotID(1 + random.IntN(v.Plots.Len())))
				p := r.Plot()
				tile := maptile.At(p.Boundary[0][0][0], z)
				v.pyramid.grid(tile)
				p.Status = statuses[random.IntN(len(statuses))].Status
				next, _ := v.With(land.Delta{Seq: v.Seq + 1, At: v.Day, Parks: parksOf(v), Plots: []land.Plot{p}})
				start := processorTime()
				next.pyramid.grid(tile)
				again += processorTime() - start
				if n++; n <= 3 { // which takes a while
					start = processorTime()
					newPyramid(v.Plots, v.Parks).grid(tile)
					afresh += processorTime() - start
				}
			}
			each := again.Seconds() / float64(n)
			b.ReportMetric(1000*each, "ms")
			b.ReportMetric(afresh.Seconds()/float64(min(n, 3))/each, "×")
		})
	}
}
