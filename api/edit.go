package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// actBody is what every edit says of itself. Coordinates are longitude,
// latitude unless crs names another system, then x before y.
type actBody struct {
	Reason    string `json:"reason"`
	CaseNo    string `json:"case_no"`
	ValidFrom string `json:"valid_from"`
	CRS       string `json:"crs"`
}

func (b actBody) act() (land.Act, geo.CRS, error) {
	act, err := door.ReadAct(b.Reason, b.CaseNo, b.ValidFrom)
	if err != nil {
		return act, 0, err
	}
	crs := geo.CGCS2000
	if b.CRS != "" {
		crs, err = geo.ParseCRS(b.CRS)
	}
	return act, crs, err
}

// decode reads a JSON object into v and refuses members that it does not know.
func decode(c echo.Context, v any) error {
	body, err := door.Body(c)
	if err != nil {
		return err
	}
	return unmarshal(body, v)
}

// unmarshal reads a JSON object into v and refuses members that it does not know.
func unmarshal(body []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		var invalid *land.InvalidError // of a value that reads itself
		if errors.As(err, &invalid) {
			return err
		}
		return land.Invalid("body", geo.Say("请求体无法读取：%s", "the body does not read: %s", strings.TrimPrefix(err.Error(), "json: ")), geo.Say("请发送本路由所需成员的 JSON 对象", "send a JSON object with the members of this route"))
	}
	return nil
}

// polygon reads a Polygon or MultiPolygon.
func polygon(raw json.RawMessage, crs geo.CRS) (geo.MultiPolygon, error) {
	p, _, _, err := geojson.DecodeGeometry(raw, crs)
	return p, err
}

// line reads a LineString.
func line(raw json.RawMessage) ([]geo.Point, error) {
	var g struct {
		Type        string      `json:"type"`
		Coordinates []orb.Point `json:"coordinates"`
	}
	if err := json.Unmarshal(raw, &g); err != nil || g.Type != "LineString" || len(g.Coordinates) < 2 {
		return nil, land.Invalid("line", geo.Say("不是至少两个点的 LineString", "this is not a LineString of at least two points"),
			geo.Say(`请发送 {"type":"LineString","coordinates":[[lon,lat],[lon,lat]]}`, `send {"type":"LineString","coordinates":[[lon,lat],[lon,lat]]}`))
	}
	return g.Coordinates, nil
}

// postSplit cuts a plot by a line or into given parts.
func (s *server) postSplit(c echo.Context) error {
	var body struct {
		actBody
		Line    json.RawMessage   `json:"line"`
		Parts   []json.RawMessage `json:"parts"`
		PlotNos []string          `json:"plot_nos"`
	}
	id, version, err := s.subject(c, &body)
	if err != nil {
		return err
	}
	split := land.Split{Version: version, PlotNos: body.PlotNos}
	if split.Act, split.CRS, err = body.act(); err != nil {
		return err
	}
	if (body.Line == nil) == (body.Parts == nil) {
		return land.Invalid("line", geo.Say("请给出分割线或各部分", "give either a line or parts"), geo.Say("两者只发送其一", "send one of the two"))
	}
	if body.Line != nil {
		if split.Line, err = line(body.Line); err != nil {
			return err
		}
	}
	for _, raw := range body.Parts {
		part, err := polygon(raw, split.CRS)
		if err != nil {
			return err
		}
		split.Parts = append(split.Parts, part)
	}
	plots, change, err := s.DB.SplitPlot(c.Request().Context(), access.Actor(c), id, split)
	return s.answerEdit(c, plots, change, err)
}

// postMerge makes adjacent plots into one. Properties say what of the merged
// plot is not as its parts agree.
func (s *server) postMerge(c echo.Context) error {
	var body struct {
		actBody
		IDs        []land.PlotID   `json:"ids"`
		Versions   []int           `json:"versions"`
		PlotNo     string          `json:"plot_no"`
		Properties json.RawMessage `json:"properties"`
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	merge := land.Merge{IDs: body.IDs, Versions: body.Versions, PlotNo: body.PlotNo}
	var err error
	if merge.Act, _, err = body.act(); err != nil {
		return err
	}
	if body.Properties != nil {
		feature, err := geojson.DecodeFeature([]byte(`{"type":"Feature","properties":`+string(body.Properties)+`}`), 0)
		if err != nil {
			return err
		}
		merge.Change = func(a *land.Attributes) error { return door.SetProperties(a, feature.Properties) }
	}
	plots, change, err := s.DB.MergePlots(c.Request().Context(), access.Actor(c), merge)
	return s.answerEdit(c, plots, change, err)
}

// postAdjust moves shared boundary points.
func (s *server) postAdjust(c echo.Context) error {
	var body struct {
		actBody
		Park  land.ParkCode `json:"park"`
		Moves []struct {
			From orb.Point `json:"from"`
			To   orb.Point `json:"to"`
		} `json:"moves"`
		Versions map[land.PlotID]int `json:"versions"`
	}
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	adjust := land.Adjust{Park: body.Park, Versions: body.Versions}
	var err error
	if adjust.Act, adjust.CRS, err = body.act(); err != nil {
		return err
	}
	for _, m := range body.Moves {
		adjust.Moves = append(adjust.Moves, land.Displacement(m))
	}
	plots, change, err := s.DB.AdjustBorders(c.Request().Context(), access.Actor(c), adjust)
	return s.answerEdit(c, plots, change, err)
}

// postReshape gives a plot a new boundary at its neighbours' cost or gain.
func (s *server) postReshape(c echo.Context) error {
	var body struct {
		actBody
		Geometry json.RawMessage `json:"geometry"`
	}
	id, version, err := s.subject(c, &body)
	if err != nil {
		return err
	}
	reshape := land.Reshape{Version: version}
	if reshape.Act, reshape.CRS, err = body.act(); err != nil {
		return err
	}
	if reshape.Boundary, err = polygon(body.Geometry, reshape.CRS); err != nil {
		return err
	}
	plots, change, err := s.DB.ReshapePlot(c.Request().Context(), access.Actor(c), id, reshape)
	return s.answerEdit(c, plots, change, err)
}

// postRenumber gives a plot another number.
func (s *server) postRenumber(c echo.Context) error {
	var body struct {
		actBody
		PlotNo string `json:"plot_no"`
	}
	id, version, err := s.subject(c, &body)
	if err != nil {
		return err
	}
	act, _, err := body.act()
	if err != nil {
		return err
	}
	plot, change, err := s.DB.RenumberPlot(c.Request().Context(), access.Actor(c), id, version, body.PlotNo, act)
	return s.answerEdit(c, []land.Plot{plot}, change, err)
}

// deletePlot ends a plot; its history stays.
func (s *server) deletePlot(c echo.Context) error {
	q, err := door.Parameters(c, "reason", "case_no", "valid_from")
	if err != nil {
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
	act, _, err := actBody{Reason: q.Get("reason"), CaseNo: q.Get("case_no"), ValidFrom: q.Get("valid_from")}.act()
	if err != nil {
		return err
	}
	change, err := s.DB.RetirePlot(c.Request().Context(), access.Actor(c), id, version, act)
	if err != nil {
		return err
	}
	s.views.Settle(c.Request().Context(), change.Seq)
	door.SetSeq(c, change.Seq)
	return c.NoContent(http.StatusNoContent)
}

// subject reads the plot's number, If-Match and the body of an edit of one plot.
func (s *server) subject(c echo.Context, body any) (land.PlotID, int, error) {
	if _, err := door.Parameters(c); err != nil {
		return 0, 0, err
	}
	id, err := plotID(c)
	if err != nil {
		return 0, 0, err
	}
	version, err := door.IfMatch(c.Request().Header.Get("If-Match"))
	if err != nil {
		return 0, 0, err
	}
	return id, version, decode(c, body)
}

// answerEdit tells the change and the plots that came out of it.
func (s *server) answerEdit(c echo.Context, plots []land.Plot, made land.Change, err error) error {
	if err != nil {
		return err
	}
	s.views.Settle(c.Request().Context(), made.Seq)
	door.SetSeq(c, made.Seq)
	told, err := json.Marshal(describeChange(made, access.Actor(c)))
	if err != nil {
		return err
	}
	body := fmt.Appendf(nil, `{"change":%s,"plots":[`, told)
	for i := range plots {
		if i > 0 {
			body = append(body, ',')
		}
		body = geojson.AppendFeature(body, &plots[i])
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, append(body, "]}\n"...))
}
