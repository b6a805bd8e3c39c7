package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Checksum is the SHA-256, in hexadecimal, of all that the table says. It is over
// lines of UTF-8, each a JSON array of strings and a line feed: the form's name,
// the table's name and titles, what its head says, a line for every park,
// column, row with its digits as printed, and note, in print order. It shows an
// accident; against intent, [Verify] holds a file to the register.
func (t Table) Checksum() string {
	sum := sha256.New()
	lines := json.NewEncoder(sum)
	lines.SetEscapeHTML(false)
	line := func(fields ...string) { _ = lines.Encode(fields) } // strings encode and a hash takes all
	line("dikuai table 1")
	line("title", t.Name, t.TitleZh, t.TitleEn)
	nature := ""
	if t.Head.Demonstration {
		nature = dataNature
	}
	line("head", t.Head.AsOf.String(), countCell(int(t.Head.Seq)).String(), t.Head.CRS, t.Head.Measure.String(), nature)
	for _, p := range t.Head.Parks {
		line("park", string(p.Code), p.Zh, p.En)
	}
	for _, c := range t.Columns {
		line("column", c.Key, c.Group, c.Zh, c.En, c.Unit)
	}
	for _, row := range t.Rows {
		fields := []string{row.Kind.String()}
		for _, cell := range row.Cells {
			fields = append(fields, cell.String())
		}
		line(fields...)
	}
	for _, note := range t.Notes {
		line("note", note)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// shortSum is what is printed of a checksum.
func shortSum(sum string) string { return sum[:16] }
