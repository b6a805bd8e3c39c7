package land

import (
	"embed"
	"encoding/csv"
	"strings"
	"sync"

	"github.com/dikuai/dikuai/geo"
)

// Scheme names a land-use classification (用地分类) with its version. The same
// digits mean different things in different schemes, so a code is never told
// apart from its scheme.
type Scheme string

// The schemes whose dictionaries ship with the register.
const (
	GB50137 Scheme = "GB50137-2011" // 城市用地分类与规划建设用地标准, the plan's own period
	MNR2023 Scheme = "MNR-2023"     // 国土空间调查、规划、用途管制用地用海分类指南
	GZ2019  Scheme = "GZ-2019"      // Guangzhou's local M0 新型产业用地, 穗府办规〔2019〕4号
)

// UseCode is a land-use code (用地代码) in its scheme.
type UseCode struct {
	Scheme Scheme
	Code   string
}

func (c UseCode) String() string { return string(c.Scheme) + ":" + c.Code }

// Use is one entry of a land-use dictionary. Level is 1 for 大类, 2 for 中类, 3
// for 小类; Parent is empty at level 1.
type Use struct {
	UseCode
	Parent         string
	Level          int
	NameZh, NameEn string
	Color          string // planning colour, #RRGGBB; empty where no source names one
}

// Crossing says what a GB 50137-2011 or local code becomes in the 2023 scheme.
type Crossing struct{ Code, Code2023, Relation, Note string }

//go:embed dictionary
var dictionaries embed.FS

var uses = sync.OnceValue(func() (d struct {
	all       []Use
	byCode    map[UseCode]Use
	crossings []Crossing
	exact     map[string]string
	back      map[string]string
}) {
	d.byCode = map[UseCode]Use{}
	d.exact, d.back = map[string]string{}, map[string]string{}
	for _, r := range dictionaryRows("land_use.csv") {
		u := Use{UseCode{Scheme(r[0]), r[1]}, r[2], int(r[3][0] - '0'), r[4], r[5], r[6]}
		d.all = append(d.all, u)
		d.byCode[u.UseCode] = u
	}
	seen, seen2023 := map[string]int{}, map[string]int{}
	for _, r := range dictionaryRows("crosswalk.csv") {
		d.crossings = append(d.crossings, Crossing{r[0], r[1], r[2], r[3]})
		d.exact[r[0]], d.back[r[1]] = r[1], r[0]
		seen[r[0]]++
		seen2023[r[1]]++
	}
	for code, n := range seen {
		if n > 1 {
			delete(d.exact, code)
		}
	}
	for code, n := range seen2023 {
		if n > 1 {
			delete(d.back, code)
		}
	}
	return d
})

// dictionaryRows reads an embedded table without its heading; the files ship
// with the program, so a fault in one is a fault in the program.
func dictionaryRows(name string) [][]string {
	f, err := dictionaries.Open("dictionary/" + name)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(err)
	}
	return rows[1:]
}

// Uses lists every dictionary entry, scheme by scheme, in dictionary order.
func Uses() []Use { return uses().all }

// Crossings lists the crosswalk to the 2023 scheme.
func Crossings() []Crossing { return uses().crossings }

// LookupUse finds a code in its scheme's dictionary.
func LookupUse(c UseCode) (Use, bool) {
	u, ok := uses().byCode[c]
	return u, ok
}

// ParentUse is the class that a code lies in; its code is empty at the top.
func ParentUse(c UseCode) UseCode {
	u, ok := LookupUse(c)
	if !ok || u.Parent == "" {
		return UseCode{Scheme: c.Scheme}
	}
	parent := UseCode{c.Scheme, u.Parent}
	if _, ok := LookupUse(parent); !ok { // M0 is local, its class M is national
		parent.Scheme = GB50137
	}
	return parent
}

// classes are the classes that each code lies in, the nearest first.
var classes = sync.OnceValue(func() map[UseCode][]string {
	all := map[UseCode][]string{}
	for _, u := range Uses() {
		for c := ParentUse(u.UseCode); c.Code != ""; c = ParentUse(c) {
			all[u.UseCode] = append(all[u.UseCode], c.Code)
		}
	}
	return all
})

// MajorUse climbs to the 大类 of a code; an unknown code is given back as it is.
func MajorUse(c UseCode) UseCode {
	for {
		parent := ParentUse(c)
		if parent.Code == "" {
			return c
		}
		c = parent
	}
}

// Use2023 is the 2023 code that a GB 50137-2011 or local code becomes, where
// the crosswalk names exactly one; else it is empty and a person decides.
func Use2023(c UseCode) string {
	if c.Scheme == MNR2023 {
		return c.Code
	}
	return uses().exact[c.Code]
}

// UseGB50137 is the GB 50137-2011 code that becomes a code of the 2023 scheme, where
// the crosswalk names exactly one; else it is empty and a person decides.
func UseGB50137(c UseCode) string {
	if c.Scheme == MNR2023 {
		return uses().back[c.Code]
	}
	return c.Code
}

// ParseUse reads a code as documents write it, "A35" or mixed "M1/M0": the main
// code and the ordered secondary ones. Without a scheme, letters mean GB
// 50137-2011 or Guangzhou's M0; digits alone are refused, because they mean
// different land in different schemes.
func ParseUse(s string, scheme Scheme) (UseCode, []string, error) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '+' || r == '、' })
	if len(parts) == 0 {
		return UseCode{}, nil, geo.Say("需要用地代码，例如 A35", "a land-use code is needed, such as A35")
	}
	var main UseCode
	var secondary []string
	for i, p := range parts {
		c, err := lookupText(strings.ToUpper(strings.TrimSpace(p)), scheme)
		if err != nil {
			return UseCode{}, nil, err
		}
		if i == 0 {
			main = c
		} else {
			secondary = append(secondary, c.Code)
		}
	}
	return main, secondary, nil
}

func lookupText(code string, scheme Scheme) (UseCode, error) {
	try := []Scheme{scheme}
	if scheme == "" || scheme == GB50137 || scheme == GZ2019 {
		try = []Scheme{GB50137, GZ2019}
	}
	if scheme == "" && strings.Trim(code, "0123456789") == "" {
		return UseCode{}, geo.Say("用地代码 %q 未说明分类标准，同样的数字在不同标准中指不同用地；请在 land_use_scheme 中写明，例如 %s",
			"land-use code %q has no scheme and its digits mean different land in different schemes; name land_use_scheme, such as %s", code, MNR2023)
	}
	for _, s := range try {
		if _, ok := LookupUse(UseCode{s, code}); ok {
			return UseCode{s, code}, nil
		}
	}
	return UseCode{}, geo.Say("用地代码 %q 不在 %s 中", "land-use code %q is not in %s", code, try[0])
}
