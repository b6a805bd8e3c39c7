package tiles

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Find answers a query: the page of plots in number order, and how many match
// in all.
func (v *View) Find(q land.Query) (page []land.Plot, matched int) {
	var found []plotset.Ref
	selects := ofKind(func(k *plotset.Kind) bool { return q.Selects(k.Park, k.Status, k.Use) })
	if q.Bound == nil {
		v.Plots.Ascend(0, func(r plotset.Ref) bool {
			if selects(r) {
				matched++
				if r.ID() > q.After && len(found) < q.Limit {
					found = append(found, r)
				}
			}
			return true
		})
	} else {
		v.Plots.Search(plotset.BoxOf(*q.Bound), func(r plotset.Ref) bool {
			if selects(r) && geo.Meets(r.Boundary(), *q.Bound) {
				matched++
				if r.ID() > q.After {
					found = append(found, r)
				}
			}
			return true
		})
		slices.SortFunc(found, func(a, b plotset.Ref) int { return cmp.Compare(a.ID(), b.ID()) })
		found = found[:min(len(found), q.Limit)]
	}
	for _, r := range found {
		page = append(page, r.Plot())
	}
	return page, matched
}

// ofKind asks a question of plots' kinds, each kind once.
func ofKind(ask func(*plotset.Kind) bool) func(plotset.Ref) bool {
	var answers []byte // by the kind's index: not asked, no, yes
	return func(r plotset.Ref) bool {
		k := r.Kind()
		if k.Index >= len(answers) {
			answers = append(answers, make([]byte, k.Index+1-len(answers))...)
		}
		if answers[k.Index] == 0 {
			answers[k.Index] = 1
			if ask(k) {
				answers[k.Index] = 2
			}
		}
		return answers[k.Index] == 2
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
