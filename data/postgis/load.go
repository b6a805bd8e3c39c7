package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Load reads everything that holds at a moment, in one snapshot. With parks
// named, only theirs and no controls. A day to come is refused: nothing is known of it.
func (db *DB) Load(ctx context.Context, m land.Moment, parks ...land.ParkCode) (land.Register, error) {
	var register land.Register
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		register, err = db.load(ctx, tx, m, parks)
		return err
	})
	return register, err
}

func (db *DB) load(ctx context.Context, tx pgx.Tx, m land.Moment, parks []land.ParkCode) (land.Register, error) {
	if len(parks) == 0 {
		parks = nil // which the queries read as all
	}
	register, err := db.beside(ctx, tx, m, parks)
	if err != nil {
		return register, err
	}
	register.Plots, err = readPlots(ctx, tx, m, register.At, parks)
	return register, err
}

// beside reads all but the plots.
func (db *DB) beside(ctx context.Context, tx pgx.Tx, m land.Moment, parks []land.ParkCode) (register land.Register, err error) {
	register.At = land.DateOf(db.now().In(chinaStandardTime))
	if m.At.After(register.At) || m.Known.After(db.now()) {
		return register, land.Invalid("at", geo.Say("该日是将来的日期", "that day is to come"), geo.Say("请给出今天或更早的日期", "give today or an earlier one"))
	}
	if !m.At.IsZero() {
		register.At = m.At
	}
	if register.Seq, err = lastSeq(ctx, tx, m.Known); err != nil {
		return register, err
	}
	all, err := readParks(ctx, tx)
	if err != nil {
		return register, err
	}
	if register.Parks, err = choose(all, parks); err != nil || len(parks) > 0 {
		return register, err
	}
	register.Controls, err = readPublishedControls(ctx, tx)
	return register, err
}

func readPlots(ctx context.Context, tx pgx.Tx, m land.Moment, at land.Date, parks []land.ParkCode) ([]land.Plot, error) {
	const those = ` WHERE $1::text[] IS NULL OR park = ANY ($1) ORDER BY plot_id`
	var rows pgx.Rows
	var err error
	if m.IsNow() {
		rows, err = tx.Query(ctx, selectPlots+those, parks)
	} else {
		rows, err = tx.Query(ctx, `SELECT `+plotColumns+` FROM plots_at($2, $3)`+those, parks, at.Time(), orInfinity(m.Known))
	}
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPlot)
}

func orInfinity(t time.Time) pgtype.Timestamptz {
	if t.IsZero() {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: t, Valid: true}
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
	delta := land.Delta{At: db.Today()}
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		if delta.Seq, err = lastSeq(ctx, tx, time.Time{}); err != nil || delta.Seq == seq {
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
		if delta.Retired, err = pgx.CollectRows(rows, pgx.RowTo[land.PlotID]); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM changes WHERE seq > $1 AND control IS NOT NULL)`, seq).Scan(&delta.ControlsChanged)
		if err != nil || !delta.ControlsChanged {
			return err
		}
		delta.Controls, err = readPublishedControls(ctx, tx)
		return err
	})
	return delta, err
}

// lastSeq is the last change that was known at a moment; zero is now.
func lastSeq(ctx context.Context, tx pgx.Tx, known time.Time) (land.Seq, error) {
	var seq land.Seq
	err := tx.QueryRow(ctx, `SELECT coalesce(max(seq), 0) FROM changes WHERE recorded_at <= $1`, orInfinity(known)).Scan(&seq)
	return seq, err
}
