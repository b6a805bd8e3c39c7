package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Acted is what an act on a case did: the case after it, its event, and the change
// that it is. Again says that the act was done before under the same key; all
// three are then as they were.
type Acted struct {
	Case   land.Case
	Event  land.CaseEvent
	Change land.Change
	Again  bool
}

// OpenCase opens a case as a draft and gives it the next number of its park and
// year.
func (db *DB) OpenCase(ctx context.Context, actor land.Actor, d land.CaseDraft, once land.Once) (Acted, error) {
	return db.actOnce(ctx, actor, once, func(ctx context.Context, a *act) (land.CaseStep, error) {
		if err := a.actor.MayOpen(d.Kind, d.Park); err != nil {
			return land.CaseStep{}, err
		}
		if _, err := a.lockPark(ctx, d.Park); err != nil {
			return land.CaseStep{}, err
		}
		no, err := a.newCaseNo(ctx, d.Park)
		if err != nil {
			return land.CaseStep{}, err
		}
		standing, err := a.caseStanding(ctx, land.Case{No: no, Kind: d.Kind, Park: d.Park, CaseContent: d.CaseContent}, true)
		if err != nil {
			return land.CaseStep{}, err
		}
		return land.OpenCase(no, d, standing, a.now)
	})
}

// newCaseNo is the park's next number of this year, under which nobody has put
// quota by hand.
func (a *act) newCaseNo(ctx context.Context, park land.ParkCode) (land.CaseNo, error) {
	year := a.today().Year()
	var serial int
	if err := a.tx.QueryRow(ctx, `SELECT coalesce(max(serial), 0) FROM cases WHERE park = $1 AND year = $2`, park, year).Scan(&serial); err != nil {
		return "", err
	}
	for {
		serial++
		no := land.NewCaseNo(park, year, serial)
		var used bool
		if err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM quota_entries WHERE case_no = $1)`, no).Scan(&used); err != nil || !used {
			return no, err
		}
	}
}

// EditCase states anew what a case applies for; version is the one that the caller
// read, else the error is land.ErrStale.
func (db *DB) EditCase(ctx context.Context, actor land.Actor, no land.CaseNo, version int, content land.CaseContent, once land.Once) (Acted, error) {
	return db.actOnce(ctx, actor, once, func(ctx context.Context, a *act) (land.CaseStep, error) {
		c, err := a.lockCase(ctx, no, version)
		if err != nil {
			return land.CaseStep{}, err
		}
		wanted := c
		wanted.CaseContent = content
		standing, err := a.caseStanding(ctx, wanted, content.Follows != c.Follows)
		if err != nil {
			return land.CaseStep{}, err
		}
		return c.Edit(content, standing, a.now)
	})
}

// ActOnCase does a step of a case: its event, what becomes of its plots and the
// entries of the quota ledger, all in one change. version is the one that the
// caller read, else the error is land.ErrStale; for the rest see land.Case.Do.
func (db *DB) ActOnCase(ctx context.Context, actor land.Actor, no land.CaseNo, version int, what land.CaseAct, once land.Once) (Acted, error) {
	return db.actOnce(ctx, actor, once, func(ctx context.Context, a *act) (land.CaseStep, error) {
		c, err := a.lockCase(ctx, no, version)
		if err != nil {
			return land.CaseStep{}, err
		}
		standing, err := a.caseStanding(ctx, c, false)
		if err != nil {
			return land.CaseStep{}, err
		}
		if standing.Used, err = a.documentUsed(ctx, c.Document(what.Name), what.Document.Number); err != nil {
			return land.CaseStep{}, err
		}
		return c.Do(what, standing, a.now)
	})
}

// actOnce runs an act on a case as one change, unless its key did that before. What
// is written beside the event comes after it.
func (db *DB) actOnce(ctx context.Context, actor land.Actor, once land.Once, f func(context.Context, *act) (land.CaseStep, error), beside ...func(context.Context, *act, land.CaseEvent) error) (Acted, error) {
	if err := once.Validate(); err != nil {
		return Acted{}, err
	}
	var done Acted
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		earlier, err := a.claim(ctx, once)
		if err != nil {
			return land.Change{}, err
		}
		if earlier != 0 {
			if done, err = actedBefore(ctx, a.tx, earlier); err != nil {
				return land.Change{}, err
			}
			return done.Change, errUndo
		}
		if err := a.deputise(ctx); err != nil {
			return land.Change{}, err
		}
		step, err := f(ctx, a)
		if err != nil {
			return land.Change{}, err
		}
		if step, err = a.writeStep(ctx, step); err != nil {
			return land.Change{}, err
		}
		for _, write := range beside {
			if err := write(ctx, a, step.Event); err != nil {
				return land.Change{}, err
			}
		}
		done = Acted{Case: step.Case, Event: step.Event}
		return land.Change{Kind: land.CaseActed, Park: step.Case.Park, Reason: step.Event.Reason, CaseNo: string(step.Case.No)}, nil
	})
	done.Change, done.Event.Seq = change, change.Seq
	return done, err
}

// actedBefore is what an earlier act did, as it then was.
func actedBefore(ctx context.Context, tx pgx.Tx, number int64) (Acted, error) {
	done := Acted{Again: true}
	rows, err := tx.Query(ctx, selectEvents+`
		WHERE (e.case_no, e.step) <= (SELECT case_no, step FROM case_events WHERE act = $1 ORDER BY id LIMIT 1)
			AND e.case_no = (SELECT case_no FROM case_events WHERE act = $1 ORDER BY id LIMIT 1)
		ORDER BY e.step`, number)
	if err != nil {
		return done, err
	}
	events, err := pgx.CollectRows(rows, scanEvent)
	if err != nil {
		return done, err
	}
	for _, e := range events {
		if done.Case, err = done.Case.After(e); err != nil {
			return done, err
		}
		done.Event = e
	}
	rows, err = tx.Query(ctx, selectChanges+` WHERE c.act = $1`, number)
	if err != nil {
		return done, err
	}
	done.Change, err = pgx.CollectExactlyOneRow(rows, scanChange)
	return done, err
}

// deputise notes the delegation under which the actor stands in for an approver
// today.
func (a *act) deputise(ctx context.Context) error {
	if a.actor.Role != land.Officer {
		return nil
	}
	return a.tx.QueryRow(ctx, `SELECT delegation_of($1, $2)`, a.actor.Key, a.now).Scan(&a.actor.Deputy)
}

// lockCase makes the act the only one that writes in the case's park, if the actor
// may see the case, and reads the case as it then is; a version other than the one
// that was read is land.ErrStale, 0 is any.
func (a *act) lockCase(ctx context.Context, no land.CaseNo, read int) (land.Case, error) {
	c, err := readCase(ctx, a.tx, a.actor, no)
	if err != nil {
		return c, err
	}
	if _, err := a.lockPark(ctx, c.Park); err != nil {
		return c, err
	}
	if c, err = readCase(ctx, a.tx, a.actor, no); err != nil { // again, now that nobody else writes in the park
		return c, err
	}
	if read != 0 && read != c.Version {
		return c, land.ErrStale
	}
	a.moment(c.ChangedAt)
	return c, nil
}

// writeStep writes an act on a case: the event, with the followed case's, which
// brings the cases up to them; the versions of the plots; the entries of the
// ledger.
func (a *act) writeStep(ctx context.Context, step land.CaseStep) (land.CaseStep, error) {
	if err := a.lockEntries(ctx, step.Entries); err != nil {
		return step, err
	}
	if err := a.writeEvent(ctx, &step.Event); err != nil {
		return step, err
	}
	if step.Also != nil {
		if err := a.writeEvent(ctx, &step.Also.Event); err != nil {
			return step, err
		}
	}
	if len(step.Plots) > 0 {
		park, err := a.lockPark(ctx, step.Case.Park)
		if err != nil {
			return step, err
		}
		versions := make([]version, len(step.Plots))
		for i, p := range step.Plots {
			p.RecordedAt = a.now
			versions[i].Plot = p
			if _, err := place(&versions[i], p.Boundary, geo.CGCS2000, park.PlaneCRS); err != nil {
				return step, err
			}
		}
		if err := a.writeVersions(ctx, park.PlaneCRS, versions); err != nil {
			return step, err
		}
	}
	for i, e := range step.Entries {
		var err error
		if step.Entries[i], err = a.postQuota(ctx, e, false); err != nil {
			return step, err
		}
	}
	return step, nil
}

// lockEntries takes the locks of all accounts and cases that entries touch, in the
// order in which everyone takes them.
func (a *act) lockEntries(ctx context.Context, entries []land.QuotaEntry) error {
	if len(entries) == 0 {
		return nil
	}
	n := len(entries)
	parks, years, kinds, cases := make([]string, n), make([]int32, n), make([]string, n), make([]string, n)
	for i, e := range entries {
		parks[i], years[i], kinds[i], cases[i] = string(e.Account.Park), int32(e.Account.Year), string(e.Account.Kind), e.CaseNo
	}
	_, err := a.tx.Exec(ctx, `
		SELECT lock_names(array_agg(name))
		FROM unnest($1::text[], $2::integer[], $3::text[], $4::text[]) AS e (park, year, kind, case_no)
		CROSS JOIN unnest(quota_locks(park, year, NULL, NULL, kind, case_no)) AS name`, parks, years, kinds, cases)
	return err
}
