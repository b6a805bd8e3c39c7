package access

import (
	"slices"

	"github.com/labstack/echo/v4"
)

// BasicChallenge is what a call without a key is told (WWW-Authenticate) where a
// key may be a password.
const BasicChallenge = `Basic realm="dikuai", charset="UTF-8"`

// TakesBasic lets calls of the routes bring their key as the password of HTTP Basic
// authentication (RFC 7617), under any name, besides as a bearer token: calendar
// programs subscribe with nothing else, and a key has no place in an address, which
// is kept in histories and logs.
func TakesBasic(routes ...string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if _, key, ok := c.Request().BasicAuth(); ok && slices.Contains(routes, c.Path()) {
				c.Request().Header.Set(echo.HeaderAuthorization, "Bearer "+key)
			}
			return next(c)
		}
	}
}
