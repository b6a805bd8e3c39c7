package bench

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// makeFeatures is the city's table as its best user would keep it to be searched:
// in the degrees that are asked for, with the plane that areas are measured in
// beside them.
const makeFeatures = `
	CREATE TABLE features AS
		SELECT id, park, plot_no, land_use, status, area_mu, far_max, ST_Transform(geom, 4326)::geometry(Geometry, 4326) AS geom, ST_Transform(geom, 4547) AS plane FROM plots;
	CREATE INDEX features_geom ON features USING gist (geom);
	CLUSTER features USING features_geom;
	CREATE INDEX features_plane ON features USING gist (plane);
	ALTER TABLE features ADD PRIMARY KEY (id)`

// addFeatures makes the table, unless an earlier run left it.
func (s *store) addFeatures(ctx context.Context, tell func(string)) error {
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, `SELECT to_regclass('features') IS NOT NULL`).Scan(&there); err != nil {
		return err
	}
	if !there {
		tell("making the table that is searched")
		if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, makeFeatures)
			return err
		}); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `VACUUM (FREEZE, ANALYZE) features`); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS pg_prewarm; SELECT pg_prewarm('features'), pg_prewarm('features_geom'), pg_prewarm('features_plane')`)
	return err
}

// What the SQL server is asked.
var (
	featuresIn = fmt.Sprintf(`SELECT ST_AsGeoJSON(f, 'geom', 9) FROM (
		SELECT id, park, plot_no, land_use, status, area_mu, far_max, geom FROM features
		WHERE geom && ST_MakeEnvelope($1, $2, $3, $4, 4326) AND land_use = '%s' AND area_mu >= %d LIMIT %d) f`, searchedUse, leastMu, pageSize)
	featuresAt = `SELECT ST_AsGeoJSON(f, 'geom', 9) FROM (
		SELECT id, park, plot_no, land_use, status, area_mu, far_max, geom FROM features WHERE ST_Contains(geom, ST_SetSRID(ST_Point($1, $2), 4326))) f`
	landIn = `SELECT json_build_object('land_use', land_use, 'status', status, 'plots', count(*), 'm2', sum(ST_Area(CASE WHEN ST_Within(plane, w) THEN plane ELSE ST_Intersection(plane, w) END)))::text
		FROM (SELECT ST_Transform(ST_MakeEnvelope($1, $2, $3, $4, 4326), 4547) AS w OFFSET 0) q, features WHERE plane && w GROUP BY land_use, status`
)

// featureServer is as little of a server as can stand before them.
func featureServer(pool *pgxpool.Pool) http.Handler {
	mux := http.NewServeMux()
	answer := func(sql string, params func(*http.Request) []any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			rows, err := pool.Query(r.Context(), sql, params(r)...)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			list, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			sendJSON(w, r, `{"type":"FeatureCollection","features":[`+strings.Join(list, ",")+`]}`)
		}
	}
	box := func(r *http.Request) []any { return numbers(strings.Split(r.FormValue("bbox"), ",")...) }
	mux.HandleFunc("GET /plots", answer(featuresIn, box))
	mux.HandleFunc("GET /at", answer(featuresAt, func(r *http.Request) []any { return numbers(r.FormValue("lon"), r.FormValue("lat")) }))
	mux.HandleFunc("GET /statistics", answer(landIn, box))
	return mux
}

func numbers(texts ...string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i], _ = strconv.ParseFloat(text, 64) // of our own client
	}
	return list
}
