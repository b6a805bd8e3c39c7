package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/tiles/mvt"
)

// shown is what a tile shows of a plot. Each edit gives its plot a FAR of its
// own, so that what is shown tells which edit it is from.
type shown struct {
	there  bool
	status string
	far    float64 // -1: none
}

// held is what the register holds of a plot from a change on.
type held struct {
	seq int
	shown
}

// subject is a plot that is edited.
type subject struct {
	id      int64
	version string // as If-Match wants it
	at      orb.Point
	now     shown
	part    bool // of a plot that was split
}

// sighting is what a tile showed of a plot when its replica had told that it
// holds a change.
type sighting struct {
	replica, known int
	plot           int64
	shown
}

// event says that a replica shows a change, and where.
type event struct {
	Seq  int
	BBox *[4]float64
}

// storm is edits through two replicas of one register, and all that is seen of
// them.
type storm struct {
	t        *testing.T
	replicas [2]string
	key      string
	random   *rand.Rand
	plots    []*subject
	pool     []maptile.Tile // that readers ask for: near and far ones in turn
	editing  atomic.Pointer[subject]
	last     int             // change that was made
	heard    [2]atomic.Int64 // the last event of each replica
	over     atomic.Bool

	mu        sync.Mutex
	told      map[int64][]held
	places    map[int]orb.Point // by change
	events    [2][]event
	sightings []sighting
	committed map[int]time.Time // when another connection got notice
	after     [5][]time.Duration
	refused   int
}

// What is timed: until a replica shows an edit, and the edits themselves.
const (
	atTaker = iota
	atOther
	sinceNotice
	updating
	splitting
)

var timed = [...]string{
	"until the replica that took the edit shows it, from its answer", "until the other replica shows it, from the edit's answer",
	"until the other replica shows it, from the notice of the commit", "attribute edits", "splits",
}

// TestEveryReplicaShowsEditsAtOnce edits a made city of DIKUAI_PLOTS plots
// DIKUAI_EDITS times through two replicas, while others read from both. Tiles must
// soon show each edit, without being told to wait for it, and never one from
// before a change that the replica has said to hold.
func TestEveryReplicaShowsEditsAtOnce(t *testing.T) {
	databaseURL := register(t)
	dikuai(t, "generate", "--plots", strconv.Itoa(sized(t, "DIKUAI_PLOTS", 5000)))
	s := newStorm(t, databaseURL)
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() { s.notice(ctx, databaseURL) })
	var ready sync.WaitGroup
	for r := range s.replicas {
		ready.Add(1)
		watching.Go(func() { s.watch(ctx, r, ready.Done) })
		watching.Go(func() { s.read(r) })
	}
	stop := func() {
		s.over.Store(true)
		cancel()
		watching.Wait()
	}
	defer stop()
	ready.Wait()
	began := time.Now()
	s.edit(sized(t, "DIKUAI_EDITS", 200))
	took := time.Since(began)
	for r := range s.replicas {
		for late := time.Now().Add(10 * time.Second); s.heard[r].Load() < int64(s.last); time.Sleep(time.Millisecond) {
			if time.Now().After(late) {
				t.Fatalf("replica %d told no event of change %d", r, s.last)
			}
		}
	}
	stop()
	s.report(took)
	s.judge()
	s.agree()
}

func newStorm(t *testing.T, databaseURL string) *storm {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &storm{t: t, random: rand.New(rand.NewPCG(seed, 0)), told: map[int64][]held{}, places: map[int]orb.Point{}, committed: map[int]time.Time{}}
	for r := range s.replicas {
		s.replicas[r], _ = serving(t)
	}
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(dikuai(t, "access", "key", "create", "--role", "officer", "--json")), &made); err != nil {
		t.Fatal(err)
	}
	s.key = made.Key
	for _, p := range rows[struct {
		ID       int64
		Version  int
		Status   string
		Far      float64
		Lon, Lat float64
	}](t, connected(t, databaseURL), `SELECT plot_id AS id, version, status, coalesce(far_max, -1)::float8 AS far, ST_X(p) AS lon, ST_Y(p) AS lat
		FROM current_plots, LATERAL (SELECT ST_PointOnSurface(geom) AS p) q`) {
		plot := &subject{id: p.ID, version: fmt.Sprintf("%q", strconv.Itoa(p.Version)), at: orb.Point{p.Lon, p.Lat}, now: shown{true, p.Status, p.Far}}
		s.plots = append(s.plots, plot)
		s.told[p.ID] = []held{{0, plot.now}}
	}
	s.editing.Store(&subject{id: s.plots[0].id, at: s.plots[0].at})
	for i := range 100 {
		for _, z := range []int{13 + i%10, i % 13} {
			s.pool = append(s.pool, maptile.At(s.plots[s.random.IntN(len(s.plots))].at, maptile.Zoom(z)))
		}
	}
	return s
}

// await asks for a plot's tile until it shows an edit or a later one.
func (s *storm) await(r int, replica string, p subject, seq int, taker bool, answered time.Time) {
	for {
		seen, ok := s.see(r, replica, p, 0)
		if !ok {
			return
		}
		now := time.Now()
		s.mu.Lock()
		late := s.place(p.id, seen) < s.lastBy(p.id, seq)
		if !late {
			which := atOther
			if taker {
				which = atTaker
			}
			s.after[which] = append(s.after[which], now.Sub(answered))
			if notice, ok := s.committed[seq]; ok && !taker {
				s.after[sinceNotice] = append(s.after[sinceNotice], now.Sub(notice))
			}
		}
		s.mu.Unlock()
		if !late {
			return
		}
		if now.Sub(answered) > 10*time.Second {
			s.t.Errorf("replica %d does not show change %d of plot %d", r, seq, p.id)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// see asks a replica for the tile of z16 at a plot, and notes what it shows.
func (s *storm) see(r int, replica string, p subject, known int) (shown, bool) {
	at := maptile.At(p.at, 16)
	h, err := hear("GET", fmt.Sprintf("%s/tiles/land/%d/%d/%d.mvt", replica, at.Z, at.X, at.Y), "")
	if err != nil || h.status != http.StatusOK {
		s.t.Errorf("replica %d: %v, %d", r, err, h.status)
		return shown{}, false
	}
	tile, err := mvt.Decode(h.body)
	if err != nil {
		s.t.Errorf("replica %d: %v", r, err)
		return shown{}, false
	}
	var seen shown
	if f, ok := plotsOf(tile)[p.id]; ok {
		seen = shown{true, f.Attributes["status"].(string), -1}
		if far, ok := f.Attributes["far_max"].(float64); ok {
			seen.far = far
		}
	}
	seq, _ := strconv.Atoi(h.header.Get("Register-Seq"))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sightings = append(s.sightings, sighting{r, max(known, seq), p.id, seen})
	return seen, true
}

// place is which of a plot's contents was seen; -1 for none.
func (s *storm) place(plot int64, seen shown) int {
	list := s.told[plot]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].shown == seen {
			return i
		}
	}
	return -1
}

// lastBy is which content a plot has after a change.
func (s *storm) lastBy(plot int64, seq int) int {
	list := s.told[plot]
	i := len(list) - 1
	for i > 0 && list[i].seq > seq {
		i--
	}
	return i
}

// notice keeps when a connection of its own hears of each commit.
func (s *storm) notice(ctx context.Context, databaseURL string) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		s.t.Error(err)
		return
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(ctx, "LISTEN dikuai_change"); err != nil {
		s.t.Error(err)
		return
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return
		}
		if seq, err := strconv.Atoi(n.Payload); err == nil {
			s.mu.Lock()
			s.committed[seq] = time.Now()
			s.mu.Unlock()
		}
	}
}

// watch follows a replica's events, and on each looks at the plot that is being
// edited.
func (s *storm) watch(ctx context.Context, r int, ready func()) {
	request, err := http.NewRequestWithContext(ctx, "GET", s.replicas[r]+"/api/v1/events", nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	response, err := plainly.Do(request)
	ready()
	if err != nil {
		s.t.Error(err)
		return
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil || int64(e.Seq) <= s.heard[r].Load() {
			s.t.Errorf("replica %d told %s after %d, %v", r, data, s.heard[r].Load(), err)
			return
		}
		s.see(r, s.replicas[r], *s.editing.Load(), e.Seq)
		s.events[r] = append(s.events[r], e)
		s.heard[r].Store(int64(e.Seq))
	}
}

// read asks a replica for tiles until the storm is over, one in ten far out.
// Changes that it has shown stay shown.
func (s *storm) read(r int) {
	random := rand.New(rand.NewPCG(uint64(r), 0))
	seen, count := 0, 0
	for ; !s.over.Load(); count++ {
		i := 2 * random.IntN(len(s.pool)/2)
		if random.IntN(10) == 0 {
			i++
		}
		at := s.pool[i]
		h, err := hear("GET", fmt.Sprintf("%s/tiles/land/%d/%d/%d.mvt", s.replicas[r], at.Z, at.X, at.Y), "", "Accept-Encoding", "gzip")
		if err != nil || h.status != http.StatusOK {
			s.t.Errorf("replica %d, %v: %v, %d", r, at, err, h.status)
			return
		}
		seq, _ := strconv.Atoi(h.header.Get("Register-Seq"))
		if seq < seen {
			s.t.Errorf("replica %d went back from change %d to %d", r, seen, seq)
		}
		seen = seq
	}
	s.t.Logf("replica %d gave readers %d tiles", r, count)
}

func (s *storm) report(took time.Duration) {
	for which, d := range s.after {
		if len(d) == 0 {
			s.t.Errorf("no time was taken: %s", timed[which])
			continue
		}
		slices.Sort(d)
		p99 := d[len(d)*99/100]
		s.t.Logf("p50 %v, p99 %v, longest %v of %d: %s", d[len(d)/2].Round(time.Microsecond), p99.Round(time.Microsecond), d[len(d)-1].Round(time.Microsecond), len(d), timed[which])
		if p99 > 2*time.Second {
			s.t.Errorf("p99 is %v: %s", p99, timed[which])
		}
	}
	s.t.Logf("%d changes in %v, %d splits refused; %d sightings", len(s.places), took, s.refused, len(s.sightings))
}

// judge holds every sighting, and every event, against what was committed.
func (s *storm) judge() {
	faults := 0
	for _, seen := range s.sightings {
		at, least := s.place(seen.plot, seen.shown), s.lastBy(seen.plot, seen.known)
		if at >= least {
			continue
		}
		if faults++; faults <= 10 {
			s.t.Errorf("replica %d, which held change %d, showed plot %d as %+v, which is number %d of %+v", seen.replica, seen.known, seen.plot, seen.shown, at, s.told[seen.plot])
		}
	}
	if faults > 10 {
		s.t.Errorf("and %d more", faults-10)
	}
	for r, events := range s.events {
		for seq, at := range s.places {
			i := slices.IndexFunc(events, func(e event) bool { return e.Seq >= seq })
			if i < 0 {
				s.t.Errorf("replica %d told no event of change %d", r, seq)
			} else if b := events[i].BBox; b != nil && (at[0] < b[0] || at[1] < b[1] || at[0] > b[2] || at[1] > b[3]) {
				s.t.Errorf("replica %d told that change %d is in %v, not at %v", r, seq, *b, at)
			}
		}
	}
}

// agree wants the same tiles of both replicas and of one that is started now.
func (s *storm) agree() {
	fresh, _ := serving(s.t)
	for _, at := range s.pool {
		for _, accept := range []string{"identity", "gzip"} {
			path := fmt.Sprintf("/tiles/land/%d/%d/%d.mvt", at.Z, at.X, at.Y)
			want := asked(s.t, "GET", fresh+path, "Accept-Encoding", accept)
			for r, replica := range s.replicas {
				got := asked(s.t, "GET", replica+path, "Accept-Encoding", accept)
				if got.status != want.status || !bytes.Equal(got.body, want.body) || got.header.Get("ETag") != want.header.Get("ETag") || got.header.Get("Register-Seq") != want.header.Get("Register-Seq") {
					s.t.Errorf("%v, %s: replica %d has %d bytes, %v; a new one %d bytes, %v", at, accept, r, len(got.body), got.header, len(want.body), want.header)
				}
			}
		}
	}
}
