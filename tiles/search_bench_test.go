package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// around is a box of so many degrees to each side of a place.
func around(p orb.Point, degrees float64) *orb.Bound {
	return &orb.Bound{Min: orb.Point{p[0] - degrees, p[1] - degrees}, Max: orb.Point{p[0] + degrees, p[1] + degrees}}
}

// BenchmarkSearch finds plots of a made city.
func BenchmarkSearch(b *testing.B) {
	v, places := cityView(b, 100_000)
	filter, err := ParseFilter("far_max > 1 AND area_mu < 100")
	if err != nil {
		b.Fatal(err)
	}
	some, _ := v.Plots.Get(land.PlotID(v.Plots.Len() / 2))
	whole := Page{Limit: 100}
	bySize := Page{Limit: 100, Order: []land.Order{{Property: "area_mu", Down: true}}}
	for _, c := range []struct {
		name  string
		query func(orb.Point) land.Query
		only  *Filter
		page  Page
	}{
		{"bbox", func(p orb.Point) land.Query { return land.Query{Bound: around(p, 0.005)} }, nil, whole},
		{"bbox+filters", func(p orb.Point) land.Query {
			return land.Query{Bound: around(p, 0.005), Uses: []string{"M", "R", "A"}}
		}, filter, whole},
		{"near", func(p orb.Point) land.Query { return land.Query{Near: &land.Near{At: p, Metres: 300}} }, nil, whole},
		{"number", func(orb.Point) land.Query { return land.Query{Text: some.Number()} }, nil, whole},
		{"sorted", func(orb.Point) land.Query { return land.Query{} }, filter, bySize},
		{"page", func(orb.Point) land.Query { return land.Query{Uses: []string{"M"}} }, nil, Page{Limit: 100, After: &Place{ID: land.PlotID(v.Plots.Len() / 2)}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for i := 0; b.Loop(); i++ {
				s, err := NewSearch(c.query(places[i%len(places)]), c.only)
				if err != nil {
					b.Fatal(err)
				}
				found += len(v.Find(s, c.page).Plots)
			}
			b.ReportMetric(float64(found)/float64(b.N), "plots")
		})
	}
}

// BenchmarkPoint asks what is at a point, and tells the slowest hundredth.
func BenchmarkPoint(b *testing.B) {
	v, places := cityView(b, 100_000)
	tellP99(b, func(i int) { v.At(places[i%len(places)]) })
}

// BenchmarkStatistics measures 50 ha around places of a made city.
func BenchmarkStatistics(b *testing.B) {
	v, places := cityView(b, 100_000)
	everything, err := NewSearch(land.Query{}, nil)
	if err != nil {
		b.Fatal(err)
	}
	toPlane, err := geo.NewTransformer(geo.CGCS2000, geo.GK114)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for _, points := range []int{4, 40, 400} {
		b.Run(fmt.Sprintf("%d-points", points), func(b *testing.B) {
			polygons := make([]geo.MultiPolygon, 64)
			for i := range polygons {
				at := toPlane(places[random.IntN(len(places))])
				var ring geo.Ring
				for j := range points {
					sin, cos := math.Sincos(2 * math.Pi * (float64(j) + 0.3) / float64(points))
					r := math.Sqrt(500_000*2/(float64(points)*math.Sin(2*math.Pi/float64(points)))) * (1 + 0.1*(random.Float64()-0.5))
					ring = append(ring, geo.Point{at[0] + r*cos, at[1] + r*sin})
				}
				polygons[i] = geo.MultiPolygon{{append(ring, ring[0])}}
			}
			plots := 0
			tellP99(b, func(i int) {
				s, err := v.Statistics(everything, polygons[i%len(polygons)], geo.GK114)
				if err != nil {
					b.Fatal(err)
				}
				plots = s.Total.Plots
			})
			b.ReportMetric(float64(plots), "plots")
		})
	}
}

func tellP99(b *testing.B, do func(i int)) {
	b.Helper()
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		do(i)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
