package pmtiles

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
)

var described = Options{
	Type: MVT, Compression: Gzip,
	Bounds: [4]float64{113.1, 22.5, 113.9, 23.4}, Center: [2]float64{113.45, 22.98}, CenterZoom: 10,
	Metadata: Metadata{Name: "地块", Version: "1.0.0", Extra: map[string]any{"register_seq": 811.0},
		VectorLayers: []VectorLayer{{ID: "plots", Fields: map[string]string{"plot_no": "String"}, MaxZoom: 18}}},
}

func source(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// write packs tiles and opens the archive.
func write(t testing.TB, tiles map[ID][]byte) (*Archive, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "land.pmtiles")
	w, err := Create(path, described)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(tiles)) {
		if err := w.Add(id, tiles[id]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	return open(t, path), path
}

func open(t testing.TB, path string) *Archive {
	t.Helper()
	a, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

var zips = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// zipped compresses a tile's text.
func zipped(text string) []byte {
	w := zips.Get().(*gzip.Writer)
	defer zips.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := io.WriteString(w, text); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// someTiles makes tiles of random zooms, in clumps, of which many are the same.
func someTiles(random *rand.Rand, n int) map[ID][]byte {
	tiles := map[ID][]byte{}
	for len(tiles) < n {
		z := random.IntN(15)
		id := firstID(z) + ID(random.Uint64N(1<<(2*z)))
		for run := random.IntN(20); run >= 0 && id.Zoom() == z; run-- {
			text := fmt.Sprintf("tile %d", random.IntN(2*n))
			if random.IntN(2) == 0 {
				text = fmt.Sprintf("sea %d", random.IntN(3))
			}
			tiles[id] = zipped(text)
			id++
		}
	}
	return tiles
}

// same asks that an archive has these tiles and no other, is sound, and counts right.
func same(t *testing.T, a *Archive, path string, tiles map[ID][]byte) Report {
	t.Helper()
	left := maps.Clone(tiles)
	for e, err := range a.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		data, err := a.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		for id := e.ID; id < e.end(); id++ {
			if !bytes.Equal(data, left[id]) {
				t.Fatalf("tile %s is %q, not %q", id, data, left[id])
			}
			delete(left, id)
		}
	}
	if len(left) > 0 {
		t.Errorf("%d tiles are not there", len(left))
	}
	for id, want := range tiles {
		got, err := a.Tile(id)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("tile %s is %q, %v", id, got, err)
		}
		for _, near := range []ID{id - 1, id + 1} {
			if got, err := a.Tile(near); err != nil || !bytes.Equal(got, tiles[near]) {
				t.Fatalf("tile %d beside is %q, %v", near, got, err)
			}
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Verify(bytes.NewReader(data), int64(len(data)), Checks{})
	if err == nil {
		err = r.Err()
	}
	if err != nil {
		t.Error(err)
	}
	contents := map[string]bool{}
	for _, d := range tiles {
		contents[string(d)] = true
	}
	if h := a.Header; h.Tiles != uint64(len(tiles)) || h.Contents != uint64(len(contents)) || !h.Clustered {
		t.Errorf("header %+v of %d tiles, %d contents", h, len(tiles), len(contents))
	}
	return r
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	random := source(t)
	for range 30 {
		tiles := someTiles(random, 1+random.IntN(3000))
		a, path := write(t, tiles)
		same(t, a, path, tiles)
		m, err := a.Metadata()
		if err != nil || !reflect.DeepEqual(m, described.Metadata) {
			t.Errorf("metadata %+v, %v", m, err)
		}
	}
}

func TestRunsAndEqualTilesAreStoredOnce(t *testing.T) {
	t.Parallel()
	sea, land := compress([]byte("sea")), compress([]byte("land"))
	a, path := write(t, map[ID][]byte{5: sea, 6: sea, 7: sea, 8: land, 9: sea, 11: sea, 12: land})
	same(t, a, path, map[ID][]byte{5: sea, 6: sea, 7: sea, 8: land, 9: sea, 11: sea, 12: land})
	n, m := uint64(len(sea)), uint64(len(land))
	want := []Entry{{5, 0, uint32(n), 3}, {8, n, uint32(m), 1}, {9, 0, uint32(n), 1}, {11, 0, uint32(n), 1}, {12, n, uint32(m), 1}}
	if !reflect.DeepEqual(a.root, want) {
		t.Errorf("entries %v", a.root)
	}
	if h := a.Header; h.DataLength != n+m || h.Entries != 5 || h.MinZoom != 2 || h.MaxZoom != 2 {
		t.Errorf("header %+v", h)
	}
}

func TestLargeArchivesHaveLeaves(t *testing.T) {
	t.Parallel()
	tiles := map[ID][]byte{}
	random := source(t)
	id := firstID(9)
	for range 150_000 {
		id += ID(1 + random.IntN(3))
		tiles[id] = fmt.Appendf(make([]byte, 0, 32), "%d%s", id, "0123456789"[:random.IntN(10)])
	}
	o := described
	o.Compression = None
	path := filepath.Join(t.TempDir(), "land.pmtiles")
	w, err := Create(path, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range slices.Sorted(maps.Keys(tiles)) {
		if err := w.Add(id, tiles[id]); err != nil {
			t.Fatal(err)
		}
	}
	h, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if h.LeafLength == 0 || h.RootLength > maxRoot || h.Entries != 150_000 {
		t.Errorf("header %+v", h)
	}
	if r := same(t, open(t, path), path, tiles); !r.Leaves {
		t.Error("no leaves seen")
	}
}

func TestMisuseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "land.pmtiles")
	w, err := Create(path, described)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(path, described); !errors.Is(err, ErrBusy) {
		t.Errorf("a second writer: %v", err)
	}
	if err := w.Add(7, []byte("x")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []ID{7, 6} {
		if err := w.Add(id, []byte("x")); !errors.Is(err, ErrOrder) {
			t.Errorf("%d after 7: %v", id, err)
		}
	}
	if err := w.Add(8, nil); err == nil {
		t.Error("a tile without bytes")
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the archive has its name before it is finished")
	}
	if _, err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(); err == nil {
		t.Error("finished twice")
	}
	if left, _ := filepath.Glob(path + ".*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
	if w, err = Create(path, described); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Finish(); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty archive: %v", err)
	}
	bad := described
	bad.Bounds[0] = 114
	if _, err := Create(path, bad); err == nil {
		t.Error("disordered bounds")
	}
}
