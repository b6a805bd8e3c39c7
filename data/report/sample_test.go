package report

import (
	"testing"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

func day(t testing.TB, s string) land.Date {
	t.Helper()
	d, err := land.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func num(v float64) *float64 { return &v }

func use(scheme land.Scheme, code string) land.UseCode {
	return land.UseCode{Scheme: scheme, Code: code}
}

// sample is a hand-made register: a demonstration park of 30 亩 with six plots,
// whose 亩 do not add up when each is rounded alone, and a surveyed one of two.
func sample(t testing.TB) Register {
	plot := func(id land.PlotID, park land.ParkCode, no, name string, u land.UseCode, s land.Status, area float64) land.Plot {
		return land.Plot{ID: id, Park: park, Area: geo.SquareMetres(area), AreaEllipsoid: geo.SquareMetres(area * 0.99992), Version: 1,
			Attributes: land.Attributes{PlotNo: no, Name: name, Use: u, Status: s}}
	}
	lab := plot(1, "panyu", "PY-1", "检测楼", use(land.GB50137, "A35"), land.Supplied, 6000.335)
	lab.FARMax, lab.DensityMax, lab.GreenMin, lab.HeightMax = num(2.5), num(35), num(30), num(60)
	lab.SupplyMode, lab.SuppliedOn, lab.Holder = "划拨", day(t, "2016-05-20"), "广州质量监督检测研究院"
	works := plot(2, "panyu", "PY-10", "=HYPERLINK(\"x\")", use(land.GB50137, "M1"), land.Available, 5000.335)
	works.SecondaryUse = []string{"M0"}
	works.FARMin, works.FARMax, works.DensityMax, works.GreenMin = num(1.5), num(3), num(40), num(20)
	stated := geo.SquareMetres(5000.4)
	works.StatedArea, works.Setbacks = &stated, "西侧道路红线后退 10 米"
	m0 := plot(3, "panyu", "PY-2", "研发中试", use(land.GZ2019, "M0"), land.Idle, 4000.335)
	m0.FARMin, m0.GFAMax = num(2), num(9999.5)
	shop := plot(4, "panyu", "PY-3", "配套商业", use(land.GB50137, "B"), land.Planned, 2000.335)
	office := plot(5, "panyu", "PY-4", "商务办公", use(land.GB50137, "B29"), land.Committed, 1999.33)
	road := plot(6, "panyu", "PY-5", "规划一路", use(land.GB50137, "S1"), land.Reserved, 999.33)
	hall := plot(7, "nansha", "NS-1", "认证大厦", use(land.MNR2023, "0803"), land.UnderConstruction, 3333.33)
	water := plot(8, "nansha", "NS-2", "-河涌", use(land.GB50137, "E11"), land.Planned, 6666.67)
	return Register{
		Seq: 812, At: day(t, "2016-06-30"),
		Parks: []land.Park{
			{Code: "panyu", NameZh: "番禺园区", NameEn: "Panyu Park", PlaneCRS: geo.GK114, Area: 20000, AreaEllipsoid: 19998.4, Demonstration: true,
				Plan: &land.ParkPlan{Land: 30, Investment: 27.5, Output: 20, Source: "建设方案（2016—2020年）"}},
			{Code: "nansha", NameZh: "南沙园区", NameEn: "Nansha Park", PlaneCRS: geo.GK114, Area: 10000, AreaEllipsoid: 9999.2},
		},
		Plots: []land.Plot{works, lab, m0, water, shop, office, road, hall},
	}
}
