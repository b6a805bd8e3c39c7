package postgis

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// versionColumns are the columns of plot_versions that are written, in the
// order of versionRows.encode.
var versionColumns = []string{
	"plot_id", "version", "park", "plane_srid", "plot_no", "name",
	"land_use_scheme", "land_use", "land_use_others", "land_use_2023", "status", "holder", "stated_area_m2",
	"far_min", "far_max", "density_max_pct", "green_min_pct", "height_max_m", "gfa_max_m2", "setbacks",
	"supply_mode", "supplied_on", "valid_from", "recorded_at", "geom", "retired", "digest",
	"area_m2", "area_ellipsoid_m2", "act",
}

// selectPlots reads current plots.
const selectPlots = `
	SELECT ` + plotColumns + `
	FROM current_plots`

// plotColumns are the columns of plot_versions in the order of scanPlot, and
// plotColumnsBare the same without the boundary.
const (
	plotColumns     = plotAttributes + `, geom` + plotAreas
	plotColumnsBare = plotAttributes + `, NULL::bytea` + plotAreas
)

const plotAreas = `, area_m2, area_ellipsoid_m2`

const plotAttributes = `plot_id, version, park, plot_no, name,
		land_use_scheme, land_use, land_use_others, coalesce(land_use_2023, ''), status, holder, stated_area_m2,
		far_min, far_max, density_max_pct, green_min_pct, height_max_m, gfa_max_m2, setbacks,
		supply_mode, supplied_on, valid_from, recorded_at`

func scanPlot(row pgx.CollectableRow) (land.Plot, error) {
	var p land.Plot
	s := plotScan{plot: &p}
	if err := row.Scan(s.targets()...); err != nil {
		return p, err
	}
	return p, s.finish()
}

// plotScan holds what a row of plotColumns is read into before it is a plot.
type plotScan struct {
	plot       *land.Plot
	others     []string
	stated     *float64
	suppliedOn *time.Time
	validFrom  time.Time
	geom       []byte
}

func (s *plotScan) targets() []any {
	p := s.plot
	return []any{&p.ID, &p.Version, &p.Park, &p.PlotNo, &p.Name,
		&p.Use.Scheme, &p.Use.Code, &s.others, &p.Use2023, &p.Status, &p.Holder, &s.stated,
		&p.FARMin, &p.FARMax, &p.DensityMax, &p.GreenMin, &p.HeightMax, &p.GFAMax, &p.Setbacks,
		&p.SupplyMode, &s.suppliedOn, &s.validFrom, &p.RecordedAt, &s.geom, &p.Area, &p.AreaEllipsoid}
}

func (s *plotScan) finish() (err error) {
	if len(s.others) > 0 {
		s.plot.SecondaryUse = s.others
	}
	s.plot.StatedArea = (*geo.SquareMetres)(s.stated)
	if s.suppliedOn != nil {
		s.plot.SuppliedOn = land.DateOf(*s.suppliedOn)
	}
	s.plot.ValidFrom = land.DateOf(s.validFrom)
	if s.geom != nil {
		s.plot.Boundary, err = geo.DecodeEWKB(s.geom)
	}
	return err
}

// version is a plot version about to be written, with its boundary in the
// park's plane on the 0.001 m grid and that boundary as stored.
type version struct {
	land.Plot
	row     int // of the file it came from, 0 for an edit
	plane   geo.MultiPolygon
	retired bool // the plot ends with it
}

// place puts a boundary on the grid of the park's plane and gives it as stored,
// with the longest way in metres that a vertex moved.
func place(v *version, boundary geo.MultiPolygon, crs, plane geo.CRS) (shift float64, err error) {
	if v.plane, shift, err = geo.SnapPolygon(boundary, crs, plane); err != nil {
		return 0, err
	}
	return shift, v.store(plane)
}

// store makes the boundary and the areas that are stored from the boundary in
// the plane.
func (v *version) store(plane geo.CRS) (err error) {
	v.Boundary, err = geo.TransformMultiPolygon(v.plane, plane, geo.CGCS2000)
	v.Area, v.AreaEllipsoid = geo.PlaneArea(v.plane), geo.EllipsoidArea(v.Boundary)
	return err
}

// writeVersions writes versions, and the database turns the plots' pointers to
// them: plots of version 1 are new. What was written is recorded with the change.
func (a *act) writeVersions(ctx context.Context, plane geo.CRS, versions []version) error {
	into := `COPY plot_versions (` + strings.Join(versionColumns, ", ") + `) FROM STDIN (FORMAT binary)`
	_, err := a.tx.Conn().PgConn().CopyFrom(ctx, newVersionRows(a, plane, versions), into)
	return err
}

// newPlotIDs hands out n plot numbers in ascending order.
func (a *act) newPlotIDs(ctx context.Context, n int) ([]int64, error) {
	rows, err := a.tx.Query(ctx, `SELECT nextval('plots_id_seq') FROM generate_series(1, $1)`, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// Plot reads a plot as it holds now; a *land.NotFoundError where there is none.
func (db *DB) Plot(ctx context.Context, id land.PlotID) (land.Plot, error) {
	var p land.Plot
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		p, err = readPlot(ctx, tx, id)
		return err
	})
	return p, err
}

func readPlot(ctx context.Context, tx pgx.Tx, id land.PlotID) (land.Plot, error) {
	rows, err := tx.Query(ctx, selectPlots+` WHERE plot_id = $1`, id)
	if err != nil {
		return land.Plot{}, err
	}
	found, err := pgx.CollectRows(rows, scanPlot)
	if err != nil {
		return land.Plot{}, err
	}
	if len(found) == 0 {
		return land.Plot{}, &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
	}
	return found[0], nil
}

// CreatePlot takes a new plot into a park.
func (db *DB) CreatePlot(ctx context.Context, actor land.Actor, park land.ParkCode, d land.Draft, reason, caseNo string) (land.Plot, land.Change, error) {
	var made land.Plot
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		in, err := a.lockPark(ctx, park)
		if err != nil {
			return land.Change{}, err
		}
		if err := actor.MayEdit(park); err != nil {
			return land.Change{}, err
		}
		v := version{Plot: land.Plot{Park: park, Attributes: d.Attributes, Version: 1, RecordedAt: a.now}}
		v.Complete(a.today())
		if err := land.Refuse(v.CheckOn(a.today())); err != nil {
			return land.Change{}, err
		}
		if err := a.numberFree(ctx, park, v.PlotNo); err != nil {
			return land.Change{}, err
		}
		if _, err := place(&v, d.Boundary, d.CRS, in.PlaneCRS); err != nil {
			return land.Change{}, err
		}
		ids, err := a.newPlotIDs(ctx, 1)
		if err != nil {
			return land.Change{}, err
		}
		v.ID = land.PlotID(ids[0])
		if made, err = a.writeOne(ctx, in, v); err != nil {
			return land.Change{}, err
		}
		return land.Change{Kind: land.Created, Park: park, Reason: reason, CaseNo: caseNo}, nil
	})
	return made, change, err
}

// UpdatePlot makes a plot's next version. The error is land.ErrStale when
// another edit came first.
func (db *DB) UpdatePlot(ctx context.Context, actor land.Actor, id land.PlotID, u land.Update) (land.Plot, land.Change, error) {
	return db.update(ctx, actor, land.Updated, id, u)
}

// RenumberPlot gives a plot another number.
func (db *DB) RenumberPlot(ctx context.Context, actor land.Actor, id land.PlotID, read int, number string, what land.Act) (land.Plot, land.Change, error) {
	return db.update(ctx, actor, land.Renumbered, id, land.Update{
		Version: read, ValidFrom: what.ValidFrom, Reason: what.Reason, CaseNo: what.CaseNo,
		Change: func(a *land.Attributes) error { return land.SetField(a, "plot_no", number) },
	})
}

func (db *DB) update(ctx context.Context, actor land.Actor, kind land.ChangeKind, id land.PlotID, u land.Update) (land.Plot, land.Change, error) {
	var made land.Plot
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		present, in, err := a.lockPlot(ctx, id)
		if err != nil {
			return land.Change{}, err
		}
		v := version{Plot: present}
		if v.Attributes, err = present.Apply(u, a.today()); err != nil {
			return land.Change{}, err
		}
		boundary, crs := present.Boundary, geo.CGCS2000
		if u.Boundary != nil {
			boundary, crs = u.Boundary, u.CRS
		}
		if _, err := place(&v, boundary, crs, in.PlaneCRS); err != nil {
			return land.Change{}, err
		}
		if v.PlotNo != present.PlotNo {
			if err := a.numberFree(ctx, v.Park, v.PlotNo); err != nil {
				return land.Change{}, err
			}
		}
		v.Version, v.RecordedAt = present.Version+1, a.now
		if made, err = a.writeOne(ctx, in, v); err != nil {
			return land.Change{}, err
		}
		return land.Change{Kind: kind, Park: v.Park, Reason: u.Reason, CaseNo: u.CaseNo}, nil
	})
	return made, change, err
}

func (a *act) numberFree(ctx context.Context, park land.ParkCode, number string) error {
	taken, err := a.plotsByNumber(ctx, park, []string{number})
	if err != nil || len(taken) == 0 {
		return err
	}
	return numberUsed(park, number)
}

func numberUsed(park land.ParkCode, number string) error {
	return land.Conflict(geo.Say("地块编号 %[2]s 在园区 %[1]s 中已使用", "plot number %[2]s is already used in park %[1]s", park, number), anotherNumber)
}

var anotherNumber = geo.Say("请换一个编号", "choose another number")

// writeOne writes one version, checks it against its park and its neighbours,
// and reads it back with its areas.
func (a *act) writeOne(ctx context.Context, park land.Park, v version) (land.Plot, error) {
	if err := land.Refuse(checkBoundaries([]version{v})); err != nil {
		return land.Plot{}, err
	}
	if err := a.writeVersions(ctx, park.PlaneCRS, []version{v}); err != nil {
		return land.Plot{}, err
	}
	findings, err := a.checkCoverage(ctx, park, []version{v})
	if err != nil {
		return land.Plot{}, err
	}
	if err := land.Refuse(findings); err != nil {
		return land.Plot{}, err
	}
	return readPlot(ctx, a.tx, v.ID)
}

// plotsByNumber finds the park's current plots that have one of the numbers.
func (a *act) plotsByNumber(ctx context.Context, park land.ParkCode, numbers []string) (map[string]land.Plot, error) {
	rows, err := a.tx.Query(ctx, selectPlots+` WHERE plot_id IN (SELECT id FROM plots WHERE park = $1 AND plot_no = ANY ($2) AND NOT retired)`, park, numbers)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, scanPlot)
	byNumber := make(map[string]land.Plot, len(found))
	for _, p := range found {
		byNumber[p.PlotNo] = p
	}
	return byNumber, err
}

// sameText compares what two versions say of a plot, areas and times aside.
func sameText(a, b land.Attributes) bool {
	pa, pb := land.Plot{Attributes: a}, land.Plot{Attributes: b}
	for _, f := range land.Fields() {
		if f.Set != nil && f.Name != "valid_from" && f.Get(&pa) != f.Get(&pb) {
			return false
		}
	}
	return strings.Join(a.SecondaryUse, "/") == strings.Join(b.SecondaryUse, "/")
}
