package land

import (
	"cmp"
	"slices"
)

// Border is what a site shares with another: which that is, by its place in the
// list, and the length in metres.
type Border struct {
	Site   int
	Metres float64
}

// Fits are the best offers for a need, the best first.
type Fits struct {
	Offers   []Offer
	Looked   int  // groups looked at, of one plot or more
	Complete bool // none of those that were not looked at could be among the best
}

// Fit finds the best offers among sites, which stand in the order of their
// distance: single plots, and groups in which each plot is reached from each other
// over borders. Borders tells what a site shares with others, LeastBorder or more
// each, in whatever order; it is asked of a site at most once. At most so many
// groups are looked at, those around the nearest sites first.
//
// Between offers of one score the one of fewer plots stands first, then the
// nearer one, then the one with the lower numbers in the register.
func (n Need) Fit(sites []Site, borders func(int) []Border, limit, most int) Fits {
	g := grouping{
		need: n, sites: sites, borders: borders, limit: limit, left: most,
		known: make([][]Border, len(sites)), marked: make([]bool, len(sites)),
	}
	whole := true
	for root := 0; root < len(sites) && whole && !g.settled(sites[root].Distance); root++ {
		whole = g.from(root)
	}
	g.prune()
	return Fits{g.offers, most - g.left, whole}
}

// grouping looks at every group once (S. Wernicke, "Efficient detection of
// network motifs", 2006): under its first site, to which are added sites that
// stand later in the list and border on those before.
type grouping struct {
	need    Need
	sites   []Site
	borders func(int) []Border
	known   [][]Border // of each site that was asked about
	limit   int
	left    int // groups that may still be looked at

	group  []int  // the first site, then those that were added
	marked []bool // sites in the group, or bordering on it

	offers []Offer
	full   bool // the offers are as many as are wanted, and last is the last of them so far
	last   Offer
}

// settled says whether nothing from a distance on can be among the best.
func (g *grouping) settled(distance float64) bool {
	return g.full && g.last.Score.Total() > g.need.Best(distance).Total()
}

// from looks at the groups whose first site is root, and says whether that was
// all of them.
func (g *grouping) from(root int) bool {
	alone := Together{}.with(g.sites[root], 0)
	if g.need.exceeds(alone) {
		return true
	}
	g.group = append(g.group[:0], root)
	g.marked[root] = true
	whole := g.grow(alone, nil)
	g.marked[root] = false
	return whole
}

// grow looks at the group, and at those that come of adding to it what borders on
// it: some that did before its last site was added, and what that one borders on.
func (g *grouping) grow(t Together, before []int) bool {
	if g.left == 0 {
		return false
	}
	g.left--
	g.offer(t)
	if t.Plots == g.need.MostPlots {
		return true
	}
	fresh := g.mark(g.group[len(g.group)-1])
	reach := append(slices.Clip(before), fresh...)
	whole := true
	for i, site := range reach {
		next := t.with(g.sites[site], g.shared(site))
		if g.need.exceeds(next) {
			continue
		}
		g.group = append(g.group, site)
		whole = g.grow(next, reach[i+1:])
		g.group = g.group[:len(g.group)-1]
		if !whole {
			break
		}
	}
	for _, site := range fresh {
		g.marked[site] = false
	}
	return whole
}

// mark marks and gives what a site borders on that is not marked yet and stands
// after the group's first.
func (g *grouping) mark(site int) (fresh []int) {
	for _, b := range g.bordersOf(site) {
		if b.Site > g.group[0] && !g.marked[b.Site] {
			g.marked[b.Site] = true
			fresh = append(fresh, b.Site)
		}
	}
	return fresh
}

// shared is how much border a site has with those of the group, in metres.
func (g *grouping) shared(site int) (metres float64) {
	for _, b := range g.bordersOf(site) {
		if slices.Contains(g.group, b.Site) {
			metres += b.Metres
		}
	}
	return metres
}

func (g *grouping) bordersOf(site int) []Border {
	if g.known[site] == nil {
		found := append([]Border{}, g.borders(site)...)
		slices.SortFunc(found, func(a, b Border) int { return cmp.Compare(a.Site, b.Site) })
		g.known[site] = found
	}
	return g.known[site]
}

// offer keeps the group if it serves and is among the best so far.
func (g *grouping) offer(t Together) {
	o := Offer{Together: t, Distance: g.sites[g.group[0]].Distance}
	var serves bool
	if o.Score, serves = g.need.judge(t, o.Distance); !serves {
		return
	}
	if g.full && o.Score.Total() < g.last.Score.Total() {
		return
	}
	o.Sites = slices.Sorted(slices.Values(g.group))
	if g.offers = append(g.offers, o); len(g.offers) >= 2*g.limit+32 {
		g.prune()
	}
}

// prune leaves the best offers, in order.
func (g *grouping) prune() {
	slices.SortFunc(g.offers, g.compare)
	if len(g.offers) >= g.limit {
		g.offers = g.offers[:g.limit]
		g.last, g.full = g.offers[g.limit-1], true
	}
}

func (g *grouping) compare(a, b Offer) int {
	return cmp.Or(
		cmp.Compare(b.Score.Total(), a.Score.Total()), cmp.Compare(a.Plots, b.Plots), cmp.Compare(a.Distance, b.Distance),
		slices.CompareFunc(a.Sites, b.Sites, func(i, j int) int { return cmp.Compare(g.sites[i].ID, g.sites[j].ID) }),
	)
}
