package land

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/geo"
)

// piece is a piece of so many m², as wide as it is long unless it is told.
func piece(area geo.SquareMetres, width ...float64) []Piece {
	p := Piece{Boundary: geo.Polygon{{{113.45, 22.98}, {113.46, 22.98}, {113.46, 22.99}, {113.45, 22.98}}}, Area: area, Width: 10}
	if len(width) > 0 {
		p.Width = width[0]
	}
	return []Piece{p}
}

func number(v float64) *float64 { return &v }

// under is a survey of 10,000 m² over a plot of which half lies under it.
func under(change func(*Plot)) Survey {
	p := Plot{ID: 7, Park: "panyu", Area: 20000, AreaEllipsoid: 19990}
	p.Attributes = Attributes{PlotNo: "PY-1", Use: UseCode{GB50137, "M1"}, Status: Available}
	if change != nil {
		change(&p)
	}
	return Survey{
		Area: 10000, Park: Park{Code: "panyu", NameZh: "番禺园区", NameEn: "Panyu park"},
		Plots: []PlotOverlap{{p, piece(10000)}}, Kinds: map[ControlKind]KindOverlap{},
	}
}

func TestRulesJudgePlots(t *testing.T) {
	t.Parallel()
	uses := func(s string) Proposal {
		all, err := ParseUses(s, "")
		if err != nil {
			t.Fatal(err)
		}
		return Proposal{Uses: all}
	}
	mixed := func(p *Plot) { p.SecondaryUse = []string{"M0", "B1"} }
	limited := func(p *Plot) {
		p.FARMin, p.FARMax, p.DensityMax, p.GreenMin, p.HeightMax = number(0.8), number(2), number(40), number(20), number(45)
	}
	status := func(s Status) func(*Plot) { return func(p *Plot) { p.Status, p.Holder = s, "甲公司" } }
	for _, c := range []struct {
		name   string
		rule   string
		change func(*Plot)
		says   Proposal
		want   Outcome
		area   geo.SquareMetres
		told   string // in the message
	}{
		{"no use declared", "land_use", nil, Proposal{}, Skipped, 0, "no land use"},
		{"the same use", "land_use", nil, uses("M1"), Passes, 0, "M1"},
		{"its class", "land_use", nil, uses("M"), Passes, 0, ""},
		{"another use", "land_use", nil, uses("R2"), Fails, 10000, "PY-1 (M1)"},
		{"one of the same class", "land_use", nil, uses("M2"), Fails, 10000, ""},
		{"one that it is mixed with", "land_use", mixed, uses("M0"), Passes, 0, ""},
		{"both that it is mixed of", "land_use", mixed, uses("M1/B1"), Passes, 0, ""},
		{"mixed with what it is not", "land_use", mixed, uses("M1/R2"), Fails, 10000, ""},
		{"a code of the other scheme, crossed", "land_use", nil, Proposal{Uses: []UseCode{{MNR2023, Use2023(UseCode{GB50137, "M1"})}}}, Passes, 0, ""},

		{"available", "status", nil, Proposal{}, Passes, 0, ""},
		{"reserved", "status", status(Reserved), Proposal{}, Passes, 0, ""},
		{"committed", "status", status(Committed), Proposal{}, Fails, 10000, "committed"},
		{"supplied to another", "status", status(Supplied), Proposal{Holder: "乙公司"}, Fails, 10000, "PY-1 (supplied)"},
		{"supplied to the applicant", "status", status(Supplied), Proposal{Holder: "甲公司"}, Passes, 0, ""},
		{"another's idle land", "status", status(Idle), Proposal{}, Fails, 10000, "idle"},
		{"the applicant's idle land", "status", status(Idle), Proposal{Holder: "甲公司"}, Doubtful, 10000, "settled first"},

		{"no FAR declared", "far", limited, Proposal{}, Skipped, 0, ""},
		{"no FAR set", "far", nil, Proposal{FAR: number(2)}, Skipped, 0, "no plot"},
		{"FAR at the bound", "far", limited, Proposal{FAR: number(2)}, Passes, 0, ""},
		{"FAR over", "far", limited, Proposal{FAR: number(2.01)}, Fails, 10000, "0.8–2"},
		{"FAR under", "far", limited, Proposal{FAR: number(0.5)}, Fails, 10000, ""},
		{"density at the bound", "density", limited, Proposal{Density: number(40)}, Passes, 0, ""},
		{"density over", "density", limited, Proposal{Density: number(41)}, Fails, 10000, "41 %"},
		{"green at the bound", "green", limited, Proposal{Green: number(20)}, Passes, 0, ""},
		{"too little green", "green", limited, Proposal{Green: number(19.9)}, Fails, 10000, ""},
		{"height over", "height", limited, Proposal{Height: number(46)}, Fails, 10000, "46 m"},
		{"height at the bound", "height", limited, Proposal{Height: number(45)}, Passes, 0, ""},

		{"GFA by FAR", "gfa", limited, Proposal{GFA: number(20000)}, Passes, 0, ""},
		{"GFA over FAR", "gfa", limited, Proposal{GFA: number(20002)}, Fails, 0, "20000.00"},
		{"GFA by share", "gfa", func(p *Plot) { p.GFAMax = number(30000) }, Proposal{GFA: number(15000)}, Passes, 0, ""},
		{"GFA over its share", "gfa", func(p *Plot) { p.GFAMax = number(30000) }, Proposal{GFA: number(15002)}, Fails, 0, "15000.00"},
		{"no GFA set", "gfa", nil, Proposal{GFA: number(1)}, Skipped, 0, ""},
	} {
		f := judged(t, c.rule, under(c.change), c.says)[0]
		if f.Outcome != c.want || f.Area != c.area || !strings.Contains(f.En, c.told) || f.Zh == "" || f.Rule.ID != c.rule {
			t.Errorf("%s: %s, %v m²: %s %s", c.name, f.Outcome, f.Area, f.En, f.Zh)
		}
		if (c.want == Fails || c.want == Doubtful) && c.rule != "gfa" && (len(f.Plots) != 1 || f.Plots[0].ID != 7 || len(f.Pieces) != 1) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

func judged(t *testing.T, rule string, s Survey, p Proposal) []ComplianceFinding {
	t.Helper()
	rules, err := ChooseRules(ComplianceRules(), []string{rule})
	if err != nil {
		t.Fatal(err)
	}
	return Judge(s, p, rules).Findings
}

func TestRulesJudgeTheParkAndWhatIsUnderneath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule          string
		pieces        []Piece
		want          Outcome
		area, ignored geo.SquareMetres
	}{
		{"park", nil, Passes, 0, 0},
		{"park", piece(1), Passes, 0, 1},
		{"park", piece(1.01), Fails, 1.01, 0},
		{"park", piece(500, 0.02), Passes, 0, 500},
		{"park", append(piece(500, 0.01), piece(20)...), Fails, 20, 500},
		{"park", append(piece(0.6), piece(0.6)...), Fails, 1.2, 0},
		{"coverage", piece(0.9), Passes, 0, 0.9},
		{"coverage", piece(30), Doubtful, 30, 0},
	} {
		s := under(nil)
		if c.rule == "park" {
			s.Beyond, s.OtherParks = c.pieces, []Park{{NameZh: "南沙园区", NameEn: "Nansha park"}}
		} else {
			s.Unplotted = c.pieces
		}
		f := judged(t, c.rule, s, Proposal{})[0]
		if f.Outcome != c.want || f.Area != c.area || f.Ignored != c.ignored || (f.Outcome == Fails) != strings.Contains(f.En, "Nansha") || (c.ignored > 0) != strings.Contains(f.Zh, "微小重叠") {
			t.Errorf("%s: %+v", c.rule, f)
		}
	}
}

func TestRulesJudgeControlLayers(t *testing.T) {
	t.Parallel()
	layer := func(kind ControlKind) *ControlLayer {
		return &ControlLayer{Code: "a", Kind: kind, NameZh: "图层", NameEn: "the layer"}
	}
	high := func(metres float64, pieces []Piece) []FeatureOverlap {
		f := FeatureOverlap{Pieces: pieces}
		f.ID, f.Code, f.Attributes = 3, "H-1", map[string]any{heightMax: metres}
		return []FeatureOverlap{f}
	}
	one := func(kind ControlKind, within []Piece, features ...FeatureOverlap) KindOverlap {
		return KindOverlap{Layers: []LayerOverlap{{layer(kind), within, features}}}
	}
	in := func(outside, ofUse []Piece) KindOverlap {
		k := one(UrbanBoundary, nil)
		k.Outside, k.OfUse = outside, ofUse
		return k
	}
	m1, r2 := Proposal{Uses: []UseCode{{GB50137, "M1"}}}, Proposal{Uses: []UseCode{{GB50137, "R2"}}}
	for _, c := range []struct {
		name string
		kind ControlKind
		over KindOverlap
		says Proposal
		want Outcome
		area geo.SquareMetres
	}{
		{"none published of the three lines", PermanentFarmland, KindOverlap{}, Proposal{}, Doubtful, 0},
		{"none published of another kind", RoadRedLine, KindOverlap{}, Proposal{}, Skipped, 0},
		{"none published to lie inside", UrbanBoundary, KindOverlap{}, Proposal{}, Doubtful, 0},
		{"touched only", PermanentFarmland, one(PermanentFarmland, nil), Proposal{}, Passes, 0},
		{"farmland", PermanentFarmland, one(PermanentFarmland, piece(12)), Proposal{}, Fails, 12},
		{"farmland within the tolerance", PermanentFarmland, one(PermanentFarmland, piece(0.8)), Proposal{}, Passes, 0},
		{"farmland along a jittered line", PermanentFarmland, one(PermanentFarmland, piece(8, 0.015)), Proposal{}, Passes, 0},
		{"hazard", Hazard, one(Hazard, piece(12)), Proposal{}, Doubtful, 12},
		{"inside", UrbanBoundary, in(nil, nil), Proposal{}, Passes, 0},
		{"not inside", UrbanBoundary, in(piece(40), nil), Proposal{}, Fails, 40},
		{"tiny gaps between the polygons to lie in", UrbanBoundary, in(piece(3, 0.002), nil), Proposal{}, Passes, 0},
		{"industry outside its blocks", IndustrialBlock, in(piece(40), piece(30)), m1, Fails, 40},
		{"other use outside the blocks", IndustrialBlock, in(piece(40), piece(30)), r2, Skipped, 0},
		{"what the plots say is industry", IndustrialBlock, in(piece(40), piece(30)), Proposal{}, Fails, 30},
		{"no industry by the plots", IndustrialBlock, in(piece(40), nil), Proposal{}, Passes, 0},
		{"under no height limit", HeightLimit, one(HeightLimit, nil), Proposal{Height: number(60)}, Passes, 0},
		{"a height limit, no height", HeightLimit, one(HeightLimit, piece(9), high(45, piece(9))...), Proposal{}, Doubtful, 9},
		{"over a height limit", HeightLimit, one(HeightLimit, piece(9), high(45, piece(9))...), Proposal{Height: number(60)}, Fails, 9},
		{"under a height limit", HeightLimit, one(HeightLimit, piece(9), high(45, piece(9))...), Proposal{Height: number(45)}, Passes, 9},
	} {
		s := under(nil)
		if len(c.over.Layers) > 0 {
			s.Kinds[c.kind] = c.over
		}
		found := judged(t, string(c.kind), s, c.says)
		if f := found[0]; len(found) != 1 || f.Outcome != c.want || f.Area != c.area || f.Zh == "" || f.En == "" {
			t.Errorf("%s: %+v", c.name, found)
		}
	}
}

func TestPlotsWithoutConditionsCarryNothing(t *testing.T) {
	t.Parallel()
	s := under(func(p *Plot) { p.FARMax = number(2) })
	road := s.Plots[0]
	road.Plot.ID, road.Plot.FARMax = 8, nil
	s.Plots = append(s.Plots, road)
	for gfa, want := range map[float64]Outcome{20000: Passes, 30000: Fails} {
		if f := judged(t, "gfa", s, Proposal{GFA: &gfa})[0]; f.Outcome != want || (want == Fails) != strings.Contains(f.Zh, "未定，不计在内") {
			t.Errorf("%v m²: %s %s", gfa, f.Outcome, f.Zh)
		}
	}
}

func TestOnlyAFewPlotsAreNamed(t *testing.T) {
	t.Parallel()
	s := under(nil)
	for i := range 7 {
		o := s.Plots[0]
		o.Plot.ID, o.Plot.PlotNo = PlotID(10+i), "PY-1"+string(rune('0'+i))
		s.Plots = append(s.Plots, o)
	}
	f := judged(t, "land_use", s, Proposal{Uses: []UseCode{{GB50137, "R2"}}})[0]
	if len(f.Plots) != 8 || !strings.HasSuffix(f.En, "PY-13 (M1) and 3 more") || !strings.HasSuffix(f.Zh, "PY-13（M1），另有 3 个") {
		t.Errorf("%s\n%s", f.En, f.Zh)
	}
}

func TestTheVerdictIsTheWorstOutcome(t *testing.T) {
	t.Parallel()
	rule := func(id string, o Outcome) ComplianceRule {
		return ComplianceRule{ID: id, Judge: func(ComplianceRule, Survey, Proposal) []ComplianceFinding {
			return []ComplianceFinding{{Outcome: o}}
		}}
	}
	for _, c := range []struct {
		outcomes []Outcome
		want     Outcome
	}{
		{[]Outcome{Passes, Skipped}, Passes}, {[]Outcome{Doubtful, Passes}, Doubtful}, {[]Outcome{Doubtful, Fails, Passes}, Fails},
		{[]Outcome{Skipped}, Doubtful}, {nil, Doubtful},
	} {
		var rules []ComplianceRule
		for _, o := range c.outcomes {
			rules = append(rules, rule("a", o))
		}
		if got := Judge(Survey{}, Proposal{}, rules); got.Verdict != c.want || len(got.Findings) != len(rules) {
			t.Errorf("%v: %s", c.outcomes, got.Verdict)
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range ComplianceRules() {
		if seen[r.ID] || r.Zh == "" || r.En == "" || r.Clause.Zh == "" || r.Clause.En == "" || r.Tolerance.Area <= 0 || r.Tolerance.Width <= 0 {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
	}
	for _, k := range ControlKinds() {
		if !seen[string(k.Kind)] {
			t.Errorf("no rule for %s", k.Kind)
		}
	}
	all := ComplianceRules()
	some, err := ChooseRules(all, []string{"far", "park"})
	if err != nil || len(some) != 2 || some[0].ID != "park" || len(all) != len(ComplianceRules()) {
		t.Errorf("%v %v", some, err)
	}
	var invalid *InvalidError
	if _, err := ChooseRules(all, []string{"far", "moat"}); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "moat") {
		t.Errorf("%v", err)
	}
}

func TestProposalsOfNoBuildingAreRefused(t *testing.T) {
	t.Parallel()
	for _, p := range []Proposal{{FAR: number(-1)}, {Density: number(101)}, {Green: number(101)}, {Height: number(601)}, {GFA: number(1e9)}, {Holder: strings.Repeat("长", 300)}} {
		if p.Validate() == nil {
			t.Errorf("%+v", p)
		}
	}
	if _, err := ParseUses("0801", ""); err == nil {
		t.Error("digits without a scheme were read")
	}
	uses, err := ParseUses("M1/M0", "")
	if err != nil || !slices.Equal(uses, []UseCode{{GB50137, "M1"}, {GZ2019, "M0"}}) {
		t.Errorf("%v %v", uses, err)
	}
}
