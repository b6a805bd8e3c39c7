package land

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Sentence tells an event of the case as the audit trail does (全程留痕): when, who
// and in which role, what, on which document and why, and what came of it for
// plots and quota. What the event told must read, which the store sees to.
func (c Case) Sentence(e CaseEvent) geo.Words {
	at := e.At.In(ChinaStandardTime)
	who := geo.Say("%s（%s）", "%s (%s)", e.Actor, roleNames[e.Role])
	switch {
	case e.Role == System:
		who = geo.Say("%s：", "%s", roleNames[System])
	case e.Deputy != 0:
		who = geo.Say("%s（受委托的%s）", "%s (as deputy %s)", e.Actor, roleNames[e.Role])
	}
	flow, steps := c.flowOf(e)
	did := c.ActOf(e)
	if steps && e.From != e.To {
		did = did.Then(geo.Say("，%s → %s", ", %s → %s", e.From, e.To))
	}
	parts := []geo.Words{did}
	if e.Document != "" {
		form := e.Document.Form(e.DocumentOn)
		parts = append(parts, geo.Say("《%s》%s，%s", "%s %s of %s", form, e.DocumentNo, dayWords(e.DocumentOn)))
	}
	for _, t := range []struct{ zh, en, text string }{{"理由", "reason", e.Reason}, {"意见", "opinion", e.Opinion}} {
		if t.text != "" {
			parts = append(parts, geo.Say("%s：%s", "%s: %s", geo.Words{Zh: t.zh, En: t.en}, t.text))
		}
	}
	var facts CaseFacts
	if err := json.Unmarshal(e.Facts, &facts); err == nil {
		parts = append(parts, c.told(e, facts)...)
	}
	if steps {
		parts = append(parts, c.came(flow)...)
	}
	zh, en := make([]string, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		zh[i], en[i] = p.Zh, p.En
	}
	return geo.Words{
		Zh: fmt.Sprintf("%s，%s%s。", at.Format("2006年1月2日 15:04"), who.Zh, strings.Join(zh, "；")),
		En: fmt.Sprintf("%s, %s: %s.", at.Format("2006-01-02 15:04"), who.En, strings.Join(en, "; ")),
	}
}

// roleNames are what the trail calls who acts.
var roleNames = map[Role]geo.Words{
	Visitor:   {Zh: "访客", En: "visitor"},
	Applicant: {Zh: "申请人", En: "applicant"},
	Officer:   {Zh: "经办人", En: "officer"},
	Approver:  {Zh: "审批人", En: "approver"},
	Admin:     {Zh: "管理员", En: "administrator"},
	System:    {Zh: "系统", En: "the register itself"},
}

func dayWords(d Date) geo.Words { return geo.Words{Zh: d.Chinese(), En: d.String()} }

// flowOf is the step that an event was; false for what is no step of the table.
func (c Case) flowOf(e CaseEvent) (CaseFlow, bool) {
	for _, f := range FlowsOf(c.Kind) {
		if f.From == e.From && f.Act == e.Act && f.To == e.To && f.ofMode(c.Mode) {
			return f, true
		}
	}
	return CaseFlow{}, false
}

// ActOf is what an event did, in the words of its step.
func (c Case) ActOf(e CaseEvent) geo.Words {
	if f, steps := c.flowOf(e); steps {
		return f.Words()
	}
	return ActWords(c.Kind, e.Act, e.From)
}

// told are the facts of an event.
func (c Case) told(e CaseEvent, f CaseFacts) []geo.Words {
	var parts []geo.Words
	add := func(zh, en string, args ...any) { parts = append(parts, geo.Say(zh, en, args...)) }
	if f.Content != nil {
		ids := make([]geo.Words, len(f.Content.Plots))
		for i, id := range f.Content.Plots {
			ids[i] = geo.Names(strconv.FormatInt(int64(id), 10))
		}
		if e.Act == ActOpen {
			add("%s，项目“%s”", "%s, project %q", geo.Words{Zh: c.Kind.Name().Zh, En: c.Kind.Name().En}, f.Content.Title)
		}
		add("地块标识码 %s", "plots %s", geo.List(ids))
	}
	for _, r := range f.Reserved {
		add("预留 %d 年%s %s 亩", "%d %s: %s 亩 are reserved", r.Year, r.Kind, r.Mu)
	}
	if f.Winner != "" {
		add("竞得人 %s", "the winner is %s", f.Winner)
	}
	if k := f.Contract; k != nil {
		add("约定%s动工、%s竣工，价款 %s 万元", "construction to begin on %s and to end by %s, price %s 万元", dayWords(k.AgreedStart), dayWords(k.AgreedCompletion), k.Price)
	}
	if f.Fee != nil {
		add("土地闲置费 %s 万元", "fee of %s 万元", *f.Fee)
	}
	if d := f.Document; d != nil {
		add("%s，文件 %s，%d 字节，SHA-256 %s…", "%s, file %s, %d bytes, SHA-256 %s…", d.Type.Form(DateOf(e.At.In(ChinaStandardTime))), d.FileName, d.Size, d.SHA256[:min(12, len(d.SHA256))])
	}
	if k := f.Check; k != nil {
		add("第 %d 次审查，结论：%s", "check %d, verdict: %s", k.Seq, k.Verdict.Verdict())
	}
	return parts
}

// came is what a step of the table did besides.
func (c Case) came(f CaseFlow) []geo.Words {
	var parts []geo.Words
	if w, ok := clockWords[f.Clock]; ok {
		parts = append(parts, w)
	}
	for _, e := range f.Effects {
		w := e.Words()
		switch {
		case e == EffectReserve: // which the facts tell
			continue
		case c.Follows != "" && (e == EffectCommit || e == EffectUncommit):
			w = geo.Say("所承接案件之外的%s", "but for plots of the case that it follows, %s", w)
		}
		parts = append(parts, w)
	}
	return parts
}

var clockWords = map[Clock]geo.Words{
	ClockStart: {Zh: "办理时限开始计算", En: "the legal period begins"},
	ClockStop:  {Zh: "办理时限中止", En: "the legal period stands still"},
	ClockRun:   {Zh: "办理时限继续计算", En: "the legal period runs on"},
	ClockEnd:   {Zh: "办理时限终止", En: "the legal period ends"},
}
