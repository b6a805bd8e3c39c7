package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/access"
	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// mostRounds is how often a check is made anew because the register changed while
// it was made.
const mostRounds = 3

// caseCheck is a compliance check that is kept with its case, and how it differs
// from the one before.
type caseCheck struct {
	Seq        int              `json:"seq"`
	Verdict    land.Outcome     `json:"verdict"`
	VerdictZh  string           `json:"verdict_zh"`
	Basis      string           `json:"basis"`
	Holds      bool             `json:"holds"` // it rests on what holds now
	Actor      string           `json:"actor"`
	At         time.Time        `json:"at"`
	Difference []ruleDifference `json:"difference"`
	Result     json.RawMessage  `json:"result"`
}

// ruleDifference is a rule that a check judges otherwise than the one before did.
type ruleDifference struct {
	Rule   string      `json:"rule"`
	NameZh string      `json:"name_zh"`
	NameEn string      `json:"name_en"`
	Change string      `json:"change"` // better, worse, or other
	Before *ruleRemark `json:"before"` // null where the rule was not looked at
	After  *ruleRemark `json:"after"`
}

// ruleRemark is the worst that a check says by a rule.
type ruleRemark struct {
	Severity  land.Outcome `json:"severity"`
	Message   string       `json:"message"`
	MessageZh string       `json:"message_zh"`
}

// keptFindings is as much of a kept result as checks are compared by.
type keptFindings struct {
	Findings []keptFinding `json:"findings"`
	Skipped  []keptFinding `json:"skipped"`
}

type keptFinding struct {
	Rule   string `json:"rule"`
	NameZh string `json:"name_zh"`
	NameEn string `json:"name_en"`
	ruleRemark
}

// remarks are what a result says, by rule, in its order.
func (k keptFindings) remarks() (rules []keptFinding) {
	for _, f := range slices.Concat(k.Findings, k.Skipped) {
		i := slices.IndexFunc(rules, func(g keptFinding) bool { return g.Rule == f.Rule })
		switch {
		case i < 0:
			rules = append(rules, f)
		case grade[f.Severity] > grade[rules[i].Severity]:
			rules[i] = f
		}
	}
	return rules
}

// grade orders what is said by a rule from the best to the worst.
var grade = map[land.Outcome]int{land.Skipped: 0, land.Passes: 1, land.Doubtful: 2, land.Fails: 3}

// compareChecks tells rule by rule what a result says otherwise than the one before.
func compareChecks(before, after json.RawMessage) ([]ruleDifference, error) {
	found := []ruleDifference{}
	if before == nil {
		return found, nil
	}
	var was, is keptFindings
	if err := errors.Join(json.Unmarshal(before, &was), json.Unmarshal(after, &is)); err != nil {
		return nil, err
	}
	earlier := was.remarks()
	for _, f := range is.remarks() {
		i := slices.IndexFunc(earlier, func(g keptFinding) bool { return g.Rule == f.Rule })
		if i < 0 {
			found = append(found, ruleDifference{f.Rule, f.NameZh, f.NameEn, "other", nil, &f.ruleRemark})
			continue
		}
		g := earlier[i]
		earlier = slices.Delete(earlier, i, i+1)
		change := "other"
		switch {
		case f.ruleRemark == g.ruleRemark:
			continue
		case grade[f.Severity] > grade[g.Severity]:
			change = "worse"
		case grade[f.Severity] < grade[g.Severity]:
			change = "better"
		}
		found = append(found, ruleDifference{f.Rule, f.NameZh, f.NameEn, change, &g.ruleRemark, &f.ruleRemark})
	}
	for _, g := range earlier {
		found = append(found, ruleDifference{g.Rule, g.NameZh, g.NameEn, "other", &g.ruleRemark, nil})
	}
	return found, nil
}

// describeChecks tells the checks of a case, oldest first. Who may not see the park's
// cases is not told their numbers.
func describeChecks(c land.Case, checks []land.CaseCheck, basis string, to land.Actor) ([]caseCheck, error) {
	told := make([]caseCheck, len(checks))
	var before json.RawMessage
	for i, k := range checks {
		different, err := compareChecks(before, k.Result)
		if err != nil {
			return nil, err
		}
		before = k.Result
		told[i] = caseCheck{k.Seq, k.Verdict, k.Verdict.Verdict().Zh, k.Basis, k.Basis == basis, k.Actor, k.At.UTC(), different, k.Result}
		if !to.MaySeeCases(c.Park) {
			if told[i].Result, err = withoutCases(k.Result); err != nil {
				return nil, err
			}
		}
	}
	return told, nil
}

// withoutCases is a result that does not number the cases that it found.
func withoutCases(result json.RawMessage) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(result, &members); err != nil {
		return nil, err
	}
	var findings []map[string]json.RawMessage
	if err := json.Unmarshal(members["findings"], &findings); err != nil {
		return nil, err
	}
	for _, f := range findings {
		delete(f, "cases")
	}
	var err error
	if members["findings"], err = json.Marshal(findings); err != nil {
		return nil, err
	}
	return json.Marshal(members)
}

// getCaseChecks lists the compliance checks that are kept with a case.
func (s *server) getCaseChecks(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	told, err := s.checksOf(c, found)
	if err != nil {
		return err
	}
	return door.Private(c, http.StatusOK, map[string]any{"checks": told})
}

func (s *server) checksOf(c echo.Context, of land.Case) ([]caseCheck, error) {
	ctx, actor := c.Request().Context(), access.Actor(c)
	checks, err := s.DB.Checks(ctx, actor, of.No)
	if err != nil {
		return nil, err
	}
	basis, err := s.DB.CaseBasis(ctx, actor, of.No)
	if err != nil {
		return nil, err
	}
	return describeChecks(of, checks, basis, actor)
}

// postCaseCheck checks the land of a case against the register and the other books
// as they are now, and keeps what it finds.
func (s *server) postCaseCheck(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	once, err := door.ReadOnce(c, nil)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), access.Actor(c)
	kept, done, err := s.checkCase(ctx, actor, found.No, once)
	if err != nil {
		return err
	}
	s.settleAct(c, done)
	told, err := s.checksOf(c, found)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(told, func(k caseCheck) bool { return k.Seq == kept.Seq })
	if i < 0 {
		return &land.NotFoundError{What: "case", Name: string(found.No)}
	}
	return door.Private(c, http.StatusCreated, map[string]any{"change": describeChange(done.Change, actor), "check": told[i]})
}

// checkCase makes a check, anew where the register changed meanwhile, and keeps it.
func (s *server) checkCase(ctx context.Context, actor land.Actor, no land.CaseNo, once land.Once) (kept land.CaseCheck, done postgis.Acted, err error) {
	for range mostRounds {
		var basis string
		if basis, err = s.DB.CaseBasis(ctx, actor, no); err != nil {
			return kept, done, err
		}
		var found compliance
		if found, err = s.judgeCase(ctx, actor, no, nil); err != nil {
			return kept, done, err
		}
		var result []byte
		if result, err = json.Marshal(found); err != nil {
			return kept, done, err
		}
		kept, done, err = s.DB.RecordCheck(ctx, actor, no, basis, found.Verdict, result, once)
		var changed *land.ConflictError
		if !errors.As(err, &changed) || changed.Field != "basis" {
			break
		}
	}
	return kept, done, err
}

// judgeCase holds the land of a case to the rules of cases, but for those that are
// left out.
func (s *server) judgeCase(ctx context.Context, actor land.Actor, no land.CaseNo, leave []string) (compliance, error) {
	view, err := s.current(ctx)
	if err != nil {
		return compliance{}, err
	}
	c, err := s.DB.Case(ctx, actor, no)
	if err != nil {
		return compliance{}, err
	}
	books, err := s.booksOf(ctx, c, view)
	if err != nil {
		return compliance{}, err
	}
	proposal, err := c.Declared.Proposal(c.Applicant.Name)
	if err != nil {
		return compliance{}, err
	}
	boundary, crs, err := view.JoinPlots(c.Plots)
	var missing *land.NotFoundError
	switch {
	case errors.As(err, &missing):
		return compliance{}, land.ConflictOn("plots", geo.Say("登记库中没有地块 %s，或已注销", "plot %s is not in the register, or ended", missing.Name), geo.Say("请改列现有的地块", "name plots that are there"))
	case err != nil:
		return compliance{}, badBoundary(err)
	}
	rules := slices.DeleteFunc(books.Rules(), func(r land.ComplianceRule) bool { return slices.Contains(leave, r.ID) })
	survey, err := view.Survey(boundary, crs, land.NeedsOf(rules), false)
	if err != nil {
		return compliance{}, badBoundary(err)
	}
	return describeCompliance(land.Judge(survey, proposal, rules), view), nil
}

// current is a view that shows all that is committed by now.
func (s *server) current(ctx context.Context) (*tiles.View, error) {
	view := s.live.View()
	for {
		behind, err := s.DB.Changes(ctx, view.Seq, changesPerPage)
		if err != nil || len(behind) == 0 {
			return view, err
		}
		seq := behind[len(behind)-1].Seq
		if view, err = s.views.After(ctx, seq); err != nil {
			return nil, door.Deny(http.StatusServiceUnavailable, geo.Say("变更 %d 尚未到达，请重试", "change %d has not arrived here yet; try again", seq))
		}
	}
}

// registrar is the service itself, which looks into books for rules that do not tell
// all that is in them.
var registrar = land.Actor{Name: "dikuai", Role: land.Admin}

// booksOf reads what other books say of a case.
func (s *server) booksOf(ctx context.Context, c land.Case, view *tiles.View) (land.CaseBooks, error) {
	books := land.CaseBooks{Case: c}
	open := true
	others, _, err := s.DB.Cases(ctx, registrar, postgis.CaseQuery{Parks: []land.ParkCode{c.Park}, Open: &open})
	if err != nil {
		return books, err
	}
	for _, o := range others {
		switch {
		case o.No == c.No || o.State == land.CaseDrafted:
		case o.No == c.Follows:
			if c.Kind == land.LandSupply {
				books.Followed = o.Plots
			}
		default:
			books.Others = append(books.Others, o)
		}
	}
	states, err := s.DB.QuotaStates(ctx, registrar, postgis.QuotaQuery{Parks: []land.ParkCode{c.Park}, Years: c.Years(s.DB.Today())}, land.Moment{})
	if err != nil {
		return books, err
	}
	for _, q := range states {
		books.Quota = append(books.Quota, land.QuotaAmount{Account: q.Account, Available: q.Available.Total})
	}
	books.Holdings, err = holdings(view, c)
	return books, err
}

// mostHoldings bounds the plots of an applicant that are looked at.
const mostHoldings = 1000

// holdings are the plots of a case's applicant that are not the case's.
func holdings(view *tiles.View, c land.Case) ([]land.Plot, error) {
	of, err := tiles.NewSearch(land.Query{Text: c.Applicant.Name}, nil)
	if err != nil {
		return nil, err
	}
	var found []land.Plot
	for p := range view.Matches(of, nil, mostHoldings) {
		if p.Holder == c.Applicant.Name && !slices.Contains(c.Plots, p.ID) {
			found = append(found, *p)
		}
	}
	return found, nil
}

// getCasePrecheck says how a case stands to the rules, without keeping it. Who may
// not see the quota ledger is told nothing of it.
func (s *server) getCasePrecheck(c echo.Context) error {
	found, err := s.caseOf(c)
	if err != nil {
		return err
	}
	actor := access.Actor(c)
	var leave []string
	if actor.MaySeeQuota(found.Park) != nil {
		leave = []string{"quota"}
	}
	told, err := s.judgeCase(c.Request().Context(), actor, found.No, leave)
	if err != nil {
		return err
	}
	if !actor.MaySeeCases(found.Park) {
		for i := range told.Findings {
			told.Findings[i].Cases = nil
		}
	}
	return door.Private(c, http.StatusOK, told)
}
