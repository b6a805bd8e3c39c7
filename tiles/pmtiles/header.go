package pmtiles

import "encoding/binary"

const (
	headerSize = 127           // 3
	rootEnd    = 16384         // where header and root directory end at the latest (2)
	maxRoot    = rootEnd - 127 // bytes of a root directory (4)
	magic      = "PMTiles"
	version    = 3
	unitsE7    = 10_000_000 // of a degree (3.4)
)

// Compression is how directories or tiles are compressed (3.3).
type Compression uint8

// The compressions. This package reads None and Gzip.
const (
	UnknownCompression Compression = iota
	None
	Gzip
	Brotli
	Zstd
)

// Type is a type of tiles (3.2).
type Type uint8

// The types of tiles.
const (
	Other Type = iota
	MVT
	PNG
	JPEG
	WebP
	AVIF
	MLT
)

// Header is an archive's header (3.2). Offsets count from the file's beginning.
type Header struct {
	RootOffset, RootLength         uint64
	MetadataOffset, MetadataLength uint64
	LeafOffset, LeafLength         uint64
	DataOffset, DataLength         uint64
	Tiles                          uint64 // addressed, before run lengths
	Entries                        uint64 // with a run length
	Contents                       uint64 // blobs in the data section
	Clustered                      bool
	Internal                       Compression // of directories and metadata
	Compression                    Compression // of tiles
	Type                           Type
	MinZoom, MaxZoom               uint8
	Bounds                         [4]int32 // west, south, east, north in 1e-7 degrees (3.4)
	CenterZoom                     uint8
	Center                         [2]int32 // lon, lat in 1e-7 degrees
}

func (h *Header) numbers() []*uint64 {
	return []*uint64{&h.RootOffset, &h.RootLength, &h.MetadataOffset, &h.MetadataLength, &h.LeafOffset, &h.LeafLength,
		&h.DataOffset, &h.DataLength, &h.Tiles, &h.Entries, &h.Contents}
}

// encode gives the header's 127 bytes (3.1).
func (h Header) encode() []byte {
	b := append(make([]byte, 0, headerSize), magic...)
	b = append(b, version)
	for _, n := range h.numbers() {
		b = binary.LittleEndian.AppendUint64(b, *n)
	}
	clustered := byte(0)
	if h.Clustered {
		clustered = 1
	}
	b = append(b, clustered, byte(h.Internal), byte(h.Compression), byte(h.Type), h.MinZoom, h.MaxZoom)
	for _, n := range h.Bounds {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	b = append(b, h.CenterZoom)
	for _, n := range h.Center {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

func decodeHeader(b []byte) (h Header, fault *Fault) {
	switch {
	case len(b) < headerSize:
		return h, flaw(Truncated, "%d bytes", len(b))
	case string(b[:7]) != magic:
		return h, flaw(Magic, "%q", b[:7])
	case b[7] != version:
		return h, flaw(Version, "%d", b[7])
	}
	at := 8
	for _, n := range h.numbers() {
		*n = binary.LittleEndian.Uint64(b[at:])
		at += 8
	}
	if b[at] > 1 {
		return h, flaw(Clustered, "%d", b[at])
	}
	h.Clustered = b[at] == 1
	h.Internal, h.Compression, h.Type = Compression(b[at+1]), Compression(b[at+2]), Type(b[at+3])
	h.MinZoom, h.MaxZoom = b[at+4], b[at+5]
	position := func(at int) int32 { return int32(binary.LittleEndian.Uint32(b[at:])) }
	for i := range h.Bounds {
		h.Bounds[i] = position(at + 6 + 4*i)
	}
	h.CenterZoom = b[at+22]
	h.Center = [2]int32{position(at + 23), position(at + 27)}
	return h, nil
}

// sections says whether header and directories can be read at all in a file of
// so many bytes.
func (h Header) sections(size int64) *Fault {
	for _, s := range h.spans() {
		if end := s.offset + s.length; end < s.offset || end > uint64(size) {
			return flaw(Section, "%s of %d bytes from byte %d in a file of %d", s.name, s.length, s.offset, size)
		}
	}
	if h.RootOffset < headerSize || h.RootLength == 0 || h.RootOffset+h.RootLength > rootEnd {
		return flaw(RootPlace, "%d bytes from byte %d", h.RootLength, h.RootOffset)
	}
	if !h.Internal.read() {
		return flaw(InternalForm, "compression %d", h.Internal)
	}
	return nil
}

type section struct {
	name           string
	offset, length uint64
}

func (h Header) spans() []section {
	return []section{{"root directory", h.RootOffset, h.RootLength}, {"metadata", h.MetadataOffset, h.MetadataLength},
		{"leaf directories", h.LeafOffset, h.LeafLength}, {"tile data", h.DataOffset, h.DataLength}}
}
