package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/data/land"
)

// Successions lists what became of plots up to the reading's moment, in the order
// of changes: by split and merge which came out of which, by adjusting and
// reshaping what their boundaries became, by renumbering what their numbers did,
// and which ended. Where plots are chosen it is the acts in which they, what they
// came out of or what came out of them had a part. Year 0 is any.
func (r *Reading) Successions(ctx context.Context, year int, ellipsoid bool) ([]land.Succession, error) {
	if err := r.begun(ctx, "at", r.moment.At); err != nil {
		return nil, err
	}
	family, err := r.family(ctx)
	if err != nil {
		return nil, err
	}
	area := areaColumn(ellipsoid)
	rows, err := r.tx.Query(ctx, `
		WITH steps AS (
			SELECT c.*, l.parent AS source, f.version AS source_version, l.child AS target, t.version AS target_version
			FROM changes c JOIN lineage l USING (seq)
			JOIN plot_versions f ON f.act = c.act AND f.plot_id = l.parent
			JOIN plot_versions t ON t.act = c.act AND t.plot_id = l.child
			UNION ALL
			SELECT c.*, v.plot_id, v.version - 1, v.plot_id, v.version
			FROM changes c JOIN plot_versions v USING (act) WHERE c.kind IN ('adjust', 'reshape', 'renumber')
			UNION ALL
			SELECT c.*, v.plot_id, v.version, NULL, NULL
			FROM changes c JOIN plot_versions v USING (act) WHERE c.kind = 'retire'
		)
		SELECT s.seq, s.kind, s.park, coalesce(t.valid_from, f.valid_from) AS day, s.reason, coalesce(s.case_no, ''),
			f.plot_id, f.plot_no, `+exactly("f."+area)+`, coalesce(t.plot_id, 0), coalesce(t.plot_no, ''), coalesce(`+exactly("t."+area)+`, 0)
		FROM steps s
		JOIN plot_versions f ON f.plot_id = s.source AND f.version = s.source_version
		LEFT JOIN plot_versions t ON t.plot_id = s.target AND t.version = s.target_version
		WHERE ($1::bigint[] IS NULL OR s.source = ANY ($1) OR s.target = ANY ($1)) AND ($2::text[] IS NULL OR s.park = ANY ($2))
			AND coalesce(t.valid_from, f.valid_from) <= $3 AND s.recorded_at <= $4
			AND ($5 = 0 OR date_part('year', coalesce(t.valid_from, f.valid_from)) = $5)
		ORDER BY s.seq, f.plot_id, t.plot_id`,
		family, orNil(r.chosen.Parks), r.db.dayOf(r.moment).Time(), orInfinity(r.moment.Known), year)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (land.Succession, error) {
		var s land.Succession
		var day pgDate
		var to land.PlotState
		err := row.Scan(&s.Seq, &s.Kind, &s.Park, &day, &s.Reason, &s.CaseNo, &s.From.ID, &s.From.PlotNo, &s.From.Area, &to.ID, &to.PlotNo, &to.Area)
		s.Day = day.Date
		if to.ID != 0 {
			s.To = &to
		}
		return s, err
	})
}

// family is the chosen plots with what they came out of and what came out of
// them; nil where all plots are chosen.
func (r *Reading) family(ctx context.Context) ([]land.PlotID, error) {
	ids := r.chosen.Plots
	if r.chosen.Filter != nil {
		held, args, err := r.held(r.moment)
		if err != nil {
			return nil, err
		}
		rows, err := r.tx.Query(ctx, held+`SELECT plot_id FROM held`, args...)
		if err != nil {
			return nil, err
		}
		if ids, err = pgx.CollectRows(rows, pgx.RowTo[land.PlotID]); err != nil {
			return nil, err
		}
	} else if len(ids) == 0 {
		return nil, nil
	}
	descents, err := familyOf(ctx, r.tx, ids)
	if err != nil {
		return nil, err
	}
	family := append([]land.PlotID{}, ids...)
	for _, d := range descents {
		family = append(family, d.Parent, d.Child)
	}
	return family, nil
}
