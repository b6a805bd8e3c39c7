package tiles

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// keptViews is how many views of other days are held at once.
const keptViews = 4

// Dated gives views of the register as it held at other moments, and holds the
// last few. Safe for concurrent use; a view that is being loaded is waited for.
type Dated struct {
	live       *Live
	cacheBytes int64
	mu         sync.Mutex
	kept       []*datedView // the last used comes last
}

type datedView struct {
	moment land.Moment
	seq    land.Seq // the change up to which the register was known
	ready  chan struct{}
	view   *View
	err    error
}

// NewDated makes views from what a Live holds, each with a cache of so many bytes.
func NewDated(live *Live, cacheBytes int64) *Dated {
	return &Dated{live: live, cacheBytes: cacheBytes}
}

// View is the register at a moment, as is known after change seq.
func (d *Dated) View(ctx context.Context, m land.Moment, seq land.Seq) (*View, error) {
	d.mu.Lock()
	i := slices.IndexFunc(d.kept, func(k *datedView) bool { return k.moment == m && k.seq == seq })
	var v *datedView
	if i >= 0 {
		v = d.kept[i]
		d.kept = append(slices.Delete(d.kept, i, i+1), v)
	} else {
		v = &datedView{moment: m, seq: seq, ready: make(chan struct{})}
		d.kept = append(d.kept, v)
		d.kept = d.kept[max(0, len(d.kept)-keptViews):]
		go d.load(context.WithoutCancel(ctx), v)
	}
	d.mu.Unlock()
	select {
	case <-v.ready:
		return v.view, v.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *Dated) load(ctx context.Context, v *datedView) {
	defer close(v.ready)
	if v.view, v.err = d.past(ctx, v.moment); v.err != nil {
		d.forget(v)
		return
	}
	v.view.tiles = newCaches(d.cacheBytes)
}

// past makes the view of a moment from the newest one, of which most plots held
// then already; from the database alone where changes come faster than it can be
// asked.
func (d *Dated) past(ctx context.Context, m land.Moment) (*View, error) {
	for range 3 {
		past, err := d.live.source.Past(ctx, m)
		if err != nil {
			return nil, err
		}
		wait, cancel := context.WithTimeout(ctx, longestWait)
		now, err := d.live.viewOf(wait, past.Held)
		cancel()
		if err != nil {
			return nil, err
		}
		if now != nil {
			return NewView(past.Register, plotsOf(now.Plots, past, m)), nil
		}
	}
	return Load(ctx, d.live.source, m)
}

// longestWait bounds how long a view of the past waits for what the database
// already has.
const longestWait = 5 * time.Second

// plotsOf takes the plots out that had not begun at a moment, or were not known,
// and puts back those that held then.
func plotsOf(now *plotset.Set, past land.Past, m land.Moment) *plotset.Set {
	at := plotset.DayOf(past.At)
	var gone []land.PlotID
	now.All(func(r plotset.Ref) bool {
		if r.ValidFrom() > at || !m.Known.IsZero() && r.RecordedAt().After(m.Known) {
			gone = append(gone, r.ID())
		}
		return true
	})
	then, _ := now.With(past.Earlier, gone)
	return then
}

// forget drops a view that could not be loaded, so that the next call tries again.
func (d *Dated) forget(v *datedView) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.Index(d.kept, v); i >= 0 {
		d.kept = slices.Delete(d.kept, i, i+1)
	}
}
