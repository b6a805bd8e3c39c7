package land

import (
	"fmt"
	"slices"

	"github.com/dikuai/dikuai/geo"
)

// Act is what every edit of the coverage says of itself.
type Act struct {
	ValidFrom Date // the legal day; zero is today
	Reason    string
	CaseNo    string
}

// Split asks for a plot to be cut (分割): by a line, or into given parts.
type Split struct {
	Act
	Version int                // the version that the officer read
	Line    []geo.Point        // in CRS
	Parts   []geo.MultiPolygon // in CRS, where there is no line
	CRS     geo.CRS
	PlotNos []string // of the parts from the north-west, or as the parts are given; empty: derived
}

// Merge asks for adjacent plots of a park to become one (合并).
type Merge struct {
	Act
	IDs      []PlotID
	Versions []int // that the officer read, in the order of IDs; empty: any
	PlotNo   string
	Change   func(*Attributes) error // what of the merged plot is not as its parts agree; nil: nothing
}

// Adjust asks for shared boundary points to be moved (界址调整): each in every
// plot that has it.
type Adjust struct {
	Act
	Park     ParkCode
	Moves    []Displacement
	CRS      geo.CRS
	Versions map[PlotID]int // that the officer read; plots that are not named may be of any
}

// Displacement moves a boundary point.
type Displacement struct{ From, To geo.Point }

// Reshape asks for a plot to get a new boundary at its neighbours' cost or gain
// (边界重划): what it takes is cut from them, what it leaves goes to the one that
// shares most of the border with it.
type Reshape struct {
	Act
	Version  int
	Boundary geo.MultiPolygon
	CRS      geo.CRS
}

// Day is the legal day of an act on plots of which none holds from a later one.
func (a Act) Day(today Date, plots ...Plot) (Date, error) {
	day := a.ValidFrom
	if day.IsZero() {
		day = today
	}
	if day.After(today) {
		return day, invalidDay(toCome(day))
	}
	for _, p := range plots {
		if p.ValidFrom.After(day) {
			return day, invalidDay(
				geo.Say("%s 早于 %s，地块 %s 自该日起为现状", "%s is before %s, from which plot %s holds as it is", day, p.ValidFrom, p.PlotNo),
				geo.Say("请填该日或之后的日期", "give that day or a later one"))
		}
	}
	return day, nil
}

func invalidDay(message, remedy geo.Words) error { return Invalid("valid_from", message, remedy) }

// Divide gives the attributes of the parts of a plot. What is stated for the
// whole is not stated for a part, so the stated area is cleared; the floor area
// is shared out by area, in whole square metres that add up.
func (p Plot) Divide(areas []geo.SquareMetres, numbers []string, day Date) ([]Attributes, error) {
	if len(areas) < 2 {
		return nil, Invalid("line", geo.Say("分割线没有把地块分开", "the line does not divide the plot"), geo.Say("请从边界画到边界", "draw it from border to border"))
	}
	if len(numbers) == 0 {
		for i := range areas {
			numbers = append(numbers, fmt.Sprintf("%s-%d", p.PlotNo, i+1))
		}
	}
	if len(numbers) != len(areas) {
		return nil, Invalid("plot_nos", geo.Say("%d 个编号对应 %d 个部分", "%d numbers for %d parts", len(numbers), len(areas)),
			geo.Say("请自西北起给每个部分一个编号", "give one number a part, from the north-west"))
	}
	parts := make([]Attributes, len(areas))
	shares := make([]float64, len(areas))
	for i, area := range areas {
		parts[i] = p.Attributes
		parts[i].PlotNo, parts[i].ValidFrom, parts[i].StatedArea = numbers[i], day, nil
		if p.GFAMax != nil {
			shares[i] = *p.GFAMax * float64(area/p.Area)
		}
	}
	if p.GFAMax != nil {
		rounded, _, _ := geo.RoundParts(shares, 0)
		for i := range parts {
			parts[i].GFAMax = &rounded[i]
		}
	}
	return parts, nil
}

// Join gives the attributes of plots that become one. Land use, status and
// holder must agree; of the rest what all agree on stays, floor areas add up.
func Join(plots []Plot, number string, day Date) (Attributes, error) {
	first := plots[0]
	a := first.Attributes
	a.PlotNo, a.ValidFrom, a.StatedArea = number, day, nil
	var gfa float64
	for _, p := range plots {
		for _, must := range []struct{ field, first, other string }{
			{"land_use", first.UseText(), p.UseText()},
			{"land_use_scheme", string(first.Use.Scheme), string(p.Use.Scheme)},
			{"status", string(first.Status), string(p.Status)},
			{"holder", first.Holder, p.Holder},
		} {
			if must.first != must.other {
				return a, Invalid(must.field,
					geo.Say("地块 %s 为 %s，地块 %s 为 %s", "plot %s has %s, plot %s has %s", first.PlotNo, told(must.field, must.first), p.PlotNo, told(must.field, must.other)),
					geo.Say("请在合并前使其一致", "make them agree before they are merged"))
			}
		}
		if p.Park != first.Park {
			return a, Invalid("ids",
				geo.Say("地块 %s 在园区 %s，地块 %s 在 %s", "plot %s lies in park %s, plot %s in %s", first.PlotNo, first.Park, p.PlotNo, p.Park),
				geo.Say("请合并同一园区的地块", "merge plots of one park"))
		}
		a.FARMin, a.FARMax = agree(a.FARMin, p.FARMin), agree(a.FARMax, p.FARMax)
		a.DensityMax, a.GreenMin, a.HeightMax = agree(a.DensityMax, p.DensityMax), agree(a.GreenMin, p.GreenMin), agree(a.HeightMax, p.HeightMax)
		a.Name, a.Setbacks, a.SupplyMode = agreeText(a.Name, p.Name), agreeText(a.Setbacks, p.Setbacks), agreeText(a.SupplyMode, p.SupplyMode)
		if a.SuppliedOn != p.SuppliedOn {
			a.SuppliedOn = Date{}
		}
		if p.GFAMax == nil {
			a.GFAMax = nil
		} else {
			gfa += *p.GFAMax
		}
	}
	if a.GFAMax != nil {
		a.GFAMax = &gfa
	}
	return a, nil
}

// told is a property's text for a sentence.
func told(field, text string) geo.Words {
	switch {
	case text == "":
		return geo.Say("空", "none")
	case field == "status":
		return Status(text).Words()
	}
	return geo.Names(text)
}

func agree(a, b *float64) *float64 {
	if a == nil || b == nil || *a != *b {
		return nil
	}
	return a
}

func agreeText(a, b string) string {
	if a != b {
		return ""
	}
	return a
}

// CheckIDs refuses fewer than two plots, or one twice.
func (m Merge) CheckIDs() error {
	if len(m.IDs) < 2 {
		return Invalid("ids", geo.Say("合并至少需要两个地块", "a merge needs at least two plots"), geo.Say("请给出地块的标识码", "name their ids"))
	}
	sorted := slices.Sorted(slices.Values(m.IDs))
	if len(slices.Compact(sorted)) != len(m.IDs) {
		return Invalid("ids", geo.Say("同一地块出现两次", "a plot is named twice"), geo.Say("每个地块只列一次", "name each once"))
	}
	if len(m.Versions) > 0 && len(m.Versions) != len(m.IDs) {
		return Invalid("versions", geo.Say("%d 个版本对应 %d 个地块", "%d versions for %d plots", len(m.Versions), len(m.IDs)),
			geo.Say("请按顺序给每个标识码一个版本", "give one for each id, in order"))
	}
	return nil
}
