package land

import (
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// PlotID is a plot's number in the register, the same in every door and tile.
type PlotID int64

// Controls are a plot's planning conditions (规划条件/控制指标); nil means none set.
type Controls struct {
	FARMin, FARMax *float64 // 容积率
	DensityMax     *float64 // 建筑密度, percent
	GreenMin       *float64 // 绿地率, percent
	HeightMax      *float64 // 建筑限高, m
	GFAMax         *float64 // 计容建筑面积, m²
	Setbacks       string   // 退让
}

// Attributes are what an officer states of a plot; areas are computed.
type Attributes struct {
	PlotNo       string // 地块编号, unique within the park
	Name         string // 地块名称
	Use          UseCode
	SecondaryUse []string // of mixed use, in order, in Use's scheme
	Use2023      string   // code in MNR-2023
	Status       Status
	Holder       string            // 权利人
	StatedArea   *geo.SquareMetres // as a document says
	Controls
	SupplyMode string // 供应方式, such as 出让
	SuppliedOn Date   // 供应日期
	ValidFrom  Date   // the legal day from which this holds
}

// Plot is a plot as one version of it holds.
type Plot struct {
	ID   PlotID
	Park ParkCode
	Attributes
	Boundary      geo.MultiPolygon // EPSG:4490, lon/lat
	Area          geo.SquareMetres // plane area from the boundary points in the park's plane
	AreaEllipsoid geo.SquareMetres // on the CGCS2000 ellipsoid
	Version       int
	RecordedAt    time.Time
}

// Draft is a plot as a file or a client delivers it, not yet in the register.
// Row is its line or feature number there. Coordinates are x before y in CRS.
type Draft struct {
	Row int
	Attributes
	Boundary geo.MultiPolygon
	CRS      geo.CRS
}

// Update is an officer's edit: what Change sets on the attributes and, where
// Boundary is not nil, a new boundary in CRS.
type Update struct {
	Version   int // the version that the officer read
	Change    func(*Attributes) error
	Boundary  geo.MultiPolygon
	CRS       geo.CRS
	ValidFrom Date // the legal day of the edit; zero: as Change sets it, else today
	Reason    string
	CaseNo    string
}

// Apply gives the attributes after the edit, which holds from today unless it
// names its day, or says why it is refused: ErrStale, a disallowed status move,
// a day before the present version's, or broken attribute rules.
func (p Plot) Apply(u Update, today Date) (Attributes, error) {
	if u.Version != p.Version {
		return Attributes{}, ErrStale
	}
	a := p.Attributes
	if u.Change != nil {
		if err := u.Change(&a); err != nil {
			return Attributes{}, err
		}
	}
	if !u.ValidFrom.IsZero() {
		a.ValidFrom = u.ValidFrom
	} else if a.ValidFrom == p.ValidFrom && today.After(a.ValidFrom) {
		a.ValidFrom = today
	}
	if err := CheckMove(p.Status, a.Status); err != nil {
		return Attributes{}, err
	}
	if p.ValidFrom.After(a.ValidFrom) {
		return Attributes{}, Invalid("valid_from",
			fmt.Sprintf("%s is before %s, from which the present version holds", a.ValidFrom, p.ValidFrom),
			"give that day or a later one")
	}
	return a, Refuse(a.CheckOn(today))
}

// Refuse is nil unless a finding blocks; then it is an *InvalidError with all of them.
func Refuse(findings []Finding) error {
	for _, f := range findings {
		if f.Severity == Block {
			return &InvalidError{findings}
		}
	}
	return nil
}

// Bounds of an attribute's text, in characters.
const (
	maxPlotNo = 64
	maxText   = 200
)

// Check tells what is wrong with the attributes alone, by the register's check
// numbers (4xxx); an empty answer means nothing.
func (a Attributes) Check() []Finding {
	var found []Finding
	add := func(code string, s Severity, field, message, remedy string) {
		found = append(found, Finding{Code: code, Severity: s, PlotNo: a.PlotNo, Field: field, Message: message, Remedy: remedy})
	}
	if a.PlotNo == "" {
		add("1107", Block, "plot_no", "the plot has no number", "give a 地块编号 such as PY-01-01")
	}
	if utf8.RuneCountInString(a.PlotNo) > maxPlotNo {
		add("1108", Block, "plot_no", "the number is too long", fmt.Sprintf("use at most %d characters", maxPlotNo))
	}
	for _, t := range []struct{ field, text string }{{"name", a.Name}, {"holder", a.Holder}, {"supply_mode", a.SupplyMode}, {"plot_no", a.PlotNo}, {"setbacks", a.Setbacks}} {
		if utf8.RuneCountInString(t.text) > maxText {
			add("1108", Block, t.field, "the text is too long", fmt.Sprintf("use at most %d characters", maxText))
		}
		if !utf8.ValidString(t.text) || hasControl(t.text) {
			add("1101", Block, t.field, "the text has control or undecodable characters", "check the file's encoding")
		}
	}
	if _, ok := LookupUse(a.Use); !ok {
		add("4102", Block, "land_use", fmt.Sprintf("land-use code %s is not in %s", quote(a.Use.Code), a.Use.Scheme), "use a code of that scheme's dictionary")
	}
	if a.Use2023 != "" {
		if _, ok := LookupUse(UseCode{MNR2023, a.Use2023}); !ok {
			add("4102", Block, "land_use_2023", fmt.Sprintf("land-use code %s is not in %s", quote(a.Use2023), MNR2023), "use a code of the 2023 guide")
		}
	}
	if (a.Status.Name() == StatusName{}) {
		add("4111", Block, "status", "status "+quote(string(a.Status))+" is not known", "use one of the statuses of the register")
	}
	for _, n := range []struct {
		field string
		value *float64
		max   float64
	}{{"far_min", a.FARMin, 15}, {"far_max", a.FARMax, 15}, {"density_max_pct", a.DensityMax, 100}, {"green_min_pct", a.GreenMin, 100}, {"height_max_m", a.HeightMax, 600}, {"gfa_max_m2", a.GFAMax, 1e8}, {"stated_area_m2", (*float64)(a.StatedArea), 1e10}} {
		if n.value != nil && (math.IsNaN(*n.value) || *n.value < 0 || *n.value > n.max) {
			add("4109", Block, n.field, fmt.Sprintf("%v is out of range", *n.value), fmt.Sprintf("give a value from 0 to %v", n.max))
		}
	}
	if a.FARMin != nil && a.FARMax != nil && *a.FARMin > *a.FARMax {
		add("4109", Block, "far_min", fmt.Sprintf("far_min %v is above far_max %v", *a.FARMin, *a.FARMax), "swap or correct them")
	}
	if a.DensityMax != nil && a.GreenMin != nil && *a.DensityMax+*a.GreenMin > 100 {
		add("4110", Warn, "density_max_pct", fmt.Sprintf("building density %v %% and green ratio %v %% exceed 100 %% together", *a.DensityMax, *a.GreenMin), "correct one of them")
	}
	return found
}

// CheckOn tells too when the attributes are to hold only from a day after today.
func (a Attributes) CheckOn(today Date) []Finding {
	found := a.Check()
	if a.ValidFrom.After(today) {
		found = append(found, Finding{Code: "4111", Severity: Block, PlotNo: a.PlotNo, Field: "valid_from",
			Message: fmt.Sprintf("%s is to come", a.ValidFrom), Remedy: "give today or an earlier day"})
	}
	return found
}

func hasControl(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return true
		}
	}
	return false
}

func quote(s string) string {
	const longest = 40
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
