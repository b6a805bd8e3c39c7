package ogc

import (
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
	"github.com/dikuai/dikuai/geo"
	"github.com/dikuai/dikuai/tiles"
)

// Media types of answers beside GeoJSON and vector tiles.
const (
	jsonType   = echo.MIMEApplicationJSON
	htmlType   = "text/html"
	schemaType = "application/schema+json"
	apiType    = "application/vnd.oai.openapi+json;version=3.0"
	linksType  = "application/link-format" // RFC 6690
)

// parametersOfAll are what every document takes. Programs put the parameters of the
// address that they are given behind every request, so that one address can be of
// a day: OAPIF:http://…/ogc?datetime=2018-06-30T00:00:00Z.
var parametersOfAll = []string{"f", "datetime"}

// form is one way in which a resource is answered.
type form struct {
	name  string   // value of the parameter f
	types []string // media types that Accept may ask for it by; the first is that of the answer
}

var (
	asHTML    = form{"html", []string{htmlType}}
	asJSON    = form{"json", []string{jsonType}}
	asGeoJSON = form{"json", []string{door.GeoJSON, jsonType}}
	asSchema  = form{"json", []string{schemaType, jsonType}}
	asAPI     = form{"json", []string{apiType, jsonType}}
	asLinks   = form{"link", []string{linksType}}
)

// mediaType is that of the answer.
func (f form) mediaType() string { return f.types[0] }

// asked reads the parameters that a call may have, the form that it wants, of those
// offered, and the view of its datetime.
func (s *server) asked(c echo.Context, known []string, offered ...form) (q url.Values, in form, view *tiles.View, err error) {
	if q, err = door.Parameters(c, known...); err != nil {
		return nil, form{}, nil, err
	}
	if in, err = choose(c, q, offered...); err != nil {
		return nil, form{}, nil, err
	}
	view, err = s.viewAt(c, q)
	return q, in, view, err
}

// choose gives the form that the parameter f asks for, else the one that Accept
// likes most (RFC 9110 §12.5.1); the first one offered where it says nothing of
// them.
func choose(c echo.Context, q url.Values, offered ...form) (form, error) {
	c.Response().Header().Add(echo.HeaderVary, echo.HeaderAccept)
	if q.Has("f") {
		i := slices.IndexFunc(offered, func(f form) bool { return f.name == q.Get("f") })
		if i < 0 {
			var names []string
			for _, f := range offered {
				names = append(names, f.name)
			}
			return form{}, door.Refuse("f", geo.Say("没有格式 %q", "there is no form %q", q.Get("f")), geo.Say("可用：%s", "use one of %s", strings.Join(names, ", ")))
		}
		return offered[i], nil
	}
	best, likes := offered[0], 0.0
	for _, part := range strings.Split(c.Request().Header.Get(echo.HeaderAccept), ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		weight := 1.0
		if text, ok := parameters["q"]; ok {
			if weight, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		i := slices.IndexFunc(offered, func(f form) bool { return f.accepts(name) })
		if i >= 0 && weight > likes {
			best, likes = offered[i], weight
		}
	}
	return best, nil
}

func (f form) accepts(asked string) bool {
	return slices.ContainsFunc(f.types, func(offered string) bool {
		offered, _, _ = strings.Cut(offered, ";")
		kind, _, _ := strings.Cut(offered, "/")
		return asked == offered || asked == kind+"/*" || asked == "*/*"
	})
}
