package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

func TestKeysAreListedAndRevoked(t *testing.T) {
	databaseURL := postgistest.URL(t)
	t.Setenv("DATABASE_URL", databaseURL)
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(dikuai(t, "access", "key", "create", "--role", "officer", "--park", "nansha", "--name", "Li", "--days", "30", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	list := dikuai(t, "access", "key", "list")
	if !strings.Contains(list, "officer") || !strings.Contains(list, "nansha") || !strings.Contains(list, "Li") || strings.Contains(list, made.Key) {
		t.Errorf("the list is %s", list)
	}
	db, err := postgis.Open(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	secret, actor, err := db.OpenSession(context.Background(), made.Key)
	if err != nil || actor.Park != "nansha" {
		t.Fatalf("%+v, %v", actor, err)
	}
	dikuai(t, "access", "key", "revoke", "1")
	dikuai(t, "access", "key", "revoke", "1")
	if _, err := db.KeyHolder(t.Context(), made.Key); !errors.Is(err, postgis.ErrUnknownKey) {
		t.Errorf("the key still opens: %v", err)
	}
	if _, err := db.SessionHolder(t.Context(), secret); !errors.Is(err, postgis.ErrNoSession) {
		t.Errorf("its session still stands: %v", err)
	}
	for _, args := range [][]string{{"key", "revoke", "x"}, {"key"}, {"key", "create"}} {
		if err := refused(t, append([]string{"access"}, args...)...); !errors.Is(err, errMisuse) {
			t.Errorf("%v: %v", args, err)
		}
	}
	if err := refused(t, "access", "key", "revoke", "99"); err == nil {
		t.Error("a key that is not there was revoked")
	}
}
