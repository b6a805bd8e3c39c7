package postgis

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
)

// Selection chooses plots: of the parks, with the ids, and for which the filter is
// true. What it leaves out chooses all.
type Selection struct {
	Parks  []land.ParkCode
	Plots  []land.PlotID
	Filter cql2.Expr
	Ended  bool // Plots may be of plots that have ended
}

// Reading is the register at a moment and a choice of its plots, as tables read
// it. All that it gives is of one snapshot, and belongs to one goroutine.
type Reading struct {
	db       *DB
	tx       pgx.Tx
	actor    land.Actor
	moment   land.Moment
	chosen   Selection
	all      bool // the parks chosen are all that there are
	register land.Register
}

// Read hands the register at a moment to f. A day to come, and a plot that did not
// hold then, are refused; what asks for plots refuses a day before there were any.
func (db *DB) Read(ctx context.Context, actor land.Actor, m land.Moment, s Selection, f func(*Reading) error) error {
	err := db.snapshot(ctx, func(ctx context.Context, tx pgx.Tx) (err error) {
		r := &Reading{db: db, tx: tx, actor: actor, moment: m, chosen: s}
		// The plan of a selection depends on how much it selects, and sums of a million
		// plots are made without sorting them. Compiling a statement takes longer than it saves.
		if _, err := tx.Exec(ctx, `SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '32MB'; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off`); err != nil {
			return err
		}
		if r.register, r.all, err = db.standing(ctx, tx, m, s.Parks); err != nil {
			return err
		}
		if err := r.there(ctx); err != nil {
			return err
		}
		return f(r)
	})
	var pg *pgconn.PgError
	const dataException = "22" // class of SQLSTATE
	if s.Filter != nil && errors.As(err, &pg) && strings.HasPrefix(pg.Code, dataException) {
		return land.Invalid("filter", geo.Say("条件的计算结果超出数值范围", "what the filter computes is out of range"), geo.Say("请改写其中的运算", "write its arithmetic otherwise"))
	}
	return err
}

// Register is what the moment is, and the parks that are chosen; without plots.
func (r *Reading) Register() land.Register { return r.register }

// begun refuses a day on which no version of any plot holds yet, if there are any.
func (r *Reading) begun(ctx context.Context, parameter string, day land.Date) error {
	if day.IsZero() {
		return nil
	}
	var has bool
	if err := r.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM plot_versions WHERE valid_from <= $1)`, day.Time()).Scan(&has); err != nil || has {
		return err
	}
	var first *pgDate
	if err := r.tx.QueryRow(ctx, `SELECT min(valid_from) FROM plot_versions`).Scan(&first); err != nil || first == nil {
		return err
	}
	return land.Invalid(parameter, geo.Say("%s 早于登记库的第一天", "%s is before the register's first day", day), geo.Say("请给出 %s 至今天的日期", "give a day from %s to today", first.Date))
}

// there refuses ids of plots that did not hold at the moment, or never were.
func (r *Reading) there(ctx context.Context) error {
	if len(r.chosen.Plots) == 0 {
		return nil
	}
	named := *r
	named.chosen = Selection{Plots: r.chosen.Plots}
	named.all = true
	sql, args, err := named.held(r.moment)
	if err != nil {
		return err
	}
	sql += `SELECT plot_id FROM held`
	if r.chosen.Ended {
		sql, args = `SELECT id FROM plots WHERE id = ANY ($1)`, []any{r.chosen.Plots}
	}
	rows, err := r.tx.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	found := map[land.PlotID]bool{}
	var id land.PlotID
	if _, err := pgx.ForEachRow(rows, []any{&id}, func() error { found[id] = true; return nil }); err != nil {
		return err
	}
	for _, id := range r.chosen.Plots {
		if !found[id] {
			return &land.NotFoundError{What: "plot", Name: strconv.FormatInt(int64(id), 10)}
		}
	}
	return nil
}

// held begins a statement with the versions that hold at a moment and are chosen,
// WITH held, and gives its parameters.
//
// Most plots have but one version. So the last one is not looked up for every
// plot: those of edited plots are left out that another took the place of. Where
// but some parks are chosen, their plots are found by the park's index instead.
func (r *Reading) held(m land.Moment) (sql string, args []any, err error) {
	var conditions []string
	if r.chosen.Filter != nil {
		condition, values, err := cql2.SQL(r.chosen.Filter, plotProperties)
		if err != nil {
			return "", nil, err
		}
		conditions, args = append(conditions, condition), values
	}
	parameter := func(v any, cast string) string {
		args = append(args, v)
		return fmt.Sprintf("$%d::%s", len(args), cast)
	}
	from := "plot_versions v"
	ofParks := ""
	if !r.all {
		ofParks = " AND p.park = ANY (" + parameter(r.chosen.Parks, "text[]") + ")"
	}
	conditions = append(conditions, "NOT v.retired")
	switch {
	case m.IsNow() && ofParks != "":
		from += " JOIN plots p ON p.id = v.plot_id AND p.version = v.version AND NOT p.retired" + ofParks
	case m.IsNow():
		conditions = append(conditions, "NOT EXISTS (SELECT FROM plots e WHERE e.id = v.plot_id AND e.version > 1 AND e.version <> v.version)")
	default:
		if ofParks != "" {
			from += " JOIN plots p ON p.id = v.plot_id" + ofParks
		}
		known := "%[1]s.valid_from <= " + parameter(r.db.dayOf(m).Time(), "date") + " AND %[1]s.recorded_at <= " + parameter(orInfinity(m.Known), "timestamptz")
		conditions = append(conditions, fmt.Sprintf(known, "v"),
			"NOT EXISTS (SELECT FROM plots e JOIN plot_versions w ON w.plot_id = e.id WHERE e.id = v.plot_id AND e.version > 1 AND w.version > v.version AND "+fmt.Sprintf(known, "w")+")")
	}
	if len(r.chosen.Plots) > 0 {
		conditions = append(conditions, "v.plot_id = ANY ("+parameter(r.chosen.Plots, "bigint[]")+")")
	}
	return "WITH held AS (SELECT v.* FROM " + from + " WHERE " + strings.Join(conditions, " AND ") + ") ", args, nil
}

// plotProperties are the properties of land.Fields in rows of plot_versions, v; a
// text that is empty is none.
var plotProperties = map[string]cql2.Column{
	"geometry":          {Type: cql2.TypeGeometry, SQL: "v.geom", SRID: int(geo.CGCS2000)},
	"id":                {Type: cql2.TypeInteger, SQL: "v.plot_id"},
	"version":           {Type: cql2.TypeInteger, SQL: "v.version"},
	"park":              {Type: cql2.TypeString, SQL: "v.park"},
	"plot_no":           {Type: cql2.TypeString, SQL: "v.plot_no"},
	"name":              {Type: cql2.TypeString, SQL: "nullif(v.name, '')"},
	"land_use":          {Type: cql2.TypeString, SQL: "array_to_string(v.land_use || v.land_use_others, '/')"},
	"land_use_scheme":   {Type: cql2.TypeString, SQL: "v.land_use_scheme"},
	"land_use_2023":     {Type: cql2.TypeString, SQL: "v.land_use_2023"},
	"status":            {Type: cql2.TypeString, SQL: "v.status"},
	"holder":            {Type: cql2.TypeString, SQL: "nullif(v.holder, '')"},
	"area_m2":           {Type: cql2.TypeNumber, SQL: "v.area_m2"},
	"area_mu":           {Type: cql2.TypeNumber, SQL: "(v.area_m2 * 3 / 2000)"},
	"area_ellipsoid_m2": {Type: cql2.TypeNumber, SQL: "v.area_ellipsoid_m2"},
	"stated_area_m2":    {Type: cql2.TypeNumber, SQL: "v.stated_area_m2"},
	"far_min":           {Type: cql2.TypeNumber, SQL: "v.far_min"},
	"far_max":           {Type: cql2.TypeNumber, SQL: "v.far_max"},
	"density_max_pct":   {Type: cql2.TypeNumber, SQL: "v.density_max_pct"},
	"green_min_pct":     {Type: cql2.TypeNumber, SQL: "v.green_min_pct"},
	"height_max_m":      {Type: cql2.TypeNumber, SQL: "v.height_max_m"},
	"gfa_max_m2":        {Type: cql2.TypeNumber, SQL: "v.gfa_max_m2"},
	"setbacks":          {Type: cql2.TypeString, SQL: "nullif(v.setbacks, '')"},
	"supply_mode":       {Type: cql2.TypeString, SQL: "nullif(v.supply_mode, '')"},
	"supplied_on":       {Type: cql2.TypeDate, SQL: "v.supplied_on"},
	"valid_from":        {Type: cql2.TypeDate, SQL: "v.valid_from"},
}
