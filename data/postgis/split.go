package postgis

import (
	"context"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// SplitPlot cuts a plot into parts (分割) and ends it. Its neighbours get the
// vertices in which the cut meets the border.
func (db *DB) SplitPlot(ctx context.Context, actor land.Actor, id land.PlotID, s land.Split) ([]land.Plot, land.Change, error) {
	return db.edit(ctx, actor, land.SplitUp, s.Act, parkOfPlot(id), func(ctx context.Context, r *rewrite) error {
		whole, err := r.subject(ctx, id, s.Version)
		if err != nil {
			return err
		}
		if r.day, err = s.Day(r.act.today(), whole.Plot); err != nil {
			return err
		}
		parts, err := r.divide(whole.plane, s)
		if err != nil {
			return err
		}
		areas := make([]geo.SquareMetres, len(parts))
		for i, p := range parts {
			areas[i] = geo.PlaneArea(p)
		}
		attributes, err := whole.Divide(areas, s.PlotNos, r.day)
		if err != nil {
			return err
		}
		r.retire(whole)
		neighbours, err := r.neighbours(ctx, parts, []land.PlotID{id})
		if err != nil {
			return err
		}
		if parts, err = r.stitch(parts, neighbours); err != nil {
			return err
		}
		return r.found(ctx, attributes, parts, id)
	})
}

// divide cuts a boundary in the plane as it is asked for.
func (r *rewrite) divide(whole geo.MultiPolygon, s land.Split) ([]geo.MultiPolygon, error) {
	if s.Line != nil {
		t, err := geo.NewTransformer(s.CRS, r.park.PlaneCRS)
		if err != nil {
			return nil, err
		}
		line := make([]geo.Point, len(s.Line))
		for i, p := range s.Line {
			line[i] = t(p)
		}
		return topology.Split(whole, line)
	}
	parts := make([]geo.MultiPolygon, len(s.Parts))
	for i, p := range s.Parts {
		var err error
		if parts[i], _, err = geo.SnapPolygon(p, s.CRS, r.park.PlaneCRS); err != nil {
			return nil, err
		}
	}
	return topology.Partition(whole, parts)
}
