package mvt

import "math"

// Type is a geometry type (4.3.4).
type Type uint8

// The geometry types.
const (
	Unknown Type = iota
	Points
	Lines
	Polygons
)

func (t Type) String() string { return [...]string{"unknown", "points", "lines", "polygons"}[t&3] }

// Point is a place in tile units.
type Point struct{ X, Y int32 }

// Commands (4.3.1).
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

// shape is a feature's geometry: paths one after another. Its memory serves the
// next feature again.
type shape struct {
	points []Point
	ends   []int // of each path in points
}

func (s *shape) paths() int { return len(s.ends) }

func (s *shape) path(i int) []Point {
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.points[from:s.ends[i]]
}

// read follows the commands (4.3.1–4.3.4) until one is wrong. A points' shape is
// one path; rings are open, without the first point again.
func (s *shape) read(kind Type, r reader) *Fault {
	s.points, s.ends = s.points[:0], s.ends[:0]
	var x, y int64
	last := uint32(closePath) // what a ring or line may begin after
	if kind == Lines {
		last = lineTo
	}
	begin := last
	for r.at < r.end {
		at := r.at
		c, fault := r.uint32()
		if fault != nil {
			return fault
		}
		id, count := c&7, c>>3
		if fault := expect(kind, id, count, last, begin, len(s.ends)+len(s.points) > 0); fault != nil {
			return s.place(fault, at)
		}
		last = id
		if id == closePath {
			s.ends = append(s.ends, len(s.points))
			continue
		}
		for range count {
			at = r.at
			if r.at == r.end {
				return s.place(flaw(ParameterLost, at, "a command of %d points ends early", count), at)
			}
			dx, fault := r.uint32()
			if fault != nil {
				return fault
			}
			if r.at == r.end {
				return s.place(flaw(ParameterLost, at, "a point has no y"), at)
			}
			dy, fault := r.uint32()
			if fault != nil {
				return fault
			}
			if dx == math.MaxUint32 || dy == math.MaxUint32 {
				return s.place(flaw(ParameterRange, at, "a parameter of -2^31"), at)
			}
			if id == lineTo && dx|dy == 0 {
				return s.place(flaw(SegmentZero, at, "a line to where it begins"), at)
			}
			x += int64(int32(dx>>1) ^ -int32(dx&1))
			y += int64(int32(dy>>1) ^ -int32(dy&1))
			if x != int64(int32(x)) || y != int64(int32(y)) {
				return s.place(flaw(CursorOverflow, at, "the cursor is at (%d,%d)", x, y), at)
			}
			s.points = append(s.points, Point{int32(x), int32(y)})
		}
		if kind == Points || kind == Lines && id == lineTo {
			s.ends = append(s.ends, len(s.points))
		}
	}
	if kind != Points && last != begin {
		return s.place(flaw(CommandOrder, r.at, "%s end after %s", kind, commandName(last)), r.at)
	}
	return nil
}

// expect says whether a command may follow the last one (4.3.4.2–4.3.4.4);
// begin is what a path may follow, any whether there was a command before.
func expect(kind Type, id, count, last, begin uint32, any bool) *Fault {
	name := commandName(id)
	if name == "" {
		return flaw(CommandID, 0, "command %d", id)
	}
	if count == 0 {
		return flaw(CommandCount, 0, "%s none times", name)
	}
	follows := false
	switch {
	case kind == Points:
		follows = id == moveTo && !any
	case id == moveTo:
		follows = last == begin
	case id == lineTo:
		follows = last == moveTo
	default:
		follows = kind == Polygons && last == lineTo
	}
	if !follows {
		return flaw(CommandOrder, 0, "%s at this place of %s", name, kind)
	}
	switch {
	case kind != Points && id == moveTo && count > 1,
		id == closePath && count > 1,
		kind == Polygons && id == lineTo && count < 2:
		return flaw(CommandCount, 0, "%s %d times in %s", name, count, kind)
	}
	return nil
}

func commandName(id uint32) string {
	switch id {
	case moveTo:
		return "MoveTo"
	case lineTo:
		return "LineTo"
	case closePath:
		return "ClosePath"
	}
	return ""
}

// place says where on the geometry a fault is.
func (s *shape) place(f *Fault, at int) *Fault {
	f.Offset, f.Path = at, len(s.ends)
	if n := len(s.points); n > 0 {
		f.Point = s.points[n-1]
	}
	return f
}
