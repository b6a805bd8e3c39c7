package pmtiles

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

// built is an archive put together by hand, so that any part can be wrong.
type built struct {
	header   Header
	root     []Entry
	leaf     []Entry
	metadata string
	data     []byte
	edit     func(file []byte, h Header) []byte
}

// sound is a valid archive: two tiles of zoom 1 in the root, two in a leaf.
func sound() *built {
	land, sea := compress([]byte("land")), compress([]byte("the sea"))
	n, m := uint32(len(land)), uint32(len(sea))
	return &built{
		header: Header{Tiles: 6, Entries: 4, Contents: 2, Clustered: true, Internal: Gzip, Compression: Gzip, Type: MVT, MinZoom: 1, MaxZoom: 2,
			Bounds: [4]int32{1131e6, 225e6, 1139e6, 234e6}, Center: [2]int32{1134e6, 230e6}, CenterZoom: 2},
		root:     []Entry{{1, 0, n, 1}, {2, uint64(n), m, 2}, {6, 0, 0, 0}},
		leaf:     []Entry{{6, 0, n, 1}, {8, uint64(n), m, 2}},
		metadata: `{"vector_layers":[{"id":"plots","fields":{}}]}`,
		data:     slices.Concat(land, sea),
	}
}

func (b *built) bytes() []byte {
	h := b.header
	leaf := compress(encodeDirectory(b.leaf))
	for i := range b.root {
		if e := &b.root[i]; e.Run == 0 && e.Length == 0 {
			e.Length = uint32(len(leaf))
		}
	}
	root, metadata := compress(encodeDirectory(b.root)), compress([]byte(b.metadata))
	h.RootOffset, h.RootLength = headerSize, uint64(len(root))
	h.MetadataOffset, h.MetadataLength = h.RootOffset+h.RootLength, uint64(len(metadata))
	h.LeafOffset, h.LeafLength = h.MetadataOffset+h.MetadataLength, uint64(len(leaf))
	h.DataOffset, h.DataLength = h.LeafOffset+h.LeafLength, uint64(len(b.data))
	file := slices.Concat(h.encode(), root, metadata, leaf, b.data)
	if b.edit != nil {
		file = b.edit(file, h)
	}
	return file
}

// withHeader writes another header to a file.
func withHeader(change func(*Header)) func([]byte, Header) []byte {
	return func(file []byte, h Header) []byte {
		change(&h)
		return append(h.encode(), file[headerSize:]...)
	}
}

// withRoot puts bytes in the root directory's place, behind everything else moved.
func withRoot(root []byte) func([]byte, Header) []byte {
	return func(file []byte, h Header) []byte {
		body := file[h.RootOffset+h.RootLength:]
		move := int64(len(root)) - int64(h.RootLength)
		h.RootLength = uint64(len(root))
		for _, offset := range []*uint64{&h.MetadataOffset, &h.LeafOffset, &h.DataOffset} {
			*offset = uint64(int64(*offset) + move)
		}
		return slices.Concat(h.encode(), root, body)
	}
}

func TestEachFaultIsNamed(t *testing.T) {
	t.Parallel()
	plain := compress([]byte("land"))
	n := uint64(len(plain))
	cases := []struct {
		rule  Rule
		name  string
		spoil func(*built)
	}{
		{"", "a valid archive", func(*built) {}},
		{"", "unknown counts", func(b *built) { b.header.Tiles, b.header.Entries, b.header.Contents = 0, 0, 0 }},
		{"", "disordered content, and said so", func(b *built) {
			b.header.Clustered = false
			b.root[0].Offset, b.root[0].Length, b.root[1].Offset, b.root[1].Length = b.root[1].Offset, b.root[1].Length, 0, b.root[0].Length
		}},
		{Truncated, "100 bytes", func(b *built) { b.edit = func(f []byte, _ Header) []byte { return f[:100] } }},
		{Magic, "another magic", func(b *built) { b.edit = func(f []byte, _ Header) []byte { f[0] = 'p'; return f } }},
		{Version, "version 2", func(b *built) { b.edit = func(f []byte, _ Header) []byte { f[7] = 2; return f } }},
		{Clustered, "a flag of 2", func(b *built) { b.edit = func(f []byte, _ Header) []byte { f[96] = 2; return f } }},
		{Section, "data past the end", func(b *built) { b.edit = func(f []byte, _ Header) []byte { return f[:len(f)-1] } }},
		{Section, "an offset that wraps", func(b *built) {
			b.edit = withHeader(func(h *Header) { h.LeafOffset, h.LeafLength = 1<<64-1, 2 })
		}},
		{SectionsOverlap, "leaves into the data", func(b *built) { b.edit = withHeader(func(h *Header) { h.LeafLength++ }) }},
		{RootPlace, "a root past 16 KiB", func(b *built) {
			b.edit = func(f []byte, h Header) []byte {
				root := slices.Clone(f[h.RootOffset : h.RootOffset+h.RootLength])
				h.RootOffset = rootEnd
				return slices.Concat(h.encode(), f[headerSize:], make([]byte, rootEnd-len(f)), root)
			}
		}},
		{InternalForm, "directories by brotli", func(b *built) { b.header.Internal = Brotli }},
		{TileForm, "an unknown compression", func(b *built) { b.header.Compression = UnknownCompression }},
		{TileType, "type 7", func(b *built) { b.header.Type = 7 }},
		{Zooms, "a greater zoom than the tiles'", func(b *built) { b.header.MaxZoom = 3 }},
		{Bounds, "west of west", func(b *built) { b.header.Bounds[0] = 114e7 }},
		{Bounds, "north of the pole", func(b *built) { b.header.Bounds[3] = 91e7 }},
		{Center, "a center outside", func(b *built) { b.header.Center[0] = 1140e6 }},
		{Center, "a center of another zoom", func(b *built) { b.header.CenterZoom = 3 }},
		{Clustered, "disordered content", func(b *built) {
			b.root[0].Offset, b.root[0].Length, b.root[1].Offset, b.root[1].Length = b.root[1].Offset, b.root[1].Length, 0, b.root[0].Length
		}},
		{CountAddressed, "another count of tiles", func(b *built) { b.header.Tiles-- }},
		{CountEntries, "another count of entries", func(b *built) { b.header.Entries-- }},
		{CountContents, "another count of contents", func(b *built) { b.header.Contents-- }},
		{MetadataForm, "a list", func(b *built) { b.metadata = "[]" }},
		{MetadataForm, "metadata that are not compressed", func(b *built) {
			b.edit = func(f []byte, h Header) []byte { f[h.MetadataOffset] = '{'; return f }
		}},
		{VectorLayers, "no layers", func(b *built) { b.metadata = "{}" }},
		{VectorLayers, "a layer without fields", func(b *built) { b.metadata = `{"vector_layers":[{"id":"plots"}]}` }},
		{DirectoryForm, "a root that is not compressed", func(b *built) {
			b.edit = func(f []byte, h Header) []byte { f[h.RootOffset] = 0; return f }
		}},
		{DirectoryForm, "no entries", func(b *built) { b.edit = withRoot(compress([]byte{0})) }},
		{DirectoryForm, "2^40 entries", func(b *built) { b.edit = withRoot(compress([]byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1})) }},
		{DirectoryForm, "a directory cut off", func(b *built) { b.edit = withRoot(compress(encodeDirectory(b.root)[:10])) }},
		{DirectoryForm, "bytes behind a directory", func(b *built) { b.edit = withRoot(compress(append(encodeDirectory(b.root), 0))) }},
		{DirectoryForm, "a leaf that is not compressed", func(b *built) {
			b.edit = func(f []byte, h Header) []byte { f[h.LeafOffset] = 0; return f }
		}},
		{DirectorySize, "a bomb for a root", func(b *built) { b.edit = withRoot(compress(make([]byte, maxDirectory+1))) }},
		{EntryOrder, "an id twice", func(b *built) { b.leaf[1].ID = 6 }},
		{EntryOverlap, "a run into the next entry", func(b *built) { b.root[0].Run = 2 }},
		{EntryOverlap, "a run into the leaf", func(b *built) { b.root[1].Run = 5 }},
		{EntryOverlap, "a leaf into the next entry", func(b *built) { b.root = append(b.root, Entry{8, 0, b.root[0].Length, 1}) }},
		{EntryLength, "an entry without bytes", func(b *built) { b.leaf[1].Length = 0 }},
		{EntryPlace, "content past the data", func(b *built) { b.leaf[1].Offset, b.leaf[1].Length, b.header.Contents = uint64(len(b.data)), 1, 3 }},
		{EntryPlace, "a leaf past the leaves", func(b *built) { b.root[2].Offset = 1 }},
		{LeafStart, "a leaf of another id", func(b *built) { b.root[2].ID = 5 }},
		{LeafDepth, "a leaf that is its own leaf", func(b *built) {
			b.edit = func(f []byte, h Header) []byte { // four levels, one below the other
				leaves, entry := []byte(nil), b.leaf
				for range maxLeafDepth + 1 {
					leaf := compress(encodeDirectory(entry))
					entry = []Entry{{6, uint64(len(leaves)), uint32(len(leaf)), 0}}
					leaves = append(leaves, leaf...)
				}
				h.LeafOffset, h.LeafLength = uint64(len(f)), uint64(len(leaves))
				f = append(f, leaves...)
				return withRoot(compress(encodeDirectory(append(b.root[:2:2], entry...))))(append(h.encode(), f[headerSize:]...), h)
			}
		}},
		{ContentOverlap, "two lengths of a content", func(b *built) { b.leaf[0].Length-- }},
		{ContentOverlap, "content within another", func(b *built) {
			b.header.Clustered, b.header.Compression, b.header.Contents = false, None, 3
			b.leaf[0].Offset, b.leaf[0].Length = 1, 3
		}},
		{ContentUnused, "bytes behind", func(b *built) { b.data = append(b.data, 0) }},
		{TileUnread, "a tile that is not compressed", func(b *built) { b.data[0] = 0 }},
		{TileUnread, "a tile with another checksum", func(b *built) { b.data[n-5] ^= 1 }},
		{TileSize, "a bomb for a tile", func(b *built) {
			b.data = compress(make([]byte, 1<<20+1))
			b.root[0].Length = uint32(len(b.data))
			b.root[1].Offset, b.root[1].Length = 0, b.root[0].Length
			b.leaf[0].Length, b.leaf[1].Offset, b.leaf[1].Length = b.root[0].Length, 0, b.root[0].Length
			b.header.Contents = 1
		}},
		{TileContent, "a tile that the check refuses", func(b *built) {
			bad := compress([]byte("rock"))
			b.data = slices.Concat(bad, b.data[n:])
			for _, e := range []*Entry{&b.root[0], &b.leaf[0]} {
				e.Length = uint32(len(bad))
			}
			b.root[1].Offset, b.leaf[1].Offset = uint64(len(bad)), uint64(len(bad))
		}},
	}
	seen := map[Rule]bool{}
	errRock := errors.New("rock")
	for _, c := range cases {
		seen[c.rule] = true
		b := sound()
		c.spoil(b)
		file := b.bytes()
		r, err := Verify(bytes.NewReader(file), int64(len(file)), Checks{MaxTile: 1 << 20, Tile: func(tile []byte) error {
			if string(tile) == "rock" {
				return errRock
			}
			return nil
		}})
		switch {
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.rule == "" && r.Err() != nil:
			t.Errorf("%s: %v", c.name, r.Err())
		case c.rule != "" && (len(r.Faults) != 1 || r.Faults[0].Rule != c.rule):
			t.Errorf("%s is not %s alone: %v", c.name, c.rule, r.Faults)
		case c.rule == TileContent && !errors.Is(r.Err(), errRock):
			t.Errorf("%s: %v", c.name, r.Err())
		}
	}
	for _, rule := range []Rule{Truncated, Magic, Version, Section, SectionsOverlap, RootPlace, InternalForm, TileForm, TileType, Zooms,
		Bounds, Center, Clustered, CountAddressed, CountEntries, CountContents, MetadataForm, VectorLayers, DirectoryForm, DirectorySize,
		EntryOrder, EntryOverlap, EntryLength, EntryPlace, LeafStart, LeafDepth, ContentOverlap, ContentUnused, TileUnread, TileSize, TileContent} {
		if !seen[rule] {
			t.Errorf("no archive breaks %s", rule)
		}
	}
}

func TestReportTellsOfTiles(t *testing.T) {
	t.Parallel()
	file := sound().bytes()
	r, err := Verify(bytes.NewReader(file), int64(len(file)), Checks{})
	if err != nil || r.Tiles != 6 || r.Entries != 4 || r.Contents != 2 || r.Bytes != 11 || r.Largest != 7 || r.LargestTile != 2 || !r.Leaves {
		t.Errorf("%+v, %v", r, err)
	}
}

// FuzzOpen asks that no bytes make reading panic, or take memory or time out of
// proportion.
func FuzzOpen(f *testing.F) {
	f.Add(sound().bytes())
	for _, h := range []func(*Header){func(h *Header) { h.Clustered = false }, func(h *Header) { h.Compression = None }, func(h *Header) { h.Internal = None }} {
		b := sound()
		b.edit = withHeader(h)
		f.Add(b.bytes())
	}
	flat := sound()
	flat.edit = func(file []byte, h Header) []byte {
		h.Internal = None
		root, leaf, metadata := encodeDirectory(flat.root), encodeDirectory(flat.leaf), []byte(flat.metadata)
		h.RootLength = uint64(len(root))
		h.LeafOffset, h.LeafLength = h.RootOffset+h.RootLength, uint64(len(leaf))
		h.MetadataOffset, h.MetadataLength = h.LeafOffset+h.LeafLength, uint64(len(metadata))
		h.DataOffset, h.DataLength = h.MetadataOffset+h.MetadataLength, uint64(len(flat.data))
		return slices.Concat(h.encode(), root, leaf, metadata, flat.data)
	}
	f.Add(flat.bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := Verify(bytes.NewReader(file), int64(len(file)), Checks{MaxTile: 1 << 16})
		if err != nil {
			t.Fatal(err)
		}
		a, err := Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			if len(r.Faults) == 0 {
				t.Errorf("sound, but %v", err)
			}
			return
		}
		n := 0
		for e, err := range a.Entries() {
			if err != nil {
				if len(r.Faults) == 0 {
					t.Errorf("sound, but %v", err)
				}
				break
			}
			data, err := a.Tile(e.ID)
			if r.Err() == nil && (err != nil || len(data) != int(e.Length)) {
				t.Errorf("tile %s has %d bytes, %v", e.ID, len(data), err)
			}
			if n++; n == 100 {
				break
			}
		}
		a.Tile(0)
		a.Tile(endID - 1)
		a.Metadata()
	})
}

// FuzzDirectory asks that what decodes encodes to what decodes alike.
func FuzzDirectory(f *testing.F) {
	f.Add(encodeDirectory(sound().root))
	f.Add(encodeDirectory(sound().leaf))
	f.Add([]byte{1, 5, 1, 9, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, fault := decodeDirectory(b)
		if fault != nil {
			return
		}
		again, fault := decodeDirectory(encodeDirectory(entries))
		if fault != nil || !slices.Equal(entries, again) {
			t.Errorf("%v, %v, not %v", again, fault, entries)
		}
	})
}

func TestHeaderGoesThereAndBack(t *testing.T) {
	t.Parallel()
	want := sound().header
	want.RootOffset, want.RootLength, want.MetadataOffset, want.MetadataLength = 127, 2, 3, 4
	want.LeafOffset, want.LeafLength, want.DataOffset, want.DataLength = 5, 6, 7, 8
	want.Bounds[0], want.Center[1] = -1790000000, -5
	b := want.encode()
	if got, fault := decodeHeader(b); fault != nil || got != want || len(b) != headerSize {
		t.Errorf("%+v, %v", got, fault)
	}
}

func TestMetadataKeysAreKept(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(described.Metadata)
	want := `{"name":"地块","register_seq":811,"vector_layers":[{"id":"plots","description":"","fields":{"plot_no":"String"},"minzoom":0,"maxzoom":18}],"version":"1.0.0"}`
	if err != nil || string(b) != want {
		t.Errorf("%s, %v", b, err)
	}
}
