package topology

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

func report(plots []geo.MultiPolygon, boundary geo.MultiPolygon) Report {
	c := NewCoverage()
	for i, p := range plots {
		c.Add(int64(i+1), p)
	}
	return c.Report(boundary)
}

// found is a report in short: code, ids or area, place.
func found(r Report) []string {
	var out []string
	for _, f := range r.Faults {
		switch f.Code {
		case "3102":
			out = append(out, fmt.Sprintf("3102 %.2f m² ask=%v", f.Measured, f.Ask))
		default:
			out = append(out, fmt.Sprintf("%s %s %v %.3f at %v", f.Code, f.Severity, f.IDs, f.Measured, f.Place))
		}
	}
	for _, s := range r.Suspects {
		out = append(out, fmt.Sprintf("overlap %v", s))
	}
	for _, id := range r.Outside {
		out = append(out, fmt.Sprintf("outside %d", id))
	}
	return out
}

func TestCoverage(t *testing.T) {
	const west, east = "POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((10 0,20 0,20 10,10 10,10 0))"
	for _, c := range []struct {
		name     string
		plots    []string
		boundary string
		want     []string
	}{
		{"clean", []string{west, east}, "", nil},
		{"clean, turned round", []string{"POLYGON((0 0,0 10,10 10,10 0,0 0))", east}, "POLYGON((0 0,20 0,20 10,0 10,0 0))", nil},
		{"clean, with fewer points on the boundary", []string{west, east}, "POLYGON((0 0,20 0,20 10,0 10,0 0))", nil},
		{"missing node", []string{west, "POLYGON((10 0,20 0,20 10,10 10,10 4,10 0))"}, "", []string{"3104 info [1 2] 0.000 at [10 4]"}},
		{"missing node, a millimetre off", []string{west, "POLYGON((10 0,20 0,20 10,10 10,10.001 4,10 0))"}, "", []string{"3104 info [1 2] 0.001 at [10.001 4]"}},
		{"missing node, 4 cm off outwards: a gap too", []string{west, "POLYGON((10 0,20 0,20 10,10 10,10.04 4,10 0))"}, "", []string{"3104 warning [1 2] 0.040 at [10.04 4]", "3102 0.20 m² ask=false"}},
		{"missing node, 4 cm off inwards: an overlap too", []string{west, "POLYGON((10 0,20 0,20 10,10 10,9.96 4,10 0))"}, "", []string{"3104 warning [1 2] 0.040 at [9.96 4]", "overlap [1 2]"}},
		{"gap between three", []string{"POLYGON((0 0,30 0,30 10,20 10,10 10,10 20,0 20,0 0))", "POLYGON((0 20,10 20,20 20,20 30,0 30,0 20))", "POLYGON((20 10,30 10,30 30,20 30,20 20,20 10))"}, "", []string{"3102 100.00 m² ask=false"}},
		{"gap with an island", []string{"POLYGON((0 0,90 0,90 90,0 90,0 0),(10 10,10 80,80 80,80 10,10 10))", "POLYGON((20 20,30 20,30 30,20 30,20 20))"}, "", []string{"3102 4800.00 m² ask=true"}},
		{"hole filled by a larger plot", []string{"POLYGON((0 0,90 0,90 90,0 90,0 0),(10 10,10 80,80 80,80 10,10 10))", "POLYGON((5 5,85 5,85 85,5 85,5 5))"}, "", []string{"overlap [1 2]"}},
		{"gap along the boundary", []string{west}, "POLYGON((0 0,20 0,20 10,0 10,0 0))", []string{"3102 100.00 m² ask=false"}},
		{"outside the boundary", []string{west, east}, "POLYGON((0 0,18 0,18 10,0 10,0 0))", []string{"outside 2"}},
		{"wholly outside", []string{west, "POLYGON((30 0,40 0,40 10,30 10,30 0))"}, west, []string{"outside 2"}},
		{"outside between two boundary points", []string{west}, "POLYGON((0 0,10 0,10 4,9 5,10 6,10 10,0 10,0 0))", []string{"outside 1"}},
		{"the same twice", []string{west, west, east}, "", []string{"overlap [1 2]"}},
		{"crossing", []string{west, "POLYGON((5 5,15 5,15 15,5 15,5 5))"}, "", []string{"overlap [1 2]"}},
		{"inside", []string{west, "POLYGON((5 5,6 5,6 6,5 6,5 5))"}, "", []string{"overlap [1 2]"}},
		{"inside, touching in a vertex", []string{"POLYGON((0 0,10 0,10 5,10 10,0 10,0 0))", "POLYGON((10 5,8 6,8 4,10 5))"}, "", []string{"overlap [1 2]"}},
		{"a shared edge and an overlap", []string{west, "POLYGON((10 0,20 0,20 10,10 10,8 5,10 0))"}, "", []string{"overlap [1 2]"}},
		{"overlap and gap on one border", []string{west, "POLYGON((10 0,20 0,20 10,10 10,11 7,9 3,10 0))"}, "", []string{"3102 2.50 m² ask=false", "overlap [1 2]"}},
		{"touching in a point", []string{west, "POLYGON((10 10,20 10,20 20,10 20,10 10))"}, "", nil},
		{"a layer over two that match", []string{west, east, "POLYGON((-5 2,25 2,25 8,-5 8,-5 2))"}, "", []string{"overlap [1 3]", "overlap [2 3]"}},
		{"beyond reach", []string{west, "POLYGON((38412345 2543210,38412355 2543210,38412345 2543220,38412345 2543210))"}, "", []string{"2114 error [2] 0.000 at [3.8412345e+07 2.54321e+06]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var around geo.MultiPolygon
			if c.boundary != "" {
				around = parse(t, c.boundary)
			}
			if got := found(report(parseAll(t, c.plots...), around)); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// TestCoverageFindsEveryPairInStackedLayers lays a second grid with the same
// outline but other borders over the first: no open side tells.
func TestCoverageFindsEveryPairInStackedLayers(t *testing.T) {
	random := seeded(t)
	plots := grid(random, 6, 6)
	outline, err := Merge(plots)
	if err != nil {
		t.Fatal(err)
	}
	upper := []geo.MultiPolygon{outline}
	for len(upper) < 20 {
		parts, err := Split(upper[0], wander(random, upper[0]))
		if err == nil {
			upper = append(upper[1:], parts...)
		} else {
			upper = append(upper[1:], upper[0])
		}
	}
	all := append(slices.Clone(plots), upper...)
	want := make(map[[2]int64]bool)
	for i, p := range regionsOf(all) {
		for j, q := range regionsOf(all[:i]) {
			if enters(p, sidesOf(p), q) || enters(q, sidesOf(q), p) {
				want[[2]int64{int64(j + 1), int64(i + 1)}] = true
			}
		}
	}
	got := report(all, nil).Suspects
	for _, s := range got {
		if !want[s] {
			t.Errorf("%v do not overlap", s)
		}
		delete(want, s)
	}
	if len(got) < 40 || len(want) > 0 {
		t.Errorf("%d pairs found, %d missed", len(got), len(want))
	}
}

// TestCoverageMissesNoOverlap lays random small polygons, in which vertices and
// edges fall on each other often, and looks for points that two have inside.
func TestCoverageMissesNoOverlap(t *testing.T) {
	random := seeded(t)
	overlaps := 0
	for range 500 {
		var plots []geo.MultiPolygon
		for len(plots) < 6 {
			g := make(ring, 3+random.Intn(4))
			for k := range g {
				g[k] = pt{int64(random.Intn(9)) * 1000, int64(random.Intn(9)) * 1000}
			}
			if p := (region{{g}}).multiPolygon(); Valid(p) == nil {
				plots = append(plots, p)
			}
		}
		suspects := report(plots, nil).Suspects
		regions := regionsOf(plots)
		for range 300 {
			half := pt{int64(random.Intn(16000)), int64(random.Intn(16000))}
			var in []int64
			for i, r := range regions {
				if r.locate(half) == inside {
					in = append(in, int64(i+1))
				}
			}
			for k := 1; k < len(in); k++ {
				overlaps++
				if !slices.Contains(suspects, [2]int64{in[k-1], in[k]}) {
					t.Fatalf("%v and %v overlap at %v: %v", plots[in[k-1]-1], plots[in[k]-1], halfPoint(half), suspects)
				}
			}
		}
		for _, s := range suspects {
			if p, q := regions[s[0]-1], regions[s[1]-1]; !enters(p, sidesOf(p), q) && !enters(q, sidesOf(q), p) {
				t.Fatalf("%v and %v do not overlap", p, q)
			}
		}
	}
	if overlaps < 1000 {
		t.Errorf("only %d overlaps tried", overlaps)
	}
}

// TestCoverageOfNonsense must only end.
func TestCoverageOfNonsense(t *testing.T) {
	random := seeded(t)
	for range 500 {
		c := NewCoverage()
		for id := range int64(8) {
			line := make(geo.Ring, random.Intn(8))
			for k := range line {
				line[k] = geo.Point{float64(random.Intn(5)), float64(random.Intn(5))}
			}
			c.Add(id, geo.MultiPolygon{{line}})
		}
		c.Add(9, geo.MultiPolygon{{{{nan, 1}}}})
		c.Add(10, nil)
		c.Report(nil)
		c.Report(geo.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}}})
	}
}

// TestCoverageFindsWhatIsSpoilt moves random vertices of a clean grid in one plot
// only, which leaves a gap and an overlap with its neighbours.
func TestCoverageFindsWhatIsSpoilt(t *testing.T) {
	random := seeded(t)
	plots := grid(random, 20, 20)
	outline, err := Merge(plots)
	if err != nil {
		t.Fatal(err)
	}
	if r := report(plots, outline); len(found(r)) > 0 || r.Open != 0 {
		t.Fatalf("a clean grid: %v, %d open", found(r), r.Open)
	}
	if r := report(plots, nil); len(found(r)) > 0 || r.Open != 4*20*3 {
		t.Fatalf("a clean grid without boundary: %v, %d open", found(r), r.Open)
	}
	for range 50 {
		n := 21*(1+random.Intn(17)) + random.Intn(2) // inside the grid
		spoilt := slices.Clone(plots)
		line := slices.Clone(plots[n][0][0])
		k := 1 + random.Intn(len(line)-2)
		to := geo.SnapToGrid(geo.Point{line[k][0] + 3*(random.Float64()-0.5), line[k][1] + 3*(random.Float64()-0.5)})
		line[k] = to
		spoilt[n] = geo.MultiPolygon{{line}}
		if Valid(spoilt[n]) != nil {
			continue
		}
		r := report(spoilt, outline)
		lost := float64(geo.PlaneArea(plots[n]) - geo.PlaneArea(spoilt[n]))
		var gap float64
		for _, f := range r.Faults {
			if f.Code == "3102" {
				gap += f.Measured
			}
		}
		if gap < lost-0.2-1e-6 {
			t.Errorf("plot %d lost %v m², gaps of %v m² found: %v", n+1, lost, gap, found(r))
		}
		if lost < -0.01 && len(r.Suspects) == 0 {
			t.Errorf("plot %d gained %v m², no overlap found", n+1, -lost)
		}
		for _, s := range r.Suspects {
			if s[0] != int64(n+1) && s[1] != int64(n+1) {
				t.Errorf("%v do not overlap", s)
			}
		}
	}
}

// TestEditsKeepTheCoverage runs random sequences of splits, merges and moves on
// a clean grid: nothing may open, and no edit may cost 0.01 m².
func TestEditsKeepTheCoverage(t *testing.T) {
	random := seeded(t)
	plots := grid(random, 6, 6)
	outline, err := Merge(plots)
	if err != nil {
		t.Fatal(err)
	}
	done := make(map[string]int)
	for range 300 {
		before := total(plots)
		kind, next := edit(random, plots)
		if next == nil {
			continue
		}
		done[kind]++
		next, _ = Stitch(next, sharedWithin)
		if d := math.Abs(total(next) - before); d > 0.01 {
			t.Fatalf("%s changes the area by %v m²", kind, d)
		}
		r := report(next, outline)
		for _, f := range r.Faults {
			if f.Code != "3104" || f.Severity != Info {
				t.Fatalf("%s leaves %v", kind, found(r))
			}
		}
		if len(r.Suspects) > 0 {
			t.Fatalf("%s leaves overlaps %v", kind, r.Suspects)
		}
		for _, p := range next {
			if err := Valid(p); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
		}
		plots = next
	}
	t.Logf("%v, %d plots in the end", done, len(plots))
	if done["split"] < 30 || done["merge"] < 30 || done["move"] < 30 {
		t.Errorf("too few edits: %v", done)
	}
}

// edit does one random edit; the plots are nil when it is refused.
func edit(random *rand.Rand, plots []geo.MultiPolygon) (kind string, next []geo.MultiPolygon) {
	n := random.Intn(len(plots))
	switch random.Intn(3) {
	case 0:
		parts, err := Split(plots[n], wander(random, plots[n]))
		if err != nil {
			return "split", nil
		}
		return "split", append(slices.Delete(slices.Clone(plots), n, n+1), parts...)
	case 1:
		for m := range plots {
			if m == n || random.Intn(2) == 0 {
				continue
			}
			rest := slices.Delete(slices.Clone(plots), max(n, m), max(n, m)+1)
			rest = slices.Delete(rest, min(n, m), min(n, m)+1)
			if whole, err := Merge([]geo.MultiPolygon{plots[n], plots[m]}, rest...); err == nil {
				return "merge", append(rest, whole)
			}
		}
		return "merge", nil
	}
	line := plots[n][0][0]
	from := line[random.Intn(len(line))]
	to := geo.Point{from[0] + 2*(random.Float64()-0.5), from[1] + 2*(random.Float64()-0.5)}
	moved, changed, err := Move(plots, from, to)
	if err != nil || math.Abs(total(moved)-total(plots)) > 1e-6 { // a vertex on the outline
		return "move", nil
	}
	for i := range moved {
		if changed[i] && len(report(moved, nil).Suspects) > 0 {
			return "move", nil // over a vertex of a plot that does not have it
		}
	}
	return "move", moved
}

func BenchmarkCoverage(b *testing.B) {
	for _, side := range []int{316, 1000} {
		b.Run(fmt.Sprintf("%d", side*side), func(b *testing.B) {
			plots := grid(rand.New(rand.NewSource(1)), side, side)
			b.ResetTimer()
			for b.Loop() {
				r := report(plots, nil)
				if len(r.Faults)+len(r.Suspects) > 0 {
					b.Fatal(found(r))
				}
			}
			b.ReportMetric(float64(len(plots)*b.N)/b.Elapsed().Seconds(), "plots/s")
		})
	}
}

func TestLandWithoutAnyPlotIsOneGap(t *testing.T) {
	t.Parallel()
	land := geo.MultiPolygon{{{{443600, 2543500}, {443700, 2543500}, {443700, 2543600}, {443600, 2543600}, {443600, 2543500}}}}
	r := NewCoverage().Report(land)
	if len(r.Faults) != 1 || r.Faults[0].Code != "3102" || geo.PlaneArea(r.Faults[0].Geometry) != 10000 || r.Faults[0].Geometry[0][0].Bound() != land[0][0].Bound() {
		t.Errorf("%+v", r.Faults)
	}
}
