package api

import (
	"crypto/sha256"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// Rates are how many requests are answered: of an address without a key, of a key,
// and for tiles of an address. The machine itself may make any number.
type Rates struct{ Address, Key, Tiles access.Rate }

// unknownKeys is how many keys that do not exist an address may try.
var unknownKeys = access.Rate{Requests: 60, Per: time.Minute}

// limits hold clients to the rates; a nil one holds nobody.
type limits struct {
	keys                         access.Keys
	address, key, tiles, unknown *access.Limiter
}

func newLimits(r Rates, keys access.Keys) *limits {
	l := &limits{
		keys: keys, address: access.NewLimiter("address", r.Address), key: access.NewLimiter("key", r.Key),
		tiles: access.NewLimiter("tiles", r.Tiles),
	}
	if l.key != nil {
		l.unknown = access.NewLimiter("unknown-keys", unknownKeys)
	}
	return l
}

// limited answers 429 to clients that ask for too much, and tells all others what
// they may still ask for. Who brings a key is told apart by it only once it is
// found to be good.
func (l *limits) limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		address := clientOf(c.RealIP())
		if address == "" {
			return next(c)
		}
		switch path := c.Request().URL.Path; {
		case strings.HasPrefix(path, "/tiles/land/"):
			return take(c, l.tiles, address, next)
		case !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/ogc"):
			return next(c)
		}
		key := c.Request().Header.Get(echo.HeaderAuthorization)
		if key == "" || l.key == nil {
			return take(c, l.address, address, next)
		}
		if left := l.unknown.Look(address); !left.OK {
			return tooMany(c, l.unknown, left)
		}
		if _, err := access.Holder(c, l.keys); err != nil {
			if errors.Is(err, postgis.ErrUnknownKey) {
				l.unknown.Take(address)
			}
			return take(c, l.address, address, next)
		}
		hash := sha256.Sum256([]byte(key))
		return take(c, l.key, string(hash[:16]), next)
	}
}

func take(c echo.Context, l *access.Limiter, client string, next echo.HandlerFunc) error {
	if l == nil {
		return next(c)
	}
	left := l.Take(client)
	if !left.OK {
		return tooMany(c, l, left)
	}
	tell(c, l, left)
	return next(c)
}

func tell(c echo.Context, l *access.Limiter, left access.Left) {
	h := c.Response().Header()
	h.Set("RateLimit-Policy", l.Policy())
	h.Set("RateLimit", l.Header(left))
}

func tooMany(c echo.Context, l *access.Limiter, left access.Left) error {
	tell(c, l, left)
	c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(left.Wait()))
	return door.Deny(http.StatusTooManyRequests, geo.Say("请求过于频繁；请在 %d 秒后重试", "too many requests; try again in %d s", left.Wait()))
}

// clientOf tells clients apart by address, those of IPv6 by the first 64 bits,
// which one client has all of. It is empty for the machine itself.
func clientOf(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap()
	if a.IsLoopback() {
		return ""
	}
	if a.Is6() {
		p, _ := a.WithZone("").Prefix(64) // an address has as many bits
		return p.String()
	}
	return a.String()
}

// addressOf finds the client's address behind proxies: those on this machine, and
// those of the networks that are named.
func addressOf(proxies []netip.Prefix) echo.IPExtractor {
	trust := []echo.TrustOption{echo.TrustLoopback(true), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
