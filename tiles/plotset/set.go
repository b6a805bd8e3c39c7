package plotset

import (
	"cmp"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/btree"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo/index"
)

// Set is an immutable set of plots, safe for any number of readers.
type Set struct {
	blocks  *index.Snapshot[*block]
	byID    *btree.Map[land.PlotID, int64] // where on the curve each plot lies
	shared  *interner
	centiMu int64
	copying sync.Mutex // copying byID marks it as shared
}

var blockIndex = index.Index[*block]{
	ID:    func(b *block) int64 { return b.from },
	Bound: func(b *block) orb.Bound { return b.box.Bound() },
}

// Of is the set of some plots; of two with one number the later stays.
func Of(plots []land.Plot) *Set {
	b := NewBuilder(1)
	for i := range plots {
		b.Add(0, &plots[i])
	}
	return b.Set()
}

// CentiMu is the plane area of all plots in hundredths of a mu (亩), as each is
// printed.
func (s *Set) CentiMu() int64 { return s.centiMu }

// Len is the number of plots.
func (s *Set) Len() int { return s.byID.Len() }

// Uses are the land uses of the set's plots, and maybe of others, by UseNumber.
func (s *Set) Uses() []land.UseCode {
	s.shared.mu.Lock()
	defer s.shared.mu.Unlock()
	return slices.Clip(s.shared.uses)
}

// Get finds a plot by number.
func (s *Set) Get(id land.PlotID) (Ref, bool) {
	along, ok := s.byID.Get(id)
	if !ok {
		return Ref{}, false
	}
	b, _ := s.blocks.Floor(along)
	return Ref{b, b.find(id)}, true
}

// Search calls yield for every plot whose box meets b, in the order of the
// curve, until it returns false.
func (s *Set) Search(b Box, yield func(Ref) bool) {
	for _, found := range s.near(b, nil) {
		for i := range found.boxes {
			if found.boxes[i].Meets(b) && !yield(Ref{found, i}) {
				return
			}
		}
	}
}

// CountTo counts the plots whose boxes meet b, and stops somewhere above most.
func (s *Set) CountTo(most int, b Box) int {
	n := 0
	s.blocks.Search(b.Bound(), func(found *block) bool {
		if found.box.Within(b) {
			n += found.len()
			return n <= most
		}
		for i := range found.boxes {
			if found.boxes[i].Meets(b) {
				n++
			}
		}
		return n <= most
	})
	return n
}

// near appends the blocks that meet a box, in the order of the curve.
func (s *Set) near(b Box, to []*block) []*block {
	s.blocks.Search(b.Bound(), func(found *block) bool {
		to = append(to, found)
		return true
	})
	slices.SortFunc(to, func(a, b *block) int { return cmp.Compare(a.from, b.from) })
	return to
}

// Ascend calls yield for every plot from a number on, in number order, until it
// returns false.
func (s *Set) Ascend(from land.PlotID, yield func(Ref) bool) {
	s.byID.Ascend(from, func(id land.PlotID, along int64) bool {
		b, _ := s.blocks.Floor(along)
		return yield(Ref{b, b.find(id)})
	})
}

// All calls yield for every plot in the order of the curve until it returns false.
func (s *Set) All(yield func(Ref) bool) {
	s.blocks.Ascend(0, func(b *block) bool {
		for i := range b.boxes {
			if !yield(Ref{b, i}) {
				return false
			}
		}
		return true
	})
}

// With gives a set in which plots are added, or stand in the place of those with
// their numbers, each number once, and the removed are gone; and the boxes of all that came and
// went. It costs time in proportion to what changes.
func (s *Set) With(plots []land.Plot, removed []land.PlotID) (*Set, []Box) {
	s.copying.Lock()
	next := &Set{byID: s.byID.Copy(), shared: s.shared, centiMu: s.centiMu}
	s.copying.Unlock()
	var boxes []Box
	touched := map[*block]map[land.PlotID]bool{} // the numbers that leave each block
	leave := func(id land.PlotID) {
		r, ok := s.Get(id)
		if !ok || touched[r.block][id] {
			return
		}
		if touched[r.block] == nil {
			touched[r.block] = map[land.PlotID]bool{}
		}
		touched[r.block][id] = true
		boxes = append(boxes, r.Box())
		next.centiMu -= int64(r.CentiMu())
		next.byID.Delete(id)
	}
	for _, id := range removed {
		leave(id)
	}
	fresh := newWriter(len(plots), 16*len(plots))
	for i := range plots {
		leave(plots[i].ID)
		fresh.add(&plots[i], s.shared.kind(kindOf(&plots[i])), s.shared.text(plots[i].Holder))
	}
	arrived := fresh.finish(0)
	coming := map[*block][]entry{}
	for i, e := range arrived.entries() {
		boxes = append(boxes, arrived.boxes[i])
		next.centiMu += int64(arrived.records[i].centiMu)
		next.byID.Set(e.id, e.along)
		home, _ := s.blocks.Floor(e.along) // nil before the first block
		coming[home] = append(coming[home], e)
		if home != nil && touched[home] == nil {
			touched[home] = map[land.PlotID]bool{}
		}
	}
	var written []*block
	var emptied []int64
	for home, gone := range touched {
		entries := coming[home]
		for _, e := range home.entries() {
			if !gone[e.id] {
				entries = append(entries, e)
			}
		}
		if len(entries) == 0 {
			emptied = append(emptied, home.from)
		}
		written = append(written, replaced(entries, home.from)...)
	}
	written = append(written, replaced(coming[nil], 0)...)
	next.blocks = s.blocks.With(written, emptied)
	return next, boxes
}

// replaced makes the blocks that stand in one's place.
func replaced(entries []entry, from int64) []*block {
	sortEntries(entries)
	plots := blockPlots
	if len(entries) < 2*blockPlots {
		plots = len(entries)
	}
	var blocks []*block
	for i, stretch := range cut(entries, plots) {
		if i > 0 {
			from = stretch[0].along
		}
		blocks = append(blocks, rewrite(stretch, from))
	}
	return blocks
}

func (b *block) entries() []entry {
	entries := make([]entry, b.len())
	for i := range entries {
		entries[i] = entry{b.boxes[i].along(), b.records[i].id, b, int32(i)}
	}
	return entries
}
