package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// TestComplianceMeasuresWhatPostGISMeasures checks DIKUAI_BOUNDARIES random
// boundaries against a made city of DIKUAI_PLOTS plots, the demonstration parks
// and DIKUAI_CONTROLS control polygons: each rule's land must be what PostGIS
// measures of the same, to 0.01 m².
func TestComplianceMeasuresWhatPostGISMeasures(t *testing.T) {
	databaseURL := postgistest.URL(t)
	t.Setenv("DATABASE_URL", databaseURL)
	dikuai(t, "seed")
	dikuai(t, "generate", "--plots", strconv.Itoa(sized(t, "DIKUAI_PLOTS", 1500)))
	conn := connected(t, databaseURL)
	places := rows[struct{ Lon, Lat float64 }](t, conn, `SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM current_plots ORDER BY plot_id) q`)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 9))
	somewhere := func() orb.Point {
		p := places[random.IntN(len(places))]
		return orb.Point{p.Lon, p.Lat}
	}
	for i, kind := range land.ControlKinds() {
		most := 150.0 // metres
		if kind.Rule == land.Inside {
			most = 600
		}
		drawControls(t, random, kind.Kind, sized(t, "DIKUAI_CONTROLS", 600)/len(land.ControlKinds()), most, i%3 == 0, somewhere)
	}
	if _, err := conn.Exec(t.Context(), overlaid); err != nil {
		t.Fatal(err)
	}
	db, err := postgis.Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	view, err := tiles.Load(t.Context(), db, land.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	rules := land.ComplianceRules()
	met := 0
	for range sized(t, "DIKUAI_BOUNDARIES", 60) {
		boundary := randomBoundary(random, somewhere(), 150)
		if random.IntN(4) == 0 {
			p, _, err := view.JoinPlots(neighbours(view, boundary))
			if err != nil {
				t.Fatal(err)
			}
			if boundary, err = geo.TransformMultiPolygon(p, geo.GK114, geo.CGCS2000); err != nil {
				t.Fatal(err)
			}
		}
		survey, err := view.Survey(boundary, geo.CGCS2000, land.NeedsOf(rules), false)
		if err != nil {
			t.Fatalf("%v: %v", boundary, err)
		}
		got, want := landBySurvey(survey), landByPostGIS(t, conn, boundary, survey.Park.Code)
		for what := range want {
			if want[what] > 0 {
				met++
			}
			if math.Abs(got[what]-want[what]) > 0.01 {
				t.Errorf("%s: %.5f m², PostGIS %.5f: %v", what, got[what], want[what], boundary)
			}
		}
		for what := range got {
			if _, there := want[what]; !there && got[what] > 0.01 {
				t.Errorf("%s: %.5f m², PostGIS nothing: %v", what, got[what], boundary)
			}
		}
	}
	t.Logf("%d areas compared", met)
}

// neighbours are the plots that a boundary meets, one of them at least.
func neighbours(view *tiles.View, boundary geo.MultiPolygon) (ids []land.PlotID) {
	for _, p := range view.At(boundary[0][0][0]) {
		ids = append(ids, p.ID())
	}
	survey, err := view.Survey(boundary, geo.CGCS2000, land.Needs{Plots: true}, false)
	if err == nil {
		for _, o := range survey.Plots[:min(3, len(survey.Plots))] {
			ids = append(ids, o.Plot.ID)
		}
	}
	return ids
}

// randomBoundary is a star about a place with up to 30 corners, which may have a
// hole, or two stars.
func randomBoundary(random *rand.Rand, at orb.Point, most float64) geo.MultiPolygon {
	star := func(at orb.Point) orb.Polygon {
		n := 5 + random.IntN(26)
		var ring, hole orb.Ring
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.8*random.Float64()) / float64(n))
			r := most / 111_000 * (0.3 + 0.7*random.Float64())
			ring = append(ring, orb.Point{at[0] + r*cos, at[1] + r*sin})
			hole = append(hole, orb.Point{at[0] + r/3*cos, at[1] + r/3*sin})
		}
		p := orb.Polygon{append(ring, ring[0])}
		if random.IntN(4) == 0 {
			p = append(p, append(hole, hole[0]))
		}
		return p
	}
	p := geo.MultiPolygon{star(at)}
	if random.IntN(5) == 0 {
		p = append(p, star(orb.Point{at[0] + 2.2*most/111_000, at[1]}))
	}
	return p
}

// drawControls takes in and publishes a layer of random polygons, one of them with
// very many vertices if it is so asked.
func drawControls(t *testing.T, random *rand.Rand, kind land.ControlKind, n int, most float64, intricate bool, somewhere func() orb.Point) {
	t.Helper()
	features := geojson.NewFeatureCollection()
	add := func(p orb.Geometry) {
		f := geojson.NewFeature(p)
		f.Properties = geojson.Properties{"plot_no": fmt.Sprintf("F-%d", len(features.Features)+1), "height_max_m": 20 + random.IntN(80)}
		features.Append(f)
	}
	for range n {
		add(orb.MultiPolygon(randomBoundary(random, somewhere(), most*(0.2+0.8*random.Float64()))))
	}
	if intricate {
		const vertices = 5000
		at := somewhere()
		var ring orb.Ring
		for i := range vertices {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / vertices)
			r := (1000 + 300*random.Float64()) / 111_000
			ring = append(ring, orb.Point{at[0] + r*cos, at[1] + r*sin})
		}
		add(orb.Polygon{append(ring, ring[0])})
	}
	raw, err := json.Marshal(features)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "layer.geojson")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	dikuai(t, "controls", "import", path, "--code", "made-"+string(kind[:5]), "--kind", string(kind), "--name", "图层", "--valid-from", "2016-01-01", "--publish")
}

const overlaid = `
	CREATE UNLOGGED TABLE checked_plots AS SELECT plot_id, land_use, status, ST_Transform(geom, 4547) AS plane FROM current_plots;
	CREATE UNLOGGED TABLE checked_lines AS SELECT f.id, l.kind, l.code AS layer, ST_Transform(f.geom, 4547) AS plane
		FROM control_features f JOIN control_layers l ON l.code = f.layer AND l.published = f.version;
	CREATE UNLOGGED TABLE checked_parks AS SELECT code, ST_Transform(boundary, 4547) AS plane FROM parks;
	CREATE INDEX ON checked_plots USING gist (plane);
	CREATE INDEX ON checked_lines USING gist (plane);
	ANALYZE checked_plots, checked_lines`

// byPostGIS is the land that rules are about, by what it is called here.
const byPostGIS = `
	WITH b AS (SELECT ST_Transform(ST_GeomFromEWKB($1), 4547) AS g),
	park AS (SELECT plane FROM checked_parks WHERE code = $2),
	under AS (SELECT plot_id, land_use, ST_Intersection(plane, g) AS g FROM checked_plots, b WHERE ST_Intersects(plane, g)),
	lines AS (SELECT id, layer, kind, plane FROM checked_lines, b WHERE ST_Intersects(plane, g)),
	blocks AS (SELECT kind, ST_Difference(g, coalesce((SELECT ST_Union(plane) FROM lines l WHERE l.kind = k.kind), 'SRID=4547;POLYGON EMPTY')) AS rest
		FROM b, (SELECT DISTINCT kind FROM checked_lines WHERE kind IN ('urban_development_boundary', 'industrial_block')) k)
	SELECT 'boundary' AS what, ST_Area(g) AS area FROM b
	UNION ALL SELECT 'beyond', ST_Area(ST_Difference(g, plane)) FROM b, park
	UNION ALL SELECT 'unplotted', ST_Area(ST_Difference(ST_Intersection(b.g, plane), coalesce((SELECT ST_Union(u.g) FROM under u), 'SRID=4547;POLYGON EMPTY'))) FROM b, park
	UNION ALL SELECT 'plot ' || plot_id, ST_Area(g) FROM under
	UNION ALL SELECT 'feature ' || id, ST_Area(ST_Intersection(plane, g)) FROM lines, b
	UNION ALL SELECT 'layer ' || layer, ST_Area(ST_Intersection(ST_Union(plane), (SELECT g FROM b))) FROM lines GROUP BY layer
	UNION ALL SELECT 'outside ' || kind, ST_Area(rest) FROM blocks
	UNION ALL SELECT 'of use ' || kind, coalesce((SELECT ST_Area(ST_Union(ST_Intersection(u.g, rest))) FROM under u WHERE u.land_use LIKE 'M%'), 0) FROM blocks WHERE kind = 'industrial_block'`

func landByPostGIS(t *testing.T, conn *pgx.Conn, boundary geo.MultiPolygon, park land.ParkCode) map[string]float64 {
	t.Helper()
	found, err := conn.Query(context.Background(), byPostGIS, geo.EncodeEWKB(boundary, geo.CGCS2000), park)
	if err != nil {
		t.Fatal(err)
	}
	areas := map[string]float64{}
	var what string
	var area float64
	if _, err := pgx.ForEachRow(found, []any{&what, &area}, func() error { areas[what] = area; return nil }); err != nil {
		t.Fatalf("%v: %v", boundary, err)
	}
	return areas
}

func landBySurvey(s land.Survey) map[string]float64 {
	sum := func(pieces []land.Piece) (area float64) {
		for _, p := range pieces {
			area += float64(p.Area)
		}
		return area
	}
	areas := map[string]float64{"boundary": float64(s.Area), "beyond": sum(s.Beyond), "unplotted": sum(s.Unplotted)}
	for _, o := range s.Plots {
		areas[fmt.Sprintf("plot %d", o.Plot.ID)] = sum(o.Pieces)
	}
	for kind, k := range s.Kinds {
		for _, l := range k.Layers {
			areas["layer "+string(l.Layer.Code)] = sum(l.Within)
			for _, f := range l.Features {
				areas[fmt.Sprintf("feature %d", f.ID)] = sum(f.Pieces)
			}
		}
		areas["outside "+string(kind)] = sum(k.Outside)
		areas["of use "+string(kind)] = sum(k.OfUse)
	}
	return areas
}
