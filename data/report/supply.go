package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func supplyColumns() []Column {
	return []Column{
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 12},
		{Key: "year", Zh: "供应年度", En: "Year of supply", Kind: Text, Width: 9},
		{Key: "supply_mode", Zh: "供应方式", En: "Supply mode", Kind: Text, Width: 12},
		{Key: "land_use", Zh: "用地代码", En: "Land-use code", Kind: Text, Width: 9},
		{Key: "land_use_name", Zh: "用地性质", En: "Land use", Kind: Text, Width: 20},
		{Key: "plots", Zh: "地块数", En: "Plots", Kind: Integer, Unit: "块", Width: 8, Additive: true},
		{Key: "area_m2", Zh: "供地面积", En: "Area", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 13, Additive: true},
		{Key: "area_ha", Zh: "供地面积", En: "Area", Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 10, Additive: true},
		{Key: "area_mu", Zh: "供地面积", En: "Area", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 10, Additive: true},
		{Key: "share_pct", Zh: "占供地面积比例", En: "Share of land supplied", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 14, Additive: true},
	}
}

// supplied is a row of the table before it is printed.
type supplied struct {
	year int
	mode string
	use  land.UseCode
	holding
}

// supply is the land supplied (供地情况表), by park, year, mode and use, of plots with
// a day of supply. Rows add up to their park's land, and the parks' to the whole
// rounded once.
func supply(ctx context.Context, from Source, opt Options) (Table, error) {
	reg := from.Register()
	sums, err := from.Sums(ctx, land.ByStatus|land.ByUse|land.BySupply, land.Date{}, opt.ellipsoid())
	if err == nil {
		err = checkSums(reg, sums)
	}
	if err != nil {
		return Table{}, err
	}
	t := tableOf("supply", reg, opt, "供地情况表", "Land supplied")
	if opt.Year != 0 {
		t.TitleZh, t.TitleEn = fmt.Sprintf("%s（%d年）", t.TitleZh, opt.Year), fmt.Sprintf("%s, %d", t.TitleEn, opt.Year)
	}
	t.Lead, t.Columns = 3, supplyColumns()
	lists := make([][]supplied, len(reg.Parks))
	for i, p := range reg.Parks {
		lists[i] = suppliedIn(p.Code, opt.Year, sums)
	}
	parkOf, leaves := t.supplyRows(reg, lists)
	areas := make([][]geo.ExactArea, len(lists))
	for i, list := range lists {
		for _, s := range list {
			areas[i] = append(areas[i], s.area)
		}
	}
	t.note("按登记的供应日期所在年度统计；供应方式未登记的列为“未登记”。1 亩 = 2000/3 m²。")
	t.adjustLeaves("area_m2", leaves, squareMetres.adjustGroups(areas))
	t.adjustLeaves("area_ha", leaves, hectares.adjustGroups(areas))
	t.adjustLeaves("area_mu", leaves, mus.adjustGroups(areas))
	if of, ok := shares(areas); ok {
		t.adjustLeaves("share_pct", leaves, of)
	}
	t.addUp()
	last := len(t.Rows) - 1
	if len(t.Rows[last].Sums) == 0 { // no share of nothing
		for i := range t.Rows {
			t.Rows[i].Cells[t.column("share_pct")] = Cell{}
		}
	}
	t.note(undatedNote(sums))
	t.markDemonstration(reg.Parks, func(row int) *land.Park { return parkOf[row] })
	return t, nil
}

// suppliedIn are the rows of a park, by year, mode and use.
func suppliedIn(park land.ParkCode, year int, sums []land.PlotSum) []supplied {
	type key struct {
		year int
		mode string
		use  land.UseCode
	}
	by := map[key]holding{}
	for _, s := range sums {
		if s.Park == park && s.SupplyYear != 0 && (year == 0 || s.SupplyYear == year) {
			k := key{s.SupplyYear, s.SupplyMode, s.Use}
			by[k] = holding{by[k].plots + s.Plots, by[k].area + s.Area}
		}
	}
	var list []supplied
	for k, has := range by {
		list = append(list, supplied{k.year, k.mode, k.use, has})
	}
	slices.SortFunc(list, func(a, b supplied) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.mode, b.mode), cmp.Compare(placeOfUse(a.use), placeOfUse(b.use)), cmp.Compare(a.use.Code, b.use.Code))
	})
	return list
}

// supplyRows prints the rows without areas, and tells each row's park and where
// the body rows of each park are.
func (t *Table) supplyRows(reg land.Register, lists [][]supplied) (parkOf []*land.Park, leaves [][]int) {
	leaves = make([][]int, len(lists))
	for i, list := range lists {
		park, from := &reg.Parks[i], len(t.Rows)
		for _, s := range list {
			mode := s.mode
			if mode == "" {
				mode = "未登记"
			}
			use, _ := land.LookupUse(s.use)
			leaves[i] = append(leaves[i], len(t.Rows))
			cells := make([]Cell, len(t.Columns))
			copy(cells, []Cell{textCell(park.NameZh), textCell(strconv.Itoa(s.year)), textCell(mode), textCell(s.use.Code), textCell(use.NameZh), countCell(s.plots)})
			t.Rows = append(t.Rows, Row{Cells: cells})
			parkOf = append(parkOf, park)
		}
		if len(lists) > 1 {
			t.supplySum(Subtotal, from, park.NameZh, "小计")
			parkOf = append(parkOf, park)
		}
	}
	t.supplySum(Total, 0, "合计", "")
	return append(parkOf, nil), leaves
}

func (t *Table) supplySum(kind RowKind, from int, first, second string) {
	row := Row{Kind: kind, Cells: make([]Cell, len(t.Columns)), Sums: t.bodySpans(from, len(t.Rows))}
	row.Cells[0], row.Cells[1] = textCell(first), textCell(second)
	t.Rows = append(t.Rows, row)
}

// adjustLeaves fills a column of body rows, group by group, and notes where the
// rest of rounding went.
func (t *Table) adjustLeaves(key string, leaves [][]int, adjusted []adjustment) {
	c := t.column(key)
	for i, a := range adjusted {
		for j, row := range leaves[i] {
			t.Rows[row].Cells[c] = numberCell(a.parts[j])
		}
		if len(leaves[i]) > 0 {
			cells := t.Rows[leaves[i][a.largest]].Cells
			label := cells[0].Text
			for _, cell := range cells[1:4] {
				label += " " + cell.Text
			}
			t.note(adjustedNote(t.Columns[c].Heading(), label, a.rest))
		}
	}
}

// undatedNote tells of plots that are supplied by their status and have no day.
func undatedNote(sums []land.PlotSum) string {
	n := 0
	var area geo.ExactArea
	for _, s := range sums {
		if s.SupplyYear == 0 && slices.Contains(suppliedAndAfter, s.Status) {
			n += s.Plots
			area += s.Area
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("另有 %d 块已供应的地块未登记供应日期，面积 %s 亩，未计入本表。", n, mus.round(area))
}
