package postgis_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

// holderOf makes a key and gives who acts with it.
func holderOf(t *testing.T, db *postgis.DB, role land.Role) land.Actor {
	t.Helper()
	key, err := db.CreateKey(context.Background(), land.Actor{Name: string(role), Role: role}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	actor, err := db.KeyHolder(context.Background(), key)
	if err != nil || actor.Key == 0 {
		t.Fatalf("%+v, %v", actor, err)
	}
	return actor
}

func TestSearchesAreTheirOwners(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := postgistest.Open(t)
	one, other, admin := holderOf(t, db, land.Officer), holderOf(t, db, land.Visitor), holderOf(t, db, land.Admin)
	saved, err := db.SaveSearch(ctx, one, land.SavedSearch{Name: "可供用地", Query: "status=available"})
	if err != nil || saved.ID == 0 || saved.Owner != one.Key {
		t.Fatalf("%+v, %v", saved, err)
	}
	var conflict *land.ConflictError
	if _, err := db.SaveSearch(ctx, one, saved); !errors.As(err, &conflict) {
		t.Errorf("a name twice: %v", err)
	}
	if _, err := db.SaveSearch(ctx, other, saved); err != nil {
		t.Errorf("another's search of that name: %v", err)
	}
	var missing *land.NotFoundError
	if _, err := db.SavedSearch(ctx, other, saved.ID); !errors.As(err, &missing) {
		t.Errorf("another sees it: %v", err)
	}
	if err := db.DeleteSearch(ctx, other, saved.ID); !errors.As(err, &missing) {
		t.Errorf("another deletes it: %v", err)
	}
	for actor, want := range map[land.Actor]int{one: 1, other: 1, admin: 2} {
		if all, err := db.SavedSearches(ctx, actor); err != nil || len(all) != want {
			t.Errorf("%s sees %d, %v", actor.Name, len(all), err)
		}
	}
	if got, err := db.SavedSearch(ctx, admin, saved.ID); err != nil || got.Query != "status=available" {
		t.Errorf("%+v, %v", got, err)
	}
	w, err := db.CreateWebhook(ctx, one, land.Webhook{URL: "https://example.org/", Search: saved.ID, Secret: make([]byte, 24), Seq: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.DeleteSearch(ctx, one, saved.ID); !errors.As(err, &conflict) {
		t.Errorf("a search that a webhook leans on: %v", err)
	}
	if err := errors.Join(db.DeleteWebhook(ctx, one, w.ID), db.DeleteSearch(ctx, one, saved.ID)); err != nil {
		t.Error(err)
	}
	for i := range land.MostSearches {
		if _, err := db.SaveSearch(ctx, one, land.SavedSearch{Name: time.Duration(i).String(), Query: "q=x"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.SaveSearch(ctx, one, land.SavedSearch{Name: "one more", Query: "q=x"}); !errors.As(err, &conflict) {
		t.Errorf("one too many: %v", err)
	}
}

func TestAWebhookIsLeasedToOneAtATime(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := postgistest.Open(t)
	officer := holderOf(t, db, land.Officer)
	made, err := db.CreateWebhook(ctx, officer, land.Webhook{URL: "https://example.org/hook", Secret: make([]byte, 24), Seq: -1})
	if err != nil || made.Seq != 0 {
		t.Fatalf("%+v, %v", made, err)
	}
	last := land.Seq(0)
	lease := func() *postgis.Lease {
		t.Helper()
		l, err := db.LeaseWebhook(ctx, last, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	if lease() != nil {
		t.Error("there is nothing to tell yet")
	}
	twoNeighbours(t, db)
	last = 1
	held := lease()
	if held == nil || held.ID != made.ID || string(held.Secret) != string(made.Secret) {
		t.Fatalf("%+v", held)
	}
	if lease() != nil {
		t.Error("two hold it")
	}
	now := time.Now()
	held.Webhook = held.Delivered(1, now)
	if kept, err := db.KeepWebhook(ctx, held); err != nil || !kept {
		t.Errorf("%t, %v", kept, err)
	}
	if lease() != nil {
		t.Error("two hold it after it was kept")
	}
	if err := db.ReleaseWebhook(ctx, held); err != nil {
		t.Error(err)
	}
	if lease() != nil {
		t.Error("there is nothing more to tell")
	}
	if kept, err := db.KeepWebhook(ctx, held); err != nil || kept {
		t.Errorf("a lease that was given back is kept: %v", err)
	}
	p := byNumber(t, db, "A")
	holder := func(a *land.Attributes) error { a.Holder = "某公司"; return nil }
	if _, _, err := db.UpdatePlot(ctx, officer, p.ID, land.Update{Version: p.Version, Change: holder}); err != nil {
		t.Fatal(err)
	}
	last = 2
	held = lease()
	if held == nil || held.Seq != 1 {
		t.Fatalf("%+v", held)
	}
	held.Webhook = held.Failed("HTTP 500", false, now)
	if err := db.ReleaseWebhook(ctx, held); err != nil {
		t.Error(err)
	}
	if lease() != nil {
		t.Error("it is tried again at once")
	}
	again, err := db.ResumeWebhook(ctx, officer, made.ID)
	if err != nil || again.Failures != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	if held = lease(); held == nil || held.Seq != 1 || held.LastError != "HTTP 500" {
		t.Errorf("%+v", held)
	}
	if err := db.DeleteWebhook(ctx, officer, made.ID); err != nil {
		t.Error(err)
	}
	if kept, err := db.KeepWebhook(ctx, held); err != nil || kept {
		t.Errorf("a webhook that was deleted is kept: %v", err)
	}
}

func TestOnlyWhoMayHasWebhooks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db, _ := postgistest.Open(t)
	good := land.Webhook{URL: "https://example.org/hook", Secret: make([]byte, 24), Seq: -1}
	var forbidden *land.ForbiddenError
	for _, role := range []land.Role{land.Visitor, land.Applicant} {
		if _, err := db.CreateWebhook(ctx, holderOf(t, db, role), good); !errors.As(err, &forbidden) {
			t.Errorf("%s: %v", role, err)
		}
	}
	officer := holderOf(t, db, land.Officer)
	officer.Park = "panyu"
	if _, err := db.CreateWebhook(ctx, officer, good); !errors.As(err, &forbidden) {
		t.Errorf("every park for a key of one: %v", err)
	}
	var invalid *land.InvalidError
	for _, url := range []string{"", "ftp://example.org", "https://", "https://user:pass@example.org", "example.org", "https://example.org/#x", "javascript:alert(1)"} {
		w := good
		w.URL, w.Park = url, "panyu"
		if _, err := db.CreateWebhook(ctx, officer, w); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", url, err)
		}
	}
	another := good
	another.Park, another.Search = "panyu", 7
	var missing *land.NotFoundError
	if _, err := db.CreateWebhook(ctx, officer, another); !errors.As(err, &missing) {
		t.Errorf("a search that is not there: %v", err)
	}
}
