package land

import (
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Delegation lets an officer stand in for an approver (委托审批) from a day to
// another, on a document. It never lets anyone approve what they proposed.
type Delegation struct {
	ID         int64
	From, To   int64 // keys: the approver's, the officer's
	Role       Role  // that is delegated: Approver
	FirstDay   Date
	LastDay    Date
	DocumentNo string // 委托书文号
	Actor      string
	At         time.Time
	EndedBy    string // who ended it before its time
	EndedAt    time.Time
	FromName   string // the keys' holders
	ToName     string
}

// longestDelegation is how many days one may last.
const longestDelegation = 366

// Validate refuses a delegation that will not do, by itself.
func (d Delegation) Validate(today Date) error {
	var found []Finding
	refuse := func(field string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Field: field}.Saying(message, remedy))
	}
	if d.From == 0 || d.To == 0 || d.From == d.To {
		refuse("to_key", geo.Say("委托须由一个密钥给另一个密钥", "a delegation goes from one key to another"), geo.Say("请给出两个密钥的编号", "give the numbers of two keys"))
	}
	if d.Role != Approver {
		refuse("role", geo.Say("不能委托 %s", "the role %s is not delegated", quote(string(d.Role))), geo.Say("请给出 approver", "give approver"))
	}
	switch {
	case d.FirstDay.IsZero() || d.LastDay.IsZero() || d.FirstDay.After(d.LastDay):
		refuse("until_day", geo.Say("委托期限不成立", "the days make no period"), geo.Say("请给出起止日期", "give the first and the last day"))
	case d.FirstDay.DaysTo(d.LastDay) >= longestDelegation:
		refuse("until_day", geo.Say("委托期限过长", "the period is too long"), geo.Say("至多 %d 天", "give %d days at most", longestDelegation))
	case today.After(d.LastDay):
		refuse("until_day", geo.Say("委托期限已过", "the period is over"), geo.Say("请填今天或之后的日期", "give today or a later day"))
	}
	if message, bad := faultOfText(d.DocumentNo); bad || d.DocumentNo == "" {
		if !bad {
			message = geo.Say("缺少委托书文号", "the number of the document is missing")
		}
		refuse("document_no", message, geo.Say("请填写委托书文号，至多 %d 个字符", "give it, with at most %d characters", maxText))
	}
	return Refuse(found)
}

// MayDelegate refuses an actor who may not delegate an approver's role: approvers
// delegate their own, administrators anyone's.
func (a Actor) MayDelegate(from int64) error {
	if a.Role == Admin || a.Role == Approver && a.Key == from {
		return nil
	}
	return &ForbiddenError{geo.Say("只有审批人本人或 admin 可以委托", "approvers delegate their own role, and administrators any approver's")}
}
