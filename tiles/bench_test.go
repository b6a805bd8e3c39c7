package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// grid is a town of plots of 13 points about 57 m wide with shared borders, n at
// least.
func grid(n int) *plotset.Set {
	side := int(math.Ceil(math.Sqrt(float64(n))))
	const step, thirds = 0.00055, 3
	wobble := func(i, j int) orb.Point { // the same for whoever shares the point
		h := uint64(i)*0x9E3779B97F4A7C15 ^ uint64(j)*0xC2B2AE3D27D4EB4F
		h ^= h >> 29
		h *= 0xBF58476D1CE4E5B9
		h ^= h >> 32
		return orb.Point{113.2 + step/thirds*(float64(i)+0.4*float64(h&1023)/1023), 22.9 + step/thirds*(float64(j)+0.4*float64(h>>10&1023)/1023)}
	}
	uses := []string{"R2", "A35", "M1", "B1", "S1", "G1", "U1", "W1"}
	statuses := land.Statuses()
	workers := runtime.GOMAXPROCS(0)
	b := plotset.NewBuilder(workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < side; i += workers {
				for j := range side {
					var ring orb.Ring
					for k := range thirds {
						ring = append(ring, wobble(thirds*i+k, thirds*j))
					}
					for k := range thirds {
						ring = append(ring, wobble(thirds*i+thirds, thirds*j+k))
					}
					for k := range thirds {
						ring = append(ring, wobble(thirds*i+thirds-k, thirds*j+thirds))
					}
					for k := range thirds {
						ring = append(ring, wobble(thirds*i, thirds*j+thirds-k))
					}
					far := float64((i*7+j)%9) / 2
					p := land.Plot{ID: land.PlotID(i*side + j + 1), Park: "city", Version: 1, Area: geo.SquareMetres(2000 + (i*j)%1777), Boundary: orb.MultiPolygon{{append(ring, ring[0])}}}
					p.PlotNo, p.Use, p.Status = fmt.Sprintf("D%02d-%04d-%02d", i/100, j, i%100), land.UseCode{Scheme: land.GB50137, Code: uses[(i*31+j*17)%len(uses)]}, statuses[(i+j)%len(statuses)].Status
					p.FARMax = &far
					b.Add(w, &p)
				}
			}
		})
	}
	wg.Wait()
	return b.Set()
}

// BenchmarkEncode draws tiles of every zoom in the middle of a grid of
// DIKUAI_PLOTS plots (100,000 unless set), on all cores.
func BenchmarkEncode(b *testing.B) {
	n := 100_000
	if text := os.Getenv("DIKUAI_PLOTS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	v := NewView(land.Register{Seq: 1}, grid(n))
	built := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	began = time.Now()
	v.Plots.Label()
	b.Logf("%d plots: built in %v, labelled in %v, %d bytes a plot", v.Plots.Len(), built, time.Since(began), (after.HeapAlloc-before.HeapAlloc)/uint64(v.Plots.Len()))
	reach := 0.00055 * math.Sqrt(float64(n))
	for z := maptile.Zoom(13); z <= 18; z++ {
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				random := rand.New(rand.NewPCG(1, uint64(z)))
				bytes := 0
				for pb.Next() {
					at := orb.Point{113.2 + reach*(0.3+0.4*random.Float64()), 22.9 + reach*(0.3+0.4*random.Float64())}
					bytes += len(Encode(v, maptile.At(at, z), nil))
				}
			})
		})
	}
}

func BenchmarkEdit(b *testing.B) {
	set := grid(100_000)
	r, _ := set.Get(50_000)
	p := r.Plot()
	for b.Loop() {
		set, _ = set.With([]land.Plot{p}, nil)
	}
}
