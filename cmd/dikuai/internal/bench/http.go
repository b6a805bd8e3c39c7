package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/api"
	"github.com/dikuai/dikuai/api/web"
	"github.com/dikuai/dikuai/data/postgis"
	"github.com/dikuai/dikuai/tiles"
)

// service has the API serve the city, over a register that is empty, until stop
// is called.
func (r *tilesRun) service(ctx context.Context) (host string, stop func() error, err error) {
	url, drop, err := r.store.passing(ctx)
	if err != nil {
		return "", nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, drop())
		}
	}()
	if err := postgis.Migrate(ctx, url); err != nil {
		return "", nil, err
	}
	db, err := postgis.Open(ctx, url)
	if err != nil {
		return "", nil, err
	}
	following, unfollow := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		r.live.Run(following)
	}()
	let := func() {
		unfollow()
		<-followed
		db.Close()
	}
	r.config = api.Config{DB: db, Live: r.live, Page: web.Files(), Log: log, PlotCache: plotCache}
	host, stopServer, err := listen(ctx, api.New(r.config))
	if err != nil {
		let()
		return "", nil, err
	}
	return host, func() error {
		err := stopServer()
		let()
		return errors.Join(err, drop())
	}, nil
}

// serving measures what needs the service.
func (r *tilesRun) serving(ctx context.Context) (err error) {
	host, stop, err := r.service(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	r.ours = address{host, "/tiles/land/{z}/{x}/{y}.mvt"}

	view := r.live.View()
	const asked = 1 << 14
	r.mix = sessions(r.source.places, asked, func(t maptile.Tile) bool {
		return len(tiles.Encode(view, t, nil)) > 0
	})
	r.note("A map user's mix: sessions that begin at a random plot at z%d with %d × %d tiles of 512 pixels and move %d times, %.0f %% aside, %.0f %% closer, the rest out, to z%d at most; only tiles new to a session are asked for and empty ones are left out. That makes %s.",
		sessionFirst, sessionWide, sessionHigh, sessionMoves, 100*panned, 100*zoomedIn, sessionLast, weights(r.mix))
	r.note("HTTP: %d connections that are kept, the same light client for all, in the process of our server; it takes its part of the same %d cores, so that rates over HTTP are lower than servers alone would reach, and ratios nearer to 1. CPU is of client and servers together.", connections, runtime.GOMAXPROCS(0))
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{{"http", r.ceiling}, {"http", r.uncached}, {"cached", r.cached}, {"edit", r.edits}} {
		if !r.wants(part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ceiling is what the client can ask for at most.
func (r *tilesRun) ceiling(ctx context.Context) (err error) {
	one := maptile.New(0, 0, 0)
	host, stop, err := listen(ctx, bareServer(map[string]*tiles.Drawn{tilePath(one): {Body: []byte{0}}}, nil))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	lanes, end := address{host, "/{z}/{x}/{y}.mvt"}.asking(connections, "", []maptile.Tile{one})
	defer end()
	figures, err := compete(ctx, "client", r.pace(), contender{who: "net/http", lanes: lanes})
	if err != nil {
		return err
	}
	r.add(Row{Group: "Over HTTP, not cached", What: "the client's ceiling: a byte from memory", Figures: figures})
	return nil
}

// accepts are the forms in which tiles are asked for, and their names.
var accepts = []struct{ name, header string }{{"plain", ""}, {"gzip", "gzip"}}

// uncached has the mix drawn for every request.
func (r *tilesRun) uncached(ctx context.Context) (err error) {
	host, stop, err := r.store.behind(ctx, thinServer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	budgets := map[string]float64{"plain": 25, "gzip": 15}
	for _, accept := range accepts {
		name := "mix z14–z18, " + accept.name
		row := Row{Group: "Over HTTP, not cached", What: name}
		fresh := r.ours
		fresh.path += "?nocache=1"
		contenders := []contender{{who: "ours"}, {who: "ST_AsMVT behind net/http", cpu: withChildren(r.store.server)}}
		addresses := []address{fresh, {host, "/{z}/{x}/{y}.mvt"}}
		for _, p := range r.Peers {
			a, err := parseAddress(p.URL)
			if err != nil {
				return err
			}
			const some = 20
			note, err := a.probe(ctx, accept.header, r.mix[:some])
			if err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			contenders = append(contenders, contender{who: p.Name, note: note, cpu: r.cpuOf(p)})
			addresses = append(addresses, a)
		}
		for i, a := range addresses {
			lanes, end := a.asking(connections, accept.header, r.mix)
			defer end()
			contenders[i].lanes = lanes
		}
		if row.Figures, err = compete(ctx, name, r.pace(), contenders...); err != nil {
			return err
		}
		row.Verdicts = []Verdict{atLeast(budgets[accept.name], "×", "", row.ratio())}
		r.add(row)
	}
	return nil
}

// cpuOf is the processor time of this process, a peer and the database that it asks,
// where the peer's process is known.
func (r *tilesRun) cpuOf(p Peer) func() time.Duration {
	if p.Process == 0 {
		return func() time.Duration { return 0 }
	}
	others := withChildren(r.store.server)
	return func() time.Duration {
		_, used, _ := processStat(fmt.Sprintf("/proc/%d/stat", p.Process))
		return others() + used
	}
}

// cached asks for tiles that are drawn already.
func (r *tilesRun) cached(ctx context.Context) (err error) {
	const working = 400 // distinct tiles
	seen := map[maptile.Tile]bool{}
	var list []maptile.Tile
	drawn := map[string]*tiles.Drawn{}
	view := r.live.View()
	var nearest maptile.Tile // to a usual size
	const usual = 30_000
	distance := func(t maptile.Tile) int {
		n := len(drawn[tilePath(t)].Body) - usual
		return max(n, -n)
	}
	for _, t := range r.mix {
		if len(list) == working {
			break
		}
		if seen[t] {
			continue
		}
		seen[t] = true
		list = append(list, t)
		drawn[tilePath(t)] = tiles.Draw(view, t, nil)
		drawn[tilePath(t)].Gzip()
		if len(list) == 1 || distance(t) < distance(nearest) {
			nearest = t
		}
	}
	host, stop, err := listen(ctx, bareServer(drawn, nil))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	headers, err := headersOf(ctx, "http://"+r.ours.host+string(r.ours.paths(list[:1])[0]))
	if err != nil {
		return err
	}
	telling, stopTelling, err := listen(ctx, bareServer(drawn, headers))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopTelling()) }()
	plain := address{"", "/{z}/{x}/{y}.mvt"}
	contenders := []contender{{who: "ours"}, {who: "bare net/http, from memory"}, {who: "the same with our headers"}}
	addresses := []address{r.ours, {host, plain.path}, {telling, plain.path}}
	if r.Nginx {
		server, err := startNginx(ctx, filepath.Join(r.Home, "nginx"), workers, list, drawn)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
		contenders = append(contenders, contender{who: "nginx " + server.version + ", from files", cpu: withChildren(server.cmd.Process.Pid)})
		addresses = append(addresses, address{server.host, plain.path})
	}
	const budget = 0.9
	for _, set := range []struct {
		name string
		list []maptile.Tile
	}{
		{"the mix's first " + fmt.Sprint(len(list)), list},
		{"one tile of " + size(float64(len(drawn[tilePath(nearest)].Body))), []maptile.Tile{nearest}},
	} {
		for _, accept := range accepts {
			name := set.name + ", " + accept.name
			row := Row{Group: "Over HTTP, cached", What: name}
			for i, a := range addresses {
				lanes, end := a.asking(connections, accept.header, set.list)
				defer end()
				contenders[i].lanes = lanes
			}
			if row.Figures, err = compete(ctx, name, r.pace(), contenders...); err != nil {
				return err
			}
			row.Verdicts = []Verdict{atLeast(budget, "×", " the bare handler", row.Figures[0].PerSecond/row.Figures[1].PerSecond)}
			r.add(row)
		}
	}
	return nil
}
