package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// useClass is a class of a land-use scheme with the land that carries its code
// and the classes below it that have land.
type useClass struct {
	use    land.UseCode
	nameZh string
	has    [2]holding // that carries just this code, now and on the day compared with
	below  []*useClass
}

// holding is how many plots have how much land.
type holding struct {
	plots int
	area  geo.ExactArea
}

// useSection is the land of one part of the balance table: classes at the top
// level, in dictionary order.
type useSection struct{ classes []*useClass }

// classification is all land, by parts of the table.
type classification [sections]useSection

// have says whether there are classes of a scheme.
func (parts *classification) have(scheme land.Scheme) bool {
	var any func(classes []*useClass) bool
	any = func(classes []*useClass) bool {
		return slices.ContainsFunc(classes, func(c *useClass) bool { return c.has != [2]holding{} && c.use.Scheme == scheme || any(c.below) })
	}
	return slices.ContainsFunc(parts[:], func(s useSection) bool { return any(s.classes) })
}

// sectionOf sorts a code into the parts of the balance table. GB 50137-2011
// knows urban development land (城市建设用地, H11 = R A B M W S U G), other
// development land (H12–H14, H2–H9) and land not for development (E); M0 lies
// under M. The 2023 guide is a scheme of its own, whose digits mean other land.
func sectionOf(c land.UseCode) int {
	if _, ok := land.LookupUse(c); !ok {
		return unknownUse
	}
	major := land.MajorUse(c)
	switch {
	case major.Scheme == land.MNR2023:
		return mnr2023
	case major.Code == "E":
		return notForDevelopment
	case major.Code == "H" && c.Code != "H11":
		return otherDevelopment
	default:
		return urban
	}
}

// The parts of the balance table, in print order.
const (
	urban = iota
	otherDevelopment
	notForDevelopment
	mnr2023
	unknownUse
	sections
)

// placeOf is the code under which plots are told in a scheme, and the part of the
// table that it is in. What the crosswalk does not take to exactly one code stays
// as it is, apart.
func placeOf(s land.PlotSum, scheme land.Scheme) (land.UseCode, int) {
	code := s.Use.Code
	switch scheme {
	case land.MNR2023:
		if code = s.Use2023; code == "" {
			code = land.Use2023(s.Use)
		}
	case land.GB50137:
		if code = land.UseGB50137(s.Use); s.Use.Scheme != land.MNR2023 {
			scheme = s.Use.Scheme // M0 stays local
		}
	default:
		scheme = s.Use.Scheme
	}
	use := land.UseCode{Scheme: scheme, Code: code}
	if code == "" {
		return s.Use, unknownUse
	}
	return use, sectionOf(use)
}

// classify sorts plots into classes by their main code, those of now and those of
// the day compared with.
func classify(sums [2][]land.PlotSum, scheme land.Scheme) classification {
	var parts classification
	known := map[land.UseCode]*useClass{}
	var class func(c land.UseCode, s *useSection) *useClass
	class = func(c land.UseCode, s *useSection) *useClass {
		if found, ok := known[c]; ok {
			return found
		}
		u, _ := land.LookupUse(c)
		made := &useClass{use: c, nameZh: u.NameZh}
		known[c] = made
		if parent := land.ParentUse(c); parent.Code != "" && c.Code != "H11" {
			above := class(parent, s)
			above.below = append(above.below, made)
		} else {
			s.classes = append(s.classes, made)
		}
		return made
	}
	for day, list := range sums {
		for _, s := range list {
			use, section := placeOf(s, scheme)
			has := &class(use, &parts[section]).has[day]
			has.plots += s.Plots
			has.area += s.Area
		}
	}
	for i := range parts {
		sortClasses(parts[i].classes)
	}
	return parts
}

// sortClasses puts 大类 in dictionary order (R A B M W S U G …) and those below
// by code.
func sortClasses(classes []*useClass) {
	place := func(c *useClass) int {
		if u, ok := land.LookupUse(c.use); ok && u.Level > 1 && c.use.Code != "H11" {
			return 0
		}
		return placeOfUse(c.use)
	}
	slices.SortFunc(classes, func(a, b *useClass) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.use.Code, b.use.Code), strings.Compare(string(a.use.Scheme), string(b.use.Scheme)))
	})
	for _, c := range classes {
		sortClasses(c.below)
	}
}

// placeOfUse is a code's place in the dictionary.
func placeOfUse(c land.UseCode) int {
	return slices.IndexFunc(land.Uses(), func(u land.Use) bool { return u.UseCode == c })
}

// schemeNote names the classifications that codes belong to.
func schemeNote(has func(land.Scheme) bool) string {
	var named []string
	for _, s := range []struct {
		scheme land.Scheme
		zh     string
	}{
		{land.GB50137, "字母代码按 GB 50137-2011《城市用地分类与规划建设用地标准》"},
		{land.GZ2019, "M0 新型产业用地为广州市地方分类（穗府办规〔2019〕4号），归入 M 类"},
		{land.MNR2023, "数字代码按自然资发〔2023〕234号《国土空间调查、规划、用途管制用地用海分类指南》"},
	} {
		if has(s.scheme) {
			named = append(named, s.zh)
		}
	}
	if named == nil {
		return ""
	}
	return "用地分类：" + strings.Join(named, "；") + "。"
}
