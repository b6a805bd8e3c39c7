package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/api/web"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/data/postgis/cluster"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/tiles"
)

// ReportedPark is the park of ordinary size whose tables are measured.
const ReportedPark land.ParkCode = "nansha"

// Report measures official tables of a register that holds the city beside the
// plan's parks. The table is given as far as it came when there is an error.
func Report(ctx context.Context, o Options) (table *Table, err error) {
	r := &tilesRun{Options: o, store: &store{}}
	r.table = Table{Title: fmt.Sprintf("Tables of a register of the plan's parks and a made city of %s plots, seed %d", grouped(int64(o.Plots)), o.Seed), Began: time.Now(), Machine: thisMachine()}
	r.note("Medians of %d runs of %v each.", o.Runs, o.Each)
	if o.Plots != plannedPlots {
		r.note("The budgets are of %s plots.", grouped(plannedPlots))
	}
	// As `dikuai serve` has it.
	if r.store.cluster, err = cluster.Start(ctx, filepath.Join(o.Home, "served")); err != nil {
		return &r.table, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	db, url, err := r.register(ctx, "parks_and_city")
	if err != nil {
		return &r.table, err
	}
	defer db.Close()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return &r.table, err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `VACUUM (ANALYZE) plots, plot_versions`); err != nil {
		return &r.table, err
	}
	if err := r.store.tell(ctx, conn); err != nil {
		return &r.table, err
	}
	r.table.Machine.Database = r.store.version
	for _, part := range []func(context.Context, *postgis.DB) error{r.wholeLists, r.reports} {
		if err := part(ctx, db); err != nil {
			return &r.table, err
		}
	}
	return &r.table, nil
}

// wholeLists writes the list of all plots, as `dikuai report` does, and watches the
// memory of the process.
func (r *tilesRun) wholeLists(ctx context.Context, db *postgis.DB) error {
	for _, format := range []string{"xlsx", "csv"} {
		asked, err := api.NewReport("plots", format, nil, nil)
		if err != nil {
			return err
		}
		peak := 0
		write := func(ctx context.Context, _ int) (int, error) {
			file, err := os.CreateTemp(r.Home, "bench-*."+format)
			if err != nil {
				return 0, err
			}
			defer os.Remove(file.Name())
			defer file.Close()
			watch := watchMemory()
			_, err = asked.Write(ctx, file, api.ReportDesk{DB: db})
			peak = max(peak, watch())
			if err != nil {
				return 0, err
			}
			size, err := file.Seek(0, io.SeekEnd)
			return int(size), err
		}
		figures, err := compete(ctx, "all plots, "+format, pace{r.Runs, 0, r.Tell}, contender{who: "ours", cpu: withChildren(r.store.server), lanes: []lane{write}})
		if err != nil {
			return err
		}
		const timeBudget, memoryBudget = 60, 300 // s, MB
		row := Row{Group: "All plots", What: fmt.Sprintf("list of %s plots, %s", grouped(int64(r.Plots)), format), Figures: figures}
		row.Verdicts = []Verdict{atMost(timeBudget, "s", "", figures[0].P50/1000), atMost(memoryBudget, "MB", " more than before", float64(peak)/1e6)}
		r.add(row)
	}
	return nil
}

// watchMemory gives a function that ends the watch and tells how much more memory
// the process had at most than at its beginning, in bytes.
func watchMemory() (ended func() int) {
	debug.FreeOSMemory()
	before := residentMemory()
	most := before
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				most = max(most, residentMemory())
			}
		}
	}()
	return func() int {
		close(stop)
		<-stopped
		return most - before
	}
}

// residentMemory is what of the process is in memory, in bytes (proc_pid_statm(5)).
func residentMemory() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return pages * os.Getpagesize()
}

// reports asks the service for the tables of a park, and for the balance of all land.
func (r *tilesRun) reports(ctx context.Context, db *postgis.DB) (err error) {
	key, err := db.CreateKey(ctx, land.Actor{Name: "bench", Role: land.Officer}, time.Now().Add(24*time.Hour))
	if err != nil {
		return err
	}
	r.Tell("reading the register")
	if r.live, err = tiles.NewLive(ctx, db, tiles.Options{CacheBytes: cacheBytes}, log); err != nil {
		return err
	}
	host, stop, err := listen(ctx, api.New(api.Config{DB: db, Live: r.live, Page: web.Files(), Log: log}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	ask := func(group, what, path string, budget float64, lanes int) error {
		asking := getting("http://"+host+path, key, lanes)
		figures, err := compete(ctx, what, r.pace(), contender{who: "ours", cpu: withChildren(r.store.server), lanes: asking})
		if err != nil {
			return err
		}
		r.add(Row{Group: group, What: what, Figures: figures, Verdicts: []Verdict{atMost(budget, "ms", " p99", figures[0].P99)}})
		return nil
	}
	plots := r.plotsOf(ReportedPark)
	r.note("HTTP: %d connections for a park's tables, one for all land, in the process of our server. CPU is of client, server and database together.", workers)
	r.note("The park has %d plots; compliance is of one plot.", len(plots))
	const parkBudget, cityBudget = 200, 1000 // ms
	for _, name := range report.Names() {
		query := "?park=" + string(ReportedPark)
		if name == "compliance" {
			query = fmt.Sprintf("?plot=%d", plots[len(plots)/2])
		}
		for _, format := range []string{"xlsx", "csv"} {
			if err := ask("Tables of a park", name+", "+format, "/api/v1/reports/"+name+"."+format+query, parkBudget, workers); err != nil {
				return err
			}
		}
	}
	day := "&against=2018-06-30"
	for _, of := range []struct{ what, query string }{{"balance", "balance.csv"}, {"balance of another day", "balance.csv?at=2018-06-30"}, {"balance against another day", "balance.csv?measure=plane" + day}, {"overview", "overview.csv"}, {"supply", "supply.csv"},
		{"balance of plots that a filter chooses", "balance.csv?filter=" + url.QueryEscape("area_mu > 5 AND land_use LIKE 'R%'")}} {
		if err := ask("All land", of.what, "/api/v1/reports/"+of.query, cityBudget, 1); err != nil {
			return err
		}
	}
	return nil
}

// plotsOf are the ids of a park's plots.
func (r *tilesRun) plotsOf(park land.ParkCode) (ids []land.PlotID) {
	search, err := tiles.NewSearch(land.Query{Parks: []land.ParkCode{park}}, nil)
	if err != nil {
		panic(err) // there is no polygon in it
	}
	for p := range r.live.View().Matches(search, nil, 1000) {
		ids = append(ids, p.ID)
	}
	return ids
}

// getting are lanes that ask for an address with a key, one connection each.
func getting(address, key string, n int) []lane {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n, DisableCompression: true}}
	one := func(ctx context.Context, _ int) (int, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return 0, err
		}
		request.Header.Set("Authorization", "Bearer "+key)
		return sent(client, request)
	}
	lanes := make([]lane, n)
	for i := range lanes {
		lanes[i] = one
	}
	return lanes
}

// sent makes a request and says how many bytes its answer has.
func sent(client *http.Client, request *http.Request) (int, error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	n, err := io.Copy(io.Discard, response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", request.URL, response.Status)
	}
	return int(n), err
}
