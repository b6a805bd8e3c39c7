package postgis

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// quotaDigest is the SHA-256 of everything that is written of an entry.
func quotaDigest(e land.QuotaEntry) []byte {
	var d digest
	d.number(int64(e.ID), int64(e.Account.Year), int64(e.To.Year), int64(e.Total), int64(e.Farmland), int64(e.Cultivated), int64(e.Unused), int64(e.Of))
	d.text(string(e.Account.Park), string(e.Account.Kind), string(e.Type), string(e.To.Park), e.CaseNo, e.DocumentNo, e.Reason, e.Day.String(), e.Actor)
	d.moment(e.RecordedAt)
	sum := sha256.Sum256(d)
	return sum[:]
}

// soundQuota says whether an entry is as it was when the change was recorded; a
// change of no entry is sound.
func soundQuota(ctx context.Context, tx pgx.Tx, c land.Change) (bool, error) {
	if c.Quota.Entry == 0 {
		return c.Kind != land.QuotaPosted, nil
	}
	e, err := readQuotaEntry(ctx, tx, c.Quota.Entry)
	var missing *land.NotFoundError
	if errors.As(err, &missing) {
		return false, nil
	}
	stored, _ := hex.DecodeString(c.Quota.Digest) // what the database encoded
	return bytes.Equal(stored, quotaDigest(e)), err
}

// strayQuota are entries that no change posted, and balances that are not what
// the entries add up to.
func strayQuota(ctx context.Context, tx pgx.Tx) ([]LogFault, error) {
	rows, err := tx.Query(ctx, `
		SELECT format('quota entry %s is of no change', act) FROM quota_entries e
		WHERE NOT EXISTS (SELECT FROM changes c WHERE c.act = e.act)
		UNION ALL
		SELECT format('the quota %s of %s %s %s %s is not what its entries add up to', pot, park, year, kind, case_no)
		FROM (
			SELECT park, year, kind, pot, case_no, amount, farmland, cultivated, unused FROM quota_pots
			UNION ALL
			SELECT park, year, kind, pot, case_no, -amount, -farmland, -cultivated, -unused FROM quota_postings) AS both_sides
		GROUP BY park, year, kind, pot, case_no
		HAVING (sum(amount), sum(farmland), sum(cultivated), sum(unused)) <> (0, 0, 0, 0)
		ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (LogFault, error) {
		var f LogFault
		if err := row.Scan(&f.Message); err != nil {
			return f, fmt.Errorf("check the quota ledger: %w", err)
		}
		return f, nil
	})
}
