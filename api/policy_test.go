package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
)

// TestThePolicyHoldsCellByCell makes every call in every role, and without a key:
// who is not in a route's audience is refused, and nobody else is.
func TestThePolicyHoldsCellByCell(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	keys := map[land.Role]string{"": ""}
	for _, role := range []land.Role{land.Visitor, land.Applicant, land.Officer, land.Approver, land.Admin} {
		key, err := s.db.CreateKey(context.Background(), land.Actor{Name: "who", Role: role}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		keys[role] = key
	}
	some := strings.NewReplacer(":z/:x/:y", "14/13355/7116.mvt", ":code", "test", ":id", "1", ":plot_no", "A", ":file", "balance.json", ":digest", "digest.json", ":export", "test.geojson",
		":collectionId", "plots", ":featureId", "1", ":tileMatrixSetId", "WebMercatorQuad", ":tileMatrix", "14", ":tileRow", "7116", ":tileCol", "13355",
		":no", "test-2018-0001", ":action", "submit", ":form", "form.xlsx", ":park", "test", ":year", "2018", "/*", "/index.html")
	cells := 0
	for _, r := range policy {
		for role, key := range keys {
			status := s.status(t, r.Method, some.Replace(r.Path), key)
			cells++
			want := "to be let through"
			switch refused := status == http.StatusUnauthorized || status == http.StatusForbidden; {
			case r.Who.Lets(role) && !refused:
				continue
			case !r.Who.Lets(role) && role == "":
				want = "401"
			case !r.Who.Lets(role):
				want = "403"
			}
			if fmt.Sprint(status) != want {
				t.Errorf("%s %s as %q: %d, and ought %s", r.Method, r.Path, role, status, want)
			}
		}
	}
	t.Logf("%d cells", cells)
}

// status is what a call with an empty body is answered with; answers that go on
// are not waited for.
func (s *service) status(t *testing.T, method, path, key string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestThePolicyNamesEveryRoute(t *testing.T) {
	t.Parallel()
	s := newService(t)
	if err := policy.Covers(routes(Config{DB: s.db}).Routes()); err != nil {
		t.Error(err)
	}
}
