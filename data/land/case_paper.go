package land

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/dikuai/dikuai/geo"
)

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
