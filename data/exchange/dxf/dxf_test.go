package dxf

import (
	"testing"

	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"
)

func TestLabelsStandInsideNarrowNetworks(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"POLYGON((0 0,1000 0,1000 1000,0 1000,0 0),(1 1,1 999,999 999,999 1,1 1))",
		"POLYGON((0 0,1000 0,1000 2,2 2,2 1000,0 1000,0 0))",
		"POLYGON((0 0,10 0,10 10,0 10,0 0))",
	} {
		p, err := wkt.UnmarshalPolygon(text)
		if err != nil {
			t.Fatal(err)
		}
		if at := labelPoint(p); !planar.PolygonContains(p, at) {
			t.Errorf("%s: the label stands at %v", text, at)
		}
	}
}

// TestNearestIndexIsAutoCADs compares with the colours that AutoCAD's palette
// gives by name or number.
func TestNearestIndexIsAutoCADs(t *testing.T) {
	t.Parallel()
	for color, want := range map[string]int{
		"#FF0000": 10, "#FFFF00": 50, "#00FF00": 90, "#00FFFF": 130, "#0000FF": 170, "#FF00FF": 210,
		"#FF7F00": 30, "#FF7F7F": 11, "#FFFFFF": 255, "#333333": 250, "": foreground, "red": foreground,
	} {
		if got := nearestIndex(color); got != want {
			t.Errorf("%q: index %d, want %d", color, got, want)
		}
	}
}
