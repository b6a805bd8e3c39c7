package ogc

import (
	"net/url"
	"regexp"
	"strconv"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/data/land/cql2"
	"github.com/dikuai/dikuai/geo"
)

// The languages of filters. GDAL asks for the text encoding by the name that a
// draft gave it.
const (
	cql2Text = "cql2-text"
	cql2JSON = "cql2-json"
	cqlText  = "cql-text"
)

// readFilters reads filter in the language of filter-lang, with geometries in the
// system of filter-crs (19-079r2 §8), and the parameters that are named as
// properties are (§7).
func readFilters(q url.Values, of source) ([]cql2.Expr, error) {
	var all []cql2.Expr
	e, err := readFilter(q)
	if err != nil {
		return nil, err
	}
	schema := queryables(of)
	if e != nil {
		if err := cql2.Check(e, schema); err != nil {
			return nil, &door.FilterError{Err: err}
		}
		all = append(all, e)
	}
	for _, f := range of.fields() {
		if !q.Has(f.name) {
			continue
		}
		e, err := equals(f, q[f.name])
		if err == nil {
			err = cql2.Check(e, schema)
		}
		if err != nil {
			return nil, door.Refuse(f.name, geo.WordsOf(err), geo.Say("请给出该属性的值", "give a value of the property"))
		}
		all = append(all, e)
	}
	return all, nil
}

func readFilter(q url.Values) (cql2.Expr, error) {
	lang := q.Get("filter-lang")
	switch lang {
	case "":
		lang = cql2Text
	case cql2Text, cql2JSON, cqlText:
	default:
		return nil, door.Refuse("filter-lang", geo.Say("不认识筛选语言 %q", "the filter language %q is not known", lang), geo.Say("可用：%s", "use one of %s", cql2Text+", "+cql2JSON))
	}
	system, err := readCRS(q, "filter-crs")
	if err != nil || !q.Has("filter") {
		return nil, err
	}
	var e cql2.Expr
	switch lang {
	case cql2JSON:
		e, err = cql2.ParseJSON([]byte(q.Get("filter")))
	case cqlText:
		e, err = cql2.ParseText(cutDays(q.Get("filter")))
	default:
		e, err = cql2.ParseText(q.Get("filter"))
	}
	if err == nil {
		e, err = cql2.Transform(e, system.lonLat)
	}
	if err != nil {
		return nil, &door.FilterError{Err: err}
	}
	return e, nil
}

// dayWithT is a day as GDAL writes it, with the letter behind it that a time of
// day would follow.
var dayWithT = regexp.MustCompile(`'(\d{4}-\d\d-\d\d)T'`)

func cutDays(filter string) string { return dayWithT.ReplaceAllString(filter, "'$1'") }

// equals asks for items whose property has one of some values.
func equals(f field, texts []string) (cql2.Expr, error) {
	var values []cql2.Expr
	for _, text := range texts {
		v, err := literal(f, text)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	property := &cql2.Property{Name: f.name}
	if len(values) == 1 {
		return &cql2.Compare{Op: "=", Left: property, Right: values[0]}, nil
	}
	return &cql2.In{Value: property, List: values}, nil
}

// literal is a value of a property.
func literal(f field, text string) (cql2.Expr, error) {
	switch f.kind {
	case cql2.TypeNumber, cql2.TypeInteger:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n-n != 0 {
			return nil, geo.Say("%q 不是数", "%q is not a number", text)
		}
		return &cql2.Number{Value: n}, nil
	case cql2.TypeBoolean:
		if text != "true" && text != "false" {
			return nil, geo.Say("%q 既非 true 也非 false", "%q is neither true nor false", text)
		}
		return &cql2.Bool{Value: text == "true"}, nil
	case cql2.TypeDate:
		day, err := land.ParseDate(text)
		if err != nil || day.IsZero() {
			return nil, geo.Say("%q 不是日期", "%q is not a day", text)
		}
		return &cql2.Date{Day: cql2.DayOf(day.Time())}, nil
	}
	return &cql2.String{Value: text}, nil
}
