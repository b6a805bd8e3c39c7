//go:build !race

package tiles

import "testing"

func TestDrawingAllocatesLittle(t *testing.T) {
	v := viewOf(t, square)
	tile := tileAt(113.451, 22.981, 15)
	Encode(v, tile, nil)
	if n := testing.AllocsPerRun(100, func() { Encode(v, tile, nil) }); n > 8 {
		t.Errorf("%v allocations", n)
	}
}
