package mvt

import "encoding/binary"

// The tests' own writer of tiles, right or wrong: parts are bytes, so that any
// can be left out, doubled or broken.

func tag(number, wire int) []byte { return binary.AppendUvarint(nil, uint64(number<<3|wire)) }

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func number(field int, v uint64) []byte {
	return binary.AppendUvarint(tag(field, wireVarint), v)
}

func message(field int, parts ...[]byte) []byte {
	body := join(parts...)
	return append(binary.AppendUvarint(tag(field, wireBytes), uint64(len(body))), body...)
}

func packed(field int, values ...uint32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.AppendUvarint(b, uint64(v))
	}
	return message(field, b)
}

func layerOf(parts ...[]byte) []byte {
	return message(tileLayers, append([][]byte{
		number(layerVersion, 2), message(layerName, []byte("land")), number(layerExtent, 4096)}, parts...)...)
}

func featureOf(kind Type, geometry []uint32, parts ...[]byte) []byte {
	return message(layerFeatures, append([][]byte{
		number(featureType, uint64(kind)), packed(featureGeometry, geometry...)}, parts...)...)
}

func key(s string) []byte       { return message(layerKeys, []byte(s)) }
func textValue(s string) []byte { return message(layerValues, message(valueString, []byte(s))) }

func command(id, count uint32) uint32 { return id | count<<3 }
func zigzag(v int32) uint32           { return uint32(v<<1) ^ uint32(v>>31) }

// draw writes paths; rings are given open and closed by a command.
func draw(kind Type, paths ...[]Point) []uint32 {
	var g []uint32
	var at Point
	step := func(p Point) {
		g = append(g, zigzag(p.X-at.X), zigzag(p.Y-at.Y))
		at = p
	}
	for _, path := range paths {
		if kind == Points {
			g = append(g, command(moveTo, uint32(len(path))))
			for _, p := range path {
				step(p)
			}
			continue
		}
		g = append(g, command(moveTo, 1))
		step(path[0])
		g = append(g, command(lineTo, uint32(len(path)-1)))
		for _, p := range path[1:] {
			step(p)
		}
		if kind == Polygons {
			g = append(g, command(closePath, 1))
		}
	}
	return g
}

// box is a square ring as exterior rings run, clockwise on the screen.
func box(x, y, size int32) []Point {
	return []Point{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}}
}

func reversed(ring []Point) []Point {
	var r []Point
	for i := range ring {
		r = append(r, ring[len(ring)-1-i])
	}
	return r
}

func polygon(rings ...[]Point) []byte { return layerOf(featureOf(Polygons, draw(Polygons, rings...))) }
