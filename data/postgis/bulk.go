package postgis

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// UpdateAttributes changes the attributes of many plots in one act, and tells
// what it changed of each. Rows that change nothing are passed over. Faults of
// all rows come together as one *land.InvalidError, and nothing is written.
func (db *DB) UpdateAttributes(ctx context.Context, actor land.Actor, b land.BulkEdit) ([]land.PlotVersion, land.Change, error) {
	var told []land.PlotVersion
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		if err := actor.MayEdit(b.Park); err != nil {
			return land.Change{}, err
		}
		park, err := a.lockPark(ctx, b.Park)
		if err != nil {
			return land.Change{}, err
		}
		versions, faults, err := a.applyRows(ctx, park, b, &told)
		if err != nil {
			return land.Change{}, err
		}
		if err := land.Refuse(faults); err != nil {
			return land.Change{}, err
		}
		if len(versions) == 0 || b.DryRun {
			return land.Change{}, errUndo
		}
		return land.Change{Kind: land.Updated, Park: b.Park, Reason: b.Reason, CaseNo: b.CaseNo}, a.writeVersions(ctx, park.PlaneCRS, versions)
	})
	return told, change, err
}

// applyRows turns the rows of a sheet into versions.
func (a *act) applyRows(ctx context.Context, park land.Park, b land.BulkEdit, told *[]land.PlotVersion) ([]version, []land.Finding, error) {
	present, err := a.plotsByID(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	var versions []version
	var faults []land.Finding
	numbers := map[string]bool{}
	for _, e := range b.Edits {
		p, ok := present[e.ID]
		if !ok {
			faults = append(faults, land.Finding{Code: "4101", Severity: land.Block, Row: e.Row, PlotID: e.ID, Field: "id"}.Saying(
				geo.Say("园区 %s 没有标识码为 %d 的地块", "park %s has no plot %d", park.Code, e.ID),
				geo.Say("请保持下载时的标识码", "leave the ids as they were downloaded")))
			continue
		}
		attributes, err := p.Apply(land.Update{Version: e.Version, ValidFrom: b.ValidFrom, Change: func(a *land.Attributes) error {
			found, _ := land.SetProperties(a, e.Properties)
			return land.Refuse(found)
		}}, a.today())
		if errors.Is(err, land.ErrStale) {
			faults = append(faults, land.Finding{Severity: land.Block, Row: e.Row, PlotID: e.ID, PlotNo: p.PlotNo, Field: "version"}.Saying(
				geo.Say("表中为版本 %d，登记库为版本 %d", "the sheet has version %d, the register %d", e.Version, p.Version),
				geo.Say("请重新下载该地块并再次修改", "download the plot again and repeat its edit")))
			continue
		}
		if err != nil {
			found, err := land.Locate(err, e.Row, p.PlotNo)
			if err != nil {
				return nil, nil, err
			}
			faults = append(faults, found...)
			continue
		}
		if sameText(p.Attributes, attributes) {
			continue
		}
		next := p
		next.Attributes, next.Version, next.RecordedAt = attributes, p.Version+1, a.now
		if next.PlotNo != p.PlotNo {
			err := a.numberFree(ctx, park.Code, next.PlotNo)
			var used *land.ConflictError
			if err != nil && !errors.As(err, &used) {
				return nil, nil, err
			}
			if numbers[next.PlotNo] || used != nil {
				faults = append(faults, land.Finding{Code: "4101", Severity: land.Block, Row: e.Row, PlotID: e.ID, PlotNo: p.PlotNo, Field: "plot_no"}.Saying(
					geo.Say("编号 %s 已使用", "the number %s is already used", next.PlotNo), anotherNumber))
				continue
			}
			numbers[next.PlotNo] = true
		}
		*told = append(*told, land.PlotVersion{Plot: next, Differences: land.Compare(p, next)})
		v := version{Plot: next, row: e.Row}
		if v.plane, _, err = geo.SnapPolygon(p.Boundary, geo.CGCS2000, park.PlaneCRS); err != nil {
			return nil, nil, err
		}
		versions = append(versions, v)
	}
	return versions, faults, nil
}

func (a *act) plotsByID(ctx context.Context, b land.BulkEdit) (map[land.PlotID]land.Plot, error) {
	ids := make([]int64, len(b.Edits))
	for i, e := range b.Edits {
		ids[i] = int64(e.ID)
	}
	rows, err := a.tx.Query(ctx, selectPlots+` WHERE park = $1 AND plot_id = ANY ($2)`, b.Park, ids)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, scanPlot)
	byID := make(map[land.PlotID]land.Plot, len(found))
	for _, p := range found {
		byID[p.ID] = p
	}
	return byID, err
}
