package postgis_test

import (
	"context"
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
