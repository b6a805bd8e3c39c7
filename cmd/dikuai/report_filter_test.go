package main

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/tiles"
)

// chosen are the plots that a selection of the register chooses.
func chosen(t *testing.T, db *postgis.DB, m land.Moment, s postgis.Selection) []land.PlotID {
	t.Helper()
	ids := []land.PlotID{}
	err := db.Read(t.Context(), land.Actor{}, m, s, func(r *postgis.Reading) error {
		for key, err := range r.Keys(t.Context(), false) {
			if err != nil {
				return err
			}
			ids = append(ids, key.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// TestTablesChooseWhatSearchesFind asks the database and the memory for the same
// plots: by every property, by the random filters of searches, and by days.
func TestTablesChooseWhatSearchesFind(t *testing.T) {
	databaseURL := history(t)
	db, err := postgis.Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn := connected(t, databaseURL)
	places := rows[struct{ Lon, Lat float64 }](t, conn, `SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM current_plots ORDER BY plot_id) q`)
	var filters []string
	for _, q := range tiles.Queryables() {
		filters = append(filters, q.Name+" IS NULL", q.Name+" IS NOT NULL")
		if q.Type != cql2.TypeGeometry {
			filters = append(filters, q.Name+" = "+q.Name)
		}
	}
	filters = append(filters, "area_mu > 13.22 AND area_mu <= 30", "land_use LIKE 'M1/%' OR land_use = 'A35'", "supplied_on >= DATE('2017-01-01') AND holder LIKE '示范%'", "far_max * 2 > 5 OR height_max_m < 40",
		"CASEI(plot_no) LIKE CASEI('ns-%')", "status IN ('available', 'planned') AND NOT park = 'nansha'")
	random := rand.New(rand.NewPCG(rand.Uint64(), 5))
	for range sized(t, "DIKUAI_FILTERS", 40) {
		p := places[random.IntN(len(places))]
		if asked := randomSearch(random, orb.Point{p.Lon, p.Lat}); asked.filter != "" {
			filters = append(filters, asked.filter)
		}
	}
	day := func(s string) land.Date {
		d, err := land.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	found := 0
	for _, m := range []land.Moment{{}, {At: day("2018-06-30")}, {At: day("2020-11-02")}} {
		view, err := tiles.Load(t.Context(), db, m)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range filters {
			e, err := cql2.ParseText(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			filter, err := tiles.FilterOf(e)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			selection, query := postgis.Selection{Filter: e}, land.Query{}
			if i%3 == 1 {
				selection.Parks = []land.ParkCode{"nansha", "city", "nansha"}
				query.Parks = selection.Parks
			}
			search, err := tiles.NewSearch(query, filter)
			if err != nil {
				t.Fatal(err)
			}
			want := []land.PlotID{}
			for p := range view.Matches(search, nil, 1_000_000) {
				want = append(want, p.ID)
			}
			slices.Sort(want)
			if got := chosen(t, db, m, selection); !slices.Equal(got, want) {
				t.Errorf("%s on %s of %v: the register chooses %d plots, a search finds %d", text, m.At, selection.Parks, len(got), len(want))
			}
			found += len(want)
		}
	}
	t.Logf("%d filters, %d plots", 3*len(filters), found)
}
