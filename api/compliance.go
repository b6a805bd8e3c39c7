package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
	"github.com/dikuai/dikuai/tiles"
)

// Bounds of a boundary that is checked, which may cross every side of the plots
// and layers under it.
const (
	mostBoundaryPoints = 5000
	mostJoined         = 1000 // plots or features that are checked as one
)

// complianceRequest is a check as it is asked for: what boundary, under which
// rules, and what is declared of the project.
type complianceRequest struct {
	geometry geo.MultiPolygon // x before y in crs
	crs      geo.CRS
	plots    []land.PlotID
	rules    []land.ComplianceRule
	proposal land.Proposal
}

// postCompliance checks a boundary against the published register; nothing is
// written.
func (s *server) postCompliance(c echo.Context) error {
	q, view, err := s.views.Ask(c, "measure", "crs", "format", "map", "filename", "rules", "declared")
	if err != nil {
		return err
	}
	ellipsoid, err := measure(q)
	if err != nil {
		return err
	}
	var asked complianceRequest
	if kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); kind == echo.MIMEMultipartForm || q.Has("filename") {
		asked, err = s.complianceFile(c, q)
	} else {
		asked, err = complianceBody(c, q)
	}
	if err != nil {
		return err
	}
	found, err := judge(view, asked, ellipsoid)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeCompliance(found, view))
}

// judge checks a boundary, or that of plots together, against a view.
func judge(view *tiles.View, asked complianceRequest, ellipsoid bool) (land.Compliance, error) {
	var err error
	if len(asked.plots) > 0 {
		if asked.geometry, asked.crs, err = view.JoinPlots(asked.plots); err != nil {
			return land.Compliance{}, badBoundary(err)
		}
	}
	if err := fewPoints(asked.geometry); err != nil {
		return land.Compliance{}, err
	}
	survey, err := view.Survey(asked.geometry, asked.crs, land.NeedsOf(asked.rules), ellipsoid)
	if err != nil {
		return land.Compliance{}, badBoundary(err)
	}
	return land.Judge(survey, asked.proposal, asked.rules), nil
}

// measure reads measure=plane|ellipsoid.
func measure(q url.Values) (ellipsoid bool, err error) {
	switch text := q.Get("measure"); text {
	case "", "plane":
		return false, nil
	case "ellipsoid":
		return true, nil
	default:
		return false, door.Refuse("measure", geo.Say("没有面积口径 %q", "there is no measure %q", text), geo.Say("可用：plane、ellipsoid", "use plane or ellipsoid"))
	}
}

func complianceBody(c echo.Context, q url.Values) (asked complianceRequest, err error) {
	for _, name := range []string{"format", "map", "rules", "declared"} {
		if q.Has(name) {
			return asked, door.Refuse(name, geo.Say("只用于上传的文件", "this is for files that are handed in"), geo.Say("请写在请求体中", "say it in the body"))
		}
	}
	crs, err := complianceCRS(q)
	if err != nil {
		return asked, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, largestArea))
	if err != nil {
		return asked, err
	}
	return decodeCompliance(body, crs)
}

func complianceCRS(q url.Values) (geo.CRS, error) {
	text := q.Get("crs")
	if text == "" {
		return 0, nil
	}
	crs, err := geo.ParseCRS(text)
	if err != nil {
		return 0, door.Refuse("crs", geo.WordsOf(err), geo.Say("例如 EPSG:4547", "give one such as EPSG:4547"))
	}
	return crs, nil
}

// decodeCompliance reads the body of a check. Coordinates are in crs; with 0 in
// what the geometry's crs member says, else longitude, latitude.
func decodeCompliance(body []byte, crs geo.CRS) (asked complianceRequest, err error) {
	var sent struct {
		Geometry json.RawMessage `json:"geometry"`
		Plots    []land.PlotID   `json:"plots"`
		Rules    []string        `json:"rules"`
		Declared *declared       `json:"declared"`
	}
	if err := strictly(body, &sent); err != nil {
		return asked, land.Invalid("body", geo.Say("请求体无法读取：%v", "the body cannot be read: %v", err),
			geo.Say(`请写成 {"geometry": {…}} 或 {"plots": [41, 42]}，可带 rules 和 declared`, `write {"geometry": {…}} or {"plots": [41, 42]}, with rules and declared if need be`))
	}
	drawn := len(sent.Geometry) > 0 && string(sent.Geometry) != "null"
	if drawn == (len(sent.Plots) > 0) {
		return asked, land.Invalid("geometry", geo.Say("需要边界或地块之一", "either a boundary or plots are needed"), geo.Say("请给出 geometry 或 plots", "give geometry or plots"))
	}
	if drawn {
		if asked.geometry, asked.crs, _, err = geojson.DecodeGeometry(sent.Geometry, crs); err != nil {
			return asked, err
		}
	}
	if asked.plots = slices.Compact(slices.Sorted(slices.Values(sent.Plots))); len(asked.plots) > mostJoined {
		return asked, tooManyJoined("plots")
	}
	if asked.rules, err = land.ChooseRules(land.ComplianceRules(), sent.Rules); err != nil {
		return asked, err
	}
	if sent.Declared != nil {
		asked.proposal, err = sent.Declared.proposal()
	}
	return asked, err
}

// strictly reads one JSON value with no members but those that are known.
func strictly(body []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return geo.Say("其后还有内容", "more follows it")
	}
	return nil
}

// declared is what a project declares of itself.
type declared struct {
	LandUse string      `json:"land_use"`
	Scheme  land.Scheme `json:"land_use_scheme"`
	FAR     *float64    `json:"far"`
	Density *float64    `json:"density_pct"`
	Green   *float64    `json:"green_pct"`
	Height  *float64    `json:"height_m"`
	GFA     *float64    `json:"gfa_m2"`
	Holder  string      `json:"holder"`
}

func (d declared) proposal() (land.Proposal, error) {
	p := land.Proposal{FAR: d.FAR, Density: d.Density, Green: d.Green, Height: d.Height, GFA: d.GFA, Holder: d.Holder}
	if d.LandUse != "" {
		var err error
		if p.Uses, err = land.ParseUses(d.LandUse, d.Scheme); err != nil {
			return p, land.Invalid("declared.land_use", geo.WordsOf(err), geo.Words{})
		}
	}
	return p, p.Validate()
}

func tooManyJoined(field string) error {
	return land.Invalid(field, geo.Say("超过 %d 个", "there are more than %d", mostJoined), geo.Say("请分批审查", "check them in parts"))
}

func fewPoints(p geo.MultiPolygon) error {
	points := 0
	for _, part := range p {
		for _, ring := range part {
			points += len(ring)
		}
	}
	if points > mostBoundaryPoints {
		return land.Invalid("geometry", geo.Say("多边形超过 %d 个点", "the polygon has more than %d points", mostBoundaryPoints), geo.Say("请简化或分块", "simplify it, or ask in parts"))
	}
	return nil
}

// badBoundary refuses a boundary that cannot be surveyed.
func badBoundary(err error) error {
	var missing *land.NotFoundError
	if errors.As(err, &missing) {
		return err
	}
	code, fault := "", geo.WordsOf(err)
	remedy := geo.Say("请给出园区内的有效多边形", "give a valid polygon in a park")
	var invalid *topology.InvalidError
	switch {
	case errors.As(err, &invalid):
		code = "2104"
	case errors.Is(err, tiles.ErrBeyondParks):
		code = "3103"
		remedy = geo.Say("请核对坐标和坐标系", "check the coordinates and their reference system")
	}
	return &land.InvalidError{Findings: []land.Finding{land.Finding{Code: code, Severity: land.Block, Field: "geometry"}.Saying(fault, remedy)}}
}

// getCompliance answers the rules that boundaries are checked by.
func (s *server) getCompliance(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	rules := []complianceRule{}
	for _, r := range land.ComplianceRules() {
		rules = append(rules, describeRule(r))
	}
	return door.Answer(c, http.StatusOK, map[string]any{"rules": rules})
}
