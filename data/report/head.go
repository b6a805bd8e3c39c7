package report

import (
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Source is the register, as every printed table names it.
var Source = geo.Words{Zh: "dikuai 用地登记库", En: "dikuai land register"}

// demonstrationMark stands on every printed page of a layout drawn for show.
var demonstrationMark = geo.Words{Zh: "【示范数据】" + dataNature + "，不作为审批依据", En: "DEMONSTRATION DATA: not surveyed, no basis for approvals"}

// Fact is one thing that a table's figures stand on.
type Fact struct {
	Name  geo.Words
	Value geo.Words
}

// Facts are what a printed table's head says.
func (t Table) Facts() []Fact {
	h := t.Head
	var zh, en []string
	for _, p := range h.Parks {
		zh, en = append(zh, p.Zh), append(en, p.En)
	}
	return []Fact{
		{geo.Words{Zh: "园区", En: "Parks"}, geo.Words{Zh: strings.Join(zh, "、"), En: strings.Join(en, ", ")}},
		{geo.Words{Zh: "数据日期", En: "As of"}, geo.Words{Zh: h.AsOf.Chinese(), En: h.AsOf.String()}},
		{geo.Words{Zh: "登记变更号", En: "Register change"}, geo.Names(strconv.FormatInt(int64(h.Seq), 10))},
		{geo.Words{Zh: "坐标系", En: "Reference system"}, geo.Words{Zh: "CGCS2000（" + h.CRS + "）", En: "CGCS2000 (" + strings.ReplaceAll(h.CRS, "、", ", ") + ")"}},
		{geo.Words{Zh: "面积口径", En: "Measure"}, h.measureWords()},
	}
}

// Imprint says in one line where the figures come from, for a page's foot.
func (t Table) Imprint() geo.Words {
	zh, en := Source.Zh, Source.En
	for _, f := range t.Facts()[1:] {
		zh += " · " + f.Name.Zh + " " + f.Value.Zh
		en += " · " + f.Name.En + " " + f.Value.En
	}
	sum := shortSum(t.Checksum())
	return geo.Words{Zh: zh + " · 校验码 " + sum, En: en + " · Checksum " + sum}
}

// MeasureZh names the table's area as documents do.
func (h Head) MeasureZh() string { return h.measureWords().Zh }

func (h Head) measureWords() geo.Words {
	if h.Measure == Ellipsoid {
		return geo.Words{Zh: "CGCS2000椭球面积", En: "area on the CGCS2000 ellipsoid"}
	}
	return geo.Words{Zh: strings.TrimSpace(h.CRS + " 平面面积"), En: strings.TrimSpace("plane area in " + strings.ReplaceAll(h.CRS, "、", ", "))}
}
