package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// traces is everything that an act could have written, told short.
func (o *office) traces() string {
	o.t.Helper()
	return ask[string](o.t, o.url, `SELECT concat_ws(' ', (SELECT count(*) FROM changes), (SELECT count(*) FROM case_events), (SELECT count(*) FROM quota_entries), (SELECT count(*) FROM plot_versions),
		(SELECT count(*) FROM case_documents), (SELECT count(*) FROM case_checks), (SELECT count(*) FROM idempotency_keys), (SELECT md5(string_agg(c::text, ' ' ORDER BY no)) FROM cases c),
		(SELECT md5(string_agg(p::text, ' ' ORDER BY case_no, plot_id)) FROM case_plots p))`)
}

// refusal is what an act is refused with.
type refusal struct {
	status int // as the API has it
	field  string
}

func refusalOf(err error) refusal {
	var conflict *land.ConflictError
	var invalid *land.InvalidError
	var forbidden *land.ForbiddenError
	var missing *land.NotFoundError
	switch {
	case errors.As(err, &conflict):
		return refusal{409, conflict.Field}
	case errors.As(err, &invalid):
		return refusal{422, invalid.Findings[0].Field}
	case errors.As(err, &forbidden):
		return refusal{403, ""}
	case errors.As(err, &missing):
		return refusal{404, missing.What}
	case errors.Is(err, land.ErrStale):
		return refusal{412, ""}
	}
	return refusal{}
}

// refuses wants an act to be refused and to have moved nothing.
func (o *office) refuses(name string, want refusal, act func() error) {
	o.t.Helper()
	before := o.traces()
	err := act()
	if got := refusalOf(err); got != want {
		o.t.Errorf("%s: %v, want %v: %v", name, got, want, err)
	}
	if after := o.traces(); after != before {
		o.t.Errorf("%s: something moved: %s, then %s", name, before, after)
	}
}

// refusesStep wants a step to be refused.
func (o *office) refusesStep(name string, want refusal, actor land.Actor, c land.Case, act land.ActName, change ...func(*land.CaseAct)) {
	o.t.Helper()
	o.refuses(name, want, func() error {
		_, err := o.try(actor, c, act, change...)
		return err
	})
}

// TestWhatCasesRefuse tries every way in which an act can be wrong.
func TestWhatCasesRefuse(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 8, land.Available)
	first := o.plots
	o.found("other", 1, land.Available)
	foreign := o.plots[0]
	o.plots = append(first, foreign)
	id := func(i int) land.PlotID { return first[i].ID }
	otherAdmin := land.Actor{Key: 51, Name: "clerk of the other park", Role: land.Officer, Park: "other"}
	year := o.db.Today().Year()
	if year < 2017 {
		t.Fatal("the clock is wrong")
	}
	draft := o.open(company, land.Siting, content(id(0)))

	// Who may see it, and who may do it.
	o.refusesStep("another applicant", refusal{404, "case"}, rival, draft, "submit")
	o.refusesStep("a visitor", refusal{404, "case"}, land.Actor{Key: 5, Role: land.Visitor}, draft, "submit")
	o.refusesStep("an officer of another park", refusal{404, "case"}, otherAdmin, draft, "submit")
	o.refusesStep("an approver submits", refusal{403, ""}, director, draft, "submit")
	o.refuses("no such case", refusal{404, "case"}, func() error {
		_, err := o.db.ActOnCase(ctx, clerk, "test-2026-9999", 1, land.CaseAct{Name: "submit"}, land.Once{})
		return err
	})
	o.refuses("an applicant finds land idle", refusal{403, ""}, func() error {
		_, err := o.db.OpenCase(ctx, company, land.CaseDraft{Kind: land.IdleLand, Park: "test", CaseContent: content(id(0))}, land.Once{})
		return err
	})
	o.refuses("an officer opens a case in another park", refusal{403, ""}, func() error {
		_, err := o.db.OpenCase(ctx, otherAdmin, land.CaseDraft{Kind: land.Siting, Park: "test", CaseContent: content(id(0))}, land.Once{})
		return err
	})
	for _, c := range []struct {
		name, field string
		change      func(*land.CaseDraft)
	}{
		{"no kind", "kind", func(d *land.CaseDraft) { d.Kind = "gift" }},
		{"no title", "title", func(d *land.CaseDraft) { d.Title = "" }},
		{"no plots", "plots", func(d *land.CaseDraft) { d.Plots = nil }},
		{"a plot that is not there", "plots", func(d *land.CaseDraft) { d.Plots = []land.PlotID{12345} }},
		{"a plot of another park", "plots", func(d *land.CaseDraft) { d.Plots = []land.PlotID{foreign.ID} }},
		{"a mode of supply", "mode", func(d *land.CaseDraft) { d.Mode = land.ByAuction }},
		{"no mode of supply", "mode", func(d *land.CaseDraft) { d.Kind = land.LandSupply }},
		{"the fast track", "green", func(d *land.CaseDraft) { d.Green = true }},
		{"a case that is not there", "follows", func(d *land.CaseDraft) { d.Follows = "test-2026-9999" }},
		{"a use that is not there", "declared.land_use", func(d *land.CaseDraft) { d.Declared.LandUse = "Z9" }},
		{"an impossible FAR", "declared.far", func(d *land.CaseDraft) { far := 99.0; d.Declared.FAR = &far }},
		{"a control character", "declared.purpose", func(d *land.CaseDraft) { d.Declared.Purpose = "a\x00b" }},
	} {
		o.refuses(c.name, refusal{422, c.field}, func() error {
			d := land.CaseDraft{Kind: land.Siting, Park: "test", CaseContent: content(id(0))}
			c.change(&d)
			_, err := o.db.OpenCase(ctx, company, d, land.Once{})
			return err
		})
	}

	// The order of things.
	o.refusesStep("no application", refusal{409, "document"}, company, draft, "submit")
	o.refusesStep("out of order", refusal{409, "action"}, clerk, draft, "accept")
	o.refusesStep("no such step", refusal{422, "action"}, clerk, draft, "fly")
	o.refusesStep("a step of another kind", refusal{422, "action"}, clerk, draft, "announce")
	o.file(company, draft, "application")
	submitted := o.act(company, draft, "submit")
	o.refusesStep("stale", refusal{412, ""}, clerk, draft, "accept")
	o.refusesStep("a double click", refusal{412, ""}, company, draft, "submit")
	o.refusesStep("a double click that read again", refusal{409, "action"}, company, submitted, "submit")
	o.refusesStep("an applicant accepts", refusal{403, ""}, company, submitted, "accept")
	o.refuses("an applicant edits what was submitted", refusal{403, ""}, func() error {
		_, err := o.db.EditCase(ctx, company, submitted.No, submitted.Version, content(id(1)), land.Once{})
		return err
	})
	accepted := o.act(clerk, submitted, "accept")
	o.refusesStep("no compliance check", refusal{409, "check"}, clerk, accepted, "propose")
	o.check(accepted, land.Fails)
	o.refusesStep("a check that failed", refusal{409, "check"}, clerk, accepted, "propose")
	o.check(accepted, land.Doubtful)
	o.refusesStep("no opinion", refusal{422, "opinion"}, clerk, accepted, "propose", func(a *land.CaseAct) { a.Opinion = "" })
	o.refuses("a check on another basis", refusal{409, "basis"}, func() error {
		_, _, err := o.db.RecordCheck(ctx, clerk, accepted.No, "x", land.Passes, []byte(`{}`), land.Once{})
		return err
	})
	o.refuses("an applicant checks", refusal{403, ""}, func() error {
		_, _, err := o.db.RecordCheck(ctx, company, accepted.No, "x", land.Passes, []byte(`{}`), land.Once{})
		return err
	})

	// Quota.
	area := land.AmountOf(first[0].Area)
	claim := func(park land.ParkCode, year int, kind land.QuotaKind, total land.Amount) func(*land.CaseAct) {
		return func(a *land.CaseAct) {
			a.Quota = append(a.Quota, land.QuotaClaim{Account: land.QuotaAccount{Park: park, Year: year, Kind: kind}, Quantity: land.Quantity{Total: total}})
		}
	}
	o.refusesStep("quota of another park", refusal{409, "quota"}, clerk, accepted, "propose", claim("other", year, land.NewLand, area))
	o.refusesStep("quota of another year", refusal{409, "quota"}, clerk, accepted, "propose", claim("test", year-1, land.NewLand, area))
	o.refusesStep("quota of a year to come", refusal{409, "quota"}, clerk, accepted, "propose", claim("test", year+1, land.NewLand, area))
	o.refusesStep("too little quota", refusal{422, "quota"}, clerk, accepted, "propose", claim("test", year, land.NewLand, area-1))
	o.refusesStep("a kind twice", refusal{422, "quota"}, clerk, accepted, "propose", claim("test", year, land.NewLand, area/2), claim("test", year, land.NewLand, area-area/2))
	o.refusesStep("no such kind", refusal{422, "kind"}, clerk, accepted, "propose", claim("test", year, "gift", area))
	o.refusesStep("quota that is not there", refusal{409, "mu"}, clerk, accepted, "propose", claim("test", year, land.StockLinked, area))
	o.refusesStep("more scale than land", refusal{422, "quota"}, clerk, accepted, "propose", claim("test", year, land.NewLand, area), claim("test", year, land.Scale, area+1))
	proposed := o.act(clerk, accepted, "propose")
	o.refuses("quota of a case by hand", refusal{409, "case_no"}, func() error {
		_, _, err := o.db.PostQuota(ctx, quotaAdmin, land.QuotaEntry{Account: quotaAccount("test", year, land.NewLand), Type: land.EntryRelease, Quantity: mu(1), CaseNo: string(proposed.No), DocumentNo: "x"}, land.Once{})
		return err
	})
	reservation := ask[int64](t, o.url, `SELECT max(id) FROM quota_entries WHERE entry = 'reserve'`)
	o.refuses("a reservation of a case reversed by hand", refusal{409, "case_no"}, func() error {
		_, _, err := o.db.PostQuota(ctx, quotaAdmin, land.QuotaEntry{Account: quotaAccount("test", year, land.NewLand), Type: land.EntryReverse, Of: land.EntryID(reservation), Reason: "x"}, land.Once{})
		return err
	})

	// Who decides, on what.
	asAdmin := o.act(caseAdmin, o.act(director, proposed, "send_back"), "propose")
	o.refusesStep("approving one's own proposal", refusal{403, ""}, caseAdmin, asAdmin, "approve")
	o.refusesStep("refusing one's own proposal", refusal{403, ""}, caseAdmin, asAdmin, "refuse")
	o.refusesStep("an officer approves", refusal{403, ""}, clerk, asAdmin, "approve")
	number := func(no string) func(*land.CaseAct) { return func(a *land.CaseAct) { a.Document.Number = no } }
	o.refusesStep("no number", refusal{422, "document_no"}, director, asAdmin, "approve", number(""))
	o.refusesStep("a number in no form", refusal{422, "document_no"}, director, asAdmin, "approve", number("12"))
	o.refusesStep("a number of another period", refusal{422, "document_no"}, director, asAdmin, "approve", number("用字第440115202600012号"), func(a *land.CaseAct) { a.Document.Day = date(t, "2018-05-01") })
	o.refusesStep("a day to come", refusal{422, "document_day"}, director, asAdmin, "approve", func(a *land.CaseAct) { a.Document.Day = o.db.Today().AddDays(1) })
	approved := o.act(director, asAdmin, "approve", number("用字第440115202600012号"))
	second := o.proposed(land.Siting, content(id(1)))
	o.refusesStep("a number that was used", refusal{409, "document_no"}, director, second, "approve", number("用字第440115202600012号"))
	o.refusesStep("a check out of date", refusal{409, "check"}, director, o.editedSince(second), "approve")

	// Plots that are taken.
	bound := o.open(company, land.Siting, content(id(1)))
	o.file(company, bound, "application")
	o.refusesStep("a plot that is bound", refusal{409, "plots"}, clerk, o.act(company, bound, "submit"), "accept")
	committed := o.open(company, land.LandSupply, content(id(0)))
	o.file(company, committed, "application")
	o.refusesStep("a plot that is committed", refusal{409, "plots"}, clerk, o.act(company, committed, "submit"), "accept")
	follower := content(id(2))
	follower.Follows = approved.No
	part := o.open(company, land.LandSupply, follower)
	o.file(company, part, "application")
	o.refusesStep("a supply without the siting's plots", refusal{409, "plots"}, clerk, o.act(company, part, "submit"), "accept")
	follower.Plots = []land.PlotID{id(0)}
	supply := o.accepted(land.LandSupply, follower)
	rivalling := o.open(company, land.LandSupply, follower)
	o.file(company, rivalling, "application")
	o.refusesStep("a siting that is carried on already", refusal{409, "follows"}, clerk, o.act(company, rivalling, "submit"), "accept")
	o.refusesStep("revoking a siting that is carried on", refusal{409, "action"}, director, o.now(approved.No), "revoke")
	wrong := o.open(company, land.PlanningPermit, content(id(3)))
	o.file(company, wrong, "application")
	o.refusesStep("a status that does not suit", refusal{409, "plots"}, clerk, o.act(company, wrong, "submit"), "accept")

	// What has ended.
	withdrawn := o.act(company, supply, "withdraw")
	o.refusesStep("after the end", refusal{409, "action"}, clerk, withdrawn, "accept")
	o.refuses("an edit after the end", refusal{409, "action"}, func() error {
		_, err := o.db.EditCase(ctx, clerk, withdrawn.No, withdrawn.Version, content(id(0)), land.Once{})
		return err
	})
	o.refuses("a paper of the applicant's after the end", refusal{409, "action"}, func() error {
		_, _, err := o.db.AddDocument(ctx, company, withdrawn.No, land.CaseDocument{Type: "other", FileName: "a.pdf"}, []byte("x"), land.Once{})
		return err
	})
	for _, c := range []struct {
		name string
		want refusal
		by   land.Actor
		d    land.CaseDocument
		file string
	}{
		{"no file", refusal{422, "file"}, clerk, land.CaseDocument{Type: "other", FileName: "a.pdf"}, ""},
		{"no name", refusal{422, "filename"}, clerk, land.CaseDocument{Type: "other"}, "x"},
		{"a path", refusal{422, "filename"}, clerk, land.CaseDocument{Type: "other", FileName: "../a.pdf"}, "x"},
		{"no type", refusal{422, "type"}, clerk, land.CaseDocument{Type: "gift", FileName: "a.pdf"}, "x"},
		{"an applicant's permit", refusal{403, ""}, company, land.CaseDocument{Type: "planning_permit", FileName: "a.pdf"}, "x"},
	} {
		o.refuses(c.name, c.want, func() error {
			_, _, err := o.db.AddDocument(ctx, c.by, second.No, c.d, []byte(c.file), land.Once{})
			return err
		})
	}
	o.sound()
}

// editedSince has a plot of a case edited under it, and reads the case anew.
func (o *office) editedSince(c land.Case) land.Case {
	o.t.Helper()
	p := o.plot(c.Plots[0])
	if _, _, err := o.db.UpdatePlot(context.Background(), clerk, p.ID, land.Update{Version: p.Version, CaseNo: string(c.No), Change: func(a *land.Attributes) error { a.Name = "改名"; return nil }}); err != nil {
		o.t.Fatal(err)
	}
	return o.now(c.No)
}

// TestEditsOfBoundPlots are for their case alone.
func TestEditsOfBoundPlots(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 4, land.Available)
	siting := o.act(director, o.proposed(land.Siting, content(o.plots[1].ID)), "approve")
	follower := content(o.plots[1].ID, o.plots[2].ID)
	follower.Follows = siting.No
	supply := o.proposed(land.LandSupply, follower)
	local := func(x, y float64) geo.Point { return local(x, y) }
	update := func(i int, no land.CaseNo, change func(*land.Attributes)) func() error {
		return func() error {
			p := o.plot(o.plots[i].ID)
			_, _, err := o.db.UpdatePlot(ctx, clerk, p.ID, land.Update{Version: p.Version, CaseNo: string(no), Change: func(a *land.Attributes) error { change(a); return nil }})
			return err
		}
	}
	rename := func(a *land.Attributes) { a.Name = "改名" }
	split := func(i int, no land.CaseNo, x float64) func() error {
		return func() error {
			p := o.plot(o.plots[i].ID)
			_, _, err := o.db.SplitPlot(ctx, clerk, p.ID, land.Split{Version: p.Version, CRS: geo.GK114, Line: []geo.Point{local(x, -5), local(x, 65)}, Act: land.Act{CaseNo: string(no)}})
			return err
		}
	}
	merge := func(no land.CaseNo, number string, ids ...land.PlotID) func() error {
		return func() error {
			_, _, err := o.db.MergePlots(ctx, clerk, land.Merge{IDs: ids, PlotNo: number, Act: land.Act{CaseNo: string(no)}})
			return err
		}
	}
	o.refuses("an edit under no case", refusal{409, "case_no"}, update(1, "", rename))
	o.refuses("an edit under the siting that the supply carries on", refusal{409, "case_no"}, update(1, siting.No, rename))
	o.refuses("an edit under any text", refusal{409, "case_no"}, update(1, "x", rename))
	o.refuses("a split under no case", refusal{409, "case_no"}, split(1, "", 150))
	o.refuses("a status by hand", refusal{409, "status"}, update(1, supply.No, func(a *land.Attributes) { a.Status = land.Available }))
	o.refuses("a holder by hand", refusal{409, "status"}, update(1, supply.No, func(a *land.Attributes) { a.Holder = "x" }))
	o.refuses("a merge with a plot of no case", refusal{409, "case_no"}, merge("", "M", o.plots[2].ID, o.plots[3].ID))
	o.refuses("a merge with a plot that the case does not bind", refusal{409, "ids"}, merge(supply.No, "M", o.plots[2].ID, o.plots[3].ID))
	o.refuses("the end of a plot", refusal{409, "case_no"}, func() error {
		p := o.plot(o.plots[2].ID)
		_, err := o.db.RetirePlot(ctx, clerk, p.ID, p.Version, land.Act{CaseNo: string(supply.No)})
		return err
	})
	move := func(no land.CaseNo, by float64) func() error {
		return func() error {
			_, _, err := o.db.AdjustBorders(ctx, clerk, land.Adjust{Park: "test", CRS: geo.GK114, Act: land.Act{CaseNo: string(no)},
				Moves: []land.Displacement{{From: local(300, 0), To: local(300+by, 0)}}})
			return err
		}
	}
	o.refuses("a border under no case", refusal{409, "case_no"}, move("", 1))
	o.refuses("land exchanged for as much", refusal{409, "case_no"}, func() error {
		_, _, err := o.db.AdjustBorders(ctx, clerk, land.Adjust{Park: "test", CRS: geo.GK114,
			Moves: []land.Displacement{{From: local(300, 0), To: local(301, 0)}, {From: local(300, 60), To: local(299, 60)}}})
		return err
	})
	o.refuses("a border that takes land for which quota is reserved", refusal{409, "geometry"}, move(supply.No, 1))
	o.refuses("a file that says otherwise", refusal{409, "case_no"}, func() error {
		var drafts []land.Draft
		for _, p := range load(t, o.db).Plots {
			d := land.Draft{CRS: geo.CGCS2000, Boundary: p.Boundary, Attributes: p.Attributes}
			d.Name = "文件"
			drafts = append(drafts, d)
		}
		before := ask[int](t, o.url, `SELECT count(*) FROM imports`)
		_, err := importDrafts(t, o.db, land.Import{Park: "test", Replace: true}, drafts...)
		if after := ask[int](t, o.url, `SELECT count(*) FROM imports`); after != before+1 {
			t.Errorf("%d imports are kept", after-before)
		}
		return err
	})

	// Under the case it goes, and the case goes over to what comes of it.
	if err := errors.Join(update(1, supply.No, rename)(), split(1, supply.No, 150)()); err != nil {
		t.Fatal(err)
	}
	parts := load(t, o.db).Plots[len(load(t, o.db).Plots)-2:]
	siting, supply = o.now(siting.No), o.now(supply.No)
	if fmt.Sprint(siting.Plots) != fmt.Sprint([]land.PlotID{parts[0].ID, parts[1].ID}) || len(supply.Plots) != 3 || o.plot(parts[0].ID).Status != land.Committed {
		t.Errorf("the siting is about %v, the supply about %v, the parts are %d and %d", siting.Plots, supply.Plots, parts[0].ID, parts[1].ID)
	}
	o.refuses("a part under no case", refusal{409, "case_no"}, merge("", "M", parts[0].ID, parts[1].ID))
	if err := merge(supply.No, "M", parts[0].ID, parts[1].ID)(); err != nil {
		t.Fatal(err)
	}
	// A neighbour's edit gives a bound plot a vertex, and is no edit of it.
	if _, _, err := o.db.SplitPlot(ctx, clerk, o.plots[3].ID, land.Split{Version: o.plot(o.plots[3].ID).Version, CRS: geo.GK114, Line: []geo.Point{local(295, 30), local(405, 31)}}); err != nil {
		t.Errorf("the split of a neighbour: %v", err)
	}
	if p := o.plot(o.plots[2].ID); p.Version != 2 {
		t.Errorf("the bound neighbour is in version %d", p.Version)
	}
	// The way on, and back: the siting binds its land again.
	supply = o.now(supply.No)
	o.refusesStep("a check from before the edits", refusal{409, "check"}, director, supply, "approve")
	o.check(supply, land.Passes)
	supply = o.act(director, supply, "approve")
	if all := o.statuses(supply.Plots...); all[0] != land.Committed || all[1] != land.Committed {
		t.Errorf("%v", all)
	}
	supply = o.act(director, supply, "cancel")
	siting = o.now(siting.No)
	if got := o.statuses(o.plots[2].ID, siting.Plots[0]); got[0] != land.Available || got[1] != land.Committed || supply.State != land.CaseEnded {
		t.Errorf("%v, %s", got, supply.State)
	}
	o.refuses("the siting's land is bound again", refusal{409, "case_no"}, func() error {
		p := o.plot(siting.Plots[0])
		_, _, err := o.db.UpdatePlot(ctx, clerk, p.ID, land.Update{Version: p.Version, Change: func(a *land.Attributes) error { a.Name = "又改名"; return nil }})
		return err
	})
	siting = o.act(director, siting, "revoke")
	reserved, used := o.quota(siting.No)
	if got := o.statuses(siting.Plots...); got[0] != land.Available || reserved != 0 || used != 0 || siting.Bound {
		t.Errorf("%v, %v, %v", got, reserved, used)
	}
	o.sound()
}

// TestDeputiesDecideUnderTheirOwnName, for a time, and never on what they proposed.
func TestDeputiesDecideUnderTheirOwnName(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 3, land.Available)
	holders := map[string]land.Actor{}
	for _, a := range []land.Actor{
		{Name: "officer", Role: land.Officer, Park: "test"}, {Name: "deputy", Role: land.Officer, Park: "test"}, {Name: "approver", Role: land.Approver, Park: "test"},
		{Name: "everywhere", Role: land.Officer}, {Name: "company", Role: land.Applicant},
	} {
		key, err := o.db.CreateKey(ctx, a, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if holders[a.Name], err = o.db.KeyHolder(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	officer, deputy, approver := holders["officer"], holders["deputy"], holders["approver"]
	today := o.db.Today()
	good := land.Delegation{From: approver.Key, To: deputy.Key, Role: land.Approver, FirstDay: today, LastDay: today.AddDays(10), DocumentNo: "委〔2026〕1号"}
	for _, c := range []struct {
		name   string
		want   refusal
		by     land.Actor
		change func(*land.Delegation)
	}{
		{"by an officer", refusal{403, ""}, officer, func(*land.Delegation) {}},
		{"of another's role", refusal{403, ""}, land.Actor{Key: 99, Role: land.Approver}, func(*land.Delegation) {}},
		{"to oneself", refusal{422, "to_key"}, approver, func(d *land.Delegation) { d.To = d.From }},
		{"to a company", refusal{422, "to_key"}, approver, func(d *land.Delegation) { d.To = holders["company"].Key }},
		{"beyond the park", refusal{422, "to_key"}, approver, func(d *land.Delegation) { d.To = holders["everywhere"].Key }},
		{"to nobody", refusal{422, "to_key"}, approver, func(d *land.Delegation) { d.To = 12345 }},
		{"of an administrator's role", refusal{422, "role"}, approver, func(d *land.Delegation) { d.Role = land.Admin }},
		{"for ever", refusal{422, "until_day"}, approver, func(d *land.Delegation) { d.LastDay = today.AddYears(2) }},
		{"for the past", refusal{422, "until_day"}, approver, func(d *land.Delegation) { d.FirstDay, d.LastDay = today.AddDays(-9), today.AddDays(-1) }},
		{"on no document", refusal{422, "document_no"}, approver, func(d *land.Delegation) { d.DocumentNo = "" }},
	} {
		d := good
		c.change(&d)
		if _, err := o.db.Delegate(ctx, c.by, d); refusalOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	proposed := o.accepted(land.Siting, content(o.plots[0].ID))
	o.check(proposed, land.Passes)
	proposed = o.act(officer, proposed, "propose")
	own := o.accepted(land.Siting, content(o.plots[1].ID))
	o.check(own, land.Passes)
	own = o.act(deputy, own, "propose")
	o.refusesStep("before the delegation", refusal{403, ""}, deputy, proposed, "approve")
	given, err := o.db.Delegate(ctx, approver, good)
	if err != nil {
		t.Fatal(err)
	}
	o.refusesStep("an officer without one", refusal{403, ""}, officer, own, "approve")
	o.refusesStep("what the deputy proposed", refusal{403, ""}, deputy, own, "approve")
	done, err := o.try(deputy, proposed, "approve")
	if err != nil || done.Event.Role != land.Approver || done.Event.Deputy != given.ID || done.Event.Actor != "deputy" || done.Event.Key != deputy.Key {
		t.Errorf("%+v, %v", done.Event, err)
	}
	if list, err := o.db.Delegations(ctx, deputy); err != nil || len(list) != 1 || list[0].FromName != "approver" || list[0].LastDay != good.LastDay {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err := o.db.Delegations(ctx, officer); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := o.db.EndDelegation(ctx, officer, given.ID); refusalOf(err).status != 404 {
		t.Errorf("another ends it: %v", err)
	}
	if err := errors.Join(o.db.EndDelegation(ctx, approver, given.ID), o.db.EndDelegation(ctx, approver, given.ID)); err != nil {
		t.Error(err)
	}
	o.refusesStep("after its end", refusal{403, ""}, deputy, own, "approve")
	o.act(approver, own, "approve")
	o.sound()
}

// TestIdleLandRunsByCalendarYears from the day on which construction was to begin.
func TestIdleLandRunsByCalendarYears(t *testing.T) {
	t.Parallel()
	o := openOffice(t, 4, land.Available)
	today := o.db.Today()
	began := func(days int) func(*land.CaseAct) {
		return func(a *land.CaseAct) {
			start := today.AddYears(-1).AddDays(days)
			a.Document.Day, a.Contract.AgreedStart, a.Contract.AgreedCompletion, a.Contract.Price = start, start, start.AddYears(2), 1_234_560_000
		}
	}
	for i, days := range []int{1, 0, -400} {
		supply := o.act(director, o.proposed(land.LandSupply, content(o.plots[i].ID)), "approve")
		o.act(clerk, supply, "contract", began(days))
	}
	early := o.accepted(land.IdleLand, content(o.plots[0].ID))
	o.refusesStep("a day short of a year", refusal{409, "action"}, clerk, early, "propose")
	found := o.act(director, o.act(clerk, o.accepted(land.IdleLand, content(o.plots[1].ID)), "propose"), "approve")
	if found.State != land.CaseFound || o.plot(o.plots[1].ID).Status != land.Idle {
		t.Errorf("%s, %s", found.State, o.plot(o.plots[1].ID).Status)
	}
	o.refusesStep("another fee", refusal{422, "fee_wan"}, clerk, found, "charge", func(a *land.CaseAct) { a.Fee = 5 })
	found = o.act(clerk, found, "charge")
	if found.Told.Fee == nil || found.Told.Fee.String() != "246.912" {
		t.Errorf("20 %% of 1234.56 万元 are %v", found.Told.Fee)
	}
	o.refusesStep("a second fee", refusal{409, "action"}, clerk, found, "charge")
	o.refusesStep("within two years", refusal{409, "action"}, director, found, "take_back")
	if found = o.act(clerk, found, "resume_work"); o.plot(o.plots[1].ID).Status != land.UnderConstruction || found.State != land.CaseClosed {
		t.Errorf("%s, %s", found.State, o.plot(o.plots[1].ID).Status)
	}
	long := o.act(director, o.act(clerk, o.accepted(land.IdleLand, content(o.plots[2].ID)), "propose"), "approve")
	o.act(director, long, "take_back")
	if p := o.plot(o.plots[2].ID); p.Status != land.Reserved || p.Holder != "" || !p.SuppliedOn.IsZero() {
		t.Errorf("%s, %q, %s", p.Status, p.Holder, p.SuppliedOn)
	}
	o.sound()
}

// TestConditionsAreThoseDeclared, and nothing else changes.
func TestConditionsAreThoseDeclared(t *testing.T) {
	t.Parallel()
	o := openOffice(t, 1, land.Available)
	far, height := 2.5, 60.0
	c := land.CaseContent{Title: "调整", Plots: []land.PlotID{o.plots[0].ID}, Declared: land.Declared{FAR: &far, Height: &height, LandUse: "M1/M0"}}
	accepted := o.accepted(land.ConditionsChange, c)
	o.act(director, o.act(clerk, accepted, "propose"), "approve")
	p := o.plot(o.plots[0].ID)
	if *p.FARMax != far || *p.HeightMax != height || p.UseText() != "M1/M0" || p.GreenMin != nil || p.Status != land.Available {
		t.Errorf("%+v", p.Attributes)
	}
	empty := land.CaseContent{Title: "调整", Plots: c.Plots}
	bare := o.open(company, land.ConditionsChange, empty)
	o.file(company, bare, "application")
	o.refusesStep("nothing is declared", refusal{422, "declared"}, company, bare, "submit")
	o.sound()
}

// TestOneOfManyActsAtOnceWins has sixteen do the same step.
func TestOneOfManyActsAtOnceWins(t *testing.T) {
	t.Parallel()
	o := openOffice(t, 16, land.Available)
	same := o.proposed(land.Siting, content(o.plots[0].ID))
	var submitted []land.Case
	for range 16 { // of one plot
		c := o.open(company, land.Siting, content(o.plots[1].ID))
		o.file(company, c, "application")
		submitted = append(submitted, o.act(company, c, "submit"))
	}
	for _, c := range []struct {
		name string
		act  func(i int) error
	}{
		{"one approval", func(int) error { _, err := o.try(director, same, "approve"); return err }},
		{"one case for a plot", func(i int) error { _, err := o.try(clerk, submitted[i], "accept"); return err }},
	} {
		var won atomic.Int64
		var group sync.WaitGroup
		for i := range 16 {
			group.Go(func() {
				if err := c.act(i); err == nil {
					won.Add(1)
				} else if r := refusalOf(err); r.status != 409 && r.status != 412 {
					t.Errorf("%s: %v", c.name, err)
				}
			})
		}
		group.Wait()
		if won.Load() != 1 {
			t.Errorf("%s: %d won", c.name, won.Load())
		}
	}
	o.sound()
}

// TestTheDatabaseKeepsCases writes past the program.
func TestTheDatabaseKeepsCases(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 3, land.Available)
	proposed := o.proposed(land.Siting, content(o.plots[0].ID))
	o.act(director, o.proposed(land.Siting, content(o.plots[1].ID)), "approve", func(a *land.CaseAct) { a.Document.Number = "用字第440115202600077号" })
	event := func(changes ...string) string {
		columns := []string{"id", "act", "case_no", "step", "name", "from_state", "to_state", "actor", "key", "role", "at", "document", "document_no", "document_on", "facts", "digest"}
		values := []string{"9000", "9000", "'" + string(proposed.No) + "'", fmt.Sprint(proposed.Steps + 1), "'approve'", "'proposed'", "'approved'", "'x'", "77", "'approver'", "now() + interval '1 hour'", "'siting_opinion'", "'用字第440115202600078号'", "current_date", "'{}'", "''"}
		for _, c := range changes {
			name, value, _ := strings.Cut(c, "=")
			for i := range columns {
				if columns[i] == name {
					values[i] = value
				}
			}
		}
		return `INSERT INTO case_events (` + strings.Join(columns, ", ") + `) VALUES (` + strings.Join(values, ", ") + `)`
	}
	bare := []string{"document=''", "document_no=''", "document_on=NULL"}
	for _, c := range []struct{ sql, constraint string }{
		{`UPDATE case_events SET reason = ''`, "append_only"},
		{`DELETE FROM case_events`, "append_only"},
		{`TRUNCATE case_events CASCADE`, "append_only"},
		{`UPDATE case_documents SET number = ''`, "append_only"},
		{`DELETE FROM case_checks`, "append_only"},
		{`UPDATE cases SET state = 'closed'`, "append_only"},
		{`DELETE FROM cases`, "append_only"},
		{`UPDATE case_plots SET bound = false`, "append_only"},
		{event("step=3"), "case_step_once"},
		{event("step=99"), "case_in_order"},
		{event("from_state='accepted'"), "case_in_order"},
		{event("to_state='closed'"), "case_in_order"},
		{event("name='contract'"), "case_in_order"},
		{event("at=now() - interval '1 day'"), "case_in_order"},
		{event("case_no='test-2026-0999'"), "case_in_order"},
		{event("role='officer'"), "case_role"},
		{event("role='applicant'"), "case_role"},
		{event("key=" + fmt.Sprint(clerk.Key)), "case_other_decides"},
		{event(bare...), "case_document"},
		{event("document='decision'"), "case_document"},
		{event("document_no='用字第440115202600077号'"), "case_document_once"},
		{event("document_no=''"), "case_document"},
		{event(append(bare, "name='edit'", "to_state='accepted'")...), "case_in_order"},
		{`INSERT INTO quota_entries (id, act, park, year, kind, entry, amount, case_no, document_no, day, actor, recorded_at, digest)
			VALUES (9000, 9000, 'test', extract(year FROM current_date), 'new', 'release', 1, '` + string(proposed.No) + `', 'x', (now() AT TIME ZONE interval '8 hours')::date, 'x', now(), '')`, "quota_of_case_by_its_acts"},
		{`WITH edit AS (INSERT INTO plot_versions SELECT (json_populate_record(v, '{"version": 2, "status": "committed", "act": 9000}')).* FROM plot_versions v WHERE plot_id = ` + fmt.Sprint(o.plots[0].ID) + `)
			SELECT; INSERT INTO changes (seq, kind, park, actor, recorded_at, hash, act) VALUES (9000, 'update', 'test', 'x', now(), '', 9000)`, "case_binds_plot"},
	} {
		err := execute(ctx, o.url, c.sql)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.ConstraintName != c.constraint {
			t.Errorf("%s: %v, want a breach of %q", c.sql, err, c.constraint)
		}
	}
	o.sound()
	// What breaks no rule and is of no change shows in the log, and so does what was
	// rewritten by one who took the triggers away.
	for _, c := range []struct{ sql, told string }{
		{event(), fmt.Sprintf("act %d of case %s is of no change", proposed.Steps+1, proposed.No)},
		{`ALTER TABLE case_events DISABLE TRIGGER append_only; UPDATE case_events SET opinion = 'x' WHERE name = 'propose' AND step = ` + fmt.Sprint(proposed.Steps), fmt.Sprintf("act %d on case %s is not as it was written", proposed.Steps, proposed.No)},
		{`ALTER TABLE cases DISABLE TRIGGER kept; UPDATE cases SET proposed_by = 5 WHERE no LIKE '%2'`, "0002 is not what its acts make of it"},
		{`ALTER TABLE case_plots DISABLE TRIGGER kept; UPDATE case_plots SET bound = false WHERE case_no LIKE '%2'`, "0002 are not bound as its acts bind them"},
		{`ALTER TABLE case_documents DISABLE TRIGGER append_only; UPDATE case_documents SET content = 'x', size = 1, sha256 = sha256('x') WHERE NOT issued`, fmt.Sprintf("what act 2 of case %s took in is not as it was written", proposed.No)},
		{`ALTER TABLE case_checks DISABLE TRIGGER append_only; UPDATE case_checks SET result = '{"verdict": "pass"}'`, fmt.Sprintf("what act %d of case %s took in is not as it was written", proposed.Steps-1, proposed.No)},
	} {
		if err := execute(ctx, o.url, c.sql); err != nil {
			t.Fatalf("%s: %v", c.sql, err)
		}
		faults, _, err := o.db.CheckLog(ctx, func(int) {})
		if said := fmt.Sprint(faults); err != nil || !strings.Contains(said, c.told) {
			t.Errorf("%s: %v, %v, want %s", c.sql, faults, err, c.told)
		}
	}
}

// TestCasesAreListedForThoseWhoMaySeeThem, in any order, page by page.
func TestCasesAreListedForThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 4, land.Available)
	for i := range 7 {
		c := content(o.plots[i%4].ID)
		c.Title = fmt.Sprintf("项目 %d", (i*5)%7)
		by := company
		if i%3 == 0 {
			by = rival
		}
		o.open(by, []land.CaseKind{land.Siting, land.LandSupply}[i%2], c)
	}
	o.act(rival, o.now("test-"+land.CaseNo(fmt.Sprint(o.db.Today().Year()))+"-0001"), "discard")
	count := func(actor land.Actor, q postgis.CaseQuery) int {
		page, matched, err := o.db.Cases(ctx, actor, q)
		if err != nil || len(page) != matched {
			t.Errorf("%d of %d, %v", len(page), matched, err)
		}
		for _, c := range page {
			if !actor.MaySee(c) {
				t.Errorf("%s sees %s", actor.Name, c.No)
			}
		}
		return matched
	}
	yes, no := true, false
	for _, c := range []struct {
		actor land.Actor
		q     postgis.CaseQuery
		want  int
	}{
		{clerk, postgis.CaseQuery{}, 7},
		{company, postgis.CaseQuery{}, 4},
		{rival, postgis.CaseQuery{}, 3},
		{land.Actor{Key: 3, Role: land.Applicant}, postgis.CaseQuery{}, 0},
		{land.Actor{Role: land.Applicant}, postgis.CaseQuery{}, 0},
		{land.Actor{Role: land.Visitor}, postgis.CaseQuery{}, 0},
		{land.Actor{Key: 4, Role: land.Officer, Park: "elsewhere"}, postgis.CaseQuery{}, 0},
		{clerk, postgis.CaseQuery{Kinds: []land.CaseKind{land.Siting}}, 4},
		{clerk, postgis.CaseQuery{States: []land.CaseState{land.CaseWithdrawn}}, 1},
		{clerk, postgis.CaseQuery{Open: &yes}, 6},
		{clerk, postgis.CaseQuery{Open: &no}, 1},
		{clerk, postgis.CaseQuery{Plot: o.plots[0].ID}, 2},
		{clerk, postgis.CaseQuery{Applicant: rival.Name}, 3},
		{clerk, postgis.CaseQuery{Text: "rIVa"}, 3},
		{clerk, postgis.CaseQuery{Text: "项目 3"}, 1},
		{clerk, postgis.CaseQuery{Text: "-0003"}, 1},
		{clerk, postgis.CaseQuery{Text: "%"}, 0},
		{clerk, postgis.CaseQuery{Parks: []land.ParkCode{"elsewhere"}}, 0},
		{clerk, postgis.CaseQuery{Nos: []land.CaseNo{"x"}}, 0},
	} {
		if got := count(c.actor, c.q); got != c.want {
			t.Errorf("%s, %+v: %d, want %d", c.actor.Name, c.q, got, c.want)
		}
	}
	for _, sort := range []postgis.CaseSort{"", postgis.SortByChanged, postgis.SortByTitle} {
		for _, backward := range []bool{false, true} {
			whole, _, err := o.db.Cases(ctx, clerk, postgis.CaseQuery{Sort: sort, Backward: backward})
			if err != nil {
				t.Fatal(err)
			}
			q := postgis.CaseQuery{Sort: sort, Backward: backward, Limit: 3}
			var paged []land.Case
			for {
				page, matched, err := o.db.Cases(ctx, clerk, q)
				if err != nil || matched != 7 {
					t.Fatalf("%d, %v", matched, err)
				}
				paged = append(paged, page...)
				if len(page) < 3 {
					break
				}
				cursor := q.Cursor(page[2])
				q.After = &cursor
			}
			if len(paged) != len(whole) {
				t.Fatalf("by %q, %v: %d of %d", sort, backward, len(paged), len(whole))
			}
			for i := range paged {
				if paged[i].No != whole[i].No || sort == postgis.SortByTitle && i > 0 && (paged[i-1].Title > paged[i].Title) != backward {
					t.Errorf("by %q, %v: %s is at %d, want %s", sort, backward, paged[i].No, i, whole[i].No)
				}
			}
		}
	}
}

// TestCasesArePutRightUntilTheyAreProposed: an officer takes other plots in after the
// acceptance, and they are bound in place of the ones before.
func TestCasesArePutRightUntilTheyAreProposed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := openOffice(t, 4, land.Available)
	edit := func(actor land.Actor, c land.Case, content land.CaseContent) (land.Case, error) {
		done, err := o.db.EditCase(ctx, actor, c.No, c.Version, content, land.Once{})
		return done.Case, err
	}
	c := o.open(company, land.Siting, content(o.plots[0].ID))
	wanted := content(o.plots[1].ID, o.plots[0].ID)
	wanted.Title = "另一项目"
	drafted, err := edit(company, c, wanted)
	if err != nil || drafted.Version != 2 || drafted.Title != "另一项目" || !slices.Equal(drafted.Plots, []land.PlotID{o.plots[0].ID, o.plots[1].ID}) {
		t.Errorf("%+v, %v", drafted, err)
	}
	o.refuses("a stale edit", refusal{412, ""}, func() error { _, err := edit(company, c, wanted); return err })
	o.file(company, drafted, "application")
	accepted := o.act(clerk, o.act(company, drafted, "submit"), "accept")
	taken := o.accepted(land.Siting, content(o.plots[3].ID))
	wanted.Plots, wanted.Green = []land.PlotID{o.plots[1].ID, o.plots[2].ID}, true
	again, err := edit(clerk, accepted, wanted)
	if err != nil || !again.Bound || !again.Green || again.Term() >= accepted.Term() {
		t.Errorf("%+v, %v", again, err)
	}
	bound := ask[string](t, o.url, `SELECT string_agg(plot_id::text, ' ' ORDER BY plot_id) FROM case_plots WHERE bound AND case_no = '`+string(c.No)+`'`)
	if bound != fmt.Sprint(o.plots[1].ID, " ", o.plots[2].ID) {
		t.Errorf("it binds %s", bound)
	}
	wanted.Plots = []land.PlotID{o.plots[3].ID}
	o.refuses("a plot that another case binds", refusal{409, "plots"}, func() error { _, err := edit(clerk, again, wanted); return err })
	o.act(company, taken, "withdraw")
	o.check(again, land.Passes)
	proposed := o.act(clerk, again, "propose")
	o.refuses("an edit of what was proposed", refusal{409, "action"}, func() error { _, err := edit(clerk, proposed, wanted); return err })
	if reserved, _ := o.quota(c.No); reserved != land.AmountOf(o.plots[1].Area)+land.AmountOf(o.plots[2].Area) {
		t.Errorf("%v are reserved", reserved)
	}
	back := o.act(director, proposed, "send_back")
	if reserved, _ := o.quota(c.No); reserved != 0 || back.Told.Reserved != nil {
		t.Errorf("%v are reserved: %v", reserved, back.Told.Reserved)
	}
	o.act(clerk, back, "propose")
	o.sound()
}
