package gdal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"

	"github.com/dikuai/dikuai/geo"
)

// GDAL hands features over as PostgreSQL's COPY text, which gives every
// coordinate as its eight bytes and tells null from an empty text.

// maxRecord bounds one feature's text: the points of the largest plot, in hex,
// and its attributes.
const maxRecord = 160 << 20

// record is one feature: its geometry as EWKB and its attributes.
type record struct {
	geometry []byte // empty when null
	texts    map[string]string
}

// copyText calls feature for each record of GDAL's output. The record is only
// valid during the call. decode turns a file's bytes into text.
func copyText(out io.Reader, decode func([]byte) string, feature func(record) error) error {
	lines := &lineReader{r: bufio.NewReaderSize(out, 1<<20)}
	var columns []string
	var r record
	for {
		line, err := lines.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch {
		case columns == nil:
			columns = copyColumns(line, decode)
		case string(line) == `\.`:
			columns = nil
		default:
			if err := r.parse(line, columns, decode); err != nil {
				return err
			}
			if err := feature(r); err != nil {
				return err
			}
		}
	}
}

// lineReader reads COPY lines, within which a line end may stand behind a
// backslash, as GDAL writes it.
type lineReader struct {
	r      *bufio.Reader
	buffer []byte
}

func (l *lineReader) next() ([]byte, error) {
	l.buffer = l.buffer[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if err == nil && len(l.buffer) == 0 && !escaped(part) {
			return part[:len(part)-1], nil
		}
		l.buffer = append(l.buffer, part...)
		switch {
		case err == nil && !escaped(l.buffer):
			return l.buffer[:len(l.buffer)-1], nil
		case err == nil:
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(l.buffer) > maxRecord:
			return nil, &unreadableError{geo.Say("有一个要素超过 %d MiB", "a feature is larger than %d MiB", maxRecord>>20)}
		}
	}
}

// escaped says whether a line's end stands behind an odd number of backslashes.
func escaped(line []byte) bool {
	before := line[:len(line)-1]
	return (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 1
}

// cutField splits a line at the first tab that is not behind a backslash.
func cutField(line []byte) (field, rest []byte, more bool) {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '\t':
			return line[:i], line[i+1:], true
		}
	}
	return line, nil, false
}

// copyColumns reads the names in `COPY "public"."t" ("geom", "a") FROM STDIN;`;
// nil for any other line.
func copyColumns(line []byte, decode func([]byte) string) []string {
	if !bytes.HasPrefix(line, []byte("COPY ")) || !bytes.HasSuffix(line, []byte(" FROM STDIN;")) {
		return nil
	}
	open := bytes.Index(line, []byte(` ("`))
	if open < 0 {
		return nil
	}
	inner := bytes.TrimSuffix(line[open+3:], []byte(`") FROM STDIN;`))
	var columns []string
	for _, name := range bytes.Split(inner, []byte(`", "`)) {
		columns = append(columns, strings.ReplaceAll(decode(name), `""`, `"`))
	}
	return columns
}

func (r *record) parse(line []byte, columns []string, decode func([]byte) string) error {
	r.geometry = r.geometry[:0]
	r.texts = make(map[string]string, len(columns))
	for i, name := range columns {
		value, rest, more := cutField(line)
		if more != (i < len(columns)-1) {
			return &unreadableError{geo.Say("其输出不符合预期", "its output is not as expected")}
		}
		line = rest
		isNull := string(value) == `\N`
		switch {
		case i == 0 && isNull:
		case i == 0:
			if cap(r.geometry) < len(value)/2 {
				r.geometry = make([]byte, len(value)/2)
			}
			r.geometry = r.geometry[:len(value)/2]
			if _, err := hex.Decode(r.geometry, value); err != nil {
				return &unreadableError{geo.WordsOf(err)}
			}
		case !isNull:
			r.texts[name] = decode(unescape(value))
		default:
			r.texts[name] = ""
		}
	}
	return nil
}

// unescape undoes COPY's escapes in place.
func unescape(value []byte) []byte {
	if bytes.IndexByte(value, '\\') < 0 {
		return value
	}
	out := value[:0]
	for i := 0; i < len(value); i++ {
		b := value[i]
		if b == '\\' && i+1 < len(value) {
			i++
			b = value[i]
			if at := strings.IndexByte("bfnrtv", b); at >= 0 {
				b = "\b\f\n\r\t\v"[at]
			}
		}
		out = append(out, b)
	}
	return out
}

// Errors of a geometry that is not an area of straight edges.
var (
	errCurve error = geo.Say("图形含曲线", "the geometry has curves")
	errShape error = geo.Say("图形不是面", "the geometry is not a polygon")
)

// decodeGeometry reads EWKB; curves, which orb does not know, are told apart.
func decodeGeometry(data []byte) (orb.Geometry, error) {
	if len(data) < 5 || data[0] != 1 {
		return nil, errShape
	}
	switch kind := binary.LittleEndian.Uint32(data[1:]) & 0xFF; {
	case kind >= 8 && kind <= 14: // CircularString … Surface (ISO 13249-3)
		return nil, errCurve
	case kind == 0 || kind > 7:
		return nil, errShape
	}
	g, _, err := ewkb.Unmarshal(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", errShape, err)
	}
	return g, nil
}
