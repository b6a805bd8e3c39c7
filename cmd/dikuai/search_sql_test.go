package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// TestSearchesFindWhatPostGISFinds asks DIKUAI_QUERIES random searches of a made
// city of DIKUAI_PLOTS plots, page by page, and PostGIS the same: it must find
// the same plots in the same order.
func TestSearchesFindWhatPostGISFinds(t *testing.T) {
	databaseURL := postgistest.URL(t)
	t.Setenv("DATABASE_URL", databaseURL)
	dikuai(t, "generate", "--plots", strconv.Itoa(sized(t, "DIKUAI_PLOTS", 3000)))
	db, err := postgis.Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	view, err := tiles.Load(t.Context(), db, land.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	conn := connected(t, databaseURL)
	if _, err := conn.Exec(t.Context(), `CREATE UNLOGGED TABLE searched AS SELECT * FROM current_plots; CREATE INDEX ON searched USING gist (geom); ANALYZE searched`); err != nil {
		t.Fatal(err)
	}
	places := rows[struct{ Lon, Lat float64 }](t, conn, `SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM searched ORDER BY plot_id LIMIT 5000) q`)

	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 5))
	found, pages := 0, 0
	for range sized(t, "DIKUAI_QUERIES", 200) {
		p := places[random.IntN(len(places))]
		asked := randomSearch(random, orb.Point{p.Lon, p.Lat})
		var filter *tiles.Filter
		if asked.filter != "" {
			if filter, err = tiles.ParseFilter(asked.filter); err != nil {
				t.Fatalf("%s: %v", asked.filter, err)
			}
		}
		search, err := tiles.NewSearch(asked.query, filter)
		if err != nil {
			t.Fatalf("%+v: %v", asked, err)
		}
		sql := `SELECT plot_id FROM searched WHERE ` + strings.Join(append(asked.where, "true"), " AND ") + " ORDER BY " + strings.Join(append(asked.orderBy, "plot_id"), ", ")
		want, err := plotIDs(t, conn, sql)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		limit := 1 + len(want)/(1+random.IntN(4))
		var got []land.PlotID
		var after *tiles.Place
		for {
			page := view.Find(search, tiles.Page{Order: asked.order, After: after, Limit: limit})
			if page.Matched != len(want) {
				t.Fatalf("%d match, %d by SQL: %+v %s\n%s", page.Matched, len(want), asked.query, asked.filter, sql)
			}
			for _, p := range page.Plots {
				got = append(got, p.ID())
			}
			pages++
			if after = page.Next; after == nil {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v %s %+v\n%s\ngot  %v\nwant %v", asked.query, asked.filter, asked.order, sql, got[:min(20, len(got))], want[:min(20, len(want))])
		}
		found += len(want)
	}
	t.Logf("%d plots found on %d pages", found, pages)
}

func plotIDs(t *testing.T, conn *pgx.Conn, sql string) ([]land.PlotID, error) {
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[land.PlotID])
}

// askedFor is a search in our words and in SQL's.
type askedFor struct {
	query   land.Query
	filter  string
	order   []land.Order
	where   []string
	orderBy []string
}

func randomSearch(random *rand.Rand, at orb.Point) (a askedFor) {
	one := func(list ...string) string { return list[random.IntN(len(list))] }
	add := func(format string, args ...any) { a.where = append(a.where, fmt.Sprintf(format, args...)) }
	reach := math.Pow(10, -3.5+2*random.Float64()) // degrees
	switch random.IntN(4) {
	case 0:
		b := orb.Bound{Min: orb.Point{at[0] - reach*random.Float64(), at[1] - reach}, Max: orb.Point{at[0] + reach, at[1] + reach*random.Float64()}}
		a.query.Bound = &b
		add("ST_Intersects(geom, ST_MakeEnvelope(%v, %v, %v, %v, 4490))", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
	case 1:
		a.query.Near = &land.Near{At: orb.Point{at[0] + reach, at[1]}, Metres: math.Round(reach * 111000 * (0.5 + random.Float64()))}
		add("ST_DWithin(geom::geography, ST_SetSRID(ST_Point(%v, %v), 4490)::geography, %v)", a.query.Near.At[0], a.query.Near.At[1], a.query.Near.Metres)
		add("geom && ST_Expand(ST_SetSRID(ST_Point(%v, %v), 4490), %v)", a.query.Near.At[0], a.query.Near.At[1], a.query.Near.Metres/50000)
	case 2:
		var ring orb.Ring
		var text []string
		points := 5 + random.IntN(20)
		for k := range points {
			sin, cos := math.Sincos(float64(k) / float64(points) * 2 * math.Pi)
			r := reach * (0.5 + random.Float64())
			ring = append(ring, orb.Point{at[0] + r*cos, at[1] + r*sin})
		}
		ring = append(ring, ring[0])
		for _, q := range ring {
			text = append(text, fmt.Sprintf("%v %v", q[0], q[1]))
		}
		a.query.Within = geo.MultiPolygon{{ring}}
		add("ST_Within(geom, ST_GeomFromText('POLYGON((%s))', 4490))", strings.Join(text, ","))
	}
	if random.IntN(3) == 0 {
		low := float64(random.IntN(1000)) / 100
		high := low + float64(random.IntN(3000))/100
		a.query.AreaMu = land.Range{Min: &low, Max: &high}
		add("round((area_m2 * 3 / 2000)::numeric, 2) BETWEEN %v AND %v", low, high)
	}
	if random.IntN(3) == 0 {
		low := float64(random.IntN(8)) / 2
		a.query.FARMax = land.Range{Min: &low}
		add("far_max >= %v", low)
	}
	if random.IntN(3) == 0 {
		classes := []string{one("A", "A3", "A35"), one("R2", "B1", "M1", "G")}
		a.query.Uses = classes
		add("(land_use LIKE '%s%%' OR land_use LIKE '%s%%')", classes[0], classes[1])
	}
	if random.IntN(3) == 0 {
		a.query.Statuses = []land.Status{land.Available, land.Planned}
		add("status IN ('available', 'planned')")
	}
	if random.IntN(5) == 0 {
		a.query.Text = one("D1", "-0", "单位", "d2-00")
		add("(plot_no ILIKE '%%%[1]s%%' OR name ILIKE '%%%[1]s%%' OR holder ILIKE '%%%[1]s%%')", a.query.Text)
	}
	if random.IntN(3) == 0 {
		v := random.IntN(9000)
		a.filter = fmt.Sprintf("area_m2 > %d AND NOT (status = 'idle') OR far_max IS NULL", v)
		add("(area_m2 > %d AND NOT (status = 'idle') OR far_max IS NULL)", v)
	}
	for _, property := range [][2]string{{"plot_no", `plot_no COLLATE "C"`}, {"far_max", "far_max"}, {"status", `status COLLATE "C"`}, {"area_m2", "area_m2"}} {
		if random.IntN(4) > 0 {
			continue
		}
		down := random.IntN(2) == 0
		a.order = append(a.order, land.Order{Property: property[0], Down: down})
		direction := " ASC NULLS LAST"
		if down {
			direction = " DESC NULLS LAST"
		}
		a.orderBy = append(a.orderBy, property[1]+direction)
	}
	return a
}
