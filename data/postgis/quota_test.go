package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

var quotaAdmin = land.Actor{Name: "test admin", Role: land.Admin}

// acts is how many entries the long tests try: DIKUAI_ACTS, else few.
func acts(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("DIKUAI_ACTS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// foundParks founds parks p1, p2, … of one plot.
func foundParks(t *testing.T, db *postgis.DB, n int) (codes []land.ParkCode) {
	t.Helper()
	for i := range n {
		code := land.ParkCode(fmt.Sprintf("p%d", i+1))
		if _, err := importDrafts(t, db, land.Import{Park: code}, draft(t, "A", "POLYGON((0 0,100 0,100 200,0 200,0 0))")); err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	return codes
}

func quotaAccount(park land.ParkCode, year int, kind land.QuotaKind) land.QuotaAccount {
	return land.QuotaAccount{Park: park, Year: year, Kind: kind}
}

func mu(n int64) land.Quantity { return land.Quantity{Total: land.MuAmount(n)} }

// post posts an entry on a document of its own unless it names one.
func post(t *testing.T, db *postgis.DB, e land.QuotaEntry) land.QuotaEntry {
	t.Helper()
	posted, _, err := db.PostQuota(context.Background(), quotaAdmin, e, land.Once{})
	if err != nil {
		t.Fatalf("%s: %v", e, err)
	}
	return posted
}

// fiveAccounts are the accounts of a park that the random tests use: twenty in four parks.
func fiveAccounts(park land.ParkCode) []land.QuotaAccount {
	return []land.QuotaAccount{
		quotaAccount(park, 2016, land.NewLand), quotaAccount(park, 2016, land.Stock), quotaAccount(park, 2016, land.Scale),
		quotaAccount(park, 2017, land.NewLand), quotaAccount(park, 2017, land.Stock),
	}
}

// randomEntry makes an entry that is often right and often is not. Posted are
// entries that may be reversed.
func randomEntry(random *rand.Rand, parks []land.ParkCode, documents int, posted []land.EntryID) land.QuotaEntry {
	accounts := fiveAccounts(parks[random.IntN(len(parks))])
	e := land.QuotaEntry{Account: accounts[random.IntN(len(accounts))], DocumentNo: fmt.Sprint("文号 ", random.IntN(documents)), Reason: "test"}
	e.Total = land.Amount(1 + random.IntN(60_000_000))
	if random.IntN(4) == 0 && e.Account.Kind != land.Stock {
		e.Farmland = land.Amount(random.Int64N(int64(e.Total) + 1))
		e.Cultivated = land.Amount(random.Int64N(int64(e.Farmland) + 1))
		e.Unused = e.Total - e.Farmland
	}
	e.CaseNo = fmt.Sprintf("case-%d", random.IntN(40))
	switch n := random.IntN(100); {
	case n < 15:
		e.Type, e.Total, e.CaseNo = land.EntryGrant, e.Total*20, ""
		if e.Unused > 0 {
			e.Farmland, e.Cultivated, e.Unused = e.Farmland*20, e.Cultivated*20, e.Unused*20
		}
	case n < 18:
		e.Type, e.CaseNo = land.EntrySupplement, ""
	case n < 24:
		e.Type, e.CaseNo = land.EntryWithdraw, ""
	case n < 32:
		e.Type, e.CaseNo, e.To = land.EntryTransfer, "", e.Account
		e.To.Park = parks[random.IntN(len(parks))]
	case n < 36:
		e.Type, e.CaseNo, e.To = land.EntryCarryOver, "", e.Account
		e.To.Year++
	case n < 62:
		e.Type = land.EntryReserve
	case n < 76:
		e.Type, e.Total = land.EntryUse, e.Total/4+1
	case n < 86:
		e.Type, e.Total = land.EntryRelease, e.Total/4+1
	default:
		e.Type, e.CaseNo = land.EntryReverse, ""
		if len(posted) > 0 {
			e.Of = posted[len(posted)-1-random.IntN(min(len(posted), 40))]
		}
	}
	if e.Farmland+e.Unused != 0 && e.Farmland+e.Unused != e.Total {
		e.Farmland, e.Cultivated, e.Unused = 0, 0, e.Total
	}
	return e
}

// ledgerOf reads the whole journal in the order of commits.
func ledgerOf(t *testing.T, db *postgis.DB, parks []land.ParkCode) []land.QuotaEntry {
	t.Helper()
	var all []land.QuotaEntry
	for _, park := range parks {
		for year := 2016; year <= 2019; year++ {
			for since := land.Seq(0); ; {
				page, err := db.QuotaEntries(context.Background(), quotaAdmin, land.QuotaAccount{Park: park, Year: year}, since, 100)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				for _, e := range page {
					if since >= e.Seq {
						t.Fatalf("entry %d comes after change %d", e.Seq, since)
					}
					since = e.Seq
					if e.Account.Park == park && e.Account.Year == year {
						all = append(all, e)
					}
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b land.QuotaEntry) int { return int(a.Seq - b.Seq) })
	return all
}

// replay posts a journal to the model, and holds every step of it to what the
// database adds up of the entries so far, and the end to the pots.
func replay(t *testing.T, url string, entries []land.QuotaEntry) *land.Ledger {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(context.Background(), `
		SELECT c.seq, p.park, year, p.kind, pot, p.case_no, p.counts_as,
			(sum(amount) OVER sofar)::bigint, (sum(farmland) OVER sofar)::bigint, (sum(cultivated) OVER sofar)::bigint, (sum(unused) OVER sofar)::bigint
		FROM quota_postings p JOIN changes c USING (act)
		WINDOW sofar AS (PARTITION BY p.park, year, p.kind, pot, p.case_no ORDER BY c.seq) ORDER BY c.seq, amount`)
	if err != nil {
		t.Fatal(err)
	}
	type step struct {
		place land.Place
		sum   land.Quantity
	}
	steps := map[land.Seq][]step{}
	var seq land.Seq
	var s step
	var counts string
	_, err = pgx.ForEachRow(rows, []any{&seq, &s.place.Account.Park, &s.place.Account.Year, &s.place.Account.Kind, &s.place.Pot, &s.place.CaseNo, &counts, &s.sum.Total, &s.sum.Farmland, &s.sum.Cultivated, &s.sum.Unused}, func() error {
		steps[seq] = append(steps[seq], s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	l := &land.Ledger{}
	today := land.DateOf(time.Now().Add(24 * time.Hour))
	for _, e := range entries {
		if err := l.Post(e, today); err != nil {
			t.Fatalf("the model refuses entry %d, which the store took: %v", e.ID, err)
		}
		if len(steps[e.Seq]) != 2 {
			t.Fatalf("entry %d has %d sides", e.ID, len(steps[e.Seq]))
		}
		for _, s := range steps[e.Seq] {
			if got := l.Balance(s.place); got != s.sum {
				t.Fatalf("after entry %d %v holds %v in the model and %v in the database", e.ID, s.place, got, s.sum)
			}
			if s.place.Pot != land.PotOutside && (s.sum.Total < 0 || s.sum.Farmland < s.sum.Cultivated || s.sum.Cultivated < 0 || s.sum.Unused < 0 || s.sum.Farmland+s.sum.Unused > s.sum.Total) {
				t.Fatalf("after entry %d %v holds %v", e.ID, s.place, s.sum)
			}
		}
	}
	return l
}

// potsHold asks the database whether the pots are what the postings add up to,
// nothing is below nothing, and all of it together is nothing.
func potsHold(t *testing.T, url string) {
	t.Helper()
	var off, negative int
	var total int64
	row(t, url, `SELECT
		(SELECT count(*) FROM (SELECT park, year, kind, pot, case_no, sum(amount) AS a, sum(farmland) AS f, sum(cultivated) AS c, sum(unused) AS u FROM quota_postings GROUP BY 1, 2, 3, 4, 5) s
			FULL JOIN quota_pots p USING (park, year, kind, pot, case_no) WHERE (a, f, c, u) IS DISTINCT FROM (p.amount::numeric, p.farmland::numeric, p.cultivated::numeric, p.unused::numeric)),
		(SELECT count(*) FROM quota_pots WHERE pot <> 'outside' AND least(amount, farmland, cultivated, unused) < 0),
		(SELECT coalesce(sum(amount), 0)::bigint FROM quota_pots)`, &off, &negative, &total)
	if off > 0 || negative > 0 || total != 0 {
		t.Errorf("%d pots are not what the entries add up to, %d are below nothing, all together are %d", off, negative, total)
	}
}

func TestManyPostQuotaAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	parks := foundParks(t, db, 4)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	const workers = 16
	total := acts(t, 400)
	var mu sync.Mutex
	var posted []land.EntryID
	acknowledged := map[land.EntryID]land.QuotaEntry{}
	refused := map[string]int{}
	begun := time.Now()
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			for range total / workers {
				mu.Lock()
				e := randomEntry(random, parks, total/2+1, posted)
				if of, ok := acknowledged[e.Of]; ok {
					e.Account = of.Account
				}
				mu.Unlock()
				done, _, err := db.PostQuota(ctx, quotaAdmin, e, land.Once{})
				var conflict *land.ConflictError
				var invalid *land.InvalidError
				mu.Lock()
				switch {
				case errors.As(err, &conflict) && conflict.Field != "" && !strings.Contains(conflict.Message, "rule"):
					refused[conflict.Field]++
				case errors.As(err, &invalid):
					refused["invalid "+invalid.Findings[0].Field]++
				case err != nil:
					t.Errorf("%s: %v", e, err)
				default:
					acknowledged[done.ID] = done
					posted = append(posted, done.ID)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	t.Logf("%d of %d entries were posted in %v; refused: %v", len(acknowledged), total, time.Since(begun).Round(time.Millisecond), refused)
	kept := ledgerOf(t, db, parks)
	if len(kept) != len(acknowledged) {
		t.Errorf("%d entries were acknowledged, %d are kept", len(acknowledged), len(kept))
	}
	for _, e := range kept {
		e.ReversedBy = 0
		if was := acknowledged[e.ID]; !was.RecordedAt.Equal(e.RecordedAt) || was.Digest != e.Digest || was.Seq != e.Seq || was.Quantity != e.Quantity {
			t.Errorf("entry %d was acknowledged as %+v and is kept as %+v", e.ID, was, e)
		}
	}
	l := replay(t, url, kept)
	potsHold(t, url)
	states, err := db.QuotaStates(ctx, quotaAdmin, postgis.QuotaQuery{}, land.Moment{})
	if err != nil || len(states) == 0 {
		t.Fatalf("%d accounts, %v", len(states), err)
	}
	for _, s := range states {
		s.LastDay = land.Date{}
		if want := l.State(s.Account); s != want {
			t.Errorf("%+v, want %+v", s, want)
		}
		if s.Allocated() != s.Available.Plus(s.Reserved).Plus(s.Used) {
			t.Errorf("%s: allocated %v, %+v", s.Account.Words().En, s.Allocated(), s)
		}
	}
	checkLog(t, db)
}

// insertQuota writes an entry past the program; the digest is of no use.
func insertQuota(ctx context.Context, conn *pgx.Conn, e land.QuotaEntry) error {
	_, err := conn.Exec(ctx, `
		INSERT INTO quota_entries (id, act, park, year, kind, entry, to_park, to_year, amount, farmland, cultivated, unused, case_no, document_no, reason, day, reverses, actor, recorded_at, digest)
		VALUES ($1, $1, $2, $3, $4, $5, nullif($6, ''), nullif($7, 0), $8, $9, $10, $11, $12, $13, $14, $15, nullif($16, 0), 'x', $17, '')`,
		int64(e.ID), e.Account.Park, e.Account.Year, e.Account.Kind, e.Type, e.To.Park, e.To.Year, int64(e.Total), int64(e.Farmland), int64(e.Cultivated), int64(e.Unused),
		e.CaseNo, e.DocumentNo, e.Reason, e.Day.Time(), int64(e.Of), e.RecordedAt)
	return err
}

// TestTheDatabaseRulesAsTheModelDoes writes random entries past the program: the
// database must take those that the model takes, and no others.
func TestTheDatabaseRulesAsTheModelDoes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	parks := foundParks(t, db, 4)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var l land.Ledger
	var posted []land.EntryID
	entries := map[land.EntryID]land.QuotaEntry{}
	total := acts(t, 800)
	start := date(t, "2016-01-01")
	broken := map[string]int{}
	for i := range total {
		e := randomEntry(random, parks, total/2+1, posted)
		e.ID = land.EntryID(100 + i)
		e.Day = land.DateOf(start.Time().AddDate(0, 0, 300*i/total+random.IntN(3)-1)) // now and then a day too early
		e.RecordedAt = time.Now().Truncate(time.Microsecond)
		if of, ok := entries[e.Of]; ok && e.Type == land.EntryReverse {
			e = e.Reversing(of)
		}
		switch nonsense := random.IntN(60); { // and now and then nonsense
		case nonsense == 0:
			e.DocumentNo = ""
		case nonsense == 1:
			e.Reason = ""
		case nonsense == 2:
			e.Day = date(t, "2999-01-01")
		case e.Type == land.EntryReverse: // what moves is that of the entry that it reverses
		case nonsense == 3:
			e.Total = -e.Total
		case nonsense == 4:
			e.Cultivated = e.Farmland + 1
		case nonsense == 5:
			e.CaseNo = ""
		case nonsense == 6:
			e.To = quotaAccount("p1", 2016, e.Account.Kind)
		}
		byModel := l.Post(e, land.DateOf(time.Now()))
		byDatabase := insertQuota(ctx, conn, e)
		if (byModel == nil) != (byDatabase == nil) {
			t.Fatalf("entry %d, %s (%v):\nmodel    %v\ndatabase %v", i, e, e.To, byModel, byDatabase)
		}
		if byModel == nil {
			posted = append(posted, e.ID)
			entries[e.ID] = e
			continue
		}
		var pg *pgconn.PgError
		if errors.As(byDatabase, &pg) {
			broken[pg.ConstraintName]++
		}
	}
	t.Logf("%d of %d entries were taken; refused by %v", len(posted), total, broken)
	potsHold(t, url)
	for _, park := range parks {
		for _, a := range fiveAccounts(park) {
			states, err := db.QuotaStates(ctx, quotaAdmin, postgis.QuotaQuery{Parks: []land.ParkCode{a.Park}, Years: []int{a.Year}, Kinds: []land.QuotaKind{a.Kind}}, land.Moment{})
			if err != nil {
				t.Fatal(err)
			}
			var got land.QuotaState
			if len(states) == 1 {
				got = states[0]
			}
			got.Account, got.LastDay = a, land.Date{}
			if want := l.State(a); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
	}
}
