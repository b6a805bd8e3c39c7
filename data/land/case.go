package land

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// CaseNo is a case's number (案号): park, year and serial, such as
// nansha-2026-0001. Serials count over all kinds of a park and year.
type CaseNo string

// NewCaseNo is the number of the serial-th case that was opened in a park in a year.
func NewCaseNo(park ParkCode, year, serial int) CaseNo {
	return CaseNo(fmt.Sprintf("%s-%d-%04d", park, year, serial))
}

// Case is an approval that runs through its steps (审批案件), as its events made
// it. It binds its plots from its acceptance to its end.
type Case struct {
	No        CaseNo
	Kind      CaseKind
	Park      ParkCode
	State     CaseState
	Applicant CaseApplicant
	CaseContent
	Version    int // told by ETag; counts what changes the case, not documents and checks
	Steps      int // how many events it has
	Bound      bool
	OpenedOn   Date
	Clock      []ClockMark // of its legal term, in order
	ProposedBy int64       // the key that proposed last, 0 for none
	Told       CaseFacts   // what its acts told, the last of each
	ChangedAt  time.Time

	raw map[string]json.RawMessage // Told as it was written
}

// CaseApplicant is whose case it is (申请人): the key that opened it, and the name
// under which it applies.
type CaseApplicant struct {
	Key  int64  `json:"key"`
	Name string `json:"name"`
}

// CaseContent is what the applicant states, and an officer may put right before
// the case is proposed.
type CaseContent struct {
	Title    string     `json:"title"`             // 项目名称
	Green    bool       `json:"green,omitempty"`   // 绿色通道, by the office alone
	Mode     SupplyMode `json:"mode,omitempty"`    // of supply
	Follows  CaseNo     `json:"follows,omitempty"` // the case that this one carries on
	Declared Declared   `json:"declared"`          //
	Plots    []PlotID   `json:"plots"`             // in ascending order
}

// CaseDraft opens a case. Name is the applicant's where an officer opens it for
// one; others apply under the name of their key.
type CaseDraft struct {
	Kind CaseKind
	Park ParkCode
	Name string
	CaseContent
}

// SupplyMode is how land is supplied (供应方式).
type SupplyMode string

// The modes of supply.
const (
	ByAuction    SupplyMode = "auction"    // 出让(招拍挂)
	ByAgreement  SupplyMode = "agreement"  // 协议出让
	ByAllocation SupplyMode = "allocation" // 划拨
)

// SupplyModeName is a mode with its names; Zh is what a plot's supply_mode says.
type SupplyModeName struct {
	Mode   SupplyMode
	Zh, En string
}

var supplyModes = []SupplyModeName{
	{ByAuction, "出让", "grant by public sale"},
	{ByAgreement, "协议出让", "grant by agreement"},
	{ByAllocation, "划拨", "allocation"},
}

// SupplyModes lists the modes.
func SupplyModes() []SupplyModeName { return slices.Clone(supplyModes) }

// Name is the mode with its names; the zero value for an unknown one.
func (m SupplyMode) Name() SupplyModeName {
	for _, n := range supplyModes {
		if n.Mode == m {
			return n
		}
	}
	return SupplyModeName{}
}

// ClockMark is a day on which the clock of a case's legal term is started,
// stopped, run on or ended.
type ClockMark struct {
	Mark Clock `json:"mark"`
	On   Date  `json:"on"`
}

// Clock is what a step does to the clock of the legal term.
type Clock string

// What is done to the clock. It runs from start to end, but for what is between
// stop and run.
const (
	ClockStart Clock = "start"
	ClockStop  Clock = "stop"
	ClockRun   Clock = "run"
	ClockEnd   Clock = "end"
)

// Ended says whether nothing can become of the case any more.
func (c Case) Ended() bool { return c.State.Name().Terminal }

// AcceptedOn is the day from which the legal term runs; zero before that.
func (c Case) AcceptedOn() Date {
	for _, m := range slices.Backward(c.Clock) {
		if m.Mark == ClockStart {
			return m.On
		}
	}
	return Date{}
}

// Same says whether two cases are the same in all that they say.
func (c Case) Same(o Case) bool {
	same := c.ChangedAt.Equal(o.ChangedAt)
	c.ChangedAt, o.ChangedAt, c.raw, o.raw = time.Time{}, time.Time{}, nil, nil
	return same && reflect.DeepEqual(c, o)
}

// MaySeeCases says whether the actor sees every case of a park; "" is every park.
func (a Actor) MaySeeCases(park ParkCode) bool {
	return (a.Role == Officer || a.Role == Approver || a.Role == Admin) && (a.Park == "" || a.Park == park)
}

// MaySee says whether the actor sees the case: officers, approvers and
// administrators those of their park, applicants those that their key opened.
func (a Actor) MaySee(c Case) bool {
	return a.MaySeeCases(c.Park) || a.Role == Applicant && a.Key != 0 && a.Key == c.Applicant.Key
}

// NoCase says that there is no such case, or none that the actor may see.
func NoCase(no CaseNo) error { return &NotFoundError{What: "case", Name: string(no)} }

// MayOpen refuses an actor who may not open a case of a kind in a park.
func (a Actor) MayOpen(kind CaseKind, park ParkCode) error {
	switch {
	case a.Role == Applicant && kind.Name().Officers:
		return &ForbiddenError{geo.Say("%s由经办人立案", "cases of kind %s are opened by officers", kind)}
	case a.Role != Applicant && a.Role != Officer && a.Role != Admin:
		return &ForbiddenError{geo.Say("立案需要 applicant、officer 或 admin 角色，您的角色为 %s", "opening a case needs the role applicant, officer or admin, not %s", a.Role)}
	case a.Park != "" && a.Park != park:
		return &ForbiddenError{geo.Say("您的密钥用于园区 %s，不能用于 %s", "your key is for park %s, not %s", a.Park, park)}
	}
	return nil
}
