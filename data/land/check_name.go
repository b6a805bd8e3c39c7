package land

import (
	"maps"
	"slices"
)

// CheckName is what a check is called.
type CheckName struct{ Zh, En string }

// checkNames name the checks by their numbers: 1xxx of files, 2xxx of single
// boundaries, 3xxx of the coverage, 4xxx of attributes.
var checkNames = map[string]CheckName{
	"1101": {"文件无法读取或含乱码", "file or text cannot be read"},
	"1102": {"文件头不全", "header incomplete"},
	"1103": {"坐标系不明或不受支持", "reference system unknown or not supported"},
	"1104": {"坐标超出范围", "coordinates out of range"},
	"1105": {"坐标轴次序颠倒", "axes exchanged"},
	"1106": {"界址点数不符", "number of points differs"},
	"1107": {"必填项为空", "required field empty"},
	"1108": {"字段值无法读取或过长", "value cannot be read or is too long"},
	"1109": {"坐标小数位数不当", "decimals of coordinates"},
	"2101": {"没有面状边界", "no polygon"},
	"2102": {"环的点数不足", "too few points in a ring"},
	"2103": {"环未闭合", "ring not closed"},
	"2104": {"边界自相交或无效", "boundary not valid"},
	"2105": {"重复点", "repeated points"},
	"2106": {"尖锐角", "spike"},
	"2107": {"环方向", "ring direction"},
	"2108": {"内环位置错误", "hole misplaced"},
	"2109": {"多部件", "several parts"},
	"2110": {"短边", "short edge"},
	"2111": {"面积过小", "small area"},
	"2112": {"狭长图斑", "sliver"},
	"2113": {"含曲线", "curves"},
	"2114": {"坐标无效", "unusable coordinate"},
	"3101": {"地块重叠", "overlap"},
	"3102": {"地块间空隙", "gap"},
	"3103": {"超出园区边界", "outside the park"},
	"3104": {"公共边缺少节点", "missing node on a shared border"},
	"3105": {"图形重复", "duplicate boundary"},
	"3109": {"变更前后用地不守恒", "land not conserved"},
	"4101": {"地块编号重复或不符", "plot number not unique"},
	"4102": {"用地代码不在字典中", "land-use code not in the dictionary"},
	"4103": {"用地代码层级", "level of the land-use code"},
	"4105": {"证载面积与计算面积不符", "stated area differs"},
	"4109": {"控制指标超出范围", "planning condition out of range"},
	"4110": {"建筑密度与绿地率之和超过100%", "density and green ratio exceed 100 %"},
	"4111": {"状态、日期或编号格式", "status, dates or form of number"},
}

// Check is a check by its number.
type Check struct {
	Code string
	CheckName
}

// Checks lists the checks by their numbers.
func Checks() []Check {
	all := make([]Check, 0, len(checkNames))
	for _, code := range slices.Sorted(maps.Keys(checkNames)) {
		all = append(all, Check{code, checkNames[code]})
	}
	return all
}

// CheckName names the finding's check; empty for a finding of no check.
func (f Finding) CheckName() CheckName { return checkNames[f.Code] }
