package land

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/dikuai/dikuai/geo"
)

// ActName names a step of a case, such as "submit".
type ActName string

// The acts that the rules of cases know by name. All others are in the table alone.
const (
	ActOpen   ActName = "open"   // 立案
	ActEdit   ActName = "edit"   // 修改
	ActAttach ActName = "attach" // 收取材料
	ActCheck  ActName = "check"  // 合规性审查
	ActReplot ActName = "replot" // 地块分割、合并, by an edit of the register under the case

	ActPropose ActName = "propose"
	ActFulfil  ActName = "fulfil"
)

// besides are the acts that are no steps of the table: they leave the state as it is.
var besides = map[ActName]geo.Words{
	ActOpen:   {Zh: "立案", En: "open the case"},
	ActEdit:   {Zh: "修改申请内容", En: "edit what is applied for"},
	ActAttach: {Zh: "收取材料", En: "take in a document"},
	ActCheck:  {Zh: "合规性审查", En: "check compliance"},
	ActReplot: {Zh: "地块分割或合并", En: "split or merge its plots"},
}

// Guard is a condition of a step that is looked up in the register.
type Guard string

// The guards.
const (
	GuardStated     Guard = "stated"     // what the kind must declare is declared
	GuardFree       Guard = "free"       // no other open case binds the plots, and their statuses suit the kind
	GuardHolder     Guard = "holder"     // the plots are the applicant's
	GuardPermit     Guard = "permit"     // there is a permit to use the land
	GuardOther      Guard = "other"      // not who proposed
	GuardChecked    Guard = "checked"    // the last compliance check rests on what holds today, and did not fail
	GuardAuction    Guard = "auction"    // the mode of supply
	GuardAgreement  Guard = "agreement"  //
	GuardAllocation Guard = "allocation" //
	GuardHeld       Guard = "held"       // no other case carries the case on
	GuardOneYear    Guard = "one_year"   // a year has passed since construction was to begin
	GuardTwoYears   Guard = "two_years"  // two have
	GuardUncharged  Guard = "uncharged"  // no fee was charged
)

// Effect is what a step does besides the case.
type Effect string

// The effects.
const (
	EffectBind       Effect = "bind"    // the plots to the case
	EffectUnbind     Effect = "unbind"  // them from it
	EffectReserve    Effect = "reserve" // quota for the plots that no followed case has it for
	EffectRelease    Effect = "release" // what is reserved; reversed where the case goes on and may reserve again
	EffectUse        Effect = "use"     // what the case and the one that it follows reserved
	EffectFulfil     Effect = "fulfil"  // the followed case is closed
	EffectCommit     Effect = "commit"
	EffectUncommit   Effect = "uncommit"
	EffectSupply     Effect = "supply"
	EffectStart      Effect = "start"
	EffectComplete   Effect = "complete"
	EffectVerify     Effect = "verify"
	EffectIdle       Effect = "idle"
	EffectResume     Effect = "resume"
	EffectRecover    Effect = "recover"
	EffectConditions Effect = "conditions" // the plots' planning conditions are those declared
)

// effectMoves are the moves that effects make plots do.
var effectMoves = map[Effect]struct{ from, to Status }{
	EffectCommit:   {Available, Committed},
	EffectUncommit: {Committed, Available},
	EffectSupply:   {Committed, Supplied},
	EffectStart:    {Supplied, UnderConstruction},
	EffectComplete: {UnderConstruction, Completed},
	EffectVerify:   {Completed, Verified},
	EffectIdle:     {Supplied, Idle},
	EffectResume:   {Idle, UnderConstruction},
	EffectRecover:  {Idle, Reserved},
}

// CaseNeed is what a step must tell.
type CaseNeed string

// The needs.
const (
	NeedReason   CaseNeed = "reason"
	NeedOpinion  CaseNeed = "opinion"
	NeedWinner   CaseNeed = "winner"   // 竞得人
	NeedContract CaseNeed = "contract" // when building is to begin and to end, and the price
	NeedFee      CaseNeed = "fee"      // 土地闲置费
)

// AnyCase in the table stands for every kind.
const AnyCase CaseKind = "*"

// System is the role of steps that follow from another case's.
const System Role = "system"

// CaseFlow is a row of the table of flows: in a state, a role may do an act,
// which leads to a state. A row of a kind goes before those of every kind with
// the same state and act.
type CaseFlow struct {
	Kind     CaseKind
	From     CaseState
	Act      ActName
	To       CaseState
	Roles    []Role // administrators may besides, but for System's
	Zh, En   string
	Document DocumentType // issued by the act, or to be on file; "" for none
	Needs    []CaseNeed
	Guards   []Guard
	Effects  []Effect
	Clock    Clock
}

var caseFlows = sync.OnceValue(func() []CaseFlow {
	var all []CaseFlow
	for _, r := range dictionaryRows("case_flows.csv") {
		all = append(all, CaseFlow{CaseKind(r[0]), CaseState(r[1]), ActName(r[2]), CaseState(r[3]), cellWords[Role](r[4]), r[5], r[6],
			DocumentType(r[7]), cellWords[CaseNeed](r[8]), cellWords[Guard](r[9]), cellWords[Effect](r[10]), Clock(r[11])})
	}
	return all
})

// cellWords are the words of a cell.
func cellWords[T ~string](cell string) []T {
	var all []T
	for _, w := range strings.Fields(cell) {
		all = append(all, T(w))
	}
	return all
}

// CaseFlows lists the table of flows as it is written.
func CaseFlows() []CaseFlow { return slices.Clone(caseFlows()) }

// FlowsOf lists the steps of a kind: its own, and those of every kind in whose
// place it has none of its own.
func FlowsOf(kind CaseKind) []CaseFlow {
	var own, all []CaseFlow
	for _, f := range caseFlows() {
		if f.Kind == kind {
			own = append(own, f)
		}
	}
	for _, f := range caseFlows() {
		if f.Kind == AnyCase && !slices.ContainsFunc(own, func(o CaseFlow) bool { return o.From == f.From && o.Act == f.Act }) {
			f.Kind = kind
			all = append(all, f)
		}
	}
	return append(all, own...)
}

// Words are what the step is called.
func (f CaseFlow) Words() geo.Words { return geo.Words{Zh: f.Zh, En: f.En} }

// Mode is the mode of supply that the step is for, "" for every one.
func (f CaseFlow) Mode() SupplyMode {
	for _, g := range f.Guards {
		if m := SupplyMode(g); m.Name().Mode == m {
			return m
		}
	}
	return ""
}

// ofMode says whether the step is one of the mode of supply.
func (f CaseFlow) ofMode(m SupplyMode) bool { return f.Mode() == "" || f.Mode() == m }

// has says whether the step has an effect.
func (f CaseFlow) has(e Effect) bool { return slices.Contains(f.Effects, e) }

// steps are those that lead on from the case's state, whoever does them.
func (c Case) steps() []CaseFlow {
	return slices.DeleteFunc(FlowsOf(c.Kind), func(f CaseFlow) bool { return f.From != c.State || !f.ofMode(c.Mode) })
}

// ActWords are what an act of a kind of case is called, whichever of its steps it is.
func ActWords(kind CaseKind, act ActName, from CaseState) geo.Words {
	if w, ok := besides[act]; ok {
		return w
	}
	found := geo.Words{}
	for _, f := range FlowsOf(kind) {
		if f.Act == act && (found == geo.Words{} || f.From == from) {
			found = f.Words()
		}
	}
	return geo.Words{Zh: cmp.Or(found.Zh, string(act)), En: cmp.Or(found.En, string(act))}
}
