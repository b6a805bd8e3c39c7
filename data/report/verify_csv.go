package report

import (
	"context"
	"slices"
)

// Closest finds which of the stamps a CSV file is of, since that carries none: one
// whose table has the file's headings and the fewest cells that differ. There
// may be none.
func (v Verifier) Closest(ctx context.Context, file []byte, stamps []Stamp) (best Stamp, found bool, err error) {
	fewest := 0
	for _, stamp := range stamps {
		t, err := v.Make(ctx, stamp, false)
		if _, none := lacking(err); none {
			continue
		}
		if err != nil {
			return best, false, err
		}
		said, err := csvPieces(file, t)
		if err != nil {
			return best, false, errNoStamp
		}
		headings := make([]string, 0, len(t.Columns))
		for _, p := range said {
			if p.place.part == inHeading {
				headings = append(headings, p.text)
			}
		}
		if !slices.EqualFunc(headings, t.Columns, func(heading string, c Column) bool { return heading == c.Heading() }) {
			continue
		}
		_, compare, err := v.print("csv", t)
		if err != nil {
			return best, false, err
		}
		differences, err := compare(file)
		if err != nil {
			return best, false, err
		}
		if !found || len(differences) < fewest {
			best, found, fewest = stamp, true, len(differences)
		}
		if fewest == 0 {
			break
		}
	}
	return best, found, nil
}
