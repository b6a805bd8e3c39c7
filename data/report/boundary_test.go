package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// withHole is a plot of 300 m × 200 m with a hole of 100 m × 50 m, in EPSG:4547.
// PROJ and PostGIS give 55,000.0000 m² and a perimeter of 1,300.000 m.
var withHole = geo.MultiPolygon{{
	{{459000, 2512500}, {459300, 2512500}, {459300, 2512300}, {459000, 2512300}, {459000, 2512500}},
	{{459100, 2512450}, {459100, 2512400}, {459200, 2512400}, {459200, 2512450}, {459100, 2512450}},
}}

func surveyed(t *testing.T, no string, plane geo.MultiPolygon) Register {
	t.Helper()
	boundary, err := geo.TransformMultiPolygon(plane, geo.GK114, geo.CGCS2000)
	if err != nil {
		t.Fatal(err)
	}
	return Register{
		Seq: 7, At: day(t, "2018-06-30"),
		Parks: []land.Park{{Code: "nansha", NameZh: "南沙园区", NameEn: "Nansha Park", PlaneCRS: geo.GK114}},
		Plots: []land.Plot{{ID: 3, Park: "nansha", Version: 1, Boundary: boundary, Area: geo.PlaneArea(plane), AreaEllipsoid: geo.EllipsoidArea(boundary),
			Attributes: land.Attributes{PlotNo: no, Holder: "广州计量检测技术研究院", Use: use(land.GB50137, "A35"), Status: land.Supplied}}},
	}
}

func TestBoundaryPointsOfAPlotWithAHole(t *testing.T) {
	reg := surveyed(t, "NS-9", withHole)
	table := built("boundary", reg, Options{})
	var csv bytes.Buffer
	if err := CSV(&csv, table); err != nil {
		t.Fatal(err)
	}
	golden(t, "boundary-hole.csv", csv.Bytes())
	head := table.Rows[0]
	if edges := head.Cells[table.column("edge_m")].String(); edges != "1300.00" {
		t.Errorf("the edges add up to %s", edges)
	}
	withZone := built("boundary", reg, Options{CRS: geo.GK38})
	if y := withZone.Rows[1].Cells[table.column("y_m")].String(); y != "38459000.000" || !strings.Contains(strings.Join(withZone.Notes, ""), "EPSG:4526") {
		t.Errorf("Y with the zone's number is %s", y)
	}
}

func TestTooManyBoundariesAreRefused(t *testing.T) {
	reg := surveyed(t, "NS-9", withHole)
	for len(reg.Plots) <= mostBoundaries {
		p := reg.Plots[0]
		p.ID = land.PlotID(100 + len(reg.Plots))
		reg.Plots = append(reg.Plots, p)
	}
	if _, err := Build("boundary", reg, Options{}); err == nil || !strings.Contains(err.Error(), "boundary-txt") {
		t.Errorf("%d plots give %v", len(reg.Plots), err)
	}
}
