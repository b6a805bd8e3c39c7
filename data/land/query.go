package land

import (
	"slices"

	"github.com/paulmach/orb"
)

// Query asks for plots. An empty list or nil asks for no restriction.
type Query struct {
	Parks    []ParkCode
	Statuses []Status
	Uses     []string   // codes; a class asks for everything under it, so "A" finds A35
	Bound    *orb.Bound // what the boundary must meet, EPSG:4490 lon/lat
	After    PlotID     // the last plot of the page before
	Limit    int
}

// Selects says whether plots with these attributes are asked for; place and paging
// are the index's work.
func (q Query) Selects(park ParkCode, status Status, use UseCode) bool {
	return (len(q.Parks) == 0 || slices.Contains(q.Parks, park)) &&
		(len(q.Statuses) == 0 || slices.Contains(q.Statuses, status)) &&
		(len(q.Uses) == 0 || underAny(use, q.Uses))
}

// underAny says whether a code is one of the codes or lies in one of their classes.
func underAny(c UseCode, codes []string) bool {
	for c.Code != "" {
		if slices.Contains(codes, c.Code) {
			return true
		}
		c = ParentUse(c)
	}
	return false
}
