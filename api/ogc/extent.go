package ogc

import (
	"math"
	"sync"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// extents holds the boxes that enclose the items of the view that was last asked
// for. The zero value is ready. Safe for concurrent use.
type extents struct {
	mu    sync.Mutex
	view  *tiles.View
	plots map[land.ParkCode]orb.Bound // "" is all
	other map[string]orb.Bound        // by collection
}

// of is a box that encloses a collection's items, EPSG:4490 lon/lat; false where
// there is none.
func (e *extents) of(v *tiles.View, c collection) (box orb.Bound, some bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.view != v {
		e.view, e.plots, e.other = v, plotExtents(v.Plots), map[string]orb.Bound{}
	}
	if _, ok := c.source.(plots); ok {
		box, some = e.plots[c.park]
		return box, some
	}
	if box, some = e.other[c.id]; some {
		return box, true
	}
	all, err := c.find(v, selection{limit: math.MaxInt})
	if err != nil {
		return box, false // which it cannot be without a filter
	}
	if box, some = around(all.items); some {
		e.other[c.id] = box
	}
	return box, some
}

// around is the box that encloses items.
func around(items []feature) (box orb.Bound, some bool) {
	for i, it := range items {
		if b := it.boundary().Bound(); i == 0 {
			box = b
		} else {
			box = box.Union(b)
		}
	}
	return box, len(items) > 0
}

// plotExtents are boxes that enclose the plots of each park, and of all.
func plotExtents(set *plotset.Set) map[land.ParkCode]orb.Bound {
	boxes := map[land.ParkCode]plotset.Box{}
	set.All(func(r plotset.Ref) bool {
		box := r.Box()
		if known, ok := boxes[r.Kind().Park]; ok {
			box = known.Union(box)
		}
		boxes[r.Kind().Park] = box
		return true
	})
	extents := map[land.ParkCode]orb.Bound{}
	for park, box := range boxes {
		extents[park] = lonLat(box)
		if all, ok := extents[""]; ok {
			extents[""] = all.Union(extents[park])
		} else {
			extents[""] = extents[park]
		}
	}
	return extents
}

// lonLat is a box in EPSG:4490 that encloses one of the Mercator world, wider by
// what its whole numbers are rounded by.
func lonLat(b plotset.Box) orb.Bound {
	const more = 2
	nw := plotset.Point{X: b.Min.X - min(b.Min.X, more), Y: b.Min.Y - min(b.Min.Y, more)}.LonLat()
	se := plotset.Point{X: b.Max.X + min(math.MaxUint32-b.Max.X, more), Y: b.Max.Y + min(math.MaxUint32-b.Max.Y, more)}.LonLat()
	return orb.Bound{Min: orb.Point{nw[0], se[1]}, Max: orb.Point{se[0], nw[1]}}
}
