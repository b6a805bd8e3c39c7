package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/api/access"
)

// signIn gives the cookie and the token of a session.
func signIn(t *testing.T, s *service) (cookie, token string) {
	t.Helper()
	g := s.send("POST", "/api/v1/session", `{"key":"`+s.key+`"}`)
	g.want(t, 200, `"name":"Officer Li"`, `"role":"officer"`)
	set := g.header.Get("Set-Cookie")
	for _, part := range []string{access.Cookie + "=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age=43200"} {
		if !strings.Contains(set, part) {
			t.Errorf("%q has no %q", set, part)
		}
	}
	if strings.Contains(set, s.key) || g.header.Get("Cache-Control") != "no-store" {
		t.Error("the answer gives the key away, or may be kept")
	}
	_, rest, _ := strings.Cut(g.body, `"token":"`)
	token, _, _ = strings.Cut(rest, `"`)
	cookie, _, _ = strings.Cut(set, ";")
	return cookie, token
}

func TestASessionStandsForItsKey(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	s.get("/api/v1/session").want(t, 200, `"role":"visitor"`)
	s.send("POST", "/api/v1/session", `{"key":"dikuai_wrong"}`).want(t, 401)
	s.send("POST", "/api/v1/session", `{}`).want(t, 422)
	s.send("POST", "/api/v1/session", `{"key":"`+strings.Repeat("x", 2000)+`"}`).want(t, 422)
	cookie, token := signIn(t, s)
	s.get("/api/v1/session", "Cookie", cookie).want(t, 200, `"role":"officer"`, token)

	const rename = `{"type":"Feature","properties":{"name":"一号地"}}`
	put := func(status int, headers ...string) {
		t.Helper()
		s.send("PUT", "/api/v1/plots/1", rename, append(headers, "If-Match", `"1"`)...).want(t, status)
	}
	put(403, "Cookie", cookie)
	put(403, "Cookie", cookie, access.TokenHeader, "wrong")
	put(403, "Cookie", cookie, access.TokenHeader, token, "Sec-Fetch-Site", "cross-site")
	put(401, "Cookie", access.Cookie+"=nothing", access.TokenHeader, access.Token("nothing"))
	put(200, "Cookie", cookie, access.TokenHeader, token, "Sec-Fetch-Site", "same-origin")

	s.send("DELETE", "/api/v1/session", "", "Cookie", cookie).want(t, 403)
	s.send("DELETE", "/api/v1/session", "", "Cookie", cookie, access.TokenHeader, token).want(t, 204)
	s.get("/api/v1/session", "Cookie", cookie).want(t, 200, `"role":"visitor"`)
	s.get("/api/v1/controls", "Cookie", cookie).want(t, 200)
	s.send("PUT", "/api/v1/plots/1", rename, "Cookie", cookie, access.TokenHeader, token, "If-Match", `"2"`).want(t, http.StatusUnauthorized)
}
