package land

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestAmountsAreExact(t *testing.T) {
	for _, c := range []struct {
		unit, text string
		want       Amount
		mu         string // as it is written; "" is refused
	}{
		{"mu", "300", 300_000_000, "300"},
		{"mu", "0.01", 10_000, "0.01"},
		{"mu", "0.000001", 1, "0.000001"},
		{"m2", "0.01", 15, "0.000015"},
		{"m2", "200000.00", 300_000_000, "300"}, // 300 亩
		{"m2", "666.67", 1_000_005, "1.000005"}, // which is not 1 亩
		{"ha", "0.0001", 1_500, "0.0015"},
		{"ha", "20", 300_000_000, "300"},
		{"ha", "96.4", 1_446_000_000, "1446"}, // Nansha
		{"ha", "92.2", 1_383_000_000, "1383"}, // Luogang
		{"mu", "1000000", MostAmount, "1000000"},
		{"mu", "1000000.01", 0, ""},
		{"m2", "666666666.67", 0, ""},
		{"mu", "0.0000001", 0, ""},
		{"m2", "0.001", 0, ""},
		{"ha", "0.00001", 0, ""},
		{"mu", "-1", 0, ""},
		{"mu", "NaN", 0, ""},
		{"mu", "Infinity", 0, ""},
		{"mu", "1e3", 0, ""},
		{"mu", `"5"`, 0, ""},
		{"mu", "", 0, ""},
		{"mu", "null", 0, ""},
		{"mu", "99999999999999999999", 0, ""},
		{"mu", "0x10", 0, ""},
		{"mu", "１２", 0, ""},
	} {
		var unit AmountUnit
		for _, u := range AmountUnits() {
			if u.Name == c.unit {
				unit = u
			}
		}
		got, err := unit.Parse("mu", c.text)
		var invalid *InvalidError
		switch {
		case c.mu == "" && (!errors.As(err, &invalid) || invalid.Findings[0].Field != "mu" || invalid.Findings[0].Remedy == ""):
			t.Errorf("%s %s: %v, %v", c.text, c.unit, got, err)
		case c.mu != "" && (err != nil || got != c.want || got.String() != c.mu):
			t.Errorf("%s %s: %d, %s, %v", c.text, c.unit, got, got, err)
		}
	}
	if text, err := json.Marshal(map[string]Amount{"mu": -12_350_000}); err != nil || string(text) != `{"mu":-12.35}` {
		t.Errorf("%s, %v", text, err)
	}
}

// entry is an entry on a good document, with what the test changes.
func entry(id EntryID, change func(*QuotaEntry)) QuotaEntry {
	day, err := ParseDate("2016-05-20")
	if err != nil {
		panic(err)
	}
	e := QuotaEntry{ID: id, Account: QuotaAccount{"panyu", 2016, NewLand}, Type: EntryGrant, Quantity: Quantity{Total: MuAmount(300)}, DocumentNo: "穗国土规划〔2016〕1号", Day: day}
	change(&e)
	return e
}

func TestEntriesAreHeldToTheirRules(t *testing.T) {
	today, err := ParseDate("2016-12-31")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("长", 201)
	for _, c := range []struct {
		name   string
		change func(*QuotaEntry)
		field  string // "" is right
	}{
		{"a grant", func(e *QuotaEntry) {}, ""},
		{"with its parts", func(e *QuotaEntry) { e.Farmland, e.Cultivated, e.Unused = MuAmount(200), MuAmount(120), MuAmount(100) }, ""},
		{"cultivated above farmland", func(e *QuotaEntry) { e.Farmland, e.Cultivated, e.Unused = MuAmount(100), MuAmount(120), MuAmount(200) }, "cultivated_mu"},
		{"parts below the whole", func(e *QuotaEntry) { e.Farmland = MuAmount(200) }, "farmland_mu"},
		{"parts above the whole", func(e *QuotaEntry) { e.Farmland, e.Unused = MuAmount(200), MuAmount(101) }, "farmland_mu"},
		{"parts that overflow", func(e *QuotaEntry) { e.Farmland, e.Unused = 1<<62, 1<<62 }, "farmland_mu"},
		{"a part below 0", func(e *QuotaEntry) { e.Farmland, e.Unused = MuAmount(400), MuAmount(-100) }, "farmland_mu"},
		{"parts below the whole, of scale", func(e *QuotaEntry) { e.Account.Kind, e.Farmland = Scale, MuAmount(200) }, ""},
		{"parts of stock", func(e *QuotaEntry) { e.Account.Kind, e.Farmland = Stock, MuAmount(300) }, "farmland_mu"},
		{"nothing", func(e *QuotaEntry) { e.Total = 0 }, "mu"},
		{"less than nothing", func(e *QuotaEntry) { e.Total = -1 }, "mu"},
		{"too much", func(e *QuotaEntry) { e.Total = MostAmount + 1 }, "mu"},
		{"no document", func(e *QuotaEntry) { e.DocumentNo = "" }, "document_no"},
		{"a long document number", func(e *QuotaEntry) { e.DocumentNo = long }, "document_no"},
		{"a broken reason", func(e *QuotaEntry) { e.Reason = "a\x00" }, "reason"},
		{"a grant to a case", func(e *QuotaEntry) { e.CaseNo = "A-1" }, "case_no"},
		{"a reservation", func(e *QuotaEntry) { e.Type, e.CaseNo = EntryReserve, "A-1" }, ""},
		{"a reservation for no case", func(e *QuotaEntry) { e.Type = EntryReserve }, "case_no"},
		{"an unknown type", func(e *QuotaEntry) { e.Type = "gift" }, "entry"},
		{"an unknown kind", func(e *QuotaEntry) { e.Account.Kind = "old" }, "kind"},
		{"before the plan", func(e *QuotaEntry) { e.Account.Year = 2015 }, "year"},
		{"a day to come", func(e *QuotaEntry) { e.Day, _ = ParseDate("2017-01-01") }, "day"},
		{"a day of long before", func(e *QuotaEntry) { e.Day, _ = ParseDate("2014-12-31") }, "day"},
		{"no day", func(e *QuotaEntry) { e.Day = Date{} }, "day"},
		{"a transfer", func(e *QuotaEntry) { e.Type, e.To = EntryTransfer, QuotaAccount{"nansha", 2016, NewLand} }, ""},
		{"a transfer to itself", func(e *QuotaEntry) { e.Type, e.To = EntryTransfer, e.Account }, "to_park"},
		{"a transfer to another year", func(e *QuotaEntry) { e.Type, e.To = EntryTransfer, QuotaAccount{"nansha", 2017, NewLand} }, "to_park"},
		{"a transfer to another kind", func(e *QuotaEntry) { e.Type, e.To = EntryTransfer, QuotaAccount{"nansha", 2016, Stock} }, "to_park"},
		{"a grant that leads on", func(e *QuotaEntry) { e.To = QuotaAccount{"nansha", 2016, NewLand} }, "to_park"},
		{"a carry-over", func(e *QuotaEntry) { e.Type, e.To = EntryCarryOver, QuotaAccount{"panyu", 2017, NewLand} }, ""},
		{"a carry-over by two years", func(e *QuotaEntry) { e.Type, e.To = EntryCarryOver, QuotaAccount{"panyu", 2018, NewLand} }, "to_year"},
		{"a grant that reverses", func(e *QuotaEntry) { e.Of = 1 }, "of"},
		{"a reversal of nothing", func(e *QuotaEntry) { e.Type, e.Reason = EntryReverse, "typed wrongly" }, "of"},
		{"a reversal without a reason", func(e *QuotaEntry) { e.Type, e.Of = EntryReverse, 1 }, "reason"},
		{"a reversal without a document", func(e *QuotaEntry) { e.Type, e.Of, e.Reason, e.DocumentNo = EntryReverse, 1, "typed wrongly", "" }, ""},
	} {
		err := entry(9, c.change).Validate(today)
		var invalid *InvalidError
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.field != "" && (!errors.As(err, &invalid) || invalid.Findings[0].Field != c.field || invalid.Findings[0].Remedy == "" || invalid.Findings[0].MessageZh == ""):
			t.Errorf("%s: %v, want %s refused", c.name, err, c.field)
		}
	}
}

// TestTheLedgerHoldsEntriesToEachOther tells a story, with what is refused on the way.
func TestTheLedgerHoldsEntriesToEachOther(t *testing.T) {
	today, err := ParseDate("2017-12-31")
	if err != nil {
		t.Fatal(err)
	}
	var l Ledger
	id := EntryID(0)
	for _, c := range []struct {
		entry  EntryType
		mu     int64
		doc    string
		change func(*QuotaEntry)
		field  string // "" is posted
		says   string
	}{
		{EntryReserve, 1, "受理 1", func(e *QuotaEntry) { e.CaseNo = "A" }, "mu", "has 0 亩 available, not 1 亩"},
		{EntryGrant, 300, "下达 1", nil, "", ""},
		{EntryGrant, 300, "下达 1", nil, "document_no", "entry 1"},
		{EntrySupplement, 30, "下达 1", nil, "", ""}, // another type of entry
		{EntryGrant, 10, "下达 1", func(e *QuotaEntry) { e.Account.Kind = Scale }, "", ""},
		{EntryWithdraw, 331, "核减 1", nil, "mu", "has 330 亩 available, not 331 亩"},
		{EntryWithdraw, 30, "核减 1", nil, "", ""},
		{EntryReserve, 100, "受理 1", func(e *QuotaEntry) { e.CaseNo = "A" }, "", ""},
		{EntryReserve, 1, "受理 2", func(e *QuotaEntry) { e.CaseNo = "A" }, "case_no", "has reserved in this account already"},
		{EntryUse, 101, "批复 1", func(e *QuotaEntry) { e.CaseNo = "A" }, "mu", "100 亩 reserved, not 101 亩"},
		{EntryUse, 1, "批复 1", func(e *QuotaEntry) { e.CaseNo = "B" }, "mu", "0 亩 reserved, not 1 亩"},
		{EntryUse, 60, "批复 1", func(e *QuotaEntry) { e.CaseNo = "A" }, "", ""},
		{EntryReverse, 0, "", func(e *QuotaEntry) { e.Of = 5 }, "of", "reverse the entries after it first"}, // the reservation
		{EntryRelease, 10, "释放 1", func(e *QuotaEntry) { e.CaseNo = "A" }, "", ""},
		{EntryReverse, 0, "", func(e *QuotaEntry) { e.Of = 6 }, "", ""}, // the use
		{EntryReverse, 0, "", func(e *QuotaEntry) { e.Of = 6 }, "of", "was reversed by entry 8"},
		{EntryReverse, 0, "", func(e *QuotaEntry) { e.Of = 8 }, "of", "is a reversal itself"},
		{EntryReverse, 0, "", func(e *QuotaEntry) { e.Of = 99 }, "of", "there is no entry 99"},
		{EntryUse, 90, "批复 1", func(e *QuotaEntry) { e.CaseNo = "A" }, "", ""}, // the document is free again
		{EntryReserve, 10, "受理 3", func(e *QuotaEntry) { e.CaseNo, e.Account.Kind, e.Account.Park = "A", Scale, "panyu" }, "", ""},
		{EntryGrant, 50, "下达 2", func(e *QuotaEntry) { e.Account.Park = "nansha" }, "", ""},
		{EntryReserve, 5, "受理 4", func(e *QuotaEntry) { e.CaseNo, e.Account.Park = "A", "nansha" }, "case_no", "account panyu 2016 new"},
		{EntryTransfer, 201, "调剂 1", func(e *QuotaEntry) { e.To = QuotaAccount{"nansha", 2016, NewLand} }, "", ""},
		{EntryTransfer, 10, "调剂 2", func(e *QuotaEntry) { e.To = QuotaAccount{"nansha", 2016, NewLand} }, "mu", "has 9 亩 available"},
		{EntryCarryOver, 9, "结转 1", func(e *QuotaEntry) { e.To = QuotaAccount{"panyu", 2017, NewLand}; e.Day, _ = ParseDate("2016-12-31") }, "", ""},
		{EntryGrant, 1, "下达 3", nil, "day", "2016-12-31, the day of the account's last entry"},
	} {
		e := entry(id+1, func(e *QuotaEntry) {
			e.Type, e.Total, e.DocumentNo = c.entry, MuAmount(c.mu), c.doc
			if c.entry == EntryReverse {
				e.Reason = "记错"
			}
			if c.change != nil {
				c.change(e)
			}
		})
		err := l.Post(e, today)
		if c.field == "" {
			if err != nil {
				t.Fatalf("%s: %v", e, err)
			}
			id++
			continue
		}
		var conflict *ConflictError
		var invalid *InvalidError
		field := ""
		if errors.As(err, &conflict) {
			field = conflict.Field
		} else if errors.As(err, &invalid) {
			field = invalid.Findings[0].Field
		}
		if field != c.field || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %s refused, saying %q", e, err, c.field, c.says)
		}
	}
	s := l.State(QuotaAccount{"panyu", 2016, NewLand})
	if s.Granted.Total != MuAmount(300) || s.Transferred.Total != MuAmount(-201) || s.Carried.Total != MuAmount(-9) || s.Reserved.Total != 0 || s.Used.Total != MuAmount(90) || s.Available.Total != 0 {
		t.Errorf("%+v", s)
	}
	if s.Allocated() != s.Available.Plus(s.Reserved).Plus(s.Used) || s.Level(10) != QuotaNone {
		t.Errorf("allocated %v, level %s", s.Allocated(), s.Level(10))
	}
	if s := l.State(QuotaAccount{"nansha", 2016, NewLand}); s.Available.Total != MuAmount(251) || s.Level(10) != QuotaOK {
		t.Errorf("%+v", s)
	}
}

// TestPartsAreNeverOverdrawn: what documents divide is drawn as they divide it.
func TestPartsAreNeverOverdrawn(t *testing.T) {
	today, err := ParseDate("2016-12-31")
	if err != nil {
		t.Fatal(err)
	}
	var l Ledger
	if err := l.Post(entry(1, func(e *QuotaEntry) { e.Farmland, e.Cultivated, e.Unused = MuAmount(200), MuAmount(120), MuAmount(100) }), today); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		q     Quantity
		field string
		says  string
	}{
		{Quantity{Total: MuAmount(10)}, "farmland_mu", "undivided land 0 亩 available, not 10 亩"},
		{Quantity{MuAmount(201), MuAmount(201), MuAmount(100), 0}, "farmland_mu", "other farmland 80 亩 available, not 101 亩"},
		{Quantity{MuAmount(121), MuAmount(121), MuAmount(121), 0}, "cultivated_mu", "cultivated land 120 亩 available, not 121 亩"},
		{Quantity{MuAmount(101), 0, 0, MuAmount(101)}, "unused_mu", "unused land 100 亩 available, not 101 亩"},
		{Quantity{MuAmount(300), MuAmount(200), MuAmount(120), MuAmount(100)}, "", ""},
	} {
		e := entry(2, func(e *QuotaEntry) { e.Type, e.CaseNo, e.Quantity = EntryReserve, "A", c.q })
		err := l.Post(e, today)
		var conflict *ConflictError
		if c.field == "" && err != nil || c.field != "" && (!errors.As(err, &conflict) || conflict.Field != c.field || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%v: %v, want %s %q", c.q, err, c.field, c.says)
		}
	}
}

func TestWhoPostsWhat(t *testing.T) {
	for _, c := range []struct {
		actor Actor
		entry EntryType
		ok    bool
	}{
		{Actor{Role: Officer}, EntryReserve, true}, {Actor{Role: Officer}, EntryUse, true}, {Actor{Role: Officer}, EntryRelease, true},
		{Actor{Role: Officer}, EntryGrant, false}, {Actor{Role: Officer}, EntryReverse, false}, {Actor{Role: Officer}, EntryCarryOver, false},
		{Actor{Role: Approver}, EntryGrant, true}, {Actor{Role: Approver}, EntryTransfer, true}, {Actor{Role: Approver}, EntryReverse, true}, {Actor{Role: Approver}, EntryReserve, false},
		{Actor{Role: Admin}, EntryGrant, true}, {Actor{Role: Admin}, EntryReserve, true},
		{Actor{Role: Visitor}, EntryReserve, false}, {Actor{Role: Applicant}, EntryReserve, false},
		{Actor{Role: Officer, Park: "panyu"}, EntryReserve, true}, {Actor{Role: Officer, Park: "nansha"}, EntryReserve, false},
		{Actor{Role: Approver, Park: "panyu"}, EntryTransfer, false},
	} {
		e := QuotaEntry{Account: QuotaAccount{"panyu", 2016, NewLand}, Type: c.entry}
		if c.entry == EntryTransfer {
			e.To = QuotaAccount{"nansha", 2016, NewLand}
		}
		if err := c.actor.MayPostQuota(e); (err == nil) != c.ok {
			t.Errorf("%s of %q makes %s: %v", c.actor.Role, c.actor.Park, c.entry, err)
		}
	}
}
