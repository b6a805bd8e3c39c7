package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// printedTable is a table as its JSON has it; numbers keep their digits.
type printedTable struct {
	Columns []struct{ Key, Kind string }
	Rows    []map[string]any
	Notes   []string
}

func reported(t *testing.T, args ...string) printedTable {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(dikuai(t, append([]string{"report", "--format", "json"}, args...)...)))
	d.UseNumber()
	var table printedTable
	if err := d.Decode(&table); err != nil {
		t.Fatal(err)
	}
	return table
}

// text is a cell as it is printed.
func text(v any) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(v)
}

// cells are the rows of a kind as lines of some columns, in order.
func (p printedTable) cells(kind string, columns ...string) []string {
	var lines []string
	for _, row := range p.Rows {
		if row["kind"] != kind {
			continue
		}
		var line []string
		for _, c := range columns {
			line = append(line, text(row[c]))
		}
		lines = append(lines, strings.Join(line, " | "))
	}
	return lines
}

// lines are the texts of a query of one column.
func lines(t *testing.T, conn *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	found, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	read, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	return read
}

// sameLines compares lists of lines in whatever order.
func sameLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if len(want) == 0 {
		t.Errorf("%s: SQL finds nothing to compare with", what)
	}
	if !slices.Equal(got, want) {
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Errorf("%s: line %d of %d and %d\ngot  %s\nwant %s", what, i, len(got), len(want), at(got, i), at(want, i))
				return
			}
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "none"
}

// adjusted is a query that rounds the areas of base (grp, key, a in m²) in a unit so
// that they add up twice: to their group's, and the groups' to the whole rounded
// once, what rounding leaves being on the largest.
func adjusted(base, unit string, decimals int) string {
	return fmt.Sprintf(`
		WITH base AS (%s),
		whole AS (SELECT sum(a) AS a FROM base),
		groups AS (SELECT grp, sum(a) AS a FROM base GROUP BY grp),
		above AS (
			SELECT grp, round(g.a %[2]s, %[3]d) + CASE WHEN row_number() OVER (ORDER BY g.a DESC, grp) = 1
				THEN round((SELECT a FROM whole) %[2]s, %[3]d) - sum(round(g.a %[2]s, %[3]d)) OVER () ELSE 0 END AS printed
			FROM groups g)
		SELECT key || ' | ' || round(b.a %[2]s, %[3]d) + CASE WHEN row_number() OVER (PARTITION BY grp ORDER BY b.a DESC, place) = 1
			THEN printed - sum(round(b.a %[2]s, %[3]d)) OVER (PARTITION BY grp) ELSE 0 END
		FROM base b JOIN above USING (grp)`, base, unit, decimals)
}

// m2 is an area without binary noise: on the millimetre grid areas are multiples of half a mm².
const m2 = `round(area_m2::numeric * 2000000) / 2000000`

// units in which areas are printed, from m², and their decimals.
var units = []struct {
	key, sql string
	decimals int
}{{"area_m2", "", 2}, {"area_ha", "/ 10000", 4}, {"area_mu", "* 3 / 2000", 2}}

// history makes a register of the three parks, a city of 120 plots, a park of one
// plot and one without, in which plots were split, merged, renumbered and ended
// since, and quota was granted and used.
func history(t *testing.T) (databaseURL string) {
	t.Helper()
	databaseURL = postgistest.URL(t)
	t.Setenv("DATABASE_URL", databaseURL)
	dikuai(t, "seed")
	dikuai(t, "generate", "--plots", "120")
	dikuai(t, "generate", "--plots", "1", "--park", "one")
	dikuai(t, "generate", "--plots", "1", "--park", "none", "--seed", "2")
	db, err := postgis.Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	admin := land.Actor{Name: "test", Role: land.Admin}
	conn := connected(t, databaseURL)
	id := func(sql string) land.PlotID {
		return rows[struct{ ID land.PlotID }](t, conn, `SELECT plot_id AS id FROM current_plots WHERE `+sql+` ORDER BY plot_id LIMIT 1`)[0].ID
	}
	day := func(s string) land.Date {
		d, err := land.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	split := id(`park = 'nansha' AND status = 'available' AND area_m2 > 5000`)
	box := rows[struct{ West, East, Y float64 }](t, conn, `SELECT ST_XMin(geom) - 0.001 AS west, ST_XMax(geom) + 0.001 AS east, ST_Y(ST_PointOnSurface(geom)) AS y FROM current_plots WHERE plot_id = $1`, int64(split))[0]
	parts, _, err := db.SplitPlot(t.Context(), admin, split, land.Split{Line: []orb.Point{{box.West, box.Y}, {box.East, box.Y}}, CRS: geo.CGCS2000,
		Act: land.Act{Reason: "分期供地", CaseNo: "A-10", ValidFrom: day("2020-11-02")}, Version: 1})
	if err != nil {
		t.Fatal(err)
	}
	var ids []land.PlotID
	for _, p := range parts {
		if len(p.PlotNo) > 0 && p.Version == 1 {
			ids = append(ids, p.ID)
		}
	}
	if _, _, err := db.MergePlots(t.Context(), admin, land.Merge{IDs: ids, PlotNo: "NS-99", Act: land.Act{Reason: "撤销分割", ValidFrom: day("2021-05-06")}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := db.RenumberPlot(t.Context(), admin, id(`park = 'panyu'`), 1, "PY-77", land.Act{Reason: "重新编号"}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.RetirePlot(t.Context(), admin, id(`park = 'none'`), 1, land.Act{Reason: "注销"}); err != nil {
		t.Fatal(err)
	}
	account := land.QuotaAccount{Park: "nansha", Year: 2018, Kind: land.NewLand}
	mu := func(total, farmland land.Amount) land.Quantity {
		return land.Quantity{Total: total, Farmland: farmland, Cultivated: farmland / 2, Unused: total - farmland}
	}
	for _, e := range []land.QuotaEntry{
		{Account: account, Type: land.EntryGrant, Quantity: mu(land.MuAmount(300), land.MuAmount(200)), DocumentNo: "穗国土〔2018〕8号", Day: day("2018-03-01")},
		{Account: account, Type: land.EntrySupplement, Quantity: mu(33_330_000, 30_000_000), DocumentNo: "穗国土〔2018〕19号", Day: day("2018-06-01")},
		{Account: account, Type: land.EntryReserve, Quantity: mu(100_010_000, 80_000_000), CaseNo: "A-10", DocumentNo: "受理1", Day: day("2018-07-01")},
		{Account: account, Type: land.EntryUse, Quantity: mu(40_005_000, 40_000_000), CaseNo: "A-10", DocumentNo: "粤国土资〔2018〕1号", Day: day("2018-09-01")},
		{Account: account, Type: land.EntryCarryOver, To: land.QuotaAccount{Park: "nansha", Year: 2019, Kind: land.NewLand}, Quantity: mu(land.MuAmount(50), land.MuAmount(20)), DocumentNo: "结转1", Day: day("2018-12-31")},
		{Account: land.QuotaAccount{Park: "panyu", Year: 2018, Kind: land.Stock}, Type: land.EntryGrant, Quantity: land.Quantity{Total: 12_345_000}, DocumentNo: "盘活1", Day: day("2018-12-31")},
	} {
		e.Reason = "test"
		if _, _, err := db.PostQuota(t.Context(), admin, e, land.Once{}); err != nil {
			t.Fatalf("%s: %v", e, err)
		}
	}
	return databaseURL
}

// TestTablesHoldWhatSQLAddsUp compares every table with SQL of its own, digit by
// digit, for one park, several and all, today and on an earlier day.
func TestTablesHoldWhatSQLAddsUp(t *testing.T) {
	conn := connected(t, history(t))
	for _, of := range []struct {
		name  string
		flags []string
		plots string // in SQL
	}{
		{"all", nil, `current_plots WHERE true`},
		{"a park", []string{"--park", "nansha"}, `current_plots WHERE park = 'nansha'`},
		{"120 plots", []string{"--park", "city"}, `current_plots WHERE park = 'city'`},
		{"one plot and none", []string{"--park", "none", "--park", "one"}, `current_plots WHERE park IN ('none', 'one')`},
		{"a day", []string{"--at", "2020-12-31", "--park", "nansha", "--park", "panyu"}, `plots_at('2020-12-31', 'infinity') WHERE park IN ('nansha', 'panyu')`},
		{"a filter", []string{"--filter", "area_mu > 10 AND land_use LIKE 'A%'"}, `current_plots WHERE area_m2 * 3 / 2000 > 10 AND land_use LIKE 'A%'`},
		{"plots", []string{"--plot", "3,7", "--plot", "200"}, `current_plots WHERE plot_id IN (3, 7, 200)`},
	} {
		t.Run(of.name, func(t *testing.T) {
			compareBalance(t, conn, of.flags, of.plots)
			comparePlots(t, conn, of.flags, of.plots)
			compareSupply(t, conn, of.flags, of.plots)
			if !slices.Contains(of.flags, "--filter") && !slices.Contains(of.flags, "--plot") {
				compareOverview(t, conn, of.flags, of.plots)
			}
		})
	}
	for _, park := range []string{"nansha", "panyu"} {
		compareBoundary(t, conn, park)
	}
	compareLineage(t, conn)
	compareQuota(t, conn)
	empty := reported(t, "plots", "--park", "none")
	if got := empty.cells("total", "name", "area_m2", "area_ha", "gfa_max_m2"); !slices.Equal(got, []string{"0 块 | 0.00 | 0.0000 | 0"}) {
		t.Errorf("an empty park has %v", got)
	}
}

func compareBalance(t *testing.T, conn *pgx.Conn, flags []string, plots string) {
	table := reported(t, append([]string{"balance"}, flags...)...)
	leaves := printedTable{} // rows of the lowest level
	for _, row := range table.Rows {
		if row["kind"] == "body" {
			leaves.Rows = append(leaves.Rows, row)
		}
	}
	// The section of H and E is not that of urban development land.
	base := `SELECT CASE left(land_use, 1) WHEN 'E' THEN 3 WHEN 'H' THEN 2 ELSE 1 END AS grp, land_use AS key, min(land_use) AS place, sum(` + m2 + `) AS a FROM ` + plots + ` GROUP BY 1, 2`
	for _, u := range units {
		sameLines(t, "balance "+u.key, leaves.cells("body", "land_use", u.key), lines(t, conn, adjusted(base, u.sql, u.decimals)))
	}
	sameLines(t, "balance share", leaves.cells("body", "land_use", "share_pct"), lines(t, conn, adjusted(base, `/ (SELECT a FROM whole) * 100`, 2)))
	sameLines(t, "balance plots", leaves.cells("body", "land_use", "plots"), lines(t, conn, `SELECT land_use || ' | ' || count(*) FROM `+plots+` GROUP BY land_use`))
	sameLines(t, "balance total", table.cells("total", "plots", "area_m2", "area_ha", "area_mu", "share_pct"),
		lines(t, conn, `SELECT concat_ws(' | ', count(*), round(sum(`+m2+`), 2), round(sum(`+m2+`) / 10000, 4), round(sum(`+m2+`) * 3 / 2000, 2), '100.00') FROM `+plots))
}

func comparePlots(t *testing.T, conn *pgx.Conn, flags []string, plots string) {
	table := reported(t, append([]string{"plots"}, flags...)...)
	sameLines(t, "plots", table.cells("body", "plot_no", "name", "land_use", "area_m2", "far", "gfa_max_m2", "density_max", "supplied_on", "holder"), lines(t, conn, `
		SELECT concat_ws(' | ', plot_no, coalesce(nullif(name, ''), '-'), array_to_string(land_use || land_use_others, '/'), round(`+m2+`, 2),
			coalesce(CASE WHEN far_min IS NOT NULL AND far_max IS NOT NULL THEN round(far_min::numeric, 2) || '~' || round(far_max::numeric, 2)
				WHEN far_max IS NOT NULL THEN '≤' || round(far_max::numeric, 2) WHEN far_min IS NOT NULL THEN '≥' || round(far_min::numeric, 2) END, '-'),
			coalesce(round(coalesce(gfa_max_m2::numeric, round(`+m2+`, 2) * far_max::numeric))::text, '-'),
			coalesce('≤' || round(density_max_pct::numeric, 1), '-'), coalesce(supplied_on::text, '-'), coalesce(nullif(holder, ''), '-'))
		FROM `+plots))
	base := `SELECT park AS grp, plot_no AS key, plot_id AS place, ` + m2 + ` AS a FROM ` + plots
	for _, u := range units[1:] {
		sameLines(t, "plots "+u.key, table.cells("body", "plot_no", u.key), lines(t, conn, adjusted(base, u.sql, u.decimals)))
	}
	sameLines(t, "plots total", table.cells("total", "name", "area_m2", "area_ha", "area_mu"),
		lines(t, conn, `SELECT concat_ws(' | ', count(*) || ' 块', sum(round(`+m2+`, 2)), round(sum(`+m2+`) / 10000, 4), round(sum(`+m2+`) * 3 / 2000, 2)) FROM `+plots))
}

func compareSupply(t *testing.T, conn *pgx.Conn, flags []string, plots string) {
	plots += ` AND supplied_on IS NOT NULL`
	if lines(t, conn, `SELECT count(*)::text FROM `+plots)[0] == "0" {
		return
	}
	table := reported(t, append([]string{"supply"}, flags...)...)
	key := `concat_ws(' | ', (SELECT name_zh FROM parks WHERE code = park), date_part('year', supplied_on), supply_mode, land_use)`
	base := `SELECT park AS grp, ` + key + ` AS key, min(` + key + `) AS place, sum(` + m2 + `) AS a FROM ` + plots + ` GROUP BY 1, 2`
	for _, u := range units {
		sameLines(t, "supply "+u.key, table.cells("body", "park", "year", "supply_mode", "land_use", u.key), lines(t, conn, adjusted(base, u.sql, u.decimals)))
	}
	sameLines(t, "supply total", table.cells("total", "plots", "area_m2", "area_mu"), lines(t, conn, `SELECT concat_ws(' | ', count(*), round(sum(`+m2+`), 2), round(sum(`+m2+`) * 3 / 2000, 2)) FROM `+plots))
	one := reported(t, append([]string{"supply", "--year", "2017"}, flags...)...)
	sameLines(t, "supply of a year", one.cells("total", "plots", "area_m2"), lines(t, conn, `SELECT concat_ws(' | ', count(*), round(coalesce(sum(`+m2+`), 0), 2)) FROM `+plots+` AND date_part('year', supplied_on) = 2017`))
}

func compareOverview(t *testing.T, conn *pgx.Conn, flags []string, plots string) {
	table := reported(t, append([]string{"overview"}, flags...)...)
	base := `SELECT park AS grp, (SELECT name_zh FROM parks WHERE code = park) || ' | ' || status AS key, CASE status WHEN 'planned' THEN 1 WHEN 'reserved' THEN 2 WHEN 'available' THEN 3 WHEN 'committed' THEN 4
		WHEN 'supplied' THEN 5 WHEN 'under_construction' THEN 6 WHEN 'completed' THEN 7 WHEN 'verified' THEN 8 ELSE 9 END AS place, sum(` + m2 + `) AS a FROM ` + plots + ` GROUP BY park, status`
	var got []string
	for _, row := range table.Rows {
		for _, s := range land.Statuses() {
			if v := text(row[string(s.Status)+"_mu"]); row["kind"] == "body" && v != "0.00" {
				got = append(got, fmt.Sprintf("%s | %s | %s", row["park"], s.Status, v))
			} else if s.Status == land.Available || s.Status == land.Committed {
				continue
			}
		}
	}
	sameLines(t, "overview by status", got, lines(t, conn, adjusted(base, "* 3 / 2000", 2)))
	sameLines(t, "overview total", table.cells("total", "plots", "plots_mu"), lines(t, conn, `SELECT concat_ws(' | ', count(*), round(sum(`+m2+`) * 3 / 2000, 2)) FROM `+plots))
	sameLines(t, "overview plan", table.cells("body", "park", "plan_mu", "boundary_m2", "plan_investment", "plan_output"), lines(t, conn, `
		SELECT concat_ws(' | ', name_zh, coalesce(round(land_mu, 2)::text, '-'), round(area_m2::numeric, 2), coalesce(round(investment_100m, 2)::text, '-'), coalesce(round(output_100m, 2)::text, '-'))
		FROM parks LEFT JOIN plan_parks ON park = code WHERE code IN (SELECT park FROM `+plots+`) OR code = 'none' AND `+fmt.Sprint(len(flags) == 0 || slices.Contains(flags, "none"))))
}

func compareBoundary(t *testing.T, conn *pgx.Conn, park string) {
	table := reported(t, "boundary", "--park", park)
	sameLines(t, "boundary heads", table.cells("subtotal", "plot_no", "area_m2", "area_mu"), lines(t, conn, `
		SELECT concat_ws(' | ', plot_no, round(ST_Area(in_plane(geom, plane_srid))::numeric, 2), round(ST_Area(in_plane(geom, plane_srid))::numeric * 3 / 2000, 2)) FROM current_plots WHERE park = $1`, park))
	points := `(SELECT plot_no, (d).path AS path, (d).geom AS p FROM (SELECT plot_no, ST_DumpPoints(in_plane(geom, plane_srid)) AS d FROM current_plots WHERE park = $1) q)`
	sameLines(t, "boundary points", slices.Compact(slices.Sorted(slices.Values(table.cells("body", "plot_no", "x_m", "y_m")))), lines(t, conn, `
		SELECT DISTINCT concat_ws(' | ', plot_no, round(ST_Y(p)::numeric, 3), round(ST_X(p)::numeric, 3)) FROM `+points+` q`, park))
	edges := slices.DeleteFunc(table.cells("body", "plot_no", "edge_m"), func(line string) bool { return strings.HasSuffix(line, "-") })
	sameLines(t, "boundary edges", edges, lines(t, conn, `
		SELECT concat_ws(' | ', plot_no, round(ST_Distance(p, next)::numeric, 2)) FROM (
			SELECT plot_no, p, lead(p) OVER (PARTITION BY plot_no, path[1:2] ORDER BY path[3]) AS next FROM `+points+` q) e WHERE next IS NOT NULL`, park))
}

func compareLineage(t *testing.T, conn *pgx.Conn) {
	table := reported(t, "lineage")
	last := `(SELECT plot_no FROM plots WHERE id = %s)`
	want := lines(t, conn, `SELECT concat_ws(' | ', CASE c.kind WHEN 'split' THEN '分割' ELSE '合并' END, `+fmt.Sprintf(last, "parent")+`, `+fmt.Sprintf(last, "child")+`,
		(SELECT valid_from FROM plot_versions WHERE plot_id = child AND version = 1), c.reason, coalesce(c.case_no, '-')) FROM lineage JOIN changes c USING (seq)`)
	want = append(want, lines(t, conn, `SELECT concat_ws(' | ', '重新编号', a.plot_no, b.plot_no, b.valid_from, '重新编号', '-') FROM plot_versions a JOIN plot_versions b ON b.plot_id = a.plot_id AND b.version = a.version + 1 WHERE b.plot_no = 'PY-77'`)...)
	want = append(want, lines(t, conn, `SELECT concat_ws(' | ', '注销', plot_no, '-', valid_from, '注销', '-') FROM plot_versions WHERE park = 'none' AND retired`)...)
	sameLines(t, "lineage", table.cells("body", "change_kind", "from_plot_no", "to_plot_no", "day", "reason", "case_no"), want)
	sameLines(t, "lineage areas", table.cells("body", "from_plot_no", "from_area_m2", "to_plot_no", "to_area_m2")[:4], lines(t, conn, `
		SELECT concat_ws(' | ', p.plot_no, round(p.area_m2::numeric, 2), c.plot_no, round(c.area_m2::numeric, 2)) FROM lineage
		JOIN plot_versions p ON p.plot_id = parent AND p.version = (SELECT min(version) FROM plot_versions WHERE plot_id = parent) JOIN plot_versions c ON c.plot_id = child AND c.version = 1`))
	child := lines(t, conn, `SELECT max(child)::text FROM lineage`)[0]
	if got := reported(t, "lineage", "--plot", child).cells("body", "change_kind"); !slices.Equal(got, []string{"分割", "分割", "合并", "合并"}) {
		t.Errorf("the family of what was merged again is %v", got)
	}
	if got := reported(t, "lineage", "--year", "2020", "--park", "nansha").cells("body", "day"); !slices.Equal(got, []string{"2020-11-02", "2020-11-02"}) {
		t.Errorf("in 2020 there was %v", got)
	}
	if got := reported(t, "lineage", "--at", "2020-12-31", "--filter", "plot_no LIKE 'NS%'").cells("body", "day"); !slices.Equal(got, []string{"2020-11-02", "2020-11-02"}) {
		t.Errorf("by the end of 2020 there was %v", got)
	}
}

func compareQuota(t *testing.T, conn *pgx.Conn) {
	table := reported(t, "quota")
	sameLines(t, "quota", table.cells("body", "park", "year", "document_no", "granted_ha", "adjusted_ha", "carried_ha", "allocated_ha", "allocated_mu", "use_rate_pct", "used_farmland_ha"), lines(t, conn, `
		WITH p AS (SELECT *, amount / 1e6 / 15 AS ha FROM quota_postings),
		s AS (SELECT park, year, kind,
			coalesce(sum(ha) FILTER (WHERE pot = 'available' AND counts_as = 'grant'), 0) AS granted,
			coalesce(sum(ha) FILTER (WHERE pot = 'available' AND counts_as IN ('supplement', 'withdraw', 'transfer')), 0) AS adjusted,
			coalesce(sum(ha) FILTER (WHERE pot = 'available' AND counts_as = 'carry_over'), 0) AS carried,
			coalesce(sum(ha) FILTER (WHERE pot <> 'outside'), 0) AS allocated,
			coalesce(sum(ha) FILTER (WHERE pot = 'used'), 0) AS used,
			coalesce(sum(farmland / 1e6 / 15) FILTER (WHERE pot = 'used'), 0) AS farmland
			FROM p GROUP BY park, year, kind)
		SELECT concat_ws(' | ', (SELECT name_zh FROM parks WHERE code = park), year,
			coalesce((SELECT string_agg(document_no, '；' ORDER BY document_no) FROM quota_entries e WHERE e.park = s.park AND e.year = s.year AND e.kind = s.kind AND entry IN ('grant', 'supplement')), '-'),
			round(granted, 4), round(adjusted, 4), round(carried, 4), round(allocated, 4), round(allocated * 15, 2), round(used / allocated * 100, 2),
			CASE WHEN kind = 'stock' THEN '-' ELSE round(farmland, 4)::text END) FROM s`))
	sameLines(t, "quota by case", reported(t, "quota-use").cells("body", "park", "year", "case_no", "plot_nos", "document_no", "used_ha", "used_cultivated_ha", "reserved_mu"), lines(t, conn, `
		SELECT concat_ws(' | ', (SELECT name_zh FROM parks WHERE code = 'nansha'), 2018, 'A-10',
			(SELECT string_agg(DISTINCT plot_no, '、') FROM plot_versions v JOIN changes c USING (act) WHERE c.case_no = 'A-10' AND NOT v.retired),
			'粤国土资〔2018〕1号', round(max(amount) FILTER (WHERE pot = 'used') / 1e6 / 15, 4), round(max(cultivated) FILTER (WHERE pot = 'used') / 1e6 / 15, 4), round(max(amount) FILTER (WHERE pot = 'reserved') / 1e6, 2))
		FROM quota_pots WHERE case_no = 'A-10'`))
	for _, row := range table.Rows {
		sum := func(keys ...string) float64 {
			var s float64
			for _, k := range keys {
				v, _ := row[k].(json.Number).Float64()
				s += v
			}
			return geo.Round(s, 4)
		}
		if row["kind"] == "body" && (sum("granted_ha", "adjusted_ha", "carried_ha") != sum("allocated_ha") || sum("used_ha", "reserved_ha", "available_ha") != sum("allocated_ha") || sum("used_mu", "reserved_mu", "available_mu") != sum("allocated_mu")) {
			t.Errorf("the row does not add up: %v", row)
		}
	}
}

// TestBalanceTellsWhatChanged compares a day with another, in both classifications.
func TestBalanceTellsWhatChanged(t *testing.T) {
	conn := connected(t, history(t))
	table := reported(t, "balance", "--park", "nansha", "--park", "panyu", "--at", "2020-06-30", "--against", "2018-06-30")
	total := `SELECT concat_ws(' | ', (SELECT count(*) FROM plots_at('2018-06-30', 'infinity') WHERE park IN ('nansha', 'panyu')),
		(SELECT round(sum(` + m2 + `), 2) FROM plots_at('2018-06-30', 'infinity') WHERE park IN ('nansha', 'panyu')),
		(SELECT round(sum(` + m2 + `), 2) FROM plots_at('2020-06-30', 'infinity') WHERE park IN ('nansha', 'panyu')) - (SELECT round(sum(` + m2 + `), 2) FROM plots_at('2018-06-30', 'infinity') WHERE park IN ('nansha', 'panyu')))`
	sameLines(t, "change", table.cells("total", "then_plots", "then_area_m2", "change_area_m2"), lines(t, conn, total))
	for _, row := range table.Rows {
		for _, key := range []string{"plots", "area_m2", "area_mu"} {
			now, _ := row[key].(json.Number).Float64()
			then, _ := row["then_"+key].(json.Number).Float64()
			change, _ := row["change_"+key].(json.Number).Float64()
			if geo.Round(now-then, 2) != change {
				t.Errorf("%s of %v changed by %v", key, row["land_use"], row["change_"+key])
			}
		}
	}
	crossed := reported(t, "balance", "--scheme", "MNR-2023")
	codes := printedTable{}
	for _, row := range crossed.Rows {
		if row["kind"] == "body" {
			codes.Rows = append(codes.Rows, row)
		}
	}
	sameLines(t, "2023 codes", codes.cells("body", "land_use", "plots"), lines(t, conn, `
		SELECT code || ' | ' || count(*) FROM (
			SELECT coalesce(land_use_2023, (SELECT min(code_2023) FROM land_use_crossings c WHERE c.code = land_use HAVING count(*) = 1), land_use) AS code FROM current_plots) q GROUP BY code`))
}

func TestReportsAreRefusedWithTheChoices(t *testing.T) {
	t.Setenv("DATABASE_URL", postgistest.URL(t))
	dikuai(t, "seed")
	for _, c := range []struct{ want, args string }{
		{"overview, balance, plots, boundary, lineage, supply, quota, quota-use, compliance", "secrets"},
		{"xlsx, csv, json", "plots --format doc"},
		{"known are at, known_at, park, plot, filter, measure", "plots --year 2018"},
		{"1950 to", "supply --year 1066"},
		{"2016 to 2100", "quota --year 2015"},
		{"GB50137-2011 or MNR-2023", "balance --scheme GB2020"},
		{"from 2016-01-01 to today", "balance --at 2010-01-01"},
		{"from 2016-01-01 to today", "balance --against 2010-01-01"},
		{"earlier", "balance --against 2999-01-01"},
		{"area_m2", "plots --filter area_m>2"},
		{"no plot 99999", "boundary --plot 99999"},
		{"no park none", "balance --park none"},
		{"plane", "boundary --crs EPSG:4490"},
		{"plot=41,42", "compliance"},
		{"out of range", "plots --filter far_max*1e300*1e300>1"},
	} {
		if err := refused(t, append([]string{"report"}, strings.Fields(c.args)...)...); !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.args, err, c.want)
		}
	}
}
