package postgis

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// PostQuota adds an entry to the quota ledger, or refuses it: a *land.InvalidError
// for what is wrong with the entry by itself, a *land.ConflictError for what the
// ledger forbids. A zero day is today. A reversal takes over what moves from the
// entry that it reverses, which must be one of its account's park and year.
//
// With a key in once that did the same before, nothing is done, and the entry
// that was made then is given back; again is then true.
func (db *DB) PostQuota(ctx context.Context, actor land.Actor, e land.QuotaEntry, once land.Once) (posted land.QuotaEntry, again bool, err error) {
	if err := errors.Join(actor.MayPostQuota(e), once.Validate()); err != nil {
		return e, false, err
	}
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		earlier, err := a.claim(ctx, once)
		if err != nil {
			return land.Change{}, err
		}
		if earlier != 0 {
			again = true
			posted, err = readQuotaEntry(ctx, a.tx, land.EntryID(earlier))
			if err != nil {
				return land.Change{}, err
			}
			return land.Change{Seq: posted.Seq}, errUndo
		}
		posted, err = a.postQuota(ctx, e, true)
		return land.Change{Kind: land.QuotaPosted, Park: posted.Account.Park}, err
	})
	posted.Seq = change.Seq
	posted.ReversedBy = 0 // the answer is the same whenever it is asked for
	return posted, again, err
}

// postQuota posts an entry: by hand, as the actor's role allows and not of a case in
// the register, or as the effect of an act on a case.
func (a *act) postQuota(ctx context.Context, e land.QuotaEntry, byHand bool) (land.QuotaEntry, error) {
	number, err := a.newNumber(ctx)
	if err != nil {
		return e, err
	}
	e.ID, e.Actor = land.EntryID(number), a.actor.Name
	if e.Day.IsZero() {
		e.Day = a.today()
	}
	if err := a.hasParks(ctx, e.Account.Park, e.To.Park); err != nil {
		return e, err
	}
	var of *land.QuotaEntry
	if e.Type == land.EntryReverse {
		found, err := readQuotaEntry(ctx, a.tx, e.Of)
		var missing *land.NotFoundError
		if errors.As(err, &missing) || err == nil && !concerns(found, e.Account) {
			return e, e.Admit(land.QuotaStanding{})
		}
		if err != nil {
			return e, err
		}
		of, e = &found, e.Reversing(found)
	}
	if byHand {
		if err := a.mayPostByHand(ctx, e); err != nil {
			return e, err
		}
	}
	if err := e.Validate(a.today()); err != nil {
		return e, err
	}
	if _, err := a.tx.Exec(ctx, `SELECT lock_quota($1, $2, nullif($3, ''), nullif($4, 0), $5, $6)`,
		e.Account.Park, e.Account.Year, e.To.Park, e.To.Year, e.Account.Kind, e.CaseNo); err != nil {
		return e, err
	}
	standing, err := a.quotaStanding(ctx, e, of)
	if err != nil {
		return e, err
	}
	if err := e.Admit(standing); err != nil {
		return e, err
	}
	a.moment(standing.LastMoment)
	e.RecordedAt = a.now
	return e, a.writeQuota(ctx, &e)
}

// mayPostByHand refuses what the actor may not post, such as the reversal of a
// transfer without a key for both parks, and quota of a case in the register.
func (a *act) mayPostByHand(ctx context.Context, e land.QuotaEntry) error {
	if err := a.actor.MayPostQuota(e); err != nil {
		return err
	}
	if e.CaseNo == "" {
		return nil
	}
	var ofCase bool
	err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM cases WHERE no = $1)`, e.CaseNo).Scan(&ofCase)
	if err == nil && ofCase {
		err = land.ConflictOn("case_no", geo.Say("案件 %s 的指标随其办理步骤预留、使用和释放", "quota of case %s is reserved, used and released by its own steps", e.CaseNo), geo.Say("请办理该案件", "act on the case"))
	}
	return err
}

// concerns says whether an entry is of the account's park and year, and of its
// kind where it names one.
func concerns(e land.QuotaEntry, a land.QuotaAccount) bool {
	return e.Account.Park == a.Park && e.Account.Year == a.Year && (a.Kind == "" || e.Account.Kind == a.Kind)
}

func (a *act) hasParks(ctx context.Context, codes ...land.ParkCode) error {
	for _, code := range codes {
		if code == "" {
			continue
		}
		var has bool
		if err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM parks WHERE code = $1)`, code).Scan(&has); err != nil {
			return err
		}
		if !has {
			return &land.NotFoundError{What: "park", Name: string(code)}
		}
	}
	return nil
}

// quotaStanding reads what the rules ask about an entry, while the act holds the
// locks of its accounts and its case.
func (a *act) quotaStanding(ctx context.Context, e land.QuotaEntry, of *land.QuotaEntry) (land.QuotaStanding, error) {
	s := land.QuotaStanding{Of: of, Balances: map[land.Place]land.Quantity{}}
	to := e.To
	if to == (land.QuotaAccount{}) {
		to = e.Account
	}
	rows, err := a.tx.Query(ctx, `
		SELECT last.day, last.recorded_at
		FROM (VALUES ($1::text, $2::integer), ($3, $4)) AS mine (park, year)
		CROSS JOIN LATERAL last_of_quota(mine.park, mine.year, $5, 0) AS last
		ORDER BY last.day, last.recorded_at`, e.Account.Park, e.Account.Year, to.Park, to.Year, e.Account.Kind)
	if err != nil {
		return s, err
	}
	var day pgDate
	if _, err = pgx.ForEachRow(rows, []any{&day, &s.LastMoment}, func() error { s.Last = day.Date; return nil }); err != nil {
		return s, err
	}
	var park land.ParkCode
	var year int
	err = a.tx.QueryRow(ctx, `
		SELECT
			coalesce((SELECT max(id) FROM quota_entries e WHERE park = $1 AND year = $2 AND kind = $3 AND document_no = $4 AND entry = $5 AND case_no = $6
				AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.id)), 0),
			coalesce((SELECT max(id) FROM quota_entries e WHERE park = $1 AND year = $2 AND kind = $3 AND entry = 'reserve' AND case_no = $6
				AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.id)), 0),
			coalesce((SELECT max(id) FROM quota_entries WHERE reverses = nullif($7, 0)), 0),
			coalesce(elsewhere.park, ''), coalesce(elsewhere.year, 0)
		FROM (VALUES (0)) AS once
		LEFT JOIN LATERAL (
			SELECT park, year FROM quota_pots WHERE case_no = $6 AND case_no <> '' AND kind = $3 AND amount > 0 AND (park, year) <> ($1, $2)
			ORDER BY park, year LIMIT 1) AS elsewhere ON true`,
		e.Account.Park, e.Account.Year, e.Account.Kind, e.DocumentNo, e.Type, e.CaseNo, int64(e.Of)).Scan(&s.Document, &s.Reservation, &s.ReversedBy, &park, &year)
	if err != nil {
		return s, err
	}
	if park != "" {
		s.Elsewhere = land.QuotaAccount{Park: park, Year: year, Kind: e.Account.Kind}
	}
	var reversed land.EntryType
	if of != nil {
		reversed = of.Type
	}
	from := e.Legs(reversed)[0].Place
	var q land.Quantity
	err = a.tx.QueryRow(ctx, `SELECT amount, farmland, cultivated, unused FROM quota_pots
		WHERE park = $1 AND year = $2 AND kind = $3 AND pot = $4 AND case_no = $5`,
		from.Account.Park, from.Account.Year, from.Account.Kind, from.Pot, from.CaseNo).Scan(&q.Total, &q.Farmland, &q.Cultivated, &q.Unused)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	s.Balances[from] = q
	return s, err
}

func (a *act) writeQuota(ctx context.Context, e *land.QuotaEntry) error {
	digest := quotaDigest(*e)
	e.Digest = hex.EncodeToString(digest)
	a.entries = append(a.entries, land.ChangedQuota{Entry: e.ID, Digest: e.Digest})
	_, err := a.tx.Exec(ctx, `
		INSERT INTO quota_entries (id, park, year, kind, entry, to_park, to_year, amount, farmland, cultivated, unused,
			case_no, document_no, reason, day, reverses, actor, recorded_at, digest, act)
		VALUES ($1, $2, $3, $4, $5, nullif($6, ''), nullif($7, 0), $8, $9, $10, $11, $12, $13, $14, $15, nullif($16, 0), $17, $18, $19, $20)`,
		int64(e.ID), e.Account.Park, e.Account.Year, e.Account.Kind, e.Type, e.To.Park, e.To.Year, int64(e.Total), int64(e.Farmland), int64(e.Cultivated), int64(e.Unused),
		e.CaseNo, e.DocumentNo, e.Reason, e.Day.Time(), int64(e.Of), e.Actor, e.RecordedAt, digest, a.number)
	return err
}

func noQuotaEntry(id land.EntryID) error {
	return &land.NotFoundError{What: "quota entry", Name: strconv.FormatInt(int64(id), 10)}
}

// quotaRules are the database's own rules of the ledger, by the names of their
// constraints, and the members at fault. Package land refuses what breaks them,
// with the figures; what is told here got past it.
var quotaRules = map[string]string{
	"quota_never_overdrawn": "mu", "quota_amount": "mu", "quota_parts": "farmland_mu",
	"quota_document_once": "document_no", "quota_document": "document_no",
	"quota_case_reserves_once": "case_no", "quota_case_one_account": "case_no", "quota_case": "case_no",
	"quota_reversed_once": "of", "quota_reversal_stands": "of", "quota_reversal_alike": "of", "quota_reverses": "of",
	"quota_of_case_by_its_acts": "case_no",
	"quota_days_in_order":       "day", "quota_day": "day", "quota_target": "to_park", "quota_reason": "reason", "quota_texts": "reason",
}

func explainQuota(constraint string) error {
	field, ok := quotaRules[constraint]
	if !ok {
		return nil
	}
	return land.ConflictOn(field, geo.Say("台账规则 %s 不允许此记录", "rule %s of the quota ledger does not allow the entry", constraint), geo.Say("请重新查询账户后再记", "read the account again and post what it allows"))
}
