package pmtiles

import (
	"encoding/binary"
	"errors"
	"math"
	"sort"
)

// Entry is an entry of a directory (4.1): Run tiles from ID on have the content
// at Offset of the data section, or, when Run is 0, a leaf directory whose first
// tile is ID lies at Offset of the leaf section.
type Entry struct {
	ID     ID
	Offset uint64
	Length uint32
	Run    uint32
}

// end is the id after the entry's last tile.
func (e Entry) end() ID { return e.ID + ID(e.Run) }

const (
	maxDirectory = 8 << 20 // bytes of a directory once decompressed; our leaves have a tenth of a megabyte
	minEntry     = 4       // bytes that an entry takes at least
)

// encodeDirectory writes a directory (4.2, A.1), not yet compressed.
func encodeDirectory(entries []Entry) []byte {
	b := binary.AppendUvarint(make([]byte, 0, 8*len(entries)), uint64(len(entries)))
	last := ID(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.ID-last))
		last = e.ID
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.Run))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.Length))
	}
	next := uint64(0)
	for i, e := range entries {
		if i > 0 && e.Offset == next {
			b = append(b, 0)
		} else {
			b = binary.AppendUvarint(b, e.Offset+1)
		}
		next = e.Offset + uint64(e.Length)
	}
	return b
}

// decodeDirectory reads a directory (4.3, A.2), decompressed, and asks that its
// entries rise without overlap.
func decodeDirectory(b []byte) ([]Entry, *Fault) {
	r := varints{b: b}
	n := r.next(math.MaxUint64)
	if n == 0 || n > uint64(len(b))/minEntry {
		return nil, flaw(DirectoryForm, "%d entries in %d bytes", n, len(b))
	}
	entries := make([]Entry, n)
	id, order := uint64(0), -1
	for i := range entries {
		delta := r.next(uint64(endID-1) - id)
		if i > 0 && delta == 0 && r.err == nil && order < 0 {
			order = i
		}
		id += delta
		entries[i].ID = ID(id)
	}
	for i := range entries {
		entries[i].Run = uint32(r.next(math.MaxUint32))
	}
	for i := range entries {
		entries[i].Length = uint32(r.next(math.MaxUint32))
	}
	for i := range entries {
		e := &entries[i]
		switch offset := r.next(math.MaxInt64); {
		case offset > 0:
			e.Offset = offset - 1
		case i > 0:
			e.Offset = entries[i-1].Offset + uint64(entries[i-1].Length)
		case r.err == nil:
			return nil, flaw(DirectoryForm, "the first entry continues none")
		}
	}
	if r.err != nil {
		return nil, flaw(DirectoryForm, "%d entries: %v", n, r.err)
	}
	if r.at != len(b) {
		return nil, flaw(DirectoryForm, "%d bytes behind %d entries", len(b)-r.at, n)
	}
	if order > 0 {
		return nil, flaw(EntryOrder, "an id twice").at(entries[order].ID)
	}
	for i, e := range entries {
		switch {
		case e.Length == 0:
			return nil, flaw(EntryLength, "an entry without bytes").at(e.ID)
		case e.end() > endID:
			return nil, flaw(EntryOrder, "a run past the last zoom").at(e.ID)
		case i > 0 && entries[i-1].end() > e.ID:
			return nil, flaw(EntryOverlap, "%d tiles from %s overlap the next entry", entries[i-1].Run, entries[i-1].ID).at(e.ID)
		}
	}
	return entries, nil
}

// find gives the entry at or before an id.
func find(entries []Entry, id ID) (Entry, bool) {
	n := sort.Search(len(entries), func(i int) bool { return entries[i].ID > id })
	if n == 0 {
		return Entry{}, false
	}
	return entries[n-1], true
}

// varints reads numbers until one cannot be.
type varints struct {
	b   []byte
	at  int
	err error
}

func (r *varints) next(limit uint64) uint64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Uvarint(r.b[r.at:])
	switch {
	case n <= 0:
		r.err = errors.New("a number does not end")
		return 0
	case v > limit:
		r.err = errors.New("a number is too large")
		return 0
	}
	r.at += n
	return v
}
