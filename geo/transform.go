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

// kruger holds the rectifying radius and Karney's α (eq. 35) and β (eq. 36).
var kruger = func() (k struct {
	radius      float64
	alpha, beta [6]float64
}) {
	n := flattening / (2 - flattening)
	n2, n3, n4, n5, n6 := n*n, n*n*n, n*n*n*n, n*n*n*n*n, n*n*n*n*n*n
	k.radius = semiMajor / (1 + n) * (1 + n2/4 + n4/64 + n6/256)
	k.alpha = [6]float64{
		n/2 - n2*2/3 + n3*5/16 + n4*41/180 - n5*127/288 + n6*7891/37800,
		n2*13/48 - n3*3/5 + n4*557/1440 + n5*281/630 - n6*1983433/1935360,
		n3*61/240 - n4*103/140 + n5*15061/26880 + n6*167603/181440,
		n4*49561/161280 - n5*179/168 + n6*6601661/7257600,
		n5*34729/80640 - n6*3418889/1995840,
		n6 * 212378941 / 319334400,
	}
	k.beta = [6]float64{
		n/2 - n2*2/3 + n3*37/96 - n4/360 - n5*81/512 + n6*96199/604800,
		n2/48 + n3/15 - n4*437/1440 + n5*46/105 - n6*1118711/3870720,
		n3*17/480 - n4*37/840 - n5*209/4480 + n6*5569/90720,
		n4*4397/161280 - n5*11/504 - n6*830251/7257600,
		n5*4583/161280 - n6*108847/3991680,
		n6 * 20648693 / 638668800,
	}
	return k
}()

func (g gaussKruger) forward(p Point) Point {
	e := math.Sqrt(eccSquared)
	tau := math.Tan(radians(p[1]))
	sigma := math.Sinh(e * math.Atanh(e*tau/math.Hypot(1, tau)))
	taup := tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
	lambda := radians(p[0] - g.meridian)
	xip := math.Atan2(taup, math.Cos(lambda))
	etap := math.Asinh(math.Sin(lambda) / math.Hypot(taup, math.Cos(lambda)))
	xi, eta := xip, etap
	for j, a := range kruger.alpha {
		m := 2 * float64(j+1)
		xi += a * math.Sin(m*xip) * math.Cosh(m*etap)
		eta += a * math.Cos(m*xip) * math.Sinh(m*etap)
	}
	return Point{g.falseEasting + kruger.radius*eta, kruger.radius * xi}
}

func (g gaussKruger) inverse(p Point) Point {
	e := math.Sqrt(eccSquared)
	xi, eta := p[1]/kruger.radius, (p[0]-g.falseEasting)/kruger.radius
	xip, etap := xi, eta
	for j, b := range kruger.beta {
		m := 2 * float64(j+1)
		xip -= b * math.Sin(m*xi) * math.Cosh(m*eta)
		etap -= b * math.Cos(m*xi) * math.Sinh(m*eta)
	}
	taup := math.Sin(xip) / math.Hypot(math.Sinh(etap), math.Cos(xip))
	tau := taup / (1 - eccSquared)
	for range 5 {
		sigma := math.Sinh(e * math.Atanh(e*tau/math.Hypot(1, tau)))
		t := tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
		step := (taup - t) / math.Hypot(1, t) * (1 + (1-eccSquared)*tau*tau) / ((1 - eccSquared) * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) < 1e-16*math.Max(1, math.Abs(tau)) {
			break
		}
	}
	return Point{g.meridian + degrees(math.Atan2(math.Sinh(etap), math.Cos(xip))), degrees(math.Atan(tau))}
}
