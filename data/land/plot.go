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
			geo.Say("%s 早于现版本的生效日期 %s", "%s is before %s, from which the present version holds", a.ValidFrom, p.ValidFrom),
			geo.Say("请填该日或之后的日期", "give that day or a later one"))
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
	add := func(code string, s Severity, field string, message, remedy geo.Words) {
		found = append(found, Finding{Code: code, Severity: s, PlotNo: a.PlotNo, Field: field}.Saying(message, remedy))
	}
	if a.PlotNo == "" {
		add("1107", Block, "plot_no", geo.Say("地块没有编号", "the plot has no number"), geo.Say("请给出地块编号，例如 PY-01-01", "give a 地块编号 such as PY-01-01"))
	}
	if utf8.RuneCountInString(a.PlotNo) > maxPlotNo {
		add("1108", Block, "plot_no", geo.Say("编号过长", "the number is too long"), atMost(maxPlotNo))
	}
	for _, t := range []struct{ field, text string }{{"name", a.Name}, {"holder", a.Holder}, {"supply_mode", a.SupplyMode}, {"plot_no", a.PlotNo}, {"setbacks", a.Setbacks}} {
		if utf8.RuneCountInString(t.text) > maxText {
			add("1108", Block, t.field, textTooLong, atMost(maxText))
		}
		if !utf8.ValidString(t.text) || hasControl(t.text) {
			add("1101", Block, t.field, textUnreadable, geo.Say("请检查文件编码", "check the file's encoding"))
		}
	}
	if !known(a.Use) {
		add("4102", Block, "land_use", notInScheme(a.Use), geo.Say("请使用该标准字典中的代码", "use a code of that scheme's dictionary"))
	}
	if a.Use2023 != "" {
		if use := (UseCode{MNR2023, a.Use2023}); !known(use) {
			add("4102", Block, "land_use_2023", notInScheme(use), geo.Say("请使用 2023 年指南中的代码", "use a code of the 2023 guide"))
		}
	}
	if (a.Status.Name() == StatusName{}) {
		add("4111", Block, "status", geo.Say("不认识的供地状态 %s", "status %s is not known", quote(string(a.Status))), geo.Say("请使用登记库的供地状态", "use one of the statuses of the register"))
	}
	for _, n := range []struct {
		field string
		value *float64
		max   float64
	}{{"far_min", a.FARMin, 15}, {"far_max", a.FARMax, 15}, {"density_max_pct", a.DensityMax, 100}, {"green_min_pct", a.GreenMin, 100}, {"height_max_m", a.HeightMax, 600}, {"gfa_max_m2", a.GFAMax, 1e8}, {"stated_area_m2", (*float64)(a.StatedArea), 1e10}} {
		if n.value != nil && (math.IsNaN(*n.value) || *n.value < 0 || *n.value > n.max) {
			f := Finding{Code: "4109", Severity: Block, PlotNo: a.PlotNo, Field: n.field}.Measuring(*n.value, n.max, "")
			found = append(found, f.Saying(geo.Say("%v 超出范围", "%v is out of range", *n.value), geo.Say("请填 0 到 %v 之间的值", "give a value from 0 to %v", n.max)))
		}
	}
	if a.FARMin != nil && a.FARMax != nil && *a.FARMin > *a.FARMax {
		add("4109", Block, "far_min", geo.Say("容积率下限 %v 高于上限 %v", "far_min %v is above far_max %v", *a.FARMin, *a.FARMax), geo.Say("请对调或改正", "swap or correct them"))
	}
	if a.DensityMax != nil && a.GreenMin != nil && *a.DensityMax+*a.GreenMin > 100 {
		f := Finding{Code: "4110", Severity: Warn, PlotNo: a.PlotNo, Field: "density_max_pct"}.Measuring(*a.DensityMax+*a.GreenMin, 100, "")
		found = append(found, f.Saying(
			geo.Say("建筑密度 %v%% 与绿地率 %v%% 之和超过 100%%", "building density %v %% and green ratio %v %% exceed 100 %% together", *a.DensityMax, *a.GreenMin),
			geo.Say("请改正其中一项", "correct one of them")))
	}
	return found
}

// What is said in more places than one.
var (
	textTooLong    = geo.Say("文字过长", "the text is too long")
	textUnreadable = geo.Say("文字含控制字符或无法解码的字符", "the text has control or undecodable characters")
)

func atMost(characters int) geo.Words {
	return geo.Say("最多 %d 个字符", "use at most %d characters", characters)
}

func known(c UseCode) bool {
	_, ok := LookupUse(c)
	return ok
}

func notInScheme(c UseCode) geo.Words {
	return geo.Say("用地代码 %s 不在 %s 中", "land-use code %s is not in %s", quote(c.Code), c.Scheme)
}

// toCome says that a day is after today, and what to do.
func toCome(d Date) (message, remedy geo.Words) {
	return geo.Say("%s 是将来的日期", "%s is to come", d), geo.Say("请填今天或更早的日期", "give today or an earlier day")
}

// CheckOn tells too when the attributes are to hold only from a day after today.
func (a Attributes) CheckOn(today Date) []Finding {
	found := a.Check()
	if a.ValidFrom.After(today) {
		found = append(found, Finding{Code: "4111", Severity: Block, PlotNo: a.PlotNo, Field: "valid_from"}.Saying(toCome(a.ValidFrom)))
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
