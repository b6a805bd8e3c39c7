package postgis

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// batchPlots is how many plots of a delivery are examined and written together.
const batchPlots = 4096

// delivery is a file's plots on their way into the register. They are read,
// examined and written batch by batch, all at once, in one transaction: a fault
// ends the writing, and what was written is undone.
type delivery struct {
	act      *act
	in       land.Import
	result   *land.ImportResult
	park     land.Park
	founding bool // the park is not there yet
	plots    int
	rowOf    map[string]int // by plot number
	rows     map[int64]int  // by the ids of what was written
	coverage *topology.Coverage
	writing  chan error     // ends the writing of the batch before; nil before the first
	findings []land.Finding // of plots by themselves
	taken    []land.Finding // of numbers that the register has
}

// takeDelivery takes the plots that read delivers into a park: all, or none and
// an *land.InvalidError with every fault.
func (a *act) takeDelivery(ctx context.Context, in land.Import, read ReadPlots, result *land.ImportResult) error {
	d := &delivery{act: a, in: in, result: result, rowOf: map[string]int{}, rows: map[int64]int{}, coverage: topology.NewCoverage()}
	d.coverage.Limits = a.limits.Limits
	if err := d.open(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, finish := d.read(ctx, read)
	var err error
	for b := range batches {
		<-b.examined
		if err == nil {
			err = d.take(ctx, b)
		}
		if err != nil {
			cancel() // and let what is under way run out
		}
	}
	if readErr := finish(); err == nil {
		err = readErr
	}
	if writeErr := d.written(); err == nil {
		err = writeErr
	}
	if err != nil {
		return err
	}
	return d.close(ctx)
}

// open locks the park, or makes one to be founded.
func (d *delivery) open(ctx context.Context) error {
	var missing *land.NotFoundError
	var err error
	d.park, err = d.act.lockPark(ctx, d.in.Park)
	if d.founding = errors.As(err, &missing); !d.founding {
		return err
	}
	d.park = land.Park{Code: d.in.Park, NameZh: string(d.in.Park), NameEn: string(d.in.Park)}
	if d.in.Found != nil {
		d.park = *d.in.Found
	}
	return nil
}

// batch is a part of a delivery.
type batch struct {
	drafts   []land.Draft
	examined chan struct{} // closed when what follows is there
	versions []version     // those that could be placed
	findings []land.Finding
	shift    float64 // m, the longest way that a vertex moved
}

// read reads the file in the background and gives its batches in order, each of
// which is being examined. finish tells how the reading ended.
func (d *delivery) read(ctx context.Context, read ReadPlots) (batches <-chan *batch, finish func() error) {
	workers := runtime.GOMAXPROCS(0)
	ordered, work := make(chan *batch, 2*workers), make(chan *batch)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for b := range work {
				b.examine(d.park, d.act)
				close(b.examined)
			}
		})
	}
	var err error
	group.Go(func() {
		defer close(ordered)
		defer close(work)
		var drafts []land.Draft
		send := func() error {
			b := &batch{drafts: drafts, examined: make(chan struct{})}
			drafts = nil
			select {
			case ordered <- b:
				work <- b
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		d.result.Delivery, err = read(func(draft land.Draft) error {
			if d.park.PlaneCRS == 0 {
				d.park.PlaneCRS = planeFor(draft.CRS)
			}
			drafts = append(drafts, draft)
			if len(drafts) == batchPlots {
				return send()
			}
			return nil
		})
		if err == nil && len(drafts) > 0 {
			err = send()
		}
	})
	return ordered, func() error { group.Wait(); return err }
}

// planeFor is the plane of a park founded on a file: the file's own without
// the zone number, else the one of the city.
func planeFor(crs geo.CRS) geo.CRS {
	if crs.Plane() {
		return crs.WithoutZone()
	}
	return geo.GK114
}

// examine turns the drafts into versions on the park's grid and tells what is
// wrong with each plot by itself.
func (b *batch) examine(park land.Park, a *act) {
	b.versions = make([]version, 0, len(b.drafts))
	limits := a.limits.Limits
	today := a.today()
	for _, draft := range b.drafts {
		v := version{Plot: land.Plot{Park: park.Code, Attributes: draft.Attributes, RecordedAt: a.now}, row: draft.Row}
		v.Complete(today)
		for _, f := range v.CheckOn(today) {
			f.Row = v.row
			b.findings = append(b.findings, f)
		}
		shift, err := place(&v, draft.Boundary, draft.CRS, park.PlaneCRS)
		if err == nil {
			err = inZone(v)
		}
		if err != nil {
			b.findings = append(b.findings, land.Finding{Code: "1104", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "geometry"}.Saying(
				geo.WordsOf(err), geo.Say("请指明坐标的参考系", "name the reference system of the coordinates")))
			continue
		}
		b.shift = max(b.shift, shift)
		b.findings = append(b.findings, v.faults(limits)...)
		b.versions = append(b.versions, v)
	}
	b.drafts = nil
}

// faults tells what is wrong with a boundary by itself.
func (v version) faults(limits topology.Limits) []land.Finding {
	if f, few := tooFewPoints(v); few {
		return []land.Finding{f}
	}
	var told []land.Finding
	for _, f := range topology.Check(v.plane, limits) {
		switch f.Code {
		case ringDirection: // stored rings turn as RFC 7946 asks, which surveyors' do not
		case validity:
			var invalid *topology.InvalidError
			if errors.As(topology.Valid(v.plane), &invalid) {
				told = append(told, notValid(v, invalid.Reason, invalid.Place))
			}
		default:
			finding := land.FindingOf(f)
			finding.Row, finding.PlotNo, finding.Place = v.row, v.PlotNo, placeNear(v, f.Place)
			told = append(told, finding)
		}
	}
	return told
}

// inZone refuses coordinates that no plot of China has in any plane zone, which
// is what coordinates read in a wrong system turn into.
func inZone(v version) error {
	for _, polygon := range v.Boundary {
		for _, ring := range polygon {
			for _, p := range ring {
				if !(p[0] >= 73 && p[0] <= 136 && p[1] >= 3 && p[1] <= 54) {
					return geo.Say("经度 %.6f、纬度 %.6f 不在中国境内", "longitude %.6f, latitude %.6f is not in China", p[0], p[1])
				}
			}
		}
	}
	return nil
}

// take writes an examined batch, as long as nothing is at fault.
func (d *delivery) take(ctx context.Context, b *batch) error {
	d.plots += len(b.versions)
	d.in.Tell("reading", d.plots)
	d.result.MaxShift = max(d.result.MaxShift, b.shift)
	d.findings = append(d.findings, b.findings...)
	for _, v := range b.versions {
		d.result.Area += v.Area
		if first, twice := d.rowOf[v.PlotNo]; twice && v.PlotNo != "" {
			d.findings = append(d.findings, land.Finding{Code: "4101", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "plot_no"}.Saying(
				geo.Say("该编号在第 %d 行也出现", "the number stands in row %d too", first), geo.Say("请为每个地块单独编号", "give each plot a number of its own")))
		}
		d.rowOf[v.PlotNo] = v.row
	}
	if err := d.written(); err != nil || land.Refuse(d.findings) != nil {
		return err
	}
	if d.founding && len(d.rows) == 0 {
		if err := d.found(ctx, b.versions[0]); err != nil {
			return err
		}
	}
	written, err := d.match(ctx, b.versions)
	if err != nil || len(d.taken) > 0 {
		return err
	}
	writing := make(chan error, 1)
	d.writing = writing
	go func() { writing <- d.act.writeVersions(ctx, d.park.PlaneCRS, written) }()
	for _, v := range written {
		d.rows[int64(v.ID)] = v.row
		d.coverage.Add(int64(v.ID), v.plane)
	}
	return nil
}

// written waits until the batch before is written: a transaction does one thing
// at a time.
func (d *delivery) written() error {
	if d.writing == nil {
		return nil
	}
	err := <-d.writing
	d.writing = nil
	return err
}

// outlined says that a founded park has no boundary of its own, and gets the
// outline of its plots.
func (d *delivery) outlined() bool { return d.in.Found == nil || len(d.in.Found.Boundary) == 0 }

// found writes the park, with its own boundary put on the grid as the plots'
// are, or else with the first plot's until all are there.
func (d *delivery) found(ctx context.Context, first version) error {
	boundary, crs := d.park.Boundary, geo.CGCS2000
	if d.outlined() {
		boundary, crs = first.plane, d.park.PlaneCRS
	}
	plane, _, err := geo.SnapPolygon(boundary, crs, d.park.PlaneCRS)
	if err != nil {
		return err
	}
	if d.park.Boundary, err = geo.TransformMultiPolygon(plane, d.park.PlaneCRS, geo.CGCS2000); err != nil {
		return err
	}
	return d.act.foundPark(ctx, d.park)
}

// match gives new plots their ids and known ones their next version. A plot
// that says what the register says already is passed over.
func (d *delivery) match(ctx context.Context, versions []version) ([]version, error) {
	known := map[string]land.Plot{}
	if !d.founding {
		numbers := make([]string, len(versions))
		for i, v := range versions {
			numbers[i] = v.PlotNo
		}
		var err error
		if known, err = d.act.plotsByNumber(ctx, d.in.Park, numbers); err != nil {
			return nil, err
		}
	}
	ids, err := d.act.newPlotIDs(ctx, len(versions)-len(known))
	if err != nil {
		return nil, err
	}
	written := versions[:0]
	for _, v := range versions {
		old, there := known[v.PlotNo]
		switch {
		case !there:
			v.ID, v.Version, ids = land.PlotID(ids[0]), 1, ids[1:]
			d.result.New++
		case !d.in.Replace:
			d.taken = append(d.taken, land.Finding{Code: "4101", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "plot_no"}.Saying(
				geo.Say("登记中已有该编号", "the register has this number already"), geo.Say("请改编号，或要求替换已有地块", "renumber the plot, or ask to replace what is there")))
			continue
		case sameText(old.Attributes, v.Attributes) && land.SameBoundary(old.Boundary, v.Boundary):
			d.result.Same++
			continue
		default:
			v.ID, v.Version = old.ID, old.Version+1
			d.result.Changed++
		}
		written = append(written, v)
	}
	return written, nil
}

// close gives the park its outline and checks the plots against each other, the
// park's others and its boundary.
func (d *delivery) close(ctx context.Context) error {
	if d.plots == 0 && len(d.findings) == 0 {
		return land.Invalid("file", geo.Say("文件中没有地块", "the file holds no plots"), geo.Say("请至少提交一个多边形", "deliver at least one polygon"))
	}
	if err := d.refuse(); err != nil {
		return err
	}
	d.findings = append(d.findings, d.taken...)
	if err := d.refuse(); err != nil {
		return err
	}
	d.in.Tell("checking", d.plots)
	clean := false
	if d.founding && d.outlined() {
		var err error
		if clean, err = d.outline(ctx); err != nil {
			return err
		}
	}
	if !clean {
		found, err := d.act.judgeCoverage(ctx, d.park, d.coverage, d.rows)
		if err != nil {
			return err
		}
		d.findings = append(d.findings, found...)
	}
	d.in.Tell("writing", d.plots)
	if err := d.refuse(); err != nil {
		return err
	}
	d.result.Delivery.Notes = append(d.result.Delivery.Notes, d.findings...)
	return nil
}

// refuse is land.Refuse of the findings, in the order of the file.
func (d *delivery) refuse() error {
	slices.SortStableFunc(d.findings, func(f, g land.Finding) int { return f.Row - g.Row })
	return land.Refuse(d.findings)
}

// outline gives the founded park the ground that its plots cover together.
// clean says that they share their borders whole, and so have no fault together;
// else they are merged over small differences, or PostGIS unites them.
func (d *delivery) outline(ctx context.Context) (clean bool, err error) {
	whole, clean := d.coverage.Outline()
	if !clean {
		if whole, err = d.merged(ctx); err != nil {
			return false, err
		}
	}
	if d.park.Boundary, err = geo.TransformMultiPolygon(whole, d.park.PlaneCRS, geo.CGCS2000); err != nil {
		return false, err
	}
	return clean, d.act.setBoundary(ctx, d.park)
}

// merged is the ground that the park's plots cover together, in the plane.
func (d *delivery) merged(ctx context.Context) (geo.MultiPolygon, error) {
	rows, err := d.act.tx.Query(ctx, selectPlots+` WHERE park = $1`, d.park.Code)
	if err != nil {
		return nil, err
	}
	versions, err := placedPlots(rows, d.park)
	if err != nil {
		return nil, err
	}
	shapes := make([]geo.MultiPolygon, len(versions))
	for i, v := range versions {
		shapes[i] = v.plane
	}
	if whole, err := topology.Merge(shapes); err == nil {
		return whole, nil
	}
	return d.act.union(ctx, d.park)
}
