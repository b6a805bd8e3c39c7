package tiles

import "math"

// farUnit is a place in tile units that may be far outside the tile.
type farUnit struct{ x, y int64 }

// clip puts a ring on the grid and cuts it to the window, side by side
// (I. Sutherland and G. Hodgman, 1974).
func (r *rings) clip(ring [][2]uint32) []unit {
	const low, high = -margin, Extent + margin
	in := r.far[:0]
	least, most := farUnit{math.MaxInt64, math.MaxInt64}, farUnit{math.MinInt64, math.MinInt64}
	up, down, half := uint(max(-r.shift, 0))&63, uint(max(r.shift, 0))&63, int64(0)
	if r.shift > 0 {
		half = 1 << (r.shift - 1)
	}
	for _, p := range ring {
		x, y := (int64(p[0])<<up+half)>>down-r.ox, (int64(p[1])<<up+half)>>down-r.oy
		in = append(in, farUnit{x, y})
		least.x, most.x = min(least.x, x), max(most.x, x)
		least.y, most.y = min(least.y, y), max(most.y, y)
	}
	r.far = in
	if len(in) == 0 || most.x < low || least.x > high || most.y < low || least.y > high {
		return nil
	}
	out := r.cut
	if least.x < low {
		in, out = cutWest(in, out[:0], low), in
	}
	if most.x > high {
		in, out = cutEast(in, out[:0], high), in
	}
	if least.y < low {
		in, out = cutNorth(in, out[:0], low), in
	}
	if most.y > high {
		in, out = cutSouth(in, out[:0], high), in
	}
	r.far, r.cut = in, out
	points := r.points[:0]
	for _, p := range in {
		points = push(points, unit{int32(p.x), int32(p.y)})
	}
	r.points = points
	return closeUp(points)
}

// cutWest keeps what of a ring is not west of a line.
func cutWest(in, out []farUnit, limit int64) []farUnit {
	if len(in) == 0 {
		return out
	}
	a := in[len(in)-1]
	for _, b := range in {
		if (a.x < limit) != (b.x < limit) {
			out = append(out, farUnit{limit, crossing(a.x, a.y, b.x, b.y, limit)})
		}
		if b.x >= limit {
			out = append(out, b)
		}
		a = b
	}
	return out
}

// cutEast keeps what of a ring is not east of a line.
func cutEast(in, out []farUnit, limit int64) []farUnit {
	if len(in) == 0 {
		return out
	}
	a := in[len(in)-1]
	for _, b := range in {
		if (a.x > limit) != (b.x > limit) {
			out = append(out, farUnit{limit, crossing(a.x, a.y, b.x, b.y, limit)})
		}
		if b.x <= limit {
			out = append(out, b)
		}
		a = b
	}
	return out
}

// cutNorth keeps what of a ring is not north of a line.
func cutNorth(in, out []farUnit, limit int64) []farUnit {
	if len(in) == 0 {
		return out
	}
	a := in[len(in)-1]
	for _, b := range in {
		if (a.y < limit) != (b.y < limit) {
			out = append(out, farUnit{crossing(a.y, a.x, b.y, b.x, limit), limit})
		}
		if b.y >= limit {
			out = append(out, b)
		}
		a = b
	}
	return out
}

// cutSouth keeps what of a ring is not south of a line.
func cutSouth(in, out []farUnit, limit int64) []farUnit {
	if len(in) == 0 {
		return out
	}
	a := in[len(in)-1]
	for _, b := range in {
		if (a.y > limit) != (b.y > limit) {
			out = append(out, farUnit{crossing(a.y, a.x, b.y, b.x, limit), limit})
		}
		if b.y <= limit {
			out = append(out, b)
		}
		a = b
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
