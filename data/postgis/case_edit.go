package postgis

import (
	"context"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// boundEdit is an act's edit of a plot that an open case binds.
type boundEdit struct {
	ID      land.PlotID
	PlotNo  string
	CaseNo  land.CaseNo
	Retired bool
	Moved   bool // status, holder or supply changed
	Noded   bool // no more than a vertex on its border, which a neighbour got
	Was, Is float64
}

// keepBound holds an act that edits plots to the cases that bind them. A plot is
// edited under its own case alone, its status, holder and supply by steps of the
// case alone; where it is split or merged, the case goes over to what came of it.
func (a *act) keepBound(ctx context.Context, c land.Change) error {
	if len(a.written) == 0 || c.Kind == land.CaseActed {
		return nil
	}
	rows, err := a.tx.Query(ctx, `SELECT plot_id, plot_no, case_no, retired, moved, noded, was_m2, is_m2 FROM edits_of_bound($1) ORDER BY plot_id`, a.number)
	if err != nil {
		return err
	}
	edits, err := pgx.CollectRows(rows, pgx.RowToStructByPos[boundEdit])
	if err != nil {
		return err
	}
	own := map[land.PlotID]boundEdit{}
	for _, e := range edits {
		switch {
		case string(e.CaseNo) == c.CaseNo:
			own[e.ID] = e
		case !e.Noded:
			return a.boundElsewhere(e, c.Park)
		}
	}
	if len(own) == 0 {
		return nil
	}
	children, err := heirs(c, own)
	if err != nil {
		return err
	}
	if err := a.keepArea(ctx, land.CaseNo(c.CaseNo), own, children); err != nil || len(children) == 0 {
		return err
	}
	return a.replot(ctx, land.CaseNo(c.CaseNo), children)
}

// boundElsewhere refuses the edit of a plot that a case binds, whose number is told
// to those who may see it.
func (a *act) boundElsewhere(e boundEdit, park land.ParkCode) error {
	which := geo.Say("审批案件", "a case")
	if a.actor.MaySeeCases(park) {
		which = geo.Say("案件 %s", "case %s", e.CaseNo)
	}
	return land.ConflictOn("case_no", geo.Say("地块 %s 正由%s办理", "plot %s is bound by %s", e.PlotNo, which), geo.Say("请以该案件的案号编辑，或等其办结", "edit it under that case's number, or wait until the case has ended"))
}

// heirs are the plots that came out of plots of a case, by the plot, in ascending
// order. What else ends a plot, or moves it on, is refused.
func heirs(c land.Change, own map[land.PlotID]boundEdit) (map[land.PlotID][]land.PlotID, error) {
	children := map[land.PlotID][]land.PlotID{}
	parents := map[land.PlotID][]land.PlotID{}
	for _, d := range c.Lineage {
		parents[d.Child] = append(parents[d.Child], d.Parent)
		if _, bound := own[d.Parent]; bound {
			children[d.Parent] = append(children[d.Parent], d.Child)
		}
	}
	for id, e := range own {
		if e.Retired && len(children[id]) == 0 {
			return nil, land.ConflictOn("case_no", geo.Say("地块 %s 正由案件 %s 办理，不能注销", "plot %s is bound by case %s and cannot end", e.PlotNo, e.CaseNo), geo.Say("请先从案件中去掉该地块", "take it out of the case first"))
		}
		if e.Moved && !e.Retired {
			return nil, land.ConflictOn("status", geo.Say("地块 %s 的状态、权利人和供应信息随案件 %s 的办理步骤变化", "the status, holder and supply of plot %s change by steps of case %s", e.PlotNo, e.CaseNo), geo.Say("请办理该案件", "act on the case"))
		}
		for _, child := range children[id] {
			for _, parent := range parents[child] {
				if _, bound := own[parent]; !bound {
					return nil, land.ConflictOn("ids", geo.Say("地块 %d 不在案件 %s 中，不能与其地块合并", "plot %d is not bound by case %s and cannot be merged with its plots", parent, e.CaseNo), geo.Say("请先将其列入案件", "take it into the case first"))
				}
			}
		}
	}
	return children, nil
}

// keepArea refuses an edit after which the plots of a case have another area, beyond
// what stated areas may differ by, while quota is reserved for them.
func (a *act) keepArea(ctx context.Context, no land.CaseNo, own map[land.PlotID]boundEdit, children map[land.PlotID][]land.PlotID) error {
	var reserved bool
	err := a.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM quota_pots p JOIN cases c ON p.case_no IN (c.no, c.follows) WHERE c.no = $1 AND p.pot = 'reserved' AND p.amount > 0)`, no).Scan(&reserved)
	if err != nil || !reserved {
		return err
	}
	before, after := 0.0, 0.0
	var born []land.PlotID
	for id, e := range own {
		before += e.Was
		if !e.Retired {
			after += e.Is
		}
		born = append(born, children[id]...)
	}
	var ofChildren float64
	if err := a.tx.QueryRow(ctx, `SELECT coalesce(sum(area_m2), 0) FROM current_plots WHERE plot_id = ANY ($1)`, born).Scan(&ofChildren); err != nil {
		return err
	}
	if off := math.Abs(after + ofChildren - before); off > a.limits.Stated {
		return land.ConflictOn("geometry", geo.Say("案件 %s 已为其地块预留指标，地块面积不能变化 %s 平方米", "quota is reserved for the plots of case %s, and their area would change by %s m²", no, geo.FormatFixed(off, geo.SquareMetreDecimals)), geo.Say("请先退回案件，变更后重新拟办", "send the case back first, and propose it again after the edit"))
	}
	return nil
}

// replot puts plots in the place of those that they came out of, in a case and in
// the siting that it carries on.
func (a *act) replot(ctx context.Context, no land.CaseNo, children map[land.PlotID][]land.PlotID) error {
	c, err := readCase(ctx, a.tx, a.actor, no)
	if err != nil {
		return err
	}
	affected := []land.Case{c}
	if c.Kind == land.LandSupply && c.Follows != "" {
		siting, err := readCase(ctx, a.tx, a.actor, c.Follows)
		if err != nil {
			return err
		}
		affected = []land.Case{siting, c} // whose plots are told first is bound by the other
	}
	standing := land.CaseStanding{Actor: a.actor, Today: a.today()}
	for _, c := range affected {
		if !slices.ContainsFunc(c.Plots, func(id land.PlotID) bool { return len(children[id]) > 0 }) {
			continue
		}
		a.moment(c.ChangedAt)
		step, err := c.Replot(children, standing, a.now)
		if err != nil {
			return err
		}
		if err := a.writeEvent(ctx, &step.Event); err != nil {
			return err
		}
	}
	return nil
}

// caseRules are the database's own rules of cases, by the names of their
// constraints, and the members at fault. Package land refuses what breaks them with
// what would be right; what is told here got past it.
var caseRules = map[string]string{
	"case_in_order": "action", "case_step_once": "action", "case_role": "action", "case_other_decides": "action",
	"case_document": "document_no", "case_document_once": "document_no", "case_texts": "reason",
	"case_number": "park", "case_number_form": "park",
	"case_binds_once": "plots", "case_binds_plot": "case_no", "case_followed_once": "follows",
	"case_document_whole": "file", "case_document_size": "file", "case_document_digest": "file",
}

func explainCase(constraint string) error {
	field, ok := caseRules[constraint]
	if !ok {
		return nil
	}
	return land.ConflictOn(field, geo.Say("案件规则 %s 不允许此操作", "rule %s of cases does not allow the act", constraint), geo.Say("请重新查询案件后再办理", "read the case again and do what it allows"))
}
