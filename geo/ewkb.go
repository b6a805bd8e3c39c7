package geo

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
)

// Geometry types of well-known binary (ISO 19125-1, 8.2.3), and PostGIS' mark of
// one that names its reference system.
const (
	wkbPolygon      = 3
	wkbMultiPolygon = 6
	withSRID        = 0x20000000
)

// EncodeEWKB writes a polygon as PostGIS' extended well-known binary, little
// endian, with its reference system; 0 is none.
func EncodeEWKB(p MultiPolygon, crs CRS) []byte { return AppendEWKB(nil, p, crs) }

// AppendEWKB is EncodeEWKB behind what is in dst.
func AppendEWKB(dst []byte, p MultiPolygon, crs CRS) []byte {
	little := binary.LittleEndian
	dst = append(dst, 1)
	if crs == 0 {
		dst = little.AppendUint32(dst, wkbMultiPolygon)
	} else {
		dst = little.AppendUint32(dst, wkbMultiPolygon|withSRID)
		dst = little.AppendUint32(dst, uint32(crs))
	}
	dst = little.AppendUint32(dst, uint32(len(p)))
	for _, polygon := range p {
		dst = append(dst, 1)
		dst = little.AppendUint32(dst, wkbPolygon)
		dst = little.AppendUint32(dst, uint32(len(polygon)))
		for _, ring := range polygon {
			dst = little.AppendUint32(dst, uint32(len(ring)))
			for _, q := range ring {
				dst = little.AppendUint64(dst, math.Float64bits(q[0]))
				dst = little.AppendUint64(dst, math.Float64bits(q[1]))
			}
		}
	}
	return dst
}

// DecodeEWKB reads a Polygon or MultiPolygon of PostGIS.
func DecodeEWKB(data []byte) (MultiPolygon, error) {
	g, _, err := ewkb.Unmarshal(data)
	if err != nil {
		return nil, fmt.Errorf("read geometry: %w", err)
	}
	switch g := g.(type) {
	case orb.MultiPolygon:
		return g, nil
	case orb.Polygon:
		return MultiPolygon{g}, nil
	}
	return nil, fmt.Errorf("read geometry: a %s is not a polygon", g.GeoJSONType())
}
