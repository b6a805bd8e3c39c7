package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// ControlLayer is a control layer as JSON: areas are plane ones in EPSG:4547
// unless named otherwise, printed with the decimals of tables.
type ControlLayer struct {
	Code             land.ControlCode `json:"code"`
	Kind             land.ControlKind `json:"kind"`
	KindZh           string           `json:"kind_zh"`
	KindEn           string           `json:"kind_en"`
	Color            string           `json:"color"`
	Rule             land.ControlRule `json:"rule"`
	NameZh           string           `json:"name_zh"`
	NameEn           string           `json:"name_en"`
	Source           string           `json:"source"`
	DocumentNo       string           `json:"document_no"`
	ValidFrom        string           `json:"valid_from"`
	ValidTo          *string          `json:"valid_to"`
	Valid            bool             `json:"valid"` // on the day that was asked for, else today
	Published        bool             `json:"published"`
	PublishedVersion *int             `json:"published_version"`
	Version          int              `json:"version"`
	Demonstration    bool             `json:"demonstration"`
	Features         int              `json:"features"`
	AreaM2           json.Number      `json:"area_m2"`
	AreaMu           json.Number      `json:"area_mu"`
	AreaEllipsoidM2  json.Number      `json:"area_ellipsoid_m2"`
	RecordedAt       time.Time        `json:"recorded_at"`
}

// DescribeControlLayer tells a layer; day is the one on which it is valid or not.
func DescribeControlLayer(l land.ControlLayer, day land.Date) ControlLayer {
	kind, _ := land.LookupControlKind(l.Kind)
	d := ControlLayer{
		Code: l.Code, Kind: l.Kind, KindZh: kind.Zh, KindEn: kind.En, Color: kind.Color, Rule: kind.Rule,
		NameZh: l.NameZh, NameEn: l.NameEn, Source: l.Source, DocumentNo: l.DocumentNo,
		ValidFrom: l.ValidFrom.String(), Valid: l.ValidOn(day), Published: l.Published > 0, Version: l.Version,
		Demonstration: l.Demonstration, Features: l.Features, RecordedAt: l.RecordedAt,
		AreaM2:          printed(float64(l.Area), geo.SquareMetreDecimals),
		AreaMu:          printed(float64(l.Area.Mu()), geo.MuDecimals),
		AreaEllipsoidM2: printed(float64(l.AreaEllipsoid), geo.SquareMetreDecimals),
	}
	if !l.ValidTo.IsZero() {
		to := l.ValidTo.String()
		d.ValidTo = &to
	}
	if l.Published > 0 {
		d.PublishedVersion = &l.Published
	}
	return d
}

type controlKind struct {
	Kind     land.ControlKind `json:"kind"`
	NameZh   string           `json:"name_zh"`
	NameEn   string           `json:"name_en"`
	Color    string           `json:"color"`
	Rule     land.ControlRule `json:"rule"`
	OnlyUse  string           `json:"only_use,omitempty"`
	PeriodZh string           `json:"period_zh,omitempty"`
}

// getControls answers the published control layers, with an officer's key all of
// them as their last version says; with at only those that hold on that day.
func (s *server) getControls(c echo.Context) error {
	q, err := door.Parameters(c, "at")
	if err != nil {
		return err
	}
	at, err := land.ParseDate(q.Get("at"))
	if err != nil {
		return door.Refuse("at", geo.WordsOf(err), geo.Say("请给出日期，例如 2016-05-20", "give a day such as 2016-05-20"))
	}
	read := s.DB.PublishedControls
	if access.Actor(c).SeesUnpublished() {
		read = s.DB.ControlLayers
	}
	layers, err := read(c.Request().Context(), at)
	if err != nil {
		return err
	}
	day := at
	if day.IsZero() {
		day = s.live.View().Day
	}
	told := make([]ControlLayer, len(layers))
	for i, l := range layers {
		told[i] = DescribeControlLayer(l, day)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"controls": told, "kinds": controlKinds()})
}

// controlKinds tells the kinds of control layer.
func controlKinds() []controlKind {
	var kinds []controlKind
	for _, k := range land.ControlKinds() {
		kinds = append(kinds, controlKind{k.Kind, k.Zh, k.En, k.Color, k.Rule, k.OnlyUse, k.PeriodZh})
	}
	return kinds
}

// getControlsAt answers which published controls are at a point, of layers that
// hold today or on the day asked for.
func (s *server) getControlsAt(c echo.Context) error {
	q, view, err := s.views.Ask(c, "lon", "lat")
	if err != nil {
		return err
	}
	at, err := lonLat(q)
	if err != nil {
		return err
	}
	found := view.ControlsAt(at)
	told := make([]controlProperties, len(found))
	for i, f := range found {
		told[i] = describeControlFeature(f.ControlFeature)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"register_seq": view.Seq, "controls": told})
}

type controlFeature struct {
	Type       string            `json:"type"`
	ID         land.ControlID    `json:"id"`
	Geometry   any               `json:"geometry"`
	Properties controlProperties `json:"properties"`
}

type controlProperties struct {
	ID              land.ControlID   `json:"id"`
	Layer           land.ControlCode `json:"layer"`
	Version         int              `json:"version"`
	LayerZh         string           `json:"layer_zh"`
	LayerEn         string           `json:"layer_en"`
	Kind            land.ControlKind `json:"kind"`
	KindZh          string           `json:"kind_zh"`
	KindEn          string           `json:"kind_en"`
	Color           string           `json:"color"`
	Rule            land.ControlRule `json:"rule"`
	Code            string           `json:"code"`
	Name            string           `json:"name"`
	Attributes      map[string]any   `json:"attributes"`
	Demonstration   bool             `json:"demonstration"`
	AreaM2          json.Number      `json:"area_m2"`
	AreaMu          json.Number      `json:"area_mu"`
	AreaEllipsoidM2 json.Number      `json:"area_ellipsoid_m2"`
}

func describeControlFeature(f land.ControlFeature) controlProperties {
	kind, _ := land.LookupControlKind(f.Layer.Kind)
	return controlProperties{
		ID: f.ID, Layer: f.Layer.Code, Version: f.Layer.Version, LayerZh: f.Layer.NameZh, LayerEn: f.Layer.NameEn,
		Kind: kind.Kind, KindZh: kind.Zh, KindEn: kind.En, Color: kind.Color, Rule: kind.Rule,
		Code: f.Code, Name: f.Name, Attributes: f.Attributes, Demonstration: f.Layer.Demonstration,
		AreaM2:          printed(float64(f.Area), geo.SquareMetreDecimals),
		AreaMu:          printed(float64(f.Area.Mu()), geo.MuDecimals),
		AreaEllipsoidM2: printed(float64(f.AreaEllipsoid), geo.SquareMetreDecimals),
	}
}

// getControlFeatures answers a layer's features as GeoJSON: of the published
// version, with an officer's key of the last one.
func (s *server) getControlFeatures(c echo.Context) error {
	q, err := door.Parameters(c, "bbox", "limit")
	if err != nil {
		return err
	}
	bound, err := bbox(q.Get("bbox"))
	if err != nil {
		return err
	}
	limit, err := door.PageSize(q, defaultPage, largestPage)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	layer, err := s.DB.ControlLayer(ctx, land.ControlCode(c.Param("code")))
	if err != nil {
		return err
	}
	version := layer.Published
	if access.Actor(c).SeesUnpublished() {
		version = layer.Version
	}
	page, matched, err := s.DB.ControlFeatures(ctx, layer.Code, version, bound, limit)
	if err != nil {
		return err
	}
	features := make([]controlFeature, len(page))
	for i, f := range page {
		features[i] = controlFeature{"Feature", f.ID, multiPolygon(f.Boundary), describeControlFeature(f)}
	}
	body, err := json.Marshal(map[string]any{"type": "FeatureCollection", "numberMatched": matched, "numberReturned": len(page), "features": features})
	if err != nil {
		return err
	}
	return door.Compressed(c, geoJSONType, body)
}
