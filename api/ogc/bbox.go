package ogc

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
)

// area is where items must be: they meet the box, EPSG:4490 lon/lat, and match
// the predicate; both may be nil.
type area struct {
	box   *orb.Bound
	match cql2.Expr
}

// nowhere is a box that nothing meets.
var nowhere = area{box: &orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{-1, -1}}}

// readBBox reads bbox of four numbers, or of six with heights, which are not
// looked at, in the system of bbox-crs (17-069r4 §7.15.3, 18-058r1 §6.2.2).
func readBBox(q url.Values) (area, error) {
	system, err := readCRS(q, "bbox-crs")
	if err != nil || !q.Has("bbox") {
		return area{}, err
	}
	low, high, err := corners(q.Get("bbox"))
	if err != nil {
		return area{}, err
	}
	low, high = system.swap(low), system.swap(high)
	if low[1] > high[1] {
		return area{}, badBBox(q.Get("bbox"), geo.Say("上下颠倒", "it is upside down"))
	}
	if system.Geographic() {
		return degrees(q.Get("bbox"), low, high)
	}
	if low[0] > high[0] {
		return area{}, badBBox(q.Get("bbox"), geo.Say("左右颠倒", "its east is west of its west"))
	}
	return system.rectangle(low, high), nil
}

func badBBox(text string, fault geo.Words) error {
	return door.Refuse("bbox", geo.Say("%q 不是范围框：%s", "%q is not a box: %s", text, fault),
		geo.Say("请按坐标系的轴序给出两个角点，例如 113.44,22.97,113.47,22.99", "give two corners in the order of the system's axes, such as 113.44,22.97,113.47,22.99"))
}

// corners reads the two corners of a box, heights left out.
func corners(text string) (low, high geo.Point, err error) {
	parts := strings.Split(text, ",")
	n := make([]float64, len(parts))
	for i, part := range parts {
		if n[i], err = strconv.ParseFloat(strings.TrimSpace(part), 64); err != nil || math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return low, high, badBBox(text, geo.Say("含有不是数的部分", "a part of it is no number"))
		}
	}
	switch len(n) {
	case 4:
		return geo.Point{n[0], n[1]}, geo.Point{n[2], n[3]}, nil
	case 6:
		if n[2] > n[5] {
			return low, high, badBBox(text, geo.Say("上下颠倒", "it is upside down"))
		}
		return geo.Point{n[0], n[1]}, geo.Point{n[3], n[4]}, nil
	}
	return low, high, badBBox(text, geo.Say("有 %d 个数，需要 4 或 6 个", "it has %d numbers where it needs 4 or 6", len(n)))
}

// degrees is a box of longitudes and latitudes; one whose west is beyond its east
// spans the antimeridian.
func degrees(text string, low, high geo.Point) (area, error) {
	for _, p := range []geo.Point{low, high} {
		if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
			return area{}, badBBox(text, geo.Say("超出经纬度范围", "a corner is no longitude and latitude"))
		}
	}
	if low[0] <= high[0] {
		return area{box: &orb.Bound{Min: low, Max: high}}, nil
	}
	west := orb.Bound{Min: low, Max: orb.Point{180, high[1]}}
	east := orb.Bound{Min: orb.Point{-180, low[1]}, Max: high}
	return area{match: &cql2.Logic{Op: "or", Args: []cql2.Expr{meets(rectangle(west)), meets(rectangle(east))}}}, nil
}

// rectangle is a box as a shape: a line or a point where it has no area.
func rectangle(b orb.Bound) orb.Geometry {
	switch {
	case b.Min == b.Max:
		return b.Min
	case b.Min[0] == b.Max[0] || b.Min[1] == b.Max[1]:
		return orb.LineString{b.Min, b.Max}
	}
	return b.ToPolygon()
}

func meets(shape orb.Geometry) cql2.Expr {
	return &cql2.Spatial{Op: "s_intersects", Left: &cql2.Property{Name: "geometry"}, Right: &cql2.Geometry{Shape: shape}}
}

// A side of a box in a plane is no straight line of longitude and latitude: it is
// followed by so many points, which leave it by 2 mm at most where they lie 500 m
// apart.
const (
	stepMetres = 500
	mostSteps  = 256
)

// rectangle is a box in a projected system, x before y. What of it is beyond the
// system's area is left out.
func (s crs) rectangle(low, high geo.Point) area {
	if s.Plane() {
		low[0], high[0] = max(low[0], s.falseEasting()-farthestEast), min(high[0], s.falseEasting()+farthestEast)
		low[1], high[1] = max(low[1], -farthestNorth), min(high[1], farthestNorth)
		if low[0] > high[0] || low[1] > high[1] {
			return nowhere
		}
	}
	transform, err := geo.NewTransformer(s.CRS, geo.CGCS2000)
	if err != nil {
		panic(err) // all systems are supported ones
	}
	if !s.Plane() || low == high { // Mercator's sides are of longitude and latitude
		return area{box: &orb.Bound{Min: transform(low), Max: transform(high)}}
	}
	var ring orb.Ring
	round := []geo.Point{low, {high[0], low[1]}, high, {low[0], high[1]}, low}
	for i, from := range round[:len(round)-1] {
		to := round[i+1]
		steps := min(max(1, math.Ceil(math.Max(math.Abs(to[0]-from[0]), math.Abs(to[1]-from[1]))/stepMetres)), mostSteps)
		for k := range int(steps) {
			f := float64(k) / steps
			ring = append(ring, transform(geo.Point{from[0] + f*(to[0]-from[0]), from[1] + f*(to[1]-from[1])}))
		}
	}
	ring = append(ring, ring[0])
	if low[0] == high[0] || low[1] == high[1] {
		return area{match: meets(orb.LineString(ring))}
	}
	return area{match: meets(orb.Polygon{ring})}
}
