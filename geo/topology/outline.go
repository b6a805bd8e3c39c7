package topology

import "github.com/dikuai/dikuai/geo"

// Outline is the ground that the plots cover together, from the sides that no
// second plot has the other way round. It is told only of a coverage without a
// fault, where every other side is shared whole: then no plots overlap, none
// reaches outside, and the area is the sum of the plots' exactly. Gaps are holes.
func (c *Coverage) Outline() (outline geo.MultiPolygon, ok bool) {
	pairs := make(pairSet)
	open := c.open(pairs)
	if len(c.unusable) > 0 || len(pairs) > 0 || len(c.junctions(open)) > 0 {
		return nil, false
	}
	border := make([]edge, len(open))
	for i, s := range open {
		border[i] = s.edge
	}
	// The border is the sum of the plots' borders, so how often it winds round a
	// point is how many plots cover it: a valid whole has no overlap.
	whole := assemble(border)
	if len(whole) == 0 || validate(whole) != nil || whole.area2() != c.area2() {
		return nil, false
	}
	return whole.multiPolygon(), true
}

// area2 is twice the plots' area in mm².
func (c *Coverage) area2() int64 {
	var sum int64
	for n, start := range c.starts {
		o := c.vertices[start]
		for v := start; v+1 < c.ringEnd(n); v++ {
			p, q := c.vertices[v], c.vertices[v+1]
			sum += int64(p.x-o.x)*int64(q.y-o.y) - int64(q.x-o.x)*int64(p.y-o.y)
		}
	}
	return sum
}
