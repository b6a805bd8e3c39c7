package plotset

import (
	"math"
	"sync"
)

// Millions of points are projected when the register is read. The projection is
// worked out at anchors, and between them by Taylor's series
// around the nearest one, whose next term is below 1e-15 in China. Which anchor serves
// depends on the point alone, so that one place always goes to one place.

// How far the anchors are from one another.
const (
	anchorsPerDegree = 100
	anchorBits       = 17 // 1.2 km at the equator
)

// series are a function's value and its first derivatives at an anchor, divided
// by the factorials.
type series [4]float64

func (s *series) at(d float64) float64 {
	return s[0] + float64(d*(s[1]+float64(d*(s[2]+float64(d*s[3])))))
}

var projection = sync.OnceValue(func() (t struct {
	forward []series // by latitude from -90 degrees, of radians
	inverse []series // by y from the north, in degrees, of units of the world
}) {
	for i := range 180*anchorsPerDegree + 1 {
		lat := (float64(i)/anchorsPerDegree - 90) * math.Pi / 180
		lat = min(max(lat, -1.5), 1.5) // beyond lies nothing that maps show
		tan, sec := math.Tan(lat), 1/math.Cos(lat)
		t.forward = append(t.forward, series{math.Asinh(tan), sec, sec * tan / 2, sec * (2*tan*tan + 1) / 6})
	}
	for i := range 1 << (worldBits - anchorBits) {
		y := (0.5 - (float64(i)+0.5)/(1<<(worldBits-anchorBits))) * 2 * math.Pi
		sech, tanh := 1/math.Cosh(y), math.Tanh(y)
		const unit = -2 * math.Pi / worldSide // y grows southwards
		const degrees = 180 / math.Pi
		t.inverse = append(t.inverse, series{
			math.Atan(math.Sinh(y)) * degrees, sech * unit * degrees, -sech * tanh / 2 * unit * unit * degrees,
			sech * (2*tanh*tanh - 1) / 6 * unit * unit * unit * degrees,
		})
	}
	return t
})

// mercator is the projection's y of a latitude in degrees, northwards, of a sphere
// of radius 1 (EPSG Guidance Note 7-2, Popular Visualisation Pseudo Mercator).
func mercator(lat float64) float64 {
	lat = min(max(lat, -85.06), 85.06)
	i := int(float64((lat+90)*anchorsPerDegree) + 0.5)
	anchor := float64(i)/anchorsPerDegree - 90
	return projection().forward[i].at((lat - anchor) * (math.Pi / 180))
}

// latitude is the inverse for a y of the world, in degrees.
func latitude(y uint32) float64 {
	i := y >> anchorBits
	middle := uint32(1) << (anchorBits - 1)
	return projection().inverse[i].at(float64(int64(y&(1<<anchorBits-1)) - int64(middle)))
}
