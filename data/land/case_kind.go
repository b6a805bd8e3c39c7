package land

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// CaseKind is a kind of case (案件类别).
type CaseKind string

// The kinds of case, in the order in which land passes through them.
const (
	Siting             CaseKind = "siting"          // 用地预审与选址
	LandSupply         CaseKind = "supply"          // 供地
	PlanningPermit     CaseKind = "planning_permit" // 用地规划许可
	WorksPermit        CaseKind = "works_permit"    // 工程规划许可
	PlanningAcceptance CaseKind = "acceptance"      // 规划条件核实
	ConditionsChange   CaseKind = "conditions"      // 规划条件变更
	IdleLand           CaseKind = "idle"            // 闲置土地处置
)

// CaseKindName is a kind with its names and what belongs to it: the statuses in
// which its plots may be when it is accepted, and whether officers alone open one.
type CaseKindName struct {
	Kind     CaseKind
	Zh, En   string
	Suits    []Status
	Officers bool
}

var caseKinds = []CaseKindName{
	{Siting, "用地预审与选址", "pre-examination and siting", []Status{Available}, false},
	{LandSupply, "供地", "supply of land", []Status{Available, Committed}, false},
	{PlanningPermit, "用地规划许可", "permit to use land", []Status{Supplied}, false},
	{WorksPermit, "工程规划许可", "permit for works", []Status{Supplied, UnderConstruction}, false},
	{PlanningAcceptance, "规划条件核实", "verification of planning conditions", []Status{Completed}, false},
	{ConditionsChange, "规划条件变更", "change of planning conditions", []Status{Planned, Reserved, Available, Supplied, UnderConstruction}, false},
	{IdleLand, "闲置土地处置", "disposal of idle land", []Status{Supplied}, true},
}

// CaseKinds lists the kinds.
func CaseKinds() []CaseKindName { return slices.Clone(caseKinds) }

// Name is the kind with its names; the zero value for an unknown one.
func (k CaseKind) Name() CaseKindName {
	for _, n := range caseKinds {
		if n.Kind == k {
			return n
		}
	}
	return CaseKindName{}
}

// Words are the kind's Chinese name and its word.
func (k CaseKind) Words() geo.Words {
	return geo.Words{Zh: cmp.Or(k.Name().Zh, string(k)), En: string(k)}
}

// Reserves says whether cases of the kind reserve quota for their plots.
func (k CaseKind) Reserves() bool { return k == Siting || k == LandSupply }

// ParseCaseKind reads a kind by its word or its Chinese name.
func ParseCaseKind(s string) (CaseKind, error) {
	words := make([]string, len(caseKinds))
	for i, n := range caseKinds {
		if s == string(n.Kind) || s == n.Zh {
			return n.Kind, nil
		}
		words[i] = string(n.Kind)
	}
	return "", Invalid("kind", geo.Say("没有 %s 这一案件类别", "%s is no kind of case", quote(s)), geo.Say("可用：%s", "use one of %s", strings.Join(words, ", ")))
}

// CaseState is where a case stands (案件状态).
type CaseState string

// The states.
const (
	CaseDrafted   CaseState = "draft"     // 草稿
	CaseSubmitted CaseState = "submitted" // 已提交
	CaseReturned  CaseState = "returned"  // 退回补正
	CaseAccepted  CaseState = "accepted"  // 已受理
	CaseSuspended CaseState = "suspended" // 中止
	CaseProposed  CaseState = "proposed"  // 待审定
	CaseApproved  CaseState = "approved"  // 已批准, and something follows
	CaseAnnounced CaseState = "announced" // 公告中
	CaseAwarded   CaseState = "awarded"   // 已成交
	CasePermitted CaseState = "permitted" // 已许可
	CaseBuilding  CaseState = "building"  // 在建
	CaseFound     CaseState = "found"     // 认定闲置
	CaseClosed    CaseState = "closed"    // 办结
	CaseRefused   CaseState = "refused"   // 不予批准
	CaseWithdrawn CaseState = "withdrawn" // 已撤回
	CaseEnded     CaseState = "ended"     // 终止
)

// CaseStateName is a state with its names. From a terminal one nothing leads on.
type CaseStateName struct {
	State    CaseState
	Zh, En   string
	Terminal bool
}

var caseStates = []CaseStateName{
	{CaseDrafted, "草稿", "draft", false},
	{CaseSubmitted, "已提交", "submitted", false},
	{CaseReturned, "退回补正", "returned for correction", false},
	{CaseAccepted, "已受理", "accepted", false},
	{CaseSuspended, "中止", "suspended", false},
	{CaseProposed, "待审定", "proposed, to be decided", false},
	{CaseApproved, "已批准", "approved", false},
	{CaseAnnounced, "公告中", "announced for sale", false},
	{CaseAwarded, "已成交", "awarded", false},
	{CasePermitted, "已许可", "permitted", false},
	{CaseBuilding, "在建", "under construction", false},
	{CaseFound, "认定闲置", "found idle", false},
	{CaseClosed, "办结", "closed", true},
	{CaseRefused, "不予批准", "refused", true},
	{CaseWithdrawn, "已撤回", "withdrawn", true},
	{CaseEnded, "终止", "ended", true},
}

// CaseStates lists the states in the order in which cases pass through them.
func CaseStates() []CaseStateName { return slices.Clone(caseStates) }

// Name is the state with its names; the zero value for an unknown one.
func (s CaseState) Name() CaseStateName {
	for _, n := range caseStates {
		if n.State == s {
			return n
		}
	}
	return CaseStateName{}
}

// Words are the state's Chinese name and its word.
func (s CaseState) Words() geo.Words {
	return geo.Words{Zh: cmp.Or(s.Name().Zh, string(s)), En: string(s)}
}

// ParseCaseState reads a state by its word or its Chinese name.
func ParseCaseState(s string) (CaseState, error) {
	words := make([]string, len(caseStates))
	for i, n := range caseStates {
		if s == string(n.State) || s == n.Zh {
			return n.State, nil
		}
		words[i] = string(n.State)
	}
	return "", Invalid("state", geo.Say("没有 %s 这一案件状态", "%s is no state of a case", quote(s)), geo.Say("可用：%s", "use one of %s", strings.Join(words, ", ")))
}
