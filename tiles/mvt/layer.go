package mvt

import (
	"math"
	"unicode/utf8"
)

// Field numbers (vector_tile.proto).
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
	valueFloat  = 2
	valueDouble = 3
	valueInt    = 4
	valueUint   = 5
	valueSint   = 6
	valueBool   = 7
)

// value is a Value message (4.1); equal values are the same on the wire.
type value struct {
	kind uint64 // field number, 0 when there is none
	bits uint64
	text string
}

func (v value) any() any {
	switch v.kind {
	case valueString:
		return v.text
	case valueFloat:
		return math.Float32frombits(uint32(v.bits))
	case valueDouble:
		return math.Float64frombits(v.bits)
	case valueInt:
		return int64(v.bits)
	case valueUint:
		return v.bits
	case valueSint:
		return int64(v.bits>>1) ^ -int64(v.bits&1)
	case valueBool:
		return v.bits != 0
	}
	return nil
}

// head is a layer without its features, which refer to keys and values that may
// come after them. What is not there is the protocol's default.
type head struct {
	name, version, extent struct {
		there bool
		at    int
	}
	nameText           string
	versionNumber      uint64
	extentUnits        uint64
	keys               []string
	values             []value
	features           int
	badKeys, badValues []*Fault
	unknown            int
}

// readHead reads a layer. A fault means that it cannot be read on; keys and
// values with faults of their own keep their places.
func readHead(r reader) (head, *Fault) {
	h := head{versionNumber: 1, extentUnits: 4096}
	for {
		f, more, fault := r.next()
		if fault != nil || !more {
			return h, fault
		}
		switch f.number {
		case layerName:
			if fault = f.once(wireBytes, &h.name.there); fault == nil {
				h.name.at = f.at
				h.nameText, fault = text(r.b, f)
			}
		case layerVersion:
			h.version.at = f.at
			fault = f.once(wireVarint, &h.version.there)
			h.versionNumber = f.value
		case layerExtent:
			h.extent.at = f.at
			fault = f.once(wireVarint, &h.extent.there)
			h.extentUnits = f.value
		case layerFeatures:
			fault = f.is(wireBytes)
			h.features++
		case layerKeys:
			if fault = f.is(wireBytes); fault != nil {
				break
			}
			key, bad := text(r.b, f)
			h.keys = append(h.keys, key)
			if bad != nil {
				h.badKeys = append(h.badKeys, bad)
			}
		case layerValues:
			if fault = f.is(wireBytes); fault != nil {
				break
			}
			v, unknown, bad := readValue(f.bytes.reader(r.b))
			h.values = append(h.values, v)
			h.unknown += unknown
			if bad != nil {
				h.badValues = append(h.badValues, bad)
			}
		default:
			h.unknown++
		}
		if fault != nil {
			return h, fault
		}
	}
}

// once asks for a field's wire type and that it was not there before.
func (f field) once(wire int, there *bool) *Fault {
	if fault := f.is(wire); fault != nil {
		return fault
	}
	if *there {
		return flaw(FieldTwice, f.at, "field %d occurs again", f.number)
	}
	*there = true
	return nil
}

func text(b []byte, f field) (string, *Fault) {
	s := string(b[f.bytes.from:f.bytes.to])
	if !utf8.ValidString(s) {
		return s, flaw(UTF8, f.at, "field %d is %q", f.number, s)
	}
	return s, nil
}

// readValue reads a Value message, which must have exactly one field (4.1).
func readValue(r reader) (v value, unknown int, fault *Fault) {
	at := r.at
	for {
		f, more, fault := r.next()
		if fault != nil {
			return v, unknown, fault
		}
		if !more {
			break
		}
		wire := wireVarint
		switch f.number {
		case valueString:
			wire = wireBytes
		case valueFloat:
			wire = wire32
		case valueDouble:
			wire = wire64
		case valueInt, valueUint, valueSint, valueBool:
		default:
			unknown++
			continue
		}
		if fault = f.is(wire); fault != nil {
			return v, unknown, fault
		}
		if v.kind != 0 {
			return v, unknown, flaw(ValueOne, f.at, "a value of fields %d and %d", v.kind, f.number)
		}
		v = value{kind: f.number, bits: f.value}
		if wire == wireBytes {
			if v.text, fault = text(r.b, f); fault != nil {
				return v, unknown, fault
			}
		}
	}
	if v.kind == 0 {
		return v, unknown, flaw(ValueOne, at, "a value without any")
	}
	return v, unknown, nil
}

// raw is a feature (4.2) whose tags and geometry are not read yet.
type raw struct {
	id             uint64
	kind           uint64
	tags, geometry span
	hasID, hasKind bool
	hasTags, drawn bool
	unknown        int
}

func readFeature(r reader) (f raw, fault *Fault) {
	for {
		g, more, fault := r.next()
		if fault != nil || !more {
			return f, fault
		}
		switch g.number {
		case featureID:
			fault = g.once(wireVarint, &f.hasID)
			f.id = g.value
		case featureType:
			fault = g.once(wireVarint, &f.hasKind)
			f.kind = g.value
		case featureTags:
			fault = g.packed(&f.hasTags)
			f.tags = g.bytes
		case featureGeometry:
			fault = g.packed(&f.drawn)
			f.geometry = g.bytes
		default:
			f.unknown++
		}
		if fault != nil {
			return f, fault
		}
	}
}

// packed asks for a packed field, all in one piece: some readers know no other.
func (f field) packed(there *bool) *Fault {
	if f.wire == wireVarint {
		return flaw(NotPacked, f.at, "field %d is not packed", f.number)
	}
	return f.once(wireBytes, there)
}

// eachTag calls yield for the pairs of a feature's tags (4.4) until it returns a fault.
func eachTag(b []byte, tags span, h *head, yield func(key, value uint32) *Fault) *Fault {
	r := tags.reader(b)
	for r.at < r.end {
		at := r.at
		key, fault := r.uint32()
		if fault != nil {
			return fault
		}
		if r.at == r.end {
			return flaw(TagOdd, at, "key %d has no value", key)
		}
		v, fault := r.uint32()
		if fault != nil {
			return fault
		}
		if int64(key) >= int64(len(h.keys)) {
			return flaw(TagRange, at, "key %d of %d", key, len(h.keys))
		}
		if int64(v) >= int64(len(h.values)) {
			return flaw(TagRange, at, "value %d of %d", v, len(h.values))
		}
		if fault = yield(key, v); fault != nil {
			fault.Offset = at
			return fault
		}
	}
	return nil
}
