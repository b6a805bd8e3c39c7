package land

import (
	"strconv"

	"github.com/dikuai/dikuai/geo"
)

// Verdict says how something about an offer stands to what is needed.
type Verdict string

// The verdicts. Told is what nothing was asked about.
const (
	Fitting Verdict = "fits"
	Over    Verdict = "over"
	Under   Verdict = "under"
	Told    Verdict = "told"
)

// Reason is one thing that puts an offer where it stands.
type Reason struct {
	About   string // area, gfa, far, place, plots or border
	Verdict Verdict
	Words   geo.Words
}

// Reasons say why an offer stands where it does.
func (n Need) Reasons(o Offer) []Reason {
	t := o.Together
	mu := geo.Say("亩", "mu")
	m2 := geo.Say("平方米", "m²")
	area := n.amount("area", geo.Say("总面积", "the area"), t.AreaMu(), geo.MuDecimals, mu, n.AreaMu, n.missedArea(t))
	gfa := n.amount("gfa", geo.Say("计容建筑面积", "the capacity"), float64(t.GFA), geo.SquareMetreDecimals, m2, n.GFA, n.missedGFA(t))
	if t.UnknownGFA > 0 {
		gfa.Words = gfa.Words.Then(geo.Say("，%d 个地块未定容积率，不计在内", "; %d plot(s) have neither FAR nor capacity and count nothing", t.UnknownGFA))
	}
	reasons := []Reason{area, gfa, n.farReason(t)}
	if n.Radius > 0 {
		metres := geo.FormatFixed(o.Distance, 0)
		near := geo.Say("距所给地点 %s 米", "%s m from the place", metres)
		if o.Distance == 0 {
			near = geo.Say("所给地点就在其中", "the place lies in it")
		}
		reasons = append(reasons, Reason{"place", Fitting, near})
	}
	if t.Plots == 1 {
		return append(reasons, Reason{"plots", Fitting, geo.Say("单独一个地块即可", "one plot alone will do")})
	}
	border := Reason{"border", Fitting, geo.Say("相互共用界线 %s 米", "they share %s m of border", geo.FormatFixed(t.Border, 2))}
	if t.cohesion() < 0.5 {
		border.Verdict = Under
		border.Words = border.Words.Then(geo.Say("，对此面积而言偏短", ", which is little for plots of their size"))
	}
	return append(reasons, Reason{"plots", Over, geo.Say("须合用 %d 个相邻地块", "it takes %d adjacent plots", t.Plots)}, border)
}

// amount says how a total stands to the range that is asked for.
func (n Need) amount(about string, what geo.Words, v float64, decimals int, unit geo.Words, asked Range, m miss) Reason {
	total := geo.FormatFixed(v, decimals)
	by := func(amount float64) (string, string) {
		return geo.FormatFixed(amount, decimals), geo.FormatFixed(m.share*100, geo.PercentDecimals)
	}
	switch {
	case asked.IsOpen():
		return Reason{about, Told, geo.Say("%s %s %s", "%s is %s %s", what, total, unit)}
	case m.over > 0:
		amount, percent := by(m.over)
		return Reason{about, Over, geo.Say("%s %s %s，超出所需 %s %s %s（%s%%）", "%s is %s %s: over %s by %s %s (%s %%)", what, total, unit, asked, amount, unit, percent)}
	case m.under > 0:
		amount, percent := by(m.under)
		return Reason{about, Under, geo.Say("%s %s %s，较所需 %s 少 %s %s（%s%%）", "%s is %s %s: under %s by %s %s (%s %%)", what, total, unit, asked, amount, unit, percent)}
	}
	return Reason{about, Fitting, geo.Say("%s %s %s，合所需 %s", "%s is %s %s, within %s", what, total, unit, asked)}
}

func (n Need) farReason(t Together) Reason {
	average, known := t.FARAverage()
	if !known {
		return Reason{"far", Told, geo.Say("未定容积率上限", "no FAR max is set")}
	}
	said := geo.Say("容积率上限 %s", "FAR max is %s", geo.FormatFixed(average, 2))
	if t.LeastFAR < t.MostFAR {
		said = geo.Say("容积率上限按面积平均 %s（%s–%s）", "FAR max is %s by area (%s–%s)", geo.FormatFixed(average, 2), short(t.LeastFAR), short(t.MostFAR))
	}
	if n.FARMax.IsOpen() {
		return Reason{"far", Told, said}
	}
	return Reason{"far", Fitting, said.Then(geo.Say("，各地块均合所需 %s", ", each plot's within %s", n.FARMax))}
}

// Words tell the range: 30–50, at least 30, at most 50.
func (r Range) Words() geo.Words {
	switch {
	case r.IsOpen():
		return geo.Say("不限", "anything")
	case r.Max == nil:
		return geo.Say("≥%s", "at least %s", short(*r.Min))
	case r.Min == nil:
		return geo.Say("≤%s", "at most %s", short(*r.Max))
	case *r.Min == *r.Max:
		return geo.Names(short(*r.Min))
	}
	return geo.Names(short(*r.Min) + "–" + short(*r.Max))
}

// short writes a number without needless digits.
func short(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// String writes the points as a score with its hundredths.
func (p Points) String() string { return geo.FormatFixed(float64(p)/100, 2) }
