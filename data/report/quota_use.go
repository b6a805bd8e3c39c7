package report

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func quotaUseColumns() []Column {
	ha := func(key, zh, en, group string) Column {
		return Column{Key: key, Zh: zh, En: en, Group: group, Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 10, Additive: true}
	}
	mu := func(key, zh, en, group string) Column {
		return Column{Key: key, Zh: zh, En: en, Group: group, Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 10, Additive: true}
	}
	return []Column{
		{Key: "no", Zh: "序号", En: "No.", Kind: Integer, Width: 5},
		{Key: "quota_kind", Zh: "指标类型", En: "Kind of quota", Kind: Text, Width: 18},
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 10},
		{Key: "year", Zh: "年度", En: "Year", Kind: Text, Width: 6},
		{Key: "case_no", Zh: "案件编号", En: "Case", Kind: Text, Width: 14},
		{Key: "plot_nos", Zh: "地块编号", En: "Plots", Kind: Text, Width: 14},
		{Key: "document_no", Zh: "批复文号", En: "Approving documents", Kind: Text, Width: 18},
		ha("used_ha", "已使用", "Used", "已使用"),
		ha("used_farmland_ha", "已用农用地", "Farmland used", "已使用"),
		ha("used_cultivated_ha", "已用耕地", "Cultivated land used", "已使用"),
		ha("used_unused_ha", "已用未利用地", "Unused land used", "已使用"),
		mu("used_mu", "已使用", "Used", "已使用"),
		ha("reserved_ha", "已锁定", "Reserved", ""),
		mu("reserved_mu", "已锁定", "Reserved", ""),
	}
}

// quotaUse is the second part of the table of quota: what each case has of an
// account, with its plots and documents, under the sum of its kind.
func quotaUse(ctx context.Context, from Source, opt Options) (Table, error) {
	reg := from.Register()
	uses, err := from.QuotaUses(ctx, opt.years(), opt.Kinds)
	if err != nil {
		return Table{}, err
	}
	t := tableOf("quota-use", reg, opt, "土地指标使用明细表", "Use of land quota by case")
	t.Lead, t.Columns = 5, quotaUseColumns()
	number := 0
	for _, kind := range land.QuotaKinds() {
		ofKind := slices.DeleteFunc(slices.Clone(uses), func(u land.QuotaUse) bool { return u.Account.Kind != kind.Kind })
		if len(ofKind) == 0 {
			continue
		}
		sort(reg, ofKind, func(u land.QuotaUse) land.QuotaAccount { return u.Account })
		first := len(t.Rows)
		for _, u := range ofKind {
			park := parkAt(reg, u.Account.Park)
			if park == nil {
				return Table{}, missingPark(u.Account.Park)
			}
			number++
			slices.SortFunc(u.Plots, comparePlotNo)
			t.Rows = append(t.Rows, Row{Cells: slices.Concat(
				[]Cell{countCell(number), textCell(kind.Zh), textCell(park.NameZh), textCell(strconv.Itoa(u.Account.Year)), textCell(u.CaseNo),
					textCell(strings.Join(u.Plots, "、")), textCell(strings.Join(u.Documents, "；")), numberCell(quotaHectares.round(u.Used.Total))},
				dividedCells(kind, u.Used),
				[]Cell{numberCell(quotaMus.round(u.Used.Total)), numberCell(quotaHectares.round(u.Reserved.Total)), numberCell(quotaMus.round(u.Reserved.Total))},
			)})
		}
		row := Row{Kind: Subtotal, Cells: make([]Cell, len(t.Columns)), Sums: []Span{{first, len(t.Rows)}}}
		row.Cells[t.column("quota_kind")], row.Cells[t.column("park")] = textCell(kind.Zh), textCell("小计")
		t.Rows = append(t.Rows, row)
	}
	t.addUp()
	t.quotaNotes()
	t.note("地块编号为该案件名下变更所涉及的地块；小计为各行之和，不同类型的指标不求和。")
	return t, nil
}
