package tiles

import (
	"cmp"
	"maps"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Land is how much of a park's land there is of each status and use.
type Land map[StatusAndUse]Sum

// StatusAndUse is what plots are added up by.
type StatusAndUse struct {
	Status land.Status
	Use    land.UseCode
}

// Sum is of plots and of their plane areas.
type Sum struct {
	Plots int
	Area  geo.SquareMetres
}

// ByStatus adds up the plots of each status.
func (l Land) ByStatus() map[land.Status]Sum {
	return addUp(l, func(of StatusAndUse) land.Status { return of.Status })
}

// ByUse adds up the plots of each land use.
func (l Land) ByUse() map[land.UseCode]Sum {
	return addUp(l, func(of StatusAndUse) land.UseCode { return of.Use })
}

// Sum adds up all plots.
func (l Land) Sum() Sum {
	return addUp(l, func(StatusAndUse) struct{} { return struct{}{} })[struct{}{}]
}

// addUp adds in one order, so that one register has one sum.
func addUp[K comparable](l Land, key func(StatusAndUse) K) map[K]Sum {
	sums := map[K]Sum{}
	for _, of := range slices.SortedFunc(maps.Keys(l), compareStatusAndUse) {
		sums[key(of)] = sums[key(of)].plus(l[of])
	}
	return sums
}

func compareStatusAndUse(a, b StatusAndUse) int {
	return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Use.Scheme, b.Use.Scheme), cmp.Compare(a.Use.Code, b.Use.Code))
}

func (s Sum) plus(t Sum) Sum { return Sum{s.Plots + t.Plots, s.Area + t.Area} }

// Land is a park's land. It is not to be changed.
func (v *View) Land(park land.ParkCode) Land { return v.land()[park] }

func landOf(plots *plotset.Set) map[land.ParkCode]Land {
	var sums []Sum // by the kind's index
	var kinds []*plotset.Kind
	plots.All(func(r plotset.Ref) bool {
		k := r.Kind()
		if k.Index >= len(sums) {
			more := k.Index + 1 - len(sums)
			sums, kinds = append(sums, make([]Sum, more)...), append(kinds, make([]*plotset.Kind, more)...)
		}
		sums[k.Index] = sums[k.Index].plus(Sum{1, r.Area()})
		kinds[k.Index] = k
		return true
	})
	all := map[land.ParkCode]Land{}
	for i, k := range kinds {
		if k == nil {
			continue
		}
		if all[k.Park] == nil {
			all[k.Park] = Land{}
		}
		of := StatusAndUse{k.Status, k.Use}
		all[k.Park][of] = all[k.Park][of].plus(sums[i])
	}
	return all
}
