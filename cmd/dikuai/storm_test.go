package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/dikuai/dikuai/data/land"
)

// edit makes so many edits, one after the other, and waits until both replicas
// have shown each.
func (s *storm) edit(times int) {
	var shownAll sync.WaitGroup
	waiting := make(chan struct{}, 64)
	for n := 0; n < times; n++ {
		i := s.random.IntN(len(s.plots))
		plot := s.plots[i]
		s.editing.Store(&subject{id: plot.id, at: plot.at})
		taker, seq := n%len(s.replicas), 0
		if n%10 == 9 && !plot.part {
			var parts []*subject
			if seq, parts = s.split(taker, plot); seq > 0 {
				s.plots = append(s.plots, parts[1:]...)
				s.plots[i], plot = parts[0], parts[0]
			}
		}
		if seq == 0 {
			seq = s.update(taker, plot, n)
		}
		answered, want := time.Now(), *plot
		for r, replica := range s.replicas {
			waiting <- struct{}{}
			shownAll.Go(func() {
				defer func() { <-waiting }()
				s.await(r, replica, want, seq, r == taker, answered)
			})
		}
	}
	shownAll.Wait()
}

// update gives a plot the next status that may follow, a holder and a FAR.
func (s *storm) update(taker int, p *subject, n int) (seq int) {
	next := p.now
	next.far = 3 + float64(n%1199)/100
	var steps []land.Status
	for _, m := range land.Moves() {
		if string(m.From) == p.now.status {
			steps = append(steps, m.To)
		}
	}
	if len(steps) > 0 {
		next.status = string(steps[s.random.IntN(len(steps))])
	}
	body := fmt.Sprintf(`{"type":"Feature","properties":{"status":%q,"holder":"演示单位%d","far_max":%g},"reason":"edit %d"}`, next.status, n, next.far, n)
	for range 3 {
		began := time.Now()
		h, err := hear("PUT", fmt.Sprintf("%s/api/v1/plots/%d", s.replicas[taker], p.id), body, "Authorization", "Bearer "+s.key, "If-Match", p.version)
		if err != nil {
			s.t.Fatal(err)
		}
		if h.status == http.StatusPreconditionFailed { // a neighbour was split, and this plot got a vertex
			p.version = asked(s.t, "GET", fmt.Sprintf("%s/api/v1/plots/%d?after=%d", s.replicas[taker], p.id, s.last)).header.Get("ETag")
			continue
		}
		if h.status != http.StatusOK {
			s.t.Fatalf("plot %d: %d %s", p.id, h.status, h.body)
		}
		seq, _ = strconv.Atoi(h.header.Get("Register-Seq"))
		p.version, p.now = h.header.Get("ETag"), next
		s.tell(seq, p.at, map[int64]shown{p.id: next}, updating, began)
		return seq
	}
	s.t.Fatalf("plot %d changes too often", p.id)
	return 0
}

// split cuts a plot from west to east, or gives 0 where its shape does not allow
// it.
func (s *storm) split(taker int, p *subject) (seq int, parts []*subject) {
	body := fmt.Sprintf(`{"line":{"type":"LineString","coordinates":[[%.9f,%.9f],[%.9f,%.9f]]},"reason":"split"}`, p.at[0]-0.05, p.at[1], p.at[0]+0.05, p.at[1])
	began := time.Now()
	h, err := hear("POST", fmt.Sprintf("%s/api/v1/plots/%d/split", s.replicas[taker], p.id), body, "Authorization", "Bearer "+s.key, "If-Match", p.version)
	if err != nil {
		s.t.Fatal(err)
	}
	var made struct {
		Plots []struct {
			ID         int64
			Geometry   geojson.Geometry
			Properties struct {
				Version int
				PlotNo  string `json:"plot_no"`
			}
		}
	}
	if h.status != http.StatusOK || json.Unmarshal(h.body, &made) != nil {
		s.refused++
		return 0, nil
	}
	seq, _ = strconv.Atoi(h.header.Get("Register-Seq"))
	changed := map[int64]shown{p.id: {}}
	for _, part := range made.Plots {
		if s.told[part.ID] == nil { // neighbours that got a vertex are told of too
			at := part.Geometry.Geometry().(orb.MultiPolygon)[0][0][0]
			parts = append(parts, &subject{id: part.ID, version: fmt.Sprintf("%q", strconv.Itoa(part.Properties.Version)), at: at, now: p.now, part: true})
			changed[part.ID] = p.now
		}
	}
	if len(parts) < 2 {
		s.t.Fatalf("plot %d became %s", p.id, h.body)
	}
	s.tell(seq, p.at, changed, splitting, began)
	return seq, parts
}

// tell notes what a change has made, and how long it took.
func (s *storm) tell(seq int, at orb.Point, plots map[int64]shown, what int, began time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after[what] = append(s.after[what], time.Since(began))
	s.places[seq], s.last = at, seq
	for id, is := range plots {
		if s.told[id] == nil {
			s.told[id] = []held{{}}
		}
		s.told[id] = append(s.told[id], held{seq, is})
	}
}
