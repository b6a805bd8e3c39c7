package land

import (
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// judgeKind holds a boundary to the layers of a kind as the kind's rule says.
func judgeKind(r ComplianceRule, s Survey, p Proposal) []ComplianceFinding {
	kind, _ := LookupControlKind(r.Kind)
	over := s.Kinds[r.Kind]
	if len(over.Layers) == 0 {
		missing := skip(geo.Say("当日没有有效的%s图层", "no layer of %s holds on the day", geo.Words{Zh: kind.Zh, En: kind.En}))
		if slices.Contains(threeLines, r.Kind) {
			missing[0].Outcome = Doubtful
		}
		return missing
	}
	if kind.Rule == Inside {
		return r.judgeInside(kind, over, p)
	}
	var findings []ComplianceFinding
	for _, l := range over.Layers {
		switch {
		case r.Kind == HeightLimit:
			findings = append(findings, r.judgeHeights(l, p.Height)...)
		case kind.Rule == Outside:
			findings = append(findings, r.judgeLayer(l, Fails, geo.Say("占用", "meet")))
		default:
			findings = append(findings, r.judgeLayer(l, Doubtful, geo.Say("涉及", "lie in")))
		}
	}
	return findings
}

// threeLines (三区三线) may not be taken for kept because nothing was published.
var threeLines = []ControlKind{PermanentFarmland, EcologicalLine, UrbanBoundary}

// judgeInside: land lies within the layers of a kind together; of a kind that
// speaks to one class of use alone, land that is declared to be of it, or without
// a declaration what the plots underneath say is.
func (r ComplianceRule) judgeInside(kind ControlKindName, over KindOverlap, p Proposal) []ComplianceFinding {
	outside := over.Outside
	if kind.OnlyUse != "" {
		class := UseCode{GB50137, kind.OnlyUse}
		of := func(u UseCode) bool { return u.In(class) }
		switch {
		case len(p.Uses) == 0:
			outside = over.OfUse
		case !slices.ContainsFunc(p.Uses, of):
			return skip(geo.Say("只适用于 %s 类用地", "speaks to land of class %s alone", kind.OnlyUse))
		}
	}
	f := r.found(outside, Fails)
	if len(over.Layers) == 1 {
		f.Layer = over.Layers[0].Layer
	}
	for _, l := range over.Layers {
		f.Features = append(f.Features, r.shares(l.Features)...)
	}
	name := geo.Words{Zh: kind.Zh, En: kind.En}
	good := geo.Say("全部位于%s之内", "all of it lies within the %s", name)
	if kind.OnlyUse != "" && len(p.Uses) == 0 {
		good = geo.Say("没有 %s类用地在%s之外", "no land of class %s lies outside the %s", kind.OnlyUse, name)
	}
	return []ComplianceFinding{f.saying(good, geo.Say("有 %s在%s之外", "%s lie outside the %s", said(f.Area), name))}
}

// judgeLayer: land does not meet a layer, or a person is told what does.
func (r ComplianceRule) judgeLayer(l LayerOverlap, at Outcome, verb geo.Words) ComplianceFinding {
	f := r.found(l.Within, at)
	f.Layer, f.Features = l.Layer, r.shares(l.Features)
	return f.saying(
		geo.Say("不涉及%s", "nothing of it lies in %s", l.Layer.names()),
		geo.Say("有 %s%s%s", "%s %s %s", said(f.Area), verb, l.Layer.names()))
}

// judgeHeights: a building keeps under each height limit above it. Where no height
// is declared, a person is told the limits.
func (r ComplianceRule) judgeHeights(l LayerOverlap, declared *float64) []ComplianceFinding {
	var findings []ComplianceFinding
	var ignored geo.SquareMetres
	value, told := "", geo.Say("，未申报高度", "; no height was declared")
	if declared != nil {
		value = short(*declared)
		told = geo.Say("，申报高度 %s 米", "; %s m were declared", value)
	}
	for _, o := range l.Features {
		height, set := o.HeightMax()
		at := Doubtful
		if declared != nil && set {
			at = Fails
			if broke(*declared, nil, &height) == nil {
				at = Passes
			}
		}
		f := r.found(o.Pieces, at)
		f.Layer, f.Features, f.Declared = l.Layer, r.shares([]FeatureOverlap{o}), declared
		if set {
			f.Limit = &height
		}
		if f.Area == 0 {
			ignored += f.Ignored
			continue
		}
		if at == Passes {
			f.Pieces = nil
		}
		findings = append(findings, f.saying(
			geo.Say("申报高度 %s 米不超过%s的限高 %s 米", "the declared height of %[1]s m keeps to the limit of %[3]s m of %[2]s", value, l.Layer.names(), short(height)),
			geo.Say("有 %s位于%s的限高 %s 米范围内", "%[1]s lie under the limit of %[3]s m of %[2]s", said(f.Area), l.Layer.names(), short(height)).Then(told)))
	}
	if len(findings) > 0 {
		return findings
	}
	f := ComplianceFinding{Outcome: Passes, Layer: l.Layer, Ignored: ignored, Declared: declared}
	return []ComplianceFinding{f.saying(geo.Say("不涉及%s", "nothing of it lies in %s", l.Layer.names()), geo.Words{})}
}

// shares are the features that lie under more of the boundary than a sliver.
func (r ComplianceRule) shares(features []FeatureOverlap) []FeatureShare {
	var shares []FeatureShare
	for _, o := range features {
		if _, area, _ := r.Tolerance.weigh(o.Pieces); area > 0 {
			shares = append(shares, FeatureShare{o.ID, o.Code, o.Name, area})
		}
	}
	return shares
}

func (l *ControlLayer) names() geo.Words {
	return geo.Say("“%s”", "%s", geo.Words{Zh: l.NameZh, En: l.NameEn})
}
