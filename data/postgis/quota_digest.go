package postgis

import (
	"context"
	"encoding/hex"
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
	return d.sum()
}

// checkEntries tells which entries of a change are not as they were when it was
// recorded.
func checkEntries(ctx context.Context, tx pgx.Tx, c land.Change) ([]LogFault, error) {
	var faults []LogFault
	if c.Kind == land.QuotaPosted && len(c.Quota) != 1 {
		faults = append(faults, LogFault{c.Seq, fmt.Sprintf("it posted %d quota entries", len(c.Quota))})
	}
	for _, q := range c.Quota {
		e, err := readQuotaEntry(ctx, tx, q.Entry)
		if err != nil {
			return nil, err
		}
		if hex.EncodeToString(quotaDigest(e)) != q.Digest {
			faults = append(faults, LogFault{c.Seq, fmt.Sprintf("quota entry %d is not as it was written", q.Entry)})
		}
	}
	return faults, nil
}

// strayQuota are entries that no change posted, and balances that are not what
// the entries add up to.
func strayQuota(ctx context.Context, tx pgx.Tx) ([]LogFault, error) {
	rows, err := tx.Query(ctx, `
		SELECT format('quota entry %s is of no change', id) FROM quota_entries e
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
