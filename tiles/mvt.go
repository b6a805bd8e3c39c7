package tiles

import (
	"encoding/binary"
	"math"
)

// The parts of the Mapbox Vector Tile specification 2.1 that the encoder writes
// (https://github.com/mapbox/vector-tile-spec/tree/master/2.1), as protocol
// buffers by hand: section numbers stand beside what they define.

// Geometry types (4.3.4).
const (
	pointType   = 1
	polygonType = 3
)

// Commands of geometry (4.3.1).
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// Field numbers of the messages (vector_tile.proto).
const (
	tileLayers = 3

	layerName     = 1
	layerFeatures = 2
	layerKeys     = 3
	layerValues   = 4
	layerExtent   = 5
	layerVersion  = 15

	featureID       = 1
	featureTags     = 2
	featureType     = 3
	featureGeometry = 4

	valueString = 1
	valueDouble = 3
	valueInt    = 4
	valueBool   = 7
)

const (
	wireVarint = 0
	wireDouble = 1
	wireBytes  = 2
)

func appendTag(b []byte, field, wire int) []byte {
	return binary.AppendUvarint(b, uint64(field<<3|wire))
}

func appendUint(b []byte, field int, v uint64) []byte {
	return binary.AppendUvarint(appendTag(b, field, wireVarint), v)
}

func appendBytes[T string | []byte](b []byte, field int, v T) []byte {
	b = binary.AppendUvarint(appendTag(b, field, wireBytes), uint64(len(v)))
	return append(b, v...)
}

// appendPacked writes packed unsigned integers.
func appendPacked(b []byte, field int, values []uint32) []byte {
	size := 0
	for _, v := range values {
		size += varintSize(v)
	}
	b = binary.AppendUvarint(appendTag(b, field, wireBytes), uint64(size))
	for _, v := range values {
		b = binary.AppendUvarint(b, uint64(v))
	}
	return b
}

func varintSize(v uint32) int {
	n := 1
	for v >= 0x80 {
		v >>= 7
		n++
	}
	return n
}

func command(id, count uint32) uint32 { return id | count<<3 }

// zigzag is the encoding of signed parameters (4.3.2).
func zigzag(v int32) uint32 { return uint32(v<<1) ^ uint32(v>>31) }

// encodeValue writes a Value message (4.4). Of numbers, whole ones are integers.
func encodeValue(v any) []byte {
	switch v := v.(type) {
	case string:
		return appendBytes(nil, valueString, v)
	case bool:
		if v {
			return appendUint(nil, valueBool, 1)
		}
		return appendUint(nil, valueBool, 0)
	case int64:
		return appendUint(nil, valueInt, uint64(v))
	case float64:
		return binary.LittleEndian.AppendUint64(appendTag(nil, valueDouble, wireDouble), math.Float64bits(v))
	}
	panic("no such value type in a vector tile")
}

// layer collects features with the keys and values that they share.
type layer struct {
	name     string
	features []byte
	count    int
	keys     []string
	keyAt    map[string]uint32
	values   [][]byte
	valueAt  map[any]uint32
	tags     []uint32
	feature  []byte
}

func newLayer(name string) *layer {
	return &layer{name: name, keyAt: map[string]uint32{}, valueAt: map[any]uint32{}}
}

// tag gives the next feature a property; nil means that it has none of that name.
func (l *layer) tag(key string, value any) {
	if value == nil {
		return
	}
	k, ok := l.keyAt[key]
	if !ok {
		k = uint32(len(l.keys))
		l.keyAt[key] = k
		l.keys = append(l.keys, key)
	}
	v, ok := l.valueAt[value]
	if !ok {
		v = uint32(len(l.values))
		l.valueAt[value] = v
		l.values = append(l.values, encodeValue(value))
	}
	l.tags = append(l.tags, k, v)
}

// add writes a feature with the properties that were tagged for it.
func (l *layer) add(id uint64, kind uint64, geometry []uint32) {
	f := l.feature[:0]
	if id > 0 {
		f = appendUint(f, featureID, id)
	}
	f = appendPacked(f, featureTags, l.tags)
	f = appendUint(f, featureType, kind)
	f = appendPacked(f, featureGeometry, geometry)
	l.features = appendBytes(l.features, layerFeatures, f)
	l.feature, l.tags = f, l.tags[:0]
	l.count++
}

// appendTo writes the layer behind b, or nothing when it has no feature (4.1: a
// layer should contain at least one).
func (l *layer) appendTo(b []byte) []byte {
	if l.count == 0 {
		return b
	}
	body := appendUint(nil, layerVersion, 2)
	body = appendBytes(body, layerName, l.name)
	body = append(body, l.features...)
	for _, k := range l.keys {
		body = appendBytes(body, layerKeys, k)
	}
	for _, v := range l.values {
		body = appendBytes(body, layerValues, v)
	}
	body = appendUint(body, layerExtent, Extent)
	return appendBytes(b, tileLayers, body)
}
