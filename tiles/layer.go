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
	common   []commonValue // by the values' numbers
	tags     []byte        // of the next feature
	value    []byte        // being encoded
}

func newLayer(name string, keys ...string) *layer { return &layer{name: name, keys: keys} }

func (l *layer) reset() {
	l.features, l.count, l.tags = l.features[:0], 0, l.tags[:0]
	l.values.reset()
}

// commonValue is where a value that plots have in common is in a tile's values.
type commonValue struct{ tile, index uint32 }

// commonText is where a text with a number of its own is.
func (l *layer) commonText(number int, s string) uint32 {
	c := l.numbered(number)
	if c.tile != l.values.tile {
		*c = commonValue{l.values.tile, l.text(s)}
	}
	return c.index
}

func (l *layer) commonNumber(number int, v float64) uint32 {
	c := l.numbered(number)
	if c.tile != l.values.tile {
		*c = commonValue{l.values.tile, l.number(v)}
	}
	return c.index
}

func (l *layer) numbered(number int) *commonValue {
	if number >= len(l.common) {
		l.common = append(l.common, make([]commonValue, number+1-len(l.common))...)
	}
	return &l.common[number]
}

// text is where in the layer's values a text is, put there if need be.
func (l *layer) text(s string) uint32 {
	l.value = append(binary.AppendUvarint(append(l.value[:0], valueString<<3|wireBytes), uint64(len(s))), s...)
	return l.values.index(l.value)
}

// number is where a number is. Those of two decimals, as areas and ratios are
// printed, are found by their hundredths.
func (l *layer) number(v float64) uint32 {
	if c := math.Round(v * 100); c >= 0 && c < math.MaxUint32 && c/100 == v {
		return l.hundredths(uint32(c))
	}
	l.value = binary.LittleEndian.AppendUint64(append(l.value[:0], valueDouble<<3|wireDouble), math.Float64bits(v))
	return l.values.index(l.value)
}

// hundredths is where a number of so many hundredths is.
func (l *layer) hundredths(n uint32) uint32 {
	t := &l.values
	mask := uint32(len(t.numbers) - 1)
	at := n * 0x9E3779B1 >> 8 & mask
	for ; t.numbers[at].tile == t.tile; at = (at + 1) & mask {
		if t.numbers[at].hundredths == n {
			return t.numbers[at].index
		}
	}
	t.numbers[at] = numberSlot{t.tile, n, t.count}
	t.written = append(t.written, layerValues<<3|wireBytes, 9, valueDouble<<3|wireDouble)
	t.written = binary.LittleEndian.AppendUint64(t.written, math.Float64bits(float64(n)/100))
	t.count++
	if t.numbered++; 2*t.numbered > len(t.numbers) {
		t.growNumbers()
	}
	return t.count - 1
}

// ownText is where a text is that no other feature of the tile has.
func (l *layer) ownText(s string) uint32 {
	t := &l.values
	size := len(s)
	t.written = binary.AppendUvarint(append(t.written, layerValues<<3|wireBytes), uint64(1+varintSize(uint64(size))+size))
	t.written = append(binary.AppendUvarint(append(t.written, valueString<<3|wireBytes), uint64(size)), s...)
	t.count++
	return t.count - 1
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

// size is how many bytes appendTo writes.
func (l *layer) size() int {
	if l.count == 0 {
		return 0
	}
	body := l.bodySize()
	return 1 + varintSize(uint64(body)) + body
}

func (l *layer) bodySize() int {
	size := 2 + 2 + len(l.name) + len(l.features) + len(l.values.written) + 1 + varintSize(Extent)
	for _, k := range l.keys {
		size += 2 + len(k)
	}
	return size
}

// appendTo writes the layer behind b (4.1), or nothing when it has no feature: a
// layer should have one.
func (l *layer) appendTo(b []byte) []byte {
	if l.count == 0 {
		return b
	}
	b = binary.AppendUvarint(append(b, tileLayers<<3|wireBytes), uint64(l.bodySize()))
	b = append(b, layerVersion<<3|wireVarint, 2, layerName<<3|wireBytes, byte(len(l.name)))
	b = append(b, l.name...)
	b = append(b, l.features...)
	for _, k := range l.keys {
		b = append(append(b, layerKeys<<3|wireBytes, byte(len(k))), k...)
	}
	b = append(b, l.values.written...)
	return binary.AppendUvarint(append(b, layerExtent<<3|wireVarint), Extent)
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
	hashed  int
	slots   []valueSlot // a power of two of them

	numbered int
	numbers  []numberSlot // likewise
}

// numberSlot holds a number of two decimals.
type numberSlot struct{ tile, hundredths, index uint32 }

type valueSlot struct{ tile, hash, index, start uint32 }

const leastSlots = 1 << 8

func (t *valueTable) reset() {
	t.written, t.count, t.hashed, t.numbered = t.written[:0], 0, 0, 0
	t.tile++
	if t.tile == 0 || t.slots == nil {
		t.tile, t.slots, t.numbers = 1, make([]valueSlot, max(leastSlots, len(t.slots))), make([]numberSlot, max(leastSlots, len(t.numbers)))
	}
}

// index is where a value is among the layer's, put there if need be. A value
// tells its own length, so none is the beginning of another.
func (t *valueTable) index(value []byte) uint32 {
	hash := hashOf(value)
	mask := uint32(len(t.slots) - 1)
	at := hash & mask
	for ; t.slots[at].tile == t.tile; at = (at + 1) & mask {
		if s := &t.slots[at]; s.hash == hash && bytes.HasPrefix(t.written[s.start:], value) {
			return s.index
		}
	}
	t.written = binary.AppendUvarint(append(t.written, layerValues<<3|wireBytes), uint64(len(value)))
	t.slots[at] = valueSlot{t.tile, hash, t.count, uint32(len(t.written))}
	t.written = append(t.written, value...)
	t.count++
	if t.hashed++; 2*t.hashed > len(t.slots) {
		t.grow()
	}
	return t.count - 1
}

// hashOf mixes eight bytes at a time by multiplication.
func hashOf(b []byte) uint32 {
	const odd = 0x9E3779B97F4A7C15
	h := uint64(len(b))
	for ; len(b) >= 8; b = b[8:] {
		h = (h ^ binary.LittleEndian.Uint64(b)) * odd
		h ^= h >> 32
	}
	var rest uint64
	for i, c := range b {
		rest |= uint64(c) << (8 * i)
	}
	h = (h ^ rest) * odd
	return uint32(h ^ h>>32)
}

func (t *valueTable) grow() {
	old := t.slots
	t.slots = make([]valueSlot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.tile != t.tile {
			continue
		}
		at := s.hash & mask
		for t.slots[at].tile == t.tile {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}

func (t *valueTable) growNumbers() {
	old := t.numbers
	t.numbers = make([]numberSlot, 2*len(old))
	mask := uint32(len(t.numbers) - 1)
	for _, s := range old {
		if s.tile != t.tile {
			continue
		}
		at := s.hundredths * 0x9E3779B1 >> 8 & mask
		for t.numbers[at].tile == t.tile {
			at = (at + 1) & mask
		}
		t.numbers[at] = s
	}
}
