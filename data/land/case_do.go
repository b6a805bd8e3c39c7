package land

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// CaseStep is an act on a case as it is to be written: the event, the case after
// it, and what else comes of it.
type CaseStep struct {
	Event   CaseEvent // without its number, its digest and its change
	Case    Case      // after it
	Plots   []Plot    // that change, as they are to be
	Entries []QuotaEntry
	Also    *CaseStep // of the case that this one follows
}

// OpenCase opens a case under a number. What the case follows is in the standing
// only if the actor may see it.
func OpenCase(no CaseNo, d CaseDraft, s CaseStanding, at time.Time) (CaseStep, error) {
	d.CaseContent = d.tidy()
	c := Case{No: no}
	if err := s.Actor.MayOpen(d.Kind, d.Park); err != nil {
		return CaseStep{}, err
	}
	applicant := CaseApplicant{s.Actor.Key, s.Actor.Name}
	if s.Actor.Role != Applicant {
		applicant.Name = cmp.Or(d.Name, applicant.Name)
	}
	opened := Case{No: no, Kind: d.Kind, Park: d.Park, State: CaseDrafted, Applicant: applicant, CaseContent: d.CaseContent}
	if err := opened.acceptable(Case{}, s); err != nil {
		return CaseStep{}, err
	}
	e := c.event(ActOpen, CaseDrafted, s, at)
	facts := CaseFacts{Kind: d.Kind, Park: d.Park, Applicant: &applicant, Content: &d.CaseContent}
	return c.step(e, facts)
}

// Edit states anew what is applied for: the applicant and officers while the case is
// a draft or returned, officers until it is proposed.
func (c Case) Edit(content CaseContent, s CaseStanding, at time.Time) (CaseStep, error) {
	if !s.Actor.MaySee(c) {
		return CaseStep{}, NoCase(c.No)
	}
	office := s.Actor.Role == Officer || s.Actor.Role == Admin
	switch c.State {
	case CaseDrafted, CaseReturned:
		if !office && s.Actor.Role != Applicant {
			return CaseStep{}, wrongRole(geo.Say("修改申请内容", "editing a case"), []Role{Applicant, Officer}, s.Actor)
		}
	case CaseSubmitted, CaseAccepted, CaseSuspended:
		if !office {
			return CaseStep{}, wrongRole(geo.Say("修改已提交的案件", "editing a case that was submitted"), []Role{Officer}, s.Actor)
		}
	default:
		return CaseStep{}, ConflictOn("action", geo.Say("案件%s后不能修改", "a case that is %s is not edited", c.State), geo.Say("请先退回", "send it back first"))
	}
	edited := c
	edited.CaseContent = content.tidy()
	if err := edited.acceptable(c, s); err != nil {
		return CaseStep{}, err
	}
	if c.Bound {
		for _, f := range FlowsOf(c.Kind) {
			if f.has(EffectBind) {
				if err := edited.guard(f, s); err != nil {
					return CaseStep{}, err
				}
			}
		}
	}
	return c.step(c.event(ActEdit, c.State, s, at), CaseFacts{Content: &edited.CaseContent})
}

// acceptable refuses content that will not do in place of what there was.
func (c Case) acceptable(before Case, s CaseStanding) error {
	var found []Finding
	refuse := func(field string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Field: field}.Saying(message, remedy))
	}
	if c.Kind.Name().Zh == "" {
		refuse("kind", geo.Say("没有 %s 这一案件类别", "%s is no kind of case", quote(string(c.Kind))), geo.Say("请给出类别，例如 siting", "give a kind, such as siting"))
	}
	if message, bad := faultOfText(c.Applicant.Name); bad || c.Applicant.Name == "" {
		if !bad {
			message = geo.Say("缺少申请人", "the applicant has no name")
		}
		refuse("applicant", message, atMost(maxText))
	}
	if c.Green != before.Green && s.Actor.Role == Applicant {
		refuse("green", geo.Say("绿色通道由经办人确定", "the fast track is for the office to grant"), geo.Say("请去掉", "leave it as it is"))
	}
	c.CaseContent.check(c.Kind, refuse)
	if c.Follows != "" && (s.Followed == nil || s.Followed.Park != c.Park || c.Follows == c.No) {
		refuse("follows", geo.Say("本园区没有案件 %s", "there is no case %s in the park", quote(string(c.Follows))), geo.Say("请给出所承接案件的案号，或去掉", "give the number of the case that this one carries on, or leave it out"))
	}
	for _, id := range c.Plots {
		if !slices.ContainsFunc(s.Plots, func(p Plot) bool { return p.ID == id && p.Park == c.Park }) {
			refuse("plots", geo.Say("园区 %s 没有地块 %d", "park %s has no plot %d", c.Park, id), geo.Say("请列本园区现有的地块", "name plots that the park has now"))
		}
	}
	return Refuse(found)
}

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
		also := s.Followed.event(ActFulfil, CaseClosed, s, at)
		also.Role = System
		fulfilled, err := s.Followed.step(also, CaseFacts{})
		if err != nil {
			return CaseStep{}, err
		}
		step.Also = &fulfilled
	}
	return step, nil
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

// Replot is the case with plots in the place of some of its own, which an edit under
// it split or merged.
func (c Case) Replot(children map[PlotID][]PlotID, s CaseStanding, at time.Time) (CaseStep, error) {
	content := c.CaseContent
	content.Plots = nil
	for _, id := range c.Plots {
		if now, changed := children[id]; changed {
			content.Plots = append(content.Plots, now...)
		} else {
			content.Plots = append(content.Plots, id)
		}
	}
	content = content.tidy()
	return c.step(c.event(ActReplot, c.State, s, at), CaseFacts{Content: &content})
}

// Attach takes a document in, under the number of its event: of an applicant until
// the case has ended, and only what is not issued.
func (c Case) Attach(d CaseDocument, s CaseStanding, at time.Time) (CaseStep, error) {
	if !s.Actor.MaySee(c) {
		return CaseStep{}, NoCase(c.No)
	}
	if err := d.Validate(s.Today); err != nil {
		return CaseStep{}, err
	}
	if s.Actor.Role == Applicant {
		switch {
		case c.Ended():
			return CaseStep{}, ConflictOn("action", geo.Say("案件已%s，不再收取材料", "the case is %s, and takes no more documents", c.State), geo.Say("请联系经办人", "ask an officer"))
		case d.Type.Issued():
			return CaseStep{}, wrongRole(geo.Say("提交%s", "handing in %s", d.Type.Form(s.Today)), []Role{Officer}, s.Actor)
		}
	}
	return c.step(c.event(ActAttach, c.State, s, at), CaseFacts{Document: &Filed{d.Type, d.FileName, d.Size, d.SHA256}})
}

// Keep keeps a compliance check, the case's next, with it.
func (c Case) Keep(k CaseCheck, s CaseStanding, at time.Time) (CaseStep, error) {
	switch office := s.Actor.MaySeeCases(c.Park); {
	case !s.Actor.MaySee(c):
		return CaseStep{}, NoCase(c.No)
	case !office:
		return CaseStep{}, wrongRole(besides[ActCheck], []Role{Officer, Approver}, s.Actor)
	case c.Ended():
		return CaseStep{}, ConflictOn("action", geo.Say("案件已%s", "the case is %s", c.State), geo.Say("不再需要审查", "it is not checked any more"))
	case k.Verdict != Passes && k.Verdict != Doubtful && k.Verdict != Fails:
		return CaseStep{}, Invalid("verdict", geo.Say("没有 %s 这一结论", "%s is no verdict", quote(string(k.Verdict))), geo.Say("可用：pass、warn、fail", "use pass, warn or fail"))
	case k.Basis != s.Basis:
		return CaseStep{}, ConflictOn("basis", geo.Say("审查期间，地块、申报或管控图层有变化", "the plots, what is declared or a control layer changed meanwhile"), geo.Say("请重新审查", "check again"))
	}
	sum := sha256.Sum256(k.Result)
	return c.step(c.event(ActCheck, c.State, s, at), CaseFacts{Check: &Checked{k.Seq, k.Basis, k.Verdict, hex.EncodeToString(sum[:])}})
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
		field, text string
		needed      bool
		name        geo.Words
	}{
		{"reason", act.Reason, slices.Contains(f.Needs, NeedReason), geo.Words{Zh: "理由", En: "a reason"}},
		{"opinion", act.Opinion, slices.Contains(f.Needs, NeedOpinion), geo.Words{Zh: "意见", En: "an opinion"}},
		{"winner", act.Winner, slices.Contains(f.Needs, NeedWinner), geo.Words{Zh: "竞得人", En: "the winner"}},
	} {
		if message, bad := faultOfText(t.text); bad {
			return Invalid(t.field, message, atMost(maxText))
		}
		if t.needed && t.text == "" {
			return Invalid(t.field, geo.Say("“%s”需要%s", "%s: this needs %s", f, t.name), geo.Say("请填写，至多 %d 个字符", "give it, with at most %d characters", maxText))
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

// Issued says whether documents of the type are issued.
func (t DocumentType) Issued() bool {
	return slices.ContainsFunc(documentForms(), func(f DocumentForm) bool { return f.Type == t && f.Issued })
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

// event is an act on the case as it is recorded.
func (c Case) event(act ActName, to CaseState, s CaseStanding, at time.Time) CaseEvent {
	return CaseEvent{CaseNo: c.No, Step: c.Steps + 1, Act: act, From: c.State, To: to, Actor: s.Actor.Name, Key: s.Actor.Key, Role: s.Actor.Role, At: at}
}

// step is an event with its facts and those that no longer are, and the case after
// it.
func (c Case) step(e CaseEvent, facts CaseFacts, cleared ...string) (CaseStep, error) {
	told, err := json.Marshal(facts)
	if err != nil {
		return CaseStep{}, err
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(told, &members); err != nil {
		return CaseStep{}, err
	}
	for _, name := range cleared {
		members[name] = json.RawMessage("null")
	}
	if e.Facts, err = json.Marshal(members); err != nil {
		return CaseStep{}, err
	}
	after, err := c.After(e)
	return CaseStep{Event: e, Case: after}, err
}

// After is the case after an event, which is taken as it was recorded.
func (c Case) After(e CaseEvent) (Case, error) {
	var told map[string]json.RawMessage
	if err := json.Unmarshal(e.Facts, &told); err != nil {
		return c, fmt.Errorf("the facts of event %d: %w", e.ID, err)
	}
	c.raw = maps.Clone(c.raw)
	if c.raw == nil {
		c.raw = map[string]json.RawMessage{}
	}
	maps.Copy(c.raw, told)
	merged, err := json.Marshal(c.raw)
	if err != nil {
		return c, err
	}
	if err := c.Tell(merged); err != nil {
		return c, err
	}
	day := DateOf(e.At.In(ChinaStandardTime))
	switch e.Act {
	case ActOpen:
		c.OpenedOn, c.Version = day, 1
	case ActAttach, ActCheck:
	default:
		c.Version++
	}
	if e.Act == ActPropose {
		c.ProposedBy = e.Key
	}
	for _, f := range FlowsOf(c.Kind) {
		if f.From != e.From || f.Act != e.Act || !f.ofMode(c.Mode) {
			continue
		}
		if f.Clock != "" {
			c.Clock = append(slices.Clone(c.Clock), ClockMark{f.Clock, day})
		}
		c.Bound = c.Bound && !f.has(EffectUnbind) || f.has(EffectBind)
	}
	c.State, c.Steps, c.ChangedAt = e.To, e.Step, e.At
	return c, nil
}

// Tell sets what the acts of the case told, a JSON object of CaseFacts.
func (c *Case) Tell(told []byte) error {
	c.raw, c.Told = nil, CaseFacts{}
	if err := json.Unmarshal(told, &c.raw); err != nil {
		return err
	}
	if err := json.Unmarshal(told, &c.Told); err != nil {
		return err
	}
	c.Kind, c.Park = c.Told.Kind, c.Told.Park
	if c.Told.Applicant != nil {
		c.Applicant = *c.Told.Applicant
	}
	if c.Told.Content != nil {
		c.CaseContent = *c.Told.Content
	}
	return nil
}
