package postgis

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// mostRows is how many plots a figure names at most.
const mostRows = 1000

// Supervision tells how cases and land of the parks stand on a day, all parks that
// the actor may see where none is named; a zero day is today.
func (db *DB) Supervision(ctx context.Context, actor land.Actor, parks []land.ParkCode, at land.Date, w land.Watch) (land.Supervision, error) {
	s := land.Supervision{At: db.dayOf(land.Moment{At: at})}
	if err := db.maySupervise(actor, &parks, s.At); err != nil {
		return s, err
	}
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var err error
		if s.Seq, _, err = db.last(ctx, tx, time.Time{}); err != nil {
			return err
		}
		all, err := readParks(ctx, tx)
		if err != nil {
			return err
		}
		chosen, err := choose(all, parks)
		if err != nil {
			return err
		}
		codes := make([]land.ParkCode, len(chosen))
		for i, p := range chosen {
			codes[i] = p.Code
		}
		cases, err := readCases(ctx, tx, codes)
		if err != nil {
			return err
		}
		if s.Deadlines, err = readDeadlines(ctx, tx, cases, w.Near, s.At); err != nil {
			return err
		}
		if s.Idle, err = db.readIdle(ctx, tx, codes, cases, w.IdleNear, s.At); err != nil {
			return err
		}
		if s.Progress, err = db.readProgress(ctx, tx, chosen, cases, s.At); err != nil {
			return err
		}
		s.Milestones, err = db.readMilestones(ctx, tx, chosen, w.Schedule.Periods, s.At)
		return err
	})
	return s, err
}

// maySupervise refuses an actor who may not see all cases of the parks, and a day
// to come. An actor of one park who names none asks for that.
func (db *DB) maySupervise(actor land.Actor, parks *[]land.ParkCode, at land.Date) error {
	if len(*parks) == 0 && actor.Park != "" {
		*parks = []land.ParkCode{actor.Park}
	}
	if len(*parks) == 0 {
		if err := actor.MaySupervise(""); err != nil {
			return err
		}
	}
	for _, p := range *parks {
		if err := actor.MaySupervise(p); err != nil {
			return err
		}
	}
	if at.After(db.Today()) {
		return errDayToCome
	}
	return nil
}

// readCases reads every case of the parks.
func readCases(ctx context.Context, tx pgx.Tx, parks []land.ParkCode) ([]land.Case, error) {
	rows, err := tx.Query(ctx, selectCases+` WHERE park = ANY ($1) ORDER BY park, year, serial`, parks)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanCase)
}

func readDeadlines(ctx context.Context, tx pgx.Tx, cases []land.Case, near int, at land.Date) ([]land.CaseDeadline, error) {
	calendar, err := readCalendar(ctx, tx)
	if err != nil {
		return nil, err
	}
	var running []land.CaseDeadline
	var ids []land.PlotID
	for _, c := range cases {
		if d, ok := land.DeadlineOf(c.Clock, c.Term(), near, calendar, at); ok && d.Ended.IsZero() {
			running = append(running, land.CaseDeadline{Case: c, Deadline: d})
			ids = append(ids, c.Plots...)
		}
	}
	names, err := readPlotNames(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range running {
		for _, id := range running[i].Case.Plots {
			running[i].Plots = append(running[i].Plots, land.PlotName{ID: id, PlotNo: names[id]})
		}
	}
	land.SortDeadlines(running)
	return running, nil
}

func readPlotNames(ctx context.Context, tx pgx.Tx, ids []land.PlotID) (map[land.PlotID]string, error) {
	rows, err := tx.Query(ctx, `SELECT id, plot_no FROM plots WHERE id = ANY ($1)`, ids)
	if err != nil {
		return nil, err
	}
	names := map[land.PlotID]string{}
	var id land.PlotID
	var no string
	_, err = pgx.ForEachRow(rows, []any{&id, &no}, func() error { names[id] = no; return nil })
	return names, err
}

// plotsOn is where plots are read as they held on a day, which is $2.
func (db *DB) plotsOn(at land.Date) string {
	if at == db.Today() {
		return `(SELECT * FROM current_plots WHERE valid_from <= $2)`
	}
	return `plots_at($2, 'infinity')`
}

// readIdle reads the plots that were supplied and are not built on, and those of
// which a case disposed, with their clocks.
func (db *DB) readIdle(ctx context.Context, tx pgx.Tx, parks []land.ParkCode, cases []land.Case, near int, at land.Date) ([]land.IdlePlot, error) {
	rows, err := tx.Query(ctx, `
		SELECT plot_id, plot_no, park, holder, area_m2, status, supplied_on, version, recorded_at
		FROM `+db.plotsOn(at)+` AS p
		WHERE park = ANY ($1) AND (status IN ('supplied', 'idle') OR plot_id = ANY ($3))`, parks, at.Time(), land.DisposedOf(cases, at))
	if err != nil {
		return nil, err
	}
	plots, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.SuppliedPlot, error) {
		var p land.SuppliedPlot
		var on *pgDate
		err := row.Scan(&p.ID, &p.PlotNo, &p.Park, &p.Holder, &p.Area, &p.Status, &on, &p.Changes, &p.ChangedAt)
		if on != nil {
			p.SuppliedOn = on.Date
		}
		return p, err
	})
	if err != nil {
		return nil, err
	}
	origins, err := readOrigins(ctx, tx, plots)
	if err != nil {
		return nil, err
	}
	var idle []land.IdlePlot
	for _, p := range land.SuppliedBy(plots, origins, cases, at) {
		if k, ok := p.IdlePlot(near, at); ok {
			idle = append(idle, k)
		}
	}
	land.SortIdle(idle)
	return idle, nil
}

// readOrigins reads out of which plots each of some came, and itself among them.
func readOrigins(ctx context.Context, tx pgx.Tx, plots []land.SuppliedPlot) (map[land.PlotID][]land.PlotID, error) {
	ids := make([]land.PlotID, len(plots))
	for i, p := range plots {
		ids[i] = p.ID
	}
	rows, err := tx.Query(ctx, `SELECT plot_id, array_agg(ancestor) FROM with_ancestors($1) GROUP BY plot_id`, ids)
	if err != nil {
		return nil, err
	}
	origins := map[land.PlotID][]land.PlotID{}
	var id land.PlotID
	var from []land.PlotID
	_, err = pgx.ForEachRow(rows, []any{&id, &from}, func() error { origins[id] = from; return nil })
	return origins, err
}

func (db *DB) readProgress(ctx context.Context, tx pgx.Tx, parks []land.Park, cases []land.Case, at land.Date) ([]land.ParkProgress, error) {
	progress := make([]land.ParkProgress, len(parks))
	codes := make([]land.ParkCode, len(parks))
	for i, p := range parks {
		progress[i].Park, codes[i] = p, p.Code
	}
	held, err := db.readParkLand(ctx, tx, codes, at)
	if err != nil {
		return nil, err
	}
	states, err := readQuotaStates(ctx, tx, QuotaQuery{Parks: codes}, at, time.Time{})
	if err != nil {
		return nil, err
	}
	for i := range progress {
		p := &progress[i]
		p.Land, p.Projects = held[p.Park.Code], land.ProjectsOf(cases, p.Park.Code, at)
		for _, s := range states {
			if s.Account.Park == p.Park.Code {
				p.Quota = append(p.Quota, s)
			}
		}
	}
	return progress, nil
}

// readParkLand adds up the land of parks by status, as it held on a day.
func (db *DB) readParkLand(ctx context.Context, tx pgx.Tx, parks []land.ParkCode, at land.Date) (map[land.ParkCode]land.ParkLand, error) {
	rows, err := tx.Query(ctx, `
		SELECT park, status, sum(area_m2::numeric)::float8, count(*), (array_agg(plot_id ORDER BY plot_id))[1:$3]
		FROM `+db.plotsOn(at)+` AS p WHERE park = ANY ($1) GROUP BY park, status`, parks, at.Time(), mostRows)
	if err != nil {
		return nil, err
	}
	held := map[land.ParkCode]land.ParkLand{}
	var park land.ParkCode
	var status land.Status
	var one land.StatusLand
	_, err = pgx.ForEachRow(rows, []any{&park, &status, &one.Area, &one.Count, &one.Plots}, func() error {
		if held[park] == nil {
			held[park] = land.ParkLand{}
		}
		one.Plots = slices.Clone(one.Plots)
		held[park][status] = one
		return nil
	})
	return held, err
}

// readMilestones reads the land of the parks that the plan has, by the end of each
// period that has begun.
func (db *DB) readMilestones(ctx context.Context, tx pgx.Tx, parks []land.Park, periods []land.Period, at land.Date) ([]land.MilestoneLand, error) {
	var planned []land.ParkCode
	for _, p := range parks {
		if p.Plan != nil {
			planned = append(planned, p.Code)
		}
	}
	milestones := make([]land.MilestoneLand, len(periods))
	for i, p := range periods {
		m := &milestones[i]
		m.Period = p
		if p.From.After(at) {
			continue
		}
		if m.On = p.Until; m.On.After(at) {
			m.On = at
		}
		var err error
		if m.Land, err = db.readParkLand(ctx, tx, planned, m.On); err != nil {
			return nil, err
		}
	}
	return milestones, nil
}
