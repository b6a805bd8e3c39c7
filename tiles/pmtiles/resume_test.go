package pmtiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// packInto packs by workers, counting what is encoded.
func packInto(w *Writer, tiles map[ID][]byte, encoded *atomic.Int64) (Header, error) {
	err := Pack(context.Background(), w, slices.Values(slices.Sorted(maps.Keys(tiles))), 3, func(_ context.Context, id ID) ([]byte, error) {
		encoded.Add(1)
		return tiles[id], nil
	})
	if err != nil {
		return Header{}, errors.Join(err, w.Close())
	}
	return w.Finish()
}

// TestAPackThatWasCutOffGoesOn cuts and spoils the partial archive and its
// journal anywhere: the archive comes out with the same bytes.
func TestAPackThatWasCutOffGoesOn(t *testing.T) {
	t.Parallel()
	random := source(t)
	tiles := someTiles(random, 2000)
	_, whole := write(t, tiles)
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		path := filepath.Join(t.TempDir(), "land.pmtiles")
		w, err := Create(path, described)
		if err != nil {
			t.Fatal(err)
		}
		ids := slices.Sorted(maps.Keys(tiles))
		done := random.IntN(len(ids))
		for _, id := range ids[:done] {
			if err := w.Add(id, tiles[id]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		spoilt := false
		for _, name := range []string{path + ".part", path + ".part.journal"} {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			switch random.IntN(3) {
			case 0:
				b, spoilt = b[:random.IntN(len(b)+1)], true
			case 1:
				b[random.IntN(len(b))] ^= 1 << random.IntN(8)
				spoilt = true
			}
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w, err = Resume(path, described)
		if err != nil {
			t.Fatal(err)
		}
		kept := int64(w.Resumed())
		if !spoilt && kept != int64(done) {
			t.Errorf("%d of %d tiles are taken up", kept, done)
		}
		var encoded atomic.Int64
		if _, err := packInto(w, tiles, &encoded); err != nil {
			t.Fatal(err)
		}
		if encoded.Load() != int64(len(ids))-kept {
			t.Errorf("%d encoded, with %d of %d there", encoded.Load(), kept, len(ids))
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("after %d of %d tiles other bytes: %v", kept, len(ids), err)
		}
	}
}

func TestAnotherPackIsNotTakenUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "land.pmtiles")
	w, err := Create(path, described)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Add(7, []byte("x")), w.Close()); err != nil {
		t.Fatal(err)
	}
	other := described
	other.Fingerprint = "register 812"
	if w, err = Resume(path, other); err != nil || w.Resumed() != 0 || w.Next() != 0 {
		t.Fatalf("%d tiles, %v", w.Resumed(), err)
	}
	if err := errors.Join(w.Add(3, []byte("y")), w.Close()); err != nil {
		t.Fatal(err)
	}
	if w, err = Resume(path, other); err != nil || w.Resumed() != 1 || w.Next() != 4 {
		t.Fatalf("%d tiles, %v", w.Resumed(), err)
	}
	w.Close()
}

// slowTile is big enough that the pack of the test below is written in many pieces.
func slowTile(id ID) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "%d,", id/2), 2000)
}

// TestPackToBeKilled packs for TestAKilledPackGoesOn, in a process of its own.
func TestPackToBeKilled(t *testing.T) {
	path := os.Getenv("PMTILES_PACK")
	if path == "" {
		t.Skip("for another test")
	}
	w, err := Resume(path, described)
	if err != nil {
		t.Fatal(err)
	}
	err = Pack(context.Background(), w, Change{ID: 21, Run: 3000}.IDs(), 2, func(_ context.Context, id ID) ([]byte, error) {
		time.Sleep(200 * time.Microsecond)
		return slowTile(id), nil
	})
	if err == nil {
		_, err = w.Finish()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAKilledPackGoesOn(t *testing.T) {
	t.Parallel()
	tiles := map[ID][]byte{}
	for id := range (Change{ID: 21, Run: 3000}).IDs() {
		tiles[id] = slowTile(id)
	}
	_, whole := write(t, tiles)
	want, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	random := source(t)
	path := filepath.Join(t.TempDir(), "land.pmtiles")
	kills, taken, before := 0, uint64(0), int64(rootEnd)
	for range 6 {
		command := exec.Command(os.Args[0], "-test.run=^TestPackToBeKilled$")
		command.Env = append(os.Environ(), "PMTILES_PACK="+path)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 4 { // once it has written some more
			size := before + int64(random.IntN(3<<20))
			for kills++; ; time.Sleep(time.Millisecond) {
				if info, err := os.Stat(path + ".part"); err != nil && kills > 1 || err == nil && info.Size() > size {
					break
				}
			}
			command.Process.Kill()
		}
		command.Wait()
		if _, err := os.Stat(path); err == nil {
			break
		}
		w, err := Resume(path, described)
		if err != nil {
			t.Fatal(err)
		}
		if w.Resumed() < taken {
			t.Errorf("%d tiles, after %d", w.Resumed(), taken)
		}
		taken, before = w.Resumed(), rootEnd+int64(w.length)
		w.Close()
	}
	t.Logf("%d kills, %d tiles taken up at the last", kills, taken)
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("other bytes: %v", err)
	}
}

func TestPackStopsAtAnError(t *testing.T) {
	t.Parallel()
	w, err := Create(filepath.Join(t.TempDir(), "land.pmtiles"), described)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	broken := errors.New("broken")
	err = Pack(context.Background(), w, Change{ID: 0, Run: 1e9}.IDs(), 4, func(_ context.Context, id ID) ([]byte, error) {
		if id == 100 {
			return nil, broken
		}
		return []byte("x"), nil
	})
	if !errors.Is(err, broken) || w.Next() != 100 {
		t.Errorf("%v, next %d", err, w.Next())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Pack(ctx, w, Change{ID: 100, Run: 1e9}.IDs(), 4, func(ctx context.Context, id ID) ([]byte, error) { return nil, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
