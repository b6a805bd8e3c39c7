package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles/mvt"
)

// cityTest is a service with a made city, and PostGIS, which says what is true
// of it.
type cityTest struct {
	conn    *pgx.Conn
	address string
	random  *rand.Rand
	places  []orb.Point // one in each plot, EPSG:4490 lon/lat
	floor   float64     // square units that the area of a land use may always be off by
}

// TestTilesOfACity compares tiles of a made city of DIKUAI_PLOTS plots with what
// PostGIS makes of the same plots: DIKUAI_TILES near ones, and all far ones.
func TestTilesOfACity(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "generate", "--plots", strconv.Itoa(sized(t, "DIKUAI_PLOTS", 5000)))
	address, _ := serving(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := cityTest{conn: connected(t, databaseURL), address: address, random: rand.New(rand.NewPCG(seed, 0))}
	if _, err := c.conn.Exec(context.Background(), inMercator); err != nil {
		t.Fatal(err)
	}
	for _, p := range rows[struct{ Lon, Lat float64 }](t, c.conn, `SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM current_plots) q`) {
		c.places = append(c.places, orb.Point{p.Lon, p.Lat})
	}
	// A mosaic rounds a land use to whole cells once for each status that its plots
	// have. Cells are half a pixel wide, and a pixel where plots fill tiles.
	if c.floor = townFloor; len(c.places) > 20_000 {
		c.floor = cityFloor
	}
	t.Run("near", c.near)
	t.Run("far", c.far)
}

// inMercator puts the plots where ST_AsMVT wants them.
const inMercator = `
	CREATE TABLE mercator AS
		SELECT plot_id AS id, park, plot_no, land_use, array_to_string(array_prepend(land_use, land_use_others), '/') AS use_text, status,
			round((area_m2 * 3 / 2000)::numeric, 2)::float8 AS area_mu, far_max::float8, ST_Transform(geom, 3857) AS geom
		FROM current_plots;
	CREATE INDEX ON mercator USING gist (geom);
	ANALYZE mercator;`

func connected(t *testing.T, databaseURL string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// rows reads what a query gives.
func rows[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) []T {
	t.Helper()
	found, err := conn.Query(context.Background(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	read, err := pgx.CollectRows(found, pgx.RowToStructByName[T])
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	return read
}

// tile asks for a tile, plain and not from the cache, and checks it.
func (c *cityTest) tile(t *testing.T, at maptile.Tile, rules mvt.Rules) (body []byte, layers mvt.Tile) {
	t.Helper()
	h := asked(t, "GET", fmt.Sprintf("%s/tiles/land/%d/%d/%d.mvt?nocache=1", c.address, at.Z, at.X, at.Y))
	if h.status == http.StatusNoContent {
		return nil, mvt.Tile{}
	}
	if h.status != http.StatusOK {
		t.Fatalf("%v: %d %s", at, h.status, h.body)
	}
	if err := rules.Check(h.body); err != nil {
		t.Errorf("%v: %v", at, err)
	}
	return h.body, decoded(t, h.body)
}

func decoded(t *testing.T, body []byte) mvt.Tile {
	t.Helper()
	tile, err := mvt.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

// plotsOf are the features of the layer plots by id.
func plotsOf(tile mvt.Tile) map[int64]mvt.Feature {
	found := map[int64]mvt.Feature{}
	if l := tile.Layer("plots"); l != nil {
		for _, f := range l.Features {
			found[int64(f.ID)] = f
		}
	}
	return found
}

// asWKB is a feature's geometry in tile units; of no polygon, an empty one.
func asWKB(t *testing.T, f mvt.Feature) []byte {
	t.Helper()
	all := orb.MultiPolygon{}
	for _, polygon := range f.Polygons() {
		var rings orb.Polygon
		for _, ring := range polygon {
			var r orb.Ring
			for _, p := range append(ring, ring[0]) {
				r = append(r, orb.Point{float64(p.X), float64(p.Y)})
			}
			rings = append(rings, r)
		}
		all = append(all, rings)
	}
	b, err := wkb.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const cityTile = `
	SELECT coalesce(ST_AsMVT(t, 'plots', 4096, 'geom', 'id'), '') AS tile FROM (
		SELECT id, park, plot_no, use_text AS land_use, status, area_mu, far_max, ST_AsMVTGeom(geom, ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom
		FROM mercator WHERE geom && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)
	) t WHERE geom IS NOT NULL`

// Rings that rounding made meet themselves are put in order first.
const borderDifferences = `
	SELECT id, ST_Area(ST_SymDifference(a, b)) AS area, greatest(ST_Perimeter(a), ST_Perimeter(b)) AS perimeter FROM (
		SELECT id, ST_MakeValid(ST_GeomFromWKB(a), 'method=structure') AS a, ST_MakeValid(ST_GeomFromWKB(b), 'method=structure') AS b
		FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS both_drawn (id, a, b)
	) v`

// near draws random tiles of z13 to z18. Each plot must look as ST_AsMVT draws
// it, but for a unit along its border.
func (c *cityTest) near(t *testing.T) {
	const sample = 12 // are read by other programs too
	dir, read := t.TempDir(), map[string]sizes{}
	worst, alone, plots := 0.0, 0, 0
	for range sized(t, "DIKUAI_TILES", 100) {
		at := maptile.At(c.places[c.random.IntN(len(c.places))], maptile.Zoom(13+c.random.IntN(6)))
		body, layers := c.tile(t, at, mvt.Rules{Margin: 64})
		ours := plotsOf(layers)
		theirs := plotsOf(decoded(t, rows[struct{ Tile []byte }](t, c.conn, cityTile, at.Z, at.X, at.Y)[0].Tile))
		w, n := c.compare(t, fmt.Sprint(at), ours, theirs)
		worst, alone, plots = math.Max(worst, w), alone+n, plots+len(theirs)
		if len(read) < sample {
			name := fmt.Sprintf("%d/%d/%d", at.Z, at.X, at.Y)
			read[name] = readElsewhere(t, dir, name, at, body)
		}
	}
	t.Logf("%d plots drawn, %d of them slivers that one encoder leaves out; borders are off by %.2f units at most, over their length", plots, alone, worst)
	var again map[string]map[int64]float64
	if err := json.Unmarshal(tool(t, "node", "../../api/web/tests/read-tiles.mjs", dir), &again); err != nil || len(again) != len(read) {
		t.Fatalf("@mapbox/vector-tile read %d of %d tiles, %v", len(again), len(read), err)
	}
	for name, areas := range again {
		s := sizes{}
		for id, area := range areas {
			s[id] = drawn{area: area}
		}
		same(t, name+" read by @mapbox/vector-tile", read[name], s)
	}
}

// compare tells how far borders are off at most, over their length, and how many
// plots one of two tiles has alone.
func (c *cityTest) compare(t *testing.T, tile string, ours, theirs map[int64]mvt.Feature) (worst float64, alone int) {
	t.Helper()
	all := maps.Clone(ours)
	maps.Copy(all, theirs)
	ids := slices.Sorted(maps.Keys(all))
	var a, b [][]byte
	for _, id := range ids {
		a, b = append(a, asWKB(t, ours[id])), append(b, asWKB(t, theirs[id]))
	}
	for _, d := range rows[struct {
		ID              int64
		Area, Perimeter float64
	}](t, c.conn, borderDifferences, ids, a, b) {
		our, drawnByUs := ours[d.ID]
		their, drawnByThem := theirs[d.ID]
		off := d.Area / d.Perimeter
		switch {
		case d.Perimeter == 0: // both are slivers that rounding made into nothing
		case drawnByUs && drawnByThem:
			worst = math.Max(worst, off)
			if off > 1 {
				t.Errorf("%s: plot %d is off by %.2f units", tile, d.ID, off)
			}
			if !reflect.DeepEqual(our.Attributes, their.Attributes) {
				t.Errorf("%s: plot %d has %v, not %v", tile, d.ID, our.Attributes, their.Attributes)
			}
		default:
			alone++
			if 2*off > 1 { // a strip's area is half its perimeter times its width
				t.Errorf("%s: plot %d, %.2f units wide, is drawn by one alone; by us: %t", tile, d.ID, 2*off, drawnByUs)
			}
		}
	}
	return worst, alone
}

// readElsewhere puts a tile in a file, has GDAL read it, and gives what is in it.
func readElsewhere(t *testing.T, dir, name string, at maptile.Tile, body []byte) sizes {
	t.Helper()
	path := filepath.Join(dir, name+".mvt")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	read := measure(t, body)
	same(t, name+" read by GDAL", read, readByGDAL(t, path, at))
	return read
}

// mainUse is the land use of a feature without secondary ones.
func mainUse(f mvt.Feature) string {
	use, _ := f.Attributes["land_use"].(string)
	use, _, _ = strings.Cut(use, "/")
	return use
}

// What a far tile may be off by.
const (
	areaShare    = 0.01    // of a land use's true area,
	townFloor    = 64      // or so many square units, which is a pixel of a map
	cityFloor    = 256     // and where the plots fill tiles, four
	borderWidth  = 16      // units by which the city's outer border may be off
	largestBytes = 500_000 // gzipped
)

// far draws all tiles of z0 to z12 that have land. Land uses must have their true
// areas, and lie without gap and overlap.
func (c *cityTest) far(t *testing.T) {
	if _, err := c.conn.Exec(context.Background(), `CREATE TABLE covered AS SELECT ST_Union(geom) AS geom FROM mercator`); err != nil {
		t.Fatal(err)
	}
	bound := orb.MultiPoint(c.places).Bound().Pad(0.01)
	for z := maptile.Zoom(0); z <= 12; z++ {
		var worst deviation
		tiles, bytes, outlines := 0, 0, 0
		first, last := maptile.At(bound.LeftTop(), z), maptile.At(orb.Point{bound.Max[0], bound.Min[1]}, z)
		for x := first.X; x <= last.X; x++ {
			for y := first.Y; y <= last.Y; y++ {
				at := maptile.New(x, y, z)
				truth := rows[useArea](t, c.conn, trueAreas, at.Z, at.X, at.Y)
				if len(truth) == 0 {
					continue
				}
				d := c.drawFar(t, at)
				tiles, bytes = tiles+1, max(bytes, d.bytes)
				if d.outlines {
					outlines++
				}
				worst.join(c.deviate(t, at, truth, rows[useArea](t, c.conn, drawnAreas, d.uses, d.shapes)))
				c.coverage(t, at, d)
			}
		}
		t.Logf("z%d: %d tiles, %d of them plot by plot, largest %d bytes gzipped; land uses of %.0f square units and more are off by %.2f %% at most, others by %.1f square units",
			z, tiles, outlines, bytes, c.floor/areaShare, 100*worst.share, worst.area)
	}
}

type useArea struct {
	Use  string
	Area float64 // square tile units
}

const trueAreas = `
	SELECT land_use AS use, sum(CASE WHEN ST_CoveredBy(geom, w) THEN ST_Area(geom) ELSE ST_Area(ST_Intersection(geom, w)) END) / ((ST_XMax(w) - ST_XMin(w)) / 4096) ^ 2 AS area
	FROM mercator, ST_TileEnvelope($1, $2, $3) AS w WHERE ST_Intersects(geom, w) GROUP BY land_use, w`

const drawnAreas = `
	SELECT use, sum(ST_Area(ST_Intersection(ST_MakeValid(ST_GeomFromWKB(shape), 'method=structure'), ST_MakeEnvelope(0, 0, 4096, 4096)))) AS area
	FROM unnest($1::text[], $2::bytea[]) AS drawn (use, shape) GROUP BY use`

// farTile is what the layer plots of a tile has.
type farTile struct {
	uses     []string
	shapes   [][]byte
	outlines bool // plots one by one, not a mosaic of land uses
	bytes    int  // gzipped
}

// drawFar asks for a tile twice and from the cache. Shapes of a mosaic may
// neither touch nor cross themselves.
func (c *cityTest) drawFar(t *testing.T, at maptile.Tile) (d farTile) {
	t.Helper()
	body, layers := c.tile(t, at, mvt.Rules{Margin: 64})
	again, _ := c.tile(t, at, mvt.Rules{Margin: 64})
	kept := asked(t, "GET", fmt.Sprintf("%s/tiles/land/%d/%d/%d.mvt", c.address, at.Z, at.X, at.Y), "Accept-Encoding", "gzip")
	if !bytes.Equal(body, again) || !bytes.Equal(body, kept.unzipped(t)) {
		t.Errorf("%v is not drawn the same again", at)
	}
	if d.bytes = len(kept.body); d.bytes > largestBytes {
		t.Errorf("%v has %d bytes gzipped", at, d.bytes)
	}
	plots := layers.Layer("plots")
	if plots == nil {
		return d
	}
	for _, f := range plots.Features {
		d.outlines = d.outlines || f.HasID
		d.uses, d.shapes = append(d.uses, mainUse(f)), append(d.shapes, asWKB(t, f))
	}
	if !d.outlines {
		for _, fault := range (mvt.Rules{Margin: 64, Simple: true}).Inspect(body).Faults {
			if fault.Layer == "plots" {
				t.Errorf("%v: %v", at, fault)
			}
		}
	}
	return d
}

// deviation is how far areas are off at most: as a share where areaShare is what
// is allowed, in square units where the floor is.
type deviation struct{ share, area float64 }

func (d *deviation) join(e deviation) {
	d.share, d.area = math.Max(d.share, e.share), math.Max(d.area, e.area)
}

// deviate compares the areas of land uses.
func (c *cityTest) deviate(t *testing.T, at maptile.Tile, truth, shown []useArea) (worst deviation) {
	t.Helper()
	areas := map[string][2]float64{}
	for i, list := range [][]useArea{truth, shown} {
		for _, a := range list {
			both := areas[a.Use]
			both[i] = a.Area
			areas[a.Use] = both
		}
	}
	for use, a := range areas {
		off := math.Abs(a[1] - a[0])
		if a[0] > c.floor/areaShare {
			worst.share = math.Max(worst.share, off/a[0])
		} else {
			worst.area = math.Max(worst.area, off)
		}
		if off > math.Max(c.floor, areaShare*a[0]) {
			t.Errorf("%v: %s has %.1f square units, not %.1f", at, use, a[1], a[0])
		}
	}
	return worst
}

const coverage = `
	WITH shape AS (SELECT ST_MakeValid(ST_GeomFromWKB(s), 'method=structure') AS g FROM unnest($4::bytea[]) AS s),
		drawn AS (SELECT ST_Union(g) AS g, sum(ST_Area(g)) AS total FROM shape),
		tile AS (SELECT w, (ST_XMax(w) - ST_XMin(w)) / 4096 AS unit, ST_MakeEnvelope(0, 0, 4096, 4096) AS box FROM ST_TileEnvelope($1, $2, $3) AS w),
		land AS (SELECT box, ST_MakeValid(ST_Affine(ST_SetSRID(ST_Intersection(geom, ST_Expand(w, 192 * unit)), 0), 1 / unit, 0, 0, -1 / unit, -ST_XMin(w) / unit, ST_YMax(w) / unit)) AS g FROM covered, tile),
		hole AS (SELECT ST_MakePolygon(ST_ExteriorRing((r).geom)) AS g FROM drawn, ST_Dump(drawn.g) AS d, ST_DumpRings(d.geom) AS r WHERE (r).path[1] > 0)
	SELECT drawn.total - ST_Area(drawn.g) AS overlap,
		ST_Area(ST_Buffer(ST_Difference(ST_Intersection(ST_Buffer(land.g, -$5::float8), box), drawn.g), -0.5)) AS gaps,
		ST_Area(ST_Buffer(ST_Difference(ST_Intersection(drawn.g, box), ST_Buffer(land.g, $5::float8)), -0.5)) AS beyond,
		(SELECT count(*) FROM hole WHERE NOT ST_IsEmpty(ST_Buffer(hole.g, -0.5)) AND ST_Covers(land.g, hole.g)) AS holes,
		ST_Area(ST_Intersection(drawn.g, box)) AS drawn, ST_Area(ST_Intersection(land.g, box)) AS land
	FROM drawn, land`

// coverage compares all that is drawn with all the land there is: where the land
// goes on for borderWidth to all sides there may be no gap wider than a unit.
func (c *cityTest) coverage(t *testing.T, at maptile.Tile, d farTile) {
	t.Helper()
	width := borderWidth
	if d.outlines {
		width = 1
	}
	found := rows[struct {
		Overlap, Gaps, Beyond, Drawn, Land float64
		Holes                              int
	}](t, c.conn, coverage, at.Z, at.X, at.Y, d.shapes, width)[0]
	if found.Overlap > 1e-3 || found.Gaps > 0 || found.Beyond > 0 || found.Holes > 0 || math.Abs(found.Drawn-found.Land) > math.Max(c.floor, areaShare*found.Land) {
		t.Errorf("%v: %+v", at, found)
	}
}
