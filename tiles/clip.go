package tiles

import "github.com/paulmach/orb"

// clipRing cuts a ring, in tile units, to the square that reaches margin beyond
// the tile on every side (I. Sutherland and G. Hodgman, "Reentrant polygon
// clipping", 1974). A ring that leaves and enters again comes back joined along
// the square's edge, which lies in the margin and is not seen.
func clipRing(ring, scratch []orb.Point, extent, margin float64) []orb.Point {
	low, high := -margin, extent+margin
	for side := range 4 {
		axis := side / 2
		limit, keep := low, 1.0
		if side%2 == 1 {
			limit, keep = high, -1.0
		}
		scratch = scratch[:0]
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			in, next := keep*(p[axis]-limit) >= 0, keep*(q[axis]-limit) >= 0
			if in {
				scratch = append(scratch, p)
			}
			if in != next {
				t := (limit - p[axis]) / (q[axis] - p[axis])
				cut := orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
				cut[axis] = limit
				scratch = append(scratch, cut)
			}
		}
		ring, scratch = scratch, ring
	}
	return ring
}
