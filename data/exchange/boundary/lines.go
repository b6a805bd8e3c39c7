package boundary

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/dikuai/dikuai/geo"
)

// maxLine bounds a line's length in bytes.
const maxLine = 1 << 20

// sample is how much of a file's beginning decides on its encoding.
const sample = 1 << 16

var errLongLine error = geo.Say("该行超过 1 MiB", "the line is longer than 1 MiB")

// lines splits a file at \r\n, \n and lone \r, and decodes each line. The
// encoding is told by a byte order mark, else it is UTF-8 when the file's
// beginning decodes strictly as that, else GB18030 (which holds GBK and GB2312).
// A file that begins in plain ASCII is decided at its first other character.
type lines struct {
	r        *bufio.Reader
	row      int
	encoding string
	decoder  *encoding.Decoder // nil: the text is UTF-8 as it stands
	buffer   []byte
}

func newLines(r io.Reader) *lines {
	l := &lines{r: bufio.NewReaderSize(r, sample)}
	head, _ := l.r.Peek(sample) // an error comes again at the next read
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		l.r = bufio.NewReaderSize(utf16.Reader(l.r), sample)
		l.encoding = "UTF-16"
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		l.encoding = "UTF-8"
	default:
		l.decide(head)
	}
	return l
}

// decide settles the encoding once text holds more than ASCII.
func (l *lines) decide(text []byte) {
	for range utf8.UTFMax - 1 { // the sample may end within a character
		if r, size := utf8.DecodeLastRune(text); r != utf8.RuneError || size != 1 || len(text) < sample/2 {
			break
		}
		text = text[:len(text)-1]
	}
	switch {
	case bytes.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0:
	case utf8.Valid(text):
		l.encoding = "UTF-8"
	default:
		l.encoding = "GB18030"
		l.decoder = simplifiedchinese.GB18030.NewDecoder()
	}
}

// next gives the next line, trimmed of blanks, and io.EOF after the last. Text
// that does not decode holds U+FFFD.
func (l *lines) next() (string, error) {
	raw, err := l.nextRaw()
	if err != nil {
		return "", err
	}
	if l.encoding == "" {
		l.decide(raw)
	}
	text := raw
	if l.decoder != nil {
		if text, err = l.decoder.Bytes(raw); err != nil {
			return "", err
		}
	}
	return strings.Trim(strings.ToValidUTF8(string(text), "\uFFFD"), "\uFEFF \t\v\f\u00A0\u3000"), nil
}

func (l *lines) nextRaw() ([]byte, error) {
	l.buffer = l.buffer[:0]
	l.row++
	long := false
	for first := true; ; first = false {
		b, err := l.r.ReadByte()
		switch {
		case err == io.EOF && !first:
			return l.line(long)
		case err != nil:
			return nil, err
		case b == '\n':
			return l.line(long)
		case b == '\r':
			if after, err := l.r.Peek(1); err == nil && after[0] == '\n' {
				l.r.Discard(1)
			}
			return l.line(long)
		case len(l.buffer) == maxLine:
			long = true
		default:
			l.buffer = append(l.buffer, b)
		}
	}
}

func (l *lines) line(long bool) ([]byte, error) {
	if long {
		return nil, errLongLine
	}
	return l.buffer, nil
}
