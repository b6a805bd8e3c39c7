package shapefile

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// Widths of dBASE III fields in bytes.
const (
	widestText     = 254
	integerWidth   = 18
	numberWidth    = 20
	numberDecimals = 8
	dayWidth       = 8
)

// table gathers the rows of a .dbf as texts in its encoding; how wide a text
// field must be is known only at the end.
type table struct {
	o      outlet.Options
	fields []land.Field
	widths []int
	rows   uint32
	spool  *outlet.Spool
	// altered names the texts that the format could not hold as they are.
	altered []string
	more    int // altered ones beyond those named
}

// maxAltered bounds the altered texts that are named.
const maxAltered = 1000

func newTable(o outlet.Options) (*table, error) {
	spool, err := outlet.NewSpool()
	t := &table{o: o, fields: land.Fields(), spool: spool}
	for _, f := range t.fields {
		t.widths = append(t.widths, map[land.Kind]int{land.Text: 1, land.Integer: integerWidth, land.Number: numberWidth, land.Day: dayWidth}[f.Kind])
	}
	return t, err
}

func (t *table) close() { t.spool.Close() }

func (t *table) add(p *land.Plot) error {
	t.rows++
	for i := range t.fields {
		f := &t.fields[i]
		text := outlet.Text(f.Name, f.Get(p))
		switch f.Kind {
		case land.Text:
			whole := text
			var same bool
			if text, same = t.fit(text); !same {
				t.remark(p.PlotNo, f, whole)
			}
			t.widths[i] = max(t.widths[i], len(text))
		case land.Number:
			if dot := strings.IndexByte(text, '.'); dot >= 0 && len(text)-dot-1 > numberDecimals {
				v, _ := f.Get(p).(float64)
				text = strconv.FormatFloat(v, 'f', numberDecimals, 64)
			}
		case land.Day:
			text = strings.ReplaceAll(text, "-", "")
		}
		if len(text) > t.widths[i] {
			return fmt.Errorf("plot %s: %s %s is too long for a Shapefile", p.PlotNo, f.Name, text)
		}
		t.spool.WriteByte(byte(len(text)))
		if _, err := t.spool.WriteString(text); err != nil {
			return err
		}
	}
	return nil
}

// fit encodes a text and cuts it to what a field can hold.
func (t *table) fit(text string) (encoded string, same bool) {
	same = true
	encoder := simplifiedchinese.GBK.NewEncoder()
	var b strings.Builder
	for _, r := range text {
		letter := string(r)
		if t.o.Encoding == outlet.GBK && r >= utf8.RuneSelf {
			var err error
			if letter, err = encoder.String(letter); err != nil {
				letter, same = "?", false
			}
		}
		if b.Len()+len(letter) > widestText {
			return b.String(), false
		}
		b.WriteString(letter)
	}
	return b.String(), same
}

func (t *table) remark(plotNo string, f *land.Field, text string) {
	if len(t.altered) == maxAltered {
		t.more++
		return
	}
	t.altered = append(t.altered, fmt.Sprintf("%s %s (%s): %s", plotNo, f.Short, f.Zh, text))
}

// write writes header and rows (dBASE III without memo).
func (t *table) write(w io.Writer) error {
	length := 1
	for _, width := range t.widths {
		length += width
	}
	header := 32 + 32*len(t.fields) + 1
	if int64(header)+int64(length)*int64(t.rows) > largestPart {
		return &TooLargeError{".dbf"}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	out.Write(t.header(header, length))
	in, err := t.spool.Rewind()
	if err != nil {
		return err
	}
	rows := bufio.NewReaderSize(in, 1<<16)
	row := make([]byte, length)
	for range t.rows {
		if err := t.row(rows, row); err != nil {
			return err
		}
		if _, err := out.Write(row); err != nil {
			return err
		}
	}
	out.WriteByte(0x1A)
	return out.Flush()
}

func (t *table) row(in *bufio.Reader, row []byte) error {
	for i := range row {
		row[i] = ' '
	}
	at := 1
	for i, width := range t.widths {
		n, err := in.ReadByte()
		if err != nil {
			return err
		}
		start := at
		if kind := t.fields[i].Kind; kind == land.Integer || kind == land.Number {
			start = at + width - int(n)
		}
		if _, err := io.ReadFull(in, row[start:start+int(n)]); err != nil {
			return err
		}
		at += width
	}
	return nil
}

// gbkDriver is the language driver of code page 936.
const gbkDriver = 0x4D

func (t *table) header(header, length int) []byte {
	day := t.o.At.Time()
	if t.o.At.IsZero() {
		day = day.AddDate(1899, 0, 0) // 1900, the earliest that the format can say
	}
	out := []byte{3, byte(day.Year() - 1900), byte(day.Month()), byte(day.Day())}
	out = binary.LittleEndian.AppendUint32(out, t.rows)
	out = binary.LittleEndian.AppendUint16(out, uint16(header))
	out = binary.LittleEndian.AppendUint16(out, uint16(length))
	out = append(out, make([]byte, 20)...)
	if t.o.Encoding == outlet.GBK {
		out[29] = gbkDriver
	}
	for i, f := range t.fields {
		field := make([]byte, 32)
		copy(field[:10], f.Short)
		field[11] = map[land.Kind]byte{land.Text: 'C', land.Integer: 'N', land.Number: 'N', land.Day: 'D'}[f.Kind]
		field[16] = byte(t.widths[i])
		if f.Kind == land.Number {
			field[17] = numberDecimals
		}
		out = append(out, field...)
	}
	return append(out, '\r')
}
