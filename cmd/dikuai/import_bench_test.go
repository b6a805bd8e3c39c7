package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// jittered yields n by n plots of 12 boundary points about 60 m across that share
// their jittered borders to the millimetre.
func jittered(n int, yield func(*land.Plot, error) bool) {
	random := rand.New(rand.NewPCG(1, 2))
	const step, parts = 20.0, 3 // a border has parts edges
	size := n*parts + 1
	points := make([]geo.Point, size*size)
	back, err := geo.NewTransformer(geo.GK114, geo.CGCS2000)
	if err != nil {
		yield(nil, err)
		return
	}
	for i := range size {
		for j := range size {
			x, y := 400000+float64(i)*step, 2500000+float64(j)*step
			if i > 0 && i < size-1 && (i%parts == 0 || j%parts == 0) {
				x += random.Float64()*6 - 3
			}
			if j > 0 && j < size-1 && (i%parts == 0 || j%parts == 0) {
				y += random.Float64()*6 - 3
			}
			points[i*size+j] = back(geo.SnapToGrid(geo.Point{x, y}))
		}
	}
	for i := range n {
		for j := range n {
			x, y := i*parts, j*parts
			ring := make(geo.Ring, 0, 4*parts+1)
			for k := range parts {
				ring = append(ring, points[(x+k)*size+y])
			}
			for k := range parts {
				ring = append(ring, points[(x+parts)*size+y+k])
			}
			for k := range parts {
				ring = append(ring, points[(x+parts-k)*size+y+parts])
			}
			for k := range parts {
				ring = append(ring, points[x*size+y+parts-k])
			}
			p := &land.Plot{ID: land.PlotID(i*n + j + 1), Park: "city", Boundary: geo.MultiPolygon{{append(ring, ring[0])}}, Version: 1}
			p.Attributes = land.Attributes{PlotNo: fmt.Sprintf("C%04d-%04d", i, j), Use: land.UseCode{Scheme: land.GB50137, Code: "M1"}, Status: land.Planned}
			if !yield(p, nil) {
				return
			}
		}
	}
}

// mostBySQL is how many plots SQL is asked to check: 100,000 take it minutes.
const mostBySQL = 100_000

// BenchmarkImport imports a GeoPackage of DIKUAI_PLOTS plots (10,000 when not
// set) with all checks, and in the same run has ogr2ogr copy it into the same
// PostGIS with a spatial index and no checks; it reports how many times as long
// ours takes. It then checks the whole register, and has PostGIS look for
// overlaps by SQL, of no more than mostBySQL plots.
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
	file := filepath.Join(b.TempDir(), "city.gpkg")
	out, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	err = exchange.Write(b.Context(), out, "geopackage", exchange.Options{CRS: geo.GK114, Title: "city"}, func(yield func(*land.Plot, error) bool) { jittered(n, yield) })
	if err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		databaseURL := postgistest.URL(b)
		b.Setenv("DATABASE_URL", databaseURL)
		start := time.Now()
		tool(b, "ogr2ogr", "--config", "PG_USE_COPY", "YES", "-f", "PostgreSQL", gdalSource(b, databaseURL), file, "plots", "-nln", "copied")
		theirs := time.Since(start)

		start = time.Now()
		dikuai(b, "import", file, "--park", "city")
		ours := time.Since(start)

		start = time.Now()
		dikuai(b, "check", "--park", "city")
		check := time.Since(start)

		b.ReportMetric(float64(n*n)/ours.Seconds(), "plots/s")
		b.ReportMetric(ours.Seconds()/theirs.Seconds(), "×ogr2ogr")
		b.ReportMetric(float64(n*n)/check.Seconds(), "checked/s")
		b.Logf("%d plots: ogr2ogr %v, import %v, check %v", n*n, theirs, ours, check)
		if plots > mostBySQL {
			continue
		}
		start = time.Now()
		overlaps := tell[int](b, databaseURL, `
			SELECT count(*) FROM current_plots a JOIN current_plots b ON a.geom && b.geom AND a.plot_id < b.plot_id
			WHERE ST_Relate(in_plane(a.geom, 4547), in_plane(b.geom, 4547), 'T********')
				AND ST_Area(ST_Intersection(in_plane(a.geom, 4547), in_plane(b.geom, 4547))) > 0.01`)
		bySQL := time.Since(start)
		if overlaps > 0 {
			b.Errorf("%d overlaps", overlaps)
		}
		b.ReportMetric(bySQL.Seconds()/check.Seconds(), "SQL/check")
		b.Logf("overlaps alone by SQL %v", bySQL)
	}
}
