package outlet

import (
	"math"
	"strconv"
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
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// appendRounded appends v rounded half up to the given decimals without trailing
// zeros, as geo.Round rounds it: on the shortest decimal that identifies v. It
// works on the digits, because an export writes millions of them.
func appendRounded(dst []byte, v float64, decimals int) []byte {
	start := len(dst)
	dst = appendShortest(dst, v)
	point := start
	for point < len(dst) && dst[point] != '.' {
		point++
	}
	end := point + 1 + decimals
	if end >= len(dst) {
		return dst
	}
	up := dst[end] >= '5'
	dst = dst[:end]
	for i := end - 1; up && i >= start; i-- {
		switch dst[i] {
		case '.', '-':
		case '9':
			dst[i] = '0'
		default:
			dst[i]++
			up = false
		}
	}
	if up {
		first := start
		if dst[first] == '-' {
			first++
		}
		dst = append(dst, 0)
		copy(dst[first+1:], dst[first:])
		dst[first] = '1'
	}
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	if dst[len(dst)-1] == '.' {
		dst = dst[:len(dst)-1]
	}
	if string(dst[start:]) == "-0" {
		dst = append(dst[:start], '0')
	}
	return dst
}
