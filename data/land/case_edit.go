package land

import (
	"cmp"
	"slices"
	"time"

	"github.com/dikuai/dikuai/geo"
)

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
