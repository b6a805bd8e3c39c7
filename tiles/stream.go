package tiles

import (
	"iter"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// MostSorted is how many plots Matches puts in order in memory.
const MostSorted = 100_000

// Count is how many plots match a search.
func (v *View) Count(s *Search) int {
	n, known := v.counted(s, false)
	if !known {
		v.each(s, func(plotset.Ref) { n.plots++ })
		v.counts.put(s.Key, n)
	}
	return n.plots
}

// Matches gives the plots that match a search one by one, at most limit of them,
// by the steps of an order and then, or where it has none, by number. With an order
// they are not to be more than MostSorted; without one they may be any number, and
// those that were given are not held.
func (v *View) Matches(s *Search, order []land.Order, limit int) iter.Seq[*land.Plot] {
	return func(yield func(*land.Plot) bool) {
		left := min(limit, v.Count(s))
		one := func(r plotset.Ref) bool {
			p := r.Plot()
			left--
			return yield(&p) && left > 0
		}
		switch {
		case left <= 0:
		case len(order) == 0 && left > MostSorted:
			selects := s.selection(v.Plots)
			v.Plots.Ascend(0, func(r plotset.Ref) bool { return !selects(r) || one(r) })
		default:
			k := keeper{by: comparing(order), limit: left}
			v.each(s, k.offer)
			for _, e := range k.first() {
				if !one(e.ref) {
					return
				}
			}
		}
	}
}
