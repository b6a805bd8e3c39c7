package land

// Ledger is the quota ledger in memory: every entry posted so far and what they
// add up to. It is what the store must agree with, entry for entry. The zero
// value is an empty one. It is not safe for concurrent use.
type Ledger struct {
	entries  map[EntryID]QuotaEntry
	reversed map[EntryID]EntryID // who reversed an entry
	order    []EntryID
	balances map[Place]Quantity
}

// Post adds an entry, which must have a number of its own, or refuses it and
// stays as it is.
func (l *Ledger) Post(e QuotaEntry, today Date) error {
	if of, ok := l.entries[e.Of]; ok && e.Type == EntryReverse {
		e = e.Reversing(of)
	}
	standing := l.Standing(e)
	if e.Type == EntryReverse && standing.Of == nil {
		return e.Admit(standing)
	}
	if err := e.Validate(today); err != nil {
		return err
	}
	if err := e.Admit(standing); err != nil {
		return err
	}
	if l.entries == nil {
		l.entries, l.reversed, l.balances = map[EntryID]QuotaEntry{}, map[EntryID]EntryID{}, map[Place]Quantity{}
	}
	l.entries[e.ID] = e
	l.order = append(l.order, e.ID)
	if e.Type == EntryReverse {
		l.reversed[e.Of] = e.ID
	}
	for _, leg := range e.Legs(l.entries[e.Of].Type) {
		l.balances[leg.Place] = l.balances[leg.Place].Plus(leg.Quantity)
	}
	return nil
}

// Standing is what the ledger says to the rules about an entry.
func (l *Ledger) Standing(e QuotaEntry) QuotaStanding {
	s := QuotaStanding{Balances: l.balances}
	touches := func(a QuotaAccount) bool { return a == e.Account || a == e.To }
	for _, id := range l.order {
		f := l.entries[id]
		if touches(f.Account) || f.To != (QuotaAccount{}) && touches(f.To) {
			if f.Day.After(s.Last) {
				s.Last = f.Day
			}
			s.LastMoment = f.RecordedAt
		}
		if l.reversed[id] != 0 || f.Account != e.Account || f.CaseNo != e.CaseNo {
			continue
		}
		if f.Type == e.Type && f.DocumentNo == e.DocumentNo {
			s.Document = id
		}
		if f.Type == EntryReserve {
			s.Reservation = id
		}
	}
	if of, ok := l.entries[e.Of]; ok && e.Type == EntryReverse {
		s.Of, s.ReversedBy = &of, l.reversed[e.Of]
	}
	for place, q := range l.balances {
		if e.CaseNo != "" && place.CaseNo == e.CaseNo && place.Account.Kind == e.Account.Kind && place.Account != e.Account && q.Total > 0 {
			s.Elsewhere = place.Account
		}
	}
	return s
}

// Balance is what a pot holds.
func (l *Ledger) Balance(p Place) Quantity { return l.balances[p] }

// State is an account as its entries make it.
func (l *Ledger) State(a QuotaAccount) QuotaState {
	s := QuotaState{Account: a}
	for _, id := range l.order {
		e := l.entries[id]
		reversed := l.entries[e.Of].Type
		for _, leg := range e.Legs(reversed) {
			if leg.Account == a {
				s.Add(leg.Pot, e.CountsAs(reversed), leg.Quantity)
			}
		}
	}
	return s
}
