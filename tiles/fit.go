package tiles

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2/relate"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Bounds of the work of a fit.
const (
	mostSites  = 20_000  // the nearest plots, of which groups are made
	mostGroups = 100_000 // that are looked at
)

// Fitting is the land that a view offers for a need.
type Fitting struct {
	land.Fits
	Sites   []plotset.Ref // what Offer.Sites points at
	Serving int           // plots that are what each must be; when these are more than Sites, the farthest were left out
}

// Truncated says that plots or groups were left out that might have been offered.
func (f Fitting) Truncated() bool { return !f.Complete || f.Serving > len(f.Sites) }

// Fit finds the best land for a need among the plots that match a search: those
// within the need's radius around a place, EPSG:4490 lon/lat, or without a radius
// all, in number order. Plots adjoin where edges of their boundaries as stored are
// the same, point for point, and these edges are land.LeastBorder long together,
// measured in the plane of the park.
func (v *View) Fit(s *Search, at orb.Point, n land.Need, limit int) Fitting {
	near := v.around(s, at, n.Radius)
	f := Fitting{Serving: len(near)}
	near = near[:min(len(near), mostSites)]
	sites := make([]land.Site, len(near))
	f.Sites = make([]plotset.Ref, len(near))
	places := make(map[land.PlotID]int, len(near))
	for i, r := range near {
		f.Sites[i], sites[i], places[r.ref.ID()] = r.ref, siteOf(r.ref, r.metres), i
	}
	b := bordering{view: v, sites: f.Sites, places: places, edges: make([][]edge, len(near)), planes: map[geo.CRS]func(geo.Point) geo.Point{}}
	f.Fits = n.Fit(sites, b.of, limit, mostGroups)
	return f
}

func siteOf(r plotset.Ref, metres float64) land.Site {
	s := land.Site{ID: r.ID(), Area: r.Area(), Distance: metres}
	if far := r.Kind().FARMax; far.Set {
		s.FARMax = &far.Value
	}
	if gfa, ok := r.GFAMax(); ok {
		s.GFAMax = &gfa
	}
	return s
}

// away is a plot with its distance from a place.
type away struct {
	ref    plotset.Ref
	metres float64
}

// around gives the plots that match a search and are no further than a radius from
// a place, the nearest first; without a radius all, in number order.
func (v *View) around(s *Search, at orb.Point, radius float64) []away {
	var found []away
	narrowed := *s
	place := relate.New(at)
	if radius > 0 {
		narrowed.others = slices.Clone(s.others)
		narrowed.confine(relate.Reach(orb.Bound{Min: at, Max: at}, radius))
	}
	v.each(&narrowed, func(r plotset.Ref) {
		metres := 0.0
		if radius > 0 {
			boundary := relate.New(r.Boundary())
			boundary.PrepareNear()
			if metres = relate.Distance(place, boundary); metres > radius {
				return
			}
		}
		found = append(found, away{r, metres})
	})
	slices.SortFunc(found, func(a, b away) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.ref.ID(), b.ref.ID()))
	})
	return found
}

// edge is a side of a boundary, its lesser end first.
type edge [2]geo.Point

func edgeOf(p, q geo.Point) edge {
	if cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) > 0 {
		p, q = q, p
	}
	return edge{p, q}
}

func compareEdges(d, e edge) int {
	return cmp.Or(cmp.Compare(d[0][0], e[0][0]), cmp.Compare(d[0][1], e[0][1]), cmp.Compare(d[1][0], e[1][0]), cmp.Compare(d[1][1], e[1][1]))
}

// bordering finds the borders that sites share.
type bordering struct {
	view   *View
	sites  []plotset.Ref
	places map[land.PlotID]int
	edges  [][]edge // of each site that was looked at, in order
	planes map[geo.CRS]func(geo.Point) geo.Point
}

// of gives what a site shares with others.
func (b *bordering) of(i int) []land.Border {
	own := b.edgesOf(i)
	var borders []land.Border
	b.view.Plots.Search(b.sites[i].Box(), func(r plotset.Ref) bool {
		j, ok := b.places[r.ID()]
		if !ok || j == i {
			return true
		}
		if metres := b.shared(own, b.edgesOf(j), min(i, j)); metres >= land.LeastBorder {
			borders = append(borders, land.Border{Site: j, Metres: metres})
		}
		return true
	})
	return borders
}

func (b *bordering) edgesOf(i int) []edge {
	if b.edges[i] == nil {
		for _, polygon := range b.sites[i].Boundary() {
			for _, ring := range polygon {
				for k := 1; k < len(ring); k++ {
					b.edges[i] = append(b.edges[i], edgeOf(ring[k-1], ring[k]))
				}
			}
		}
		slices.SortFunc(b.edges[i], compareEdges)
	}
	return b.edges[i]
}

// shared is the length of the edges that are in both lists, in the plane of the
// park that a site is in.
func (b *bordering) shared(own, other []edge, site int) (metres float64) {
	for len(own) > 0 && len(other) > 0 {
		switch c := compareEdges(own[0], other[0]); {
		case c < 0:
			own = own[1:]
		case c > 0:
			other = other[1:]
		default:
			plane := b.plane(b.sites[site].Kind().Park)
			p, q := plane(own[0][0]), plane(own[0][1])
			metres += math.Hypot(q[0]-p[0], q[1]-p[1])
			own, other = own[1:], other[1:]
		}
	}
	return metres
}

// plane takes points to the plane in which a park's land is measured.
func (b *bordering) plane(code land.ParkCode) func(geo.Point) geo.Point {
	crs := geo.GK114
	if p, ok := b.view.Park(code); ok && p.PlaneCRS.Plane() {
		crs = p.PlaneCRS
	}
	if b.planes[crs] == nil {
		toPlane, _ := geo.NewTransformer(geo.CGCS2000, crs) // every plane has one
		b.planes[crs] = func(p geo.Point) geo.Point { return geo.SnapToGrid(toPlane(p)) }
	}
	return b.planes[crs]
}
