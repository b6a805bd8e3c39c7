package geojson

import (
	"bufio"
	"io"
	"iter"
	"math"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Write writes plots as a FeatureCollection, longitude before latitude, whose
// foreign members (RFC 7946, 6.1) tell what the file is. An error of plots ends
// the file and is given back.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	out := bufio.NewWriter(w)
	out.WriteString(`{"type":"FeatureCollection",`)
	o.CRS = 0 // RFC 7946 has no other, and "crs" was a member of the 2008 format
	for _, m := range o.Members() {
		out.Write(append(appendMember(nil, m), ','))
	}
	out.WriteString(`"features":[`)
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

// WriteSequence writes plots as a sequence of features, one a line, each behind
// a record separator (RFC 8142). A sequence has no place for what the file is,
// so that every feature of a layout drawn for show says so itself.
func WriteSequence(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	out := bufio.NewWriter(w)
	var buffer []byte
	for p, err := range plots {
		if err != nil {
			return err
		}
		buffer = AppendFeature(append(buffer[:0], 0x1E), p)
		if o.Demonstration {
			buffer = append(buffer[:len(buffer)-1], ',')
			buffer = append(appendMember(buffer, outlet.Member{Name: outlet.DataNature, Text: outlet.DemonstrationNote}), '}')
		}
		if _, err := out.Write(append(buffer, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

func appendMember(dst []byte, m outlet.Member) []byte {
	dst = append(AppendString(dst, m.Name), ':')
	if m.Name == outlet.RegisterSeq {
		return append(dst, m.Text...)
	}
	return AppendString(dst, m.Text)
}

// AppendFeature appends a plot as a GeoJSON Feature on one line. Coordinates are
// the shortest decimals that give the stored ones back exactly; properties come
// in the order of land.Fields.
func AppendFeature(dst []byte, p *land.Plot) []byte {
	dst = append(dst, `{"type":"Feature","id":`...)
	dst = strconv.AppendInt(dst, int64(p.ID), 10)
	dst = append(dst, `,"geometry":`...)
	dst = AppendGeometry(dst, p.Boundary)
	dst = append(dst, `,"properties":`...)
	return append(AppendProperties(dst, p), '}')
}

// AppendProperties appends a plot's properties as an object.
func AppendProperties(dst []byte, p *land.Plot) []byte {
	fields, keys := land.Fields(), keys()
	for i := range fields {
		dst = append(dst, keys[i]...)
		dst = appendValue(dst, fields[i].Name, fields[i].Get(p))
	}
	return append(dst, '}')
}

// keys are what stands before each property's value.
var keys = sync.OnceValue(func() [][]byte {
	var keys [][]byte
	before := byte('{')
	for _, f := range land.Fields() {
		keys = append(keys, append(AppendString([]byte{before}, f.Name), ':'))
		before = ','
	}
	return keys
})

func appendValue(dst []byte, name string, value any) []byte {
	switch v := value.(type) {
	case string:
		return AppendString(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return outlet.AppendNumber(dst, name, v)
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
				dst = append(appendDegrees(dst, q[0]), ',')
				dst = append(appendDegrees(dst, q[1]), ']')
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

func appendDegrees(dst []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	return geo.AppendShortest(dst, v)
}

// plain says whether a string stands in JSON as it is, as most do.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7F || c == '"' || c == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// AppendString appends a JSON string (RFC 8259, 7); what is no UTF-8 becomes
// U+FFFD.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	if plain(s) {
		return append(append(dst, s...), '"')
	}
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
