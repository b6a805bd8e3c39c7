package land

import (
	"fmt"
	"math"
	"regexp"
)

// CheckReport is what a check of the register found (质检).
type CheckReport struct {
	Seq      Seq // the change up to which the register was checked
	Plots    int
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

// CheckInRegister tells what is wrong with a plot of the register beyond its
// attributes by themselves: its number's form, its stated area against the one
// computed (check 4105), and a status whose dates or holder do not go with it.
func (p Plot) CheckInRegister() []Finding {
	found := p.Check()
	add := func(code string, s Severity, field, message, remedy string) {
		found = append(found, Finding{Code: code, Severity: s, PlotNo: p.PlotNo, Field: field, Message: message, Remedy: remedy})
	}
	if !numberPattern.MatchString(p.PlotNo) {
		add("4111", Warn, "plot_no", "the number "+quote(p.PlotNo)+" is not of the usual form", "use letters, digits and strokes, such as PY-01-03")
	}
	if p.StatedArea != nil {
		off := math.Abs(float64(*p.StatedArea - p.Area))
		if allowed := math.Max(1, 1e-4*float64(p.Area)); off > allowed {
			add("4105", Block, "stated_area_m2", fmt.Sprintf("the document states %.2f m², the boundary has %.2f m²", *p.StatedArea, p.Area), "check the document and the boundary points")
		} else if off > 1 {
			add("4105", Warn, "stated_area_m2", fmt.Sprintf("the document states %.2f m², the boundary has %.2f m²", *p.StatedArea, p.Area), "check the boundary points")
		}
	}
	supplied := p.Status == Supplied || p.Status == UnderConstruction || p.Status == Completed || p.Status == Verified || p.Status == Idle
	switch {
	case supplied && (p.SuppliedOn.IsZero() || p.SupplyMode == ""):
		add("4111", Warn, "supplied_on", fmt.Sprintf("the plot is %s, but its supply has no day or mode", p.Status), "enter the day and the mode of the contract or decision")
	case !supplied && !p.SuppliedOn.IsZero():
		add("4111", Warn, "supplied_on", fmt.Sprintf("the plot is %s, but has a day of supply", p.Status), "check the status")
	}
	return found
}
