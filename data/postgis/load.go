package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/dikuai/dikuai/data/land"
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
	register.At = land.DateOf(db.now().In(land.ChinaStandardTime))
	if m.At.After(register.At) || m.Known.After(db.now()) {
		return register, errDayToCome
	}
	if !m.At.IsZero() {
		register.At = m.At
	}
	if register.Seq, register.Proof, err = db.last(ctx, tx, m.Known); err != nil {
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
func (db *DB) Since(ctx context.Context, seq land.Seq) (delta land.Delta, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		delta, err = db.since(ctx, tx, seq)
		return err
	})
	return delta, err
}

// manyChanged is how many plots take about as long to read one by one as a
// million by COPY.
const manyChanged = 100_000

// CatchUp reads what a program needs that kept the plots as they held at a change:
// the register without plots, and how they changed. It is land.ErrNoSuchState
// when the proof is not that change's, and land.ErrManyChanged when Stream is
// quicker.
func (db *DB) CatchUp(ctx context.Context, seq land.Seq, proof string) (register land.Register, delta land.Delta, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var hash []byte
		err := tx.QueryRow(ctx, `SELECT hash FROM changes WHERE seq = $1`, seq).Scan(&hash)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && db.proof(hash) != proof {
			return land.ErrNoSuchState
		}
		if err != nil {
			return err
		}
		var changed int
		err = tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM change_plots WHERE seq > $1 LIMIT $2) AS changed`, seq, manyChanged).Scan(&changed)
		if err == nil && changed == manyChanged {
			err = land.ErrManyChanged
		}
		if err != nil {
			return err
		}
		if register, err = db.beside(ctx, tx, land.Moment{}, nil); err != nil {
			return err
		}
		delta, err = db.since(ctx, tx, seq)
		return err
	})
	return register, delta, err
}

func (db *DB) since(ctx context.Context, tx pgx.Tx, seq land.Seq) (land.Delta, error) {
	delta := land.Delta{At: db.Today()}
	var err error
	if delta.Seq, delta.Proof, err = db.last(ctx, tx, time.Time{}); err != nil || delta.Seq == seq {
		return delta, err
	}
	if delta.Parks, err = readParks(ctx, tx); err != nil {
		return delta, err
	}
	rows, err := tx.Query(ctx, selectPlots+` WHERE plot_id IN (SELECT plot_id FROM change_plots WHERE seq > $1) ORDER BY plot_id`, seq)
	if err != nil {
		return delta, err
	}
	if delta.Plots, err = pgx.CollectRows(rows, scanPlot); err != nil {
		return delta, err
	}
	rows, err = tx.Query(ctx, `SELECT id FROM plots WHERE retired AND id IN (SELECT plot_id FROM change_plots WHERE seq > $1)`, seq)
	if err != nil {
		return delta, err
	}
	if delta.Retired, err = pgx.CollectRows(rows, pgx.RowTo[land.PlotID]); err != nil {
		return delta, err
	}
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM changes WHERE seq > $1 AND control IS NOT NULL)`, seq).Scan(&delta.ControlsChanged)
	if err != nil || !delta.ControlsChanged {
		return delta, err
	}
	delta.Controls, err = readPublishedControls(ctx, tx)
	return delta, err
}

// last is the last change that was known at a moment, and its proof; zero is now.
func (db *DB) last(ctx context.Context, tx pgx.Tx, known time.Time) (seq land.Seq, proof string, err error) {
	var hash []byte
	err = tx.QueryRow(ctx, `SELECT seq, hash FROM changes WHERE recorded_at <= $1 ORDER BY seq DESC LIMIT 1`, orInfinity(known)).Scan(&seq, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return seq, db.proof(hash), err
}

func (db *DB) proof(hash []byte) string { return fmt.Sprintf("%x-%d", hash, db.schema) }
