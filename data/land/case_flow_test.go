package land

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/geo"
)

var update = flag.Bool("update", false, "rewrite the tables and diagrams of docs/approvals.md")

// TestEveryCaseCanEnd: from every state of a kind, every state that it has is reached
// from the draft, and a terminal one from there.
func TestEveryCaseCanEnd(t *testing.T) {
	t.Parallel()
	terminal := func(s CaseState) bool { return s.Name().Terminal }
	for _, k := range CaseKinds() {
		next := map[CaseState][]CaseState{}
		for _, f := range FlowsOf(k.Kind) {
			next[f.From] = append(next[f.From], f.To)
			if terminal(f.From) {
				t.Errorf("%s: %s leads on from %s", k.Kind, f.Act, f.From)
			}
		}
		reached := func(from CaseState) map[CaseState]bool {
			seen := map[CaseState]bool{from: true}
			for todo := []CaseState{from}; len(todo) > 0; todo = todo[1:] {
				for _, s := range next[todo[0]] {
					if !seen[s] {
						seen[s] = true
						todo = append(todo, s)
					}
				}
			}
			return seen
		}
		fromDraft := reached(CaseDrafted)
		for from := range next {
			if !fromDraft[from] {
				t.Errorf("%s: nothing leads to %s", k.Kind, from)
			}
			ends := false
			for s := range reached(from) {
				ends = ends || terminal(s)
			}
			if !ends {
				t.Errorf("%s cannot end from %s", k.Kind, from)
			}
		}
		for s := range fromDraft {
			if s.Name().Zh == "" {
				t.Errorf("%s has the unknown state %s", k.Kind, s)
			}
		}
	}
}

// TestTheTableOfFlowsSaysWhatThereIs holds every cell to what the program knows.
func TestTheTableOfFlowsSaysWhatThereIs(t *testing.T) {
	t.Parallel()
	used := map[DocumentType]bool{}
	for _, f := range CaseFlows() {
		name := fmt.Sprintf("%s, %s: %s", f.Kind, f.From, f.Act)
		if f.Kind != AnyCase && f.Kind.Name().Zh == "" || f.From.Name().Zh == "" || f.To.Name().Zh == "" || f.Zh == "" || f.En == "" {
			t.Errorf("%s: %+v", name, f)
		}
		if len(f.Roles) == 0 {
			t.Errorf("%s is for nobody", name)
		}
		for _, r := range f.Roles {
			if r != Applicant && r != Officer && r != Approver && r != System {
				t.Errorf("%s is for %s", name, r)
			}
		}
		for _, g := range f.Guards {
			if _, ok := caseGuards[g]; !ok || g.Words() == (geo.Words{}) {
				t.Errorf("%s has the guard %s", name, g)
			}
		}
		for _, n := range f.Needs {
			if n.Words() == (geo.Words{}) {
				t.Errorf("%s needs %s", name, n)
			}
		}
		for _, e := range f.Effects {
			if e.Words() == (geo.Words{}) {
				t.Errorf("%s has the effect %s", name, e)
			}
			if move, moves := effectMoves[e]; moves {
				if err := CheckMove(move.from, move.to); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		switch f.Clock {
		case "", ClockStart, ClockStop, ClockRun, ClockEnd:
		default:
			t.Errorf("%s does %s to the clock", name, f.Clock)
		}
		if f.Document != "" && f.Document.Form(Date{}).Type == "" && f.Document.Form(DateOf(time.Now())).Type == "" {
			t.Errorf("%s issues the unknown %s", name, f.Document)
		}
		used[f.Document] = true
		if decides := slices.Contains(f.Roles, Approver) && f.To != CaseAccepted && f.From == CaseProposed; decides && !slices.Contains(f.Guards, GuardOther) {
			t.Errorf("%s is open to who proposed", name)
		}
	}
	for _, f := range DocumentForms() {
		if f.Issued == (len(f.Kinds) > 0) {
			t.Errorf("%s is issued and asked for, or neither: %v", f.Type, f.Kinds)
		}
		if f.Issued && !used[f.Type] {
			t.Errorf("no act issues %s", f.Type)
		}
		if !f.Issued && (f.Example != "" || f.Pattern() != "^(?:.*)$") {
			t.Errorf("%s is not issued and has a number", f.Type)
		}
	}
	for i, f := range CaseFlows() {
		for _, g := range CaseFlows()[:i] {
			if f.Kind == g.Kind && f.From == g.From && f.Act == g.Act && f.Mode() == g.Mode() {
				t.Errorf("%s has two rows for %s of %s", f.Kind, f.Act, f.From)
			}
		}
	}
	if len(CaseTerms()) != len(CaseKinds()) {
		t.Errorf("%d terms for %d kinds", len(CaseTerms()), len(CaseKinds()))
	}
	for _, term := range CaseTerms() {
		if term.Kind.Name().Zh == "" || term.Days < term.Green || term.Green <= 0 || term.Source.Zh == "" || term.Source.En == "" {
			t.Errorf("%+v", term)
		}
	}
}

// TestDocumentsAreNumberedAsInTheirPeriod holds numbers to the form of the day.
func TestDocumentsAreNumberedAsInTheirPeriod(t *testing.T) {
	t.Parallel()
	today := DateOf(time.Now())
	for _, f := range DocumentForms() {
		if !f.Issued {
			continue
		}
		day := today
		if !f.Until.IsZero() {
			day = f.Until
		}
		if err := (Issuance{f.Example, day}).check(f.Type, today); err != nil {
			t.Errorf("%s: the example %s of %s: %v", f.Type, f.Example, day, err)
		}
		if !f.Until.IsZero() && f.Type.Form(f.Until.AddDays(1)).From != f.Until.AddDays(1) {
			t.Errorf("%s has no form on %s", f.Type, f.Until.AddDays(1))
		}
	}
	before, after := parseDay(t, "2019-09-16"), parseDay(t, "2019-09-17")
	for _, c := range []struct {
		kind   DocumentType
		number string
		day    Date
		good   bool
	}{
		{"siting_opinion", "选字第2016-12号", before, true},
		{"siting_opinion", "选字第2016-12号", after, false},
		{"siting_opinion", "用字第440115202000012号", before, false},
		{"siting_opinion", "用字第440115202000012号", after, true},
		{"siting_opinion", "穗规划资源选〔2020〕12号", after, true},
		{"planning_permit", "地字第440115202000012号", after, true},
		{"planning_permit", "地字第12号", after, false},
		{"contract", "440115-2020-000012", after, true},
		{"contract", "第 12 号", after, false},
		{"contract", "", after, false},
		{"contract", "440115-2020-000012\n", after, false},
		{"contract", strings.Repeat("9", 201), after, false},
		{"contract", "440115-2020-000012", today.AddDays(1), false},
	} {
		if err := (Issuance{c.number, c.day}).check(c.kind, today); (err == nil) != c.good {
			t.Errorf("%s %q of %s: %v", c.kind, c.number, c.day, err)
		}
	}
}

func parseDay(t *testing.T, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestStepsAreRefusedWithoutTheirRoleAndTheirDocument tries every step of every kind
// in every role, and then without what it needs.
func TestStepsAreRefusedWithoutTheirRoleAndTheirDocument(t *testing.T) {
	t.Parallel()
	today := DateOf(time.Now())
	for _, k := range CaseKinds() {
		for _, f := range FlowsOf(k.Kind) {
			c := Case{No: "test-2026-0001", Kind: k.Kind, Park: "test", State: f.From, Applicant: CaseApplicant{Key: 7, Name: "x"}, CaseContent: CaseContent{Mode: f.Mode()}, ProposedBy: 9}
			full := CaseAct{Name: f.Act, Reason: "r", Opinion: "o", Winner: "w", Contract: &Contract{AgreedStart: today, AgreedCompletion: today.AddDays(1), Price: 5}, Document: Issuance{Number: f.Document.Form(today).Example}}
			for _, role := range []Role{Visitor, Applicant, Officer, Approver, Admin} {
				s := CaseStanding{Actor: Actor{Key: 7, Role: role}, Today: today, OnFile: []CaseDocument{{Type: f.Document}}}
				_, err := c.Do(full, s, time.Now())
				var forbidden *ForbiddenError
				var missing *NotFoundError
				may := slices.Contains(f.Roles, role) || role == Admin && !slices.Contains(f.Roles, System)
				if refused := errors.As(err, &forbidden) || errors.As(err, &missing); refused == may {
					t.Errorf("%s, %s: %s by %s: %v", k.Kind, f.From, f.Act, role, err)
				}
				offered := slices.ContainsFunc(c.Acts(s.Actor, today), func(o CaseOffer) bool { return o.Act == f.Act })
				if offered != may {
					t.Errorf("%s, %s: %s is offered to %s: %v", k.Kind, f.From, f.Act, role, offered)
				}
			}
			if slices.Contains(f.Roles, System) {
				continue
			}
			s := CaseStanding{Actor: Actor{Key: 8, Role: Admin}, Today: today}
			bare := func(field string, act CaseAct) {
				t.Helper()
				_, err := c.Do(act, s, time.Now())
				if told := fieldOf(err); told != field {
					t.Errorf("%s, %s: %s without %s: %v", k.Kind, f.From, f.Act, field, err)
				}
			}
			for _, n := range f.Needs {
				act := full
				switch n {
				case NeedReason:
					act.Reason = ""
				case NeedOpinion:
					act.Opinion = ""
				case NeedWinner:
					act.Winner = ""
				case NeedContract:
					act.Contract = nil
					bare("contract.agreed_start", act)
					continue
				case NeedFee:
					continue // computed of the price
				}
				bare(string(n), act)
			}
			if f.Document != "" {
				act := full
				act.Document.Number = ""
				field := "document_no"
				if !f.Document.Issued() {
					field = "document"
				}
				bare(field, act)
			}
		}
	}
}

// fieldOf is the member that a refusal names.
func fieldOf(err error) string {
	var invalid *InvalidError
	var conflict *ConflictError
	switch {
	case errors.As(err, &invalid):
		return invalid.Findings[0].Field
	case errors.As(err, &conflict):
		return conflict.Field
	}
	return ""
}

// TestTheDocumentTellsTheFlows holds the tables and diagrams of docs/approvals.md to
// the program's own.
func TestTheDocumentTellsTheFlows(t *testing.T) {
	t.Parallel()
	const file = "../../docs/approvals.md"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	parts := map[string]string{"kinds": kindTable(), "states": stateTable(), "documents": documentTable(), "terms": termTable(), "common": stepTable(CaseFlows(), AnyCase), "guards": guardTable()}
	for _, k := range CaseKinds() {
		parts[string(k.Kind)] = diagram(k.Kind) + "\n" + stepTable(CaseFlows(), k.Kind)
	}
	for name, part := range parts {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, ok := strings.Cut(text, begin)
		held, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("%s has no part %s", file, name)
		}
		if held != part && !*update {
			t.Errorf("part %s is out of date; run go test ./data/land -update", name)
		}
		text = before + begin + part + end + after
	}
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// diagram draws the states of a kind and the steps between them.
func diagram(kind CaseKind) string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> draft\n")
	states := map[CaseState]bool{}
	for _, f := range FlowsOf(kind) {
		states[f.From], states[f.To] = true, true
	}
	for _, s := range caseStates {
		if states[s.State] {
			fmt.Fprintf(&b, "    %s: %s %s\n", s.State, s.State, s.Zh)
		}
	}
	type edge struct{ from, to CaseState }
	labels := map[edge][]string{}
	var edges []edge
	for _, f := range FlowsOf(kind) {
		e := edge{f.From, f.To}
		if len(labels[e]) == 0 {
			edges = append(edges, e)
		}
		if label := f.Zh + " " + string(f.Act); !slices.Contains(labels[e], label) {
			labels[e] = append(labels[e], label)
		}
	}
	order := func(s CaseState) int {
		return slices.IndexFunc(caseStates, func(n CaseStateName) bool { return n.State == s })
	}
	slices.SortStableFunc(edges, func(a, c edge) int {
		return cmp.Or(cmp.Compare(order(a.from), order(c.from)), cmp.Compare(order(a.to), order(c.to)))
	})
	for _, e := range edges {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", e.from, e.to, strings.Join(labels[e], " / "))
	}
	for _, s := range caseStates {
		if states[s.State] && s.Terminal {
			fmt.Fprintf(&b, "    %s --> [*]\n", s.State)
		}
	}
	b.WriteString("```\n")
	return b.String()
}

func stepTable(flows []CaseFlow, kind CaseKind) string {
	var b strings.Builder
	b.WriteString("| state | act | leads to | by | needs | document | only if | effects | clock |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, f := range flows {
		if f.Kind != kind {
			continue
		}
		document := ""
		if f.Document != "" {
			document = "`" + string(f.Document) + "`"
		}
		fmt.Fprintf(&b, "| %s | `%s` %s | %s | %s | %s | %s | %s | %s | %s |\n", f.From, f.Act, f.Zh, f.To, cells(f.Roles), cells(f.Needs), document, cells(f.Guards), cells(f.Effects), f.Clock)
	}
	return b.String()
}

func cells[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = string(one)
	}
	return strings.Join(texts, ", ")
}

func kindTable() string {
	var b strings.Builder
	b.WriteString("| kind | 类别 | | plots may be, when it is accepted | opened by |\n|---|---|---|---|---|\n")
	for _, k := range CaseKinds() {
		by := "applicants, officers"
		if k.Officers {
			by = "officers"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", k.Kind, k.Zh, k.En, cells(k.Suits), by)
	}
	return b.String()
}

func stateTable() string {
	var b strings.Builder
	b.WriteString("| state | 状态 | | ends |\n|---|---|---|---|\n")
	for _, s := range CaseStates() {
		ends := ""
		if s.Terminal {
			ends = "✓"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.State, s.Zh, s.En, ends)
	}
	return b.String()
}

func documentTable() string {
	var b strings.Builder
	b.WriteString("| type | 材料 | issued by | asked for in | from | until | number, for example | form |\n|---|---|---|---|---|---|---|---|\n")
	for _, d := range DocumentForms() {
		var by []string
		for _, f := range CaseFlows() {
			if act := fmt.Sprintf("%s `%s`", f.Kind, f.Act); f.Document == d.Type && d.Issued && !slices.Contains(by, act) {
				by = append(by, act)
			}
		}
		asked, sure := cells(d.Kinds), ""
		if len(d.Kinds) == len(CaseKinds()) {
			asked = "any"
		}
		if d.Issued {
			sure = "sure"
			if !d.Sure {
				sure = "?"
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", d.Type, d.Zh, strings.ReplaceAll(strings.Join(by, ", "), "* `", "any `"), asked, d.From, d.Until, d.Example, sure)
	}
	return b.String()
}

func termTable() string {
	var b strings.Builder
	b.WriteString("| kind | working days | fast track | rests on |\n|---|---|---|---|\n")
	for _, term := range CaseTerms() {
		fmt.Fprintf(&b, "| `%s` | %d | %d | %s |\n", term.Kind, term.Days, term.Green, term.Source.Zh)
	}
	return b.String()
}

func guardTable() string {
	var b strings.Builder
	b.WriteString("| only if | | |\n|---|---|---|\n")
	for _, g := range []Guard{GuardStated, GuardFree, GuardHolder, GuardPermit, GuardChecked, GuardOther, GuardAuction, GuardAgreement, GuardAllocation, GuardHeld, GuardOneYear, GuardTwoYears, GuardUncharged} {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", g, g.Words().Zh, g.Words().En)
	}
	b.WriteString("\n| effect | | |\n|---|---|---|\n")
	for _, e := range []Effect{EffectBind, EffectUnbind, EffectReserve, EffectRelease, EffectUse, EffectFulfil, EffectCommit, EffectUncommit, EffectSupply, EffectStart, EffectComplete, EffectVerify, EffectIdle, EffectResume, EffectRecover, EffectConditions} {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e, e.Words().Zh, e.Words().En)
	}
	return b.String()
}
