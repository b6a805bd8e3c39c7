package postgis

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// CaseBasis is what a compliance check of the case rests on now; see
// land.CaseCheck. Read it before what is checked.
func (db *DB) CaseBasis(ctx context.Context, actor land.Actor, no land.CaseNo) (basis string, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		c, err := readCase(ctx, tx, actor, no)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectPlots+` WHERE plot_id = ANY ($1) ORDER BY plot_id`, c.Plots)
		if err != nil {
			return err
		}
		plots, err := pgx.CollectRows(rows, scanPlot)
		if err != nil {
			return err
		}
		basis, err = caseBasis(ctx, tx, c, plots)
		return err
	})
	return basis, err
}

// RecordCheck keeps a compliance check with its case: on what basis it was made,
// its verdict, and its result as it was answered. A basis that has changed
// meanwhile is a *land.ConflictError. The case keeps its version.
func (db *DB) RecordCheck(ctx context.Context, actor land.Actor, no land.CaseNo, basis string, verdict land.Outcome, result json.RawMessage, once land.Once) (land.CaseCheck, Acted, error) {
	k := land.CaseCheck{CaseNo: no, Basis: basis, Verdict: verdict, Result: result}
	done, err := db.takeIn(ctx, actor, no, once,
		func(c land.Case, s land.CaseStanding, at time.Time) (land.CaseStep, error) {
			k.Seq = 1
			if s.Check != nil {
				k.Seq = s.Check.Seq + 1
			}
			return c.Keep(k, s, at)
		},
		func(ctx context.Context, a *act, e land.CaseEvent) error {
			_, err := a.tx.Exec(ctx, `INSERT INTO case_checks (id, case_no, seq, basis, verdict, result) VALUES ($1, $2, $3, $4, $5, $6::text::json)`,
				e.ID, no, k.Seq, k.Basis, k.Verdict, string(k.Result))
			return err
		})
	if err != nil {
		return k, done, err
	}
	var kept []land.CaseCheck
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		kept, err = readChecks(ctx, tx, `WHERE k.id = $1`, done.Event.ID)
		return err
	})
	if len(kept) > 0 {
		k = kept[0]
	}
	return k, done, err
}

func readChecks(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]land.CaseCheck, error) {
	rows, err := tx.Query(ctx, `SELECT k.case_no, k.seq, k.basis, k.verdict, k.result::text, e.actor, e.at FROM case_checks k JOIN case_events e USING (id) `+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.CaseCheck, error) {
		var k land.CaseCheck
		var result string
		err := row.Scan(&k.CaseNo, &k.Seq, &k.Basis, &k.Verdict, &result, &k.Actor, &k.At)
		k.Result = json.RawMessage(result)
		return k, err
	})
}

// Checks lists the compliance checks that are kept with a case, oldest first.
func (db *DB) Checks(ctx context.Context, actor land.Actor, no land.CaseNo) ([]land.CaseCheck, error) {
	var all []land.CaseCheck
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := readCase(ctx, tx, actor, no); err != nil {
			return err
		}
		var err error
		all, err = readChecks(ctx, tx, `WHERE k.case_no = $1 ORDER BY k.seq`, no)
		return err
	})
	return all, err
}
