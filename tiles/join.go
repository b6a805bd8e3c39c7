package tiles

import (
	"strconv"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// Join makes one boundary of several, coordinates x before y in crs: what adjoins
// or overlaps is one part of it. It comes in crs where that is a plane, else in
// EPSG:4547. Its error is a *topology.InvalidError.
func Join(boundaries []geo.MultiPolygon, crs geo.CRS) (geo.MultiPolygon, geo.CRS, error) {
	if len(boundaries) == 1 {
		return boundaries[0], crs, nil
	}
	plane := planeOf(crs)
	there, err := geo.NewTransformer(crs, plane)
	if err != nil {
		return nil, 0, err
	}
	onPlane := make([]geo.MultiPolygon, len(boundaries))
	for i, p := range boundaries {
		onPlane[i] = geo.MapPoints(p, there)
		if err := topology.Valid(onPlane[i]); err != nil {
			return nil, 0, err
		}
	}
	return topology.Union(onPlane...), plane, nil
}

// JoinPlots is the boundary of some plots together, as Join makes it of theirs. A
// plot that the view does not hold is a *land.NotFoundError.
func (v *View) JoinPlots(ids []land.PlotID) (geo.MultiPolygon, geo.CRS, error) {
	boundaries := make([]geo.MultiPolygon, len(ids))
	for i, id := range ids {
		r, ok := v.Plots.Get(id)
		if !ok {
			return nil, 0, &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
		}
		boundaries[i] = r.Boundary()
	}
	return Join(boundaries, geo.CGCS2000)
}
