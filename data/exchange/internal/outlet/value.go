package outlet

import (
	"bytes"
	"math"
	"strconv"

	"github.com/dikuai/dikuai/geo"
)

// Decimals of the areas, as the register computes them; other numbers are
// written as stored.
func Decimals(property string) (decimals int, ok bool) {
	switch property {
	case "area_m2", "area_ellipsoid_m2", "stated_area_m2":
		return 4, true
	case "area_mu":
		return 6, true
	}
	return 0, false
}

// Text is a property's value, as land.Field.Get gives it: a number's shortest
// decimals, an area to its decimals, empty for none.
func Text(property string, value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return string(AppendNumber(nil, property, v))
	}
	return ""
}

// AppendNumber appends a property's number: an area to its decimals, another as
// the shortest decimals that identify it. Infinite values and NaN, which the
// register does not hold, become null.
func AppendNumber(dst []byte, property string, v float64) []byte {
	if d, ok := Decimals(property); ok {
		return appendRounded(dst, v, d)
	}
	return appendShortest(dst, v)
}

func appendShortest(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	return geo.AppendShortest(dst, v)
}

// appendRounded appends v as geo.AppendFixed rounds it, without trailing zeros.
func appendRounded(dst []byte, v float64, decimals int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	dst = geo.AppendFixed(dst, v, decimals)
	if decimals == 0 {
		return dst
	}
	return bytes.TrimSuffix(bytes.TrimRight(dst, "0"), []byte("."))
}
