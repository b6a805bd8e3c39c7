package city_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/city"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// made is a whole city with its outline.
func made(t testing.TB, plots int, seed uint64) (drafts []land.Draft, outline geo.MultiPolygon) {
	t.Helper()
	o := city.Options{Plots: plots, Seed: seed, Outline: func(p geo.MultiPolygon) { outline = p }}
	err := city.Generate(t.Context(), o, func(d land.Draft) error {
		drafts = append(drafts, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return drafts, outline
}

// text is all that a draft says.
func text(d land.Draft) string {
	var b strings.Builder
	p := land.Plot{Attributes: d.Attributes}
	for _, f := range land.Fields() {
		if f.Set != nil {
			fmt.Fprint(&b, f.Get(&p), "|")
		}
	}
	for _, polygon := range d.Boundary {
		for _, ring := range polygon {
			for _, q := range ring {
				fmt.Fprintf(&b, "%d %d,", millimetres(q[0]), millimetres(q[1]))
			}
			b.WriteString(";")
		}
	}
	return b.String()
}

func millimetres(v float64) int64 { return int64(math.Round(v * 1000)) }

func TestSameSeedSameCityOnEveryMachine(t *testing.T) {
	t.Parallel()
	const golden = "a60d9aab6daed223ae98ca7c9fe94880fa79bee2e97e5afab781d7a36d9f756e"
	sum := func(seed uint64) string {
		h := sha256.New()
		drafts, _ := made(t, 2000, seed)
		for _, d := range drafts {
			fmt.Fprintln(h, d.Row, text(d))
		}
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	if got := sum(1); got != golden {
		t.Errorf("the city of 2,000 plots and seed 1 is %s, was %s", got, golden)
	}
	if sum(2) == golden {
		t.Error("seed 2 gives the same city")
	}
}

func TestSmallCityIsTheBeginningOfALargeOne(t *testing.T) {
	t.Parallel()
	small, _ := made(t, 2000, 5)
	large, _ := made(t, 6000, 5)
	last := small[len(small)-1].PlotNo[:3]
	for n, d := range small {
		if strings.HasPrefix(d.PlotNo, last) {
			break
		}
		if text(d) != text(large[n]) {
			t.Fatalf("plot %d is %s here and %s there", n, text(d), text(large[n]))
		}
	}
}

func TestExactlyAsManyPlotsAsAsked(t *testing.T) {
	t.Parallel()
	today := land.DateOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	for n, plots := range []int{1, 2, 3, 17, 100, 531, 777, 1000, 1001, 2500, 4999} {
		drafts, outline := made(t, plots, uint64(n))
		if len(drafts) != plots {
			t.Errorf("%d plots asked, %d made", plots, len(drafts))
		}
		if err := topology.Valid(outline); err != nil || len(outline) != 1 {
			t.Errorf("%d plots: the city is in %d parts: %v", plots, len(outline), err)
		}
		numbers := map[string]bool{}
		for k, d := range drafts {
			if d.Row != k+1 || d.CRS != geo.GK114 || numbers[d.PlotNo] {
				t.Fatalf("%d plots: row %d is %d, %s", plots, k+1, d.Row, d.PlotNo)
			}
			numbers[d.PlotNo] = true
			found := append(d.CheckOn(today), land.Plot{Attributes: d.Attributes, Area: geo.PlaneArea(d.Boundary)}.CheckInRegister()...)
			if len(found) > 0 || d.Use2023 != land.Use2023(d.Use) {
				t.Fatalf("%s: %v, %q", d.PlotNo, found, d.Use2023)
			}
		}
		covered(t, drafts, outline)
	}
}

func TestFaultsComeBack(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	stop := errors.New("stop")
	n := 0
	err := city.Generate(ctx, city.Options{Plots: 5000}, func(land.Draft) error {
		if n++; n == 10 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || n != 10 {
		t.Errorf("after %d plots: %v", n, err)
	}
	err = city.Generate(ctx, city.Options{Plots: 5000}, func(land.Draft) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for _, plots := range []int{-1, 0, city.Largest + 1} {
		if err := city.Generate(t.Context(), city.Options{Plots: plots}, nil); err == nil {
			t.Errorf("a city of %d plots was made", plots)
		}
	}
}

// TestPlotsCoverTheCityExactly matches edges on the millimetre grid: each runs
// once in either direction, but for those of the outline.
func TestPlotsCoverTheCityExactly(t *testing.T) {
	t.Parallel()
	drafts, outline := made(t, 20_000, 1)
	covered(t, drafts, outline)
	c := topology.NewCoverage()
	limits := topology.DefaultLimits()
	for n, d := range drafts {
		c.Add(int64(n), d.Boundary)
		for _, f := range topology.Check(d.Boundary, limits) {
			if f.Severity == topology.Error || f.Code != "2109" && f.Code != "2111" { // several parts, small
				t.Errorf("%s: %s %s", d.PlotNo, f.Code, f.Message)
			}
		}
	}
	r := c.Report(outline)
	if r.Open > 0 || len(r.Faults)+len(r.Suspects)+len(r.Outside) > 0 {
		t.Errorf("%d open edges, faults %v, overlaps %v, outside %v", r.Open, r.Faults, r.Suspects, r.Outside)
	}
}

type edge struct{ x0, y0, x1, y1 int64 }

// edges are a ring's, with twice its area in mm².
func edges(ring geo.Ring) (all []edge, area int64) {
	ox, oy := millimetres(ring[0][0]), millimetres(ring[0][1])
	for k := range len(ring) - 1 {
		e := edge{millimetres(ring[k][0]), millimetres(ring[k][1]), millimetres(ring[k+1][0]), millimetres(ring[k+1][1])}
		area += (e.x0-ox)*(e.y1-oy) - (e.x1-ox)*(e.y0-oy)
		all = append(all, e)
	}
	return all, area
}

func covered(t *testing.T, drafts []land.Draft, outline geo.MultiPolygon) {
	t.Helper()
	open := map[edge]bool{}
	var sum, whole int64
	for _, d := range drafts {
		for _, polygon := range d.Boundary {
			for k, ring := range polygon {
				es, area := edges(ring)
				if (area > 0) != (k == 0) {
					t.Errorf("%s: ring %d turns the wrong way", d.PlotNo, k)
				}
				sum += area
				for _, e := range es {
					if open[e] {
						t.Fatalf("%s: another plot has the edge %v", d.PlotNo, e)
					}
					if back := (edge{e.x1, e.y1, e.x0, e.y0}); open[back] {
						delete(open, back)
					} else {
						open[e] = true
					}
				}
			}
		}
	}
	for _, polygon := range outline {
		es, area := edges(polygon[0])
		whole += area
		for _, e := range es {
			if !open[e] {
				t.Fatalf("no plot has the outline's edge %v", e)
			}
			delete(open, e)
		}
	}
	if len(open) > 0 || sum != whole {
		t.Errorf("%d edges have no neighbour; the plots have %d mm², the outline %d", len(open), sum/2, whole/2)
	}
}

func TestCityIsLikeACity(t *testing.T) {
	t.Parallel()
	const plots = 50_000
	drafts, _ := made(t, plots, 1)
	var areas []float64
	classes, uses, statuses, controls, holders := map[byte]float64{}, map[string]int{}, map[land.Status]int{}, map[string]int{}, map[string]int{}
	var points, holes, multi int
	var logs, squares, whole float64
	for _, d := range drafts {
		n := 0
		for _, polygon := range d.Boundary {
			holes += len(polygon) - 1
			for _, ring := range polygon {
				n += len(ring) - 1
			}
		}
		if n < 5 || n > 60 {
			t.Errorf("%s has %d points", d.PlotNo, n)
		}
		points += n
		if len(d.Boundary) > 1 {
			multi++
		}
		mu := float64(geo.PlaneArea(d.Boundary).Mu())
		if mu < 0.2 || mu > 300 {
			t.Errorf("%s has %.2f 亩", d.PlotNo, mu)
		}
		areas = append(areas, mu)
		logs, squares, whole = logs+math.Log(mu), squares+math.Log(mu)*math.Log(mu), whole+mu
		classes[d.Use.Code[0]] += mu
		uses[d.Use.Code]++
		statuses[d.Status]++
		holders[d.Holder]++
		if d.FARMax != nil {
			controls[fmt.Sprint(*d.FARMax, *d.DensityMax, *d.GreenMin, *d.HeightMax)]++
		}
		if y := d.ValidFrom.Time().Year(); y < 2016 || y > 2025 || d.ValidFrom.After(city.AsOf()) {
			t.Errorf("%s holds from %s", d.PlotNo, d.ValidFrom)
		}
	}
	slices.Sort(areas)
	within := func(what string, got, low, high float64) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: %.3f is not from %v to %v", what, got, low, high)
		}
	}
	within("points a plot", float64(points)/plots, 12, 14)
	within("median 亩", areas[plots/2], 4, 6)
	within("largest 亩", areas[plots-1], 80, 300)
	within("smallest 亩", areas[0], 0.2, 0.5)
	mean := logs / plots
	within("deviation of the logarithm", math.Sqrt(squares/plots-mean*mean), 0.7, 1.1)
	within("mean of the logarithm", mean, math.Log(areas[plots/2])-0.15, math.Log(areas[plots/2])+0.15)
	within("plots with a hole, %", float64(holes)*100/plots, 0.2, 1)
	within("plots of two parts, %", float64(multi)*100/plots, 0.05, 0.2)
	for class, share := range map[byte][2]float64{'R': {18, 32}, 'A': {5, 15}, 'B': {6, 16}, 'M': {6, 22}, 'W': {1, 8}, 'S': {14, 26}, 'U': {0.5, 4}, 'G': {6, 15}, 'H': {0.3, 4}, 'E': {3, 15}} {
		within("land of class "+string(class)+", %", classes[class]*100/whole, share[0], share[1])
	}
	for _, s := range land.Statuses() {
		within(string(s.Status)+", %", float64(statuses[s.Status])*100/plots, 0.8, 60)
	}
	if len(uses) < 65 || uses["S1"] == 0 || uses["E1"] == 0 || uses["M0"] == 0 {
		t.Errorf("%d uses: %v", len(uses), uses)
	}
	within("sets of controls", float64(len(controls)), 20, 80)
	for h := range holders {
		if h != "" && !strings.HasPrefix(h, "演示") {
			t.Errorf("holder %s is not marked as demonstration", h)
		}
	}
}

// BenchmarkGenerate makes a city without keeping it.
func BenchmarkGenerate(b *testing.B) {
	const plots = 100_000
	b.ReportAllocs()
	for b.Loop() {
		if err := city.Generate(b.Context(), city.Options{Plots: plots, Seed: 1}, func(land.Draft) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(plots*float64(b.N)/b.Elapsed().Seconds(), "plots/s")
}
