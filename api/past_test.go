package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// TestThePastFromMemoryIsTheDatabases edits, and asks for the register of several
// days and moments of knowledge.
func TestThePastFromMemoryIsTheDatabases(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.twoPlots()
	ctx := t.Context()
	officer := land.Actor{Name: "Officer Li", Role: land.Officer}
	day := func(text string) land.Date {
		d, err := land.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	held, err := s.db.Load(ctx, land.Moment{})
	if err != nil {
		t.Fatal(err)
	}
	moments := []land.Moment{{}, {At: held.Plots[0].ValidFrom}}
	known := func() {
		moments = append(moments, land.Moment{Known: time.Now().Truncate(time.Microsecond)})
		time.Sleep(2 * time.Millisecond)
	}
	known()
	a, b := held.Plots[0], held.Plots[1]
	today := s.db.Today()
	if _, _, err := s.db.UpdatePlot(ctx, officer, b.ID, land.Update{Version: b.Version, ValidFrom: today, Change: func(a *land.Attributes) error {
		a.Holder = "某公司"
		return nil
	}}); err != nil {
		t.Fatal(err)
	}
	known()
	if _, _, err := s.db.SplitPlot(ctx, officer, a.ID, land.Split{Version: a.Version, CRS: geo.GK114, Line: []geo.Point{{443590, 2543600}, {443710, 2543610}}, Act: land.Act{ValidFrom: today}}); err != nil {
		t.Fatal(err)
	}
	known()
	moments = append(moments, land.Moment{At: today}, land.Moment{At: day("1999-01-01")}, land.Moment{At: today, Known: moments[2].Known})
	for _, m := range moments {
		want, err := s.db.Load(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		q := url.Values{"after": {"3"}}
		if !m.At.IsZero() {
			q.Set("at", m.At.String())
		}
		if !m.Known.IsZero() {
			q.Set("known_at", m.Known.Format(time.RFC3339Nano))
		}
		g := s.get("/api/v1/plots?" + q.Encode())
		g.want(t, 200)
		var answer struct {
			Features []struct {
				ID         land.PlotID `json:"id"`
				Properties struct {
					Version int    `json:"version"`
					Holder  string `json:"holder"`
				} `json:"properties"`
			} `json:"features"`
		}
		if err := json.Unmarshal([]byte(g.body), &answer); err != nil {
			t.Fatal(err)
		}
		var got, all []string
		for _, f := range answer.Features {
			got = append(got, fmt.Sprint(f.ID, f.Properties.Version, f.Properties.Holder))
		}
		for _, p := range want.Plots {
			all = append(all, fmt.Sprint(p.ID, p.Version, p.Holder))
		}
		if !slices.Equal(got, all) {
			t.Errorf("at %+v: %v, want %v", m, got, all)
		}
	}
}
