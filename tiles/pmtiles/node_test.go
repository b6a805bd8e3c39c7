package pmtiles

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// TestTheReadersOfMapsReadTheSame reads archives, with leaf directories and
// without, with the pmtiles package that maps use.
func TestTheReadersOfMapsReadTheSame(t *testing.T) {
	t.Parallel()
	random := source(t)
	few := someTiles(random, 500)
	_, small := write(t, few)
	readByNode(t, small, few)

	many := map[ID][]byte{}
	for id := firstID(10); len(many) < 60_000; id += ID(1 + random.IntN(9)) {
		many[id] = zipped(fmt.Sprintf("%d", random.IntN(50_000)))
	}
	a, large := write(t, many)
	if a.Header.LeafLength == 0 {
		t.Error("no leaves")
	}
	ids := slices.Sorted(maps.Keys(many))
	for _, id := range ids { // 600 of them, to be asked for
		if random.IntN(100) > 0 && id != ids[0] && id != ids[len(ids)-1] {
			delete(many, id)
		}
	}
	readByNode(t, large, many)
}

func readByNode(t *testing.T, path string, tiles map[ID][]byte) {
	t.Helper()
	a := open(t, path)
	want := map[string]*string{}
	var names []string
	for id := range tiles {
		for _, id := range []ID{id, id + 1} {
			var told *string
			data, err := a.Tile(id)
			if err != nil {
				t.Fatal(err)
			}
			if data != nil {
				var f inflater
				tile, err := f.inflate(Gzip, data, maxTile)
				if err != nil {
					t.Fatal(err)
				}
				sum := sha256.Sum256(tile)
				hash := hex.EncodeToString(sum[:])
				told = &hash
			}
			want[id.String()] = told
			names = append(names, id.String())
		}
	}
	asked, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", "tests/read-pmtiles.mjs", path)
	command.Dir = filepath.Join("..", "..", "api", "web")
	command.Stdin, command.Stderr = bytes.NewReader(asked), os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Header struct {
			NumAddressedTiles, NumTileEntries, NumTileContents uint64
			Clustered                                          bool
			TileType, MinZoom, MaxZoom, CenterZoom             int
			MinLon, MinLat, MaxLon, MaxLat                     float64
			CenterLon, CenterLat                               float64
		}
		Metadata Metadata
		Tiles    map[string]*string
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read.Tiles, want) {
		t.Errorf("%s: tiles differ", path)
	}
	if !reflect.DeepEqual(read.Metadata, described.Metadata) {
		t.Errorf("metadata %+v", read.Metadata)
	}
	h, g := read.Header, a.Header
	if h.NumAddressedTiles != g.Tiles || h.NumTileEntries != g.Entries || h.NumTileContents != g.Contents || !h.Clustered || h.TileType != 1 ||
		h.MinZoom != int(g.MinZoom) || h.MaxZoom != int(g.MaxZoom) || h.CenterZoom != int(g.CenterZoom) ||
		[4]float64{h.MinLon, h.MinLat, h.MaxLon, h.MaxLat} != described.Bounds || [2]float64{h.CenterLon, h.CenterLat} != described.Center {
		t.Errorf("header %+v", h)
	}
}
