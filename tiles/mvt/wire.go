package mvt

import "encoding/binary"

// Wire types of protocol buffers; groups (3 and 4) have no place in a tile.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

// reader walks a message within a tile; its places are places in the tile.
type reader struct {
	b       []byte
	at, end int
}

// span is a stretch of the tile.
type span struct{ from, to int }

func (s span) reader(b []byte) reader { return reader{b, s.from, s.to} }

// field is a field of a message: a number for the wire types of numbers, a span
// for bytes.
type field struct {
	number uint64
	wire   int
	value  uint64
	bytes  span
	at     int // where its tag begins
}

// next reads a field; more is false at the message's end.
func (r *reader) next() (f field, more bool, fault *Fault) {
	if r.at >= r.end {
		return f, false, nil
	}
	f.at = r.at
	tag, fault := r.varint()
	if fault != nil {
		return f, false, fault
	}
	f.number, f.wire = tag>>3, int(tag&7)
	if f.number == 0 || f.number > 1<<29-1 {
		return f, false, flaw(WireField, f.at, "field number %d", f.number)
	}
	switch f.wire {
	case wireVarint:
		f.value, fault = r.varint()
	case wire64:
		if r.end-r.at < 8 {
			return f, false, flaw(WireTruncated, r.at, "8 bytes of field %d end after %d", f.number, r.end-r.at)
		}
		f.value = binary.LittleEndian.Uint64(r.b[r.at:])
		r.at += 8
	case wire32:
		if r.end-r.at < 4 {
			return f, false, flaw(WireTruncated, r.at, "4 bytes of field %d end after %d", f.number, r.end-r.at)
		}
		f.value = uint64(binary.LittleEndian.Uint32(r.b[r.at:]))
		r.at += 4
	case wireBytes:
		var n uint64
		if n, fault = r.varint(); fault != nil {
			break
		}
		if n > uint64(r.end-r.at) {
			return f, false, flaw(WireTruncated, f.at, "field %d is to have %d bytes where %d are left", f.number, n, r.end-r.at)
		}
		f.bytes = span{r.at, r.at + int(n)}
		r.at += int(n)
	default:
		return f, false, flaw(WireType, f.at, "wire type %d of field %d", f.wire, f.number)
	}
	return f, fault == nil, fault
}

func (r *reader) varint() (uint64, *Fault) {
	if r.at < r.end && r.b[r.at] < 0x80 {
		r.at++
		return uint64(r.b[r.at-1]), nil
	}
	v, n := binary.Uvarint(r.b[r.at:r.end])
	switch {
	case n == 0:
		return 0, flaw(WireTruncated, r.at, "a varint does not end")
	case n < 0:
		return 0, flaw(WireVarint, r.at, "a varint exceeds 64 bits")
	}
	r.at += n
	return v, nil
}

// uint32 reads one number of a packed field.
func (r *reader) uint32() (uint32, *Fault) {
	at := r.at
	v, fault := r.varint()
	if fault == nil && v > 1<<32-1 {
		return 0, flaw(Uint32, at, "%d exceeds 32 bits", v)
	}
	return uint32(v), fault
}

// is asks for the wire type that vector_tile.proto gives a field.
func (f field) is(wire int) *Fault {
	if f.wire != wire {
		return flaw(FieldType, f.at, "field %d has wire type %d, not %d", f.number, f.wire, wire)
	}
	return nil
}
