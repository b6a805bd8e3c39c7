package land

import (
	"regexp"
	"testing"
)

func TestControlLayerHoldsOnItsDays(t *testing.T) {
	t.Parallel()
	day := func(text string) Date {
		d, err := ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		from, to, on string
		want         bool
	}{
		{"2016-01-01", "2020-12-31", "2015-12-31", false}, {"2016-01-01", "2020-12-31", "2016-01-01", true},
		{"2016-01-01", "2020-12-31", "2020-12-31", true}, {"2016-01-01", "2020-12-31", "2021-01-01", false},
		{"2016-01-01", "", "2999-01-01", true}, {"2016-01-01", "2016-01-01", "2016-01-01", true},
	} {
		l := ControlLayer{ValidFrom: day(c.from), ValidTo: day(c.to)}
		if got := l.ValidOn(day(c.on)); got != c.want {
			t.Errorf("from %s to %s: on %s %v", c.from, c.to, c.on, got)
		}
	}
}

func TestControlKindsAreWhole(t *testing.T) {
	t.Parallel()
	color := regexp.MustCompile(`^#[0-9A-F]{6}$`)
	seen := map[string]bool{}
	for _, k := range ControlKinds() {
		for _, word := range []string{string(k.Kind), k.Zh, k.PeriodZh} {
			if word == "" {
				continue
			}
			if got, err := ParseControlKind(" " + word); err != nil || got != k.Kind || seen[word] {
				t.Errorf("%s reads as %s, %v", word, got, err)
			}
			seen[word] = true
		}
		if !color.MatchString(k.Color) || seen[k.Color] || k.En == "" || k.Rule != Inside && k.Rule != Outside && k.Rule != Report {
			t.Errorf("%+v", k)
		}
		seen[k.Color] = true
		if k.OnlyUse != "" {
			if _, known := LookupUse(UseCode{GB50137, k.OnlyUse}); !known {
				t.Errorf("%s speaks of %s", k.Kind, k.OnlyUse)
			}
		}
	}
	for _, word := range []string{"", " ", "moat", "红线"} {
		if got, err := ParseControlKind(word); err == nil {
			t.Errorf("%q reads as %s", word, got)
		}
	}
}
