package tiles

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	reference "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/tiles/mvt"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// viewOf makes a view of one park's plots, given as WKT in lon/lat.
func viewOf(t testing.TB, plots ...string) *View {
	t.Helper()
	r := land.Register{Seq: 7}
	for i, text := range plots {
		g, err := wkt.Unmarshal(text)
		if err != nil {
			t.Fatal(err)
		}
		boundary, ok := g.(orb.MultiPolygon)
		if !ok {
			boundary = orb.MultiPolygon{g.(orb.Polygon)}
		}
		far := 2.5
		p := land.Plot{ID: land.PlotID(i + 1), Park: "panyu", Boundary: boundary, Area: 10000}
		p.Attributes = land.Attributes{PlotNo: string(rune('A' + i)), Use: land.UseCode{Scheme: land.GB50137, Code: "A35"}, Status: land.Available}
		p.FARMax = &far
		r.Plots = append(r.Plots, p)
	}
	r.Parks = []land.Park{{Code: "panyu", NameZh: "番禺园区", Boundary: orb.MultiPolygon{{{{113.44, 22.97}, {113.47, 22.97}, {113.47, 22.99}, {113.44, 22.99}, {113.44, 22.97}}}}, Demonstration: true, Area: 200000}}
	return viewOfRegister(r)
}

// viewOfRegister makes a view of a register that holds its plots.
func viewOfRegister(r land.Register) *View { return NewView(r, plotset.Of(r.Plots)) }

const square = "POLYGON((113.45 22.98,113.452 22.98,113.452 22.982,113.45 22.982,113.45 22.98))"

func decode(t testing.TB, tile []byte) map[string]*reference.Layer {
	t.Helper()
	layers, err := reference.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*reference.Layer{}
	for _, l := range layers {
		byName[l.Name] = l
	}
	return byName
}

func tileAt(lon, lat float64, z maptile.Zoom) maptile.Tile { return maptile.At(orb.Point{lon, lat}, z) }

func TestTileHoldsThePlotAsReferenceEncoderDrawsIt(t *testing.T) {
	t.Parallel()
	v := viewOf(t, square)
	tile := tileAt(113.451, 22.981, 15)
	layers := decode(t, Encode(v, tile, nil))
	f := layers["plots"].Features[0]
	if f.ID != float64(1) {
		t.Errorf("id %v", f.ID)
	}
	for name, want := range map[string]any{"park": "panyu", "plot_no": "A", "land_use": "A35", "status": "available", "area_mu": 15.0, "far_max": 2.5} {
		if f.Properties[name] != want {
			t.Errorf("%s is %v, want %v", name, f.Properties[name], want)
		}
	}
	if got := layers["parks"].Features[0].Properties["name_zh"]; got != "番禺园区" {
		t.Errorf("park %v", got)
	}
	p, _ := v.Plot(1)
	collection := geojson.NewFeatureCollection()
	collection.Append(geojson.NewFeature(p.Boundary[0].Clone()))
	drawn := reference.NewLayer("plots", collection)
	drawn.ProjectToTile(tile)
	for i, q := range f.Geometry.(orb.Polygon)[0] {
		if d := nearest(q, drawn.Features[0].Geometry.(orb.Polygon)[0]); d > 1.5 { // each rounds its own way
			t.Errorf("vertex %d is %g units off", i, d)
		}
	}
}

func nearest(q orb.Point, ring orb.Ring) float64 {
	best := math.Inf(1)
	for _, p := range ring {
		best = math.Min(best, planar.Distance(p, q))
	}
	return best
}

func TestWindingHolesAndParts(t *testing.T) {
	t.Parallel()
	v := viewOf(t, "MULTIPOLYGON(((113.45 22.98,113.45 22.982,113.452 22.982,113.452 22.98,113.45 22.98),"+ // clockwise on purpose
		"(113.4505 22.9805,113.4515 22.9805,113.4515 22.9815,113.4505 22.9815,113.4505 22.9805)),((113.453 22.98,113.454 22.98,113.454 22.981,113.453 22.98)))")
	f := decode(t, Encode(v, tileAt(113.451, 22.981, 15), nil))["plots"].Features[0]
	mp, ok := f.Geometry.(orb.MultiPolygon)
	if !ok || len(mp) != 2 || len(mp[0]) != 2 || len(mp[1]) != 1 {
		t.Fatalf("geometry %T %v", f.Geometry, f.Geometry)
	}
	for i, p := range mp {
		for j, ring := range p {
			if (planar.Area(ring) > 0) != (j == 0) {
				t.Errorf("part %d ring %d winds the wrong way", i, j)
			}
		}
	}
}

func TestTilesOfOneViewAreTheSameBytes(t *testing.T) {
	t.Parallel()
	a := viewOf(t, square, "POLYGON((113.452 22.98,113.454 22.98,113.454 22.982,113.452 22.982,113.452 22.98))")
	tile := tileAt(113.451, 22.981, 14)
	first := Encode(a, tile, nil)
	b, _ := a.With(land.Delta{Seq: 8, Parks: parksOf(a), Plots: []land.Plot{plotOf(t, a, 1)}})
	for range 20 {
		if !bytes.Equal(first, Encode(a, tile, nil)) || !bytes.Equal(first, Encode(b, tile, nil)) {
			t.Fatal("the same register gave other bytes")
		}
	}
}

func TestNothingThereIsNothing(t *testing.T) {
	t.Parallel()
	if got := Encode(viewOf(t, square), tileAt(10, 10, 10), nil); len(got) > 0 {
		t.Errorf("%d bytes", len(got))
	}
}

func TestViewFollowsChanges(t *testing.T) {
	t.Parallel()
	v := viewOf(t, square)
	moved := plotOf(t, v, 1)
	moved.Boundary = orb.MultiPolygon{{{{113.46, 22.985}, {113.461, 22.985}, {113.461, 22.986}, {113.46, 22.985}}}}
	next, changed := v.With(land.Delta{Seq: 8, Parks: parksOf(v), Plots: []land.Plot{moved}})
	was, is := orb.Point{113.451, 22.981}, orb.Point{113.4608, 22.9853}
	if len(v.At(was)) != 1 || len(v.At(is)) != 0 {
		t.Error("the earlier view changed")
	}
	if len(next.At(was)) != 0 || len(next.At(is)) != 1 || next.Seq != 8 {
		t.Error("the later view did not")
	}
	gone, _ := next.With(land.Delta{Seq: 9, Parks: parksOf(v), Retired: []land.PlotID{1}})
	for _, at := range []orb.Point{was, is} {
		if !slices.ContainsFunc(changed, func(b plotset.Box) bool { return b.Meets(plotset.BoxOf(orb.Bound{Min: at, Max: at})) }) {
			t.Errorf("the change at %v is not told", at)
		}
	}
	if gone.Plots.Len() != 0 {
		t.Error("a retired plot is still there")
	}
}

func parksOf(v *View) []land.Park {
	var parks []land.Park
	for _, p := range v.Parks {
		parks = append(parks, p.Park)
	}
	return parks
}

func plotOf(t *testing.T, v *View, id land.PlotID) land.Plot {
	t.Helper()
	p, ok := v.Plot(id)
	if !ok {
		t.Fatal("no such plot")
	}
	return p
}

// TestClippedAreaIsTrue compares the area of clipped random rings, a hundred
// times finer than a unit, with that of triangles of theirs, each clipped by
// itself: triangles are convex, so their clipping is beyond doubt.
func TestClippedAreaIsTrue(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	r := rings{frame: frameOf(unitShift, 1<<19, 1<<19)}
	clipped := func(ring [][2]float64) float64 {
		var points [][2]uint32
		for _, p := range ring {
			points = append(points, [2]uint32{uint32(r.ox + int64(p[0])), uint32(r.oy + int64(p[1]))})
		}
		units := r.clip(points)
		for _, p := range units {
			if p.x < -margin || p.y < -margin || p.x > Extent+margin || p.y > Extent+margin {
				t.Fatalf("%v lies outside", p)
			}
		}
		return float64(doubleArea(units)) / 2
	}
	for range 2000 {
		cx, cy := random.Float64()*6000, random.Float64()*6000
		n := 3 + random.IntN(20)
		var ring [][2]float64
		for i := range n {
			d, a := 100+random.Float64()*3000, 2*math.Pi*float64(i)/float64(n)
			ring = append(ring, [2]float64{math.Floor(cx + d*math.Cos(a)), math.Floor(cy + d*math.Sin(a))})
		}
		got, want := clipped(ring), 0.0
		for i := 1; i+1 < n; i++ {
			want += clipped([][2]float64{ring[0], ring[i], ring[i+1]})
		}
		if math.Abs(got-want) > float64(n)*(Extent+2*margin) { // each cut is off by half a unit along an edge at most
			t.Fatalf("area %f, want %f, of %v", got, want, ring)
		}
	}
}

// FuzzEncode draws a polygon with a hole and a second part anywhere, at any zoom;
// what comes out must be a valid tile.
func FuzzEncode(f *testing.F) {
	f.Add(int64(1), uint8(15), uint16(40), false)
	f.Add(int64(2), uint8(0), uint16(3), true)
	f.Add(int64(3), uint8(22), uint16(500), false)
	f.Fuzz(func(t *testing.T, seed int64, z uint8, points uint16, vast bool) {
		random := rand.New(rand.NewPCG(uint64(seed), 0))
		reach := math.Exp2(-4 - 18*random.Float64()) // degrees
		if vast {
			reach = 170
		}
		centre := orb.Point{360*random.Float64() - 180, 170*random.Float64() - 85}
		ring := func(n int, reach float64) orb.Ring {
			var r orb.Ring
			for i := range n {
				d, a := reach*(0.5+0.5*random.Float64()), 2*math.Pi*float64(i)/float64(n)
				r = append(r, orb.Point{min(max(centre[0]+d*math.Cos(a), -180), 180), min(max(centre[1]+d*math.Sin(a), -85.05), 85.05)})
			}
			return append(r, r[0])
		}
		n := 3 + int(points%2000)
		boundary := orb.MultiPolygon{{ring(n, reach), ring(n/2+3, reach*0.2)}}
		if random.IntN(2) == 0 {
			centre[0] = min(centre[0]+3*reach, 180)
			boundary = append(boundary, orb.Polygon{ring(n, reach)})
		}
		v := viewOfRegister(land.Register{Plots: []land.Plot{{ID: 1, Boundary: boundary}}})
		corner := boundary[0][0][random.IntN(n)]
		tile := maptile.At(corner, maptile.Zoom(z%(MaxZoom+1)))
		if b := Encode(v, tile, nil); len(b) > 0 {
			if err := (mvt.Rules{Margin: margin}).Check(b); err != nil {
				t.Fatalf("%v: %v", tile, err)
			}
		}
	})
}
