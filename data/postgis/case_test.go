package postgis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

// The people of an office, each with a key of his own.
var (
	company   = land.Actor{Key: 11, Name: "星海科技", Role: land.Applicant}
	rival     = land.Actor{Key: 12, Name: "Rival", Role: land.Applicant}
	clerk     = land.Actor{Key: 21, Name: "clerk", Role: land.Officer}
	director  = land.Actor{Key: 31, Name: "director", Role: land.Approver}
	caseAdmin = land.Actor{Key: 41, Name: "admin", Role: land.Admin}
)

// office is a register with cases under way.
type office struct {
	t     *testing.T
	db    *postgis.DB
	url   string
	plots []land.Plot // of park "test", 100 m by 60 m each
}

// openOffice founds park "test" of n plots in a row, with quota of every kind that
// land is built on by, in this year's accounts.
func openOffice(t *testing.T, n int, status land.Status) *office {
	t.Helper()
	o := &office{t: t}
	o.db, o.url = postgistest.Open(t)
	o.found("test", n, status)
	return o
}

// found founds a park of n plots.
func (o *office) found(park land.ParkCode, n int, status land.Status) {
	o.t.Helper()
	var drafts []land.Draft
	for i := range n {
		d := draft(o.t, fmt.Sprintf("P%d", i+1), fmt.Sprintf("POLYGON((%[1]d 0,%[2]d 0,%[2]d 60,%[1]d 60,%[1]d 0))", 100*i, 100*i+100))
		d.Status, d.ValidFrom = status, date(o.t, "2016-01-01")
		drafts = append(drafts, d)
	}
	if _, err := importDrafts(o.t, o.db, land.Import{Park: park}, drafts...); err != nil {
		o.t.Fatal(err)
	}
	for _, kind := range []land.QuotaKind{land.NewLand, land.Stock} {
		post(o.t, o.db, land.QuotaEntry{Account: quotaAccount(park, o.db.Today().Year(), kind), Type: land.EntryGrant, Quantity: mu(1000), DocumentNo: "下达 1"})
	}
	o.plots = nil
	for _, p := range load(o.t, o.db).Plots {
		if p.Park == park {
			o.plots = append(o.plots, p)
		}
	}
}

// content is what a case about plots of the park applies for.
func content(plots ...land.PlotID) land.CaseContent {
	far := 2.0
	return land.CaseContent{Title: "星海研发中心", Plots: plots, Declared: land.Declared{LandUse: "A35", FAR: &far}}
}

// open opens a case, of which nothing is at fault.
func (o *office) open(actor land.Actor, kind land.CaseKind, c land.CaseContent) land.Case {
	o.t.Helper()
	if kind == land.LandSupply && c.Mode == "" {
		c.Mode = land.ByAllocation
	}
	done, err := o.db.OpenCase(context.Background(), actor, land.CaseDraft{Kind: kind, Park: o.park(c), Name: company.Name, CaseContent: c}, land.Once{})
	if err != nil {
		o.t.Fatal(err)
	}
	return done.Case
}

func (o *office) park(c land.CaseContent) land.ParkCode {
	for _, p := range o.plots {
		if slices.Contains(c.Plots, p.ID) {
			return p.Park
		}
	}
	return "test"
}

// serial makes document numbers that were never used.
var serial atomic.Int64

// plainAct is an act with all that any step needs.
func plainAct(name land.ActName, document land.DocumentType, today land.Date) land.CaseAct {
	n := serial.Add(1)
	a := land.CaseAct{Name: name, Reason: "理由", Opinion: "同意", Winner: "竞得公司", Document: land.Issuance{Number: documentNo(document, n)}}
	a.Contract = &land.Contract{AgreedStart: today, AgreedCompletion: today.AddYears(2), Price: 1_000_000_000}
	return a
}

// documentNo is a number in a type's form.
func documentNo(t land.DocumentType, n int64) string {
	switch t {
	case "contract", "allocation_decision":
		return fmt.Sprintf("440115-2026-%06d", n)
	case "construction_permit":
		return fmt.Sprintf("4401152026%08d", n)
	}
	return fmt.Sprintf("穗规划资源业务〔2026〕%d号", n)
}

// act does a step, of which nothing is at fault, with all that it needs.
func (o *office) act(actor land.Actor, c land.Case, name land.ActName, change ...func(*land.CaseAct)) land.Case {
	o.t.Helper()
	done, err := o.try(actor, c, name, change...)
	if err != nil {
		o.t.Fatalf("%s of %s %s (%s): %v", name, c.Kind, c.No, c.State, err)
	}
	return done.Case
}

// try does a step with all that it needs.
func (o *office) try(actor land.Actor, c land.Case, name land.ActName, change ...func(*land.CaseAct)) (postgis.Acted, error) {
	o.t.Helper()
	a := plainAct(name, c.Document(name), o.db.Today())
	for _, f := range change {
		f(&a)
	}
	return o.db.ActOnCase(context.Background(), actor, c.No, c.Version, a, land.Once{})
}

// file takes a document in.
func (o *office) file(actor land.Actor, c land.Case, t land.DocumentType) {
	o.t.Helper()
	if _, _, err := o.db.AddDocument(context.Background(), actor, c.No, land.CaseDocument{Type: t, FileName: "文件.pdf", MediaType: "application/pdf"}, []byte("%PDF-"+c.No), land.Once{}); err != nil {
		o.t.Fatal(err)
	}
}

// check keeps a compliance check.
func (o *office) check(c land.Case, verdict land.Outcome) {
	o.t.Helper()
	ctx := context.Background()
	basis, err := o.db.CaseBasis(ctx, clerk, c.No)
	if err != nil {
		o.t.Fatal(err)
	}
	if _, _, err := o.db.RecordCheck(ctx, clerk, c.No, basis, verdict, json.RawMessage(`{"verdict": "`+string(verdict)+`", "findings": []}`), land.Once{}); err != nil {
		o.t.Fatal(err)
	}
}

// accepted is a case that was opened, submitted and accepted.
func (o *office) accepted(kind land.CaseKind, c land.CaseContent) land.Case {
	o.t.Helper()
	paper, by := land.DocumentType("application"), company
	if kind == land.IdleLand {
		paper, by = "idle_investigation", clerk
	}
	opened := o.open(by, kind, c)
	o.file(by, opened, paper)
	return o.act(clerk, o.act(by, opened, "submit"), "accept")
}

// proposed is a case that came to its proposal.
func (o *office) proposed(kind land.CaseKind, c land.CaseContent) land.Case {
	o.t.Helper()
	accepted := o.accepted(kind, c)
	o.check(accepted, land.Passes)
	return o.act(clerk, accepted, "propose")
}

// now reads a case.
func (o *office) now(no land.CaseNo) land.Case {
	o.t.Helper()
	c, err := o.db.Case(context.Background(), caseAdmin, no)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// plot reads a plot.
func (o *office) plot(id land.PlotID) land.Plot {
	o.t.Helper()
	p, err := o.db.Plot(context.Background(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

// statuses are those of plots.
func (o *office) statuses(ids ...land.PlotID) []land.Status {
	o.t.Helper()
	var all []land.Status
	for _, id := range ids {
		all = append(all, o.plot(id).Status)
	}
	return all
}

// quota is what a case has reserved and used.
func (o *office) quota(no land.CaseNo) (reserved, used land.Amount) {
	o.t.Helper()
	row(o.t, o.url, `SELECT coalesce(sum(amount) FILTER (WHERE pot = 'reserved'), 0)::bigint, coalesce(sum(amount) FILTER (WHERE pot = 'used'), 0)::bigint FROM quota_pots WHERE case_no = '`+string(no)+`'`, &reserved, &used)
	return reserved, used
}

// TestLandPassesThroughItsCases leads a plot from its siting to the verification of
// what was built on it.
func TestLandPassesThroughItsCases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 2, land.Available)
	id, area := o.plots[0].ID, land.AmountOf(o.plots[0].Area)

	siting := o.proposed(land.Siting, content(id))
	if reserved, used := o.quota(siting.No); reserved != area || used != 0 || o.plot(id).Status != land.Available {
		t.Errorf("proposed: %v reserved, %v used, %s", reserved, used, o.plot(id).Status)
	}
	siting = o.act(director, siting, "approve")
	if p := o.plot(id); siting.State != land.CaseApproved || p.Status != land.Committed || p.Version != 2 {
		t.Errorf("approved: %s, plot %s in version %d", siting.State, p.Status, p.Version)
	}

	applied := content(id)
	applied.Follows = siting.No
	supply := o.proposed(land.LandSupply, applied)
	if reserved, _ := o.quota(supply.No); reserved != 0 {
		t.Errorf("the supply reserved %v again", reserved)
	}
	supply = o.act(director, supply, "approve")
	supply = o.act(clerk, supply, "contract")
	p := o.plot(id)
	if p.Status != land.Supplied || p.Holder != company.Name || p.SupplyMode != "划拨" || p.SuppliedOn != o.db.Today() || p.Version != 3 {
		t.Errorf("supplied: %+v", p.Attributes)
	}
	if reserved, used := o.quota(siting.No); reserved != 0 || used != area {
		t.Errorf("supplied: %v reserved, %v used", reserved, used)
	}
	if siting = o.now(siting.No); siting.State != land.CaseClosed || supply.State != land.CaseClosed || siting.Bound || supply.Bound {
		t.Errorf("the siting is %s, the supply %s", siting.State, supply.State)
	}

	permit := o.act(director, o.proposed(land.PlanningPermit, content(id)), "approve")
	works := o.act(director, o.proposed(land.WorksPermit, content(id)), "approve")
	works = o.act(clerk, o.act(clerk, works, "start"), "complete")
	verified := o.act(director, o.proposed(land.PlanningAcceptance, content(id)), "approve")
	if permit.State != land.CaseClosed || works.State != land.CaseClosed || verified.State != land.CaseClosed || o.plot(id).Status != land.Verified {
		t.Errorf("%s, %s, %s, %s", permit.State, works.State, verified.State, o.plot(id).Status)
	}
	events, err := o.db.CaseEvents(ctx, company, siting.No)
	if err != nil || len(events) != 8 || events[7].Act != land.ActFulfil || events[7].Role != land.System || events[7].Seq == 0 {
		t.Errorf("%d events, %v: %+v", len(events), err, events)
	}
	o.sound()
}

// sound holds the whole register to itself.
func (o *office) sound() {
	o.t.Helper()
	potsHold(o.t, o.url)
	checkLog(o.t, o.db)
}
