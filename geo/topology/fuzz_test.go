package topology

import (
	"encoding/binary"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// FuzzSplit reads a ring and a line from bytes, two a coordinate, in steps of
// 1 cm, so that lines hit vertices and edges often.
func FuzzSplit(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x00\x10\x00\x00\x00\x10\x00\x10\x00\x00\x00\x10\x00"), []byte("\x08\x00\x00\xf0\x08\x00\x00\x20"), uint16(100))
	f.Add([]byte("\x00\x00\x00\x00\x10\x27\x01\x00\x10\x27\x10\x27\x00\x00\x10\x27"), []byte("\x08\x01\x00\xf0\x08\x00\x00\x20\x08\x00\x00\x30"), uint16(1))
	f.Add([]byte("\x00\x00\x00\x00\x10\x27\x01\x00\x09\x00\x10\x00\x00\x00\x10\x27"), []byte("\x00\xf0\x08\x01\x00\x20\x08\x00\x00\x30\x20\x00"), uint16(10))
	f.Fuzz(func(t *testing.T, polygon, cut []byte, step uint16) {
		line := points(polygon, 1)
		if len(line) == 0 || len(line) > 64 {
			return
		}
		p := geo.MultiPolygon{{append(line, line[0])}}
		parts, err := Split(p, points(cut, step))
		if err != nil {
			return
		}
		if len(parts) < 2 {
			t.Fatalf("%d parts", len(parts))
		}
		for _, part := range parts {
			if err := Valid(part); err != nil {
				t.Fatal(err)
			}
		}
		if d := abs(sum(parts) - regionOf(p).area2()); d > mostDifference {
			t.Fatalf("the area changes by %v m²", squareMetres(d))
		}
		whole, err := Merge(parts)
		if err != nil {
			t.Fatalf("merge: %v", err)
		}
		regions := regionsOf(parts)
		stitch(regions, stitching{tolerance: sharedWithin * 1000, kept: -1, borders: true})
		var stitched int64
		for _, r := range regions {
			stitched += r.area2()
		}
		if a := regionOf(whole).area2(); a != stitched && a != sum(parts) {
			t.Fatalf("merging changes the area by %v m²", squareMetres(stitched-a))
		}
	})
}

// sum is twice the area of all polygons in mm².
func sum(polygons []geo.MultiPolygon) (area2 int64) {
	for _, r := range regionsOf(polygons) {
		area2 += r.area2()
	}
	return area2
}

func points(data []byte, step uint16) []geo.Point {
	var out []geo.Point
	for ; len(data) >= 4; data = data[4:] {
		x, y := int16(binary.LittleEndian.Uint16(data)), int16(binary.LittleEndian.Uint16(data[2:]))
		out = append(out, geo.SnapToGrid(geo.Point{
			38412345 + float64(x)*float64(step)/1000,
			2543210 + float64(y)*float64(step)/1000,
		}))
	}
	return out
}
