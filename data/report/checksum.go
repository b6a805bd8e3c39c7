package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"strconv"
)

// Checksum is the SHA-256, in hexadecimal, of all that the table says. It is over
// lines of UTF-8, each a JSON array of strings and a line feed: the form's name,
// the table's name and titles, what its head says, a line for every park,
// column, row with its digits as printed, and note, in print order. It shows an
// accident; against intent, [Verify] holds a file to the register.
func (t Table) Checksum() string {
	sum := newChecksum(t)
	for _, row := range t.Rows {
		sum.row(row)
	}
	return sum.end(t.Notes)
}

// checksum is a table's checksum in the making.
type checksum struct {
	hash  hash.Hash
	lines *json.Encoder
}

// newChecksum begins with all that stands before a table's rows.
func newChecksum(t Table) *checksum {
	hash := sha256.New()
	s := &checksum{hash, json.NewEncoder(hash)}
	s.lines.SetEscapeHTML(false)
	nature := ""
	if t.Head.Demonstration {
		nature = dataNature
	}
	s.line("dikuai table 1")
	s.line("title", t.Name, t.TitleZh, t.TitleEn)
	s.line("head", t.Head.AsOf.String(), strconv.FormatInt(int64(t.Head.Seq), 10), t.Head.CRS, t.Head.Measure.String(), nature)
	for _, p := range t.Head.Parks {
		s.line("park", string(p.Code), p.Zh, p.En)
	}
	for _, c := range t.Columns {
		s.line("column", c.Key, c.Group, c.Zh, c.En, c.Unit)
	}
	return s
}

// line adds a line; strings always encode, and a hash takes all.
func (s *checksum) line(fields ...string) { _ = s.lines.Encode(fields) }

func (s *checksum) row(row Row) {
	fields := make([]string, 1, len(row.Cells)+1)
	fields[0] = row.Kind.String()
	for _, cell := range row.Cells {
		fields = append(fields, cell.String())
	}
	s.line(fields...)
}

func (s *checksum) end(notes []string) string {
	for _, note := range notes {
		s.line("note", note)
	}
	return hex.EncodeToString(s.hash.Sum(nil))
}

// shortSum is what is printed of a checksum.
func shortSum(sum string) string { return sum[:16] }
