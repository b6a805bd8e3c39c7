package cql2

import (
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/dikuai/dikuai/data/land/cql2/relate"
	"github.com/dikuai/dikuai/geo"
)

// typer finds the type of each part, collects faults and turns strings beside
// days and times into such: a string that reads as a day may stand for it.
type typer struct {
	lookup func(name string) (Queryable, bool)
	names  func() []string
	titled func(title string) string
	faults Faults
}

func (t *typer) fault(e Expr, said geo.Words) {
	t.faults = append(t.faults, e.At().fault(said))
}

// filter types a whole filter; its error is Faults.
func (t *typer) filter(e Expr) (Expr, error) {
	e = t.predicate(e)
	if len(t.faults) > 0 {
		slices.SortStableFunc(t.faults, func(a, b *SyntaxError) int { return a.Offset - b.Offset })
		return nil, t.faults
	}
	return e, nil
}

func (t *typer) predicate(e Expr) Expr {
	e, typ := t.typed(e)
	if typ != TypeBoolean && typ != typeUnknown {
		t.fault(e, geo.Say("此处应为条件，例如 %s，却是%s", "expected a predicate such as %s, found %s", exampleOf(typ), described(typ)))
	}
	return e
}

func exampleOf(t Type) string {
	switch t {
	case TypeString:
		return "name = 'A-01'"
	case TypeGeometry:
		return "S_INTERSECTS(geometry, POINT(113.5 23.1))"
	}
	return "area > 10"
}

// typesZh names the types in Chinese.
var typesZh = map[Type]string{
	TypeString: "文字", TypeNumber: "数", TypeInteger: "整数", TypeBoolean: "布尔值", TypeDate: "日期", TypeTimestamp: "时刻",
	TypeGeometry: "几何", typeInterval: "区间", typeArray: "数组",
}

func described(t Type) geo.Words {
	switch t {
	case TypeInteger, typeInterval, typeArray:
		return geo.Words{Zh: typesZh[t], En: "an " + string(t)}
	}
	return geo.Words{Zh: typesZh[t], En: "a " + string(t)}
}

// typed gives a part with its own parts typed, and its type.
func (t *typer) typed(e Expr) (Expr, Type) {
	switch e := e.(type) {
	case *Logic:
		c := *e
		c.Args = make([]Expr, len(e.Args))
		for i, arg := range e.Args {
			c.Args[i] = t.predicate(arg)
		}
		return &c, TypeBoolean
	case *Not:
		return &Not{e.Pos, t.predicate(e.Arg)}, TypeBoolean
	case *Compare:
		parts := t.alike(e.Op, e.Left, e.Right)
		return &Compare{e.Pos, e.Op, parts[0], parts[1]}, TypeBoolean
	case *Between:
		parts := t.alike("BETWEEN", e.Value, e.Low, e.High)
		return &Between{e.Pos, parts[0], parts[1], parts[2]}, TypeBoolean
	case *In:
		parts := t.alike("IN", append([]Expr{e.Value}, e.List...)...)
		return &In{e.Pos, parts[0], parts[1:]}, TypeBoolean
	case *Like:
		return t.like(e), TypeBoolean
	case *IsNull:
		arg, _ := t.typed(e.Arg)
		return &IsNull{e.Pos, arg}, TypeBoolean
	case *Spatial:
		return &Spatial{e.Pos, e.Op, t.geometry(e.Left), t.geometry(e.Right)}, TypeBoolean
	case *Near:
		return &Near{e.Pos, t.geometry(e.Left), t.geometry(e.Right), e.Metres}, TypeBoolean
	case *Temporal:
		return t.temporal(e), TypeBoolean
	case *ArrayTest:
		t.fault(e, geo.Say("不支持 %s：没有数组字段", "%s is not supported: no property is an array", strings.ToUpper(e.Op)))
		return e, TypeBoolean
	}
	return t.value(e)
}

func (t *typer) value(e Expr) (Expr, Type) {
	switch e := e.(type) {
	case *Arith:
		return &Arith{e.Pos, e.Op, t.number(e.Left), t.number(e.Right)}, TypeNumber
	case *Fold:
		arg, typ := t.typed(e.Arg)
		if typ != TypeString && typ != typeUnknown {
			t.fault(e.Arg, geo.Say("%s 须用于文字，却是%s", "%s expects a string, found %s", strings.ToUpper(e.Op), described(typ)))
		}
		return &Fold{e.Pos, e.Op, arg}, TypeString
	case *Property:
		q, ok := t.lookup(e.Name)
		if !ok {
			t.unknownProperty(e)
			return e, typeUnknown
		}
		return e, q.Type
	case *Call:
		t.fault(e, geo.Say("没有函数 %s", "there is no function %s", clip(e.Name)))
		return e, typeUnknown
	case *String:
		return e, TypeString
	case *Number:
		return e, TypeNumber
	case *Bool:
		return e, TypeBoolean
	case *Date:
		return e, TypeDate
	case *Timestamp:
		return e, TypeTimestamp
	case *Interval:
		return t.interval(e), typeInterval
	case *Geometry:
		t.valid(e)
		return e, TypeGeometry
	case *Array:
		return e, typeArray
	}
	return e, typeUnknown
}

func (t *typer) valid(e *Geometry) {
	if _, ok := e.Shape.(orb.Collection); ok {
		t.fault(e, geo.Say("不支持 GEOMETRYCOLLECTION；请用 MULTIPOINT、MULTILINESTRING 或 MULTIPOLYGON", "a GEOMETRYCOLLECTION is not supported; use a MULTIPOINT, MULTILINESTRING or MULTIPOLYGON"))
		return
	}
	if e.Box == nil {
		if fault := relate.Fault(e.Shape); fault != (geo.Words{}) {
			t.fault(e, geo.Say("多边形无效：%s", "the polygon is not valid: %s", fault))
		}
	}
}

func (t *typer) number(e Expr) Expr {
	e, typ := t.typed(e)
	if typ != TypeNumber && typ != TypeInteger && typ != typeUnknown {
		t.fault(e, geo.Say("此处应为数，却是%s", "expected a number, found %s", described(typ)))
	}
	return e
}

func (t *typer) geometry(e Expr) Expr {
	e, typ := t.typed(e)
	if typ != TypeGeometry && typ != typeUnknown {
		t.fault(e, geo.Say("此处应为几何，却是%s", "expected a geometry, found %s", described(typ)))
	}
	return e
}

// family is what compares with each other.
func family(t Type) Type {
	switch t {
	case TypeInteger:
		return TypeNumber
	case TypeTimestamp:
		return TypeDate
	}
	return t
}

// alike types values that are compared; the first that is not a text decides.
func (t *typer) alike(op string, values ...Expr) []Expr {
	parts, types := make([]Expr, len(values)), make([]Type, len(values))
	common, plain := typeUnknown, false
	for i, v := range values {
		parts[i], types[i] = t.typed(v)
		if _, ok := v.(*String); common == typeUnknown || !plain {
			common, plain = family(types[i]), !ok && types[i] != typeUnknown
		}
	}
	switch {
	case common == TypeGeometry:
		t.fault(parts[0], geo.Say("%s 不能比较几何；请用 S_EQUALS 或其他空间函数", "%s does not compare geometries; use S_EQUALS or another spatial function", op))
		return parts
	case common == typeInterval || common == typeArray:
		t.fault(parts[0], geo.Say("%s 不能比较%s", "%s does not compare %s", op, described(common)))
		return parts
	case common == TypeBoolean && op != "=" && op != "<>" && op != "IN":
		t.fault(parts[0], geo.Say("%s 不能比较布尔值", "%s does not compare booleans", op))
		return parts
	}
	for i := range parts {
		parts[i] = t.fit(op, parts[i], types[i], common)
	}
	for i, v := range values {
		if property, ok := v.(*Property); ok && (op == "=" || op == "<>" || op == "IN") && (i == 0 || len(values) == 2) {
			t.enumerated(property, parts)
		}
	}
	return parts
}

// fit says when a value is not of the common type and turns strings into days.
func (t *typer) fit(op string, e Expr, typ, common Type) Expr {
	if typ == typeUnknown || family(typ) == common {
		return e
	}
	if s, ok := e.(*String); ok && common == TypeDate {
		when, err := parseWhen(s.Pos, s.Value)
		if err == nil {
			return when
		}
		t.fault(e, geo.WordsOf(err))
		return e
	}
	t.fault(e, geo.Say("%s 将%s与%s相比", "%s compares %s with %s", op, described(common), described(typ)))
	return e
}

// enumerated says when a string is compared that the property never has.
func (t *typer) enumerated(p *Property, values []Expr) {
	q, _ := t.lookup(p.Name)
	for _, v := range values {
		s, ok := v.(*String)
		if !ok || len(q.Enum) == 0 || slices.Contains(q.Enum, s.Value) {
			continue
		}
		if near := nearest(s.Value, q.Enum); near != "" {
			t.fault(v, geo.Say("%s 不会是 '%s'；是否指 '%s'？", "%s is never '%s'; did you mean '%s'?", p.Name, clip(s.Value), near))
			continue
		}
		t.fault(v, geo.Say("%s 不会是 '%s'；可用：%s", "%s is never '%s'; it is one of %s", p.Name, clip(s.Value), oneOf(q.Enum)))
	}
}

func (t *typer) like(e *Like) Expr {
	value, typ := t.typed(e.Value)
	if typ != TypeString && typ != typeUnknown {
		t.fault(e.Value, geo.Say("LIKE 须用于文字，却是%s", "LIKE expects a string, found %s", described(typ)))
	}
	pattern, typ := t.typed(e.Pattern)
	if typ != typeUnknown && (typ != TypeString || len(Properties(pattern)) > 0) {
		t.fault(e.Pattern, geo.Say("LIKE 须有模式，例如 'A%%'", "LIKE expects a pattern such as 'A%%'"))
	}
	return &Like{e.Pos, value, pattern}
}

// betweenIntervals are the functions that relate intervals only; T_DURING and
// T_CONTAINS take an instant for the inner one too, which the standard leaves out.
var betweenIntervals = []string{"t_finishedby", "t_finishes", "t_meets", "t_metby", "t_overlappedby", "t_overlaps", "t_startedby", "t_starts"}

func (t *typer) temporal(e *Temporal) Expr {
	part := func(e Expr) (Expr, Type) {
		e, typ := t.typed(e)
		if s, ok := e.(*String); ok {
			if when, err := parseWhen(s.Pos, s.Value); err == nil {
				return t.typed(when)
			}
		}
		if typ != typeInterval && family(typ) != TypeDate && typ != typeUnknown {
			t.fault(e, geo.Say("此处应为日期、时刻或区间，却是%s", "expected a date, a timestamp or an interval, found %s", described(typ)))
			typ = typeUnknown
		}
		return e, typ
	}
	left, a := part(e.Left)
	right, b := part(e.Right)
	instant := func(typ Type) bool { return typ != typeInterval && typ != typeUnknown }
	if slices.Contains(betweenIntervals, e.Op) && (instant(a) || instant(b)) ||
		e.Op == "t_during" && instant(b) || e.Op == "t_contains" && instant(a) {
		t.fault(e, geo.Say("%s 用于区间之间；与时刻请用 T_INTERSECTS、T_BEFORE、T_AFTER 或 T_EQUALS", "%s relates intervals; use T_INTERSECTS, T_BEFORE, T_AFTER or T_EQUALS with an instant", strings.ToUpper(e.Op)))
	}
	return &Temporal{e.Pos, e.Op, left, right}
}

func (t *typer) interval(e *Interval) Expr {
	end := func(e Expr) Expr {
		if e == nil {
			return nil
		}
		e, typ := t.typed(e)
		if family(typ) != TypeDate && typ != typeUnknown {
			t.fault(e, geo.Say("区间的两端须为日期或时刻，不能是%s", "an interval begins and ends with a date or a timestamp, not with %s", described(typ)))
		}
		return e
	}
	c := &Interval{e.Pos, end(e.Start), end(e.End)}
	if start, ok := constantDay(c.Start); ok {
		if stop, ok := constantDay(c.End); ok && start > stop {
			t.fault(e, geo.Say("区间的终点早于起点", "the interval ends before it begins"))
		}
	}
	return c
}

// constantDay is the first microsecond of a day, or the time.
func constantDay(e Expr) (Instant, bool) {
	switch e := e.(type) {
	case *Date:
		return Instant(e.Day) * microsPerDay, true
	case *Timestamp:
		return e.Instant, true
	}
	return 0, false
}

// typeOf is the type of a part that has been typed.
func (t *typer) typeOf(e Expr) Type {
	switch e := e.(type) {
	case *Property:
		q, _ := t.lookup(e.Name)
		return q.Type
	case *Arith, *Number:
		return TypeNumber
	case *Fold, *String:
		return TypeString
	case *Date:
		return TypeDate
	case *Timestamp:
		return TypeTimestamp
	case *Interval:
		return typeInterval
	case *Geometry:
		return TypeGeometry
	case *Array:
		return typeArray
	}
	return TypeBoolean
}

// byDay says whether a comparison is of days: when any of its parts is one.
// Timestamps then count as the day in UTC on which they fall.
func (t *typer) byDay(parts ...Expr) bool {
	for _, e := range parts {
		switch e := e.(type) {
		case nil:
		case *Interval:
			if t.byDay(e.Start, e.End) {
				return true
			}
		default:
			if t.typeOf(e) == TypeDate {
				return true
			}
		}
	}
	return false
}
