package cql2

import (
	"slices"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Type is the type of a value.
type Type string

// The types of properties.
const (
	TypeString    Type = "string"
	TypeNumber    Type = "number"
	TypeInteger   Type = "integer"
	TypeBoolean   Type = "boolean"
	TypeDate      Type = "date"
	TypeTimestamp Type = "timestamp"
	TypeGeometry  Type = "geometry"

	typeInterval Type = "interval"
	typeArray    Type = "array"
	typeUnknown  Type = "" // of what has a fault already
)

// Queryable is a property that filters may read.
type Queryable struct {
	Name     string
	Type     Type
	Nullable bool
	Enum     []string // the only values of a string, when they are known
	Zh, En   string   // titles
}

// Schema lists the properties that filters may read.
type Schema []Queryable

// Lookup finds a property by its name.
func (s Schema) Lookup(name string) (Queryable, bool) {
	i := slices.IndexFunc(s, func(q Queryable) bool { return q.Name == name })
	if i < 0 {
		return Queryable{}, false
	}
	return s[i], true
}

// Faults are what keeps a filter from being run, in the order of the source.
type Faults []*SyntaxError

func (f Faults) Error() string { return f.Words().En }

// Words tell the faults in both languages, one a line.
func (f Faults) Words() geo.Words {
	var zh, en []string
	for _, fault := range f {
		said := fault.Words()
		zh, en = append(zh, said.Zh), append(en, said.En)
	}
	return geo.Words{Zh: strings.Join(zh, "\n"), En: strings.Join(en, "\n")}
}

// Check says whether a filter can be run on rows of a schema. Its error is Faults:
// unknown properties, with the nearest name; operands whose types do not fit;
// values that an enumeration does not have; polygons that are not valid; and
// functions that are read but not run.
func Check(e Expr, s Schema) error {
	t := typer{
		lookup: s.Lookup,
		names: func() (names []string) {
			for _, q := range s {
				names = append(names, q.Name)
			}
			return names
		},
		titled: func(title string) string {
			for _, q := range s {
				if title == q.Zh || strings.EqualFold(title, q.En) {
					return q.Name
				}
			}
			return ""
		},
	}
	_, err := t.filter(e)
	return err
}

// unknownProperty says that there is no such property and which may be meant.
func (t *typer) unknownProperty(p *Property) {
	if t.titled != nil {
		if name := t.titled(p.Name); name != "" {
			t.fault(p, geo.Say("没有字段 %q；%s 的字段名是 %q", "there is no property %q; %s is called %q", clip(p.Name), clip(p.Name), name))
			return
		}
	}
	names := t.names()
	slices.Sort(names)
	if near := nearest(p.Name, names); near != "" {
		t.fault(p, geo.Say("没有字段 %q；是否指 %q？", "there is no property %q; did you mean %q?", clip(p.Name), near))
		return
	}
	t.fault(p, geo.Say("没有字段 %q；可用：%s", "there is no property %q; there are %s", clip(p.Name), strings.Join(names, ", ")))
}

// nearest is the word that differs least, when that is little.
func nearest(word string, words []string) string {
	best, fewest := "", 1+max(2, len([]rune(word))/3)
	for _, w := range words {
		if d := edits(strings.ToLower(word), strings.ToLower(w), fewest); d < fewest {
			best, fewest = w, d
		}
	}
	return best
}

// edits is the number of characters to put in, leave out or change (V. I.
// Levenshtein, 1965), or at least most when it is not less.
func edits(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= most || len(y)-len(x) >= most {
		return most
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		corner := row[0]
		row[0] = i + 1
		for j, s := range y {
			change := corner
			if r != s {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

func oneOf(values []string) geo.Words {
	const shown = 20
	if len(values) > shown {
		return geo.Say("%s 等，另有 %d 个", "%s and %d more", strings.Join(values[:shown], ", "), len(values)-shown)
	}
	return geo.Names(strings.Join(values, ", "))
}
