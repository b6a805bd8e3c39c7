package land

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// Limits are what the checks hold plots to (检查限值). Overlaps and overhangs block
// an act, and the coverage is edited, split up and drawn on the strength of there
// being none to speak of: what blocks can be made stricter and no looser.
type Limits struct {
	topology.Limits
	Overlap      float64 // 3101: m² that an overlap must be larger than to block,
	OverlapWidth float64 // and metres that it must be wider than, as twice its area by its perimeter
	Outside      float64 // 3103: m² beyond the park's boundary that block
	Noise        float64 // 3101, 3103: m² from which overlaps and overhangs are told
	Stated       float64 // 4105: m² by which a stated area may differ,
	StatedShare  float64 // and, as a share of the area, by which it may differ with a warning
}

// DefaultLimits are the usual ones.
func DefaultLimits() Limits {
	return Limits{
		Limits: topology.DefaultLimits(), Overlap: 0.1, OverlapWidth: 0.02, Outside: 1, Noise: 0.01,
		Stated: 1, StatedShare: 1e-4,
	}
}

// Limit is one of the limits: its name in files and answers, the checks that it
// belongs to, and the values that make sense. A fixed most is what the coverage
// relies on.
type Limit struct {
	Name        string
	Codes       string
	Zh, En      string
	Least, Most float64
	Fixed       bool
	at          func(*Limits) *float64
}

// AllLimits lists the limits in the order of their checks.
func AllLimits() []Limit { return slices.Clone(limits) }

var limits = []Limit{
	{"repeated_m", "2105", "重复点距离", "distance of repeated points", 0, 0.05, false, func(l *Limits) *float64 { return &l.Repeated }},
	{"spike_deg", "2106", "尖锐角(错误)", "spike, an error", 0, 45, false, func(l *Limits) *float64 { return &l.Spike }},
	{"sharp_deg", "2106", "尖锐角(警告)", "sharp angle, a warning", 0, 90, false, func(l *Limits) *float64 { return &l.Sharp }},
	{"spike_side_m", "2106", "尖锐角的边长", "sides of a sharp angle", 0, 10, false, func(l *Limits) *float64 { return &l.SpikeSide }},
	{"short_edge_m", "2110", "短边", "short edge", 0, 10, false, func(l *Limits) *float64 { return &l.ShortEdge }},
	{"least_area_m2", "2111", "最小面积(错误)", "least area, below it an error", 0, 10_000, false, func(l *Limits) *float64 { return &l.LeastArea }},
	{"small_area_m2", "2111", "较小面积(警告)", "small area, below it a warning", 0, 1_000_000, false, func(l *Limits) *float64 { return &l.SmallArea }},
	{"roundness", "2112", "狭长度 4πA/P²", "roundness, 4πA/P²", 0, 1, false, func(l *Limits) *float64 { return &l.Roundness }},
	{"mean_width_m", "2112", "平均宽度 2A/P", "mean width, 2A/P", 0, 100, false, func(l *Limits) *float64 { return &l.MeanWidth }},
	{"overlap_m2", "3101", "重叠面积(错误)", "overlap, an error", 0, 0.1, true, func(l *Limits) *float64 { return &l.Overlap }},
	{"overlap_width_m", "3101", "重叠宽度(错误)", "width of an overlap, an error", 0, 0.02, true, func(l *Limits) *float64 { return &l.OverlapWidth }},
	{"gap_m2", "3102", "空隙面积", "gap", 0.001, 10_000, false, func(l *Limits) *float64 { return &l.Gap }},
	{"meant_gap_m2", "3102", "需确认的空隙面积", "gap that may be meant", 0.001, 10_000_000, false, func(l *Limits) *float64 { return &l.MeantGap }},
	{"outside_m2", "3103", "超出园区面积(错误)", "land outside the park, an error", 0, 1, true, func(l *Limits) *float64 { return &l.Outside }},
	{"noise_m2", "3101, 3103", "可忽略面积", "land that is not told", 0, 0.1, false, func(l *Limits) *float64 { return &l.Noise }},
	{"node_m", "3104", "缺少节点的距离", "distance of a missing node", 0.001, 0.5, false, func(l *Limits) *float64 { return &l.Node }},
	{"stated_m2", "4105", "证载面积差", "difference of a stated area", 0, 10_000, false, func(l *Limits) *float64 { return &l.Stated }},
	{"stated_share", "4105", "证载面积差(比例)", "difference of a stated area, as a share", 0, 0.05, false, func(l *Limits) *float64 { return &l.StatedShare }},
}

// atMostAs are pairs of limits of which the first may not be above the second.
var atMostAs = [][2]string{
	{"repeated_m", "short_edge_m"}, {"spike_deg", "sharp_deg"}, {"least_area_m2", "small_area_m2"},
	{"gap_m2", "meant_gap_m2"}, {"noise_m2", "overlap_m2"}, {"noise_m2", "outside_m2"},
}

// Value is the limit's value among all.
func (l Limit) Value(of Limits) float64 { return *l.at(&of) }

// ParseLimits reads limits as a JSON object of names and numbers; those left out
// are the usual ones. Names that are not known and values that make no sense are
// refused, all in one *InvalidError.
func ParseLimits(data []byte) (Limits, error) {
	l := DefaultLimits()
	var given map[string]*float64
	if err := json.Unmarshal(data, &given); err != nil || given == nil {
		if err == nil {
			err = geo.Say("它是 null", "it is null")
		}
		return l, Invalid("limits", geo.Say("不是由名称和数组成的 JSON 对象：%v", "this is no JSON object of names and numbers: %v", err),
			geo.Say(`请写成 {"small_area_m2": 300}`, `write it as {"small_area_m2": 300}`))
	}
	var found []Finding
	refuse := func(name string, message, remedy geo.Words) {
		found = append(found, Finding{Severity: Block, Field: name}.Saying(message, remedy))
	}
	for _, rule := range limits {
		value, ok := given[rule.Name]
		delete(given, rule.Name)
		switch {
		case !ok:
		case value == nil:
			refuse(rule.Name, geo.Say("没有值", "it has no value"), geo.Say("请给出数，或去掉该项", "give a number, or leave it out"))
		case *value < rule.Least || *value > rule.Most:
			message := geo.Say("%v 超出范围", "%v is out of range", *value)
			if rule.Fixed && *value > rule.Most {
				message = geo.Say("%v 过宽：登记库依赖于此，只能更严", "%v is too loose: the register relies on it, so it can only be stricter", *value)
			}
			refuse(rule.Name, message, geo.Say("请给出 %v 到 %v 之间的数", "give a number from %v to %v", rule.Least, rule.Most))
		default:
			*rule.at(&l) = *value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		refuse(name, geo.Say("没有此限值", "there is no such limit"), geo.Say("可用：%s", "use one of %s", limitNames()))
	}
	for _, pair := range atMostAs {
		a, b := limitNamed(pair[0]).Value(l), limitNamed(pair[1]).Value(l)
		if a > b && len(found) == 0 {
			refuse(pair[0], geo.Say("%v 大于 %s 的 %v", "%v is above %s, which is %v", a, pair[1], b), geo.Say("请同时给出两者", "give both"))
		}
	}
	return l, Refuse(found)
}

func limitNamed(name string) Limit {
	return limits[slices.IndexFunc(limits, func(l Limit) bool { return l.Name == name })]
}

func limitNames() string {
	names := make([]string, len(limits))
	for i, l := range limits {
		names[i] = l.Name
	}
	return strings.Join(names, ", ")
}

// MarshalJSON is the object that ParseLimits reads, in the order of the checks.
func (l Limits) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, rule := range limits {
		value, err := json.Marshal(rule.Value(l))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%c%q:%s", "{,"[min(i, 1)], rule.Name, value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
