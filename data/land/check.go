package land

import (
	"math"
	"regexp"

	"github.com/dikuai/dikuai/geo"
)

// CheckReport is what a check of the register found (质检).
type CheckReport struct {
	Seq      Seq // the change up to which the register was checked
	Plots    int
	Limits   Limits // in force
	Findings []Finding
}

// Count is how many findings have a severity.
func (r CheckReport) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// numberPattern is how plot numbers are commonly written: letters, digits and
// strokes, such as PY-01-03 or AF021920-1.
var numberPattern = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_\-./()（）]*$`)

// CheckInRegister is CheckAgainst the usual limits.
func (p Plot) CheckInRegister() []Finding { return p.CheckAgainst(DefaultLimits()) }

// CheckAgainst tells what is wrong with a plot of the register beyond its
// attributes by themselves: its number's form, its stated area against the one
// computed (check 4105), and a status whose dates or holder do not go with it.
func (p Plot) CheckAgainst(l Limits) []Finding {
	found := p.Check()
	add := func(code string, s Severity, field string, message, remedy geo.Words) {
		found = append(found, Finding{Code: code, Severity: s, PlotNo: p.PlotNo, Field: field}.Saying(message, remedy))
	}
	if !numberPattern.MatchString(p.PlotNo) {
		add("4111", Warn, "plot_no",
			geo.Say("编号 %s 不是通常的形式", "the number %s is not of the usual form", quote(p.PlotNo)),
			geo.Say("请用字母、数字和短横线，例如 PY-01-03", "use letters, digits and strokes, such as PY-01-03"))
	}
	if p.StatedArea != nil {
		off := math.Abs(float64(*p.StatedArea - p.Area))
		allowed := math.Max(l.Stated, l.StatedShare*float64(p.Area))
		message := geo.Say("证载面积 %.2f 平方米，界址计算面积 %.2f 平方米", "the document states %.2f m², the boundary has %.2f m²", *p.StatedArea, p.Area)
		f := Finding{Code: "4105", PlotNo: p.PlotNo, Field: "stated_area_m2"}
		switch {
		case off > allowed:
			f.Severity = Block
			found = append(found, f.Measuring(off, allowed, "m2").Saying(message, geo.Say("请核对证件和界址点", "check the document and the boundary points")))
		case off > l.Stated:
			f.Severity = Warn
			found = append(found, f.Measuring(off, l.Stated, "m2").Saying(message, geo.Say("请核对界址点", "check the boundary points")))
		}
	}
	supplied := p.Status == Supplied || p.Status == UnderConstruction || p.Status == Completed || p.Status == Verified || p.Status == Idle
	switch {
	case supplied && (p.SuppliedOn.IsZero() || p.SupplyMode == ""):
		add("4111", Warn, "supplied_on",
			geo.Say("地块状态为%s，但未填供应日期或供应方式", "the plot is %s, but its supply has no day or mode", p.Status),
			geo.Say("请填写合同或决定书的日期和供应方式", "enter the day and the mode of the contract or decision"))
	case !supplied && !p.SuppliedOn.IsZero():
		add("4111", Warn, "supplied_on",
			geo.Say("地块状态为%s，却填有供应日期", "the plot is %s, but has a day of supply", p.Status),
			geo.Say("请核对供地状态", "check the status"))
	}
	return found
}
