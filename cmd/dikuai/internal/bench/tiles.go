package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/tiles"
)

// Options says what Tiles measures.
type Options struct {
	Plots int
	Seed  uint64
	Runs  int
	Each  time.Duration // of one contender in one run
	Peers []Peer        // tile servers that run already
	Nginx bool          // measure nginx beside the cache
	Only  []string      // parts to measure, of Parts or SearchParts; empty: all
	Home  string        // folder in which the city's table stays for the next run
	// Register, where it is not nil, fills an empty register with the city, from which the
	// start is measured then. It stays for the next run.
	Register func(ctx context.Context, db *postgis.DB) error
	Tell     func(string) // what is under way
}

// Peer is another's tile server over the table of a run; see Hold.
type Peer struct {
	Name    string
	URL     string // with {z}, {x} and {y}
	Process int    // its number on this machine; 0 where that is not known
}

// plannedPlots is the size of city that the budgets are of.
const plannedPlots = 1_000_000

// workers is how many draw at once in process, and connections how many ask over HTTP:
// of a machine with two cores.
const (
	workers     = 2
	connections = 4
)

// tilesRun is one run of Tiles.
type tilesRun struct {
	Options
	table  Table
	source *source
	live   *tiles.Live
	memory Row
	store  *store
	config api.Config // of our service
	ours   address    // of our server
	mix    []maptile.Tile
}

// Tiles measures tiles. The table is given as far as it came when there is an error.
func Tiles(ctx context.Context, o Options) (table *Table, err error) {
	r, err := begun(ctx, "Tiles", o)
	if err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	if o.Register != nil {
		if err := r.start(ctx); err != nil {
			return &r.table, err
		}
	}
	r.add(r.memory)
	if r.wants("encode") {
		if err := r.encode(ctx); err != nil {
			return &r.table, err
		}
	}
	if r.wants("far") {
		if err := r.far(ctx); err != nil {
			return &r.table, err
		}
	}
	if !slices.ContainsFunc([]string{"http", "cached", "edit"}, r.wants) {
		return &r.table, nil
	}
	return &r.table, r.serving(ctx)
}

// begun is a run with its city in memory and in PostGIS.
func begun(ctx context.Context, what string, o Options) (r *tilesRun, err error) {
	r = &tilesRun{Options: o, source: newSource(o.Plots, o.Seed)}
	r.table = Table{Title: fmt.Sprintf("%s of a made city of %s plots, seed %d", what, grouped(int64(o.Plots)), o.Seed), Began: time.Now(), Machine: thisMachine()}
	r.note("Medians of %d runs of %v each, ours and theirs in turn.", o.Runs, o.Each)
	if o.Plots != plannedPlots {
		r.note("The budgets are of %s plots.", grouped(plannedPlots))
	}
	if err := r.load(ctx); err != nil {
		return r, err
	}
	if r.store, err = openStore(ctx, o.Home, city.Options{Plots: o.Plots, Seed: o.Seed}, r.live.View().Plots.CentiMu(), o.Tell); err != nil {
		return r, err
	}
	r.table.Machine.Database = r.store.version
	r.note("PostgreSQL: no parallel query, no JIT, a quarter of memory as shared buffers, all of it warm, statements prepared (%s); %s.", planner, r.store.table)
	return r, nil
}

// end notes how the machine is left and lets go of PostGIS.
func (r *tilesRun) end() error {
	r.table.Machine.LoadEnd = loadAverage()
	return r.store.close()
}

// Parts are what Tiles can measure apart, and SearchParts what Search can; start
// and memory always are.
var (
	Parts       = []string{"encode", "far", "http", "cached", "edit"}
	SearchParts = []string{"pages", "points", "sums"}
)

func (r *tilesRun) wants(part string) bool { return len(r.Only) == 0 || slices.Contains(r.Only, part) }

func (r *tilesRun) note(format string, args ...any) {
	r.table.Notes = append(r.table.Notes, fmt.Sprintf(format, args...))
}

func (r *tilesRun) add(row Row) { r.table.Rows = append(r.table.Rows, row) }

func (r *tilesRun) pace() pace { return pace{r.Runs, r.Each, r.Tell} }

// The caches of `dikuai serve`, of tiles and of plots as they are written.
const (
	cacheBytes = 512 << 20
	plotCache  = 256 << 20
)

// log is of the level at which `dikuai serve` logs.
var log = slog.New(slog.DiscardHandler)

// load makes the read model, and tells how long it took and what it holds.
func (r *tilesRun) load(ctx context.Context) error {
	r.Tell("making the city")
	before := heap()
	began := time.Now()
	var err error
	if r.live, err = tiles.NewLive(ctx, r.source, tiles.Options{CacheBytes: cacheBytes}, log); err != nil {
		return err
	}
	built := time.Since(began) - r.source.generating
	const startBudget, memoryBudget = 5, 500 // s; bytes a plot
	row := Row{Group: "Start", What: "read model from plots in memory", Figures: []Figure{{Who: "ours", P50: milliseconds(built), Note: "one goroutine adds; making the plots is not counted"}}}
	row.Verdicts = []Verdict{atMost(startBudget, "s", "", built.Seconds())}
	r.add(row)
	held := float64(heap()-before) / float64(r.Plots)
	began = time.Now()
	r.live.View().Plots.Label(ctx, runtime.GOMAXPROCS(0))
	labelled := time.Since(began)
	all := float64(heap()-before) / float64(r.Plots)
	r.add(Row{Group: "Start", What: "labels, behind the first answers", Figures: []Figure{{Who: "ours", P50: milliseconds(labelled)}}})
	r.memory = Row{Group: "Memory", What: "heap a plot, labels included", Figures: []Figure{{Who: "ours", Bytes: all, Note: fmt.Sprintf("%.0f B without labels", held)}}, Verdicts: []Verdict{atMost(memoryBudget, "B", "", all)}}
	return nil
}

// heap is what is alive.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what the first only moved out of pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// register opens the register of the city, which an earlier run may have left there
// whole; what says what it holds.
func (r *tilesRun) register(ctx context.Context, what string) (db *postgis.DB, url string, err error) {
	r.Tell("filling the register")
	name := fmt.Sprintf("bench_%s_%d_%d", what, r.Plots, r.Seed)
	url = r.store.cluster.URL(name)
	_, err = r.store.once(ctx, name, fmt.Sprintf("whole: %s of %d plots, seed %d", what, r.Plots, r.Seed), func() error {
		if err := postgis.Migrate(ctx, url); err != nil {
			return err
		}
		db, err := postgis.Open(ctx, url)
		if err != nil {
			return err
		}
		defer db.Close()
		return r.Register(ctx, db)
	})
	if err != nil {
		return nil, "", fmt.Errorf("fill the register: %w", err)
	}
	if err := postgis.Migrate(ctx, url); err != nil { // of an earlier run
		return nil, "", err
	}
	db, err = postgis.Open(ctx, url)
	return db, url, err
}

// start measures reading the register, as a starting server does.
func (r *tilesRun) start(ctx context.Context) error {
	db, _, err := r.register(ctx, "register")
	if err != nil {
		return err
	}
	defer db.Close()
	figures, err := compete(ctx, "start", pace{r.Runs, 0, r.Tell}, contender{who: "ours", cpu: withChildren(r.store.server), lanes: []lane{func(ctx context.Context, _ int) (int, error) {
		_, err := tiles.NewLive(ctx, db, tiles.Options{CacheBytes: cacheBytes}, log)
		return 0, err
	}}})
	if err != nil {
		return err
	}
	const budget = 5
	r.add(Row{Group: "Start", What: "read model from the register in PostGIS", Figures: figures, Verdicts: []Verdict{atMost(budget, "s", "", figures[0].P50/1000)}})
	return nil
}

// CheckParts says what is wrong with the parts to measure, which are to be some
// of those.
func CheckParts(o Options, parts []string) error {
	for _, part := range o.Only {
		if !slices.Contains(parts, part) {
			return fmt.Errorf("there is no part %q: name one of %s", part, strings.Join(parts, ", "))
		}
	}
	return nil
}

// CheckPeers says what is wrong with the addresses of tile servers.
func CheckPeers(o Options) error {
	for _, p := range o.Peers {
		if _, err := parseAddress(p.URL); err != nil {
			return err
		}
	}
	return nil
}

// Hold keeps the city's table up for tile servers that are to be peers of a run,
// says where it is, and lets go when ctx ends.
func Hold(ctx context.Context, o Options, w io.Writer) error {
	s := newSource(o.Plots, o.Seed)
	live, err := tiles.NewLive(ctx, s, tiles.Options{}, log)
	if err != nil {
		return err
	}
	store, err := openStore(ctx, o.Home, s.options, live.View().Plots.CentiMu(), o.Tell)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\ntable plots, its geometry geom in EPSG:3857, its number id; kept up until interrupted\n", store.url)
	<-ctx.Done()
	return store.close()
}
