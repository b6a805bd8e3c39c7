package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Find answers a query: the page of plots in number order, and how many match
// in all.
func (v *View) Find(q land.Query) (page []*Plot, matched int) {
	take := func(p *Plot) bool {
		if !q.Selects(&p.Plot) || q.Bound != nil && !geo.Meets(p.Boundary, *q.Bound) {
			return true
		}
		matched++
		page = append(page, p)
		return true
	}
	if q.Bound != nil {
		v.Plots.Search(*q.Bound, take)
		slices.SortFunc(page, func(a, b *Plot) int { return cmp.Compare(a.ID, b.ID) })
	} else {
		v.Plots.Ascend(0, take)
	}
	start, _ := slices.BinarySearchFunc(page, q.After+1, func(p *Plot, id land.PlotID) int { return cmp.Compare(p.ID, id) })
	page = page[start:]
	return page[:min(len(page), q.Limit)], matched
}

// At finds the plots at a point, EPSG:4490 lon/lat, in number order.
func (v *View) At(p orb.Point) []*Plot {
	var found []*Plot
	v.Plots.Search(orb.Bound{Min: p, Max: p}, func(plot *Plot) bool {
		if planar.MultiPolygonContains(plot.Boundary, p) {
			found = append(found, plot)
		}
		return true
	})
	slices.SortFunc(found, func(a, b *Plot) int { return cmp.Compare(a.ID, b.ID) })
	return found
}
