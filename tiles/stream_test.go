package tiles

import (
	"slices"
	"testing"

	"github.com/dikuai/dikuai/data/land"
)

func TestMatchesAreWhatThePagesHold(t *testing.T) {
	t.Parallel()
	v := scattered(t, 1000)
	for _, q := range []land.Query{{}, {Statuses: []land.Status{land.Available}}, {Near: &land.Near{At: [2]float64{113.41, 22.91}, Metres: 300}}, {Text: "no such plot"}} {
		s := searchFor(t, q, "")
		for _, order := range [][]land.Order{nil, {{Property: "area_mu", Down: true}}} {
			want, matched := idsOf(v, s, order, 100)
			if n := v.Count(s); n != matched {
				t.Errorf("%d counted, %d matched", n, matched)
			}
			for _, limit := range []int{1, 7, 5000} {
				var got []land.PlotID
				for p := range v.Matches(s, order, limit) {
					got = append(got, p.ID)
				}
				if !slices.Equal(got, want[:min(limit, len(want))]) {
					t.Errorf("%+v by %v: %d plots, want %d", q, order, len(got), min(limit, len(want)))
				}
			}
		}
		for range v.Matches(s, nil, 5000) {
			break
		}
	}
}

// BenchmarkMatches goes through all plots of a made city, of 200,000 plots unless
// DIKUAI_PLOTS says otherwise.
func BenchmarkMatches(b *testing.B) {
	v, _ := cityView(b, 200_000)
	s := searchFor(b, land.Query{}, "")
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range v.Matches(s, nil, 1<<40) {
			n++
		}
		if n != v.Plots.Len() {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(v.Plots.Len()), "ns/plot")
}

func TestAmongFindsWhatTheViewFinds(t *testing.T) {
	t.Parallel()
	v := scattered(t, 300)
	s := searchFor(t, land.Query{Statuses: []land.Status{land.Available, land.Planned}, Near: &land.Near{At: [2]float64{113.41, 22.903}, Metres: 900}}, "area_mu > 10")
	want, _ := idsOf(v, s, nil, 1000)
	var plots []land.Plot
	for p := range v.Matches(searchFor(t, land.Query{}, ""), nil, 1000) {
		plots = append(plots, *p)
	}
	got := s.Among(plots)
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%d found, want %d", len(got), len(want))
	}
	for _, id := range want {
		if !got[id] {
			t.Errorf("plot %d is not found", id)
		}
	}
}
