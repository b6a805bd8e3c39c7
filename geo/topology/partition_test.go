package topology

import (
	"errors"
	"testing"

	"github.com/dikuai/dikuai/geo"
	"github.com/paulmach/orb/encoding/wkt"
)

func TestPartitionFitsParts(t *testing.T) {
	const square = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
	for _, c := range []struct {
		name        string
		parts, want []string
	}{
		{"exact", []string{"POLYGON((0 0,4 0,4 10,0 10,0 0))", "POLYGON((4 0,10 0,10 10,4 10,4 0))"},
			[]string{"MULTIPOLYGON(((0 0,4 0,4 10,0 10,0 0)))", "MULTIPOLYGON(((4 0,10 0,10 10,4 10,4 0)))"}},
		{"centimetres off", []string{"POLYGON((0 0.02,4 0.03,4.01 9.98,-0.03 10,0 0.02))", "POLYGON((4.02 -0.01,10.04 0,10 10.02,4 10,4.02 -0.01))"},
			[]string{"MULTIPOLYGON(((0 0,4 0,4.01 10,0 10,0 0)))", "MULTIPOLYGON(((4 0,10 0,10 10,4.01 10,4 0)))"}},
		{"missing nodes", []string{"POLYGON((0 0,4 0,4 10,0 10,0 0))", "POLYGON((4 0,10 0,10 5,4 5,4 0))", "POLYGON((4.02 5.01,10 5,10 10,4 10,4.02 5.01))"},
			[]string{"MULTIPOLYGON(((0 0,4 0,4 5,4 10,0 10,0 0)))", "MULTIPOLYGON(((4 0,10 0,10 5,4 5,4 0)))", "MULTIPOLYGON(((4 5,10 5,10 10,4 10,4 5)))"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Partition(parse(t, square), parseAll(t, c.parts...))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range c.want {
				if text := wkt.MarshalString(got[i]); text != want {
					t.Errorf("part %d\ngot  %s\nwant %s", i+1, text, want)
				}
			}
		})
	}
}

func TestPartitionRefuses(t *testing.T) {
	const square = "POLYGON((0 0,10 0,10 10,0 10,0 0))"
	for _, c := range []struct {
		name, reason string
		parts        []string
		area         geo.SquareMetres
	}{
		{"nothing", "the parts leave a gap", nil, 100},
		{"gap", "the parts leave a gap", []string{"POLYGON((0 0,4 0,4 10,0 10,0 0))", "POLYGON((5 0,10 0,10 10,5 10,5 0))"}, 10},
		{"overlap", "two parts overlap", []string{"POLYGON((0 0,5 0,5 10,0 10,0 0))", "POLYGON((4 0,10 0,10 10,4 10,4 0))"}, 10},
		{"outside", "a part reaches outside the polygon", []string{"POLYGON((0 0,12 0,12 10,0 10,0 0))"}, 20},
		{"bowtie", "part 1 is not valid: a ring crosses itself", []string{"POLYGON((0 0,10 10,10 0,0 10,0 0))"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Partition(parse(t, square), parseAll(t, c.parts...))
			var tile *TileError
			if !errors.As(err, &tile) || tile.Reason.En != c.reason || tile.Area != c.area {
				t.Errorf("got %v, want %q of %v m²", err, c.reason, c.area)
			}
		})
	}
}
