package main

import (
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/dikuai/dikuai/tiles/pmtiles"
)

// pace is a progress that tells how fast work goes and how long it will take.
// Safe for concurrent use.
type pace struct {
	mu sync.Mutex
	*progress
	name    string
	all     int
	started time.Time
}

func newPace(did, what string) *pace {
	return &pace{progress: newProgress(did, what), name: what, started: time.Now()}
}

// expect counts what there is to do from an id on, where that will be shown.
func (p *pace) expect(ids iter.Seq[pmtiles.ID], from pmtiles.ID) {
	if !p.terminal {
		return
	}
	for id := range ids {
		if id >= from {
			p.all++
		}
	}
	p.started = time.Now()
}

func (p *pace) show(done int) {
	if !p.terminal {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	spent := time.Since(p.started)
	rate := float64(done) / max(spent.Seconds(), 1e-3)
	left := time.Duration(float64(max(p.all-done, 0)) / rate * float64(time.Second)).Round(time.Second)
	p.what = fmt.Sprintf("of %d %s, %.0f/s, %v left\033[K", p.all, p.name, rate, left)
	p.progress.show(done)
}

func (p *pace) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.progress.end()
}
