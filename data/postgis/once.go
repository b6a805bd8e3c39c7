package postgis

import (
	"bytes"
	"context"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// sweep is how many keys that are past their time an act takes away.
const sweep = 100

// claim ties the act to a key under which it may be asked for again, and gives
// the number of the act that did it already; 0 where none did, and without a key.
// The key is written in the act's own transaction: an act that is refused or lost
// leaves none. Who claims a key that another act is about to use waits for its
// end. The error is land.ErrOtherRequest where the key was used for another
// request.
func (a *act) claim(ctx context.Context, once land.Once) (earlier int64, err error) {
	if once.Key == "" {
		return 0, nil
	}
	past := a.now.Add(-land.OnceFor)
	_, err = a.tx.Exec(ctx, `
		DELETE FROM idempotency_keys WHERE (owner, key) IN (
			SELECT owner, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)`, past, sweep)
	if err != nil {
		return 0, err
	}
	done, err := a.tx.Exec(ctx, `
		INSERT INTO idempotency_keys (owner, key, request, act, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (owner, key) DO UPDATE SET request = excluded.request, act = excluded.act, created_at = excluded.created_at
			WHERE idempotency_keys.created_at < $6`, a.actor.Key, once.Key, once.Request[:], a.number, a.now, past)
	if err != nil || done.RowsAffected() == 1 {
		return 0, err
	}
	var request []byte
	err = a.tx.QueryRow(ctx, `SELECT request, act FROM idempotency_keys WHERE owner = $1 AND key = $2`, a.actor.Key, once.Key).Scan(&request, &earlier)
	if err == nil && !bytes.Equal(request, once.Request[:]) {
		err = land.ErrOtherRequest
	}
	return earlier, err
}

// moment makes the act be recorded no earlier than another was, though it began
// before that.
func (a *act) moment(notBefore time.Time) {
	if notBefore.After(a.now) {
		a.now = notBefore
	}
}
