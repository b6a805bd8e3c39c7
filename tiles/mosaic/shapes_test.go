package mosaic

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestShapesOfDrawings shows cases; a cell is 1024 units.
func TestShapesOfDrawings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, cells string
		margin      int
		want        string // in cells: rings by class, outer ones first
	}{
		{"all land", "1111 1111 1111 1111", 0, "1: 0,0 4,0 4,4 0,4"},
		{"all land with a margin", "1111 1111 1111 1111", 1024, "1: -1,-1 5,-1 5,5 -1,5"},
		{"a cell", "0000 0100 0000 0000", 64, "1: 1,1 2,1 2,2 1,2"},
		{"a hole", "1110 1010 1110 0000", 0, "1: 0,0 3,0 3,3 0,3 / 1,1 1,2 2,2 2,1"},
		{"land in a hole", "1111 1221 1221 1111", 0,
			"1: 0,0 4,0 4,4 0,4 / 1,1 1,3 3,3 3,1; 2: 1,1 3,1 3,3 1,3"},
		{"land that meets at corners", "1200 2100 0000 0000", 0,
			"1: 0,0 1,0 1,1 0,1 / 1,1 2,1 2,2 1,2; 2: 1,0 2,0 2,1 1,1 / 0,1 1,1 1,2 0,2"},
		{"a hole that touches the outside", "0000 1110 1010 1100", 0,
			"1: 0,1 3,1 3,3 2,3 2,4 0,4 / 2,3 2,2 1,2 1,3"},
		{"a border that is not there", "1122 1122 3333 3333", 0,
			"1: 0,0 2,0 2,2 0,2; 2: 2,0 4,0 4,2 2,2; 3: 0,2 4,2 4,4 0,4"},
	} {
		var w Workspace
		var cells []uint16
		for _, r := range strings.ReplaceAll(c.cells, " ", "") {
			cells = append(cells, uint16(r-'0'))
		}
		var shapes []string
		for _, s := range w.Shapes(gridOf(&w, 4, cells), c.margin) {
			var rings []string
			for _, r := range s.Rings {
				var points []string
				for _, p := range r {
					points = append(points, fmt.Sprintf("%g,%g", float64(p[0])/1024, float64(p[1])/1024))
				}
				rings = append(rings, strings.Join(points, " "))
			}
			shapes = append(shapes, fmt.Sprintf("%d: %s", s.Class, strings.Join(rings, " / ")))
		}
		if got := strings.Join(shapes, "; "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestDrawnLinesBecomeStraight wants few points where a half plane has hundreds of
// steps, and none of them a cell away.
func TestDrawnLinesBecomeStraight(t *testing.T) {
	t.Parallel()
	const side = 512
	var w Workspace
	for _, slope := range []float64{.01, .1, .21, .37, .5, 1} {
		cells := make([]uint16, side*side)
		for i := range cells {
			x, y := float64(i%side)+.5, float64(i/side)+.5
			if y > 3.3+slope*x {
				cells[i] = 1
			}
		}
		shapes := w.Shapes(gridOf(&w, side, cells), 0)
		_, points := vertices(shapes)
		if points > 8+int(slope*side/4) {
			t.Errorf("slope %v takes %d points", slope, points)
		}
		for _, p := range shapes[0].Rings[0] {
			x, y := float64(p[0])/8, float64(p[1])/8
			if x > 0 && x < side && y < side && math.Abs(y-3.3-slope*x) >= 1 {
				t.Errorf("slope %v: a point %v cells away", slope, y-3.3-slope*x)
			}
		}
	}
}
