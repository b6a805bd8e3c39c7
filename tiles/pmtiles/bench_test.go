package pmtiles

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/tiles/mvt"
)

// cityTile is 30 KB that no two tiles share, as a packed city has them.
func cityTile(random *rand.ChaCha8) []byte {
	b := make([]byte, 30_000)
	random.Read(b)
	return b
}

const cityTiles = 5_000

func packCity(b *testing.B, path string) {
	b.Helper()
	w, err := Create(path, described)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{})
	for id := ID(0); id < cityTiles; id++ {
		if err := w.Add(id, cityTile(random)); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := w.Finish(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkWriter packs 150 MB, to be compared with writing the bytes alone to a
// file and waiting for the disk.
func BenchmarkWriter(b *testing.B) {
	dir := b.TempDir()
	b.Run("archive", func(b *testing.B) {
		b.SetBytes(cityTiles * 30_000)
		for b.Loop() {
			packCity(b, filepath.Join(dir, "land.pmtiles"))
		}
	})
	b.Run("bytes", func(b *testing.B) {
		b.SetBytes(cityTiles * 30_000)
		for b.Loop() {
			f, err := os.Create(filepath.Join(dir, "bytes"))
			if err != nil {
				b.Fatal(err)
			}
			random := rand.NewChaCha8([32]byte{})
			for range cityTiles {
				if _, err := f.Write(cityTile(random)); err != nil {
					b.Fatal(err)
				}
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
			f.Close()
		}
	})
}

func BenchmarkResume(b *testing.B) {
	path := filepath.Join(b.TempDir(), "land.pmtiles")
	w, err := Create(path, described)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{})
	for id := ID(0); id < cityTiles; id++ {
		if err := w.Add(id, cityTile(random)); err != nil {
			b.Fatal(err)
		}
	}
	w.Close()
	b.SetBytes(cityTiles * 30_000)
	for b.Loop() {
		w, err := Resume(path, described)
		if err != nil || w.Resumed() != cityTiles {
			b.Fatal(w.Resumed(), err)
		}
		w.Close()
	}
}

func BenchmarkRepackOneInAHundred(b *testing.B) {
	dir := b.TempDir()
	path := filepath.Join(dir, "land.pmtiles")
	packCity(b, path)
	old := open(b, path)
	b.SetBytes(cityTiles * 30_000)
	for b.Loop() {
		w, err := Create(filepath.Join(dir, "next.pmtiles"), described)
		if err != nil {
			b.Fatal(err)
		}
		err = Repack(context.Background(), w, old, func(yield func(ID) bool) {
			for id := ID(0); id < cityTiles && yield(id); id += 100 {
			}
		}, 0, func(_ context.Context, id ID) ([]byte, error) { return bytes.Repeat([]byte(id.String()), 100), nil })
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Finish(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTile(b *testing.B) {
	path := filepath.Join(b.TempDir(), "land.pmtiles")
	packCity(b, path)
	a := open(b, path)
	b.SetBytes(30_000)
	for b.Loop() {
		if _, err := a.Tile(ID(rand.IntN(cityTiles))); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify reads vector tiles through with every rule; MB/s are of tiles
// as decompressed.
func BenchmarkVerify(b *testing.B) {
	tile, err := os.ReadFile(filepath.Join("..", "mvt", "testdata", "postgis-14-polygons.mvt"))
	if err != nil {
		b.Fatal(err)
	}
	tiles := map[ID][]byte{}
	for id := range ID(200) { // a field 16 makes each another content
		tiles[id] = zipped(string(binary.AppendUvarint(append(slices.Clone(tile), 0x80, 1), uint64(id))))
	}
	_, path := write(b, tiles)
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(tile) * len(tiles)))
	for b.Loop() {
		r, err := Verify(bytes.NewReader(data), int64(len(data)), Checks{Tile: mvt.Rules{Margin: 64}.Check})
		if err != nil || r.Err() != nil {
			b.Fatal(err, r.Err())
		}
	}
}
