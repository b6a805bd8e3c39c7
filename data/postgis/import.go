package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// Import takes the plots that read delivers into a park: all of them, or none
// and an *land.InvalidError with every fault. A park that does not exist is
// founded on the union of the plots. A dry run does the same and undoes it, so
// what it tells is what an import would do.
func (db *DB) Import(ctx context.Context, actor land.Actor, in land.Import, read ReadPlots) (land.ImportResult, error) {
	id, err := db.ReceiveImport(ctx, actor, in)
	if err != nil {
		return land.ImportResult{}, err
	}
	return db.RunImport(ctx, actor, id, in, read)
}

// ReadPlots reads a file and hands each plot to emit.
type ReadPlots func(emit func(land.Draft) error) (land.Delivery, error)

// RunImport runs an import that was received.
func (db *DB) RunImport(ctx context.Context, actor land.Actor, id int64, in land.Import, read ReadPlots) (land.ImportResult, error) {
	result := land.ImportResult{ID: id, State: land.ImportDone, Park: in.Park, File: in.File.Name, DryRun: in.DryRun, RecordedAt: db.now()}
	err := db.runImport(ctx, actor, in, read, &result)
	if err == nil && !in.DryRun {
		return result, nil // its record was written with the change
	}
	var invalid *land.InvalidError
	switch {
	case errors.As(err, &invalid):
		result.State, result.Faults = land.ImportRefused, invalid.Findings
	case err != nil:
		result.State = land.ImportFailed
	}
	recordErr := finishImport(context.WithoutCancel(ctx), db.pool, result)
	return result, errors.Join(err, explain(recordErr))
}

func (db *DB) runImport(ctx context.Context, actor land.Actor, in land.Import, read ReadPlots, result *land.ImportResult) error {
	var drafts []land.Draft
	var err error
	result.Delivery, err = read(func(d land.Draft) error {
		drafts = append(drafts, d)
		if len(drafts)%1000 == 0 {
			in.Tell("reading", len(drafts))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		return land.Invalid("file", "the file holds no plots", "deliver at least one polygon")
	}
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		result.RecordedAt = a.now
		change, err := a.importDrafts(ctx, in, drafts, result)
		if err != nil {
			return change, err
		}
		if err := remember(ctx, a.tx, in); err != nil {
			return change, err
		}
		if in.DryRun {
			return change, errUndo
		}
		change.Import = result.ID
		return change, finishImport(ctx, a.tx, *result)
	})
	result.Change = change.Seq
	return err
}

func (a *act) importDrafts(ctx context.Context, in land.Import, drafts []land.Draft, result *land.ImportResult) (land.Change, error) {
	park, err := a.lockPark(ctx, in.Park)
	var missing *land.NotFoundError
	founding := errors.As(err, &missing)
	if err != nil && !founding {
		return land.Change{}, err
	}
	if founding {
		park = land.Park{Code: in.Park, NameZh: string(in.Park), NameEn: string(in.Park), PlaneCRS: planeFor(drafts[0].CRS)}
		if in.Found != nil {
			park = *in.Found
		}
	}
	in.Tell("checking", len(drafts))
	versions, findings := a.draftVersions(park, drafts, result)
	findings = append(findings, checkBoundaries(versions)...)
	if err := land.Refuse(findings); err != nil { // overlaps of invalid polygons cannot be told
		return land.Change{}, err
	}
	if founding {
		if err := a.foundOn(ctx, &park, versions, in.Found != nil); err != nil {
			return land.Change{}, err
		}
	}
	written, faults, err := a.matchRegister(ctx, in, versions, result)
	if err != nil {
		return land.Change{}, err
	}
	findings = append(findings, faults...)
	if err := land.Refuse(findings); err != nil {
		return land.Change{}, err
	}
	in.Tell("writing", len(drafts))
	if err := a.writeVersions(ctx, park.PlaneCRS, written); err != nil {
		return land.Change{}, err
	}
	faults, err = a.checkCoverage(ctx, park, written)
	if err != nil {
		return land.Change{}, err
	}
	findings = append(findings, faults...)
	if err := land.Refuse(findings); err != nil {
		return land.Change{}, err
	}
	result.Delivery.Notes = append(result.Delivery.Notes, findings...)

	numbers := make([]string, len(versions))
	for i, v := range versions {
		numbers[i] = v.PlotNo
	}
	err = a.tx.QueryRow(ctx, `SELECT sum(area_m2) FROM current_plots WHERE plot_id IN
		(SELECT id FROM plots WHERE park = $1 AND plot_no = ANY ($2) AND NOT retired)`, in.Park, numbers).Scan(&result.Area)
	change := land.Change{Kind: in.Kind, Park: in.Park, Reason: in.Reason}
	for _, v := range written {
		change.Plots = append(change.Plots, land.ChangedPlot{ID: v.ID, Version: v.Version})
	}
	return change, err
}

// planeFor is the plane of a park founded on a file: the file's own without
// the zone number, else the one of the city.
func planeFor(crs geo.CRS) geo.CRS {
	if crs.Plane() {
		return crs.WithoutZone()
	}
	return geo.GK114
}

// draftVersions turns a file's drafts into versions on the park's grid and
// tells what is wrong with their attributes.
func (a *act) draftVersions(park land.Park, drafts []land.Draft, result *land.ImportResult) ([]version, []land.Finding) {
	var findings []land.Finding
	versions := make([]version, 0, len(drafts))
	rowOf := map[string]int{}
	for _, d := range drafts {
		v := version{Plot: land.Plot{Park: park.Code, Attributes: d.Attributes, RecordedAt: a.now}, row: d.Row}
		v.Complete(a.today())
		for _, f := range v.CheckOn(a.today()) {
			f.Row = d.Row
			findings = append(findings, f)
		}
		if first, twice := rowOf[v.PlotNo]; twice && v.PlotNo != "" {
			findings = append(findings, land.Finding{Code: "4101", Severity: land.Block, Row: d.Row, PlotNo: v.PlotNo, Field: "plot_no",
				Message: fmt.Sprintf("the number stands in row %d too", first), Remedy: "give each plot a number of its own"})
		}
		rowOf[v.PlotNo] = d.Row
		versions = append(versions, v)
	}
	return placeAll(park, versions, drafts, findings, result)
}

// placeAll puts the drafts' boundaries on the park's grid and looks at each by
// itself; versions stand in the order of the drafts. Those that cannot be placed
// are left out.
func placeAll(park land.Park, versions []version, drafts []land.Draft, findings []land.Finding, result *land.ImportResult) ([]version, []land.Finding) {
	type outcome struct {
		shift  float64
		err    error
		faults []topology.Fault
	}
	outcomes := make([]outcome, len(versions))
	limits := topology.DefaultLimits()
	inParallel(len(versions), func(i int) {
		o, v := &outcomes[i], &versions[i]
		o.shift, o.err = place(v, drafts[i].Boundary, drafts[i].CRS, park.PlaneCRS)
		drafts[i].Boundary = nil // a city's boundaries need not be held twice
		if o.err == nil {
			o.err = inZone(*v)
		}
		if _, few := tooFewPoints(*v); o.err == nil && !few {
			o.faults = topology.Check(v.plane, limits)
		}
	})
	placed := versions[:0]
	for i, v := range versions {
		o := outcomes[i]
		if o.err != nil {
			findings = append(findings, land.Finding{Code: "1104", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "geometry",
				Message: o.err.Error(), Remedy: "name the reference system of the coordinates"})
			continue
		}
		for _, f := range o.faults {
			if f.Code == ringDirection || f.Code == validity { // checkBoundaries tells the latter
				continue
			}
			told := land.Finding{Code: f.Code, Severity: land.Severity(f.Severity), Row: v.row, PlotNo: v.PlotNo, Field: "geometry", Message: f.Message, Remedy: f.Remedy, Place: placeNear(v, f.Place)}
			findings = append(findings, told)
		}
		result.MaxShift = max(result.MaxShift, o.shift)
		placed = append(placed, v)
	}
	return placed, findings
}

// inZone refuses coordinates that no plot of China has in any plane zone, which
// is what coordinates read in a wrong system turn into.
func inZone(v version) error {
	for _, polygon := range v.Boundary {
		for _, ring := range polygon {
			for _, p := range ring {
				if !(p[0] >= 73 && p[0] <= 136 && p[1] >= 3 && p[1] <= 54) {
					return fmt.Errorf("longitude %.6f, latitude %.6f is not in China", p[0], p[1])
				}
			}
		}
	}
	return nil
}

// foundOn writes the park, with the union of the plots for a boundary unless it
// brings its own, which is put on the grid as the plots are.
func (a *act) foundOn(ctx context.Context, park *land.Park, versions []version, bounded bool) error {
	if bounded {
		plane, _, err := geo.SnapPolygon(park.Boundary, geo.CGCS2000, park.PlaneCRS)
		if err != nil {
			return err
		}
		if park.Boundary, err = geo.TransformMultiPolygon(plane, park.PlaneCRS, geo.CGCS2000); err != nil {
			return err
		}
		return a.foundPark(ctx, *park)
	}
	var err error
	if park.Boundary, err = a.outline(ctx, park.PlaneCRS, versions); err != nil {
		return err
	}
	return a.foundPark(ctx, *park)
}

// outline is the ground that plots cover together, in EPSG:4490. Where they
// share their borders cleanly the borders cancel; else PostGIS unites them.
func (a *act) outline(ctx context.Context, plane geo.CRS, versions []version) (geo.MultiPolygon, error) {
	shapes := make([]geo.MultiPolygon, len(versions))
	for i, v := range versions {
		shapes[i] = v.plane
	}
	if whole, err := topology.Merge(shapes); err == nil {
		return geo.TransformMultiPolygon(whole, plane, geo.CGCS2000)
	}
	encoded := make([][]byte, len(versions))
	for i, v := range versions {
		var err error
		if encoded[i], err = geo.EncodeEWKB(v.plane, plane); err != nil {
			return nil, err
		}
	}
	return a.union(ctx, encoded)
}

// matchRegister gives new plots their ids and known ones their next version. A
// plot that says what the register says already is passed over.
func (a *act) matchRegister(ctx context.Context, in land.Import, versions []version, result *land.ImportResult) (written []version, findings []land.Finding, err error) {
	numbers := make([]string, len(versions))
	for i, v := range versions {
		numbers[i] = v.PlotNo
	}
	known, err := a.plotsByNumber(ctx, in.Park, numbers)
	if err != nil {
		return nil, nil, err
	}
	ids, err := a.newPlotIDs(ctx, len(versions)-len(known))
	if err != nil {
		return nil, nil, err
	}
	for _, v := range versions {
		old, there := known[v.PlotNo]
		switch {
		case !there:
			v.ID, v.Version = land.PlotID(ids[result.New]), 1
			result.New++
		case !in.Replace:
			findings = append(findings, land.Finding{Code: "4101", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "plot_no",
				Message: "the register has this number already", Remedy: "renumber the plot, or ask to replace what is there"})
			continue
		case sameText(old.Attributes, v.Attributes) && land.SameBoundary(old.Boundary, v.Boundary):
			result.Same++
			continue
		default:
			v.ID, v.Version = old.ID, old.Version+1
			result.Changed++
		}
		written = append(written, v)
	}
	return written, findings, nil
}

// ReceiveImport keeps a file that was handed in, with how it is to be read.
func (db *DB) ReceiveImport(ctx context.Context, actor land.Actor, in land.Import) (int64, error) {
	if err := in.Park.Validate(); err != nil {
		return 0, err
	}
	if err := actor.MayEdit(in.Park); err != nil {
		return 0, err
	}
	request, err := json.Marshal(importRequest{in.Replace, in.Reason, in.Format, in.Handling, in.Source})
	if err != nil {
		return 0, err
	}
	told, err := json.Marshal(land.ImportResult{State: land.ImportRunning, Park: in.Park, File: in.File.Name, DryRun: in.DryRun, RecordedAt: db.now()})
	if err != nil {
		return 0, err
	}
	var id int64
	err = db.pool.QueryRow(ctx, `
		INSERT INTO imports (park, filename, sha256, raw, actor, recorded_at, request, state, result)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8) RETURNING id`,
		in.Park, in.File.Name, in.File.SHA256[:], in.File.Raw, actor.Name, db.now(), request, told).Scan(&id)
	return id, explain(err)
}

// importRequest is how an import was asked for, as it is kept.
type importRequest struct {
	Replace  bool
	Reason   string
	Format   string
	Handling land.Handling
	Source   string
}

// executor is a connection pool or a transaction.
type executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// finishImport writes what became of an import. The file of one that was
// refused is not kept.
func finishImport(ctx context.Context, e executor, result land.ImportResult) error {
	told, err := json.Marshal(result)
	if err != nil {
		return err
	}
	_, err = e.Exec(ctx, `UPDATE imports SET state = $2, result = $3, raw = CASE WHEN $2 = 'done' THEN raw END WHERE id = $1`, result.ID, result.State, told)
	return err
}

// Resume gives a dry run as an import that can be run: a *land.ConflictError
// where it was not one, or was refused, applied or discarded.
func (db *DB) Resume(ctx context.Context, id int64) (land.Import, error) {
	in := land.Import{Kind: land.Imported}
	result, err := db.ImportResult(ctx, id)
	if err != nil {
		return in, err
	}
	if !result.DryRun || result.State != land.ImportDone {
		return in, &land.ConflictError{Message: fmt.Sprintf("import %d is no dry run that passed", id), Remedy: "hand the file in again"}
	}
	var request, sum []byte
	err = db.pool.QueryRow(ctx, `SELECT park, filename, sha256, raw, request FROM imports WHERE id = $1`, id).Scan(&in.Park, &in.File.Name, &sum, &in.File.Raw, &request)
	if err != nil {
		return in, explain(err)
	}
	copy(in.File.SHA256[:], sum)
	var kept importRequest
	if err := json.Unmarshal(request, &kept); err != nil {
		return in, err
	}
	in.Replace, in.Reason, in.Format, in.Handling, in.Source = kept.Replace, kept.Reason, kept.Format, kept.Handling, kept.Source
	return in, nil
}

// DiscardImport drops the file of a dry run.
func (db *DB) DiscardImport(ctx context.Context, id int64) error {
	result, err := db.ImportResult(ctx, id)
	if err != nil {
		return err
	}
	if !result.DryRun {
		return &land.ConflictError{Message: fmt.Sprintf("import %d was no dry run", id), Remedy: "what was written is changed by edits"}
	}
	result.State = land.ImportDiscarded
	return explain(finishImport(ctx, db.pool, result))
}

// ImportResult tells what became of an import.
func (db *DB) ImportResult(ctx context.Context, id int64) (land.ImportResult, error) {
	var result land.ImportResult
	var told []byte
	var seq land.Seq
	err := db.pool.QueryRow(ctx, `SELECT i.result, coalesce(c.seq, 0) FROM imports i LEFT JOIN changes c ON c.import = i.id WHERE i.id = $1`, id).Scan(&told, &seq)
	if errors.Is(err, pgx.ErrNoRows) {
		return result, &land.NotFoundError{What: "import", Name: strconv.FormatInt(id, 10)}
	}
	if err != nil {
		return result, explain(err)
	}
	err = json.Unmarshal(told, &result)
	result.ID, result.Change = id, seq
	return result, err
}
