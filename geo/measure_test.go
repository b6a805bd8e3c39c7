package geo

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

// The expected figures in testdata were computed with PROJ 9.1.1 and PostGIS 3.3.2.

func TestTransformAgreesWithPROJ(t *testing.T) {
	t.Parallel()
	for _, row := range readCSV(t, "testdata/points.csv") {
		geographic := Point{number(t, row[0]), number(t, row[1])}
		crs, err := ParseCRS(row[2])
		if err != nil {
			t.Fatal(err)
		}
		want := Point{number(t, row[3]), number(t, row[4])}
		got, err := Transform(geographic, CGCS2000, crs)
		if err != nil {
			t.Fatal(err)
		}
		if d := math.Hypot(got[0]-want[0], got[1]-want[1]); d > 0.0001 {
			t.Errorf("%v to %v: got %.5f, want %.5f, off by %.5f m", geographic, crs, got, want, d)
		}
		back, err := Transform(got, crs, CGCS2000)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(back[0]-geographic[0]) > 1e-12 || math.Abs(back[1]-geographic[1]) > 1e-12 {
			t.Errorf("%v from %v and back: %v", geographic, crs, back)
		}
	}
}

func TestSmallRingsAgreeWithTheIntegral(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		middle := Point{75 + 60*random.Float64(), 4 + 48*random.Float64()}
		reach := math.Min(longestStep/2, 1e-5*math.Exp(7*random.Float64())) // from a metre
		var ring Ring
		for k := range 9 {
			sin, cos := math.Sincos(float64(k%8) * math.Pi / 4)
			r := reach * (1 + random.Float64()) / 2
			ring = append(ring, Point{middle[0] + r*cos, middle[1] + r*sin})
		}
		var want float64
		for i := range ring {
			want += underGeodesic(ring[i], ring[(i+1)%len(ring)], zoneArea(ring[0][1]))
		}
		if got := smallRing(ring, ring.Bound().Center()); math.Abs(got-want) > 1e-4+2e-9*math.Abs(want) {
			t.Errorf("%v: %v m², want %v", ring, got, want)
		}
	}
}

func TestAreasAgreeWithPostGIS(t *testing.T) {
	t.Parallel()
	for _, row := range readCSV(t, "testdata/polygons.csv") {
		crs, err := ParseCRS(row[1])
		if err != nil {
			t.Fatal(err)
		}
		g, err := wkt.Unmarshal(row[2])
		if err != nil {
			t.Fatal(err)
		}
		given := multi(g)
		plane, err := TransformMultiPolygon(given, crs, GK114)
		if err != nil {
			t.Fatal(err)
		}
		geographic, err := TransformMultiPolygon(given, crs, CGCS2000)
		if err != nil {
			t.Fatal(err)
		}
		wantPlane, wantEllipsoid := number(t, row[3]), number(t, row[4])
		name := row[0]
		near(t, name+" plane", float64(PlaneArea(plane)), wantPlane, 0.001)
		near(t, name+" ellipsoid", float64(EllipsoidArea(geographic)), wantEllipsoid, 0.01)
		if crs.Plane() { // of the others the figure is a geodesic one
			near(t, name+" perimeter", PlanePerimeter(plane), number(t, row[5]), 0.001)
		}
	}
}

func TestFormatFixedRoundsHalfUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0.125, 2, "0.13"}, {2.675, 2, "2.68"}, {1.005, 2, "1.01"}, {-1.005, 2, "-1.01"},
		{0, 2, "0.00"}, {0.004, 2, "0.00"}, {999.995, 2, "1000.00"}, {12, 0, "12"},
		{1e-7, 2, "0.00"}, {964000, 2, "964000.00"}, {-0.001, 2, "0.00"},
	} {
		if got := FormatFixed(c.v, c.decimals); got != c.want {
			t.Errorf("FormatFixed(%v, %d) = %s, want %s", c.v, c.decimals, got, c.want)
		}
	}
	if got := FormatFixed(float64(SquareMetres(964000).Mu()), 2); got != "1446.00" {
		t.Errorf("964000 m² = %s 亩", got)
	}
}

func TestLegacyDatumsAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"EPSG:2383", "EPSG:2362", "EPSG:2435", "EPSG:2414", "4610", "EPSG:4214", "GCJ02", ""} {
		if c, err := ParseCRS(s); err == nil {
			t.Errorf("ParseCRS(%q) = %v, want an error", s, c)
		}
	}
}

func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.4f, want %.4f (off by %.5f)", what, got, want, got-want)
	}
}

func multi(g orb.Geometry) MultiPolygon {
	if p, ok := g.(orb.Polygon); ok {
		return MultiPolygon{p}
	}
	return g.(orb.MultiPolygon)
}

func TestRoundedPartsAddUpAsPrinted(t *testing.T) {
	t.Parallel()
	rounded, total, rest := RoundParts([]float64{10.005, 20.005, 70.015}, 2)
	if want := []float64{10.01, 20.01, 70.01}; rounded[0] != want[0] || rounded[1] != want[1] || rounded[2] != want[2] {
		t.Errorf("got %v, want %v", rounded, want)
	}
	if total != 100.03 || rest != -0.01 {
		t.Errorf("total %v rest %v", total, rest)
	}
	thirds := Percentages([]float64{1, 1, 1})
	if thirds[0] != 33.34 || thirds[1] != 33.33 || thirds[2] != 33.33 {
		t.Errorf("thirds %v", thirds)
	}
}
