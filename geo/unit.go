package geo

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// SquareMetres is an area in m². Which of the three kinds of area it is (plane,
// ellipsoidal or stated) is told by the name of the field that holds it.
type SquareMetres float64

// Mu is an area in 亩; 1 亩 = 2000/3 m² exactly, so 15 亩 = 1 ha.
type Mu float64

// Hectares is an area in 公顷 (10,000 m²).
type Hectares float64

// Mu converts to 亩 without rounding: m² × 3 / 2000.
func (a SquareMetres) Mu() Mu { return Mu(a * 3 / 2000) }

// Hectares converts to 公顷 without rounding.
func (a SquareMetres) Hectares() Hectares { return Hectares(a / 10000) }

// SquareMetres converts to m² without rounding: 亩 × 2000 / 3.
func (m Mu) SquareMetres() SquareMetres { return SquareMetres(m * 2000 / 3) }

// Decimals with which measures are printed.
const (
	SquareMetreDecimals = 2
	MuDecimals          = 2
	HectareDecimals     = 4
	PercentDecimals     = 2
)

// FormatFixed prints v with the given number of decimals, rounded half up
// (四舍五入, away from zero for negative values) on the shortest decimal that
// identifies v, so that 0.125 prints as 0.13 and 2.675 as 2.68. NaN and
// infinite values print as "-".
func FormatFixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	shortest := new(big.Rat)
	shortest.SetString(fmt.Sprintf("%v", v))
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
	n := roundHalfUp(shortest.Mul(shortest, scale))
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
		n.Neg(n)
	}
	digits := n.String()
	if decimals == 0 {
		return sign + digits
	}
	if pad := decimals + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	point := len(digits) - decimals
	return sign + digits[:point] + "." + digits[point:]
}

// Round rounds v half up to the given number of decimals, as FormatFixed prints it.
func Round(v float64, decimals int) float64 {
	r, ok := new(big.Rat).SetString(FormatFixed(v, decimals))
	if !ok {
		return v
	}
	f, _ := r.Float64()
	return f
}

func roundHalfUp(r *big.Rat) *big.Int {
	half := big.NewRat(1, 2)
	if r.Sign() < 0 {
		half.Neg(half)
	}
	r.Add(r, half)
	return new(big.Int).Quo(r.Num(), r.Denom())
}

// RoundParts rounds parts to the given number of decimals so that they add up,
// as printed, to their sum rounded once: the rest of rounding goes on the
// largest part (平差). It returns the rounded parts, the rounded total and the
// rest that was moved, 0 when nothing was.
func RoundParts(parts []float64, decimals int) (rounded []float64, total, rest float64) {
	if len(parts) == 0 {
		return nil, 0, 0
	}
	unit := math.Pow10(decimals)
	var sum float64
	var units int64
	largest := 0
	rounded = make([]float64, len(parts))
	for i, p := range parts {
		rounded[i] = Round(p, decimals)
		sum += p
		units += int64(math.Round(rounded[i] * unit))
		if p > parts[largest] {
			largest = i
		}
	}
	total = Round(sum, decimals)
	moved := int64(math.Round(total*unit)) - units
	if moved != 0 {
		rounded[largest] = Round(rounded[largest]+float64(moved)/unit, decimals)
	}
	return rounded, total, float64(moved) / unit
}

// Percentages gives each part's share of the whole in percent with two
// decimals, adding up to exactly 100.00: the rest goes on the largest part. All
// are 0 when the whole is 0.
func Percentages(parts []float64) []float64 {
	var whole float64
	for _, p := range parts {
		whole += p
	}
	shares := make([]float64, len(parts))
	if whole == 0 {
		return shares
	}
	for i, p := range parts {
		shares[i] = p / whole * 100
	}
	rounded, _, _ := RoundParts(shares, PercentDecimals)
	return rounded
}
