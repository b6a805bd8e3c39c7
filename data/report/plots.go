package report

import (
	"context"
	"fmt"
	"iter"
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

// mostHeld is how many rows of a table are held; one that is longer is made as it is
// printed.
const mostHeld = 20_000

// plots is the list of plots with their controls (地块控制指标一览表 of 控制性详细规划),
// park by park. A plot's m² are what its documents state and are never
// adjusted: the m² total is the sum of the rows. 公顷 and 亩 are adjusted so that
// rows add up to each park's total, and those to the whole rounded once.
func plots(ctx context.Context, from Source, opt Options) (Table, error) {
	lists, err := listPlots(ctx, from, opt)
	if err != nil {
		return Table{}, err
	}
	reg := from.Register()
	t := tableOf("plots", reg, opt, "地块控制指标一览表", "Plots and their planning controls")
	t.Lead, t.Columns = 4, plotsColumns()
	own := "法定面积"
	if opt.ellipsoid() {
		own = "椭球面积（不是法定面积）"
	}
	t.note("1 亩 = 2000/3 m²。用地面积(m²)为各地块"+own+"，不作平差，其合计为各行之和；公顷、亩由未取舍面积换算。",
		"计容建筑面积：规划条件已定的照录，未定的为本表用地面积 × 容积率上限，取整；未设指标的以“-”表示。",
		schemeNote(func(s land.Scheme) bool {
			return slices.ContainsFunc(lists, func(l *plotList) bool { return l.schemes[s] })
		}))
	for _, l := range lists {
		t.note(adjustedNote(t.Columns[t.column("area_ha")].Heading(), l.largest.PlotNo, l.restHa))
	}
	for _, l := range lists {
		t.note(adjustedNote(t.Columns[t.column("area_mu")].Heading(), l.largest.PlotNo, l.restMu))
	}
	printed := Decimal{Places: geo.SquareMetreDecimals}
	var whole geo.ExactArea
	rows := 1
	for _, l := range lists {
		printed, whole = printed.Plus(l.m2), whole+l.area
		rows += len(l.ids)
		if len(lists) > 1 {
			rows++
		}
	}
	if once := squareMetres.round(whole); once != printed {
		t.note("用地面积各行之和为 " + printed.String() + " m²，未取舍面积之和为 " + once.String() + " m²。")
	}
	t.markDemonstration(reg.Parks, nil)
	t.Long = &Long{rows, plotRows(ctx, from, opt, t, lists)}
	if rows <= mostHeld {
		return t.hold()
	}
	return t, nil
}

// plotRows makes the rows one after the other, with the sums of what was printed.
func plotRows(ctx context.Context, from Source, opt Options, t Table, lists []*plotList) iter.Seq2[Row, error] {
	sum := func(kind RowKind, of *running, spans []Span, park *land.Park, first, second string) Row {
		cells := of.sum()
		cells[t.column("park")], cells[t.column("plot_no")] = textCell(first), textCell(second)
		cells[t.column("name")] = textCell(fmt.Sprintf("%d 块", of.rows))
		return t.natured(Row{Kind: kind, Cells: cells, Sums: spans}, park)
	}
	return func(yield func(Row, error) bool) {
		whole := newRunning(plotsColumns())
		var spans []Span
		place := 0
		for _, l := range lists {
			ofPark := newRunning(plotsColumns())
			for p, err := range l.plots(ctx, from, false) {
				if err != nil {
					yield(Row{}, err)
					return
				}
				row := Row{Cells: plotCells(whole.rows+1, l, p, opt)}
				whole.add(row)
				ofPark.add(row)
				if !yield(t.natured(row, l.park), nil) {
					return
				}
			}
			var span []Span
			if n := len(l.ids); n > 0 {
				span = []Span{{place, place + n}}
				spans = append(spans, span...)
			}
			place += len(l.ids)
			if len(lists) > 1 {
				place++
				if !yield(sum(Subtotal, ofPark, span, l.park, l.park.NameZh, "小计"), nil) {
					return
				}
			}
		}
		yield(sum(Total, whole, spans, nil, "合计", ""), nil)
	}
}

// plotCells are a plot's row; the largest of a park carries what rounding leaves.
func plotCells(no int, l *plotList, p *land.Plot, opt Options) []Cell {
	area := opt.plot(p)
	m2, ha, mu := squareMetres.round(area), hectares.round(area), mus.round(area)
	if p.ID == l.largest.ID {
		ha, mu = ha.Plus(l.restHa), mu.Plus(l.restMu)
	}
	return []Cell{
		countCell(no), textCell(l.park.NameZh), textCell(p.PlotNo), textCell(p.Name),
		textCell(p.UseText()), textCell(useName(p.Attributes)),
		numberCell(m2), numberCell(ha), numberCell(mu),
		textCell(farText(p.FARMin, p.FARMax)), gfaCell(p.Controls, m2),
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

func remarks(p *land.Plot) string {
	var parts []string
	if p.StatedArea != nil {
		parts = append(parts, "证载面积 "+geo.FormatFixed(float64(*p.StatedArea), geo.SquareMetreDecimals)+" m²")
	}
	if p.Setbacks != "" {
		parts = append(parts, "退让："+p.Setbacks)
	}
	return strings.Join(parts, "；")
}
