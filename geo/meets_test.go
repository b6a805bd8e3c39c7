package geo

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

func TestMeets(t *testing.T) {
	t.Parallel()
	const frame = "POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2))"
	for _, c := range []struct {
		wkt  string
		box  orb.Bound
		want bool
	}{
		{frame, orb.Bound{Min: orb.Point{3, 3}, Max: orb.Point{7, 7}}, false},                           // in the hole
		{frame, orb.Bound{Min: orb.Point{0.5, 0.5}, Max: orb.Point{1, 1}}, true},                        // wholly inside
		{frame, orb.Bound{Min: orb.Point{-5, -5}, Max: orb.Point{15, 15}}, true},                        // wholly around
		{frame, orb.Bound{Min: orb.Point{10, 10}, Max: orb.Point{12, 12}}, true},                        // a corner touches
		{frame, orb.Bound{Min: orb.Point{11, 0}, Max: orb.Point{12, 10}}, false},                        // beside
		{"POLYGON((0 0,10 10,0 10,0 0))", orb.Bound{Min: orb.Point{6, 0}, Max: orb.Point{9, 3}}, false}, // in the bound only
	} {
		g, err := wkt.Unmarshal(c.wkt)
		if err != nil {
			t.Fatal(err)
		}
		if got := Meets(multi(g), c.box); got != c.want {
			t.Errorf("%s and %v: %v", c.wkt, c.box, got)
		}
	}
}
