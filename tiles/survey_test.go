package tiles

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/geo/topology"
)

// surveyed is a view of two plots side by side in a park, plane coordinates from a
// corner of it, and controls.
func surveyed(t testing.TB, on string, controls ...land.ControlFeature) *View {
	t.Helper()
	r := land.Register{Seq: 3, At: dayOf(t, on), Controls: controls}
	r.Parks = []land.Park{
		{Code: "one", PlaneCRS: geo.GK114, Boundary: planeWKT(t, "POLYGON((0 0,400 0,400 300,0 300,0 0))")},
		{Code: "two", PlaneCRS: geo.GK114, Boundary: planeWKT(t, "POLYGON((500 0,600 0,600 300,500 300,500 0))")},
	}
	for i, text := range []string{"POLYGON((0 0,200 0,200 300,0 300,0 0))", "POLYGON((200 0,350 0,350 300,200 300,200 0))"} {
		p := land.Plot{ID: land.PlotID(i + 1), Park: "one", Boundary: planeWKT(t, text)}
		p.Attributes = land.Attributes{PlotNo: string(rune('A' + i)), Use: land.UseCode{Scheme: land.GB50137, Code: []string{"A35", "M1"}[i]}, Status: land.Available}
		r.Plots = append(r.Plots, p)
	}
	return viewOfRegister(r)
}

// planeWKT is a boundary as it is stored, from metres of EPSG:4547 about a place.
func planeWKT(t testing.TB, text string) geo.MultiPolygon {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := g.(orb.MultiPolygon)
	if !ok {
		p = orb.MultiPolygon{g.(orb.Polygon)}
	}
	back, err := geo.NewTransformer(geo.GK114, geo.CGCS2000)
	if err != nil {
		t.Fatal(err)
	}
	return geo.MapPoints(p, func(q geo.Point) geo.Point { return back(geo.Point{443000 + q[0], 2543000 + q[1]}) })
}

func control(t testing.TB, id land.ControlID, kind land.ControlKind, text string) land.ControlFeature {
	t.Helper()
	layer := &land.ControlLayer{Code: land.ControlCode(kind), Kind: kind, NameZh: "图层", NameEn: "a layer", ValidFrom: dayOf(t, "2016-01-01"), ValidTo: dayOf(t, "2020-12-31")}
	return land.ControlFeature{ID: id, Layer: layer, Boundary: planeWKT(t, text), Attributes: map[string]any{"height_max_m": 45.0}}
}

func area(pieces []land.Piece) (sum float64) {
	for _, p := range pieces {
		sum += float64(p.Area)
	}
	return sum
}

func TestASurveyTellsWhatLiesWhere(t *testing.T) {
	t.Parallel()
	needs := land.NeedsOf(land.ComplianceRules())
	for _, c := range []struct {
		name, boundary           string
		controls                 []land.ControlFeature
		beyond, plotA, plotB, un float64
		inFarm, outUrban, ofUse  float64
	}{
		{name: "a plot", boundary: "POLYGON((0 0,200 0,200 300,0 300,0 0))", plotA: 60000},
		{name: "over the park's side", boundary: "POLYGON((-100 0,100 0,100 100,-100 100,-100 0))", beyond: 10000, plotA: 10000},
		{name: "over a road that is no plot", boundary: "POLYGON((300 0,400 0,400 100,300 100,300 0))", plotB: 5000, un: 5000},
		{name: "with a hole", boundary: "POLYGON((100 100,300 100,300 200,100 200,100 100),(150 120,250 120,250 180,150 180,150 120))", plotA: 7000, plotB: 7000},
		{name: "of two parts", boundary: "MULTIPOLYGON(((0 0,10 0,10 10,0 10,0 0)),((300 0,310 0,310 10,300 10,300 0)))", plotA: 100, plotB: 100},
		{name: "farmland that touches only", boundary: "POLYGON((0 0,100 0,100 100,0 100,0 0))", plotA: 10000,
			controls: []land.ControlFeature{control(t, 1, land.PermanentFarmland, "POLYGON((100 0,150 0,150 100,100 100,100 0))")}},
		{name: "farmland at a corner", boundary: "POLYGON((0 0,100 0,100 100,0 100,0 0))", plotA: 10000,
			controls: []land.ControlFeature{control(t, 1, land.PermanentFarmland, "POLYGON((100 100,150 100,150 150,100 150,100 100))")}},
		{name: "farmland with a hole", boundary: "POLYGON((0 0,100 0,100 100,0 100,0 0))", plotA: 10000, inFarm: 9600,
			controls: []land.ControlFeature{control(t, 1, land.PermanentFarmland, "POLYGON((-50 -50,150 -50,150 150,-50 150,-50 -50),(40 40,40 60,60 60,60 40,40 40))")}},
		{name: "farmland twice over", boundary: "POLYGON((0 0,100 0,100 100,0 100,0 0))", plotA: 10000, inFarm: 3000,
			controls: []land.ControlFeature{control(t, 1, land.PermanentFarmland, "POLYGON((0 0,20 0,20 100,0 100,0 0))"), control(t, 2, land.PermanentFarmland, "POLYGON((10 0,30 0,30 100,10 100,10 0))")}},
		{name: "within two polygons that adjoin", boundary: "POLYGON((0 0,100 0,100 100,0 100,0 0))", plotA: 10000,
			controls: []land.ControlFeature{control(t, 1, land.UrbanBoundary, "POLYGON((-10 -10,50 -10,50 110,-10 110,-10 -10))"), control(t, 2, land.UrbanBoundary, "POLYGON((50 -10,110 -10,110 110,50 110,50 -10))")}},
		{name: "partly within", boundary: "POLYGON((0 0,100 0,100 100,0 100,0 0))", plotA: 10000, outUrban: 4000,
			controls: []land.ControlFeature{control(t, 1, land.UrbanBoundary, "POLYGON((-10 -10,60 -10,60 110,-10 110,-10 -10))")}},
		{name: "industry outside its block", boundary: "POLYGON((150 0,250 0,250 100,150 100,150 0))", plotA: 5000, plotB: 5000, ofUse: 1000,
			controls: []land.ControlFeature{control(t, 1, land.IndustrialBlock, "POLYGON((200 0,240 0,240 100,200 100,200 0))")}},
	} {
		boundary := planeWKT(t, c.boundary)
		s, err := surveyed(t, "2018-01-01", c.controls...).Survey(boundary, geo.CGCS2000, needs, false)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		under := map[land.PlotID]float64{}
		for _, o := range s.Plots {
			under[o.Plot.ID] = area(o.Pieces)
		}
		farm := 0.0
		for _, l := range s.Kinds[land.PermanentFarmland].Layers {
			farm += area(l.Within)
		}
		for _, got := range []struct {
			what      string
			got, want float64
		}{
			{"beyond", area(s.Beyond), c.beyond}, {"A", under[1], c.plotA}, {"B", under[2], c.plotB}, {"without a plot", area(s.Unplotted), c.un},
			{"in farmland", farm, c.inFarm}, {"outside the boundary", area(s.Kinds[land.UrbanBoundary].Outside), c.outUrban},
			{"industry", area(s.Kinds[land.IndustrialBlock].OfUse), c.ofUse},
			{"all", float64(s.Area), c.beyond + c.plotA + c.plotB + c.un},
		} {
			if math.Abs(got.got-got.want) > 1e-4 {
				t.Errorf("%s: %s is %v m², want %v", c.name, got.what, got.got, got.want)
			}
		}
	}
}

func TestGapsOfMillimetresAreNotFaults(t *testing.T) {
	t.Parallel()
	v := surveyed(t, "2018-01-01",
		control(t, 1, land.UrbanBoundary, "POLYGON((-10 -10,49.999 -10,50.001 110,-10 110,-10 -10))"), control(t, 2, land.UrbanBoundary, "POLYGON((50.004 -10,110 -10,110 110,50.006 110,50.004 -10))"),
		control(t, 3, land.PermanentFarmland, "POLYGON((-50 -50,150 -50,150 0.008,70 0.012,30 0.005,-50 0.01,-50 -50))"))
	boundary := planeWKT(t, "POLYGON((0 0,100 0,100 100,0 100,0 0))")
	rules, err := land.ChooseRules(land.ComplianceRules(), []string{string(land.UrbanBoundary), string(land.PermanentFarmland)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := v.Survey(boundary, geo.CGCS2000, land.NeedsOf(rules), false)
	if err != nil {
		t.Fatal(err)
	}
	c := land.Judge(s, land.Proposal{}, rules)
	if c.Verdict != land.Passes || len(c.Findings) != 2 || c.Findings[0].Ignored < 0.5 || c.Findings[1].Ignored < 0.4 {
		t.Errorf("%+v", c.Findings)
	}
}

func TestASurveyIsOfItsDay(t *testing.T) {
	t.Parallel()
	farmland := control(t, 1, land.PermanentFarmland, "POLYGON((0 0,50 0,50 50,0 50,0 0))")
	boundary := planeWKT(t, "POLYGON((0 0,100 0,100 100,0 100,0 0))")
	needs := land.Needs{Kinds: map[land.ControlKind]bool{land.PermanentFarmland: true}}
	for on, layers := range map[string]int{"2015-12-31": 0, "2016-01-01": 1, "2020-12-31": 1, "2021-01-01": 0} {
		s, err := surveyed(t, on, farmland).Survey(boundary, geo.CGCS2000, needs, false)
		if k := s.Kinds[land.PermanentFarmland]; err != nil || len(k.Layers) != layers || len(s.Plots) != 0 {
			t.Errorf("on %s: %+v %v", on, k, err)
		}
	}
	later, _ := surveyed(t, "2021-01-01", farmland).On(dayOf(t, "2018-01-01"))
	if s, err := later.Survey(boundary, geo.CGCS2000, needs, false); err != nil || len(s.Kinds[land.PermanentFarmland].Layers) != 1 {
		t.Errorf("%+v %v", s.Kinds, err)
	}
}

func TestASurveyMeasuresOnTheEllipsoid(t *testing.T) {
	t.Parallel()
	boundary := planeWKT(t, "POLYGON((0 0,200 0,200 300,0 300,0 0))")
	s, err := surveyed(t, "2018-01-01").Survey(boundary, geo.CGCS2000, land.Needs{Plots: true}, true)
	want := float64(geo.EllipsoidArea(boundary))
	if err != nil || math.Abs(float64(s.Area)-want) > 1e-6 || math.Abs(float64(s.Plots[0].Area())-want) > 1e-4 || math.Abs(want-60000) < 1 {
		t.Errorf("%v %v, want %v", s, err, want)
	}
}

func TestWhatCannotBeSurveyedIsRefused(t *testing.T) {
	t.Parallel()
	v := surveyed(t, "2018-01-01")
	var invalid *topology.InvalidError
	for _, c := range []struct {
		boundary string
		is       func(error) bool
	}{
		{"POLYGON((0 0,100 100,100 0,0 100,0 0))", func(err error) bool { return errors.As(err, &invalid) }},
		{"POLYGON((1000 0,1100 0,1100 100,1000 100,1000 0))", func(err error) bool { return errors.Is(err, ErrBeyondParks) }},
		{"POLYGON((400 0,500 0,500 100,400 100,400 0))", func(err error) bool { return errors.Is(err, ErrBeyondParks) }}, // between the parks
		{"POLYGON((0 0,40000 0,40000 100,0 100,0 0))", func(err error) bool { return err != nil && strings.Contains(err.Error(), "too large") }},
	} {
		if _, err := v.Survey(planeWKT(t, c.boundary), geo.CGCS2000, land.Needs{}, false); !c.is(err) {
			t.Errorf("%s: %v", c.boundary, err)
		}
	}
	both, err := v.Survey(planeWKT(t, "POLYGON((300 0,520 0,520 100,300 100,300 0))"), geo.CGCS2000, land.Needs{}, false)
	if err != nil || both.Park.Code != "one" || len(both.OtherParks) != 1 || both.OtherParks[0].Code != "two" || math.Abs(area(both.Beyond)-12000) > 1e-4 {
		t.Errorf("%v %v", both, err)
	}
	if _, _, err := v.JoinPlots([]land.PlotID{1, 9}); err == nil {
		t.Error("a plot that is not there was joined")
	}
	joined, crs, err := v.JoinPlots([]land.PlotID{1, 2})
	if err != nil || crs != geo.GK114 || len(joined) != 1 || math.Abs(float64(geo.PlaneArea(joined))-105000) > 1e-4 {
		t.Errorf("%v %v %v", joined, crs, err)
	}
}

// A control of very many vertices is cut from the few of them that are needed, and
// must give the same.
func TestPointsFarAwayAreNotNeeded(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		const vertices = 3000
		var ring, hole geo.Ring
		lon, lat := 113.446+0.01*random.Float64(), 22.985+0.01*random.Float64()
		for i := range vertices {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / vertices)
			r := 0.01 + 0.003*random.Float64()
			ring = append(ring, geo.Point{lon + r*cos, lat + r*sin})
			hole = append(hole, geo.Point{lon + r/2*cos, lat + r/2*sin})
		}
		p := geo.MultiPolygon{{append(ring, ring[0]), append(hole, hole[0])}}
		if random.IntN(2) == 0 { // whichever way they run
			p[0][0].Reverse()
		}
		boundary := planeWKT(t, "POLYGON((0 0,200 0,230 300,100 200,0 300,0 0))")
		g, err := newGround(boundary, geo.CGCS2000, geo.GK114)
		if err != nil {
			t.Fatal(err)
		}
		near, all := g.near(p, drawnOf(p)), g.onPlane(p)
		kept := 0
		for _, r := range near[0] {
			kept += len(r)
		}
		var got, want float64
		for i, q := range []geo.MultiPolygon{near, all} {
			for _, piece := range g.subject.Inside(q) {
				*[2]*float64{&got, &want}[i] += float64(piece.Area)
			}
		}
		if math.Abs(got-want) > 1e-6 || kept > vertices/2 {
			t.Errorf("%v m² by %d points, %v by all", got, kept, want)
		}
	}
}
