package topology

import (
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
	Code               string // of the check, for instance "2106"
	Severity           string // Error, Warning or Info
	Message, MessageZh string
	Remedy, RemedyZh   string
	// Measured and Limit are in Unit: "m", "m2", "deg", or empty for a ratio or a
	// count. Both are 0 for a check without a limit.
	Measured, Limit float64
	Unit            string
	Place           geo.Point
	Geometry        geo.MultiPolygon // the land in question; nil where the place says it better
}

// saying is the fault with what is wrong and what would be right.
func (f Fault) saying(message, remedy geo.Words) Fault {
	f.Message, f.MessageZh, f.Remedy, f.RemedyZh = message.En, message.Zh, remedy.En, remedy.Zh
	return f
}

// Limits are what the checks hold a polygon and a coverage to. A limit of 0 is
// never reached.
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
	Gap       float64 // 3102: m² from which a gap is told
	MeantGap  float64 // 3102: m² from which a gap may be land that is meant to have no plot
	Node      float64 // 3104: metres up to which a neighbour's point should be a point of the edge
}

// DefaultLimits are the usual ones for urban plots; 200 m² is the least patch of
// built-up land in the third national land survey.
func DefaultLimits() Limits {
	return Limits{
		Repeated: 0.001, Spike: 1, Sharp: 10, SpikeSide: 0.1, ShortEdge: 0.05,
		LeastArea: 1, SmallArea: 200, Roundness: 0.01, MeanWidth: 1,
		Gap: 0.1, MeantGap: 400, Node: 0.05,
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
		faults = append(faults, Fault{Code: "2104", Severity: Error, Place: invalid.Place}.saying(
			geo.Say("不是有效的多边形：%s", "not a valid polygon: %s", invalid.Reason),
			geo.Say("请改正此处的界址点", "correct the boundary points here")))
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
			Code: "2109", Severity: Warning, Measured: float64(len(p)), Limit: 1, Place: pointOf(p[0]), Geometry: p,
		}.saying(
			geo.Say("地块由 %d 个分离的部分组成", "the plot has %d separate parts", len(p)),
			geo.Say("请把各部分分别登记为地块", "register each part as a plot of its own")))
	}
	return append(faults, checkExtent(p, l)...)
}

func checkRing(line geo.Ring, hole bool, l Limits) []Fault {
	var faults []Fault
	for k := 1; k < len(line); k++ {
		length := distance(onGrid(line[k-1]), onGrid(line[k])) / 1000
		switch {
		case length <= l.Repeated:
			faults = append(faults, Fault{Code: "2105", Severity: Warning, Measured: length, Limit: l.Repeated, Unit: "m", Place: line[k]}.saying(
				geo.Say("界址点重复", "a boundary point is repeated"),
				geo.Say("请删去后一个点", "drop the second point")))
		case length < l.ShortEdge:
			faults = append(faults, Fault{Code: "2110", Severity: Warning, Measured: length, Limit: l.ShortEdge, Unit: "m", Place: line[k]}.saying(
				geo.Say("有一条边仅长 %.3f 米", "an edge is only %.3f m long", length),
				geo.Say("若两端是同一界址点，请删去其一", "drop one of its two points if they are the same mark")))
		}
	}
	g := ringOf(line)
	for k, at := range g {
		if angle, ok := g.sharp(k, l.Sharp, l.SpikeSide*1000); ok {
			severity, limit := Warning, l.Sharp
			if angle < l.Spike {
				severity, limit = Error, l.Spike
			}
			faults = append(faults, Fault{Code: "2106", Severity: severity, Measured: angle, Limit: limit, Unit: "deg", Place: at.point()}.saying(
				geo.Say("边界折返成 %.2f° 的尖锐角", "the boundary turns back in a spike of %.2f°", angle),
				geo.Say("若并非真实拐点，请删去该点", "drop the point if it is no true corner")))
		}
	}
	if a := g.area2(); a != 0 && (a > 0) == hole {
		message := geo.Say("外环为顺时针方向", "the outer ring runs clockwise")
		if hole {
			message = geo.Say("内环为逆时针方向", "a hole runs anticlockwise")
		}
		faults = append(faults, Fault{Code: "2107", Severity: Info, Place: line[0]}.saying(
			message, geo.Say("无需处理，入库时自动调整", "none needed: it is turned round when stored")))
	}
	return faults
}

// sharp is the angle in degrees between the two sides at vertex k; ok says
// whether it is below a limit and both sides are longer than side (mm).
func (g ring) sharp(k int, limit, side float64) (angle float64, ok bool) {
	if len(g) < 3 {
		return 0, false
	}
	at := g[k]
	u, v := g.at(k-1).minus(at), g.at(k+1).minus(at)
	ux, uy, vx, vy := float64(u.x), float64(u.y), float64(v.x), float64(v.y)
	across, ahead := math.Abs(ux*vy-uy*vx), ux*vx+uy*vy
	if across > ahead && limit <= 45 {
		return 0, false
	}
	angle = math.Atan2(across, ahead) * 180 / math.Pi
	return angle, angle < limit && distance(pt{}, u) > side && distance(pt{}, v) > side
}

var joinOrExplain = geo.Say("请并入相邻地块，或说明理由", "join it to a neighbour, or give the reason")

func checkExtent(p geo.MultiPolygon, l Limits) []Fault {
	var faults []Fault
	area := float64(geo.PlaneArea(p))
	if area < l.SmallArea {
		severity, limit := Warning, l.SmallArea
		if area < l.LeastArea {
			severity, limit = Error, l.LeastArea
		}
		faults = append(faults, Fault{Code: "2111", Severity: severity, Measured: area, Limit: limit, Unit: "m2", Place: pointOf(p[0]), Geometry: p}.saying(
			geo.Say("地块仅有 %.2f 平方米", "the plot has only %.2f m²", area), joinOrExplain))
	}
	for _, polygon := range p {
		part := geo.MultiPolygon{polygon}
		area, perimeter := float64(geo.PlaneArea(part)), geo.PlanePerimeter(part)
		if perimeter == 0 {
			continue
		}
		width, roundness := 2*area/perimeter, 4*math.Pi*area/(perimeter*perimeter)
		if width >= l.MeanWidth && roundness >= l.Roundness {
			continue
		}
		f := Fault{Code: "2112", Severity: Warning, Place: pointOf(polygon), Geometry: part}
		if width < l.MeanWidth {
			f.Measured, f.Limit, f.Unit = width, l.MeanWidth, "m"
			f = f.saying(geo.Say("地块呈狭条状，平均宽 %.2f 米", "the plot is a strip %.2f m wide on average", width), joinOrExplain)
		} else {
			f.Measured, f.Limit = roundness, l.Roundness
			f = f.saying(geo.Say("地块呈狭长条状：4πA/P² 为 %.4f", "the plot is a long strip: 4πA/P² is %.4f", roundness), joinOrExplain)
		}
		faults = append(faults, f)
	}
	return faults
}

// pointOf is a point inside a valid polygon, slivers too.
func pointOf(polygon geo.Polygon) geo.Point {
	return halfPoint(pointInside(regionOf(geo.MultiPolygon{polygon})[0]))
}
