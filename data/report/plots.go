package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func plotsColumns() []Column {
	return []Column{
		{Key: "no", Zh: "序号", En: "No.", Kind: Integer, Width: 5},
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 9},
		{Key: "plot_no", Zh: "地块编号", En: "Plot number", Kind: Text, Width: 10},
		{Key: "name", Zh: "地块名称", En: "Plot name", Kind: Text, Width: 14},
		{Key: "land_use", Zh: "用地代码", En: "Land-use code", Kind: Text, Width: 9},
		{Key: "land_use_name", Zh: "用地性质", En: "Land use", Kind: Text, Width: 12},
		{Key: "area_m2", Zh: "用地面积", En: "Area", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 12, Additive: true},
		{Key: "area_ha", Zh: "用地面积", En: "Area", Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 9, Additive: true},
		{Key: "area_mu", Zh: "用地面积", En: "Area", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 9, Additive: true},
		{Key: "far", Zh: "容积率", En: "Floor-area ratio", Kind: Text, Width: 9},
		{Key: "gfa_max_m2", Zh: "计容建筑面积", En: "Floor area counted, at most", Kind: Integer, Unit: "m²", Width: 12, Additive: true},
		{Key: "density_max", Zh: "建筑密度", En: "Building density", Kind: Text, Unit: "%", Width: 8},
		{Key: "green_min", Zh: "绿地率", En: "Green ratio", Kind: Text, Unit: "%", Width: 8},
		{Key: "height_max", Zh: "建筑限高", En: "Height limit", Kind: Text, Unit: "m", Width: 8},
		{Key: "status", Zh: "供地状态", En: "Status", Kind: Text, Width: 8},
		{Key: "supply_mode", Zh: "供应方式", En: "Supply mode", Kind: Text, Width: 8},
		{Key: "supplied_on", Zh: "供应日期", En: "Supplied on", Kind: Text, Width: 11},
		{Key: "holder", Zh: "权利人", En: "Holder", Kind: Text, Width: 14},
		{Key: "remarks", Zh: "备注", En: "Remarks", Kind: Text, Width: 12},
	}
}

// Plots is the list of plots with their controls (地块控制指标一览表 of 控制性详细规划),
// park by park. A plot's m² are what its documents state and are never
// adjusted: the m² total is the sum of the rows. 公顷 and 亩 are adjusted so that
// rows add up to each park's total, and those to the whole rounded once. Build
// checks the register first.
func Plots(reg Register, opt Options) Table {
	t := Table{Name: "plots", Lead: 4, Columns: plotsColumns(), Head: reg.head(opt)}
	t.TitleZh, t.TitleEn = reg.title("地块控制指标一览表", "Plots and their planning controls")
	lists := reg.byPark()
	var parkOf []*land.Park
	areas := make([][]geo.SquareMetres, len(reg.Parks))
	n := 0
	for i := range reg.Parks {
		from := len(t.Rows)
		areas[i] = opt.plots(lists[i])
		for _, p := range lists[i] {
			n++
			t.Rows = append(t.Rows, Row{Cells: plotCells(n, reg.Parks[i].NameZh, p, opt)})
			parkOf = append(parkOf, &reg.Parks[i])
		}
		if len(reg.Parks) > 1 {
			t.Rows = append(t.Rows, t.plotsSum(Subtotal, from, reg.Parks[i].NameZh, "小计"))
			parkOf = append(parkOf, &reg.Parks[i])
		}
	}
	t.Rows = append(t.Rows, t.plotsSum(Total, 0, "合计", ""))
	parkOf = append(parkOf, nil)
	own := "法定面积"
	if opt.Measure == Ellipsoid {
		own = "椭球面积（不是法定面积）"
	}
	t.note("1 亩 = 2000/3 m²。用地面积(m²)为各地块"+own+"，不作平差，其合计为各行之和；公顷、亩由未取舍面积换算。",
		"计容建筑面积：规划条件已定的照录，未定的为本表用地面积 × 容积率上限，取整；未设指标的以“-”表示。",
		schemeNote(reg.Plots))
	t.adjustPlots("area_ha", hectares, areas, lists)
	t.adjustPlots("area_mu", mus, areas, lists)
	t.addUp()
	printed := t.Rows[len(t.Rows)-1].Cells[t.column("area_m2")].Value
	if once := squareMetres.once(slices.Concat(areas...)); once != printed {
		t.note("用地面积各行之和为 " + printed.String() + " m²，未取舍面积之和为 " + once.String() + " m²。")
	}
	t.markDemonstration(reg.Parks, func(row int) *land.Park { return parkOf[row] })
	return t
}

// plotsSum adds up the rows from a place on, labelled, with their number.
func (t *Table) plotsSum(kind RowKind, from int, park, label string) Row {
	row := Row{Kind: kind, Cells: make([]Cell, len(t.Columns)), Sums: t.bodySpans(from, len(t.Rows))}
	n := 0
	for _, s := range row.Sums {
		n += s.To - s.From
	}
	row.Cells[t.column("park")] = textCell(park)
	row.Cells[t.column("plot_no")] = textCell(label)
	row.Cells[t.column("name")] = textCell(fmt.Sprintf("%d 块", n))
	return row
}

// adjustPlots sets a column of areas so that it adds up twice: plots to parks,
// parks to the whole.
func (t *Table) adjustPlots(key string, unit areaUnit, areas [][]geo.SquareMetres, lists [][]land.Plot) {
	c := t.column(key)
	row := 0
	for i, a := range unit.adjustGroups(areas) {
		for _, part := range a.parts {
			for t.Rows[row].Kind != Body {
				row++
			}
			t.Rows[row].Cells[c] = numberCell(part)
			row++
		}
		if len(a.parts) > 0 {
			t.note(adjustedNote(t.Columns[c].Heading(), lists[i][a.largest].PlotNo, a.rest))
		}
	}
}

func plotCells(no int, park string, p land.Plot, opt Options) []Cell {
	area := squareMetres.round(opt.plot(p))
	return []Cell{
		countCell(no), textCell(park), textCell(p.PlotNo), textCell(p.Name),
		textCell(p.UseText()), textCell(useName(p.Attributes)),
		numberCell(area), {}, {},
		textCell(farText(p.FARMin, p.FARMax)), gfaCell(p.Controls, area),
		textCell(bound("≤", p.DensityMax, 1)), textCell(bound("≥", p.GreenMin, 1)), textCell(bound("≤", p.HeightMax, 1)),
		textCell(p.Status.Name().Zh), textCell(p.SupplyMode), textCell(p.SuppliedOn.String()), textCell(p.Holder), textCell(remarks(p)),
	}
}

// gfaCell is the floor area counted in the ratio (计容建筑面积) in whole m²: the
// stated bound, else land as printed × the upper ratio.
func gfaCell(c land.Controls, area Decimal) Cell {
	switch {
	case c.GFAMax != nil:
		return Cell{Kind: Integer, Value: Fixed(*c.GFAMax, 0)}
	case c.FARMax != nil:
		return Cell{Kind: Integer, Value: Fixed(area.Float()**c.FARMax, 0)}
	default:
		return Cell{}
	}
}

func farText(least, most *float64) string {
	switch {
	case least == nil:
		return bound("≤", most, 2)
	case most == nil:
		return bound("≥", least, 2)
	default:
		return geo.FormatFixed(*least, 2) + "~" + geo.FormatFixed(*most, 2)
	}
}

func bound(sign string, v *float64, decimals int) string {
	if v == nil {
		return ""
	}
	return sign + geo.FormatFixed(*v, decimals)
}

// useName is the name of a plot's use; mixed use names all, in order.
func useName(a land.Attributes) string {
	var names []string
	for _, code := range append([]string{a.Use.Code}, a.SecondaryUse...) {
		for _, scheme := range []land.Scheme{a.Use.Scheme, land.GB50137, land.GZ2019} { // M1/M0 mixes national and local
			if u, ok := land.LookupUse(land.UseCode{Scheme: scheme, Code: code}); ok {
				names = append(names, u.NameZh)
				break
			}
		}
	}
	return strings.Join(names, "/")
}

func remarks(p land.Plot) string {
	var parts []string
	if p.StatedArea != nil {
		parts = append(parts, "证载面积 "+geo.FormatFixed(float64(*p.StatedArea), geo.SquareMetreDecimals)+" m²")
	}
	if p.Setbacks != "" {
		parts = append(parts, "退让："+p.Setbacks)
	}
	return strings.Join(parts, "；")
}
