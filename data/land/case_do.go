package land

import (
	"slices"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Do does a step, or says why it is refused: a *NotFoundError for an actor who may
// not see the case, a *ForbiddenError for a role that may not do it or for who
// proposed what is to be decided, an *InvalidError for what the act lacks, and a
// *ConflictError for what the case or the register forbids.
func (c Case) Do(act CaseAct, s CaseStanding, at time.Time) (CaseStep, error) {
	if !s.Actor.MaySee(c) {
		return CaseStep{}, NoCase(c.No)
	}
	f, err := c.flow(act.Name)
	if err != nil {
		return CaseStep{}, err
	}
	role := s.Actor.roleFor(f, c)
	if role == "" {
		return CaseStep{}, wrongRole(f.Words(), f.Roles, s.Actor)
	}
	if act.Document.Day.IsZero() {
		act.Document.Day = s.Today
	}
	if err := c.tells(f, act, s); err != nil {
		return CaseStep{}, err
	}
	if err := c.guard(f, s); err != nil {
		return CaseStep{}, err
	}
	e := c.event(act.Name, f.To, s, at)
	e.Role, e.Reason, e.Opinion = role, act.Reason, act.Opinion
	if role == Approver && s.Actor.Role == Officer {
		e.Deputy = s.Actor.Deputy
	}
	if f.Document.Issued() {
		e.Document, e.DocumentNo, e.DocumentOn = f.Document, act.Document.Number, act.Document.Day
	}
	d := doing{Case: c, flow: f, act: act, standing: s}
	if err := d.tell(); err != nil {
		return CaseStep{}, err
	}
	for _, effect := range f.Effects {
		if err := d.do(effect); err != nil {
			return CaseStep{}, err
		}
	}
	step, err := c.step(e, d.facts, d.cleared...)
	if err != nil {
		return CaseStep{}, err
	}
	step.Plots, step.Entries = d.plots, d.entries
	if f.has(EffectFulfil) && s.Followed != nil {
		step.Also, err = s.Followed.fulfil(s, at)
	}
	return step, err
}

// fulfil is the end of a case that another carried on.
func (c Case) fulfil(s CaseStanding, at time.Time) (*CaseStep, error) {
	e := c.event(ActFulfil, CaseClosed, s, at)
	e.Role = System
	step, err := c.step(e, CaseFacts{})
	return &step, err
}

// Document is the type of document that an act is to issue, or that is to be on file;
// "" for none.
func (c Case) Document(act ActName) DocumentType {
	f, err := c.flow(act)
	if err != nil {
		return ""
	}
	return f.Document
}

// flow is the step that an act is in the case's state.
func (c Case) flow(act ActName) (CaseFlow, error) {
	var words []geo.Words
	for _, f := range c.steps() {
		if f.Act == act {
			return f, nil
		}
		if !slices.Contains(f.Roles, System) {
			words = append(words, geo.Words{Zh: f.Zh + "(" + string(f.Act) + ")", En: string(f.Act)})
		}
	}
	known := slices.ContainsFunc(FlowsOf(c.Kind), func(f CaseFlow) bool { return f.Act == act })
	remedy := geo.Say("案件已%s，不再变化", "the case is %s, and nothing follows", c.State)
	if len(words) > 0 {
		remedy = geo.Say("现在可以：%s", "now there may be: %s", geo.List(words))
	}
	if !known {
		return CaseFlow{}, Invalid("action", geo.Say("%s没有 %s 这一步骤", "cases of kind %s have no step %s", c.Kind, quote(string(act))), remedy)
	}
	return CaseFlow{}, ConflictOn("action", geo.Say("案件%s时不能%s", "a case that is %s does not come to this: %s", c.State, ActWords(c.Kind, act, c.State)), remedy)
}

// wrongRole refuses an actor for the role that it takes.
func wrongRole(what geo.Words, roles []Role, by Actor) error {
	names := make([]geo.Words, len(roles))
	for i, r := range roles {
		names[i] = geo.Names(string(r))
	}
	return &ForbiddenError{geo.Say("“%s”需要 %s 角色，您的角色为 %s", "%s: this needs the role %s, not %s", what, geo.List(names), by.Role)}
}

// tells refuses an act that does not tell what its step needs.
func (c Case) tells(f CaseFlow, act CaseAct, s CaseStanding) error {
	for _, t := range []struct {
		need CaseNeed
		text string
	}{{NeedReason, act.Reason}, {NeedOpinion, act.Opinion}, {NeedWinner, act.Winner}} {
		if message, bad := faultOfText(t.text); bad {
			return Invalid(string(t.need), message, atMost(maxText))
		}
		if slices.Contains(f.Needs, t.need) && t.text == "" {
			return Invalid(string(t.need), geo.Say("“%s”需要%s", "%s: this needs %s", f, t.need), geo.Say("请填写，至多 %d 个字符", "give it, with at most %d characters", maxText))
		}
	}
	switch {
	case f.Document == "":
	case f.Document.Issued():
		if err := act.Document.check(f.Document, s.Today); err != nil {
			return err
		}
		if s.Used != "" {
			which := geo.Say("另一案件", "another case")
			if s.Actor.MaySeeCases(c.Park) {
				which = geo.Say("案件 %s", "case %s", s.Used)
			}
			return ConflictOn("document_no", geo.Say("文号 %s 已由%s使用", "the number %s was used by %s", act.Document.Number, which), geo.Say("请核对文号", "check the number"))
		}
	case !slices.ContainsFunc(s.OnFile, func(d CaseDocument) bool { return d.Type == f.Document }):
		return ConflictOn("document", geo.Say("没有收到%s（%s）", "there is no %[1]s on file (%[2]s)", f.Document.Form(s.Today), f.Document), geo.Say("请先提交该材料", "hand it in first"))
	}
	if slices.Contains(f.Needs, NeedContract) {
		return act.Contract.check(c.Mode, act.Document.Day)
	}
	return nil
}

// check refuses a contract that does not say when building is to begin and to end.
func (k *Contract) check(mode SupplyMode, signed Date) error {
	switch {
	case k == nil || k.AgreedStart.IsZero():
		return Invalid("contract.agreed_start", geo.Say("缺少约定动工日期", "the day on which construction is to begin is missing"), geo.Say("请按合同或划拨决定书填写", "give it as the document has it"))
	case signed.After(k.AgreedStart):
		return Invalid("contract.agreed_start", geo.Say("约定动工日 %s 早于文书日期 %s", "%s is before the document's day, %s", k.AgreedStart, signed), geo.Say("请核对日期", "check the days"))
	case !k.AgreedCompletion.After(k.AgreedStart):
		return Invalid("contract.agreed_completion", geo.Say("约定竣工日不在约定动工日 %s 之后", "the day of completion is not after %s, when construction is to begin", k.AgreedStart), geo.Say("请填写约定竣工日期", "give the day on which it is to be completed"))
	case k.Price < 0 || k.Price > MostWan || k.Price == 0 && mode != ByAllocation:
		return Invalid("contract.price_wan", geo.Say("价款 %s 万元不可用", "a price of %s 万元 will not do", k.Price), geo.Say("请填写大于 0 的万元数；划拨可为 0", "give 万元 above 0; an allocation may have 0"))
	}
	return nil
}
