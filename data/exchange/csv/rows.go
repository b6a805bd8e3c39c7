package csv

import (
	"encoding/csv"
	"io"
	"iter"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// WriteRows writes the properties of plots alone, one plot a line under their
// names, for programs: RFC 4180 in UTF-8 without a byte order mark. Formulas are
// guarded as Write does.
func WriteRows(w io.Writer, plots iter.Seq[*land.Plot]) error {
	lines := csv.NewWriter(w)
	lines.UseCRLF = true
	fields := land.Fields()
	record := make([]string, len(fields))
	for i, f := range fields {
		record[i] = f.Name
	}
	if err := lines.Write(record); err != nil {
		return err
	}
	for p := range plots {
		for i, f := range fields {
			record[i] = guard(outlet.Text(f.Name, f.Get(p)))
		}
		if err := lines.Write(record); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}
