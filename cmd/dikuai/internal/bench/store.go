package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/cluster"
	"github.com/dikuai/dikuai/geo"
)

// store is the city in PostGIS as its best user would keep it for tiles: in
// EPSG:3857 already, in the order of the spatial index, on a server that is told
// to spend memory and not to spread one tile over several processes.
type store struct {
	cluster *cluster.Cluster
	url     string // of the database with the table
	server  int    // the process whose children answer
	version string
	table   string // how long the table took, or that it was there
}

// openStore starts a cluster in home and fills the city's table, unless an
// earlier run left it there.
// The plots' area tells whether it is of the same city.
func openStore(ctx context.Context, home string, o city.Options, centiMu int64, tell func(string)) (_ *store, err error) {
	shared := min(memory("MemTotal:")/4, 4<<30)
	s := &store{}
	s.cluster, err = cluster.Start(ctx, filepath.Join(home, "postgres"),
		fmt.Sprintf("shared_buffers=%dMB", max(shared>>20, 128)), fmt.Sprintf("effective_cache_size=%dMB", max(2*shared>>20, 256)),
		"max_parallel_workers_per_gather=0", "jit=off", "random_page_cost=1.1", "work_mem=64MB", "maintenance_work_mem=512MB",
		"wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h", "synchronous_commit=off", "autovacuum=off", "max_connections=50")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	name := fmt.Sprintf("bench_%d_%d", o.Plots, o.Seed)
	mark := fmt.Sprintf("whole: table %d of %d plots, seed %d, %d mu/100", tableVersion, o.Plots, o.Seed, centiMu)
	s.url = s.cluster.URL(name)
	began := time.Now()
	filled, err := s.once(ctx, name, mark, func() error {
		tell("filling the table")
		return fill(ctx, s.url, o)
	})
	if err != nil {
		return nil, fmt.Errorf("fill the table: %w", err)
	}
	s.table = "the table was there from an earlier run"
	if filled {
		s.table = fmt.Sprintf("the table was filled, indexed, put in order and analysed in %.1f s", time.Since(began).Seconds())
	}
	return s, s.describe(ctx)
}

// tableVersion changes when a table of an earlier run would not do any more.
const tableVersion = 1

// close lets go of the server; the table stays.
func (s *store) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.cluster.Stop(ctx)
}

// once makes a database and lets fill fill it, unless its comment says that it is
// whole.
func (s *store) once(ctx context.Context, name, mark string, fill func() error) (filled bool, err error) {
	admin, err := pgx.Connect(ctx, s.cluster.URL("postgres"))
	if err != nil {
		return false, err
	}
	defer admin.Close(ctx)
	var is string
	err = admin.QueryRow(ctx, `SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = $1`, name).Scan(&is)
	if err == nil && is == mark {
		return false, nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return false, err
	}
	if err := recreate(ctx, admin, name); err != nil {
		return false, err
	}
	if err := fill(); err != nil {
		return false, err
	}
	_, err = admin.Exec(ctx, `COMMENT ON DATABASE `+name+` IS '`+mark+`'`)
	return true, err
}

func recreate(ctx context.Context, admin *pgx.Conn, name string) error {
	if _, err := admin.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
		return err
	}
	_, err := admin.Exec(ctx, `CREATE DATABASE `+name)
	return err
}

// passing makes an empty database that is dropped at the end.
func (s *store) passing(ctx context.Context) (url string, drop func() error, err error) {
	name := fmt.Sprintf("bench_passing_%d", os.Getpid())
	admin, err := pgx.Connect(ctx, s.cluster.URL("postgres"))
	if err != nil {
		return "", nil, err
	}
	drop = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err := admin.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
		return errors.Join(err, admin.Close(ctx))
	}
	if err := recreate(ctx, admin, name); err != nil {
		return "", nil, errors.Join(err, drop())
	}
	return s.cluster.URL(name), drop, nil
}

// describe warms the table, and tells what server it is on.
func (s *store) describe(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var pages int64
	if err := conn.QueryRow(ctx, `SELECT pg_prewarm('plots') + pg_prewarm('plots_geom')`).Scan(&pages); err != nil {
		return err
	}
	return s.tell(ctx, conn)
}

// tell tells what server a database is on.
func (s *store) tell(ctx context.Context, conn *pgx.Conn) error {
	var pg, postgis string
	if err := conn.QueryRow(ctx, `SELECT current_setting('server_version'), postgis_lib_version()`).Scan(&pg, &postgis); err != nil {
		return err
	}
	parent, _, _ := processStat(fmt.Sprintf("/proc/%d/stat", conn.PgConn().PID()))
	s.server = parent
	s.version = "PostgreSQL " + strings.Fields(pg)[0] + ", PostGIS " + postgis
	return nil
}

// The geometry is kept uncompressed: large ones would otherwise be unpacked for
// every tile.
const createTable = `
	CREATE EXTENSION postgis;
	CREATE EXTENSION pg_prewarm;
	CREATE TABLE plots (
		id bigint NOT NULL, park text NOT NULL, plot_no text NOT NULL, land_use text NOT NULL, status text NOT NULL,
		area_mu double precision NOT NULL, far_max double precision, geom geometry(Geometry, 3857) NOT NULL
	);
	ALTER TABLE plots ALTER geom SET STORAGE EXTERNAL`

const finishTable = `
	CREATE INDEX plots_geom ON plots USING gist (geom);
	CLUSTER plots USING plots_geom;
	ALTER TABLE plots ADD PRIMARY KEY (id)`

func fill(ctx context.Context, url string, o city.Options) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	// What is copied in the transaction that makes the table need not be logged.
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, createTable); err != nil {
			return err
		}
		if err := registerGeometry(ctx, conn); err != nil {
			return err
		}
		if err := copyPlots(ctx, tx, o); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, finishTable)
		return err
	})
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `VACUUM (FREEZE, ANALYZE) plots`)
	return err
}

// registerGeometry lets geometry pass as the bytes of its extended well-known
// binary, which is what the server takes and gives.
func registerGeometry(ctx context.Context, conn *pgx.Conn) error {
	var oid uint32
	if err := conn.QueryRow(ctx, `SELECT 'geometry'::regtype::oid`).Scan(&oid); err != nil {
		return err
	}
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "geometry", OID: oid, Codec: pgtype.ByteaCodec{}})
	return nil
}

func copyPlots(ctx context.Context, tx pgx.Tx, o city.Options) error {
	toMercator, err := geo.NewTransformer(geo.CGCS2000, geo.WebMercator)
	if err != nil {
		return err
	}
	type row struct {
		values []any
		err    error
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows := make(chan row, 1024) // the city is made on one core while the server stores on another
	go func() {
		defer close(rows)
		for p, err := range plots(ctx, o, nil) {
			r := row{err: err}
			if err == nil {
				r.values, r.err = storedRow(p, toMercator)
			}
			select {
			case rows <- r:
			case <-ctx.Done():
				return
			}
		}
	}()
	columns := []string{"id", "park", "plot_no", "land_use", "status", "area_mu", "far_max", "geom"}
	n, err := tx.CopyFrom(ctx, pgx.Identifier{"plots"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		r := <-rows // at the end nil, which is an end here too
		return r.values, r.err
	}))
	if err == nil && n != int64(o.Plots) {
		err = fmt.Errorf("%d of %d plots were stored", n, o.Plots)
	}
	return err
}

func storedRow(p *land.Plot, toMercator func(geo.Point) geo.Point) ([]any, error) {
	mercator := geo.MapPoints(p.Boundary, toMercator)
	var g orb.Geometry = mercator
	if len(mercator) == 1 {
		g = mercator[0]
	}
	body, err := ewkb.Marshal(g, int(geo.WebMercator))
	if err != nil {
		return nil, err
	}
	return []any{int64(p.ID), string(p.Park), p.PlotNo, p.UseText(), string(p.Status), geo.Round(float64(p.Area.Mu()), geo.MuDecimals), p.FARMax, body}, nil
}
