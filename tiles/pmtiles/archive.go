package pmtiles

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"sync"
)

const (
	maxLeafDepth = 3       // leaves below leaves; the specification discourages even a second (4)
	maxMetadata  = 8 << 20 // bytes of metadata once decompressed
	maxCached    = 1 << 20 // entries of leaf directories kept
	maxTile      = 64 << 20
)

// Archive reads an archive; any number of goroutines may.
type Archive struct {
	Header Header
	r      io.ReaderAt
	close  func() error
	root   []Entry

	mu     sync.Mutex
	leaves map[uint64][]Entry // by offset
	cached int
}

// Open reads header and root directory of an archive of size bytes. The error
// of an archive that cannot be read is a *Fault.
func Open(r io.ReaderAt, size int64) (*Archive, error) {
	a := &Archive{r: r, leaves: map[uint64][]Entry{}, close: func() error { return nil }}
	b := make([]byte, min(size, headerSize))
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return nil, err
	}
	h, fault := decodeHeader(b)
	if fault == nil {
		fault = h.sections(size)
	}
	if fault != nil {
		return nil, fault
	}
	a.Header = h
	var err error
	if a.root, err = a.directory(h.RootOffset, h.RootLength); err != nil {
		return nil, fmt.Errorf("root directory: %w", err)
	}
	return a, nil
}

// OpenFile opens an archive that Close closes.
func OpenFile(path string) (*Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	a, err := Open(f, info.Size())
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a.close = f.Close
	return a, nil
}

// Close closes the file of OpenFile.
func (a *Archive) Close() error { return a.close() }

// read reads length bytes that the header has found to lie within the file.
func (a *Archive) read(offset, length uint64) ([]byte, error) {
	b := make([]byte, length)
	if _, err := a.r.ReadAt(b, int64(offset)); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}

func (a *Archive) directory(offset, length uint64) ([]Entry, error) {
	if length > maxDirectory {
		return nil, flaw(DirectorySize, "%d bytes", length)
	}
	b, err := a.read(offset, length)
	if err != nil {
		return nil, err
	}
	var f inflater
	if b, err = f.inflate(a.Header.Internal, b, maxDirectory); err == errTooLarge {
		return nil, flaw(DirectorySize, "%v", err)
	} else if err != nil {
		return nil, flaw(DirectoryForm, "%v", err)
	}
	entries, fault := decodeDirectory(b)
	if fault != nil {
		return nil, fault
	}
	return entries, nil
}

// leaf reads a leaf directory that an entry of Run 0 points at.
func (a *Archive) leaf(e Entry) ([]Entry, error) {
	if e.Offset+uint64(e.Length) > a.Header.LeafLength {
		return nil, flaw(EntryPlace, "a leaf of %d bytes at %d of %d", e.Length, e.Offset, a.Header.LeafLength).at(e.ID)
	}
	entries, err := a.directory(a.Header.LeafOffset+e.Offset, uint64(e.Length))
	if err != nil {
		if fault, ok := err.(*Fault); ok && fault.Tile == nil {
			return nil, fault.at(e.ID)
		}
		return nil, err
	}
	if entries[0].ID != e.ID {
		return nil, flaw(LeafStart, "the leaf of %s begins with %s", e.ID, entries[0].ID).at(e.ID)
	}
	return entries, nil
}

// cachedLeaf is leaf with a memory of those asked for lately.
func (a *Archive) cachedLeaf(e Entry) ([]Entry, error) {
	a.mu.Lock()
	entries, ok := a.leaves[e.Offset]
	a.mu.Unlock()
	if ok {
		return entries, nil
	}
	entries, err := a.leaf(e)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cached+len(entries) > maxCached {
		clear(a.leaves)
		a.cached = 0
	}
	if _, ok := a.leaves[e.Offset]; !ok {
		a.leaves[e.Offset] = entries
		a.cached += len(entries)
	}
	return entries, nil
}

// Tile gives a tile's data as they are stored, compressed or not; nil when there
// is no such tile.
func (a *Archive) Tile(id ID) ([]byte, error) {
	entries := a.root
	for range maxLeafDepth + 1 {
		e, ok := find(entries, id)
		switch {
		case !ok, e.Run > 0 && id >= e.end():
			return nil, nil
		case e.Run > 0:
			return a.Read(e)
		}
		var err error
		if entries, err = a.cachedLeaf(e); err != nil {
			return nil, err
		}
	}
	return nil, flaw(LeafDepth, "more than %d levels", maxLeafDepth).at(id)
}

// Read gives the data that an entry with a run refers to, as they are stored.
func (a *Archive) Read(e Entry) ([]byte, error) {
	if e.Offset+uint64(e.Length) > a.Header.DataLength {
		return nil, flaw(EntryPlace, "%d bytes at %d of %d", e.Length, e.Offset, a.Header.DataLength).at(e.ID)
	}
	if e.Length > maxTile {
		return nil, flaw(TileSize, "%d bytes", e.Length).at(e.ID)
	}
	return a.read(a.Header.DataOffset+e.Offset, uint64(e.Length))
}

// Entries gives the entries of all tiles, in the order of ids, until an error.
func (a *Archive) Entries() iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		w := walker{a: a, yield: func(e Entry) bool { return yield(e, nil) },
			bad: func(err error) bool { yield(Entry{}, err); return false }}
		w.walk(a.root, endID, 0)
	}
}

// walker visits the entries of an archive. What it does on a hostile one stays in
// proportion to the file: no byte may be part of two leaves that are read.
type walker struct {
	a     *Archive
	yield func(Entry) bool
	bad   func(error) bool // whether to go on
	read  uint64           // bytes of leaves so far
}

// walk visits a directory whose tiles must end before an id.
func (w *walker) walk(entries []Entry, end ID, depth int) bool {
	for i, e := range entries {
		until := end
		if i+1 < len(entries) {
			until = entries[i+1].ID
		}
		if e.Run > 0 {
			if e.end() > until {
				if !w.bad(flaw(EntryOverlap, "%d tiles from %s overlap the next leaf", e.Run, e.ID).at(e.ID)) {
					return false
				}
				continue
			}
			if !w.yield(e) {
				return false
			}
			continue
		}
		if w.read += uint64(e.Length); w.read > w.a.Header.LeafLength {
			w.bad(flaw(EntryPlace, "leaves have more than %d bytes", w.a.Header.LeafLength).at(e.ID))
			return false
		}
		if depth == maxLeafDepth {
			if !w.bad(flaw(LeafDepth, "more than %d levels", maxLeafDepth).at(e.ID)) {
				return false
			}
			continue
		}
		leaf, err := w.a.leaf(e)
		if err == nil && leaf[len(leaf)-1].ID >= until {
			err = flaw(EntryOverlap, "the leaf of %s overlaps the next", e.ID).at(e.ID)
		}
		if err != nil {
			if !w.bad(err) {
				return false
			}
			continue
		}
		if !w.walk(leaf, until, depth+1) {
			return false
		}
	}
	return true
}

// Metadata gives the archive's metadata.
func (a *Archive) Metadata() (Metadata, error) {
	var m Metadata
	b, err := a.metadata()
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	return m, err
}

func (a *Archive) metadata() ([]byte, error) {
	h := a.Header
	if h.MetadataLength > maxMetadata {
		return nil, errTooLarge
	}
	b, err := a.read(h.MetadataOffset, h.MetadataLength)
	if err != nil {
		return nil, err
	}
	var f inflater
	return f.inflate(h.Internal, b, maxMetadata)
}
