package postgis_test

import (
	"fmt"
	"slices"

	"github.com/dikuai/dikuai/data/land"
)

// caseModel says in the plainest way what acts do, so that the store can be held to
// it: it steps along with each act that was acknowledged, in the order of commits.
type caseModel struct {
	cases    map[land.CaseNo]*modelCase
	statuses map[land.PlotID]land.Status
	holders  map[land.PlotID]string
	areas    map[land.PlotID]land.Amount
	binders  map[land.PlotID]land.CaseNo
	numbers  map[string]land.CaseNo // of documents that were issued
}

type modelCase struct {
	no             land.CaseNo
	kind           land.CaseKind
	state          land.CaseState
	applicant      string
	mode           land.SupplyMode
	follows        land.CaseNo
	winner         string
	plots          []land.PlotID
	proposer       int64
	version        int
	reserved, used land.Amount // of land; what comes on top is not in it
}

// acknowledged is what the store said that it did.
type acknowledged struct {
	seq   land.Seq
	event land.CaseEvent
	after land.Case
	asked land.CaseAct
	split *splitUp
	moved *statusMove
}

// splitUp is an edit under a case.
type splitUp struct {
	no     land.CaseNo
	parent land.Plot
	parts  []land.Plot
}

// statusMove is an edit by hand.
type statusMove struct {
	id land.PlotID
	to land.Status
}

func newCaseModel(plots []land.Plot) *caseModel {
	m := &caseModel{map[land.CaseNo]*modelCase{}, map[land.PlotID]land.Status{}, map[land.PlotID]string{}, map[land.PlotID]land.Amount{}, map[land.PlotID]land.CaseNo{}, map[string]land.CaseNo{}}
	for _, p := range plots {
		m.statuses[p.ID], m.holders[p.ID], m.areas[p.ID] = p.Status, p.Holder, land.AmountOf(p.Area)
	}
	return m
}

// step does what was acknowledged, or says why it never should have been.
func (m *caseModel) step(a acknowledged) error {
	if a.moved != nil {
		if by := m.binders[a.moved.id]; by != "" {
			return fmt.Errorf("plot %d was moved by hand while case %s bound it", a.moved.id, by)
		}
		m.statuses[a.moved.id] = a.moved.to
		return nil
	}
	if a.split != nil {
		return m.divide(*a.split)
	}
	e := a.event
	if e.Act == land.ActOpen {
		c := a.after
		m.cases[c.No] = &modelCase{no: c.No, kind: c.Kind, state: land.CaseDrafted, applicant: c.Applicant.Name, mode: c.Mode, follows: c.Follows, plots: c.Plots, version: 1}
		return nil
	}
	c := m.cases[e.CaseNo]
	if c == nil {
		return fmt.Errorf("%s on a case that was never opened", e.Act)
	}
	if e.Act == land.ActAttach || e.Act == land.ActCheck {
		return nil
	}
	c.version++
	if e.DocumentNo != "" {
		name := string(e.Document) + " " + e.DocumentNo
		if by := m.numbers[name]; by != "" {
			return fmt.Errorf("the number %s was used by case %s", name, by)
		}
		m.numbers[name] = c.no
	}
	was := c.state
	if err := m.do(c, e, a.asked); err != nil {
		return fmt.Errorf("case %s (%s, %s): %s: %w", c.no, c.kind, was, e.Act, err)
	}
	if c.state != e.To || was != e.From {
		return fmt.Errorf("case %s (%s): %s led from %s to %s, not from %s to %s", c.no, c.kind, e.Act, e.From, e.To, was, c.state)
	}
	return nil
}

func (m *caseModel) do(c *modelCase, e land.CaseEvent, asked land.CaseAct) error {
	decides := func() error {
		if e.Key == c.proposer {
			return fmt.Errorf("key %d proposed and decided", e.Key)
		}
		return nil
	}
	switch e.Act {
	case "submit":
		c.state = "submitted"
	case "return", "rectify":
		c.state = "returned"
		m.unbind(c)
	case "discard":
		c.state = "withdrawn"
	case "decline":
		c.state = "refused"
	case "accept":
		c.state = "accepted"
		return m.bind(c)
	case "suspend":
		c.state = "suspended"
	case "resume":
		c.state = "accepted"
	case "propose":
		c.state, c.proposer = "proposed", e.Key
		if c.kind == "siting" || c.kind == "supply" {
			for _, id := range m.owned(c) {
				c.reserved += m.areas[id]
			}
		}
	case "send_back":
		c.state, c.reserved = "accepted", 0
	case "withdraw":
		c.state, c.reserved = "withdrawn", 0
		m.unbind(c)
	case "refuse":
		c.state, c.reserved = "refused", 0
		m.unbind(c)
		return decides()
	case "approve":
		if err := decides(); err != nil {
			return err
		}
		return m.approve(c)
	case "revoke", "cancel":
		c.state, c.reserved = "ended", 0
		err := m.move(m.owned(c), "committed", "available")
		m.unbind(c)
		return err
	case "announce":
		c.state = "announced"
	case "fail", "default":
		c.state = "approved"
	case "award":
		c.state, c.winner = "awarded", asked.Winner
	case "contract":
		return m.supply(c)
	case "start":
		c.state = "building"
		return m.move(c.plots, "supplied", "under_construction")
	case "complete":
		c.state = "closed"
		err := m.move(c.plots, "under_construction", "completed")
		m.unbind(c)
		return err
	case "lapse":
		c.state = "ended"
		m.unbind(c)
	case "charge":
	case "resume_work":
		c.state = "closed"
		err := m.move(c.plots, "idle", "under_construction")
		m.unbind(c)
		return err
	case "take_back":
		if err := decides(); err != nil {
			return err
		}
		c.state = "closed"
		for _, id := range c.plots {
			m.holders[id] = ""
		}
		err := m.move(c.plots, "idle", "reserved")
		m.unbind(c)
		return err
	default:
		return fmt.Errorf("the model has no such act")
	}
	return nil
}

func (m *caseModel) approve(c *modelCase) (err error) {
	c.state = "closed"
	switch c.kind {
	case "siting", "supply":
		c.state = "approved"
		return m.move(m.owned(c), "available", "committed")
	case "works_permit":
		c.state = "permitted"
		return nil
	case "idle":
		c.state = "found"
		return m.move(c.plots, "supplied", "idle")
	case "acceptance":
		err = m.move(c.plots, "completed", "verified")
	}
	m.unbind(c)
	return err
}

func (m *caseModel) supply(c *modelCase) error {
	if err := m.move(c.plots, "committed", "supplied"); err != nil {
		return err
	}
	for _, id := range c.plots {
		m.holders[id] = c.applicant
		if c.mode == "auction" {
			m.holders[id] = c.winner
		}
		delete(m.binders, id)
	}
	c.state, c.reserved, c.used = "closed", 0, c.reserved
	if siting := m.cases[c.follows]; siting != nil {
		if siting.state != "approved" {
			return fmt.Errorf("the siting is %s", siting.state)
		}
		siting.state, siting.reserved, siting.used = "closed", 0, siting.reserved
		siting.version++
	}
	return nil
}

// owned are the plots of a case that are not those of the siting that it follows.
func (m *caseModel) owned(c *modelCase) []land.PlotID {
	siting := m.cases[c.follows]
	if siting == nil {
		return c.plots
	}
	return slices.DeleteFunc(slices.Clone(c.plots), func(id land.PlotID) bool { return slices.Contains(siting.plots, id) })
}

func (m *caseModel) bind(c *modelCase) error {
	for _, id := range c.plots {
		if by := m.binders[id]; by != "" && (by != c.follows || c.kind != "supply") {
			return fmt.Errorf("plot %d is bound by %s", id, by)
		}
		m.binders[id] = c.no
	}
	return nil
}

func (m *caseModel) unbind(c *modelCase) {
	for _, id := range c.plots {
		if m.binders[id] != c.no {
			continue
		}
		delete(m.binders, id)
		if siting := m.cases[c.follows]; siting != nil && c.kind == "supply" && siting.state == "approved" && slices.Contains(siting.plots, id) {
			m.binders[id] = siting.no
		}
	}
}

// move moves plots on; those that are there already stay.
func (m *caseModel) move(ids []land.PlotID, from, to land.Status) error {
	for _, id := range ids {
		if m.statuses[id] != from && m.statuses[id] != to {
			return fmt.Errorf("plot %d is %s, not %s", id, m.statuses[id], from)
		}
		m.statuses[id] = to
	}
	return nil
}

func (m *caseModel) divide(s splitUp) error {
	by := m.binders[s.parent.ID]
	if by != "" && by != s.no {
		return fmt.Errorf("plot %d was split under %q while %q bound it", s.parent.ID, s.no, by)
	}
	for _, p := range s.parts {
		m.statuses[p.ID], m.holders[p.ID], m.areas[p.ID] = m.statuses[s.parent.ID], m.holders[s.parent.ID], land.AmountOf(p.Area)
		if by != "" {
			m.binders[p.ID] = by
		}
	}
	delete(m.statuses, s.parent.ID)
	delete(m.binders, s.parent.ID)
	if by == "" {
		return nil
	}
	c := m.cases[by]
	replace := func(c *modelCase) {
		i := slices.Index(c.plots, s.parent.ID)
		if i < 0 {
			return
		}
		c.plots = slices.Delete(slices.Clone(c.plots), i, i+1)
		for _, p := range s.parts {
			c.plots = append(c.plots, p.ID)
		}
		c.version++
	}
	replace(c)
	if siting := m.cases[c.follows]; siting != nil && c.kind == "supply" {
		replace(siting)
	}
	return nil
}
