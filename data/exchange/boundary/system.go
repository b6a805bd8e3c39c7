package boundary

import (
	"math"

	"github.com/dikuai/dikuai/data/exchange/internal/intake"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// system decides in which reference system a plot's points are, and gives its
// extent. Nothing is swapped or taken for degrees in silence: both are faults
// with their remedy.
func (r *reader) system(plot *record) (intake.Extent, bool) {
	if !r.header.check(&r.log, r.h.CRS) {
		return intake.Extent{}, false
	}
	crs := r.h.CRS
	if crs == 0 {
		first := plot.points[0]
		if f, refused := misread(first); refused {
			f.Row, f.PlotNo = first.row, plot.plotNo
			r.log.Add(f)
			return intake.Extent{}, false
		}
		var why, remedy geo.Words
		if crs, why, remedy = r.header.plane(first.east); crs == 0 {
			r.fault("1103", first.row, atPoint(first, why), remedy)
			return intake.Extent{}, false
		}
	}
	extent, ok := r.extents[crs]
	if !ok {
		var err error
		if extent, err = intake.NewExtent(crs); err != nil {
			r.fault("1103", plot.row, geo.WordsOf(err), geo.Words{})
			return intake.Extent{}, false
		}
		r.extents[crs] = extent
	}
	return extent, true
}

// inRange says whether every point lies in Guangzhou (checks 1104 and 1105). A
// fault is told once a plot, at the first point that shows it.
func (r *reader) inRange(s intake.Site, extent intake.Extent, all []*trace) bool {
	for _, t := range all {
		for _, p := range t.points {
			if extent.InCity(p.xy()) {
				continue
			}
			f := extent.Explain(intake.Site{Row: p.row, PlotNo: s.PlotNo}, p.xy())
			r.log.Add(f.Saying(atPoint(p, f.Said()), f.Advised()))
			return false
		}
	}
	return true
}

// atPoint says something of a point.
func atPoint(p point, what geo.Words) geo.Words {
	return geo.Say("点 %s：%s", "point %s: %s", p.label, what)
}

// misread tells coordinates that no header can make a plane of: degrees, and X
// and Y in each other's place.
func misread(p point) (land.Finding, bool) {
	if math.Abs(p.north) <= 180 && math.Abs(p.east) <= 180 {
		return land.Finding{Code: "1103", Severity: land.Block}.Saying(
			geo.Say("点 %s：%v，%v 是经纬度，本格式应为米", "point %s: %v, %v are degrees (经纬度), where the format has metres", p.label, p.north, p.east),
			geo.Say("请提交平面坐标；若确为 CGCS2000 的纬度、经度（按此次序），请指定 --crs EPSG:4490",
				"deliver plane coordinates; if they are CGCS2000 latitude and longitude in that order, say so with --crs EPSG:4490")), true
	}
	if northing(p.east) && !northing(p.north) {
		return land.Finding{Code: "1105", Severity: land.Block}.Saying(
			geo.Say("点 %s：坐标轴次序颠倒（XY标反）：X 为东坐标 %.3f，Y 为北坐标 %.3f",
				"point %s: the axes are exchanged (XY标反): X holds %.3f, an easting, and Y holds %.3f, a northing", p.label, p.north, p.east),
			geo.Say("请对调文件中的 X 和 Y：X 为北，Y 为东", "exchange X and Y in the file: X is north, Y is east")), true
	}
	return land.Finding{}, false
}

// northing says whether a value is about as far from the equator as Guangzhou.
func northing(v float64) bool { return v >= 2_000_000 && v <= 3_000_000 }
