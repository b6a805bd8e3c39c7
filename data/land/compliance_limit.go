package land

import "github.com/dikuai/dikuai/geo"

// buildingCondition is a figure that a project declares and that each plot under
// it bounds.
type buildingCondition struct {
	id, zh, en  string
	unitZh      string
	unitEn      string
	declared    func(Proposal) *float64
	least, most func(Plot) *float64
}

func noBound(Plot) *float64 { return nil }

var buildingConditions = []buildingCondition{
	{"far", "容积率", "floor area ratio", "", "", func(p Proposal) *float64 { return p.FAR }, func(p Plot) *float64 { return p.FARMin }, func(p Plot) *float64 { return p.FARMax }},
	{"density", "建筑密度", "building density", "%", " %", func(p Proposal) *float64 { return p.Density }, noBound, func(p Plot) *float64 { return p.DensityMax }},
	{"green", "绿地率", "green ratio", "%", " %", func(p Proposal) *float64 { return p.Green }, func(p Plot) *float64 { return p.GreenMin }, noBound},
	{"height", "建筑高度", "building height", " 米", " m", func(p Proposal) *float64 { return p.Height }, noBound, func(p Plot) *float64 { return p.HeightMax }},
}

func (c buildingCondition) judge(r ComplianceRule, s Survey, p Proposal) []ComplianceFinding {
	declared := c.declared(p)
	name := geo.Words{Zh: c.zh, En: c.en}
	if declared == nil {
		return skip(geo.Say("未申报%s", "no %s was declared", name))
	}
	var broken, unset []PlotOverlap
	bounds := map[float64]bool{}
	judged := 0
	for _, o := range s.Plots {
		least, most := c.least(o.Plot), c.most(o.Plot)
		if _, area, _ := r.Tolerance.weigh(o.Pieces); area == 0 {
			continue // a sliver of a neighbour
		}
		judged++
		if least == nil && most == nil {
			unset = append(unset, o)
		}
		if bound := broke(*declared, least, most); bound != nil {
			broken = append(broken, o)
			bounds[*bound] = true
		}
	}
	if len(unset) == judged {
		return skip(geo.Say("边界内的地块未定%s", "no plot underneath has a %s set", name))
	}
	f := r.ofPlots(broken, Fails)
	f.Declared = declared
	if len(bounds) == 1 {
		for bound := range bounds {
			f.Limit = &bound
		}
	}
	value := geo.Say("%s%s", "%s%s", short(*declared), geo.Words{Zh: c.unitZh, En: c.unitEn})
	good := geo.Say("申报%s %s 在各地块的规划条件之内", "the declared %s of %s is within each plot's conditions", name, value)
	if u := r.ofPlots(unset, Doubtful); u.Area > 0 {
		good = good.Then(geo.Say("；有 %s未定", "; %s have none set", said(u.Area)))
	}
	bad := geo.Say("申报%s %s 不合规划条件，涉及 %s：%s", "the declared %s of %s breaks the conditions of %s: %s", name, value, said(f.Area),
		few(namesOf(f, broken, func(q Plot) geo.Words { return Range{Min: c.least(q), Max: c.most(q)}.Words() })))
	return []ComplianceFinding{f.saying(good, bad)}
}

// broke is the bound that a value breaks, nil where it keeps to both.
func broke(v float64, least, most *float64) *float64 {
	const rounding = 1e-9
	switch {
	case most != nil && v > *most+rounding:
		return most
	case least != nil && v < *least-rounding:
		return least
	}
	return nil
}

// gfaRounding is how far a floor area may be over for the rounding of what it is
// the product of, m².
const gfaRounding = 1

// judgeGFA: the declared floor area is no more than the plots carry: by share what
// is set, of plots without that FAR max × the area. Plots with neither carry
// nothing until their conditions are set.
func judgeGFA(r ComplianceRule, s Survey, p Proposal) []ComplianceFinding {
	if p.GFA == nil {
		return skip(geo.Say("未申报计容建筑面积", "no gross floor area was declared"))
	}
	var capacity float64
	var unset []PlotOverlap
	for _, o := range s.Plots {
		whole := o.Plot.Area
		if s.Ellipsoid {
			whole = o.Plot.AreaEllipsoid
		}
		switch {
		case o.Plot.GFAMax != nil && whole > 0:
			capacity += *o.Plot.GFAMax * min(float64(o.Area()/whole), 1)
		case o.Plot.FARMax != nil:
			capacity += *o.Plot.FARMax * float64(o.Area())
		default:
			unset = append(unset, o)
		}
	}
	if len(unset) == len(s.Plots) {
		return skip(geo.Say("边界内的地块未定计容建筑面积和容积率", "no plot underneath has a gross floor area or a FAR set"))
	}
	f := ComplianceFinding{Outcome: Passes, Declared: p.GFA, Limit: &capacity}
	told := func(v float64) string { return geo.FormatFixed(v, geo.SquareMetreDecimals) }
	if *p.GFA <= capacity+gfaRounding {
		f.Words = geo.Say("申报计容建筑面积 %s 平方米，地块可建 %s 平方米", "%s m² were declared, the plots carry %s m²", told(*p.GFA), told(capacity))
		return []ComplianceFinding{f}
	}
	f.Words = geo.Say("申报计容建筑面积 %s 平方米，超出地块可建的 %s 平方米", "%s m² were declared, more than the %s m² that the plots carry", told(*p.GFA), told(capacity))
	f.Outcome = Fails
	if u := r.ofPlots(unset, Doubtful); u.Area > 0 {
		f.Words = f.Words.Then(geo.Say("；有 %s未定，不计在内", "; %s have none set and count nothing", said(u.Area)))
	}
	return []ComplianceFinding{f}
}
