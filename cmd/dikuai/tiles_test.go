package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
)

// drawn is a plot as a tile has it, in tile units.
type drawn struct{ area, perimeter float64 }

// sizes are the plots of a tile.
type sizes map[int64]drawn

// TestTilesAgreeWithPostGISAndReadEverywhere takes random tiles over the parks,
// reads them with GDAL's MVT driver and with @mapbox/vector-tile, and compares
// them with what ST_AsMVT draws of the same tile.
func TestTilesAgreeWithPostGISAndReadEverywhere(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	address, _ := serving(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	bounds := tell[[]float64](t, databaseURL, `SELECT array_agg(v ORDER BY code, n) FROM parks, LATERAL (VALUES (1, ST_XMin(boundary)), (2, ST_YMin(boundary)), (3, ST_XMax(boundary)), (4, ST_YMax(boundary))) b (n, v)`)

	dir := t.TempDir()
	ours := map[string]sizes{}
	for len(ours) < 200 {
		b := bounds[4*random.IntN(3):]
		at := orb.Point{b[0] + random.Float64()*(b[2]-b[0]), b[1] + random.Float64()*(b[3]-b[1])}
		tile := maptile.At(at, maptile.Zoom(12+random.IntN(7)))
		name := fmt.Sprintf("%d/%d/%d", tile.Z, tile.X, tile.Y)
		if ours[name] != nil {
			continue
		}
		body := fetchTile(t, address+"/tiles/land/"+name+".mvt")
		theirs := tell[[]byte](t, databaseURL, postgisTile, tile.Z, tile.X, tile.Y)
		read := measure(t, body)
		if len(read) == 0 { // nothing there, or controls alone
			agree(t, name+" holds no plot", read, measure(t, theirs))
			continue
		}
		path := filepath.Join(dir, name+".mvt")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		ours[name] = read
		agree(t, name+" and ST_AsMVT", ours[name], measure(t, theirs))
		same(t, name+" read by GDAL", ours[name], readByGDAL(t, path, tile))
	}
	for name, read := range readByMapbox(t, dir) {
		same(t, name+" read by @mapbox/vector-tile", ours[name], read)
	}
}

const postgisTile = `
	SELECT coalesce(ST_AsMVT(t, 'plots', 4096, 'geom', 'id'), '') FROM (
		SELECT plot_id AS id, plot_no, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom
		FROM current_plots WHERE ST_Transform(geom, 3857) && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)
	) t WHERE geom IS NOT NULL`

// fetchTile gives nil for an empty tile.
func fetchTile(t *testing.T, address string) []byte {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode == http.StatusNoContent {
		return nil
	}
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, response.Status, err)
	}
	return body
}

// agree allows each border to be off by a tile unit along its length, so a
// sliver that is no wider may be in one of the two alone.
func agree(t *testing.T, what string, ours, theirs sizes) {
	t.Helper()
	for id := range union(ours, theirs) {
		allowed := math.Max(ours[id].perimeter, theirs[id].perimeter)
		if math.Abs(ours[id].area-theirs[id].area) > allowed {
			t.Errorf("%s: plot %d has %.1f square units, not %.1f", what, id, ours[id].area, theirs[id].area)
		}
	}
}

// same allows two readers of the same bytes nothing.
func same(t *testing.T, what string, ours, theirs sizes) {
	t.Helper()
	for id := range union(ours, theirs) {
		if math.Abs(ours[id].area-theirs[id].area) > 0.01 {
			t.Errorf("%s: plot %d has %.1f square units, not %.1f", what, id, theirs[id].area, ours[id].area)
		}
	}
}

func union(a, b sizes) sizes {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

func plotsLayer(t *testing.T, tile []byte) []orbFeature {
	t.Helper()
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	var found []orbFeature
	for _, l := range layers {
		if l.Name != "plots" {
			continue
		}
		for _, f := range l.Features {
			found = append(found, orbFeature{int64(f.ID.(float64)), f.Geometry})
		}
	}
	return found
}

type orbFeature struct {
	id       int64
	geometry orb.Geometry
}

func measure(t *testing.T, tile []byte) sizes {
	t.Helper()
	s := sizes{}
	for _, f := range plotsLayer(t, tile) {
		s[f.id] = drawn{math.Abs(planar.Area(f.geometry)), planar.Length(f.geometry)}
	}
	return s
}

// readByGDAL gives areas back in tile units; GDAL places tiles in EPSG:3857.
func readByGDAL(t *testing.T, path string, tile maptile.Tile) sizes {
	t.Helper()
	out := tool(t, "ogr2ogr", "-f", "CSV", "/vsistdout/", path, "-sql", "SELECT mvt_id, OGR_GEOM_AREA AS area FROM plots",
		"-oo", fmt.Sprint("Z=", tile.Z), "-oo", fmt.Sprint("X=", tile.X), "-oo", fmt.Sprint("Y=", tile.Y), "-oo", "CLIP=NO")
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	unit := 2 * math.Pi * 6378137 / math.Exp2(float64(tile.Z)) / 4096
	s := sizes{}
	for _, row := range rows[1:] {
		id, idErr := strconv.ParseInt(row[0], 10, 64)
		area, areaErr := strconv.ParseFloat(row[1], 64)
		if idErr != nil || areaErr != nil {
			t.Fatalf("GDAL read %v", row)
		}
		s[id] = drawn{area: area / unit / unit}
	}
	return s
}

// readByMapbox reads all tiles under a folder in one run of Node.
func readByMapbox(t *testing.T, dir string) map[string]sizes {
	t.Helper()
	command := exec.Command("node", "tests/read-tiles.mjs", dir)
	command.Dir = "../../api/web"
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var areas map[string]map[int64]float64
	if err := json.Unmarshal(out, &areas); err != nil {
		t.Fatal(err)
	}
	read := map[string]sizes{}
	for name, plots := range areas {
		read[name] = sizes{}
		for id, area := range plots {
			read[name][id] = drawn{area: area}
		}
	}
	if len(read) != 200 {
		t.Errorf("@mapbox/vector-tile read %d tiles", len(read))
	}
	return read
}
