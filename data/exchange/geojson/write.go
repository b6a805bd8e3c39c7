package geojson

import (
	"bufio"
	"io"
	"iter"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Write writes plots as a FeatureCollection, longitude before latitude. An error
// of plots ends the file and is given back.
func Write(w io.Writer, plots iter.Seq2[*land.Plot, error]) error {
	out := bufio.NewWriter(w)
	out.WriteString(`{"type":"FeatureCollection","features":[`)
	var buffer []byte
	separator := "\n"
	for p, err := range plots {
		if err != nil {
			return err
		}
		out.WriteString(separator)
		buffer = AppendFeature(buffer[:0], p)
		if _, err := out.Write(buffer); err != nil {
			return err
		}
		separator = ",\n"
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// decimals of the areas, as the register computes them; other numbers are
// written as stored.
var decimals = map[string]int{"area_m2": 4, "area_ellipsoid_m2": 4, "stated_area_m2": 4, "area_mu": 6}

// AppendFeature appends a plot as a GeoJSON Feature on one line. Coordinates are
// the shortest decimals that give the stored ones back exactly; properties come
// in the order of land.Fields.
func AppendFeature(dst []byte, p *land.Plot) []byte {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = strconv.AppendInt(dst, int64(p.ID), 10)
	dst = append(dst, `,"geometry":`...)
	dst = AppendGeometry(dst, p.Boundary)
	dst = append(dst, `,"properties":{`...)
	fields := land.Fields()
	for i := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendString(dst, fields[i].Name)
		dst = append(dst, ':')
		dst = appendValue(dst, fields[i].Name, fields[i].Get(p))
	}
	return append(dst, "}}"...)
}

func appendValue(dst []byte, name string, value any) []byte {
	switch v := value.(type) {
	case string:
		return AppendString(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		if d, ok := decimals[name]; ok {
			return AppendRounded(dst, v, d)
		}
		return appendNumber(dst, v)
	}
	return append(dst, "null"...)
}

// AppendGeometry appends a polygon as a MultiPolygon.
func AppendGeometry(dst []byte, p geo.MultiPolygon) []byte {
	dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygon := range p {
		dst = append(comma(dst, i), '[')
		for j, ring := range polygon {
			dst = append(comma(dst, j), '[')
			for k, q := range ring {
				dst = append(comma(dst, k), '[')
				dst = append(appendNumber(dst, q[0]), ',')
				dst = append(appendNumber(dst, q[1]), ']')
			}
			dst = append(dst, ']')
		}
		dst = append(dst, ']')
	}
	return append(dst, "]}"...)
}

func comma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}

func appendNumber(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	return strconv.AppendFloat(dst, v, 'f', -1, 64)
}

// AppendRounded appends v rounded half up to the given decimals without trailing
// zeros, as geo.Round rounds it: on the shortest decimal that identifies v. It
// works on the digits, because a search writes thousands of them.
func AppendRounded(dst []byte, v float64, decimals int) []byte {
	start := len(dst)
	dst = appendNumber(dst, v)
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

// AppendString appends a JSON string (RFC 8259, 7); what is no UTF-8 becomes
// U+FFFD.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r < ' ' || r == 0x7F:
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&0xF])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
