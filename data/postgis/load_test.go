package postgis_test

import (
	"cmp"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/postgis/postgistest"
	"github.com/dikuai/dikuai/geo"
)

// TestAStreamHandsOverWhatLoadReads compares the two ways of reading, on a
// register with history, now and as of a day.
func TestAStreamHandsOverWhatLoadReads(t *testing.T) {
	t.Parallel()
	db := postgistest.New(t)
	twoNeighbours(t, db)
	a := byNumber(t, db, "A")
	known := a.RecordedAt
	if _, _, err := db.SplitPlot(t.Context(), officer, a.ID, land.Split{Version: 1, CRS: geo.GK114, Line: []geo.Point{local(-5, 80), local(105, 123.456)}}); err != nil {
		t.Fatal(err)
	}
	b := byNumber(t, db, "B")
	set := func(a *land.Attributes) error {
		far, stated := 2.5, geo.SquareMetres(123.45)
		a.FARMax, a.StatedArea, a.SecondaryUse, a.Holder, a.SuppliedOn = &far, &stated, []string{"B1", "B2"}, "某公司", a.ValidFrom
		return nil
	}
	if _, _, err := db.UpdatePlot(t.Context(), officer, b.ID, land.Update{Version: b.Version, Change: set}); err != nil {
		t.Fatal(err)
	}
	for _, m := range []land.Moment{{}, {At: a.ValidFrom}, {Known: known}} {
		want, err := db.Load(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var plots []land.Plot
		got, err := db.Stream(t.Context(), m, 2, func(_ int, p *land.Plot) {
			mu.Lock()
			defer mu.Unlock()
			held := *p
			held.Boundary = orb.Clone(p.Boundary).(orb.MultiPolygon)
			for _, n := range []**float64{&held.FARMin, &held.FARMax, &held.DensityMax, &held.GreenMin, &held.HeightMax, &held.GFAMax} {
				if *n != nil {
					v := **n
					*n = &v
				}
			}
			if held.StatedArea != nil {
				v := *held.StatedArea
				held.StatedArea = &v
			}
			plots = append(plots, held)
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(plots, func(a, b land.Plot) int { return cmp.Compare(a.ID, b.ID) })
		got.Plots = plots
		if len(plots) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("at %+v: the stream gave\n%+v\nand Load\n%+v", m, got, want)
		}
	}
}
