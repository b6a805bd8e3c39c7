package postgis

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// History lists a plot's versions, oldest first, each with its change and what
// it changed.
func (db *DB) History(ctx context.Context, id land.PlotID) ([]land.PlotVersion, error) {
	var versions []land.PlotVersion
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		plots, err := readVersions(ctx, tx, `WHERE plot_id = $1`, id)
		if err != nil {
			return err
		}
		if len(plots) == 0 {
			return &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
		}
		rows, err := tx.Query(ctx, selectChanges+` JOIN change_plots p USING (seq) WHERE p.plot_id = $1 ORDER BY p.version`, id)
		if err != nil {
			return err
		}
		changes, err := pgx.CollectRows(rows, scanChange)
		if err != nil {
			return err
		}
		if len(changes) != len(plots) {
			return fmt.Errorf("plot %d has %d versions and %d changes", id, len(plots), len(changes))
		}
		for i, p := range plots {
			v := land.PlotVersion{Plot: p.Plot, Retired: p.retired, Change: changes[i]}
			if i > 0 {
				v.Differences = land.Compare(plots[i-1].Plot, p.Plot)
			}
			versions = append(versions, v)
		}
		return nil
	})
	return versions, err
}

// plotsTold is how many plots a change may have changed for the feed to tell
// what it changed of each.
const plotsTold = 100

// FullChange is a change with the versions that it made, what they changed, and
// the plots as they were before; none where it made very many.
type FullChange struct {
	land.Change
	Versions []land.PlotVersion
	Before   []land.Plot // of those that were there, by number
}

// ChangesInFull lists the changes after a number, oldest first, at most limit.
func (db *DB) ChangesInFull(ctx context.Context, since land.Seq, limit int) ([]FullChange, error) {
	var full []FullChange
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectChanges+` WHERE seq > $1 ORDER BY seq LIMIT $2`, since, limit)
		if err != nil {
			return err
		}
		changes, err := pgx.CollectRows(rows, scanChange)
		if err != nil || len(changes) == 0 {
			return err
		}
		lineage, err := readLineage(ctx, tx, changes[0].Seq, changes[len(changes)-1].Seq)
		if err != nil {
			return err
		}
		for _, c := range changes {
			c.Lineage = lineage[c.Seq]
			told := FullChange{Change: c}
			if len(c.Plots) <= plotsTold {
				if told.Versions, told.Before, err = compareVersions(ctx, tx, c.Seq); err != nil {
					return err
				}
			}
			full = append(full, told)
		}
		return nil
	})
	return full, err
}

// compareVersions tells what a change changed of each of its plots, and how they
// were before.
func compareVersions(ctx context.Context, tx pgx.Tx, seq land.Seq) (told []land.PlotVersion, before []land.Plot, err error) {
	versions, err := readVersions(ctx, tx, `v WHERE EXISTS (SELECT FROM change_plots c WHERE c.seq = $1 AND c.plot_id = v.plot_id AND v.version IN (c.version - 1, c.version))`, seq)
	if err != nil {
		return nil, nil, err
	}
	for i, v := range versions {
		if i+1 < len(versions) && versions[i+1].ID == v.ID {
			before = append(before, v.Plot)
			continue
		}
		one := land.PlotVersion{Plot: v.Plot, Retired: v.retired}
		if i > 0 && versions[i-1].ID == v.ID {
			one.Differences = land.Compare(versions[i-1].Plot, v.Plot)
		}
		told = append(told, one)
	}
	return told, before, nil
}

// storedVersion is a version as it lies in the database.
type storedVersion struct {
	land.Plot
	retired bool
	plane   geo.CRS
	geom    []byte
	digest  []byte
}

// readVersions reads versions, by plot and version.
func readVersions(ctx context.Context, tx pgx.Tx, where string, args ...any) ([]storedVersion, error) {
	rows, err := tx.Query(ctx, `SELECT `+plotColumns+`, retired, plane_srid, digest FROM plot_versions `+where+` ORDER BY plot_id, version`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanVersion)
}

func scanVersion(row pgx.CollectableRow) (storedVersion, error) {
	var v storedVersion
	s := plotScan{plot: &v.Plot}
	if err := row.Scan(append(s.targets(), &v.retired, &v.plane, &v.digest)...); err != nil {
		return v, err
	}
	v.geom = s.geom
	return v, s.finish()
}

// Lineage is a plot's family: every plot that it came out of and that came out
// of it, through any number of acts, and who came out of whom.
func (db *DB) Lineage(ctx context.Context, id land.PlotID) (plots []land.PlotVersion, family []land.Descent, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if family, err = familyOf(ctx, tx, []land.PlotID{id}); err != nil {
			return err
		}
		ids := []int64{int64(id)}
		for _, d := range family {
			ids = append(ids, int64(d.Parent), int64(d.Child))
		}
		last, err := readVersions(ctx, tx, `WHERE (plot_id, version) IN (SELECT id, version FROM plots WHERE id = ANY ($1))`, ids)
		if err != nil {
			return err
		}
		if len(last) == 0 {
			return &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
		}
		for _, v := range last {
			plots = append(plots, land.PlotVersion{Plot: v.Plot, Retired: v.retired})
		}
		return nil
	})
	return plots, family, err
}

// familyOf tells of plots, and of all that they came out of and that came out of
// them, who came out of whom.
func familyOf(ctx context.Context, tx pgx.Tx, ids []land.PlotID) ([]land.Descent, error) {
	rows, err := tx.Query(ctx, `
		WITH RECURSIVE
			up AS (SELECT parent, child FROM lineage WHERE child = ANY ($1) UNION SELECT l.parent, l.child FROM lineage l JOIN up ON l.child = up.parent),
			down AS (SELECT parent, child FROM lineage WHERE parent = ANY ($1) UNION SELECT l.parent, l.child FROM lineage l JOIN down ON l.parent = down.child)
		SELECT parent, child FROM up UNION SELECT parent, child FROM down ORDER BY parent, child`, ids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[land.Descent])
}

// Successors says where a plot that ended went: a *land.EndedError with the
// current plots that came out of it, or a *land.NotFoundError when there never
// was such a plot. It is nil for a plot that is in the register.
func (db *DB) Successors(ctx context.Context, id land.PlotID) error {
	return db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var retired bool
		ended := &land.EndedError{ID: id}
		err := tx.QueryRow(ctx, `SELECT retired, plot_no FROM plots WHERE id = $1`, id).Scan(&retired, &ended.PlotNo)
		if errors.Is(err, pgx.ErrNoRows) {
			return &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
		}
		if err != nil || !retired {
			return err
		}
		rows, err := tx.Query(ctx, `
			WITH RECURSIVE down AS (SELECT child FROM lineage WHERE parent = $1 UNION SELECT l.child FROM lineage l JOIN down ON l.parent = down.child)
			`+selectPlots+` WHERE plot_id IN (SELECT child FROM down) ORDER BY plot_id`, id)
		if err != nil {
			return err
		}
		if ended.Successors, err = pgx.CollectRows(rows, scanPlot); err != nil {
			return err
		}
		return ended
	})
}

// PlotByNumber finds the plot that has a number in a park, or had it last.
func (db *DB) PlotByNumber(ctx context.Context, park land.ParkCode, number string) (land.PlotID, error) {
	var id land.PlotID
	err := db.pool.QueryRow(ctx, `
		SELECT plot_id FROM plot_versions v JOIN plots p ON p.id = v.plot_id
		WHERE v.park = $1 AND v.plot_no = $2
		ORDER BY (NOT p.retired AND p.plot_no = $2) DESC, v.recorded_at DESC, plot_id DESC LIMIT 1`, park, number).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, &land.NotFoundError{What: "plot", Name: string(park) + " " + number}
	}
	return id, explain(err)
}
