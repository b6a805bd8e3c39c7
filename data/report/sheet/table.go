package sheet

import (
	"context"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
)

// tableOf makes a table of what a sheet shows, so that sheets and tables print the
// same figures.
func tableOf(name string, reg land.Register, measure report.Measure) (report.Table, error) {
	kind, err := report.Lookup(name)
	if err != nil {
		return report.Table{}, err
	}
	return kind.Make(context.Background(), report.Hold(reg), report.Options{Measure: measure})
}

// textsOf are a row's texts by the table's columns.
func textsOf(t report.Table, row report.Row) map[string]string {
	texts := map[string]string{}
	for i, c := range t.Columns {
		texts[c.Key] = row.Cells[i].String()
	}
	return texts
}
