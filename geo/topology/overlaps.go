package topology

// overlaps finds the pairs of plots that overlap. How many plots cover a point
// changes only across open sides, so where any land is covered twice an open side
// of one plot leads through, or along, another. From the pairs found there it
// goes on to everything near them: plots may overlap without an open side between.
func (c *Coverage) overlaps(rest []openSide, plots *boxTree, pairs pairSet) {
	for len(rest) > 0 {
		n := 1
		for n < len(rest) && rest[n].plot == rest[0].plot {
			n++
		}
		if plot := rest[0].plot; plot != boundary {
			c.compare(plot, rest[:n], plots, pairs, false)
		}
		rest = rest[n:]
	}
	var queue []int32
	queued := make(map[int32]bool)
	push := func(p [2]int32) {
		for _, n := range p {
			if !queued[n] {
				queued[n] = true
				queue = append(queue, n)
			}
		}
	}
	for p := range pairs {
		push(p)
	}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, other := range c.compare(n, sidesOf(c.plot(n)), plots, pairs, true) {
			push([2]int32{n, other})
		}
	}
}

// compare adds the pairs of a plot with those that some sides of it lead into,
// or that lie inside it, or, if both is set, whose sides lead into it. It gives
// the others of the pairs that are new.
func (c *Coverage) compare(plot int32, sides []openSide, plots *boxTree, pairs pairSet, both bool) (others []int32) {
	b := emptyBox
	for _, s := range sides {
		b = b.with(s.a).with(s.b)
	}
	own := c.plot(plot)
	plots.search(b, func(i int) bool {
		other := int32(i)
		if other == plot || pairs[[2]int32{min(plot, other), max(plot, other)}] {
			return true
		}
		region := c.plot(other)
		if enters(own, sides, region) || both && enters(region, sidesOf(region), own) {
			pairs.add(plot, other)
			others = append(others, other)
		}
		return true
	})
	return others
}

func sidesOf(r region) []openSide {
	var sides []openSide
	for e := range r.edges {
		sides = append(sides, openSide{edge: e})
	}
	return sides
}

// enters says whether sides of one region lead through the inside of another or
// along its border on the same side, or the other lies inside the one. Exact,
// but for rings of a region that touch, where it may say yes too much.
func enters(own region, sides []openSide, other region) bool {
	b := other.box()
	touched := false
	for _, s := range sides {
		if !boxOf(s.a, s.b).meets(b) {
			continue
		}
		for g := range other.rings {
			for k := range g {
				e := edge{g[k], g.at(k + 1)}
				switch how, at := meet(s.a, s.b, e.a, e.b); how {
				case cross:
					return true
				case overlap:
					touched = true
					if !opposed(s.b.minus(s.a), e.b.minus(e.a)) {
						return true
					}
				case touch:
					touched = true
					before, after := g.arms(k, at)
					for _, end := range [2]pt{s.a, s.b} {
						if end != at && sector(before, at, after, end.minus(at)) > 0 {
							return true
						}
					}
				}
			}
		}
	}
	if touched || len(sides) == 0 {
		return false
	}
	if other.locate(doubled(sides[0].a)) == inside {
		return true
	}
	for g := range other.rings {
		return own.locate(doubled(g[0])) == inside
	}
	return false
}
