package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func lineageColumns() []Column {
	area := func(key, zh, en string) Column {
		return Column{Key: key, Zh: zh, En: en, Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 13}
	}
	return []Column{
		{Key: "no", Zh: "序号", En: "No.", Kind: Integer, Width: 5},
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 9},
		{Key: "day", Zh: "日期", En: "Day", Kind: Text, Width: 11},
		{Key: "change_kind", Zh: "变更类型", En: "Change", Kind: Text, Width: 9},
		{Key: "from_plot_no", Zh: "原地块编号", En: "Plot before", Kind: Text, Width: 12},
		area("from_area_m2", "原面积", "Area before"),
		{Key: "to_plot_no", Zh: "现地块编号", En: "Plot after", Kind: Text, Width: 12},
		area("to_area_m2", "现面积", "Area after"),
		{Key: "reason", Zh: "变更原因", En: "Reason", Kind: Text, Width: 20},
		{Key: "case_no", Zh: "案件编号", En: "Case", Kind: Text, Width: 12},
		{Key: "change", Zh: "变更号", En: "Change number", Kind: Integer, Width: 8},
	}
}

// lineage is what became of plots (沿革表): a row for each pair of a plot and what it
// became by an act, in the order of acts. Areas are repeated where a plot became
// several, so nothing is added up.
func lineage(ctx context.Context, from Source, opt Options) (Table, error) {
	reg := from.Register()
	steps, err := from.Successions(ctx, opt.Year, opt.ellipsoid())
	if err != nil {
		return Table{}, err
	}
	slices.SortStableFunc(steps, func(a, b land.Succession) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), comparePlotNo(a.From.PlotNo, b.From.PlotNo), comparePlotNo(a.Becomes(), b.Becomes()))
	})
	t := tableOf("lineage", reg, opt, "地块沿革表", "Lineage of plots")
	t.Lead, t.Columns = 3, lineageColumns()
	for i, s := range steps {
		park := parkAt(reg, s.Park)
		if park == nil {
			return Table{}, missingPark(s.Park)
		}
		toArea := Cell{}
		if s.To != nil {
			toArea = numberCell(squareMetres.round(s.To.Area))
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			countCell(i + 1), textCell(park.NameZh), textCell(s.Day.String()), textCell(s.Kind.Words().Zh),
			textCell(s.From.PlotNo), numberCell(squareMetres.round(s.From.Area)), textCell(s.Becomes()), toArea,
			textCell(s.Reason), textCell(s.CaseNo), countCell(int(s.Seq)),
		}})
	}
	if len(steps) == 0 {
		t.note("没有分割、合并、界址调整、边界重划、重新编号或注销的记录。")
	}
	t.note("一个地块变为多个，或多个变为一个时，每对地块列一行，面积重复列出，不求和。注销的地块没有现地块。")
	t.markDemonstration(reg.Parks, func(row int) *land.Park { return parkAt(reg, steps[row].Park) })
	return t, nil
}
