package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Measure says which area a table speaks of; the two are never mixed (面积口径).
type Measure int

// The measures of land.
const (
	Plane     Measure = iota // plane area from the boundary points in the park's plane
	Ellipsoid                // area on the CGCS2000 ellipsoid
)

func (m Measure) String() string { return [...]string{"plane", "ellipsoid"}[m] }

// ParseMeasure reads "plane" or "ellipsoid"; empty is plane.
func ParseMeasure(s string) (Measure, error) {
	switch s {
	case "", "plane":
		return Plane, nil
	case "ellipsoid":
		return Ellipsoid, nil
	}
	return 0, land.Invalid("measure", geo.Say("不认识的面积口径 %q", "measure %q is not known", s), geo.Say("可用 plane 或 ellipsoid", "use plane or ellipsoid"))
}

// largestLand is more than any park or plot has, and a millionth of what can be
// added up.
const largestLand = geo.SquareMetres(4e11)

func plausible(a geo.SquareMetres) bool { return a >= 0 && a < largestLand }

// checkParks refuses parks whose land cannot be printed.
func checkParks(reg land.Register) error {
	for _, p := range reg.Parks {
		if !plausible(p.Area) || !plausible(p.AreaEllipsoid) {
			return fmt.Errorf("park %s has an area of %v m², on the ellipsoid %v m²", p.Code, float64(p.Area), float64(p.AreaEllipsoid))
		}
	}
	return nil
}

// checkSums refuses sums of which a table would leave out land.
func checkSums(reg land.Register, sums []land.PlotSum) error {
	for _, s := range sums {
		if !holds(reg, s.Park) {
			return missingPark(s.Park)
		}
		if s.Status != "" && (s.Status.Name() == land.StatusName{}) {
			return fmt.Errorf("plots of park %s have status %q, which is not known", s.Park, s.Status)
		}
		if !plausible(s.Area.SquareMetres()) {
			return fmt.Errorf("plots of park %s have an area of %v m²", s.Park, float64(s.Area.SquareMetres()))
		}
	}
	return nil
}

func holds(reg land.Register, park land.ParkCode) bool {
	return slices.ContainsFunc(reg.Parks, func(p land.Park) bool { return p.Code == park })
}

func missingPark(park land.ParkCode) error {
	return fmt.Errorf("plots belong to park %s, which the snapshot does not hold", park)
}

// headOf says what a table of a register stands on. Plane areas are measured in
// each park's own plane, ellipsoidal ones on the stored coordinates.
func headOf(reg land.Register, o Options) Head {
	h := Head{AsOf: reg.At, Seq: reg.Seq, Measure: o.Measure, Asked: o.Asked}
	var planes []string
	for _, p := range reg.Parks {
		h.Parks = append(h.Parks, ParkName{p.Code, p.NameZh, p.NameEn})
		h.Demonstration = h.Demonstration || p.Demonstration
		if crs := p.PlaneCRS.String(); !slices.Contains(planes, crs) {
			planes = append(planes, crs)
		}
	}
	h.CRS = strings.Join(planes, "、")
	if o.ellipsoid() {
		h.CRS = geo.CGCS2000.String()
	}
	return h
}

// tableOf is a table of a register, without columns and rows. It is named after
// the park when it is of one.
func tableOf(name string, reg land.Register, o Options, zh, en string) Table {
	t := Table{Name: name, TitleZh: zh, TitleEn: en, Head: headOf(reg, o)}
	if len(reg.Parks) == 1 {
		t.TitleZh, t.TitleEn = reg.Parks[0].NameZh+zh, reg.Parks[0].NameEn+": "+en
	}
	return t
}

// note adds the texts that are not empty.
func (t *Table) note(texts ...string) {
	for _, s := range texts {
		if s != "" {
			t.Notes = append(t.Notes, s)
		}
	}
}
