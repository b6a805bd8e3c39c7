package report

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"
)

// CSV writes the table as UTF-8 with a byte order mark and CRLF line ends, which
// spreadsheet programs open as Chinese text: one line of headings with units,
// then the rows, totals among them.
func CSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	lines := csv.NewWriter(w)
	lines.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Heading()
	}
	if err := lines.Write(record); err != nil {
		return err
	}
	for row, err := range t.All() {
		if err != nil {
			return err
		}
		for i, cell := range row.Cells {
			record[i] = cell.String()
			if cell.Kind == Text {
				record[i] = inert(record[i])
			}
		}
		if err := lines.Write(record); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// inert keeps a spreadsheet program from running a text as a formula: one that
// begins like a formula, in half or full width, gets a leading apostrophe.
func inert(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
