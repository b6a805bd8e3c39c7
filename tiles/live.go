package tiles

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// Source is the register as a view follows it.
type Source interface {
	// Load reads everything that holds at a moment.
	Load(ctx context.Context, m land.Moment, parks ...land.ParkCode) (land.Register, error)
	// Since reads what changed after a number.
	Since(ctx context.Context, seq land.Seq) (land.Delta, error)
	// Listen calls wake once it listens and on every change, until the
	// connection breaks or ctx ends.
	Listen(ctx context.Context, wake func()) error
}

// Live is a view that follows the register.
type Live struct {
	source  Source
	log     *slog.Logger
	current atomic.Pointer[state]
}

// state is a view with a channel that is closed when a newer one stands in its place.
type state struct {
	view *View
	next chan struct{}
}

// NewLive loads the register; Run then follows it.
func NewLive(ctx context.Context, source Source, log *slog.Logger) (*Live, error) {
	register, err := source.Load(ctx, land.Moment{})
	if err != nil {
		return nil, err
	}
	l := &Live{source: source, log: log}
	l.current.Store(&state{NewView(register), make(chan struct{})})
	return l, nil
}

// View is the newest view.
func (l *Live) View() *View { return l.current.Load().view }

// After waits for a view that holds the change, at most until ctx ends; then
// its error is ctx's.
func (l *Live) After(ctx context.Context, seq land.Seq) (*View, error) {
	for {
		s := l.current.Load()
		if s.view.Seq >= seq {
			return s.view, nil
		}
		select {
		case <-s.next:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Run follows the register until ctx ends. It listens before it catches up, so
// that no change falls between; one that is seen twice does no harm. A lost
// connection is tried again, and what was missed is read from the last change
// that the view holds.
func (l *Live) Run(ctx context.Context) {
	const longestPause = 5 * time.Second
	pause := 100 * time.Millisecond
	for ctx.Err() == nil {
		err := l.source.Listen(ctx, func() {
			pause = 100 * time.Millisecond
			l.catchUp(ctx)
		})
		if ctx.Err() != nil {
			return
		}
		l.log.Warn("lost the change feed", "error", err, "retry_in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, longestPause)
	}
}

// catchUp is called by one goroutine at a time.
func (l *Live) catchUp(ctx context.Context) {
	held := l.current.Load()
	delta, err := l.source.Since(ctx, held.view.Seq)
	if err != nil {
		l.log.Warn("cannot read changes", "after", held.view.Seq, "error", err)
		return
	}
	var next *View
	switch {
	case delta.Seq > held.view.Seq:
		next = held.view.With(delta)
	case delta.Seq == held.view.Seq && delta.At != held.view.Day: // midnight passed
		next = held.view.On(delta.At)
	default:
		return
	}
	l.current.Store(&state{next, make(chan struct{})})
	close(held.next)
}
