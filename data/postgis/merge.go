package postgis

import (
	"context"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// MergePlots makes adjacent plots into one (合并) and ends them.
func (db *DB) MergePlots(ctx context.Context, actor land.Actor, m land.Merge) ([]land.Plot, land.Change, error) {
	if err := m.CheckIDs(); err != nil {
		return nil, land.Change{}, err
	}
	return db.edit(ctx, actor, land.Merged, m.Act, parkOfPlot(m.IDs[0]), func(ctx context.Context, r *rewrite) error {
		parts := make([]version, len(m.IDs))
		plots := make([]land.Plot, len(m.IDs))
		planes := make([]geo.MultiPolygon, len(m.IDs))
		for i, id := range m.IDs {
			read := 0
			if len(m.Versions) > 0 {
				read = m.Versions[i]
			}
			v, err := r.subject(ctx, id, read)
			if err != nil {
				return err
			}
			parts[i], plots[i], planes[i] = v, v.Plot, v.plane
		}
		var err error
		if r.day, err = m.Day(r.act.today(), plots...); err != nil {
			return err
		}
		attributes, err := land.Join(plots, m.PlotNo, r.day)
		if err != nil {
			return err
		}
		if m.Change != nil {
			if err := m.Change(&attributes); err != nil {
				return err
			}
		}
		neighbours, err := r.neighbours(ctx, planes, m.IDs)
		if err != nil {
			return err
		}
		whole, err := topology.Merge(planes, planesOf(neighbours)...)
		if err != nil {
			return err
		}
		for _, v := range parts {
			r.retire(v)
		}
		stitched, err := r.stitch([]geo.MultiPolygon{whole}, neighbours)
		if err != nil {
			return err
		}
		return r.found(ctx, []land.Attributes{attributes}, stitched, m.IDs...)
	})
}
