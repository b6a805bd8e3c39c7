package postgis_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

func execute(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

func TestFollowersAreWokenAndSeeWhatChanged(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	woken := make(chan struct{}, 100)
	go func() { _ = db.Listen(ctx, func() { woken <- struct{}{} }) }()
	<-woken
	plot := load(t, db).Plots[0]
	_, change, err := db.UpdatePlot(ctx, officer, plot.ID, land.Update{Version: 1, Change: func(a *land.Attributes) error { a.Name = "x"; return nil }})
	if err != nil {
		t.Fatal(err)
	}
	<-woken
	delta, err := db.Since(ctx, change.Seq-1)
	if err != nil {
		t.Fatal(err)
	}
	if delta.Seq != change.Seq || len(delta.Plots) != 1 || delta.Plots[0].Name != "x" {
		t.Errorf("%+v", delta)
	}
	changes, err := db.Changes(ctx, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(changes) != 2 || changes[0].Kind != land.Imported || changes[0].Import == 0 || len(changes[0].Plots) != 2 || changes[1].Actor != "test officer" {
		t.Errorf("%+v", changes)
	}
}

func TestTheRegisterOfAChangeIsKnownAtAMoment(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	if _, err := db.KnownAt(ctx, 0); err != nil {
		t.Error(err)
	}
	twoNeighbours(t, db)
	first := load(t, db)
	for _, name := range []string{"x", "y"} {
		plot := load(t, db).Plots[0]
		if _, _, err := db.UpdatePlot(ctx, officer, plot.ID, land.Update{Version: plot.Version, Change: func(a *land.Attributes) error { a.Name = name; return nil }}); err != nil {
			t.Fatal(err)
		}
	}
	for seq, want := range map[land.Seq]string{first.Seq: first.Plots[0].Name, first.Seq + 1: "x", first.Seq + 2: "y"} {
		known, err := db.KnownAt(ctx, seq)
		if err != nil {
			t.Fatal(err)
		}
		then, err := db.Load(ctx, land.Moment{At: first.At, Known: known})
		if err != nil || then.Seq != seq || then.Plots[0].Name != want {
			t.Errorf("as of change %d the register is of change %d, its plot %q (%v)", seq, then.Seq, then.Plots[0].Name, err)
		}
	}
	known, err := db.KnownAt(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	if before, err := db.Load(ctx, land.Moment{Known: known}); err != nil || before.Seq != 0 || len(before.Plots) != 0 {
		t.Errorf("before the first change the register has %d plots (%v)", len(before.Plots), err)
	}
	var missing *land.NotFoundError
	if _, err := db.KnownAt(ctx, first.Seq+3); !errors.As(err, &missing) {
		t.Errorf("a change to come gives %v", err)
	}
}

func TestNoMomentTellsTheRegisterWithinOtherActs(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, url := postgistest.Open(t)
	twoNeighbours(t, db)
	seq := load(t, db).Seq
	plot := load(t, db).Plots[0]
	if _, _, err := db.UpdatePlot(ctx, officer, plot.ID, land.Update{Version: 1, Change: func(a *land.Attributes) error { a.Name = "x"; return nil }}); err != nil {
		t.Fatal(err)
	}
	// The act of the second change began before that of the first.
	if err := execute(ctx, url, `ALTER TABLE changes DISABLE TRIGGER USER; UPDATE changes SET recorded_at = recorded_at - interval '1 hour' WHERE seq = 2`); err != nil {
		t.Fatal(err)
	}
	var conflict *land.ConflictError
	if _, err := db.KnownAt(ctx, seq); !errors.As(err, &conflict) {
		t.Errorf("the register within another act is told: %v", err)
	}
	if _, err := db.KnownAt(ctx, seq+1); err != nil {
		t.Error(err)
	}
}

func TestKeysAreHashedAndExpire(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := postgistest.New(t)
	holder := land.Actor{Name: "Li", Role: land.Officer, Park: "panyu"}
	key, err := db.CreateKey(ctx, holder, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := db.KeyHolder(ctx, key)
	if holder.Key = got.Key; err != nil || got != holder || got.Key == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	expired, err := db.CreateKey(ctx, holder, time.Now().Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{expired, "", key + "x"} {
		if _, err := db.KeyHolder(ctx, k); err == nil {
			t.Errorf("key %q was taken", k)
		}
	}
}

// row asks the database itself.
func row(t *testing.T, url, sql string, into ...any) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, sql).Scan(into...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
