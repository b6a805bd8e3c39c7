package postgis

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// changeLock is held from the recording of a change to the commit. Without it
// change 2 could become visible before change 1, and a follower that asks for
// what comes after 2 would never see 1.
const changeLock = 0x64696b75 // "diku"

// changeChannel is notified with the number of every committed change.
const changeChannel = "dikuai_change"

// record numbers the change and writes it as the last thing of its transaction.
func (a *act) record(ctx context.Context, c *land.Change) error {
	c.Actor, c.RecordedAt = a.actor.Name, a.now
	if _, err := a.tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, changeLock); err != nil {
		return err
	}
	err := a.tx.QueryRow(ctx, `
		INSERT INTO changes (seq, kind, park, actor, reason, case_no, import, recorded_at)
		SELECT coalesce(max(seq), 0) + 1, $1, nullif($2, ''), $3, $4, nullif($5, ''), nullif($6, 0), $7 FROM changes
		RETURNING seq`,
		c.Kind, c.Park, c.Actor, c.Reason, c.CaseNo, c.Import, c.RecordedAt).Scan(&c.Seq)
	if err != nil {
		return fmt.Errorf("record the change: %w", err)
	}
	_, err = a.tx.CopyFrom(ctx, pgx.Identifier{"change_plots"}, []string{"seq", "plot_id", "version"},
		pgx.CopyFromSlice(len(c.Plots), func(i int) ([]any, error) {
			return []any{int64(c.Seq), int64(c.Plots[i].ID), int32(c.Plots[i].Version)}, nil
		}))
	if err != nil {
		return fmt.Errorf("record the change: %w", err)
	}
	_, err = a.tx.Exec(ctx, `SELECT pg_notify($1, $2)`, changeChannel, strconv.FormatInt(int64(c.Seq), 10))
	return err
}

// Changes lists the changes after a number, oldest first, at most limit.
func (db *DB) Changes(ctx context.Context, since land.Seq, limit int) ([]land.Change, error) {
	rows, err := db.pool.Query(ctx, `
		SELECT seq, kind, coalesce(park, ''), actor, reason, coalesce(case_no, ''), coalesce(import, 0), recorded_at,
			(SELECT coalesce(array_agg(plot_id ORDER BY plot_id), '{}') FROM change_plots p WHERE p.seq = c.seq),
			(SELECT coalesce(array_agg(version ORDER BY plot_id), '{}') FROM change_plots p WHERE p.seq = c.seq)
		FROM changes c WHERE seq > $1 ORDER BY seq LIMIT $2`, since, limit)
	if err != nil {
		return nil, explain(err)
	}
	changes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.Change, error) {
		var c land.Change
		var ids, versions []int64
		if err := row.Scan(&c.Seq, &c.Kind, &c.Park, &c.Actor, &c.Reason, &c.CaseNo, &c.Import, &c.RecordedAt, &ids, &versions); err != nil {
			return c, err
		}
		for i, id := range ids {
			c.Plots = append(c.Plots, land.ChangedPlot{ID: land.PlotID(id), Version: int(versions[i])})
		}
		return c, nil
	})
	return changes, explain(err)
}
