package postgis

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// areaColumn is the column of an area, plane or on the ellipsoid.
func areaColumn(ellipsoid bool) string {
	if ellipsoid {
		return "area_ellipsoid_m2"
	}
	return "area_m2"
}

// exactly is an area as a geo.ExactArea in SQL.
func exactly(column string) string {
	return fmt.Sprintf("round(%s * %d)::bigint", column, geo.PerSquareMetre)
}

// Sums adds up the chosen plots by what is asked, as they held at the reading's
// moment or on another day. A day to come or before the register began is refused.
func (r *Reading) Sums(ctx context.Context, by land.SumBy, on land.Date, ellipsoid bool) ([]land.PlotSum, error) {
	m, parameter := r.moment, "at"
	if !on.IsZero() {
		m.At, parameter = on, "against"
	}
	if err := r.db.notToCome(parameter, m); err != nil {
		return nil, err
	}
	if err := r.begun(ctx, parameter, m.At); err != nil {
		return nil, err
	}
	held, args, err := r.held(m)
	if err != nil {
		return nil, err
	}
	if r.all {
		// A pass over all plots is shared out; for fewer it takes longer to call the others.
		if _, err := r.tx.Exec(ctx, `SET LOCAL max_parallel_workers_per_gather TO DEFAULT`); err != nil {
			return nil, err
		}
	}
	const cent = geo.PerSquareMetre / 100
	columns, groups := toldApart(by)
	rows, err := r.tx.Query(ctx, held+fmt.Sprintf(`
		SELECT park, %s, count(*), count(*) FILTER (WHERE land_use_others <> '{}'), sum(exact)::bigint, sum((exact + %d) / %d)::bigint
		FROM held CROSS JOIN LATERAL (SELECT %s AS exact) AS e
		GROUP BY 1%s`, columns, cent/2, cent, exactly(areaColumn(ellipsoid)), groups), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.PlotSum, error) {
		var s land.PlotSum
		err := row.Scan(&s.Park, &s.Status, &s.Use.Scheme, &s.Use.Code, &s.Use2023, &s.SupplyMode, &s.SupplyYear, &s.Plots, &s.Mixed, &s.Area, &s.Cents)
		return s, err
	})
}

// toldApart are the columns by which sums are told apart, and the places of those
// that are asked for; the others are constants.
func toldApart(by land.SumBy) (columns, groups string) {
	status, use, supply := `''`, `'', '', ''`, `'', 0`
	if by&land.ByStatus != 0 {
		status, groups = `status`, groups+", 2"
	}
	if by&land.ByUse != 0 {
		use, groups = `land_use_scheme, land_use, coalesce(land_use_2023, '')`, groups+", 3, 4, 5"
	}
	if by&land.BySupply != 0 {
		supply, groups = `supply_mode, coalesce(date_part('year', supplied_on)::integer, 0)`, groups+", 6, 7"
	}
	return status + ", " + use + ", " + supply, groups
}

// Keys names the chosen plots, in no order.
func (r *Reading) Keys(ctx context.Context, ellipsoid bool) iter.Seq2[land.PlotKey, error] {
	return func(yield func(land.PlotKey, error) bool) {
		if err := r.begun(ctx, "at", r.moment.At); err != nil {
			yield(land.PlotKey{}, err)
			return
		}
		held, args, err := r.held(r.moment)
		if err != nil {
			yield(land.PlotKey{}, err)
			return
		}
		rows, err := r.tx.Query(ctx, held+`SELECT plot_id, version, park, plot_no, land_use_scheme, `+exactly(areaColumn(ellipsoid))+` FROM held`, args...)
		if err != nil {
			yield(land.PlotKey{}, err)
			return
		}
		defer rows.Close()
		texts := map[string]string{} // that all plots have in common
		common := func(text string) string {
			if _, ok := texts[text]; !ok {
				texts[text] = text
			}
			return texts[text]
		}
		for rows.Next() {
			var k land.PlotKey
			if err := rows.Scan(&k.ID, &k.Version, &k.Park, &k.PlotNo, &k.Scheme, &k.Area); err != nil {
				yield(k, err)
				return
			}
			k.Park, k.Scheme = land.ParkCode(common(string(k.Park))), land.Scheme(common(string(k.Scheme)))
			if !yield(k, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(land.PlotKey{}, err)
		}
	}
}

// Plots reads versions of plots, in the order in which they are named; without
// their boundaries unless these are asked for.
func (r *Reading) Plots(ctx context.Context, keys []land.PlotKey, boundaries bool) ([]land.Plot, error) {
	ids, versions := make([]int64, len(keys)), make([]int32, len(keys))
	for i, k := range keys {
		ids[i], versions[i] = int64(k.ID), int32(k.Version)
	}
	columns := plotColumns
	if !boundaries {
		columns = plotColumnsBare
	}
	rows, err := r.tx.Query(ctx, `SELECT `+columns+`
		FROM unnest($1::bigint[], $2::integer[]) WITH ORDINALITY AS named (plot_id, version, place)
		JOIN plot_versions USING (plot_id, version) ORDER BY place`, ids, versions)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanPlot)
}
