package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const farmlandFile = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"编号":"F-1","name":"一号片"},
"geometry":{"type":"Polygon","coordinates":[[[113.46,22.98],[113.461,22.98],[113.461,22.981],[113.46,22.981],[113.46,22.98]]]}}]}`

func TestControlsFromTheCommandLine(t *testing.T) {
	databaseURL := register(t)
	path := filepath.Join(t.TempDir(), "基本农田.geojson")
	if err := os.WriteFile(path, []byte(farmlandFile), 0o600); err != nil {
		t.Fatal(err)
	}
	what := []string{"controls", "import", path, "--code", "farmland-2016", "--kind", "基本农田", "--name", "基本农田", "--valid-from", "2016-01-01", "--map", "编号=plot_no"}
	if out := dikuai(t, append(what, "--dry-run")...); !strings.Contains(out, "nothing written") {
		t.Errorf("%s", out)
	}
	if out := dikuai(t, "controls", "list"); out != "" {
		t.Errorf("after a dry run: %s", out)
	}
	if out := dikuai(t, what...); !strings.Contains(out, "change 1: farmland-2016 permanent_basic_farmland 基本农田, version 1, not published, from 2016-01-01; 1 features") {
		t.Errorf("%s", out)
	}
	if out := dikuai(t, "controls", "publish", "farmland-2016"); !strings.Contains(out, "change 2") || !strings.Contains(out, "version 1 published") {
		t.Errorf("%s", out)
	}
	if out := dikuai(t, "controls", "publish", "farmland-2016"); !strings.Contains(out, "as it was") {
		t.Errorf("%s", out)
	}
	if out := dikuai(t, append(what, "--publish", "--valid-to", "2020-12-31", "--json")...); !strings.Contains(out, `"change":3`) || !strings.Contains(out, `"published_version":2`) || !strings.Contains(out, `"valid":false`) {
		t.Errorf("%s", out)
	}
	if code := tell[string](t, databaseURL, `SELECT code FROM control_features WHERE version = 2`); code != "F-1" {
		t.Errorf("code %s", code)
	}
	if out := dikuai(t, "controls", "withdraw", "farmland-2016", "--reason", "objection"); !strings.Contains(out, "not published") {
		t.Errorf("%s", out)
	}
	for _, args := range [][]string{
		{}, {"import"}, {"list", "x"}, {"publish"}, {"burn", "x"}, {"import", path}, {"import", path, "--code", "a", "--kind", "moat", "--name", "a"},
		{"import", path, "--code", "a", "--kind", "other", "--name", "a", "--valid-from", "soon"}, {"import", path, "--code", "a", "--kind", "other", "--name", "a", "--crs", "x"},
	} {
		if err := refused(t, append([]string{"controls"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if err := refused(t, "controls", "publish", "nothing"); errors.Is(err, errMisuse) {
		t.Errorf("%v", err)
	}
	if err := refused(t, "controls", "import", path, "--code", "h", "--kind", "height_limit", "--name", "限高"); !strings.Contains(err.Error(), "1 fault(s)") {
		t.Errorf("%v", err)
	}
}

// TestSeededControlsConflictWithPlots holds the demonstration layers, as PostGIS
// measures them, to what they are drawn for.
func TestSeededControlsConflictWithPlots(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	if again := dikuai(t, "seed"); again != "" {
		t.Errorf("seeding again said %q", again)
	}
	if n := tell[int](t, databaseURL, `SELECT count(*) FROM control_layers WHERE published = 1 AND version = 1`); n != 6 {
		t.Errorf("%d layers are published", n)
	}
	if ok := tell[bool](t, databaseURL, `SELECT bool_and(demonstration AND valid_from = '2016-01-01' AND name_zh LIKE '示范%') FROM control_versions`); !ok {
		t.Error("a layer may be taken for a real one")
	}
	const overlap = `
		SELECT coalesce(sum(ST_Area(ST_Intersection(in_plane(f.geom, 4547), in_plane(p.geom, 4547)))), 0)
		FROM control_features f JOIN control_layers l ON l.code = f.layer JOIN current_plots p ON p.geom && f.geom
		WHERE l.kind = $1 AND p.land_use !~ '^S'`
	for kind, least := range map[string]float64{"road_red_line": 1000, "blue_line": 5000, "height_limit": 10000} {
		if got := tell[float64](t, databaseURL, overlap, kind); got < least {
			t.Errorf("plots reach over the %s by %.2f m²", kind, got)
		}
	}
	for _, kind := range []string{"permanent_basic_farmland", "ecological_red_line"} {
		if got := tell[float64](t, databaseURL, overlap, kind); got > 0 {
			t.Errorf("plots reach over the %s by %.2f m²", kind, got)
		}
	}
	if outside := tell[float64](t, databaseURL, `
		SELECT sum(ST_Area(ST_Difference(in_plane(p.boundary, 4547), u.g))) FROM parks p,
			(SELECT ST_Union(in_plane(geom, 4547)) AS g FROM control_features WHERE layer = 'demo-urban-boundary') u`); outside > 0.01 {
		t.Errorf("%.2f m² of the parks lie outside the development boundary", outside)
	}
	if shift := tell[float64](t, databaseURL, `
		SELECT max(abs(ST_X(d.geom) * 1000 - round(ST_X(d.geom) * 1000))) FROM control_features, ST_DumpPoints(ST_Transform(geom, 4547)) d`); shift > 0.01 {
		t.Errorf("a vertex is %.4f mm off the grid", shift)
	}
}
