package report

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// CaseSheet is what the approval form of a case is made from. Plots are those of
// the case that the register holds.
type CaseSheet struct {
	Case      land.Case
	Park      land.Park
	Plots     []land.Plot
	Documents []land.CaseDocument
	Events    []land.CaseEvent
	AsOf      land.Date
	Seq       land.Seq
}

func caseFormColumns() []Column {
	return []Column{
		{Key: "part", Zh: "栏目", En: "Part", Kind: Text, Width: 10},
		{Key: "item", Zh: "事项", En: "Item", Kind: Text, Width: 20},
		{Key: "content", Zh: "内容", En: "Content", Kind: Text, Width: 44},
		{Key: "area_m2", Zh: "用地面积", En: "Area", Kind: Number, Unit: "m²", Decimals: geo.SquareMetreDecimals, Width: 13, Additive: true},
		{Key: "area_mu", Zh: "用地面积", En: "Area", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 10, Additive: true},
		{Key: "day", Zh: "日期", En: "Day", Kind: Text, Width: 11},
	}
}

// CaseForm is the approval form of a case (审批表): what is applied for, the plots,
// the documents, and what was said and decided, in order.
func CaseForm(s CaseSheet) Table {
	c := s.Case
	kind := c.Kind.Name()
	t := Table{
		Name: "case-form", Lead: 2, Columns: caseFormColumns(), TitleZh: s.Park.NameZh + kind.Zh + "审批表", TitleEn: s.Park.NameEn + ": approval form, " + kind.En,
		Head: Head{AsOf: s.AsOf, Seq: s.Seq, CRS: s.Park.PlaneCRS.String(), Parks: []ParkName{{s.Park.Code, s.Park.NameZh, s.Park.NameEn}}, Demonstration: s.Park.Demonstration, Asked: url.Values{"case": {string(c.No)}}},
	}
	t.caseFacts(c)
	from := len(t.Rows)
	for _, p := range s.Plots {
		t.line("地块", p.PlotNo, join("；", useName(p.Attributes), p.UseText(), p.Status.Name().Zh, prefixed("权利人 ", p.Holder)), "")
		row := t.Rows[len(t.Rows)-1].Cells
		row[t.column("area_m2")] = numberCell(Fixed(float64(p.Area), geo.SquareMetreDecimals))
		row[t.column("area_mu")] = numberCell(Fixed(float64(p.Area.Mu()), geo.MuDecimals))
	}
	sum := Row{Kind: Subtotal, Cells: make([]Cell, len(t.Columns)), Sums: t.bodySpans(from, len(t.Rows))}
	sum.Cells[0], sum.Cells[1] = textCell("地块"), textCell("合计 "+strconv.Itoa(len(s.Plots))+" 块")
	t.Rows = append(t.Rows, sum)
	for _, d := range s.Documents {
		form := d.Type.Form(cmp.Or(d.Day, s.AsOf))
		t.line("材料", form.Zh, join("；", d.Number, d.Title, d.FileName), cmp.Or(d.Day, dayOf(d)).String())
	}
	for _, e := range s.Events {
		if e.Opinion == "" && e.Reason == "" && e.Document == "" {
			continue
		}
		number := ""
		if e.Document != "" {
			number = e.Document.Form(e.DocumentOn).Zh + e.DocumentNo
		}
		t.line("意见", c.ActOf(e).Zh+" "+e.Actor, join("；", e.Opinion, e.Reason, number), land.DateOf(e.At.In(land.ChinaStandardTime)).String())
	}
	t.addUp()
	t.note("地块和状态以数据日期的登记为准；材料和意见按办理先后排列。")
	t.markDemonstration([]land.Park{s.Park}, func(int) *land.Park { return &s.Park })
	return t
}

func dayOf(d land.CaseDocument) land.Date { return land.DateOf(d.At.In(land.ChinaStandardTime)) }

// caseFacts are the rows of what is applied for.
func (t *Table) caseFacts(c land.Case) {
	green := "否"
	if c.Green {
		green = "是"
	}
	for _, f := range []struct{ item, content, day string }{
		{"案号", string(c.No), c.OpenedOn.String()},
		{"项目名称", c.Title, ""},
		{"申请人", c.Applicant.Name, ""},
		{"案件状态", c.State.Name().Zh, land.DateOf(c.ChangedAt.In(land.ChinaStandardTime)).String()},
		{"绿色通道", green, ""},
		{"供应方式", c.Mode.Name().Zh, ""},
		{"承接案件", string(c.Follows), ""},
		{"受理日期", c.AcceptedOn().Chinese(), c.AcceptedOn().String()},
	} {
		if f.content != "" {
			t.line("案件", f.item, f.content, f.day)
		}
	}
	d := c.Declared
	for _, f := range []struct{ item, content string }{
		{"用地性质", d.LandUse}, {"容积率", figure(d.FAR, "")}, {"建筑密度", figure(d.Density, "%")}, {"绿地率", figure(d.Green, "%")}, {"建筑高度", figure(d.Height, " m")},
		{"计容建筑面积", figure(d.GFA, " m²")}, {"投资额", figure(d.Investment, " 万元")}, {"年产值", figure(d.Output, " 万元")}, {"用途说明", d.Purpose},
	} {
		if f.content != "" {
			t.line("申报", f.item, f.content, "")
		}
	}
	for _, r := range c.Told.Reserved {
		t.line("指标", r.Kind.Name().Zh, strconv.Itoa(r.Year)+" 年，预留 "+r.Mu.String()+" 亩", "")
	}
	if k := c.Told.Contract; k != nil {
		t.line("合同", "约定", join("；", "动工 "+k.AgreedStart.String(), "竣工 "+k.AgreedCompletion.String(), "价款 "+k.Price.String()+" 万元"), "")
	}
}

// line adds a row of texts.
func (t *Table) line(part, item, content, day string) {
	t.Rows = append(t.Rows, Row{Cells: []Cell{textCell(part), textCell(item), textCell(content), {}, {}, textCell(day)}})
}

// join puts the texts that are not empty one after another.
func join(between string, texts ...string) string {
	var all []string
	for _, s := range texts {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, between)
}

// prefixed is a text with something before it, nothing where there is none.
func prefixed(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// figure is a number as it was declared, with its unit.
func figure(v *float64, unit string) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64) + unit
}
