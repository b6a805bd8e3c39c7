package postgis

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// checkBoundaries tells which boundaries are not valid polygons, and where, in
// the park's plane (checks 2101–2108). The database holds stored boundaries to
// its own judgement too.
func checkBoundaries(versions []version) []land.Finding {
	var findings []land.Finding
	for _, v := range versions {
		if f, bad := tooFewPoints(v); bad {
			findings = append(findings, f)
			continue
		}
		var invalid *topology.InvalidError
		if errors.As(topology.Valid(v.plane), &invalid) {
			findings = append(findings, notValid(v, invalid.Reason, invalid.Place))
		}
	}
	return findings
}

var mendThere = geo.Say("请在该处改正界址", "mend the boundary at that place")

// notValid tells why a boundary is not a valid polygon.
func notValid(v version, reason geo.Words, place geo.Point) land.Finding {
	return land.Finding{Code: validity, Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "geometry", Place: placeNear(v, place)}.Saying(
		geo.Say("界址不是有效的多边形：%s，在东 %.3f，北 %.3f", "the boundary is not a valid polygon: %s at east %.3f, north %.3f", reason, place[0], place[1]),
		mendThere)
}

// tooFewPoints finds a ring with fewer than three distinct points on the grid.
func tooFewPoints(v version) (land.Finding, bool) {
	if len(v.plane) == 0 {
		return land.Finding{Code: "2101", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "geometry"}.Saying(
			geo.Say("地块没有界址", "the plot has no boundary"), geo.Say("请给出多边形", "give a polygon")), true
	}
	for _, polygon := range v.plane {
		for n, ring := range polygon {
			if distinct := distinctPoints(ring); distinct < 3 {
				return land.Finding{Code: "2102", Severity: land.Block, Row: v.row, PlotNo: v.PlotNo, Field: "geometry"}.Measuring(float64(distinct), 3, "").Saying(
					geo.Say("第 %d 环在 0.001 米格网上只有 %d 个不同的点", "ring %d has %d distinct points on the 0.001 m grid", n+1, distinct),
					geo.Say("一个环至少需要三个点", "a ring needs at least three")), true
			}
		}
	}
	return land.Finding{}, false
}

// distinctPoints counts the different points of a ring, up to three.
func distinctPoints(ring geo.Ring) int {
	var found [3]geo.Point
	n := 0
	for _, p := range ring {
		if !slices.Contains(found[:n], p) {
			found[n] = p
			if n++; n == len(found) {
				break
			}
		}
	}
	return n
}

// placeNear gives a place of the plane in EPSG:4490 by way of the vertex
// nearest to it, whose stored coordinates are known.
func placeNear(v version, at geo.Point) *geo.Point {
	var nearest geo.Point
	best := -1.0
	for i, polygon := range v.plane {
		for j, ring := range polygon {
			for k, p := range ring {
				dx, dy := p[0]-at[0], p[1]-at[1]
				if d := dx*dx + dy*dy; best < 0 || d < best {
					best, nearest = d, v.Boundary[i][j][k]
				}
			}
		}
	}
	return &nearest
}

// checkCoverage tells where written versions overlap current plots of their
// park, or reach over its boundary (checks 3101, 3103).
func (a *act) checkCoverage(ctx context.Context, park land.Park, versions []version) ([]land.Finding, error) {
	coverage := topology.NewCoverage()
	coverage.Limits = a.limits.Limits
	rowOf := make(map[int64]int, len(versions))
	for _, v := range versions {
		rowOf[int64(v.ID)] = v.row
		coverage.Add(int64(v.ID), v.plane)
	}
	return a.judgeCoverage(ctx, park, coverage, rowOf)
}

// judgeCoverage is checkCoverage of versions that are in the coverage already;
// rowOf has the rows in their file by their ids.
func (a *act) judgeCoverage(ctx context.Context, park land.Park, coverage *topology.Coverage, rowOf map[int64]int) ([]land.Finding, error) {
	others, err := a.around(ctx, park, slices.Sorted(maps.Keys(rowOf)))
	if err != nil {
		return nil, err
	}
	boundary, _, err := geo.SnapPolygon(park.Boundary, geo.CGCS2000, park.PlaneCRS)
	if err != nil {
		return nil, err
	}
	for _, v := range others {
		coverage.Add(int64(v.ID), v.plane)
	}
	report := coverage.Report(boundary)
	var pairs [][2]int64
	for _, p := range report.Suspects {
		_, first := rowOf[p[0]]
		if _, second := rowOf[p[1]]; !first && second {
			p[0], p[1] = p[1], p[0]
		} else if !first {
			continue // both were there before, and stay as they were
		}
		pairs = append(pairs, p)
	}
	var outside []int64
	for _, id := range report.Outside {
		if _, ours := rowOf[id]; ours {
			outside = append(outside, id)
		}
	}
	findings, err := overlaps(ctx, a.tx, a.limits, pairs, rowOf)
	if err != nil {
		return nil, err
	}
	out, err := reaching(ctx, a.tx, a.limits, outside, rowOf)
	return append(findings, out...), err
}

// fewVersions is up to how many written versions their surroundings are looked
// for one by one; beyond, the whole park is read.
const fewVersions = 64

// around are the current plots of the park that lie at or near written
// versions, the versions themselves left out, in the park's plane.
func (a *act) around(ctx context.Context, park land.Park, ids []int64) ([]version, error) {
	near := `true`
	args := []any{park.Code, ids}
	if len(ids) <= fewVersions {
		near = `EXISTS (SELECT FROM plot_versions w WHERE (w.plot_id, w.version) IN (SELECT id, version FROM plots WHERE id = ANY ($2)) AND w.geom && current_plots.geom)`
	}
	rows, err := a.tx.Query(ctx, selectPlots+` WHERE park = $1 AND plot_id <> ALL ($2) AND `+near+` ORDER BY plot_id`, args...)
	if err != nil {
		return nil, err
	}
	return placedPlots(rows, park)
}

// placedPlots reads plots of a park as they lie in its plane.
func placedPlots(rows pgx.Rows, park land.Park) ([]version, error) {
	plots, err := pgx.CollectRows(rows, scanPlot)
	if err != nil {
		return nil, err
	}
	placed := make([]version, len(plots))
	for i, p := range plots {
		placed[i].Plot = p
		if placed[i].plane, _, err = geo.SnapPolygon(p.Boundary, geo.CGCS2000, park.PlaneCRS); err != nil {
			return nil, err
		}
	}
	return placed, nil
}

// piece is a part of a plot where it should not be.
type piece struct {
	ID        int64
	PlotNo    string
	Other     string
	Area      float64
	Perimeter float64
	Geom      []byte
}

// finding tells a piece; within the tolerance it is a warning.
func (p piece) finding(code string, message, remedy geo.Words, block bool, row int) (land.Finding, error) {
	f := land.Finding{Code: code, Severity: land.Warn, Row: row, PlotID: land.PlotID(p.ID), PlotNo: p.PlotNo, Field: "geometry"}.Saying(message, remedy)
	if block {
		f.Severity = land.Block
	}
	var err error
	f.Geometry, err = geo.DecodeEWKB(p.Geom)
	return f, err
}

// overlaps measures where pairs of current plots overlap; the first of each is
// the one at fault. What is not above the limits is the noise of unequal vertices
// on a shared border.
func overlaps(ctx context.Context, tx pgx.Tx, l land.Limits, pairs [][2]int64, rowOf map[int64]int) ([]land.Finding, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	first, second := make([]int64, len(pairs)), make([]int64, len(pairs))
	for i, p := range pairs {
		first[i], second[i] = p[0], p[1]
	}
	rows, err := tx.Query(ctx, `
		SELECT a.plot_id, a.plot_no, b.plot_no, ST_Area(o.g), ST_Perimeter(o.g),
			ST_Transform(ST_Multi(ST_SetSRID(o.g, a.plane_srid)), 4490)
		FROM unnest($1::bigint[], $2::bigint[]) s (a, b)
		JOIN current_plots a ON a.plot_id = s.a
		JOIN current_plots b ON b.plot_id = s.b
		CROSS JOIN LATERAL (SELECT ST_CollectionExtract(ST_Intersection(in_plane(a.geom, a.plane_srid), in_plane(b.geom, b.plane_srid)), 3) AS g) o
		WHERE ST_Area(o.g) > $3
		ORDER BY a.plot_id, b.plot_id`, first, second, l.Noise)
	if err != nil {
		return nil, err
	}
	return tellPieces(rows, func(p piece) (land.Finding, error) {
		width := 2 * p.Area / p.Perimeter
		f, err := p.finding("3101",
			geo.Say("与地块 %s 重叠 %s 平方米（宽 %.3f 米）", "overlaps plot %s by %s m² (%.3f m wide)", p.Other, geo.FormatFixed(p.Area, 2), width),
			geo.Say("请让两地块的公共边使用相同的界址点", "draw the shared border with the same points in both plots"),
			p.Area > l.Overlap && width > l.OverlapWidth, rowOf[p.ID])
		return f.Measuring(p.Area, l.Overlap, "m2"), err
	})
}

func tellPieces(rows pgx.Rows, tell func(piece) (land.Finding, error)) ([]land.Finding, error) {
	pieces, err := pgx.CollectRows(rows, pgx.RowToStructByPos[piece])
	if err != nil {
		return nil, err
	}
	var findings []land.Finding
	for _, p := range pieces {
		f, err := tell(p)
		if err != nil {
			return nil, err
		}
		findings = append(findings, f)
	}
	return findings, nil
}

// reaching measures how far current plots reach over their park's boundary.
func reaching(ctx context.Context, tx pgx.Tx, l land.Limits, ids []int64, rowOf map[int64]int) ([]land.Finding, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `
		SELECT v.plot_id, v.plot_no, v.park, ST_Area(o.g), ST_Perimeter(o.g),
			ST_Transform(ST_Multi(ST_SetSRID(o.g, v.plane_srid)), 4490)
		FROM unnest($1::bigint[]) s (id)
		JOIN current_plots v ON v.plot_id = s.id
		JOIN parks ON parks.code = v.park
		CROSS JOIN LATERAL (SELECT ST_CollectionExtract(ST_Difference(in_plane(v.geom, v.plane_srid), in_plane(parks.boundary, v.plane_srid)), 3) AS g) o
		WHERE ST_Area(o.g) > $2
		ORDER BY v.plot_id`, ids, l.Noise)
	if err != nil {
		return nil, err
	}
	return tellPieces(rows, func(p piece) (land.Finding, error) {
		f, err := p.finding("3103",
			geo.Say("有 %s 平方米在园区 %s 边界之外", "%s m² lie outside the boundary of park %s", geo.FormatFixed(p.Area, 2), p.Other),
			geo.Say("请把地块画在园区之内，或指明正确的园区", "draw the plot inside the park, or name the right park"), p.Area > l.Outside, rowOf[p.ID])
		return f.Measuring(p.Area, l.Outside, "m2"), err
	})
}
