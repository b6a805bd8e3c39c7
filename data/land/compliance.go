package land

import "github.com/dikuai/dikuai/geo"

// Outcome says how a boundary stands to a rule of compliance (合规性审查).
type Outcome string

// The outcomes, from the best to the worst but for Skipped: a rule that had
// nothing to judge by.
const (
	Passes   Outcome = "pass"
	Doubtful Outcome = "warn" // a person judges
	Fails    Outcome = "fail"
	Skipped  Outcome = "skipped"
)

// Words are what a report says of a rule with this outcome.
func (o Outcome) Words() geo.Words {
	return geo.Words{Zh: map[Outcome]string{Passes: "通过", Doubtful: "需人工核实", Fails: "不通过", Skipped: "未审查"}[o], En: string(o)}
}

// Verdict is what a report says of the whole.
func (o Outcome) Verdict() geo.Words {
	return geo.Words{Zh: map[Outcome]string{Passes: "符合", Doubtful: "需人工核实", Fails: "不符合"}[o], En: string(o)}
}

// ComplianceFinding is what a rule says of a boundary. Areas are in the survey's
// measure.
type ComplianceFinding struct {
	Rule     ComplianceRule
	Outcome  Outcome
	Area     geo.SquareMetres // of the pieces at fault
	Ignored  geo.SquareMetres // of slivers and overlaps within the rule's tolerance (微小重叠)
	Pieces   []Piece          // at fault
	Plots    []PlotShare      // of the register that these are of
	Layer    *ControlLayer    // that the rule asks for, where there is one
	Features []FeatureShare   // of it that lie under the boundary
	Cases    []CaseNo         // open ones that the rule found
	Declared *float64         // what was declared
	Limit    *float64         // the one bound to it, where there is but one
	geo.Words
}

// PlotShare is a plot with what of it is at fault.
type PlotShare struct {
	ID     PlotID
	Park   ParkCode
	PlotNo string
	Area   geo.SquareMetres
}

// FeatureShare is a control feature with what of the boundary lies in it.
type FeatureShare struct {
	ID         ControlID
	Code, Name string
	Area       geo.SquareMetres
}

// Compliance is the answer to a check.
type Compliance struct {
	Survey   Survey
	Verdict  Outcome
	Findings []ComplianceFinding // in the order of the rules
}

// Judge holds a boundary as it was surveyed to rules. The verdict is the worst
// outcome; where nothing could be judged, a person has to. Rules that rest on
// other books than the register and the control layers, such as open cases or
// quota, are handed in with the others, their facts with them.
func Judge(s Survey, p Proposal, rules []ComplianceRule) Compliance {
	c := Compliance{Survey: s, Verdict: Skipped}
	for _, rule := range rules {
		for _, f := range rule.Judge(rule, s, p) {
			f.Rule = rule
			c.Findings = append(c.Findings, f)
			c.Verdict = worse(c.Verdict, f.Outcome)
		}
	}
	if c.Verdict == Skipped {
		c.Verdict = Doubtful
	}
	return c
}

func worse(a, b Outcome) Outcome {
	grade := map[Outcome]int{Passes: 1, Doubtful: 2, Fails: 3}
	if grade[b] > grade[a] {
		return b
	}
	return a
}

// skip says why a rule had nothing to judge by.
func skip(why geo.Words) []ComplianceFinding {
	return []ComplianceFinding{{Outcome: Skipped, Words: why}}
}

// found is a finding about pieces, which has an outcome unless they are within
// the tolerance.
func (r ComplianceRule) found(pieces []Piece, at Outcome) ComplianceFinding {
	counted, area, ignored := r.Tolerance.weigh(pieces)
	f := ComplianceFinding{Outcome: Passes, Area: area, Ignored: ignored, Pieces: counted}
	if len(counted) > 0 {
		f.Outcome = at
	}
	return f
}

// saying is the finding with what it says when it passes, and when not; and what
// was left out.
func (f ComplianceFinding) saying(good, bad geo.Words) ComplianceFinding {
	f.Words = good
	if f.Outcome != Passes {
		f.Words = bad
	}
	if f.Ignored >= leastTold {
		f.Words = f.Words.Then(geo.Say("（另有微小重叠 %s 平方米在限差之内，未计）", " (%s m² within the tolerance left out)", geo.FormatFixed(float64(f.Ignored), geo.SquareMetreDecimals)))
	}
	return f
}

// leastTold is the least area that is not printed as 0.00 m².
const leastTold = geo.SquareMetres(0.005)

// ofPlots is a finding about the parts of some plots.
func (r ComplianceRule) ofPlots(plots []PlotOverlap, at Outcome) ComplianceFinding {
	var pieces []Piece
	for _, p := range plots {
		pieces = append(pieces, p.Pieces...)
	}
	f := r.found(pieces, at)
	for _, p := range plots {
		if _, area, _ := r.Tolerance.weigh(p.Pieces); f.Outcome == at && area > 0 {
			f.Plots = append(f.Plots, PlotShare{p.Plot.ID, p.Plot.Park, p.Plot.PlotNo, area})
		}
	}
	return f
}

// said is an area as a message has it.
func said(a geo.SquareMetres) geo.Words {
	m2, mu := geo.FormatFixed(float64(a), geo.SquareMetreDecimals), geo.FormatFixed(float64(a.Mu()), geo.MuDecimals)
	return geo.Say("%s 平方米（%s 亩）", "%s m² (%s mu)", m2, mu)
}

// few lists what is named, the first ones.
func few(names []geo.Words) geo.Words {
	const most = 5
	if len(names) <= most {
		return geo.List(names)
	}
	return geo.Say("%s，另有 %d 个", "%s and %d more", geo.List(names[:most]), len(names)-most)
}
