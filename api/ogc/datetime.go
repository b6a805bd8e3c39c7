package ogc

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// china is the zone in which the register's days begin and end.
var china = time.FixedZone("CST", 8*60*60)

// earliest is the first day that the register can be asked for.
var earliest = land.DateOf(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))

// readDatetime reads an instant, an interval or one with an open end (17-069r4
// §7.15.4), and gives the moment at which the register is read: the instant, or
// the last one of the interval. What holds then holds until further notice, so
// that every moment to come is answered with today.
func readDatetime(q url.Values, today land.Date) (land.Moment, error) {
	if !q.Has("datetime") {
		return land.Moment{}, nil
	}
	text := q.Get("datetime")
	bad := door.Refuse("datetime", geo.Say("%q 不是时刻或时段", "%q is neither an instant nor an interval", text),
		geo.Say("例如 2018-06-30T00:00:00Z、2018-01-01T00:00:00Z/2018-06-30T00:00:00Z、../2018-06-30T00:00:00Z", "give one such as 2018-06-30T00:00:00Z, 2018-01-01T00:00:00Z/2018-06-30T00:00:00Z or ../2018-06-30T00:00:00Z"))
	first, last, isInterval := strings.Cut(text, "/")
	if !isInterval {
		last = first
	}
	begin, opened, err := readInstant(first)
	if err != nil || !isInterval && opened {
		return land.Moment{}, bad
	}
	end, open, err := readInstant(last)
	if err != nil || opened && open || !opened && !open && begin.After(end) {
		return land.Moment{}, bad
	}
	day := land.DateOf(end.In(china))
	if open || !today.After(day) {
		return land.Moment{}, nil
	}
	if earliest.After(day) {
		day = earliest
	}
	return land.Moment{At: day}, nil
}

// viewAt is the register at the moment that a request asks for.
func (s *server) viewAt(c echo.Context, q url.Values) (*tiles.View, error) {
	moment, err := readDatetime(q, s.Views.Live.View().Day)
	if err != nil {
		return nil, err
	}
	return s.Views.At(c, moment)
}

// readInstant reads a date-time of RFC 3339, or a day; ".." or nothing is an open
// end.
func readInstant(text string) (at time.Time, open bool, err error) {
	if text == "" || text == ".." {
		return at, true, nil
	}
	if len(text) == len(time.DateOnly) {
		at, err = time.ParseInLocation(time.DateOnly, text, china)
		return at, false, err
	}
	at, err = time.Parse(time.RFC3339, strings.ToUpper(text))
	return at, false, err
}

// startOf is the instant at which a day begins, in UTC, as the datetime of a
// version's address.
func startOf(day land.Date) time.Time {
	y, m, d := day.Time().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, china).UTC()
}

// httpDate is a day's beginning as Memento-Datetime and its like tell it (RFC 7089
// §2.1.1).
func httpDate(day land.Date) string { return startOf(day).Format(http.TimeFormat) }
