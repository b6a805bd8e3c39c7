package report

import (
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// statusGroup is a stage of supply (供地阶段) that the overview adds up.
type statusGroup struct {
	key, zh, en string
	statuses    []land.Status
}

var statusGroups = []statusGroup{
	{"before_supply_mu", "规划储备", "Planned and reserved", []land.Status{land.Planned, land.Reserved}},
	{"available_mu", "可供", "Available", []land.Status{land.Available}},
	{"committed_mu", "已预占", "Committed", []land.Status{land.Committed}},
	{"supplied_all_mu", "已供应", "Supplied and after", []land.Status{land.Supplied, land.UnderConstruction, land.Completed, land.Verified, land.Idle}},
}

func overviewColumns() []Column {
	mu := func(key, zh, en, group, groupEn string) Column {
		return Column{Key: key, Zh: zh, En: en, Group: group, GroupEn: groupEn, Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 9, Additive: true}
	}
	columns := []Column{
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 14},
		mu("plan_mu", "方案用地", "Land in the plan", "用地规模", "Extent"),
		{Key: "boundary_m2", Zh: "边界面积", En: "Land within the boundary", Group: "用地规模", GroupEn: "Extent", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 14, Additive: true},
		mu("boundary_mu", "边界面积", "Land within the boundary", "用地规模", "Extent"),
		mu("difference_mu", "与方案之差", "Boundary less plan", "用地规模", "Extent"),
		{Key: "plots", Zh: "地块数", En: "Plots", Group: "登记地块", GroupEn: "Plots in the register", Kind: Integer, Unit: "块", Width: 8, Additive: true},
		mu("plots_mu", "地块面积", "Land in plots", "登记地块", "Plots in the register"),
	}
	for _, g := range statusGroups {
		if len(g.statuses) == 1 {
			columns = append(columns, mu(g.key, g.zh, g.en, "", ""))
			continue
		}
		columns = append(columns, mu(g.key, g.zh+"小计", g.en, g.zh, g.en))
		for _, s := range g.statuses {
			columns = append(columns, mu(string(s)+"_mu", s.Name().Zh, s.Name().En, g.zh, g.en))
		}
	}
	money := func(key, zh, en string) Column {
		return Column{Key: key, Zh: zh, En: en, Group: "方案指标", GroupEn: "Figures of the plan", Kind: Number, Unit: "亿元", Decimals: 2, Width: 9, Additive: true}
	}
	return append(columns, money("plan_investment", "计划投资", "Planned investment"), money("plan_output", "计划产出", "Planned output"))
}

// Overview is the plan against the register (园区用地总览表), a row a park: land
// in the plan and within the boundary, and the plots' land by stage of supply.
// The figures of a row add up to the row's land in plots, those of a column to
// the total row. Build checks the register first.
func Overview(reg Register, opt Options) Table {
	t := Table{Name: "overview", Lead: 1, Columns: overviewColumns(), Head: reg.head(opt)}
	t.TitleZh, t.TitleEn = reg.title("园区用地总览表", "Parks overview, plan against register")
	lists := reg.byPark()
	boundaries := make([]geo.SquareMetres, len(reg.Parks))
	lands := make([]geo.SquareMetres, len(reg.Parks))
	for i, p := range reg.Parks {
		boundaries[i] = opt.park(p)
		lands[i] = sumOf(opt.plots(lists[i]))
	}
	boundary := mus.adjust(boundaries, mus.once(boundaries))
	plots := mus.adjust(lands, mus.once(lands))
	t.note(overviewNotes(reg)...)
	for i, p := range reg.Parks {
		cells := []Cell{textCell(p.NameZh)}
		cells = append(cells, planCells(p, squareMetres.round(boundaries[i]), boundary.parts[i])...)
		cells = append(cells, countCell(len(lists[i])), numberCell(plots.parts[i]))
		byStatus, note := statusCells(p, lists[i], opt, plots.parts[i])
		cells = append(append(cells, byStatus...), Cell{}, Cell{})
		if p.Plan != nil {
			cells[len(cells)-2], cells[len(cells)-1] = numberCell(Fixed(p.Plan.Investment, 2)), numberCell(Fixed(p.Plan.Output, 2))
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
		t.note(coverNote(p, boundary.parts[i], plots.parts[i]), note)
	}
	if len(reg.Parks) > 0 {
		t.note(adjustedNote("边界面积(亩)", reg.Parks[boundary.largest].NameZh, boundary.rest),
			adjustedNote("地块面积(亩)", reg.Parks[plots.largest].NameZh, plots.rest))
	}
	total := Row{Kind: Total, Cells: make([]Cell, len(t.Columns)), Sums: t.bodySpans(0, len(t.Rows))}
	total.Cells[0] = textCell("合计")
	t.Rows = append(t.Rows, total)
	t.addUp()
	t.markDemonstration(reg.Parks, func(row int) *land.Park {
		if row < len(reg.Parks) {
			return &reg.Parks[row]
		}
		return nil
	})
	return t
}

// planCells are the park's land in the plan, within its boundary, and the
// difference between the two as printed.
func planCells(p land.Park, m2, boundaryMu Decimal) []Cell {
	if p.Plan == nil {
		return []Cell{{}, numberCell(m2), numberCell(boundaryMu), {}}
	}
	plan := Fixed(float64(p.Plan.Land), geo.MuDecimals)
	return []Cell{numberCell(plan), numberCell(m2), numberCell(boundaryMu), numberCell(boundaryMu.Minus(plan))}
}

// statusCells are a park's land by status and stage in 亩, adding up to total.
func statusCells(p land.Park, plots []land.Plot, opt Options, total Decimal) ([]Cell, string) {
	names := land.Statuses()
	place := func(s land.Status) int {
		return slices.IndexFunc(names, func(n land.StatusName) bool { return n.Status == s })
	}
	areas := make([]geo.SquareMetres, len(names))
	for _, plot := range plots {
		areas[place(plot.Status)] += opt.plot(plot)
	}
	for i := range areas {
		areas[i] = exact(areas[i])
	}
	adjusted := mus.adjust(areas, total)
	var cells []Cell
	for _, g := range statusGroups {
		sum := Decimal{Places: total.Places}
		var parts []Cell
		for _, s := range g.statuses {
			part := adjusted.parts[place(s)]
			sum = sum.Plus(part)
			parts = append(parts, numberCell(part))
		}
		cells = append(cells, numberCell(sum))
		if len(g.statuses) > 1 {
			cells = append(cells, parts...)
		}
	}
	if adjusted.rest.Units == 0 {
		return cells, ""
	}
	return cells, p.NameZh + "行" + adjustedNote("各供地状态(亩)", names[adjusted.largest].Zh, adjusted.rest)
}

func overviewNotes(reg Register) []string {
	var without, sources []string
	for _, p := range reg.Parks {
		if p.Plan == nil {
			without = append(without, p.NameZh)
		} else if s := p.Plan.Source; s != "" && !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	notes := []string{
		"1 亩 = 2000/3 m²。规划储备含规划、储备；已供应含已供、在建、竣工、已核实、闲置。",
		"地块面积 = 规划储备小计 + 可供 + 已预占 + 已供应小计。",
	}
	if len(sources) > 0 {
		notes = append(notes, "方案数据来源："+strings.Join(sources, "；")+"。")
	}
	if len(without) > 0 {
		notes = append(notes, strings.Join(without, "、")+"未列入方案，方案各列及与方案之差的合计不含该园区。")
	}
	return notes
}

// coverNote tells where plots do not cover the park, or more than that.
func coverNote(p land.Park, boundary, plots Decimal) string {
	if boundary == plots {
		return ""
	}
	return p.NameZh + "边界面积 " + boundary.String() + " 亩，地块面积合计 " + plots.String() + " 亩，相差 " + boundary.Minus(plots).String() + " 亩。"
}
