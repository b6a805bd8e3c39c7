package csv

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/wkt"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

const square = `"POLYGON((113.45 22.99,113.451 22.99,113.451 22.991,113.45 22.99))"`

func read(text string, h land.Handling) (drafts []land.Draft, told string, d land.Delivery, err error) {
	d, err = Read(strings.NewReader(text), h, func(draft land.Draft) error {
		drafts = append(drafts, draft)
		return nil
	})
	found := d.Notes
	var invalid *land.InvalidError
	if errors.As(err, &invalid) {
		found, err = invalid.Findings, nil
	}
	var all []string
	for _, f := range found {
		all = append(all, fmt.Sprintf("%s@%d", f.Code, f.Row))
	}
	return drafts, strings.Join(all, " "), d, err
}

func TestRowsAreReadOrRefusedByLine(t *testing.T) {
	t.Parallel()
	const head = "plot_no,land_use,name,wkt\n"
	for _, c := range []struct{ name, text, want, first string }{
		{"good", head + "P-1,A35,甲," + square, "", "P-1 A35 甲"},
		{"byte order mark, CRLF", "\ufeff" + strings.ReplaceAll(head, "\n", "\r\n") + "P-1,A35,甲," + square + "\r\n", "", "P-1 A35 甲"},
		{"Chinese headings", "地块编号,用地代码,地块名称,容积率上限,WKT\nP-1,A35,甲,2.5," + square, "", "P-1 A35 甲"},
		{"quotes", head + `P-1,A35,"a ""b"", c",` + square, "", `P-1 A35 a "b", c`},
		{"guarded", head + "P-1,A35,'=1+1," + square, "", "P-1 A35 =1+1"},
		{"quoted apostrophes", head + "P-1,A35,''=1," + square, "", "P-1 A35 '=1"},
		{"blank rows", head + "\n,,,\nP-1,A35,," + square + "\n,,,\n", "", "P-1 A35 "},
		{"a newline", head + "P-1,A35,\"a\nb\"," + square, "1101@2", ""},
		{"after a newline", head + "P-1,A35,\"a\nb\"," + square + "\nP-2,Z9,," + square, "1101@2 4102@4", ""},
		{"too few columns", head + "P-1,A35\nP-2,A35,," + square, "1108@2", ""},
		{"a quote astray", head + `P-1,A35,a"b,` + square, "1108@2", ""},
		{"an open quote", head + `P-1,A35,"a,` + square, "1108@2", ""},
		{"no wkt", "plot_no,land_use\nP-1,A35", "2101@1", ""},
		{"two alike", "plot_no,PLOT_NO,wkt\n1,2," + square, "1108@1", ""},
		{"point", head + "P-1,A35,,POINT(1 2)", "2101@2", ""},
		{"empty polygon", head + "P-1,A35,,MULTIPOLYGON EMPTY", "2101@2", ""},
		{"no geometry", head + "P-1,A35,,", "2101@2", ""},
		{"unknown code", head + "P-1,X9,," + square, "4102@2", ""},
		{"plane without its system", head + `P-1,A35,,"POLYGON((443600 2543500,443700 2543500,443700 2543600,443600 2543500))"`, "1104@2", ""},
		{"system named", "plot_no,land_use,crs,wkt\n" + `P-1,A35,EPSG:4547,"POLYGON((443600 2543500,443700 2543500,443700 2543600,443600 2543500))"`, "", "P-1 A35 "},
		{"an old datum", "plot_no,land_use,crs,wkt\nP-1,A35,EPSG:2383," + square, "1103@2", ""},
		{"two systems", "plot_no,land_use,crs,wkt\nP-1,A35,EPSG:4490," + square + "\nP-2,A35,EPSG:4326," + square, "1103@3", ""},
		{"unknown column", "plot_no,land_use,颜色,wkt\nP-1,A35,红," + square, "1108@0", "P-1 A35 "},
		{"binary", "PK\x03\x04\x00\x00", "1101@0", ""},
		{"empty", "", "2101@0", ""},
	} {
		drafts, told, _, err := read(c.text, land.Handling{})
		if err != nil || told != c.want {
			t.Errorf("%s: %q %v, want %q", c.name, told, err, c.want)
		}
		if c.first == "" {
			continue
		}
		if len(drafts) != 1 || drafts[0].PlotNo+" "+drafts[0].UseText()+" "+drafts[0].Name != c.first {
			t.Errorf("%s: %+v, want %s", c.name, drafts, c.first)
		}
	}
}

func TestEncodingIsTold(t *testing.T) {
	t.Parallel()
	for _, before := range []int{0, 200_000} { // ASCII before the first other character
		text := "name,land_use,plot_no,wkt\n" + strings.Repeat("a,A35,P-1,"+square+"\n", before/80) + "番禺,A35,P-2," + square
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		for want, text := range map[string]string{"UTF-8": text, "GB18030": gbk} {
			drafts, told, d, err := read(text, land.Handling{})
			if err != nil || told != "" || d.Encoding != want || drafts[len(drafts)-1].Name != "番禺" {
				t.Errorf("%s: %+v %s %v", want, d, told, err)
			}
		}
	}
	if _, told, _, _ := read("\ufeffname,land_use,plot_no,wkt\n番禺,A35,P-2,"+square+"\n\xff\xfe,A35,P-1,"+square, land.Handling{}); told != "1101@3" {
		t.Errorf("broken UTF-8 told %s", told)
	}
}

func TestHandlingOverridesTheFile(t *testing.T) {
	t.Parallel()
	text := "编号,crs,wkt\nP-1,EPSG:4490,\"POLYGON((443600 2543500,443700 2543500,443700 2543600,443600 2543500))\""
	drafts, told, _, err := read(text, land.Handling{CRS: geo.GK114, Map: map[string]string{"编号": "plot_no", "=A35": "land_use"}})
	if err != nil || told != "" || len(drafts) != 1 || drafts[0].CRS != geo.GK114 || drafts[0].PlotNo != "P-1" {
		t.Errorf("%+v %s %v", drafts, told, err)
	}
}

func TestWKTIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"POLYGON((0 0,1 0,1 1,0 0))":                                        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
		" polygon  ( ( 0 0 , 1e0 +0, 1 1,0 0 ) , (2 2,3 2,3 3,2 2) ) ":      "MULTIPOLYGON(((0 0,1 0,1 1,0 0),(2 2,3 2,3 3,2 2)))",
		"MultiPolygon Z (((0 0 5,1 0 5,1 1 5,0 0 5)))":                      "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
		"POLYGONZM((0 0 5 6,1 0 5 6,1 1 5 6,0 0 5 6))":                      "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
		"MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2)))":             "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,3 2,3 3,2 2)))",
		"MULTIPOLYGON EMPTY":                                                "MULTIPOLYGON EMPTY",
		"POLYGON((0 0,1 0,1 1,0 0)":                                         "",
		"POLYGON((0 0,1 0,1 1,0 0)))":                                       "",
		"POLYGON(0 0,1 0,1 1,0 0)":                                          "",
		"POLYGON((0,1,1,0))":                                                "",
		"POLYGON((0 0,1 x,1 1,0 0))":                                        "",
		"POLYGON((0 0,1 1e999,1 1,0 0))":                                    "",
		"LINESTRING(0 0,1 1)":                                               "",
		"GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)))":                    "",
		"CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,1 0,1 1),(1 1,0 0))": "",
		"": "",
	} {
		got, err := parseWKT(text)
		if (want == "") != (err != nil) || want != "" && wkt.MarshalString(got) != want {
			t.Errorf("%s: %v %v, want %s", text, wkt.MarshalString(got), err, want)
		}
	}
	p := geo.MultiPolygon{{{{113.45, 22.99}, {443600.123, -1e-9}, {1e21, 3}, {113.45, 22.99}}}}
	back, err := parseWKT(string(appendWKT(nil, p)))
	if err != nil || !slices.Equal(back[0][0], p[0][0]) {
		t.Errorf("%v %v", back, err)
	}
}

// FuzzRead holds reading to its promises: any bytes give drafts or located
// faults, and a draft's texts are of one line.
func FuzzRead(f *testing.F) {
	f.Add([]byte("plot_no,land_use,name,crs,wkt\nP-1,A35,'=甲,EPSG:4490," + square))
	f.Add([]byte("\ufeff地块编号,用地代码,WKT\r\nP-1,A35,\"MULTIPOLYGON Z (((113.45 22.99 1,113.451 22.99 1,113.451 22.991 1,113.45 22.99 1)))\"\r\n"))
	f.Add([]byte("wkt\n\xb5\xd8\xbf\xe9"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read(strings.NewReader(string(data)), land.Handling{}, func(draft land.Draft) error {
			if len(draft.Boundary) == 0 || draft.Row < 1 || draft.CRS == 0 || strings.ContainsAny(draft.Name, "\r\n") {
				t.Errorf("draft %+v", draft)
			}
			return nil
		})
		var invalid *land.InvalidError
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
		if err == nil && d.Plots == 0 {
			t.Error("nothing was read and nothing is at fault")
		}
	})
}

func FuzzGuardIsUndone(f *testing.F) {
	for _, s := range []string{"", "=1", "'=1", "''@", "'a", "＝1", "\t", "-", "甲"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := unguard(guard(s)); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		if g := guard(s); g != "" && strings.ContainsRune("=+-@\t\r\n", rune(g[0])) {
			t.Errorf("%q is not guarded: %q", s, g)
		}
	})
}
