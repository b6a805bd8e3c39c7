package relate

import (
	"math"

	"github.com/paulmach/orb"
)

// The CGCS2000 ellipsoid (GB 22021-2008), as EPSG:4490 names it for PostGIS too.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257222101
	semiMinor  = semiMajor * (1 - flattening)
	radian     = math.Pi / 180
)

// rounding is what coordinates on the sphere may be off, in metres: 1e-15 of its
// radius, many times over.
const rounding = 1e-6

// Near says whether two shapes in lon/lat are no further apart than so many
// metres on the CGCS2000 ellipsoid, as ST_DWithin of two geographies does: edges
// are great circles, the nearest two points are found on the sphere and measured
// on the ellipsoid. Edges and areas are to be shorter than half the globe.
func Near(a, b *Shape, metres float64) bool {
	if a.empty() || b.empty() || !overlap(Bulge(a.bound), Reach(b.bound, metres)) {
		return false
	}
	if holdsPoint(a, b) || holdsPoint(b, a) {
		return true
	}
	reach := Reach(Bulge(a.bound), metres)
	near := nearest{apart: math.Inf(1)}
	// A chord under which two points are near enough wherever they are: no radius of
	// the ellipsoid's curvature is a hundredth more than semiMajor.
	surely := 2 * math.Sin(min(metres/(1.01*semiMajor), math.Pi)/2)
	a.edges(Reach(b.bound, metres), func(p, q vector) bool {
		b.edges(reach, func(r, s vector) bool {
			near.edges(p, q, r, s)
			return near.apart > surely
		})
		return near.apart > surely
	})
	return near.apart <= surely || near.apart < math.Inf(1) && geodesic(near.p.lonLat(), near.q.lonLat()) <= metres+rounding
}

// Distance is how many metres two shapes in lon/lat are apart on the CGCS2000
// ellipsoid, as ST_Distance of two geographies tells it: found and measured as Near
// does, 0 where they meet; infinite where one of them is empty.
func Distance(a, b *Shape) float64 {
	if a.empty() || b.empty() {
		return math.Inf(1)
	}
	if holdsPoint(a, b) || holdsPoint(b, a) {
		return 0
	}
	everywhere := orb.Bound{Min: orb.Point{-360, -180}, Max: orb.Point{360, 180}}
	near := nearest{apart: math.Inf(1)}
	a.edges(everywhere, func(p, q vector) bool {
		b.edges(everywhere, func(r, s vector) bool {
			near.edges(p, q, r, s)
			return near.apart > 0
		})
		return near.apart > 0
	})
	return geodesic(near.p.lonLat(), near.q.lonLat())
}

// PrepareNear is Prepare for a shape that is given to Near again and again.
func (s *Shape) PrepareNear() {
	s.Prepare()
	for _, t := range s.segments {
		s.vectors = append(s.vectors, [2]vector{vectorOf(t.a), vectorOf(t.b)})
	}
}

// arc is an edge on the sphere.
func (s *Shape) arc(i int) (p, q vector) {
	if s.vectors != nil {
		return s.vectors[i][0], s.vectors[i][1]
	}
	return vectorOf(s.segments[i].a), vectorOf(s.segments[i].b)
}

// Reach is a box that holds everything within so many metres of a box in lon/lat,
// great circles between points of the box included. Beyond the antimeridian it
// holds nothing.
func Reach(b orb.Bound, metres float64) orb.Bound {
	const least = 110500 // metres in a degree of latitude, less than on either axis
	b = Bulge(b)
	up := metres / least
	south, north := b.Min[1]-up, b.Max[1]+up
	widest := min(max(math.Abs(south), math.Abs(north)), 90)
	across := 360.0
	if c := math.Cos(widest * radian); c*least*180 > metres {
		across = metres / (least * c)
	}
	return orb.Bound{Min: orb.Point{b.Min[0] - across, south}, Max: orb.Point{b.Max[0] + across, north}}
}

// Bulge is a box that holds the great circles between points of a box: one that
// spans the longitudes Δλ rises at most Δλ²/16 above its higher end.
func Bulge(b orb.Bound) orb.Bound {
	span := (b.Max[0] - b.Min[0]) * radian
	rise := span*span/16/radian + 1e-9
	return orb.Bound{Min: orb.Point{b.Min[0] - 1e-9, b.Min[1] - rise}, Max: orb.Point{b.Max[0] + 1e-9, b.Max[1] + rise}}
}

// edges visits the edges and points that meet a box, a point as an edge of no length.
func (s *Shape) edges(box orb.Bound, visit func(p, q vector) bool) {
	for _, p := range s.points {
		if overlap(orb.Bound{Min: p, Max: p}, box) {
			if v := vectorOf(p); !visit(v, v) {
				return
			}
		}
	}
	if s.tree != nil {
		rise := Bulge(s.bound) // of any edge
		up := rise.Max[1] - s.bound.Max[1]
		box = orb.Bound{Min: orb.Point{box.Min[0], box.Min[1] - up}, Max: orb.Point{box.Max[0], box.Max[1] + up}}
		s.search(box, func(i int) bool { return visit(s.arc(i)) })
		return
	}
	for i, t := range s.segments {
		if overlap(Bulge(t.box()), box) && !visit(s.arc(i)) {
			return
		}
	}
}

// vector is a point of the unit sphere.
type vector [3]float64

func vectorOf(p orb.Point) vector {
	sinLat, cosLat := math.Sincos(p[1] * radian)
	sinLon, cosLon := math.Sincos(p[0] * radian)
	return vector{cosLat * cosLon, cosLat * sinLon, sinLat}
}

func (v vector) lonLat() orb.Point {
	return orb.Point{math.Atan2(v[1], v[0]) / radian, math.Atan2(v[2], math.Hypot(v[0], v[1])) / radian}
}

func (v vector) dot(w vector) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }

func (v vector) cross(w vector) vector {
	return vector{v[1]*w[2] - v[2]*w[1], v[2]*w[0] - v[0]*w[2], v[0]*w[1] - v[1]*w[0]}
}

func (v vector) minus(w vector) vector { return vector{v[0] - w[0], v[1] - w[1], v[2] - w[2]} }
func (v vector) plus(w vector) vector  { return vector{v[0] + w[0], v[1] + w[1], v[2] + w[2]} }
func (v vector) times(k float64) vector {
	return vector{v[0] * k, v[1] * k, v[2] * k}
}
func (v vector) length() float64 { return math.Sqrt(v.dot(v)) }

func (v vector) unit() vector {
	l := v.length()
	return vector{v[0] / l, v[1] / l, v[2] / l}
}

// nearest is the shortest chord so far and its ends.
type nearest struct {
	apart float64
	p, q  vector
}

func (n *nearest) try(p, q vector) {
	if d := p.minus(q).length(); d < n.apart {
		*n = nearest{d, p, q}
	}
}

func (n *nearest) edges(p, q, r, s vector) {
	if at, ok := arcsMeet(p, q, r, s); ok {
		*n = nearest{0, at, at}
		return
	}
	n.try(p, foot(p, r, s))
	if p == q { // a point is nowhere nearer
		return
	}
	n.try(q, foot(q, r, s))
	n.try(foot(r, p, q), r)
	n.try(foot(s, p, q), s)
}

// normalOf is the normal of the plane of an arc, computed from the chord so that
// short arcs keep their digits.
func normalOf(p, q vector) vector { return p.plus(q).cross(q.minus(p)) }

// foot is the point of an arc that is nearest to v.
func foot(v, p, q vector) vector {
	if p == q {
		return p
	}
	n := normalOf(p, q).unit()
	f := v.minus(n.times(n.dot(v)))
	if f.length() < 1e-12 { // every point of the arc's circle is as near
		return p
	}
	f = f.unit()
	if n.dot(p.cross(f)) >= 0 && n.dot(f.cross(q)) >= 0 {
		return f
	}
	if v.minus(p).length() <= v.minus(q).length() {
		return p
	}
	return q
}

func arcsMeet(p, q, r, s vector) (vector, bool) {
	if p == q || r == s {
		return p, false // the foot tells
	}
	n, m := normalOf(p, q), normalOf(r, s)
	a, b := n.dot(r.minus(p)), n.dot(s.minus(p))
	c, d := m.dot(p.minus(r)), m.dot(q.minus(r))
	if a*b > 0 || c*d > 0 || a == b {
		return p, false
	}
	x := r.plus(s.minus(r).times(a / (a - b)))
	if x.length() < 1e-12 || x.dot(p.plus(q)) <= 0 {
		return p, false // on the other side of the globe
	}
	return x.unit(), true
}

// holdsPoint says whether a point or path of a begins in the area of b, whose
// edges are great circles: seen from the point, in the plane that touches the
// globe there, they are straight.
func holdsPoint(a, b *Shape) bool {
	if b.dim < 2 {
		return false
	}
	box := Bulge(b.bound)
	test := func(p orb.Point) bool {
		return overlap(orb.Bound{Min: p, Max: p}, box) && b.holds(p)
	}
	for _, p := range a.points {
		if test(p) {
			return true
		}
	}
	for _, p := range a.paths {
		if test(p.points[0]) {
			return true
		}
	}
	return false
}

func (s *Shape) holds(p orb.Point) bool {
	up := vectorOf(p)
	east := vector{-math.Sin(p[0] * radian), math.Cos(p[0] * radian), 0}
	north := up.cross(east)
	seen := func(v vector) (x, y float64, ok bool) {
		h := v.dot(up)
		d := v.minus(up)
		return d.dot(east) / h, d.dot(north) / h, h > 1e-3
	}
	inside := false
	for i := range s.segments {
		v, w := s.arc(i)
		ax, ay, ok := seen(v)
		bx, by, also := seen(w)
		if !ok || !also { // a quarter of the globe away
			return s.Locate(p) != Exterior
		}
		if ay > 0 != (by > 0) && (ax*by-ay*bx > 0) == (by > ay) {
			inside = !inside
		}
	}
	return inside
}

// geodesic is the distance in metres between two points (T. Vincenty, Direct and
// inverse solutions of geodesics on the ellipsoid, 1975), on the sphere for
// points that are nearly antipodal.
func geodesic(p, q orb.Point) float64 {
	if p == q {
		return 0
	}
	l := (q[0] - p[0]) * radian
	sinU1, cosU1 := math.Sincos(math.Atan((1 - flattening) * math.Tan(p[1]*radian)))
	sinU2, cosU2 := math.Sincos(math.Atan((1 - flattening) * math.Tan(q[1]*radian)))
	lambda := l
	for range 100 {
		sinL, cosL := math.Sincos(lambda)
		sinSigma := math.Hypot(cosU2*sinL, cosU1*sinU2-sinU1*cosU2*cosL)
		if sinSigma == 0 {
			return 0
		}
		cosSigma := sinU1*sinU2 + cosU1*cosU2*cosL
		sigma := math.Atan2(sinSigma, cosSigma)
		sinAlpha := cosU1 * cosU2 * sinL / sinSigma
		cos2Alpha := 1 - sinAlpha*sinAlpha
		cos2M := 0.0 // on the equator
		if cos2Alpha > 1e-15 {
			cos2M = cosSigma - 2*sinU1*sinU2/cos2Alpha
		}
		c := flattening / 16 * cos2Alpha * (4 + flattening*(4-3*cos2Alpha))
		next := l + (1-c)*flattening*sinAlpha*(sigma+c*sinSigma*(cos2M+c*cosSigma*(2*cos2M*cos2M-1)))
		if math.Abs(next-lambda) < 1e-13 {
			u2 := cos2Alpha * (semiMajor*semiMajor - semiMinor*semiMinor) / (semiMinor * semiMinor)
			a := 1 + u2/16384*(4096+u2*(-768+u2*(320-175*u2)))
			b := u2 / 1024 * (256 + u2*(-128+u2*(74-47*u2)))
			delta := b * sinSigma * (cos2M + b/4*(cosSigma*(2*cos2M*cos2M-1)-b/6*cos2M*(4*sinSigma*sinSigma-3)*(4*cos2M*cos2M-3)))
			return semiMinor * a * (sigma - delta)
		}
		lambda = next
	}
	v, w := vectorOf(p), vectorOf(q)
	return (2*semiMajor + semiMinor) / 3 * math.Atan2(v.cross(w).length(), v.dot(w))
}
