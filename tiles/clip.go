package tiles

import "math"

// farUnit is a place in tile units that may be far outside the tile.
type farUnit struct{ x, y int64 }

// clip puts a ring on the grid and cuts it to the window, side by side
// (I. Sutherland and G. Hodgman, 1974).
func (r *rings) clip(ring [][2]uint32) []unit {
	const low, high = -margin, Extent + margin
	in := r.far[:0]
	var beyond [4]bool
	for _, p := range ring {
		x, y := r.snapped(p[0], p[1])
		in = append(in, farUnit{x, y})
		beyond[0] = beyond[0] || x < low
		beyond[1] = beyond[1] || x > high
		beyond[2] = beyond[2] || y < low
		beyond[3] = beyond[3] || y > high
	}
	out := r.cut[:0]
	for side, cuts := range beyond {
		if !cuts {
			continue
		}
		limit := int64(low)
		if side&1 == 1 {
			limit = high
		}
		out = clipSide(in, out[:0], side, limit)
		in, out = out, in
	}
	r.far, r.cut = in, out
	points := r.points[:0]
	for _, p := range in {
		points = push(points, unit{int32(p.x), int32(p.y)})
	}
	r.points = points
	return closeUp(points)
}

// clipSide keeps what of a ring lies on the inner side of a line: 0 and 1 are
// the west and east sides, 2 and 3 north and south.
func clipSide(in, out []farUnit, side int, limit int64) []farUnit {
	if len(in) == 0 {
		return out
	}
	outside := func(p farUnit) bool {
		switch side {
		case 0:
			return p.x < limit
		case 1:
			return p.x > limit
		case 2:
			return p.y < limit
		default:
			return p.y > limit
		}
	}
	a := in[len(in)-1]
	aOut := outside(a)
	for _, b := range in {
		bOut := outside(b)
		if aOut != bOut {
			if side < 2 {
				out = append(out, farUnit{limit, crossing(a.x, a.y, b.x, b.y, limit)})
			} else {
				out = append(out, farUnit{crossing(a.y, a.x, b.y, b.x, limit), limit})
			}
		}
		if !bOut {
			out = append(out, b)
		}
		a, aOut = b, bOut
	}
	return out
}

// crossing is where an edge meets a line, on the grid. Both ways along an edge
// give the same place, so neighbours stay together.
func crossing(ax, ay, bx, by, limit int64) int64 {
	if ax > bx {
		ax, ay, bx, by = bx, by, ax, ay
	}
	along := float64(limit-ax) / float64(bx-ax)
	return ay + int64(math.Round(along*float64(by-ay)))
}
