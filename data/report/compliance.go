package report

import (
	"context"
	"fmt"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func complianceColumns() []Column {
	return []Column{
		{Key: "no", Zh: "序号", En: "No.", Kind: Integer, Width: 5},
		{Key: "rule", Zh: "控制线/图层", En: "Rule or layer", Kind: Text, Width: 18},
		{Key: "clause", Zh: "判定依据", En: "Basis", Kind: Text, Width: 24},
		{Key: "area_m2", Zh: "重叠面积", En: "Area at fault", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 12},
		{Key: "area_ha", Zh: "重叠面积", En: "Area at fault", Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 9},
		{Key: "area_mu", Zh: "重叠面积", En: "Area at fault", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 9},
		{Key: "share_pct", Zh: "占地块", En: "Share of the boundary", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 8},
		{Key: "ignored_m2", Zh: "微小重叠", En: "Within the tolerance", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 9},
		{Key: "outcome", Zh: "结论", En: "Outcome", Kind: Text, Width: 10},
		{Key: "message", Zh: "说明", En: "Explanation", Kind: Text, Width: 36},
	}
}

// compliance is what the rules say of the chosen plots' boundary together (合规性审查
// 套合结果表), with the control features and plots at fault under each rule. What
// rules find may be the same land, so nothing is added up.
func compliance(ctx context.Context, from Source, opt Options) (Table, error) {
	c, err := from.Compliance(ctx, opt.ellipsoid())
	if err != nil {
		return Table{}, err
	}
	reg := from.Register()
	reg.Parks = append([]land.Park{c.Survey.Park}, c.Survey.OtherParks...)
	t := tableOf("compliance", reg, opt, "合规性审查套合结果表", "Compliance check")
	t.Lead, t.Columns = 2, complianceColumns()
	var layers []string
	for i, f := range c.Findings {
		cells := []Cell{countCell(i + 1), textCell(f.Rule.Zh), textCell(f.Rule.Clause.Zh), {}, {}, {}, {}, {}, textCell(f.Outcome.Words().Zh), textCell(f.Zh)}
		if f.Outcome != land.Skipped {
			copy(cells[3:], append(landCells(f.Area, c.Survey.Area), numberCell(squareMetres.round(f.Ignored.Exact()))))
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
		for _, p := range f.Plots {
			t.detail("地块 "+p.PlotNo, p.Area, c.Survey.Area)
		}
		for _, o := range f.Features {
			t.detail(strings.TrimSpace(o.Code+" "+o.Name), o.Area, c.Survey.Area)
		}
		if f.Layer != nil {
			layers = append(layers, layerText(f.Layer))
		}
	}
	whole := c.Survey.Area.Exact()
	t.note(fmt.Sprintf("审查结论：%s。", c.Verdict.Verdict().Zh),
		fmt.Sprintf("审查范围面积 %s m²，合 %s 公顷、%s 亩，主要位于%s。", squareMetres.round(whole), hectares.round(whole), mus.round(whole), c.Survey.Park.NameZh))
	if len(layers) > 0 {
		t.note("依据图层：" + strings.Join(layers, "；") + "。")
	}
	t.note("窄于限差宽度的碎片和合计不超过限差面积的重叠列为微小重叠，不影响结论。各规则的重叠可能是同一土地，不求和。1 亩 = 2000/3 m²。")
	t.markDemonstration(reg.Parks, func(int) *land.Park { return &c.Survey.Park })
	return t, nil
}

// layerText names a control layer with what it rests on.
func layerText(l *land.ControlLayer) string {
	parts := []string{fmt.Sprintf("第 %d 版", l.Version)}
	for _, text := range []string{l.DocumentNo, l.Source} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	if !l.ValidFrom.IsZero() {
		parts = append(parts, l.ValidFrom.String()+" 起")
	}
	return l.NameZh + "（" + strings.Join(parts, "，") + "）"
}

// detail is a row under a rule: a plot or a control feature.
func (t *Table) detail(name string, area, whole geo.SquareMetres) {
	cells := make([]Cell, len(t.Columns))
	cells[1] = textCell(name)
	copy(cells[3:], landCells(area, whole))
	t.Rows = append(t.Rows, Row{Indent: 1, Cells: cells})
}

// landCells are an area in three units and its share of the whole boundary.
func landCells(area, whole geo.SquareMetres) []Cell {
	a := area.Exact()
	share := Cell{}
	if whole := whole.Exact(); whole > 0 {
		share = numberCell(percentOf(min(a, whole), whole))
	}
	return []Cell{numberCell(squareMetres.round(a)), numberCell(hectares.round(a)), numberCell(mus.round(a)), share}
}
