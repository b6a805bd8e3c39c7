package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// AdjustBorders moves shared boundary points (界址调整), each in every plot that
// has it, so that the plots stay a coverage.
func (db *DB) AdjustBorders(ctx context.Context, actor land.Actor, j land.Adjust) ([]land.Plot, land.Change, error) {
	if len(j.Moves) == 0 {
		return nil, land.Change{}, land.Invalid("moves", geo.Say("没有要移动的点", "no point is to be moved"), geo.Say("请至少给出一对 from、to", "give at least one pair from, to"))
	}
	parkOf := func(context.Context, pgx.Tx) (land.ParkCode, error) { return j.Park, nil }
	return db.edit(ctx, actor, land.Adjusted, j.Act, parkOf, func(ctx context.Context, r *rewrite) error {
		t, err := geo.NewTransformer(j.CRS, r.park.PlaneCRS)
		if err != nil {
			return err
		}
		touched, err := r.withPoints(ctx, j.Moves, t)
		if err != nil {
			return err
		}
		planes := make([]geo.MultiPolygon, len(touched))
		plots := make([]land.Plot, len(touched))
		for i, v := range touched {
			planes[i], plots[i] = v.plane, v.Plot
			if read, named := j.Versions[v.ID]; named && read != v.Version {
				return land.ErrStale
			}
		}
		if r.day, err = j.Day(r.act.today(), plots...); err != nil {
			return err
		}
		moved := make([]bool, len(planes))
		for i, m := range j.Moves {
			from, to := geo.SnapToGrid(t(m.From)), geo.SnapToGrid(t(m.To))
			next, changed, err := topology.Move(planes, from, to)
			if err != nil {
				return err
			}
			any := false
			for k, c := range changed {
				moved[k] = moved[k] || c
				any = any || c
			}
			if !any {
				return land.Invalid("moves",
					geo.Say("东 %.3f，北 %.3f 处没有地块的界址点（第 %d 次移动）", "no plot has a boundary point at east %.3f, north %.3f (move %d)", from[0], from[1], i+1),
					geo.Say("请给出界址点的坐标", "give the coordinates of a boundary point"))
			}
			planes = next
		}
		for i, v := range touched {
			if moved[i] {
				if err := r.change(v, planes[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// withPoints are the plots at or near the points that are to be moved.
func (r *rewrite) withPoints(ctx context.Context, moves []land.Displacement, t func(geo.Point) geo.Point) ([]version, error) {
	found := map[land.PlotID]bool{}
	var all []version
	for _, m := range moves {
		at := t(m.From)
		near, err := r.neighbours(ctx, []geo.MultiPolygon{{{{at, at, at}}}}, nil)
		if err != nil {
			return nil, err
		}
		for _, v := range near {
			if !found[v.ID] {
				found[v.ID] = true
				all = append(all, v)
			}
		}
	}
	return all, nil
}
