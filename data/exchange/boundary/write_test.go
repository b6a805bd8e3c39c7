package boundary

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// each yields plots to a writer.
func each(plots ...*land.Plot) func(func(*land.Plot, error) bool) {
	return func(yield func(*land.Plot, error) bool) {
		for _, p := range plots {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func register(t *testing.T, d land.Draft) *land.Plot {
	t.Helper()
	boundary, err := geo.TransformMultiPolygon(d.Boundary, d.CRS, geo.CGCS2000)
	if err != nil {
		t.Fatal(err)
	}
	return &land.Plot{Attributes: d.Attributes, Boundary: boundary}
}

func TestWhatIsWrittenIsTheSurveyorsOwnFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ex1_single_gbk.txt", "ex2_multi_hole_gbk.txt", "ex4_multipart_gbk.txt"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		drafts, _, _ := read(t, string(raw), land.Handling{})
		var plots []*land.Plot
		for _, d := range drafts {
			plots = append(plots, register(t, d))
		}
		date, err := land.ParseDate("2016-05-20")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := Write(&out, each(plots...), Options{Producer: "示例测绘单位", Date: date}); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.TrimSpace(got) != strings.TrimSpace(string(raw)) {
			utf8, _ := simplifiedchinese.GB18030.NewDecoder().String(got)
			t.Errorf("%s came back as\n%s", name, utf8)
		}
	}
}

func TestARingBeginsAtItsNorthWest(t *testing.T) {
	t.Parallel()
	text := fullHeader + "3,,P-1,a,b,面,,,A35,@\n1,1,2543800.123,38443700.456\n2,1,2543900.789,38443650.012\n3,1,2543799.998,38443601.001\n"
	drafts, _, found := read(t, text, land.Handling{})
	if len(drafts) != 1 {
		t.Fatal(found)
	}
	var out bytes.Buffer
	if err := Write(&out, each(register(t, drafts[0])), Options{CRS: geo.GK114, UTF8: true}); err != nil {
		t.Fatal(err)
	}
	want := "4,0.5009,P-1,a，b,面,,科研用地,A35,@\r\n" +
		"J1,1,2543900.789,443650.012\r\nJ2,1,2543800.123,443700.456\r\nJ3,1,2543799.998,443601.001\r\nJ1,1,2543900.789,443650.012\r\n"
	if _, got, _ := strings.Cut(out.String(), "[地块坐标]\r\n"); got != want {
		t.Errorf("got\n%s", out.String())
	}
	again, d, found := read(t, out.String(), land.Handling{})
	if len(again) != 1 || d.CRS != geo.GK114 {
		t.Fatal(d, found)
	}
	if a, b := geo.PlaneArea(again[0].Boundary), geo.PlaneArea(drafts[0].Boundary); math.Abs(float64(a-b)) > 1e-6 {
		t.Errorf("area %v became %v", b, a)
	}
}

func TestOnlyPlanesAreWritten(t *testing.T) {
	t.Parallel()
	if err := Write(&bytes.Buffer{}, each(), Options{CRS: geo.CGCS2000}); err == nil {
		t.Error("degrees were accepted")
	}
}
