package postgis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
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
	var before []byte
	err := a.tx.QueryRow(ctx, `SELECT seq, hash FROM changes ORDER BY seq DESC LIMIT 1`).Scan(&c.Seq, &before)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	c.Seq++
	slices.SortFunc(a.written, func(v, w written) int { return cmp.Compare(v.id, w.id) })
	digests := make([][]byte, len(a.written))
	c.Plots = make([]land.ChangedPlot, len(a.written))
	for i := range a.written {
		w := &a.written[i]
		digests[i], c.Plots[i] = w.digest[:], land.ChangedPlot{ID: w.id, Version: w.version}
	}
	slices.SortFunc(c.Lineage, func(a, b land.Descent) int {
		return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.Child, b.Child))
	})
	if err := a.keepBound(ctx, *c); err != nil {
		return err
	}
	c.Quota, c.Case, c.OfCase = a.entries, a.events, len(a.events) > 0
	c.Hash = changeHash(before, *c, digests)
	_, err = a.tx.Exec(ctx, `
		INSERT INTO changes (seq, kind, park, actor, reason, case_no, import, recorded_at, hash, control, control_version, act)
		VALUES ($1, $2, nullif($3, ''), $4, $5, nullif($6, ''), nullif($7, 0), $8, $9, nullif($10, ''), nullif($11, 0), $12)`,
		c.Seq, c.Kind, c.Park, c.Actor, c.Reason, c.CaseNo, c.Import, c.RecordedAt, c.Hash, c.Control.Layer, c.Control.Version, a.number)
	if err != nil {
		return fmt.Errorf("record the change: %w", err)
	}
	_, err = a.tx.CopyFrom(ctx, pgx.Identifier{"lineage"}, []string{"parent", "child", "seq"},
		pgx.CopyFromSlice(len(c.Lineage), func(i int) ([]any, error) {
			return []any{int64(c.Lineage[i].Parent), int64(c.Lineage[i].Child), int64(c.Seq)}, nil
		}))
	if err != nil {
		return fmt.Errorf("record the lineage: %w", err)
	}
	_, err = a.tx.Exec(ctx, `SELECT pg_notify($1, $2)`, changeChannel, strconv.FormatInt(int64(c.Seq), 10))
	return err
}

const selectChanges = `
	SELECT seq, kind, coalesce(c.park, ''), actor, reason, coalesce(case_no, ''), coalesce(import, 0), c.recorded_at, hash,
		coalesce(control, ''), coalesce(control_version, 0),
		coalesce((SELECT encode(digest, 'hex') FROM control_versions v WHERE v.layer = control AND v.version = control_version), ''),
		(SELECT coalesce(array_agg(q.id ORDER BY q.id), '{}') FROM quota_entries q WHERE q.act = c.act),
		(SELECT coalesce(array_agg(encode(q.digest, 'hex') ORDER BY q.id), '{}') FROM quota_entries q WHERE q.act = c.act),
		(SELECT coalesce(array_agg(e.id ORDER BY e.id), '{}') FROM case_events e WHERE e.act = c.act),
		(SELECT coalesce(array_agg(encode(e.digest, 'hex') ORDER BY e.id), '{}') FROM case_events e WHERE e.act = c.act),
		EXISTS (SELECT FROM cases WHERE no = c.case_no),
		(SELECT coalesce(array_agg(plot_id ORDER BY plot_id), '{}') FROM plot_versions v WHERE v.act = c.act),
		(SELECT coalesce(array_agg(version ORDER BY plot_id), '{}') FROM plot_versions v WHERE v.act = c.act)
	FROM changes c`

func scanChange(row pgx.CollectableRow) (land.Change, error) {
	var c land.Change
	var ids, versions, entries, events []int64
	var ofEntries, ofEvents []string
	if err := row.Scan(&c.Seq, &c.Kind, &c.Park, &c.Actor, &c.Reason, &c.CaseNo, &c.Import, &c.RecordedAt, &c.Hash, &c.Control.Layer, &c.Control.Version, &c.Control.Digest, &entries, &ofEntries, &events, &ofEvents, &c.OfCase, &ids, &versions); err != nil {
		return c, err
	}
	for i, id := range entries {
		c.Quota = append(c.Quota, land.ChangedQuota{Entry: land.EntryID(id), Digest: ofEntries[i]})
	}
	for i, id := range events {
		c.Case = append(c.Case, land.ChangedCase{Event: id, Digest: ofEvents[i]})
	}
	for i, id := range ids {
		c.Plots = append(c.Plots, land.ChangedPlot{ID: land.PlotID(id), Version: int(versions[i])})
	}
	return c, nil
}

// KnownAt is a moment at which all changes up to one were known and none after it,
// as which Load reads the register that had this last. There may be none: acts
// are dated by their beginning and numbered by their end, so that of two at once
// the later may be dated earlier. That is a *land.ConflictError.
func (db *DB) KnownAt(ctx context.Context, seq land.Seq) (time.Time, error) {
	var until, after *time.Time
	var last land.Seq
	err := db.pool.QueryRow(ctx, `
		SELECT max(recorded_at) FILTER (WHERE seq <= $1), min(recorded_at) FILTER (WHERE seq > $1), coalesce(max(seq), 0) FROM changes`,
		seq).Scan(&until, &after, &last)
	switch {
	case err != nil:
		return time.Time{}, explain(err)
	case seq > last:
		return time.Time{}, &land.NotFoundError{What: "change", Name: strconv.FormatInt(int64(seq), 10)}
	case until == nil && after == nil:
		return db.now(), nil
	case until == nil:
		return after.Add(-time.Microsecond), nil
	case after != nil && !after.After(*until):
		return time.Time{}, land.Conflict(
			geo.Say("变更 %d 提交时另有变更正在进行，其时的台账无法按时刻还原", "other changes were under way when change %d was made: the register of then cannot be told by a moment", seq),
			geo.Say("请重新输出报表", "make the table anew"))
	}
	return *until, nil
}

// Changes lists the changes after a number, oldest first, at most limit.
func (db *DB) Changes(ctx context.Context, since land.Seq, limit int) ([]land.Change, error) {
	rows, err := db.pool.Query(ctx, selectChanges+` WHERE seq > $1 ORDER BY seq LIMIT $2`, since, limit)
	if err != nil {
		return nil, explain(err)
	}
	changes, err := pgx.CollectRows(rows, scanChange)
	return changes, explain(err)
}
