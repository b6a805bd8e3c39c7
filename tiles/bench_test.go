package tiles

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// cityView is a view of a made city of DIKUAI_PLOTS plots, or as many as are
// given, and where its plots begin, as places for tiles.
func cityView(b testing.TB, plots int) (*View, []orb.Point) {
	b.Helper()
	if text := os.Getenv("DIKUAI_PLOTS"); text != "" {
		var err error
		if plots, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	toDegrees, err := geo.NewTransformer(city.CRS, geo.CGCS2000)
	if err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	builder := plotset.NewBuilder(1)
	places := make([]orb.Point, 0, 1000)
	began := time.Now()
	var building time.Duration
	var outline geo.MultiPolygon
	err = city.Generate(b.Context(), city.Options{Plots: plots, Seed: 1, Outline: func(p geo.MultiPolygon) { outline = geo.MapPoints(p, toDegrees) }}, func(d land.Draft) error {
		p := land.Plot{ID: land.PlotID(d.Row), Park: "city", Attributes: d.Attributes, Version: 1, Boundary: geo.MapPoints(d.Boundary, toDegrees), Area: geo.PlaneArea(d.Boundary)}
		if d.Row%(plots/1000+1) == 0 {
			places = append(places, p.Boundary[0][0][0])
		}
		start := time.Now()
		builder.Add(0, &p)
		building += time.Since(start)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	generated := time.Since(began)
	start := time.Now()
	set := builder.Set()
	building += time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d plots: generated in %v, held after %v, %d bytes a plot", set.Len(), generated, building, (after.HeapAlloc-before.HeapAlloc)/uint64(set.Len()))
	return NewView(land.Register{Seq: 1, Parks: []land.Park{{Code: "city", NameZh: "演示城市", Boundary: outline}}}, set), places
}

// BenchmarkEncode draws tiles of a made city, of 100,000 plots unless
// DIKUAI_PLOTS says otherwise, on all cores.
func BenchmarkEncode(b *testing.B) {
	v, places := cityView(b, 100_000)
	began := time.Now()
	v.Plots.Label(b.Context(), runtime.GOMAXPROCS(0))
	b.Logf("labelled in %v", time.Since(began))
	for z := maptile.Zoom(13); z <= 18; z++ {
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			b.ReportAllocs()
			before := processorTime()
			defer func() { b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op") }()
			b.RunParallel(func(pb *testing.PB) {
				random := rand.New(rand.NewPCG(1, uint64(z)))
				for pb.Next() {
					Encode(v, maptile.At(places[random.IntN(len(places))], z), nil)
				}
			})
		})
	}
}

// processorTime is what the process took so far, which other work on the machine
// changes less than it does the clock's.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkMosaic draws the tiles far out, with all mosaics below made, and the
// same for a selection.
func BenchmarkMosaic(b *testing.B) {
	v, places := cityView(b, 100_000)
	began := time.Now()
	Encode(v, maptile.New(0, 0, 0), nil)
	b.Logf("all mosaics in %v", time.Since(began))
	for z := maptile.Zoom(6); z <= 12; z++ {
		for what, only := range map[string]Selection{"all": nil, "some": func(r plotset.Ref) bool { return r.Kind().Status == land.Available }} {
			b.Run(fmt.Sprintf("z%d/%s", z, what), func(b *testing.B) {
				largest := 0
				for i := 0; b.Loop(); i++ {
					body := Encode(v, maptile.At(places[i%len(places)], z), only)
					largest = max(largest, len(Compress(body)))
				}
				b.ReportMetric(float64(largest), "gzip-B")
			})
		}
	}
}

// BenchmarkEdit changes a plot, as every replica does for every change.
func BenchmarkEdit(b *testing.B) {
	v, _ := cityView(b, 100_000)
	random := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		r, _ := v.Plots.Get(land.PlotID(1 + random.IntN(v.Plots.Len())))
		p := r.Plot()
		v, _ = v.With(land.Delta{Seq: v.Seq + 1, Plots: []land.Plot{p}})
	}
}
