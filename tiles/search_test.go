package tiles

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// scattered is a view of plots of 0.001° in a grid, with attributes by chance.
func scattered(t testing.TB, plots int) *View {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	statuses, uses := land.Statuses(), []string{"A35", "M1", "G1", "B1"}
	r := land.Register{Seq: 1, Parks: []land.Park{{Code: "one"}, {Code: "two"}}}
	for i := range plots {
		w, s := 113.4+float64(i%40)*0.001, 22.9+float64(i/40)*0.001
		p := land.Plot{ID: land.PlotID(i + 1), Version: 1, Park: []land.ParkCode{"one", "two"}[random.IntN(2)], Area: geo.SquareMetres(random.IntN(90000))}
		p.PlotNo, p.Name = fmt.Sprintf("PY-%03d", i), []string{"", "智能制造园", "Works"}[random.IntN(3)]
		p.Use, p.Status = land.UseCode{Scheme: land.GB50137, Code: uses[random.IntN(len(uses))]}, statuses[random.IntN(len(statuses))].Status
		if random.IntN(3) > 0 {
			far := float64(random.IntN(8)) / 2
			p.FARMax = &far
		}
		if random.IntN(3) > 0 {
			gfa := float64(random.IntN(5) * 1000)
			p.GFAMax = &gfa
		}
		p.Boundary = orb.MultiPolygon{{{{w, s}, {w + 0.001, s}, {w + 0.001, s + 0.001}, {w, s + 0.001}, {w, s}}}}
		r.Plots = append(r.Plots, p)
	}
	return viewOfRegister(r)
}

func between(low, high float64) land.Range { return land.Range{Min: &low, Max: &high} }

func searchFor(t testing.TB, q land.Query, filter string) *Search {
	t.Helper()
	var f *Filter
	if filter != "" {
		var err error
		if f, err = ParseFilter(filter); err != nil {
			t.Fatal(err)
		}
	}
	s, err := NewSearch(q, f)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// idsOf follows the pages of a search to its end.
func idsOf(v *View, s *Search, order []land.Order, limit int) (ids []land.PlotID, matched int) {
	var after *Place
	for {
		found := v.Find(s, Page{Order: order, After: after, Limit: limit})
		for _, p := range found.Plots {
			ids = append(ids, p.ID())
		}
		if after = found.Next; after == nil {
			return ids, found.Matched
		}
	}
}

func TestSearchesFindWhatLookingAtEveryPlotFinds(t *testing.T) {
	t.Parallel()
	v := scattered(t, 1000)
	box := &orb.Bound{Min: orb.Point{113.4055, 22.9055}, Max: orb.Point{113.4205, 22.9125}}
	within := geo.MultiPolygon{{{{113.4, 22.9}, {113.43, 22.9}, {113.4, 22.92}, {113.4, 22.9}}}}
	orders := [][]land.Order{nil, {{Property: "area_mu", Down: true}}, {{Property: "gfa_max_m2"}, {Property: "far_max", Down: true}}, {{Property: "name"}, {Property: "status", Down: true}}}
	for i, q := range []land.Query{
		{},
		{Parks: []land.ParkCode{"two"}, Statuses: []land.Status{land.Available, land.Supplied}, Uses: []string{"A"}},
		{FARMax: between(1, 2)},
		{AreaMu: between(20, 60), GFAMax: between(1000, 1000)},
		{Bound: box},
		{Bound: box, Text: "智能"},
		{Text: "py-00"},
		{Within: within},
		{Within: within, Bound: box},
		{Near: &land.Near{At: orb.Point{113.41, 22.91}, Metres: 300}},
	} {
		for _, filter := range []string{"", "far_max > 1 AND area_mu < 100 AND status <> 'idle'", "S_INTERSECTS(geometry, BBOX(113.4, 22.9, 113.4102, 22.9102))"} {
			s := searchFor(t, q, filter)
			s.Key = fmt.Sprint(i, filter)
			for _, order := range orders {
				want := byLooking(v, s, q, order)
				got, matched := idsOf(v, s, order, 37)
				if !slices.Equal(got, want) || matched != len(want) {
					t.Errorf("query %d, filter %q, order %v: %d of %d found, %d matched", i, filter, order, len(got), len(want), matched)
				}
			}
		}
	}
	if ids, _ := idsOf(v, searchFor(t, land.Query{Bound: box}, ""), nil, 1000); len(ids) == 0 || len(ids) == 1000 {
		t.Error("the box selects nothing or everything")
	}
	contradiction := searchFor(t, land.Query{}, "S_WITHIN(geometry, BBOX(113, 22, 114, 23)) AND S_WITHIN(geometry, BBOX(115, 22, 116, 23))")
	if ids, matched := idsOf(v, contradiction, nil, 10); len(ids)+matched != 0 {
		t.Errorf("%v, %d", ids, matched)
	}
}

// byLooking selects without index, kinds or heap.
func byLooking(v *View, s *Search, q land.Query, order []land.Order) []land.PlotID {
	var plots []keyed
	c := comparing(order)
	v.Plots.All(func(r plotset.Ref) bool {
		if !s.empty && s.matchesKind(r) && all(s.ofPlot, r) {
			p := r.Plot()
			hit := q.Text == "" || strings.Contains(strings.ToLower(p.PlotNo+"\x00"+p.Name+"\x00"+p.Holder), q.Text)
			hit = hit && (q.Bound == nil || geo.Meets(p.Boundary, *q.Bound)) && q.SelectsOf(p.Park, p.Status) && q.SelectsUse(p.Use)
			if hit {
				plots = append(plots, keyed{r, r.ID(), c.read(r, nil)})
			}
		}
		return true
	})
	slices.SortFunc(plots, c.compare)
	ids := make([]land.PlotID, len(plots))
	for i, p := range plots {
		ids[i] = p.ref.ID()
	}
	return ids
}

// TestPagesGoOnAcrossEdits follows a sorted search while plots come and go: none
// that stayed is missed or told twice.
func TestPagesGoOnAcrossEdits(t *testing.T) {
	t.Parallel()
	v := scattered(t, 400)
	s := searchFor(t, land.Query{}, "")
	order := []land.Order{{Property: "area_mu", Down: true}}
	first := v.Find(s, Page{Order: order, Limit: 100})
	gone := first.Plots[99].ID() // the cursor's own plot
	v, _ = v.With(land.Delta{Seq: 2, Parks: parksOf(v), Retired: []land.PlotID{gone, first.Plots[3].ID()}})
	seen := map[land.PlotID]bool{}
	for _, p := range first.Plots {
		seen[p.ID()] = true
	}
	for after := first.Next; after != nil; {
		found := v.Find(s, Page{Order: order, After: after, Limit: 100})
		for _, p := range found.Plots {
			if seen[p.ID()] {
				t.Errorf("plot %d is told twice", p.ID())
			}
			seen[p.ID()] = true
		}
		after = found.Next
	}
	if len(seen) != 400 {
		t.Errorf("%d plots seen", len(seen))
	}
}

func TestSummariesAddUp(t *testing.T) {
	t.Parallel()
	v := scattered(t, 500)
	found := v.Find(searchFor(t, land.Query{Parks: []land.ParkCode{"one"}}, ""), Page{Limit: 1, Sums: true})
	want := v.Land("one").Sum()
	bands := 0
	for _, sum := range found.Sums.ByBand() {
		bands += sum.Plots
	}
	if got := found.Sums.ByPark()["one"]; got.Plots != want.Plots || bands != want.Plots || math.Abs(float64(got.Area-want.Area)) > 1e-6 {
		t.Errorf("%v, %d in bands, want %v", got, bands, want)
	}
	major := found.Sums.ByMajor()[land.UseCode{Scheme: land.GB50137, Code: "A"}]
	if use := found.Sums.ByUse()[land.UseCode{Scheme: land.GB50137, Code: "A35"}]; cmp.Compare(major.Plots, use.Plots) != 0 {
		t.Errorf("%v of A, %v of A35", major, use)
	}
}

func TestStatisticsOfAPolygon(t *testing.T) {
	t.Parallel()
	v := scattered(t, 1000)
	everything := searchFor(t, land.Query{}, "")
	toPlane, err := geo.NewTransformer(geo.CGCS2000, geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 20 {
		var ring orb.Ring
		n := 3 + random.IntN(30)
		for i := range n {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r := 0.001 + 0.009*random.Float64()
			ring = append(ring, orb.Point{113.42 + r*cos, 22.912 + r*sin})
		}
		polygon := geo.MultiPolygon{{append(ring, ring[0])}}
		got, err := v.Statistics(everything, polygon, geo.CGCS2000)
		if err != nil {
			t.Fatal(err)
		}
		area, err := NewArea(polygon, geo.CGCS2000, geo.GK114)
		if err != nil {
			t.Fatal(err)
		}
		var plots, partial int
		v.Plots.All(func(r plotset.Ref) bool { // the same without boxes
			onPlane := geo.MapPoints(r.Boundary(), func(p geo.Point) geo.Point { return geo.SnapToGrid(toPlane(p)) })
			if part := area.window.Area(onPlane); part > 0.0001 {
				plots++
				if part < geo.PlaneArea(onPlane)-0.0001 {
					partial++
				}
			}
			return true
		})
		if got.Total.Plots != plots || got.Total.Partial != partial || len(got.Partials) != partial {
			t.Errorf("%d plots, %d partial; want %d, %d", got.Total.Plots, got.Total.Partial, plots, partial)
		}
	}
	bow := geo.MultiPolygon{{{{113.4, 22.9}, {113.41, 22.91}, {113.41, 22.9}, {113.4, 22.91}, {113.4, 22.9}}}}
	if _, err := v.Statistics(everything, bow, geo.CGCS2000); err == nil {
		t.Error("a polygon that crosses itself was measured")
	}
}
