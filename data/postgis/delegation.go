package postgis

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Delegate lets an officer stand in for an approver. Both keys must be good, of
// those roles, and the officer's of a park that is the approver's.
func (db *DB) Delegate(ctx context.Context, actor land.Actor, d land.Delegation) (land.Delegation, error) {
	d.Actor, d.At = actor.Name, db.now()
	if err := errors.Join(actor.MayDelegate(d.From), d.Validate(db.Today())); err != nil {
		return d, err
	}
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		var from, to land.Role
		var within bool
		err := tx.QueryRow(ctx, `
			SELECT f.role, t.role, f.park IS NULL OR f.park = t.park IS TRUE, f.name, t.name FROM access_keys f CROSS JOIN access_keys t
			WHERE f.id = $1 AND t.id = $2 AND f.revoked_at IS NULL AND t.revoked_at IS NULL
				AND (f.expires_at IS NULL OR f.expires_at > $3) AND (t.expires_at IS NULL OR t.expires_at > $3)`, d.From, d.To, d.At).Scan(&from, &to, &within, &d.FromName, &d.ToName)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return land.Invalid("to_key", geo.Say("没有有效的密钥 %d 或 %d", "key %d or key %d is none, or has ended", d.From, d.To), geo.Say("请给出两个有效密钥的编号", "give the numbers of two keys that are good"))
		case err != nil:
			return err
		case from != land.Approver || to != land.Officer:
			return land.Invalid("to_key", geo.Say("密钥 %d 为 %s，密钥 %d 为 %s", "key %d is of a %s and key %d of a %s", d.From, from, d.To, to), geo.Say("由审批人委托给经办人", "an approver delegates to an officer"))
		case !within:
			return land.Invalid("to_key", geo.Say("受托人的园区超出委托人的园区", "the deputy's key reaches over parks that are not the approver's"), geo.Say("请委托给同一园区的经办人", "delegate to an officer of the approver's park"))
		}
		return tx.QueryRow(ctx, `
			INSERT INTO delegations (from_key, to_key, role, from_day, until_day, document_no, actor, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
			d.From, d.To, d.Role, d.FirstDay.Time(), d.LastDay.Time(), d.DocumentNo, d.Actor, d.At).Scan(&d.ID)
	})
	return d, explain(err)
}

// EndDelegation ends a delegation before its time; one that has ended stays as it is.
func (db *DB) EndDelegation(ctx context.Context, actor land.Actor, id int64) error {
	missing := &land.NotFoundError{What: "delegation", Name: strconv.FormatInt(id, 10)}
	var from int64
	err := db.pool.QueryRow(ctx, `SELECT from_key FROM delegations WHERE id = $1`, id).Scan(&from)
	if errors.Is(err, pgx.ErrNoRows) {
		return missing
	}
	if err != nil {
		return explain(err)
	}
	if actor.MayDelegate(from) != nil {
		return missing // who may not end it need not know of it
	}
	_, err = db.pool.Exec(ctx, `UPDATE delegations SET ended_by = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL`, id, actor.Name, db.now())
	return explain(err)
}

// Delegations lists the delegations from or to the actor's key, an administrator
// all, newest first.
func (db *DB) Delegations(ctx context.Context, actor land.Actor) ([]land.Delegation, error) {
	rows, err := db.pool.Query(ctx, `
		SELECT d.id, d.from_key, d.to_key, d.role, d.from_day, d.until_day, d.document_no, d.actor, d.recorded_at, coalesce(d.ended_by, ''), d.ended_at, f.name, t.name
		FROM delegations d JOIN access_keys f ON f.id = d.from_key JOIN access_keys t ON t.id = d.to_key
		WHERE $1 OR $2 IN (d.from_key, d.to_key) ORDER BY d.id DESC`, actor.Role == land.Admin, actor.Key)
	if err != nil {
		return nil, explain(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.Delegation, error) {
		var d land.Delegation
		var first, last pgDate
		var ended *time.Time
		err := row.Scan(&d.ID, &d.From, &d.To, &d.Role, &first, &last, &d.DocumentNo, &d.Actor, &d.At, &d.EndedBy, &ended, &d.FromName, &d.ToName)
		d.FirstDay, d.LastDay = first.Date, last.Date
		if ended != nil {
			d.EndedAt = *ended
		}
		return d, err
	})
	return all, explain(err)
}
