package access

import (
	"fmt"
	"sync"
	"time"
)

// Rate is how many requests a client may make in a time, at once or spread over
// it. The zero value means any number.
type Rate struct {
	Requests int
	Per      time.Duration
}

// mostClients is how many clients a limiter remembers, about 100 bytes each, and
// as many again of before.
const mostClients = 100_000

// Limiter counts what clients ask for (as a token bucket, by the time at which it
// will be full: ITU-T I.371, "generic cell rate algorithm"). It is safe for
// concurrent use. When more clients come than it remembers it forgets those that
// it has not seen for longest, who then may do as if they were new.
type Limiter struct {
	Name  string
	rate  Rate
	now   func() time.Time
	mu    sync.Mutex
	fresh map[string]time.Time // when each client's bucket will be full again
	old   map[string]time.Time // the same of those that were not seen since fresh was begun
}

// NewLimiter holds clients to a rate; nil for the zero Rate. Its name stands in
// what clients are told.
func NewLimiter(name string, r Rate) *Limiter {
	if r.Requests <= 0 || r.Per <= 0 {
		return nil
	}
	return &Limiter{Name: name, rate: r, now: time.Now, fresh: map[string]time.Time{}}
}

// Left is what a client may still do.
type Left struct {
	OK        bool          // the request is within the rate
	Remaining int           // requests that may follow at once
	Reset     time.Duration // until all of them may again; when not OK, until one may
}

// Take counts a request of a client, unless it is beyond the rate.
func (l *Limiter) Take(client string) Left { return l.take(client, true) }

// Look tells what Take would, without counting.
func (l *Limiter) Look(client string) Left { return l.take(client, false) }

func (l *Limiter) take(client string, count bool) Left {
	each := l.rate.Per / time.Duration(l.rate.Requests)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	full, known := l.fresh[client]
	if !known {
		full = l.old[client]
	}
	if full.Before(now) {
		full = now
	}
	next := full.Add(each)
	if over := next.Sub(now) - l.rate.Per; over > 0 {
		return Left{Reset: over}
	}
	if count {
		l.remember(client, next)
	}
	return Left{true, int((l.rate.Per - next.Sub(now)) / each), next.Sub(now)}
}

func (l *Limiter) remember(client string, full time.Time) {
	if _, known := l.fresh[client]; !known && len(l.fresh) >= mostClients {
		l.old, l.fresh = l.fresh, map[string]time.Time{}
	}
	l.fresh[client] = full
}

// Policy is the RateLimit-Policy header's value
// (draft-ietf-httpapi-ratelimit-headers-10).
func (l *Limiter) Policy() string {
	return fmt.Sprintf("%q;q=%d;w=%d", l.Name, l.rate.Requests, seconds(l.rate.Per))
}

// Header is the RateLimit header's value.
func (l *Limiter) Header(left Left) string {
	return fmt.Sprintf("%q;r=%d;t=%d", l.Name, left.Remaining, seconds(left.Reset))
}

// Wait is the Retry-After header's value of a request that is not within the rate.
func (l Left) Wait() int { return seconds(l.Reset) }

// seconds rounds up.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
