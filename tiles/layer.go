package tiles

import (
	"bytes"
	"encoding/binary"
	"math"
)

// layer collects the features of one layer with the values that they share, and
// keeps its memory from one tile to the next. Its keys are fixed.
type layer struct {
	name     string
	keys     []string
	features []byte
	count    int
	values   valueTable
	tags     []byte // of the next feature
	value    []byte // being encoded
}

func newLayer(name string, keys ...string) *layer { return &layer{name: name, keys: keys} }

func (l *layer) reset() {
	l.features, l.count, l.tags = l.features[:0], 0, l.tags[:0]
	l.values.reset()
}

// text is where in the layer's values a text is, put there if need be.
func (l *layer) text(s []byte) uint32 {
	l.value = append(binary.AppendUvarint(append(l.value[:0], valueString<<3|wireBytes), uint64(len(s))), s...)
	return l.values.index(l.value)
}

func (l *layer) number(v float64) uint32 {
	l.value = binary.LittleEndian.AppendUint64(append(l.value[:0], valueDouble<<3|wireDouble), math.Float64bits(v))
	return l.values.index(l.value)
}

func (l *layer) truth(v bool) uint32 {
	l.value = append(l.value[:0], valueBool<<3|wireVarint, 0)
	if v {
		l.value[1] = 1
	}
	return l.values.index(l.value)
}

// tag gives the next feature a property: a key by its place in the list, a value
// by its place in the table.
func (l *layer) tag(key int, value uint32) {
	l.tags = append(l.tags, byte(key))
	if value < 1<<7 {
		l.tags = append(l.tags, byte(value))
	} else {
		l.tags = binary.AppendUvarint(l.tags, uint64(value))
	}
}

// add writes a feature with the properties that were tagged for it (4.2).
func (l *layer) add(id uint64, kind byte, geometry []byte) {
	size := 2 + 1 + varintSize(uint64(len(geometry))) + len(geometry)
	if id > 0 {
		size += 1 + varintSize(id)
	}
	if len(l.tags) > 0 {
		size += 1 + varintSize(uint64(len(l.tags))) + len(l.tags)
	}
	b := binary.AppendUvarint(append(l.features, layerFeatures<<3|wireBytes), uint64(size))
	if id > 0 {
		b = binary.AppendUvarint(append(b, featureID<<3|wireVarint), id)
	}
	if len(l.tags) > 0 {
		b = binary.AppendUvarint(append(b, featureTags<<3|wireBytes), uint64(len(l.tags)))
		b = append(b, l.tags...)
	}
	b = append(b, featureType<<3|wireVarint, kind)
	b = binary.AppendUvarint(append(b, featureGeometry<<3|wireBytes), uint64(len(geometry)))
	l.features, l.tags = append(b, geometry...), l.tags[:0]
	l.count++
}

// appendTo writes the layer behind b (4.1), or nothing when it has no feature: a
// layer should have one.
func (l *layer) appendTo(b []byte) []byte {
	if l.count == 0 {
		return b
	}
	head := append([]byte{layerVersion<<3 | wireVarint, 2, layerName<<3 | wireBytes, byte(len(l.name))}, l.name...)
	var keys []byte
	for _, k := range l.keys {
		keys = append(append(keys, layerKeys<<3|wireBytes, byte(len(k))), k...)
	}
	extent := binary.AppendUvarint([]byte{layerExtent<<3 | wireVarint}, Extent)
	size := len(head) + len(l.features) + len(keys) + len(l.values.written) + len(extent)
	b = binary.AppendUvarint(append(b, tileLayers<<3|wireBytes), uint64(size))
	for _, part := range [][]byte{head, l.features, keys, l.values.written, extent} {
		b = append(b, part...)
	}
	return b
}

func varintSize(v uint64) int {
	n := 1
	for v >= 0x80 {
		v >>= 7
		n++
	}
	return n
}

// valueTable holds the values of a layer, each once, as they are written
// (4.4). It is a hash table with open addressing whose slots of earlier tiles
// count as empty.
type valueTable struct {
	written []byte
	count   uint32
	tile    uint32
	slots   []valueSlot // a power of two of them
}

type valueSlot struct{ tile, hash, index, start, end uint32 }

const leastSlots = 1 << 8

func (t *valueTable) reset() {
	t.written, t.count = t.written[:0], 0
	t.tile++
	if t.tile == 0 || t.slots == nil {
		t.tile, t.slots = 1, make([]valueSlot, max(leastSlots, len(t.slots)))
	}
}

// index is where a value is among the layer's, put there if need be.
func (t *valueTable) index(value []byte) uint32 {
	hash := uint32(2166136261) // FNV-1a
	for _, c := range value {
		hash = (hash ^ uint32(c)) * 16777619
	}
	mask := uint32(len(t.slots) - 1)
	at := (hash ^ hash>>15) & mask
	for ; t.slots[at].tile == t.tile; at = (at + 1) & mask {
		if s := &t.slots[at]; s.hash == hash && bytes.Equal(t.written[s.start:s.end], value) {
			return s.index
		}
	}
	t.written = binary.AppendUvarint(append(t.written, layerValues<<3|wireBytes), uint64(len(value)))
	start := uint32(len(t.written))
	t.written = append(t.written, value...)
	t.slots[at] = valueSlot{t.tile, hash, t.count, start, uint32(len(t.written))}
	t.count++
	if int(t.count)*2 > len(t.slots) {
		t.grow()
	}
	return t.count - 1
}

func (t *valueTable) grow() {
	old := t.slots
	t.slots = make([]valueSlot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.tile != t.tile {
			continue
		}
		at := (s.hash ^ s.hash>>15) & mask
		for t.slots[at].tile == t.tile {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}
