package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
)

// edits changes a plot, and asks for a tile over it until it is another.
func (r *tilesRun) edits(ctx context.Context) error {
	c := newClient(r.ours.host, "")
	defer c.close()
	random := rand.New(rand.NewPCG(5, 5))
	var shown, drawn histogram
	r.Tell("edits")
	const zoom = 16
	for end := time.Now().Add(time.Duration(r.Runs) * r.Each); shown.n < 1 || time.Now().Before(end); {
		view := r.live.View()
		held, ok := view.Plots.Get(land.PlotID(1 + random.IntN(r.Plots)))
		if !ok {
			return errors.New("a plot of the city is not there")
		}
		p := held.Plot()
		p.Version++
		far := float64(p.Version) + random.Float64()
		p.FARMax = &far
		tile := maptile.At(p.Boundary[0][0][0], zoom)
		path := r.ours.paths([]maptile.Tile{tile})[0]
		before, err := c.get(ctx, path, false)
		if err != nil {
			return err
		}
		began := time.Now()
		seq := r.source.change(p)
		after, err := c.get(ctx, fmt.Appendf(path[:len(path):len(path)], "?after=%d", seq), true)
		if err != nil {
			return err
		}
		shown.add(time.Since(began))
		if after.status != 200 || bytes.Equal(before.tag, after.tag) {
			return fmt.Errorf("the tile %s did not change (%d)", path, after.status)
		}
		began = time.Now()
		view.With(land.Delta{Seq: view.Seq + 1, At: view.Day, Parks: r.source.register.Parks, Plots: []land.Plot{p}})
		drawn.add(time.Since(began))
	}
	const budget = 250
	figure := func(who string, h *histogram) Figure {
		return Figure{Who: who, P50: milliseconds(h.percentile(0.5)), P99: milliseconds(h.percentile(0.99)), Count: h.n}
	}
	ours := figure("ours", &shown)
	ours.Note = "in process and over HTTP, without the database"
	r.add(Row{
		Group: "Edit to fresh tile", What: fmt.Sprintf("change told, tile of z%d shows it", zoom), Figures: []Figure{ours},
		Verdicts: []Verdict{atMost(budget, "ms", " p99", ours.P99)},
	})
	r.add(Row{Group: "Edit to fresh tile", What: "of it the next view", Figures: []Figure{figure("ours", &drawn)}})
	return nil
}
