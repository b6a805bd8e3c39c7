package land

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// bookJudged is what a rule of a case says of plot 7, 20,000 m², half of which lies
// under the boundary.
func bookJudged(t *testing.T, b CaseBooks, rule string, change func(*Plot)) []ComplianceFinding {
	t.Helper()
	rules, err := ChooseRules(b.Rules(), []string{rule})
	if err != nil {
		t.Fatal(err)
	}
	s := under(change)
	s.Park.Plan = &ParkPlan{Land: 300, Investment: 27.5, Output: 20}
	p, err := b.Case.Declared.Proposal(b.Case.Applicant.Name)
	if err != nil {
		t.Fatal(err)
	}
	return Judge(s, p, rules).Findings
}

func TestRulesJudgeByOtherBooks(t *testing.T) {
	t.Parallel()
	siting := Case{No: "panyu-2026-0001", Kind: Siting, Park: "panyu", Applicant: CaseApplicant{Name: "甲公司"}, CaseContent: CaseContent{Plots: []PlotID{7}}}
	supply := siting
	supply.Kind = LandSupply
	reserved := siting
	reserved.Told.Reserved = []Reservation{{2026, NewLand, MuAmount(30), 0, 0, 0}, {2026, Scale, MuAmount(30), 0, 0, 0}}
	declared := func(investment float64) Case {
		c := siting
		c.Declared.Investment = &investment
		return c
	}
	other := func(no CaseNo, bound bool, plots ...PlotID) Case {
		return Case{No: no, Bound: bound, CaseContent: CaseContent{Plots: plots}}
	}
	has := func(year int, kind QuotaKind, mu int64) QuotaAmount {
		return QuotaAmount{QuotaAccount{"panyu", year, kind}, MuAmount(mu)}
	}
	holds := func(s Status) Plot {
		p := Plot{ID: 9, Area: 1000}
		p.Attributes = Attributes{PlotNo: "PY-9", Status: s, Holder: "甲公司"}
		return p
	}
	committed := func(p *Plot) { p.Status = Committed }
	for _, c := range []struct {
		name   string
		rule   string
		books  CaseBooks
		change func(*Plot)
		want   Outcome
		told   string
		cases  int
	}{
		{"an available plot", "suits", CaseBooks{Case: siting}, nil, Passes, "suits", 0},
		{"a planned plot", "suits", CaseBooks{Case: siting}, func(p *Plot) { p.Status = Planned }, Fails, "PY-1 (planned)", 0},
		{"committed to the case that is followed", "suits", CaseBooks{Case: supply, Followed: []PlotID{7}}, committed, Passes, "", 0},
		{"committed to another", "suits", CaseBooks{Case: supply}, committed, Fails, "committed", 0},
		{"committed to the case that is followed is one's own", "status", CaseBooks{Case: supply, Followed: []PlotID{7}}, committed, Passes, "", 0},
		{"committed to another is not", "status", CaseBooks{Case: supply}, committed, Fails, "", 0},

		{"no other case", "open_cases", CaseBooks{Case: siting}, nil, Passes, "no other case", 0},
		{"cases of other plots", "open_cases", CaseBooks{Case: siting, Others: []Case{other("a", true, 8)}}, nil, Passes, "", 0},
		{"a case that binds the plot", "open_cases", CaseBooks{Case: siting, Others: []Case{other("a", true, 7, 8)}}, nil, Fails, "bound by 1", 1},
		{"two that want it", "open_cases", CaseBooks{Case: siting, Others: []Case{other("b", false, 7), other("a", false, 7)}}, nil, Doubtful, "by 2 other", 2},

		{"quota enough", "quota", CaseBooks{Case: siting, Quota: []QuotaAmount{has(2026, NewLand, 30)}}, nil, Passes, "30 亩", 0},
		{"quota of several accounts", "quota", CaseBooks{Case: siting, Quota: []QuotaAmount{has(2026, NewLand, 29), has(2026, Stock, 1)}}, nil, Doubtful, "others", 0},
		{"quota of last year", "quota", CaseBooks{Case: siting, Quota: []QuotaAmount{has(2026, Stock, 0), has(2025, NewLand, 30)}}, nil, Doubtful, "", 0},
		{"too little quota", "quota", CaseBooks{Case: siting, Quota: []QuotaAmount{has(2026, NewLand, 29)}}, nil, Fails, "not so much", 0},
		{"scale is no land quota", "quota", CaseBooks{Case: siting, Quota: []QuotaAmount{has(2026, Scale, 99)}}, nil, Fails, "", 0},
		{"reserved already", "quota", CaseBooks{Case: reserved}, nil, Passes, "30 亩 reserved", 0},
		{"reserved by the case that is followed", "quota", CaseBooks{Case: supply, Followed: []PlotID{7}}, committed, Passes, "follows", 0},
		{"a kind that reserves nothing", "quota", CaseBooks{Case: Case{Kind: WorksPermit}}, nil, Skipped, "works_permit", 0},

		{"no other land", "holdings", CaseBooks{Case: siting}, nil, Passes, "no other plot", 0},
		{"other land", "holdings", CaseBooks{Case: siting, Holdings: []Plot{holds(Verified)}}, nil, Passes, "1 other", 0},
		{"idle land", "holdings", CaseBooks{Case: siting, Holdings: []Plot{holds(Idle), holds(Verified)}}, nil, Doubtful, "PY-9", 0},

		// The plan has 27.5 亿元 for 300 亩: 916.67 万元/亩; half of the plot is 15 亩.
		{"enough investment", "investment", CaseBooks{Case: declared(13751)}, nil, Passes, "916.73", 0},
		{"too little", "investment", CaseBooks{Case: declared(13749)}, nil, Doubtful, "less than the plan's average of 916.67", 0},
		{"none declared", "investment", CaseBooks{Case: siting}, nil, Skipped, "nothing was declared", 0},
		{"no output declared", "output", CaseBooks{Case: declared(1)}, nil, Skipped, "output", 0},
	} {
		found := bookJudged(t, c.books, c.rule, c.change)
		if len(found) != 1 || found[0].Outcome != c.want || !strings.Contains(found[0].En, c.told) || found[0].Zh == "" || len(found[0].Cases) != c.cases {
			t.Errorf("%s: %+v", c.name, found)
		}
	}
	both := bookJudged(t, CaseBooks{Case: siting, Others: []Case{other("a", true, 7), other("b", false, 7)}}, "open_cases", nil)
	if len(both) != 2 || both[0].Outcome != Fails || both[1].Outcome != Doubtful {
		t.Errorf("%+v", both)
	}
}

func TestACaseDrawsOnTheYearsThatItHasSeen(t *testing.T) {
	t.Parallel()
	day := func(s string) Date {
		d, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	c := Case{OpenedOn: day("2024-12-31")}
	if years := c.Years(day("2026-01-01")); !slices.Equal(years, []int{2026, 2025, 2024}) {
		t.Errorf("%v", years)
	}
	if years := (Case{}).Years(day("2026-01-01")); !slices.Equal(years, []int{2026}) {
		t.Errorf("%v", years)
	}
}

// TestEveryStepReadsAsASentence tells every step of the table in both languages.
func TestEveryStepReadsAsASentence(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 2, 15, 0, 0, time.UTC)
	facts, err := json.Marshal(CaseFacts{Winner: "竞得公司", Contract: &Contract{}, Reserved: []Reservation{{2026, NewLand, MuAmount(3), 0, 0, 0}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range CaseKinds() {
		for _, f := range FlowsOf(k.Kind) {
			c := Case{No: "panyu-2026-0001", Kind: k.Kind, CaseContent: CaseContent{Mode: f.Mode(), Plots: []PlotID{7}}}
			e := CaseEvent{Act: f.Act, From: f.From, To: f.To, Actor: "李经办", Role: f.Roles[0], At: at, Reason: "理由甲", Facts: facts}
			if f.Document.Issued() {
				e.Document, e.DocumentNo, e.DocumentOn = f.Document, "文号1", DateOf(at)
			}
			told := c.Sentence(e)
			for _, want := range []string{"2026年3月2日 10:15", f.Zh, "理由甲", "竞得公司"} {
				if !strings.Contains(told.Zh, want) {
					t.Errorf("%s %s: %q is not in %s", k.Kind, f.Act, want, told.Zh)
				}
			}
			if !strings.Contains(told.En, f.En) || !strings.HasSuffix(told.En, ".") || strings.Contains(told.Zh+told.En, "%!") || f.Document.Issued() && !strings.Contains(told.Zh, "文号1") {
				t.Errorf("%s %s: %s %s", k.Kind, f.Act, told.Zh, told.En)
			}
		}
	}
	c := Case{Kind: LandSupply, CaseContent: CaseContent{Mode: ByAuction, Follows: "x"}}
	deputy := c.Sentence(CaseEvent{Act: "approve", From: CaseProposed, To: CaseApproved, Actor: "李经办", Role: Approver, Deputy: 3, At: at})
	if deputy.Zh != "2026年3月2日 10:15，李经办（受委托的审批人）批准供地方案，待审定 → 已批准；办理时限终止；所承接案件之外的地块由可供变为已预占。" {
		t.Error(deputy.Zh)
	}
}

func TestWhatOneMayDoBesidesTheSteps(t *testing.T) {
	t.Parallel()
	applicant, rival, officer, approver := Actor{Key: 1, Role: Applicant}, Actor{Key: 2, Role: Applicant}, Actor{Key: 3, Role: Officer}, Actor{Key: 4, Role: Approver}
	for _, c := range []struct {
		state               CaseState
		actor               Actor
		edit, attach, check bool
	}{
		{CaseDrafted, applicant, true, true, false}, {CaseDrafted, rival, false, false, false}, {CaseDrafted, officer, true, true, true}, {CaseDrafted, approver, false, true, true},
		{CaseSubmitted, applicant, false, true, false}, {CaseAccepted, officer, true, true, true}, {CaseProposed, officer, false, true, true},
		{CaseClosed, applicant, false, false, false}, {CaseClosed, officer, false, true, false},
	} {
		of := Case{Kind: Siting, Park: "panyu", State: c.state, Applicant: CaseApplicant{1, "甲公司"}, Bound: c.state == CaseAccepted}
		if edit, attach, check := of.MayEdit(c.actor), of.MayAttach(c.actor, "other"), of.MayCheck(c.actor); edit != c.edit || attach != c.attach || check != c.check {
			t.Errorf("%s, %s: edit %v, attach %v, check %v", c.state, c.actor.Role, edit, attach, check)
		}
	}
	decides := CaseFlow{Guards: []Guard{GuardOther}}
	if c := (Case{ProposedBy: 3}); !c.Barred(officer, decides) || c.Barred(approver, decides) || c.Barred(officer, CaseFlow{}) {
		t.Error("who proposed is not barred, or another is")
	}
}
