package layout

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// hit is where a line crosses a ring, as places on both.
type hit struct{ line, ring float64 }

// cut divides a face without holes along a line and returns the parts on the
// line's left and right. The line begins and ends outside; where it passes
// through the face more than once, the longest passage counts.
func (m *mesh) cut(f *face, line []geo.Point) (l, r *face, err error) {
	ring := m.points(f.rings[0])
	from, to, ok := passage(ring, line)
	if !ok {
		return nil, nil, fmt.Errorf("a cut from %.0f to %.0f misses the block about %.0f", line[0], line[len(line)-1], centroid(ring))
	}
	ends := [2]int{m.land(f, ring, from.ring), m.land(f, ring, to.ring)}
	if ends[0] == ends[1] {
		return nil, nil, fmt.Errorf("a cut at %.0f is too near to a corner", at(line, from.line))
	}
	inner := m.ring(stretch(line, from.line, to.line, clearance))
	inner = inner[1 : len(inner)-1]
	i, j := slices.Index(f.rings[0], ends[0]), slices.Index(f.rings[0], ends[1])
	if i < 0 || j < 0 {
		return nil, nil, fmt.Errorf("a cut at %.0f leaves by the edge by which it enters", at(line, from.line))
	}
	back := slices.Clone(inner)
	slices.Reverse(back)
	l = m.add(slices.Concat(walk(f.rings[0], j, i), inner))
	r = m.add(slices.Concat(walk(f.rings[0], i, j), back))
	l.piece, r.piece = f.piece, f.piece
	m.remove(f)
	return l, r, nil
}

// walk is a ring's numbers from one index on to another, both included.
func walk(ring []int, from, to int) []int {
	if to < from {
		return slices.Concat(ring[from:], ring[:to+1])
	}
	return slices.Clone(ring[from : to+1])
}

// passage finds the longest way of a line through a ring.
func passage(ring, line []geo.Point) (from, to hit, ok bool) {
	var hits []hit
	for i := range len(line) - 1 {
		for j, a := range ring {
			if t, u, ok := meet(line[i], line[i+1], a, ring[(j+1)%len(ring)]); ok {
				hits = append(hits, hit{float64(i) + t, float64(j) + u})
			}
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Compare(a.line, b.line) })
	longest := 0.0
	for i := range max(0, len(hits)-1) {
		a, b := hits[i], hits[i+1]
		if !contains(ring, at(line, (a.line+b.line)/2)) {
			continue
		}
		if d := distance(at(line, a.line), at(line, b.line)); d > longest {
			longest, from, to, ok = d, a, b, true
		}
	}
	return from, to, ok
}

// landing is how near to a vertex a cut ends in that vertex, in metres.
const landing = 1.2

// land gives the vertex in which a cut meets a ring: one that is near, or a new
// one on the edge, for the neighbour's side as well.
func (m *mesh) land(f *face, ring []geo.Point, place float64) int {
	i := int(place)
	j := (i + 1) % len(ring)
	p := between(ring[i], ring[j], place-float64(i))
	a, b := m.vertex(ring[i]), m.vertex(ring[j])
	da, db := distance(p, ring[i]), distance(p, ring[j])
	switch {
	case da <= db && da < landing:
		return a
	case db < landing:
		return b
	}
	v := m.vertex(p)
	m.split(a, b, v)
	return v
}

// axis is the direction of a ring's long side: that of the smallest rectangle
// about it. It points east, or north if it is steeper.
func axis(ring []geo.Point) geo.Point {
	smallest := math.Inf(1)
	var long geo.Point
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if distance(a, b) < clearance {
			continue
		}
		d := unit(minus(b, a))
		u0, u1 := extent(ring, d)
		v0, v1 := extent(ring, leftOf(d))
		if area := (u1 - u0) * (v1 - v0); area < smallest {
			smallest, long = area, d
			if v1-v0 > u1-u0 {
				long = leftOf(d)
			}
		}
	}
	return eastOrNorth(long)
}

func eastOrNorth(d geo.Point) geo.Point {
	if math.Abs(d[0]) >= math.Abs(d[1]) && d[0] < 0 || math.Abs(d[0]) < math.Abs(d[1]) && d[1] < 0 {
		return times(d, -1)
	}
	return d
}

// extent is how far a ring reaches along a direction, least and most.
func extent(ring []geo.Point, d geo.Point) (least, most float64) {
	least, most = math.Inf(1), math.Inf(-1)
	for _, p := range ring {
		least, most = min(least, dot(p, d)), max(most, dot(p, d))
	}
	return least, most
}

// reach finds how far along a direction a straight cut leaves a given area in
// m² behind it.
func reach(ring []geo.Point, d geo.Point, area float64) float64 {
	low, high := extent(ring, d)
	for range 60 {
		middle := (low + high) / 2
		if areaBehind(ring, d, middle) < area {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// areaBehind is the area in m² of what lies less far along d than limit.
func areaBehind(ring []geo.Point, d geo.Point, limit float64) float64 {
	var kept []geo.Point
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		ha, hb := dot(a, d)-limit, dot(b, d)-limit
		if ha <= 0 {
			kept = append(kept, a)
		}
		if (ha < 0) != (hb < 0) && ha != hb {
			kept = append(kept, between(a, b, ha/(ha-hb)))
		}
	}
	return area(kept)
}

// area is a ring's area in m², positive when it runs anticlockwise.
func area(ring []geo.Point) float64 {
	var twice float64
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		twice += cross(minus(a, ring[0]), minus(b, ring[0]))
	}
	return twice / 2
}
