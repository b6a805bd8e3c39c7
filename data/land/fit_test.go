package land

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// fitByTrying looks at every subset of the sites.
func fitByTrying(n Need, sites []Site, borders [][]float64, limit int) []Offer {
	g := grouping{need: n, sites: sites}
	var offers []Offer
	for set := 1; set < 1<<len(sites); set++ {
		var group []int
		var t Together
		for i := range sites {
			if set>>i&1 == 1 {
				shared := 0.0
				for _, j := range group {
					if borders[i][j] >= LeastBorder {
						shared += borders[i][j]
					}
				}
				group = append(group, i)
				t = t.with(sites[i], shared)
			}
		}
		if len(group) > n.MostPlots || !hangsTogether(group, borders) {
			continue
		}
		if score, serves := n.judge(t, sites[group[0]].Distance); serves {
			offers = append(offers, Offer{group, t, sites[group[0]].Distance, score})
		}
	}
	slices.SortFunc(offers, g.compare)
	return offers[:min(limit, len(offers))]
}

func hangsTogether(group []int, borders [][]float64) bool {
	reached := []int{group[0]}
	for k := 0; k < len(reached); k++ {
		for _, i := range group {
			if borders[reached[k]][i] >= LeastBorder && !slices.Contains(reached, i) {
				reached = append(reached, i)
			}
		}
	}
	return len(reached) == len(group)
}

// chance makes sites in the order of their distance, with borders between some of
// them. Areas are whole 亩 and borders whole metres, so that sums are exact.
func chance(random *rand.Rand, count int) ([]Site, [][]float64) {
	sites := make([]Site, count)
	borders := make([][]float64, count)
	distance := 0.0
	for i := range sites {
		distance += float64(random.IntN(3) * 40)
		sites[i] = Site{ID: PlotID(100 + random.IntN(50)*20 + i), Area: 2000 * geo.SquareMetres(1+random.IntN(24)), Distance: distance}
		if random.IntN(4) > 0 {
			far := float64(1+random.IntN(6)) / 2
			sites[i].FARMax = &far
		}
		if random.IntN(4) == 0 {
			gfa := float64(random.IntN(20) * 1000)
			sites[i].GFAMax = &gfa
		}
		borders[i] = make([]float64, count)
		for j := range i {
			if random.IntN(4) == 0 {
				borders[i][j] = float64(1 + random.IntN(60))
				borders[j][i] = borders[i][j]
			}
		}
	}
	return sites, borders
}

func TestFitFindsWhatTryingEveryGroupFinds(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	offered := 0
	for round := range 400 {
		sites, borders := chance(random, 1+random.IntN(12))
		n := Need{Tolerance: float64(random.IntN(3)) / 10, MostPlots: 1 + random.IntN(MostTogether), Radius: float64(random.IntN(2) * 1000)}
		if random.IntN(4) > 0 {
			n.AreaMu = upTo(20, 45)
		}
		if random.IntN(3) == 0 {
			n.GFA = upTo(20_000, 50_000)
		}
		limit := 1 + random.IntN(12)
		asked := map[int]bool{}
		got := n.Fit(sites, func(i int) (found []Border) {
			if asked[i] {
				t.Errorf("site %d was asked about twice", i)
			}
			asked[i] = true
			for j, metres := range borders[i] {
				if metres >= LeastBorder {
					found = append(found, Border{j, metres})
				}
			}
			return found
		}, limit, 1_000_000)
		want := fitByTrying(n, sites, borders, limit)
		if !got.Complete || fmt.Sprint(got.Offers) != fmt.Sprint(want) {
			t.Fatalf("round %d: %+v\nof %+v\ngot  %+v\nwant %+v", round, n, sites, got.Offers, want)
		}
		offered += len(want)
	}
	if offered < 400 {
		t.Errorf("only %d offers in all", offered)
	}
}

func upTo(low, high float64) Range { return Range{Min: &low, Max: &high} }

// TestFitStopsAtItsBoundAndSaysSo offers what it has seen by then.
func TestFitStopsAtItsBoundAndSaysSo(t *testing.T) {
	t.Parallel()
	const row = 50 // every plot borders on every other
	sites := make([]Site, row)
	for i := range sites {
		sites[i] = Site{ID: PlotID(i + 1), Area: 2000}
	}
	everyOther := func(i int) (all []Border) {
		for j := range sites {
			if j != i {
				all = append(all, Border{j, 40})
			}
		}
		return all
	}
	n := Need{AreaMu: upTo(15, 15), MostPlots: MostTogether}
	got := n.Fit(sites, everyOther, 10, 1000)
	if got.Complete || got.Looked != 1000 || len(got.Offers) != 10 {
		t.Errorf("%d offers of %d groups, complete %t", len(got.Offers), got.Looked, got.Complete)
	}
	if n.MostPlots = 1; !n.Fit(sites, everyOther, 10, row).Complete {
		t.Error("as many groups as may be looked at are all of them")
	}
}

func TestNeedsAreJudged(t *testing.T) {
	t.Parallel()
	far := 2.0
	plot := func(mu float64) Site { return Site{Area: 2000 * geo.SquareMetres(mu) / 3, FARMax: &far} }
	n := Need{AreaMu: upTo(30, 50), FARMax: upTo(2, 4), Tolerance: 0.1, MostPlots: 2, Radius: 1000}
	for _, c := range []struct {
		mu, border, distance float64
		score                string
		verdicts             []Verdict
	}{
		{30, 0, 0, "100.00", []Verdict{Fitting, Told, Fitting, Fitting, Fitting}},
		{50, 0, 500, "87.50", []Verdict{Fitting, Told, Fitting, Fitting, Fitting}},
		{52.5, 0, 0, "77.50", []Verdict{Over, Told, Fitting, Fitting, Fitting}},
		{28.5, 0, 0, "77.50", []Verdict{Under, Told, Fitting, Fitting, Fitting}},
		{55.01, 0, 0, "", nil},
		{26.99, 0, 0, "", nil},
		{15, 100, 0, "96.25", []Verdict{Fitting, Told, Fitting, Fitting, Over, Fitting}},
		{15, 10, 0, "82.75", []Verdict{Fitting, Told, Fitting, Fitting, Over, Under}},
	} {
		together := Together{}.with(plot(c.mu), 0)
		if c.border > 0 {
			together = together.with(plot(c.mu), c.border)
		}
		score, serves := n.judge(together, c.distance)
		if serves != (c.score != "") || serves && score.Total().String() != c.score {
			t.Errorf("%v 亩, %v m of border, %v m away: %v %t, want %s", c.mu, c.border, c.distance, score.Total(), serves, c.score)
		}
		var verdicts []Verdict
		if serves {
			for _, r := range n.Reasons(Offer{Together: together, Distance: c.distance, Score: score}) {
				verdicts = append(verdicts, r.Verdict)
				if r.Words.Zh == "" || r.Words.En == "" {
					t.Errorf("%s has no words", r.About)
				}
			}
		}
		if !slices.Equal(verdicts, c.verdicts) {
			t.Errorf("%v 亩: %v, want %v", c.mu, verdicts, c.verdicts)
		}
	}
	if best := (Need{}).Best(0).Total(); best != 10_000 {
		t.Errorf("without a place the best is %v", best)
	}
}
