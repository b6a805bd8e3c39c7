package tiles

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2/relate"
	"github.com/dikuai/dikuai/data/plan"
	"github.com/dikuai/dikuai/geo"
)

// planePlot is a plot with its boundary in EPSG:4547.
type planePlot struct {
	land.Plot
	plane geo.MultiPolygon
}

// viewOfPlane makes a view of plots that are given in the plane.
func viewOfPlane(t testing.TB, plots []planePlot) *View {
	t.Helper()
	toDegrees, err := geo.NewTransformer(geo.GK114, geo.CGCS2000)
	if err != nil {
		t.Fatal(err)
	}
	r := land.Register{Seq: 1, Parks: []land.Park{{Code: "one", PlaneCRS: geo.GK114}}}
	for i := range plots {
		p := &plots[i]
		p.Version, p.Boundary, p.Area = 1, geo.MapPoints(p.plane, toDegrees), geo.PlaneArea(p.plane)
		r.Plots = append(r.Plots, p.Plot)
	}
	return viewOfRegister(r)
}

// uneven is a coverage of columns × rows plots whose corners are pushed about, with
// a further point on some of the borders.
func uneven(random *rand.Rand, columns, rows int) []planePlot {
	corner := map[[2]int]geo.Point{}
	at := func(i, j int) geo.Point { // two steps a plot
		p, ok := corner[[2]int{i, j}]
		if !ok {
			p = geo.SnapToGrid(geo.Point{443000 + float64(i)*50 + 30*random.Float64(), 2543000 + float64(j)*50 + 30*random.Float64()})
			corner[[2]int{i, j}] = p
		}
		return p
	}
	middles := map[[2]int]bool{}
	var plots []planePlot
	for row := range rows {
		for column := range columns {
			i, j := 2*column, 2*row
			var ring geo.Ring
			side := func(a, b [2]int) {
				ring = append(ring, at(a[0], a[1]))
				m := [2]int{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
				if _, known := middles[m]; !known {
					middles[m] = random.IntN(2) == 0
				}
				if middles[m] {
					ring = append(ring, at(m[0], m[1]))
				}
			}
			side([2]int{i, j}, [2]int{i + 2, j})
			side([2]int{i + 2, j}, [2]int{i + 2, j + 2})
			side([2]int{i + 2, j + 2}, [2]int{i, j + 2})
			side([2]int{i, j + 2}, [2]int{i, j})
			p := planePlot{plane: geo.MultiPolygon{{append(ring, ring[0])}}}
			p.ID, p.Park, p.PlotNo = land.PlotID(10_000-len(plots)*7), "one", fmt.Sprintf("N%d-%d", row, column)
			p.Use, p.Status = land.UseCode{Scheme: land.GB50137, Code: []string{"A35", "A35", "M1"}[random.IntN(3)]}, land.Available
			far := 1 + float64(random.IntN(5))/2
			p.FARMax = &far
			plots = append(plots, p)
		}
	}
	return plots
}

// sharedInPlane is the length of the stretches where sides of two boundaries lie
// on one another, whether or not they have the same ends.
func sharedInPlane(a, b geo.MultiPolygon) (metres float64) {
	for _, p := range a {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				for _, q := range b {
					for _, s := range q {
						for j := 1; j < len(s); j++ {
							metres += overlapping(r[i-1], r[i], s[j-1], s[j])
						}
					}
				}
			}
		}
	}
	return metres
}

// overlapping is how long the segment c–d lies on a–b.
func overlapping(a, b, c, d geo.Point) float64 {
	length := math.Hypot(b[0]-a[0], b[1]-a[1])
	u := geo.Point{(b[0] - a[0]) / length, (b[1] - a[1]) / length}
	along := func(p geo.Point) (t, off float64) {
		x, y := p[0]-a[0], p[1]-a[1]
		return x*u[0] + y*u[1], math.Abs(x*u[1] - y*u[0])
	}
	s, off := along(c)
	e, offEnd := along(d)
	if off > 1e-6 || offEnd > 1e-6 {
		return 0
	}
	return max(0, min(length, max(s, e))-max(0, min(s, e)))
}

// offersByTrying tries every group of up to three plots.
func offersByTrying(t *testing.T, v *View, plots []planePlot, serves func(planePlot) bool, at orb.Point, n land.Need) map[string]bool {
	t.Helper()
	distance := func(p planePlot) float64 { return relate.Distance(relate.New(p.Boundary), relate.New(at)) }
	var near []planePlot
	for _, p := range plots {
		if serves(p) && (n.Radius == 0 || distance(p) <= n.Radius) {
			near = append(near, p)
		}
	}
	slices.SortFunc(near, func(a, b planePlot) int { return int(a.ID - b.ID) })
	adjoin := func(i, j int) bool { return sharedInPlane(near[i].plane, near[j].plane) >= land.LeastBorder }
	offers := map[string]bool{}
	try := func(group ...int) {
		var area float64
		for _, i := range group {
			area += float64(near[i].Area.Mu())
		}
		area = geo.Round(area, geo.MuDecimals)
		if area < *n.AreaMu.Min*(1-n.Tolerance) || area > *n.AreaMu.Max*(1+n.Tolerance) {
			return
		}
		var ids []land.PlotID
		for _, i := range group {
			ids = append(ids, near[i].ID)
		}
		offers[fmt.Sprint(ids)] = true
	}
	for i := range near {
		try(i)
		for j := range i {
			if n.MostPlots > 1 && adjoin(i, j) {
				try(j, i)
			}
			for k := range j {
				links := 0
				for _, pair := range [3][2]int{{i, j}, {i, k}, {j, k}} {
					if adjoin(pair[0], pair[1]) {
						links++
					}
				}
				if n.MostPlots > 2 && links > 1 {
					try(k, j, i)
				}
			}
		}
	}
	return offers
}

// idsOfOffer are the numbers of an offer's plots, in order.
func idsOfOffer(f Fitting, o land.Offer) string {
	var ids []land.PlotID
	for _, i := range o.Sites {
		ids = append(ids, f.Sites[i].ID())
	}
	slices.Sort(ids)
	return fmt.Sprint(ids)
}

func mustOfferAll(t *testing.T, f Fitting, want map[string]bool) {
	t.Helper()
	got := map[string]bool{}
	for i, o := range f.Offers {
		got[idsOfOffer(f, o)] = true
		if i > 0 && o.Score.Total() > f.Offers[i-1].Score.Total() {
			t.Error("a worse offer stands before a better one")
		}
	}
	if f.Truncated() || len(got) != len(f.Offers) || len(got) != len(want) {
		t.Errorf("%d offers, want %d; truncated %t", len(f.Offers), len(want), f.Truncated())
	}
	for ids := range want {
		if !got[ids] {
			t.Errorf("%s is not offered", ids)
		}
	}
}

func TestFitOffersWhatTryingEveryGroupOffers(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	offered := 0
	for range 40 {
		plots := uneven(random, 1+random.IntN(5), 1+random.IntN(5))
		v := viewOfPlane(t, plots)
		middle := plots[random.IntN(len(plots))].Boundary[0][0][0]
		n := land.Need{AreaMu: between(15, 40), Tolerance: float64(random.IntN(2)) / 10, MostPlots: 1 + random.IntN(3), Radius: float64(random.IntN(3) * 120)}
		s := searchFor(t, land.Query{Uses: []string{"A"}, FARMax: between(1.5, 9)}, "")
		f := v.Fit(s, middle, n, 10_000)
		want := offersByTrying(t, v, plots, func(p planePlot) bool { return p.Use.Code == "A35" && *p.FARMax >= 1.5 }, middle, n)
		mustOfferAll(t, f, want)
		offered += len(want)
		some := v.Fit(s, middle, n, 3)
		for i, o := range some.Offers {
			if fmt.Sprint(o) != fmt.Sprint(f.Offers[i]) {
				t.Errorf("of three offers the one at %d is %v and not %v", i, o, f.Offers[i])
			}
		}
	}
	if offered < 100 {
		t.Errorf("only %d offers in all", offered)
	}
}

// TestFitInTheDemonstrationParks looks for land where the layout is known.
func TestFitInTheDemonstrationParks(t *testing.T) {
	t.Parallel()
	for _, park := range plan.Parks() {
		drafts, err := plan.Demonstration(park.Code)
		if err != nil {
			t.Fatal(err)
		}
		var plots []planePlot
		for i, d := range drafts {
			plane, _, err := geo.SnapPolygon(d.Boundary, geo.CGCS2000, geo.GK114)
			if err != nil {
				t.Fatal(err)
			}
			p := planePlot{plane: plane}
			p.ID, p.Park, p.Attributes = land.PlotID(i+1), "one", d.Attributes
			plots = append(plots, p)
		}
		v := viewOfPlane(t, plots)
		n := land.Need{AreaMu: between(20, 60), Tolerance: 0.1, MostPlots: 3}
		f := v.Fit(searchFor(t, land.Query{Uses: []string{"A", "M1"}}, ""), orb.Point{}, n, 100_000)
		mustOfferAll(t, f, offersByTrying(t, v, plots, func(p planePlot) bool { return p.Use.Code[0] == 'A' || p.Use.Code == "M1" }, orb.Point{}, n))
		if len(f.Offers) == 0 {
			t.Errorf("%s offers nothing", park.Code)
		}
	}
}

// TestPlotsThatTouchAtAPointDoNotAdjoin tells apart corners, slivers of border and
// borders.
func TestPlotsThatTouchAtAPointDoNotAdjoin(t *testing.T) {
	t.Parallel()
	plot := func(id land.PlotID, ring ...geo.Point) planePlot {
		p := planePlot{plane: geo.MultiPolygon{{append(ring, ring[0])}}}
		p.ID, p.Park, p.Status = id, "one", land.Available
		return p
	}
	const e, s = 443000, 2543000
	v := viewOfPlane(t, []planePlot{
		plot(1, geo.Point{e, s}, geo.Point{e + 100, s}, geo.Point{e + 100, s + 96}, geo.Point{e + 100, s + 100}, geo.Point{e, s + 100}),
		plot(2, geo.Point{e + 100, s + 100}, geo.Point{e + 200, s + 100}, geo.Point{e + 200, s + 200}, geo.Point{e + 100, s + 200}),    // at a corner of 1
		plot(3, geo.Point{e, s + 100}, geo.Point{e, s + 103}, geo.Point{e - 100, s + 103}, geo.Point{e - 100, s}, geo.Point{e - 3, s}), // at a corner of 1
		plot(4, geo.Point{e + 100, s + 96}, geo.Point{e + 200, s + 96}, geo.Point{e + 200, s + 100}, geo.Point{e + 100, s + 100}),      // along 4 m of 1, 100 m of 2
	})
	f := v.Fit(searchFor(t, land.Query{}, ""), orb.Point{}, land.Need{AreaMu: between(0, 1000), MostPlots: 3}, 100)
	var got []string
	for _, o := range f.Offers {
		got = append(got, idsOfOffer(f, o))
	}
	slices.Sort(got)
	if want := []string{"[1 2 4]", "[1 4]", "[1]", "[2 4]", "[2]", "[3]", "[4]"}; !slices.Equal(got, want) {
		t.Errorf("offered %v, want %v", got, want)
	}
}

// BenchmarkFit looks for land in a made city, of 100,000 plots unless DIKUAI_PLOTS
// says otherwise.
func BenchmarkFit(b *testing.B) {
	v, places := cityView(b, 100_000)
	for _, c := range []struct {
		name  string
		query land.Query
		need  land.Need
	}{
		{"one", land.Query{Statuses: []land.Status{land.Available}}, land.Need{AreaMu: between(30, 50), Tolerance: 0.1, MostPlots: 1, Radius: 3000}},
		{"two", land.Query{Statuses: []land.Status{land.Available}}, land.Need{AreaMu: between(30, 50), Tolerance: 0.1, MostPlots: 2, Radius: 3000}},
		{"five", land.Query{Statuses: []land.Status{land.Available}}, land.Need{AreaMu: between(30, 50), Tolerance: 0.1, MostPlots: 5, Radius: 3000}},
		{"five-of-any-status", land.Query{}, land.Need{AreaMu: between(30, 50), Tolerance: 0.1, MostPlots: 5, Radius: 3000}},
		{"five-far", land.Query{Statuses: []land.Status{land.Available}}, land.Need{AreaMu: between(30, 50), Tolerance: 0.1, MostPlots: 5, Radius: 20_000}},
		{"anywhere", land.Query{Statuses: []land.Status{land.Available}}, land.Need{AreaMu: between(30, 50), Tolerance: 0.1, MostPlots: 5}},
		{"hopeless", land.Query{}, land.Need{AreaMu: between(3000, 5000), Tolerance: 0.1, MostPlots: 5, Radius: 3000}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := searchFor(b, c.query, "")
			looked, serving, truncated := 0, 0, 0
			tellP99(b, func(i int) {
				f := v.Fit(s, places[i%len(places)], c.need, 10)
				looked, serving = looked+f.Looked, serving+f.Serving
				if f.Truncated() {
					truncated++
				}
			})
			b.ReportMetric(float64(looked)/float64(b.N), "groups")
			b.ReportMetric(float64(serving)/float64(b.N), "plots")
			b.ReportMetric(float64(truncated)/float64(b.N), "truncated")
		})
	}
}
