package postgis

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// Quotas lists the accounts of the quota ledger of the chosen parks, with the
// documents that gave them what they have; for those who may see the ledger.
func (r *Reading) Quotas(ctx context.Context, years []int, kinds []land.QuotaKind) ([]land.QuotaStatement, error) {
	q := QuotaQuery{r.chosen.Parks, years, kinds}
	if err := r.db.maySee(r.actor, q, r.moment); err != nil {
		return nil, err
	}
	states, err := quotaStates(ctx, r.tx, q, r.register.At, r.moment.Known)
	if err != nil {
		return nil, err
	}
	papers, err := r.papers(ctx, q, land.EntryGrant, land.EntrySupplement)
	if err != nil {
		return nil, err
	}
	statements := make([]land.QuotaStatement, len(states))
	for i, s := range states {
		statements[i] = land.QuotaStatement{QuotaState: s, Documents: papers[paperOf{s.Account, ""}]}
	}
	return statements, nil
}

// QuotaUses lists what cases have of the accounts of the chosen parks; for those
// who may see the ledger.
func (r *Reading) QuotaUses(ctx context.Context, years []int, kinds []land.QuotaKind) ([]land.QuotaUse, error) {
	q := QuotaQuery{r.chosen.Parks, years, kinds}
	if err := r.db.maySee(r.actor, q, r.moment); err != nil {
		return nil, err
	}
	cases, err := quotaCases(ctx, r.tx, q, r.register.At, r.moment.Known, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	papers, err := r.papers(ctx, q, land.EntryUse)
	if err != nil {
		return nil, err
	}
	plots, err := r.plotsOfCases(ctx, cases)
	if err != nil {
		return nil, err
	}
	var uses []land.QuotaUse
	for account, list := range cases {
		for _, c := range list {
			uses = append(uses, land.QuotaUse{Account: account, CaseQuota: c, Documents: papers[paperOf{account, c.CaseNo}], Plots: plots[caseOf{account.Park, c.CaseNo}]})
		}
	}
	slices.SortFunc(uses, func(a, b land.QuotaUse) int {
		return cmp.Or(cmp.Compare(a.Account.Park, b.Account.Park), cmp.Compare(a.Account.Year, b.Account.Year), cmp.Compare(a.Account.Kind, b.Account.Kind), cmp.Compare(a.CaseNo, b.CaseNo))
	})
	return uses, nil
}

// paperOf is what a document is of: an account, or a case's part of it.
type paperOf struct {
	account land.QuotaAccount
	caseNo  string
}

// papers are the documents of entries of some types that stand.
func (r *Reading) papers(ctx context.Context, q QuotaQuery, types ...land.EntryType) (map[paperOf][]string, error) {
	rows, err := r.tx.Query(ctx, `
		SELECT DISTINCT e.park, e.year, e.kind, e.case_no, e.document_no FROM quota_entries e
		LEFT JOIN quota_entries r ON r.reverses = e.act AND r.day <= $4 AND r.recorded_at <= $5
		WHERE ($1::text[] IS NULL OR e.park = ANY ($1)) AND ($2::integer[] IS NULL OR e.year = ANY ($2)) AND ($3::text[] IS NULL OR e.kind = ANY ($3))
			AND e.day <= $4 AND e.recorded_at <= $5 AND e.entry = ANY ($6) AND r.act IS NULL
		ORDER BY e.document_no`, orNil(q.Parks), orNil(q.Years), orNil(q.Kinds), r.register.At.Time(), orInfinity(r.moment.Known), types)
	if err != nil {
		return nil, err
	}
	papers := map[paperOf][]string{}
	var of paperOf
	var document string
	_, err = pgx.ForEachRow(rows, []any{&of.account.Park, &of.account.Year, &of.account.Kind, &of.caseNo, &document}, func() error {
		papers[of] = append(papers[of], document)
		return nil
	})
	return papers, err
}

// caseOf is a case in a park.
type caseOf struct {
	park   land.ParkCode
	caseNo string
}

// plotsOfCases are the numbers of the plots that changes for cases made versions
// of; not those of whole deliveries.
func (r *Reading) plotsOfCases(ctx context.Context, cases map[land.QuotaAccount][]land.CaseQuota) (map[caseOf][]string, error) {
	named := []string{}
	for _, list := range cases {
		for _, c := range list {
			named = append(named, c.CaseNo)
		}
	}
	rows, err := r.tx.Query(ctx, `
		SELECT DISTINCT c.park, c.case_no, v.plot_no FROM changes c JOIN plot_versions v USING (act)
		WHERE c.case_no = ANY ($1) AND c.kind NOT IN ('seed', 'import') AND NOT v.retired AND v.valid_from <= $2 AND c.recorded_at <= $3
		ORDER BY v.plot_no`, named, r.register.At.Time(), orInfinity(r.moment.Known))
	if err != nil {
		return nil, err
	}
	plots := map[caseOf][]string{}
	var of caseOf
	var number string
	_, err = pgx.ForEachRow(rows, []any{&of.park, &of.caseNo, &number}, func() error {
		plots[of] = append(plots[of], number)
		return nil
	})
	return plots, err
}
