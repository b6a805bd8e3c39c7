package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// Past reads how the register as it held at a moment differs from what holds now,
// in one snapshot. It costs time in proportion to the plots that were ever
// edited. A day to come is refused.
func (db *DB) Past(ctx context.Context, m land.Moment) (land.Past, error) {
	var past land.Past
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if past.Register, err = db.beside(ctx, tx, m, nil); err != nil {
			return err
		}
		if past.Held, _, err = db.last(ctx, tx, time.Time{}); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT `+plotColumns+` FROM (
				SELECT DISTINCT ON (v.plot_id) v.*, v.version = p.version AS holds
				FROM plots p
				JOIN plot_versions v ON v.plot_id = p.id
				WHERE p.version > 1 AND v.valid_from <= $1 AND v.recorded_at <= $2
				ORDER BY v.plot_id, v.version DESC
			) earlier
			WHERE NOT retired AND NOT holds
			ORDER BY plot_id`, past.At.Time(), orInfinity(m.Known))
		if err != nil {
			return err
		}
		past.Earlier, err = pgx.CollectRows(rows, scanPlot)
		return err
	})
	return past, err
}
