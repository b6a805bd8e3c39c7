package geo

import (
	"encoding/binary"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
)

// EncodeEWKB writes a polygon as PostGIS' extended well-known binary, little
// endian, with its reference system.
func EncodeEWKB(p MultiPolygon, crs CRS) ([]byte, error) {
	return ewkb.Marshal(p, int(crs), binary.LittleEndian)
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
