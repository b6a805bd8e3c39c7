package tiles

import (
	"cmp"
	"slices"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Measured is land that was added up.
type Measured struct {
	Plots, Partial int // all, and those of which but a part lies in the area
	Area           geo.SquareMetres
	GFASet         geo.SquareMetres // capacity (计容建筑面积) of plots whose GFA max is set
	GFAByFAR       geo.SquareMetres // of the others with a FAR max: that times the area
	SetPlots       int              // plots of GFASet
	ByFARPlots     int              // plots of GFAByFAR
	FARArea        geo.SquareMetres // of plots with a FAR max
	FARTimesArea   float64          // the sum of FAR max × area over these
}

func (m Measured) plus(n Measured) Measured {
	return Measured{
		m.Plots + n.Plots, m.Partial + n.Partial, m.Area + n.Area, m.GFASet + n.GFASet, m.GFAByFAR + n.GFAByFAR,
		m.SetPlots + n.SetPlots, m.ByFARPlots + n.ByFARPlots, m.FARArea + n.FARArea, m.FARTimesArea + n.FARTimesArea,
	}
}

// Partial is a plot of which but a part lies in the area.
type Partial struct {
	ID     land.PlotID
	PlotNo string
	Area   geo.SquareMetres // the part
	Share  float64          // of the whole plot
}

// Statistics is the land that matches a search and lies in an area.
type Statistics struct {
	Total    Measured
	ByPark   map[land.ParkCode]Measured
	ByStatus map[land.Status]Measured
	ByUse    map[land.UseCode]Measured
	ByMajor  map[land.UseCode]Measured
	Partials []Partial // in number order
}

// Statistics measures what matches a search and lies in a polygon, coordinates x
// before y in crs; nil means everywhere. Plots that lie in it wholly count as the
// register says. The sides of the polygon are straight in each park's plane.
// Errors are NewArea's.
func (v *View) Statistics(s *Search, polygon geo.MultiPolygon, crs geo.CRS) (Statistics, error) {
	m := &measuring{areas: map[land.ParkCode]*Area{}}
	if polygon == nil {
		v.each(s, func(r plotset.Ref) { m.add(r, r.Area(), true) })
		return m.statistics(), nil
	}
	planes := map[geo.CRS]*Area{}
	add := func(code land.ParkCode, plane geo.CRS) error {
		if plane == 0 {
			plane = geo.GK114
		}
		if planes[plane] == nil {
			a, err := NewArea(polygon, crs, plane)
			if err != nil {
				return err
			}
			planes[plane] = a
		}
		m.areas[code] = planes[plane]
		return nil
	}
	if err := add("", geo.GK114); err != nil { // for plots of a park that is not described
		return Statistics{}, err
	}
	for _, p := range v.Parks {
		if err := add(p.Code, p.PlaneCRS); err != nil {
			return Statistics{}, err
		}
	}
	box := planes[geo.GK114].box
	for _, a := range planes {
		box = box.Union(a.box)
	}
	narrowed := *s
	if !s.confined || areaOf(box) < areaOf(s.box) {
		narrowed.box, narrowed.confined = box, true
		if s.confined {
			narrowed.others = append(slices.Clone(s.others), s.box)
		}
	}
	v.each(&narrowed, func(r plotset.Ref) {
		area := m.areas[r.Kind().Park]
		if area == nil {
			area = m.areas[""]
		}
		if part, whole := area.Of(r); part > 0 {
			m.add(r, part, whole)
		}
	})
	return m.statistics(), nil
}

// measuring adds up plots by their kinds' indices.
type measuring struct {
	areas    map[land.ParkCode]*Area
	kinds    []*plotset.Kind
	sums     []Measured
	partials []Partial
}

func (m *measuring) add(r plotset.Ref, part geo.SquareMetres, whole bool) {
	k := r.Kind()
	if k.Index >= len(m.sums) {
		more := k.Index + 1 - len(m.sums)
		m.sums, m.kinds = append(m.sums, make([]Measured, more)...), append(m.kinds, make([]*plotset.Kind, more)...)
	}
	m.kinds[k.Index] = k
	sum := &m.sums[k.Index]
	sum.Plots++
	sum.Area += part
	share := 1.0
	if !whole {
		if r.Area() > 0 {
			share = min(float64(part/r.Area()), 1)
		}
		sum.Partial++
		m.partials = append(m.partials, Partial{r.ID(), r.Number(), part, share})
	}
	far := k.FARMax
	if far.Set {
		sum.FARArea += part
		sum.FARTimesArea += far.Value * float64(part)
	}
	if gfa, ok := r.GFAMax(); ok {
		sum.GFASet += geo.SquareMetres(gfa * share)
		sum.SetPlots++
	} else if far.Set {
		sum.GFAByFAR += geo.SquareMetres(far.Value * float64(part))
		sum.ByFARPlots++
	}
}

func (m *measuring) statistics() Statistics {
	s := Statistics{
		ByPark: map[land.ParkCode]Measured{}, ByStatus: map[land.Status]Measured{},
		ByUse: map[land.UseCode]Measured{}, ByMajor: map[land.UseCode]Measured{}, Partials: m.partials,
	}
	for i, k := range m.kinds {
		if k == nil {
			continue
		}
		sum := m.sums[i]
		s.Total = s.Total.plus(sum)
		s.ByPark[k.Park] = s.ByPark[k.Park].plus(sum)
		s.ByStatus[k.Status] = s.ByStatus[k.Status].plus(sum)
		s.ByUse[k.Use] = s.ByUse[k.Use].plus(sum)
		major := land.MajorUse(k.Use)
		s.ByMajor[major] = s.ByMajor[major].plus(sum)
	}
	slices.SortFunc(s.Partials, func(a, b Partial) int { return cmp.Compare(a.ID, b.ID) })
	return s
}
