package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// compliance is the answer to a check. Areas are in its measure, printed with the
// decimals of tables; geometry is EPSG:4490 lon/lat.
type compliance struct {
	Verdict     land.Outcome        `json:"verdict"`
	VerdictZh   string              `json:"verdict_zh"`
	RegisterSeq land.Seq            `json:"register_seq"`
	Day         string              `json:"day"`
	Measure     string              `json:"measure"`
	Park        checkedPark         `json:"park"`
	OtherParks  []land.ParkCode     `json:"other_parks"`
	Boundary    checkedBoundary     `json:"boundary"`
	Findings    []complianceFinding `json:"findings"`
	Skipped     []complianceFinding `json:"skipped"` // rules that had nothing to judge by
	Note        string              `json:"note"`
	NoteZh      string              `json:"note_zh"`
}

type checkedPark struct {
	Code     land.ParkCode `json:"code"`
	NameZh   string        `json:"name_zh"`
	NameEn   string        `json:"name_en"`
	PlaneCRS string        `json:"plane_crs"`
}

// checkedBoundary is the boundary as it was checked, whatever it was given as; its
// digest is that of its EWKB in EPSG:4490.
type checkedBoundary struct {
	areas
	SHA256   string `json:"sha256"`
	Geometry any    `json:"geometry"`
}

// areas are one area in the units of tables.
type areas struct {
	AreaM2 json.Number `json:"area_m2"`
	AreaHa json.Number `json:"area_ha"`
	AreaMu json.Number `json:"area_mu"`
}

func areasOf(a geo.SquareMetres) areas {
	return areas{printed(float64(a), geo.SquareMetreDecimals), printed(float64(a.Hectares()), geo.HectareDecimals), printed(float64(a.Mu()), geo.MuDecimals)}
}

type complianceRule struct {
	Rule      string    `json:"rule"`
	NameZh    string    `json:"name_zh"`
	NameEn    string    `json:"name_en"`
	Clause    string    `json:"clause"`
	ClauseZh  string    `json:"clause_zh"`
	Tolerance tolerance `json:"tolerance"`
}

// tolerance is what is left out: pieces no wider than width_m, and what the rest
// comes to if it is no more than area_m2.
type tolerance struct {
	AreaM2 float64 `json:"area_m2"`
	WidthM float64 `json:"width_m"`
}

func describeRule(r land.ComplianceRule) complianceRule {
	return complianceRule{r.ID, r.Zh, r.En, r.Clause.En, r.Clause.Zh, tolerance{float64(r.Tolerance.Area), r.Tolerance.Width}}
}

type complianceFinding struct {
	complianceRule
	Severity land.Outcome `json:"severity"`
	areas
	Percent   json.Number     `json:"percent"`    // of the boundary
	IgnoredM2 json.Number     `json:"ignored_m2"` // within the tolerance
	Geometry  any             `json:"geometry"`   // at fault, or null
	Message   string          `json:"message"`
	MessageZh string          `json:"message_zh"`
	Plots     []checkedPlot   `json:"plots,omitempty"`
	Layer     *checkedLayer   `json:"layer,omitempty"`
	Features  []checkedDetail `json:"features,omitempty"`
	Cases     []land.CaseNo   `json:"cases,omitempty"`
	Declared  *float64        `json:"declared,omitempty"`
	Limit     *float64        `json:"limit,omitempty"`
}

type checkedPlot struct {
	ID     land.PlotID   `json:"id"`
	Park   land.ParkCode `json:"park"`
	PlotNo string        `json:"plot_no"`
	AreaM2 json.Number   `json:"area_m2"`
	AreaMu json.Number   `json:"area_mu"`
	Href   string        `json:"href"`
}

type checkedLayer struct {
	Code          land.ControlCode `json:"code"`
	Version       int              `json:"version"`
	NameZh        string           `json:"name_zh"`
	NameEn        string           `json:"name_en"`
	Source        string           `json:"source"`
	DocumentNo    string           `json:"document_no"`
	ValidFrom     string           `json:"valid_from"`
	Demonstration bool             `json:"demonstration"`
}

type checkedDetail struct {
	ID     land.ControlID `json:"id"`
	Code   string         `json:"code"`
	Name   string         `json:"name"`
	AreaM2 json.Number    `json:"area_m2"`
	AreaMu json.Number    `json:"area_mu"`
}

func describeCompliance(c land.Compliance, view *tiles.View) compliance {
	s := c.Survey
	digest := sha256.Sum256(geo.EncodeEWKB(s.Boundary, geo.CGCS2000))
	d := compliance{
		Verdict: c.Verdict, VerdictZh: c.Verdict.Verdict().Zh, RegisterSeq: view.Seq, Day: view.Day.String(), Measure: "plane",
		Park:       checkedPark{s.Park.Code, s.Park.NameZh, s.Park.NameEn, s.Park.PlaneCRS.String()},
		OtherParks: []land.ParkCode{}, Boundary: checkedBoundary{areasOf(s.Area), hex.EncodeToString(digest[:]), multiPolygon(s.Boundary)},
		Findings: []complianceFinding{}, Skipped: []complianceFinding{}, Note: complianceNote.En, NoteZh: complianceNote.Zh,
	}
	if s.Ellipsoid {
		d.Measure = "ellipsoid"
	}
	for _, p := range s.OtherParks {
		d.OtherParks = append(d.OtherParks, p.Code)
	}
	for _, f := range c.Findings {
		to := &d.Findings
		if f.Outcome == land.Skipped {
			to = &d.Skipped
		}
		*to = append(*to, describeComplianceFinding(f, s.Area))
	}
	return d
}

var complianceNote = geo.Say(
	"边界与地块、图层在所在园区的投影面上套合，各边在该面上为直线；窄于或等于限差宽度的碎片，以及其余部分合计不超过限差面积的重叠，计入 ignored_m2，不影响结论；只依据已公布的图层和当日的登记内容",
	"the boundary is laid over plots and layers in the plane of its park, where all sides are straight; pieces no wider than the tolerance, and the rest where it comes to no more than the tolerance, are in ignored_m2 and do not count; only published layers and the register of the day are looked at")

func describeComplianceFinding(f land.ComplianceFinding, whole geo.SquareMetres) complianceFinding {
	d := complianceFinding{
		complianceRule: describeRule(f.Rule), Severity: f.Outcome, areas: areasOf(f.Area),
		Percent: printed(0, geo.PercentDecimals), IgnoredM2: printed(float64(f.Ignored), geo.SquareMetreDecimals),
		Message: f.En, MessageZh: f.Zh, Declared: rounded(f.Declared), Limit: rounded(f.Limit), Cases: f.Cases,
	}
	if whole > 0 {
		d.Percent = printed(min(float64(f.Area/whole)*100, 100), geo.PercentDecimals)
	}
	if len(f.Pieces) > 0 {
		var p geo.MultiPolygon
		for _, piece := range f.Pieces {
			p = append(p, piece.Boundary)
		}
		d.Geometry = multiPolygon(p)
	}
	for _, p := range f.Plots {
		a := areasOf(p.Area)
		d.Plots = append(d.Plots, checkedPlot{p.ID, p.Park, p.PlotNo, a.AreaM2, a.AreaMu, plotPath(p.ID)})
	}
	if l := f.Layer; l != nil {
		d.Layer = &checkedLayer{l.Code, l.Version, l.NameZh, l.NameEn, l.Source, l.DocumentNo, l.ValidFrom.String(), l.Demonstration}
	}
	for _, o := range f.Features {
		a := areasOf(o.Area)
		d.Features = append(d.Features, checkedDetail{o.ID, o.Code, o.Name, a.AreaM2, a.AreaMu})
	}
	return d
}
