package tiles

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/tiles/plotset"
)

// Filter selects plots by a CQL2 expression (OGC 21-065r2).
type Filter struct {
	Text     string // the expression written in one way, so that equals are equal
	matches  func(plotset.Ref) cql2.Truth
	ofKind   func(plotset.Ref) cql2.Truth // the conjuncts on what plots of a kind have in common; nil without any
	ofPlot   func(plotset.Ref) cql2.Truth // the other ones
	bound    orb.Bound
	confined bool
}

// ParseFilter reads a CQL2 text; its errors are a *cql2.SyntaxError or
// cql2.Faults and say where.
func ParseFilter(text string) (*Filter, error) {
	e, err := cql2.ParseText(text)
	if err != nil {
		return nil, err
	}
	return FilterOf(e)
}

// FilterOf makes a filter of an expression on the properties of Queryables.
func FilterOf(e cql2.Expr) (*Filter, error) {
	if err := cql2.Check(e, Queryables()); err != nil {
		return nil, err
	}
	matches, err := cql2.Compile(e, filterFields)
	if err != nil {
		return nil, err
	}
	f := &Filter{Text: cql2.Text(e), matches: matches}
	f.bound, f.confined = cql2.Bound(e)
	return f, f.part(e)
}

// part compiles the conjuncts that can be decided once for each kind apart.
func (f *Filter) part(e cql2.Expr) error {
	var ofKind, ofPlot []cql2.Expr
	for _, conjunct := range cql2.Conjuncts(e) {
		if slices.ContainsFunc(cql2.Properties(conjunct), func(name string) bool { return !kindFields[name] }) {
			ofPlot = append(ofPlot, conjunct)
		} else {
			ofKind = append(ofKind, conjunct)
		}
	}
	var err error
	if f.ofKind, err = conjunction(ofKind); err != nil {
		return err
	}
	f.ofPlot, err = conjunction(ofPlot)
	return err
}

func conjunction(of []cql2.Expr) (func(plotset.Ref) cql2.Truth, error) {
	switch len(of) {
	case 0:
		return nil, nil
	case 1:
		return cql2.Compile(of[0], filterFields)
	}
	return cql2.Compile(&cql2.Logic{Op: "and", Args: of}, filterFields)
}

// kindFields are the properties that all plots of a kind have in common.
var kindFields = map[string]bool{
	"park": true, "land_use": true, "land_use_scheme": true, "land_use_2023": true, "status": true, "supply_mode": true, "setbacks": true,
	"far_min": true, "far_max": true, "density_max_pct": true, "green_min_pct": true, "height_max_m": true,
}

// Selects says whether a plot matches. Safe for concurrent use.
func (f *Filter) Selects(r plotset.Ref) bool { return f.matches(r) == cql2.True }

// Bound is a box, EPSG:4490 lon/lat, that every matching plot meets, if the
// expression confines them to one.
func (f *Filter) Bound() (orb.Bound, bool) { return f.bound, f.confined }

// Queryables are the properties that filters may read: those of land.Fields, with
// geometry for the boundary, EPSG:4490 lon/lat.
func Queryables() cql2.Schema {
	schema := cql2.Schema{{Name: "geometry", Type: cql2.TypeGeometry, Zh: "界线", En: "boundary"}}
	for _, f := range land.Fields() {
		q := cql2.Queryable{Name: f.Name, Type: filterFields[f.Name].Type, Nullable: true, Zh: f.Zh, En: f.En}
		if f.Name == "status" {
			for _, s := range land.Statuses() {
				q.Enum = append(q.Enum, string(s.Status))
			}
		}
		schema = append(schema, q)
	}
	return schema
}

type field = cql2.Field[plotset.Ref]

// filterFields read the properties of land.Fields from memory.
var filterFields = map[string]field{
	"geometry": {
		Type:     cql2.TypeGeometry,
		Geometry: func(r plotset.Ref) orb.Geometry { return r.Boundary() },
		Areas:    plotset.Ref.Boundary,
		Bound:    boundOfRef,
	},
	"id":                whole(func(r plotset.Ref) int64 { return int64(r.ID()) }),
	"version":           whole(func(r plotset.Ref) int64 { return int64(r.Version()) }),
	"park":              kindText(func(k *plotset.Kind) string { return string(k.Park) }),
	"plot_no":           text(plotset.Ref.Number),
	"name":              text(plotset.Ref.Name),
	"holder":            text(plotset.Ref.Holder),
	"land_use":          kindText(func(k *plotset.Kind) string { return k.UseText }),
	"land_use_scheme":   kindText(func(k *plotset.Kind) string { return string(k.Use.Scheme) }),
	"land_use_2023":     kindText(func(k *plotset.Kind) string { return k.Use2023 }),
	"status":            kindText(func(k *plotset.Kind) string { return string(k.Status) }),
	"supply_mode":       kindText(func(k *plotset.Kind) string { return k.SupplyMode }),
	"setbacks":          kindText(func(k *plotset.Kind) string { return k.Setbacks }),
	"area_m2":           number(func(r plotset.Ref) (float64, bool) { return float64(r.Area()), true }),
	"area_mu":           number(func(r plotset.Ref) (float64, bool) { return float64(r.Area().Mu()), true }),
	"area_ellipsoid_m2": number(func(r plotset.Ref) (float64, bool) { return float64(r.AreaEllipsoid()), true }),
	"stated_area_m2":    number(plotset.Ref.StatedArea),
	"gfa_max_m2":        number(plotset.Ref.GFAMax),
	"far_min":           kindNumber(func(k *plotset.Kind) plotset.Maybe { return k.FARMin }),
	"far_max":           kindNumber(func(k *plotset.Kind) plotset.Maybe { return k.FARMax }),
	"density_max_pct":   kindNumber(func(k *plotset.Kind) plotset.Maybe { return k.DensityMax }),
	"green_min_pct":     kindNumber(func(k *plotset.Kind) plotset.Maybe { return k.GreenMin }),
	"height_max_m":      kindNumber(func(k *plotset.Kind) plotset.Maybe { return k.HeightMax }),
	"valid_from":        {Type: cql2.TypeDate, Day: func(r plotset.Ref) (cql2.Day, bool) { return cql2.Day(r.ValidFrom()), true }},
	"supplied_on": {Type: cql2.TypeDate, Day: func(r plotset.Ref) (cql2.Day, bool) {
		day := r.SuppliedOn()
		return cql2.Day(day), day != plotset.NoDay
	}},
}

func whole(get func(plotset.Ref) int64) field {
	return field{Type: cql2.TypeInteger, Number: func(r plotset.Ref) (float64, bool) { return float64(get(r)), true }}
}

func number(get func(plotset.Ref) (float64, bool)) field {
	return field{Type: cql2.TypeNumber, Number: get}
}

// text is a property that is null where it is empty.
func text(get func(plotset.Ref) string) field {
	return field{Type: cql2.TypeString, Text: func(r plotset.Ref) (string, bool) {
		s := get(r)
		return s, s != ""
	}}
}

func kindText(get func(*plotset.Kind) string) field {
	return text(func(r plotset.Ref) string { return get(r.Kind()) })
}

func kindNumber(get func(*plotset.Kind) plotset.Maybe) field {
	return number(func(r plotset.Ref) (float64, bool) {
		m := get(r.Kind())
		return m.Value, m.Set
	})
}

// boundOfRef is a box in lon/lat that encloses a plot, a unit of the world wider
// than it on each side.
func boundOfRef(r plotset.Ref) orb.Bound {
	b := r.Box()
	nw := plotset.Point{X: b.Min.X - min(b.Min.X, 1), Y: b.Min.Y - min(b.Min.Y, 1)}.LonLat()
	se := plotset.Point{X: b.Max.X + min(math.MaxUint32-b.Max.X, 1), Y: b.Max.Y + min(math.MaxUint32-b.Max.Y, 1)}.LonLat()
	return orb.Bound{Min: orb.Point{nw[0], se[1]}, Max: orb.Point{se[0], nw[1]}}
}
