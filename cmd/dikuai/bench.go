package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dikuai/dikuai/cmd/dikuai/internal/bench"
	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis"
)

// benchmark takes the figures of docs/benchmarks.md.
func benchmark(ctx context.Context, args []string, stdout io.Writer) (err error) {
	flags := newFlags("bench", "tiles|search|compliance|report [flags]")
	home := flags.home()
	plots := flags.Int("plots", 1_000_000, fmt.Sprintf("size of the made city, 1000 to %d plots", city.Largest))
	seed := flags.Uint64("seed", 1, "which city")
	runs := flags.Int("runs", 3, "how often everything is measured; medians are told")
	seconds := flags.Float64("seconds", 5, "how long each is measured in a run")
	var peers list
	flags.Var(&peers, "peer", "NAME=URL or NAME@PROCESS=URL of a server over the same table (see --hold), with the number of its process where its processor time is to be told: of tiles, such as tegola=http://127.0.0.1:8080/maps/city/{z}/{x}/{y}.pbf, or of features, with {bbox}; may be given several times")
	nginx := flags.Bool("nginx", false, "hold the cache against nginx too, which must be installed")
	register := flags.Bool("register", false, "import the city into a register and time a start from it; takes minutes the first time")
	growth := flags.Bool("growth", false, "instead, how figures grow from 10,000 plots to --plots, tenfold each")
	hold := flags.Bool("hold", false, "instead, keep the city's table up for peers until interrupted, and say where it is")
	asJSON := flags.String("json", "", "file to write the figures to as JSON")
	markdown := flags.Bool("markdown", false, "print Markdown")
	var only list
	flags.Var(&only, "only", "part to measure: "+strings.Join(bench.Parts, ", ")+"; of searches "+strings.Join(bench.SearchParts, ", ")+"; may be given several times; all by default")
	profile := flags.String("cpuprofile", "", "file for a profile; its tag what tells the row and whom it is of")
	words, err := flags.parse(args, stdout)
	if err != nil {
		return ignoreHelp(err)
	}
	const fewest = 1000
	if len(words) != 1 || !slices.Contains([]string{"tiles", "search", "compliance", "report"}, words[0]) || *plots < fewest || *plots > city.Largest || *runs < 1 || !(*seconds > 0) || len(*home) == 0 {
		return fmt.Errorf("%w: say bench tiles, bench search, bench compliance or bench report [--plots N] [--runs N] [--seconds S], with %d to %d plots", errMisuse, fewest, city.Largest)
	}
	progress := newProgress("measuring", "")
	defer progress.end()
	o := bench.Options{
		Plots: *plots, Seed: *seed, Runs: *runs, Each: time.Duration(*seconds * float64(time.Second)),
		Nginx: *nginx, Only: only, Home: filepath.Join(*home, "bench"), Tell: progress.say,
	}
	for _, p := range peers {
		name, url, ok := strings.Cut(p, "=")
		if !ok {
			return fmt.Errorf("%w: --peer %s is not NAME=URL", errMisuse, p)
		}
		name, process, _ := strings.Cut(name, "@")
		number, err := strconv.Atoi(cmp.Or(process, "0"))
		if err != nil {
			return fmt.Errorf("%w: --peer %s: %q is no number of a process", errMisuse, p, process)
		}
		o.Peers = append(o.Peers, bench.Peer{Name: name, URL: url, Process: number})
	}
	if words[0] == "tiles" {
		err = errors.Join(bench.CheckParts(o, bench.Parts), bench.CheckPeers(o))
	} else if *growth || *register || *nginx || words[0] == "compliance" && len(only) > 0 {
		err = errors.New("--growth, --register and --nginx are of bench tiles, --only of that and bench search")
	} else {
		err = bench.CheckParts(o, bench.SearchParts)
	}
	if err != nil {
		return fmt.Errorf("%w: %v", errMisuse, err)
	}
	if *register {
		o.Register = func(ctx context.Context, db *postgis.DB) error {
			return generateInto(ctx, db, "city", city.Options{Plots: *plots, Seed: *seed}, false, io.Discard)
		}
	}
	if words[0] == "report" {
		o.Register = func(ctx context.Context, db *postgis.DB) error {
			return fillForReports(ctx, db, city.Options{Plots: *plots, Seed: *seed})
		}
	}
	if *hold {
		return bench.Hold(ctx, o, stdout)
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	var table *bench.Table
	switch {
	case *growth:
		table, err = bench.Growth(ctx, o)
	case words[0] == "search":
		table, err = bench.Search(ctx, o)
	case words[0] == "compliance":
		table, err = bench.Compliance(ctx, o)
	case words[0] == "report":
		table, err = bench.Report(ctx, o)
	default:
		table, err = bench.Tiles(ctx, o)
	}
	progress.end()
	if err != nil {
		return err
	}
	if *asJSON != "" {
		err := writeWhole(*asJSON, func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(table)
		})
		if err != nil {
			return err
		}
	}
	return table.Write(stdout, *markdown)
}

// fillForReports fills a register with the plan's parks, a made city and a quota
// ledger of which cases have a part.
func fillForReports(ctx context.Context, db *postgis.DB, o city.Options) error {
	if err := seedAll(ctx, db, io.Discard); err != nil {
		return err
	}
	actor := land.Actor{Name: "dikuai bench", Role: land.Admin}
	for year := land.FirstQuotaYear; year <= 2020; year++ {
		account := land.QuotaAccount{Park: bench.ReportedPark, Year: year, Kind: land.NewLand}
		entries := []land.QuotaEntry{{Account: account, Type: land.EntryGrant, Quantity: land.Quantity{Total: land.MuAmount(300)}}}
		for n := range 20 {
			caseNo := fmt.Sprintf("%d-%02d", year, n)
			entries = append(entries,
				land.QuotaEntry{Account: account, Type: land.EntryReserve, Quantity: land.Quantity{Total: land.MuAmount(10)}, CaseNo: caseNo},
				land.QuotaEntry{Account: account, Type: land.EntryUse, Quantity: land.Quantity{Total: land.MuAmount(7)}, CaseNo: caseNo})
		}
		for i, e := range entries {
			e.DocumentNo = fmt.Sprintf("示范〔%d〕%d号", year, i+1)
			e.Day = land.DateOf(time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC))
			if _, _, err := db.PostQuota(ctx, actor, e, land.Once{}); err != nil {
				return err
			}
		}
	}
	return generateInto(ctx, db, "city", o, false, io.Discard)
}

// say shows what is under way.
func (p *progress) say(text string) {
	if p.terminal {
		p.shown = time.Now()
		fmt.Fprintf(os.Stderr, "\r\033[K%s %s", p.did, text)
	}
}
