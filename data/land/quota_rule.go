package land

import (
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Validate tells everything that is wrong with an entry by itself, whatever the
// ledger holds, in one *InvalidError. A reversal is looked at after Reversing.
func (e QuotaEntry) Validate(today Date) error {
	var found []Finding
	refuse := func(field string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Field: field}.Saying(message, remedy))
	}
	if (e.Account.Kind.Name() == QuotaKindName{}) {
		refuse("kind", geo.Say("没有 %s 这一指标类别", "%s is no kind of quota", quote(string(e.Account.Kind))), geo.Say("请给出指标类别，例如 new", "give a kind, such as new"))
	}
	if e.Type.rule().entry == "" {
		refuse("entry", geo.Say("没有 %s 这一记录类型", "%s is no type of entry", quote(string(e.Type))), geo.Say("请给出记录类型，例如 grant", "give a type, such as grant"))
	}
	if e.Account.Year < FirstQuotaYear || e.Account.Year > LastQuotaYear {
		refuse("year", geo.Say("%d 不是有台账的年度", "there are no accounts of %d", e.Account.Year), geo.Say("请给出 %d 至 %d 年", "give a year from %d to %d", FirstQuotaYear, LastQuotaYear))
	}
	e.checkQuantity(refuse)
	e.checkTarget(refuse)
	for _, t := range []struct {
		field, text string
		needed      bool
	}{{"document_no", e.DocumentNo, e.Type != EntryReverse}, {"case_no", e.CaseNo, e.Type.OfCase()}, {"reason", e.Reason, e.Type == EntryReverse}} {
		if message, bad := faultOfText(t.text); bad {
			refuse(t.field, message, atMost(maxText))
		} else if t.needed && t.text == "" {
			refuse(t.field, geo.Say("记录“%s”缺少 %s", "an entry of type %s has no %s", e.Type, t.field), geo.Say("请给出，至多 %d 个字符", "give it, with at most %d characters", maxText))
		}
	}
	if e.CaseNo != "" && !e.Type.OfCase() && e.Type != EntryReverse {
		refuse("case_no", geo.Say("记录“%s”不属于案件", "an entry of type %s is of no case", e.Type), geo.Say("请去掉；预留、使用、释放才有案件", "leave it out; reserve, use and release have one"))
	}
	if (e.Of != 0) != (e.Type == EntryReverse) {
		refuse("of", geo.Say("只有冲正有被冲正的记录", "a reversal, and no other entry, says which entry it reverses"), geo.Say("请在冲正中给出该记录的 id", "give the id of that entry with a reversal"))
	}
	switch earliest := DateOf(time.Date(e.Account.Year-1, 1, 1, 0, 0, 0, 0, time.UTC)); {
	case e.Day.IsZero():
		refuse("day", geo.Say("没有日期", "there is no day"), geo.Say("请给出日期，例如 2016-05-20", "give one, such as 2016-05-20"))
	case e.Day.After(today):
		message, remedy := toCome(e.Day)
		refuse("day", message, remedy)
	case earliest.After(e.Day):
		refuse("day", geo.Say("%s 远早于 %d 年度", "%s is long before the year %d", e.Day, e.Account.Year), geo.Say("请填 %s 或之后的日期", "give %s or a later day", earliest))
	}
	return Refuse(found)
}

// checkQuantity refuses amounts that are none, too large, or do not add up.
func (e QuotaEntry) checkQuantity(refuse func(field string, message, remedy geo.Words)) {
	kind := e.Account.Kind.Name()
	q := e.Quantity
	switch divided := q.Farmland != 0 || q.Unused != 0 || q.Cultivated != 0; {
	case q.Total <= 0 || q.Total > MostAmount:
		refuse("mu", geo.Say("%s 亩不是可用的数量", "%s 亩 is not an amount that can be used", q.Total), geo.Say("请给出大于 0、至多 %s 的亩数", "give 亩 above 0 and at most %s", MostAmount))
	case q.Farmland < 0 || q.Cultivated < 0 || q.Unused < 0:
		refuse("farmland_mu", geo.Say("分项为负", "a part is below 0"), geo.Say("请给出不小于 0 的数", "give parts of 0 or more"))
	case divided && !kind.Divided && kind.Kind != "":
		refuse("farmland_mu", geo.Say("%s不分农用地、未利用地", "quota of kind %s has no farmland and unused land", kind.Kind), geo.Say("请去掉分项", "leave the parts out"))
	case q.Cultivated > q.Farmland:
		refuse("cultivated_mu", geo.Say("耕地 %s 亩多于农用地 %s 亩", "cultivated land, %s 亩, is more than farmland, %s 亩", q.Cultivated, q.Farmland), geo.Say("耕地计入农用地", "farmland includes it"))
	case q.Farmland > q.Total || q.Unused > q.Total-q.Farmland:
		refuse("farmland_mu", geo.Say("农用地与未利用地之和多于 %s 亩", "farmland and unused land are more than %s 亩", q.Total), geo.Say("两者之和至多为总数", "together they are at most the whole"))
	case divided && kind.Kind == NewLand && q.undivided() != 0:
		refuse("farmland_mu", geo.Say("农用地 %s 亩与未利用地 %s 亩之和不等于 %s 亩", "farmland, %s 亩, and unused land, %s 亩, are not %s 亩 together", q.Farmland, q.Unused, q.Total), geo.Say("新增建设用地由两者组成；请改正，或不给分项", "new land is made of the two: correct them, or leave the parts out"))
	}
}

// checkTarget refuses another account where there is none, or a wrong one.
func (e QuotaEntry) checkTarget(refuse func(field string, message, remedy geo.Words)) {
	to := e.To
	switch none := (to == QuotaAccount{}); {
	case e.Type == EntryReverse:
	case !e.Type.MovesOn() && !none:
		refuse("to_park", geo.Say("记录“%s”不涉及另一账户", "an entry of type %s leads to no other account", e.Type), geo.Say("请去掉", "leave it out"))
	case e.Type == EntryTransfer && (to.Park == "" || to.Park == e.Account.Park || to.Year != e.Account.Year || to.Kind != e.Account.Kind):
		refuse("to_park", geo.Say("调剂须指向同年度、同类别的另一园区", "a transfer goes to another park, in the same year and kind"), geo.Say("请给出另一园区的代码", "give the code of another park"))
	case e.Type == EntryCarryOver && (to.Park != e.Account.Park || to.Year != e.Account.Year+1 || to.Year > LastQuotaYear || to.Kind != e.Account.Kind):
		refuse("to_year", geo.Say("结转须至本园区下一年度的同类账户", "quota is carried over to the park's account of the next year"), geo.Say("请填 %d，或不填", "give %d, or leave it out", e.Account.Year+1))
	}
}

// QuotaStanding is what the rules ask the ledger about an entry that is to be
// posted, as it holds while nobody else posts to its accounts.
type QuotaStanding struct {
	Last        Date               // the day of the last entry of its accounts
	LastMoment  time.Time          // and when that was recorded
	Document    EntryID            // an entry of the same type, account and case on the same document that is not reversed
	Reservation EntryID            // a reservation of its case in its account that is not reversed
	Elsewhere   QuotaAccount       // another account in which its case has reserved or used quota of the kind
	Balances    map[Place]Quantity // of the pots that it touches
	Of          *QuotaEntry        // the entry that it reverses, nil where there is none
	ReversedBy  EntryID            // who reversed that already
}

// Admit refuses an entry that the ledger's state forbids: a *ConflictError that
// names the field. The entry is one that Validate passes.
func (e QuotaEntry) Admit(s QuotaStanding) error {
	var reversed EntryType
	if e.Type == EntryReverse {
		if err := e.admitReversal(s); err != nil {
			return err
		}
		reversed = s.Of.Type
	}
	switch {
	case s.Last.After(e.Day):
		return ConflictOn("day", geo.Say("%s 早于账户最后一笔记录的日期 %s", "%s is before %s, the day of the account's last entry", e.Day, s.Last),
			geo.Say("请填该日或之后的日期", "give that day or a later one"))
	case e.Type != EntryReverse && s.Document != 0:
		return ConflictOn("document_no", geo.Say("文号 %s 已在此账户记过“%s”（记录 %d）", "document %s has an entry of type %s in this account already, entry %d", e.DocumentNo, e.Type, s.Document),
			geo.Say("请核对文号；记错的须先冲正", "check the number; an entry that is wrong is reversed first"))
	case e.Type == EntryReserve && s.Reservation != 0:
		return ConflictOn("case_no", geo.Say("案件 %s 已在此账户预留（记录 %d）", "case %s has reserved in this account already, entry %d", e.CaseNo, s.Reservation),
			geo.Say("一个案件只预留一次；要更改请先冲正", "a case reserves once; reverse that to change it"))
	}
	legs := e.Legs(reversed)
	if legs[1].Pot == PotReserved && s.Elsewhere != (QuotaAccount{}) {
		return ConflictOn("case_no", geo.Say("案件 %s 在账户“%s”中有预留或已使用的指标", "case %s has reserved or used quota in account %s", e.CaseNo, s.Elsewhere),
			geo.Say("请先在该账户释放或冲正", "release or reverse it there first"))
	}
	from := legs[0].Place
	if from.Pot == PotOutside {
		return nil // there is always more outside
	}
	left := s.Balances[from].Plus(legs[0].Quantity)
	if part, is := left.short(); is {
		return e.overdrawn(part, s.Balances[from], from)
	}
	return nil
}

func (e QuotaEntry) admitReversal(s QuotaStanding) error {
	switch {
	case s.Of == nil:
		return Invalid("of", geo.Say("此台账没有记录 %d", "there is no entry %d in this ledger", e.Of), geo.Say("请给出本园区本年度一笔记录的 id", "give the id of an entry of this park and year"))
	case s.Of.Type == EntryReverse:
		return ConflictOn("of", geo.Say("记录 %d 本身是冲正", "entry %d is a reversal itself", e.Of), geo.Say("请重新记一笔", "post the entry anew"))
	case s.ReversedBy != 0:
		return ConflictOn("of", geo.Say("记录 %d 已由记录 %d 冲正", "entry %d was reversed by entry %d", e.Of, s.ReversedBy), geo.Say("一笔记录只冲正一次", "an entry is reversed once"))
	}
	return nil
}

func (e QuotaEntry) overdrawn(part component, held Quantity, from Place) error {
	has, wants := part.of(held), part.of(e.Quantity)
	name := part.name
	if name != (geo.Words{}) {
		name = geo.Say("%s ", "%s ", name)
	}
	var message geo.Words
	switch from.Pot {
	case PotAvailable:
		message = geo.Say("账户“%s”可用%s%s 亩，不足 %s 亩", "account %s has %s%s 亩 available, not %s 亩", from.Account, name, has, wants)
	case PotReserved:
		message = geo.Say("案件 %s 在账户“%s”预留%s%s 亩，不足 %s 亩", "case %s has in account %s %s%s 亩 reserved, not %s 亩", from.CaseNo, from.Account, name, has, wants)
	default:
		message = geo.Say("案件 %s 在账户“%s”使用%s%s 亩，不足 %s 亩", "case %s has in account %s %s%s 亩 used, not %s 亩", from.CaseNo, from.Account, name, has, wants)
	}
	remedy := geo.Say("请至多填 %s 亩", "give at most %s 亩", has)
	switch {
	case e.Type == EntryReverse:
		return ConflictOn("of", message, geo.Say("请先冲正其后的记录", "reverse the entries after it first"))
	case part.divide:
		remedy = geo.Say("请按下达时的分项给出农用地、耕地和未利用地", "state farmland, cultivated and unused land as the grant does")
	case has <= 0:
		remedy = geo.Say("此处没有可动用的数量", "there is none of it to take")
	}
	return ConflictOn(part.field, message, remedy)
}
