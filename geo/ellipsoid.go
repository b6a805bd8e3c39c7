package geo

import "math"

// The CGCS2000 ellipsoid (GB 22021-2008; EPSG ellipsoid 1024).
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257222101
	eccSquared = flattening * (2 - flattening)
)

const radian = math.Pi / 180

// longestStep is the extent of an edge, in degrees, over which Simpson's rule
// is exact to double precision for areas.
const longestStep = 0.02

// EllipsoidArea is the area on the CGCS2000 ellipsoid of a polygon whose
// coordinates are longitude, latitude in degrees (EPSG:4490 in lon/lat order).
// Rings may turn either way; holes are subtracted.
//
// Edges are geodesics, as in PostGIS, whose ST_Area(geography) it equals within
// 1e-9 for plots. The trapezoid formula of 国土调查办发〔2008〕32号 takes edges as
// straight in latitude and longitude, which for diagonal edges of a hundred
// metres differs by up to 1e-5 of the area.
func EllipsoidArea(p MultiPolygon) SquareMetres {
	var total float64
	for _, polygon := range p {
		for i, ring := range polygon {
			a := math.Abs(ellipsoidRing(ring))
			if i > 0 {
				a = -a
			}
			total += a
		}
	}
	return SquareMetres(total)
}

func ellipsoidRing(ring Ring) float64 {
	if len(ring) < 3 {
		return 0
	}
	if b := ring.Bound(); b.Max[0]-b.Min[0] <= longestStep && b.Max[1]-b.Min[1] <= longestStep {
		return smallRing(ring, b.Center())
	}
	base := zoneArea(ring[0][1])
	var sum float64
	for i := range ring {
		sum += underGeodesic(ring[i], ring[(i+1)%len(ring)], base)
	}
	return sum
}

// smallRing is ellipsoidRing of a ring that spans at most longestStep: the area
// under each edge, with the zone's area as a power series in latitude and the
// geodesic as a parabola in longitude. Both are taken at the middle of the ring,
// which at that extent is good to 2e-9 of the area.
func smallRing(ring Ring, middle Point) float64 {
	sin, cos := math.Sincos(middle[1] * radian)
	w2 := 1 - eccSquared*sin*sin
	n := semiMajor / math.Sqrt(w2) // radius of curvature in the prime vertical
	m := n * (1 - eccSquared) / w2 // and in the meridian
	// The area between latitudes per radian of longitude has the derivative
	// M N cos φ; logarithmic is what that in turn has, over itself.
	first := m * n * cos
	logarithmic := 4*eccSquared*sin*cos/w2 - sin/cos
	second := first * logarithmic
	third := first * (logarithmic*logarithmic + 4*eccSquared*(cos*cos-sin*sin+eccSquared*sin*sin)/(w2*w2) - 1/(cos*cos))
	// A geodesic bends by φ″ = -(N/M) sin φ cos φ - (2 (M/N) tan φ + M′/M) φ′².
	eastBend := n / m * sin * cos
	northBend := 2*m/n*sin/cos + 3*eccSquared*sin*cos/w2
	var sum float64
	last := ring[len(ring)-1]
	lon, lat := (last[0]-middle[0])*radian, (last[1]-middle[1])*radian
	for _, p := range ring {
		nextLon, nextLat := (p[0]-middle[0])*radian, (p[1]-middle[1])*radian
		dLon, dLat := nextLon-lon, nextLat-lat
		mean := (lat + nextLat) / 2
		bend := eastBend*dLon*dLon + northBend*dLat*dLat
		sum += dLon * (first*(mean+bend/12) + second*(mean*mean/2+dLat*dLat/24) + third*(mean*mean*mean+mean*dLat*dLat/4)/6)
		lon, lat = nextLon, nextLat
	}
	return sum
}

// underGeodesic integrates zoneArea over longitude along the geodesic from a to
// b. The geodesic is the chord between the two points dropped on the ellipsoid;
// at the length of a plot's edge they are a micrometre apart.
func underGeodesic(a, b Point, base float64) float64 {
	dLon, dLat := b[0]-a[0], b[1]-a[1]
	if dLon == 0 {
		return 0
	}
	m := chordMiddle(a, b)
	if math.Abs(dLon) > longestStep || math.Abs(dLat) > longestStep {
		return underGeodesic(a, m, base) + underGeodesic(m, b, base)
	}
	mean := (zoneArea(a[1]) - base + 4*(zoneArea(m[1])-base) + zoneArea(b[1]) - base) / 6
	return mean * dLon * radian
}

// chordMiddle is the point of the chord from a to b at the mean longitude.
func chordMiddle(a, b Point) Point {
	lon := (a[0] + b[0]) / 2
	sin, cos := math.Sincos(lon * radian)
	pa, pb := cartesian(a), cartesian(b)
	da, db := pa[0]*sin-pa[1]*cos, pb[0]*sin-pb[1]*cos
	t := da / (da - db)
	x, y, z := pa[0]+t*(pb[0]-pa[0]), pa[1]+t*(pb[1]-pa[1]), pa[2]+t*(pb[2]-pa[2])
	return Point{lon, latitude(math.Hypot(x, y), z)}
}

// zoneArea is the area in m² between the equator and a latitude in degrees per
// radian of longitude (Snyder, Map Projections, USGS PP 1395, eq. 3-12).
func zoneArea(lat float64) float64 {
	const semiMinor = semiMajor * (1 - flattening)
	e := math.Sqrt(eccSquared)
	s := math.Sin(lat * radian)
	return semiMinor * semiMinor / 2 * (s/(1-eccSquared*s*s) + math.Atanh(e*s)/e)
}

func cartesian(p Point) [3]float64 {
	sinLat, cosLat := math.Sincos(p[1] * radian)
	sinLon, cosLon := math.Sincos(p[0] * radian)
	n := semiMajor / math.Sqrt(1-eccSquared*sinLat*sinLat)
	return [3]float64{n * cosLat * cosLon, n * cosLat * sinLon, n * (1 - eccSquared) * sinLat}
}

// latitude is the geodetic latitude in degrees of a point near the ellipsoid, r
// metres from its axis and z from the equator (Bowring 1976).
func latitude(r, z float64) float64 {
	const semiMinor = semiMajor * (1 - flattening)
	beta := math.Atan2(z*semiMajor, r*semiMinor)
	s, c := math.Sincos(beta)
	second := eccSquared / (1 - eccSquared)
	return math.Atan2(z+second*semiMinor*s*s*s, r-eccSquared*semiMajor*c*c*c) / radian
}
