package report

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// plotList is the chosen plots of a park in print order, and what is known of
// them all before the first is printed.
type plotList struct {
	park     *land.Park
	ids      []land.PlotID
	versions []int32
	largest  land.PlotKey // of several the first
	schemes  map[land.Scheme]bool
	area     geo.ExactArea
	m2       Decimal // sum of the areas, each rounded by itself
	ha, mu   Decimal // the same
	restHa   Decimal // what rounding leaves of these, which the largest carries
	restMu   Decimal
}

// numbered is a plot on its way to its place.
type numbered struct {
	number  string
	id      land.PlotID
	version int32
}

// listPlots reads the chosen plots' numbers and areas, and puts them in order.
func listPlots(ctx context.Context, from Source, opt Options) ([]*plotList, error) {
	reg := from.Register()
	lists := make([]*plotList, len(reg.Parks))
	orders := make([][]numbered, len(reg.Parks))
	place := map[land.ParkCode]int{}
	for i := range reg.Parks {
		lists[i] = &plotList{
			park: &reg.Parks[i], schemes: map[land.Scheme]bool{},
			m2: Decimal{Places: geo.SquareMetreDecimals}, ha: Decimal{Places: geo.HectareDecimals}, mu: Decimal{Places: geo.MuDecimals},
		}
		place[reg.Parks[i].Code] = i
	}
	for key, err := range from.Keys(ctx, opt.ellipsoid()) {
		if err != nil {
			return nil, err
		}
		i, ok := place[key.Park]
		if !ok {
			return nil, missingPark(key.Park)
		}
		if !plausible(key.Area.SquareMetres()) {
			return nil, fmt.Errorf("plot %s of park %s has an area of %v m²", key.PlotNo, key.Park, float64(key.Area.SquareMetres()))
		}
		lists[i].add(key)
		orders[i] = append(orders[i], numbered{key.PlotNo, key.ID, int32(key.Version)})
	}
	for i, order := range orders {
		slices.SortFunc(order, func(a, b numbered) int { return compareNumbers(a.number, a.id, b.number, b.id) })
		lists[i].ids, lists[i].versions = make([]land.PlotID, len(order)), make([]int32, len(order))
		for k, n := range order {
			lists[i].ids[k], lists[i].versions[k] = n.id, n.version
		}
		orders[i] = nil
	}
	settle(lists)
	return lists, nil
}

func compareNumbers(a string, idA land.PlotID, b string, idB land.PlotID) int {
	return cmp.Or(comparePlotNo(a, b), cmp.Compare(idA, idB))
}

func (l *plotList) add(key land.PlotKey) {
	switch {
	case l.largest.ID == 0, key.Area > l.largest.Area,
		key.Area == l.largest.Area && compareNumbers(key.PlotNo, key.ID, l.largest.PlotNo, l.largest.ID) < 0:
		l.largest = key
	}
	l.schemes[key.Scheme] = true
	l.area += key.Area
	l.m2 = l.m2.Plus(squareMetres.round(key.Area))
	l.ha = l.ha.Plus(hectares.round(key.Area))
	l.mu = l.mu.Plus(mus.round(key.Area))
}

// settle finds what the largest plot of each park must carry for 公顷 and 亩 to add
// up to the park's, and the parks' to the whole rounded once.
func settle(lists []*plotList) {
	areas := make([]geo.ExactArea, len(lists))
	for i, l := range lists {
		areas[i] = l.area
	}
	ha, mu := hectares.adjust(areas, hectares.once(areas)), mus.adjust(areas, mus.once(areas))
	for i, l := range lists {
		l.restHa, l.restMu = ha.parts[i].Minus(l.ha), mu.parts[i].Minus(l.mu)
	}
}

// readAhead is how many plots are read at once.
const readAhead = 1000

// plots reads the plots of the list one after the other.
func (l *plotList) plots(ctx context.Context, from Source, boundaries bool) iter.Seq2[*land.Plot, error] {
	return func(yield func(*land.Plot, error) bool) {
		for at := 0; at < len(l.ids); at += readAhead {
			keys := make([]land.PlotKey, min(readAhead, len(l.ids)-at))
			for i := range keys {
				keys[i] = land.PlotKey{ID: l.ids[at+i], Version: int(l.versions[at+i])}
			}
			batch, err := from.Plots(ctx, keys, boundaries)
			if err == nil && len(batch) != len(keys) {
				err = fmt.Errorf("%d plots of park %s are not there", len(keys)-len(batch), l.park.Code)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range batch {
				if !yield(&batch[i], nil) {
					return
				}
			}
		}
	}
}
