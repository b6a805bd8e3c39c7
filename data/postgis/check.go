package postgis

import (
	"context"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// Check looks through the plots of parks, or of all, for everything that is
// wrong with them: attributes, boundaries, areas, and the coverage of each park.
// All of it is seen at one change of the register. progress is told how many
// plots have been looked at.
func (db *DB) Check(ctx context.Context, progress func(plots int), parks ...land.ParkCode) (land.CheckReport, error) {
	report := land.CheckReport{Limits: db.limits}
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) error {
		register, err := db.load(ctx, tx, land.Moment{}, parks)
		if err != nil {
			return err
		}
		report.Seq = register.Seq
		for _, park := range register.Parks {
			found, plots, err := checkPark(ctx, tx, db.limits, park, register.Plots, func(n int) { progress(report.Plots + n) })
			if err != nil {
				return err
			}
			report.Plots += plots
			report.Findings = append(report.Findings, found...)
		}
		return nil
	})
	return report, err
}

// checkPark checks the plots of one park.
func checkPark(ctx context.Context, tx pgx.Tx, limits land.Limits, park land.Park, all []land.Plot, progress func(int)) ([]land.Finding, int, error) {
	back, err := geo.NewTransformer(park.PlaneCRS, geo.CGCS2000)
	if err != nil {
		return nil, 0, err
	}
	var findings []land.Finding
	byID := map[int64]land.Plot{}
	coverage := topology.NewCoverage()
	coverage.Limits = limits.Limits
	for _, p := range all {
		if p.Park != park.Code {
			continue
		}
		plane, _, err := geo.SnapPolygon(p.Boundary, geo.CGCS2000, park.PlaneCRS)
		if err != nil {
			return nil, 0, err
		}
		for _, f := range p.CheckAgainst(limits) {
			f.PlotID = p.ID
			findings = append(findings, f)
		}
		if f, wrong := checkAreas(p, plane); wrong {
			findings = append(findings, f)
		}
		for _, f := range topology.Check(plane, limits.Limits) {
			if f.Code == ringDirection { // stored rings turn as RFC 7946 asks, which surveyors' do not
				continue
			}
			told := located(f, back, p)
			if mended, can := topology.Mend(plane, limits.Limits, f.Code); can {
				told.Mend = geo.MapPoints(mended, back)
			}
			findings = append(findings, told)
		}
		coverage.Add(int64(p.ID), plane)
		byID[int64(p.ID)] = p
		if len(byID)%1000 == 0 {
			progress(len(byID))
		}
	}
	progress(len(byID))
	boundary, _, err := geo.SnapPolygon(park.Boundary, geo.CGCS2000, park.PlaneCRS)
	if err != nil {
		return nil, 0, err
	}
	report := coverage.Report(boundary)
	for _, f := range report.Faults {
		var numbers []string
		for _, id := range f.IDs {
			numbers = append(numbers, byID[id].PlotNo)
		}
		one := land.Plot{Park: park.Code}
		if len(f.IDs) > 0 {
			one = byID[f.IDs[0]]
		}
		finding := located(f.Fault, back, one)
		if len(numbers) > 1 {
			finding = finding.Saying(geo.Say("%s（地块 %s）", "%s (plots %s)", finding.Said(), strings.Join(numbers, ", ")), finding.Advised())
		}
		findings = append(findings, finding)
	}
	overlapping, err := overlaps(ctx, tx, limits, report.Suspects, nil)
	if err != nil {
		return nil, 0, err
	}
	outside, err := reaching(ctx, tx, limits, report.Outside, nil)
	return append(append(findings, overlapping...), outside...), len(byID), err
}

// checkAreas holds the stored areas to the boundary, within 0.01 m² and a
// millionth.
func checkAreas(p land.Plot, plane geo.MultiPolygon) (land.Finding, bool) {
	for _, a := range []struct {
		field        string
		stored, true geo.SquareMetres
	}{
		{"area_m2", p.Area, geo.PlaneArea(plane)},
		{"area_ellipsoid_m2", p.AreaEllipsoid, geo.EllipsoidArea(p.Boundary)},
	} {
		if off := math.Abs(float64(a.stored - a.true)); !(off <= math.Max(0.01, 1e-6*float64(a.true))) {
			return land.Finding{Code: "4105", Severity: land.Block, PlotID: p.ID, PlotNo: p.PlotNo, Field: a.field}.Saying(
				geo.Say("登记面积为 %.2f 平方米，界址算得 %.2f 平方米", "the register has %.2f m², the boundary %.2f m²", a.stored, a.true),
				geo.Say("有人绕过本程序写入数据：请查变更日志", "somebody wrote past the program: look into the change log")), true
		}
	}
	return land.Finding{}, false
}

// Checks of single boundaries that are told by others, or not at all.
const (
	validity      = "2104"
	ringDirection = "2107"
)

// located tells a fault of the plane in EPSG:4490.
func located(f topology.Fault, back func(geo.Point) geo.Point, p land.Plot) land.Finding {
	told := land.FindingOf(f)
	told.PlotID, told.PlotNo = p.ID, p.PlotNo
	if f.Place != (geo.Point{}) && !math.IsNaN(f.Place[0]+f.Place[1]) {
		place := back(f.Place)
		told.Place = &place
		told = told.Saying(geo.Say("%s（东 %.3f，北 %.3f）", "%s (east %.3f, north %.3f)", told.Said(), f.Place[0], f.Place[1]), told.Advised())
	}
	if f.Geometry != nil {
		told.Geometry = geo.MapPoints(f.Geometry, back)
	}
	return told
}
