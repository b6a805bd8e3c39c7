package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/report/paper"
	"github.com/dikuai/dikuai/geo"
)

// Scales lists the denominators of the scales at which a sheet is drawn: for plots
// those of cadastral maps (1:500 … 1:10000), 1:200 for small ones, and two for land
// that no larger scale holds; for parks those between as well.
func Scales(sheet string) []int {
	if sheet == ParkMapName {
		return []int{200, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 8000, 10000, 15000, 20000, 25000, 50000}
	}
	return []int{200, 500, 1000, 2000, 5000, 10000, 25000, 50000}
}

// ParseScale reads a sheet's scale, "1:500" or "500"; empty is 0, the largest that
// fits.
func ParseScale(sheet, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimPrefix(strings.ReplaceAll(text, "：", ":"), "1:"))
	if err == nil && slices.Contains(Scales(sheet), n) {
		return n, nil
	}
	return 0, land.Invalid("scale", geo.Say("不支持比例尺 %q", "scale %q is not drawn", text), useScale(Scales(sheet)))
}

// ParsePaper reads "A4" or "A3"; empty leaves it to the scale.
func ParsePaper(text string) (string, error) {
	switch name := strings.ToUpper(text); name {
	case "", paper.A4.Name, paper.A3.Name:
		return name, nil
	}
	return "", land.Invalid("paper", geo.Say("不支持纸张 %q", "paper %q is not printed on", text), geo.Say("可用 A4 或 A3", "use A4 or A3"))
}

func useScale(scales []int) geo.Words {
	texts := make([]string, len(scales))
	for i, s := range scales {
		texts[i] = ratio(float64(s))
	}
	return geo.Say("可用：%s", "use one of %s", strings.Join(texts, ", "))
}

// ratio prints a scale, such as 1:500.
func ratio(denominator float64) string { return fmt.Sprintf("1:%.0f", denominator) }

// choose finds the largest of scales at which ground of a width and height, in
// metres, fits into one of the frames, and the first frame into which it then
// does. Frames come smallest first; room is what stays free on every side, in
// millimetres. A scale that was asked for and fits nowhere is refused with those
// that do.
func choose(scales []int, width, height float64, frames []Rect, room float64, asked int) (scale, frame int, err error) {
	var fitting []int
	for _, s := range scales {
		for i, f := range frames {
			mm := 1000 / float64(s)
			if width*mm > f.W-2*room || height*mm > f.H-2*room {
				continue
			}
			if asked == 0 || asked == s {
				return s, i, nil
			}
			fitting = append(fitting, s)
			break
		}
	}
	if asked == 0 || len(fitting) == 0 {
		return 0, 0, land.Invalid("scale",
			geo.Say("范围 %.0f × %.0f 米，任何比例尺都放不进图纸", "%.0f by %.0f m fit on the paper at no scale", width, height),
			geo.Say("请选较大的图纸，或以 DXF、GeoPackage 等格式导出", "choose larger paper, or export it as DXF or GeoPackage"))
	}
	return 0, 0, land.Invalid("scale",
		geo.Say("范围 %.0f × %.0f 米，按 %s 放不进图纸", "%.0f by %.0f m do not fit on the paper at %s", width, height, ratio(float64(asked))),
		useScale(fitting))
}
