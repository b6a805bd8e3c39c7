package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func balanceColumns(opt Options) []Column {
	m2 := Column{Key: "area_m2", Zh: "用地面积", En: "Area", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 15, Additive: true}
	mu := Column{Key: "area_mu", Zh: "用地面积", En: "Area", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 12, Additive: true}
	plots := Column{Key: "plots", Zh: "地块数", En: "Plots", Kind: Integer, Unit: "块", Width: 8, Additive: true}
	share := Column{Key: "share_pct", Zh: "占总用地比例", En: "Share of all land", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 13, Additive: true}
	columns := []Column{
		{Key: "land_use", Zh: "用地代码", En: "Land-use code", Kind: Text, Width: 10},
		{Key: "land_use_name", Zh: "用地名称", En: "Land use", Kind: Text, Width: 30},
		plots, m2,
		{Key: "area_ha", Zh: "用地面积", En: "Area", Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 12, Additive: true},
		mu,
		{Key: "urban_pct", Zh: "占城市建设用地比例", En: "Share of urban development land", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 18, Additive: true},
		share,
	}
	if opt.Scheme == land.MNR2023 { // which knows no urban development land
		columns = slices.DeleteFunc(columns, func(c Column) bool { return c.Key == "urban_pct" })
	}
	if opt.Against.IsZero() {
		return columns
	}
	day := opt.Against.Chinese()
	for _, of := range []struct{ key, group, zh, en string }{{"then_", "对比日 " + day, "对比日", "On the day compared with: "}, {"change_", "较 " + day + " 增减", "增减", "Change: "}} {
		for _, c := range []Column{plots, m2, mu, share} {
			c.Key, c.Group, c.Zh, c.En = of.key+c.Key, of.group, of.zh+c.Zh, of.en+c.En
			columns = append(columns, c)
		}
	}
	return columns
}

// leaf is a body row of the balance table with the land behind it.
type leaf struct {
	row   int
	label string
	has   [2]holding
}

// balance is the table in the making.
type balance struct {
	Table
	leaves [sections][]leaf
}

// makeBalance makes the land-use balance (城市建设用地平衡表, after GB 50137-2011 表
// A.0.2): land by 大类, 中类 and 小类 of all parks together, and how it changed since
// another day. In each column the rows of the lowest level are rounded so that
// they add up to the total rounded once, urban development land likewise, and
// every subtotal is the sum of rows as printed.
func makeBalance(ctx context.Context, from Source, opt Options) (Table, error) {
	reg := from.Register()
	var sums [2][]land.PlotSum
	for i, day := range []land.Date{{}, opt.Against} {
		if i > 0 && day.IsZero() {
			break
		}
		var err error
		if sums[i], err = from.Sums(ctx, land.ByUse, day, opt.ellipsoid()); err == nil {
			err = checkSums(reg, sums[i])
		}
		if err != nil {
			return Table{}, err
		}
	}
	b := &balance{Table: tableOf("balance", reg, opt, "用地平衡表", "Land-use balance")}
	b.Lead, b.Columns = 2, balanceColumns(opt)
	parts := classify(sums, opt.Scheme)
	totals := b.layOut(parts, opt.Scheme)
	b.note("1 亩 = 2000/3 m²。", schemeNote(func(s land.Scheme) bool { return parts.have(s) }))
	if opt.Scheme != "" && len(parts[unknownUse].classes) > 0 {
		b.note("对照表未给出唯一对应代码的用地不换算，按登记代码单列，由人工确定。")
	}
	if opt.Scheme == "" && len(parts[mnr2023].classes) > 0 {
		b.note("两种分类的代码不互换：按 2023 分类登记的地块单列，不计入城市建设用地。")
	}
	b.note(mixedUseNote(sums[0]))
	b.measure(0, "")
	if !opt.Against.IsZero() {
		b.measure(1, "then_")
		b.compare()
		b.note("增减为本表日期减对比日，各按打印值计算；比例的增减为百分点。")
	}
	b.addUp()
	b.blank(totals)
	b.note(checkNotes(reg, opt, sums[0], b.Rows[len(b.Rows)-1].Cells[b.column("area_m2")].Value)...)
	b.markDemonstration(reg.Parks, func(int) *land.Park { return nil })
	return b.Table, nil
}

// layOut prints the rows without their areas and gives the rows of urban
// development land, if the scheme has any, and of all land.
func (b *balance) layOut(parts classification, scheme land.Scheme) (totals []int) {
	unknown := "代码未列入分类标准的用地合计"
	if scheme != "" {
		unknown = "不能换算的用地合计"
	}
	if scheme == land.MNR2023 {
		for _, c := range parts[mnr2023].classes {
			b.class(c, mnr2023, 0)
		}
	} else {
		for _, c := range parts[urban].classes {
			b.class(c, urban, 0)
		}
		sum := b.label(Subtotal, 0, "H11", "城市建设用地合计")
		sum.Sums = b.bodySpans(0, len(b.Rows))
		totals = append(totals, len(b.Rows))
		b.Rows = append(b.Rows, sum)
		for _, c := range parts[otherDevelopment].classes {
			c.nameZh = "城市建设用地以外的建设用地"
			b.class(c, otherDevelopment, 0)
		}
		for _, c := range parts[notForDevelopment].classes {
			b.class(c, notForDevelopment, 0)
		}
		b.group(parts[mnr2023], mnr2023, "国土空间用地用海分类（2023）合计")
	}
	b.group(parts[unknownUse], unknownUse, unknown)
	total := b.label(Total, 0, "", "总用地")
	total.Sums = b.bodySpans(0, len(b.Rows))
	totals = append(totals, len(b.Rows))
	b.Rows = append(b.Rows, total)
	return totals
}

// measure fills in the numbers of plots, areas and shares of the leaves of a day,
// in the columns whose keys begin so.
func (b *balance) measure(day int, prefix string) {
	areas := make([][]geo.ExactArea, sections)
	for i, leaves := range b.leaves {
		for _, l := range leaves {
			areas[i] = append(areas[i], l.has[day].area)
			b.Rows[l.row].Cells[b.column(prefix+"plots")] = countCell(l.has[day].plots)
		}
	}
	b.set(prefix+"area_m2", 0, squareMetres.adjustGroups(areas))
	b.set(prefix+"area_ha", 0, hectares.adjustGroups(areas))
	b.set(prefix+"area_mu", 0, mus.adjustGroups(areas))
	if ofUrban, ok := shares(areas[urban : urban+1]); ok {
		b.set(prefix+"urban_pct", urban, ofUrban)
	}
	if ofAll, ok := shares(areas); ok {
		b.set(prefix+"share_pct", 0, ofAll)
	}
}

// compare fills in what changed, as printed; what one of the days has no figure of
// did not.
func (b *balance) compare() {
	for _, key := range []string{"plots", "area_m2", "area_mu", "share_pct"} {
		now, then, change := b.column(key), b.column("then_"+key), b.column("change_"+key)
		for _, leaves := range b.leaves {
			for _, l := range leaves {
				cells := b.Rows[l.row].Cells
				if cells[now].Kind != None && cells[then].Kind != None {
					cells[change] = Cell{Kind: b.Columns[change].Kind, Value: cells[now].Value.Minus(cells[then].Value)}
				}
			}
		}
	}
}

// blank takes away shares that are of nothing, and the share of all land in urban
// development land.
func (b *balance) blank(totals []int) {
	last := len(b.Rows) - 1
	for i, c := range b.Columns {
		switch {
		case c.Key == "urban_pct":
			b.Rows[last].Cells[i] = Cell{}
			fallthrough
		case strings.HasSuffix(c.Key, "_pct"):
			for _, row := range totals {
				if len(b.Rows[row].Sums) == 0 {
					b.Rows[row].Cells[i] = Cell{}
				}
			}
		}
	}
}

// label is a row with its code and name and no figures yet.
func (b *balance) label(kind RowKind, indent int, code, name string) Row {
	row := Row{Kind: kind, Indent: indent, Cells: make([]Cell, len(b.Columns))}
	row.Cells[0], row.Cells[1] = textCell(code), textCell(name)
	return row
}

// class prints a class: a body row when nothing is below it, else a subtotal
// with what is below, first the land that is not classed further.
func (b *balance) class(c *useClass, section, indent int) {
	if len(c.below) == 0 {
		b.leaf(c, c.nameZh, section, indent)
		return
	}
	head := len(b.Rows)
	b.Rows = append(b.Rows, b.label(Subtotal, indent, c.use.Code, c.nameZh))
	if c.has != [2]holding{} {
		b.leaf(c, c.nameZh+"（未细分）", section, indent+1)
	}
	for _, below := range c.below {
		b.class(below, section, indent+1)
	}
	b.Rows[head].Sums = b.bodySpans(head+1, len(b.Rows))
}

func (b *balance) leaf(c *useClass, name string, section, indent int) {
	row := b.label(Body, indent, c.use.Code, name)
	b.leaves[section] = append(b.leaves[section], leaf{len(b.Rows), strings.TrimSpace(c.use.Code + " " + name), c.has})
	b.Rows = append(b.Rows, row)
}

// group prints a scheme of its own under a subtotal, when it has land.
func (b *balance) group(s useSection, section int, name string) {
	if len(s.classes) == 0 {
		return
	}
	head := len(b.Rows)
	b.Rows = append(b.Rows, b.label(Subtotal, 0, "", name))
	for _, c := range s.classes {
		b.class(c, section, 1)
	}
	b.Rows[head].Sums = b.bodySpans(head+1, len(b.Rows))
}

// set fills a column of the sections' leaves, the first section being from, and
// notes its adjustments. A column that the table does not have is left out.
func (b *balance) set(key string, from int, adjusted []adjustment) {
	c := b.column(key)
	if c < 0 {
		return
	}
	for i, a := range adjusted {
		leaves := b.leaves[from+i]
		for j, l := range leaves {
			b.Rows[l.row].Cells[c] = numberCell(a.parts[j])
		}
		if len(leaves) > 0 {
			b.note(adjustedNote(b.Columns[c].Heading(), leaves[a.largest].label, a.rest))
		}
	}
}

func mixedUseNote(sums []land.PlotSum) string {
	n := 0
	for _, s := range sums {
		n += s.Mixed
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("混合用地 %d 块按主用途代码计列。", n)
}

// checkNotes set the land in the table against the parks' boundaries, unless but
// some plots are chosen, and against the plots' own figures where those add up
// otherwise.
func checkNotes(reg land.Register, opt Options, sums []land.PlotSum, total Decimal) (notes []string) {
	if opt.Choice == "" {
		boundary := Decimal{Places: geo.SquareMetreDecimals}
		for _, p := range reg.Parks {
			boundary = boundary.Plus(squareMetres.round(opt.park(p)))
		}
		notes = append(notes, "校核：园区边界面积 "+boundary.String()+" m²，总用地 "+total.String()+" m²，相差 "+boundary.Minus(total).String()+" m²。")
	}
	printed := Decimal{Places: geo.SquareMetreDecimals}
	for _, s := range sums {
		printed.Units += s.Cents
	}
	if printed != total {
		notes = append(notes, "各地块面积取两位小数后之和为 "+printed.String()+" m²。")
	}
	return notes
}
