package topology

import (
	"cmp"
	"maps"
	"runtime"
	"slices"
	"sync"
)

// openSide is a side of a plot, or part of one, that no other plot has the other
// way round.
type openSide struct {
	edge
	plot int32
}

// open matches every edge with its opposite, by sorting hashes of undirected
// edges, a part of them at a time to save memory, on all processors. An edge of
// two plots in the same direction makes them a pair. The rest comes back in the
// order of the plots.
func (c *Coverage) open(pairs pairSet) []openSide {
	const edgesAPass = 1 << 21
	workers := uint32(runtime.GOMAXPROCS(0))
	passes := max(uint32(len(c.vertices)/edgesAPass)+1, workers)
	var open []uint32
	var both sync.Mutex // open and pairs
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			var keys []uint64
			var left []uint32
			found := make(pairSet)
			for pass := worker; pass < passes; pass += workers {
				keys = c.keys(keys[:0], pass, passes)
				left = c.matchAll(keys, left, found)
			}
			both.Lock()
			defer both.Unlock()
			open = append(open, left...)
			maps.Copy(pairs, found)
		})
	}
	group.Wait()
	slices.Sort(open)
	sides := make([]openSide, len(open))
	n := 0
	for i, v := range open {
		for c.ringEnd(n) <= v {
			n++
		}
		sides[i] = openSide{edge{c.at(v), c.at(v + 1)}, c.owners[n]}
	}
	return sides
}

// keys are the edges of a pass, as their hashes and the numbers of their first
// vertices, in order.
func (c *Coverage) keys(keys []uint64, pass, passes uint32) []uint64 {
	for n := range c.starts {
		for v := c.starts[n]; v+1 < c.ringEnd(n); v++ {
			if h := hash(c.vertices[v], c.vertices[v+1]); h%passes == pass {
				keys = append(keys, uint64(h)<<32|uint64(v))
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// matchAll is match of all keys.
func (c *Coverage) matchAll(keys []uint64, open []uint32, pairs pairSet) []uint32 {
	for len(keys) > 0 {
		n := 1
		for n < len(keys) && keys[n]>>32 == keys[0]>>32 {
			n++
		}
		open = c.match(keys[:n], open, pairs)
		keys = keys[n:]
	}
	return open
}

// hash is the same for an edge and its opposite (the finalizer of
// A. Appleby's MurmurHash3, 2011).
func hash(a, b vertex) uint32 {
	if b.x < a.x || b.x == a.x && b.y < a.y {
		a, b = b, a
	}
	h := (uint64(uint32(a.x))<<32 | uint64(uint32(a.y))) * 0x9e3779b97f4a7c15
	h ^= h >> 29
	h += uint64(uint32(b.x))<<32 | uint64(uint32(b.y))
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return uint32(h >> 32)
}

// match finds opposite edges among those with the same hash; those left over are
// appended to open.
func (c *Coverage) match(keys []uint64, open []uint32, pairs pairSet) []uint32 {
	if len(keys) == 2 {
		v, w := uint32(keys[0]), uint32(keys[1])
		if c.vertices[v] == c.vertices[w+1] && c.vertices[v+1] == c.vertices[w] {
			return open
		}
	}
	done := make([]bool, len(keys))
	for i, key := range keys {
		if done[i] {
			continue
		}
		v := uint32(key)
		same, opposite := []uint32{v}, []uint32(nil)
		for j := i + 1; j < len(keys); j++ {
			w := uint32(keys[j])
			switch {
			case c.vertices[v] == c.vertices[w] && c.vertices[v+1] == c.vertices[w+1]:
				same, done[j] = append(same, w), true
			case c.vertices[v] == c.vertices[w+1] && c.vertices[v+1] == c.vertices[w]:
				opposite, done[j] = append(opposite, w), true
			}
		}
		c.pair(same, pairs)
		c.pair(opposite, pairs)
		matched := min(len(same), len(opposite))
		open = append(open, same[matched:]...)
		open = append(open, opposite[matched:]...)
	}
	return open
}

func (c *Coverage) pair(edges []uint32, pairs pairSet) {
	for i, v := range edges {
		for _, w := range edges[:i] {
			pairs.add(c.owners[c.ringOf(v)], c.owners[c.ringOf(w)])
		}
	}
}

// cancel takes out sides that are opposite, and makes pairs of plots with the
// same side in the same direction.
func cancel(sides []openSide, pairs pairSet) []openSide {
	slices.SortStableFunc(sides, func(s, t openSide) int {
		a, b := s.sorted(), t.sorted()
		return cmp.Or(cmp.Compare(a.a.x, b.a.x), cmp.Compare(a.a.y, b.a.y), cmp.Compare(a.b.x, b.b.x), cmp.Compare(a.b.y, b.b.y))
	})
	var rest []openSide
	for len(sides) > 0 {
		n := 1
		for n < len(sides) && sides[n].sorted() == sides[0].sorted() {
			n++
		}
		group := sides[:n]
		sides = sides[n:]
		var ways [2][]openSide
		for _, s := range group {
			way := 0
			if s.edge != group[0].edge {
				way = 1
			}
			for _, t := range ways[way] {
				pairs.add(s.plot, t.plot)
			}
			ways[way] = append(ways[way], s)
		}
		matched := min(len(ways[0]), len(ways[1]))
		rest = append(rest, ways[0][matched:]...)
		rest = append(rest, ways[1][matched:]...)
	}
	return rest
}

// sorted is the edge with its ends in order, whichever way it runs.
func (e edge) sorted() edge {
	if e.b.before(e.a) {
		return e.reversed()
	}
	return e
}
