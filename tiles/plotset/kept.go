package plotset

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"hash/crc32"
	"io"
	"math"
	"runtime"

	"github.com/paulmach/orb"
	"github.com/tidwall/btree"
	"golang.org/x/sync/errgroup"

	"github.com/dikuai/dikuai/data/land"
)

// Kept reads a set that Keep wrote, on all processors. What is spoilt or cut
// short is an error.
func Kept(from io.ReaderAt, size int64) (*Set, error) {
	table, err := readTable(from, size)
	if err != nil {
		return nil, err
	}
	set := &Set{byID: &btree.Map[land.PlotID, int64]{}, shared: newInterner()}
	kinds, holders := make([]*Kind, len(table.Kinds)), make([]string, len(table.Holders))
	for i, k := range table.Kinds {
		kinds[i] = set.shared.kind(k)
	}
	for i, h := range table.Holders {
		holders[i] = set.shared.text(h)
	}
	read := make([][]*block, len(table.Chunks))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range table.Chunks {
		group.Go(func() (err error) {
			read[i], err = c.read(from, kinds, holders)
			return err
		})
	}
	if len(table.IDs) != len(table.Along) {
		return nil, errKept("the table is not whole")
	}
	for i, id := range table.IDs {
		set.byID.Load(id, table.Along[i])
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var blocks []*block
	plots := 0
	for _, chunk := range read {
		blocks = append(blocks, chunk...)
		for _, b := range chunk {
			plots += b.len()
			for i := range b.len() {
				set.centiMu += int64(b.records[i].centiMu)
			}
		}
	}
	if plots != len(table.IDs) || plots != set.byID.Len() {
		return nil, errKept("the table does not fit the chunks")
	}
	set.blocks = blockIndex.Build(blocks)
	return set, nil
}

func readTable(from io.ReaderAt, size int64) (table keptTable, err error) {
	trailer := make([]byte, trailerSize)
	if size < int64(trailerSize) {
		return table, errKept("too short")
	}
	end := size - int64(trailerSize)
	if _, err := from.ReadAt(trailer, end); err != nil {
		return table, err
	}
	if string(trailer[trailerSize-len(keptFormat):]) != keptFormat {
		return table, errKept("not of this format")
	}
	le := binary.LittleEndian
	at, length := le.Uint64(trailer), le.Uint64(trailer[8:])
	if at > uint64(end) || length != uint64(end)-at {
		return table, errKept("the table is not where it should be")
	}
	text := make([]byte, length)
	if _, err := from.ReadAt(text, int64(at)); err != nil {
		return table, err
	}
	if crc32.Checksum(text, castagnoli) != le.Uint32(trailer[16:]) {
		return table, errKept("the table is spoilt")
	}
	return table, gob.NewDecoder(bytes.NewReader(text)).Decode(&table)
}

// read reads the blocks of a chunk.
func (c keptChunk) read(from io.ReaderAt, kinds []*Kind, holders []string) ([]*block, error) {
	if c.Length < 0 || c.Length > math.MaxInt32 || c.Blocks < 0 || int64(c.Blocks) > c.Length {
		return nil, errKept("a chunk has no such length")
	}
	text := make([]byte, c.Length)
	if _, err := from.ReadAt(text, c.Offset); err != nil {
		return nil, err
	}
	if crc32.Checksum(text, castagnoli) != c.Sum {
		return nil, errKept("a chunk is spoilt")
	}
	r := blockReader{text, false}
	blocks := make([]*block, c.Blocks)
	for i := range blocks {
		blocks[i] = r.block(kinds, holders)
		if r.bad || !blocks[i].sound() {
			return nil, errKept("a block is not whole")
		}
		blocks[i].listUses()
	}
	return blocks, nil
}

// blockReader reads what keeper.add wrote; it is bad once it read past the end.
type blockReader struct {
	text []byte
	bad  bool
}

// take is the next count × size bytes, which the caller reads from the front;
// none where there are too few.
func (r *blockReader) take(count uint32, size int) []byte {
	n := uint64(count) * uint64(size)
	if n > uint64(len(r.text)) {
		r.bad, r.text = true, nil
		return nil
	}
	taken := r.text[:n]
	r.text = r.text[n:]
	return taken
}

func (r *blockReader) number() uint32 {
	if four := r.take(1, 4); four != nil {
		return binary.LittleEndian.Uint32(four)
	}
	return 0
}

func (r *blockReader) block(kinds []*Kind, holders []string) *block {
	le := binary.LittleEndian
	b := &block{}
	if from := r.take(1, 8); from != nil {
		b.from = int64(le.Uint64(from))
	}
	var counts [8]uint32
	for i := range counts {
		counts[i] = r.number()
	}
	plots, rings, points, texts, nkinds, nholders, odd, labelled := counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]
	all := r.take(plots+1, 16)
	boxes := make([]Box, 0, len(all)/16)
	for ; len(all) > 0; all = all[16:] {
		boxes = append(boxes, Box{Point{le.Uint32(all), le.Uint32(all[4:])}, Point{le.Uint32(all[8:]), le.Uint32(all[12:])}})
	}
	if len(boxes) > 0 {
		b.box, b.boxes = boxes[0], boxes[1:]
	}
	all = r.take(plots+1, recordSize)
	b.records = make([]record, len(all)/recordSize)
	for i := range b.records {
		b.records[i].read(all[i*recordSize:])
	}
	all = r.take(rings, 4)
	b.ends = make([]uint32, len(all)/4)
	for i := range b.ends {
		b.ends[i] = le.Uint32(all[4*i:])
	}
	all = r.take(points, 8)
	b.points = make([][2]uint32, len(all)/8)
	for i := range b.points {
		b.points[i] = [2]uint32{le.Uint32(all[8*i:]), le.Uint32(all[8*i+4:])}
	}
	b.fine = bytes.Clone(r.take(points, fineSize))
	b.texts = string(r.take(texts, 1))
	b.kinds = pick(kinds, r, nkinds)
	b.holders = pick(holders, r, nholders)
	if labelled != 0 {
		all = r.take(plots, 9)
		labels := make([]Label, len(all)/9)
		for i := range labels {
			labels[i] = Label{Point{le.Uint32(all[9*i:]), le.Uint32(all[9*i+4:])}, all[9*i+8]}
		}
		b.labels.Store(&labels)
	}
	for range odd {
		if r.bad {
			break
		}
		if b.odd == nil {
			b.odd = map[int]orb.MultiPolygon{}
		}
		i := r.number()
		b.odd[int(i)] = r.boundary()
	}
	return b
}

// pick reads places in a list and gives what is there.
func pick[T any](list []T, r *blockReader, count uint32) []T {
	places := r.take(count, 4)
	picked := make([]T, 0, len(places)/4)
	for ; len(places) > 0; places = places[4:] {
		i := binary.LittleEndian.Uint32(places)
		if uint64(i) >= uint64(len(list)) {
			r.bad = true
			break
		}
		picked = append(picked, list[i])
	}
	return picked
}

func (r *record) read(from []byte) {
	le := binary.LittleEndian
	float := func(at int) float64 { return math.Float64frombits(le.Uint64(from[at:])) }
	*r = record{
		id: land.PlotID(le.Uint64(from)), recorded: int64(le.Uint64(from[8:])),
		area: float(16), ellipsoid: float(24), stated: float(32), gfaMax: float(40),
		centiMu: le.Uint32(from[48:]), version: int32(le.Uint32(from[52:])),
		validFrom: Day(le.Uint32(from[56:])), suppliedOn: Day(le.Uint32(from[60:])),
		text: le.Uint32(from[64:]), ring: le.Uint32(from[68:]), point: le.Uint32(from[72:]),
		numberLen: le.Uint16(from[76:]), nameLen: le.Uint16(from[78:]),
		kind: le.Uint16(from[80:]), holder: le.Uint16(from[82:]),
	}
}

func (r *blockReader) boundary() orb.MultiPolygon {
	le := binary.LittleEndian
	var p orb.MultiPolygon
	for range r.number() {
		if r.bad {
			break
		}
		var polygon orb.Polygon
		for range r.number() {
			if r.bad {
				break
			}
			all := r.take(r.number(), 16)
			ring := make(orb.Ring, len(all)/16)
			for i := range ring {
				ring[i] = orb.Point{math.Float64frombits(le.Uint64(all[16*i:])), math.Float64frombits(le.Uint64(all[16*i+8:]))}
			}
			polygon = append(polygon, ring)
		}
		p = append(p, polygon)
	}
	return p
}

// sound says whether the block's offsets lie in its arrays, in order.
func (b *block) sound() bool {
	n := b.len()
	if len(b.records) != n+1 || b.records[n].text != uint32(len(b.texts)) || b.records[n].ring != uint32(len(b.ends)) || b.records[n].point != uint32(len(b.points)) {
		return false
	}
	var before record
	for i := range n {
		r, next := &b.records[i], &b.records[i+1]
		if r.text < before.text || r.ring < before.ring || r.point < before.point || next.text < r.text || next.ring < r.ring || next.point < r.point ||
			next.ring > uint32(len(b.ends)) || next.point > uint32(len(b.points)) || next.text > uint32(len(b.texts)) ||
			int(r.kind) >= len(b.kinds) || int(r.holder) >= len(b.holders) ||
			uint32(r.numberLen)+uint32(r.nameLen) != next.text-r.text || !soundEnds(b.ends[r.ring:next.ring], next.point-r.point) {
			return false
		}
		before = *r
	}
	return true
}

// soundEnds says whether rings end in order and the last with the points.
func soundEnds(ends []uint32, points uint32) bool {
	var before uint32
	for i, end := range ends {
		if end&^outerRing < before || i == 0 && end&outerRing == 0 {
			return false
		}
		before = end &^ outerRing
	}
	return before == points
}
