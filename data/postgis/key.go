package postgis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// keyPrefix lets a secret scanner tell what it found.
const keyPrefix = "dikuai_"

// CreateKey makes a key for an actor and returns it, the only time that it can
// be seen: the database keeps its hash. A zero expires never ends.
func (db *DB) CreateKey(ctx context.Context, actor land.Actor, expires time.Time) (string, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", err
	}
	key := keyPrefix + base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(key))
	var ends *time.Time
	if !expires.IsZero() {
		ends = &expires
	}
	_, err := db.pool.Exec(ctx, `INSERT INTO access_keys (sha256, name, role, park, created_at, expires_at)
		VALUES ($1, $2, $3, nullif($4, ''), $5, $6)`, hash[:], actor.Name, actor.Role, actor.Park, db.now(), ends)
	if err != nil {
		return "", fmt.Errorf("create key: %w", explain(err))
	}
	return key, nil
}

// HasKeys says whether any key was ever made.
func (db *DB) HasKeys(ctx context.Context) (bool, error) {
	var has bool
	err := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM access_keys)`).Scan(&has)
	return has, explain(err)
}

// ErrUnknownKey says that a key was never made, has expired or was revoked.
var ErrUnknownKey error = geo.Say("密钥未知、已过期或已撤销", "the key is not known, has expired or was revoked")

// KeyHolder tells who acts with a key, or ErrUnknownKey. Keys hold 256 random
// bits, so a plain hash keeps them as safe as a slow one would.
func (db *DB) KeyHolder(ctx context.Context, key string) (land.Actor, error) {
	hash := sha256.Sum256([]byte(key))
	var actor land.Actor
	err := db.pool.QueryRow(ctx, `SELECT id, name, role, coalesce(park, ''), delegation_of(id, $2) FROM access_keys
		WHERE sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
		hash[:], db.now()).Scan(&actor.Key, &actor.Name, &actor.Role, &actor.Park, &actor.Deputy)
	if errors.Is(err, pgx.ErrNoRows) {
		return actor, ErrUnknownKey
	}
	return actor, explain(err)
}

// Key is a key without its secret.
type Key struct {
	land.Actor
	CreatedAt          time.Time
	ExpiresAt, Revoked *time.Time // nil: never, not
}

// Keys lists all keys that were ever made, oldest first.
func (db *DB) Keys(ctx context.Context) ([]Key, error) {
	rows, err := db.pool.Query(ctx, `SELECT id, name, role, coalesce(park, ''), created_at, expires_at, revoked_at FROM access_keys ORDER BY id`)
	if err != nil {
		return nil, explain(err)
	}
	keys, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k Key, err error) {
		return k, row.Scan(&k.Key, &k.Name, &k.Role, &k.Park, &k.CreatedAt, &k.ExpiresAt, &k.Revoked)
	})
	return keys, explain(err)
}

// RevokeKey ends a key and the sessions that it opened. A key that has ended
// already stays as it is.
func (db *DB) RevokeKey(ctx context.Context, number int64) error {
	tag, err := db.pool.Exec(ctx, `UPDATE access_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1`, number, db.now())
	if err == nil && tag.RowsAffected() == 0 {
		return &land.NotFoundError{What: "key", Name: strconv.FormatInt(number, 10)}
	}
	return explain(err)
}
