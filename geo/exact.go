package geo

import "math"

// ExactArea is an area in halves of a square millimetre. By the shoelace formula
// the plane area of a polygon on the 0.001 m grid is a whole number of them, so
// that such areas add up without rounding; an area on the ellipsoid is put on the
// nearest one. Four million km² fit.
type ExactArea int64

// PerSquareMetre is 1 m².
const PerSquareMetre ExactArea = 2_000_000

// Exact is the area without the noise of binary fractions.
func (a SquareMetres) Exact() ExactArea {
	return ExactArea(math.Round(float64(a) * float64(PerSquareMetre)))
}

// SquareMetres is the area in m².
func (a ExactArea) SquareMetres() SquareMetres {
	return SquareMetres(float64(a) / float64(PerSquareMetre))
}
