package boundary

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func read(t *testing.T, text string, h land.Handling) ([]land.Draft, land.Delivery, []land.Finding) {
	t.Helper()
	var drafts []land.Draft
	d, err := Read(strings.NewReader(text), h, func(draft land.Draft) error {
		drafts = append(drafts, draft)
		return nil
	})
	var invalid *land.InvalidError
	if errors.As(err, &invalid) {
		return nil, d, invalid.Findings
	}
	if err != nil {
		t.Fatal(err)
	}
	return drafts, d, d.Notes
}

// Areas are those of the examples' own description.
func TestExamplesReadWithTheirAreas(t *testing.T) {
	t.Parallel()
	type plot struct {
		no, name, use string
		parts, rings  int
		area, stated  float64
	}
	for _, c := range []struct {
		file, encoding string
		crs            geo.CRS
		plots          []plot
		codes          string // of the remarks
	}{
		{"ex1_single_gbk.txt", "GB18030", geo.GK38, []plot{{"PY-01-01", "番禺园区示例地块一", "A35", 1, 1, 200000, 200000}}, ""},
		{"ex2_multi_hole_gbk.txt", "GB18030", geo.GK38, []plot{
			{"NS-02-01", "南沙园区示例地块二（扣除内部保留地）", "M1", 1, 2, 55000, 55000},
			{"NS-02-02", "南沙园区示例地块三", "G1", 1, 1, 9600, 9600}}, ""},
		{"ex3_quirks_utf8bom.txt", "UTF-8", geo.GK114, []plot{{"LG-03-01", "萝岗园区示例地块四", "H11", 1, 1, 61440, 61440}}, "1102 1108 1108 2103 4103"},
		{"ex4_multipart_gbk.txt", "GB18030", geo.GK38, []plot{{"PY-01-02", "两块不相邻部分", "G2", 2, 2, 15000, 15000}}, "2109"},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile("testdata/" + c.file)
			if err != nil {
				t.Fatal(err)
			}
			drafts, d, found := read(t, string(raw), land.Handling{})
			if got := codes(found); got != c.codes {
				t.Errorf("remarks %s, want %s: %v", got, c.codes, found)
			}
			if d.Encoding != c.encoding || d.CRS != c.crs || d.Format != "boundary-txt" || d.Plots != len(c.plots) {
				t.Errorf("delivery %+v", d)
			}
			for i, want := range c.plots {
				a := drafts[i]
				rings := 0
				for _, polygon := range a.Boundary {
					rings += len(polygon)
				}
				got := plot{a.PlotNo, a.Name, a.UseText(), len(a.Boundary), rings, geo.Round(float64(geo.PlaneArea(a.Boundary)), 4), float64(*a.StatedArea)}
				if got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
				checkForm(t, a.Boundary)
			}
		})
	}
}

func TestAConstantGivesEveryPlotItsUse(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/ex3_quirks_utf8bom.txt")
	if err != nil {
		t.Fatal(err)
	}
	drafts, _, found := read(t, string(raw), land.Handling{Map: map[string]string{"=M1/M0": "land_use", "=planned": "status", "字段10": "holder"}})
	if len(drafts) != 1 {
		t.Fatal(found)
	}
	if a := drafts[0]; a.UseText() != "M1/M0" || a.Status != land.Planned || a.Holder != "备用1" {
		t.Errorf("got %+v", a.Attributes)
	}
}

func checkForm(t *testing.T, p geo.MultiPolygon) {
	t.Helper()
	for _, polygon := range p {
		for i, ring := range polygon {
			if ring[0] != ring[len(ring)-1] {
				t.Errorf("ring %v is not closed", ring)
			}
			if anticlockwise := geo.SignedArea(ring) > 0; anticlockwise != (i == 0) {
				t.Errorf("ring %d turns the wrong way", i)
			}
		}
	}
}

func codes(found []land.Finding) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

const fullHeader = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=38\n[地块坐标]\n"

// square is a plot of 100 m by 100 m: 1 ha.
const square = "5,1.0000,P-1,甲,面,,,A35,@\nJ1,1,2543900.000,38443600.000\nJ2,1,2543900.000,38443700.000\nJ3,1,2543800.000,38443700.000\nJ4,1,2543800.000,38443600.000\nJ1,1,2543900.000,38443600.000\n"

func swap(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(s, pairs[i]) {
			panic(fmt.Sprintf("%q is not in the text", pairs[i]))
		}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Numbers in the names are those of the quirks in the format's description.
func TestQuirksAreReadOrRefused(t *testing.T) {
	t.Parallel()
	whole := fullHeader + square
	unclosed := strings.TrimSuffix(whole, "J1,1,2543900.000,38443600.000\n")
	latLon := fullHeader + "4,,P-1,甲,面,,,A35,@\n1,1,22.9933,113.4499\n2,1,22.9933,113.4509\n3,1,22.9923,113.4509\n4,1,22.9923,113.4499\n"
	for _, c := range []struct {
		name, text string
		h          land.Handling
		codes      string  // of all findings
		area       float64 // 0: refused
	}{
		{"as it should be", whole, land.Handling{}, "", 10000},
		{"1 wrong count", swap(whole, "5,1.0", "7,1.0"), land.Handling{}, "1106", 10000},
		{"1 count is no number", swap(whole, "5,1.0", "五,1.0"), land.Handling{}, "1106", 10000},
		{"2 count without closing point", swap(whole, "5,1.0", "4,1.0"), land.Handling{}, "", 10000},
		{"2 no closing point", unclosed, land.Handling{}, "2103", 10000},
		{"2 closing point numbered on", swap(whole, "J4,1,2543800.000,38443600.000\nJ1", "J4,1,2543800.000,38443600.000\nJ5"), land.Handling{}, "", 10000},
		{"2 closing point twice", whole + "J1,1,2543900.000,38443600.000\n", land.Handling{}, "", 10000},
		{"3 axes exchanged", swap(whole, "2543900.000,38443600.000", "38443600.000,2543900.000", "2543900.000,38443700.000", "38443700.000,2543900.000"), land.Handling{}, "1105", 0},
		{"3 axes exchanged without zone", swap(whole, "2543900.000,38443600.000", "443600.000,2543900.000"), land.Handling{}, "1105", 0},
		{"4 closing point X,X", unclosed + "J5,1,38443600.000,38443600.000\n", land.Handling{}, "2103", 10000},
		{"4 closing point a little off", unclosed + "J1,1,2543900.020,38443600.000\n", land.Handling{}, "2103", 10000},
		{"4 closing point within 1 mm", unclosed + "J1,1,2543900.001,38443600.000\n", land.Handling{}, "", 10000},
		{"4 closing point far off", unclosed + "J1,1,2543901.000,38443600.000\n", land.Handling{}, "2103", 0},
		{"5 no J", strings.ReplaceAll(whole, "J", ""), land.Handling{}, "", 10000},
		{"6 byte order mark and blank", "\uFEFF \u3000" + whole, land.Handling{}, "", 10000},
		{"7 full-width brackets", swap(whole, "[", "【", "]", "】"), land.Handling{}, "", 10000},
		{"8 blanks", swap(whole, ",", " , ", "=", " = "), land.Handling{}, "", 10000},
		{"9 braces", swap(whole, "@\n", "@\n{\n") + "}\n", land.Handling{}, "", 10000},
		{"9 braces on the lines", swap(whole, "@\nJ1", "@\n{J1"), land.Handling{}, "", 10000},
		{"10 full-width commas", swap(whole, "J2,1,", "J2，1、"), land.Handling{}, "", 10000},
		{"11 lone carriage returns", strings.ReplaceAll(whole, "\n", "\r"), land.Handling{}, "", 10000},
		{"11 CRLF", strings.ReplaceAll(whole, "\n", "\r\n"), land.Handling{}, "", 10000},
		{"12 degrees", latLon, land.Handling{}, "1103", 0},
		{"12 degrees confirmed", latLon, land.Handling{CRS: geo.CGCS2000}, "2103", 1e-6},
		{"12 degrees exchanged", swap(latLon, "22.9933,113.4499", "113.4499,22.9933"), land.Handling{CRS: geo.CGCS2000}, "1105", 0},
		{"13 no zone before the easting", strings.ReplaceAll(whole, ",38443", ",443"), land.Handling{}, "", 10000},
		{"13 zone before the easting only", swap(whole, "带号=38", "带号="), land.Handling{}, "1102", 10000},
		{"13 no zone anywhere", swap(whole, "带号=38", "带号=", ",38443", ",443"), land.Handling{}, "1102", 10000},
		{"13 conflict", swap(whole, "带号=38", "带号=37"), land.Handling{}, "1103", 0},
		{"13 conflict of width", swap(whole, "几度分带=3", "几度分带=6"), land.Handling{}, "1103", 0},
		{"13 no such zone", swap(whole, "带号=38", "带号=50"), land.Handling{}, "1103", 0},
		{"13 width in words", swap(whole, "几度分带=3", "分带=3度带", "带号=38", "带号=38带"), land.Handling{}, "", 10000},
		{"13 6° zone", swap(whole, "几度分带=3", "几度分带=6", "带号=38", "带号=19", ",38443", ",19743"), land.Handling{}, "", 10000},
		{"14 comma in the name", swap(whole, ",甲,", ",甲,乙,丙,"), land.Handling{}, "", 10000},
		{"15 joined files", whole + swap(whole, "P-1", "P-2"), land.Handling{}, "", 10000},
		{"15 joined files of two zones' writing", whole + swap(whole, "P-1", "P-2", ",38443", ",443"), land.Handling{}, "1103", 10000},
		{"16 repeated point", swap(whole, "J2,1,2543900.000,38443700.000\n", "J2,1,2543900.000,38443700.000\nJ2,1,2543900.000,38443700.000\n"), land.Handling{}, "2105", 10000},

		{"Xi'an 1980", swap(whole, "2000国家大地坐标系", "1980西安坐标系"), land.Handling{}, "1103", 0},
		{"Beijing 1954", swap(whole, "2000国家大地坐标系", "北京54"), land.Handling{}, "1103", 0},
		{"Xi'an 1980 in a header left over", swap(whole, "2000国家大地坐标系", "80国家大地坐标系"), land.Handling{CRS: geo.GK38}, "1103", 10000},
		{"local system", swap(whole, "2000国家大地坐标系", "广州2000坐标系"), land.Handling{}, "1103", 0},
		{"unknown system", swap(whole, "2000国家大地坐标系", "WGS84"), land.Handling{}, "1103", 0},
		{"other projection", swap(whole, "高斯克吕格", "UTM"), land.Handling{}, "1103", 0},
		{"other unit", swap(whole, "计量单位=米", "计量单位=公里"), land.Handling{}, "1103", 0},
		{"no header", square, land.Handling{}, "1102", 10000},
		{"wrong system asked for", whole, land.Handling{CRS: geo.GK114}, "1104", 0},
		{"refused system asked for", whole, land.Handling{CRS: 2383}, "1103", 0},
		{"parameters", swap(whole, "带号=38", "带号=38\n转换参数=1.5,0,0,0,0,0,0"), land.Handling{}, "1102", 10000},
		{"outside the city", strings.ReplaceAll(whole, ",25", ",35"), land.Handling{}, "1104", 0},
		{"one point outside the city", swap(whole, "J3,1,2543800", "J3,1,3543800"), land.Handling{}, "1104", 0},

		{"two points", fullHeader + "2,,P-1,甲,面,,,A35,@\nJ1,1,2543900.000,38443600.000\nJ2,1,2543900.000,38443700.000\n", land.Handling{}, "2102 2103", 0},
		{"no points", fullHeader + "0,,P-1,甲,面,,,A35,@\n", land.Handling{}, "2101", 0},
		{"no plot", fullHeader, land.Handling{}, "2101", 0},
		{"empty", "", land.Handling{}, "2101", 0},
		{"a line", swap(whole, ",面,", ",线,"), land.Handling{}, "2101", 0},
		{"not a number", swap(whole, "2543800.000,38443700.000", "2543800.000,NaN"), land.Handling{}, "1108", 0},
		{"infinite", swap(whole, "2543800.000,38443700.000", "1e999,38443700.000"), land.Handling{}, "1108", 0},
		{"point before a plot line", swap(whole, "5,1.0000,P-1,甲,面,,,A35,@\n", ""), land.Handling{}, "1107", 0},
		{"long line", whole + strings.Repeat("9", maxLine+1), land.Handling{}, "1108", 0},
		{"few decimals", swap(whole, "2543800.000", "2543800.0"), land.Handling{}, "1109", 10000},

		{"area in m²", swap(whole, "1.0000", "10000.00"), land.Handling{}, "1108", 10000},
		{"area with its unit", swap(whole, "1.0000", "1.0000公顷"), land.Handling{}, "", 10000},
		{"area in 亩", swap(whole, "1.0000", "15亩"), land.Handling{}, "", 10000},
		{"area off by 2 m²", swap(whole, "1.0000", "1.0002"), land.Handling{}, "4105", 10000},
		{"area off by 1 m²", swap(whole, "1.0000", "1.0001"), land.Handling{}, "", 10000},
		{"area left out", swap(whole, "1.0000", ""), land.Handling{}, "", 10000},
		{"area unreadable", swap(whole, "1.0000", "约一公顷"), land.Handling{}, "1108", 10000},

		{"use in field 7", swap(whole, ",,,A35,", ",,A35,地上,"), land.Handling{}, "", 10000},
		{"use left out", swap(whole, ",,,A35,", ",,,,"), land.Handling{}, "4103", 10000},
		{"use unreadable", swap(whole, ",,,A35,", ",,科研用地,地上,"), land.Handling{}, "4102", 0},
		{"use unreadable, constant given", swap(whole, ",,,A35,", ",,科研用地,地上,"), land.Handling{Map: map[string]string{"=A35": "land_use"}}, "", 10000},
		{"use in digits", swap(whole, ",,,A35,", ",,,0802,"), land.Handling{}, "4102", 0},
		{"use in digits, scheme given", swap(whole, ",,,A35,", ",,,0802,"), land.Handling{Map: map[string]string{"=MNR-2023": "land_use_scheme"}}, "", 10000},
		{"unknown property in the map", whole, land.Handling{Map: map[string]string{"图幅号": "colour"}}, "1108", 0},
		{"computed property in the map", whole, land.Handling{Map: map[string]string{"图幅号": "area_m2"}}, "1108", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, encoding := range []string{"UTF-8", "GB18030"} {
				text := c.text
				if encoding == "GB18030" && !strings.HasPrefix(text, "\uFEFF") {
					var err error
					if text, err = simplifiedchinese.GB18030.NewEncoder().String(text); err != nil {
						t.Fatal(err)
					}
				}
				drafts, _, found := read(t, text, c.h)
				if got := codes(found); got != c.codes {
					t.Errorf("%s: findings %q, want %q: %v", encoding, got, c.codes, found)
				}
				if refused := len(drafts) == 0; refused != (c.area == 0) {
					t.Fatalf("%s: refused %v: %v", encoding, refused, found)
				}
				for _, d := range drafts {
					checkForm(t, d.Boundary)
					if area := float64(geo.PlaneArea(d.Boundary)); math.Abs(area-c.area) > 1e-6 {
						t.Errorf("%s: area %v, want %v", encoding, area, c.area)
					}
				}
			}
		})
	}
}

func TestEncodingsAreTold(t *testing.T) {
	t.Parallel()
	whole := fullHeader + square
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(whole)
	if err != nil {
		t.Fatal(err)
	}
	var utf16 strings.Builder
	utf16.WriteString("\xFF\xFE")
	for _, r := range whole {
		utf16.WriteString(string([]byte{byte(r), byte(r >> 8)}))
	}
	for _, c := range []struct{ name, text, encoding, codes string }{
		{"UTF-8", whole, "UTF-8", ""},
		{"GB18030", gb, "GB18030", ""},
		{"UTF-16 of an old editor", utf16.String(), "UTF-16", ""},
		{"ASCII", strings.ReplaceAll(square, ",甲,面,", ",A,,"), "ASCII", "1102"},
		{"told late", strings.Repeat("\n", 2*sample) + gb, "GB18030", ""},
		{"a character cut in two", strings.Replace(gb, "\xBC\xD7,", "\xBC,", 1), "GB18030", "1101"},
		{"a zero byte", strings.Replace(whole, "甲", "\x00", 1), "UTF-8", "1101"},
	} {
		_, d, found := read(t, c.text, land.Handling{})
		if d.Encoding != c.encoding || codes(found) != c.codes {
			t.Errorf("%s: %s, %v", c.name, d.Encoding, found)
		}
	}
}

func TestPlaneFollowsHeaderAndEasting(t *testing.T) {
	t.Parallel()
	whole := fullHeader + square
	for _, c := range []struct {
		text string
		want geo.CRS
	}{
		{whole, 4526},
		{strings.ReplaceAll(whole, ",38443", ",443"), 4547},
		{swap(whole, "带号=38", "带号=", ",38443", ",443"), 4547},
		{swap(whole, "几度分带=3", "几度分带=6", "带号=38", "带号=19", ",38443", ",19743"), 4497},
		{swap(whole, "几度分带=3", "几度分带=", "带号=38", "带号=", ",38443", ",743"), 4508},
	} {
		drafts, d, found := read(t, c.text, land.Handling{})
		if len(drafts) != 1 || drafts[0].CRS != c.want || d.CRS != c.want {
			t.Errorf("want %v: %+v %v", c.want, d, found)
		}
		x := drafts[0].Boundary[0][0][0][0]
		if y := drafts[0].Boundary[0][0][0][1]; y < 2.5e6 || y > 2.6e6 || x == y {
			t.Errorf("the easting does not come first: %v", drafts[0].Boundary)
		}
	}
}

func TestRingsNestByContainment(t *testing.T) {
	t.Parallel()
	box := func(ring int, size float64) string {
		var b strings.Builder
		for i, c := range [][2]float64{{1, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}} {
			fmt.Fprintf(&b, "J%d,%d,%.3f,%.3f\n", i%4+1, ring, 2543900+c[0]*size, 38443600+c[1]*size)
		}
		return b.String()
	}
	// An island in a hole, written from the inside out, then all under one number.
	for _, numbers := range [][3]int{{3, 2, 1}, {1, 1, 1}} {
		text := fullHeader + "15,,P-1,甲,面,,,A35,@\n" + box(numbers[0], 10) + box(numbers[1], 50) + box(numbers[2], 100)
		drafts, _, found := read(t, text, land.Handling{})
		if len(drafts) != 1 {
			t.Fatal(found)
		}
		p := drafts[0].Boundary
		if len(p) != 2 || len(p[0]) != 2 || len(p[1]) != 1 {
			t.Errorf("rings %v: %v", numbers, p)
		}
		if area := geo.PlaneArea(p); area != 40000-10000+400 {
			t.Errorf("area %v", area)
		}
		checkForm(t, p)
	}
}

func TestEveryFaultIsToldWithItsLine(t *testing.T) {
	t.Parallel()
	text := fullHeader + swap(square, "J2,1,2543900.000", "J2,1,x") + swap(square, "P-1", "P-2", "A35", "Q9") + swap(square, "P-1", "P-3", ",面,", ",点,")
	_, _, found := read(t, text, land.Handling{})
	var got []string
	for _, f := range found {
		if f.Severity == land.Block {
			got = append(got, fmt.Sprintf("%d %s %s", f.Row, f.PlotNo, f.Code))
		}
	}
	if want := []string{"10 P-1 1108", "14 P-2 4102", "20 P-3 2101"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	_, _, found := read(t, fullHeader+strings.Repeat("nonsense\n", 2500), land.Handling{})
	if len(found) != 1001 || !strings.Contains(found[1000].Message, "1500 more") {
		t.Errorf("%d findings, the last %v", len(found), found[len(found)-1])
	}
}

func TestAnErrorOfEmitEndsTheReading(t *testing.T) {
	t.Parallel()
	full := errors.New("disk is full")
	_, err := Read(strings.NewReader(fullHeader+square), land.Handling{}, func(land.Draft) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"ex1_single_gbk.txt", "ex2_multi_hole_gbk.txt", "ex3_quirks_utf8bom.txt", "ex4_multipart_gbk.txt"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(fullHeader + square))
	f.Fuzz(func(t *testing.T, raw []byte) {
		plots := 0
		d, err := Read(strings.NewReader(string(raw)), land.Handling{}, func(draft land.Draft) error {
			plots++
			checkDraft(t, draft)
			return nil
		})
		var invalid *land.InvalidError
		switch {
		case err == nil && d.Plots != plots:
			t.Errorf("%d plots told, %d given", d.Plots, plots)
		case err != nil && !errors.As(err, &invalid):
			t.Error(err)
		}
	})
}

// checkDraft holds for any input: closed rings of three points in a known plane.
func checkDraft(t *testing.T, d land.Draft) {
	if d.CRS.Supported() != nil || len(d.Boundary) == 0 {
		t.Errorf("draft %+v", d)
	}
	for _, polygon := range d.Boundary {
		for _, ring := range polygon {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				t.Errorf("ring %v", ring)
			}
		}
	}
}
