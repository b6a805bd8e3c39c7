package report

import (
	"math/bits"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// areaUnit is a unit in which land is printed: its last decimal is of/by of a
// geo.ExactArea.
type areaUnit struct {
	decimals int
	of, by   uint64
}

var (
	squareMetres = areaUnit{geo.SquareMetreDecimals, 1, uint64(geo.PerSquareMetre / 100)}
	hectares     = areaUnit{geo.HectareDecimals, 1, uint64(geo.PerSquareMetre)} // 0.0001 公顷 are 1 m²
	mus          = areaUnit{geo.MuDecimals, 3, uint64(20 * geo.PerSquareMetre)} // 0.01 亩 are 20/3 m²
)

// round prints an area, half up (四舍五入).
func (u areaUnit) round(a geo.ExactArea) Decimal { return Decimal{ratio(a, u.of, u.by), u.decimals} }

// ratio is a × of / by, rounded half up.
func ratio(a geo.ExactArea, of, by uint64) int64 {
	high, low := bits.Mul64(uint64(a), 2*of)
	low, carry := bits.Add64(low, by, 0)
	quotient, _ := bits.Div64(high+carry, low, 2*by)
	return int64(quotient)
}

// sumOf adds up areas.
func sumOf(areas []geo.ExactArea) geo.ExactArea {
	var sum geo.ExactArea
	for _, a := range areas {
		sum += a
	}
	return sum
}

// once is the sum of areas, rounded once.
func (u areaUnit) once(areas []geo.ExactArea) Decimal { return u.round(sumOf(areas)) }

// adjust prints areas so that they add up to total (平差), which is their sum
// rounded once or a figure of a higher row that has been adjusted itself.
func (u areaUnit) adjust(areas []geo.ExactArea, total Decimal) adjustment {
	return adjust(areas, u.round, total)
}

// adjustGroups prints groups of areas so that rows add up to their group's sum,
// and the groups' sums to the whole rounded once.
func (u areaUnit) adjustGroups(groups [][]geo.ExactArea) []adjustment {
	return adjustGroups(groups, u.round, u.once(slices.Concat(groups...)))
}

// shares prints each area's share of them all in percent, adding up to 100.00
// and within a group to the group's share; there are none of no land.
func shares(groups [][]geo.ExactArea) ([]adjustment, bool) {
	whole := sumOf(slices.Concat(groups...))
	if whole == 0 {
		return nil, false
	}
	return adjustGroups(groups, func(a geo.ExactArea) Decimal { return percentOf(a, whole) }, Fixed(100, geo.PercentDecimals)), true
}

// percentOf is an area's share of another.
func percentOf(a, whole geo.ExactArea) Decimal {
	return Decimal{ratio(a, 100_00, uint64(whole)), geo.PercentDecimals}
}

func adjustGroups(groups [][]geo.ExactArea, round func(geo.ExactArea) Decimal, total Decimal) []adjustment {
	sums := make([]geo.ExactArea, len(groups))
	for i, g := range groups {
		sums[i] = sumOf(g)
	}
	above := adjust(sums, round, total)
	all := make([]adjustment, len(groups))
	for i, g := range groups {
		all[i] = adjust(g, round, above.parts[i])
	}
	return all
}

// adjustment is a column rounded so that it adds up: the parts as printed, and
// the rest of rounding that the largest part carries.
type adjustment struct {
	parts   []Decimal
	largest int
	rest    Decimal
}

// adjust rounds each part and puts the rest to total on the largest.
func adjust[A ~int64](parts []A, round func(A) Decimal, total Decimal) adjustment {
	a := adjustment{parts: make([]Decimal, len(parts)), rest: total}
	for i, part := range parts {
		a.parts[i] = round(part)
		a.rest = a.rest.Minus(a.parts[i])
		if part > parts[a.largest] {
			a.largest = i
		}
	}
	if len(parts) > 0 {
		a.parts[a.largest] = a.parts[a.largest].Plus(a.rest)
	}
	return a
}

// adjustedNote tells on which row a column carries the rest of rounding; it is
// empty when there is none.
func adjustedNote(column, row string, rest Decimal) string {
	if rest.Units == 0 {
		return ""
	}
	sign := ""
	if rest.Units > 0 {
		sign = "+"
	}
	return "平差：" + column + "列舍入尾差 " + sign + rest.String() + " 计入「" + row + "」。"
}
