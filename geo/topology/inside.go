package topology

import (
	"cmp"
	"slices"
)

// pointInside is a point inside an outer ring and outside its holes, in half
// millimetres: on the level midway of the widest band without a vertex, the
// middle of the longest stretch inside. Of a part so narrow that there is no
// such point it is one within a millimetre. Unlike the point farthest from the
// border it serves slivers.
func pointInside(part []ring) pt {
	var levels []int64
	for _, g := range part {
		for _, p := range g {
			levels = append(levels, p.y)
		}
	}
	slices.Sort(levels)
	var level, widest int64 // level in half millimetres
	for k := 1; k < len(levels); k++ {
		if band := levels[k] - levels[k-1]; band > widest {
			level, widest = levels[k]+levels[k-1], band
		}
	}
	var crossings []float64
	for _, g := range part {
		for k := range g {
			a, b := doubled(g[k]), doubled(g.at(k+1))
			if (a.y > level) != (b.y > level) {
				crossings = append(crossings, float64(a.x)+float64(b.x-a.x)*float64(level-a.y)/float64(b.y-a.y))
			}
		}
	}
	slices.SortFunc(crossings, cmp.Compare[float64])
	best := pt{y: level}
	longest := -1.0
	for k := 0; k+1 < len(crossings); k += 2 {
		if stretch := crossings[k+1] - crossings[k]; stretch > longest {
			best.x, longest = int64((crossings[k]+crossings[k+1])/2), stretch
		}
	}
	return best
}
