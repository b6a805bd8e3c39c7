package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMadeCityIsTheSameByEveryWay puts a city into the register, and by way of
// files into other parks: all hold the same.
func TestMadeCityIsTheSameByEveryWay(t *testing.T) {
	databaseURL := register(t)
	said := dikuai(t, "generate", "--plots", "2000", "--seed", "7")
	if !strings.Contains(said, "2000 plots") || !strings.Contains(said, "demonstration") {
		t.Errorf("generate said %s", said)
	}
	if !tell[bool](t, databaseURL, `SELECT demonstration AND name_zh = '演示城市' AND plane_srid = 4547 FROM parks WHERE code = 'city'`) {
		t.Error("the park is not marked as a demonstration")
	}
	if !tell[bool](t, databaseURL, `SELECT abs(p.area_m2 - sum(c.area_m2)) < 0.01 FROM parks p JOIN current_plots c ON c.park = p.code WHERE p.code = 'city' GROUP BY p.area_m2`) {
		t.Error("the plots do not cover the park")
	}
	if said := dikuai(t, "check", "--park", "city"); !strings.Contains(said, "2000 plots checked") || !strings.Contains(said, " 0 errors") {
		t.Errorf("check said %s", said)
	}

	dir := t.TempDir()
	for park, file := range map[string]string{"by_package": "city.gpkg", "by_sequence": "city.geojsonl"} {
		file = filepath.Join(dir, file)
		var told struct {
			Plots         int
			Demonstration bool
		}
		if err := json.Unmarshal([]byte(dikuai(t, "generate", "--plots", "2000", "--seed", "7", "--out", file, "--json")), &told); err != nil || told.Plots != 2000 || !told.Demonstration {
			t.Errorf("%s: %+v, %v", file, told, err)
		}
		dikuai(t, "import", file, "--park", park)
		const differ = `WITH a AS (SELECT plot_no, name, land_use, land_use_2023, status, holder, stated_area_m2, far_max, height_max_m, supply_mode, supplied_on, valid_from, geom FROM current_plots WHERE park = 'city'),
			b AS (SELECT plot_no, name, land_use, land_use_2023, status, holder, stated_area_m2, far_max, height_max_m, supply_mode, supplied_on, valid_from, geom FROM current_plots WHERE park = $1)
			SELECT count(*) FROM (SELECT * FROM a EXCEPT SELECT * FROM b) d`
		if n := tell[int](t, databaseURL, differ, park); n > 0 {
			t.Errorf("%d plots of %s differ from those of city", n, park)
		}
		if n := tell[int](t, databaseURL, `SELECT count(*) FROM current_plots WHERE park = $1`, park); n != 2000 {
			t.Errorf("%s has %d plots", park, n)
		}
	}

	if err := refused(t, "generate", "--plots", "10"); errors.Is(err, errMisuse) || !strings.Contains(err.Error(), "already") {
		t.Errorf("a second city: %v", err)
	}
	var job struct{ New int }
	if err := json.Unmarshal([]byte(dikuai(t, "generate", "--plots", "10", "--park", "town", "--json")), &job); err != nil || job.New != 10 {
		t.Errorf("town: %+v, %v", job, err)
	}
}

func TestMisuseOfGenerate(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{}, {"--plots", "0"}, {"--plots", "10000001"}, {"--plots", "10", "word"}, {"--plots", "many"}, {"--plots", "10", "--seed", "-1"},
		{"--plots", "10", "--park", "No Code"}, {"--plots", "10", "--out", "city.xlsx"}, {"--plots", "10", "--out", "city"},
	} {
		if err := refused(t, append([]string{"generate"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("generate %v: %v", args, err)
		}
	}
	if err := refused(t, "generate", "--plots", "10", "--out", filepath.Join(t.TempDir(), "no", "city.gpkg")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if help := dikuai(t, "generate", "--help"); !strings.Contains(help, "-plots") {
		t.Errorf("help is %s", help)
	}
}
