package cql2

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

func (p *jsonParser) bbox(v, numbers jsonValue) Expr {
	var box []float64
	for _, n := range numbers.array {
		box = append(box, p.coordinate(n))
	}
	shape, fault := boxShape(box)
	if fault != (geo.Words{}) {
		p.fail(numbers.at, fault)
	}
	return &Geometry{p.pos(v), shape, box}
}

func (p *jsonParser) geometry(v, _ jsonValue) Expr {
	return &Geometry{Pos: p.pos(v), Shape: p.shape(v, true)}
}

func (p *jsonParser) shape(v jsonValue, collections bool) orb.Geometry {
	kind := v.object["type"]
	coordinates, ok := v.object["coordinates"]
	name := p.string(kind)
	if name == "GeometryCollection" && collections {
		members := v.object["geometries"]
		if len(members.array) == 0 {
			p.fail(v.at, geo.Say("此处应为 geometries，至少含一个几何的数组", "expected geometries, an array of at least one"))
		}
		var all orb.Collection
		for _, member := range members.array {
			if member.object == nil {
				p.fail(member.at, geo.Say("此处应为几何", "expected a geometry"))
			}
			all = append(all, p.shape(member, false))
		}
		return all
	}
	if !ok {
		p.fail(v.at, geo.Say("此处应为含 coordinates 的 GeoJSON 几何", "expected a GeoJSON geometry with coordinates"))
	}
	g := p.coordinates(name, kind, coordinates)
	if fault := geometryFault(g); fault != (geo.Words{}) {
		p.fail(v.at, fault)
	}
	return g
}

func (p *jsonParser) coordinates(name string, kind, c jsonValue) orb.Geometry {
	switch name {
	case "Point":
		return p.point(c)
	case "LineString":
		return orb.LineString(each(p, c, p.point))
	case "Polygon":
		return p.polygon(c)
	case "MultiPoint":
		return orb.MultiPoint(each(p, c, p.point))
	case "MultiLineString":
		return orb.MultiLineString(each(p, c, func(c jsonValue) orb.LineString { return each(p, c, p.point) }))
	case "MultiPolygon":
		return orb.MultiPolygon(each(p, c, p.polygon))
	}
	p.fail(kind.at, geo.Say("%q 不是此处可用的几何类型", "%q is not the type of a geometry here", clip(name)))
	return nil
}

func (p *jsonParser) polygon(c jsonValue) orb.Polygon {
	return each(p, c, func(c jsonValue) orb.Ring { return each(p, c, p.point) })
}

func each[G any](p *jsonParser, v jsonValue, one func(jsonValue) G) []G {
	if len(v.array) == 0 {
		p.fail(v.at, geo.Say("此处应为非空的坐标数组", "expected an array of coordinates that is not empty"))
	}
	all := make([]G, len(v.array))
	for i, part := range v.array {
		all[i] = one(part)
	}
	return all
}

func (p *jsonParser) point(v jsonValue) orb.Point {
	if fault := p.vertex(); fault != (geo.Words{}) {
		p.fail(v.at, fault)
	}
	if len(v.array) < 2 || len(v.array) > 4 {
		p.fail(v.at, geo.Say("此处应为位置：经度、纬度，可有高程", "expected a position: longitude, latitude and perhaps a height"))
	}
	for _, height := range v.array[2:] {
		p.coordinate(height)
	}
	return orb.Point{p.coordinate(v.array[0]), p.coordinate(v.array[1])}
}

func (p *jsonParser) coordinate(v jsonValue) float64 {
	f := p.number(v)
	if math.Abs(f) > largest {
		p.fail(v.at, geo.Say("坐标 %v 过大", "%v is too large a coordinate", f))
	}
	return f
}
