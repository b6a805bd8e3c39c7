package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles"
)

// Zooms at which plots are drawn one by one.
const (
	firstSingle = 13
	lastSingle  = 18
)

// encode draws tiles in process.
func (r *tilesRun) encode(ctx context.Context) error {
	pool, err := r.store.connect(ctx, workers, 0)
	if err != nil {
		return err
	}
	defer pool.Close()
	r.note("Encode: %d goroutines against as many connections; random tiles, each as likely as it has plots. Ours hold the park's outline and the plots' labels too, theirs the plots alone.", workers)
	view := r.live.View()
	conns := make([]*pgxpool.Conn, workers)
	for i := range conns {
		if conns[i], err = pool.Acquire(ctx); err != nil {
			return err
		}
		defer conns[i].Release()
	}
	for z := maptile.Zoom(firstSingle); z <= lastSingle; z++ {
		list := tilesAt(r.source.places, z, longList)
		ours, theirs := contender{who: "ours"}, contender{who: "ST_AsMVT", cpu: withChildren(r.store.server)}
		for _, conn := range conns {
			ours.lanes = append(ours.lanes, func(_ context.Context, i int) (int, error) {
				return len(tiles.Encode(view, list[i%len(list)], nil)), nil
			})
			theirs.lanes = append(theirs.lanes, func(ctx context.Context, i int) (int, error) {
				body, err := drawByPostGIS(ctx, conn, list[i%len(list)])
				return len(body), err
			})
		}
		name := fmt.Sprintf("z%d", z)
		figures, err := compete(ctx, name, r.pace(), ours, theirs)
		if err != nil {
			return err
		}
		const sample = 32
		for i, draw := range []func(maptile.Tile) ([]byte, error){
			func(t maptile.Tile) ([]byte, error) { return tiles.Encode(view, t, nil), nil },
			func(t maptile.Tile) ([]byte, error) { return drawByPostGIS(ctx, conns[0], t) },
		} {
			if figures[i].Bytes, figures[i].Zipped, _, err = sizes(list[:sample], draw); err != nil {
				return err
			}
		}
		const ratioBudget, lateBudget, strictFrom = 50, 1, 15 // ×, ms, zoom
		row := Row{Group: "Encode, not cached, in process", What: name, Figures: figures}
		row.Verdicts = []Verdict{atLeast(ratioBudget, "×", "", row.ratio())}
		if z >= strictFrom {
			row.Verdicts = append(row.Verdicts, atMost(lateBudget, "ms", " p99", figures[0].P99))
		}
		r.add(row)
	}
	return nil
}

// sizes are the means of some tiles, plain and compressed, and the largest
// compressed one.
func sizes(list []maptile.Tile, draw func(maptile.Tile) ([]byte, error)) (plain, zipped, largest float64, err error) {
	for _, t := range list {
		body, err := draw(t)
		if err != nil {
			return 0, 0, 0, err
		}
		z := float64(len(tiles.Compress(body)))
		plain, zipped, largest = plain+float64(len(body)), zipped+z, max(largest, z)
	}
	n := float64(len(list))
	return plain / n, zipped / n, largest, nil
}
