package postgis

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

const selectQuotaEntries = `
	SELECT e.id, coalesce(c.seq, 0), e.park, e.year, e.kind, e.entry, coalesce(e.to_park, ''), coalesce(e.to_year, 0), e.amount, e.farmland, e.cultivated, e.unused,
		e.case_no, e.document_no, e.reason, e.day, coalesce(e.reverses, 0), e.actor, e.recorded_at, encode(e.digest, 'hex'),
		coalesce((SELECT r.id FROM quota_entries r WHERE r.reverses = e.id), 0)
	FROM quota_entries e LEFT JOIN changes c USING (act)`

// pgDate takes a day from the database.
type pgDate struct{ land.Date }

// Scan implements sql.Scanner.
func (d *pgDate) Scan(src any) error {
	t, ok := src.(time.Time)
	if !ok {
		return errors.New("this is no day")
	}
	d.Date = land.DateOf(t)
	return nil
}

func scanQuotaEntry(row pgx.CollectableRow) (land.QuotaEntry, error) {
	var e land.QuotaEntry
	var day pgDate
	err := row.Scan(&e.ID, &e.Seq, &e.Account.Park, &e.Account.Year, &e.Account.Kind, &e.Type, &e.To.Park, &e.To.Year, &e.Total, &e.Farmland, &e.Cultivated, &e.Unused,
		&e.CaseNo, &e.DocumentNo, &e.Reason, &day, &e.Of, &e.Actor, &e.RecordedAt, &e.Digest, &e.ReversedBy)
	e.Day = day.Date
	if e.To.Park != "" {
		e.To.Kind = e.Account.Kind
	}
	return e, err
}

func readQuotaEntry(ctx context.Context, tx pgx.Tx, id land.EntryID) (land.QuotaEntry, error) {
	rows, err := tx.Query(ctx, selectQuotaEntries+` WHERE e.id = $1`, int64(id))
	if err != nil {
		return land.QuotaEntry{}, err
	}
	e, err := pgx.CollectExactlyOneRow(rows, scanQuotaEntry)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noQuotaEntry(id)
	}
	return e, err
}

// QuotaQuery chooses accounts of the ledger: those of the parks, years and kinds
// that it names; what it does not name is any.
type QuotaQuery struct {
	Parks []land.ParkCode
	Years []int
	Kinds []land.QuotaKind
}

// QuotaStates lists accounts as they stood on a day, as was known at a moment, by
// park, year and kind. Those to which no entry had fallen by then are left out.
func (db *DB) QuotaStates(ctx context.Context, actor land.Actor, q QuotaQuery, m land.Moment) ([]land.QuotaState, error) {
	if err := db.maySee(actor, q, m); err != nil {
		return nil, err
	}
	var states []land.QuotaState
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		states, err = readQuotaStates(ctx, tx, q, db.dayOf(m), m.Known)
		return err
	})
	return states, err
}

func readQuotaStates(ctx context.Context, tx pgx.Tx, q QuotaQuery, at land.Date, known time.Time) ([]land.QuotaState, error) {
	rows, err := tx.Query(ctx, `
		SELECT p.park, year, kind, pot, counts_as, sum(amount)::bigint, sum(farmland)::bigint, sum(cultivated)::bigint, sum(unused)::bigint, max(day)
		FROM quota_postings p JOIN parks ON code = p.park
		WHERE ($1::text[] IS NULL OR p.park = ANY ($1)) AND ($2::integer[] IS NULL OR year = ANY ($2)) AND ($3::text[] IS NULL OR kind = ANY ($3))
			AND day <= $4 AND p.recorded_at <= $5
		GROUP BY parks.position, p.park, year, kind, pot, counts_as ORDER BY parks.position, year, kind`,
		orNil(q.Parks), orNil(q.Years), orNil(q.Kinds), at.Time(), orInfinity(known))
	if err != nil {
		return nil, err
	}
	var states []land.QuotaState
	var account land.QuotaAccount
	var pot land.Pot
	var counts land.EntryType
	var sum land.Quantity
	var day pgDate
	_, err = pgx.ForEachRow(rows, []any{&account.Park, &account.Year, &account.Kind, &pot, &counts, &sum.Total, &sum.Farmland, &sum.Cultivated, &sum.Unused, &day}, func() error {
		if len(states) == 0 || states[len(states)-1].Account != account {
			states = append(states, land.QuotaState{Account: account})
		}
		s := &states[len(states)-1]
		s.Add(pot, counts, sum)
		if day.After(s.LastDay) {
			s.LastDay = day.Date
		}
		return nil
	})
	return states, err
}

// QuotaCases lists what the cases have of accounts that is reserved or used, as
// they stood at a moment, by account and case; at most limit of them.
func (db *DB) QuotaCases(ctx context.Context, actor land.Actor, q QuotaQuery, m land.Moment, limit int) (map[land.QuotaAccount][]land.CaseQuota, error) {
	if err := db.maySee(actor, q, m); err != nil {
		return nil, err
	}
	rows, err := db.pool.Query(ctx, `
		SELECT park, year, kind, case_no,
			coalesce(sum(amount) FILTER (WHERE pot = 'reserved'), 0)::bigint, coalesce(sum(farmland) FILTER (WHERE pot = 'reserved'), 0)::bigint,
			coalesce(sum(cultivated) FILTER (WHERE pot = 'reserved'), 0)::bigint, coalesce(sum(unused) FILTER (WHERE pot = 'reserved'), 0)::bigint,
			coalesce(sum(amount) FILTER (WHERE pot = 'used'), 0)::bigint, coalesce(sum(farmland) FILTER (WHERE pot = 'used'), 0)::bigint,
			coalesce(sum(cultivated) FILTER (WHERE pot = 'used'), 0)::bigint, coalesce(sum(unused) FILTER (WHERE pot = 'used'), 0)::bigint
		FROM quota_postings
		WHERE ($1::text[] IS NULL OR park = ANY ($1)) AND ($2::integer[] IS NULL OR year = ANY ($2)) AND ($3::text[] IS NULL OR kind = ANY ($3))
			AND day <= $4 AND recorded_at <= $5 AND pot IN ('reserved', 'used')
		GROUP BY park, year, kind, case_no HAVING sum(amount) > 0
		ORDER BY park, year, kind, case_no LIMIT $6`,
		orNil(q.Parks), orNil(q.Years), orNil(q.Kinds), db.dayOf(m).Time(), orInfinity(m.Known), limit)
	if err != nil {
		return nil, explain(err)
	}
	cases := map[land.QuotaAccount][]land.CaseQuota{}
	var account land.QuotaAccount
	var c land.CaseQuota
	r, u := &c.Reserved, &c.Used
	_, err = pgx.ForEachRow(rows, []any{&account.Park, &account.Year, &account.Kind, &c.CaseNo,
		&r.Total, &r.Farmland, &r.Cultivated, &r.Unused, &u.Total, &u.Farmland, &u.Cultivated, &u.Unused}, func() error {
		cases[account] = append(cases[account], c)
		return nil
	})
	return cases, explain(err)
}

// QuotaEntries lists the journal of a park and year, or of one kind of it, after a
// change, in the order in which the entries were committed: limit of them, or a few
// more where the last change posted several. Entries that lead to its accounts from
// others are among them.
func (db *DB) QuotaEntries(ctx context.Context, actor land.Actor, a land.QuotaAccount, since land.Seq, limit int) ([]land.QuotaEntry, error) {
	if err := actor.MaySeeQuota(a.Park); err != nil {
		return nil, err
	}
	rows, err := db.pool.Query(ctx, selectQuotaEntries+`
		WHERE ((e.park = $1 AND e.year = $2) OR (e.to_park = $1 AND e.to_year = $2)) AND ($3 = '' OR e.kind = $3) AND c.seq > $4
		ORDER BY c.seq FETCH FIRST $5 ROWS WITH TIES`, a.Park, a.Year, a.Kind, since, limit)
	if err != nil {
		return nil, explain(err)
	}
	entries, err := pgx.CollectRows(rows, scanQuotaEntry)
	slices.SortFunc(entries, func(e, f land.QuotaEntry) int { return cmp.Or(cmp.Compare(e.Seq, f.Seq), cmp.Compare(e.ID, f.ID)) })
	return entries, explain(err)
}

// maySee refuses a reader of parks that are not his, and a moment to come.
func (db *DB) maySee(actor land.Actor, q QuotaQuery, m land.Moment) error {
	if len(q.Parks) == 0 {
		if err := actor.MaySeeQuota(""); err != nil {
			return err
		}
	}
	for _, p := range q.Parks {
		if err := actor.MaySeeQuota(p); err != nil {
			return err
		}
	}
	if m.At.After(db.Today()) || m.Known.After(db.now()) {
		return errDayToCome
	}
	return nil
}

// errDayToCome refuses to tell what nothing is known of.
var errDayToCome = land.Invalid("at", geo.Say("该日是将来的日期", "that day is to come"), geo.Say("请给出今天或更早的日期", "give today or an earlier one"))

// dayOf is the day of a moment, today where it names none.
func (db *DB) dayOf(m land.Moment) land.Date {
	if m.At.IsZero() {
		return db.Today()
	}
	return m.At
}

// orNil is the list, or nil, which queries read as any, where it is empty.
func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}
