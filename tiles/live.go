package tiles

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Source is the register as a view follows it.
type Source interface {
	// Stream reads everything that holds at a moment. The plots it hands over one
	// by one, from as many goroutines as workers says, in memory that it uses again.
	Stream(ctx context.Context, m land.Moment, workers int, take func(worker int, p *land.Plot)) (land.Register, error)
	// Past reads how the register at a moment differs from what holds now.
	Past(ctx context.Context, m land.Moment) (land.Past, error)
	// CatchUp reads the register without plots, and how they changed since they held
	// as they are kept of a change. It is land.ErrNoSuchState when the proof is not
	// that change's, and land.ErrManyChanged when Stream is quicker.
	CatchUp(ctx context.Context, seq land.Seq, proof string) (land.Register, land.Delta, error)
	// Since reads what changed after a number.
	Since(ctx context.Context, seq land.Seq) (land.Delta, error)
	// Listen calls wake once it listens and on every change, until the
	// connection breaks or ctx ends.
	Listen(ctx context.Context, wake func()) error
}

// Live is a view that follows the register, with the tiles drawn of it.
type Live struct {
	source  Source
	log     *slog.Logger
	current atomic.Pointer[state]
	tiles   *caches
	keep    string
	kept    land.Seq // the change that the file is of
	stopped chan struct{}
}

// Options say what a Live may use.
type Options struct {
	CacheBytes int64 // memory for drawn tiles
	// Keep is a file that holds the plots from one start to the next, so that only
	// what changed between is read from the database; none when empty.
	Keep string
}

// state is a view with a channel that is closed when a newer one stands in its place.
type state struct {
	view   *View
	next   chan struct{}
	recent []Change
	before []*View // the last few, the newest at the end
}

// Change is a step from one view to the next: Bound encloses what looks
// different, EPSG:4490 lon/lat.
type Change struct {
	Seq   land.Seq
	Bound orb.Bound
}

// keptBefore is how many earlier views are held for those who read the database
// while the register changes.
const keptBefore = 16

// keptChanges is how many steps a follower may be behind and still be told where.
const keptChanges = 256

// NewLive loads the register; Run then follows it.
func NewLive(ctx context.Context, source Source, o Options, log *slog.Logger) (*Live, error) {
	l := &Live{source: source, log: log, tiles: newCaches(o.CacheBytes), keep: o.Keep, stopped: make(chan struct{})}
	view, err := l.resume(ctx)
	if err != nil {
		return nil, err
	}
	if view == nil {
		if view, err = Load(ctx, source, land.Moment{}); err != nil {
			return nil, err
		}
	}
	l.show(&state{view: view}, nil)
	return l, nil
}

// show puts a view in the place of the one before, after the tiles that it
// outdates are dropped, so that nobody who has seen it gets one of them.
func (l *Live) show(next *state, changed []plotset.Box) {
	before := l.current.Load()
	next.next = make(chan struct{})
	next.view.turn, next.view.tiles = 1, l.tiles
	if before != nil {
		next.view.turn = before.view.turn + 1
		next.before = append(slices.Clone(before.before[max(0, len(before.before)+1-keptBefore):]), before.view)
		next.recent = append(slices.Clone(before.recent[max(0, len(before.recent)+1-keptChanges):]), Change{next.view.Seq, boundOf(changed)})
	}
	l.tiles.all.follow(next.view, changed)
	l.tiles.chosen.follow(next.view, changed)
	l.current.Store(next)
	if before != nil {
		close(before.next)
	}
}

// viewOf waits for a change and gives the view that holds it and no later one; nil
// when that is not held any more.
func (l *Live) viewOf(ctx context.Context, seq land.Seq) (*View, error) {
	if _, err := l.After(ctx, seq); err != nil {
		return nil, err
	}
	s := l.current.Load()
	if s.view.Seq == seq {
		return s.view, nil
	}
	if i := slices.IndexFunc(s.before, func(v *View) bool { return v.Seq == seq }); i >= 0 {
		return s.before[i], nil
	}
	return nil, nil
}

// boundOf encloses boxes, a unit wider on each side than rounding took away.
func boundOf(boxes []plotset.Box) orb.Bound {
	if len(boxes) == 0 {
		return orb.Bound{}
	}
	all := boxes[0]
	for _, b := range boxes[1:] {
		all = all.Union(b)
	}
	all = all.Grown(1)
	nw, se := all.Min.LonLat(), all.Max.LonLat()
	return orb.Bound{Min: orb.Point{nw[0], se[1]}, Max: orb.Point{se[0], nw[1]}}
}

// Changes waits for steps after a change and gives them, at most until ctx ends;
// whole is false when the oldest of them are not held any more.
func (l *Live) Changes(ctx context.Context, after land.Seq) (steps []Change, whole bool, err error) {
	if _, err := l.After(ctx, after+1); err != nil {
		return nil, false, err
	}
	recent := l.current.Load().recent
	i := slices.IndexFunc(recent, func(c Change) bool { return c.Seq > after })
	if i < 0 {
		return []Change{{Seq: l.View().Seq}}, false, nil
	}
	return recent[i:], i > 0 || recent[i].Seq == after+1, nil
}

// Load makes a view of the register as it held at a moment.
func Load(ctx context.Context, source Source, m land.Moment) (*View, error) {
	workers := runtime.GOMAXPROCS(0)
	plots := plotset.NewBuilder(workers)
	register, err := source.Stream(ctx, m, workers, plots.Add)
	if err != nil {
		return nil, err
	}
	return NewView(register, plots.Set()), nil
}

// View is the newest view.
func (l *Live) View() *View { return l.current.Load().view }

// ErrStopped says that a Live follows the register no more.
var ErrStopped = errors.New("the register is not followed any more")

// After waits for a view that holds the change, at most until ctx ends, when its
// error is ctx's, or Run does.
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
		case <-l.stopped:
			return nil, ErrStopped
		}
	}
}

// Run follows the register until ctx ends; it is called once. It listens before it catches up, so
// that no change falls between; one that is seen twice does no harm. A lost
// connection is tried again, and what was missed is read from the last change
// that the view holds.
func (l *Live) Run(ctx context.Context) {
	var keeping sync.WaitGroup
	defer close(l.stopped)
	defer keeping.Wait()
	keeping.Go(func() { l.keepOn(ctx) })
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
	var changed []plotset.Box
	switch {
	case delta.Seq > held.view.Seq:
		next, changed = held.view.With(delta)
	case delta.Seq == held.view.Seq && delta.At != held.view.Day: // midnight passed
		next, changed = held.view.On(delta.At)
	default:
		return
	}
	l.show(&state{view: next}, changed)
}
