package pmtiles

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// Options describe an archive to be written.
type Options struct {
	Type        Type
	Compression Compression // of the tiles, which come compressed
	Bounds      [4]float64  // west, south, east, north in degrees
	Center      [2]float64  // lon, lat in degrees
	CenterZoom  int
	Metadata    Metadata
	Fingerprint string // of what is packed: a partial archive is resumed only for the same
}

// Writer writes an archive. Tiles come in the order of ids; memory is some 24
// bytes an entry and 64 a content. The archive grows under its name with .part
// behind it, beside a journal, and has its name when it is finished. One
// goroutine at a time may use a writer.
type Writer struct {
	path          string
	options       Options
	fingerprint   [sha256.Size]byte
	data, journal *os.File
	pendingData   []byte
	pendingTold   []byte
	entries       []Entry
	contents      map[digest]content
	begin         ID     // where it went on
	next          ID     // the least id that may come
	length        uint64 // of the data so far
	tiles         uint64
	resumed       uint64
	err           error // that stopped it
}

type content struct {
	offset uint64
	length uint32
}

// flushAt is how many bytes are collected before they are written.
const flushAt = 1 << 20

// Errors of writing.
var (
	ErrBusy  = errors.New("another process is packing this archive")
	ErrOrder = errors.New("tiles must come in the order of their ids, each once")
	ErrEmpty = errors.New("an archive must have a tile")
)

// Create begins an archive. What an earlier pack left of it is given up.
func Create(path string, o Options) (*Writer, error) { return begin(path, o, false) }

// Resume goes on with the archive that a pack with the same options left
// unfinished, after its last tile that is whole; see Next. When there is none it
// begins one.
func Resume(path string, o Options) (*Writer, error) { return begin(path, o, true) }

func begin(path string, o Options, resume bool) (w *Writer, err error) {
	w = &Writer{path: path, options: o, contents: map[digest]content{}}
	if fault := checkPosition(w.header()); fault != nil {
		return nil, fault
	}
	if o.Type == MVT && len(o.Metadata.VectorLayers) == 0 {
		return nil, flaw(VectorLayers, "none")
	}
	told, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	w.fingerprint = sha256.Sum256(told)
	defer func() {
		if err != nil {
			w.closeFiles()
			w = nil
		}
	}()
	if w.data, err = os.OpenFile(w.part(), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return w, err
	}
	if err := syscall.Flock(int(w.data.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return w, fmt.Errorf("%s: %w", path, ErrBusy)
	}
	if w.journal, err = os.OpenFile(w.told(), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return w, err
	}
	journalEnd, dataEnd := int64(0), int64(rootEnd)
	if resume {
		journalEnd, dataEnd = w.replay(w.journal, w.data)
		w.begin, w.resumed = w.next, w.tiles
	}
	if journalEnd == 0 {
		w.pendingTold = append([]byte(journalMagic), w.fingerprint[:]...)
	}
	return w, errors.Join(cut(w.data, dataEnd), cut(w.journal, journalEnd))
}

// cut leaves size bytes of a file, to be written on from there.
func cut(f *os.File, size int64) error {
	if err := f.Truncate(size); err != nil {
		return err
	}
	_, err := f.Seek(size, io.SeekStart)
	return err
}

func (w *Writer) part() string { return w.path + ".part" }
func (w *Writer) told() string { return w.path + ".part.journal" }

// Next is the least id that may be added: after resuming, ids before it are
// done, in the archive or left out.
func (w *Writer) Next() ID { return w.next }

// Resumed is the number of tiles that were taken up from an earlier pack.
func (w *Writer) Resumed() uint64 { return w.resumed }

// Tiles is the number of tiles so far.
func (w *Writer) Tiles() uint64 { return w.tiles }

// Add writes a tile, compressed as the options say.
func (w *Writer) Add(id ID, data []byte) error { return w.AddRun(id, 1, data) }

// AddRun writes the same data for run tiles from an id on.
func (w *Writer) AddRun(id ID, run uint32, data []byte) error {
	if w.err != nil {
		return w.err
	}
	e := Entry{ID: id, Offset: w.length, Length: uint32(len(data)), Run: run}
	switch {
	case id < w.next, run == 0, e.end() > endID, e.end() < id:
		return fmt.Errorf("tile %s after %s: %w", id, w.next-1, ErrOrder)
	case len(data) == 0 || len(data) > maxTile:
		return fmt.Errorf("tile %s has %d bytes", id, len(data))
	}
	sum := digestOf(data)
	if old, known := w.contents[sum]; known {
		e.Offset = old.offset
	} else {
		w.pendingData = append(w.pendingData, data...)
	}
	w.pendingTold = appendRecord(w.pendingTold, e, sum)
	w.take(e, sum)
	if len(w.pendingData) > flushAt || len(w.pendingTold) > flushAt {
		return w.flush()
	}
	return nil
}

// take enters a tile in the directory; the next of the same content joins it.
func (w *Writer) take(e Entry, sum digest) {
	w.next = e.end()
	w.tiles += uint64(e.Run)
	if _, known := w.contents[sum]; !known {
		w.contents[sum] = content{e.Offset, e.Length}
		w.length += uint64(e.Length)
	}
	if n := len(w.entries); n > 0 {
		last := &w.entries[n-1]
		if last.end() == e.ID && last.Offset == e.Offset && uint64(last.Run)+uint64(e.Run) <= math.MaxUint32 {
			last.Run += e.Run
			return
		}
	}
	w.entries = append(w.entries, e)
}

// flush writes data before the journal tells of them.
func (w *Writer) flush() error {
	if w.err != nil {
		return w.err
	}
	if _, w.err = w.data.Write(w.pendingData); w.err == nil {
		_, w.err = w.journal.Write(w.pendingTold)
	}
	w.pendingData, w.pendingTold = w.pendingData[:0], w.pendingTold[:0]
	return w.err
}

// Close leaves an unfinished archive to be resumed; after Finish it does nothing.
func (w *Writer) Close() error {
	if w.data == nil {
		return nil
	}
	return errors.Join(w.flush(), w.closeFiles())
}

func (w *Writer) closeFiles() error {
	var err error
	for _, f := range []*os.File{w.data, w.journal} {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	w.data, w.journal = nil, nil
	if w.err == nil {
		w.err = os.ErrClosed
	}
	return err
}

// Finish writes directories, metadata and header, puts the archive under its
// name once the disk has it, and closes the writer. On an error the archive is
// left to be resumed.
func (w *Writer) Finish() (Header, error) {
	if w.err != nil {
		return Header{}, w.err
	}
	h, err := w.finish()
	return h, errors.Join(err, w.closeFiles())
}

func (w *Writer) finish() (Header, error) {
	h := w.header()
	if len(w.entries) == 0 {
		return h, ErrEmpty
	}
	if err := w.flush(); err != nil {
		return h, err
	}
	root, leaves := directories(w.entries)
	described, err := json.Marshal(w.options.Metadata)
	if err != nil {
		return h, err
	}
	described = compress(described)
	h.Tiles, h.Entries, h.Contents, h.Clustered = w.tiles, uint64(len(w.entries)), uint64(len(w.contents)), true
	h.MinZoom, h.MaxZoom = uint8(w.entries[0].ID.Zoom()), uint8((w.next - 1).Zoom())
	h.CenterZoom = min(max(h.CenterZoom, h.MinZoom), h.MaxZoom)
	h.RootOffset, h.RootLength = headerSize, uint64(len(root))
	h.DataOffset, h.DataLength = rootEnd, w.length
	h.LeafOffset, h.LeafLength = h.DataOffset+h.DataLength, uint64(len(leaves))
	h.MetadataOffset, h.MetadataLength = h.LeafOffset+h.LeafLength, uint64(len(described))
	front := make([]byte, rootEnd)
	copy(front[copy(front, h.encode()):], root)
	if _, err = w.data.Write(append(leaves, described...)); err == nil {
		_, err = w.data.WriteAt(front, 0)
	}
	if err == nil {
		err = w.data.Sync()
	}
	if err == nil {
		err = os.Rename(w.part(), w.path)
	}
	if err == nil {
		err = errors.Join(os.Remove(w.told()), syncFolder(filepath.Dir(w.path)))
	}
	return h, err
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// header holds what the options say.
func (w *Writer) header() Header {
	o := w.options
	h := Header{Internal: Gzip, Compression: o.Compression, Type: o.Type, CenterZoom: uint8(min(max(o.CenterZoom, 0), MaxZoom))}
	for i, v := range o.Bounds {
		h.Bounds[i] = e7(v)
	}
	for i, v := range o.Center {
		h.Center[i] = e7(v)
	}
	return h
}

// e7 encodes degrees (3.4); what is no number or off the globe fails checkPosition.
func e7(degrees float64) int32 {
	if !(math.Abs(degrees) <= 200) {
		return math.MaxInt32
	}
	return int32(math.Round(degrees * unitsE7))
}

// Directories split when the root does not fit: leaves of so many entries or
// more, and no more of them than so many at first.
const (
	minLeaf   = 4096
	maxLeaves = 3500
)

// directories makes root and leaf directories, compressed; leaves are made
// larger until the root fits in the first 16 KiB (4).
func directories(entries []Entry) (root, leaves []byte) {
	if root = compress(encodeDirectory(entries)); len(root) <= maxRoot {
		return root, nil
	}
	for size := max(minLeaf, len(entries)/maxLeaves); ; size += size / 5 {
		var pointers []Entry
		leaves = leaves[:0]
		for from := 0; from < len(entries); from += size {
			leaf := compress(encodeDirectory(entries[from:min(from+size, len(entries))]))
			pointers = append(pointers, Entry{ID: entries[from].ID, Offset: uint64(len(leaves)), Length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root = compress(encodeDirectory(pointers)); len(root) <= maxRoot {
			return root, leaves
		}
	}
}
