package tiles

import (
	"sync"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Bands are where the bands of area begin, in mu (亩); each holds its beginning,
// and the last has no end.
var Bands = [...]geo.Mu{0, 5, 10, 20, 50, 100}

// Summary is the plots that match a search, added up by kind.
type Summary struct{ kinds []kindSum }

// kindSum is the plots of one kind, by band of area.
type kindSum struct {
	kind  *plotset.Kind
	bands [len(Bands)]Sum
}

// summing adds up plots, by their kinds' indices.
type summing struct{ kinds []kindSum }

func (s *summing) add(r plotset.Ref) {
	k := r.Kind()
	if k.Index >= len(s.kinds) {
		s.kinds = append(s.kinds, make([]kindSum, k.Index+1-len(s.kinds))...)
	}
	sum := &s.kinds[k.Index]
	sum.kind = k
	area := r.Area()
	band := bandOf(area.Mu())
	sum.bands[band] = sum.bands[band].plus(Sum{1, area})
}

func bandOf(area geo.Mu) int {
	band := 0
	for band+1 < len(Bands) && area >= Bands[band+1] {
		band++
	}
	return band
}

// summary leaves kinds out that no plot is of.
func (s *summing) summary() Summary {
	var all Summary
	for _, sum := range s.kinds {
		if sum.kind != nil {
			all.kinds = append(all.kinds, sum)
		}
	}
	return all
}

// Sum adds up all plots.
func (s Summary) Sum() Sum {
	return addUpKinds(s, func(*plotset.Kind) struct{} { return struct{}{} })[struct{}{}]
}

// ByPark, ByStatus, ByUse and ByMajor add up the plots of each park, status, land
// use and major class (大类).
func (s Summary) ByPark() map[land.ParkCode]Sum {
	return addUpKinds(s, func(k *plotset.Kind) land.ParkCode { return k.Park })
}

func (s Summary) ByStatus() map[land.Status]Sum {
	return addUpKinds(s, func(k *plotset.Kind) land.Status { return k.Status })
}

func (s Summary) ByUse() map[land.UseCode]Sum {
	return addUpKinds(s, func(k *plotset.Kind) land.UseCode { return k.Use })
}

func (s Summary) ByMajor() map[land.UseCode]Sum {
	return addUpKinds(s, func(k *plotset.Kind) land.UseCode { return land.MajorUse(k.Use) })
}

// ByBand adds up the plots of each of the Bands.
func (s Summary) ByBand() (bands [len(Bands)]Sum) {
	for _, k := range s.kinds {
		for i, sum := range k.bands {
			bands[i] = bands[i].plus(sum)
		}
	}
	return bands
}

func addUpKinds[K comparable](s Summary, key func(*plotset.Kind) K) map[K]Sum {
	sums := map[K]Sum{}
	for _, k := range s.kinds {
		of := key(k.kind)
		for _, sum := range k.bands {
			sums[of] = sums[of].plus(sum)
		}
	}
	return sums
}

// count is how many plots match a search, and what they add up to if summed.
type count struct {
	plots  int
	sums   Summary
	summed bool
}

func countOf(s Summary) count { return count{s.Sum().Plots, s, true} }

// counts holds what the last searches of a view matched.
type counts struct {
	mu   sync.Mutex
	held map[string]count
	keys []string // in the order in which they came
}

// heldCounts is how many searches' sums a view holds.
const heldCounts = 64

func (c *counts) get(key string) (count, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.held[key]
	return n, ok
}

func (c *counts) put(key string, n count) {
	if key == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[string]count{}
	}
	before, again := c.held[key]
	if !again {
		c.keys = append(c.keys, key)
	}
	if !before.summed {
		c.held[key] = n
	}
	if len(c.keys) > heldCounts {
		delete(c.held, c.keys[0])
		c.keys = c.keys[1:]
	}
}

// counted is what matches a search where that is known without looking at every
// plot: after it was asked before, or when it asks of plots' kinds alone.
func (v *View) counted(s *Search, summed bool) (count, bool) {
	if s.empty {
		return count{}, true
	}
	if s.Key != "" {
		if held, ok := v.counts.get(s.Key); ok && (held.summed || !summed) {
			return held, true
		}
	}
	if s.confined || len(s.ofPlot) > 0 {
		return count{}, false
	}
	var matched Summary
	whole := v.whole()
	for i, k := range whole.summary.kinds {
		if s.matchesKind(whole.examples[i]) {
			matched.kinds = append(matched.kinds, k)
		}
	}
	n := countOf(matched)
	v.counts.put(s.Key, n)
	return n, true
}

// wholeSum is all plots of a view, and a plot of each kind.
type wholeSum struct {
	summary  Summary
	examples []plotset.Ref
}

func wholeOf(plots *plotset.Set) wholeSum {
	sums := &summing{}
	examples := map[*plotset.Kind]plotset.Ref{}
	plots.All(func(r plotset.Ref) bool {
		sums.add(r)
		if k := r.Kind(); sums.kinds[k.Index].first() {
			examples[k] = r
		}
		return true
	})
	whole := wholeSum{summary: sums.summary()}
	for _, k := range whole.summary.kinds {
		whole.examples = append(whole.examples, examples[k.kind])
	}
	return whole
}

// first says whether one plot has been added.
func (k *kindSum) first() bool {
	n := 0
	for _, sum := range k.bands {
		n += sum.Plots
	}
	return n == 1
}
