package land

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestParseLimits(t *testing.T) {
	for _, c := range []struct{ text, refused string }{
		{`{}`, ""},
		{`{"small_area_m2": 300, "spike_deg": 0.5}`, ""},
		{`{"overlap_m2": 0, "noise_m2": 0, "overlap_width_m": 0, "outside_m2": 0}`, ""},
		{`{"overlap_m2": 0.2}`, "overlap_m2: 0.2 is too loose: the register relies on it, so it can only be stricter; give a number from 0 to 0.1"},
		{`{"overlap_width_m": 0.05}`, "overlap_width_m: 0.05 is too loose"},
		{`{"outside_m2": 1.5}`, "outside_m2: 1.5 is too loose"},
		{`{"noise_m2": 0.5}`, "noise_m2: 0.5 is out of range"},
		{`{"overlap_m2": -1}`, "overlap_m2: -1 is out of range; give a number from 0 to 0.1"},
		{`{"overlap_m2": 0}`, "noise_m2: 0.01 is above overlap_m2, which is 0; give both"},
		{`{"spike_deg": 20}`, "spike_deg: 20 is above sharp_deg, which is 10"},
		{`{"small_area_m2": 0.5}`, "least_area_m2: 1 is above small_area_m2, which is 0.5"},
		{`{"smal_area_m2": 300}`, "smal_area_m2: there is no such limit; use one of repeated_m, spike_deg"},
		{`{"small_area_m2": null}`, "small_area_m2: it has no value"},
		{`{"small_area_m2": "300"}`, "this is no JSON object of names and numbers"},
		{`{"small_area_m2": 1e999}`, "this is no JSON object of names and numbers"},
		{`[300]`, "this is no JSON object of names and numbers"},
		{`null`, "this is no JSON object of names and numbers"},
		{``, "this is no JSON object of names and numbers"},
		{`{"gap_m2": 0, "roundness": 2}`, "roundness: 2 is out of range; give a number from 0 to 1\ngap_m2: 0 is out of range; give a number from 0.001 to 10000"},
	} {
		_, err := ParseLimits([]byte(c.text))
		var invalid *InvalidError
		switch {
		case c.refused == "" && err != nil:
			t.Errorf("%s: %v", c.text, err)
		case c.refused != "" && (!errors.As(err, &invalid) || !strings.Contains(err.Error(), c.refused)):
			t.Errorf("%s: %v", c.text, err)
		}
	}
}

// TestLimitsComeBack holds the usual limits to their own rules, and what is told
// of limits to what is read.
func TestLimitsComeBack(t *testing.T) {
	usual := DefaultLimits()
	for _, l := range AllLimits() {
		if v := l.Value(usual); v < l.Least || v > l.Most || l.Fixed && v != l.Most {
			t.Errorf("%s is %v by default, from %v to %v", l.Name, v, l.Least, l.Most)
		}
		if l.Zh == "" || l.En == "" || (checkNames[l.Codes[:4]] == CheckName{}) {
			t.Errorf("%s is of no check or has no names", l.Name)
		}
	}
	described, err := os.ReadFile("../../docs/register.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range AllLimits() {
		row := fmt.Sprintf("| `%s` | %s | %s | %v | %v – %v", l.Name, l.Codes, l.En, l.Value(usual), grouped(l.Least), grouped(l.Most))
		if l.Fixed {
			row += " (only stricter)"
		}
		if !strings.Contains(string(described), row+" |\n") {
			t.Errorf("docs/register.md lacks %s |", row)
		}
	}
	changed, err := ParseLimits([]byte(`{"stated_m2": 2, "node_m": 0.1}`))
	if err != nil {
		t.Fatal(err)
	}
	told, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseLimits(told); err != nil || again != changed {
		t.Errorf("%s: %v", told, err)
	}
	if !strings.HasPrefix(string(told), `{"repeated_m":0.001,"spike_deg":1,`) || !strings.Contains(string(told), `"stated_m2":2,`) {
		t.Errorf("%s", told)
	}
}

// grouped is a number as the documents write it.
func grouped(v float64) string {
	s := fmt.Sprintf("%.10g", v)
	if v < 10_000 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
