package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// ReshapePlot gives a plot a new boundary (边界重划). What it takes is cut from its
// neighbours; each piece that it leaves goes to the neighbour that shares the
// longest border with the piece.
func (db *DB) ReshapePlot(ctx context.Context, actor land.Actor, id land.PlotID, s land.Reshape) ([]land.Plot, land.Change, error) {
	return db.edit(ctx, actor, land.Reshaped, s.Act, parkOfPlot(id), func(ctx context.Context, r *rewrite) error {
		subject, err := r.subject(ctx, id, s.Version)
		if err != nil {
			return err
		}
		wanted := subject
		if _, err := place(&wanted, s.Boundary, s.CRS, r.park.PlaneCRS); err != nil {
			return err
		}
		if err := land.Refuse(checkBoundaries([]version{wanted})); err != nil {
			return err
		}
		neighbours, err := r.neighbours(ctx, []geo.MultiPolygon{subject.plane, wanted.plane}, []land.PlotID{id})
		if err != nil {
			return err
		}
		shapes, err := r.exchange(ctx, subject.plane, wanted.plane, neighbours)
		if err != nil {
			return err
		}
		stitched, _ := topology.Stitch(append([]geo.MultiPolygon{wanted.plane}, shapes...), stitchTolerance)
		affected := []land.Plot{subject.Plot}
		for i, n := range neighbours {
			if !land.SameBoundary(n.plane, stitched[i+1]) {
				affected = append(affected, n.Plot)
			}
		}
		if r.day, err = s.Day(r.act.today(), affected...); err != nil {
			return err
		}
		if err := r.change(subject, stitched[0]); err != nil {
			return err
		}
		for i, n := range neighbours {
			if land.SameBoundary(n.plane, stitched[i+1]) {
				continue
			}
			if len(stitched[i+1]) == 0 {
				return land.Conflict(
					geo.Say("新边界将占去整个地块 %s", "the new boundary would take the whole of plot %s", n.PlotNo),
					geo.Say("请合并地块", "merge the plots"))
			}
			if err := r.change(n, stitched[i+1]); err != nil {
				return err
			}
		}
		return nil
	})
}

// exchange gives the neighbours' shapes after the subject went from one shape to
// another; those that it does not touch stay as they are. Overlays are on the 0.001 m grid (GEOS OverlayNG).
func (r *rewrite) exchange(ctx context.Context, from, to geo.MultiPolygon, neighbours []version) ([]geo.MultiPolygon, error) {
	rows, err := r.act.tx.Query(ctx, `
		WITH s AS (SELECT ST_GeomFromEWKB($1) AS was, ST_GeomFromEWKB($2) AS becomes),
		n AS (SELECT i, ST_GeomFromEWKB(g) AS g FROM unnest($3::bytea[]) WITH ORDINALITY u (g, i)),
		left_over AS (SELECT (ST_Dump(ST_CollectionExtract(ST_Difference(was, becomes, 0.001), 3))).geom AS g FROM s),
		given AS (
			SELECT DISTINCT ON (l.g) l.g, n.i FROM left_over l JOIN n ON ST_Intersects(l.g, n.g)
			ORDER BY l.g, ST_Length(ST_CollectionExtract(ST_Intersection(ST_Boundary(l.g), ST_Buffer(n.g, 0.005)), 2)) DESC, n.i)
		SELECT CASE WHEN ST_Relate(n.g, s.becomes, 'T********') OR g.given IS NOT NULL THEN
			ST_Multi(ST_CollectionExtract(ST_Union(ST_Difference(n.g, s.becomes, 0.001), coalesce(g.given, 'POLYGON EMPTY'::geometry), 0.001), 3)) END
		FROM s, n LEFT JOIN (SELECT i, ST_Union(g) AS given FROM given GROUP BY i) g USING (i) ORDER BY n.i`, geo.EncodeEWKB(from, 0), geo.EncodeEWKB(to, 0), encodePlanes(neighbours))
	if err != nil {
		return nil, err
	}
	encoded, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return nil, err
	}
	shapes := make([]geo.MultiPolygon, len(encoded))
	for i, e := range encoded {
		shapes[i] = neighbours[i].plane
		if e == nil {
			continue
		}
		if shapes[i], err = geo.DecodeEWKB(e); err != nil {
			return nil, err
		}
	}
	return shapes, nil
}
