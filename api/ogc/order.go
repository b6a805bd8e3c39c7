package ogc

import (
	"cmp"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
)

// compare orders rows by the steps of a selection, then by number; what has no
// value comes last, whichever way the others run.
func compare(s selection, a []tiles.Value, idA int64, b []tiles.Value, idB int64) int {
	for i, step := range s.order {
		v, w := a[i], b[i]
		if v.Set != w.Set {
			if v.Set {
				return -1
			}
			return 1
		}
		if step.Down {
			v, w = w, v
		}
		if d := cmp.Or(cmp.Compare(v.Number, w.Number), cmp.Compare(v.Text, w.Text)); d != 0 {
			return d
		}
	}
	return cmp.Compare(idA, idB)
}

// placeOf is where a page ends.
func placeOf(values []tiles.Value, n int64) *tiles.Place {
	return &tiles.Place{Values: values, ID: land.PlotID(n)}
}
