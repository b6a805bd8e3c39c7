package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/exchange/geojson"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
	"github.com/dikuai/dikuai/tiles"
)

// Bounds of a polygon in which land is measured.
const (
	largestArea    = 2 << 20 // bytes
	mostAreaPoints = 20_000
	mostPartials   = 1000 // plots named one by one
)

// statistics is land added up. Areas are plane ones, printed with the decimals of
// tables; each list adds up, as printed, to the total.
type statistics struct {
	RegisterSeq land.Seq     `json:"register_seq"`
	Measure     string       `json:"measure"`
	Total       statisticRow `json:"total"`
	ByMajor     []statistic  `json:"by_land_use_major"`
	ByUse       []statistic  `json:"by_land_use"`
	ByStatus    []statistic  `json:"by_status"`
	ByPark      []statistic  `json:"by_park"`
	Partials    []partial    `json:"partial_plots"`
	Note        string       `json:"note"`
	NoteZh      string       `json:"note_zh"`
}

// statisticRow is the land of one row. Its capacity is that of plots with a GFA
// max as set, of the others FAR max × area; plots with neither have none.
type statisticRow struct {
	Plots        int          `json:"plots"`
	Partial      int          `json:"partial"`
	AreaM2       json.Number  `json:"area_m2"`
	AreaMu       json.Number  `json:"area_mu"`
	AreaHa       json.Number  `json:"area_ha"`
	Percent      json.Number  `json:"percent"`
	GFAM2        json.Number  `json:"gfa_m2"`
	GFASetM2     json.Number  `json:"gfa_set_m2"`
	GFAByFARM2   json.Number  `json:"gfa_by_far_m2"`
	SetPlots     int          `json:"gfa_set_plots"`
	ByFARPlots   int          `json:"gfa_by_far_plots"`
	NoGFAPlots   int          `json:"gfa_unknown_plots"`
	FARAverage   *json.Number `json:"far_average"`
	FARAverageOf json.Number  `json:"far_average_of_m2"`
}

// statistic is a row with what it is of.
type statistic struct {
	Value  string      `json:"value"`
	Scheme land.Scheme `json:"scheme,omitempty"`
	NameZh string      `json:"name_zh"`
	NameEn string      `json:"name_en"`
	Color  string      `json:"color,omitempty"`
	statisticRow
}

// partial is a plot of which but a part lies in the polygon.
type partial struct {
	ID      land.PlotID `json:"id"`
	PlotNo  string      `json:"plot_no"`
	AreaM2  json.Number `json:"area_m2"`
	Percent json.Number `json:"percent"` // of the plot
}

// getStatistics adds up the plots that a search finds; with bbox what of them lies
// in the box.
func (s *server) getStatistics(c echo.Context) error {
	return s.answerStatistics(c, func(q url.Values) (geo.MultiPolygon, geo.CRS, error) {
		b, err := bbox(q.Get("bbox"))
		if b == nil || err != nil {
			return nil, 0, err
		}
		return geo.MultiPolygon{b.ToPolygon()}, geo.CGCS2000, nil
	})
}

// postStatistics adds up what of the plots that a search finds lies in a polygon;
// nothing is written.
func (s *server) postStatistics(c echo.Context) error {
	return s.answerStatistics(c, func(q url.Values) (geo.MultiPolygon, geo.CRS, error) {
		if q.Has("bbox") {
			return nil, 0, door.Refuse("bbox", geo.Say("已给出多边形", "there is a polygon already"), geo.Say("请只给其一", "give one of the two"))
		}
		var crs geo.CRS
		if text := q.Get("crs"); text != "" {
			var err error
			if crs, err = geo.ParseCRS(text); err != nil {
				return nil, 0, door.Refuse("crs", geo.WordsOf(err), geo.Say("例如 EPSG:4547", "give one such as EPSG:4547"))
			}
		}
		body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, largestArea))
		if err != nil {
			return nil, 0, err
		}
		polygon, crs, _, err := geojson.DecodeGeometry(body, crs)
		return polygon, crs, err
	}, "crs")
}

func (s *server) answerStatistics(c echo.Context, area func(url.Values) (geo.MultiPolygon, geo.CRS, error), more ...string) error {
	q, view, err := s.views.Ask(c, append(more, searchNames...)...)
	if err != nil {
		return err
	}
	polygon, crs, err := area(q)
	if err != nil {
		return err
	}
	points := 0
	for _, part := range polygon {
		for _, ring := range part {
			points += len(ring)
		}
	}
	if points > mostAreaPoints {
		return land.Invalid("geometry", geo.Say("多边形超过 %d 个点", "the polygon has more than %d points", mostAreaPoints), geo.Say("请简化或分块", "simplify it, or ask in parts"))
	}
	query, err := parseQuery(q, view)
	if err != nil {
		return err
	}
	query.Bound = nil // the box is where land is measured
	chosen, err := prepare(q, query)
	if err != nil {
		return err
	}
	measured, err := view.Statistics(chosen, polygon, crs)
	if err != nil {
		return badArea(q, err)
	}
	return door.Answer(c, http.StatusOK, describeStatistics(measured, view, polygon != nil))
}

func badArea(q url.Values, err error) error {
	fault := geo.WordsOf(err)
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		fault = invalid.Reason
	}
	if q.Has("bbox") {
		return door.Refuse("bbox", fault, geo.Say("请给出有面积、不过大的范围", "give a box that has an area and is not too large"))
	}
	return land.Invalid("geometry", fault, geo.Say("请给出有效的多边形", "give a valid polygon"))
}

func describeStatistics(m tiles.Statistics, view *tiles.View, cut bool) statistics {
	d := statistics{RegisterSeq: view.Seq, Measure: "plane", Partials: []partial{}, Note: statisticsNote.En, NoteZh: statisticsNote.Zh}
	var byMajor, byUse, byStatus, byPark rows
	for _, u := range land.Uses() {
		of := statistic{Value: u.Code, Scheme: u.Scheme, NameZh: u.NameZh, NameEn: u.NameEn, Color: u.Color}
		byMajor.add(m.ByMajor[u.UseCode], of)
		byUse.add(m.ByUse[u.UseCode], of)
	}
	for _, n := range land.Statuses() {
		byStatus.add(m.ByStatus[n.Status], statistic{Value: string(n.Status), NameZh: n.Zh, NameEn: n.En, Color: n.Color})
	}
	for _, p := range view.Parks {
		byPark.add(m.ByPark[p.Code], statistic{Value: string(p.Code), NameZh: p.NameZh, NameEn: p.NameEn})
	}
	var said bool
	for _, list := range []struct {
		of  *rows
		to  *[]statistic
		say geo.Words
	}{
		{&byMajor, &d.ByMajor, geo.Say("用地大类", "land_use_major")}, {&byUse, &d.ByUse, geo.Say("用地代码", "land_use")},
		{&byStatus, &d.ByStatus, geo.Say("供地状态", "status")}, {&byPark, &d.ByPark, geo.Say("园区", "park")},
	} {
		var rest string
		if *list.to, rest = list.of.shared(); rest != "" {
			d.Note += "; the percentages by " + list.say.En + " were made 100.00 by " + rest + " on the largest row"
			d.NoteZh += "；按" + list.say.Zh + "的百分比以最大行调整 " + rest + " 使合计为 100.00"
			said = true
		}
	}
	if !said {
		d.Note += "; no percentage had to be adjusted"
		d.NoteZh += "；百分比无需调整"
	}
	if cut {
		d.Note += "; plots that the polygon cuts are measured in their park's plane, where its sides are straight"
		d.NoteZh += "；被多边形切割的地块在其园区投影面上量算，多边形的边在该面上为直线"
	}
	d.Total = rowOf(m.Total)
	d.Total.Percent = printed(0, geo.PercentDecimals)
	if m.Total.Area > 0 {
		d.Total.Percent = printed(100, geo.PercentDecimals)
	}
	for _, p := range m.Partials[:min(len(m.Partials), mostPartials)] {
		d.Partials = append(d.Partials, partial{p.ID, p.PlotNo, printed(float64(p.Area), geo.SquareMetreDecimals), printed(100*p.Share, geo.PercentDecimals)})
	}
	return d
}

var statisticsNote = geo.Say(
	"面积为园区投影面积；计容建筑面积：已定上限的按上限（切割的按比例），其余按容积率上限×面积，两者皆无的不计；平均容积率按面积加权，只计有容积率上限的地块；各列四舍五入的余数计入最大行",
	"areas are plane ones; gfa_m2 is gfa_max_m2 where that is set, by share for cut plots, else far_max × area, and nothing where neither is; far_average is weighted by area, of plots with a far_max; what rounding leaves of a column is on its largest row")

// rows are land by one property, leaving out values that none is of.
type rows struct {
	of  []statistic
	sum []tiles.Measured
}

func (r *rows) add(m tiles.Measured, of statistic) {
	if m.Plots > 0 {
		r.of, r.sum = append(r.of, of), append(r.sum, m)
	}
}

// shared gives the rows, adding up as printed, and what was added to the largest
// percentage to that end; empty when nothing was.
func (r *rows) shared() ([]statistic, string) {
	if len(r.of) == 0 {
		return []statistic{}, ""
	}
	metres, mu, ha := make([]float64, len(r.sum)), make([]float64, len(r.sum)), make([]float64, len(r.sum))
	var whole float64
	for i, m := range r.sum {
		metres[i], mu[i], ha[i] = float64(m.Area), float64(m.Area.Mu()), float64(m.Area.Hectares())
		whole += metres[i]
	}
	percent := geo.Percentages(metres)
	var rest float64
	for i := range percent {
		if whole > 0 {
			rest += percent[i] - geo.Round(metres[i]/whole*100, geo.PercentDecimals)
		}
	}
	metres, _, _ = geo.RoundParts(metres, geo.SquareMetreDecimals)
	mu, _, _ = geo.RoundParts(mu, geo.MuDecimals)
	ha, _, _ = geo.RoundParts(ha, geo.HectareDecimals)
	for i := range r.of {
		row := rowOf(r.sum[i])
		row.AreaM2, row.AreaMu = printed(metres[i], geo.SquareMetreDecimals), printed(mu[i], geo.MuDecimals)
		row.AreaHa, row.Percent = printed(ha[i], geo.HectareDecimals), printed(percent[i], geo.PercentDecimals)
		r.of[i].statisticRow = row
	}
	if rest = geo.Round(rest, geo.PercentDecimals); rest != 0 {
		return r.of, geo.FormatFixed(rest, geo.PercentDecimals)
	}
	return r.of, ""
}

func rowOf(m tiles.Measured) statisticRow {
	row := statisticRow{
		Plots: m.Plots, Partial: m.Partial,
		AreaM2: printed(float64(m.Area), geo.SquareMetreDecimals), AreaMu: printed(float64(m.Area.Mu()), geo.MuDecimals),
		AreaHa:   printed(float64(m.Area.Hectares()), geo.HectareDecimals),
		GFAM2:    printed(float64(m.GFASet+m.GFAByFAR), geo.SquareMetreDecimals),
		GFASetM2: printed(float64(m.GFASet), geo.SquareMetreDecimals), GFAByFARM2: printed(float64(m.GFAByFAR), geo.SquareMetreDecimals),
		SetPlots: m.SetPlots, ByFARPlots: m.ByFARPlots, NoGFAPlots: m.Plots - m.SetPlots - m.ByFARPlots,
		FARAverageOf: printed(float64(m.FARArea), geo.SquareMetreDecimals),
	}
	if m.FARArea > 0 {
		average := printed(m.FARTimesArea/float64(m.FARArea), 2)
		row.FARAverage = &average
	}
	return row
}
