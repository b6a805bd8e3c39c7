package sheet

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

func plotNamed(t testing.TB, plots []land.Plot, number string) land.Plot {
	t.Helper()
	for _, p := range plots {
		if p.PlotNo == number {
			return p
		}
	}
	t.Fatalf("there is no plot %s", number)
	return land.Plot{}
}

func pdfOf(t testing.TB, s *Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.PDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// textOf is what pdftotext reads in a document, without blanks.
func textOf(t testing.TB, document []byte) string {
	t.Helper()
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = bytes.NewReader(document)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// firstPage is the uncompressed content of a document's first page.
func firstPage(t testing.TB, document []byte) string {
	t.Helper()
	_, rest, _ := bytes.Cut(document, []byte("stream\n"))
	r, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var pathPoint = regexp.MustCompile(`^(-?[0-9.]+) (-?[0-9.]+) [ml]$`)

// drawnRings reads the closed paths of a page that are drawn in red 0.3 mm wide,
// in points of 1/72 inch.
func drawnRings(content string) [][]geo.Point {
	var rings [][]geo.Point
	var path []geo.Point
	closed, color, width := false, "", ""
	for line := range strings.Lines(content) {
		line = strings.TrimSpace(line)
		if m := pathPoint.FindStringSubmatch(line); m != nil {
			if strings.HasSuffix(line, "m") {
				path, closed = nil, false
			}
			x, _ := strconv.ParseFloat(m[1], 64)
			y, _ := strconv.ParseFloat(m[2], 64)
			path = append(path, geo.Point{x, y})
		}
		switch {
		case line == "h":
			closed = true
		case strings.HasSuffix(line, " RG"):
			color = line
		case strings.HasSuffix(line, " w"):
			width = line
		case line == "S" && closed && color == "0.902 0.000 0.071 RG" && width == "0.85 w":
			rings = append(rings, path)
		}
	}
	return rings
}

func TestLengthsOnPaperAreTrueToScale(t *testing.T) {
	t.Parallel()
	luogang, trial := demonstration(t, "luogang"), ringed(t)
	for _, o := range []Options{{}, {Scale: 2000}, {Scale: 5000, Paper: "A3"}} {
		for _, number := range []string{"LG-01-01", "LG-08-03", "LG-L-12", "LG-L-28", "SY-01"} {
			reg := luogang
			if strings.HasPrefix(number, "SY") {
				reg = trial
			}
			p := plotNamed(t, reg.Plots, number)
			s := plotMapOf(t, reg, p, o)
			project, err := onGrid(geo.GK114)
			if err != nil {
				t.Fatal(err)
			}
			surveyed := ringsOf(p.Boundary, project)
			rings := drawnRings(firstPage(t, pdfOf(t, s)))
			if len(rings) != len(surveyed) {
				t.Fatalf("%s: %d rings are drawn", s.Title, len(rings))
			}
			for i, ring := range rings {
				points := surveyed[i].points
				if len(ring) != len(points) {
					t.Fatalf("%s: ring %d has %d points", s.Title, i+1, len(ring))
				}
				for a := range ring {
					for _, b := range []int{(a + 1) % len(ring), (a + len(ring)/2) % len(ring)} {
						onPaper := math.Hypot(ring[a][0]-ring[b][0], ring[a][1]-ring[b][1]) * paper.Point
						want := math.Hypot(points[a][0]-points[b][0], points[a][1]-points[b][1]) * 1000 / float64(s.Scale)
						if math.Abs(onPaper-want) > 0.1 {
							t.Errorf("%s at 1:%d: J%d–J%d is %.3f mm, want %.3f", s.Title, s.Scale, a+1, b+1, onPaper, want)
						}
					}
				}
			}
		}
	}
}

func TestEveryFigureCanBeReadInTheDocument(t *testing.T) {
	t.Parallel()
	reg := demonstration(t, "nansha")
	project, err := onGrid(geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"NS-13-03", "NS-L-32", "NS-20-01", "NS-14-01"} {
		p := plotNamed(t, reg.Plots, number)
		text := textOf(t, pdfOf(t, plotMapOf(t, reg, p, Options{})))
		wanted := []string{number, "2000国家大地坐标系，3度带，中央子午线114°", "2018年6月30日", "812", "示范布局，非实测",
			geo.FormatFixed(float64(p.Area), 2) + " m²", geo.FormatFixed(float64(p.AreaEllipsoid), 2) + " m²", geo.FormatFixed(float64(p.Area.Mu()), 2) + " 亩"}
		for _, ring := range ringsOf(p.Boundary, project) {
			for i, q := range ring.points {
				next := ring.points[(i+1)%len(ring.points)]
				wanted = append(wanted, "J"+strconv.Itoa(ring.first+i), geo.FormatFixed(q[1], 3), geo.FormatFixed(q[0], 3),
					geo.FormatFixed(math.Hypot(next[0]-q[0], next[1]-q[1]), 2))
			}
		}
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in the text %q", number, want, text)
			}
		}
	}
}

func TestSheetsAreTheSameToTheByte(t *testing.T) {
	t.Parallel()
	reg := demonstration(t, "panyu")
	p := plotNamed(t, reg.Plots, "PY-01-02")
	once, again := plotMapOf(t, reg, p, Options{}), plotMapOf(t, demonstration(t, "panyu"), p, Options{})
	if !bytes.Equal(pdfOf(t, once), pdfOf(t, again)) {
		t.Error("two documents of one plot differ")
	}
	slices.Reverse(reg.Plots)
	if !bytes.Equal(pdfOf(t, once), pdfOf(t, plotMapOf(t, reg, p, Options{}))) {
		t.Error("the order of the plots around matters")
	}
	p.Holder = "另一单位"
	if plotMapOf(t, reg, p, Options{}).Checksum == once.Checksum {
		t.Error("another holder has the same checksum")
	}
}

func TestFontsAreEmbedded(t *testing.T) {
	t.Parallel()
	reg := demonstration(t, "panyu")
	path := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(path, pdfOf(t, plotMapOf(t, reg, reg.Plots[0], Options{})), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdffonts", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if i >= 2 && !regexp.MustCompile(`Identity-H +yes`).MatchString(line) {
			t.Errorf("the font %q is not embedded", line)
		}
	}
}

func TestEveryPageSaysThatItIsADemonstration(t *testing.T) {
	t.Parallel()
	says := func(p Page) bool {
		return slices.ContainsFunc(p.Marks, func(m Mark) bool {
			text, ok := m.(*Text)
			return ok && text.Text == "示范布局，非实测" && text.Size >= 4
		})
	}
	reg := demonstration(t, "luogang")
	s := plotMapOf(t, reg, plotNamed(t, reg.Plots, "LG-L-28"), Options{})
	plan, err := ParkMap(fonts(t), reg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Pages) < 2 {
		t.Fatal("the plot has no annexed page")
	}
	for _, p := range append(s.Pages, plan.Pages...) {
		if !says(p) {
			t.Error("a page does not say that the layout is a demonstration")
		}
	}
	surveyed := ringed(t)
	for _, p := range plotMapOf(t, surveyed, surveyed.Plots[0], Options{}).Pages {
		if says(p) {
			t.Error("a page of surveyed land says that it is a demonstration")
		}
	}
}

// entity is a drawing's entity as GDAL reads it.
type entity struct {
	Properties struct{ Layer, Text string }
	Geometry   struct {
		Type        string
		Coordinates json.RawMessage
	}
}

func reopened(t testing.TB, s *Sheet) []entity {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sheet.dxf")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.DXF(f), f.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogr2ogr", "-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=6", "/vsistdout/", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []entity
	for line := range bytes.Lines(out) {
		var e entity
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func TestDrawingsReopenToTheMillimetre(t *testing.T) {
	t.Parallel()
	reg := ringed(t)
	s := plotMapOf(t, reg, reg.Plots[0], Options{})
	layers := map[string]int{}
	var rings [][]geo.Point
	texts := map[string]bool{}
	for _, e := range reopened(t, s) {
		layers[e.Properties.Layer]++
		texts[e.Properties.Layer+" "+e.Properties.Text] = true
		if e.Properties.Layer == layerBoundary {
			var line [][3]float64
			if err := json.Unmarshal(e.Geometry.Coordinates, &line); err != nil {
				var flat []geo.Point
				if err := json.Unmarshal(e.Geometry.Coordinates, &flat); err != nil {
					t.Fatal(err)
				}
				rings = append(rings, flat)
				continue
			}
			var ring []geo.Point
			for _, q := range line {
				ring = append(ring, geo.Point{q[0], q[1]})
			}
			rings = append(rings, ring)
		}
	}
	project, err := onGrid(geo.GK114)
	if err != nil {
		t.Fatal(err)
	}
	surveyed := ringsOf(reg.Plots[0].Boundary, project)
	if len(rings) != len(surveyed) {
		t.Fatalf("%d rings on the layer of the red line", len(rings))
	}
	for i, want := range surveyed {
		if got := rings[i][:len(rings[i])-1]; !slices.Equal(got, []geo.Point(want.points)) {
			t.Errorf("ring %d is %v, want %v", i+1, got, want.points)
		}
	}
	for _, layer := range []string{layerPoints, layerPointNo, layerLength, layerPlotNo, layerNeighbours, layerNames, layerPark, layerGrid, layerTitle} {
		if layers[layer] == 0 {
			t.Errorf("layer %s is empty: %v", layer, layers)
		}
	}
	for _, want := range []string{layerPointNo + " J11", layerLength + " 140.00", layerNames + " SY-03", layerPlotNo + " SY-01", layerPlotNo + " A35"} {
		if !texts[want] {
			t.Errorf("no text %q", want)
		}
	}
}

func TestPicturesShowTheFirstPage(t *testing.T) {
	t.Parallel()
	reg := demonstration(t, "panyu")
	s := plotMapOf(t, reg, reg.Plots[0], Options{})
	var b bytes.Buffer
	if err := s.PNG(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	page := s.Pages[0].Paper
	if got, want := float64(picture.Bounds().Dx()), page.Width/25.4*dotsPerInch; math.Abs(got-want) > 1 {
		t.Errorf("the picture is %v wide, want %v", got, want)
	}
}

func TestScales(t *testing.T) {
	t.Parallel()
	reg := ringed(t)
	s := plotMapOf(t, reg, reg.Plots[0], Options{})
	if s.Scale != 2000 || s.Pages[0].Paper != paper.A4 { // 250 m are 250 mm at 1:1000, with labels too wide for A3
		t.Errorf("the plot is drawn at 1:%d on %v", s.Scale, s.Pages[0].Paper)
	}
	if s := plotMapOf(t, reg, reg.Plots[1], Options{}); s.Scale != 500 || s.Pages[0].Paper.Name != "A3" && s.Pages[0].Paper != paper.A4 {
		t.Errorf("60 m are drawn at 1:%d on %v", s.Scale, s.Pages[0].Paper)
	}
	for _, c := range []struct {
		o    Options
		says string
	}{
		{Options{Scale: 500}, "1:2000, 1:5000, 1:10000"},
		{Options{Scale: 1000, Paper: "A4"}, "1:2000, 1:5000"},
	} {
		_, err := PlotMap(fonts(t), PlotSubject{Park: reg.Parks[0], Plot: reg.Plots[0], At: reg.At}, c.o)
		var refused *land.InvalidError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) || refused.Findings[0].Field != "scale" {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
	for text, want := range map[string]int{"": 0, "500": 500, "1:2000": 2000, "1：1000": 1000} {
		if got, err := ParseScale(PlotMapName, text); got != want || err != nil {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"2500", "1:0", "-500", "big", "1:", "5e2"} {
		if _, err := ParseScale(PlotMapName, text); err == nil || !strings.Contains(err.Error(), "1:500") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
