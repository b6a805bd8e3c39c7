package plotset

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
)

// A kept set is chunks of blocks, a table of what they share, and a trailer that
// says where the table is. Numbers are little-endian. Every chunk and the table
// carry a CRC-32C, so that what a disk spoils is noticed.
const (
	keptFormat  = "dikuai plots 1\n\n"
	trailerSize = 8 + 8 + 4 + len(keptFormat)
	chunkBytes  = 4 << 20 // a chunk ends with the block that makes it longer
	recordSize  = 8 + 8 + 4*8 + 4 + 4 + 2*4 + 3*4 + 4*2
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// keptTable is what the chunks of a kept set share.
type keptTable struct {
	Kinds   []Kind // without their numbers
	Holders []string
	Chunks  []keptChunk
	IDs     []land.PlotID // of all plots, ascending
	Along   []int64       // where on the curve each of them lies
}

// keptChunk is where a chunk is, in bytes from the beginning, and its blocks.
type keptChunk struct {
	Offset, Length int64
	Sum            uint32
	Blocks         int
}

// Keep writes the set so that Kept can read it.
func (s *Set) Keep(to io.Writer) error {
	k := keeper{to: to, kindAt: map[*Kind]uint32{}, holderAt: map[string]uint32{}}
	s.blocks.Ascend(0, func(b *block) bool {
		k.add(b)
		return k.err == nil
	})
	k.flush()
	k.table.IDs, k.table.Along = make([]land.PlotID, 0, s.Len()), make([]int64, 0, s.Len())
	s.byID.Scan(func(id land.PlotID, along int64) bool {
		k.table.IDs, k.table.Along = append(k.table.IDs, id), append(k.table.Along, along)
		return true
	})
	return k.finish()
}

// keeper writes a set.
type keeper struct {
	to       io.Writer
	err      error
	at       int64
	chunk    []byte
	blocks   int // in the chunk
	kindAt   map[*Kind]uint32
	holderAt map[string]uint32
	table    keptTable
}

func (k *keeper) write(b []byte) {
	if k.err == nil {
		_, k.err = k.to.Write(b)
		k.at += int64(len(b))
	}
}

func (k *keeper) flush() {
	if k.blocks == 0 {
		return
	}
	k.table.Chunks = append(k.table.Chunks, keptChunk{k.at, int64(len(k.chunk)), crc32.Checksum(k.chunk, castagnoli), k.blocks})
	k.write(k.chunk)
	k.chunk, k.blocks = k.chunk[:0], 0
}

func (k *keeper) finish() error {
	var table bytes.Buffer
	if err := gob.NewEncoder(&table).Encode(k.table); err != nil && k.err == nil {
		k.err = err
	}
	trailer := binary.LittleEndian.AppendUint64(nil, uint64(k.at))
	trailer = binary.LittleEndian.AppendUint64(trailer, uint64(table.Len()))
	trailer = binary.LittleEndian.AppendUint32(trailer, crc32.Checksum(table.Bytes(), castagnoli))
	k.write(table.Bytes())
	k.write(append(trailer, keptFormat...))
	return k.err
}

func (k *keeper) kind(kind *Kind) uint32 {
	i, ok := k.kindAt[kind]
	if !ok {
		i = uint32(len(k.table.Kinds))
		k.kindAt[kind] = i
		plain := *kind
		plain.Index, plain.Values, plain.useNumber = 0, Values{}, 0
		k.table.Kinds = append(k.table.Kinds, plain)
	}
	return i
}

func (k *keeper) holder(text string) uint32 {
	i, ok := k.holderAt[text]
	if !ok {
		i = uint32(len(k.table.Holders))
		k.holderAt[text] = i
		k.table.Holders = append(k.table.Holders, text)
	}
	return i
}

// add appends a block to the chunk.
func (k *keeper) add(b *block) {
	le := binary.LittleEndian
	to := k.chunk
	labels := b.labels.Load()
	labelled := uint32(0)
	if labels != nil {
		labelled = 1
	}
	to = le.AppendUint64(to, uint64(b.from))
	for _, n := range [...]int{b.len(), len(b.ends), len(b.points), len(b.texts), len(b.kinds), len(b.holders), len(b.odd)} {
		to = le.AppendUint32(to, uint32(n))
	}
	to = le.AppendUint32(to, labelled)
	for _, box := range append([]Box{b.box}, b.boxes...) {
		for _, v := range [...]uint32{box.Min.X, box.Min.Y, box.Max.X, box.Max.Y} {
			to = le.AppendUint32(to, v)
		}
	}
	for i := range b.records {
		to = b.records[i].appendTo(to)
	}
	for _, end := range b.ends {
		to = le.AppendUint32(to, end)
	}
	for _, p := range b.points {
		to = le.AppendUint32(le.AppendUint32(to, p[0]), p[1])
	}
	to = append(append(to, b.fine...), b.texts...)
	for _, kind := range b.kinds {
		to = le.AppendUint32(to, k.kind(kind))
	}
	for _, holder := range b.holders {
		to = le.AppendUint32(to, k.holder(holder))
	}
	if labels != nil {
		for _, l := range *labels {
			to = append(le.AppendUint32(le.AppendUint32(to, l.At.X), l.At.Y), l.Zoom)
		}
	}
	for i := range b.len() {
		if p, ok := b.odd[i]; ok {
			to = appendOdd(le.AppendUint32(to, uint32(i)), p)
		}
	}
	k.chunk = to
	if k.blocks++; len(to) >= chunkBytes {
		k.flush()
	}
}

func (r *record) appendTo(to []byte) []byte {
	le := binary.LittleEndian
	to = le.AppendUint64(to, uint64(r.id))
	to = le.AppendUint64(to, uint64(r.recorded))
	for _, v := range [...]float64{r.area, r.ellipsoid, r.stated, r.gfaMax} {
		to = le.AppendUint64(to, math.Float64bits(v))
	}
	for _, v := range [...]uint32{r.centiMu, uint32(r.version), uint32(r.validFrom), uint32(r.suppliedOn), r.text, r.ring, r.point} {
		to = le.AppendUint32(to, v)
	}
	for _, v := range [...]uint16{r.numberLen, r.nameLen, r.kind, r.holder} {
		to = le.AppendUint16(to, v)
	}
	return to
}

// appendOdd writes a boundary as its doubles are.
func appendOdd(to []byte, p orb.MultiPolygon) []byte {
	le := binary.LittleEndian
	to = le.AppendUint32(to, uint32(len(p)))
	for _, polygon := range p {
		to = le.AppendUint32(to, uint32(len(polygon)))
		for _, ring := range polygon {
			to = le.AppendUint32(to, uint32(len(ring)))
			for _, q := range ring {
				to = le.AppendUint64(le.AppendUint64(to, math.Float64bits(q[0])), math.Float64bits(q[1]))
			}
		}
	}
	return to
}

// errKept tells why a kept set cannot be read.
func errKept(why string) error { return fmt.Errorf("kept plots: %s", why) }
