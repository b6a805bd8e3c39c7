package mvt

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

func TestDecodeGivesWhatIsThere(t *testing.T) {
	t.Parallel()
	tile, err := Decode(layerOf(
		featureOf(Polygons, draw(Polygons, box(0, 0, 9), box(20, 0, 9), reversed(box(22, 2, 4))), number(featureID, 7), packed(featureTags, 0, 0, 1, 1)),
		featureOf(Points, draw(Points, []Point{{1, 2}, {-3, 4}})),
		key("no"), key("n"), textValue("A-1"), message(layerValues, number(valueSint, 3))))
	if err != nil {
		t.Fatal(err)
	}
	want := Layer{Name: "land", Version: 2, Extent: 4096, Features: []Feature{
		{ID: 7, HasID: true, Type: Polygons, Paths: [][]Point{box(0, 0, 9), box(20, 0, 9), reversed(box(22, 2, 4))}, Attributes: map[string]any{"no": "A-1", "n": int64(-2)}},
		{Type: Points, Paths: [][]Point{{{1, 2}, {-3, 4}}}, Attributes: map[string]any{}},
	}}
	if got := *tile.Layer("land"); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if p := tile.Layers[0].Features[0].Polygons(); len(p) != 2 || len(p[0]) != 1 || len(p[1]) != 2 {
		t.Errorf("polygons %v", p)
	}
	if tile.Layer("sea") != nil {
		t.Error("a layer that is not there")
	}
}

// TestTilesOfOthersPassAndDecodeAlike takes tiles that paulmach/orb writes of
// random stars with holes and reads them both ways.
func TestTilesOfOthersPassAndDecodeAlike(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 50 {
		data := orbTile(t, random, 40, 3+random.IntN(40))
		if err := (Rules{Margin: 64, Simple: false}).Check(data); err != nil {
			t.Fatal(err)
		}
		ours, err := Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := orbmvt.Unmarshal(data)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range theirs[0].Features {
			g := ours.Layers[0].Features[i]
			area := 0.0
			for _, p := range g.Polygons() {
				for _, ring := range p {
					var r orb.Ring
					for _, q := range ring {
						r = append(r, orb.Point{float64(q.X), float64(q.Y)})
					}
					area += planar.Area(append(r, r[0]))
				}
			}
			if want := planar.Area(f.Geometry); math.Abs(area-want) > 1e-6*want {
				t.Errorf("area %f, not %f", area, want)
			}
			if g.ID != uint64(f.ID.(float64)) || g.Attributes["no"] != f.Properties["no"] || g.Attributes["far"] != f.Properties["far"] {
				t.Errorf("id %d, %v, not %v, %v", g.ID, g.Attributes, f.ID, f.Properties)
			}
		}
	}
}

// orbTile draws n stars of so many points, each with a hole.
func orbTile(t testing.TB, random *rand.Rand, n, points int) []byte {
	t.Helper()
	collection := geojson.NewFeatureCollection()
	for id := range n {
		cx, cy, r := 500+random.Float64()*3000, 500+random.Float64()*3000, 100+random.Float64()*400
		var outer, hole orb.Ring
		for i := range points {
			a, d := 2*math.Pi*float64(i)/float64(points), r*(0.8+0.2*random.Float64())
			outer = append(outer, orb.Point{math.Round(cx + d*math.Cos(a)), math.Round(cy + d*math.Sin(a))})
			hole = append(hole, orb.Point{math.Round(cx + d*math.Cos(-a)/9), math.Round(cy + d*math.Sin(-a)/9)})
		}
		f := geojson.NewFeature(orb.Polygon{open(outer), open(hole)})
		f.ID, f.Properties = float64(id+1), geojson.Properties{"no": string(rune('A' + id)), "far": float64(id) / 2}
		collection.Append(f)
	}
	data, err := orbmvt.Marshal(orbmvt.Layers{{Name: "stars", Version: 2, Extent: 4096, Features: collection.Features}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// open leaves out points that stand twice, and closes.
func open(r orb.Ring) orb.Ring {
	var out orb.Ring
	for _, p := range r {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return append(out, out[0])
}

// TestTilesOfPostGISPass reads tiles that ST_AsMVT of PostGIS 3.3.2 wrote; their
// query stands in testdata/README.md.
func TestTilesOfPostGISPass(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/postgis-*.mvt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no tiles", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := (Rules{Margin: 64, Simple: true}).Check(data); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		tile, err := Decode(data)
		if err != nil || len(tile.Layers) != 1 || len(tile.Layers[0].Features) < 10 {
			t.Errorf("%s: %d layers, %v", path, len(tile.Layers), err)
		}
	}
}
