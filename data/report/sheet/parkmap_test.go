package sheet

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb/planar"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report"
	"github.com/dikuai/dikuai/geo"
)

func TestLegendAddsUpAsPrinted(t *testing.T) {
	t.Parallel()
	for _, code := range []land.ParkCode{"panyu", "nansha", "luogang"} {
		reg := demonstration(t, code)
		balance, err := tableOf("balance", reg, report.Plane)
		if err != nil {
			t.Fatal(err)
		}
		rows := (&parkMap{balance: balance}).useRows()
		total := rows[len(rows)-1]
		for column := 2; column < len(total); column++ {
			digits := func(row []string) int64 {
				n, err := strconv.ParseInt(strings.Replace(row[column], ".", "", 1), 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			var sum int64
			for _, row := range rows[:len(rows)-1] {
				sum += digits(row)
			}
			if sum != digits(total) {
				t.Errorf("%s: column %d adds up to %d, the total says %s", code, column, sum, total[column])
			}
		}
		s, err := ParkMap(fonts(t), reg, Options{})
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t, pdfOf(t, s))
		for _, row := range rows {
			for _, figure := range row[1:] {
				if !strings.Contains(text, figure) {
					t.Errorf("%s: %q cannot be read on the plan", code, figure)
				}
			}
		}
	}
}

func TestPlansAreDrawnAsLayersOfLandUses(t *testing.T) {
	t.Parallel()
	reg := demonstration(t, "panyu")
	s, err := ParkMap(fonts(t), reg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	outlines, numbers, roads := 0, map[string]bool{}, map[string]bool{}
	for _, e := range reopened(t, s) {
		switch e.Properties.Layer {
		case "A35":
			outlines++
		case layerPlotNo:
			numbers[e.Properties.Text] = true
		case layerRoads:
			roads[e.Properties.Text] = true
		}
	}
	if outlines != 14 || !numbers["PY-01-02"] || !roads["检测大道"] {
		t.Errorf("%d outlines of A35, numbers %v, roads %v", outlines, numbers, roads)
	}
}

func TestLongLegendsGoOnTheirOwnPages(t *testing.T) {
	t.Parallel()
	s, err := ParkMap(fonts(t), cityOf(t, 3000), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Pages) < 2 {
		t.Fatal("the table of fifty land uses is on the first page")
	}
	for _, page := range s.Pages[1:] {
		heads := 0
		for _, m := range page.Marks {
			if text, ok := m.(*Text); ok && text.Text == "用地名称" {
				heads++
			}
		}
		if heads != 1 {
			t.Errorf("a page has %d heads", heads)
		}
	}
}

func TestPlansThatFitNowhereAreRefused(t *testing.T) {
	t.Parallel()
	reg := demonstration(t, "nansha")
	for _, c := range []struct {
		o           Options
		field, says string
	}{
		{Options{Scale: 2000}, "scale", "1:8000"},
		{Options{Paper: "A4"}, "paper", "A3"},
	} {
		_, err := ParkMap(fonts(t), reg, c.o)
		var refused *land.InvalidError
		if !errors.As(err, &refused) || refused.Findings[0].Field != c.field || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

func TestHatchingStaysOnTheLand(t *testing.T) {
	t.Parallel()
	rings := []geo.Ring{
		{{0, 0}, {40, 0}, {40, 30}, {20, 12}, {0, 30}, {0, 0}},
		{{5, 3}, {15, 3}, {15, 9}, {5, 9}, {5, 3}},
	}
	for _, angle := range []float64{0, 45, 90, 135} {
		h := hatching{[]float64{angle}, 2.3, thin}
		var length float64
		for _, m := range h.over(rings) {
			ends := m.(*Line).Points
			a, b := ends[0], ends[1]
			length += math.Hypot(b[0]-a[0], b[1]-a[1])
			for _, at := range []float64{0.01, 0.5, 0.99} {
				p := geo.Point{a[0] + (b[0]-a[0])*at, a[1] + (b[1]-a[1])*at}
				if !planar.PolygonContains(rings, p) {
					t.Errorf("at %v° a line passes %v", angle, p)
				}
			}
		}
		if area := float64(geo.PlaneArea(geo.MultiPolygon{rings})); math.Abs(length*h.spacing-area) > area/10 {
			t.Errorf("at %v° %v mm of lines cover %v mm²", angle, length, area)
		}
	}
}
