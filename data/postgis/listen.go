package postgis

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// longestSilence is how long a listener trusts a quiet connection before it
// looks for itself; a dead peer may say nothing for hours.
const longestSilence = 5 * time.Second

// Listen calls wake once it listens, on every committed change, and now and
// then in silence, until ctx ends or the connection breaks; the caller then
// listens again. Changes between two calls are not lost to a caller that reads
// what came since the last one it holds each time it is woken.
func (db *DB) Listen(ctx context.Context, wake func()) error {
	conn, err := pgx.Connect(ctx, db.url)
	if err != nil {
		return fmt.Errorf("listen for changes: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+changeChannel); err != nil {
		return fmt.Errorf("listen for changes: %w", err)
	}
	for {
		wake()
		wait, cancel := context.WithTimeout(ctx, longestSilence)
		_, err := conn.WaitForNotification(wait)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && wait.Err() == nil {
			return fmt.Errorf("listen for changes: %w", err)
		}
	}
}
