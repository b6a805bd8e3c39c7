package sheet

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// northArrow points north, in a box at the frame's upper right.
func northArrow(frame Rect) (Rect, []Mark) {
	r := Rect{frame.right() - 11, frame.Y + 1, 10, 15}
	x, top, low := r.centre()[0], r.Y+4.5, r.bottom()-0.8
	left := geo.Ring{{x, top}, {x - 2.6, low}, {x, low - 2.6}}
	right := geo.Ring{{x, top}, {x + 2.6, low}, {x, low - 2.6}}
	pen := Pen{Color: black, Width: 0.18}
	return r, []Mark{
		&Area{Rings: []geo.Ring{r.corners()}, Color: white},
		&Area{Rings: []geo.Ring{left}, Color: black},
		&Line{Points: left, Closed: true, Pen: pen},
		&Line{Points: right, Closed: true, Pen: pen},
		&Text{At: geo.Point{x, r.Y + 2.4}, Size: 3.6, Align: paper.Centre, Color: black, Text: "北"},
	}
}

// scaleBar draws the scale in figures and as a bar, about a middle.
func (f *form) scaleBar(x, y float64, scale int) {
	f.text(x-32, y, 4, paper.Centre, black, ratio(float64(scale)))
	const widest = 16 // mm
	metres := roundStep(widest * float64(scale) / 1000)
	unit := metres * 1000 / float64(scale)
	const divisions = 4
	left := x - 22
	for i := range divisions {
		r := Rect{left + float64(i)*unit, y - 0.6, unit, 1.2}
		if i%2 == 0 {
			f.fill(r, black)
		}
		f.rect(r, thin)
	}
	for i := range divisions + 1 {
		text := strconv.FormatFloat(metres*float64(i), 'f', -1, 64)
		if i == divisions {
			text += " m"
		}
		f.text(left+float64(i)*unit, y+2.4, 2.2, paper.Centre, black, text)
	}
}

// roundStep is the largest round distance, 1, 2 or 5 times a power of ten metres,
// that is at most so many metres.
func roundStep(most float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, n := range []float64{5, 2} {
		if n*power <= most {
			return n * power
		}
	}
	return power
}

// gridStep is the ground distance between grid lines, m: round, and about 100 mm
// on paper, or 50 on small sheets.
func gridStep(w *Window) float64 {
	widest := 130.0
	if min(w.Frame.W, w.Frame.H) < 200 {
		widest = 65
	}
	return roundStep(widest * w.metres())
}

// grid marks round coordinates: crosses on the map, ticks inside its frame and
// kilometres outside of it. Labels keep off the crosses.
func (f *form) grid(w *Window, labels *placer) {
	step := gridStep(w)
	seen := w.seen()
	pen := Pen{Color: blue, Width: 0.13}
	decimals := max(int(math.Ceil(3-math.Log10(step)-1e-9)), 0) // of kilometres that tell the lines apart
	km := func(v float64) string { return geo.FormatFixed(v/1000, decimals) }
	const tick, arm, away, size = 3, 2.5, 2.2, 2.3
	first := func(v float64) float64 { return math.Ceil(v/step) * step }
	for e := first(seen.min[0]); e < seen.max[0]; e += step {
		top, foot := w.Paper(geo.Point{e, seen.max[1]}), w.Paper(geo.Point{e, seen.min[1]})
		f.rule(pen, top, geo.Point{top[0], top[1] + tick})
		f.rule(pen, foot, geo.Point{foot[0], foot[1] - tick})
		f.text(top[0], top[1]-away, size, paper.Centre, blue, km(e))
		f.text(foot[0], foot[1]+away, size, paper.Centre, blue, km(e))
	}
	for n := first(seen.min[1]); n < seen.max[1]; n += step {
		left, right := w.Paper(geo.Point{seen.min[0], n}), w.Paper(geo.Point{seen.max[0], n})
		f.rule(pen, left, geo.Point{left[0] + tick, left[1]})
		f.rule(pen, right, geo.Point{right[0] - tick, right[1]})
		f.add(&Text{At: geo.Point{left[0] - away, left[1]}, Size: size, Angle: 90, Align: paper.Centre, Color: blue, Text: km(n)},
			&Text{At: geo.Point{right[0] + away, right[1]}, Size: size, Angle: 90, Align: paper.Centre, Color: blue, Text: km(n)})
		for e := first(seen.min[0]); e < seen.max[0]; e += step {
			a := arm * w.metres()
			for _, ends := range [][]geo.Point{{{e - a, n}, {e + a, n}}, {{e, n - a}, {e, n + a}}} {
				w.add(&Line{Layer: layerGrid, Points: ends, Pen: pen})
				labels.avoid(w.Paper(ends[0]), w.Paper(ends[1]), overOthers)
			}
		}
	}
}

// demonstrationNote is what every sheet of a layout drawn for show says.
const demonstrationNote = "示范布局，非实测，不作为审批、供地和登记的依据"

// running prints what stands on every page outside of the frame: title, number,
// page, the demonstration mark, and what the sheet stands on.
func (f *form) running(s *Sheet, frame Rect, page, pages int) {
	top := frame.Y - 9
	size := 6.2
	for f.width(s.Title, size) > frame.W-100 && size > smallestType {
		size -= 0.2
	}
	f.text(frame.centre()[0], top, size, paper.Centre, black, s.Title)
	f.text(frame.right(), top-2.2, 2.6, paper.Right, black, "图号："+s.Number)
	f.text(frame.right(), top+2.2, 2.6, paper.Right, black, fmt.Sprintf("第 %d 页　共 %d 页", page, pages))
	if s.Demonstration {
		const text, size = "示范布局，非实测", 4.4
		r := Rect{frame.X, top - 4, f.width(text, size) + 4, 8}
		f.rect(r, Pen{Color: red, Width: 0.4})
		f.text(r.centre()[0], r.centre()[1], size, paper.Centre, red, text)
	}
	y := frame.bottom() + 3.6
	for _, line := range s.imprint() {
		f.text(frame.X, y, 2.2, paper.Left, black, line)
		y += 3.4
	}
	if s.Demonstration {
		f.text(frame.X, y, 2.2, paper.Left, red, demonstrationNote)
	}
}

// imprint says what a sheet stands on, in lines for its foot.
func (s *Sheet) imprint() []string {
	return []string{
		s.CRS.Described().Zh + "（" + s.CRS.String() + "）；X 为纵坐标（北），Y 为横坐标（东），单位：米",
		fmt.Sprintf("dikuai 用地登记库　数据日期：%s　登记变更号：%d　校验码：%s", s.AsOf.Chinese(), s.Seq, s.Checksum[:16]),
	}
}
