// Package plan holds what the construction plan of Guangzhou's national cluster
// for inspection and testing services (国家检验检测高技术服务业集聚区(广州)建设方案,
// 2016–2020) says of the three parks, and a demonstration layout of their land.
//
// The plan's figures are facts with their source. The layout is not: the true
// plot drawings are not public, so an invented one stands in for them. Each park
// has exactly the plan's plane area in EPSG:4547 (200,000, 964,000 and 922,000
// m²; 300, 1446 and 1383 亩) and is wholly covered by plots, roads among them.
// Its place is a rough guess, and no plot, holder or date in it is real.
package plan

import (
	"embed"
	"encoding/csv"
	"slices"
	"strconv"
	"sync"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

//go:generate go run ./makelayout

//go:embed figures
var figures embed.FS

// rows reads an embedded table without its heading; the files ship with the
// program, so a fault in one is a fault in the program.
func rows(name string) [][]string {
	f, err := figures.Open("figures/" + name)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(err)
	}
	return all[1:]
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return v
}

func date(s string) land.Date {
	d, err := land.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

var parks = sync.OnceValue(func() []land.Park {
	var all []land.Park
	for _, r := range rows("parks.csv") {
		p := land.Park{
			Code: land.ParkCode(r[0]), NameZh: r[1], NameEn: r[2], District: r[3],
			PlaneCRS:      geo.GK114,
			Demonstration: true,
			Plan: &land.ParkPlan{
				Land: geo.Mu(number(r[4])), Investment: number(r[5]), Output: number(r[6]),
				PositioningZh: r[7], Source: r[8],
			},
		}
		if err := measure(&p); err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
})

// measure gives a park the demonstration layout's boundary and its areas.
func measure(p *land.Park) error {
	d, err := read(p.Code)
	if err != nil {
		return err
	}
	plane, _, err := geo.SnapPolygon(d.boundary, geo.CGCS2000, p.PlaneCRS)
	if err != nil {
		return err
	}
	p.Boundary = d.boundary
	p.Area, p.AreaEllipsoid = geo.PlaneArea(plane), geo.EllipsoidArea(d.boundary)
	return nil
}

// Parks lists the three parks in the plan's order, with the plan's figures and
// the boundary of the demonstration layout (EPSG:4490, lon/lat).
func Parks() []land.Park { return slices.Clone(parks()) }

// Schedule is the plan's periods, 近期 2016 and 中远期 2017–2020, and its goals for the
// end of 2020, all of them lower bounds. What the plan asks of each period is not
// known beyond what it asks of the parks by its end.
func Schedule() land.Schedule {
	var s land.Schedule
	for _, r := range rows("periods.csv") {
		s.Periods = append(s.Periods, land.Period{Code: r[0], Zh: r[1], En: r[2], From: date(r[3]), Until: date(r[4]), Source: r[5]})
	}
	end := s.Periods[len(s.Periods)-1].Until
	for _, r := range rows("targets_2020.csv") {
		s.Targets = append(s.Targets, land.Target{MetricZh: r[0], MetricEn: r[1], Unit: r[2], AtLeast: number(r[3]), Scope: r[4], By: end, Source: r[5]})
	}
	return s
}

// Duty is what the plan charges a body with (职责分工), in this register's words.
type Duty struct {
	BodyZh, BodyEn string
	DutyZh, DutyEn string
	Source         string
}

// Duties lists the bodies' duties that touch on land, projects and figures.
func Duties() []Duty {
	var all []Duty
	for _, r := range rows("duties.csv") {
		all = append(all, Duty{r[0], r[1], r[2], r[3], r[4]})
	}
	return all
}
