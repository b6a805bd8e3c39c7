package door

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Parameters reads the query string and refuses names that the route does not
// know, so that a misspelt filter never widens an answer.
func Parameters(c echo.Context, known ...string) (url.Values, error) {
	if c.Request().URL.RawQuery == "" {
		return nil, nil
	}
	return ReadQuery(c.Request().URL.RawQuery, known...)
}

// ReadQuery reads a query string that is not empty.
func ReadQuery(text string, known ...string) (url.Values, error) {
	q, err := ParseQuery(text)
	if err != nil {
		return nil, err
	}
	return q, Known(q, known...)
}

// ParseQuery reads a query string with whatever names.
func ParseQuery(text string) (url.Values, error) {
	q, err := url.ParseQuery(text)
	if err != nil {
		return nil, Refuse("query", geo.Say("查询字符串无法解码", "the query string cannot be decoded"), geo.Say("请对其值做百分号编码", "percent-encode its values"))
	}
	return q, nil
}

// Known refuses names that are not known.
func Known(q url.Values, known ...string) error {
	for name := range q {
		if name == "" {
			return Refuse("query", geo.Say("有参数没有名称", "a parameter has no name"), geo.Say("请写成 名称=值", "write name=value"))
		}
		if !slices.Contains(known, name) {
			return Refuse(name, geo.Say("此处没有该参数", "there is no such parameter here"), geo.Say("可用：%s", "known are %s", strings.Join(known, ", ")))
		}
	}
	return nil
}

// List reads a parameter that may be given several times or with commas.
func List(q url.Values, name string) []string {
	var all []string
	for _, v := range q[name] {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// Only is the query with some of its parameters.
func Only(q url.Values, names []string) url.Values {
	some := url.Values{}
	for _, name := range names {
		if values, ok := q[name]; ok {
			some[name] = values
		}
	}
	return some
}

// PageSize reads limit; what is above the largest page asks for that.
func PageSize(q url.Values, usual, largest int) (int, error) {
	text := q.Get("limit")
	if text == "" {
		return usual, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 {
		return 0, Refuse("limit", geo.Say("%q 不是页大小", "%q is not a page size", text), geo.Say("请给出 1 至 %d", "give 1 to %d", largest))
	}
	return min(limit, largest), nil
}

// mostOrders bounds the properties of an order.
const mostOrders = 5

// Order reads a parameter such as sort=-area_mu,plot_no, whose properties are
// some of the sortable ones; - is from the greatest value on, + or none from the
// least.
func Order(q url.Values, parameter string, sortable []string) ([]land.Order, error) {
	var steps []land.Order
	for _, text := range List(q, parameter) {
		name, down := strings.CutPrefix(text, "-")
		name = strings.TrimPrefix(name, "+")
		step := land.Order{Property: name, Down: down}
		if !slices.Contains(sortable, name) {
			return nil, Refuse(parameter, geo.Say("不能按 %q 排序", "nothing is sorted by %q", name), geo.Say("可用：%s", "known are %s", strings.Join(sortable, ", ")))
		}
		if slices.ContainsFunc(steps, func(s land.Order) bool { return s.Property == name }) || len(steps) == mostOrders {
			return nil, Refuse(parameter, geo.Say("属性重复或过多", "a property is named twice, or there are too many"), geo.Say("最多 %d 个", "name at most %d", mostOrders))
		}
		steps = append(steps, step)
	}
	return steps, nil
}
