package land

import (
	"cmp"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// CaseBooks are what other books than the register say when the land of a case is
// checked (案件的合规性审查).
type CaseBooks struct {
	Case     Case
	Followed []PlotID      // plots that the case which this one follows has committed for it
	Others   []Case        // open cases on its plots, but for drafts, itself and what it follows
	Quota    []QuotaAmount // what is available in the accounts of its park on which it may draw
	Holdings []Plot        // of the applicant, in every park, but for the case's own plots
}

// QuotaAmount is what is available in an account.
type QuotaAmount struct {
	Account   QuotaAccount
	Available Amount
}

// Rules are the rules of every compliance check as they are for the case, and those
// that rest on the other books.
func (b CaseBooks) Rules() []ComplianceRule {
	rules := ComplianceRules()
	for i, r := range rules {
		if r.ID == "status" {
			rules[i].Judge = b.judgeStatus
		}
	}
	return append(rules,
		ComplianceRule{"suits", "地块状态与案件类别", "status for the kind of case", geo.Say("地块供地状态的变更次序", "order of the moves of a plot's status"), toPlots, true, "", b.judgeSuits},
		ComplianceRule{"open_cases", "在办案件", "open cases on the plots", geo.Say("一个地块同时只由一个案件占用", "one case at a time binds a plot"), toPlots, true, "", b.judgeOthers},
		ComplianceRule{"quota", "用地指标", "land quota", geo.Say("《土地管理法》第二十三条：土地利用年度计划", "Land Administration Law, art. 23: yearly plans of land use"), toPlots, true, "", b.judgeQuota},
		ComplianceRule{"holdings", "申请人已有用地", "the applicant's land", geo.Say("《闲置土地处置办法》第二十四条", "Measures on Idle Land (国土资源部令第53号), art. 24"), toPlots, false, "", b.judgeHoldings},
		b.intensity("investment", "投资强度", "investment per 亩", b.Case.Declared.Investment, func(p ParkPlan) float64 { return p.Investment }),
		b.intensity("output", "亩均产出", "output per 亩", b.Case.Declared.Output, func(p ParkPlan) float64 { return p.Output }),
	)
}

// judgeStatus is the rule of every check, to which land that the followed case has
// committed for this one is the applicant's own.
func (b CaseBooks) judgeStatus(r ComplianceRule, s Survey, p Proposal) []ComplianceFinding {
	s.Plots = slices.Clone(s.Plots)
	for i, o := range s.Plots {
		if o.Plot.Status == Committed && slices.Contains(b.Followed, o.Plot.ID) {
			s.Plots[i].Plot.Holder = p.Holder
		}
	}
	return judgeStatus(r, s, p)
}

// judgeSuits: the plots are in a status from which the kind of case leads on.
func (b CaseBooks) judgeSuits(r ComplianceRule, s Survey, _ Proposal) []ComplianceFinding {
	suits := b.Case.Kind.Name().Suits
	var others []PlotOverlap
	for _, o := range b.own(s) {
		committed := o.Plot.Status == Committed && !slices.Contains(b.Followed, o.Plot.ID)
		if committed || !slices.Contains(suits, o.Plot.Status) {
			others = append(others, o)
		}
	}
	var words []geo.Words
	for _, status := range suits {
		words = append(words, status.Words())
	}
	f := r.ofPlots(others, Fails)
	return []ComplianceFinding{f.saying(
		geo.Say("地块状态可以办理%s", "the plots' status suits a case of kind %s", b.Case.Kind),
		geo.Say("有 %s的状态不能办理%s：%s；可以办理的状态：%s", "%s have a status that does not suit a case of kind %s: %s; plots may be: %s", said(f.Area), b.Case.Kind,
			few(namesOf(f, others, func(q Plot) geo.Words { return q.Status.Words() })), geo.List(words)))}
}

// own are the overlaps of the case's own plots: others underneath are slivers of
// neighbours.
func (b CaseBooks) own(s Survey) []PlotOverlap {
	return slices.DeleteFunc(slices.Clone(s.Plots), func(o PlotOverlap) bool { return !slices.Contains(b.Case.Plots, o.Plot.ID) })
}

// judgeOthers: no other open case binds the plots; a person is told of those that
// apply for them. The cases are named in the finding and not in what it says.
func (b CaseBooks) judgeOthers(r ComplianceRule, s Survey, _ Proposal) []ComplianceFinding {
	var bound, wanted []PlotOverlap
	var binding, applying []CaseNo
	for _, o := range b.own(s) {
		var binds, applies bool
		for _, other := range b.Others {
			switch {
			case !slices.Contains(other.Plots, o.Plot.ID):
			case other.Bound:
				binds, binding = true, append(binding, other.No)
			default:
				applies, applying = true, append(applying, other.No)
			}
		}
		if binds {
			bound = append(bound, o)
		}
		if applies {
			wanted = append(wanted, o)
		}
	}
	f := r.ofPlots(bound, Fails)
	f.Cases = sortedNos(binding)
	number := func(q Plot) geo.Words { return q.Status.Words() }
	findings := []ComplianceFinding{f.saying(
		geo.Say("没有其他案件占用这些地块", "no other case binds the plots"),
		geo.Say("有 %s已由 %d 个在办案件占用：%s", "%s are bound by %d open case(s): %s", said(f.Area), len(f.Cases), few(namesOf(f, bound, number))))}
	if g := r.ofPlots(wanted, Doubtful); g.Outcome == Doubtful {
		g.Cases = sortedNos(applying)
		g = g.saying(geo.Words{}, geo.Say("有 %s另有 %d 件在办申请：%s", "%s are applied for by %d other case(s): %s", said(g.Area), len(g.Cases), few(namesOf(g, wanted, number))))
		if f.Outcome == Passes {
			return []ComplianceFinding{g}
		}
		findings = append(findings, g)
	}
	return findings
}

func sortedNos(nos []CaseNo) []CaseNo { return slices.Compact(slices.Sorted(slices.Values(nos))) }

// judgeQuota: what the case is to reserve is available in the park's account of new
// land, or in its accounts of land together, from which a person then chooses. What
// the ledger holds is not told: it is not for everyone who may see the case.
func (b CaseBooks) judgeQuota(_ ComplianceRule, s Survey, _ Proposal) []ComplianceFinding {
	if !b.Case.Kind.Reserves() {
		return skip(geo.Say("%s不预留指标", "cases of kind %s reserve no quota", b.Case.Kind))
	}
	var needed, fresh, all Amount
	for _, o := range b.own(s) {
		if !slices.Contains(b.Followed, o.Plot.ID) {
			needed += AmountOf(o.Plot.Area)
		}
	}
	if needed == 0 {
		return []ComplianceFinding{{Outcome: Passes, Words: geo.Say("指标已由所承接的案件预留", "the case that this one follows has reserved what is needed")}}
	}
	if len(b.Case.Told.Reserved) > 0 {
		return []ComplianceFinding{{Outcome: Passes, Words: geo.Say("本案件已预留指标 %s 亩", "the case has quota of %s 亩 reserved", b.Case.reserved())}}
	}
	for _, q := range b.Quota {
		switch {
		case slices.Contains(onTop, q.Account.Kind):
		case q.Account.Kind == NewLand && q.Account.Year == b.lastYear():
			fresh += q.Available
			all += q.Available
		default:
			all += q.Available
		}
	}
	f := ComplianceFinding{Outcome: Passes, Words: geo.Say("需预留指标 %s 亩，新增建设用地计划指标足够", "%s 亩 of quota are to be reserved, and the account of new land has them", needed)}
	switch {
	case fresh >= needed:
	case all >= needed:
		f.Outcome, f.Words = Doubtful, geo.Say("需预留指标 %s 亩，新增建设用地计划指标不足，须与其他类别合用", "%s 亩 of quota are to be reserved: the account of new land has not so much, and others are to be drawn on", needed)
	default:
		f.Outcome, f.Words = Fails, geo.Say("需预留指标 %s 亩，本园区可用指标不足", "%s 亩 of quota are to be reserved, and the park's accounts have not so much", needed)
	}
	return []ComplianceFinding{f}
}

// lastYear is the latest year of an account on which the case may draw.
func (b CaseBooks) lastYear() (year int) {
	for _, q := range b.Quota {
		year = max(year, q.Account.Year)
	}
	return year
}

// reserved is what the case has reserved of land, kinds that come on top left out.
func (c Case) reserved() (sum Amount) {
	for _, r := range c.Told.Reserved {
		if !slices.Contains(onTop, r.Kind) {
			sum += r.Mu
		}
	}
	return sum
}

// judgeHoldings: a person is told of idle land that the applicant holds elsewhere.
func (b CaseBooks) judgeHoldings(ComplianceRule, Survey, Proposal) []ComplianceFinding {
	var idle, all geo.SquareMetres
	f := ComplianceFinding{Outcome: Passes}
	var names []geo.Words
	for _, p := range b.Holdings {
		all += p.Area
		if p.Status == Idle {
			idle += p.Area
			f.Plots = append(f.Plots, PlotShare{p.ID, p.Park, p.PlotNo, p.Area})
			names = append(names, geo.Names(p.PlotNo))
		}
	}
	switch {
	case idle > 0:
		f.Outcome, f.Words = Doubtful, geo.Say("申请人名下有闲置土地 %s：%s", "the applicant holds %s of idle land: %s", said(idle), few(names))
	case len(b.Holdings) > 0:
		f.Words = geo.Say("申请人名下另有 %d 个地块，共 %s，没有闲置土地", "the applicant holds %d other plots, %s, none of them idle", len(b.Holdings), said(all))
	default:
		f.Words = geo.Say("申请人名下没有其他登记地块", "the applicant holds no other plot of the register")
	}
	return []ComplianceFinding{f}
}

// perHundredMillion is how many 万元 an 亿元 is.
const perHundredMillion = 10_000

// intensity is a rule about money by 亩: what is declared is to be no less than the
// average of the park's figure in the construction plan.
func (b CaseBooks) intensity(id, zh, en string, declared *float64, planned func(ParkPlan) float64) ComplianceRule {
	name := geo.Words{Zh: zh, En: en}
	clause := geo.Say("园区建设方案：该园区的计划金额与用地规模之比", "construction plan of the park: what it plans, by its land")
	return ComplianceRule{id, zh, en, clause, toPlots, false, "", func(_ ComplianceRule, s Survey, _ Proposal) []ComplianceFinding {
		switch {
		case declared == nil:
			return skip(geo.Say("未申报%s所需的金额", "nothing was declared of %s", name))
		case s.Park.Plan == nil || s.Park.Plan.Land <= 0 || planned(*s.Park.Plan) <= 0:
			return skip(geo.Say("建设方案没有该园区的数字", "the plan has no figure of the park"))
		case s.Area <= 0:
			return skip(noPlots)
		}
		own := *declared / float64(s.Area.Mu())
		average := planned(*s.Park.Plan) * perHundredMillion / float64(s.Park.Plan.Land)
		f := ComplianceFinding{Outcome: Passes, Declared: &own, Limit: &average}
		if own < average {
			f.Outcome = Doubtful
		}
		a, b := geo.FormatFixed(own, geo.MuDecimals), geo.FormatFixed(average, geo.MuDecimals)
		return []ComplianceFinding{f.saying(
			geo.Say("%s %s 万元/亩，不低于建设方案的平均 %s 万元/亩", "%s: %s 万元/亩, no less than the plan's average of %s", name, a, b),
			geo.Say("%s %s 万元/亩，低于建设方案的平均 %s 万元/亩", "%s: %s 万元/亩, less than the plan's average of %s", name, a, b))}
	}}
}

// Years are those of whose accounts a case may draw on a day, the last first.
func (c Case) Years(today Date) []int {
	first := cmp.Or(c.OpenedOn, today).Year()
	var years []int
	for year := today.Year(); year >= max(first, FirstQuotaYear); year-- {
		years = append(years, year)
	}
	return years
}
