package layout

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
)

// writer fills in what is stated of each plot of a drawing, in order.
type writer struct {
	design design
	*drawing
	random *rand.Rand
	roads  int            // numbered so far
	block  *block         // the last one
	plot   int            // numbered so far in that block
	used   map[string]int // how often a kind of holder has been named
	bags   [latestPhase + 1][]land.Status
}

func (w *writer) attributes(f *face) (land.Attributes, error) {
	use, secondary, err := land.ParseUse(f.use, "")
	if err != nil {
		return land.Attributes{}, err
	}
	a := land.Attributes{Use: use, SecondaryUse: secondary, Use2023: land.Use2023(use)}
	w.number(&a, f)
	w.supply(&a, f)
	w.control(&a, float64(w.doubled(f))/2e6)
	if a.FARMax != nil {
		a.Setbacks = w.setbacks(f)
	}
	return a, nil
}

// number gives plot numbers such as PY-01-03 (park, block, plot) and PY-L-05
// (L for 路), and names.
func (w *writer) number(a *land.Attributes, f *face) {
	if f.road != nil {
		w.roads++
		a.PlotNo = fmt.Sprintf("%s-L-%02d", w.design.prefix, w.roads)
		a.Name = fmt.Sprintf("%s（%s至%s段）", f.road.name, f.from, f.to)
		return
	}
	if f.block != w.block {
		w.block, w.plot = f.block, 0
	}
	w.plot++
	a.PlotNo = fmt.Sprintf("%s-%02d-%02d", w.design.prefix, f.block.number, w.plot)
	what, ok := facilities[a.Use.Code]
	if !ok {
		what = "地块"
	}
	a.Name = fmt.Sprintf("%s%02d街区%02d%s", w.design.nameZh, f.block.number, w.plot, what)
}

// facilities names the land that is no development plot, by class.
var facilities = map[string]string{
	"G1": "公园绿地", "G2": "防护绿地", "G3": "广场", "S41": "公交首末站", "S42": "社会停车场",
	"U11": "高位水池", "U12": "变电站", "U21": "污水提升泵站", "U22": "垃圾转运站",
}

// setbacks states how far buildings keep from the roads beside a plot: the
// wider the road, the farther.
func (w *writer) setbacks(f *face) string {
	width := map[string]float64{}
	for _, g := range w.beside(f) {
		if g.road != nil {
			width[g.road.name] = g.road.width
		}
	}
	names := make([]string, 0, len(width))
	for n := range width {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(width[b], width[a]), cmp.Compare(a, b)) })
	rules := make([]string, len(names))
	for i, n := range names {
		metres := 5
		switch {
		case width[n] >= 30:
			metres = 15
		case width[n] >= 18:
			metres = 8
		}
		rules[i] = fmt.Sprintf("退%s红线%d米", n, metres)
	}
	return strings.Join(append(rules, "退相邻用地界线4米"), "，")
}
