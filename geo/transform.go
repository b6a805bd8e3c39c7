package geo

import "math"

// Transform takes a point from one system to another; x before y on both sides.
// Gauss-Krüger is Krüger's series to the sixth order in the third flattening
// (Karney, "Transverse Mercator with an accuracy of a few nanometers", 2011),
// good to well under 0.1 mm in a 3° or 6° zone. The error is the
// *UnsupportedCRSError of a system that is not supported.
func Transform(p Point, from, to CRS) (Point, error) {
	if from == to {
		return p, nil
	}
	t, err := NewTransformer(from, to)
	if err != nil {
		return Point{}, err
	}
	return t(p), nil
}

// NewTransformer gives the function that Transform applies, for many points.
func NewTransformer(from, to CRS) (func(Point) Point, error) {
	for _, c := range []CRS{from, to} {
		if err := c.Supported(); err != nil {
			return nil, err
		}
	}
	if from == to || from.Geographic() && to.Geographic() {
		return func(p Point) Point { return p }, nil
	}
	inverse, forward := from.toGeographic(), to.fromGeographic()
	return func(p Point) Point { return forward(inverse(p)) }, nil
}

// TransformMultiPolygon transforms every vertex into a new polygon.
func TransformMultiPolygon(p MultiPolygon, from, to CRS) (MultiPolygon, error) {
	t, err := NewTransformer(from, to)
	if err != nil {
		return nil, err
	}
	return MapPoints(p, t), nil
}

// SnapToGrid puts a point of a plane on the 0.001 m grid that survey
// coordinates are given in.
func SnapToGrid(p Point) Point {
	return Point{math.Round(p[0]*1000) / 1000, math.Round(p[1]*1000) / 1000}
}

// MapPoints gives a new polygon whose vertices are f of the old ones.
func MapPoints(p MultiPolygon, f func(Point) Point) MultiPolygon {
	out := make(MultiPolygon, len(p))
	for i, polygon := range p {
		out[i] = make(Polygon, len(polygon))
		for j, ring := range polygon {
			out[i][j] = make(Ring, len(ring))
			for k, q := range ring {
				out[i][j][k] = f(q)
			}
		}
	}
	return out
}

func (c CRS) toGeographic() func(Point) Point {
	if c == WebMercator {
		return func(p Point) Point {
			return Point{degrees(p[0] / semiMajor), degrees(math.Atan(math.Sinh(p[1] / semiMajor)))}
		}
	}
	if g, ok := c.gaussKruger(); ok {
		return g.inverse
	}
	return func(p Point) Point { return p }
}

func (c CRS) fromGeographic() func(Point) Point {
	if c == WebMercator {
		return func(p Point) Point {
			return Point{semiMajor * radians(p[0]), semiMajor * math.Asinh(math.Tan(radians(p[1])))}
		}
	}
	if g, ok := c.gaussKruger(); ok {
		return g.forward
	}
	return func(p Point) Point { return p }
}

func degrees(r float64) float64 { return r * 180 / math.Pi }
func radians(d float64) float64 { return d * math.Pi / 180 }

// kruger holds the rectifying radius, Karney's α (eq. 35) and β (eq. 36), and
// the series between the geographic and the conformal latitude, which PROJ's
// tmerc (K. Engsager, K. Poder, "A highly accurate world wide algorithm for the
// transverse Mercator mapping", 2007) uses too.
var kruger = func() (k struct {
	radius                   float64
	alpha, beta              series
	conformal, fromConformal series
}) {
	n := flattening / (2 - flattening)
	n2, n3, n4, n5, n6 := n*n, n*n*n, n*n*n*n, n*n*n*n*n, n*n*n*n*n*n
	k.radius = semiMajor / (1 + n) * (1 + n2/4 + n4/64 + n6/256)
	k.alpha = series{
		n/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
		n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
		n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
		n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
		n5*34729/80640 - n6*3418889/1995840,
		n6 * 212378941 / 319334400,
	}
	k.beta = series{
		n/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
		n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
		n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
		n4*4397/161280 - n5*11/504 - n6*830251/7257600,
		n5*4583/161280 - n6*108847/3991680,
		n6 * 20648693 / 638668800,
	}
	k.conformal = series{
		-n*2 + n2*2/3 + n3*4/3 - n4*82/45 + n5*32/45 + n6*4642/4725,
		n2*5/3 - n3*16/15 - n4*13/9 + n5*904/315 - n6*1522/945,
		-n3*26/15 + n4*34/21 + n5*8/5 - n6*12686/2835,
		n4*1237/630 - n5*12/5 - n6*24832/14175,
		-n5*734/315 + n6*109598/31185,
		n6 * 444337 / 155925,
	}
	k.fromConformal = series{
		n*2 - n2*2/3 - n3*2 + n4*116/45 + n5*26/45 - n6*2854/675,
		n2*7/3 - n3*8/5 - n4*227/45 + n5*2704/315 + n6*2323/945,
		n3*56/15 - n4*136/35 - n5*1262/105 + n6*73814/2835,
		n4*4279/630 - n5*332/35 - n6*399572/14175,
		n5*4174/315 - n6*144838/6237,
		n6 * 601676 / 22275,
	}
	return k
}()

// series are the coefficients of sin 2x, sin 4x … sin 12x.
type series [6]float64

// sum is the series of an angle whose double has the sine and cosine given
// (C. W. Clenshaw, "A note on the summation of Chebyshev series", 1955).
func (c *series) sum(sin2, cos2 float64) float64 {
	var b1, b2 float64
	for j := len(c) - 1; j >= 0; j-- {
		b1, b2 = 2*cos2*b1-b2+c[j], b1
	}
	return b1 * sin2
}

// complexSum is the series of the complex angle x + iy, given the sine and
// cosine of 2x and the hyperbolic ones of 2y.
func (c *series) complexSum(sin2, cos2, sinh2, cosh2 float64) (re, im float64) {
	tr, ti := 2*cos2*cosh2, -2*sin2*sinh2 // 2 cos 2(x+iy)
	var b1r, b1i, b2r, b2i float64
	for j := len(c) - 1; j >= 0; j-- {
		b1r, b1i, b2r, b2i = tr*b1r-ti*b1i-b2r+c[j], tr*b1i+ti*b1r-b2i, b1r, b1i
	}
	sr, si := sin2*cosh2, cos2*sinh2 // sin 2(x+iy)
	return sr*b1r - si*b1i, sr*b1i + si*b1r
}

// hyperbolic gives sinh and cosh, in absolute terms to double precision.
func hyperbolic(x float64) (sinh, cosh float64) {
	e := math.Exp(x)
	return (e - 1/e) / 2, (e + 1/e) / 2
}

func (g gaussKruger) forward(p Point) Point {
	sin, cos := math.Sincos(radians(p[1]))
	chi := radians(p[1]) + kruger.conformal.sum(2*sin*cos, (cos-sin)*(cos+sin))
	sinChi, cosChi := math.Sincos(chi)
	sinL, cosL := math.Sincos(radians(p[0] - g.meridian))
	north, east := cosChi*cosL, cosChi*sinL
	// ξ' = atan2(sin χ, north), η' = artanh east
	h2 := sinChi*sinChi + north*north // = 1 - east²
	xip, etap := math.Atan2(sinChi, north), math.Atanh(east)
	re, im := kruger.alpha.complexSum(2*sinChi*north/h2, (north-sinChi)*(north+sinChi)/h2, 2*east/h2, (1+east*east)/h2)
	return Point{g.falseEasting + kruger.radius*(etap+im), kruger.radius * (xip + re)}
}

func (g gaussKruger) inverse(p Point) Point {
	xi, eta := p[1]/kruger.radius, (p[0]-g.falseEasting)/kruger.radius
	sin, cos := math.Sincos(2 * xi)
	sinh, cosh := hyperbolic(2 * eta)
	re, im := kruger.beta.complexSum(sin, cos, sinh, cosh)
	s, c := math.Sincos(xi - re)
	sh, _ := hyperbolic(eta - im)
	// The conformal latitude has sine s/h and cosine k/h.
	k := math.Sqrt(sh*sh + c*c)
	h2 := s*s + k*k
	lat := math.Atan2(s, k) + kruger.fromConformal.sum(2*s*k/h2, (k-s)*(k+s)/h2)
	return Point{g.meridian + degrees(math.Atan2(sh, c)), degrees(lat)}
}
