package postgis

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Preview tells plot by plot what an import would do to the register as it is,
// and which plots of the park the file leaves out. The file's boundaries come as
// they would be stored; their areas are computed here, and by the database when
// they are written.
func (db *DB) Preview(ctx context.Context, in land.Import, read ReadPlots) ([]land.PreviewedPlot, error) {
	var drafts []land.Draft
	if _, err := read(func(d land.Draft) error { drafts = append(drafts, d); return nil }); err != nil {
		return nil, err
	}
	if len(drafts) == 0 {
		return nil, nil
	}
	known := map[string]land.Plot{}
	plane := planeFor(drafts[0].CRS)
	if has, err := db.HasPark(ctx, in.Park); err != nil {
		return nil, err
	} else if has {
		register, err := db.Load(ctx, land.Moment{}, in.Park)
		if err != nil {
			return nil, err
		}
		plane = register.Parks[0].PlaneCRS
		for _, p := range register.Plots {
			known[p.PlotNo] = p
		}
	}
	today := land.DateOf(db.now().In(land.ChinaStandardTime))
	told := make([]land.PreviewedPlot, 0, len(drafts)+len(known))
	for _, d := range drafts {
		v := version{Plot: land.Plot{Park: in.Park, Attributes: d.Attributes}}
		v.Complete(today)
		if _, err := place(&v, d.Boundary, d.CRS, plane); err != nil {
			return nil, err
		}
		v.Area, v.AreaEllipsoid = geo.PlaneArea(v.plane), geo.EllipsoidArea(v.Boundary)
		p := land.PreviewedPlot{Plot: v.Plot, Row: d.Row, Difference: land.IsNew}
		if old, there := known[v.PlotNo]; there {
			p.ID, p.Version = old.ID, old.Version
			same := land.SameBoundary(old.Boundary, v.Boundary)
			if same {
				p.Area, p.AreaEllipsoid = old.Area, old.AreaEllipsoid
			}
			if same && sameText(old.Attributes, v.Attributes) {
				p.Difference = land.IsSame
			} else {
				p.Difference, p.Changes = land.IsChanged, land.Compare(old, p.Plot)
			}
			delete(known, v.PlotNo)
		}
		told = append(told, p)
	}
	for _, old := range sortedPlots(known) {
		told = append(told, land.PreviewedPlot{Plot: old, Difference: land.IsMissing})
	}
	return told, nil
}

func sortedPlots(byNumber map[string]land.Plot) []land.Plot {
	plots := slices.Collect(maps.Values(byNumber))
	slices.SortFunc(plots, func(a, b land.Plot) int { return cmp.Compare(a.ID, b.ID) })
	return plots
}
