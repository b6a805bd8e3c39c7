package mvt

import "math/bits"

// areaSign is the sign of an open ring's area by the surveyor's formula, with
// y down: positive when it runs clockwise on the screen (4.3.4.4). It is exact
// for any 32-bit coordinates.
func areaSign(ring []Point) int {
	var hi, lo uint64
	add := func(v int64) {
		var carry uint64
		lo, carry = bits.Add64(lo, uint64(v), 0)
		hi, _ = bits.Add64(hi, uint64(v>>63), carry)
	}
	p := ring[len(ring)-1]
	for _, q := range ring {
		add(int64(p.X) * int64(q.Y))
		add(-int64(q.X) * int64(p.Y))
		p = q
	}
	switch {
	case int64(hi) < 0:
		return -1
	case hi|lo == 0:
		return 0
	}
	return 1
}

// crossSign is the sign of ax*by - ay*bx, exact below 2^62.
func crossSign(ax, ay, bx, by int64) int {
	const small = 1<<31 - 1
	if -small <= ax && ax <= small && -small <= ay && ay <= small &&
		-small <= bx && bx <= small && -small <= by && by <= small {
		return sign(ax*by - ay*bx)
	}
	h, l := product(ax, by)
	k, m := product(ay, bx)
	switch {
	case h != k:
		return sign(h - k)
	case l != m:
		if l < m {
			return -1
		}
		return 1
	}
	return 0
}

// product is a 128-bit signed product.
func product(a, b int64) (hi int64, lo uint64) {
	h, lo := bits.Mul64(uint64(a), uint64(b))
	return int64(h) - a>>63&b - b>>63&a, lo
}

func sign(v int64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// side says on which side of the line from a to b a point is; 0 on it.
func side(a, b, p Point) int {
	return crossSign(int64(b.X)-int64(a.X), int64(b.Y)-int64(a.Y), int64(p.X)-int64(a.X), int64(p.Y)-int64(a.Y))
}
