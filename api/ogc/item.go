package ogc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// getItem answers one item (17-069r4 §7.16), of plots the version that holds at
// the moment that is asked for.
func (s *server) getItem(c echo.Context) error {
	newest := s.Views.Live.View()
	of, err := s.collection(c, newest)
	if err != nil {
		return err
	}
	q, err := door.Parameters(c, "crs", "datetime", "f")
	if err != nil {
		return err
	}
	in, err := choose(c, q, asGeoJSON, asHTML)
	if err != nil {
		return err
	}
	system, err := readCRS(q, "crs")
	if err != nil {
		return err
	}
	moment, err := readDatetime(q, newest.Day)
	if err != nil {
		return err
	}
	view, err := s.Views.At(c, moment)
	if err != nil {
		return err
	}
	it, ok := of.get(view, c.Param("featureId"))
	if !ok {
		return s.whereItWent(c, of)
	}
	links := append(s.selves(c, q, in, asGeoJSON, asHTML), link{Href: s.address(c, "collections", of.id), Rel: "collection", Type: jsonType, Title: both(of.title)})
	if p, ok := it.(plotFeature); ok {
		more, err := s.versionLinks(c, of, p.Plot, moment.IsNow())
		if err != nil {
			return err
		}
		links = append(links, more...)
		c.Response().Header().Set("Memento-Datetime", httpDate(p.ValidFrom))
	}
	header(c, links...)
	c.Response().Header().Set("Content-Crs", system.header())
	if in.name == asHTML.name {
		return s.showItem(c, of, view, it, links)
	}
	return answerItem(c, it, system, links, moment.IsNow())
}

// answerItem writes an item as GeoJSON. The ETag of a plot as it holds now is its
// version, as If-Match wants it.
func answerItem(c echo.Context, it feature, system crs, links []link, now bool) error {
	body, err := itemBody(it, system, links)
	if err != nil {
		return err
	}
	p, ok := it.(plotFeature)
	if !ok || !now {
		return door.Compressed(c, door.GeoJSON, body)
	}
	tag := door.VersionTag(p.Version)
	c.Response().Header().Set("ETag", tag)
	if door.Held(c.Request().Header.Get("If-None-Match"), strings.Trim(tag, `"`)) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, door.GeoJSON, body)
}

func itemBody(it feature, system crs, links []link) ([]byte, error) {
	told, err := json.Marshal(links)
	if err != nil {
		return nil, err
	}
	body := appendFeature(nil, it, system.shape())
	if it.shown() {
		body = geojson.AppendString(append(body, `,"data_nature":`...), exchange.DemonstrationNote)
	}
	return append(append(append(body, `,"links":`...), told...), "}\n"...), nil
}

// whereItWent answers for an item that a view does not hold: 410 where there was
// such a plot at another moment, else 404.
func (s *server) whereItWent(c echo.Context, of collection) error {
	missing := door.Deny(http.StatusNotFound, geo.Say("集合 %s 中没有 %q", "collection %s has no item %q", of.id, c.Param("featureId")))
	id, history, err := s.historyOf(c, of, missing)
	if err != nil {
		return err
	}
	header(c, append(s.timeMapLinks(c, of, id), s.versionLink(c, of, history[len(history)-1], "latest-version"))...)
	if err := s.DB.Successors(c.Request().Context(), id); err != nil {
		return err // 410 with the plots that came out of it
	}
	return door.Deny(http.StatusGone, geo.Say("地块 %d 在该时刻没有版本", "plot %d has no version at that moment", id))
}

// has says whether a collection of plots has those of a park.
func (of collection) has(park land.ParkCode) bool { return of.park == "" || of.park == park }

// memento is a version of a plot that can be asked for by its datetime: the last
// one of those that hold from one day on.
type memento struct {
	land.PlotVersion
	until land.Date // the day from which it holds no more; zero: it holds
}

// historyOf is the plot that a call names, with its versions; missing when the
// collection never had it.
func (s *server) historyOf(c echo.Context, of collection, missing error) (land.PlotID, []memento, error) {
	id, ok := plotID(c.Param("featureId"))
	if _, plotted := of.source.(plots); !plotted || !ok {
		return 0, nil, missing
	}
	history, err := s.mementos(c.Request().Context(), id)
	var unknown *land.NotFoundError
	if errors.As(err, &unknown) || err == nil && (len(history) == 0 || !of.has(history[0].Park)) {
		err = missing
	}
	return id, history, err
}

// mementos are the versions of a plot, oldest first.
func (s *server) mementos(ctx context.Context, id land.PlotID) ([]memento, error) {
	history, err := s.DB.History(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []memento
	for i, v := range history {
		m := memento{PlotVersion: v}
		if i+1 < len(history) {
			m.until = history[i+1].ValidFrom
		}
		if !v.Retired && m.until != v.ValidFrom {
			all = append(all, m)
		}
	}
	return all, nil
}

// versionLinks are the links from a plot to itself at other moments (RFC 5829, RFC
// 7089). A first version that holds now has none before it and none after.
func (s *server) versionLinks(c echo.Context, of collection, p *land.Plot, now bool) ([]link, error) {
	links := s.timeMapLinks(c, of, p.ID)
	if now && p.Version == 1 {
		return links, nil
	}
	history, err := s.mementos(c.Request().Context(), p.ID)
	if err != nil {
		return nil, err
	}
	for i, m := range history {
		if m.Version != p.Version {
			continue
		}
		if i > 0 {
			links = append(links, s.versionLink(c, of, history[i-1], "predecessor-version"))
		}
		if i+1 < len(history) {
			links = append(links, s.versionLink(c, of, history[i+1], "successor-version"))
		}
	}
	return links, nil
}

// timeMapLinks lead to a plot without a moment, and to the list of its versions.
func (s *server) timeMapLinks(c echo.Context, of collection, id land.PlotID) []link {
	at := s.address(c, "collections", of.id, "items", strconv.FormatInt(int64(id), 10))
	return []link{
		{Href: at, Rel: "original", Type: door.GeoJSON, Title: "现状 As it holds now"},
		{Href: at + "/versions", Rel: "timemap", Type: jsonType, Title: "各版本 All versions"},
		{Href: at + "/versions", Rel: "version-history", Type: jsonType, Title: "各版本 All versions"},
	}
}

func (s *server) versionLink(c echo.Context, of collection, m memento, rel string) link {
	at := s.address(c, "collections", of.id, "items", strconv.FormatInt(int64(m.ID), 10)) + "?datetime=" + startOf(m.ValidFrom).Format("2006-01-02T15:04:05Z")
	return link{Href: at, Rel: rel, Type: door.GeoJSON, Title: m.ValidFrom.String(), Datetime: httpDate(m.ValidFrom)}
}
