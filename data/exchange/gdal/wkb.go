package gdal

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// shapeNames are the geometries of well-known binary by their numbers.
var shapeNames = []string{"", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}

// decodePackaged reads the polygon in a geometry of a GeoPackage (OGC 12-128r19,
// 2.1.3): a header, then well-known binary (ISO 13249-3) in either byte order.
// Heights and measures are dropped.
func decodePackaged(data []byte) (orb.Geometry, error) {
	if len(data) < 8 || string(data[:2]) != "GP" || data[3]&0x20 != 0 {
		return nil, errShape
	}
	envelopes := [8]int{0, 32, 48, 48, 64}
	skip := 8 + envelopes[data[3]>>1&7]
	if len(data) < skip {
		return nil, errShape
	}
	w := wkbReader{data: data[skip:]}
	p, err := w.polygons()
	if err == nil && w.short {
		err = errShape
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// wkbReader reads well-known binary from the front of data; short says that
// there was not enough.
type wkbReader struct {
	data  []byte
	order binary.ByteOrder
	short bool
}

func (w *wkbReader) take(n int) []byte {
	if n > len(w.data) {
		w.short, w.data = true, nil
		return make([]byte, n)
	}
	taken := w.data[:n]
	w.data = w.data[n:]
	return taken
}

// number reads a count of things of at least size bytes each.
func (w *wkbReader) number(size int) int {
	n := w.order.Uint32(w.take(4))
	if int64(n)*int64(size) > int64(len(w.data)) {
		w.short = true
		return 0
	}
	return int(n)
}

// header reads a geometry's kind and the number of its dimensions.
func (w *wkbReader) header() (kind uint32, dimensions int) {
	w.order = binary.BigEndian
	if w.take(1)[0] == 1 {
		w.order = binary.LittleEndian
	}
	kind = w.order.Uint32(w.take(4))
	extra := [4]int{0, 1, 1, 2}[kind/1000&3] // Z, M, both
	return kind % 1000, 2 + extra
}

func (w *wkbReader) polygons() (orb.MultiPolygon, error) {
	switch kind, dimensions := w.header(); {
	case kind == 3:
		p := w.polygon(dimensions)
		if len(p) == 0 {
			return nil, nil
		}
		return orb.MultiPolygon{p}, nil
	case kind == 6:
		parts := make(orb.MultiPolygon, 0, w.number(9))
		for range cap(parts) {
			if kind, dimensions := w.header(); kind != 3 {
				return nil, errShape
			} else {
				parts = append(parts, w.polygon(dimensions))
			}
		}
		return parts, nil
	case kind >= 8 && kind <= 14: // CircularString … Surface
		return nil, errCurve
	case kind == 0 || kind > 7:
		return nil, errShape
	default:
		return nil, fmt.Errorf("the geometry is a %s", shapeNames[kind])
	}
}

func (w *wkbReader) polygon(dimensions int) orb.Polygon {
	p := make(orb.Polygon, 0, w.number(4))
	for range cap(p) {
		ring := make(orb.Ring, w.number(8*dimensions))
		for i := range ring {
			point := w.take(8 * dimensions)
			ring[i] = orb.Point{math.Float64frombits(w.order.Uint64(point)), math.Float64frombits(w.order.Uint64(point[8:]))}
		}
		p = append(p, ring)
	}
	return p
}
