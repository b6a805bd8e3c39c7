package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// caller is who is signed in, with the token that calls in the session carry.
type caller struct {
	Name  string        `json:"name"`
	Role  land.Role     `json:"role"`
	Park  land.ParkCode `json:"park,omitempty"`
	Token string        `json:"token,omitempty"`
}

// largestKey bounds the body of a sign-in, in bytes.
const largestKey = 1 << 10

// postSession signs the holder of a key in: the browser keeps a cookie instead
// of the key, which scripts cannot read.
func (s *server) postSession(c echo.Context) error {
	var body struct {
		Key string `json:"key"`
	}
	read := http.MaxBytesReader(c.Response(), c.Request().Body, largestKey)
	if err := json.NewDecoder(read).Decode(&body); err != nil || body.Key == "" {
		return land.Invalid("key", geo.Say("请求体中没有密钥", "the body has no key"), geo.Say(`请发送 {"key": "…"}`, `send {"key": "…"}`))
	}
	secret, actor, err := s.DB.OpenSession(c.Request().Context(), body.Key)
	if err != nil {
		return err
	}
	access.SetSession(c, secret, postgis.SessionTime)
	return s.told(c, actor, secret)
}

// getSession tells who calls: the one who is signed in, the holder of a key, or
// a visitor.
func (s *server) getSession(c echo.Context) error {
	actor, err := access.Holder(c, s.DB)
	switch {
	case errors.Is(err, access.ErrNoKey):
		actor = access.Actor(c)
	case errors.Is(err, postgis.ErrNoSession):
		access.SetSession(c, "", 0)
		return s.told(c, access.Actor(c), "")
	case err != nil:
		return err
	}
	return s.told(c, actor, access.Secret(c))
}

// deleteSession signs out.
func (s *server) deleteSession(c echo.Context) error {
	if _, err := access.Holder(c, s.DB); errors.Is(err, access.ErrForged) {
		return err
	}
	if err := s.DB.CloseSession(c.Request().Context(), access.Secret(c)); err != nil {
		return err
	}
	access.SetSession(c, "", 0)
	return c.NoContent(http.StatusNoContent)
}

func (s *server) told(c echo.Context, actor land.Actor, secret string) error {
	told := caller{Name: actor.Name, Role: actor.Role, Park: actor.Park}
	if secret != "" && c.Request().Header.Get(echo.HeaderAuthorization) == "" {
		told.Token = access.Token(secret)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, told)
}
