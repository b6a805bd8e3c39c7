package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// Load reads everything that holds now, in one snapshot. With parks named, only
// theirs.
func (db *DB) Load(ctx context.Context, parks ...land.ParkCode) (land.Register, error) {
	register := land.Register{At: land.DateOf(db.now().In(chinaStandardTime))}
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if register.Seq, err = lastSeq(ctx, tx); err != nil {
			return err
		}
		all, err := readParks(ctx, tx)
		if err != nil {
			return err
		}
		register.Parks, err = choose(all, parks)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectPlots+` WHERE $1::text[] IS NULL OR park = ANY ($1) ORDER BY plot_id`, parks)
		if err != nil {
			return err
		}
		register.Plots, err = pgx.CollectRows(rows, scanPlot)
		return err
	})
	return register, err
}

// choose keeps the named parks in their order, or all when none is named.
func choose(all []land.Park, codes []land.ParkCode) ([]land.Park, error) {
	if len(codes) == 0 {
		return all, nil
	}
	byCode := map[land.ParkCode]land.Park{}
	for _, p := range all {
		byCode[p.Code] = p
	}
	chosen := make([]land.Park, 0, len(codes))
	for _, c := range codes {
		p, ok := byCode[c]
		if !ok {
			return nil, &land.NotFoundError{What: "park", Name: string(c)}
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}

// Since reads what changed after a number, as it holds now. Plots that changed
// several times come once.
func (db *DB) Since(ctx context.Context, seq land.Seq) (land.Delta, error) {
	var delta land.Delta
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if delta.Seq, err = lastSeq(ctx, tx); err != nil || delta.Seq == seq {
			return err
		}
		if delta.Parks, err = readParks(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectPlots+` WHERE plot_id IN (SELECT plot_id FROM change_plots WHERE seq > $1) ORDER BY plot_id`, seq)
		if err != nil {
			return err
		}
		if delta.Plots, err = pgx.CollectRows(rows, scanPlot); err != nil {
			return err
		}
		rows, err = tx.Query(ctx, `SELECT id FROM plots WHERE retired AND id IN (SELECT plot_id FROM change_plots WHERE seq > $1)`, seq)
		if err != nil {
			return err
		}
		delta.Retired, err = pgx.CollectRows(rows, pgx.RowTo[land.PlotID])
		return err
	})
	return delta, err
}

func lastSeq(ctx context.Context, tx pgx.Tx) (land.Seq, error) {
	var seq land.Seq
	err := tx.QueryRow(ctx, `SELECT coalesce(max(seq), 0) FROM changes`).Scan(&seq)
	return seq, err
}
