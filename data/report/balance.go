package report

import (
	"fmt"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func balanceColumns() []Column {
	return []Column{
		{Key: "land_use", Zh: "用地代码", En: "Land-use code", Kind: Text, Width: 10},
		{Key: "land_use_name", Zh: "用地名称", En: "Land use", Kind: Text, Width: 30},
		{Key: "plots", Zh: "地块数", En: "Plots", Kind: Integer, Unit: "块", Width: 8, Additive: true},
		{Key: "area_m2", Zh: "用地面积", En: "Area", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 15, Additive: true},
		{Key: "area_ha", Zh: "用地面积", En: "Area", Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 12, Additive: true},
		{Key: "area_mu", Zh: "用地面积", En: "Area", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 12, Additive: true},
		{Key: "urban_pct", Zh: "占城市建设用地比例", En: "Share of urban development land", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 18, Additive: true},
		{Key: "share_pct", Zh: "占总用地比例", En: "Share of all land", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 13, Additive: true},
	}
}

// leaf is a body row of the balance table with the land behind it.
type leaf struct {
	row   int
	label string
	area  geo.SquareMetres // unrounded
}

// balance is the table in the making.
type balance struct {
	Table
	leaves [sections][]leaf
}

// Balance is the land-use balance (城市建设用地平衡表, after GB 50137-2011 表 A.0.2):
// land by 大类, 中类 and 小类 of all parks together. In each column the rows of
// the lowest level are rounded so that they add up to the total rounded once,
// urban development land likewise, and every subtotal is the sum of rows as
// printed. Build checks the register first.
func Balance(reg Register, opt Options) Table {
	b := &balance{Table: Table{Name: "balance", Lead: 2, Columns: balanceColumns(), Head: reg.head(opt)}}
	b.TitleZh, b.TitleEn = reg.title("用地平衡表", "Land-use balance")
	parts := classify(reg.Plots, opt)
	urbanRow := b.layOut(parts)
	b.note("1 亩 = 2000/3 m²。", schemeNote(reg.Plots))
	if len(parts[mnr2023].classes) > 0 {
		b.note("两种分类的代码不互换：按 2023 分类登记的地块单列，不计入城市建设用地。")
	}
	b.note(mixedUseNote(reg.Plots))
	b.measure()
	b.addUp()
	last := len(b.Rows) - 1
	b.Rows[last].Cells[b.column("urban_pct")] = Cell{}
	for _, row := range []int{urbanRow, last} {
		if len(b.Rows[row].Sums) == 0 { // no share of nothing
			b.Rows[row].Cells[b.column("urban_pct")], b.Rows[row].Cells[b.column("share_pct")] = Cell{}, Cell{}
		}
	}
	b.note(checkNotes(reg, opt, b.Rows[last].Cells[b.column("area_m2")].Value)...)
	b.markDemonstration(reg.Parks, func(int) *land.Park { return nil })
	return b.Table
}

// layOut prints the rows without their areas and gives the row of urban
// development land.
func (b *balance) layOut(parts [sections]useSection) (urbanRow int) {
	for _, c := range parts[urban].classes {
		b.class(c, urban, 0)
	}
	urbanRow = len(b.Rows)
	b.Rows = append(b.Rows, b.label(Subtotal, 0, "H11", "城市建设用地合计"))
	b.Rows[urbanRow].Sums = b.bodySpans(0, urbanRow)
	for _, c := range parts[otherDevelopment].classes {
		c.nameZh = "城市建设用地以外的建设用地"
		b.class(c, otherDevelopment, 0)
	}
	for _, c := range parts[notForDevelopment].classes {
		b.class(c, notForDevelopment, 0)
	}
	b.group(parts[mnr2023], mnr2023, "国土空间用地用海分类（2023）合计")
	b.group(parts[unknownUse], unknownUse, "代码未列入分类标准的用地合计")
	total := b.label(Total, 0, "", "总用地")
	total.Sums = b.bodySpans(0, len(b.Rows))
	b.Rows = append(b.Rows, total)
	return urbanRow
}

// measure fills in the areas and shares of the leaves.
func (b *balance) measure() {
	areas := b.areas()
	b.set("area_m2", 0, squareMetres.adjustGroups(areas))
	b.set("area_ha", 0, hectares.adjustGroups(areas))
	b.set("area_mu", 0, mus.adjustGroups(areas))
	if ofUrban, ok := shares(areas[urban : urban+1]); ok {
		b.set("urban_pct", urban, ofUrban)
	}
	if ofAll, ok := shares(areas); ok {
		b.set("share_pct", 0, ofAll)
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
	if c.plots > 0 {
		b.leaf(c, c.nameZh+"（未细分）", section, indent+1)
	}
	for _, below := range c.below {
		b.class(below, section, indent+1)
	}
	b.Rows[head].Sums = b.bodySpans(head+1, len(b.Rows))
}

func (b *balance) leaf(c *useClass, name string, section, indent int) {
	row := b.label(Body, indent, c.use.Code, name)
	row.Cells[b.column("plots")] = countCell(c.plots)
	b.leaves[section] = append(b.leaves[section], leaf{len(b.Rows), strings.TrimSpace(c.use.Code + " " + name), c.area})
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

// areas are the leaves' land by section.
func (b *balance) areas() [][]geo.SquareMetres {
	groups := make([][]geo.SquareMetres, sections)
	for i, leaves := range b.leaves {
		for _, l := range leaves {
			groups[i] = append(groups[i], l.area)
		}
	}
	return groups
}

// set fills a column of the sections' leaves, the first section being from, and
// notes its adjustments.
func (b *balance) set(key string, from int, adjusted []adjustment) {
	c := b.column(key)
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

func mixedUseNote(plots []land.Plot) string {
	n := 0
	for _, p := range plots {
		if len(p.SecondaryUse) > 0 {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("混合用地 %d 块按主用途代码计列。", n)
}

// checkNotes set the land in the table against the parks' boundaries, and
// against the plots' own figures where those add up otherwise.
func checkNotes(reg Register, opt Options, total Decimal) []string {
	printed := Decimal{Places: geo.SquareMetreDecimals}
	for _, p := range reg.Plots {
		printed = printed.Plus(squareMetres.round(opt.plot(p)))
	}
	boundary := Decimal{Places: geo.SquareMetreDecimals}
	for _, p := range reg.Parks {
		boundary = boundary.Plus(squareMetres.round(opt.park(p)))
	}
	notes := []string{"校核：园区边界面积 " + boundary.String() + " m²，总用地 " + total.String() + " m²，相差 " + boundary.Minus(total).String() + " m²。"}
	if printed != total {
		notes = append(notes, "各地块面积取两位小数后之和为 "+printed.String()+" m²。")
	}
	return notes
}
