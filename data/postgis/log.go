package postgis

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// LogFault is a place where the change log does not hold together.
type LogFault struct {
	Seq     land.Seq
	Message string
}

// CheckLog walks the whole change log and tells every place where a version's
// digest, a change's hash or the order of numbers is not what was written. What
// cannot show is a log cut off at its end: keep the last hash elsewhere to
// notice that. progress is called now and then with the number of changes seen.
func (db *DB) CheckLog(ctx context.Context, progress func(done int)) (faults []LogFault, last land.Change, err error) {
	err = db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var before []byte
		var lineage map[land.Seq][]land.Descent
		if lineage, err = readLineage(ctx, tx, 0, math.MaxInt64); err != nil {
			return err
		}
		for done := 0; ; done++ {
			rows, err := tx.Query(ctx, selectChanges+` WHERE seq > $1 ORDER BY seq LIMIT 1`, last.Seq)
			if err != nil {
				return err
			}
			c, err := pgx.CollectExactlyOneRow(rows, scanChange)
			if errors.Is(err, pgx.ErrNoRows) {
				for _, strays := range []func(context.Context, pgx.Tx) ([]LogFault, error){strayVersions, strayQuota, strayCases} {
					found, err := strays(ctx, tx)
					if err != nil {
						return err
					}
					faults = append(faults, found...)
				}
				return nil
			}
			if err != nil {
				return err
			}
			if c.Seq != last.Seq+1 {
				faults = append(faults, LogFault{c.Seq, fmt.Sprintf("changes %d to %d are missing", last.Seq+1, c.Seq-1)})
			}
			c.Lineage = lineage[c.Seq]
			found, err := checkChange(ctx, tx, before, c)
			if err != nil {
				return err
			}
			faults = append(faults, found...)
			before, last = c.Hash, c
			progress(done + 1)
		}
	})
	return faults, last, err
}

func checkChange(ctx context.Context, tx pgx.Tx, before []byte, c land.Change) ([]LogFault, error) {
	var faults []LogFault
	versions, err := readVersions(ctx, tx, `WHERE (plot_id, version) IN (SELECT plot_id, version FROM change_plots WHERE seq = $1)`, c.Seq)
	if err != nil {
		return nil, err
	}
	digests := make([][]byte, 0, len(versions))
	for _, v := range versions {
		if digest := versionDigest(v.Plot, v.retired, v.plane, v.geom); !bytes.Equal(v.digest, digest[:]) {
			faults = append(faults, LogFault{c.Seq, fmt.Sprintf("version %d of plot %d (%s) is not as it was written", v.Version, v.ID, v.PlotNo)})
		}
		digests = append(digests, v.digest)
	}
	sound, err := soundControl(ctx, tx, c.Control)
	if err != nil {
		return nil, err
	}
	if !sound {
		faults = append(faults, LogFault{c.Seq, fmt.Sprintf("version %d of control layer %s is not as it was written", c.Control.Version, c.Control.Layer)})
	}
	for _, check := range []func(context.Context, pgx.Tx, land.Change) ([]LogFault, error){checkEntries, checkEvents} {
		found, err := check(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		faults = append(faults, found...)
	}
	if len(digests) != len(c.Plots) || !bytes.Equal(c.Hash, changeHash(before, c, digests)) {
		faults = append(faults, LogFault{c.Seq, "the change is not as it was written, or the one before it is not"})
	}
	return faults, nil
}

// strayVersions are versions that no change made.
func strayVersions(ctx context.Context, tx pgx.Tx) ([]LogFault, error) {
	rows, err := tx.Query(ctx, `SELECT plot_id, version FROM plot_versions v
		WHERE NOT EXISTS (SELECT FROM changes c WHERE c.act = v.act) ORDER BY plot_id, version`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (LogFault, error) {
		var id, version int64
		err := row.Scan(&id, &version)
		return LogFault{Message: fmt.Sprintf("version %d of plot %d is of no change", version, id)}, err
	})
}

// readLineage reads who came out of whom in changes from one to another.
func readLineage(ctx context.Context, tx pgx.Tx, from, to land.Seq) (map[land.Seq][]land.Descent, error) {
	rows, err := tx.Query(ctx, `SELECT seq, parent, child FROM lineage WHERE seq BETWEEN $1 AND $2 ORDER BY seq, parent, child`, from, to)
	if err != nil {
		return nil, err
	}
	bySeq := map[land.Seq][]land.Descent{}
	var seq land.Seq
	var d land.Descent
	_, err = pgx.ForEachRow(rows, []any{&seq, &d.Parent, &d.Child}, func() error {
		bySeq[seq] = append(bySeq[seq], d)
		return nil
	})
	return bySeq, err
}
