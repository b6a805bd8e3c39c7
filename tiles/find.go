package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Page is which of the plots that match are wanted.
type Page struct {
	Order []land.Order // properties of Sortable; then, or where it is empty, by number
	After *Place       // what follows this place
	Limit int
	Sums  bool // also what all that match add up to
}

// Found is a page of plots, and where the next one begins.
type Found struct {
	Plots   []land.Plot
	Matched int     // plots, on all pages
	Sums    Summary // of these, where it was asked for
	Next    *Place  // nil on the last page
}

// Find answers a search. A page takes memory in proportion to itself, however
// many plots match.
func (v *View) Find(s *Search, p Page) Found {
	matched, known := v.counted(s, p.Sums)
	k := keeper{by: comparing(p.Order), after: p.After, limit: p.Limit + 1}
	switch {
	case known && len(p.Order) == 0 && !s.confined && ascending(matched.plots, k.limit):
		from := land.PlotID(0)
		if p.After != nil {
			from = p.After.ID + 1
		}
		selects := s.selection()
		v.Plots.Ascend(from, func(r plotset.Ref) bool {
			if selects(r) {
				k.kept = append(k.kept, keyed{ref: r})
			}
			return len(k.kept) < k.limit
		})
	case known:
		v.each(s, k.offer)
	case p.Sums:
		sums := &summing{}
		v.each(s, func(r plotset.Ref) {
			sums.add(r)
			k.offer(r)
		})
		matched = countOf(sums.summary())
		v.counts.put(s.Key, matched)
	default:
		v.each(s, func(r plotset.Ref) {
			matched.plots++
			k.offer(r)
		})
		v.counts.put(s.Key, matched)
	}
	found := Found{Matched: matched.plots, Sums: matched.sums}
	k.prune()
	if len(k.kept) > p.Limit {
		k.kept = k.kept[:p.Limit]
		if p.Limit > 0 {
			found.Next = k.by.place(k.kept[p.Limit-1])
		}
	}
	found.Plots = make([]land.Plot, len(k.kept))
	for i, e := range k.kept {
		found.Plots[i] = e.ref.Plot()
	}
	return found
}

// ascending says whether plots are sooner found in number order, one by one, than
// by looking at all of them as they lie in memory.
func ascending(matched, wanted int) bool {
	const dearer = 30 // what it costs to find a plot by number, in plots looked at in turn
	return wanted*dearer < matched
}

// keyed is a plot with its values of the properties that it is ordered by.
type keyed struct {
	ref    plotset.Ref
	values []Value
}

// keeper keeps the first so many of what it is offered: it takes in as many
// again before it puts them in order and drops the rest.
type keeper struct {
	by    comparison
	after *Place
	limit int
	kept  []keyed
	full  bool  // what is kept is the limit, and last is the last of them so far
	last  keyed //
	spare []Value
}

func (k *keeper) offer(r plotset.Ref) {
	e := keyed{r, k.by.read(r, k.spare[:0])}
	k.spare = e.values
	if k.after != nil && k.by.order(e.values, r.ID(), k.after.Values, k.after.ID) <= 0 || k.full && k.by.compare(e, k.last) >= 0 {
		return
	}
	e.values = slices.Clone(e.values)
	if k.kept = append(k.kept, e); len(k.kept) >= 2*k.limit+32 {
		k.prune()
	}
}

// prune leaves the first so many, in order.
func (k *keeper) prune() {
	slices.SortFunc(k.kept, k.by.compare)
	if len(k.kept) >= k.limit {
		k.kept = k.kept[:k.limit]
		k.last, k.full = k.kept[k.limit-1], true
	}
}

// Plot finds a plot by its number in the register.
func (v *View) Plot(id land.PlotID) (land.Plot, bool) {
	r, ok := v.Plots.Get(id)
	if !ok {
		return land.Plot{}, false
	}
	return r.Plot(), true
}

// At finds the plots at a point, EPSG:4490 lon/lat, in number order.
func (v *View) At(p orb.Point) []land.Plot {
	var found []land.Plot
	v.Plots.Search(plotset.BoxOf(orb.Bound{Min: p, Max: p}), func(r plotset.Ref) bool {
		if planar.MultiPolygonContains(r.Boundary(), p) {
			found = append(found, r.Plot())
		}
		return true
	})
	slices.SortFunc(found, func(a, b land.Plot) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// Around finds the plots of a park whose boxes meet a bound, EPSG:4490 lon/lat, in
// number order.
func (v *View) Around(park land.ParkCode, b orb.Bound) []land.Plot {
	var found []land.Plot
	v.Plots.Search(plotset.BoxOf(b), func(r plotset.Ref) bool {
		if r.Kind().Park == park {
			found = append(found, r.Plot())
		}
		return true
	})
	slices.SortFunc(found, func(a, b land.Plot) int { return cmp.Compare(a.ID, b.ID) })
	return found
}
