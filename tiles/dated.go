package tiles

import (
	"context"
	"slices"
	"sync"

	"github.com/dikuai/dikuai/data/land"
)

// keptViews is how many views of other days are held at once.
const keptViews = 4

// Dated gives views of the register as it held at other moments, and holds the
// last few. Safe for concurrent use; a view that is being loaded is waited for.
type Dated struct {
	source     Source
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

// NewDated makes views from a source, each with a cache of so many bytes.
func NewDated(source Source, cacheBytes int64) *Dated {
	return &Dated{source: source, cacheBytes: cacheBytes}
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
	if v.view, v.err = load(ctx, d.source, v.moment); v.err != nil {
		d.forget(v)
		return
	}
	v.view.tiles = newCaches(d.cacheBytes)
}

// forget drops a view that could not be loaded, so that the next call tries again.
func (d *Dated) forget(v *datedView) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.Index(d.kept, v); i >= 0 {
		d.kept = slices.Delete(d.kept, i, i+1)
	}
}
