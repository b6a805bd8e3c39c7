package land

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// CaseStanding is what the rules ask about an act on a case: who acts and when,
// and what the register says of the case, as it holds while nobody else writes in
// the park.
type CaseStanding struct {
	Actor Actor // with the delegation that holds today
	Today Date

	Plots    []Plot            // of the case, as they hold; those that ended are not among them
	BoundBy  map[PlotID]CaseNo // the cases that bind them
	Followed *Case             // the case that this one follows; nil where there is none
	Follower CaseNo            // the open case that carries this one on, "" for none
	OnFile   []CaseDocument
	Used     CaseNo // the case that used the act's document number; "" for none
	Check    *CaseCheck
	Basis    string           // that a check has today
	Permits  []PlotID         // plots that have a permit to use the land, by a case
	Held     []Holding        // what this case and the one that it follows have reserved
	Begin    *Contract        // by which the plots were supplied; nil where no case did
	Slack    geo.SquareMetres // by which the plots may have become larger or smaller since quota was reserved for them
}

// caseGuards are the conditions of steps. Each refuses with what would be right.
var caseGuards = map[Guard]func(Case, CaseStanding) error{
	GuardStated:     func(c Case, _ CaseStanding) error { return c.stated() },
	GuardFree:       Case.free,
	GuardHolder:     Case.holder,
	GuardPermit:     Case.permit,
	GuardOther:      Case.other,
	GuardChecked:    Case.checked,
	GuardAuction:    nil, // the step is none of the case's
	GuardAgreement:  nil, //
	GuardAllocation: nil, //
	GuardHeld:       Case.held,
	GuardOneYear:    func(c Case, s CaseStanding) error { return c.idleFor(1, s) },
	GuardTwoYears:   func(c Case, s CaseStanding) error { return c.idleFor(2, s) },
	GuardUncharged:  Case.uncharged,
}

// free refuses plots that are not there, that another open case binds, or whose
// statuses do not suit the kind.
func (c Case) free(s CaseStanding) error {
	if err := c.follows(s); err != nil {
		return err
	}
	if err := c.whole(s); err != nil {
		return err
	}
	suits := c.Kind.Name().Suits
	for _, p := range s.Plots {
		if p.Park != c.Park {
			return Invalid("plots", geo.Say("地块 %s 在园区 %s，不在 %s", "plot %s is in park %s, not %s", p.PlotNo, p.Park, c.Park), geo.Say("请只列本园区的地块", "name plots of the case's park"))
		}
		by := s.BoundBy[p.ID]
		if by != "" && by != c.No && !(c.Kind == LandSupply && by == c.Follows) {
			return c.boundElsewhere(p, by, s.Actor)
		}
		if !slices.Contains(suits, p.Status) || p.Status == Committed && !c.followedHas(p.ID, s) {
			var words []geo.Words
			for _, status := range suits {
				words = append(words, status.Words())
			}
			return ConflictOn("plots", geo.Say("地块 %s 的状态为%s，不能办理%s", "plot %s is %s, which does not suit a case of kind %s", p.PlotNo, p.Status, c.Kind),
				geo.Say("可以办理的状态：%s", "plots may be: %s", geo.List(words)))
		}
	}
	return nil
}

// boundElsewhere refuses a plot that another case binds; its number is told to
// those who may see every case of the park.
func (c Case) boundElsewhere(p Plot, by CaseNo, to Actor) error {
	which := geo.Say("另一案件", "another case")
	if to.MaySeeCases(c.Park) {
		which = geo.Say("案件 %s", "case %s", by)
	}
	return ConflictOn("plots", geo.Say("地块 %s 已由%s占用", "plot %s is bound by %s", p.PlotNo, which), geo.Say("请等该案件办结，或去掉该地块", "wait until that case has ended, or leave the plot out"))
}

// whole refuses plots that are no longer there.
func (c Case) whole(s CaseStanding) error {
	for _, id := range c.Plots {
		if !slices.ContainsFunc(s.Plots, func(p Plot) bool { return p.ID == id }) {
			return ConflictOn("plots", geo.Say("登记库中没有地块 %d，或已注销", "plot %d is not in the register, or ended", id), geo.Say("请改列现有的地块", "name plots that are there"))
		}
	}
	return nil
}

// follows refuses a supply that follows what it cannot carry on: only a siting that
// is approved and of which it takes every plot.
func (c Case) follows(s CaseStanding) error {
	if c.Follows == "" || c.Kind != LandSupply {
		return nil
	}
	f := s.Followed
	switch {
	case f == nil || f.Kind != Siting || f.Park != c.Park:
		return Invalid("follows", geo.Say("案件 %s 不是本园区的用地预审与选址案件", "case %s is no siting case of the park", c.Follows), geo.Say("请给出选址案件的案号，或去掉", "give the number of one, or leave it out"))
	case f.State != CaseApproved:
		return ConflictOn("follows", geo.Say("案件 %s 的状态为%s", "case %s is %s", f.No, f.State), geo.Say("请在其批准后、办结前办理供地", "supply follows while it is approved"))
	case s.Follower != "" && s.Follower != c.No:
		return ConflictOn("follows", geo.Say("案件 %s 已由另一供地案件承接", "case %s is carried on by another case already", f.No), geo.Say("请等该案件办结", "wait until that one has ended"))
	}
	for _, id := range f.Plots {
		if !slices.Contains(c.Plots, id) {
			return ConflictOn("plots", geo.Say("案件 %s 的地块 %d 不在本案件中", "plot %[2]d of case %[1]s is not in this case", f.No, id), geo.Say("请列入其全部地块", "take in all of its plots"))
		}
	}
	return nil
}

// followedHas says whether a plot is one of the followed case, which committed it.
func (c Case) followedHas(id PlotID, s CaseStanding) bool {
	return c.Kind == LandSupply && s.Followed != nil && slices.Contains(s.Followed.Plots, id)
}

// holder refuses plots that are not the applicant's.
func (c Case) holder(s CaseStanding) error {
	for _, p := range s.Plots {
		if p.Holder != c.Applicant.Name {
			return ConflictOn("plots", geo.Say("地块 %s 的权利人是 %s，不是申请人 %s", "plot %s is held by %s, not by the applicant, %s", p.PlotNo, quote(p.Holder), quote(c.Applicant.Name)), geo.Say("请核对申请人和地块", "check the applicant and the plots"))
		}
	}
	return nil
}

// permit refuses plots without a permit to use the land, by a case or on file.
func (c Case) permit(s CaseStanding) error {
	if slices.ContainsFunc(s.OnFile, func(d CaseDocument) bool { return d.Type == DocumentPlanningPermit }) {
		return nil
	}
	for _, p := range s.Plots {
		if !slices.Contains(s.Permits, p.ID) {
			return ConflictOn("plots", geo.Say("地块 %s 没有用地规划许可证", "plot %s has no permit to use the land", p.PlotNo), geo.Say("请先办理用地规划许可，或提交已有的许可证（planning_permit）", "let a case of kind planning_permit end well, or hand in the permit there is (planning_permit)"))
		}
	}
	return nil
}

// other refuses who proposed (审批与经办分离).
func (c Case) other(s CaseStanding) error {
	if s.Actor.Key == c.ProposedBy {
		return &ForbiddenError{geo.Say("您是本案件的拟办人，不能审定；请由另一人办理", "you proposed the decision: another decides")}
	}
	return nil
}

// checked refuses without a compliance check that rests on what holds today.
func (c Case) checked(s CaseStanding) error {
	again := geo.Say("请重新作合规性审查", "check compliance again")
	switch {
	case s.Check == nil:
		return ConflictOn("check", geo.Say("没有合规性审查", "compliance was not checked"), geo.Say("请先作合规性审查", "check it first"))
	case s.Check.Basis != s.Basis:
		return ConflictOn("check", geo.Say("合规性审查之后，地块、申报或管控图层有变化", "the plots, what is declared or a control layer changed after compliance was checked"), again)
	case s.Check.Verdict == Fails:
		return ConflictOn("check", geo.Say("合规性审查的结论为不符合", "the compliance check failed"), geo.Say("请不予批准，或在更正后重新审查", "refuse the case, or check again once it is put right"))
	}
	return nil
}

// held refuses while another case carries the case on.
func (c Case) held(s CaseStanding) error {
	if s.Follower != "" {
		return ConflictOn("action", geo.Say("案件 %s 正在承接本案件", "case %s carries this one on", s.Follower), geo.Say("请先终止该案件", "end that one first"))
	}
	return nil
}

// idleFor refuses before so many calendar years, and the days by which stops put
// the clock off, have passed since construction was to begin (闲置土地处置办法,
// 国土资源部令第53号).
func (c Case) idleFor(years int, s CaseStanding) error {
	start := c.begin(s)
	if start.IsZero() {
		return Invalid("declared.agreed_start", geo.Say("没有约定动工日期", "the day on which construction was to begin is not known"), geo.Say("请按合同或划拨决定书填写", "give it as the contract or the allocation decision has it"))
	}
	if due := start.AddYears(years).AddDays(c.Declared.ExcusedDays); due.After(s.Today) {
		return ConflictOn("action", geo.Say("自约定动工日 %s 起未满 %d 年（至 %s）", "since %s, when construction was to begin, %d years are not over until %s", start, years, due), geo.Say("请在该日或之后办理", "do it on that day or later"))
	}
	return nil
}

// begin is when construction was to begin: by the contract of the case that
// supplied the land, else as declared.
func (c Case) begin(s CaseStanding) Date {
	if s.Begin != nil {
		return s.Begin.AgreedStart
	}
	return c.Declared.AgreedStart
}

// uncharged refuses a second fee.
func (c Case) uncharged(CaseStanding) error {
	if c.Told.Fee != nil {
		return ConflictOn("action", geo.Say("已征缴土地闲置费 %s 万元", "a fee of %s 万元 was charged already", *c.Told.Fee), geo.Say("只征缴一次", "it is charged once"))
	}
	return nil
}

// guard asks every condition of a step.
func (c Case) guard(f CaseFlow, s CaseStanding) error {
	for _, g := range f.Guards {
		if ask := caseGuards[g]; ask != nil {
			if err := ask(c, s); err != nil {
				return err
			}
		}
	}
	return nil
}
