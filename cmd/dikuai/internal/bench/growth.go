package bench

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles"
)

// plotBytes is what a plot may take at the height of building the read model.
const plotBytes = 1400

// Growth measures how figures grow with the number of plots up to that of the
// options, in process alone.
func Growth(ctx context.Context, o Options) (*Table, error) {
	t := &Table{Title: "Growth of the read model", Began: time.Now(), Machine: thisMachine()}
	defer func() { t.Machine.LoadEnd = loadAverage() }()
	t.Notes = append(t.Notes, "Build: one goroutine adds plots from memory; making them is not counted. Tiles: one goroutine, not cached, mosaics held.")
	const first, step = 10_000, 10
	for n := min(first, o.Plots); n <= o.Plots; n *= step {
		if free := memory("MemAvailable:"); free > 0 && n > free/plotBytes {
			t.Notes = append(t.Notes, fmt.Sprintf("%s plots were left out: %d MB of memory are free.", grouped(int64(n)), free>>20))
			continue
		}
		if err := grow(ctx, o, n, t); err != nil {
			return t, err
		}
	}
	return t, nil
}

func grow(ctx context.Context, o Options, n int, t *Table) error {
	o.Tell(grouped(int64(n)) + " plots")
	before := heap()
	s := newSource(n, o.Seed)
	began := time.Now()
	live, err := tiles.NewLive(ctx, s, tiles.Options{}, log)
	if err != nil {
		return err
	}
	built := time.Since(began) - s.generating
	view := live.View()
	view.Plots.Label(ctx, runtime.GOMAXPROCS(0))
	bytes := float64(heap()-before) / float64(n)
	group := grouped(int64(n)) + " plots"
	t.Rows = append(t.Rows, Row{Group: group, What: "build", Figures: []Figure{{Who: "ours", P50: milliseconds(built)}}})
	t.Rows = append(t.Rows, Row{Group: group, What: "heap a plot", Figures: []Figure{{Who: "ours", Bytes: bytes}}})
	for _, z := range []maptile.Zoom{10, 14, 17} {
		list := tilesAt(s.places, z, 1<<12)
		name := fmt.Sprintf("z%d", z)
		for _, tile := range distinct(list) {
			tiles.Encode(view, tile, nil) // makes the mosaics
		}
		figures, err := compete(ctx, group+" "+name, pace{o.Runs, o.Each, o.Tell}, contender{who: "ours", lanes: []lane{func(_ context.Context, i int) (int, error) {
			return len(tiles.Encode(view, list[i%len(list)], nil)), nil
		}}})
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, Row{Group: group, What: name, Figures: figures})
	}
	return nil
}

func distinct(list []maptile.Tile) []maptile.Tile {
	return slices.Compact(slices.SortedFunc(slices.Values(list), func(a, b maptile.Tile) int {
		return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y))
	}))
}
