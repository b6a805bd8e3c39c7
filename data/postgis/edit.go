package postgis

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// A vertex that lies so near a neighbour's edge belongs to it too, in metres.
const stitchTolerance = 0.002

// lostArea is how much the land of an edit may change as a whole, in m². Edits
// of a coverage move land between plots; none may come or go.
const lostArea = 0.01

// rewrite is an edit of the coverage under way: the plots that it found, by
// what they were, and the versions that it makes of them.
type rewrite struct {
	act      *act
	park     land.Park
	day      land.Date
	before   []version // every plot that changes or ends, as it was, in the plane
	versions []version
	family   []land.Descent
}

// placed gives a plot of the register as it lies in the park's plane.
func (r *rewrite) placed(p land.Plot) (version, error) {
	v := version{Plot: p}
	_, err := place(&v, p.Boundary, geo.CGCS2000, r.park.PlaneCRS)
	return v, err
}

// retire ends a plot with a version that says so.
func (r *rewrite) retire(v version) {
	r.before = append(r.before, v)
	v.Version++
	v.retired, v.RecordedAt, v.ValidFrom = true, r.act.now, r.day
	r.versions = append(r.versions, v)
}

// change gives a plot a new boundary in the plane.
func (r *rewrite) change(v version, plane geo.MultiPolygon) error {
	r.before = append(r.before, v)
	v.Version++
	v.RecordedAt = r.act.now
	if r.day.After(v.ValidFrom) {
		v.ValidFrom = r.day
	}
	return r.put(v, plane)
}

// put adds a version with a boundary in the plane.
func (r *rewrite) put(v version, plane geo.MultiPolygon) error {
	v.plane = plane
	err := v.store(r.park.PlaneCRS)
	r.versions = append(r.versions, v)
	return err
}

// found adds new plots made out of parents.
func (r *rewrite) found(ctx context.Context, attributes []land.Attributes, planes []geo.MultiPolygon, parents ...land.PlotID) error {
	ids, err := r.act.newPlotIDs(ctx, len(planes))
	if err != nil {
		return err
	}
	for i, plane := range planes {
		v := version{Plot: land.Plot{ID: land.PlotID(ids[i]), Park: r.park.Code, Attributes: attributes[i], Version: 1, RecordedAt: r.act.now}}
		if err := r.put(v, plane); err != nil {
			return err
		}
		for _, p := range parents {
			r.family = append(r.family, land.Descent{Parent: p, Child: v.ID})
		}
	}
	return nil
}

// stitch gives the neighbours of boundaries the vertices that lie on their
// edges, and the boundaries those of the neighbours.
func (r *rewrite) stitch(planes []geo.MultiPolygon, neighbours []version) ([]geo.MultiPolygon, error) {
	all := append(slices.Clone(planes), planesOf(neighbours)...)
	stitched, changed := topology.Stitch(all, stitchTolerance)
	for i, n := range neighbours {
		if changed[len(planes)+i] {
			if err := r.change(n, stitched[len(planes)+i]); err != nil {
				return nil, err
			}
		}
	}
	return stitched[:len(planes)], nil
}

func planesOf(versions []version) []geo.MultiPolygon {
	planes := make([]geo.MultiPolygon, len(versions))
	for i, v := range versions {
		planes[i] = v.plane
	}
	return planes
}

// neighbours are the current plots of the park that lie at or near boundaries.
func (r *rewrite) neighbours(ctx context.Context, planes []geo.MultiPolygon, except []land.PlotID) ([]version, error) {
	window := make([]float64, 4)
	for i, p := range planes {
		b := p.Bound()
		if i == 0 {
			window = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
			continue
		}
		window = []float64{math.Min(window[0], b.Min[0]), math.Min(window[1], b.Min[1]), math.Max(window[2], b.Max[0]), math.Max(window[3], b.Max[1])}
	}
	rows, err := r.act.tx.Query(ctx, selectPlots+`
		WHERE park = $1 AND plot_id <> ALL (coalesce($2::bigint[], '{}'))
			AND geom && ST_Transform(ST_SetSRID(ST_MakeBox2D(ST_Point($3 - 1, $4 - 1), ST_Point($5 + 1, $6 + 1))::geometry, $7), 4490)
		ORDER BY plot_id`, r.park.Code, except, window[0], window[1], window[2], window[3], int(r.park.PlaneCRS))
	if err != nil {
		return nil, err
	}
	return placedPlots(rows, r.park)
}

// commit checks the edit and writes it: boundaries valid, no land lost or won,
// no overlap, nothing outside the park, no number used twice.
func (r *rewrite) commit(ctx context.Context, kind land.ChangeKind, what land.Act) (land.Change, error) {
	var standing []version
	var numbers []string
	for _, v := range r.versions {
		if !v.retired {
			standing = append(standing, v)
		}
		if err := land.Refuse(v.CheckOn(r.act.today())); err != nil {
			return land.Change{}, err
		}
		if v.Version == 1 {
			numbers = append(numbers, v.PlotNo)
		}
	}
	if err := land.Refuse(checkBoundaries(standing)); err != nil {
		return land.Change{}, err
	}
	if err := r.conserve(ctx, standing); err != nil {
		return land.Change{}, err
	}
	if err := r.numbersFree(ctx, numbers); err != nil {
		return land.Change{}, err
	}
	if err := r.act.writeVersions(ctx, r.park.PlaneCRS, r.versions); err != nil {
		return land.Change{}, err
	}
	findings, err := r.act.checkCoverage(ctx, r.park, standing)
	if err != nil {
		return land.Change{}, err
	}
	if err := land.Refuse(findings); err != nil {
		return land.Change{}, err
	}
	return land.Change{Kind: kind, Park: r.park.Code, Reason: what.Reason, CaseNo: what.CaseNo, Lineage: r.family}, nil
}

// conserve refuses an edit after which the plots cover other ground than before.
func (r *rewrite) conserve(ctx context.Context, after []version) error {
	var p piece
	err := r.act.tx.QueryRow(ctx, `
		SELECT ST_Area(d.g), ST_Transform(ST_Multi(ST_SetSRID(ST_CollectionExtract(d.g, 3), $3)), 4490)
		FROM (SELECT ST_SymDifference(
			(SELECT ST_Union(ST_GeomFromEWKB(g)) FROM unnest($1::bytea[]) g),
			(SELECT ST_Union(ST_GeomFromEWKB(g)) FROM unnest($2::bytea[]) g)) AS g) d`, encodePlanes(r.before), encodePlanes(after), int(r.park.PlaneCRS)).Scan(&p.Area, &p.Geom)
	if err != nil {
		return err
	}
	if p.Area <= lostArea {
		return nil
	}
	f, err := p.finding("3109",
		geo.Say("变更后的用地范围将有 %s 平方米与现状不同", "the edit would cover %s m² of other ground than the plots do now", geo.FormatFixed(p.Area, 4)),
		geo.Say("请保持地块的外边界不变", "leave the outer border of the plots as it is"), true, 0)
	if err != nil {
		return err
	}
	return &land.InvalidError{Findings: []land.Finding{f.Measuring(p.Area, lostArea, "m2")}}
}

func encodePlanes(versions []version) [][]byte {
	encoded := make([][]byte, len(versions))
	for i, v := range versions {
		encoded[i] = geo.EncodeEWKB(v.plane, 0)
	}
	return encoded
}

// numbersFree refuses numbers that stand twice or that a plot outside the edit has.
func (r *rewrite) numbersFree(ctx context.Context, numbers []string) error {
	seen := map[string]bool{}
	for _, n := range numbers {
		if seen[n] {
			return land.Invalid("plot_nos", geo.Say("编号 %s 出现两次", "the number %s is given twice", n), geo.Say("请给每个地块不同的编号", "give each plot a number of its own"))
		}
		seen[n] = true
	}
	taken, err := r.act.plotsByNumber(ctx, r.park.Code, numbers)
	if err != nil {
		return err
	}
	ending := map[land.PlotID]bool{}
	for _, v := range r.versions {
		if v.retired {
			ending[v.ID] = true
		}
	}
	for _, p := range taken {
		if !ending[p.ID] {
			return numberUsed(r.park.Code, p.PlotNo)
		}
	}
	return nil
}

// edit runs an edit of the coverage of one park, which it locks: f reads what
// it needs and says what becomes of it. It returns the plots that came out of
// the edit or, where none did, those that it changed.
func (db *DB) edit(ctx context.Context, actor land.Actor, kind land.ChangeKind, what land.Act, parkOf func(context.Context, pgx.Tx) (land.ParkCode, error), f func(context.Context, *rewrite) error) ([]land.Plot, land.Change, error) {
	var made []land.Plot
	change, err := db.write(ctx, actor, func(ctx context.Context, a *act) (land.Change, error) {
		code, err := parkOf(ctx, a.tx)
		if err != nil {
			return land.Change{}, err
		}
		if err := actor.MayEdit(code); err != nil {
			return land.Change{}, err
		}
		park, err := a.lockPark(ctx, code)
		if err != nil {
			return land.Change{}, err
		}
		r := &rewrite{act: a, park: park}
		if err := f(ctx, r); err != nil {
			return land.Change{}, explainGeometry(r, err)
		}
		change, err := r.commit(ctx, kind, what)
		if err != nil {
			return land.Change{}, err
		}
		made, err = r.outcome(ctx)
		return change, err
	})
	return made, change, err
}

// outcome reads back what came out of the edit.
func (r *rewrite) outcome(ctx context.Context) ([]land.Plot, error) {
	var fresh, changed []int64
	for _, v := range r.versions {
		switch {
		case v.Version == 1:
			fresh = append(fresh, int64(v.ID))
		case !v.retired:
			changed = append(changed, int64(v.ID))
		}
	}
	if len(fresh) == 0 {
		fresh = changed
	}
	rows, err := r.act.tx.Query(ctx, selectPlots+` WHERE plot_id = ANY ($1) ORDER BY plot_id`, fresh)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPlot)
}

// subject reads a plot of the edit as it lies in the plane, and refuses a
// version that the officer did not read; 0 is any.
func (r *rewrite) subject(ctx context.Context, id land.PlotID, read int) (version, error) {
	p, err := readPlot(ctx, r.act.tx, id)
	if err != nil {
		return version{}, err
	}
	if read != 0 && read != p.Version {
		return version{}, land.ErrStale
	}
	return r.placed(p)
}

// parkOfPlot finds the park of a plot.
func parkOfPlot(id land.PlotID) func(context.Context, pgx.Tx) (land.ParkCode, error) {
	return func(ctx context.Context, tx pgx.Tx) (land.ParkCode, error) {
		p, err := readPlot(ctx, tx, id)
		return p.Park, err
	}
}

// explainGeometry turns what topology refuses into a located finding.
func explainGeometry(r *rewrite, err error) error {
	var (
		cut      *topology.CutError
		parts    *topology.TileError
		apart    *topology.NotAdjacentError
		overlap  *topology.OverlapError
		inverted *topology.InvertError
		invalid  *topology.InvalidError
	)
	f := land.Finding{Code: "3109", Severity: land.Block, Field: "geometry"}
	var place geo.Point
	var remedy geo.Words
	switch {
	case errors.As(err, &cut):
		f.Field, place = "line", cut.Place
		remedy = geo.Say("请从边界画到边界，且不与自身相交", "draw the line from border to border, crossing itself nowhere")
	case errors.As(err, &parts):
		f.Field, place = "parts", parts.Place
		remedy = geo.Say("各部分应覆盖整个地块且互不重叠", "draw parts that cover the plot wholly and do not overlap")
	case errors.As(err, &apart):
		f.Field, remedy = "ids", geo.Say("请合并有公共边的地块", "merge plots that share a border")
	case errors.As(err, &overlap):
		remedy, place = geo.Say("请先消除重叠", "mend the overlap first"), overlap.Place
	case errors.As(err, &inverted):
		f.Code, f.Field, place = "2104", "moves", inverted.Place
		remedy = geo.Say("请减小移动的距离", "move the point less far")
	case errors.As(err, &invalid):
		f.Code, remedy, place = "2104", mendThere, invalid.Place
	default:
		return err
	}
	f = f.Saying(geo.WordsOf(err), remedy)
	if place != (geo.Point{}) {
		if at, transformErr := geo.Transform(place, r.park.PlaneCRS, geo.CGCS2000); transformErr == nil {
			f.Place = &at
		}
	}
	return &land.InvalidError{Findings: []land.Finding{f}}
}
