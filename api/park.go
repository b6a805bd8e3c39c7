package api

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// parkFeature is a park as a GeoJSON feature. Areas are the plane ones unless
// named otherwise, printed with the decimals of tables.
type parkFeature struct {
	Type       string         `json:"type"`
	ID         land.ParkCode  `json:"id"`
	Geometry   any            `json:"geometry"`
	Properties parkProperties `json:"properties"`
}

type parkProperties struct {
	Code            land.ParkCode `json:"code"`
	NameZh          string        `json:"name_zh"`
	NameEn          string        `json:"name_en"`
	District        string        `json:"district"`
	PlaneCRS        string        `json:"plane_crs"`
	Demonstration   bool          `json:"demonstration"`
	AreaM2          json.Number   `json:"area_m2"`
	AreaMu          json.Number   `json:"area_mu"`
	AreaEllipsoidM2 json.Number   `json:"area_ellipsoid_m2"`
	Plots           int           `json:"plots"`
	Plan            *parkPlan     `json:"plan"`
	LandByStatus    []landShare   `json:"land_by_status"`
	LandByUse       []landShare   `json:"land_by_use"`
}

type parkPlan struct {
	LandMu        geo.Mu  `json:"land_mu"`
	Investment    float64 `json:"investment_100m_yuan"`
	Output        float64 `json:"output_100m_yuan"`
	PositioningZh string  `json:"positioning_zh"`
	Source        string  `json:"source"`
}

// landShare is the plots of a park with one status or one land-use code. The
// shares of a list add up, as printed, to the whole.
type landShare struct {
	Status  land.Status `json:"status,omitempty"`
	Code    string      `json:"code,omitempty"`
	Scheme  land.Scheme `json:"scheme,omitempty"`
	Major   string      `json:"major,omitempty"`
	NameZh  string      `json:"name_zh"`
	NameEn  string      `json:"name_en"`
	Color   string      `json:"color"`
	Plots   int         `json:"plots"`
	AreaM2  json.Number `json:"area_m2"`
	AreaMu  json.Number `json:"area_mu"`
	Percent json.Number `json:"percent"`
}

func (s *server) getParks(c echo.Context) error {
	_, view, err := s.views.Ask(c)
	if err != nil {
		return err
	}
	features := make([]parkFeature, len(view.Parks))
	for i, p := range view.Parks {
		features[i] = describePark(p, view.Land(p.Code))
	}
	return door.Answer(c, http.StatusOK, map[string]any{"type": "FeatureCollection", "register_seq": view.Seq, "features": features})
}

func (s *server) getPark(c echo.Context) error {
	_, view, err := s.views.Ask(c)
	if err != nil {
		return err
	}
	code := land.ParkCode(c.Param("code"))
	park, ok := view.Park(code)
	if !ok {
		return &land.NotFoundError{What: "park", Name: string(code)}
	}
	return door.Answer(c, http.StatusOK, describePark(park, view.Land(code)))
}

func describePark(p tiles.Park, held tiles.Land) parkFeature {
	f := parkFeature{Type: "Feature", ID: p.Code, Geometry: multiPolygon(p.Boundary)}
	f.Properties = parkProperties{
		Code: p.Code, NameZh: p.NameZh, NameEn: p.NameEn, District: p.District, PlaneCRS: p.PlaneCRS.String(), Demonstration: p.Demonstration,
		AreaM2:          printed(float64(p.Area), geo.SquareMetreDecimals),
		AreaMu:          printed(float64(p.Area.Mu()), geo.MuDecimals),
		AreaEllipsoidM2: printed(float64(p.AreaEllipsoid), geo.SquareMetreDecimals),
		Plots:           held.Sum().Plots,
		LandByStatus:    []landShare{}, LandByUse: []landShare{},
	}
	if p.Plan != nil {
		f.Properties.Plan = &parkPlan{p.Plan.Land, p.Plan.Investment, p.Plan.Output, p.Plan.PositioningZh, p.Plan.Source}
	}
	byStatus, byUse := held.ByStatus(), held.ByUse()
	var statuses, uses tally
	for _, n := range land.Statuses() {
		statuses.add(byStatus[n.Status], landShare{Status: n.Status, NameZh: n.Zh, NameEn: n.En, Color: n.Color})
	}
	for _, u := range land.Uses() {
		uses.add(byUse[u.UseCode], landShare{Code: u.Code, Scheme: u.Scheme, Major: land.MajorUse(u.UseCode).Code, NameZh: u.NameZh, NameEn: u.NameEn, Color: u.Color})
	}
	f.Properties.LandByStatus, f.Properties.LandByUse = statuses.shares(), uses.shares()
	return f
}

// printed is a measure as tables print it.
func printed(v float64, decimals int) json.Number { return json.Number(geo.FormatFixed(v, decimals)) }

// tally adds up plots by kind, leaving out kinds that none is of.
type tally struct {
	kinds []landShare
	areas []float64 // m²
}

func (t *tally) add(s tiles.Sum, kind landShare) {
	if s.Plots == 0 {
		return
	}
	kind.Plots = s.Plots
	t.kinds, t.areas = append(t.kinds, kind), append(t.areas, float64(s.Area))
}

func (t *tally) shares() []landShare {
	if len(t.kinds) == 0 {
		return []landShare{}
	}
	mu := make([]float64, len(t.areas))
	for i, a := range t.areas {
		mu[i] = float64(geo.SquareMetres(a).Mu())
	}
	metres, _, _ := geo.RoundParts(t.areas, geo.SquareMetreDecimals)
	mu, _, _ = geo.RoundParts(mu, geo.MuDecimals)
	percent := geo.Percentages(t.areas)
	for i := range t.kinds {
		t.kinds[i].AreaM2 = printed(metres[i], geo.SquareMetreDecimals)
		t.kinds[i].AreaMu = printed(mu[i], geo.MuDecimals)
		t.kinds[i].Percent = printed(percent[i], geo.PercentDecimals)
	}
	return t.kinds
}

// multiPolygon is a boundary, EPSG:4490 lon/lat, as GeoJSON.
func multiPolygon(p geo.MultiPolygon) any {
	return map[string]any{"type": "MultiPolygon", "coordinates": p}
}
