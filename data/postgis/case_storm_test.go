package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/geo"
)

// stormOffice are people who do whatever comes to their mind at once.
type stormOffice struct {
	*office
	parks []land.ParkCode
	all   []land.Plot // as they were at first

	mu       sync.Mutex
	nos      []land.CaseNo
	done     []acknowledged
	refused  map[string]int
	answered int // calls that were sent again, and brought the same answer
}

var stormKinds = []land.QuotaKind{land.NewLand, land.Stock, land.StockLinked, land.RebuildLinked, land.Scale}

// TestCasesHoldUnderAnyActs has sixteen workers do random acts on cases of every
// kind, over twenty quota accounts in four parks, with edits of plots and postings
// by hand in between. What was acknowledged, and nothing else, is what is there.
func TestCasesHoldUnderAnyActs(t *testing.T) {
	t.Parallel()
	const workers = 16
	total := acts(t, 600)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &stormOffice{office: openOffice(t, 30, land.Available), refused: map[string]int{}}
	s.parks = []land.ParkCode{"test", "p2", "p3", "p4"}
	s.all = s.plots
	for _, park := range s.parks[1:] {
		s.found(park, 30, land.Available)
		s.all = append(s.all, s.plots...)
	}
	for _, park := range s.parks {
		for _, kind := range stormKinds {
			post(t, s.db, land.QuotaEntry{Account: quotaAccount(park, s.db.Today().Year(), kind), Type: land.EntrySupplement, Quantity: mu(60), DocumentNo: "追加 1"})
		}
	}
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(w)))
			for i := range total / workers {
				if err := s.anything(random, fmt.Sprintf("%d-%d", w, i)); err != nil {
					t.Errorf("worker %d, act %d: %v", w, i, err)
					return
				}
			}
		})
	}
	group.Wait()
	s.judge(total)
}

// anything does one random thing. What the rules refuse is no fault.
func (s *stormOffice) anything(random *rand.Rand, name string) error {
	ctx := context.Background()
	switch n := random.IntN(100); {
	case n < 14:
		return s.openAny(ctx, random)
	case n < 18:
		return s.postAny(ctx, random, name)
	case n < 24:
		return s.editAny(ctx, random, name)
	}
	no, ok := s.anyCase(random)
	if !ok {
		return s.openAny(ctx, random)
	}
	c, err := s.db.Case(ctx, caseAdmin, no)
	if err != nil {
		return err
	}
	return s.actAny(ctx, random, c)
}

func (s *stormOffice) anyCase(random *rand.Rand) (land.CaseNo, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.nos) == 0 {
		return "", false
	}
	return s.nos[random.IntN(min(len(s.nos), 120))], true
}

// forget leaves a case that has ended alone.
func (s *stormOffice) forget(no land.CaseNo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nos = slices.DeleteFunc(s.nos, func(one land.CaseNo) bool { return one == no })
}

// took notes what was acknowledged.
func (s *stormOffice) took(a acknowledged) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, a)
	if a.event.Act == land.ActOpen {
		s.nos = append(s.nos, a.after.No)
	}
}

// rules is nil for an error that is a refusal, which it counts.
func (s *stormOffice) rules(err error) error {
	var conflict *land.ConflictError
	var invalid *land.InvalidError
	var forbidden *land.ForbiddenError
	var missing *land.NotFoundError
	why := ""
	switch {
	case errors.As(err, &conflict):
		if strings.Contains(conflict.Message, "got in the way") || strings.Contains(conflict.Message, "rule case_") && conflict.Field != "document_no" && conflict.Field != "plots" {
			return err
		}
		why = "409 " + conflict.Field
	case errors.As(err, &invalid):
		why = "422 " + invalid.Findings[0].Field
	case errors.As(err, &forbidden):
		why = "403"
	case errors.As(err, &missing):
		why = "404"
	case errors.Is(err, land.ErrStale):
		why = "412"
	default:
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[why]++
	return nil
}

func (s *stormOffice) openAny(ctx context.Context, random *rand.Rand) error {
	park := s.parks[random.IntN(len(s.parks))]
	kind := land.CaseKinds()[random.IntN(len(land.CaseKinds()))].Kind
	register, err := s.db.Load(ctx, land.Moment{}, park)
	if err != nil {
		return err
	}
	suiting := func() []land.Plot {
		return slices.DeleteFunc(slices.Clone(register.Plots), func(p land.Plot) bool {
			return random.IntN(30) > 0 && !slices.Contains(kind.Name().Suits, p.Status)
		})
	}
	suits := suiting()
	if len(suits) < 3 {
		kind = []land.CaseKind{land.Siting, land.LandSupply}[random.IntN(2)]
		suits = suiting()
	}
	if len(suits) == 0 {
		return nil
	}
	c := content()
	first := random.IntN(len(suits))
	for _, p := range suits[first:min(len(suits), first+1+random.IntN(3))] {
		c.Plots = append(c.Plots, p.ID)
	}
	by := []land.Actor{company, rival, clerk, caseAdmin}[random.IntN(4)]
	holder := suits[first].Holder
	if holder == "" || random.IntN(10) == 0 {
		holder = []string{company.Name, rival.Name}[random.IntN(2)]
	}
	if by.Role == land.Applicant && holder == company.Name {
		by = company
	}
	d := land.CaseDraft{Kind: kind, Park: park, Name: holder, CaseContent: c}
	if kind == land.LandSupply {
		d.Mode = land.SupplyModes()[random.IntN(3)].Mode
		if approved, _, err := s.db.Cases(ctx, caseAdmin, postgis.CaseQuery{Parks: []land.ParkCode{park}, Kinds: []land.CaseKind{land.Siting}, States: []land.CaseState{land.CaseApproved}}); err != nil {
			return err
		} else if len(approved) > 0 && random.IntN(3) > 0 {
			siting := approved[random.IntN(len(approved))]
			d.Follows = siting.No
			if random.IntN(4) > 0 {
				d.Plots = siting.Plots
			} else {
				d.Plots = append(d.Plots, siting.Plots...)
			}
		}
	}
	done, err := s.db.OpenCase(ctx, by, d, land.Once{})
	if err != nil {
		return s.rules(err)
	}
	s.took(acknowledged{seq: done.Change.Seq, event: done.Event, after: done.Case})
	paper := land.DocumentType("application")
	if kind == land.IdleLand {
		paper = "idle_investigation"
	}
	_, filed, err := s.db.AddDocument(ctx, clerk, done.Case.No, land.CaseDocument{Type: paper, FileName: "a.pdf"}, []byte("paper"), land.Once{})
	if err != nil {
		return s.rules(err)
	}
	s.took(acknowledged{seq: filed.Change.Seq, event: filed.Event})
	return nil
}

// people are who may come to mind for a role.
var people = map[land.Role][]land.Actor{
	land.Applicant: {company, rival},
	land.Officer:   {clerk, {Key: 22, Name: "clerk 2", Role: land.Officer}},
	land.Approver:  {director, {Key: 32, Name: "director 2", Role: land.Approver}},
	land.Admin:     {caseAdmin, {Key: 42, Name: "admin 2", Role: land.Admin}},
}

// backwards are steps after which a case comes to nothing, or goes round.
var backwards = []land.ActName{"discard", "decline", "withdraw", "refuse", "return", "suspend", "send_back", "revoke", "cancel", "lapse", "rectify", "fail", "default"}

func (s *stormOffice) actAny(ctx context.Context, random *rand.Rand, c land.Case) error {
	steps := c.Acts(caseAdmin, s.db.Today())
	if len(steps) == 0 || random.IntN(20) == 0 { // and now and then what is out of order
		if c.Ended() {
			s.forget(c.No)
		}
		all := land.FlowsOf(c.Kind)
		steps = []land.CaseOffer{{CaseFlow: all[random.IntN(len(all))]}}
	}
	step := steps[random.IntN(len(steps))]
	for range 3 { // so that cases come far
		if slices.Contains(backwards, step.Act) {
			step = steps[random.IntN(len(steps))]
		}
	}
	roles := step.Roles
	if random.IntN(10) == 0 {
		roles = []land.Role{land.Applicant, land.Officer, land.Approver, land.Admin}
	} else if random.IntN(4) == 0 {
		roles = []land.Role{land.Admin}
	}
	of := people[roles[random.IntN(len(roles))]]
	if len(of) == 0 {
		return nil // a step of the system
	}
	actor := of[random.IntN(len(of))]
	if random.IntN(15) > 0 && slices.Contains(step.Guards, land.GuardChecked) {
		if err := s.checkAny(ctx, random, c); err != nil {
			return err
		}
	}
	act := plainAct(step.Act, step.Document, s.db.Today())
	if random.IntN(20) == 0 {
		act.Document.Number = documentNo(step.Document, 1+random.Int64N(40))
	}
	act.Winner = []string{company.Name, rival.Name}[random.IntN(2)]
	if step.Act == "contract" && random.IntN(2) == 0 { // long ago
		act.Document.Day = s.db.Today().AddYears(-3)
		act.Contract.AgreedStart, act.Contract.AgreedCompletion = s.db.Today().AddYears(-2).AddDays(-30), s.db.Today()
	}
	if step.Act == land.ActPropose && c.Kind.Reserves() {
		act.Quota = s.claim(random, c)
	}
	version := c.Version
	if random.IntN(25) == 0 {
		version--
	}
	once := land.Once{}
	if random.IntN(5) == 0 {
		once = land.Once{Key: fmt.Sprint("act-", serial.Add(1)), Request: [32]byte{byte(random.IntN(256))}}
	}
	done, err := s.db.ActOnCase(ctx, actor, c.No, version, act, once)
	if err != nil {
		return s.rules(err)
	}
	s.took(acknowledged{seq: done.Change.Seq, event: done.Event, after: done.Case, asked: act})
	if once.Key == "" {
		return nil
	}
	again, err := s.db.ActOnCase(ctx, actor, c.No, version, act, once)
	if err != nil || !again.Again || again.Event.ID != done.Event.ID || again.Event.Digest != done.Event.Digest || again.Change.Seq != done.Change.Seq || !again.Case.Same(done.Case) {
		return fmt.Errorf("sent again, %s of %s brought another answer (again %v, change %d and %d): %v", step.Act, c.No, again.Again, done.Change.Seq, again.Change.Seq, err)
	}
	s.mu.Lock()
	s.answered++
	s.mu.Unlock()
	return nil
}

// claim divides the area of a case's plots among kinds of quota, now and then wrongly.
func (s *stormOffice) claim(random *rand.Rand, c land.Case) []land.QuotaClaim {
	var area land.Amount
	register, err := s.db.Load(context.Background(), land.Moment{}, c.Park)
	if err != nil {
		s.t.Error(err)
		return nil
	}
	var sited []land.PlotID
	if c.Follows != "" {
		sited = s.now(c.Follows).Plots
	}
	for _, p := range register.Plots {
		if slices.Contains(c.Plots, p.ID) && !slices.Contains(sited, p.ID) {
			area += land.AmountOf(p.Area)
		}
	}
	if area == 0 || random.IntN(3) == 0 {
		return nil
	}
	year := s.db.Today().Year()
	switch random.IntN(12) {
	case 0:
		year--
	case 1:
		return []land.QuotaClaim{{Account: land.QuotaAccount{Park: s.parks[random.IntN(len(s.parks))], Year: year, Kind: land.NewLand}, Quantity: land.Quantity{Total: area}}}
	}
	first := land.Amount(random.Int64N(int64(area)))
	kinds := random.Perm(4)
	claims := []land.QuotaClaim{{Account: land.QuotaAccount{Year: year, Kind: stormKinds[kinds[0]]}, Quantity: land.Quantity{Total: area - first}}}
	if first > 0 {
		claims = append(claims, land.QuotaClaim{Account: land.QuotaAccount{Year: year, Kind: stormKinds[kinds[1]]}, Quantity: land.Quantity{Total: first}})
	}
	if random.IntN(4) == 0 {
		claims = append(claims, land.QuotaClaim{Account: land.QuotaAccount{Year: year, Kind: land.Scale}, Quantity: land.Quantity{Total: area}})
	}
	return claims
}

func (s *stormOffice) checkAny(ctx context.Context, random *rand.Rand, c land.Case) error {
	basis, err := s.db.CaseBasis(ctx, clerk, c.No)
	if err != nil {
		return err
	}
	verdict := []land.Outcome{land.Passes, land.Passes, land.Passes, land.Doubtful, land.Fails}[random.IntN(5)]
	_, kept, err := s.db.RecordCheck(ctx, clerk, c.No, basis, verdict, []byte(`{}`), land.Once{})
	if err != nil {
		return s.rules(err)
	}
	s.took(acknowledged{seq: kept.Change.Seq, event: kept.Event})
	return nil
}

// postAny posts to the ledger by hand: transfers, withdrawals, and what is none of
// its business.
func (s *stormOffice) postAny(ctx context.Context, random *rand.Rand, name string) error {
	e := land.QuotaEntry{Account: quotaAccount(s.parks[random.IntN(4)], s.db.Today().Year(), stormKinds[random.IntN(5)]), Quantity: land.Quantity{Total: 1 + land.Amount(random.IntN(3_000_000))}, DocumentNo: "文 " + name}
	switch random.IntN(5) {
	case 0:
		e.Type = land.EntrySupplement
	case 1:
		e.Type = land.EntryWithdraw
	case 2, 3:
		e.Type, e.To = land.EntryTransfer, e.Account
		e.To.Park = s.parks[random.IntN(4)]
	default:
		no, ok := s.anyCase(random)
		if !ok {
			return nil
		}
		e.Type, e.CaseNo = []land.EntryType{land.EntryReserve, land.EntryRelease, land.EntryUse}[random.IntN(3)], string(no)
		if _, _, err := s.db.PostQuota(ctx, quotaAdmin, e, land.Once{}); err == nil {
			return fmt.Errorf("quota of case %s was posted by hand", no)
		}
		return nil
	}
	_, _, err := s.db.PostQuota(ctx, quotaAdmin, e, land.Once{})
	if err != nil {
		return s.rules(err)
	}
	return nil
}

// editAny edits a plot by hand: moves it on, though to or from no commitment, which
// is then of no case, or splits it, under some case or none.
func (s *stormOffice) editAny(ctx context.Context, random *rand.Rand, name string) error {
	register, err := s.db.Load(ctx, land.Moment{}, s.parks[random.IntN(4)])
	if err != nil {
		return err
	}
	p := register.Plots[random.IntN(len(register.Plots))]
	no, _ := s.anyCase(random)
	if random.IntN(2) == 0 {
		bound, _, err := s.db.Cases(ctx, caseAdmin, postgis.CaseQuery{Plot: p.ID, Open: new(true), Backward: true})
		if err != nil {
			return err
		}
		no = ""
		if len(bound) > 0 {
			no = bound[random.IntN(len(bound))].No
		}
	}
	if random.IntN(2) == 0 {
		to := p.Status
		for _, move := range land.Moves() {
			if move.From == p.Status && move.From != land.Committed && move.To != land.Committed && (move.To == land.Available || random.IntN(4) == 0) {
				to = move.To
			}
		}
		_, change, err := s.db.UpdatePlot(ctx, clerk, p.ID, land.Update{Version: p.Version, CaseNo: string(no), Reason: name, Change: func(a *land.Attributes) error {
			a.Name, a.Status = name, to
			return nil
		}})
		if err != nil {
			return s.rules(err)
		}
		if to != p.Status {
			s.took(acknowledged{seq: change.Seq, moved: &statusMove{p.ID, to}})
		}
		return nil
	}
	plane, _, err := geo.SnapPolygon(p.Boundary, geo.CGCS2000, geo.GK114)
	if err != nil {
		return err
	}
	b := plane.Bound()
	if b.Max[0]-b.Min[0] < 40 {
		return nil
	}
	x := float64(int(b.Min[0]+b.Max[0]) / 2)
	split := land.Split{Version: p.Version, CRS: geo.GK114, Line: []geo.Point{{x, b.Min[1] - 5}, {x, b.Max[1] + 5}}, Act: land.Act{Reason: name, CaseNo: string(no)}}
	parts, change, err := s.db.SplitPlot(ctx, clerk, p.ID, split)
	if err != nil {
		return s.rules(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append(s.done, acknowledged{seq: change.Seq, split: &splitUp{no, p, parts}})
	return nil
}

// judge steps the model along with what was acknowledged, and holds the register to
// it.
func (s *stormOffice) judge(total int) {
	t := s.t
	t.Helper()
	ctx := context.Background()
	slices.SortFunc(s.done, func(a, b acknowledged) int { return int(a.seq - b.seq) })
	m := newCaseModel(s.all)
	for i, a := range s.done {
		if i > 0 && a.seq == s.done[i-1].seq {
			t.Errorf("change %d was acknowledged twice", a.seq)
		}
		if err := m.step(a); err != nil {
			t.Errorf("change %d: %v", a.seq, err)
		}
	}
	cases, matched, err := s.db.Cases(ctx, caseAdmin, postgis.CaseQuery{})
	if err != nil || matched != len(m.cases) || len(cases) != matched {
		t.Errorf("%d cases, %d are listed, and %d were opened: %v", matched, len(cases), len(m.cases), err)
	}
	states := map[land.CaseState]int{}
	for _, c := range cases {
		want := m.cases[c.No]
		states[c.State]++
		slices.Sort(want.plots)
		if c.State != want.state || c.Version != want.version || c.ProposedBy != want.proposer || !slices.Equal(c.Plots, want.plots) {
			t.Errorf("case %s is %s in version %d with plots %v, and ought to be %s in version %d with %v", c.No, c.State, c.Version, c.Plots, want.state, want.version, want.plots)
		}
		var reserved, used land.Amount
		row(t, s.url, `SELECT coalesce(sum(amount) FILTER (WHERE pot = 'reserved'), 0)::bigint, coalesce(sum(amount) FILTER (WHERE pot = 'used'), 0)::bigint
			FROM quota_pots WHERE kind <> 'scale' AND case_no = '`+string(c.No)+`'`, &reserved, &used)
		if reserved != want.reserved || used != want.used {
			t.Errorf("case %s has %v reserved and %v used, and ought to have %v and %v", c.No, reserved, used, want.reserved, want.used)
		}
	}
	s.judgePlots(m)
	var twice, selfmade, events int
	row(t, s.url, `SELECT
		(SELECT count(*) FROM (SELECT plot_id FROM case_plots WHERE bound GROUP BY plot_id HAVING count(*) > 1) b),
		(SELECT count(*) FROM case_events e WHERE e.name IN ('approve', 'refuse', 'take_back') AND e.key =
			(SELECT key FROM case_events p WHERE p.case_no = e.case_no AND p.name = 'propose' AND p.step < e.step ORDER BY p.step DESC LIMIT 1)),
		(SELECT count(*) FROM changes WHERE kind = 'case')`, &twice, &selfmade, &events)
	if twice > 0 || selfmade > 0 {
		t.Errorf("%d plots are bound twice, %d cases were decided by who proposed", twice, selfmade)
	}
	acted := 0
	for _, a := range s.done {
		if a.event.ID != 0 {
			acted++
		}
	}
	if acted != events {
		t.Errorf("%d acts on cases were acknowledged, and %d are there", acted, events)
	}
	s.sound()
	t.Logf("%d tries: %d acts on %d cases and %d edits were acknowledged, %d answered again; states %v; refused %v", total, acted, len(cases), len(s.done)-acted, s.answered, states, s.refused)
}

// judgePlots holds the plots to the model, and the land that is committed to what is
// reserved for it.
func (s *stormOffice) judgePlots(m *caseModel) {
	t := s.t
	t.Helper()
	plots := load(t, s.db).Plots
	if len(plots) != len(m.statuses) {
		t.Errorf("there are %d plots, and ought to be %d", len(plots), len(m.statuses))
	}
	statuses := map[land.Status]int{}
	var committed, reserved land.Amount
	for _, p := range plots {
		statuses[p.Status]++
		if p.Status != m.statuses[p.ID] || p.Holder != m.holders[p.ID] {
			t.Errorf("plot %d is %s, of %q, and ought to be %s, of %q", p.ID, p.Status, p.Holder, m.statuses[p.ID], m.holders[p.ID])
		}
		if p.Status == land.Committed {
			committed += land.AmountOf(p.Area)
		}
	}
	for _, c := range m.cases {
		if c.state == "approved" || c.state == "announced" || c.state == "awarded" {
			reserved += c.reserved
		}
	}
	if committed != reserved {
		t.Errorf("%v 亩 are committed, and %v reserved for them", committed, reserved)
	}
	bound := 0
	for _, p := range plots {
		if m.binders[p.ID] != "" {
			bound++
		}
		if by := ask[string](t, s.url, fmt.Sprintf(`SELECT coalesce((SELECT case_no FROM case_plots WHERE bound AND plot_id = %d), '')`, p.ID)); by != string(m.binders[p.ID]) {
			t.Errorf("plot %d is bound by %q, and ought to be by %q", p.ID, by, m.binders[p.ID])
		}
	}
	t.Logf("%d plots, %v, of which %d are bound", len(plots), statuses, bound)
}
