package tiles

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/dikuai/dikuai/data/land"
)

func controlOf(t testing.TB, id land.ControlID, layer *land.ControlLayer, name, text string) land.ControlFeature {
	t.Helper()
	g, err := wkt.UnmarshalPolygon(text)
	if err != nil {
		t.Fatal(err)
	}
	return land.ControlFeature{ID: id, Layer: layer, Name: name, Boundary: orb.MultiPolygon{g}}
}

func dayOf(t testing.TB, text string) land.Date {
	t.Helper()
	d, err := land.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// registerWithControls holds a farmland that ended with 2020 and a road line.
func registerWithControls(t testing.TB, on string) land.Register {
	t.Helper()
	farmland := &land.ControlLayer{Code: "farmland", Kind: land.PermanentFarmland, NameZh: "基本农田", ValidFrom: dayOf(t, "2016-01-01"), ValidTo: dayOf(t, "2020-12-31")}
	roads := &land.ControlLayer{Code: "roads", Kind: land.RoadRedLine, NameZh: "道路红线", ValidFrom: dayOf(t, "2016-01-01")}
	return land.Register{Seq: 7, At: dayOf(t, on), Controls: []land.ControlFeature{
		controlOf(t, 2, farmland, "一号片", square),
		controlOf(t, 5, roads, "", "POLYGON((113.451 22.98,113.453 22.98,113.453 22.982,113.451 22.982,113.451 22.98))"),
	}}
}

func TestControlsAreDrawnOnTheirDays(t *testing.T) {
	t.Parallel()
	tile := tileAt(113.4515, 22.981, 15)
	for on, want := range map[string][]string{
		"2015-12-31": nil, "2016-01-01": {"一号片", "道路红线"}, "2020-12-31": {"一号片", "道路红线"}, "2021-01-01": {"道路红线"},
	} {
		layers := decode(t, Encode(viewOfRegister(registerWithControls(t, on)), tile, nil))
		var names []string
		if l := layers["controls"]; l != nil {
			for _, f := range l.Features {
				names = append(names, f.Properties["name"].(string))
			}
		}
		if len(names) != len(want) {
			t.Errorf("on %s: %v, want %v", on, names, want)
			continue
		}
		for i := range want {
			if names[i] != want[i] {
				t.Errorf("on %s: %v, want %v", on, names, want)
			}
		}
	}
	f := decode(t, Encode(viewOfRegister(registerWithControls(t, "2018-01-01")), tile, nil))["controls"].Features[0]
	if f.ID != float64(2) || f.Properties["layer"] != "farmland" || f.Properties["kind"] != "permanent_basic_farmland" || len(f.Properties) != 3 {
		t.Errorf("%v %v", f.ID, f.Properties)
	}
}

func TestTileSetReachesToTheControls(t *testing.T) {
	t.Parallel()
	r := registerWithControls(t, "2018-01-01")
	r.Parks = parksOf(viewOf(t, square))
	r.Controls[1].Boundary = orb.MultiPolygon{{{{113.2, 22.9}, {113.3, 22.9}, {113.3, 23.1}, {113.2, 22.9}}}}
	d := Describe(viewOfRegister(r))
	if d.Bounds != [4]float64{113.2, 22.9, 113.47, 23.1} || math.Abs(d.Center[0]-113.455) > 1e-9 {
		t.Errorf("bounds %v, centre %v", d.Bounds, d.Center)
	}
}

func TestViewFollowsControls(t *testing.T) {
	t.Parallel()
	r := registerWithControls(t, "2018-01-01")
	v := viewOfRegister(r)
	at := orb.Point{113.4515, 22.981}
	if found := v.ControlsAt(at); len(found) != 2 || found[0].Layer.Code != "farmland" || found[1].Layer.Code != "roads" {
		t.Errorf("%v", found)
	}
	tile := tileAt(113.4515, 22.981, 15)
	same, _ := v.With(land.Delta{Seq: 8, At: r.At})
	if same.Controls != v.Controls || !bytes.Equal(Encode(v, tile, nil), Encode(same, tile, nil)) {
		t.Error("a change of plots changed the controls")
	}
	if later, _ := v.With(land.Delta{Seq: 8, At: dayOf(t, "2021-01-01")}); later.Controls.Len() != 1 {
		t.Error("a layer outlived its last day")
	}
	gone, _ := v.With(land.Delta{Seq: 8, At: r.At, ControlsChanged: true, Controls: r.Controls[:1]})
	if gone.Controls.Len() != 1 || v.Controls.Len() != 2 {
		t.Error("a withdrawn layer is still there, or the earlier view lost it")
	}
}

// midnight is a register in which nothing changes but the day.
type midnight struct {
	register land.Register
	day      land.Date
}

func (m midnight) Stream(context.Context, land.Moment, int, func(int, *land.Plot)) (land.Register, error) {
	return m.register, nil
}

func (m midnight) Past(context.Context, land.Moment) (land.Past, error) {
	return land.Past{}, nil
}

func (m midnight) CatchUp(context.Context, land.Seq, string) (land.Register, land.Delta, error) {
	return land.Register{}, land.Delta{}, land.ErrNoSuchState
}

func (m midnight) Since(context.Context, land.Seq) (land.Delta, error) {
	return land.Delta{Seq: m.register.Seq, At: m.day}, nil
}

func (m midnight) Listen(ctx context.Context, wake func()) error {
	wake()
	<-ctx.Done()
	return ctx.Err()
}

func TestLayersEndAtMidnight(t *testing.T) {
	t.Parallel()
	source := midnight{registerWithControls(t, "2020-12-31"), dayOf(t, "2021-01-01")}
	live, err := NewLive(context.Background(), source, Options{CacheBytes: 1 << 20}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	before := live.View()
	live.catchUp(context.Background())
	after := live.View()
	if before.Controls.Len() != 2 || after.Controls.Len() != 1 || after.Seq != before.Seq || after.Plots != before.Plots {
		t.Errorf("%d controls, then %d", before.Controls.Len(), after.Controls.Len())
	}
	live.catchUp(context.Background())
	if live.View() != after {
		t.Error("the same day made another view")
	}
}
