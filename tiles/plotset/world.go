package plotset

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// worldBits is the size of the Web Mercator world's side in bits: a unit is
// 9.3 mm at the equator.
const worldBits = 32

const worldSide = 1 << worldBits

// Point is a place of the Web Mercator world (EPSG:3857's square) in units of
// its side / 2^32, x eastwards and y southwards, as tiles are numbered.
type Point struct{ X, Y uint32 }

// World puts a place, EPSG:4490 lon/lat in degrees, into the world; what lies
// outside the square is put on its edge.
func World(p orb.Point) Point {
	return Point{fixed(p[0]/360 + 0.5), fixed(0.5 - mercator(p[1])/(2*math.Pi))}
}

func fixed(v float64) uint32 {
	return uint32(min(max(math.RoundToEven(v*worldSide), 0), worldSide-1))
}

// LonLat is the inverse of World, as near as fixed point is. It always gives the
// same for the same: the conversions keep products from being fused into sums.
func (p Point) LonLat() orb.Point {
	return orb.Point{float64(float64(p.X)*(360.0/worldSide)) - 180, latitude(p.Y)}
}

// Box encloses points, its edges included.
type Box struct{ Min, Max Point }

// nowhere encloses nothing and is widened by points.
var nowhere = Box{Point{math.MaxUint32, math.MaxUint32}, Point{}}

// Meets says whether two boxes have a point in common.
func (b Box) Meets(c Box) bool {
	return b.Min.X <= c.Max.X && c.Min.X <= b.Max.X && b.Min.Y <= c.Max.Y && c.Min.Y <= b.Max.Y
}

// Within says whether all of b lies in c.
func (b Box) Within(c Box) bool {
	return b.Min.X >= c.Min.X && b.Max.X <= c.Max.X && b.Min.Y >= c.Min.Y && b.Max.Y <= c.Max.Y
}

// Union encloses both.
func (b Box) Union(c Box) Box {
	return Box{Point{min(b.Min.X, c.Min.X), min(b.Min.Y, c.Min.Y)}, Point{max(b.Max.X, c.Max.X), max(b.Max.Y, c.Max.Y)}}
}

// Grown is the box by so many units wider on each side, within the world.
func (b Box) Grown(by uint32) Box {
	b.Min.X, b.Min.Y = b.Min.X-min(b.Min.X, by), b.Min.Y-min(b.Min.Y, by)
	b.Max.X, b.Max.Y = b.Max.X+min(math.MaxUint32-b.Max.X, by), b.Max.Y+min(math.MaxUint32-b.Max.Y, by)
	return b
}

// Bound is the box as the index takes it, in world units.
func (b Box) Bound() orb.Bound {
	return orb.Bound{Min: orb.Point{float64(b.Min.X), float64(b.Min.Y)}, Max: orb.Point{float64(b.Max.X), float64(b.Max.Y)}}
}

// BoxOf is the box of a bound in lon/lat degrees, a unit wider on each side
// than rounding may take away.
func BoxOf(b orb.Bound) Box {
	return Box{World(orb.Point{b.Min[0], b.Max[1]}), World(orb.Point{b.Max[0], b.Min[1]})}.Grown(1)
}

// along is where the middle of a box lies on a Hilbert curve through the world
// (D. Hilbert, 1891), 62 bits: near places have near numbers.
func (b Box) along() int64 {
	x, y := b.Min.X/2+b.Max.X/2, b.Min.Y/2+b.Max.Y/2
	x, y = x>>1, y>>1
	var d int64
	for s := uint32(1) << (worldBits - 2); s > 0; s >>= 1 {
		rx, ry := uint32(0), uint32(0)
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | int64(3*rx^ry)
		if ry == 0 {
			if rx == 1 {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}

// fineBits is what of a double may differ from its fixed-point place: 2^27 steps
// of a double between 16 and 180 degrees are more than half a unit.
const (
	fineBits = 28
	fineSize = 2 * fineBits / 8 // bytes of a vertex
)

// appendFine appends what LonLat misses of the stored coordinates; ok is false
// where that does not fit.
func appendFine(to []byte, at Point, stored orb.Point) (_ []byte, ok bool) {
	near := at.LonLat()
	var packed uint64
	for axis := range 2 {
		miss := int64(math.Float64bits(stored[axis]) - math.Float64bits(near[axis]))
		if miss < -1<<(fineBits-1) || miss >= 1<<(fineBits-1) {
			return to, false
		}
		packed |= uint64(miss) & (1<<fineBits - 1) << (fineBits * axis)
	}
	for i := range fineSize {
		to = append(to, byte(packed>>(8*i)))
	}
	return to, true
}

// exactly gives the stored coordinates back.
func exactly(at Point, fine []byte) orb.Point {
	packed := uint64(binary.LittleEndian.Uint32(fine)) | uint64(binary.LittleEndian.Uint32(fine[fineSize-4:fineSize]))<<(8*(fineSize-4))
	p := at.LonLat()
	for axis := range 2 {
		miss := int64(packed>>(fineBits*axis)<<(64-fineBits)) >> (64 - fineBits)
		p[axis] = math.Float64frombits(math.Float64bits(p[axis]) + uint64(miss))
	}
	return p
}
