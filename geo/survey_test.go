package geo

import (
	"slices"
	"testing"
)

func TestSurveyRingsRunClockwiseFromTheNorthWest(t *testing.T) {
	t.Parallel()
	p := MultiPolygon{
		{
			{{100, 0}, {200, 0}, {200.0004, 100}, {99, 100}, {100, 0}},
			{{120, 20}, {120, 40}, {140, 40}, {140, 20}, {120, 20}},
		},
		{{{300, 50}, {310, 60}, {320, 50}, {310, 40}, {300, 50}}},
	}
	want := []SurveyRing{
		{1, 1, false, Ring{{99, 100}, {200, 100}, {200, 0}, {100, 0}}},
		{2, 5, true, Ring{{120, 40}, {120, 20}, {140, 20}, {140, 40}}},
		{3, 9, false, Ring{{300, 50}, {310, 60}, {320, 50}, {310, 40}}},
	}
	got := SurveyRings(p, func(q Point) Point { return q })
	if len(got) != len(want) {
		t.Fatalf("%d rings", len(got))
	}
	for i, w := range want {
		if g := got[i]; g.Number != w.Number || g.First != w.First || g.Hole != w.Hole || !slices.Equal(g.Points, w.Points) {
			t.Errorf("ring %d is %v, want %v", i+1, g, w)
		}
	}
}

func TestPlanesAreDescribedAsOnMaps(t *testing.T) {
	t.Parallel()
	for crs, want := range map[CRS]string{
		GK114:    "2000国家大地坐标系，3度带，中央子午线114°",
		GK38:     "2000国家大地坐标系，3度带，中央子午线114°，38带",
		4508:     "2000国家大地坐标系，6度带，中央子午线111°",
		CGCS2000: "EPSG:4490",
	} {
		if got := crs.Described().Zh; got != want {
			t.Errorf("%s is %q, want %q", crs, got, want)
		}
	}
}
