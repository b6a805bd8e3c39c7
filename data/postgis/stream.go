package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/dikuai/dikuai/data/land"
)

// Stream reads everything that holds at a moment, in one snapshot, and hands the
// plots over as they come instead of holding them: take is called by as many
// goroutines as workers says, each under its own number, and must keep nothing
// of the plot, whose memory is used again. The register comes back without plots.
func (db *DB) Stream(ctx context.Context, m land.Moment, workers int, take func(worker int, p *land.Plot)) (land.Register, error) {
	var register land.Register
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if register, err = db.beside(ctx, tx, m, nil); err != nil {
			return err
		}
		var snapshot string
		var first, last int64
		if err := tx.QueryRow(ctx, `SELECT pg_export_snapshot(), coalesce(min(id), 1), coalesce(max(id), 0) FROM plots`).Scan(&snapshot, &first, &last); err != nil {
			return err
		}
		stretches := make(chan [2]int64)
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error {
			defer close(stretches)
			step := max((last-first)/int64(8*workers)+1, 1000)
			for from := first; from <= last; from += step {
				select {
				case stretches <- [2]int64{from, min(from+step-1, last)}:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
		for worker := range workers {
			group.Go(func() error {
				rows := newPlotRows(func(p *land.Plot) { take(worker, p) })
				return pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
					if _, err := tx.Exec(ctx, "SET TRANSACTION SNAPSHOT '"+snapshot+"'"); err != nil {
						return err
					}
					if _, err := tx.Exec(ctx, "SET LOCAL max_parallel_workers_per_gather = 0"); err != nil { // the stretches are the parallel part
						return err
					}
					for s := range stretches {
						rows.begin()
						if _, err := tx.Conn().PgConn().CopyTo(ctx, rows, copyPlots(m, register.At, s)); err != nil {
							return err
						}
					}
					return nil
				})
			})
		}
		return group.Wait()
	})
	return register, err
}

// streamColumns are the columns of plot_versions, named v, in the order of
// plotRows. Most plots have no other uses, and joining none takes longer than
// looking.
const streamColumns = `v.plot_id, v.version, v.park, v.plot_no, name, land_use_scheme, land_use,
	CASE WHEN land_use_others = '{}' THEN '' ELSE array_to_string(land_use_others, '/') END,
	land_use_2023, status, holder, stated_area_m2, far_min, far_max, density_max_pct, green_min_pct, height_max_m, gfa_max_m2,
	setbacks, supply_mode, supplied_on, valid_from, recorded_at, geom, area_m2, area_ellipsoid_m2`

// copyPlots is the statement that copies the plots whose numbers lie in a
// stretch. COPY takes no parameters; what stands in it are numbers and days. What
// holds now is joined by hand and not by its view, so that both tables are read
// in the order of their keys, and only the stretch.
func copyPlots(m land.Moment, at land.Date, stretch [2]int64) string {
	from := fmt.Sprintf("plots p JOIN plot_versions v ON v.plot_id = p.id AND v.version = p.version AND NOT p.retired AND p.id BETWEEN %d AND %d", stretch[0], stretch[1])
	if !m.IsNow() {
		known := "infinity"
		if !m.Known.IsZero() {
			known = m.Known.UTC().Format(time.RFC3339Nano)
		}
		from = fmt.Sprintf("plots_at('%s', '%s') v", at, known)
	}
	return fmt.Sprintf("COPY (SELECT %s FROM %s WHERE v.plot_id BETWEEN %d AND %d) TO STDOUT (FORMAT binary)", streamColumns, from, stretch[0], stretch[1])
}
