package postgis_test

import (
	"context"
	"database/sql"
	"io/fs"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/migrations"
)

// TestALedgerFromBeforeThereWereCasesIsAsItWas takes the schema back to where an act
// posted one entry, and on again.
func TestALedgerFromBeforeThereWereCasesIsAsItWas(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	foundParks(t, db, 2)
	a, b := quotaAccount("p1", 2016, land.NewLand), quotaAccount("p2", 2016, land.NewLand)
	post(t, db, land.QuotaEntry{Account: a, Type: land.EntryGrant, Quantity: mu(100), DocumentNo: "文 1"})
	transfer := post(t, db, land.QuotaEntry{Account: a, To: b, Type: land.EntryTransfer, Quantity: mu(10), DocumentNo: "文 2"})
	post(t, db, land.QuotaEntry{Account: a, Type: land.EntryReverse, Of: transfer.ID, Reason: "typed wrongly"})
	const entries = `SELECT string_agg(e::text, E'\n' ORDER BY recorded_at) FROM quota_entries e`
	const postings = `SELECT string_agg(concat_ws(' ', park, year, pot, amount), E'\n' ORDER BY recorded_at, amount, park) FROM quota_postings`
	before, moved := ask[string](t, url, entries), ask[string](t, url, postings)

	conn, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, fs.FS(migrations.Files), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.DownTo(ctx, 10); err != nil {
		t.Fatal(err)
	}
	if got := ask[string](t, url, postings); got != moved {
		t.Errorf("the postings were\n%s\nand are\n%s", moved, got)
	}
	if err := postgis.Migrate(ctx, url); err != nil {
		t.Fatal(err)
	}
	if got := ask[string](t, url, entries); got != before {
		t.Errorf("the entries were\n%s\nand are\n%s", before, got)
	}
	potsHold(t, url)
	checkLog(t, db)
	post(t, db, land.QuotaEntry{Account: a, To: b, Type: land.EntryTransfer, Quantity: mu(10), DocumentNo: "文 2"})
	potsHold(t, url)
}
