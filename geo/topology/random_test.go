package topology

import (
	"math"
	"math/rand"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/dikuai/dikuai/geo"
)

var nan = math.NaN()

// seeded is a source of random numbers whose seed is printed; TOPOLOGY_SEED
// replays one.
func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := time.Now().UnixNano()
	if s := os.Getenv("TOPOLOGY_SEED"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("TOPOLOGY_SEED=%d", seed)
	return rand.New(rand.NewSource(seed))
}

// star is a simple ring of n vertices around a place with a zone-prefixed
// easting, its radius in metres wandering below the given one.
func star(random *rand.Rand, n int, radius float64) geo.Ring {
	line := make(geo.Ring, 0, n+1)
	r := radius * 0.8
	for k := range n {
		r = min(radius, max(radius/2, r+(random.Float64()-0.5)*8*radius/float64(n)))
		s, c := math.Sincos(2 * math.Pi * float64(k) / float64(n))
		line = append(line, geo.SnapToGrid(geo.Point{38412345 + r*c, 2543210 + r*s}))
	}
	return append(line, line[0])
}

// grid is a coverage of columns × rows plots with shared, jittered vertices:
// sides of about 40 m with two vertices more on each, so 12 vertices a plot.
func grid(random *rand.Rand, columns, rows int) []geo.MultiPolygon {
	const pitch, steps = 40.0, 3
	jitter := make(map[[2]int]geo.Point)
	vertex := func(i, j int) geo.Point {
		p, ok := jitter[[2]int{i, j}]
		if !ok {
			p = geo.SnapToGrid(geo.Point{
				38412345 + float64(i)*pitch/steps + 8*(random.Float64()-0.5),
				2543210 + float64(j)*pitch/steps + 8*(random.Float64()-0.5),
			})
			jitter[[2]int{i, j}] = p
		}
		return p
	}
	var plots []geo.MultiPolygon
	for row := range rows {
		for column := range columns {
			i, j := column*steps, row*steps
			var line geo.Ring
			for k := range steps {
				line = append(line, vertex(i+k, j))
			}
			for k := range steps {
				line = append(line, vertex(i+steps, j+k))
			}
			for k := range steps {
				line = append(line, vertex(i+steps-k, j+steps))
			}
			for k := range steps {
				line = append(line, vertex(i, j+steps-k))
			}
			plots = append(plots, geo.MultiPolygon{{append(line, line[0])}})
		}
	}
	return plots
}

func total(polygons []geo.MultiPolygon) float64 {
	var sum float64
	for _, p := range polygons {
		sum += float64(geo.PlaneArea(p))
	}
	return sum
}
