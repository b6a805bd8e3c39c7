package topology

import (
	"cmp"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// node makes border and line have a common vertex wherever they meet, moving
// crossings onto the grid. What moves may meet anew, so it goes on until nothing
// does.
func (c *cutter) node(chain []pt) ([]pt, error) {
	const rounds = 100
	for i, p := range chain {
		q, ok := c.settle(p, allow(2))
		if !ok {
			return nil, &CutError{noGridPoint, p.point()}
		}
		chain[i] = q
	}
	chain = slices.Compact(chain)
	if len(chain) < 2 {
		return nil, &CutError{lineTouches, chain[0].point()}
	}
	for range rounds {
		next, err := c.crossings(chain)
		if err != nil {
			return nil, err
		}
		if !c.insert() && len(next) == len(chain) {
			return chain, nil
		}
		chain = next
	}
	return nil, &CutError{geo.Say("分割线离边界太近，不能沿其分割", "the line runs too close to the border to be cut along"), chain[0].point()}
}

// stop is a point of a segment of the line, by how far along it comes.
type stop struct {
	t float64
	p pt
}

// crossings finds where the line meets edges other than in common vertices. It
// returns the line with those points put in; the edges' new vertices wait for
// insert.
func (c *cutter) crossings(chain []pt) ([]pt, error) {
	type meets struct {
		how meeting
		at  pt
		i   int // of the edge
	}
	met := make([][]meets, len(chain)-1)
	count := 0
	for n := range met {
		a, b := chain[n], chain[n+1]
		c.tree.search(boxOf(a, b), func(i int) bool {
			if how, at := meet(a, b, c.ends[i].a, c.ends[i].b); how != apart {
				met[n] = append(met[n], meets{how, at, i})
				if how == cross {
					count++
				}
			}
			return true
		})
		slices.SortFunc(met[n], func(p, q meets) int { return p.i - q.i })
	}
	var out []pt
	for n := range met {
		a, b := chain[n], chain[n+1]
		var stops []stop
		between := func(p pt) {
			if p != a && p != b {
				t, _ := along(a, b, p)
				stops = append(stops, stop{t, p})
			}
		}
		for _, m := range met[n] {
			e := c.ends[m.i]
			switch m.how {
			case cross:
				if len(c.inserts[c.sides[m.i]]) > 0 {
					continue // one at a time, so that losses add up; the rest in the next round
				}
				s, err := c.crossingVertex(a, b, m.i, allow(count))
				if err != nil {
					return nil, err
				}
				stops = append(stops, s)
			case touch:
				between(m.at)
				c.addBetween(m.i, m.at)
			case overlap:
				for _, p := range [2]pt{e.a, e.b} {
					if onSegment(a, b, p) {
						between(p)
					}
				}
				for _, p := range [2]pt{a, b} {
					if onSegment(e.a, e.b, p) {
						c.addBetween(m.i, p)
					}
				}
			}
		}
		slices.SortStableFunc(stops, func(s, t stop) int { return cmp.Compare(s.t, t.t) })
		out = append(out, a)
		for _, s := range stops {
			if s.p != out[len(out)-1] && s.p != b {
				out = append(out, s.p)
			}
		}
	}
	return append(out, chain[len(chain)-1]), nil
}

func (c *cutter) addBetween(i int, p pt) {
	if e := c.ends[i]; p != e.a && p != e.b {
		c.add(i, p)
	}
}

// crossingVertex is the vertex for where a–b crosses the edge i: an end of the
// edge within snapWithin, or else a new one.
func (c *cutter) crossingVertex(a, b pt, i int, cost allowance) (stop, error) {
	e := c.ends[i]
	t, place := crossing(a, b, e.a, e.b)
	near := float64(snapWithin)
	var snapped *pt
	for _, v := range [2]pt{e.a, e.b} {
		q := v.point()
		if d := 1000 * math.Hypot(q[0]-place[0], q[1]-place[1]); d <= near && v != a && v != b {
			near, snapped = d, &v
		}
	}
	if snapped != nil {
		return stop{t, *snapped}, nil
	}
	q, ok := c.divide(i, place, cost)
	if !ok {
		return stop{}, &CutError{noGridPoint, place}
	}
	return stop{t, q}, nil
}
