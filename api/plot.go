package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

const geoJSONType = "application/geo+json"

// Bounds of a page of plots.
const (
	defaultPage = 100
	largestPage = 1000
)

// getPlots answers the search, page by page: as GeoJSON, or as rows without
// geometry where Accept asks for them.
func (s *server) getPlots(c echo.Context) error {
	q, view, err := s.ask(c, append([]string{"sort", "limit", "cursor", "facets"}, searchNames...)...)
	if err != nil {
		return err
	}
	chosen, err := search(q, view)
	if err != nil {
		return err
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
	a := searchAnswer{matched: found.Matched, seq: view.Seq, page: found.Plots}
	if found.Next != nil {
		onward := withoutAfter(q)
		onward.Set("cursor", writeCursor(q, found.Next))
		a.next = s.base(c) + c.Request().URL.Path + "?" + onward.Encode()
	}
	if withFacets {
		a.facets = facetsOf(found.Sums, view)
	}
	return a.send(c)
}

// pageOf reads sort, limit and cursor.
func pageOf(q url.Values) (page tiles.Page, err error) {
	if page.Order, err = order(q); err != nil {
		return page, err
	}
	if page.Limit, err = pageSize(q); err != nil {
		return page, err
	}
	page.After, err = readCursor(q, page.Order)
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
		return false, &queryError{name, geo.Say("%q 不是开关", "%q is no switch", text), geo.Say("请给出 1 或 0", "give 1 or 0")}
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

// pageSize reads limit.
func pageSize(q url.Values) (int, error) {
	text := q.Get("limit")
	if text == "" {
		return defaultPage, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 {
		return 0, &queryError{"limit", geo.Say("%q 不是页大小", "%q is not a page size", text), geo.Say("请给出 1 至 %d", "give 1 to %d", largestPage)}
	}
	return min(limit, largestPage), nil
}

// searchAnswer is a page of plots with what is said of all that match.
type searchAnswer struct {
	matched int
	seq     land.Seq
	page    []land.Plot
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
		return compressed(c, csvType+"; charset=utf-8; header=present", rows)
	case flatType:
		head, err := a.head(form)
		if err != nil {
			return err
		}
		return compressed(c, form, flatRows(head, a.page))
	}
	head, err := a.head(geoJSONType)
	if err != nil {
		return err
	}
	body := append(append([]byte(`{"type":"FeatureCollection",`), head...), `,"features":[`...)
	for i := range a.page {
		if i > 0 {
			body = append(body, ",\n"...)
		}
		body = geojson.AppendFeature(body, &a.page[i])
	}
	return compressed(c, geoJSONType, append(body, "]}\n"...))
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
	q, view, err := s.ask(c, "lon", "lat")
	if err != nil {
		return err
	}
	at, err := lonLat(q)
	if err != nil {
		return err
	}
	found := view.At(at)
	return searchAnswer{matched: len(found), seq: view.Seq, page: found}.send(c)
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
	_, view, err := s.ask(c)
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
	tag := versionTag(plot.Version)
	c.Response().Header().Set("ETag", tag)
	if held(c.Request().Header.Get("If-None-Match"), strings.Trim(tag, `"`)) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, geoJSONType, geojson.AppendFeature(nil, &plot))
}

func versionTag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// plotEdit is a Feature with what an edit says beside it, as foreign members.
type plotEdit struct {
	Reason    string `json:"reason"`
	CaseNo    string `json:"case_no"`
	ValidFrom string `json:"valid_from"`
	feature   geojson.Feature
	validFrom land.Date
}

func decodeEdit(c echo.Context) (plotEdit, error) {
	var edit plotEdit
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, largestDocument))
	if err != nil {
		return edit, err
	}
	if edit.feature, err = geojson.DecodeFeature(body, 0); err != nil {
		return edit, err
	}
	if err := json.Unmarshal(body, &edit); err != nil {
		return edit, land.Invalid("reason", geo.Say("reason、case_no、valid_from 是文字", "reason, case_no and valid_from are texts"), geo.Say("请在 properties 旁以字符串发送", "send them as strings beside properties"))
	}
	if edit.validFrom, err = land.ParseDate(edit.ValidFrom); err != nil {
		return edit, land.Invalid("valid_from", geo.WordsOf(err), geo.Words{})
	}
	return edit, nil
}

// postPlot takes a new plot in; the Feature's property park says where.
func (s *server) postPlot(c echo.Context) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	edit, err := decodeEdit(c)
	if err != nil {
		return err
	}
	park := land.ParkCode(edit.feature.Properties["park"])
	if err := park.Validate(); err != nil {
		return err
	}
	if edit.feature.Geometry == nil {
		return land.Invalid("geometry", geo.Say("地块没有界址", "the plot has no boundary"), geo.Say("请给出 Polygon 或 MultiPolygon", "give a Polygon or MultiPolygon"))
	}
	draft := land.Draft{Boundary: edit.feature.Geometry, CRS: edit.feature.CRS}
	if err := setProperties(&draft.Attributes, edit.feature.Properties); err != nil {
		return err
	}
	if !edit.validFrom.IsZero() {
		draft.ValidFrom = edit.validFrom
	}
	ctx := c.Request().Context()
	plot, change, err := s.DB.CreatePlot(ctx, access.Actor(c), park, draft, edit.Reason, edit.CaseNo)
	if err != nil {
		return err
	}
	s.settle(ctx, change.Seq)
	c.Response().Header().Set(echo.HeaderLocation, fmt.Sprintf("%s/api/v1/plots/%d", s.base(c), plot.ID))
	return answerPlot(c, http.StatusCreated, plot, change.Seq)
}

// putPlot makes a plot's next version. Properties and geometry that the Feature
// leaves out stay as they are; null clears.
func (s *server) putPlot(c echo.Context) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	id, err := plotID(c)
	if err != nil {
		return err
	}
	version, err := ifMatch(c.Request().Header.Get("If-Match"))
	if err != nil {
		return err
	}
	edit, err := decodeEdit(c)
	if err != nil {
		return err
	}
	update := land.Update{
		Version: version, Boundary: edit.feature.Geometry, CRS: edit.feature.CRS,
		ValidFrom: edit.validFrom, Reason: edit.Reason, CaseNo: edit.CaseNo,
		Change: func(a *land.Attributes) error { return edit.apply(a, id) },
	}
	ctx := c.Request().Context()
	plot, change, err := s.DB.UpdatePlot(ctx, access.Actor(c), id, update)
	if err != nil {
		return err
	}
	s.settle(ctx, change.Seq)
	return answerPlot(c, http.StatusOK, plot, change.Seq)
}

// apply sets the properties that the client sent. A valid_from that came back
// as it was read asks for nothing; the member beside properties does.
func (e plotEdit) apply(a *land.Attributes, id land.PlotID) error {
	properties := e.feature.Properties
	if sent := properties["id"]; sent != "" && sent != strconv.FormatInt(int64(id), 10) {
		return land.Invalid("id", geo.Say("该 Feature 是地块 %s", "the Feature is plot %s", sent), geo.Say("请发送到该地块的地址", "send it to that plot's address"))
	}
	return setProperties(a, properties)
}

func setProperties(a *land.Attributes, properties map[string]string) error {
	faults, unknown := land.SetProperties(a, properties)
	for _, name := range unknown {
		faults = append(faults, land.Finding{Severity: land.Block, Field: name}.Saying(
			geo.Say("地块没有此字段", "a plot has no such property"), geo.Say("请去掉", "leave it out")))
	}
	return land.Refuse(faults)
}

// ifMatch reads the version that the client read, from If-Match.
func ifMatch(header string) (int, error) {
	if header == "" {
		return 0, &statusError{http.StatusPreconditionRequired, geo.Say(`编辑需要 If-Match 标头，值为所读地块的 ETag，例如 "7"`, `an edit needs the header If-Match with the ETag of the plot that you read, such as "7"`)}
	}
	text := strings.TrimPrefix(strings.TrimSpace(header), "W/")
	version, err := strconv.Atoi(strings.Trim(text, `"`))
	if err != nil {
		return 0, land.ErrStale
	}
	return version, nil
}

func answerPlot(c echo.Context, status int, p land.Plot, seq land.Seq) error {
	setSeq(c, seq)
	c.Response().Header().Set("ETag", versionTag(p.Version))
	return c.Blob(status, geoJSONType, geojson.AppendFeature(nil, &p))
}
