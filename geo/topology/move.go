package topology

import (
	"github.com/dikuai/dikuai/geo"
)

// InvertError says which polygon a moved vertex would spoil, and where.
type InvertError struct {
	Index  int // of the polygon, from 0
	Place  geo.Point
	Reason geo.Words
}

func (e *InvertError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *InvertError) Words() geo.Words {
	return geo.Say("第 %d 个多边形在东 %.3f，北 %.3f 附近将失效：%s", "polygon %d would not be valid near %.3f, %.3f: %s",
		e.Index+1, e.Place[0], e.Place[1], e.Reason)
}

// Move takes the vertex at from to the point to, in every polygon that has it;
// changed tells which have. Polygons that have an edge through from but no
// vertex there are not changed: Stitch them first. Coordinates are plane metres,
// put on the 0.001 m grid. The error is *InvertError when a polygon would cross
// or touch itself, turn over, or lose a part, a hole or an edge.
func Move(polygons []geo.MultiPolygon, from, to geo.Point) (moved []geo.MultiPolygon, changed []bool, err error) {
	if !finite(to) {
		return nil, nil, &InvertError{0, to, geo.Say("该点不是平面内的位置", "the point is not a place in the plane")}
	}
	moved, changed = make([]geo.MultiPolygon, len(polygons)), make([]bool, len(polygons))
	a, b := onGrid(from), onGrid(to)
	for i, p := range polygons {
		r := regionOf(p)
		if a != b {
			for g := range r.rings {
				before := g.area2() > 0
				var here bool
				for k := range g {
					if g[k] != a {
						continue
					}
					if g.at(k-1) == b || g.at(k+1) == b {
						return nil, nil, &InvertError{i, to, geo.Say("界址点将与相邻的点重合", "the vertex would fall on the one next to it")}
					}
					g[k], here = b, true
				}
				if !here {
					continue
				}
				changed[i] = true
				if area := g.area2(); area == 0 || area > 0 != before {
					return nil, nil, &InvertError{i, to, geo.Say("有一个环将翻转或失去面积", "a ring would turn over or have no area")}
				}
			}
		}
		if changed[i] {
			if err := validate(r); err != nil {
				return nil, nil, &InvertError{i, err.Place, err.Reason}
			}
		}
		moved[i] = r.multiPolygon()
	}
	return moved, changed, nil
}
