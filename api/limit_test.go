package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dikuai/dikuai/api/access"
)

// limitedTo is the service with limits, on a test's register.
func (s *service) limitedTo(r Rates, proxies ...netip.Prefix) *service {
	s.t.Helper()
	config := s.config
	config.Rates, config.Proxies = r, proxies
	server := httptest.NewServer(New(config))
	s.t.Cleanup(server.Close)
	return &service{t: s.t, url: server.URL, db: s.db, key: s.key}
}

func TestClientsAreHeldToTheirRates(t *testing.T) {
	t.Parallel()
	s := newService(t).limitedTo(Rates{Address: access.Rate{Requests: 3, Per: time.Hour}, Key: access.Rate{Requests: 2, Per: time.Hour}, Tiles: access.Rate{Requests: 1, Per: time.Hour}})
	from := func(address, path string, more ...string) got {
		return s.get(path, append([]string{"X-Forwarded-For", address}, more...)...)
	}
	const plots, one, other = "/api/v1/plots", "203.0.113.7", "203.0.113.8"
	first := from(one, plots)
	first.want(t, 200)
	if p, r := first.header.Get("RateLimit-Policy"), first.header.Get("RateLimit"); p != `"address";q=3;w=3600` || r != `"address";r=2;t=1200` {
		t.Errorf("%s, %s", p, r)
	}
	from(one, plots).want(t, 200)
	from(one, plots+"?colour=red").want(t, 400) // counts too
	last := from(one, plots)
	last.want(t, 429, `"detail_zh":"请求过于频繁`, `"title":"Too Many Requests"`)
	if last.header.Get("Retry-After") != "1200" || last.header.Get("RateLimit") != `"address";r=0;t=1200` || last.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%v", last.header)
	}
	from(other, plots).want(t, 200)
	from("2001:db8:1:2:3::4", plots).want(t, 200)
	if r := from("2001:db8:1:2:ffff::1", plots).header.Get("RateLimit"); !strings.HasPrefix(r, `"address";r=1;`) {
		t.Errorf("an IPv6 network has %s", r)
	}
	for range 5 { // neither probes nor the page nor this machine are limited
		from(one, "/healthz").want(t, 200)
		from(one, "/").want(t, 200)
		s.get(plots).want(t, 200)
	}
	from(one, "/tiles/land/0/0/0.mvt").want(t, 204)
	from(one, "/tiles/land/0/0/0.mvt").want(t, 429)

	bearer := []string{"Authorization", "Bearer " + s.key}
	from(one, plots, bearer...).want(t, 200)
	from(other, plots, bearer...).want(t, 200)
	from(one, plots, bearer...).want(t, 429)
	// A key that is not good is worth nothing.
	from(one, plots, "Authorization", "Bearer "+s.key+"x").want(t, 429)
	guess := func() got {
		return from("203.0.113.9", "/api/v1/imports/1", "Authorization", "Bearer guess"+time.Now().String())
	}
	guess().want(t, 401)
	for range unknownKeys.Requests {
		guess()
	}
	if g := guess(); g.status != 429 || !strings.Contains(g.header.Get("RateLimit"), "unknown-keys") {
		t.Errorf("%d %v", g.status, g.header)
	}
}

func TestOnlyProxiesThatAreTrustedSayForWhomTheyAsk(t *testing.T) {
	t.Parallel()
	rates := Rates{Address: access.Rate{Requests: 1, Per: time.Hour}}
	handler := New(Config{Rates: rates, Proxies: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}, Page: fstest.MapFS{}, Log: slog.New(slog.DiscardHandler)})
	ask := func(peer, forwarded string) int {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/nothing", nil)
		r.RemoteAddr = peer + ":1234"
		r.Header.Set("X-Forwarded-For", forwarded)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	for i, c := range []struct {
		peer, forwarded string
		want            int
	}{
		{"10.1.2.3", "198.51.100.1", 404}, {"10.1.2.3", "198.51.100.1", 429},
		{"10.1.2.3", "127.0.0.1, 198.51.100.1", 429}, // what the client added says nothing
		{"10.1.2.3", "198.51.100.2", 404},
		{"10.2.2.3", "198.51.100.3", 404}, {"10.2.2.3", "198.51.100.4", 429}, // no proxy of ours
	} {
		if got := ask(c.peer, c.forwarded); got != c.want {
			t.Errorf("request %d, of %s for %s: %d, want %d", i, c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestPagesOfOtherOriginsReadAndWriteNothing(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	const origin = "https://example.org"
	for _, path := range []string{"/api/v1/plots", "/api/v1/plots/1", "/api/v1/plots?colour=red", "/tiles/land.json", "/openapi.json"} {
		h := s.get(path, "Origin", origin).header
		if h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Expose-Headers"), "Register-Seq") || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, c := range []got{
		s.get("/metrics", "Origin", origin),
		s.get("/api/v1/plots", "Origin", origin, "Authorization", "Bearer "+s.key),
		s.send("POST", "/api/v1/plots", "{}", "Origin", origin),
		s.send("DELETE", "/api/v1/plots/1", "", "Origin", origin),
	} {
		if c.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%d: %v", c.status, c.header)
		}
	}
	asked := s.send("OPTIONS", "/api/v1/plots/1", "", "Origin", origin, "Access-Control-Request-Method", "DELETE", "Access-Control-Request-Headers", "authorization")
	asked.want(t, 204)
	if h := asked.header; h.Get("Access-Control-Allow-Methods") != "GET, HEAD, OPTIONS" || strings.Contains(strings.ToLower(h.Get("Access-Control-Allow-Headers")), "authorization") {
		t.Errorf("%v", h)
	}
}
