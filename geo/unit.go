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
