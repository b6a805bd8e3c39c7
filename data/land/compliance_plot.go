package land

import (
	"cmp"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// judgePark: a boundary lies within one park.
func judgePark(r ComplianceRule, s Survey, _ Proposal) []ComplianceFinding {
	f := r.found(s.Beyond, Fails)
	park := geo.Words{Zh: s.Park.NameZh, En: s.Park.NameEn}
	bad := geo.Say("有 %s在%s之外", "%s lie outside %s", said(f.Area), park)
	if len(s.OtherParks) > 0 {
		var others []geo.Words
		for _, p := range s.OtherParks {
			others = append(others, geo.Words{Zh: p.NameZh, En: p.NameEn})
		}
		bad = bad.Then(geo.Say("，涉及%s", ", some in %s", geo.List(others)))
	}
	return []ComplianceFinding{f.saying(geo.Say("全部位于%s之内", "all of it lies within %s", park), bad)}
}

// judgeCoverage: there are plots under all of the boundary that lies in the park;
// of other land the register says nothing.
func judgeCoverage(r ComplianceRule, s Survey, _ Proposal) []ComplianceFinding {
	f := r.found(s.Unplotted, Doubtful)
	return []ComplianceFinding{f.saying(
		geo.Say("园区内的部分全部有登记地块", "all that lies in the park has plots of the register"),
		geo.Say("有 %s不属于任何登记地块，其用途和控制指标无从审查", "%s belong to no plot of the register: nothing says their use and conditions", said(f.Area)))}
}

// judgeUse: the declared land use is that of the plots, lies in their class, or is
// among those that they may be mixed with.
func judgeUse(r ComplianceRule, s Survey, p Proposal) []ComplianceFinding {
	if len(p.Uses) == 0 {
		return skip(geo.Say("未申报用地性质", "no land use was declared"))
	}
	if len(s.Plots) == 0 {
		return skip(noPlots)
	}
	var other, unsure []PlotOverlap
	for _, o := range s.Plots {
		switch o.Plot.takes(p.Uses) {
		case Fails:
			other = append(other, o)
		case Doubtful:
			unsure = append(unsure, o)
		}
	}
	var declared []geo.Words
	for _, u := range p.Uses {
		declared = append(declared, geo.Names(u.Code))
	}
	uses := func(f ComplianceFinding, of []PlotOverlap) geo.Words {
		return few(namesOf(f, of, func(q Plot) geo.Words { return geo.Names(q.UseText()) }))
	}
	f := r.ofPlots(other, Fails)
	findings := []ComplianceFinding{f.saying(
		geo.Say("地块用地性质与申报的 %s 一致或兼容", "the plots' land use is or takes the declared %s", geo.List(declared)),
		geo.Say("有 %s的用地性质与申报的 %s 不一致：%s", "%s have another land use than the declared %s: %s", said(f.Area), geo.List(declared), uses(f, other)))}
	if g := r.ofPlots(unsure, Doubtful); g.Outcome == Doubtful {
		g = g.saying(geo.Words{}, geo.Say("有 %s的用地代码属另一分类标准，与申报的 %s 无唯一对应：%s", "%s have codes of another scheme, to which the declared %s has no single counterpart: %s", said(g.Area), geo.List(declared), uses(g, unsure)))
		if f.Outcome == Passes {
			return []ComplianceFinding{g}
		}
		findings = append(findings, g)
	}
	return findings
}

var noPlots = geo.Say("边界内没有登记地块", "there is no plot of the register underneath")

// takes says whether the plot's land use takes all of some uses; Doubtful where
// codes of different schemes have no single counterpart.
func (p Plot) takes(declared []UseCode) Outcome {
	worst := Passes
	for _, d := range declared {
		best := Fails
		for _, own := range p.uses() {
			if o := sameUse(own, d); o == Passes || o == Doubtful && best == Fails {
				best = o
			}
		}
		if best == Fails && p.Use2023 != "" && d.Scheme == MNR2023 {
			best = sameUse(UseCode{MNR2023, p.Use2023}, d)
		}
		worst = worse(worst, best)
	}
	return worst
}

func (p Plot) uses() []UseCode {
	all := []UseCode{p.Use}
	for _, code := range p.SecondaryUse {
		if use, err := lookupText(code, p.Use.Scheme); err == nil {
			all = append(all, use)
		}
	}
	return all
}

// sameUse says whether two codes are the same, or the one's class holds the other.
func sameUse(a, b UseCode) Outcome {
	if (a.Scheme == MNR2023) != (b.Scheme == MNR2023) {
		a, b = UseCode{MNR2023, Use2023(a)}, UseCode{MNR2023, Use2023(b)}
		if a.Code == "" || b.Code == "" {
			return Doubtful
		}
	}
	if a.In(b) || b.In(a) {
		return Passes
	}
	return Fails
}

// In says whether a use is a class, or lies in it.
func (u UseCode) In(class UseCode) bool {
	for ; u.Code != ""; u = ParentUse(u) {
		if u == class {
			return true
		}
	}
	return false
}

// judgeStatus: plots under the boundary are not promised or supplied to another,
// and not idle.
func judgeStatus(r ComplianceRule, s Survey, p Proposal) []ComplianceFinding {
	if len(s.Plots) == 0 {
		return skip(noPlots)
	}
	var taken, idle []PlotOverlap
	for _, o := range s.Plots {
		own := p.Holder != "" && o.Plot.Holder == p.Holder
		switch o.Plot.Status {
		case Committed, Supplied, UnderConstruction, Completed, Verified:
			if !own {
				taken = append(taken, o)
			}
		case Idle:
			if own {
				idle = append(idle, o)
			} else {
				taken = append(taken, o)
			}
		}
	}
	status := func(q Plot) geo.Words { return q.Status.Words() }
	f := r.ofPlots(taken, Fails)
	findings := []ComplianceFinding{f.saying(
		geo.Say("没有已预占、已供给他人或闲置的地块", "no plot is committed or supplied to another, or idle"),
		geo.Say("有 %s已预占、已供或闲置：%s", "%s are committed, supplied or idle: %s", said(f.Area), few(namesOf(f, taken, status))))}
	if g := r.ofPlots(idle, Doubtful); g.Outcome == Doubtful {
		g = g.saying(geo.Words{}, geo.Say("申请单位自有 %s闲置，须先行处置：%s", "%s of the applicant's own are idle, which is settled first: %s", said(g.Area), few(namesOf(g, idle, status))))
		if f.Outcome == Passes {
			return []ComplianceFinding{g}
		}
		findings = append(findings, g)
	}
	return findings
}

// namesOf names the plots of a finding, the largest part first, each with
// something that is said of it.
func namesOf(f ComplianceFinding, of []PlotOverlap, say func(Plot) geo.Words) []geo.Words {
	shares := slices.SortedStableFunc(slices.Values(f.Plots), func(a, b PlotShare) int { return cmp.Compare(b.Area, a.Area) })
	names := make([]geo.Words, len(shares))
	for i, share := range shares {
		o := of[slices.IndexFunc(of, func(o PlotOverlap) bool { return o.Plot.ID == share.ID })]
		names[i] = geo.Say("%s（%s）", "%s (%s)", share.PlotNo, say(o.Plot))
	}
	return names
}
