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
)

const geoJSONType = "application/geo+json"

// Bounds of a page of plots.
const (
	defaultPage = 100
	largestPage = 1000
)

// getPlots answers the search by park, status, land_use (lists) and bbox, page
// by page in number order.
func (s *server) getPlots(c echo.Context) error {
	q, view, err := s.ask(c, "park", "status", "land_use", "bbox", "limit", "cursor")
	if err != nil {
		return err
	}
	query, err := parseQuery(q)
	if err != nil {
		return err
	}
	for _, code := range query.Parks {
		if _, ok := view.Park(code); !ok {
			return &queryError{"park", geo.Say("没有园区 %q", "there is no park %q", code), geo.Say("请用 /api/v1/parks 中的代码", "use a code of /api/v1/parks")}
		}
	}
	size := query.Limit
	query.Limit++ // one more tells whether there is a next page
	page, matched := view.Find(query)
	var next string
	if len(page) > size {
		page = page[:size]
		onward := withoutAfter(q)
		onward.Set("cursor", strconv.FormatInt(int64(page[size-1].ID), 10))
		next = s.base(c) + c.Request().URL.Path + "?" + onward.Encode()
	}
	return compressed(c, geoJSONType, collection(page, matched, view.Seq, next))
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

func parseQuery(q url.Values) (land.Query, error) {
	query := land.Query{Uses: list(q, "land_use")}
	for _, p := range list(q, "park") {
		query.Parks = append(query.Parks, land.ParkCode(p))
	}
	for _, text := range list(q, "status") {
		status, err := land.ParseStatus(text)
		if err != nil {
			return query, &queryError{"status", geo.WordsOf(err), geo.Say("请用登记库的状态", "use the words of the register")}
		}
		query.Statuses = append(query.Statuses, status)
	}
	for i, code := range query.Uses {
		query.Uses[i] = strings.ToUpper(code)
		if !slices.ContainsFunc(land.Uses(), func(u land.Use) bool { return u.Code == query.Uses[i] }) {
			return query, &queryError{"land_use", geo.Say("字典中没有代码 %q", "no dictionary has the code %q", code), geo.Say("请用代码或类别，例如 A35 或 A", "use a code or class such as A35 or A")}
		}
	}
	var err error
	if query.Bound, err = bbox(q.Get("bbox")); err != nil {
		return query, err
	}
	if query.Limit, err = pageSize(q); err != nil {
		return query, err
	}
	if text := q.Get("cursor"); text != "" {
		last, err := strconv.ParseInt(text, 10, 64)
		if err != nil || last < 0 {
			return query, &queryError{"cursor", geo.Say("不是本服务给出的游标", "this is not a cursor of ours"), geo.Say("请使用上一页的 next 链接", "follow the next link of the page before")}
		}
		query.After = land.PlotID(last)
	}
	return query, nil
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

// collection writes plots as a FeatureCollection.
func collection(page []land.Plot, matched int, seq land.Seq, next string) []byte {
	body := fmt.Appendf(nil, `{"type":"FeatureCollection","numberMatched":%d,"numberReturned":%d,"register_seq":%d,"links":[`, matched, len(page), seq)
	if next != "" {
		body = append(body, `{"rel":"next","type":"`+geoJSONType+`","href":`...)
		body = append(geojson.AppendString(body, next), '}')
	}
	body = append(body, `],"features":[`...)
	for i := range page {
		if i > 0 {
			body = append(body, ",\n"...)
		}
		body = geojson.AppendFeature(body, &page[i])
	}
	return append(body, "]}\n"...)
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
	return compressed(c, geoJSONType, collection(found, len(found), view.Seq, ""))
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
