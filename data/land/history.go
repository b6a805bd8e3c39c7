package land

import (
	"fmt"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// PlotVersion is one version of a plot with the change that made it and what it
// changed against the version before; the first has no differences.
type PlotVersion struct {
	Plot
	Retired     bool // the plot ended with this version
	Change      Change
	Differences []Difference
}

// Difference is one property that a change changed, as text; empty means none.
type Difference struct {
	Field         string
	Zh, En        string
	Before, After string
}

// Compare tells in which properties two versions of a plot differ. A boundary
// that changed is told by its area.
func Compare(before, after Plot) []Difference {
	var found []Difference
	for _, f := range fields {
		if f.Set == nil && f.Name != "area_m2" {
			continue
		}
		was, is := textOf(f, before), textOf(f, after)
		if was != is {
			found = append(found, Difference{f.Name, f.Zh, f.En, was, is})
		}
	}
	if !SameBoundary(before.Boundary, after.Boundary) {
		found = append(found, Difference{"geometry", "界址", "boundary", points(before), points(after)})
	}
	return found
}

func textOf(f Field, p Plot) string {
	switch v := f.Get(&p).(type) {
	case nil:
		return ""
	case float64:
		return fmt.Sprintf("%.10g", v)
	default:
		return fmt.Sprint(v)
	}
}

// SameBoundary says whether two boundaries have the same points in the same order.
func SameBoundary(a, b geo.MultiPolygon) bool {
	return slices.EqualFunc(a, b, geo.Polygon.Equal)
}

func points(p Plot) string {
	n := 0
	for _, polygon := range p.Boundary {
		for _, ring := range polygon {
			n += len(ring) - 1
		}
	}
	return fmt.Sprintf("%d points", n)
}

// EndedError says that a plot is no longer in the register, and which plots came out
// of it, directly or through others, that still are.
type EndedError struct {
	ID         PlotID
	PlotNo     string
	Successors []Plot
}

func (e *EndedError) Error() string { return e.Words().En }

// Words tell the error in both languages.
func (e *EndedError) Words() geo.Words {
	if len(e.Successors) == 0 {
		return geo.Say("地块 %s 已注销，没有后继地块", "plot %s ended and has no successor", e.PlotNo)
	}
	return geo.Say("地块 %s 已终止，由它产生了 %d 个地块", "plot %s ended; %d plots came out of it", e.PlotNo, len(e.Successors))
}
