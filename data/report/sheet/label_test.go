package sheet

import (
	"math"
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// checkLabels holds the labels of a sheet's map apart from one another, from the
// circles of boundary points and from the frame, by the font's own widths.
func checkLabels(t *testing.T, s *Sheet) {
	t.Helper()
	m := s.Map()
	frame := m.Frame.bound().grown(1e-6)
	var labels []*Text
	var boxes []box
	for _, mark := range m.Marks {
		text, ok := mark.(*Text)
		if !ok {
			continue
		}
		b := box{m.Paper(text.At), s.fonts.Width(text.Text, text.Size/paper.Point), digitsHeight * text.Size, text.Angle}
		if !frame.holds(b.bound().min) || !frame.holds(b.bound().max) {
			t.Errorf("%s: label %q reaches over the frame", s.Title, text.Text)
		}
		for i, other := range boxes {
			if b.meets(other) {
				t.Errorf("%s: label %q lies over %q", s.Title, text.Text, labels[i].Text)
			}
		}
		labels, boxes = append(labels, text), append(boxes, b)
	}
	for _, mark := range m.Marks {
		c, ok := mark.(*Circle)
		if !ok || c.Layer != layerPoints {
			continue
		}
		at := m.Paper(c.At)
		for i, b := range boxes {
			q := b.nearest(at)
			if math.Hypot(q[0]-at[0], q[1]-at[1]) < pointDiameter/2 {
				t.Errorf("%s: label %q lies on a boundary point", s.Title, labels[i].Text)
			}
		}
	}
}

func TestLabelsNeverOverlap(t *testing.T) {
	t.Parallel()
	for _, code := range []land.ParkCode{"panyu", "nansha", "luogang"} {
		reg := demonstration(t, code)
		unnoted, points := 0, 0
		for _, p := range reg.Plots {
			s := plotMapOf(t, reg, p, Options{})
			checkLabels(t, s)
			for _, mark := range s.Map().Marks {
				switch m := mark.(type) {
				case *Circle:
					if m.Layer == layerPoints {
						points++
						unnoted++
					}
				case *Text:
					if m.Layer == layerPointNo {
						unnoted--
					}
				}
			}
		}
		if unnoted > 0 {
			t.Errorf("%s: %d of %d boundary points have no number on the map", code, unnoted, points)
		}
		s, err := ParkMap(fonts(t), reg, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkLabels(t, s)
	}
}

func TestBoxesMeet(t *testing.T) {
	t.Parallel()
	at := func(x, y, w, h, angle float64) box { return box{geo.Point{x, y}, w, h, angle} }
	for _, c := range []struct {
		a, b box
		want bool
	}{
		{at(0, 0, 10, 2, 0), at(0, 1.9, 10, 2, 0), true},
		{at(0, 0, 10, 2, 0), at(0, 2, 10, 2, 0), false},
		{at(0, 0, 10, 2, 0), at(5.5, 0, 10, 2, 90), true},
		{at(0, 0, 10, 2, 45), at(4, 4, 2, 2, 0), false}, // reads upwards to the right
		{at(0, 0, 10, 2, 45), at(4, -4, 2, 2, 0), true}, //
		{at(0, 0, 10, 2, -45), at(4, 4, 2, 2, 0), true},
		{at(0, 0, 10, 10, 0), at(0, 0, 1, 1, 30), true},
	} {
		if got := c.a.meets(c.b); got != c.want || c.b.meets(c.a) != c.want {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
	b := at(0, 0, 10, 2, 45)
	if !b.crossed(geo.Point{-5, -5}, geo.Point{5, 5}) || b.crossed(geo.Point{2, 2}, geo.Point{5, 5}) {
		t.Error("a stretch across a turned box is not found, or one beside it is")
	}
}
