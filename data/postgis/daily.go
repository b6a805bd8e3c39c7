package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// DailyDigest tells what happened in the parks the day before a day, and how they stand
// on it; as for Supervision.
func (db *DB) DailyDigest(ctx context.Context, actor land.Actor, parks []land.ParkCode, day land.Date, w land.Watch) (land.DailyDigest, error) {
	s, err := db.Supervision(ctx, actor, parks, day, w)
	d := land.DailyDigest{Supervision: s, MovedOn: s.At.AddDays(-1)}
	if err != nil {
		return d, err
	}
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		codes := make([]land.ParkCode, len(s.Progress))
		for i, p := range s.Progress {
			codes[i] = p.Park.Code
		}
		from, until := beginningOf(d.MovedOn), beginningOf(s.At)
		if d.Acts, err = readCaseMoves(ctx, tx, codes, from, until); err != nil {
			return err
		}
		d.Moves, err = readPlotMoves(ctx, tx, codes, from, until)
		return err
	})
	d.Acts, d.ActsLeft = first(d.Acts, land.MostMoves)
	d.Moves, d.MovesLeft = first(d.Moves, land.MostMoves)
	return d, err
}

// beginningOf is midnight in China.
func beginningOf(d land.Date) time.Time {
	y, m, day := d.Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, land.ChinaStandardTime)
}

// first is the first n of a list, and how many are left.
func first[T any](list []T, n int) ([]T, int) {
	n = min(n, len(list))
	return list[:n], len(list) - n
}

func readCaseMoves(ctx context.Context, tx pgx.Tx, parks []land.ParkCode, from, until time.Time) ([]land.CaseMove, error) {
	rows, err := tx.Query(ctx, `
		SELECT e.at, e.case_no, c.kind, c.park, c.title, e.name, e.from_state, e.to_state, e.actor
		FROM case_events e JOIN cases c ON c.no = e.case_no
		WHERE e.at >= $2 AND e.at < $3 AND c.park = ANY ($1)
		ORDER BY e.at, e.case_no, e.step`, parks, from, until)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[land.CaseMove])
}

func readPlotMoves(ctx context.Context, tx pgx.Tx, parks []land.ParkCode, from, until time.Time) ([]land.PlotMove, error) {
	rows, err := tx.Query(ctx, `
		SELECT c.recorded_at, v.plot_id, v.plot_no, v.park, w.status, v.status
		FROM changes c
		JOIN plot_versions v ON v.act = c.act
		JOIN plot_versions w ON w.plot_id = v.plot_id AND w.version = v.version - 1
		WHERE c.recorded_at >= $2 AND c.recorded_at < $3 AND v.park = ANY ($1) AND v.status <> w.status AND NOT v.retired
		ORDER BY c.seq, v.plot_id`, parks, from, until)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[land.PlotMove])
}
