package report

import (
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Decimal is a number as printed: Units of 10^-Places. Sums of decimals are exact.
type Decimal struct {
	Units  int64
	Places int
}

// Fixed rounds v half up (四舍五入) to the given number of decimals. v is finite
// and has fewer than 18 digits so printed, as every area and sum of money has.
func Fixed(v float64, places int) Decimal {
	digits := strings.Replace(geo.FormatFixed(v, places), ".", "", 1)
	units, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		panic("report: " + strconv.FormatFloat(v, 'g', -1, 64) + " is no figure of a table")
	}
	return Decimal{units, places}
}

// Plus is d + e, which have the same number of decimals.
func (d Decimal) Plus(e Decimal) Decimal { return Decimal{d.Units + e.Units, d.Places} }

// Minus is d − e, which have the same number of decimals.
func (d Decimal) Minus(e Decimal) Decimal { return Decimal{d.Units - e.Units, d.Places} }

// String prints every decimal: "300.00".
func (d Decimal) String() string {
	units, sign := d.Units, ""
	if units < 0 {
		units, sign = -units, "-"
	}
	digits := strconv.FormatInt(units, 10)
	if d.Places == 0 {
		return sign + digits
	}
	if short := d.Places + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - d.Places
	return sign + digits[:point] + "." + digits[point:]
}

// Float is the binary number nearest to d.
func (d Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(d.String(), 64) // digits and a point always read
	return f
}
