package land

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// CaseStep is an act on a case as it is to be written: the event, the case after
// it, and what else comes of it.
type CaseStep struct {
	Event   CaseEvent // without its number, its digest and its change
	Case    Case      // after it
	Plots   []Plot    // that change, as they are to be
	Entries []QuotaEntry
	Also    *CaseStep // of the case that this one follows
}

// event is an act on the case as it is recorded.
func (c Case) event(act ActName, to CaseState, s CaseStanding, at time.Time) CaseEvent {
	return CaseEvent{CaseNo: c.No, Step: c.Steps + 1, Act: act, From: c.State, To: to, Actor: s.Actor.Name, Key: s.Actor.Key, Role: s.Actor.Role, At: at}
}

// step is an event with its facts and those that no longer are, and the case after
// it.
func (c Case) step(e CaseEvent, facts CaseFacts, cleared ...string) (CaseStep, error) {
	told, err := json.Marshal(facts)
	if err != nil {
		return CaseStep{}, err
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(told, &members); err != nil {
		return CaseStep{}, err
	}
	for _, name := range cleared {
		members[name] = json.RawMessage("null")
	}
	if e.Facts, err = json.Marshal(members); err != nil {
		return CaseStep{}, err
	}
	after, err := c.After(e)
	return CaseStep{Event: e, Case: after}, err
}

// After is the case after an event, which is taken as it was recorded.
func (c Case) After(e CaseEvent) (Case, error) {
	var told map[string]json.RawMessage
	if err := json.Unmarshal(e.Facts, &told); err != nil {
		return c, fmt.Errorf("the facts of event %d: %w", e.ID, err)
	}
	c.raw = maps.Clone(c.raw)
	if c.raw == nil {
		c.raw = map[string]json.RawMessage{}
	}
	maps.Copy(c.raw, told)
	merged, err := json.Marshal(c.raw)
	if err != nil {
		return c, err
	}
	if err := c.Tell(merged); err != nil {
		return c, err
	}
	c.No = e.CaseNo
	day := DateOf(e.At.In(ChinaStandardTime))
	switch e.Act {
	case ActOpen:
		c.OpenedOn, c.Version = day, 1
	case ActAttach, ActCheck:
	default:
		c.Version++
	}
	if e.Act == ActPropose {
		c.ProposedBy = e.Key
	}
	for _, f := range FlowsOf(c.Kind) {
		if f.From != e.From || f.Act != e.Act || !f.ofMode(c.Mode) {
			continue
		}
		if f.Clock != "" {
			c.Clock = append(slices.Clone(c.Clock), ClockMark{f.Clock, day})
		}
		c.Bound = c.Bound && !f.has(EffectUnbind) || f.has(EffectBind)
	}
	c.State, c.Steps, c.ChangedAt = e.To, e.Step, e.At
	return c, nil
}

// Tell sets what the acts of the case told, a JSON object of CaseFacts.
func (c *Case) Tell(told []byte) error {
	c.raw, c.Told = nil, CaseFacts{}
	if err := json.Unmarshal(told, &c.raw); err != nil {
		return err
	}
	if err := json.Unmarshal(told, &c.Told); err != nil {
		return err
	}
	c.Kind, c.Park = c.Told.Kind, c.Told.Park
	if c.Told.Applicant != nil {
		c.Applicant = *c.Told.Applicant
	}
	if c.Told.Content != nil {
		c.CaseContent = *c.Told.Content
	}
	return nil
}
