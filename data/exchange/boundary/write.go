package boundary

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Options says how a file is written. The zero value is what upload systems in
// Guangzhou expect: 3° zone 38 with the zone before the easting (EPSG:4526),
// GB18030 and CRLF.
type Options struct {
	CRS      geo.CRS // a Gauss-Krüger plane; 0 is EPSG:4526
	UTF8     bool    // UTF-8 in place of GB18030
	Producer string  // 数据产生单位
	Date     land.Date
}

// Write writes plots to a boundary-point file. Coordinates are put on the
// 0.001 m grid of the plane, which gives a surveyor's own numbers back. Each
// ring starts at its north-western point; outer rings run clockwise and holes
// anticlockwise, as surveyors write them; the point count includes the closing
// points and the area is the plane area in hectares. An error of plots ends the
// file and is given back.
func Write(w io.Writer, plots iter.Seq2[*land.Plot, error], o Options) error {
	if o.CRS == 0 {
		o.CRS = geo.GK38
	}
	if !o.CRS.Plane() {
		return geo.Unsupported(o.CRS.String(), geo.Say("界址点文件存放高斯－克吕格平面坐标，例如 EPSG:4526",
			"a boundary-point file holds coordinates of a Gauss-Krüger plane, such as EPSG:4526"))
	}
	transform, err := geo.NewTransformer(geo.CGCS2000, o.CRS)
	if err != nil {
		return err
	}
	if !o.UTF8 {
		w = encoding.ReplaceUnsupported(simplifiedchinese.GB18030.NewEncoder()).Writer(w)
	}
	out := bufio.NewWriter(w)
	writeHeader(out, o)
	for p, err := range plots {
		if err != nil {
			return err
		}
		writePlot(out, p, transform)
	}
	return out.Flush()
}

func writeHeader(w *bufio.Writer, o Options) {
	zone, belt := zoneAndBelt(o.CRS)
	for _, line := range []string{
		"[属性描述]", "格式版本号=1.01版本", "数据产生单位=" + field(o.Producer), "数据产生日期=" + o.Date.String(),
		"坐标系=2000国家大地坐标系", fmt.Sprintf("几度分带=%d", belt), "投影类型=高斯克吕格", "计量单位=米",
		fmt.Sprintf("带号=%d", zone), "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
	} {
		w.WriteString(line + "\r\n")
	}
}

// zoneAndBelt reads withZone and withoutZone backwards.
func zoneAndBelt(crs geo.CRS) (zone, belt int) {
	for zone := 13; zone <= 45; zone++ {
		if belt := beltOf(zone); belt != 0 && (withZone(zone) == crs || withoutZone(zone) == crs) {
			return zone, belt
		}
	}
	return 0, 0
}

func writePlot(w *bufio.Writer, p *land.Plot, transform func(geo.Point) geo.Point) {
	plane := geo.SurveyOrder(p.Boundary, transform)
	points := land.BoundaryPoints(plane)
	use, _ := land.LookupUse(p.Use)
	fmt.Fprintf(w, "%d,%s,%s,%s,面,,%s,%s,@\r\n", len(points), geo.FormatFixed(float64(geo.PlaneArea(plane).Hectares()), geo.HectareDecimals),
		field(p.PlotNo), field(p.Name), field(use.NameZh), field(p.UseText()))
	for _, q := range points {
		fmt.Fprintf(w, "%s,%d,%.3f,%.3f\r\n", q.Name(), q.Ring, q.At[1], q.At[0])
	}
}

// field makes a text fit between commas on one line.
func field(s string) string {
	return strings.NewReplacer(",", "，", "\r", " ", "\n", " ").Replace(s)
}
