package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// What is checked: boundaries of boundaryMu, against the plots of the city and a
// control polygon for every plotsPerControl of them, a few of which have very many
// vertices.
const (
	boundaryMu      = 50
	plotsPerControl = 10
	intricate       = 5
	manyVertices    = 10_000
)

// Compliance measures compliance checks. The table is given as far as it came when
// there is an error.
func Compliance(ctx context.Context, o Options) (table *Table, err error) {
	r, err := begun(ctx, "Compliance checks", o)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	if err := r.store.addFeatures(ctx, r.Tell); err != nil {
		return &r.table, err
	}
	controls := madeControls(r.source.places, o.Plots/plotsPerControl)
	if err := r.store.addControls(ctx, controls, r.Tell); err != nil {
		return &r.table, err
	}
	host, stop, err := r.service(ctx)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	first, _ := r.live.View().Plots.Get(1)
	if _, err := r.live.After(ctx, r.source.publish(controls, first.Plot())); err != nil {
		return &r.table, err
	}
	thin, stopThin, err := r.store.behind(ctx, overlayServer)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, stopThin()) }()
	r.note("%s control polygons of all kinds, %d of which have %s vertices and are 4 km wide; boundaries of 40 points, %d 亩. All rules, by plots, park and layers.", grouped(int64(len(controls))), intricate, grouped(manyVertices), boundaryMu)
	r.note("SQL: the areas and pieces of what of the boundary lies in each plot, in each layer's polygons together, and outside the layers within which it must lie, by one prepared statement behind net/http on indexed tables in the plane; it does not look at the park, and judges nothing.")
	r.note("HTTP: %d connections that are kept, the same client for both, in the process of our server. CPU is of client and servers together.", connections)
	return &r.table, r.checks(ctx, host, thin)
}

func (r *tilesRun) checks(ctx context.Context, ours, thin string) error {
	windows := r.windows(math.Sqrt(float64(geo.Mu(boundaryMu).SquareMetres())))
	boundaries := make([]geo.MultiPolygon, len(windows))
	bodies, binary := make([][]byte, len(windows)), make([][]byte, len(windows))
	for i, b := range windows {
		boundaries[i] = geo.MultiPolygon{roundish(b)}
		body, err := json.Marshal(map[string]any{
			"geometry": map[string]any{"type": "MultiPolygon", "coordinates": boundaries[i]},
			"declared": map[string]any{"land_use": searchedUse, "far": 2, "height_m": 50},
		})
		if err != nil {
			return err
		}
		bodies[i], binary[i] = body, geo.EncodeEWKB(boundaries[i], geo.CGCS2000)
	}
	view, rules := r.live.View(), land.ComplianceRules()
	far, height := 2.0, 50.0
	proposal := land.Proposal{Uses: []land.UseCode{{Scheme: land.GB50137, Code: searchedUse}}, FAR: &far, Height: &height}
	inProcess := func(_ context.Context, i int) (int, error) {
		survey, err := view.Survey(boundaries[i%len(boundaries)], geo.CGCS2000, land.NeedsOf(rules), false)
		return len(land.Judge(survey, proposal, rules).Findings), err
	}
	const budget = 20 // ms
	figures, err := compete(ctx, "checks, in process", r.pace(), contender{who: "ours", lanes: []lane{inProcess, inProcess}})
	if err != nil {
		return err
	}
	r.add(Row{Group: "Compliance", What: fmt.Sprintf("a boundary of %d 亩, in process", boundaryMu), Figures: figures, Verdicts: []Verdict{atMost(budget, "ms", " p99", figures[0].P99)}})
	figures, err = compete(ctx, "checks, over HTTP", r.pace(),
		contender{who: "ours", lanes: posting("http://"+ours+"/api/v1/compliance", "application/json", bodies)},
		contender{who: "SQL behind net/http", cpu: withChildren(r.store.server), lanes: posting("http://"+thin+"/compliance", "application/octet-stream", binary)})
	if err != nil {
		return err
	}
	row := Row{Group: "Compliance", What: fmt.Sprintf("a boundary of %d 亩, over HTTP", boundaryMu), Figures: figures}
	row.Verdicts = []Verdict{atMost(budget, "ms", " p99", figures[0].P99)}
	r.add(row)
	return nil
}

// posting are lanes that send bodies to an address, one connection each.
func posting(url, contentType string, bodies [][]byte) []lane {
	transport := &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}
	client := &http.Client{Transport: transport}
	one := func(ctx context.Context, i int) (int, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(bodies[i%len(bodies)]))
		if err != nil {
			return 0, err
		}
		request.Header.Set("Content-Type", contentType)
		return sent(client, request)
	}
	lanes := make([]lane, connections)
	for i := range lanes {
		lanes[i] = one
	}
	return lanes
}

// madeControls are polygons about places of the city, a layer of each kind.
func madeControls(places []orb.Point, n int) []land.ControlFeature {
	random := rand.New(rand.NewPCG(2, 3))
	var layers []*land.ControlLayer
	for _, k := range land.ControlKinds() {
		from, _ := land.ParseDate("2016-01-01")
		layers = append(layers, &land.ControlLayer{Code: land.ControlCode(k.Kind), Kind: k.Kind, NameZh: k.Zh, NameEn: k.En, ValidFrom: from, Version: 1, Published: 1})
	}
	features := make([]land.ControlFeature, n)
	for i := range features {
		layer := layers[i%len(layers)]
		kind, _ := land.LookupControlKind(layer.Kind)
		points, metres := 5+random.IntN(15), 10+90*random.Float64()
		if kind.Rule == land.Inside {
			metres *= 6
		}
		if i < intricate {
			points, metres = manyVertices, 2000
		}
		at := places[random.IntN(len(places))]
		ring := make(orb.Ring, points, points+1)
		for k := range ring {
			sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(points))
			reach := metres / 111_320 * (0.8 + 0.2*random.Float64())
			ring[k] = orb.Point{at[0] + reach*cos, at[1] + reach*sin}
		}
		features[i] = land.ControlFeature{
			ID: land.ControlID(i + 1), Layer: layer, Code: fmt.Sprintf("F-%d", i+1), Boundary: geo.MultiPolygon{{append(ring, ring[0])}},
			Attributes: map[string]any{"height_max_m": 20 + 80*random.Float64()},
		}
	}
	return features
}

const (
	makeControls = `
		DROP TABLE IF EXISTS controls;
		CREATE TABLE controls (id bigint NOT NULL, kind text NOT NULL, rule text NOT NULL, plane geometry NOT NULL)`
	finishControls = `
		UPDATE controls SET plane = ST_Transform(ST_SetSRID(plane, 4490), 4547);
		CREATE INDEX controls_plane ON controls USING gist (plane);
		CLUSTER controls USING controls_plane`
)

// addControls makes the table of controls.
func (s *store) addControls(ctx context.Context, controls []land.ControlFeature, tell func(string)) error {
	tell("making the table of controls")
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if err := registerGeometry(ctx, conn); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, makeControls); err != nil {
			return err
		}
		_, err := tx.CopyFrom(ctx, pgx.Identifier{"controls"}, []string{"id", "kind", "rule", "plane"}, pgx.CopyFromSlice(len(controls), func(i int) ([]any, error) {
			f := controls[i]
			kind, _ := land.LookupControlKind(f.Layer.Kind)
			return []any{int64(f.ID), string(kind.Kind), string(kind.Rule), geo.EncodeEWKB(f.Boundary, geo.CGCS2000)}, nil
		}))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, finishControls)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `VACUUM (FREEZE, ANALYZE) controls`); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `SELECT pg_prewarm('controls'), pg_prewarm('controls_plane')`)
	return err
}

// overlay is the same land by SQL.
const overlay = `
	WITH b AS MATERIALIZED (SELECT ST_Transform(ST_GeomFromEWKB($1), 4547) AS g),
	under AS MATERIALIZED (SELECT id, ST_Intersection(plane, g) AS g FROM features, b WHERE ST_Intersects(plane, g)),
	lines AS MATERIALIZED (SELECT kind, rule, ST_Union(plane) AS plane FROM controls, b WHERE ST_Intersects(plane, g) GROUP BY kind, rule),
	pieces AS (
		SELECT 'plot' AS what, id::text AS of, g FROM under
		UNION ALL SELECT 'unplotted', '', ST_Difference(b.g, (SELECT ST_Union(g) FROM under)) FROM b
		UNION ALL SELECT 'layer', kind, CASE rule WHEN 'inside' THEN ST_Difference(g, plane) ELSE ST_Intersection(plane, g) END FROM lines, b)
	SELECT json_build_object('what', what, 'of', of, 'm2', ST_Area(g), 'geometry', ST_AsGeoJSON(ST_Transform(g, 4490), 9)::json)::text FROM pieces`

// overlayServer is as little of a server as can stand before it.
func overlayServer(pool *pgxpool.Pool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /compliance", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		rows, err := pool.Query(r.Context(), overlay, body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		var answer bytes.Buffer
		for i, text := range list {
			answer.WriteByte("[,"[min(i, 1)])
			answer.WriteString(text)
		}
		answer.WriteByte(']')
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer.Bytes())
	})
	return mux
}
