package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// TestTheThreeParksHaveThePlansLand holds the register's own figures to the
// plan's, and both to PostGIS measuring the geometry by itself.
func TestTheThreeParksHaveThePlansLand(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "seed")
	if again := dikuai(t, "seed"); again != "" {
		t.Errorf("seeding again said %q", again)
	}
	for park, mu := range map[string]float64{"panyu": 300, "nansha": 1446, "luogang": 1383} {
		boundary := tell[float64](t, databaseURL, `SELECT ST_Area(ST_Transform(boundary, 4547)) * 3 / 2000 FROM parks WHERE code = $1`, park)
		plots := tell[float64](t, databaseURL, `SELECT sum(ST_Area(ST_Transform(geom, 4547))) * 3 / 2000 FROM current_plots WHERE park = $1`, park)
		for what, got := range map[string]float64{"boundary": boundary, "plots": plots} {
			if math.Abs(got-mu) > 0.005 {
				t.Errorf("%s %s: %.4f 亩, want %.2f", park, what, got, mu)
			}
		}
		worst := tell[float64](t, databaseURL, `SELECT max(abs(area_ellipsoid_m2 / ST_Area(geom::geography) - 1)) FROM current_plots WHERE park = $1`, park)
		if worst > 1e-6 {
			t.Errorf("%s: ellipsoidal areas differ by %g", park, worst)
		}

		table := balance(t, park)
		total := table.Rows[len(table.Rows)-1]
		var shares, leaves float64
		for _, r := range table.Rows {
			if r.Kind == "body" {
				shares += number(t, r.Percent)
				leaves += number(t, r.AreaMu)
			}
		}
		if math.Abs(number(t, total.AreaMu)-plots) > 0.01 || string(total.AreaMu) != geo.FormatFixed(mu, 2) || math.Abs(leaves-mu) > 1e-6 || math.Abs(shares-100) > 1e-6 {
			t.Errorf("%s: balance totals %s 亩, its rows %.2f 亩 and %.2f %%", park, total.AreaMu, leaves, shares)
		}
		ellipsoid := tell[float64](t, databaseURL, `SELECT sum(ST_Area(geom::geography)) * 3 / 2000 FROM current_plots WHERE park = $1`, park)
		onEllipsoid := balance(t, park, "--measure", "ellipsoid")
		if got := number(t, onEllipsoid.Rows[len(onEllipsoid.Rows)-1].AreaMu); math.Abs(got-ellipsoid) > 0.005001 {
			t.Errorf("%s: %.2f 亩 on the ellipsoid, PostGIS says %.4f", park, got, ellipsoid)
		}
	}
	gaps := tell[float64](t, databaseURL, `
		SELECT max(ST_Area(ST_SymDifference(b.g, u.g))) FROM
			(SELECT code, in_plane(boundary, 4547) g FROM parks) b
			JOIN (SELECT park, ST_Union(in_plane(geom, 4547)) g FROM current_plots GROUP BY park) u ON park = code`)
	overlaps := tell[float64](t, databaseURL, `
		SELECT coalesce(max(ST_Area(ST_Intersection(in_plane(a.geom, 4547), in_plane(b.geom, 4547)))), 0)
		FROM current_plots a JOIN current_plots b ON a.geom && b.geom AND a.plot_id < b.plot_id`)
	if gaps > 0.01 || overlaps > 0.01 {
		t.Errorf("the layout has gaps of %g m² and overlaps of %g m²", gaps, overlaps)
	}
}

func TestTheOverviewAndTheCheckTakeAllParks(t *testing.T) {
	register(t)
	dikuai(t, "seed")
	if table := dikuai(t, "report", "overview"); !strings.Contains(table, "3129.00") || strings.Count(table, "示范布局") < 4 {
		t.Errorf("overview:\n%s", table)
	}
	if said := dikuai(t, "check"); !strings.Contains(said, "251 plots checked") || !strings.Contains(said, "0 errors, 0 warnings") {
		t.Errorf("check: %s", said)
	}
	if said := dikuai(t, "check", "--log"); !strings.Contains(said, "the log ends with change") {
		t.Errorf("check --log: %s", said)
	}
}

type balanceTable struct {
	Demonstration bool
	Rows          []struct {
		Kind    string
		AreaMu  json.Number `json:"area_mu"`
		Percent json.Number `json:"share_pct"`
	}
}

func balance(t *testing.T, park string, more ...string) balanceTable {
	t.Helper()
	text := dikuai(t, append([]string{"report", "balance", "--park", park, "--format", "json"}, more...)...)
	var table balanceTable
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&table); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if !table.Demonstration {
		t.Error("the table does not say that the layout is for demonstration")
	}
	return table
}

func number(t *testing.T, n json.Number) float64 {
	t.Helper()
	v, err := n.Float64()
	if err != nil {
		t.Fatal(err)
	}
	return v
}
