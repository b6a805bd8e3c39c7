package report

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// amountUnit is a unit in which quota is printed; its last decimal is so many
// millionths of a 亩.
type amountUnit struct {
	decimals int
	last     land.Amount
}

var (
	quotaHectares = amountUnit{geo.HectareDecimals, 1_500}
	quotaMus      = amountUnit{geo.MuDecimals, 10_000}
)

// round prints an amount, half up, away from zero below nothing.
func (u amountUnit) round(a land.Amount) Decimal {
	if a < 0 {
		return Decimal{Places: u.decimals}.Minus(u.round(-a))
	}
	return Decimal{int64((a + u.last/2) / u.last), u.decimals}
}

// cells print amounts so that they add up to a total. What rounding leaves goes, a
// last decimal at a time, to the amount that it moved most the other way, so that
// one that a document states with these decimals is printed as it states it.
func (u amountUnit) cells(total land.Amount, parts ...land.Amount) []Cell {
	printed := make([]Decimal, len(parts))
	rest := u.round(total)
	for i, part := range parts {
		printed[i] = u.round(part)
		rest = rest.Minus(printed[i])
	}
	for rest.Units != 0 {
		step := Decimal{int64(cmp.Compare(rest.Units, 0)), u.decimals}
		missing := func(i int) land.Amount {
			return (parts[i] - land.Amount(printed[i].Units)*u.last) * land.Amount(step.Units)
		}
		most := 0
		for i := range parts {
			if missing(i) > missing(most) {
				most = i
			}
		}
		printed[most], rest = printed[most].Plus(step), rest.Minus(step)
	}
	cells := make([]Cell, len(parts))
	for i, d := range printed {
		cells[i] = numberCell(d)
	}
	return cells
}

func quotaColumns() []Column {
	ha := func(key, zh, en, group string) Column {
		return Column{Key: key, Zh: zh, En: en, Group: group, Kind: Number, Unit: "公顷", Decimals: geo.HectareDecimals, Width: 10, Additive: true}
	}
	mu := func(key, zh, en string) Column {
		return Column{Key: key, Zh: zh, En: en, Group: "折合亩", Kind: Number, Unit: "亩", Decimals: geo.MuDecimals, Width: 10, Additive: true}
	}
	return []Column{
		{Key: "no", Zh: "序号", En: "No.", Kind: Integer, Width: 5},
		{Key: "quota_kind", Zh: "指标类型", En: "Kind of quota", Kind: Text, Width: 18},
		{Key: "park", Zh: "园区", En: "Park", Kind: Text, Width: 10},
		{Key: "year", Zh: "年度", En: "Year", Kind: Text, Width: 6},
		{Key: "document_no", Zh: "下达文号", En: "Granting documents", Kind: Text, Width: 18},
		ha("granted_ha", "下达", "Granted", "指标来源"),
		ha("adjusted_ha", "追加/调剂", "Supplemented and transferred", "指标来源"),
		ha("carried_ha", "结转", "Carried over", "指标来源"),
		ha("allocated_ha", "指标总量", "Allocated", "指标来源"),
		ha("used_ha", "已使用", "Used", "指标使用"),
		ha("reserved_ha", "已锁定", "Reserved", "指标使用"),
		ha("available_ha", "剩余", "Remaining", "指标使用"),
		{Key: "use_rate_pct", Zh: "使用率", En: "Use rate", Group: "指标使用", Kind: Number, Unit: "%", Decimals: geo.PercentDecimals, Width: 8},
		ha("used_farmland_ha", "已用农用地", "Farmland used", "已使用其中"),
		ha("used_cultivated_ha", "已用耕地", "Cultivated land used", "已使用其中"),
		ha("used_unused_ha", "已用未利用地", "Unused land used", "已使用其中"),
		mu("allocated_mu", "指标总量", "Allocated"), mu("used_mu", "已使用", "Used"), mu("reserved_mu", "已锁定", "Reserved"), mu("available_mu", "剩余", "Remaining"),
	}
}

// quota is the use of land quota (土地指标使用情况表), an account a row, under the sum of
// its kind: kinds are of different things and are never added up. In a row what
// was given, and what became of it, both add up to the allocation as printed.
func quota(ctx context.Context, from Source, opt Options) (Table, error) {
	reg := from.Register()
	accounts, err := from.Quotas(ctx, opt.years(), opt.Kinds)
	if err != nil {
		return Table{}, err
	}
	t := tableOf("quota", reg, opt, "土地指标使用情况表", "Use of land quota")
	t.Lead, t.Columns = 4, quotaColumns()
	number := 0
	var states []land.QuotaState // of each row
	for _, kind := range land.QuotaKinds() {
		ofKind := slices.DeleteFunc(slices.Clone(accounts), func(a land.QuotaStatement) bool { return a.Account.Kind != kind.Kind })
		if len(ofKind) == 0 {
			continue
		}
		sort(reg, ofKind, func(a land.QuotaStatement) land.QuotaAccount { return a.Account })
		first := len(t.Rows)
		var sum land.QuotaState
		for _, a := range ofKind {
			park := parkAt(reg, a.Account.Park)
			if park == nil {
				return Table{}, missingPark(a.Account.Park)
			}
			number++
			t.Rows = append(t.Rows, Row{Cells: quotaCells(number, kind, park, a)})
			states = append(states, a.QuotaState)
			sum.Granted, sum.Transferred, sum.Carried, sum.Used = sum.Granted.Plus(a.Granted), sum.Transferred.Plus(a.Transferred), sum.Carried.Plus(a.Carried), sum.Used.Plus(a.Used)
		}
		row := Row{Kind: Subtotal, Cells: make([]Cell, len(t.Columns)), Sums: []Span{{first, len(t.Rows)}}}
		row.Cells[t.column("quota_kind")], row.Cells[t.column("park")] = textCell(kind.Zh), textCell("小计")
		t.Rows, states = append(t.Rows, row), append(states, sum)
	}
	t.addUp()
	for i, s := range states {
		t.Rows[i].Cells[t.column("use_rate_pct")] = useRate(s)
	}
	t.quotaNotes()
	t.note("追加/调剂 = 追加 − 核减 + 调入 − 调出；结转 = 上年转入 − 转入下年。指标总量 = 下达 + 追加/调剂 + 结转 = 已使用 + 已锁定 + 剩余；使用率 = 已使用 ÷ 指标总量。",
		"每行的舍入尾差计入该行同组中舍入最多的一项；小计为各行之和，不同类型的指标不求和。")
	return t, nil
}

// sort puts what is of accounts in the order of parks, years and cases.
func sort[T any](reg land.Register, list []T, account func(T) land.QuotaAccount) {
	place := func(code land.ParkCode) int {
		return slices.IndexFunc(reg.Parks, func(p land.Park) bool { return p.Code == code })
	}
	slices.SortStableFunc(list, func(a, b T) int {
		x, y := account(a), account(b)
		return cmp.Or(cmp.Compare(place(x.Park), place(y.Park)), cmp.Compare(x.Year, y.Year))
	})
}

func quotaCells(number int, kind land.QuotaKindName, park *land.Park, a land.QuotaStatement) []Cell {
	total := a.Allocated().Total
	given := quotaHectares.cells(total, a.Granted.Total-a.Adjusted.Total, a.Adjusted.Total+a.Transferred.Total, a.Carried.Total)
	became := quotaHectares.cells(total, a.Used.Total, a.Reserved.Total, a.Available.Total)
	inMu := quotaMus.cells(total, a.Used.Total, a.Reserved.Total, a.Available.Total)
	return slices.Concat(
		[]Cell{countCell(number), textCell(kind.Zh), textCell(park.NameZh), textCell(strconv.Itoa(a.Account.Year)), textCell(strings.Join(a.Documents, "；"))},
		given, []Cell{numberCell(quotaHectares.round(total))}, became, []Cell{{}},
		dividedCells(kind, a.Used),
		[]Cell{numberCell(quotaMus.round(total))}, inMu,
	)
}

// dividedCells are what of a quantity is farmland, cultivated and unused, of a kind
// that is divided.
func dividedCells(kind land.QuotaKindName, q land.Quantity) []Cell {
	if !kind.Divided {
		return make([]Cell, 3)
	}
	return []Cell{numberCell(quotaHectares.round(q.Farmland)), numberCell(quotaHectares.round(q.Cultivated)), numberCell(quotaHectares.round(q.Unused))}
}

// useRate is what is used of what is allocated, which is none of nothing.
func useRate(s land.QuotaState) Cell {
	if s.Allocated().Total <= 0 {
		return Cell{}
	}
	return numberCell(Fixed(s.Used.Total.Share(s.Allocated().Total), geo.PercentDecimals))
}

// quotaNotes are of every table of the ledger.
func (t *Table) quotaNotes() {
	if len(t.Rows) == 0 {
		t.note("台账中没有符合条件的记录。")
	}
	t.note("1 公顷 = 15 亩。")
}
