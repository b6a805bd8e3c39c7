package postgis

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

const webhookColumns = `w.id, w.owner, w.url, coalesce(w.park, ''), coalesce(w.filter, ''), coalesce(w.search, 0), w.secret, w.seq,
	w.failures, coalesce(w.last_error, ''), w.next_at, w.disabled_at, w.delivered_at, w.created_at`

func scanWebhook(row pgx.CollectableRow) (land.Webhook, error) {
	var w land.Webhook
	var disabled, delivered *time.Time
	err := row.Scan(&w.ID, &w.Owner, &w.URL, &w.Park, &w.Filter, &w.Search, &w.Secret, &w.Seq,
		&w.Failures, &w.LastError, &w.NextAt, &disabled, &delivered, &w.CreatedAt)
	if disabled != nil {
		w.DisabledAt = *disabled
	}
	if delivered != nil {
		w.DeliveredAt = *delivered
	}
	return w, err
}

// CreateWebhook keeps a webhook of the actor's key, which is told of what comes
// after its Seq; where that is below 0, after the last change.
func (db *DB) CreateWebhook(ctx context.Context, actor land.Actor, w land.Webhook) (land.Webhook, error) {
	if err := errors.Join(actor.MayHaveWebhooks(w.Park), w.Validate()); err != nil {
		return w, err
	}
	if w.Search > 0 {
		if _, err := db.SavedSearch(ctx, actor, w.Search); err != nil {
			return w, err
		}
	}
	w.Owner, w.CreatedAt = actor.Key, db.now()
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := roomFor(ctx, tx, "webhooks", actor, land.MostWebhooks); err != nil {
			return err
		}
		if w.Seq < 0 {
			if err := tx.QueryRow(ctx, `SELECT coalesce(max(seq), 0) FROM changes`).Scan(&w.Seq); err != nil {
				return err
			}
		}
		w.NextAt = w.CreatedAt
		return tx.QueryRow(ctx, `INSERT INTO webhooks (owner, url, park, filter, search, secret, seq, next_at, created_at)
			VALUES ($1, $2, nullif($3, ''), nullif($4, ''), nullif($5, 0), $6, $7, $8, $9) RETURNING id`,
			w.Owner, w.URL, w.Park, w.Filter, w.Search, w.Secret, w.Seq, w.NextAt, w.CreatedAt).Scan(&w.ID)
	})
	return w, explain(err)
}

// Webhooks lists the webhooks that the actor sees.
func (db *DB) Webhooks(ctx context.Context, actor land.Actor) ([]land.Webhook, error) {
	return db.webhooks(ctx, `WHERE `+visibleTo+` ORDER BY id`, actor.Key, actor.Role == land.Admin)
}

// Webhook finds a webhook that the actor sees; a *land.NotFoundError where there
// is none.
func (db *DB) Webhook(ctx context.Context, actor land.Actor, id int64) (land.Webhook, error) {
	all, err := db.webhooks(ctx, `WHERE `+visibleTo+` AND id = $3`, actor.Key, actor.Role == land.Admin, id)
	if err == nil && len(all) == 0 {
		err = noWebhook(id)
	}
	if err != nil {
		return land.Webhook{}, err
	}
	return all[0], nil
}

func noWebhook(id int64) error {
	return &land.NotFoundError{What: "webhook", Name: strconv.FormatInt(id, 10)}
}

func (db *DB) webhooks(ctx context.Context, where string, args ...any) ([]land.Webhook, error) {
	rows, err := db.pool.Query(ctx, `SELECT `+webhookColumns+` FROM webhooks w `+where, args...)
	if err != nil {
		return nil, explain(err)
	}
	all, err := pgx.CollectRows(rows, scanWebhook)
	return all, explain(err)
}

// DeleteWebhook ends a webhook.
func (db *DB) DeleteWebhook(ctx context.Context, actor land.Actor, id int64) error {
	done, err := db.pool.Exec(ctx, `DELETE FROM webhooks WHERE `+visibleTo+` AND id = $3`, actor.Key, actor.Role == land.Admin, id)
	if err == nil && done.RowsAffected() == 0 {
		err = noWebhook(id)
	}
	return explain(err)
}

// ResumeWebhook has a webhook that was disabled, or waits after a failure, go on
// now from where it stands.
func (db *DB) ResumeWebhook(ctx context.Context, actor land.Actor, id int64) (land.Webhook, error) {
	w, err := db.Webhook(ctx, actor, id)
	if err != nil {
		return w, err
	}
	w = w.Resumed(db.now())
	done, err := db.pool.Exec(ctx, `UPDATE webhooks SET failures = $2, next_at = $3, disabled_at = NULL WHERE id = $1`, w.ID, w.Failures, w.NextAt)
	if err == nil && done.RowsAffected() == 0 {
		err = noWebhook(id)
	}
	return w, explain(err)
}

// Lease is a webhook that one process alone tells of changes, for a time.
type Lease struct {
	land.Webhook
	term  time.Duration
	until time.Time
}

// LeaseWebhook leases a webhook that is to be told of changes through a number, of
// a key that is still good, the one that waits longest; nil where there is none.
// Two processes never hold one webhook, as long as each keeps it within the term.
func (db *DB) LeaseWebhook(ctx context.Context, through land.Seq, term time.Duration) (*Lease, error) {
	now := db.now()
	l := &Lease{term: term, until: leaseEnd(now, term)}
	rows, err := db.pool.Query(ctx, `
		UPDATE webhooks w SET leased_until = $2
		WHERE id = (
			SELECT id FROM webhooks w
			WHERE disabled_at IS NULL AND next_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
				AND seq < $3
				AND EXISTS (SELECT FROM access_keys k WHERE k.id = w.owner AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $1))
			ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING `+webhookColumns, now, l.until, through)
	if err != nil {
		return nil, explain(err)
	}
	l.Webhook, err = pgx.CollectExactlyOneRow(rows, scanWebhook)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return l, explain(err)
}

// leaseEnd is a moment as the database holds it, by which a lease is known.
func leaseEnd(now time.Time, term time.Duration) time.Time {
	return now.Add(term).Truncate(time.Microsecond)
}

// KeepWebhook writes how far a webhook is come, and begins the term anew. False
// says that the lease is lost, to another process or with the webhook itself.
func (db *DB) KeepWebhook(ctx context.Context, l *Lease) (bool, error) {
	until := leaseEnd(db.now(), l.term)
	kept, err := db.settle(ctx, l, &until)
	l.until = until
	return kept, err
}

// ReleaseWebhook writes how far a webhook is come, and gives it back.
func (db *DB) ReleaseWebhook(ctx context.Context, l *Lease) error {
	_, err := db.settle(ctx, l, nil)
	return err
}

func (db *DB) settle(ctx context.Context, l *Lease, until *time.Time) (bool, error) {
	w := l.Webhook
	orNull := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	done, err := db.pool.Exec(ctx, `
		UPDATE webhooks SET seq = $3, failures = $4, last_error = nullif($5, ''), next_at = $6, disabled_at = $7, delivered_at = $8, leased_until = $9
		WHERE id = $1 AND leased_until = $2`,
		w.ID, l.until, w.Seq, w.Failures, w.LastError, w.NextAt, orNull(w.DisabledAt), orNull(w.DeliveredAt), until)
	return err == nil && done.RowsAffected() == 1, explain(err)
}
