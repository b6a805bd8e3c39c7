package index

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

type box struct {
	id    int64
	bound orb.Bound
}

var boxes = Index[*box]{ID: func(b *box) int64 { return b.id }, Bound: func(b *box) orb.Bound { return b.bound }}

func TestSnapshotsAgreeWithAScanAndDoNotChange(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	place := func() orb.Bound {
		x, y := random.Float64(), random.Float64()
		return orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + 0.05, y + 0.05}}
	}
	model := map[int64]*box{}
	snapshot := boxes.Build(nil)
	for range 200 {
		earlier, earlierModel := snapshot, clone(model)
		var put []*box
		var gone []int64
		for range random.IntN(20) {
			b := &box{int64(random.IntN(300)), place()}
			put = append(put, b)
		}
		for range random.IntN(8) {
			gone = append(gone, int64(random.IntN(300)))
		}
		snapshot = snapshot.With(put, gone)
		for _, id := range gone {
			delete(model, id)
		}
		for _, b := range put {
			model[b.id] = b
		}
		compare(t, snapshot, model, place())
		compare(t, earlier, earlierModel, place())
	}
}

func clone(m map[int64]*box) map[int64]*box {
	c := map[int64]*box{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

func compare(t *testing.T, s *Snapshot[*box], model map[int64]*box, window orb.Bound) {
	t.Helper()
	if s.Len() != len(model) {
		t.Fatalf("%d items, want %d", s.Len(), len(model))
	}
	var got, want, all []int64
	s.Search(window, func(b *box) bool { got = append(got, b.id); return true })
	for id, b := range model {
		if b.bound.Intersects(window) {
			want = append(want, id)
		}
		if held, ok := s.Get(id); !ok || held != b {
			t.Fatalf("item %d is not the one put", id)
		}
	}
	floor := -1
	for id := range model {
		if id <= 150 {
			floor = max(floor, int(id))
		}
	}
	if held, ok := s.Floor(150); ok != (floor >= 0) || ok && held != model[int64(floor)] {
		t.Fatalf("floor is %v, want item %d", held, floor)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("search gave %v, want %v", got, want)
	}
	s.Ascend(0, func(b *box) bool { all = append(all, b.id); return true })
	if len(all) != len(model) || !slices.IsSorted(all) {
		t.Fatalf("ascend gave %v", all)
	}
}
