package postgis

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// writeEvent numbers an event and writes it; the database brings its case up to it.
func (a *act) writeEvent(ctx context.Context, e *land.CaseEvent) (err error) {
	if e.ID, err = a.newNumber(ctx); err != nil {
		return err
	}
	digest := eventDigest(*e)
	e.Digest = hex.EncodeToString(digest)
	a.events = append(a.events, land.ChangedCase{Event: e.ID, Digest: e.Digest})
	_, err = a.tx.Exec(ctx, `
		INSERT INTO case_events (id, act, case_no, step, name, from_state, to_state, actor, key, role, deputy, at, document, document_no, document_on, reason, opinion, facts, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::text::json, $19)`,
		e.ID, a.number, e.CaseNo, e.Step, e.Act, e.From, e.To, e.Actor, e.Key, e.Role, e.Deputy, e.At, e.Document, e.DocumentNo, orNull(e.DocumentOn), e.Reason, e.Opinion, string(e.Facts), digest)
	return err
}

// orNull is a day for the database, null where there is none.
func orNull(d land.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	t := d.Time()
	return &t
}

// eventDigest is the SHA-256 of everything that is written of an event.
func eventDigest(e land.CaseEvent) []byte {
	var d digest
	d.number(e.ID, int64(e.Step), e.Key, e.Deputy)
	d.text(string(e.CaseNo), string(e.Act), string(e.From), string(e.To), e.Actor, string(e.Role), string(e.Document), e.DocumentNo, e.DocumentOn.String(), e.Reason, e.Opinion)
	d.moment(e.At)
	d.bytes(e.Facts)
	return d.sum()
}

const selectEvents = `
	SELECT e.id, e.case_no, e.step, e.name, e.from_state, e.to_state, e.actor, e.key, e.role, e.deputy, e.at, e.document, e.document_no, e.document_on, e.reason, e.opinion,
		e.facts::text, encode(e.digest, 'hex'), coalesce(c.seq, 0)
	FROM case_events e LEFT JOIN changes c USING (act)`

func scanEvent(row pgx.CollectableRow) (land.CaseEvent, error) {
	var e land.CaseEvent
	var on *time.Time
	var facts string
	err := row.Scan(&e.ID, &e.CaseNo, &e.Step, &e.Act, &e.From, &e.To, &e.Actor, &e.Key, &e.Role, &e.Deputy, &e.At, &e.Document, &e.DocumentNo, &on, &e.Reason, &e.Opinion,
		&facts, &e.Digest, &e.Seq)
	if on != nil {
		e.DocumentOn = land.DateOf(*on)
	}
	e.Facts = json.RawMessage(facts)
	return e, err
}

// CaseEvents lists everything that was done on a case, in order.
func (db *DB) CaseEvents(ctx context.Context, actor land.Actor, no land.CaseNo) ([]land.CaseEvent, error) {
	var events []land.CaseEvent
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := readCase(ctx, tx, actor, no); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, selectEvents+` WHERE e.case_no = $1 ORDER BY e.step`, no)
		if err != nil {
			return err
		}
		events, err = pgx.CollectRows(rows, scanEvent)
		return err
	})
	return events, err
}

// checkEvents tells which acts on cases are not as they were when their change was
// recorded, and which documents and checks are not those that they took in.
func checkEvents(ctx context.Context, tx pgx.Tx, c land.Change) ([]LogFault, error) {
	var faults []LogFault
	if c.Kind == land.CaseActed && len(c.Case) == 0 {
		faults = append(faults, LogFault{c.Seq, "the act on a case is missing"})
	}
	for _, changed := range c.Case {
		rows, err := tx.Query(ctx, selectEvents+` WHERE e.id = $1`, changed.Event)
		if err != nil {
			return nil, err
		}
		e, err := pgx.CollectExactlyOneRow(rows, scanEvent)
		if err != nil {
			return nil, err
		}
		if hex.EncodeToString(eventDigest(e)) != changed.Digest {
			faults = append(faults, LogFault{c.Seq, fmt.Sprintf("act %d on case %s is not as it was written", e.Step, e.CaseNo)})
		}
		sound, err := soundPaper(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		if !sound {
			faults = append(faults, LogFault{c.Seq, fmt.Sprintf("what act %d of case %s took in is not as it was written", e.Step, e.CaseNo)})
		}
	}
	return faults, nil
}

// soundPaper says whether the document or the check that an act took in is the one
// that it names.
func soundPaper(ctx context.Context, tx pgx.Tx, e land.CaseEvent) (bool, error) {
	var facts land.CaseFacts
	if err := json.Unmarshal(e.Facts, &facts); err != nil {
		return false, err
	}
	query, named := "", ""
	switch {
	case e.Act == land.ActAttach && facts.Document != nil:
		query, named = `SELECT encode(sha256(content), 'hex') FROM case_documents WHERE id = $1`, facts.Document.SHA256
	case e.Act == land.ActCheck && facts.Check != nil:
		query, named = `SELECT encode(sha256(convert_to(result::text, 'UTF8')), 'hex') FROM case_checks WHERE id = $1`, facts.Check.SHA256
	default:
		return e.Act != land.ActAttach && e.Act != land.ActCheck, nil
	}
	var sum *string
	err := tx.QueryRow(ctx, query, e.ID).Scan(&sum)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return sum != nil && *sum == named, err
}

// strayCases are acts on cases that are of no change, and cases that are not what
// their acts make of them.
func strayCases(ctx context.Context, tx pgx.Tx) ([]LogFault, error) {
	rows, err := tx.Query(ctx, `
		SELECT format('act %s of case %s is of no change', step, case_no) FROM case_events e WHERE NOT EXISTS (SELECT FROM changes c WHERE c.act = e.act)
		UNION ALL
		SELECT format('what document or check %s of case %s is, no act took in', id, case_no)
		FROM (SELECT id, case_no, CASE WHEN issued THEN '' ELSE 'attach' END AS name FROM case_documents UNION ALL SELECT id, case_no, 'check' FROM case_checks) AS paper
		WHERE NOT EXISTS (SELECT FROM case_events e WHERE e.id = paper.id AND e.case_no = paper.case_no AND (paper.name IN ('', e.name)))
		ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	faults, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f LogFault, err error) { return f, row.Scan(&f.Message) })
	if err != nil {
		return nil, err
	}
	if rows, err = tx.Query(ctx, selectCases+` ORDER BY no`); err != nil {
		return nil, err
	}
	cases, err := pgx.CollectRows(rows, scanCase)
	if err != nil {
		return nil, err
	}
	byNo := make(map[land.CaseNo]land.Case, len(cases))
	for _, c := range cases {
		replayed, err := replayCase(ctx, tx, c.No)
		if err != nil {
			return nil, err
		}
		byNo[c.No] = replayed
		if !c.Same(replayed) {
			faults = append(faults, LogFault{Message: fmt.Sprintf("case %s is not what its acts make of it", c.No)})
		}
	}
	placed, err := strayPlots(ctx, tx, byNo)
	return append(faults, placed...), err
}

// replayCase is a case as its events make it.
func replayCase(ctx context.Context, tx pgx.Tx, no land.CaseNo) (land.Case, error) {
	c := land.Case{No: no}
	rows, err := tx.Query(ctx, selectEvents+` WHERE e.case_no = $1 ORDER BY e.step`, no)
	if err != nil {
		return c, err
	}
	events, err := pgx.CollectRows(rows, scanEvent)
	for _, e := range events {
		if err == nil {
			c, err = c.After(e)
		}
	}
	return c, err
}

// strayPlots are plots of cases that are not bound, or that are, against what the
// cases say.
func strayPlots(ctx context.Context, tx pgx.Tx, cases map[land.CaseNo]land.Case) ([]LogFault, error) {
	held := map[land.CaseNo]map[land.PlotID]bool{} // plots of a siting that a supply carries on
	for _, c := range cases {
		if c.Kind == land.LandSupply && c.Bound && c.Follows != "" {
			held[c.Follows] = map[land.PlotID]bool{}
			for _, id := range c.Plots {
				held[c.Follows][id] = true
			}
		}
	}
	type place struct {
		no land.CaseNo
		id land.PlotID
	}
	wanted := map[place]bool{}
	for no, c := range cases {
		for _, id := range c.Plots {
			wanted[place{no, id}] = c.Bound && !held[no][id]
		}
	}
	rows, err := tx.Query(ctx, `SELECT case_no, plot_id, bound FROM case_plots`)
	if err != nil {
		return nil, err
	}
	var at place
	var bound bool
	off := map[land.CaseNo]bool{}
	_, err = pgx.ForEachRow(rows, []any{&at.no, &at.id, &bound}, func() error {
		if want, there := wanted[at]; !there || want != bound {
			off[at.no] = true
		}
		delete(wanted, at)
		return nil
	})
	for missing := range wanted {
		off[missing.no] = true
	}
	var faults []LogFault
	for _, no := range slices.Sorted(maps.Keys(off)) {
		faults = append(faults, LogFault{Message: fmt.Sprintf("the plots of case %s are not bound as its acts bind them", no)})
	}
	return faults, err
}
