package tiles

import (
	"encoding/binary"

	"github.com/dikuai/dikuai/tiles/plotset"
)

// unit is a place in tile units from the tile's north-west corner.
type unit struct{ x, y int32 }

// frame is one tile in the world.
type frame struct {
	shift  int   // a tile unit is 2^shift world units
	ox, oy int64 // of the tile's corner, in tile units from the world's
	window plotset.Box
}

// unitShift is the zoom whose tile units are the world's.
const unitShift = 20

func frameOf(z, x, y uint32) frame {
	f := frame{shift: unitShift - int(z), ox: int64(x) * Extent, oy: int64(y) * Extent}
	f.window = plotset.Box{
		Min: plotset.Point{X: f.world(f.ox - margin), Y: f.world(f.oy - margin)},
		Max: plotset.Point{X: f.world(f.ox + Extent + margin), Y: f.world(f.oy + Extent + margin)},
	}
	return f
}

// world is a coordinate in world units, within the world.
func (f *frame) world(units int64) uint32 {
	var w int64
	if f.shift >= 0 {
		w = units << f.shift
	} else {
		w = units >> -f.shift
	}
	return uint32(min(max(w, 0), 1<<32-1))
}

// snapped puts a point on the tile's grid. Neighbours' shared points go to the
// same place, in this tile and in the next.
func (f *frame) snapped(x, y uint32) (ux, uy int64) {
	if f.shift <= 0 {
		return int64(x)<<-f.shift - f.ox, int64(y)<<-f.shift - f.oy
	}
	half := int64(1) << (f.shift - 1)
	return (int64(x)+half)>>f.shift - f.ox, (int64(y)+half)>>f.shift - f.oy
}

// rings draws shapes in a frame, and keeps its memory from one to the next.
type rings struct {
	frame
	points   []unit
	far, cut []farUnit
	few      [][2]uint32 // of an outline
	fewEnds  []uint32
	geometry []byte
	at       unit // the cursor
}

// polygon gives the geometry (4.3.5.3) of what of a shape lies in the tile and
// its margin; empty when nothing does that has an area on the tile's grid. The
// next call uses the answer's memory again.
func (r *rings) polygon(s plotset.Shape, box plotset.Box) []byte {
	r.geometry, r.at = r.geometry[:0], unit{}
	whole := box.Within(r.window)
	var outerArea int64
	for i := range s.Ends {
		ring, outer := s.Ring(i)
		if !outer && outerArea == 0 {
			continue // an outer ring that vanished takes its holes along
		}
		var points []unit
		if whole {
			points = r.place(ring)
		} else {
			points = r.clip(ring)
		}
		area := doubleArea(points)
		size := max(area, -area)
		if outer {
			outerArea = size
		} else if size >= outerArea {
			continue
		}
		if area == 0 {
			continue
		}
		// Outer rings run clockwise on the screen, holes against it.
		r.write(points, (area > 0) == outer)
	}
	return r.geometry
}

// place puts a ring that lies wholly in the window on the grid.
func (r *rings) place(ring [][2]uint32) []unit {
	points := r.points[:0]
	if r.shift <= 0 {
		for _, p := range ring {
			x, y := r.snapped(p[0], p[1])
			points = push(points, unit{int32(x), int32(y)})
		}
	} else {
		shift, half := uint(r.shift)&63, int64(1)<<(r.shift-1)
		for _, p := range ring {
			points = push(points, unit{int32((int64(p[0])+half)>>shift - r.ox), int32((int64(p[1])+half)>>shift - r.oy)})
		}
	}
	r.points = points
	return closeUp(points)
}

// push adds a point to a ring without repeated points and points on the straight
// way between their neighbours.
func push(points []unit, p unit) []unit {
	for n := len(points); n > 0; n-- {
		last := points[n-1]
		if last == p {
			return points[:n]
		}
		if n == 1 || turn(points[n-2], last, p) != 0 {
			return append(points[:n], p)
		}
	}
	return append(points[:0], p)
}

// closeUp takes away what is repeated or straight where a ring's end meets its
// beginning.
func closeUp(points []unit) []unit {
	for len(points) > 2 {
		n := len(points)
		switch {
		case points[n-1] == points[0] || turn(points[n-2], points[n-1], points[0]) == 0:
			points = points[:n-1]
		case turn(points[n-1], points[0], points[1]) == 0:
			points = points[1:]
		default:
			return points
		}
	}
	return nil
}

// turn is twice the area of the triangle a, b, c with y down: positive where the
// way turns right.
func turn(a, b, c unit) int64 {
	return int64(b.x-a.x)*int64(c.y-b.y) - int64(b.y-a.y)*int64(c.x-b.x)
}

// doubleArea is twice the shoelace area of an open ring with y down: positive
// when it runs clockwise on the screen.
func doubleArea(points []unit) int64 {
	var sum int64
	if len(points) == 0 {
		return 0
	}
	p := points[len(points)-1]
	for _, q := range points {
		sum += int64(p.x)*int64(q.y) - int64(q.x)*int64(p.y)
		p = q
	}
	return sum
}

// write appends a ring's commands, forwards or backwards, from where the cursor is.
func (r *rings) write(points []unit, forwards bool) {
	n := len(points)
	need := len(r.geometry) + 2*binary.MaxVarintLen32*(n+2)
	if cap(r.geometry) < need {
		r.geometry = append(make([]byte, 0, 2*need), r.geometry...)
	}
	b, at := r.geometry, r.at
	i, step := 0, 1
	if !forwards {
		i, step = n-1, -1
	}
	b = append(b, 1<<3|moveTo)
	for k := range n {
		if k == 1 {
			b = binary.AppendUvarint(b, uint64(n-1)<<3|lineTo)
		}
		p := points[i]
		b = appendDelta(appendDelta(b, p.x-at.x), p.y-at.y)
		at = p
		i += step
	}
	r.geometry, r.at = append(b, 1<<3|closePath), at
}

// appendDelta appends a signed parameter (4.3.2).
func appendDelta(b []byte, v int32) []byte {
	u := uint32(v<<1) ^ uint32(v>>31)
	if u < 1<<7 {
		return append(b, byte(u))
	}
	if u < 1<<14 {
		return append(b, byte(u)|0x80, byte(u>>7))
	}
	return binary.AppendUvarint(b, uint64(u))
}

// point gives the geometry of a place of the tile itself, margin excluded; empty
// elsewhere.
func (r *rings) point(p plotset.Point) []byte {
	var x, y int64
	if r.shift >= 0 {
		x, y = int64(p.X)>>r.shift-r.ox, int64(p.Y)>>r.shift-r.oy
	} else {
		x, y = r.snapped(p.X, p.Y)
	}
	r.geometry = r.geometry[:0]
	if x < 0 || y < 0 || x >= Extent || y >= Extent {
		return nil
	}
	r.geometry = appendDelta(appendDelta(append(r.geometry, 1<<3|moveTo), int32(x)), int32(y))
	return r.geometry
}
