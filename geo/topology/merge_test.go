package topology

import (
	"errors"
	"math"
	"testing"

	"github.com/dikuai/dikuai/geo"
	"github.com/paulmach/orb/encoding/wkt"
)

func parseAll(t testing.TB, texts ...string) []geo.MultiPolygon {
	t.Helper()
	var out []geo.MultiPolygon
	for _, text := range texts {
		out = append(out, parse(t, text))
	}
	return out
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name     string
		polygons []string
		want     string
	}{
		{"two squares", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))"},
			"MULTIPOLYGON(((0 10,0 0,10 0,20 0,20 10,10 10,0 10)))"},
		{"clockwise input", []string{"POLYGON((0 0,0 10,10 10,10 0,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))"},
			"MULTIPOLYGON(((0 10,0 0,10 0,20 0,20 10,10 10,0 10)))"},
		{"missing node", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 2,20 2,20 8,10 8,10 2))"},
			"MULTIPOLYGON(((0 10,0 0,10 0,10 2,20 2,20 8,10 8,10 10,0 10)))"},
		{"node two millimetres off", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10.002 5,10 0))"},
			"MULTIPOLYGON(((0 10,0 0,10 0,20 0,20 10,10 10,0 10)))"},
		{"two that leave a hole", []string{"POLYGON((0 0,30 0,30 10,20 10,10 10,10 20,20 20,20 30,0 30,0 0))", "POLYGON((30 10,30 30,20 30,20 20,20 10,30 10))"},
			"MULTIPOLYGON(((0 30,0 0,30 0,30 10,30 30,20 30,0 30),(10 20,20 20,20 10,10 10,10 20)))"},
		{"an island put into its hole", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0),(2 2,8 2,8 8,2 8,2 2))", "POLYGON((2 2,8 2,8 8,2 8,2 2))"},
			"MULTIPOLYGON(((0 10,0 0,10 0,10 10,0 10)))"},
		{"parts touching in a point", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 10,20 10,20 20,10 20,10 10))", "POLYGON((10 0,20 0,20 10,10 10,10 0))"},
			"MULTIPOLYGON(((0 10,0 0,10 0,20 0,20 10,20 20,10 20,10 10,0 10)))"},
		{"a hole that pinches", []string{
			"POLYGON((0 0,30 0,30 10,20 10,10 10,10 20,0 20,0 0))",
			"POLYGON((0 20,10 20,20 20,20 10,30 10,30 30,0 30,0 20))",
		}, "MULTIPOLYGON(((0 30,0 20,0 0,30 0,30 10,30 30,0 30),(10 20,20 20,20 10,10 10,10 20)))"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polygons := parseAll(t, c.polygons...)
			got, err := Merge(polygons)
			if err != nil {
				t.Fatal(err)
			}
			if text := wkt.MarshalString(got); text != c.want {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
			if err := Valid(got); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMergeOfPinchedRings joins three arms around a courtyard that touches the
// outside in one point.
func TestMergeOfPinchedRings(t *testing.T) {
	polygons := parseAll(t,
		"POLYGON((0 0,30 0,30 10,10 10,10 20,0 20,0 0))",
		"POLYGON((0 20,10 20,20 20,20 30,0 30,0 20))",
		"POLYGON((20 20,20 10,30 10,30 20,20 20))",
	)
	got, err := Merge(polygons)
	if err != nil {
		t.Fatal(err)
	}
	if want := "MULTIPOLYGON(((0 30,0 20,0 0,30 0,30 10,30 20,20 20,20 30,0 30),(10 20,20 20,20 10,10 10,10 20)))"; wkt.MarshalString(got) != want {
		t.Errorf("got  %s\nwant %s", wkt.MarshalString(got), want)
	}
	if err := Valid(got); err != nil {
		t.Error(err)
	}
	if a := float64(geo.PlaneArea(got)); math.Abs(a-(400+200+100)) > 1e-9 {
		t.Errorf("area %v, want 700", a)
	}
}

func TestMergeRefuses(t *testing.T) {
	for _, c := range []struct {
		name     string
		polygons []string
		index    int // of the *NotAdjacentError; -1 for *OverlapError
	}{
		{"apart", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((11 0,20 0,20 10,11 10,11 0))"}, 1},
		{"touching in a point", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 10,20 10,20 20,10 20,10 10))"}, 1},
		{"third apart", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))", "POLYGON((40 0,50 0,50 10,40 10,40 0))"}, 2},
		{"the same twice", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 0,10 0,10 10,0 10,0 0))"}, -1},
		{"sharing an edge and overlapping", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 20,5 20,5 5,10 10,10 0))"}, -1},
		{"crossing, tied by a third", []string{"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((8 -5,20 -5,20 10,8 10,8 -5))", "POLYGON((0 10,8 10,10 10,20 10,20 20,0 20,0 10))"}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Merge(parseAll(t, c.polygons...))
			var apart *NotAdjacentError
			var over *OverlapError
			switch {
			case c.index < 0 && !errors.As(err, &over):
				t.Errorf("got %v, want *OverlapError", err)
			case c.index >= 0 && (!errors.As(err, &apart) || apart.Index != c.index):
				t.Errorf("got %v, want *NotAdjacentError of %d", err, c.index)
			}
		})
	}
}

func TestMergeOfAWholeGrid(t *testing.T) {
	random := seeded(t)
	plots := grid(random, 8, 8)
	var kept []geo.MultiPolygon
	for i, p := range plots {
		if i%11 != 10 {
			kept = append(kept, p)
		}
	}
	whole, err := Merge(kept)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(float64(geo.PlaneArea(whole)) - total(kept)); d > 1e-6 {
		t.Errorf("area differs by %v m²", d)
	}
	if len(whole) != 1 {
		t.Errorf("%d parts, want 1", len(whole))
	}
}

func TestStitch(t *testing.T) {
	for _, c := range []struct {
		name         string
		a, b         string
		wantA, wantB string
		fromA, fromB bool
	}{
		{"a missing node", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 4,10 0))",
			"MULTIPOLYGON(((0 0,10 0,10 4,10 10,0 10,0 0)))", "MULTIPOLYGON(((10 0,20 0,20 10,10 10,10 4,10 0)))", true, false},
		{"several in order", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 9,9.999 6,10.001 3,10 0))",
			"MULTIPOLYGON(((0 0,10 0,10.001 3,9.999 6,10 9,10 10,0 10,0 0)))", "MULTIPOLYGON(((10 0,20 0,20 10,10 10,10 9,9.999 6,10.001 3,10 0)))", true, false},
		{"too far off", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10.003 4,10 0))",
			"MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)))", "MULTIPOLYGON(((10 0,20 0,20 10,10 10,10.003 4,10 0)))", false, false},
		{"across each other", "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 5,20 5,20 15,10 15,10 5))",
			"MULTIPOLYGON(((0 0,10 0,10 5,10 10,0 10,0 0)))", "MULTIPOLYGON(((10 5,20 5,20 15,10 15,10 10,10 5)))", true, true},
		{"would touch itself", "POLYGON((0 0,10 0,5 0.001,0 10,0 0))", "POLYGON((0 -5,5 0.001,10 -5,0 -5))",
			"MULTIPOLYGON(((0 0,10 0,5 0.001,0 10,0 0)))", "MULTIPOLYGON(((10 -5,5 0.001,0 -5,10 -5)))", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, changed := Stitch(parseAll(t, c.a, c.b), 0.002)
			if a := wkt.MarshalString(got[0]); a != c.wantA {
				t.Errorf("first  %s\nwant   %s", a, c.wantA)
			}
			if b := wkt.MarshalString(got[1]); b != c.wantB {
				t.Errorf("second %s\nwant   %s", b, c.wantB)
			}
			if changed[0] != c.fromA || changed[1] != c.fromB {
				t.Errorf("changed %v", changed)
			}
		})
	}
}

func TestMove(t *testing.T) {
	quarters := parseAll(t,
		"POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))",
		"POLYGON((10 10,20 10,20 20,10 20,10 10))", "POLYGON((40 0,50 0,50 10,40 10,40 0))")
	moved, changed, err := Move(quarters, geo.Point{10, 10}, geo.Point{11.0004, 12})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"MULTIPOLYGON(((0 0,10 0,11 12,0 10,0 0)))", "MULTIPOLYGON(((10 0,20 0,20 10,11 12,10 0)))",
		"MULTIPOLYGON(((11 12,20 10,20 20,10 20,11 12)))", "MULTIPOLYGON(((40 0,50 0,50 10,40 10,40 0)))",
	} {
		if got := wkt.MarshalString(moved[i]); got != want || changed[i] != (i < 3) {
			t.Errorf("%d: %s %v, want %s", i, got, changed[i], want)
		}
	}
	for _, to := range []geo.Point{{25, 5}, {20, 10}, {-1, -1}, {20, 5}, {nan, 5}, {10, 0}, {30, 30}} {
		var invert *InvertError
		if _, _, err := Move(quarters, geo.Point{10, 10}, to); !errors.As(err, &invert) {
			t.Errorf("move to %v: %v, want *InvertError", to, err)
		}
	}
}
