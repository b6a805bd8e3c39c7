package ogc

import (
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// parkRow is a park with how many plots it has.
type parkRow struct {
	tiles.Park
	plots int
}

// parks are the parks of the register. Areas are rounded as tables print them.
var parks = func() *table[parkRow] {
	t := &table[parkRow]{
		key: "code", name: "name_zh",
		fill:  func(parkRow) string { return "" },
		shown: func(p parkRow) bool { return p.Demonstration },
	}
	t.columns = []column[parkRow]{
		textColumn("code", "园区代码", "park code", func(p parkRow) string { return string(p.Code) }).as("id"),
		textColumn("name_zh", "名称", "name, Chinese", func(p parkRow) string { return p.NameZh }),
		textColumn("name_en", "英文名称", "name, English", func(p parkRow) string { return p.NameEn }),
		textColumn("district", "所在区", "district", func(p parkRow) string { return p.District }),
		textColumn("plane_crs", "投影面坐标系", "plane reference system", func(p parkRow) string { return p.PlaneCRS.String() }),
		truthColumn("demonstration", "示范布局", "demonstration layout, not surveyed", func(p parkRow) bool { return p.Demonstration }),
		numberColumn("area_m2", "面积(平方米)", "plane area, m²", "m2", func(p parkRow) (float64, bool) { return printed(p.Area), true }),
		numberColumn("area_mu", "面积(亩)", "plane area, 亩", "", func(p parkRow) (float64, bool) { return printedMu(p.Area), true }),
		numberColumn("area_ellipsoid_m2", "椭球面积(平方米)", "ellipsoidal area, m²", "m2", func(p parkRow) (float64, bool) { return printed(p.AreaEllipsoid), true }),
		wholeColumn("plots", "地块数", "number of plots", func(p parkRow) int { return p.plots }),
	}
	t.rows = func(v *tiles.View, _ *orb.Bound) []row[parkRow] {
		all := make([]row[parkRow], len(v.Parks))
		for i, p := range v.Parks {
			all[i] = row[parkRow]{t, parkRow{p, v.Land(p.Code).Sum().Plots}, int64(i + 1), p.Boundary}
		}
		return all
	}
	return t
}()

// printed is an area as tables print it, in square metres, and printedMu in 亩.
func printed(a geo.SquareMetres) float64   { return geo.Round(float64(a), geo.SquareMetreDecimals) }
func printedMu(a geo.SquareMetres) float64 { return geo.Round(float64(a.Mu()), geo.MuDecimals) }
