package land

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/geo"
)

// Query asks for plots: those for which all that is given holds. An empty list,
// nil or zero asks for no restriction.
type Query struct {
	Parks    []ParkCode
	Statuses []Status
	Uses     []string         // codes; a class asks for everything under it, so "A" finds A35
	AreaMu   Range            // plane area, 亩, as it is printed
	FARMax   Range            // 容积率上限
	Height   Range            // 建筑限高, m
	GFAMax   Range            // 计容建筑面积上限, m²
	Text     string           // is in the plot number, name or holder, in whatever case
	Bound    *orb.Bound       // what the boundary must meet, EPSG:4490 lon/lat
	Near     *Near            //
	Within   geo.MultiPolygon // in which the plot must lie wholly, EPSG:4490 lon/lat
}

// Near asks for plots of which some point is no further off than Metres, on the
// CGCS2000 ellipsoid; At is EPSG:4490 lon/lat.
type Near struct {
	At     orb.Point
	Metres float64
}

// Range asks for numbers from Min to Max, both included; nil is an open end. What
// is not set lies in no range but the one that is open at both ends.
type Range struct{ Min, Max *float64 }

// IsOpen says whether the range asks for nothing.
func (r Range) IsOpen() bool { return r.Min == nil && r.Max == nil }

// Holds says whether a number that may not be set is asked for.
func (r Range) Holds(v float64, set bool) bool {
	return r.IsOpen() || set && (r.Min == nil || v >= *r.Min) && (r.Max == nil || v <= *r.Max)
}

// Order is one step of an order of plots: by a property, from its least value
// on, or from its greatest. Plots without a value come last either way.
type Order struct {
	Property string
	Down     bool
}

// SelectsOf says whether plots of a park in a status are asked for.
func (q Query) SelectsOf(park ParkCode, status Status) bool {
	return (len(q.Parks) == 0 || slices.Contains(q.Parks, park)) && (len(q.Statuses) == 0 || slices.Contains(q.Statuses, status))
}

// SelectsUse says whether a land use is asked for: its code or a class that it lies in.
func (q Query) SelectsUse(use UseCode) bool {
	asked := func(code string) bool { return slices.Contains(q.Uses, code) }
	return len(q.Uses) == 0 || asked(use.Code) || slices.ContainsFunc(classes()[use], asked)
}
