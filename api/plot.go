package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
)

const geoJSONType = door.GeoJSON

// Bounds of a page of plots.
const (
	defaultPage = 100
	largestPage = 1000
)

// getPlots answers the search, page by page: as GeoJSON, or as rows without
// geometry where Accept asks for them.
func (s *server) getPlots(c echo.Context) error {
	q, view, err := s.views.Ask(c, append(pagingNames, searchNames...)...)
	if err != nil {
		return err
	}
	return s.answerPlots(c, q, q, view)
}

// pagingNames are the parameters of an answer that has pages.
var pagingNames = slices.Clip([]string{"sort", "limit", "cursor", "facets"})

// answerPlots answers a search, as much of which as is asked of this route is asked
// again for the next page.
func (s *server) answerPlots(c echo.Context, q, asked url.Values, view *tiles.View) error {
	chosen, err := search(q, view)
	if err != nil {
		return err
	}
	if form := wanted(c.Request().Header.Get(echo.HeaderAccept)); streams(form, q) {
		return s.streamPlots(c, form, q, view, chosen)
	}
	page, err := pageOf(q)
	if err != nil {
		return err
	}
	withFacets, err := flag(q, "facets")
	if err != nil {
		return err
	}
	page.Sums = withFacets
	found := view.Find(chosen, page)
	a := searchAnswer{matched: found.Matched, seq: view.Seq, page: found.Plots, written: s.views.Written}
	if found.Next != nil {
		onward := withoutAfter(asked)
		onward.Set("cursor", door.WriteCursor(q, pageNames, found.Next))
		a.next = s.base(c) + c.Request().URL.Path + "?" + onward.Encode()
	}
	if withFacets {
		a.facets = facetsOf(found.Sums, view)
	}
	return a.send(c)
}

// pageNames are the parameters that choose what is on a query's pages, and in
// which order.
var pageNames = append([]string{"sort", "at", "known_at"}, searchNames...)

// pageOf reads sort, limit and cursor.
func pageOf(q url.Values) (page tiles.Page, err error) {
	if page.Order, err = door.Order(q, "sort", tiles.Sortable()); err != nil {
		return page, err
	}
	if page.Limit, err = door.PageSize(q, defaultPage, largestPage); err != nil {
		return page, err
	}
	page.After, err = door.ReadCursor(q, pageNames, page.Order)
	return page, err
}

// flag reads a parameter that is 1 or 0.
func flag(q url.Values, name string) (bool, error) {
	switch text := q.Get(name); text {
	case "1", "true":
		return true, nil
	case "", "0", "false":
		return false, nil
	default:
		return false, door.Refuse(name, geo.Say("%q 不是开关", "%q is no switch", text), geo.Say("请给出 1 或 0", "give 1 or 0"))
	}
}

func withoutAfter(q url.Values) url.Values {
	copied := url.Values{}
	for name, values := range q {
		if name != "after" {
			copied[name] = slices.Clone(values)
		}
	}
	return copied
}

// searchAnswer is a page of plots with what is said of all that match.
type searchAnswer struct {
	matched int
	seq     land.Seq
	page    []plotset.Ref
	written *door.Written
	next    string
	facets  *facets
}

// send writes the answer in the form that the client likes best.
func (a searchAnswer) send(c echo.Context) error {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderAccept)
	h.Set("Number-Matched", strconv.Itoa(a.matched))
	if a.next != "" {
		h.Set("Link", link(a.next, "next"))
	}
	switch form := wanted(c.Request().Header.Get(echo.HeaderAccept)); form {
	case csvType:
		rows, err := csvRows(a.page)
		if err != nil {
			return err
		}
		return door.Compressed(c, csvContent, rows)
	case flatType:
		head, err := a.head(form)
		if err != nil {
			return err
		}
		return door.Compressed(c, form, flatRows(head, a.features()))
	}
	head, err := a.head(geoJSONType)
	if err != nil {
		return err
	}
	head = append(append([]byte(`{"type":"FeatureCollection",`), head...), `,"features":[`...)
	return door.Features(c, geoJSONType, head, a.features(), ",\n", "]}\n")
}

func (a searchAnswer) features() []*door.Feature {
	all := make([]*door.Feature, len(a.page))
	for i, r := range a.page {
		all[i] = a.written.Feature(r)
	}
	return all
}

// head writes the members that come before the plots.
func (a searchAnswer) head(form string) ([]byte, error) {
	body := fmt.Appendf(nil, `"numberMatched":%d,"numberReturned":%d,"register_seq":%d,"links":[`, a.matched, len(a.page), a.seq)
	if a.next != "" {
		body = append(geojson.AppendString(append(body, `{"rel":"next","type":`...), form), `,"href":`...)
		body = append(geojson.AppendString(body, a.next), '}')
	}
	body = append(body, ']')
	if a.facets != nil {
		told, err := json.Marshal(a.facets)
		if err != nil {
			return nil, err
		}
		body = append(append(body, `,"facets":`...), told...)
	}
	return body, nil
}

// getPlotsAt answers what is at a point.
func (s *server) getPlotsAt(c echo.Context) error {
	q, view, err := s.views.Ask(c, "lon", "lat")
	if err != nil {
		return err
	}
	at, err := lonLat(q)
	if err != nil {
		return err
	}
	found := view.At(at)
	return searchAnswer{matched: len(found), seq: view.Seq, page: found, written: s.views.Written}.send(c)
}

func plotID(c echo.Context) (land.PlotID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, &land.NotFoundError{What: "plot", Name: c.Param("id")}
	}
	return land.PlotID(id), nil
}

// getPlot answers one plot; its ETag is its version, as If-Match wants it.
func (s *server) getPlot(c echo.Context) error {
	_, view, err := s.views.Ask(c)
	if err != nil {
		return err
	}
	id, err := plotID(c)
	if err != nil {
		return err
	}
	plot, ok := view.Plot(id)
	if !ok {
		return s.whereItWent(c, id)
	}
	tag := door.VersionTag(plot.Version)
	c.Response().Header().Set("ETag", tag)
	if door.Held(c.Request().Header.Get("If-None-Match"), strings.Trim(tag, `"`)) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, geoJSONType, geojson.AppendFeature(nil, &plot))
}

// postPlot takes a new plot in; the Feature's property park says where.
func (s *server) postPlot(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	body, err := door.Body(c)
	if err != nil {
		return err
	}
	edit, err := door.DecodeEdit(body, 0)
	if err != nil {
		return err
	}
	park, err := edit.Park()
	if err != nil {
		return err
	}
	draft, err := edit.Draft()
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	plot, change, err := s.DB.CreatePlot(ctx, access.Actor(c), park, draft, edit.Reason, edit.CaseNo)
	if err != nil {
		return err
	}
	s.views.Settle(ctx, change.Seq)
	c.Response().Header().Set(echo.HeaderLocation, fmt.Sprintf("%s/api/v1/plots/%d", s.base(c), plot.ID))
	return answerPlot(c, http.StatusCreated, plot, change.Seq)
}

// putPlot makes a plot's next version. Properties and geometry that the Feature
// leaves out stay as they are; null clears.
func (s *server) putPlot(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	id, err := plotID(c)
	if err != nil {
		return err
	}
	version, err := door.IfMatch(c.Request().Header.Get("If-Match"))
	if err != nil {
		return err
	}
	body, err := door.Body(c)
	if err != nil {
		return err
	}
	edit, err := door.DecodeEdit(body, 0)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	plot, change, err := s.DB.UpdatePlot(ctx, access.Actor(c), id, edit.Update(id, version))
	if err != nil {
		return err
	}
	s.views.Settle(ctx, change.Seq)
	return answerPlot(c, http.StatusOK, plot, change.Seq)
}

func answerPlot(c echo.Context, status int, p land.Plot, seq land.Seq) error {
	door.SetSeq(c, seq)
	c.Response().Header().Set("ETag", door.VersionTag(p.Version))
	return c.Blob(status, geoJSONType, geojson.AppendFeature(nil, &p))
}
