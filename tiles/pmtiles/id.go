package pmtiles

import (
	"fmt"
	"math/bits"
)

// MaxZoom is the deepest zoom whose tiles have an id here.
const MaxZoom = 31

// ID is a tile's place on the Hilbert curves of all zooms, one after the other
// (4.1): 0/0/0 is 0, and 12/3423/1763 is 19078479.
type ID uint64

// endID is the id after the last of MaxZoom.
const endID = ID((1<<(2*MaxZoom+2) - 1) / 3)

// firstID is the id of the first tile of a zoom: as many as lesser zooms have.
func firstID(z int) ID { return ID((uint64(1)<<(2*z) - 1) / 3) }

// At gives the id of tile z/x/y. Of x and y only the bits that the zoom has count.
func At(z int, x, y uint32) ID {
	id := uint64(firstID(z))
	for level := z - 1; level >= 0; level-- {
		s := uint32(1) << level
		rx, ry := x>>level&1, y>>level&1
		id += uint64(3*rx^ry) << (2 * level)
		x, y = turn(s, x&(s-1), y&(s-1), rx, ry)
	}
	return ID(id)
}

// ZXY gives the tile of an id.
func (id ID) ZXY() (z int, x, y uint32) {
	z = id.Zoom()
	rest := uint64(id - firstID(z))
	for level := range z {
		s := uint32(1) << level
		quarter := uint32(rest >> (2 * level) & 3)
		rx := quarter >> 1
		ry := (quarter ^ rx) & 1
		x, y = turn(s, x, y, rx, ry)
		x, y = x+s*rx, y+s*ry
	}
	return z, x, y
}

// Zoom is the zoom that a tile's id belongs to.
func (id ID) Zoom() int { return (bits.Len64(3*uint64(id)+1) - 1) / 2 }

func (id ID) String() string {
	z, x, y := id.ZXY()
	return fmt.Sprintf("%d/%d/%d", z, x, y)
}

// turn lays a quarter of side s as the curve runs through it.
func turn(s, x, y, rx, ry uint32) (uint32, uint32) {
	if ry != 0 {
		return x, y
	}
	if rx != 0 {
		x, y = s-1-x, s-1-y
	}
	return y, x
}
