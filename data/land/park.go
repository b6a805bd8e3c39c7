package land

import (
	"regexp"

	"github.com/dikuai/dikuai/geo"
)

// ParkCode names a park (园区), such as "panyu".
type ParkCode string

var parkCode = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// Validate refuses a code that is not lower-case letters, digits, - and _.
func (c ParkCode) Validate() error {
	if parkCode.MatchString(string(c)) {
		return nil
	}
	return Invalid("park", geo.Say("园区代码 %s 不可用", "park code %s is not usable", quote(string(c))),
		geo.Say("请用不超过 32 个小写字母、数字、- 和 _，以字母开头", "use up to 32 lower-case letters, digits, - and _, beginning with a letter"))
}

// Park is one park with its boundary. Demonstration marks a layout that was
// drawn for show and not surveyed.
type Park struct {
	Code           ParkCode
	NameZh, NameEn string
	District       string
	PlaneCRS       geo.CRS          // the plane in which its land is measured
	Boundary       geo.MultiPolygon // EPSG:4490, lon/lat
	Area           geo.SquareMetres // plane area of the boundary
	AreaEllipsoid  geo.SquareMetres // the same on the CGCS2000 ellipsoid
	Demonstration  bool
	Plan           *ParkPlan // nil where the plan says nothing of it
}

// ParkPlan is what the construction plan (建设方案, 2016–2020) gives for a park.
type ParkPlan struct {
	Land          geo.Mu  // 规划用地
	Investment    float64 // 亿元 (100 million yuan)
	Output        float64 // 亿元
	PositioningZh string  // 定位
	Source        string
}
