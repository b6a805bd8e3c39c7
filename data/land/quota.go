package land

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// QuotaKind is a kind of land quota (用地指标类别).
type QuotaKind string

// The kinds of quota.
const (
	NewLand         QuotaKind = "new"              // 新增建设用地计划指标
	Stock           QuotaKind = "stock"            // 存量建设用地
	StockLinked     QuotaKind = "stock_linked"     // 增存挂钩产生指标
	RebuildLinked   QuotaKind = "rebuild_linked"   // 城乡建设用地增减挂钩指标
	FarmlandBalance QuotaKind = "farmland_balance" // 耕地占补平衡指标, by quantity
	Scale           QuotaKind = "scale"            // 规划建设用地规模
)

// QuotaKindName is a kind with its names. Divided says that documents may state
// what of an amount is farmland, cultivated and unused land.
type QuotaKindName struct {
	Kind    QuotaKind
	Zh, En  string
	Divided bool
}

var quotaKinds = []QuotaKindName{
	{NewLand, "新增建设用地计划指标", "land newly built on, by the yearly plan", true},
	{Stock, "存量建设用地指标", "land in stock", false},
	{StockLinked, "增存挂钩指标", "new land earned by disposing of stock", true},
	{RebuildLinked, "增减挂钩指标", "land linked to land given back", true},
	{FarmlandBalance, "耕地占补平衡指标", "cultivated land made good", false},
	{Scale, "规划建设用地规模", "scale of building land by the spatial plan", true},
}

// QuotaKinds lists the kinds.
func QuotaKinds() []QuotaKindName { return slices.Clone(quotaKinds) }

// Name is the kind with its names; the zero value for an unknown one.
func (k QuotaKind) Name() QuotaKindName {
	for _, n := range quotaKinds {
		if n.Kind == k {
			return n
		}
	}
	return QuotaKindName{}
}

// Words are the kind's Chinese name and its word.
func (k QuotaKind) Words() geo.Words {
	return geo.Words{Zh: cmp.Or(k.Name().Zh, string(k)), En: string(k)}
}

// ParseQuotaKind reads a kind by its word or its Chinese name.
func ParseQuotaKind(s string) (QuotaKind, error) {
	words := make([]string, len(quotaKinds))
	for i, n := range quotaKinds {
		if s == string(n.Kind) || s == n.Zh {
			return n.Kind, nil
		}
		words[i] = string(n.Kind)
	}
	return "", Invalid("kind", geo.Say("没有 %s 这一指标类别", "%s is no kind of quota", quote(s)), geo.Say("可用：%s", "use one of %s", strings.Join(words, ", ")))
}

// EntryType says what an entry of the quota ledger does (台账记录类型).
type EntryType string

// The types of entry.
const (
	EntryGrant      EntryType = "grant"      // 下达
	EntrySupplement EntryType = "supplement" // 追加
	EntryTransfer   EntryType = "transfer"   // 调出至另一园区, and there 调入
	EntryReserve    EntryType = "reserve"    // 预留, for a case
	EntryUse        EntryType = "use"        // 使用, out of what the case reserved
	EntryRelease    EntryType = "release"    // 释放 of what the case reserved
	EntryWithdraw   EntryType = "withdraw"   // 核减/收回
	EntryCarryOver  EntryType = "carry_over" // 结转 to the next year
	EntryReverse    EntryType = "reverse"    // 冲正 of another entry
)

// Pot is where quota is: outside the ledger, free in an account, or reserved or
// used for a case.
type Pot string

// The pots.
const (
	PotOutside   Pot = "outside"
	PotAvailable Pot = "available"
	PotReserved  Pot = "reserved"
	PotUsed      Pot = "used"
)

// entryRule is what a type of entry is: from which pot to which it moves quota,
// and who may make it.
type entryRule struct {
	entry    EntryType
	zh       string
	from, to Pot
	officers bool // officers make it, for a case; else approvers do, on a document from above
}

var entryRules = []entryRule{
	{EntryGrant, "下达", PotOutside, PotAvailable, false},
	{EntrySupplement, "追加", PotOutside, PotAvailable, false},
	{EntryTransfer, "调剂", PotAvailable, PotAvailable, false},
	{EntryReserve, "预留", PotAvailable, PotReserved, true},
	{EntryUse, "使用", PotReserved, PotUsed, true},
	{EntryRelease, "释放", PotReserved, PotAvailable, true},
	{EntryWithdraw, "核减", PotAvailable, PotOutside, false},
	{EntryCarryOver, "结转", PotAvailable, PotAvailable, false},
	{EntryReverse, "冲正", "", "", false},
}

func (t EntryType) rule() entryRule {
	for _, r := range entryRules {
		if r.entry == t {
			return r
		}
	}
	return entryRule{}
}

// OfCase says whether the entry is of a case: a reservation and what becomes of it.
func (t EntryType) OfCase() bool { return t.rule().officers }

// MovesOn says whether the entry leads to another account.
func (t EntryType) MovesOn() bool { return t == EntryTransfer || t == EntryCarryOver }

// Words are the type's Chinese name and its word.
func (t EntryType) Words() geo.Words {
	return geo.Words{Zh: cmp.Or(t.rule().zh, string(t)), En: string(t)}
}

// ParseEntryType reads a type by its word or its Chinese name.
func ParseEntryType(s string) (EntryType, error) {
	words := make([]string, len(entryRules))
	for i, r := range entryRules {
		if s == string(r.entry) || s == r.zh {
			return r.entry, nil
		}
		words[i] = string(r.entry)
	}
	return "", Invalid("entry", geo.Say("没有 %s 这一记录类型", "%s is no type of entry", quote(s)), geo.Say("可用：%s", "use one of %s", strings.Join(words, ", ")))
}

// QuotaAccount names an account of the ledger: the quota of a kind that a park
// has in a year (计划年度, the calendar year).
type QuotaAccount struct {
	Park ParkCode
	Year int
	Kind QuotaKind
}

// Words name the account.
func (a QuotaAccount) Words() geo.Words {
	return geo.Say("%s %d 年%s", "%s %d %s", a.Park, a.Year, a.Kind)
}

// The years for which there may be accounts. The plan's are 2016 to 2020.
const (
	FirstQuotaYear = 2016
	LastQuotaYear  = 2100
)

// EntryID is an entry's number in the ledger. Numbers are not in the order of
// entries; Seq is.
type EntryID int64

// QuotaEntry is one entry of the quota ledger: a quantity that moves from one pot
// to another on a document. It never changes; what is wrong is reversed.
type QuotaEntry struct {
	ID      EntryID
	Seq     Seq // the change that it is
	Account QuotaAccount
	Type    EntryType
	To      QuotaAccount // of a transfer or carry-over
	Quantity
	CaseNo     string
	DocumentNo string // 文号
	Reason     string
	Day        Date    // from which it counts
	Of         EntryID // the entry that it reverses
	Actor      string
	RecordedAt time.Time
	Digest     string  // SHA-256, in hexadecimal, of all that it says
	ReversedBy EntryID // the entry that reversed it since, 0 for none; not part of the entry
}

// Leg is one side of an entry: what comes to a place, below nothing what goes.
type Leg struct {
	Place
	Quantity
}

// Place is a pot of an account; of what is reserved or used, that of a case.
type Place struct {
	Account QuotaAccount
	Pot     Pot
	CaseNo  string
}

// Legs are the entry's two sides, which add up to nothing: first where the quota
// goes from, then where it goes to. A reversal of an entry of the given type has
// the sides of that entry the other way about.
func (e QuotaEntry) Legs(reversed EntryType) [2]Leg {
	counts := e.CountsAs(reversed)
	rule := counts.rule()
	place := func(a QuotaAccount, pot Pot) Place {
		if pot == PotReserved || pot == PotUsed {
			return Place{a, pot, e.CaseNo}
		}
		return Place{a, pot, ""}
	}
	target := e.Account
	if counts.MovesOn() {
		target = e.To
	}
	from, to := place(e.Account, rule.from), place(target, rule.to)
	if e.Type == EntryReverse {
		from, to = to, from
	}
	return [2]Leg{{from, Quantity{}.Minus(e.Quantity)}, {to, e.Quantity}}
}

// CountsAs is the type under which the entry is added up: its own, or that of the
// entry that it reverses.
func (e QuotaEntry) CountsAs(reversed EntryType) EntryType {
	if e.Type == EntryReverse {
		return reversed
	}
	return e.Type
}

// Reversing is the entry as it must be to reverse another: it says the same of
// everything that moves.
func (e QuotaEntry) Reversing(of QuotaEntry) QuotaEntry {
	e.Account, e.To, e.Quantity, e.CaseNo = of.Account, of.To, of.Quantity, of.CaseNo
	return e
}

// MayPostQuota refuses an actor who may not make an entry: officers reserve, use
// and release for their cases, approvers do what rests on a document from above
// or corrects the ledger, administrators both; a transfer needs a key for both
// parks.
func (a Actor) MayPostQuota(e QuotaEntry) error {
	if err := a.MaySeeQuota(e.Account.Park); err != nil {
		return err
	}
	if e.To.Park != "" {
		if err := a.MaySeeQuota(e.To.Park); err != nil {
			return err
		}
	}
	needed := Approver
	if e.Type.OfCase() {
		needed = Officer
	}
	if a.Role == needed || a.Role == Admin {
		return nil
	}
	return &ForbiddenError{geo.Say("记录“%s”需要 %s 或 admin 角色，您的角色为 %s", "an entry of type %s needs the role %s or admin, not %s", e.Type, needed, a.Role)}
}

// MaySeeQuota refuses an actor who may not read the ledger of a park: visitors
// and applicants, and others outside their own park. Park "" is every park.
func (a Actor) MaySeeQuota(park ParkCode) error {
	if a.Role != Officer && a.Role != Approver && a.Role != Admin {
		return &ForbiddenError{geo.Say("查看用地指标台账需要 officer、approver 或 admin 角色，您的角色为 %s", "the quota ledger needs the role officer, approver or admin, not %s", a.Role)}
	}
	if a.Park != "" && a.Park != park {
		return &ForbiddenError{geo.Say("您的密钥用于园区 %s，不能用于 %s", "your key is for park %s, not %s", a.Park, cmp.Or(park, "*"))}
	}
	return nil
}

// String is the entry on one line, for logs and tests.
func (e QuotaEntry) String() string {
	return fmt.Sprintf("%s %s %s %v case %q document %q on %s of %d", e.Type, e.Account.Words().En, e.To.Park, e.Quantity, e.CaseNo, e.DocumentNo, e.Day, e.Of)
}
