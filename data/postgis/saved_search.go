package postgis

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

const selectSearches = `SELECT id, owner, name, query, created_at FROM saved_searches`

// visibleTo is which searches and webhooks a key sees: its own, an administrator's
// all. Its parameters are the key and whether it is an administrator's.
const visibleTo = `(owner = $1 OR $2)`

// SaveSearch keeps a search under its name, for the actor's key.
func (db *DB) SaveSearch(ctx context.Context, actor land.Actor, s land.SavedSearch) (land.SavedSearch, error) {
	if err := s.Validate(); err != nil {
		return s, err
	}
	s.Owner, s.CreatedAt = actor.Key, db.now()
	err := pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if err := roomFor(ctx, tx, "saved_searches", actor, land.MostSearches); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO saved_searches (owner, name, query, created_at) VALUES ($1, $2, $3, $4) RETURNING id`,
			s.Owner, s.Name, s.Query, s.CreatedAt).Scan(&s.ID)
	})
	return s, explain(err)
}

// roomFor refuses one row too many of a key. It locks the key, so that two at once
// are not one too many.
func roomFor(ctx context.Context, tx pgx.Tx, table string, actor land.Actor, most int) error {
	if _, err := tx.Exec(ctx, `SELECT FROM access_keys WHERE id = $1 FOR UPDATE`, actor.Key); err != nil {
		return err
	}
	var held int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM `+table+` WHERE owner = $1`, actor.Key).Scan(&held); err != nil {
		return err
	}
	if held >= most {
		return land.Conflict(geo.Say("您的密钥已有 %d 个", "your key has %d already", held), geo.Say("请先删除不用的", "delete what is not needed first"))
	}
	return nil
}

// SavedSearches lists the searches that the actor sees.
func (db *DB) SavedSearches(ctx context.Context, actor land.Actor) ([]land.SavedSearch, error) {
	rows, err := db.pool.Query(ctx, selectSearches+` WHERE `+visibleTo+` ORDER BY id`, actor.Key, actor.Role == land.Admin)
	if err != nil {
		return nil, explain(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[land.SavedSearch])
	return all, explain(err)
}

// SavedSearch finds a search that the actor sees; a *land.NotFoundError where
// there is none.
func (db *DB) SavedSearch(ctx context.Context, actor land.Actor, id int64) (land.SavedSearch, error) {
	rows, err := db.pool.Query(ctx, selectSearches+` WHERE `+visibleTo+` AND id = $3`, actor.Key, actor.Role == land.Admin, id)
	if err != nil {
		return land.SavedSearch{}, explain(err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[land.SavedSearch])
	if errors.Is(err, pgx.ErrNoRows) {
		err = &land.NotFoundError{What: "search", Name: strconv.FormatInt(id, 10)}
	}
	return s, explain(err)
}

// DeleteSearch forgets a search, unless a webhook leans on it.
func (db *DB) DeleteSearch(ctx context.Context, actor land.Actor, id int64) error {
	done, err := db.pool.Exec(ctx, `DELETE FROM saved_searches WHERE `+visibleTo+` AND id = $3`, actor.Key, actor.Role == land.Admin, id)
	if err == nil && done.RowsAffected() == 0 {
		err = &land.NotFoundError{What: "search", Name: strconv.FormatInt(id, 10)}
	}
	return explain(err)
}
