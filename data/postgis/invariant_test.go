package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// again writes a copy of plot 1's version with some columns changed.
func again(changes ...string) string {
	columns := []string{"plot_id", "version", "park", "plane_srid", "plot_no", "land_use_scheme", "land_use", "status", "valid_from", "recorded_at", "digest", "geom", "area_m2", "area_ellipsoid_m2", "act"}
	values := append([]string{}, columns...)
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		for i := range columns {
			if columns[i] == name {
				values[i] = value
			}
		}
	}
	return `INSERT INTO plot_versions (` + strings.Join(columns, ", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM plot_versions WHERE plot_id = 1 AND version = 1`
}

// TestTheDatabaseKeepsWhatVersionsReferTo writes past the program.
func TestTheDatabaseKeepsWhatVersionsReferTo(t *testing.T) {
	t.Parallel()
	db, url := postgistest.Open(t)
	twoNeighbours(t, db)
	for _, c := range []struct{ sql, constraint string }{
		{again("version=2", "status='gone'"), "plot_status_known"},
		{again("version=2", "land_use='Z9'"), "plot_land_use_known"},
		{again("version=2", "park='nowhere'"), "plot_park_known"},
		{again("version=2", "plane_srid=4526"), "plot_park_known"},
		{again("version=3"), "plot_current_version"},
		{again("plot_id=77", "version=2"), "plot_current_version"},
		{again("plot_id=77"), "plot_number_unique"},
		{again(), "plot_versions_pkey"},
		{again("version=2", "plot_no='B'"), "plot_number_unique"},
		{again("version=2", "geom=ST_Multi(ST_GeomFromText('POLYGON((113 22,114 23,114 22,113 23,113 22))',4490))"), "plot_boundary_valid"},
		{again("version=2", "area_m2=NULL"), ""},
		{again("version=2", "area_ellipsoid_m2=NULL"), ""},
		{`INSERT INTO plots (id, park, plot_no, version) OVERRIDING SYSTEM VALUE VALUES (77, 'test', 'C', 1)`, "append_only"},
		{`UPDATE plots SET version = 1`, "append_only"},
		{`DELETE FROM plots`, "append_only"},
		{`TRUNCATE plots CASCADE`, "append_only"},
		{`DELETE FROM parks`, "append_only"},
		{`UPDATE parks SET plane_srid = 4526`, "append_only"},
		{`DELETE FROM statuses`, "append_only"},
		{`DELETE FROM land_uses`, "append_only"},
	} {
		err := execute(context.Background(), url, c.sql)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.ConstraintName != c.constraint {
			t.Errorf("%s: %v, want a breach of %q", c.sql, err, c.constraint)
		}
	}
	if r := load(t, db); r.Plots[0].Version != 1 || len(r.Plots) != 2 {
		t.Errorf("something was written: %+v", r.Plots)
	}
}

// TestWhatWasWrittenPastTheProgramShows writes what the database cannot refuse.
func TestWhatWasWrittenPastTheProgramShows(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	twoNeighbours(t, db)
	if err := execute(ctx, url, again("version=2", "area_m2=area_m2 + 0.02", "act=nextval('acts')")); err != nil {
		t.Fatal(err)
	}
	if r := load(t, db); r.Plots[0].Version != 2 {
		t.Errorf("the pointer was not turned: %+v", r.Plots[0])
	}
	report, err := db.Check(ctx, func(int) {})
	if err != nil || len(report.Findings) == 0 || report.Findings[0].Field != "area_m2" || report.Findings[0].Severity != land.Block {
		t.Errorf("the area was not found wrong: %v, %v", report.Findings, err)
	}
	faults, _, err := db.CheckLog(ctx, func(int) {})
	if err != nil || len(faults) != 1 || faults[0].Message != "version 2 of plot 1 is of no change" {
		t.Errorf("the version was not missed in the log: %v, %v", faults, err)
	}
}

// TestStoredAreasAreThoseOfPostGIS holds random plots of every kind of size, with
// holes and in several parts, to what PostGIS computes of what is stored.
func TestStoredAreasAreThoseOfPostGIS(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	random := rand.New(rand.NewPCG(3, 4))
	db, url := postgistest.Open(t)
	var drafts []land.Draft
	for i := range 200 {
		reach := math.Exp(math.Log(3) + random.Float64()*math.Log(1500)) // m
		ring := func(scale float64, clockwise bool) geo.Ring {
			var r geo.Ring
			for k := range 12 {
				sin, cos := math.Sincos(float64(k) * math.Pi / 6)
				away := scale * reach * (1 + random.Float64()/2)
				r = append(r, geo.SnapToGrid(geo.Point{400000 + 1e4*float64(i%20) + away*cos, 2500000 + 1e4*float64(i/20) + away*sin}))
			}
			r = append(r, r[0])
			if clockwise {
				r.Reverse()
			}
			return r
		}
		shape := geo.MultiPolygon{{ring(0.6, false)}}
		if i%3 == 0 {
			shape[0] = append(shape[0], ring(0.2, true))
		}
		if i%5 == 0 {
			other := ring(0.6, false)
			for k := range other {
				other[k][1] += math.Round(3 * reach)
			}
			shape = append(shape, geo.Polygon{other})
		}
		drafts = append(drafts, land.Draft{CRS: geo.GK114, Boundary: shape,
			Attributes: land.Attributes{PlotNo: fmt.Sprint("P", i), Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}}})
	}
	if _, err := importDrafts(t, db, land.Import{Park: "test"}, drafts...); err != nil {
		t.Fatal(err)
	}
	off := ask[float64](t, url, `SELECT max(greatest(
		abs(area_m2 - ST_Area(in_plane(geom, plane_srid))) - greatest(1e-6 * area_m2, 0.001),
		abs(area_ellipsoid_m2 - ST_Area(geom::geography)) - greatest(1e-6 * area_m2, 0.001))) FROM plot_versions`)
	if off > 0 {
		t.Errorf("an area is off by %v m² more than a millionth", off)
	}
	report, err := db.Check(ctx, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Code == "4105" {
			t.Errorf("%s", f)
		}
	}
}

// TestACrashLeavesNothing ends the server's process in the middle of a delivery.
func TestACrashLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	twoNeighbours(t, db)
	const plots = 10_000 // several batches
	_, err := db.Import(ctx, officer, land.Import{Park: "other", Kind: land.Imported}, func(emit func(land.Draft) error) (land.Delivery, error) {
		for i := range plots {
			if i == plots-1 { // batches are being written; end the transaction's connection
				if err := execute(ctx, url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state IN ('active', 'idle in transaction') AND pid <> pg_backend_pid()`); err != nil {
					return land.Delivery{}, err
				}
			}
			x, y := i%100*20, i/100*20
			d := draft(t, fmt.Sprint("P", i), fmt.Sprintf("POLYGON((%d %d,%d %d,%d %d,%d %d,%d %d))", x, y, x+20, y, x+20, y+20, x, y+20, x, y))
			d.Row = i + 1
			if err := emit(d); err != nil {
				return land.Delivery{}, err
			}
		}
		return land.Delivery{Format: "test", Plots: plots}, nil
	})
	if err == nil {
		t.Fatal("an import whose connection was ended succeeded")
	}
	if left := ask[int](t, url, `SELECT (SELECT count(*) FROM plots) + (SELECT count(*) FROM plot_versions) + (SELECT count(*) FROM parks) + (SELECT count(*) FROM changes)`); left != 2+2+1+1 {
		t.Errorf("something was left: %d rows", left)
	}
	if r := load(t, db); r.Seq != 1 || len(r.Plots) != 2 {
		t.Errorf("change %d, %d plots", r.Seq, len(r.Plots))
	}
	checkLog(t, db)
}

// ask reads one value past the program.
func ask[T any](t *testing.T, url, sql string) T {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var v T
	if err := conn.QueryRow(ctx, sql).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}
