package main

import (
	"fmt"
	"os"
	"time"
)

// progress shows on a terminal how far long work has come; elsewhere it is silent.
type progress struct {
	did, what string
	terminal  bool
	shown     time.Time
}

func newProgress(did, what string) *progress {
	info, err := os.Stderr.Stat()
	return &progress{did: did, what: what, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p *progress) show(done int) {
	if p.terminal && time.Since(p.shown) > 200*time.Millisecond {
		p.shown = time.Now()
		fmt.Fprintf(os.Stderr, "\r%s %d %s", p.did, done, p.what)
	}
}

func (p *progress) end() {
	if p.terminal && !p.shown.IsZero() {
		fmt.Fprint(os.Stderr, "\r\033[K")
		p.shown = time.Time{}
	}
}
