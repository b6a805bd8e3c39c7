package land

import (
	"strings"
	"testing"
)

func TestDictionaryHasTheStandardsCounts(t *testing.T) {
	t.Parallel()
	counts := map[Scheme]map[int]int{GB50137: {}, MNR2023: {}, GZ2019: {}}
	for _, u := range Uses() {
		counts[u.Scheme][u.Level]++
		if u.Parent != "" && ParentUse(u.UseCode).Code != u.Parent {
			t.Errorf("%s has no parent %s", u.UseCode, u.Parent)
		}
	}
	// GB 50137-2011: 城市建设用地 8, 35 and 42 classes; 城乡用地 2, 9 and 14.
	if c := counts[GB50137]; c[1] != 8+2 || c[2] != 35+9 || c[3] != 42+14 {
		t.Errorf("GB 50137-2011 has %v", c)
	}
	if counts[GZ2019][2] != 1 {
		t.Errorf("local codes: %v", counts[GZ2019])
	}
}

func TestUsesAreReadWithTheirScheme(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text      string
		scheme    Scheme
		want      string
		secondary string
	}{
		{"A35", "", "GB50137-2011:A35", ""},
		{" a35 ", GB50137, "GB50137-2011:A35", ""},
		{"M0", "", "GZ-2019:M0", ""},
		{"M1/M0", "", "GB50137-2011:M1", "M0"},
		{"0802", MNR2023, "MNR-2023:0802", ""},
		{"0802", "", "", ""},     // whose 0802?
		{"A35", MNR2023, "", ""}, // not a code of that scheme
		{"", "", "", ""},
		{"Z9", "", "", ""},
	} {
		got, secondary, err := ParseUse(c.text, c.scheme)
		if c.want == "" {
			if err == nil {
				t.Errorf("%q in %q was read as %s", c.text, c.scheme, got)
			}
			continue
		}
		if err != nil || got.String() != c.want || strings.Join(secondary, "/") != c.secondary {
			t.Errorf("%q: %s %v, %v", c.text, got, secondary, err)
		}
	}
	if MajorUse(UseCode{GZ2019, "M0"}) != (UseCode{GB50137, "M"}) || MajorUse(UseCode{GB50137, "A35"}).Code != "A" {
		t.Error("major classes")
	}
	if Use2023(UseCode{GB50137, "A35"}) != "0802" || Use2023(UseCode{GB50137, "A3"}) != "" {
		t.Error("the crosswalk names a code where a person must decide, or none where it can")
	}
}

func TestCodesCrossWhereTheCrosswalkNamesOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code       UseCode
		to2023, to string
	}{
		{UseCode{GB50137, "A35"}, "0802", "A35"}, {UseCode{GB50137, "A"}, "", "A"}, {UseCode{GZ2019, "M0"}, "1001", "M0"},
		{UseCode{MNR2023, "0803"}, "0803", "A2"}, {UseCode{MNR2023, "0702"}, "0702", ""}, {UseCode{MNR2023, "1001"}, "1001", ""}, {UseCode{MNR2023, "01"}, "01", "E2"},
	} {
		if to2023, to := Use2023(c.code), UseGB50137(c.code); to2023 != c.to2023 || to != c.to {
			t.Errorf("%s becomes %q and %q, want %q and %q", c.code, to2023, to, c.to2023, c.to)
		}
	}
}

func TestStatusMovesFollowTheTable(t *testing.T) {
	t.Parallel()
	for _, m := range Moves() {
		if err := CheckMove(m.From, m.To); err != nil {
			t.Error(err)
		}
		if m.ActZh == "" || m.DocumentNeeded == "" {
			t.Errorf("%s to %s has no act or document", m.From, m.To)
		}
	}
	for _, s := range Statuses() {
		if err := CheckMove(s.Status, s.Status); err != nil {
			t.Error(err)
		}
	}
	if err := CheckMove(Planned, Verified); err == nil || !strings.Contains(err.Error(), "allowed next: reserved, available") {
		t.Errorf("planned to verified: %v", err)
	}
}

func TestAttributesAreChecked(t *testing.T) {
	t.Parallel()
	good := Attributes{PlotNo: "PY-01-01", Use: UseCode{GB50137, "A35"}, Status: Planned}
	if found := good.Check(); len(found) > 0 {
		t.Errorf("%v", found)
	}
	three, two, eighty := 3.0, 2.0, 80.0
	for code, change := range map[string]func(*Attributes){
		"1107 plot_no":         func(a *Attributes) { a.PlotNo = "" },
		"1108 name":            func(a *Attributes) { a.Name = strings.Repeat("地", 201) },
		"1101 holder":          func(a *Attributes) { a.Holder = "a\x00b" },
		"4102 land_use":        func(a *Attributes) { a.Use.Code = "Z" },
		"4102 land_use_2023":   func(a *Attributes) { a.Use2023 = "9999" },
		"4111 status":          func(a *Attributes) { a.Status = "sold" },
		"4109 far_min":         func(a *Attributes) { a.FARMin, a.FARMax = &three, &two },
		"4109 far_max":         func(a *Attributes) { a.FARMax = &eighty },
		"4110 density_max_pct": func(a *Attributes) { a.DensityMax, a.GreenMin = &eighty, &eighty },
	} {
		a := good
		change(&a)
		found := a.Check()
		if len(found) != 1 || found[0].Code+" "+found[0].Field != code {
			t.Errorf("want %s, got %v", code, found)
		}
	}
}
