package city

import (
	"fmt"
	"time"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// attributes are invented, and say so where they name somebody.
func (b *builder) attributes(d dice, number string, p piece) land.Attributes {
	a := land.Attributes{PlotNo: number, Use: land.UseCode{Scheme: schemeOf(p.use), Code: p.use}, Use2023: uses2023[p.use]}
	a.Status = b.status(d, p.use)
	day := d.within(0, dayCount-1)
	a.ValidFrom = days[earlier+day]
	if p.use == "R21" && d.chance(60) || p.use == "B29" && d.chance(120) {
		a.SecondaryUse = []string{"B11"}
	}
	supplied := false
	switch a.Status {
	case land.Supplied, land.UnderConstruction, land.Completed, land.Verified, land.Idle:
		supplied = true
		a.SuppliedOn = days[earlier+day-d.within(0, earlier-1)]
		a.SupplyMode = supplyMode(d, p.use)
	}
	switch {
	case supplied || a.Status == land.Committed:
		a.Holder = holders[d.upTo(int64(len(holders)))]
	case a.Status == land.Reserved || a.Status == land.Available:
		a.Holder = "演示土地储备中心"
	}
	if name, ok := names[p.use]; ok {
		a.Name = name + number[1:]
	}
	a.Controls = controls(d, p.use, b.kind.age)
	if a.Status == land.Verified && a.FARMax != nil && d.chance(500) {
		stated := geo.SquareMetres(float64(b.hundredths(p)) / 100)
		a.StatedArea = &stated
	}
	return a
}

// hundredths is a plot's area in 0.01 m².
func (b *builder) hundredths(p piece) int64 {
	var twice int64
	for _, f := range p.faces {
		if f >= 0 && !p.fills {
			twice += b.area(f)
		}
	}
	var hole int64
	for n := range p.hole {
		o := p.hole[0]
		hole += cross(p.hole[n].minus(o), p.hole[(n+1)%len(p.hole)].minus(o))
	}
	if p.fills {
		twice += hole
	} else {
		twice -= hole
	}
	return div(twice, 20_000)
}

// names are what plots of some uses are called, before their number.
var names = map[useCode]string{
	"A31": "演示高校", "A33": "演示学校", "A51": "演示医院", "G1": "演示公园", "U12": "演示变电站", "S3": "演示枢纽", "H23": "演示码头",
}

// holders are as many as a city has developers.
var holders = func() (all [900]string) {
	for n := range all {
		all[n] = fmt.Sprintf("演示单位%04d", n+1)
	}
	return all
}()

// Days of the register: dayCount from 2016 to 2025, and some before them.
const (
	dayCount = 3653
	earlier  = 800
)

var days = func() (all [earlier + dayCount]land.Date) {
	first := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range all {
		all[n] = land.DateOf(first.AddDate(0, 0, n-earlier))
	}
	return all
}()

// AsOf is the day as of which the plots hold: their last.
func AsOf() land.Date { return days[len(days)-1] }

var uses2023 = func() map[useCode]string {
	all := map[useCode]string{}
	for _, u := range land.Uses() {
		if u.Scheme == land.GB50137 || u.Scheme == land.GZ2019 {
			all[u.Code] = land.Use2023(u.UseCode)
		}
	}
	return all
}()

var statuses = [...][]share[land.Status]{
	settled: {{land.Verified, 740}, {land.Completed, 95}, {land.UnderConstruction, 45}, {land.Supplied, 30}, {land.Available, 20}, {land.Reserved, 30}, {land.Committed, 10}, {land.Planned, 15}, {land.Idle, 15}},
	growing: {{land.Verified, 440}, {land.Completed, 150}, {land.UnderConstruction, 130}, {land.Supplied, 80}, {land.Available, 50}, {land.Reserved, 55}, {land.Committed, 25}, {land.Planned, 50}, {land.Idle, 20}},
	young:   {{land.Verified, 300}, {land.Completed, 140}, {land.UnderConstruction, 150}, {land.Supplied, 105}, {land.Available, 80}, {land.Reserved, 75}, {land.Committed, 40}, {land.Planned, 75}, {land.Idle, 35}},
}

var publicStatuses = []share[land.Status]{{land.Verified, 700}, {land.Completed, 140}, {land.UnderConstruction, 80}, {land.Supplied, 20}, {land.Planned, 60}}

// status is where a plot stands in the supply of land. Land that is not for
// development stays as planned.
func (b *builder) status(d dice, use useCode) land.Status {
	switch use[0] {
	case 'E':
		return land.Planned
	case 'S', 'G', 'U', 'H':
		return pick(d, publicStatuses)
	}
	return pick(d, statuses[b.kind.age])
}

// supplyMode is how land is given out: without payment for public uses.
func supplyMode(d dice, use useCode) string {
	switch use[0] {
	case 'R', 'B', 'M', 'W':
		if d.chance(70) {
			return "协议出让"
		}
		return "招拍挂出让"
	}
	return "划拨"
}

// control is a set of planning conditions; 0 is none.
type control struct{ farMin, farMax, density, green, height float64 }

// controlsOf are the conditions of uses, by the beginning of their codes, the
// longest first.
var controlsOf = []struct {
	use  useCode
	sets []control
}{
	{"A31", []control{{0, 0.8, 25, 40, 36}, {0, 1.2, 28, 35, 50}}},
	{"A33", []control{{0, 0.8, 25, 35, 24}, {0, 1, 30, 35, 24}}},
	{"A35", []control{{0, 1.5, 35, 30, 40}, {0, 2, 40, 30, 60}}},
	{"R11", []control{{0, 0.8, 30, 40, 12}, {0, 1, 35, 35, 15}}},
	{"R31", []control{{0, 1.6, 45, 20, 24}, {0, 2, 50, 15, 30}}},
	{"H14", []control{{0, 1.8, 60, 10, 15}, {0, 2.2, 65, 10, 18}}},
	{"B41", []control{{0, 0.4, 25, 20, 9}}},
	{"M0", []control{{2, 3.5, 45, 20, 80}, {2.5, 4, 45, 20, 100}}},
	{"S1", nil},
	{"S3", []control{{0, 1.5, 50, 15, 40}}},
	{"G1", []control{{0, 0.05, 3, 70, 9}, {0, 0.1, 5, 65, 12}}},
	{"G3", []control{{0, 0.05, 5, 25, 9}}},
	{"R", []control{{0, 1.8, 30, 35, 36}, {0, 2.2, 28, 35, 54}, {0, 2.5, 28, 35, 80}, {0, 2.8, 25, 35, 100}, {0, 3.2, 25, 30, 100}, {0, 3.6, 25, 30, 120}}},
	{"A", []control{{0, 1.2, 30, 35, 24}, {0, 1.8, 35, 35, 40}, {0, 2.5, 40, 30, 60}}},
	{"B", []control{{0, 1.5, 50, 20, 24}, {0, 2.5, 45, 25, 50}, {0, 3.5, 45, 20, 80}, {0, 5, 45, 20, 120}, {0, 6.5, 50, 15, 180}, {0, 9, 50, 15, 250}}},
	{"M", []control{{1, 2, 50, 15, 24}, {1.2, 2.5, 50, 15, 30}, {1.5, 3, 55, 10, 50}, {2, 4, 60, 10, 60}}},
	{"W", []control{{0.8, 1.5, 55, 15, 24}, {1, 2, 60, 10, 30}, {1.2, 2.5, 60, 10, 40}}},
	{"S", []control{{0, 0.6, 35, 20, 18}, {0, 1, 40, 20, 24}}},
	{"U", []control{{0, 0.8, 40, 25, 18}, {0, 1.2, 45, 25, 24}}},
	{"H2", []control{{0, 0.8, 40, 10, 24}}},
	{"H4", []control{{0, 0.8, 30, 30, 24}}},
}

// controls are the planning conditions of a plot, or none.
func controls(d dice, use useCode, a age) land.Controls {
	for k := range controlsOf {
		c := &controlsOf[k]
		if len(use) < len(c.use) || use[:len(c.use)] != c.use {
			continue
		}
		if len(c.sets) == 0 {
			break
		}
		low, high := int64(0), int64(len(c.sets)-1)
		if a == settled && high > 2 { // old towns are low
			high -= 2
		}
		s := c.sets[d.within(low, high)]
		return land.Controls{FARMin: some(&s.farMin), FARMax: some(&s.farMax), DensityMax: some(&s.density), GreenMin: some(&s.green), HeightMax: some(&s.height)}
	}
	return land.Controls{}
}

func some(v *float64) *float64 {
	if *v == 0 {
		return nil
	}
	return v
}
