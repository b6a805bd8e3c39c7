package plotset

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/tidwall/btree"

	"github.com/dikuai/dikuai/data/land"
)

// Builder makes a set of many plots, in parallel: each worker adds under its own
// number.
type Builder struct {
	shared  *interner
	workers []*shard
}

// shard is what one worker brought together, in blocks without order.
type shard struct {
	shared *interner
	kinds  map[Kind]*Kind // as the interner has them, without its lock
	texts  map[string]string
	full   []*block
	next   *writer
}

// shardPlots keeps a shard's block below what its offsets can count.
const shardPlots = 1 << 12

// NewBuilder makes a builder for a number of workers.
func NewBuilder(workers int) *Builder {
	b := &Builder{shared: newInterner()}
	for range workers {
		b.workers = append(b.workers, &shard{shared: b.shared, kinds: map[Kind]*Kind{}, texts: map[string]string{}})
	}
	return b
}

// Add puts a plot in; nothing of it is kept, so its memory may be used again.
func (b *Builder) Add(worker int, p *land.Plot) {
	s := b.workers[worker]
	if s.next == nil {
		s.next = newWriter(shardPlots, 14*shardPlots)
	}
	k := kindOf(p)
	kind, ok := s.kinds[k]
	if !ok {
		kind = s.shared.kind(k)
		s.kinds[k] = kind
	}
	holder, ok := s.texts[p.Holder]
	if !ok {
		holder = s.shared.text(p.Holder)
		s.texts[holder] = holder
	}
	s.next.add(p, kind, holder)
	if s.next.len() == shardPlots || len(s.next.points) > 1<<27 {
		s.full = append(s.full, s.next.finish(0))
		s.next = nil
	}
}

// Set gives the set. The builder is not used any more.
func (b *Builder) Set() *Set {
	var entries []entry
	for _, s := range b.workers {
		if s.next != nil {
			s.full = append(s.full, s.next.finish(0))
		}
		for _, raw := range s.full {
			entries = append(entries, raw.entries()...)
		}
	}
	set := &Set{byID: &btree.Map[land.PlotID, int64]{}, shared: b.shared}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	last := entries[:0]
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].id == e.id {
			continue
		}
		last = append(last, e)
		set.byID.Load(e.id, e.along)
		set.centiMu += int64(e.block.records[e.at].centiMu)
	}
	entries = last
	sortEntries(entries)
	stretches := cut(entries, blockPlots)
	blocks := make([]*block, len(stretches))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(stretches); i += workers {
				from := stretches[i][0].along
				if i == 0 {
					from = 0
				}
				blocks[i] = rewrite(stretches[i], from)
			}
		})
	}
	wg.Wait()
	set.blocks = blockIndex.Build(blocks)
	return set
}
