package land

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// ComplianceRule is one rule that a boundary is held to: what it is called, what
// it rests on, how far boundaries may miss each other, and how it judges. Judge
// is pure: it sees nothing but what it is given.
type ComplianceRule struct {
	ID        string
	Zh, En    string
	Clause    geo.Words // 依据
	Tolerance Tolerance
	Plots     bool        // it asks for the plots under the boundary
	Kind      ControlKind // it asks for the layers of this kind
	Judge     func(ComplianceRule, Survey, Proposal) []ComplianceFinding
}

// What boundaries may miss each other by: by plots of the register as much as
// plots among themselves may (check 3101), by lines that others drew 1 m².
var (
	toPlots = Tolerance{Area: 0.1, Width: 0.02}
	toLines = Tolerance{Area: 1, Width: 0.02}
)

// ComplianceRules lists the rules that the register and its control layers can
// judge, in the order in which they are told.
func ComplianceRules() []ComplianceRule {
	rules := []ComplianceRule{
		{"park", "园区边界", "within one park", geo.Say("园区建设方案确定的用地范围", "extent of the park in its construction plan (园区建设方案)"), toLines, false, "", judgePark},
		{"coverage", "地块覆盖", "plots underneath", geo.Say("《城乡规划法》第三十八条：未确定规划条件的地块不得出让", "Urban and Rural Planning Law, art. 38: land without planning conditions is not granted"), toLines, true, "", judgeCoverage},
		{"land_use", "用地性质", "land use", geo.Say("《城乡规划法》第三十八条：使用性质依控制性详细规划", "Urban and Rural Planning Law, art. 38: the use is that of the detailed plan"), toPlots, true, "", judgeUse},
		{"status", "供地状态与权属", "status and holder", geo.Say("《民法典》第三百四十六条：不得损害已经设立的用益物权；《闲置土地处置办法》", "Civil Code, art. 346: rights that exist are not to be harmed; Measures on Idle Land (国土资源部令第53号)"), toPlots, true, "", judgeStatus},
	}
	conditions := geo.Say("《城乡规划法》第四十三条：按照规划条件进行建设", "Urban and Rural Planning Law, art. 43: building keeps to the planning conditions")
	for _, c := range buildingConditions {
		rules = append(rules, ComplianceRule{c.id, c.zh, c.en, conditions, toPlots, true, "", c.judge})
	}
	rules = append(rules, ComplianceRule{"gfa", "计容建筑面积", "gross floor area", conditions, toPlots, true, "", judgeGFA})
	for _, k := range controlKinds {
		rules = append(rules, ComplianceRule{string(k.Kind), k.Zh, k.En, kindClauses[k.Kind], toLines, k.OnlyUse != "", k.Kind, judgeKind})
	}
	return rules
}

// kindClauses are what the rules of the control layers rest on.
var kindClauses = map[ControlKind]geo.Words{
	PermanentFarmland: geo.Say("《土地管理法》第三十五条", "Land Administration Law, art. 35"),
	EcologicalLine:    geo.Say("自然资发〔2022〕142号", "自然资发〔2022〕142号, on ecological red lines"),
	UrbanBoundary:     geo.Say("自然资发〔2023〕193号", "自然资发〔2023〕193号, on urban development boundaries"),
	RoadRedLine:       geo.Say("《民用建筑设计统一标准》GB 50352-2019 第 4.3.1 条", "GB 50352-2019, 4.3.1"),
	GreenLine:         geo.Say("《城市绿线管理办法》第十一条", "Measures on City Green Lines, art. 11"),
	BlueLine:          geo.Say("《城市蓝线管理办法》第十条", "Measures on City Blue Lines, art. 10"),
	PurpleLine:        geo.Say("《城市紫线管理办法》第十三条", "Measures on City Purple Lines, art. 13"),
	YellowLine:        geo.Say("《城市黄线管理办法》第十三条", "Measures on City Yellow Lines, art. 13"),
	IndustrialBlock:   geo.Say("穗工信规字〔2020〕8号", "穗工信规字〔2020〕8号, on industrial blocks"),
	HeightLimit:       geo.Say("规划条件；《民用航空法》第五十八条", "planning conditions; Civil Aviation Law, art. 58"),
	Hazard:            geo.Say("《地质灾害防治条例》第二十一条", "Regulations on Geological Hazards, art. 21"),
	Heritage:          geo.Say("《历史文化名城名镇名村保护条例》第二十八条", "Regulations on Historic Cities, Towns and Villages, art. 28"),
	Farmland:          geo.Say("《土地管理法》第三十条：占补平衡", "Land Administration Law, art. 30: what is taken is made up for"),
	OtherControl:      geo.Say("图层批准文件", "the document of the layer"),
}

// ChooseRules picks rules by their ids; none picks all. An unknown id is an
// *InvalidError.
func ChooseRules(all []ComplianceRule, ids []string) ([]ComplianceRule, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var names []geo.Words
	for _, r := range all {
		names = append(names, geo.Names(r.ID))
	}
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(r ComplianceRule) bool { return r.ID == id }) {
			return nil, Invalid("rules", geo.Say("没有规则 %s", "there is no rule %s", quote(id)), geo.Say("可用：%s", "use some of %s", geo.List(names)))
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(r ComplianceRule) bool { return !slices.Contains(ids, r.ID) }), nil
}
