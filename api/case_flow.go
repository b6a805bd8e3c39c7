package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// caseStep is a step of the flows of cases.
type caseStep struct {
	Act     land.ActName    `json:"act"`
	Zh      string          `json:"zh"`
	En      string          `json:"en"`
	From    land.CaseState  `json:"from"`
	To      land.CaseState  `json:"to"`
	Guards  []caseWord      `json:"guards"`
	Effects []caseWord      `json:"effects"`
	Clock   land.Clock      `json:"clock,omitempty"`
	Mode    land.SupplyMode `json:"mode,omitempty"` // of supply, that it is for alone
}

func describeStep(f land.CaseFlow) caseStep {
	return caseStep{f.Act, f.Zh, f.En, f.From, f.To, caseWords(f.Guards), caseWords(f.Effects), f.Clock, f.Mode()}
}

// caseWord is a condition, an effect or a need of a step, and what it says.
type caseWord struct {
	Word string `json:"word"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

func caseWords[T interface {
	~string
	Words() geo.Words
}](list []T) []caseWord {
	told := make([]caseWord, len(list))
	for i, one := range list {
		told[i] = caseWord{string(one), one.Words().Zh, one.Words().En}
	}
	return told
}

// caseOffer is a step that the caller may do now, with all that it asks for.
type caseOffer struct {
	caseStep
	ToZh     string            `json:"to_zh"`
	Document *caseDocumentForm `json:"document,omitempty"` // that it issues, or that is to be on file
	Asks     []caseAsk         `json:"asks"`               // members of the body
	Barred   string            `json:"barred,omitempty"`   // why the caller, though of that role, may not
	BarredZh string            `json:"barred_zh,omitempty"`
	Href     string            `json:"href"`
}

// caseAsk is a member that a step asks for: a text, a date, an amount of money, or
// claims of quota.
type caseAsk struct {
	Name     string `json:"name"`
	Zh       string `json:"zh"`
	En       string `json:"en"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
	Pattern  string `json:"pattern,omitempty"`
	Example  string `json:"example,omitempty"`
}

// caseDocumentForm is a type of document as it is in a period.
type caseDocumentForm struct {
	Type    land.DocumentType `json:"type"`
	Zh      string            `json:"zh"`
	En      string            `json:"en"`
	Issued  bool              `json:"issued"`
	From    string            `json:"from,omitempty"`
	Until   string            `json:"until,omitempty"`
	Pattern string            `json:"pattern,omitempty"` // of the numbers of what is issued
	Example string            `json:"example,omitempty"`
	Sure    bool              `json:"sure"` // false: the form of the number is a guess
}

func describeForm(f land.DocumentForm) caseDocumentForm {
	d := caseDocumentForm{Type: f.Type, Zh: f.Zh, En: f.En, Issued: f.Issued, From: f.From.String(), Until: f.Until.String(), Example: f.Example, Sure: f.Sure}
	if f.Issued {
		d.Pattern = f.Pattern()
	}
	return d
}

func describeAct(c land.Case, o land.CaseOffer, to land.Actor) caseOffer {
	d := caseOffer{caseStep: describeStep(o.CaseFlow), ToZh: o.To.Name().Zh, Asks: asksOf(c, o), Href: fmt.Sprintf("%s/actions/%s", casePath(c.No), o.Act)}
	if o.Form.Type != "" {
		form := describeForm(o.Form)
		d.Document = &form
	}
	if c.Barred(to, o.CaseFlow) {
		why := geo.Say("您是拟办人，须由另一人审定", "you proposed it: another decides")
		d.Barred, d.BarredZh = why.En, why.Zh
	}
	return d
}

// asksOf are the members of a step's body, in the order of a form.
func asksOf(c land.Case, o land.CaseOffer) []caseAsk {
	asks := []caseAsk{}
	if o.Form.Issued {
		asks = append(asks,
			caseAsk{"document_no", "文号", "document number", "text", true, o.Form.Pattern(), o.Form.Example},
			caseAsk{Name: "document_day", Zh: "文书日期", En: "day of the document", Type: "date"})
	}
	needs := func(n land.CaseNeed) bool { return slices.Contains(o.Needs, n) }
	if needs(land.NeedWinner) {
		asks = append(asks, caseAsk{Name: "winner", Zh: "竞得人", En: "winner", Type: "text", Required: true})
	}
	if needs(land.NeedContract) {
		asks = append(asks,
			caseAsk{Name: "contract.agreed_start", Zh: "约定动工日期", En: "construction to begin on", Type: "date", Required: true},
			caseAsk{Name: "contract.agreed_completion", Zh: "约定竣工日期", En: "construction to end by", Type: "date", Required: true},
			caseAsk{Name: "contract.price_wan", Zh: "价款（万元）", En: "price, 万元", Type: "money", Required: c.Mode != land.ByAllocation})
	}
	if needs(land.NeedFee) {
		asks = append(asks, caseAsk{Name: "fee_wan", Zh: "土地闲置费（万元）", En: "idle-land fee, 万元", Type: "money"})
	}
	if slices.Contains(o.Effects, land.EffectReserve) {
		asks = append(asks, caseAsk{Name: "quota", Zh: "预留指标", En: "quota to be reserved", Type: "quota"})
	}
	return append(asks,
		caseAsk{Name: "reason", Zh: "理由", En: "reason", Type: "text", Required: needs(land.NeedReason)},
		caseAsk{Name: "opinion", Zh: "意见", En: "opinion", Type: "text", Required: needs(land.NeedOpinion)})
}

// caseKind is a kind of case with its flow.
type caseKind struct {
	Kind      land.CaseKind `json:"kind"`
	Zh        string        `json:"zh"`
	En        string        `json:"en"`
	Suits     []land.Status `json:"suits"`    // in which its plots may be
	Officers  bool          `json:"officers"` // alone open one
	Reserves  bool          `json:"reserves"` // quota
	Days      int           `json:"days"`
	GreenDays int           `json:"green_days"`
	Legal     bool          `json:"legal"`
	Source    string        `json:"source"`
	SourceZh  string        `json:"source_zh"`
	Flow      []flowStep    `json:"flow"`
}

type flowStep struct {
	caseStep
	Roles    []land.Role       `json:"roles"`
	Document land.DocumentType `json:"document,omitempty"`
	Needs    []caseWord        `json:"needs"`
}

type caseStateName struct {
	State    land.CaseState `json:"state"`
	Zh       string         `json:"zh"`
	En       string         `json:"en"`
	Terminal bool           `json:"terminal"`
}

type supplyMode struct {
	Mode land.SupplyMode `json:"mode"`
	Zh   string          `json:"zh"`
	En   string          `json:"en"`
}

// caseFlows is what the flows of cases are made of, for a page to draw.
type caseFlows struct {
	Kinds     []caseKind         `json:"kinds"`
	States    []caseStateName    `json:"states"`
	Documents []caseDocumentForm `json:"documents"`
	Modes     []supplyMode       `json:"modes"`
}

func describeFlows() caseFlows {
	var d caseFlows
	for _, t := range land.CaseTerms() {
		n := t.Kind.Name()
		k := caseKind{t.Kind, n.Zh, n.En, n.Suits, n.Officers, t.Kind.Reserves(), t.Days, t.Green, t.Legal, t.Source.En, t.Source.Zh, nil}
		for _, f := range land.FlowsOf(t.Kind) {
			k.Flow = append(k.Flow, flowStep{describeStep(f), f.Roles, f.Document, caseWords(f.Needs)})
		}
		d.Kinds = append(d.Kinds, k)
	}
	for _, n := range land.CaseStates() {
		d.States = append(d.States, caseStateName(n))
	}
	for _, f := range land.DocumentForms() {
		d.Documents = append(d.Documents, describeForm(f))
	}
	for _, m := range land.SupplyModes() {
		d.Modes = append(d.Modes, supplyMode(m))
	}
	return d
}

// getCaseFlows answers the flows of cases: kinds with their steps, states, types of
// document, modes of supply.
func (s *server) getCaseFlows(c echo.Context) error {
	if _, err := door.Parameters(c); err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, describeFlows())
}
