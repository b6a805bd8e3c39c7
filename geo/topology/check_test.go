package topology

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/geo"
	"github.com/paulmach/orb/encoding/wkt"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, wkt string
		want      []string
	}{
		{"fine", "POLYGON((0 0,20 0,20 20,0 20,0 0))", nil},
		{"bowtie", "POLYGON((0 0,40 40,40 0,0 40,0 0))", []string{"2104 error 0 at [20 20]"}},
		{"repeated point", "POLYGON((0 0,20 0,20 0.001,20 20,0 20,0 0))", []string{"2105 warning 0.001 at [20 0.001]"}},
		{"spike", "POLYGON((0 0,20 0,20 10,60 10.1,20 10.2,20 20,0 20,0 0))", []string{"2106 error 0.28648 at [60 10.1]"}},
		{"sharp corner", "POLYGON((0 0,20 0,20 10,60 12,20 14,20 20,0 20,0 0))", []string{"2106 warning 5.7248 at [60 12]"}},
		{"a corner with sides of 5 cm is no spike", "POLYGON((0 0,20 0,20 10,20.09 10,20 10.001,20 20,0 20,0 0))", nil},
		{"clockwise", "POLYGON((0 0,0 20,20 20,20 0,0 0),(4 4,4 8,8 8,8 4,4 4))", []string{"2107 info 0 at [0 0]"}},
		{"hole anticlockwise", "POLYGON((0 0,20 0,20 20,0 20,0 0),(4 4,8 4,8 8,4 8,4 4))", []string{"2107 info 0 at [4 4]"}},
		{"two parts", "MULTIPOLYGON(((0 0,20 0,20 20,0 20,0 0)),((30 0,50 0,50 20,30 20,30 0)))", []string{"2109 warning 2 at [10 10]"}},
		{"short edge", "POLYGON((0 0,20 0,20.03 0.02,20 20,0 20,0 0))", []string{"2110 warning 0.036056 at [20.03 0.02]"}},
		{"small", "POLYGON((0 0,10 0,10 10,0 10,0 0))", []string{"2111 warning 100 at [5 5]"}},
		{"tiny", "POLYGON((0 0,0.9 0,0.9 0.9,0 0.9,0 0))", []string{"2111 error 0.81 at [0.45 0.45]", "2112 warning 0.45 at [0.45 0.45]"}},
		{"strip", "POLYGON((0 0,400 0,400 0.8,0 0.8,0 0))", []string{"2112 warning 0.7984 at [200 0.4]"}},
		{"long strip", "POLYGON((0 0,1000 0,1000 2,0 2,0 0))", []string{"2112 warning 0.0062581 at [500 1]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range Check(parse(t, c.wkt), DefaultLimits()) {
				got = append(got, fmt.Sprintf("%s %s %.5g at %v", f.Code, f.Severity, f.Measured, f.Place))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestCheckOfNonsense(t *testing.T) {
	for _, p := range []geo.MultiPolygon{nil, {{}}, {{{}}}, {{{{0, 0}}}}, {{{{0, 0}, {nan, 1}, {1, 1}, {0, 0}}}}} {
		if faults := Check(p, DefaultLimits()); len(faults) == 0 || faults[0].Code != "2104" {
			t.Errorf("Check(%v) = %v", p, faults)
		}
	}
}

func TestMend(t *testing.T) {
	for _, c := range []struct {
		name, wkt string
		codes     []string
		want      string
	}{
		{"repeated points", "POLYGON((0 0,20 0,20 0.001,20 20,0 20,0 0.001,0 0))", []string{"2105"}, "MULTIPOLYGON(((0 0,20 0,20 20,0 20,0 0)))"},
		{"spike", "POLYGON((0 0,20 0,20 10,60 10.1,20 10.2,20 20,0 20,0 0))", []string{"2106"}, "MULTIPOLYGON(((0 0,20 0,20 10,20 10.2,20 20,0 20,0 0)))"},
		{"spike without width", "POLYGON((0 0,20 0,20 10,60 10,20 10,20 20,0 20,0 0))", []string{"2106"}, "MULTIPOLYGON(((0 0,20 0,20 10,20 20,0 20,0 0)))"},
		{"direction", "POLYGON((0 0,0 20,20 20,20 0,0 0),(4 4,8 4,8 8,4 8,4 4))", []string{"2107"}, "MULTIPOLYGON(((0 0,20 0,20 20,0 20,0 0),(4 4,4 8,8 8,8 4,4 4)))"},
		{"not asked for", "POLYGON((0 0,0 20,20 20,20 0,0 0))", []string{"2105", "2104"}, ""},
		{"nothing would be left", "POLYGON((0 0,0.001 0,0 0.001,0 0))", []string{"2105"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := parse(t, c.wkt)
			before := wkt.MarshalString(p)
			got, mended := Mend(p, DefaultLimits(), c.codes...)
			want := c.want
			if want == "" {
				want = before
			}
			if text := wkt.MarshalString(got); text != want || mended != (c.want != "") {
				t.Errorf("got  %s %v\nwant %s", text, mended, want)
			}
			if wkt.MarshalString(p) != before {
				t.Error("the input changed")
			}
		})
	}
}
