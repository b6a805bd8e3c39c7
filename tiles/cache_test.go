package tiles

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
)

// feed is a register of squares in a row that tests edit.
type feed struct {
	mu      sync.Mutex
	seq     land.Seq
	plots   map[land.PlotID]land.Plot
	changed map[land.PlotID]land.Seq
}

func newFeed(n int) *feed {
	f := &feed{plots: map[land.PlotID]land.Plot{}, changed: map[land.PlotID]land.Seq{}}
	for i := range n {
		f.put(land.PlotID(i+1), 0)
	}
	return f
}

// put writes a square of 100 m or so whose status tells its seq.
func (f *feed) put(id land.PlotID, dx float64) land.Seq {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	west := 113.4 + 0.001*float64(id) + dx
	p := land.Plot{ID: id, Park: "panyu", Area: 10000, Boundary: orb.MultiPolygon{{{{west, 22.98}, {west + 0.001, 22.98}, {west + 0.001, 22.981}, {west, 22.981}, {west, 22.98}}}}}
	p.PlotNo, p.Status = fmt.Sprint(f.seq), land.Available
	f.plots[id], f.changed[id] = p, f.seq
	return f.seq
}

func (f *feed) Stream(_ context.Context, _ land.Moment, _ int, take func(int, *land.Plot)) (land.Register, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.plots {
		take(0, &p)
	}
	return land.Register{Seq: f.seq}, nil
}

func (f *feed) Past(context.Context, land.Moment) (land.Past, error) { return land.Past{}, nil }

func (f *feed) CatchUp(context.Context, land.Seq, string) (land.Register, land.Delta, error) {
	return land.Register{}, land.Delta{}, land.ErrNoSuchState
}

func (f *feed) Since(_ context.Context, seq land.Seq) (land.Delta, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := land.Delta{Seq: f.seq}
	for id, at := range f.changed {
		if at > seq {
			d.Plots = append(d.Plots, f.plots[id])
		}
	}
	return d, nil
}

func (f *feed) Listen(ctx context.Context, wake func()) error {
	wake()
	<-ctx.Done()
	return ctx.Err()
}

func liveOf(t testing.TB, f *feed, cacheBytes int64) *Live {
	t.Helper()
	live, err := NewLive(context.Background(), f, Options{CacheBytes: cacheBytes}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func TestAnEditDropsExactlyItsTiles(t *testing.T) {
	t.Parallel()
	f := newFeed(40)
	live := liveOf(t, f, 64<<20)
	held := map[maptile.Tile]*Drawn{}
	for z := range maptile.Zoom(19) {
		for x := 113.39; x < 113.45; x += 0.0005 {
			tile := tileAt(x, 22.9805, z)
			held[tile] = live.View().Tile(tile, "", nil)
		}
	}
	f.put(7, 0.005)
	live.catchUp(context.Background())
	for tile, before := range held {
		after := live.View().Tile(tile, "", nil)
		fresh := Encode(live.View(), tile, nil)
		if !bytes.Equal(after.Body, fresh) {
			t.Errorf("%v is stale", tile)
		}
		if after != before && bytes.Equal(before.Body, fresh) && tile.Z > 13 {
			from, to := touched(tile.Z, drawnOf(f.plots[7].Boundary).box)
			if tile.X < from.x-1<<(tile.Z-13) || tile.X > to.x+1 {
				t.Errorf("%v was dropped for nothing", tile)
			}
		}
	}
}

// TestNoStaleTileIsServedUnderLoad reads tiles while plots change; who has seen
// a change never gets a tile from before it.
func TestNoStaleTileIsServedUnderLoad(t *testing.T) {
	t.Parallel()
	f := newFeed(40)
	live := liveOf(t, f, 200<<10) // small enough that tiles come and go
	var done atomic.Bool
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 3))
			for !done.Load() {
				tile := tileAt(113.4+0.04*random.Float64(), 22.9805, maptile.Zoom(12+random.IntN(7)))
				view := live.View()
				got := view.Tile(tile, "", nil)
				want := Encode(view, tile, nil)
				if live.View() == view && !bytes.Equal(got.Body, want) {
					t.Errorf("%v is stale", tile)
					return
				}
				got.Gzip()
			}
		})
	}
	random := rand.New(rand.NewPCG(1, 4))
	for range 3000 {
		f.put(land.PlotID(1+random.IntN(40)), 0.001*random.Float64())
		live.catchUp(context.Background())
		if size, _ := live.tiles.all.Size(); size > 200<<10 {
			t.Errorf("%d bytes are held", size)
		}
	}
	done.Store(true)
	wg.Wait()
}
