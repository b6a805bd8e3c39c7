package api

import (
	"context"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

// TestTheFeedKeepsCasesToThoseWhoMaySeeThem: everybody sees that something was done
// on a case, and its proof; which case, by whom and why, those who may see it.
func TestTheFeedKeepsCasesToThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	s := newService(t)
	s.twoPlots()
	company := land.Actor{Key: 7, Name: "SecretCo", Role: land.Applicant}
	opened, err := s.db.OpenCase(ctx, company, land.CaseDraft{Kind: land.Siting, Park: "test", CaseContent: land.CaseContent{Title: "SecretProject", Plots: []land.PlotID{1}}}, land.Once{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.db.AddDocument(ctx, company, opened.Case.No, land.CaseDocument{Type: "application", FileName: "secret.pdf"}, []byte("x"), land.Once{}); err != nil {
		t.Fatal(err)
	}
	withdrawn, err := s.db.ActOnCase(ctx, company, opened.Case.No, 1, land.CaseAct{Name: "discard", Reason: "secret reason"}, land.Once{})
	if err != nil {
		t.Fatal(err)
	}
	officer := s.keyOf(land.Officer, "")
	edited := `{"type":"Feature","properties":{"name":"x"},"case_no":"` + string(opened.Case.No) + `","reason":"survey"}`
	s.send("PUT", "/api/v1/plots/1", edited, "Authorization", "Bearer "+officer, "If-Match", `"1"`).want(t, 200, `"version":2`)

	secrets := []string{"SecretCo", "SecretProject", "secret", string(opened.Case.No)}
	for name, key := range map[string]string{"nobody": "", "an applicant": s.keyOf(land.Applicant, ""), "an officer of another park": s.keyOf(land.Officer, "other")} {
		for _, path := range []string{"/api/v1/changes", "/api/v1/plots/1/history"} {
			var header []string
			if key != "" {
				header = []string{"Authorization", "Bearer " + key}
			}
			seen := s.get(path, header...)
			seen.want(t, 200, `"reason":"survey"`)
			for _, secret := range secrets {
				if strings.Contains(seen.body, secret) {
					t.Errorf("%s tells %s %s", path, name, secret)
				}
			}
		}
	}
	feed := s.get("/api/v1/changes")
	feed.want(t, 200, `"kind":"case"`, `"digest":"`+withdrawn.Event.Digest, `"actor":""`)
	readDescription(t).holds(t, "GET", "/api/v1/changes", feed)
	s.get("/api/v1/changes", "Authorization", "Bearer "+officer).want(t, 200, "SecretCo", "secret reason", string(opened.Case.No))
	s.get("/api/v1/plots/1/history", "Authorization", "Bearer "+officer).want(t, 200, string(opened.Case.No))
}
