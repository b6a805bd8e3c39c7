package postgis

import (
	"context"

	"github.com/dikuai/dikuai/data/land"
)

// RetirePlot ends a plot (注销). Its history stays, and so does its place in
// every day before.
func (db *DB) RetirePlot(ctx context.Context, actor land.Actor, id land.PlotID, read int, what land.Act) (land.Change, error) {
	return db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		present, park, err := a.lockPlot(ctx, id)
		if err != nil {
			return land.Change{}, err
		}
		if present.Version != read {
			return land.Change{}, land.ErrStale
		}
		v := version{Plot: present, retired: true}
		if v.ValidFrom, err = what.Day(a.today(), present); err != nil {
			return land.Change{}, err
		}
		v.Version, v.RecordedAt = present.Version+1, a.now
		change := land.Change{Kind: land.Retired, Park: v.Park, Reason: what.Reason, CaseNo: what.CaseNo}
		return change, a.writeVersions(ctx, park.PlaneCRS, []version{v})
	})
}

// lockPlot makes the act the only one that writes in a plot's park, if the actor
// may, and reads the plot as it then is.
func (a *act) lockPlot(ctx context.Context, id land.PlotID) (land.Plot, land.Park, error) {
	found, err := readPlot(ctx, a.tx, id)
	if err != nil {
		return land.Plot{}, land.Park{}, err
	}
	if err := a.actor.MayEdit(found.Park); err != nil {
		return land.Plot{}, land.Park{}, err
	}
	park, err := a.lockPark(ctx, found.Park)
	if err != nil {
		return land.Plot{}, land.Park{}, err
	}
	present, err := readPlot(ctx, a.tx, id) // again, now that nobody else writes in the park
	return present, park, err
}
