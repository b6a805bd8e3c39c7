package land

import (
	"math"

	"github.com/dikuai/dikuai/geo"
)

// Proposal is what a project declares of itself (申报); nil means nothing.
type Proposal struct {
	Uses    []UseCode // 用地性质, the main one first
	FAR     *float64  // 容积率
	Density *float64  // 建筑密度, percent
	Green   *float64  // 绿地率, percent
	Height  *float64  // 建筑高度, m
	GFA     *float64  // 计容建筑面积, m²
	Holder  string    // 申请单位, whose own plots are open to it
}

// ParseUses reads the land use that a project declares, "A35" or mixed "M1/M0".
func ParseUses(s string, scheme Scheme) ([]UseCode, error) {
	main, secondary, err := ParseUse(s, scheme)
	if err != nil {
		return nil, err
	}
	uses := []UseCode{main}
	for _, code := range secondary {
		use, err := lookupText(code, scheme)
		if err != nil {
			return nil, err
		}
		uses = append(uses, use)
	}
	return uses, nil
}

// Validate refuses figures that no building has; the error is an *InvalidError
// with every fault.
func (p Proposal) Validate() error {
	var found []Finding
	for _, n := range []struct {
		field string
		value *float64
		most  float64
	}{{"far", p.FAR, 15}, {"density_pct", p.Density, 100}, {"green_pct", p.Green, 100}, {"height_m", p.Height, 600}, {"gfa_m2", p.GFA, 1e8}} {
		if n.value != nil && !(*n.value >= 0 && *n.value <= n.most && !math.IsNaN(*n.value)) {
			found = append(found, Finding{Code: "4109", Severity: Block, Field: "declared." + n.field}.Saying(
				geo.Say("%v 超出范围", "%v is out of range", *n.value), geo.Say("请填 0 到 %v 之间的值", "give a value from 0 to %v", n.most)))
		}
	}
	if message, bad := faultOfText(p.Holder); bad {
		found = append(found, Finding{Code: "1108", Severity: Block, Field: "declared.holder"}.Saying(message, atMost(maxText)))
	}
	return Refuse(found)
}
