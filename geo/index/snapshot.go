// Package index finds things by place and by number in immutable snapshots: an
// R-tree and a number index that share what did not change with the snapshot
// that they came from.
package index

import (
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/btree"
	"github.com/tidwall/rtree"
)

// Index says how to tell a T's number and its bound; bounds are in whatever
// coordinates the searches use.
type Index[T comparable] struct {
	ID    func(T) int64
	Bound func(T) orb.Bound
}

// Snapshot is an immutable set of T, safe for any number of readers.
type Snapshot[T comparable] struct {
	index   Index[T]
	copying sync.Mutex // copying marks what is copied as shared
	tree    *rtree.RTreeG[T]
	byID    *btree.Map[int64, T]
}

// Build makes a snapshot of items; of two with one number the later stays.
func (x Index[T]) Build(items []T) *Snapshot[T] {
	empty := &Snapshot[T]{index: x, tree: &rtree.RTreeG[T]{}, byID: &btree.Map[int64, T]{}}
	empty.apply(items, nil)
	return empty
}

// With gives a snapshot in which items are added, or stand in the place of
// those with their numbers, and the removed numbers are gone. It costs time in
// proportion to what changes, not to what is there.
func (s *Snapshot[T]) With(items []T, removed []int64) *Snapshot[T] {
	s.copying.Lock()
	next := &Snapshot[T]{index: s.index, tree: s.tree.Copy(), byID: s.byID.Copy()}
	s.copying.Unlock()
	next.apply(items, removed)
	return next
}

func (s *Snapshot[T]) apply(items []T, removed []int64) {
	for _, id := range removed {
		s.remove(id)
	}
	for _, item := range items {
		id := s.index.ID(item)
		s.remove(id)
		b := s.index.Bound(item)
		s.tree.Insert(b.Min, b.Max, item)
		s.byID.Set(id, item)
	}
}

func (s *Snapshot[T]) remove(id int64) {
	old, ok := s.byID.Delete(id)
	if !ok {
		return
	}
	b := s.index.Bound(old)
	s.tree.Delete(b.Min, b.Max, old)
}

// Len is the number of items.
func (s *Snapshot[T]) Len() int { return s.byID.Len() }

// Get finds an item by number.
func (s *Snapshot[T]) Get(id int64) (T, bool) { return s.byID.Get(id) }

// Floor finds the item with the greatest number that is not above id.
func (s *Snapshot[T]) Floor(id int64) (item T, ok bool) {
	s.byID.Descend(id, func(_ int64, found T) bool {
		item, ok = found, true
		return false
	})
	return item, ok
}

// Search calls yield for every item whose bound meets b, in no order, until it
// returns false.
func (s *Snapshot[T]) Search(b orb.Bound, yield func(T) bool) {
	s.tree.Search(b.Min, b.Max, func(_, _ [2]float64, item T) bool { return yield(item) })
}

// Ascend calls yield for every item from a number on, in number order, until it
// returns false.
func (s *Snapshot[T]) Ascend(from int64, yield func(T) bool) {
	s.byID.Ascend(from, func(_ int64, item T) bool { return yield(item) })
}
