// Package access tells who calls and what they may do. Reading what is
// published is open; everything else needs a key.
package access

import (
	"context"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Keys finds the holder of a key.
type Keys interface {
	KeyHolder(ctx context.Context, key string) (land.Actor, error)
}

// ErrNoKey says that a call which needs a key brought none.
var ErrNoKey error = geo.Say("此调用需要密钥：请发送标头 Authorization: Bearer KEY", "this call needs a key: send the header Authorization: Bearer KEY")

const actorKey = "actor"

// Required lets only calls through that bring a good key.
func Required(keys Keys) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			scheme, key, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
			if !strings.EqualFold(scheme, "Bearer") || key == "" {
				return ErrNoKey
			}
			actor, err := keys.KeyHolder(c.Request().Context(), strings.TrimSpace(key))
			if err != nil {
				return err
			}
			c.Set(actorKey, actor)
			return next(c)
		}
	}
}

// Optional lets calls through that bring a good key or none; with none a
// visitor calls.
func Optional(keys Keys) echo.MiddlewareFunc {
	required := Required(keys)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		keyed := required(next)
		return func(c echo.Context) error {
			c.Response().Header().Add(echo.HeaderVary, echo.HeaderAuthorization)
			if c.Request().Header.Get(echo.HeaderAuthorization) == "" {
				return next(c)
			}
			return keyed(c)
		}
	}
}

// Actor is who calls; a visitor where no key was asked for.
func Actor(c echo.Context) land.Actor {
	if a, ok := c.Get(actorKey).(land.Actor); ok {
		return a
	}
	return land.Actor{Name: "visitor", Role: land.Visitor}
}
