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
	Plots   []plotset.Ref
	Matched int     // plots, on all pages
	Sums    Summary // of these, where it was asked for
	Next    *Place  // nil on the last page
}

// Find answers a search. A page takes memory in proportion to itself, however
// many plots match.
func (v *View) Find(s *Search, p Page) Found {
	matched, known := v.counted(s, p.Sums)
	k := keeper{by: comparing(p.Order), after: p.After, limit: p.Limit + 1, kept: make([]keyed, 0, min(p.Limit+1, 128))}
	switch {
	case known && len(p.Order) == 0 && !s.confined && ascending(matched.plots, k.limit):
		from := land.PlotID(0)
		if p.After != nil {
			from = p.After.ID + 1
		}
		selects := s.selection(v.Plots)
		v.Plots.Ascend(from, func(r plotset.Ref) bool {
			if selects(r) {
				k.kept = append(k.kept, keyed{ref: r, id: r.ID()})
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
	kept := k.first()
	if len(kept) > p.Limit {
		kept = kept[:p.Limit]
		if p.Limit > 0 {
			found.Next = k.by.place(kept[p.Limit-1])
		}
	}
	found.Plots = make([]plotset.Ref, len(kept))
	for i, e := range kept {
		found.Plots[i] = e.ref
	}
	return found
}

// ascending says whether plots are sooner found in number order, one by one, than
// by looking at all of them as they lie in memory.
func ascending(matched, wanted int) bool {
	const dearer = 30 // what it costs to find a plot by number, in plots looked at in turn
	return wanted*dearer < matched
}

// keyed is a plot with its values of the properties that it is ordered by, and
// its number.
type keyed struct {
	ref    plotset.Ref
	id     land.PlotID
	values []Value
}

// keeper keeps the first so many of what it is offered. Once it has as many, they
// are a heap with the last of them at its root.
type keeper struct {
	by    comparison
	after *Place
	limit int
	kept  []keyed
	spare []Value
}

func (k *keeper) offer(r plotset.Ref) {
	e := keyed{r, r.ID(), k.by.read(r, k.spare[:0])}
	k.spare = e.values
	full := len(k.kept) == k.limit
	if k.after != nil && k.by.order(e.values, e.id, k.after.Values, k.after.ID) <= 0 || full && k.by.compare(e, k.kept[0]) >= 0 {
		return
	}
	e.values = slices.Clone(e.values)
	if full {
		k.kept[0] = e
		k.sink(0)
		return
	}
	if k.kept = append(k.kept, e); len(k.kept) == k.limit {
		for i := k.limit/2 - 1; i >= 0; i-- {
			k.sink(i)
		}
	}
}

// sink puts what is at i below those that come after it.
func (k *keeper) sink(i int) {
	for {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(k.kept); child++ {
			if k.by.compare(k.kept[child], k.kept[last]) > 0 {
				last = child
			}
		}
		if last == i {
			return
		}
		k.kept[i], k.kept[last] = k.kept[last], k.kept[i]
		i = last
	}
}

// first are those that were kept, in order.
func (k *keeper) first() []keyed {
	if len(k.by) == 0 {
		slices.SortFunc(k.kept, func(a, b keyed) int { return cmp.Compare(a.id, b.id) })
	} else {
		slices.SortFunc(k.kept, k.by.compare)
	}
	return k.kept
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
func (v *View) At(p orb.Point) []plotset.Ref {
	var found []plotset.Ref
	v.Plots.Search(plotset.BoxOf(orb.Bound{Min: p, Max: p}), func(r plotset.Ref) bool {
		if planar.MultiPolygonContains(r.Boundary(), p) {
			found = append(found, r)
		}
		return true
	})
	slices.SortFunc(found, func(a, b plotset.Ref) int { return cmp.Compare(a.ID(), b.ID()) })
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
