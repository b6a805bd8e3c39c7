package postgis_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// TestWindowsAgreeWithPostGIS measures what of plots lies in polygons as
// statistics do, from boundaries as they are stored.
func TestWindowsAgreeWithPostGIS(t *testing.T) {
	t.Parallel()
	conn := connect(t)
	onPlane, err := geo.NewTransformer(geo.CGCS2000, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(7, 8))
	star := func(reach float64) geo.MultiPolygon { // in degrees around a place near the first
		var ring geo.Ring
		lon, lat, n := 113.45+0.004*random.Float64(), 22.98+0.004*random.Float64(), 4+random.IntN(60)
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r := reach * (0.2 + 0.8*random.Float64())
			ring = append(ring, geo.Point{lon + r*cos, lat + r*sin})
		}
		return geo.MultiPolygon{{append(ring, ring[0])}}
	}
	plane := func(p geo.MultiPolygon) geo.MultiPolygon {
		return geo.MapPoints(p, func(q geo.Point) geo.Point { return geo.SnapToGrid(onPlane(q)) })
	}
	const overlay = `SELECT ST_Area(ST_Intersection(in_plane(ST_GeomFromEWKB($1), 4547), in_plane(ST_GeomFromEWKB($2), 4547)))`
	common := 0
	for range 300 {
		window, plot := star(0.006), star(0.003)
		var want float64
		if err := conn.QueryRow(context.Background(), overlay, geo.EncodeEWKB(window, geo.CGCS2000), geo.EncodeEWKB(plot, geo.CGCS2000)).Scan(&want); err != nil {
			t.Fatal(err)
		}
		got := topology.NewWindow(plane(window)).Area(plane(plot))
		if math.Abs(float64(got)-want) > 0.01 {
			t.Errorf("%.6f m², PostGIS %.6f: %v in %v", got, want, plot, window)
		}
		if want > 0 {
			common++
		}
	}
	if common < 100 {
		t.Errorf("only %d pairs have land in common", common)
	}
}
