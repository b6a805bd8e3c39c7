package land

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// ControlKind names what a control layer (管控图层) is for.
type ControlKind string

// The kinds of control layer, the three control lines (三区三线) first.
const (
	PermanentFarmland ControlKind = "permanent_basic_farmland"   // 永久基本农田
	EcologicalLine    ControlKind = "ecological_red_line"        // 生态保护红线
	UrbanBoundary     ControlKind = "urban_development_boundary" // 城镇开发边界
	RoadRedLine       ControlKind = "road_red_line"              // 道路红线
	GreenLine         ControlKind = "green_line"                 // 绿线
	BlueLine          ControlKind = "blue_line"                  // 蓝线
	PurpleLine        ControlKind = "purple_line"                // 紫线
	YellowLine        ControlKind = "yellow_line"                // 黄线
	IndustrialBlock   ControlKind = "industrial_block"           // 工业产业区块
	HeightLimit       ControlKind = "height_limit"               // 限高/净空
	Hazard            ControlKind = "hazard"                     // 地质灾害
	Heritage          ControlKind = "heritage"                   // 历史文化保护
	Farmland          ControlKind = "farmland"                   // 耕地(三调)
	OtherControl      ControlKind = "other"                      // 其他
)

// Words are the kind's Chinese name and its word.
func (k ControlKind) Words() geo.Words {
	n, _ := LookupControlKind(k)
	return geo.Words{Zh: cmp.Or(n.Zh, string(k)), En: string(k)}
}

// ControlRule says how a project must lie to a layer's polygons.
type ControlRule string

// The rules.
const (
	Inside  ControlRule = "inside"  // it must lie within them
	Outside ControlRule = "outside" // it must not meet them
	Report  ControlRule = "report"  // what meets them is told, and a person judges
)

// ControlKindName is a kind with what it is called, its colour on maps and the
// rule that a project is checked by. OnlyUse is the land-use class, in
// GB 50137-2011, to which alone the rule speaks; empty for every use. PeriodZh
// is what stood in the kind's place in the plan's own years, 2016–2020, where
// that had another name.
type ControlKindName struct {
	Kind     ControlKind
	Zh, En   string
	Color    string
	Rule     ControlRule
	OnlyUse  string
	PeriodZh string
}

var controlKinds = []ControlKindName{
	{PermanentFarmland, "永久基本农田", "permanent basic farmland", "#C9A400", Outside, "", "基本农田"},
	{EcologicalLine, "生态保护红线", "ecological red line", "#1E8E3E", Outside, "", "基本生态控制线"},
	{UrbanBoundary, "城镇开发边界", "urban development boundary", "#8A2BE2", Inside, "", "城市增长边界"},
	{RoadRedLine, "道路红线", "road red line", "#E60012", Outside, "", ""},
	{GreenLine, "绿线", "green line", "#4CAF50", Outside, "", ""},
	{BlueLine, "蓝线", "blue line", "#0070C0", Outside, "", ""},
	{PurpleLine, "紫线", "purple line", "#7030A0", Outside, "", ""},
	{YellowLine, "黄线", "yellow line", "#E0A800", Outside, "", ""},
	{IndustrialBlock, "工业产业区块", "industrial block", "#8C5A2B", Inside, "M", ""},
	{HeightLimit, "限高/净空", "height limit", "#546E7A", Report, "", ""},
	{Hazard, "地质灾害", "geological hazard", "#BF4E14", Report, "", ""},
	{Heritage, "历史文化保护", "heritage protection", "#A0522D", Report, "", ""},
	{Farmland, "耕地(三调)", "farmland (third survey)", "#8FA83A", Report, "", ""},
	{OtherControl, "其他", "other", "#707070", Report, "", ""},
}

// ControlKinds lists the kinds, in the order in which they are shown.
func ControlKinds() []ControlKindName { return slices.Clone(controlKinds) }

// LookupControlKind finds a kind with its names.
func LookupControlKind(k ControlKind) (ControlKindName, bool) {
	i := slices.IndexFunc(controlKinds, func(n ControlKindName) bool { return n.Kind == k })
	if i < 0 {
		return ControlKindName{}, false
	}
	return controlKinds[i], true
}

// ParseControlKind reads a kind by its word or its Chinese name, today's or that
// of 2016–2020; any other text is an *InvalidError.
func ParseControlKind(s string) (ControlKind, error) {
	s = strings.TrimSpace(s)
	for _, n := range controlKinds {
		if strings.EqualFold(s, string(n.Kind)) || s == n.Zh || s != "" && s == n.PeriodZh {
			return n.Kind, nil
		}
	}
	message, remedy := unknownKind(s)
	return "", Invalid("kind", message, remedy)
}

func unknownKind(s string) (message, remedy geo.Words) {
	kinds := make([]geo.Words, len(controlKinds))
	for i, n := range controlKinds {
		kinds[i] = n.Kind.Words()
	}
	return geo.Say("不认识的管控图层类别 %s", "kind %s is not known", quote(s)), geo.Say("可用：%s", "use one of %s", geo.List(kinds))
}
