package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
)

// lastFar is the deepest zoom at which a city is drawn as a mosaic.
const lastFar = 12

// patience is how long ST_AsMVT may take for a tile far out.
const patience = 30 * time.Second

// far draws tiles of z0 to z12, with the mosaics that they share held, and made
// anew where an edit changed them.
func (r *tilesRun) far(ctx context.Context) error {
	pool, err := r.store.connect(ctx, 1, patience)
	if err != nil {
		return err
	}
	defer pool.Close()
	view := r.live.View()
	began := time.Now()
	tiles.Encode(view, maptile.New(0, 0, 0), nil)
	r.note("Far out, all mosaics below the whole world took %.2f s once; they are shared by all tiles of z0–z%d until an edit meets them.", time.Since(began).Seconds(), lastFar)
	waiting := true
	rows := make([]Row, lastFar+1)
	for z := maptile.Zoom(lastFar); ; z-- {
		var list []maptile.Tile
		asked := map[maptile.Tile]bool{}
		for _, t := range tilesAt(r.source.places, z, 256) {
			if !asked[t] {
				asked[t] = true
				list = append(list, t)
			}
		}
		name := fmt.Sprintf("z%d", z)
		figures, err := compete(ctx, name, r.pace(), contender{who: "ours", lanes: []lane{func(_ context.Context, i int) (int, error) {
			return len(tiles.Encode(view, list[i%len(list)], nil)), nil
		}}})
		if err != nil {
			return err
		}
		ours := figures[0]
		draw := func(t maptile.Tile) ([]byte, error) { return tiles.Encode(view, t, nil), nil }
		_, _, largest, err := sizes(list, draw)
		if err != nil {
			return err
		}
		some := list[:min(3, len(list))] // as many as ST_AsMVT can be asked for
		if ours.Bytes, ours.Zipped, _, err = sizes(some, draw); err != nil {
			return err
		}
		ours.Note = fmt.Sprintf("distinct tiles: %d", len(list))
		edited := r.afterEdits(ctx, z)
		row := Row{Group: "Far out, not cached, one goroutine", What: name, Figures: []Figure{ours, edited}}
		if waiting {
			theirs := contender{who: "ST_AsMVT", cpu: withChildren(r.store.server), lanes: []lane{func(ctx context.Context, i int) (int, error) {
				body, err := drawByPostGIS(ctx, pool, list[i%len(list)])
				return len(body), err
			}}}
			r.Tell(name + ": ST_AsMVT")
			f, err := theirs.measure(ctx, name, 0, r.Each)
			if err == nil {
				f.Bytes, f.Zipped, _, err = sizes(some, func(t maptile.Tile) ([]byte, error) { return drawByPostGIS(ctx, pool, t) })
			}
			var stopped *pgconn.PgError
			switch {
			case errors.As(err, &stopped) && stopped.Code == "57014":
				waiting = false
				row.Figures = append(row.Figures, Figure{Who: "ST_AsMVT", Note: fmt.Sprintf("more than %v, and farther out too", patience)})
			case err != nil:
				return err
			default:
				row.Figures = append(row.Figures, f)
			}
		}
		const sizeBudget, lateBudget = 500, 60 // KB, ms
		row.Verdicts = []Verdict{
			atMost(sizeBudget, "KB", " gzip, the largest", largest/1000),
			atMost(lateBudget, "ms", " p99", ours.P99),
			atMost(lateBudget, "ms", " p99 after an edit", edited.P99),
		}
		rows[z] = row
		if z == 0 {
			break
		}
	}
	for _, row := range rows {
		r.add(row)
	}
	return nil
}

// afterEdits draws the tile over a plot that was just edited: the mosaics that
// the plot lies in are made again.
func (r *tilesRun) afterEdits(ctx context.Context, z maptile.Zoom) Figure {
	var times histogram
	var used time.Duration
	view := r.live.View()
	random := rand.New(rand.NewPCG(3, uint64(z)))
	statuses := land.Statuses()
	r.Tell(fmt.Sprintf("z%d: after edits", z))
	const least = 5
	for end := time.Now().Add(r.Each); ctx.Err() == nil && (times.n < least || time.Now().Before(end)); {
		held, _ := view.Plots.Get(land.PlotID(1 + random.IntN(r.Plots)))
		p := held.Plot()
		p.Status = statuses[random.IntN(len(statuses))].Status
		next, _ := view.With(land.Delta{Seq: view.Seq + 1, At: view.Day, Parks: r.source.register.Parks, Plots: []land.Plot{p}})
		tile := maptile.At(p.Boundary[0][0][0], z)
		before, began := ownCPU(), time.Now()
		tiles.Encode(next, tile, nil)
		times.add(time.Since(began))
		used += ownCPU() - before
	}
	return Figure{
		Who: "ours after an edit", P50: milliseconds(times.percentile(0.5)), P99: milliseconds(times.percentile(0.99)), Count: times.n,
		CPU: float64(used.Microseconds()) / float64(times.n),
	}
}
