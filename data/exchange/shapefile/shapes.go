package shapefile

import (
	"encoding/binary"
	"io"
	"math"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/geo"
)

// Numbers of the format.
const (
	fileCode     = 9994
	fileVersion  = 1000
	polygonShape = 5
	headerLength = 100
	largestPart  = math.MaxInt32 // bytes; readers take offsets for signed
)

// shapes gathers the records of a .shp, whose header tells their length and
// extent.
type shapes struct {
	spool   *outlet.Spool
	bound   orb.Bound
	lengths []int32 // of the records' contents, in bytes
	total   int64
	buffer  []byte
}

func newShapes() (*shapes, error) {
	spool, err := outlet.NewSpool()
	return &shapes{spool: spool}, err
}

func (s *shapes) close() { s.spool.Close() }

// add writes a polygon: outer rings clockwise, holes anticlockwise.
func (s *shapes) add(p geo.MultiPolygon) error {
	var parts, points int
	for _, polygon := range p {
		for _, ring := range polygon {
			parts++
			points += len(outlet.Closed(ring))
		}
	}
	length := 44 + 4*parts + 16*points
	if s.total += int64(8 + length); headerLength+s.total > largestPart {
		return &TooLargeError{".shp"}
	}
	b := p.Bound()
	if len(s.lengths) == 0 {
		s.bound = b
	}
	s.bound = s.bound.Union(b)
	s.lengths = append(s.lengths, int32(length))

	out := binary.BigEndian.AppendUint32(s.buffer[:0], uint32(len(s.lengths)))
	out = binary.BigEndian.AppendUint32(out, uint32(length/2))
	out = binary.LittleEndian.AppendUint32(out, polygonShape)
	out = appendBound(out, b)
	out = binary.LittleEndian.AppendUint32(out, uint32(parts))
	out = binary.LittleEndian.AppendUint32(out, uint32(points))
	first := 0
	for _, polygon := range p {
		for _, ring := range polygon {
			out = binary.LittleEndian.AppendUint32(out, uint32(first))
			first += len(outlet.Closed(ring))
		}
	}
	for _, polygon := range p {
		for i, ring := range polygon {
			out = appendRing(out, outlet.Closed(ring), i > 0)
		}
	}
	s.buffer = out
	_, err := s.spool.Write(out)
	return err
}

func appendRing(out []byte, ring geo.Ring, hole bool) []byte {
	backwards := (geo.SignedArea(ring) > 0) != hole
	for i := range ring {
		q := ring[i]
		if backwards {
			q = ring[len(ring)-1-i]
		}
		out = appendDouble(appendDouble(out, q[0]), q[1])
	}
	return out
}

func appendDouble(out []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
}

func appendBound(out []byte, b orb.Bound) []byte {
	for _, v := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		out = appendDouble(out, v)
	}
	return out
}

// header is that of a .shp or .shx of a length in bytes.
func (s *shapes) header(length int64) []byte {
	out := binary.BigEndian.AppendUint32(nil, fileCode)
	out = append(out, make([]byte, 20)...)
	out = binary.BigEndian.AppendUint32(out, uint32(length/2))
	out = binary.LittleEndian.AppendUint32(out, fileVersion)
	out = binary.LittleEndian.AppendUint32(out, polygonShape)
	out = appendBound(out, s.bound)
	return append(out, make([]byte, 32)...) // no Z, no M
}

func (s *shapes) writeShapes(w io.Writer) error {
	if _, err := w.Write(s.header(headerLength + s.total)); err != nil {
		return err
	}
	return s.spool.CopyTo(w)
}

func (s *shapes) writeIndex(w io.Writer) error {
	out := s.header(headerLength + 8*int64(len(s.lengths)))
	at := int64(headerLength)
	for _, length := range s.lengths {
		out = binary.BigEndian.AppendUint32(out, uint32(at/2))
		out = binary.BigEndian.AppendUint32(out, uint32(length/2))
		at += 8 + int64(length)
	}
	_, err := w.Write(out)
	return err
}
