package land

import (
	"strings"
	"testing"
	"time"
)

func TestWebhooksRetryEverLaterAndGiveUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := Webhook{Seq: 7}
	var pauses []time.Duration
	for w.DisabledAt.IsZero() {
		w = w.Failed("HTTP 500", false, now)
		pauses = append(pauses, w.NextAt.Sub(now))
	}
	if len(pauses) != MostFailures || pauses[0] != 5*time.Second || pauses[1] != 10*time.Second || pauses[MostFailures-1] != time.Hour {
		t.Errorf("%v", pauses)
	}
	if w.Seq != 7 || w.LastError != "HTTP 500" {
		t.Errorf("%+v", w)
	}
	if w = w.Resumed(now); !w.DisabledAt.IsZero() || w.Failures != 0 || w.Seq != 7 {
		t.Errorf("%+v", w)
	}
	if w = w.Failed("HTTP 410", true, now); w.DisabledAt.IsZero() {
		t.Error("what is gone for good is tried again")
	}
	if w = w.Failed(strings.Repeat("长", 1000), false, now); len([]rune(w.LastError)) > 201 {
		t.Error("the error is kept whole")
	}
	if w = w.Delivered(8, now); w.Seq != 8 || w.Failures != 0 || w.LastError != "" || w.DeliveredAt != now {
		t.Errorf("%+v", w)
	}
}

func TestSecretsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	secret := []byte(strings.Repeat("k", 32))
	if got, err := ParseSecret(FormatSecret(secret)); err != nil || string(got) != string(secret) {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{"", "whsec_", "whsec_short", "whsec_" + strings.Repeat("!", 32), FormatSecret(make([]byte, 65)), FormatSecret(make([]byte, 23))} {
		if _, err := ParseSecret(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSearchesHaveNamesAndQueries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, query string
		ok          bool
	}{
		{"可供用地", "park=panyu", true}, {"", "park=panyu", false}, {" x", "park=panyu", false}, {"a\nb", "park=panyu", false}, {"a", "", false},
		{strings.Repeat("长", 201), "q=x", false}, {"a", strings.Repeat("q", 16_001), false}, {"\xff", "q=x", false},
	} {
		if err := (SavedSearch{Name: c.name, Query: c.query}).Validate(); (err == nil) != c.ok {
			t.Errorf("%q %.20q: %v", c.name, c.query, err)
		}
	}
}
