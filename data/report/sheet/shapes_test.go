package sheet

import (
	"testing"

	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// drawn is a register of one park with plots by their outlines in EPSG:4547, as
// WKT; the park is what the first says.
func drawn(t testing.TB, park string, plots ...string) land.Register {
	t.Helper()
	stored := func(text string) geo.MultiPolygon {
		p, err := wkt.UnmarshalMultiPolygon(text)
		if err != nil {
			t.Fatal(err)
		}
		p, err = geo.TransformMultiPolygon(p, geo.GK114, geo.CGCS2000)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	boundary := stored(park)
	reg := land.Register{Seq: 7, At: day, Parks: []land.Park{{Code: "trial", NameZh: "试验园区", NameEn: "Trial", PlaneCRS: geo.GK114, Boundary: boundary}}}
	for i, text := range plots {
		a := land.Attributes{PlotNo: "SY-0" + string(rune('1'+i)), Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}, Status: land.Supplied}
		reg.Plots = append(reg.Plots, measured(t, land.Plot{ID: land.PlotID(i + 1), Park: "trial", Attributes: a, Boundary: stored(text), Version: 2}, geo.GK114))
	}
	whole := measured(t, land.Plot{Boundary: boundary}, geo.GK114)
	reg.Parks[0].Area, reg.Parks[0].AreaEllipsoid = whole.Area, whole.AreaEllipsoid
	return reg
}

// ringed is a plot of two parts, one with a hole that another plot fills, and a
// plot south of both.
func ringed(t testing.TB) land.Register {
	return drawn(t,
		"MULTIPOLYGON(((443000 2543000,443300 2543000,443300 2543250,443000 2543250,443000 2543000)))",
		"MULTIPOLYGON(((443010 2543060,443150 2543060,443150 2543200,443010 2543200,443010 2543060),(443050 2543100,443050 2543160,443110 2543160,443110 2543100,443050 2543100)),((443180 2543060,443260 2543060,443220 2543130,443180 2543060)))",
		"MULTIPOLYGON(((443050 2543100,443110 2543100,443110 2543160,443050 2543160,443050 2543100)))",
		"MULTIPOLYGON(((443000 2543000,443300 2543000,443300 2543060,443260 2543060,443180 2543060,443150 2543060,443010 2543060,443000 2543060,443000 2543000)))",
	)
}
