// Package csv writes plots as comma-separated values with their geometry as
// well-known text, and reads them back (RFC 4180; UTF-8 with a byte order mark,
// which spreadsheet programs open as Chinese text). The coordinates' reference
// system stands in a column of its own, because the format has no other place
// for it. Coordinates are x before y.
package csv

import (
	"encoding/csv"
	"io"
	"iter"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// Name is the format's name in the format table.
const Name = "csv"

// The columns beside the properties of a plot.
var (
	crsColumn    = column{"crs", "坐标系"}
	natureColumn = column{outlet.DataNature, "数据性质"}
	wktColumn    = column{"wkt", "wkt"}
)

type column struct{ name, zh string }

// Write writes plots, one a line under a line of headings: the names of
// land.Fields or their Chinese ones, the reference system, and WKT. Texts that
// spreadsheet programs would run as formulas get an apostrophe before them,
// which Read takes away. An error of plots ends the file and is given back.
func Write(w io.Writer, o outlet.Options, plots iter.Seq2[*land.Plot, error]) error {
	project, err := outlet.NewProjection(o.CRS)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	lines := csv.NewWriter(w)
	lines.UseCRLF = true
	fields := land.Fields()
	record := headings(fields, o)
	if err := lines.Write(record); err != nil {
		return err
	}
	var wkt []byte
	for p, err := range plots {
		if err != nil {
			return err
		}
		record = record[:0]
		for i := range fields {
			record = append(record, guard(outlet.Text(fields[i].Name, fields[i].Get(p))))
		}
		if o.Demonstration {
			record = append(record, outlet.DemonstrationNote)
		}
		wkt = appendWKT(wkt[:0], project(p.Boundary))
		if err := lines.Write(append(record, o.CRS.String(), string(wkt))); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

func headings(fields []land.Field, o outlet.Options) []string {
	var all []string
	add := func(name, zh string) {
		if o.Chinese {
			name = zh
		}
		all = append(all, name)
	}
	for i := range fields {
		add(fields[i].Name, fields[i].Zh)
	}
	if o.Demonstration {
		add(natureColumn.name, natureColumn.zh)
	}
	add(crsColumn.name, crsColumn.zh)
	add(wktColumn.name, wktColumn.zh)
	return all
}
