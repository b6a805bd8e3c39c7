package csv

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/geo"
)

// sample is how much of a file decides on its encoding.
const sample = 1 << 16

var errNoText error = geo.Say("文件不是 UTF-8 或 GBK 文本", "the file is no text in UTF-8 or GBK")

// text decodes a file: UTF-8 when a byte order mark says so or the first
// characters beyond ASCII decode strictly as that, else GB18030, which holds GBK
// and GB2312. Until such a character comes it passes ASCII on.
type text struct {
	source   *bufio.Reader
	decoded  io.Reader // once the encoding is settled
	encoding string
}

func newText(r io.Reader) *text {
	t := &text{source: bufio.NewReaderSize(r, sample), encoding: "ASCII"}
	if mark, err := t.source.Peek(3); err == nil && string(mark) == "\uFEFF" {
		t.source.Discard(len(mark))
		t.encoding, t.decoded = "UTF-8", t.source
	}
	return t
}

func (t *text) Read(p []byte) (int, error) {
	if t.decoded != nil {
		return t.decoded.Read(p)
	}
	head, err := t.source.Peek(sample)
	if len(head) == 0 {
		return 0, err
	}
	ahead := head[:min(len(head), len(p))]
	if bytes.IndexByte(ahead, 0) >= 0 {
		return 0, errNoText
	}
	if bytes.IndexFunc(ahead, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		copy(p, ahead)
		return t.source.Discard(len(ahead))
	}
	t.encoding, t.decoded = "GB18030", simplifiedchinese.GB18030.NewDecoder().Reader(t.source)
	if validStart(head) {
		t.encoding, t.decoded = "UTF-8", t.source
	}
	return t.decoded.Read(p)
}

// validStart says whether text is UTF-8 up to a character cut off at its end.
func validStart(text []byte) bool {
	for range utf8.UTFMax - 1 {
		if r, size := utf8.DecodeLastRune(text); r != utf8.RuneError || size != 1 {
			break
		}
		text = text[:len(text)-1]
	}
	return utf8.Valid(text)
}
