package postgis_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// city yields n by n plots of 12 boundary points about 60 m across that share
// their jittered borders to the millimetre.
func city(n int, yield func(land.Draft) error) error {
	random := rand.New(rand.NewPCG(1, 2))
	const step, parts = 20.0, 3 // a border has parts edges
	size := n*parts + 1
	points := make([]geo.Point, size*size)
	for i := range size {
		for j := range size {
			x, y := 400000+float64(i)*step, 2500000+float64(j)*step
			if i > 0 && i < size-1 && (i%parts == 0 || j%parts == 0) {
				x += random.Float64()*6 - 3
			}
			if j > 0 && j < size-1 && (i%parts == 0 || j%parts == 0) {
				y += random.Float64()*6 - 3
			}
			points[i*size+j] = geo.SnapToGrid(geo.Point{x, y})
		}
	}
	at := func(i, j int) geo.Point { return points[i*size+j] }
	for i := range n {
		for j := range n {
			x, y := i*parts, j*parts
			ring := make(geo.Ring, 0, 4*parts+1)
			for k := range parts {
				ring = append(ring, at(x+k, y))
			}
			for k := range parts {
				ring = append(ring, at(x+parts, y+k))
			}
			for k := range parts {
				ring = append(ring, at(x+parts-k, y+parts))
			}
			for k := range parts {
				ring = append(ring, at(x, y+parts-k))
			}
			ring = append(ring, ring[0])
			d := land.Draft{Row: i*n + j + 1, CRS: geo.GK114, Boundary: geo.MultiPolygon{{ring}}}
			d.Attributes = land.Attributes{PlotNo: fmt.Sprintf("C%04d-%04d", i, j), Use: land.UseCode{Scheme: land.GB50137, Code: "M1"}, Status: land.Planned}
			if err := yield(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// BenchmarkImport imports DIKUAI_PLOTS plots (10,000 when not set) with all
// checks, drafts coming from memory.
func BenchmarkImport(b *testing.B) {
	plots := 10000
	if text := os.Getenv("DIKUAI_PLOTS"); text != "" {
		var err error
		if plots, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	n := 1
	for n*n < plots {
		n++
	}
	for b.Loop() {
		db := postgistest.New(b)
		result, err := db.Import(context.Background(), officer, land.Import{Park: "city", Kind: land.Imported}, func(emit func(land.Draft) error) (land.Delivery, error) {
			return land.Delivery{Format: "memory", Plots: n * n}, city(n, emit)
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(result.New)/b.Elapsed().Seconds()*float64(b.N), "plots/s")
	}
}
