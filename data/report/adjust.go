package report

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// areaUnit is a unit in which land is printed.
type areaUnit struct {
	decimals int
	of       func(geo.SquareMetres) float64
}

var (
	squareMetres = areaUnit{geo.SquareMetreDecimals, func(a geo.SquareMetres) float64 { return float64(a) }}
	hectares     = areaUnit{geo.HectareDecimals, func(a geo.SquareMetres) float64 { return float64(a.Hectares()) }}
	mus          = areaUnit{geo.MuDecimals, func(a geo.SquareMetres) float64 { return float64(a.Mu()) }}
)

// exactDecimals are the decimals of m² that matter: the area of a polygon on the
// register's millimetre grid is a multiple of 0.0000005 m², so what lies below
// is binary noise and must not decide which way a half is rounded.
const exactDecimals = 6

func exact(a geo.SquareMetres) geo.SquareMetres {
	return geo.SquareMetres(geo.Round(float64(a), exactDecimals))
}

// sumOf adds up unrounded areas.
func sumOf(areas []geo.SquareMetres) geo.SquareMetres {
	var sum geo.SquareMetres
	for _, a := range areas {
		sum += a
	}
	return exact(sum)
}

// round prints an area with the unit's decimals.
func (u areaUnit) round(a geo.SquareMetres) Decimal { return Fixed(u.of(a), u.decimals) }

// once is the sum of unrounded areas, converted and rounded once.
func (u areaUnit) once(areas []geo.SquareMetres) Decimal { return u.round(sumOf(areas)) }

// adjust prints areas so that they add up to total (平差), which is their sum
// rounded once or a figure of a higher row that has been adjusted itself.
func (u areaUnit) adjust(areas []geo.SquareMetres, total Decimal) adjustment {
	return adjust(each(areas, u.of), total)
}

// adjustGroups prints groups of areas so that rows add up to their group's sum,
// and the groups' sums to the whole rounded once.
func (u areaUnit) adjustGroups(groups [][]geo.SquareMetres) []adjustment {
	return adjustGroups(groups, u.of, u.once(slices.Concat(groups...)))
}

// shares prints each area's share of them all in percent, adding up to 100.00
// and within a group to the group's share; there are none of no land.
func shares(groups [][]geo.SquareMetres) ([]adjustment, bool) {
	whole := sumOf(slices.Concat(groups...))
	if whole == 0 {
		return nil, false
	}
	percent := func(a geo.SquareMetres) float64 { return float64(a / whole * 100) }
	return adjustGroups(groups, percent, Fixed(100, geo.PercentDecimals)), true
}

func adjustGroups(groups [][]geo.SquareMetres, of func(geo.SquareMetres) float64, total Decimal) []adjustment {
	sums := make([]geo.SquareMetres, len(groups))
	for i, g := range groups {
		sums[i] = sumOf(g)
	}
	above := adjust(each(sums, of), total)
	all := make([]adjustment, len(groups))
	for i, g := range groups {
		all[i] = adjust(each(g, of), above.parts[i])
	}
	return all
}

func each(areas []geo.SquareMetres, of func(geo.SquareMetres) float64) []float64 {
	values := make([]float64, len(areas))
	for i, a := range areas {
		values[i] = of(a)
	}
	return values
}

// adjustment is a column rounded so that it adds up: the parts as printed, and
// the rest of rounding that the largest part carries.
type adjustment struct {
	parts   []Decimal
	largest int
	rest    Decimal
}

// adjust rounds each part and puts the rest to total on the largest, the law of
// geo.RoundParts for a total that is given.
func adjust(parts []float64, total Decimal) adjustment {
	a := adjustment{parts: make([]Decimal, len(parts)), rest: total}
	for i, part := range parts {
		a.parts[i] = Fixed(part, total.Places)
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
