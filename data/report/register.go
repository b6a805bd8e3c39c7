package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Register is what a table is made from: parks and their plots as they stood at
// one change of the register, read in one snapshot. Parks are in print order;
// every plot's park is among them.
type Register land.Register

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

// Options choose how a table is made. The zero value measures in the plane.
type Options struct{ Measure Measure }

func (o Options) plot(p land.Plot) geo.SquareMetres {
	if o.Measure == Ellipsoid {
		return exact(p.AreaEllipsoid)
	}
	return exact(p.Area)
}

func (o Options) plots(list []land.Plot) []geo.SquareMetres {
	areas := make([]geo.SquareMetres, len(list))
	for i, p := range list {
		areas[i] = o.plot(p)
	}
	return areas
}

func (o Options) park(p land.Park) geo.SquareMetres {
	if o.Measure == Ellipsoid {
		return exact(p.AreaEllipsoid)
	}
	return exact(p.Area)
}

// plausible says that an area can be printed: it is finite, not negative and
// less than the surface of the earth.
func plausible(a geo.SquareMetres) bool { return a >= 0 && a < 1e15 }

// check refuses a register of which a table would leave out land: a plot whose
// park it does not hold or whose status or areas are none.
func (r Register) check() error {
	held := map[land.ParkCode]bool{}
	for _, p := range r.Parks {
		held[p.Code] = true
		if !plausible(p.Area) || !plausible(p.AreaEllipsoid) {
			return fmt.Errorf("park %s has an area of %v m², on the ellipsoid %v m²", p.Code, float64(p.Area), float64(p.AreaEllipsoid))
		}
	}
	for _, p := range r.Plots {
		if !held[p.Park] {
			return fmt.Errorf("plot %s belongs to park %s, which the snapshot does not hold", p.PlotNo, p.Park)
		}
		if (p.Status.Name() == land.StatusName{}) {
			return fmt.Errorf("plot %s of park %s has status %q, which is not known", p.PlotNo, p.Park, p.Status)
		}
		if !plausible(p.Area) || !plausible(p.AreaEllipsoid) {
			return fmt.Errorf("plot %s of park %s has an area of %v m², on the ellipsoid %v m²", p.PlotNo, p.Park, float64(p.Area), float64(p.AreaEllipsoid))
		}
	}
	return nil
}

// byPark lists the plots of each park, in the order of Parks, each list by plot
// number.
func (r Register) byPark() [][]land.Plot {
	place := map[land.ParkCode]int{}
	for i, p := range r.Parks {
		place[p.Code] = i
	}
	lists := make([][]land.Plot, len(r.Parks))
	for _, p := range r.Plots {
		if i, ok := place[p.Park]; ok {
			lists[i] = append(lists[i], p)
		}
	}
	for _, list := range lists {
		slices.SortStableFunc(list, func(a, b land.Plot) int {
			return cmp.Or(comparePlotNo(a.PlotNo, b.PlotNo), cmp.Compare(a.ID, b.ID))
		})
	}
	return lists
}

// head says what a table of this register stands on. Plane areas are measured
// in each park's own plane, ellipsoidal ones on the stored coordinates.
func (r Register) head(o Options) Head {
	h := Head{AsOf: r.At, Seq: r.Seq, Measure: o.Measure}
	var planes []string
	for _, p := range r.Parks {
		h.Parks = append(h.Parks, ParkName{p.Code, p.NameZh, p.NameEn})
		h.Demonstration = h.Demonstration || p.Demonstration
		if crs := p.PlaneCRS.String(); !slices.Contains(planes, crs) {
			planes = append(planes, crs)
		}
	}
	h.CRS = strings.Join(planes, "、")
	if o.Measure == Ellipsoid {
		h.CRS = geo.CGCS2000.String()
	}
	return h
}

// comparePlotNo orders plot numbers as people do: runs of digits by their
// value, so that PY-2 comes before PY-10.
func comparePlotNo(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		dx, restX := leadingDigits(x)
		dy, restY := leadingDigits(y)
		if dx != "" && dy != "" {
			nx, ny := strings.TrimLeft(dx, "0"), strings.TrimLeft(dy, "0")
			if c := cmp.Or(cmp.Compare(len(nx), len(ny)), cmp.Compare(nx, ny)); c != 0 {
				return c
			}
			x, y = restX, restY
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

func leadingDigits(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)], rest
}

// dataNature is what every export of a layout drawn for show says of its rows.
const dataNature = "示范布局，非实测"

// markDemonstration adds a last column that says of every row whether its
// figures rest on a demonstration layout; parkOf names a row's park, nil for a
// row that holds land of several. A register without such parks has no column.
func (t *Table) markDemonstration(parks []land.Park, parkOf func(row int) *land.Park) {
	if !t.Head.Demonstration {
		return
	}
	t.Columns = append(t.Columns, Column{Key: "data_nature", Zh: "数据性质", En: "Nature of the data", Kind: Text, Width: 10})
	for i := range t.Rows {
		park := parkOf(i)
		cell := textCell(dataNature)
		if park != nil && !park.Demonstration {
			cell = Cell{}
		}
		t.Rows[i].Cells = append(t.Rows[i].Cells, cell)
	}
	var named []string
	for _, p := range parks {
		if p.Demonstration {
			named = append(named, p.NameZh)
		}
	}
	t.Notes = append(t.Notes, strings.Join(named, "、")+"为示范布局，非实测，不作为审批、供地和登记的依据。")
}

// title puts the park's name before a table's title when the table is of one park.
func (r Register) title(zh, en string) (string, string) {
	if len(r.Parks) != 1 {
		return zh, en
	}
	return r.Parks[0].NameZh + zh, r.Parks[0].NameEn + ": " + en
}

// note adds the texts that are not empty.
func (t *Table) note(texts ...string) {
	for _, s := range texts {
		if s != "" {
			t.Notes = append(t.Notes, s)
		}
	}
}
