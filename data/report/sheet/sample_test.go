package sheet

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// day is the day of the samples' data.
var day = func() land.Date {
	d, err := land.ParseDate("2018-06-30")
	if err != nil {
		panic(err)
	}
	return d
}()

var shelf = paper.NewShelf("")

func fonts(t testing.TB) *paper.Fonts {
	t.Helper()
	f, err := shelf.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// demonstration is a park of the plan with its demonstration layout.
func demonstration(t testing.TB, code land.ParkCode) land.Register {
	t.Helper()
	reg := land.Register{Seq: 812, At: day}
	for _, p := range plan.Parks() {
		if p.Code == code {
			reg.Parks = append(reg.Parks, p)
		}
	}
	drafts, err := plan.Demonstration(code)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range drafts {
		reg.Plots = append(reg.Plots, measured(t, land.Plot{ID: land.PlotID(i + 1), Park: code, Attributes: d.Attributes, Boundary: d.Boundary, Version: 1}, geo.GK114))
	}
	return reg
}

// measured is a plot with its areas.
func measured(t testing.TB, p land.Plot, crs geo.CRS) land.Plot {
	t.Helper()
	plane, err := geo.TransformMultiPolygon(p.Boundary, geo.CGCS2000, crs)
	if err != nil {
		t.Fatal(err)
	}
	p.Area = geo.PlaneArea(geo.MapPoints(plane, geo.SnapToGrid))
	p.AreaEllipsoid = geo.EllipsoidArea(p.Boundary)
	return p
}

func plotMapOf(t testing.TB, reg land.Register, plot land.Plot, o Options) *Sheet {
	t.Helper()
	s, err := PlotMap(fonts(t), PlotSubject{Park: reg.Parks[0], Plot: plot, Around: reg.Plots, At: reg.At, Seq: reg.Seq}, o)
	if err != nil {
		t.Fatalf("%s: %v", plot.PlotNo, err)
	}
	return s
}

// cityOf is a synthetic city of so many plots.
func cityOf(t testing.TB, plots int) land.Register {
	t.Helper()
	reg := land.Register{Seq: 99, At: city.AsOf(), Parks: []land.Park{{Code: "city", NameZh: "演示城市", NameEn: "City", PlaneCRS: city.CRS, Demonstration: true}}}
	var bound orb.Bound
	err := city.Generate(t.Context(), city.Options{Plots: plots, Seed: 1}, func(d land.Draft) error {
		boundary, err := geo.TransformMultiPolygon(d.Boundary, d.CRS, geo.CGCS2000)
		if err != nil {
			return err
		}
		if bound.IsZero() {
			bound = boundary.Bound()
		}
		bound = bound.Union(boundary.Bound())
		reg.Plots = append(reg.Plots, measured(t, land.Plot{ID: land.PlotID(len(reg.Plots) + 1), Park: "city", Attributes: d.Attributes, Boundary: boundary, Version: 1}, city.CRS))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	park := &reg.Parks[0]
	park.Boundary = geo.MultiPolygon{bound.ToPolygon()}
	whole := measured(t, land.Plot{Boundary: park.Boundary}, city.CRS)
	park.Area, park.AreaEllipsoid = whole.Area, whole.AreaEllipsoid
	return reg
}
