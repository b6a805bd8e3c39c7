package tiles

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/paulmach/orb/maptile"

	"github.com/dikuai/dikuai/data/land"
)

// TestEncodingIsNumbered keeps archives of two programs from being mixed: tiles
// taken over from an earlier archive, or from a pack that was cut off, must be as
// this program would draw them.
func TestEncodingIsNumbered(t *testing.T) {
	t.Parallel()
	if runtime.GOARCH != "amd64" {
		t.Skip("elsewhere the last bit of a sine may differ")
	}
	const known = "7f57075c768e91f3b89a8e15"
	v := viewOf(t, square,
		"POLYGON((113.452 22.98,113.456 22.98,113.456 22.984,113.452 22.982,113.452 22.98),(113.453 22.981,113.453 22.982,113.454 22.982,113.454 22.981,113.453 22.981))",
		"MULTIPOLYGON(((113.445 22.975,113.446 22.975,113.446 22.976,113.445 22.975)),((113.447 22.977,113.448 22.977,113.4475 22.9785,113.447 22.977)))")
	sum := sha256.New()
	for z := range maptile.Zoom(MaxZoom + 1) {
		sum.Write(Compress(Encode(v, tileAt(113.452, 22.981, z), nil)))
	}
	if got := hex.EncodeToString(sum.Sum(nil)[:12]); got != known {
		t.Errorf("tiles have other bytes, %s: raise Encoding from %d, and put that here", got, Encoding)
	}
}

// TestWhereNothingIsHeldNothingIsDrawn goes down from the world to random tiles.
func TestWhereNothingIsHeldNothingIsDrawn(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	p, _ := viewOf(t, square).Plot(1)
	farmland := land.ControlFeature{ID: 5, Layer: &land.ControlLayer{Code: "farmland", Kind: "permanent_basic_farmland", Published: 1}, Boundary: p.Boundary}
	for _, v := range []*View{viewOf(t, square), viewOfRegister(land.Register{Plots: []land.Plot{p}}), viewOfRegister(land.Register{Controls: []land.ControlFeature{farmland}})} {
		held, drawn := 0, 0
		for range 3000 {
			z := maptile.Zoom(random.IntN(19))
			tile := tileAt(113.45+0.01*random.NormFloat64(), 22.98+0.01*random.NormFloat64(), z)
			holds, empty := v.Holds(tile), len(Encode(v, tile, nil)) == 0
			if !holds && !empty {
				t.Fatalf("%v is drawn", tile)
			}
			if holds {
				held++
				if above := tile.Parent(); z > 0 && !v.Holds(above) {
					t.Fatalf("%v is held, and %v above it is not", tile, above)
				}
			}
			if !empty {
				drawn++
			}
		}
		if held == 3000 || drawn == 0 || held > 2*drawn {
			t.Errorf("%d held, %d drawn", held, drawn)
		}
	}
}

// TestPartsTellWhatLooksDifferent changes what is drawn beside plots.
func TestPartsTellWhatLooksDifferent(t *testing.T) {
	t.Parallel()
	p, _ := viewOf(t, square).Plot(1)
	digests := func(park land.Park, name string, version int) map[string]string {
		layer := &land.ControlLayer{Code: "farmland", Kind: "permanent_basic_farmland", NameZh: name, Version: version, Published: version}
		v := viewOfRegister(land.Register{Parks: []land.Park{park}, Controls: []land.ControlFeature{{ID: 5, Layer: layer, Boundary: p.Boundary}}})
		found := map[string]string{}
		for _, s := range v.Parts() {
			found[s.Name] = s.Digest
		}
		return found
	}
	park := land.Park{Code: "panyu", NameZh: "番禺园区", Boundary: p.Boundary, Area: 1000}
	first := digests(park, "农田", 1)
	if len(first) != 3 || first["mosaic"] == "" || first["park panyu"] == "" || first["controls farmland"] == "" {
		t.Fatalf("%v", first)
	}
	second := digests(park, "永久基本农田", 2)
	if second["park panyu"] != first["park panyu"] || second["mosaic"] != first["mosaic"] || second["controls farmland"] == first["controls farmland"] {
		t.Errorf("a layer renamed: %v, then %v", first, second)
	}
	park.Area = 2000
	if third := digests(park, "农田", 1); third["park panyu"] == first["park panyu"] || third["controls farmland"] != first["controls farmland"] {
		t.Errorf("a park that grew: %v, then %v", first, third)
	}
}
