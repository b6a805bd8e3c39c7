package topology

import (
	"errors"
	"math"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// TestStitchInANarrowPlace has a plot that runs out in a slit of another one,
// cut near its tip where it is 2 mm wide. Each of its vertices lies within the
// tolerance of both borders of the slit and belongs to one.
func TestStitchInANarrowPlace(t *testing.T) {
	plots := parseAll(t,
		"POLYGON((1.937 8.107,2.345 8.302,3.65 8.927,2.551 8.394,2.308 8.135,1.879 7.677,8.932 5.583,9 12,1.937 12,1.937 8.107))",
		"POLYGON((2.345 8.302,2.333 8.246,2.472 8.31,2.551 8.394,3.431 8.821,3.433 8.823,2.345 8.302))",
		"POLYGON((2.333 8.246,2.308 8.135,2.472 8.31,2.333 8.246))",
		"POLYGON((3.431 8.821,3.65 8.927,3.433 8.823,3.431 8.821))",
	)
	stitched, _ := Stitch(plots, sharedWithin)
	r := report(stitched, nil)
	for _, f := range r.Faults {
		if f.Measured < 0.045 { // off the slit's open end
			t.Error(f)
		}
	}
	if len(r.Suspects) > 0 {
		t.Error("overlaps", r.Suspects)
	}
	if d := math.Abs(total(stitched) - total(plots)); d > 0.001 {
		t.Errorf("the area changes by %v m²", d)
	}
}

// TestMergeBesideASpike unites two plots between which a third ends in a spike a
// millimetre wide.
func TestMergeBesideASpike(t *testing.T) {
	plots := parseAll(t,
		"POLYGON((0 0,13.416 -4.37,26.356 -8.858,35 -4.5,30 20,0 20,0 0))",
		"POLYGON((26.356 -8.858,25.632 -8.608,26.583 -17.549,40 -20,35 -4.5,26.356 -8.858))",
		"POLYGON((0 0,-1 -10,10.533 -15.19,25.632 -8.608,26.356 -8.858,13.416 -4.37,0 0))",
	)
	whole, err := Merge(plots[:2], plots[2])
	if err != nil {
		t.Fatal(err)
	}
	after := []geo.MultiPolygon{whole, plots[2]}
	if r := report(after, nil); len(r.Faults)+len(r.Suspects) > 0 || math.Abs(total(after)-total(plots)) > 1e-9 {
		t.Errorf("%v, %v m² of %v", found(r), total(after), total(plots))
	}
}

func TestSplitRefusesPiecesOfNoWidth(t *testing.T) {
	sliver := parseAll(t, "POLYGON((0 0,0.767 0.36,0.732 0.345,0 0))")[0]
	_, err := Split(sliver, []geo.Point{{0.4, 0}, {0.4, 0.4}})
	var cut *CutError
	if !errors.As(err, &cut) {
		t.Errorf("got %v", err)
	}
}
