package pmtiles

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
)

// edited gives tiles some of which are gone, others new or altered, and the ids
// that differ.
func edited(random interface{ IntN(int) int }, tiles map[ID][]byte) (map[ID][]byte, map[ID]Kind) {
	next, changed := maps.Clone(tiles), map[ID]Kind{}
	for id := range tiles {
		switch random.IntN(20) {
		case 0:
			delete(next, id)
			changed[id] = Removed
		case 1:
			next[id] = zipped("edited " + id.String())
			changed[id] = Altered
		case 2:
			if beside := id + 1; tiles[beside] == nil {
				next[beside] = zipped("sea 0")
				changed[beside] = Added
			}
		}
	}
	return next, changed
}

func TestDiffAndRepack(t *testing.T) {
	t.Parallel()
	random := source(t)
	for range 10 {
		tiles := someTiles(random, 1+random.IntN(2000))
		next, changed := edited(random, tiles)
		if len(next) == 0 {
			continue
		}
		from, _ := write(t, tiles)
		to, whole := write(t, next)
		found := map[ID]Kind{}
		var ids []ID
		for c, err := range Diff(from, to) {
			if err != nil {
				t.Fatal(err)
			}
			for id := range c.IDs() {
				found[id] = c.Kind
				ids = append(ids, id)
			}
		}
		if !maps.Equal(found, changed) || !slices.IsSorted(ids) {
			t.Errorf("%d changes, not %d", len(found), len(changed))
		}
		for c, err := range Diff(to, to) {
			t.Errorf("differs from itself: %v, %v", c, err)
		}

		// More may be encoded than differs, and a re-pack may be cut off.
		for id := range tiles {
			if random.IntN(50) == 0 {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		path := filepath.Join(t.TempDir(), "land.pmtiles")
		w, err := Create(path, described)
		if err != nil {
			t.Fatal(err)
		}
		var encoded, budget atomic.Int64
		enough := errors.New("enough")
		budget.Store(int64(random.IntN(len(ids) + 1)))
		encode := func(_ context.Context, id ID) ([]byte, error) {
			if budget.Add(-1) < 0 {
				return nil, enough
			}
			encoded.Add(1)
			return next[id], nil
		}
		err = Repack(context.Background(), w, from, slices.Values(ids), 3, encode)
		if err != nil && !errors.Is(err, enough) {
			t.Fatal(err)
		}
		w.Close()
		budget.Store(1 << 40)
		if w, err = Resume(path, described); err != nil {
			t.Fatal(err)
		}
		if err := Repack(context.Background(), w, from, slices.Values(ids), 3, encode); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Finish(); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		want, werr := os.ReadFile(whole)
		if err != nil || werr != nil || !bytes.Equal(got, want) {
			t.Fatal("a re-pack has other bytes than a pack", err, werr)
		}
		if encoded.Load() > int64(2*len(ids)) {
			t.Errorf("%d encoded for %d changes", encoded.Load(), len(ids))
		}
	}
}

func TestTilesThatAreCompressedOtherwiseAreTheSame(t *testing.T) {
	t.Parallel()
	from, _ := write(t, map[ID][]byte{1: compress([]byte("land")), 2: compress([]byte("sea"))})
	path := filepath.Join(t.TempDir(), "plain.pmtiles")
	o := described
	o.Compression = None
	w, err := Create(path, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := Repack(context.Background(), w, from, slices.Values([]ID{}), 1, nil); err == nil {
		t.Error("copied tiles of another compression")
	}
	if err := errors.Join(w.Add(1, []byte("land")), w.Add(2, []byte("SEA"))); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	var got []Change
	for c, err := range Diff(from, open(t, path)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c)
	}
	if !slices.Equal(got, []Change{{2, 1, Altered}}) {
		t.Errorf("%v", got)
	}
}
