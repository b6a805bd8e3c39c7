package topology

import (
	"fmt"
	"math"

	"github.com/dikuai/dikuai/geo"
)

// The severities of a fault: an error keeps land out of the register, a warning
// asks for a reason, information needs nothing.
const (
	Error   = "error"
	Warning = "warning"
	Info    = "info"
)

// Fault is what a check found, located. Coordinates are plane metres.
type Fault struct {
	Code     string // of the check, for instance "2106"
	Severity string // Error, Warning or Info
	Message  string
	Remedy   string
	// Measured and Limit are in the check's own unit, which the message names.
	Measured, Limit float64
	Place           geo.Point
	Geometry        geo.MultiPolygon // the land in question; nil where the place says it better
}

// Limits are what the checks of a single polygon hold it to.
type Limits struct {
	Repeated  float64 // 2105: metres up to which two points are one
	Spike     float64 // 2106: degrees of an inner angle below which it is an error
	Sharp     float64 // 2106: degrees below which it is a warning
	SpikeSide float64 // 2106: metres that both sides of the angle must be longer than
	ShortEdge float64 // 2110: metres
	LeastArea float64 // 2111: m² below which it is an error
	SmallArea float64 // 2111: m² below which it is a warning
	Roundness float64 // 2112: 4πA/P², 1 for a circle
	MeanWidth float64 // 2112: 2A/P in metres
}

// DefaultLimits are the usual ones for urban plots; 200 m² is the least patch of
// built-up land in the third national land survey.
func DefaultLimits() Limits {
	return Limits{
		Repeated: 0.001, Spike: 1, Sharp: 10, SpikeSide: 0.1, ShortEdge: 0.05,
		LeastArea: 1, SmallArea: 200, Roundness: 0.01, MeanWidth: 1,
	}
}

// Check looks at a single polygon in plane metres: validity (2104), repeated
// points (2105), spikes (2106), ring direction (2107), several parts (2109),
// short edges (2110), small area (2111) and slivers (2112). Of a polygon that is
// not valid, parts and areas are not told.
func Check(p geo.MultiPolygon, l Limits) []Fault {
	var faults []Fault
	if err := Valid(p); err != nil {
		invalid := err.(*InvalidError)
		faults = append(faults, Fault{
			Code: "2104", Severity: Error, Message: "not a valid polygon: " + invalid.Reason,
			Remedy: "correct the boundary points here", Place: invalid.Place,
		})
		for _, polygon := range p {
			for _, line := range polygon {
				for _, q := range line {
					if !finite(q) {
						return faults
					}
				}
			}
		}
	}
	for _, polygon := range p {
		for j, line := range polygon {
			faults = append(faults, checkRing(line, j > 0, l)...)
		}
	}
	if len(faults) > 0 && faults[0].Code == "2104" {
		return faults // without an inside there is no area to speak of
	}
	if len(p) > 1 {
		faults = append(faults, Fault{
			Code: "2109", Severity: Warning, Message: fmt.Sprintf("the plot has %d separate parts", len(p)),
			Remedy: "register each part as a plot of its own", Measured: float64(len(p)), Limit: 1,
			Place: pointOf(p[0]), Geometry: p,
		})
	}
	return append(faults, checkExtent(p, l)...)
}

func checkRing(line geo.Ring, hole bool, l Limits) []Fault {
	var faults []Fault
	for k := 1; k < len(line); k++ {
		length := distance(onGrid(line[k-1]), onGrid(line[k])) / 1000
		switch {
		case length <= l.Repeated:
			faults = append(faults, Fault{
				Code: "2105", Severity: Warning, Message: "a boundary point is repeated",
				Remedy: "drop the second point", Measured: length, Limit: l.Repeated, Place: line[k],
			})
		case length < l.ShortEdge:
			faults = append(faults, Fault{
				Code: "2110", Severity: Warning, Message: fmt.Sprintf("an edge is only %.3f m long", length),
				Remedy: "drop one of its two points if they are the same mark", Measured: length, Limit: l.ShortEdge, Place: line[k],
			})
		}
	}
	g := ringOf(line)
	for k, at := range g {
		if angle, ok := g.sharp(k, l.SpikeSide*1000); ok && angle < l.Sharp {
			severity, limit := Warning, l.Sharp
			if angle < l.Spike {
				severity, limit = Error, l.Spike
			}
			faults = append(faults, Fault{
				Code: "2106", Severity: severity, Message: fmt.Sprintf("the boundary turns back in a spike of %.2f°", angle),
				Remedy: "drop the point if it is no true corner", Measured: angle, Limit: limit, Place: at.point(),
			})
		}
	}
	if a := g.area2(); a != 0 && (a > 0) == hole {
		message := "the outer ring runs clockwise"
		if hole {
			message = "a hole runs anticlockwise"
		}
		faults = append(faults, Fault{
			Code: "2107", Severity: Info, Message: message,
			Remedy: "none needed: it is turned round when stored", Place: line[0],
		})
	}
	return faults
}

// sharp is the angle in degrees between the two sides at vertex k; ok says
// whether both are longer than side (mm).
func (g ring) sharp(k int, side float64) (angle float64, ok bool) {
	if len(g) < 3 {
		return 0, false
	}
	at := g[k]
	u, v := g.at(k-1).minus(at), g.at(k+1).minus(at)
	if distance(pt{}, u) <= side || distance(pt{}, v) <= side {
		return 0, false
	}
	ux, uy, vx, vy := float64(u.x), float64(u.y), float64(v.x), float64(v.y)
	return math.Atan2(math.Abs(ux*vy-uy*vx), ux*vx+uy*vy) * 180 / math.Pi, true
}

func checkExtent(p geo.MultiPolygon, l Limits) []Fault {
	var faults []Fault
	area := float64(geo.PlaneArea(p))
	if area < l.SmallArea {
		severity, limit := Warning, l.SmallArea
		if area < l.LeastArea {
			severity, limit = Error, l.LeastArea
		}
		faults = append(faults, Fault{
			Code: "2111", Severity: severity, Message: fmt.Sprintf("the plot has only %.2f m²", area),
			Remedy: "join it to a neighbour, or give the reason", Measured: area, Limit: limit,
			Place: pointOf(p[0]), Geometry: p,
		})
	}
	for _, polygon := range p {
		part := geo.MultiPolygon{polygon}
		area, perimeter := float64(geo.PlaneArea(part)), geo.PlanePerimeter(part)
		if perimeter == 0 {
			continue
		}
		width, roundness := 2*area/perimeter, 4*math.Pi*area/(perimeter*perimeter)
		f := Fault{Code: "2112", Severity: Warning, Remedy: "join it to a neighbour, or give the reason", Place: pointOf(polygon), Geometry: part}
		switch {
		case width < l.MeanWidth:
			f.Message, f.Measured, f.Limit = fmt.Sprintf("the plot is a strip %.2f m wide on average", width), width, l.MeanWidth
		case roundness < l.Roundness:
			f.Message, f.Measured, f.Limit = fmt.Sprintf("the plot is a long strip: 4πA/P² is %.4f", roundness), roundness, l.Roundness
		default:
			continue
		}
		faults = append(faults, f)
	}
	return faults
}

// pointOf is a point inside a valid polygon, slivers too.
func pointOf(polygon geo.Polygon) geo.Point {
	return halfPoint(pointInside(regionOf(geo.MultiPolygon{polygon})[0]))
}
