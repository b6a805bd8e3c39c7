package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Cookie holds the secret of a session. The prefix has browsers see to it that
// no other host and no plain connection sets it (RFC 6265bis, 4.1.3.2).
const Cookie = "__Host-dikuai-session"

// TokenHeader carries the token that shows that a call comes from the page and
// not from another site that makes the browser send the cookie along.
const TokenHeader = "X-CSRF-Token"

// ErrForged says that a call in a session did not carry its token.
var ErrForged error = &land.ForbiddenError{Message: geo.Say("请求缺少登录会话的标头 X-CSRF-Token", "the call lacks its session's header X-CSRF-Token")}

// Token is a session's token. It follows from the secret, which no page can read.
func Token(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("X-CSRF-Token"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Secret is the secret of the session that a call is made in, or empty.
func Secret(c echo.Context) string {
	cookie, err := c.Cookie(Cookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// SetSession has the browser keep a session's secret for a time; none drops it.
func SetSession(c echo.Context, secret string, lasting time.Duration) {
	cookie := &http.Cookie{Name: Cookie, Value: secret, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: int(lasting.Seconds())}
	if secret == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

// genuine says whether a call in a session may change something: it carries the
// token, and the browser does not tell that another site makes it.
func genuine(c echo.Context, secret string) bool {
	switch c.Request().Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	h := c.Request().Header
	if site := h.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	return hmac.Equal([]byte(h.Get(TokenHeader)), []byte(Token(secret)))
}
