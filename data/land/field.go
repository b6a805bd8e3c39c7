package land

import (
	"math"
	"strconv"
	"strings"

	"github.com/dikuai/dikuai/geo"
)

// Kind is the type of a property's value.
type Kind int

// The kinds of property.
const (
	Text Kind = iota
	Integer
	Number
	Day
)

// Field is one property of a plot. Its name is the same word in the database,
// tiles, JSON and exports. Set is nil for what the register computes itself.
type Field struct {
	Name   string
	Zh, En string
	Kind   Kind
	Short  string   // name in formats that allow ten bytes (Shapefile)
	Also   []string // names customary in Chinese layers
	Get    func(*Plot) any
	Set    func(*Attributes, string) error
}

// Fields lists the properties of a plot in the order in which they are shown.
func Fields() []Field { return fields }

var fields = []Field{
	{Name: "id", Zh: "标识码", En: "id", Kind: Integer, Short: "id", Get: func(p *Plot) any { return int64(p.ID) }},
	{Name: "park", Zh: "园区", En: "park", Short: "park", Get: func(p *Plot) any { return string(p.Park) }},
	{Name: "plot_no", Zh: "地块编号", En: "plot number", Short: "plot_no", Also: []string{"DKBH", "地块编号", "宗地编号"},
		Get: func(p *Plot) any { return p.PlotNo }, Set: setText(func(a *Attributes) *string { return &a.PlotNo })},
	{Name: "name", Zh: "地块名称", En: "name", Short: "name", Also: []string{"DKMC", "地块名称"},
		Get: func(p *Plot) any { return p.Name }, Set: setText(func(a *Attributes) *string { return &a.Name })},
	{Name: "land_use", Zh: "用地代码", En: "land use", Short: "land_use", Also: []string{"YDDM", "用地代码"},
		Get: func(p *Plot) any { return p.UseText() },
		Set: func(a *Attributes, s string) (err error) {
			scheme := a.Use.Scheme
			if a.Use.Code != "" && scheme != MNR2023 {
				scheme = ""
			}
			a.Use, a.SecondaryUse, err = ParseUse(s, scheme)
			if err == nil {
				a.Use2023 = Use2023(a.Use)
			}
			return err
		}},
	{Name: "land_use_scheme", Zh: "用地分类标准", En: "land-use scheme", Short: "use_scheme",
		Get: func(p *Plot) any { return string(p.Use.Scheme) },
		Set: func(a *Attributes, s string) error {
			switch scheme := Scheme(strings.TrimSpace(s)); scheme {
			case "", a.Use.Scheme:
				return nil
			case GB50137, MNR2023, GZ2019:
				a.Use.Scheme = scheme
				return nil
			}
			return geo.Say("用地分类标准 %s 不在 %s、%s、%s 之中", "scheme %s is not one of %s, %s, %s", quote(s), GB50137, MNR2023, GZ2019)
		}},
	{Name: "land_use_2023", Zh: "2023用地代码", En: "land use (2023)", Short: "use_2023",
		Get: func(p *Plot) any { return optionalText(p.Use2023) }, Set: setText(func(a *Attributes) *string { return &a.Use2023 })},
	{Name: "status", Zh: "供地状态", En: "status", Short: "status", Also: []string{"供地状态"},
		Get: func(p *Plot) any { return string(p.Status) },
		Set: func(a *Attributes, s string) (err error) {
			a.Status, err = ParseStatus(s)
			return err
		}},
	{Name: "holder", Zh: "权利人", En: "holder", Short: "holder", Also: []string{"QLR", "权利人"},
		Get: func(p *Plot) any { return optionalText(p.Holder) }, Set: setText(func(a *Attributes) *string { return &a.Holder })},
	{Name: "area_m2", Zh: "面积(平方米)", En: "plane area, m²", Kind: Number, Short: "area_m2", Get: func(p *Plot) any { return float64(p.Area) }},
	{Name: "area_mu", Zh: "面积(亩)", En: "plane area, 亩", Kind: Number, Short: "area_mu", Get: func(p *Plot) any { return float64(p.Area.Mu()) }},
	{Name: "area_ellipsoid_m2", Zh: "椭球面积(平方米)", En: "ellipsoidal area, m²", Kind: Number, Short: "area_ell", Get: func(p *Plot) any { return float64(p.AreaEllipsoid) }},
	{Name: "stated_area_m2", Zh: "证载面积(平方米)", En: "stated area, m²", Kind: Number, Short: "stated_m2",
		Get: func(p *Plot) any { return optionalNumber((*float64)(p.StatedArea)) },
		Set: func(a *Attributes, s string) error {
			v, err := parseNumber(s)
			a.StatedArea = (*geo.SquareMetres)(v)
			return err
		}},
	{Name: "far_min", Zh: "容积率下限", En: "FAR min", Kind: Number, Short: "far_min",
		Get: func(p *Plot) any { return optionalNumber(p.FARMin) }, Set: setNumber(func(a *Attributes) **float64 { return &a.FARMin })},
	{Name: "far_max", Zh: "容积率上限", En: "FAR max", Kind: Number, Short: "far_max", Also: []string{"RJL", "容积率"},
		Get: func(p *Plot) any { return optionalNumber(p.FARMax) }, Set: setNumber(func(a *Attributes) **float64 { return &a.FARMax })},
	{Name: "density_max_pct", Zh: "建筑密度上限(%)", En: "building density max, %", Kind: Number, Short: "dens_max", Also: []string{"JZMD", "建筑密度"},
		Get: func(p *Plot) any { return optionalNumber(p.DensityMax) }, Set: setNumber(func(a *Attributes) **float64 { return &a.DensityMax })},
	{Name: "green_min_pct", Zh: "绿地率下限(%)", En: "green ratio min, %", Kind: Number, Short: "green_min", Also: []string{"LDL", "绿地率"},
		Get: func(p *Plot) any { return optionalNumber(p.GreenMin) }, Set: setNumber(func(a *Attributes) **float64 { return &a.GreenMin })},
	{Name: "height_max_m", Zh: "建筑限高(米)", En: "height limit, m", Kind: Number, Short: "height_max", Also: []string{"JZXG", "建筑限高"},
		Get: func(p *Plot) any { return optionalNumber(p.HeightMax) }, Set: setNumber(func(a *Attributes) **float64 { return &a.HeightMax })},
	{Name: "gfa_max_m2", Zh: "计容建筑面积上限(平方米)", En: "GFA max, m²", Kind: Number, Short: "gfa_max",
		Get: func(p *Plot) any { return optionalNumber(p.GFAMax) }, Set: setNumber(func(a *Attributes) **float64 { return &a.GFAMax })},
	{Name: "setbacks", Zh: "退让要求", En: "setbacks", Short: "setbacks",
		Get: func(p *Plot) any { return optionalText(p.Setbacks) }, Set: setText(func(a *Attributes) *string { return &a.Setbacks })},
	{Name: "supply_mode", Zh: "供应方式", En: "supply mode", Short: "supply_by", Also: []string{"供应方式"},
		Get: func(p *Plot) any { return optionalText(p.SupplyMode) }, Set: setText(func(a *Attributes) *string { return &a.SupplyMode })},
	{Name: "supplied_on", Zh: "供应日期", En: "supplied on", Kind: Day, Short: "supply_on",
		Get: func(p *Plot) any { return optionalText(p.SuppliedOn.String()) }, Set: setDate(func(a *Attributes) *Date { return &a.SuppliedOn })},
	{Name: "version", Zh: "版本", En: "version", Kind: Integer, Short: "version", Get: func(p *Plot) any { return int64(p.Version) }},
	{Name: "valid_from", Zh: "生效日期", En: "valid from", Kind: Day, Short: "valid_from",
		Get: func(p *Plot) any { return optionalText(p.ValidFrom.String()) }, Set: setDate(func(a *Attributes) *Date { return &a.ValidFrom })},
}

var fieldByName = func() map[string]*Field {
	m := map[string]*Field{}
	for i := range fields {
		f := &fields[i]
		for _, n := range append([]string{f.Name, f.Short}, f.Also...) {
			m[strings.ToLower(n)] = f
		}
	}
	return m
}()

// LookupField finds a property by its name, its short name or a customary
// Chinese one, in either case.
func LookupField(name string) (*Field, bool) {
	f, ok := fieldByName[strings.ToLower(strings.TrimSpace(name))]
	return f, ok
}

// SetField sets a property from text; empty text clears it. What the register
// computes itself (areas, id, version) is passed over in silence, so that a
// file that was exported can come back. An unknown name is an error.
func SetField(a *Attributes, name, text string) error {
	f, ok := LookupField(name)
	if !ok {
		return geo.Say("没有名为 %s 的字段", "property %s is not known", quote(name))
	}
	if f.Set == nil {
		return nil
	}
	return f.Set(a, text)
}

// UseText writes a plot's use as documents do: the main code, then the
// secondary ones of mixed use behind strokes, such as "M1/M0".
func (a Attributes) UseText() string {
	return strings.Join(append([]string{a.Use.Code}, a.SecondaryUse...), "/")
}

func optionalText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func optionalNumber(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func setText(at func(*Attributes) *string) func(*Attributes, string) error {
	return func(a *Attributes, s string) error {
		*at(a) = strings.TrimSpace(s)
		return nil
	}
}

func setNumber(at func(*Attributes) **float64) func(*Attributes, string) error {
	return func(a *Attributes, s string) error {
		v, err := parseNumber(s)
		*at(a) = v
		return err
	}
}

func setDate(at func(*Attributes) *Date) func(*Attributes, string) error {
	return func(a *Attributes, s string) error {
		s = strings.TrimSpace(s)
		if len(s) > len("2006-01-02") && (s[10] == 'T' || s[10] == ' ') { // a file's date with a time of day
			s = s[:10]
		}
		d, err := ParseDate(strings.ReplaceAll(s, "/", "-"))
		*at(a) = d
		return err
	}
}

func parseNumber(s string) (*float64, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return nil, geo.Say("%s 不是数", "%s is not a number", quote(s))
	}
	return &v, nil
}
