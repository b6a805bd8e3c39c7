package relate

import "github.com/paulmach/orb"

// fan is how many boxes one box of the level above holds.
const fan = 8

// tree holds the boxes of runs of segments in the order of their paths, in which
// neighbours are near each other already. levels[0] has a box for each segment.
type tree struct{ levels [][]orb.Bound }

func newTree(segments []segment) *tree {
	level := make([]orb.Bound, len(segments))
	for i, s := range segments {
		level[i] = s.box()
	}
	t := &tree{[][]orb.Bound{level}}
	for len(level) > 1 {
		above := make([]orb.Bound, 0, (len(level)+fan-1)/fan)
		for i := 0; i < len(level); i += fan {
			b := level[i]
			for _, c := range level[i+1 : min(i+fan, len(level))] {
				b = b.Union(c)
			}
			above = append(above, b)
		}
		t.levels = append(t.levels, above)
		level = above
	}
	return t
}

func (t *tree) search(box orb.Bound, visit func(i int) bool) bool {
	return t.descend(len(t.levels)-1, 0, box, visit)
}

func (t *tree) descend(level, from int, box orb.Bound, visit func(i int) bool) bool {
	boxes := t.levels[level]
	for i := from; i < min(from+fan, len(boxes)); i++ {
		if !overlap(boxes[i], box) {
			continue
		}
		if level == 0 {
			if !visit(i) {
				return false
			}
		} else if !t.descend(level-1, i*fan, box, visit) {
			return false
		}
	}
	return true
}
