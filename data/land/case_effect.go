package land

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// doing is a step while its effects are worked out.
type doing struct {
	Case
	flow     CaseFlow
	act      CaseAct
	standing CaseStanding

	facts   CaseFacts
	cleared []string // facts that no longer are
	plots   []Plot
	entries []QuotaEntry
}

// tell notes what the act tells besides.
func (d *doing) tell() error {
	for _, n := range d.flow.Needs {
		switch n {
		case NeedWinner:
			d.facts.Winner = d.act.Winner
		case NeedContract:
			d.facts.Contract = d.act.Contract
		case NeedFee:
			fee, err := d.fee()
			if err != nil {
				return err
			}
			d.facts.Fee = &fee
		}
	}
	if d.flow.From == CaseAwarded && d.flow.To == CaseApproved {
		d.cleared = append(d.cleared, "winner")
	}
	return nil
}

// fee is the idle-land fee.
func (d *doing) fee() (Wan, error) {
	price := d.Declared.Price
	if d.standing.Begin != nil {
		price = d.standing.Begin.Price
	}
	fee := IdleFee(price)
	switch {
	case d.act.Fee == 0 && fee == 0:
		return 0, Invalid("fee_wan", geo.Say("价款未知，不能计算土地闲置费", "the price is not known, and so is the fee"), geo.Say("请填写土地闲置费的万元数", "give the fee in 万元"))
	case d.act.Fee < 0 || d.act.Fee > MostWan:
		return 0, Invalid("fee_wan", geo.Say("%s 万元不可用", "%s 万元 will not do", d.act.Fee), geo.Say("请填 0 到 %s 之间的值", "give a value from 0 to %s", MostWan))
	case d.act.Fee != 0 && fee != 0 && d.act.Fee != fee:
		return 0, Invalid("fee_wan", geo.Say("土地闲置费应为价款 %s 万元的 20%%", "the fee is 20 %% of the price, %s 万元", price), geo.Say("请填 %s，或不填", "give %s, or leave it out", fee))
	}
	return max(fee, d.act.Fee), nil
}

// do works out an effect. Binding and closing the followed case are the event's
// own, and follow from the table.
func (d *doing) do(e Effect) error {
	switch e {
	case EffectReserve:
		return d.reserve()
	case EffectRelease:
		return d.release()
	case EffectUse:
		return d.use()
	case EffectConditions:
		return d.eachPlot(nil, d.newConditions)
	}
	move, moves := effectMoves[e]
	if !moves {
		return nil
	}
	var more func(*Attributes) error
	switch e {
	case EffectCommit:
		if err := d.stillReserved(); err != nil {
			return err
		}
	case EffectSupply:
		more = d.supplied
	case EffectRecover:
		more = func(a *Attributes) error {
			a.Holder, a.SupplyMode, a.SuppliedOn = "", "", Date{}
			return nil
		}
	}
	return d.eachPlot(func(p Plot) (bool, error) {
		switch {
		case p.Status == move.to && (e == EffectCommit && d.followedHas(p.ID, d.standing) || e == EffectStart):
			return false, nil
		case e == EffectUncommit && d.followedHas(p.ID, d.standing):
			return false, nil // the followed case goes on
		case p.Status != move.from:
			return false, ConflictOn("plots", geo.Say("地块 %s 的状态为%s，应为%s", "plot %s is %s and would have to be %s", p.PlotNo, p.Status, move.from), geo.Say("请核对地块的状态", "look into the plot's status"))
		}
		return true, nil
	}, func(a *Attributes) error {
		if err := CheckMove(move.from, move.to); err != nil {
			return err
		}
		a.Status = move.to
		if more != nil {
			return more(a)
		}
		return nil
	})
}

// eachPlot changes the plots that are chosen, all where choose is nil. They hold
// so from the document's day, or from the present version's where that is later.
func (d *doing) eachPlot(choose func(Plot) (bool, error), change func(*Attributes) error) error {
	if err := d.whole(d.standing); err != nil {
		return err
	}
	for _, p := range d.standing.Plots {
		if choose != nil {
			if chosen, err := choose(p); err != nil {
				return err
			} else if !chosen {
				continue
			}
		}
		if err := change(&p.Attributes); err != nil {
			return err
		}
		if d.act.Document.Day.After(p.ValidFrom) {
			p.ValidFrom = d.act.Document.Day
		}
		if err := Refuse(p.CheckOn(d.standing.Today)); err != nil {
			return err
		}
		p.Version++
		d.plots = append(d.plots, p)
	}
	return nil
}

// toReserve are the plots for which the case itself reserves quota.
func (d *doing) toReserve() (plots []Plot, area Amount) {
	for _, p := range d.standing.Plots {
		if !d.followedHas(p.ID, d.standing) {
			plots = append(plots, p)
			area += AmountOf(p.Area)
		}
	}
	return plots, area
}

// onTop are kinds of quota that are reserved besides the land's own.
var onTop = []QuotaKind{FarmlandBalance, Scale}

// reserve posts what the act claims, which is for the plots' area.
func (d *doing) reserve() error {
	if err := d.whole(d.standing); err != nil {
		return err
	}
	_, area := d.toReserve()
	claims := d.act.Quota
	if len(claims) == 0 && area > 0 {
		claims = []QuotaClaim{{QuotaAccount{d.Park, d.standing.Today.Year(), NewLand}, Quantity{Total: area}}}
	}
	var sum Amount
	for i, claim := range claims {
		a := claim.Account
		switch first, last := d.OpenedOn.Year(), d.standing.Today.Year(); {
		case a.Park != "" && a.Park != d.Park:
			return ConflictOn("quota", geo.Say("园区 %s 的指标不能用于园区 %s 的案件", "quota of park %s is not for a case of %s", a.Park, d.Park), geo.Say("请使用本园区的账户；跨园区须先调剂", "use an account of the park; transfer quota to it first"))
		case a.Year < first || a.Year > last:
			return ConflictOn("quota", geo.Say("%d 年度的指标不能用于 %d 年立案的案件", "quota of %d is not for a case that was opened in %d", a.Year, first), geo.Say("请使用 %d 至 %d 年度的账户；结转后使用新年度", "use an account of %d to %d; quota is carried over first", first, last))
		case slices.ContainsFunc(claims[:i], func(other QuotaClaim) bool { return other.Account.Kind == a.Kind }):
			return Invalid("quota", geo.Say("类别 %s 出现两次", "the kind %s is claimed twice", a.Kind), geo.Say("每个类别只列一次", "claim each kind once"))
		}
		a.Park = d.Park
		if !slices.Contains(onTop, a.Kind) {
			sum += claim.Total
		} else if claim.Total > area {
			return Invalid("quota", geo.Say("%s %s 亩多于地块面积 %s 亩", "%s of %s 亩 is more than the plots' area, %s 亩", a.Kind, claim.Total, area), geo.Say("请至多填地块面积", "claim the plots' area at most"))
		}
		d.entries = append(d.entries, QuotaEntry{Account: a, Type: EntryReserve, Quantity: claim.Quantity, CaseNo: string(d.No), DocumentNo: string(d.No)})
		d.facts.Reserved = append(d.facts.Reserved, Reservation{a.Year, a.Kind, claim.Total, claim.Farmland, claim.Cultivated, claim.Unused})
	}
	if sum != area {
		return Invalid("quota", geo.Say("预留 %s 亩，地块面积为 %s 亩", "%s 亩 are claimed, and the plots have %s 亩", sum, area), geo.Say("请预留 %s 亩；占补平衡和规模指标另计", "claim %s 亩; cultivated land made good and scale come on top", area))
	}
	return nil
}

// stillReserved refuses when the plots' area is no longer what was reserved.
func (d *doing) stillReserved() error {
	_, area := d.toReserve()
	var held Amount
	for _, h := range d.standing.Held {
		if h.CaseNo == d.No && !slices.Contains(onTop, h.Account.Kind) {
			held += h.Total
		}
	}
	if off := max(area-held, held-area); off > AmountOf(d.standing.Slack) {
		return ConflictOn("plots", geo.Say("地块面积为 %s 亩，预留了 %s 亩", "the plots have %s 亩, and %s 亩 are reserved", area, held), geo.Say("请退回经办，重新拟办", "send the case back, to be proposed again"))
	}
	return nil
}

// release gives back what is reserved. A case that goes on may reserve again, so
// that its reservation is reversed.
func (d *doing) release() error {
	d.cleared = append(d.cleared, "reserved")
	for _, h := range d.standing.Held {
		if h.CaseNo != d.No {
			continue
		}
		e := QuotaEntry{Account: h.Account, Type: EntryRelease, Quantity: h.Quantity, CaseNo: string(d.No), DocumentNo: d.act.Document.Number}
		if e.DocumentNo == "" {
			e.DocumentNo = string(d.No)
		}
		if !d.flow.To.Name().Terminal {
			e.Type, e.Of, e.DocumentNo, e.Reason = EntryReverse, h.Entry, "", d.act.Reason
		}
		d.entries = append(d.entries, e)
	}
	return nil
}

// use uses up what the case and the one that it follows have reserved.
func (d *doing) use() error {
	for _, h := range d.standing.Held {
		d.entries = append(d.entries, QuotaEntry{Account: h.Account, Type: EntryUse, Quantity: h.Quantity, CaseNo: string(h.CaseNo), DocumentNo: d.act.Document.Number})
	}
	return nil
}

// supplied is how a plot is after its supply.
func (d *doing) supplied(a *Attributes) error {
	a.Holder, a.SupplyMode, a.SuppliedOn = d.Applicant.Name, d.Mode.Name().Zh, d.act.Document.Day
	if d.Mode == ByAuction {
		a.Holder = d.Told.Winner
	}
	return nil
}

// newConditions sets what is declared.
func (d *doing) newConditions(a *Attributes) error {
	n := d.Declared
	if n.LandUse != "" {
		var err error
		if a.Use, a.SecondaryUse, err = ParseUse(n.LandUse, n.Scheme); err != nil {
			return Invalid("declared.land_use", geo.WordsOf(err), geo.Say("请填写用地代码，例如 A35", "give a code, such as A35"))
		}
		a.Use2023 = Use2023(a.Use)
	}
	for _, c := range []struct {
		to  **float64
		set *float64
	}{{&a.FARMax, n.FAR}, {&a.DensityMax, n.Density}, {&a.GreenMin, n.Green}, {&a.HeightMax, n.Height}, {&a.GFAMax, n.GFA}} {
		if c.set != nil {
			*c.to = c.set
		}
	}
	return nil
}
