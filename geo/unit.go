package geo

import (
	"bytes"
	"math"
	"strconv"
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
	var room [64]byte
	return string(AppendFixed(room[:0], v, decimals))
}

// AppendFixed appends what FormatFixed prints.
func AppendFixed(dst []byte, v float64, decimals int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, '-')
	}
	if n, has, ok := roundedScaled(math.Abs(v), decimals); ok {
		if v < 0 && n > 0 {
			dst = append(dst, '-')
		}
		power := powersOfTen[has]
		dst = appendScaled(dst, n/power, n%power, has)
		if has == 0 && decimals > 0 {
			dst = append(dst, '.')
		}
		return appendZeros(dst, decimals-has)
	}
	var room [32]byte
	digits, point := shortest(room[:0], math.Abs(v))
	kept := point + decimals // digits before what is rounded away
	if kept < len(digits) {
		up := kept >= 0 && digits[kept] >= '5'
		digits = digits[:max(kept, 0)]
		if up {
			digits, point = increment(digits, point)
		}
	}
	if v < 0 && len(bytes.Trim(digits, "0")) > 0 {
		dst = append(dst, '-')
	}
	whole, rest := digits[:min(max(point, 0), len(digits))], digits[min(max(point, 0), len(digits)):]
	if point <= 0 {
		dst = append(dst, '0')
	}
	dst = appendZeros(append(dst, whole...), point-len(whole))
	if decimals > 0 {
		before := min(max(-point, 0), decimals) // zeros behind the point
		dst = appendZeros(append(dst, '.'), before)
		dst = appendZeros(append(dst, rest...), decimals-before-len(rest))
	}
	return dst
}

func appendZeros(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, '0')
	}
	return dst
}

// shortest gives the digits of the shortest decimal that identifies v ≥ 0, and
// how many of them stand before the point; fewer than none when it begins with
// zeros behind it.
func shortest(room []byte, v float64) (digits []byte, point int) {
	text := strconv.AppendFloat(room, v, 'e', -1, 64) // d.ddde±dd
	e := bytes.IndexByte(text, 'e')
	exponent, _ := strconv.Atoi(string(text[e+1:])) // always a number
	digits = text[:1]
	if e > 1 {
		digits = append(digits, text[2:e]...)
	}
	return digits, exponent + 1
}

// increment adds one to the last of digits.
func increment(digits []byte, point int) ([]byte, int) {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			return digits, point
		}
		digits[i] = '0'
	}
	return append([]byte{'1'}, digits...), point + 1
}

// Round rounds v half up to the given number of decimals, as FormatFixed prints it.
func Round(v float64, decimals int) float64 {
	if n, has, ok := roundedScaled(math.Abs(v), decimals); ok && n < 1<<mantissaBits {
		return math.Copysign(float64(n)/float64(powersOfTen[has]), v) // both exact, and so rounded once
	}
	var room [64]byte
	rounded, err := strconv.ParseFloat(string(AppendFixed(room[:0], v, decimals)), 64)
	if err != nil {
		return v
	}
	return rounded
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
