package bench

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles"
)

// asMVT is the tile as PostGIS draws it, with the same properties, extent and
// margin as ours. The envelopes are worked out once and not for each plot, and
// plots without a geometry in the tile are left to ST_AsMVT, which skips them: a
// condition on ST_AsMVTGeom would have it worked out twice.
const asMVT = `
	SELECT ST_AsMVT(t, 'plots', 4096, 'geom', 'id') FROM (
		SELECT id, park, plot_no, land_use, status, area_mu, far_max, ST_AsMVTGeom(geom, e.tile, 4096, 64, true) AS geom
		FROM (SELECT ST_TileEnvelope($1, $2, $3) AS tile, ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096) AS wide OFFSET 0) e,
			plots WHERE geom && e.wide
	) t`

// planner lets the statement be planned once for all tiles: planning costs more
// than a tile of z18, and the plan is always the spatial index.
const planner = "force_generic_plan"

// connect gives connections to the city's table; the statement is prepared when it
// is first asked.
func (s *store) connect(ctx context.Context, n int32, timeout time.Duration) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(s.url)
	if err != nil {
		return nil, err
	}
	config.MinConns, config.MaxConns = n, n
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = planner
	if timeout > 0 {
		config.ConnConfig.RuntimeParams["statement_timeout"] = strconv.FormatInt(timeout.Milliseconds(), 10)
	}
	return pgxpool.NewWithConfig(ctx, config)
}

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func drawByPostGIS(ctx context.Context, q querier, t maptile.Tile) ([]byte, error) {
	var body []byte
	err := q.QueryRow(ctx, asMVT, int(t.Z), int(t.X), int(t.Y)).Scan(&body)
	return body, err
}

// thinServer is as little of a server as can stand before ST_AsMVT.
func thinServer(pool *pgxpool.Pool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{z}/{x}/{y}", func(w http.ResponseWriter, r *http.Request) {
		t, ok := parseTile(r.PathValue("z"), r.PathValue("x"), r.PathValue("y"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		body, err := drawByPostGIS(r.Context(), pool, t)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if r.Header.Get("Accept-Encoding") == "gzip" {
			w.Header().Set("Content-Encoding", "gzip")
			body = tiles.Compress(body)
		}
		sendTile(w, body)
	})
	return mux
}
