package pmtiles

import (
	"bytes"
	"iter"
)

// Kind is how a tile of one archive differs in another.
type Kind uint8

// The kinds of change.
const (
	Added Kind = iota + 1
	Removed
	Altered
)

func (k Kind) String() string { return [...]string{"same", "added", "removed", "altered"}[k&3] }

// Change is a run of tiles that differ in one way.
type Change struct {
	ID   ID
	Run  uint64
	Kind Kind
}

// IDs gives the ids of the run.
func (c Change) IDs() iter.Seq[ID] {
	return func(yield func(ID) bool) {
		for id := c.ID; id < c.ID+ID(c.Run); id++ {
			if !yield(id) {
				return
			}
		}
	}
}

// Diff gives what differs between two archives, in the order of ids, until an
// error. Tiles are the same whose data are, once decompressed.
func Diff(from, to *Archive) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		d := differ{from: from, to: to, same: map[[2]uint64]bool{}, yield: yield}
		d.run()
	}
}

type differ struct {
	from, to *Archive
	same     map[[2]uint64]bool // by offsets
	f, g     inflater
	last     Change
	yield    func(Change, error) bool
}

// maxSame bounds the memory of what has been compared: contents that many tiles
// share are met again soon.
const maxSame = 1 << 16

func (d *differ) run() {
	nextFrom, stopFrom := iter.Pull2(d.from.Entries())
	defer stopFrom()
	nextTo, stopTo := iter.Pull2(d.to.Entries())
	defer stopTo()
	var a, b Entry // what is left of the entries at hand, none when the run is 0
	var err error
	moreA, moreB := true, true
	for {
		if a, moreA, err = fill(a, moreA, nextFrom); err == nil {
			b, moreB, err = fill(b, moreB, nextTo)
		}
		if err != nil {
			d.yield(Change{}, err)
			return
		}
		var c Change
		switch {
		case !moreA && !moreB:
			d.tell(Change{})
			return
		case !moreB || moreA && a.ID < b.ID:
			end := a.end()
			if moreB {
				end = min(end, b.ID)
			}
			c = Change{a.ID, uint64(end - a.ID), Removed}
			a = a.from(end)
		case !moreA || b.ID < a.ID:
			end := b.end()
			if moreA {
				end = min(end, a.ID)
			}
			c = Change{b.ID, uint64(end - b.ID), Added}
			b = b.from(end)
		default:
			end := min(a.end(), b.end())
			same, err := d.compare(a, b)
			if err != nil {
				d.yield(Change{}, err)
				return
			}
			if !same {
				c = Change{a.ID, uint64(end - a.ID), Altered}
			}
			a, b = a.from(end), b.from(end)
		}
		if c.Run > 0 && !d.tell(c) {
			return
		}
	}
}

// from is what of an entry's run is left from an id on.
func (e Entry) from(id ID) Entry {
	e.Run, e.ID = uint32(e.end()-id), id
	return e
}

func fill(e Entry, more bool, next func() (Entry, error, bool)) (Entry, bool, error) {
	if !more || e.Run > 0 {
		return e, more, nil
	}
	e, err, more := next()
	return e, more, err
}

// tell joins a change to the one before, or tells that.
func (d *differ) tell(c Change) bool {
	if c.Kind == d.last.Kind && d.last.ID+ID(d.last.Run) == c.ID {
		d.last.Run += c.Run
		return true
	}
	last := d.last
	d.last = c
	return last.Run == 0 || d.yield(last, nil)
}

func (d *differ) compare(a, b Entry) (bool, error) {
	key := [2]uint64{a.Offset, b.Offset}
	if same, known := d.same[key]; known {
		return same, nil
	}
	x, err := d.from.Read(a)
	if err != nil {
		return false, err
	}
	y, err := d.to.Read(b)
	if err != nil {
		return false, err
	}
	same := bytes.Equal(x, y) && d.from.Header.Compression == d.to.Header.Compression
	if !same && d.from.Header.Compression.read() && d.to.Header.Compression.read() {
		if x, err = d.f.inflate(d.from.Header.Compression, x, maxTile); err != nil {
			return false, flaw(TileUnread, "%v", err).at(a.ID)
		}
		if y, err = d.g.inflate(d.to.Header.Compression, y, maxTile); err != nil {
			return false, flaw(TileUnread, "%v", err).at(b.ID)
		}
		same = bytes.Equal(x, y)
	}
	if len(d.same) == maxSame {
		clear(d.same)
	}
	d.same[key] = same
	return same, nil
}
