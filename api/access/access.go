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

// Keys finds the holder of a key, or of the key that a session was opened with.
type Keys interface {
	KeyHolder(ctx context.Context, key string) (land.Actor, error)
	SessionHolder(ctx context.Context, secret string) (land.Actor, error)
}

// ErrNoKey says that a call which needs a key brought none.
var ErrNoKey error = geo.Say("此调用需要密钥：请发送标头 Authorization: Bearer KEY", "this call needs a key: send the header Authorization: Bearer KEY")

const (
	actorKey  = "actor"
	holderKey = "holder"
)

// holder is what became of the key of a call.
type holder struct {
	actor land.Actor
	err   error
}

// Holder is who holds the key that a call brings, or in whose session it is made,
// which is looked up once a call; ErrNoKey where it brings neither. It allows
// nothing: the policy does.
func Holder(c echo.Context, keys Keys) (land.Actor, error) {
	if h, ok := c.Get(holderKey).(holder); ok {
		return h.actor, h.err
	}
	var h holder
	ctx := c.Request().Context()
	scheme, key, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	switch secret := Secret(c); {
	case strings.EqualFold(scheme, "Bearer") && key != "":
		h.actor, h.err = keys.KeyHolder(ctx, strings.TrimSpace(key))
	case secret == "":
		return land.Actor{}, ErrNoKey
	case !genuine(c, secret):
		h.err = ErrForged
	default:
		h.actor, h.err = keys.SessionHolder(ctx, secret)
	}
	c.Set(holderKey, h)
	return h.actor, h.err
}

// Actor is who calls; a visitor where no key was asked for.
func Actor(c echo.Context) land.Actor {
	if a, ok := c.Get(actorKey).(land.Actor); ok {
		return a
	}
	return land.Actor{Name: "visitor", Role: land.Visitor}
}
