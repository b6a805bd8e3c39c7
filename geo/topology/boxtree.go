package topology

import (
	"math"
	"slices"
)

// box is a rectangle in millimetres, its edges included.
type box struct{ x0, y0, x1, y1 int64 }

var emptyBox = box{math.MaxInt64, math.MaxInt64, math.MinInt64, math.MinInt64}

func boxOf(a, b pt) box {
	return box{min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)}
}

func (b box) with(p pt) box {
	return box{min(b.x0, p.x), min(b.y0, p.y), max(b.x1, p.x), max(b.y1, p.y)}
}

func (b box) and(c box) box {
	return box{min(b.x0, c.x0), min(b.y0, c.y0), max(b.x1, c.x1), max(b.y1, c.y1)}
}

// common is where two boxes meet; it is inside out where they do not.
func (b box) common(c box) box {
	return box{max(b.x0, c.x0), max(b.y0, c.y0), min(b.x1, c.x1), min(b.y1, c.y1)}
}

func (b box) grown(by int64) box { return box{b.x0 - by, b.y0 - by, b.x1 + by, b.y1 + by} }

func (b box) meets(c box) bool {
	return b.x0 <= c.x1 && c.x0 <= b.x1 && b.y0 <= c.y1 && c.y0 <= b.y1
}

func (b box) within(c box) bool {
	return b.x0 >= c.x0 && b.x1 <= c.x1 && b.y0 >= c.y0 && b.y1 <= c.y1
}

// boxTree finds boxes that meet a box: packed levels of eight over the boxes in
// Morton order (H. Samet, "The Design and Analysis of Spatial Data Structures",
// 1990), built once and never changed. A few boxes have one level.
type boxTree struct {
	order  []int32 // the boxes' numbers in Morton order
	levels [][]box // levels[0] are the boxes themselves, the last one is the root
}

const (
	fanOut   = 8
	fewBoxes = 4 * fanOut
)

func newBoxTree(boxes []box) *boxTree {
	if len(boxes) == 0 {
		return &boxTree{}
	}
	all := emptyBox
	for _, b := range boxes {
		all = all.and(b)
	}
	scaleX := 65535 / math.Max(1, float64(all.x1-all.x0))
	scaleY := 65535 / math.Max(1, float64(all.y1-all.y0))
	keys := make([]uint64, len(boxes))
	for i, b := range boxes {
		x := uint32(float64(b.x0-all.x0+(b.x1-b.x0)/2) * scaleX)
		y := uint32(float64(b.y0-all.y0+(b.y1-b.y0)/2) * scaleY)
		keys[i] = uint64(interleave(x)|interleave(y)<<1)<<32 | uint64(i)
	}
	slices.Sort(keys)
	t := &boxTree{order: make([]int32, len(boxes))}
	level := make([]box, len(boxes))
	for k, key := range keys {
		t.order[k] = int32(uint32(key))
		level[k] = boxes[t.order[k]]
	}
	t.levels = append(t.levels, level)
	for len(level) > 1 && len(boxes) > fewBoxes {
		parents := make([]box, (len(level)+fanOut-1)/fanOut)
		for k := range parents {
			b := emptyBox
			for _, c := range level[k*fanOut : min(len(level), (k+1)*fanOut)] {
				b = b.and(c)
			}
			parents[k] = b
		}
		level = parents
		t.levels = append(t.levels, level)
	}
	return t
}

func interleave(n uint32) uint32 {
	n &= 0xffff
	n = (n | n<<8) & 0x00ff00ff
	n = (n | n<<4) & 0x0f0f0f0f
	n = (n | n<<2) & 0x33333333
	return (n | n<<1) & 0x55555555
}

// search calls found with the number of every box that meets b, until it returns
// false.
func (t *boxTree) search(b box, found func(i int) bool) {
	if len(t.levels) > 0 {
		t.from(0, b, found)
	}
}

// pairs calls found once for every two boxes that meet, until it returns false.
func (t *boxTree) pairs(found func(i, j int) bool) {
	if len(t.levels) == 0 {
		return
	}
	more := true
	for k, b := range t.levels[0] {
		i := int(t.order[k])
		t.from(k+1, b, func(j int) bool {
			more = found(i, j)
			return more
		})
		if !more {
			return
		}
	}
}

// from searches the leaves from first on.
func (t *boxTree) from(first int, b box, found func(i int) bool) {
	if len(t.levels) > 1 {
		t.descend(len(t.levels)-1, 0, b, first, found)
		return
	}
	for k := first; k < len(t.order); k++ {
		if t.levels[0][k].meets(b) && !found(int(t.order[k])) {
			return
		}
	}
}

// descend searches the node k of a level, leaving out leaves before first.
func (t *boxTree) descend(level, k int, b box, first int, found func(i int) bool) bool {
	if !t.levels[level][k].meets(b) {
		return true
	}
	if level == 0 {
		return k < first || found(int(t.order[k]))
	}
	last := min(len(t.levels[level-1]), (k+1)*fanOut)
	for child := k * fanOut; child < last; child++ {
		if (child+1)<<(3*(level-1)) > first && !t.descend(level-1, child, b, first, found) {
			return false
		}
	}
	return true
}
