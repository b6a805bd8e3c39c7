package land

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/dikuai/dikuai/geo"
)

// Declared is what a project declares of itself (申报), of conditions the new ones,
// of what was built the measured ones; nil means nothing.
type Declared struct {
	LandUse    string   `json:"land_use,omitempty"`        // 用地性质, "A35" or mixed "M1/M0"
	Scheme     Scheme   `json:"land_use_scheme,omitempty"` // of LandUse; "" for GB 50137-2011 and M0
	FAR        *float64 `json:"far,omitempty"`
	Density    *float64 `json:"density_pct,omitempty"`
	Green      *float64 `json:"green_pct,omitempty"`
	Height     *float64 `json:"height_m,omitempty"`
	GFA        *float64 `json:"gfa_m2,omitempty"`
	Investment *float64 `json:"investment_wan,omitempty"` // 投资额, 万元
	Output     *float64 `json:"output_wan,omitempty"`     // 年产值, 万元
	Employees  *int     `json:"employees,omitempty"`
	Purpose    string   `json:"purpose,omitempty"`

	// Of idle land whose contract is of before there were cases: 约定动工日 and 价款; and
	// days by which stops that the holder does not answer for put the clock off.
	AgreedStart Date `json:"agreed_start,omitzero"`
	Price       Wan  `json:"price_wan,omitempty"`
	ExcusedDays int  `json:"excused_days,omitempty"`
}

// longestPurpose bounds the text, in characters.
const longestPurpose = 2000

// Proposal is what of it a compliance check holds to the rules, for an applicant.
func (d Declared) Proposal(holder string) (Proposal, error) {
	p := Proposal{FAR: d.FAR, Density: d.Density, Green: d.Green, Height: d.Height, GFA: d.GFA, Holder: holder}
	if d.LandUse == "" {
		return p, nil
	}
	var err error
	if p.Uses, err = ParseUses(d.LandUse, d.Scheme); err != nil {
		return p, Invalid("declared.land_use", geo.WordsOf(err), geo.Say("请填写用地代码，例如 A35", "give a code, such as A35"))
	}
	return p, nil
}

// check tells what will not do.
func (d Declared) check(refuse refusal) {
	p, err := d.Proposal("")
	for _, err := range []error{err, p.Validate()} {
		var invalid *InvalidError
		if errors.As(err, &invalid) {
			for _, f := range invalid.Findings {
				refuse(f.Field, f.Said(), f.Advised())
			}
		}
	}
	for _, n := range []struct {
		field string
		value *float64
		most  float64
	}{{"investment_wan", d.Investment, 1e8}, {"output_wan", d.Output, 1e8}} {
		if n.value != nil && !(*n.value >= 0 && *n.value <= n.most && !math.IsNaN(*n.value)) {
			refuse("declared."+n.field, geo.Say("%v 超出范围", "%v is out of range", *n.value), geo.Say("请填 0 到 %v 之间的值", "give a value from 0 to %v", n.most))
		}
	}
	if d.Employees != nil && (*d.Employees < 0 || *d.Employees > 1e6) {
		refuse("declared.employees", geo.Say("%d 超出范围", "%d is out of range", *d.Employees), geo.Say("请填 0 到 1000000 之间的整数", "give a number from 0 to 1000000"))
	}
	if d.ExcusedDays < 0 || d.ExcusedDays > 3660 {
		refuse("declared.excused_days", geo.Say("%d 超出范围", "%d is out of range", d.ExcusedDays), geo.Say("请填 0 到 3660 之间的整数", "give a number from 0 to 3660"))
	}
	if d.Price < 0 || d.Price > MostWan {
		refuse("declared.price_wan", geo.Say("%s 超出范围", "%s is out of range", d.Price), geo.Say("请填 0 到 %s 之间的值", "give a value from 0 to %s", MostWan))
	}
	if utf8.RuneCountInString(d.Purpose) > longestPurpose {
		refuse("declared.purpose", textTooLong, atMost(longestPurpose))
	} else if !utf8.ValidString(d.Purpose) || hasControl(string(bytes.ReplaceAll([]byte(d.Purpose), []byte("\n"), nil))) {
		refuse("declared.purpose", textUnreadable, geo.Say("请去掉控制字符", "leave out control characters"))
	}
}

// refusal takes in what is wrong with a member.
type refusal func(field string, message, remedy geo.Words)

// mostCasePlots bounds the plots of a case.
const mostCasePlots = 500

// tidy puts the plots in order.
func (c CaseContent) tidy() CaseContent {
	c.Plots = slices.Compact(slices.Sorted(slices.Values(c.Plots)))
	return c
}

// check tells what is wrong with what is stated, by itself.
func (c CaseContent) check(kind CaseKind, refuse refusal) {
	if message, bad := faultOfText(c.Title); bad {
		refuse("title", message, atMost(maxText))
	} else if c.Title == "" {
		refuse("title", geo.Say("缺少项目名称", "the project has no name"), geo.Say("请填写项目名称", "give it"))
	}
	if len(c.Plots) == 0 || len(c.Plots) > mostCasePlots {
		refuse("plots", geo.Say("案件有 %d 个地块", "the case has %d plots", len(c.Plots)), geo.Say("请给出 1 至 %d 个地块的标识码", "give the ids of 1 to %d plots", mostCasePlots))
	}
	switch known := (c.Mode.Name() != SupplyModeName{}); {
	case kind == LandSupply && !known:
		refuse("mode", geo.Say("缺少供应方式", "the mode of supply is missing"), geo.Say("可用：auction、agreement、allocation", "give auction, agreement or allocation"))
	case kind != LandSupply && c.Mode != "":
		refuse("mode", geo.Say("%s没有供应方式", "cases of kind %s have no mode of supply", kind), geo.Say("请去掉", "leave it out"))
	}
	c.Declared.check(refuse)
}

// stated refuses what the kind must declare and does not.
func (c Case) stated() error {
	d := c.Declared
	figures := d.FAR != nil || d.Density != nil || d.Green != nil || d.Height != nil || d.GFA != nil
	switch {
	case c.Kind == ConditionsChange && !figures && d.LandUse == "":
		return Invalid("declared", geo.Say("没有申报新的规划条件", "no new condition is declared"), geo.Say("请给出用地性质、容积率、建筑密度、绿地率、高度或建筑面积", "declare land_use, far, density_pct, green_pct, height_m or gfa_m2"))
	case c.Kind == PlanningAcceptance && !figures:
		return Invalid("declared", geo.Say("没有申报竣工实测指标", "nothing that was measured is declared"), geo.Say("请给出实测的容积率、建筑密度、绿地率、高度或建筑面积", "declare far, density_pct, green_pct, height_m or gfa_m2 as measured"))
	}
	return nil
}
