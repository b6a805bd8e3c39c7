// Package outlet is what the writers of plot files share: what a file says of
// itself, the text of a property's value, the way into the file's reference
// system, and a place for what must stand after what comes first.
package outlet

import (
	"strconv"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Options says how plots are taken out, and what the file tells of itself.
type Options struct {
	CRS           geo.CRS   // of the coordinates; 0 is the format's own
	Title         string    // such as "番禺园区地块"
	At            land.Date // the day as of which the plots hold
	Seq           land.Seq  // the last change that they hold (变更号)
	Demonstration bool      // a layout drawn for show and not surveyed
	Encoding      string    // UTF8 or GBK, of a Shapefile or boundary-point file; empty is customary: UTF-8 of the one, GBK of the other
	Chinese       bool      // CSV: Chinese headings and not the properties' names
}

// The encodings that may be chosen.
const (
	UTF8 = "utf-8"
	GBK  = "gbk" // of Chinese Windows
)

// Names of members: of the change number, whose text is a number, and of
// DemonstrationNote.
const (
	RegisterSeq = "register_seq"
	DataNature  = "data_nature"
)

// DemonstrationNote is what every file of a layout drawn for show says.
const DemonstrationNote = "示范布局，非实测，不作为审批依据"

// Member is one thing that a file tells of itself.
type Member struct {
	Name, Zh, Text string
}

// Members lists what the file tells of itself, in order. What is not known is
// left out.
func (o Options) Members() []Member {
	all := []Member{{"title", "标题", o.Title}, {"as_of", "数据日期", o.At.String()}}
	if o.Seq != 0 {
		all = append(all, Member{RegisterSeq, "变更号", strconv.FormatInt(int64(o.Seq), 10)})
	}
	if o.CRS != 0 {
		all = append(all, Member{"crs", "坐标系", o.CRS.String()})
	}
	all = append(all, Member{"measure", "面积口径", "area_m2, area_mu: 平面面积(园区投影面); area_ellipsoid_m2: CGCS2000 椭球面积; stated_area_m2: 证载面积"})
	if o.Demonstration {
		all = append(all, Member{DataNature, "数据性质", DemonstrationNote})
	}
	known := all[:0]
	for _, m := range all {
		if m.Text != "" {
			known = append(known, m)
		}
	}
	return known
}

// Heading is the title with the demonstration note behind it.
func (o Options) Heading() string {
	if !o.Demonstration {
		return o.Title
	}
	return o.Title + "（" + DemonstrationNote + "）"
}
