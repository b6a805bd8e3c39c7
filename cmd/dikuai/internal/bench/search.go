package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"strings"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// What is searched for: a window of windowSide metres with plots of searchedUse
// of at least leastMu, of which a page of pageSize is taken; and the land of a
// square of 50 ha.
const (
	windowSide  = 2000.0
	searchedUse = "R21"
	leastMu     = 2
	pageSize    = 100
	hectares50  = 500_000.0 // m²
	searches    = 1 << 12   // different ones
)

// Search measures searches, points and statistics. The table is given as far as
// it came when there is an error.
func Search(ctx context.Context, o Options) (table *Table, err error) {
	r, err := begun(ctx, "Search", o)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	if err := r.store.addFeatures(ctx, r.Tell); err != nil {
		return &r.table, err
	}
	host, stop, err := r.service(ctx)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	thin, stopThin, err := r.store.behind(ctx, featureServer)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, stopThin()) }()
	r.note("HTTP: %d connections that are kept, the same light client for all, in the process of our server. CPU is of client and servers together.", connections)
	r.note("SQL: the same conditions by prepared statements behind net/http, which joins the features that ST_AsGeoJSON makes, on a table in EPSG:4326 in the order of its spatial index. It neither counts what matches, as ours does, nor puts it in order, and has 6 properties to a plot; ours have all.")
	for i, part := range []func(context.Context, string, string) error{r.pages, r.points, r.sums} {
		if !r.wants(SearchParts[i]) {
			continue
		}
		if err := part(ctx, host, thin); err != nil {
			return &r.table, err
		}
	}
	return &r.table, nil
}

// windows are squares of a side in metres around places of the city.
func (r *tilesRun) windows(side float64) []orb.Bound {
	random := rand.New(rand.NewPCG(1, uint64(side)))
	windows := make([]orb.Bound, searches)
	for i := range windows {
		at := r.source.places[random.IntN(len(r.source.places))]
		const degree = 111_320.0 // m of latitude
		y := side / 2 / degree
		x := y / math.Cos(at[1]*math.Pi/180)
		windows[i] = orb.Bound{Min: orb.Point{at[0] - x, at[1] - y}, Max: orb.Point{at[0] + x, at[1] + y}}
	}
	return windows
}

// corners writes a window as bbox has it.
func corners(b orb.Bound) string {
	return fmt.Sprintf("%.7f,%.7f,%.7f,%.7f", b.Min[0], b.Min[1], b.Max[0], b.Max[1])
}

func pathsOf[T any](list []T, path func(T) string) [][]byte {
	paths := make([][]byte, len(list))
	for i, v := range list {
		paths[i] = []byte(path(v))
	}
	return paths
}

// side by side, ours and theirs ask for paths over HTTP.
func (r *tilesRun) sideBySide(ctx context.Context, row Row, accept, ours string, ourPaths [][]byte, others []contender, hosts []string, paths [][][]byte) (Row, error) {
	contenders := append([]contender{{who: "ours"}}, others...)
	for i, c := range append([]string{ours}, hosts...) {
		asked := ourPaths
		if i > 0 {
			asked = paths[i-1]
		}
		lanes, end := asking(c, connections, accept, asked)
		defer end()
		contenders[i].lanes = lanes
	}
	var err error
	row.Figures, err = compete(ctx, row.What, r.pace(), contenders...)
	return row, err
}

// askAll asks for each path once, so that what can be held is.
func askAll(ctx context.Context, host, accept string, paths [][]byte) error {
	lanes, end := asking(host, 1, accept, paths)
	defer end()
	for i := range paths {
		if _, err := lanes[0](ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// pages asks for a page of what lies in a window and has a land use and a size.
func (r *tilesRun) pages(ctx context.Context, ours, thin string) error {
	windows := r.windows(windowSide)
	ourPaths := pathsOf(windows, func(b orb.Bound) string {
		return fmt.Sprintf("/api/v1/plots?bbox=%s&land_use=%s&area_mu=%d..&limit=%d", corners(b), searchedUse, leastMu, pageSize)
	})
	thinPaths := pathsOf(windows, func(b orb.Bound) string { return "/plots?bbox=" + corners(b) })
	const budget = 10
	for _, accept := range accepts {
		others, hosts, paths := []contender{{who: "SQL behind net/http", cpu: withChildren(r.store.server)}}, []string{thin}, [][][]byte{thinPaths}
		for _, p := range r.Peers {
			host, path, err := parseSearch(p.URL)
			if err != nil {
				return err
			}
			others, hosts = append(others, contender{who: p.Name, cpu: r.cpuOf(p)}), append(hosts, host)
			paths = append(paths, pathsOf(windows, func(b orb.Bound) string { return strings.ReplaceAll(path, "{bbox}", corners(b)) }))
		}
		if err := askAll(ctx, ours, accept.header, ourPaths); err != nil {
			return err
		}
		row, err := r.sideBySide(ctx, Row{Group: "Search", What: "window of 2 km and 2 filters, 100 features, " + accept.name}, accept.header, ours, ourPaths, others, hosts, paths)
		if err != nil {
			return err
		}
		against := 1 // the others; where servers that people use are there, those
		if len(r.Peers) > 0 {
			against += len(others) - len(r.Peers)
		}
		row.Verdicts = []Verdict{atLeast(budget, "×", "", row.ratioTo(against))}
		r.add(row)
	}
	return r.held(ctx, ours, ourPaths, windows)
}

// held measures what holding plots as they are written brings: for plots that are
// fewer than can be held, and for more.
func (r *tilesRun) held(ctx context.Context, ours string, few [][]byte, windows []orb.Bound) (err error) {
	config := r.config
	config.PlotCache = 0
	none, stop, err := listen(ctx, api.New(config))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	many := pathsOf(windows, func(b orb.Bound) string { return fmt.Sprintf("/api/v1/plots?bbox=%s&limit=%d", corners(b), pageSize) })
	for _, asked := range []struct {
		what  string
		paths [][]byte
	}{{"2 filters", few}, {"no filter", many}} {
		row, err := r.sideBySide(ctx, Row{Group: "Search", What: "window of 2 km and " + asked.what + ", plain, plots held as written"}, "", ours, asked.paths, []contender{{who: "none held"}}, []string{none}, [][][]byte{asked.paths})
		if err != nil {
			return err
		}
		r.add(row)
	}
	return nil
}

// points asks what is at a point, in process and over HTTP.
func (r *tilesRun) points(ctx context.Context, ours, thin string) error {
	places := r.source.places
	view := r.live.View()
	inProcess := func(_ context.Context, i int) (int, error) { return len(view.At(places[i%len(places)])), nil }
	figures, err := compete(ctx, "point, in process", r.pace(), contender{who: "ours", lanes: []lane{inProcess, inProcess}})
	if err != nil {
		return err
	}
	const budget = 1 // ms
	r.add(Row{Group: "Search", What: "what is at a point, in process", Figures: figures, Verdicts: []Verdict{atMost(budget, "ms", " p99", figures[0].P99)}})
	path := func(format string) [][]byte {
		return pathsOf(places, func(p orb.Point) string { return fmt.Sprintf(format, p[0], p[1]) })
	}
	row, err := r.sideBySide(ctx, Row{Group: "Search", What: "what is at a point, over HTTP"}, "", ours, path("/api/v1/plots/at?lon=%.7f&lat=%.7f"),
		[]contender{{who: "SQL behind net/http", cpu: withChildren(r.store.server)}}, []string{thin}, [][][]byte{path("/at?lon=%.7f&lat=%.7f")})
	if err != nil {
		return err
	}
	row.Verdicts = []Verdict{atMost(budget, "ms", " p99", row.Figures[0].P99)}
	r.add(row)
	return nil
}

// sums asks for the land of 50 ha by use and status, cut exactly.
func (r *tilesRun) sums(ctx context.Context, ours, thin string) error {
	windows := r.windows(math.Sqrt(hectares50))
	everything, err := tiles.NewSearch(land.Query{}, nil)
	if err != nil {
		return err
	}
	polygons := make([]geo.MultiPolygon, len(windows))
	for i, b := range windows {
		polygons[i] = geo.MultiPolygon{roundish(b)}
	}
	view := r.live.View()
	inProcess := func(_ context.Context, i int) (int, error) {
		_, err := view.Statistics(everything, polygons[i%len(polygons)], geo.CGCS2000)
		return 0, err
	}
	figures, err := compete(ctx, "statistics, in process", r.pace(), contender{who: "ours", lanes: []lane{inProcess, inProcess}})
	if err != nil {
		return err
	}
	const budget = 10 // ms
	r.add(Row{Group: "Statistics", What: "a polygon of 40 points, about 50 ha, in process", Figures: figures, Verdicts: []Verdict{atMost(budget, "ms", " p99", figures[0].P99)}})
	path := func(before string) [][]byte {
		return pathsOf(windows, func(b orb.Bound) string { return before + corners(b) })
	}
	row, err := r.sideBySide(ctx, Row{Group: "Statistics", What: "a window of 50 ha, over HTTP"}, "", ours, path("/api/v1/statistics?bbox="),
		[]contender{{who: "SQL behind net/http", cpu: withChildren(r.store.server)}}, []string{thin}, [][][]byte{path("/statistics?bbox=")})
	if err != nil {
		return err
	}
	row.Verdicts = []Verdict{atMost(budget, "ms", " p99", row.Figures[0].P99)}
	r.add(row)
	return nil
}

// roundish is a polygon of 40 points with the area of a window or about.
func roundish(b orb.Bound) orb.Polygon {
	const points = 40
	c, x, y := b.Center(), b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]
	var ring orb.Ring
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / points)
		ring = append(ring, orb.Point{c[0] + x/math.Sqrt(math.Pi)*cos, c[1] + y/math.Sqrt(math.Pi)*sin})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// parseSearch takes a peer's URL with {bbox} apart.
func parseSearch(template string) (host, path string, err error) {
	u, err := url.Parse(template)
	if err != nil || u.Scheme != "http" || u.Port() == "" || !strings.Contains(template, "{bbox}") {
		return "", "", fmt.Errorf("%q is not an http address with a port and {bbox}", template)
	}
	return u.Host, strings.TrimPrefix(template, "http://"+u.Host), nil
}
