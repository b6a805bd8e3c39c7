package ogc

import (
	"math"
	"net/url"
	"strings"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
)

// crs is a reference system as OGC APIs name it, with the axes in the order of
// its authority (18-058r1).
type crs struct {
	uri string
	geo.CRS
	northFirst bool // latitude or northing before longitude or easting
}

const (
	crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	epsg  = "http://www.opengis.net/def/crs/EPSG/0/"
)

// systems are the reference systems of every collection, the default one first.
// WGS 84 is treated as CGCS2000, from which it differs by decimetres at most.
// EPSG's order is latitude, longitude of 4490 and 4326, and northing, easting of
// the Gauss-Krüger planes 4547 and 4526.
var systems = []crs{
	{crs84, geo.WGS84, false},
	{epsg + "4490", geo.CGCS2000, true},
	{epsg + "4326", geo.WGS84, true},
	{epsg + "4547", geo.GK114, true},
	{epsg + "4526", geo.GK38, true},
	{epsg + "3857", geo.WebMercator, false},
}

// storage is the system in which the register holds everything.
var storage = systems[1]

// uris are the names of the systems.
func uris() []string {
	names := make([]string, len(systems))
	for i, s := range systems {
		names[i] = s.uri
	}
	return names
}

// lookupCRS finds a system by its name.
func lookupCRS(uri string) (crs, bool) {
	for _, s := range systems {
		if s.uri == uri {
			return s, true
		}
	}
	return crs{}, false
}

// readCRS reads a parameter that names a system; without it, the default one.
func readCRS(q url.Values, parameter string) (crs, error) {
	if !q.Has(parameter) {
		return systems[0], nil
	}
	s, ok := lookupCRS(q.Get(parameter))
	if !ok {
		return s, door.Refuse(parameter, geo.Say("不支持坐标系 %q", "the reference system %q is not supported", q.Get(parameter)),
			geo.Say("可用：%s", "use one of %s", strings.Join(uris(), ", ")))
	}
	return s, nil
}

// readContentCRS reads the header Content-Crs of a request; absent, the body says
// itself in which system its coordinates are, or they are in the default one.
func readContentCRS(text string) (s crs, given bool, err error) {
	if text = strings.TrimSpace(text); text == "" {
		return systems[0], false, nil
	}
	name := strings.TrimSuffix(strings.TrimPrefix(text, "<"), ">")
	s, ok := lookupCRS(name)
	if !ok {
		return s, false, door.Refuse("Content-Crs", geo.Say("不支持坐标系 %q", "the reference system %q is not supported", name),
			geo.Say("可用：%s", "use one of %s", strings.Join(uris(), ", ")))
	}
	return s, true, nil
}

// header is the value of Content-Crs.
func (s crs) header() string { return "<" + s.uri + ">" }

// shape gives the way of a boundary from EPSG:4490 lon/lat into the system. Plane
// coordinates are put on the 0.001 m grid, which gives a surveyor's own numbers
// back.
func (s crs) shape() func(geo.MultiPolygon) geo.MultiPolygon {
	if s.Geographic() && !s.northFirst {
		return func(p geo.MultiPolygon) geo.MultiPolygon { return p }
	}
	transform, err := geo.NewTransformer(geo.CGCS2000, s.CRS)
	if err != nil {
		panic(err) // all systems are supported ones
	}
	return func(p geo.MultiPolygon) geo.MultiPolygon {
		return geo.MapPoints(p, func(q geo.Point) geo.Point {
			q = transform(q)
			if s.Plane() {
				q = geo.SnapToGrid(q)
			}
			return s.swap(q)
		})
	}
}

// swap takes a point from x before y to the order of the system's axes, or back.
func (s crs) swap(p geo.Point) geo.Point {
	if s.northFirst {
		return geo.Point{p[1], p[0]}
	}
	return p
}

// Bounds of plane coordinates that can be taken back to the ellipsoid, in metres
// from the central meridian and the equator.
const (
	farthestEast  = 4.5e6
	farthestNorth = 9.9e6
)

// falseEasting is what a system adds to eastings.
func (s crs) falseEasting() float64 {
	switch s.CRS {
	case geo.GK114:
		return 5e5
	case geo.GK38:
		return 38.5e6
	}
	return 0
}

// lonLat takes a point, in the order of the system's axes, to EPSG:4490 lon/lat.
func (s crs) lonLat(p geo.Point) (geo.Point, error) {
	p = s.swap(p)
	if s.Geographic() && !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) ||
		s.Plane() && !(math.Abs(p[0]-s.falseEasting()) <= farthestEast && math.Abs(p[1]) <= farthestNorth) {
		return p, geo.Say("坐标超出坐标系 %s 的范围", "the coordinates are outside the reference system %s", s.uri)
	}
	q, err := geo.Transform(p, s.CRS, geo.CGCS2000)
	if err == nil && !(math.Abs(q[0]) <= 360 && math.Abs(q[1]) <= 90) {
		err = geo.Say("坐标超出坐标系 %s 的范围", "the coordinates are outside the reference system %s", s.uri)
	}
	return q, err
}
