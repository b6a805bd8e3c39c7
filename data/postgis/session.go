package postgis

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// SessionTime is how long a sign-in lasts.
const SessionTime = 12 * time.Hour

// ErrNoSession says that a sign-in has ended, or never was.
var ErrNoSession error = geo.Say("登录已失效，请重新登录", "the sign-in has ended: sign in again")

// OpenSession signs the holder of a key in: the secret stands for the key until
// SessionTime is over, the key ends or is revoked, or the session is closed. The
// database keeps the secret's hash.
func (db *DB) OpenSession(ctx context.Context, key string) (secret string, actor land.Actor, err error) {
	if actor, err = db.KeyHolder(ctx, key); err != nil {
		return "", actor, err
	}
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return "", actor, err
	}
	secret = base64.RawURLEncoding.EncodeToString(random)
	hash := sha256.Sum256([]byte(secret))
	err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, db.now()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO sessions (sha256, key, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
			hash[:], actor.Key, db.now(), db.now().Add(SessionTime))
		return err
	})
	return secret, actor, explain(err)
}

// SessionHolder tells who acts in a session, or ErrNoSession.
func (db *DB) SessionHolder(ctx context.Context, secret string) (land.Actor, error) {
	hash := sha256.Sum256([]byte(secret))
	var actor land.Actor
	err := db.pool.QueryRow(ctx, `SELECT k.id, k.name, k.role, coalesce(k.park, ''), delegation_of(k.id, $2) FROM sessions s JOIN access_keys k ON k.id = s.key
		WHERE s.sha256 = $1 AND s.expires_at > $2 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)`,
		hash[:], db.now()).Scan(&actor.Key, &actor.Name, &actor.Role, &actor.Park, &actor.Deputy)
	if errors.Is(err, pgx.ErrNoRows) {
		return actor, ErrNoSession
	}
	return actor, explain(err)
}

// CloseSession signs out. One that is not open is none to be sorry about.
func (db *DB) CloseSession(ctx context.Context, secret string) error {
	hash := sha256.Sum256([]byte(secret))
	_, err := db.pool.Exec(ctx, `DELETE FROM sessions WHERE sha256 = $1`, hash[:])
	return explain(err)
}
