package cql2_test

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land/cql2"
)

// plot is a row such as a caller has.
type plot struct {
	No, Use, Holder string
	Area            float64
	FAR             *float64
	Supplied        time.Time
	Boundary        orb.MultiPolygon
	Box             orb.Bound
}

var plotFields = map[string]cql2.Field[*plot]{
	"plot_no":  {Type: cql2.TypeString, Text: func(p *plot) (string, bool) { return p.No, true }},
	"land_use": {Type: cql2.TypeString, Text: func(p *plot) (string, bool) { return p.Use, true }},
	"holder":   {Type: cql2.TypeString, Text: func(p *plot) (string, bool) { return p.Holder, p.Holder != "" }},
	"area_mu":  {Type: cql2.TypeNumber, Number: func(p *plot) (float64, bool) { return p.Area, true }},
	"far_max": {Type: cql2.TypeNumber, Number: func(p *plot) (float64, bool) {
		if p.FAR == nil {
			return 0, false
		}
		return *p.FAR, true
	}},
	"supplied_on": {Type: cql2.TypeDate, Day: func(p *plot) (cql2.Day, bool) { return cql2.DayOf(p.Supplied), !p.Supplied.IsZero() }},
	"geometry": {Type: cql2.TypeGeometry, Areas: func(p *plot) orb.MultiPolygon { return p.Boundary },
		Bound: func(p *plot) orb.Bound { return p.Box }},
}

func somePlots() []*plot {
	var all []*plot
	for i := range 1024 {
		x, y := 113.3+float64(i%40)*0.001, 22.9+float64(i/40)*0.001
		ring := orb.Ring{}
		for j := range 12 {
			t := float64(j) / 12
			ring = append(ring, orb.Point{x + 0.0009*min(1, 4*t, 4*(1-t)), y + 0.0009*min(1, max(0, 4*t-1), 4*(1-t))})
		}
		ring = append(ring, ring[0])
		far := float64(i%7) / 2
		p := &plot{No: "A-" + string(rune('A'+i%26)), Use: []string{"M1", "M0", "R2", "A35", "G1"}[i%5], Holder: "Guangzhou Works", Area: float64(i % 90),
			FAR: &far, Supplied: time.Date(2016, 1, 1+i%700, 0, 0, 0, 0, time.UTC), Boundary: orb.MultiPolygon{{ring}}}
		if i%3 == 0 {
			p.FAR = nil
		}
		p.Box = p.Boundary.Bound()
		all = append(all, p)
	}
	return all
}

// BenchmarkFilter tells the time and the allocations for a row.
func BenchmarkFilter(b *testing.B) {
	plots := somePlots()
	for _, filter := range []struct{ name, text string }{
		{"number", "area_mu >= 20"},
		{"null", "far_max < 2.5"},
		{"text", "land_use = 'M0'"},
		{"three", "area_mu BETWEEN 20 AND 60 AND land_use IN ('M1', 'M0') AND far_max < 2.5"},
		{"in10", "land_use IN ('M1', 'M2', 'M3', 'M4', 'W1', 'W2', 'W3', 'R1', 'R2', 'R3')"},
		{"like", "holder LIKE '%Works%'"},
		{"casei", "CASEI(holder) = CASEI('GUANGZHOU WORKS')"},
		{"arithmetic", "area_mu * 666.67 / 15 > far_max + 10"},
		{"date", "T_AFTER(supplied_on, DATE('2017-01-01'))"},
		{"bbox", "S_INTERSECTS(geometry, BBOX(113.31, 22.91, 113.32, 22.92))"},
		{"polygon", "S_INTERSECTS(geometry, POLYGON((113.3 22.9, 113.345 22.905, 113.34 22.93, 113.305 22.92, 113.3 22.9)))"},
		{"within", "S_WITHIN(geometry, POLYGON((113.3 22.9, 113.345 22.905, 113.34 22.93, 113.305 22.92, 113.3 22.9)))"},
		{"near", "S_DWITHIN(geometry, POINT(113.32 22.912), 500)"},
	} {
		b.Run(filter.name, func(b *testing.B) {
			e, err := cql2.ParseText(filter.text)
			if err != nil {
				b.Fatal(err)
			}
			test, err := cql2.Compile(e, plotFields)
			if err != nil {
				b.Fatal(err)
			}
			found := 0
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if test(plots[i&1023]) == cql2.True {
					found++
				}
			}
			b.ReportMetric(100*float64(found)/float64(b.N), "%found")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	const text = "area_mu BETWEEN 20 AND 60 AND land_use IN ('M1', 'M0') AND S_INTERSECTS(geometry, BBOX(113.31, 22.91, 113.32, 22.92))"
	for b.Loop() {
		e, err := cql2.ParseText(text)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := cql2.Compile(e, plotFields); err != nil {
			b.Fatal(err)
		}
	}
}
