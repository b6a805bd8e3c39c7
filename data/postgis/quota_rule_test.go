package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

// anEntry is a row of quota_entries as SQL, with some columns changed.
func anEntry(changes ...string) string {
	columns := []string{"id", "act", "park", "year", "kind", "entry", "to_park", "to_year", "amount", "farmland", "cultivated", "unused", "case_no", "document_no", "reason", "day", "reverses", "actor", "recorded_at", "digest"}
	values := []string{"900", "900", "'p1'", "2016", "'new'", "'grant'", "NULL", "NULL", "1000000", "0", "0", "0", "''", "'文 9'", "''", "(now() AT TIME ZONE interval '8 hours')::date", "NULL", "'x'", "now()", "''"}
	for _, c := range changes {
		name, value, _ := strings.Cut(c, "=")
		for i := range columns {
			if columns[i] == name {
				values[i] = value
			}
		}
	}
	return `INSERT INTO quota_entries (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(values, ", ") + `)`
}

// TestTheDatabaseKeepsTheLedger writes past the program.
func TestTheDatabaseKeepsTheLedger(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	foundParks(t, db, 2)
	a := quotaAccount("p1", 2016, land.NewLand)
	grant := post(t, db, land.QuotaEntry{Account: a, Type: land.EntryGrant, Quantity: mu(100), DocumentNo: "文 1"})
	reserve := post(t, db, land.QuotaEntry{Account: a, Type: land.EntryReserve, Quantity: mu(40), DocumentNo: "文 1", CaseNo: "A"})
	use := post(t, db, land.QuotaEntry{Account: a, Type: land.EntryUse, Quantity: mu(10), DocumentNo: "文 2", CaseNo: "A"})
	undone := post(t, db, land.QuotaEntry{Account: a, Type: land.EntryReverse, Of: use.ID, Reason: "typed wrongly"})
	of := func(id land.EntryID) string { return fmt.Sprint("reverses=", id) }
	for _, c := range []struct{ sql, constraint string }{
		{`UPDATE quota_entries SET amount = 1`, "append_only"},
		{`UPDATE quota_entries SET reason = '' WHERE false`, "append_only"},
		{`DELETE FROM quota_entries`, "append_only"},
		{`TRUNCATE quota_entries CASCADE`, "append_only"},
		{`UPDATE quota_pots SET amount = 1`, "append_only"},
		{`DELETE FROM quota_pots`, "append_only"},
		{`TRUNCATE quota_pots`, "append_only"},
		{`INSERT INTO quota_pots VALUES ('p1', 2016, 'new', 'available', '', 1, 0, 0, 0)`, "append_only"},
		{anEntry("amount=0"), "quota_amount"},
		{anEntry("amount=-1"), "quota_amount"},
		{anEntry("amount=1000000000001"), "quota_amount"},
		{anEntry("farmland=400000", "cultivated=400001", "unused=600000"), "quota_parts"},
		{anEntry("farmland=400000"), "quota_parts"},
		{anEntry("unused=1000001"), "quota_parts"},
		{anEntry("kind='stock'", "farmland=1000000"), "quota_parts"},
		{anEntry("kind='other'"), "quota_entries_kind_check"},
		{anEntry("entry='gift'"), "quota_entries_entry_check"},
		{anEntry("park='p9'"), "quota_entries_park_fkey"},
		{anEntry("document_no=''"), "quota_document"},
		{anEntry("case_no='A'"), "quota_case"},
		{anEntry("entry='reserve'"), "quota_case"},
		{anEntry("to_park='p2'", "to_year=2016"), "quota_target"},
		{anEntry("entry='transfer'"), "quota_target"},
		{anEntry("entry='transfer'", "to_park='p1'", "to_year=2016"), "quota_target"},
		{anEntry("entry='carry_over'", "to_park='p1'", "to_year=2018"), "quota_target"},
		{anEntry("day=current_date + 3"), "quota_day"},
		{anEntry("day='2014-12-31'"), "quota_day"},
		{anEntry("day=current_date - 2"), "quota_days_in_order"},
		{anEntry("recorded_at=now() - interval '1 hour'"), "quota_days_in_order"},
		{anEntry("document_no='文 1'"), "quota_document_once"},
		{anEntry("entry='withdraw'", "amount=60000001"), "quota_never_overdrawn"},
		{anEntry("entry='withdraw'", "farmland=1000000"), "quota_never_overdrawn"},
		{anEntry("entry='reserve'", "case_no='A'"), "quota_case_reserves_once"},
		{anEntry("entry='use'", "case_no='A'", "amount=40000001"), "quota_never_overdrawn"},
		{anEntry("entry='release'", "case_no='B'"), "quota_never_overdrawn"},
		{anEntry("reverses=" + fmt.Sprint(grant.ID)), "quota_reverses"},
		{anEntry("entry='reverse'", "reason='x'"), "quota_reverses"},
		{anEntry("entry='reverse'", of(grant.ID)), "quota_reason"},
		{anEntry("entry='reverse'", "reason='x'", of(grant.ID)), "quota_reversal_alike"},
		{anEntry("entry='reverse'", "reason='x'", of(grant.ID), "amount=100000000"), "quota_never_overdrawn"},
		{anEntry("entry='reverse'", "reason='x'", of(use.ID), "amount=10000000", "case_no='A'"), "quota_reversed_once"},
		{anEntry("entry='reverse'", "reason='x'", of(undone.ID), "amount=10000000", "case_no='A'"), "quota_reversal_stands"},
		{anEntry("entry='reverse'", "reason='x'", "reverses=12345"), ""},
		{`BEGIN ISOLATION LEVEL REPEATABLE READ; ` + anEntry() + `; COMMIT`, "quota_isolation"},
		{`BEGIN ISOLATION LEVEL SERIALIZABLE; ` + anEntry() + `; COMMIT`, "quota_isolation"},
	} {
		err := execute(ctx, url, c.sql)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || c.constraint != "" && pg.ConstraintName != c.constraint {
			t.Errorf("%s: %v, want a breach of %q", c.sql, err, c.constraint)
		}
	}
	potsHold(t, url)
	checkLog(t, db)
	// What is written past the program and breaks no rule shows in the log.
	if err := execute(ctx, url, anEntry()); err != nil {
		t.Fatal(err)
	}
	faults, _, err := db.CheckLog(ctx, func(int) {})
	if err != nil || len(faults) != 1 || faults[0].Message != "quota entry 900 is of no change" {
		t.Errorf("%v, %v", faults, err)
	}
	// So does an entry that was rewritten by one who took the triggers away.
	for _, sql := range []string{
		`ALTER TABLE quota_entries DISABLE TRIGGER append_only; UPDATE quota_entries SET amount = 30000000 WHERE id = ` + fmt.Sprint(reserve.ID),
	} {
		if err := execute(ctx, url, sql); err != nil {
			t.Fatal(err)
		}
	}
	faults, _, err = db.CheckLog(ctx, func(int) {})
	said := fmt.Sprint(faults)
	if err != nil || !strings.Contains(said, fmt.Sprintf("quota entry %d is not as it was written", reserve.ID)) || !strings.Contains(said, "the quota available of p1 2016 new") {
		t.Errorf("%v, %v", faults, err)
	}
}

// TestOneOfManyAtOnceWins has sixteen do what only one may.
func TestOneOfManyAtOnceWins(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	foundParks(t, db, 2)
	a, b := quotaAccount("p1", 2016, land.NewLand), quotaAccount("p2", 2016, land.NewLand)
	for _, account := range []land.QuotaAccount{a, b} {
		post(t, db, land.QuotaEntry{Account: account, Type: land.EntryGrant, Quantity: mu(100), DocumentNo: "文 1"})
	}
	supplement := post(t, db, land.QuotaEntry{Account: a, Type: land.EntrySupplement, Quantity: mu(1), DocumentNo: "文 1"})
	for _, c := range []struct {
		name  string
		wins  int
		entry func(i int) land.QuotaEntry
	}{
		{"a document", 1, func(int) land.QuotaEntry {
			return land.QuotaEntry{Account: a, Type: land.EntryGrant, Quantity: mu(10), DocumentNo: "文 2"}
		}},
		{"a case in one account", 1, func(i int) land.QuotaEntry {
			return land.QuotaEntry{Account: a, Type: land.EntryReserve, Quantity: mu(1), DocumentNo: fmt.Sprint("文 ", i), CaseNo: "A"}
		}},
		{"a case in two accounts", 1, func(i int) land.QuotaEntry {
			return land.QuotaEntry{Account: []land.QuotaAccount{a, b}[i%2], Type: land.EntryReserve, Quantity: mu(1), DocumentNo: fmt.Sprint("文 ", i), CaseNo: "B"}
		}},
		{"a reversal", 1, func(i int) land.QuotaEntry {
			return land.QuotaEntry{Account: a, Type: land.EntryReverse, Of: supplement.ID, Reason: fmt.Sprint(i)}
		}},
		{"the last 亩", 3, func(i int) land.QuotaEntry { // 99 of b, or 98, are left
			return land.QuotaEntry{Account: b, Type: land.EntryReserve, Quantity: mu(32), DocumentNo: "文 3", CaseNo: fmt.Sprint("C", i)}
		}},
		{"there and back", 16, func(i int) land.QuotaEntry { // transfers both ways, which lock the same two accounts
			from, to := a, b
			if i%2 == 1 {
				from, to = b, a
			}
			return land.QuotaEntry{Account: from, To: to, Type: land.EntryTransfer, Quantity: land.Quantity{Total: 1}, DocumentNo: fmt.Sprint("文 ", i)}
		}},
	} {
		var won atomic.Int64
		var group sync.WaitGroup
		for i := range 16 {
			group.Go(func() {
				_, _, err := db.PostQuota(ctx, quotaAdmin, c.entry(i), land.Once{})
				var conflict *land.ConflictError
				switch {
				case err == nil:
					won.Add(1)
				case !errors.As(err, &conflict) || conflict.Field == "":
					t.Errorf("%s: %v", c.name, err)
				}
			})
		}
		group.Wait()
		if int(won.Load()) != c.wins {
			t.Errorf("%s: %d won, want %d", c.name, won.Load(), c.wins)
		}
	}
	potsHold(t, url)
	checkLog(t, db)
}

func TestQuotaOfAnyDay(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	foundParks(t, db, 2)
	a, b := quotaAccount("p1", 2016, land.NewLand), quotaAccount("p2", 2016, land.NewLand)
	next := quotaAccount("p1", 2017, land.NewLand)
	half := land.Quantity{Total: land.MuAmount(300), Farmland: land.MuAmount(200), Cultivated: land.MuAmount(50), Unused: land.MuAmount(100)}
	var known []time.Time
	for _, e := range []land.QuotaEntry{
		{Account: a, Type: land.EntryGrant, Quantity: half, DocumentNo: "文 1", Day: date(t, "2016-03-01")},
		{Account: a, Type: land.EntryReserve, Quantity: land.Quantity{Total: land.MuAmount(100), Farmland: land.MuAmount(100)}, DocumentNo: "文 2", CaseNo: "A", Day: date(t, "2016-05-20")},
		{Account: a, To: b, Type: land.EntryTransfer, Quantity: land.Quantity{Total: land.MuAmount(20), Unused: land.MuAmount(20)}, DocumentNo: "文 3", Day: date(t, "2016-06-01")},
		{Account: a, Type: land.EntryUse, Quantity: land.Quantity{Total: land.MuAmount(40), Farmland: land.MuAmount(40)}, DocumentNo: "文 4", CaseNo: "A", Day: date(t, "2016-09-01")},
		{Account: a, To: next, Type: land.EntryCarryOver, Quantity: land.Quantity{Total: land.MuAmount(180), Farmland: land.MuAmount(100), Cultivated: land.MuAmount(50), Unused: land.MuAmount(80)}, DocumentNo: "文 5", Day: date(t, "2016-12-31")},
	} {
		done := post(t, db, e)
		known = append(known, done.RecordedAt)
	}
	for _, c := range []struct {
		m                                                      land.Moment
		granted, transferred, carried, reserved, used, availed int64
	}{
		{land.Moment{At: date(t, "2016-03-01")}, 300, 0, 0, 0, 0, 300},
		{land.Moment{At: date(t, "2016-05-31")}, 300, 0, 0, 100, 0, 200},
		{land.Moment{At: date(t, "2016-06-01")}, 300, -20, 0, 100, 0, 180},
		{land.Moment{At: date(t, "2016-12-30")}, 300, -20, 0, 60, 40, 180},
		{land.Moment{}, 300, -20, -180, 60, 40, 0},
		{land.Moment{Known: known[1]}, 300, 0, 0, 100, 0, 200},
		{land.Moment{Known: known[3], At: date(t, "2016-05-31")}, 300, 0, 0, 100, 0, 200},
	} {
		states, err := db.QuotaStates(ctx, quotaAdmin, postgis.QuotaQuery{Parks: []land.ParkCode{"p1"}, Years: []int{2016}}, c.m)
		if err != nil || len(states) != 1 {
			t.Fatalf("%+v: %d accounts, %v", c.m, len(states), err)
		}
		s := states[0]
		got := [6]int64{}
		for i, q := range []land.Quantity{s.Granted, s.Transferred, s.Carried, s.Reserved, s.Used, s.Available} {
			got[i] = int64(q.Total / land.MuAmount(1))
		}
		if want := [6]int64{c.granted, c.transferred, c.carried, c.reserved, c.used, c.availed}; got != want {
			t.Errorf("%+v: %v, want %v", c.m, got, want)
		}
	}
	if states, err := db.QuotaStates(ctx, quotaAdmin, postgis.QuotaQuery{}, land.Moment{At: date(t, "2016-02-29")}); err != nil || len(states) != 0 {
		t.Errorf("%+v, %v", states, err)
	}
	states, err := db.QuotaStates(ctx, quotaAdmin, postgis.QuotaQuery{}, land.Moment{})
	if err != nil || len(states) != 3 || states[1].Account != next || states[1].Carried.Cultivated != land.MuAmount(50) || states[2].Transferred.Unused != land.MuAmount(20) {
		t.Errorf("%+v, %v", states, err)
	}
	if f := states[0].Forecast(); f.Used.Total != land.MuAmount(100) || f.Reserved.Total != 0 || f.Available.Total != 0 || states[0].Used.Total.Share(states[0].Allocated().Total) != 40 {
		t.Errorf("%+v", f)
	}
	cases, err := db.QuotaCases(ctx, quotaAdmin, postgis.QuotaQuery{}, land.Moment{}, 10)
	if err != nil || len(cases) != 1 || len(cases[a]) != 1 || cases[a][0].Reserved.Farmland != land.MuAmount(60) || cases[a][0].Used.Total != land.MuAmount(40) {
		t.Errorf("%+v, %v", cases, err)
	}
	if _, err := db.QuotaStates(ctx, quotaAdmin, postgis.QuotaQuery{}, land.Moment{At: date(t, "2999-01-01")}); err == nil {
		t.Error("a day to come is told")
	}
	var forbidden *land.ForbiddenError
	for _, actor := range []land.Actor{{Role: land.Visitor}, {Role: land.Applicant}, {Role: land.Officer, Park: "p2"}} {
		if _, err := db.QuotaStates(ctx, actor, postgis.QuotaQuery{Parks: []land.ParkCode{"p1"}}, land.Moment{}); !errors.As(err, &forbidden) {
			t.Errorf("%+v reads: %v", actor, err)
		}
		if _, err := db.QuotaEntries(ctx, actor, a, 0, 10); !errors.As(err, &forbidden) {
			t.Errorf("%+v reads the journal: %v", actor, err)
		}
	}
}

func TestAnActAskedForAgainIsDoneOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	foundParks(t, db, 1)
	a := quotaAccount("p1", 2016, land.NewLand)
	grant := land.QuotaEntry{Account: a, Type: land.EntryGrant, Quantity: mu(10), DocumentNo: "文 1"}
	one, other := quotaAdmin, quotaAdmin
	one.Key, other.Key = 1, 2
	once := land.Once{Key: "7f3d", Request: [32]byte{1}}
	var mutex sync.Mutex
	var group sync.WaitGroup
	answers := map[land.QuotaEntry]int{}
	fresh := 0
	for range 16 {
		group.Go(func() {
			e, again, err := db.PostQuota(ctx, one, grant, once)
			if err != nil {
				t.Error(err)
				return
			}
			mutex.Lock()
			defer mutex.Unlock()
			if !again {
				fresh++
			}
			e.RecordedAt = e.RecordedAt.UTC()
			answers[e]++
		})
	}
	group.Wait()
	if len(answers) != 1 || fresh != 1 {
		t.Errorf("%d did it, and the answers were %+v", fresh, answers)
	}
	for e := range answers { // also once it is reversed
		post(t, db, land.QuotaEntry{Account: a, Type: land.EntryReverse, Of: e.ID, Reason: "typed wrongly"})
		again, _, err := db.PostQuota(ctx, one, grant, once)
		if again.RecordedAt = again.RecordedAt.UTC(); err != nil || again != e {
			t.Errorf("%+v, want %+v (%v)", again, e, err)
		}
	}
	different := once
	different.Request[0]++
	if _, _, err := db.PostQuota(ctx, one, grant, different); !errors.Is(err, land.ErrOtherRequest) {
		t.Errorf("the key of another request: %v", err)
	}
	if _, again, err := db.PostQuota(ctx, other, grant, once); err != nil || again {
		t.Errorf("the key of another holder: %v, %v", again, err)
	}
	// What is refused leaves no key.
	refusedOnce := land.Once{Key: "refused", Request: [32]byte{2}}
	if _, _, err := db.PostQuota(ctx, one, grant, refusedOnce); err == nil {
		t.Error("a document was used twice")
	}
	supplement := grant
	supplement.Type = land.EntrySupplement
	if _, again, err := db.PostQuota(ctx, one, supplement, land.Once{Key: "refused", Request: [32]byte{3}}); err != nil || again {
		t.Errorf("%v, %v", again, err)
	}
	// After a day the key is forgotten.
	if err := execute(ctx, url, `UPDATE idempotency_keys SET created_at = created_at - interval '25 hours'`); err != nil {
		t.Fatal(err)
	}
	withdraw := grant
	withdraw.Type, withdraw.Quantity = land.EntryWithdraw, mu(1)
	if _, again, err := db.PostQuota(ctx, one, withdraw, different); err != nil || again {
		t.Errorf("a key of yesterday: %v, %v", again, err)
	}
	if left := ask[int](t, url, `SELECT count(*) FROM idempotency_keys`); left != 1 {
		t.Errorf("%d keys are left", left)
	}
	for _, key := range []string{"a b", "键", strings.Repeat("x", 256)} {
		if _, _, err := db.PostQuota(ctx, one, withdraw, land.Once{Key: key}); err == nil {
			t.Errorf("the key %.10q will do", key)
		}
	}
}

// TestFollowersSeeQuotaEntries: they are changes like others, and touch no plot.
func TestFollowersSeeQuotaEntries(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	e := post(t, db, land.QuotaEntry{Account: quotaAccount("test", 2016, land.NewLand), Type: land.EntryGrant, Quantity: mu(10), DocumentNo: "文 1", Reason: "year plan"})
	changes, err := db.Changes(ctx, 1, 10)
	if err != nil || len(changes) != 1 {
		t.Fatalf("%+v, %v", changes, err)
	}
	if c := changes[0]; c.Kind != land.QuotaPosted || c.Park != "test" || c.Seq != e.Seq || len(c.Quota) != 1 || c.Quota[0].Entry != e.ID || c.Quota[0].Digest != e.Digest || c.Reason != "" || c.CaseNo != "" || len(c.Plots) != 0 {
		t.Errorf("%+v", c)
	}
	delta, err := db.Since(ctx, 1)
	if err != nil || delta.Seq != 2 || len(delta.Plots) != 0 || delta.ControlsChanged {
		t.Errorf("%+v, %v", delta, err)
	}
	checkLog(t, db)
}
