package ogc

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/dikuai/dikuai/api/door"
)

// link leads to another resource (RFC 8288). Addresses are absolute: GDAL appends
// others to the landing page's.
type link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Hreflang  string `json:"hreflang,omitempty"`
	Templated bool   `json:"templated,omitempty"`
	Datetime  string `json:"datetime,omitempty"` // of a memento (RFC 7089 §2.2.1)
}

// Relations that the OGC registers (http://www.opengis.net/def/rel).
const (
	ogcRel        = "http://www.opengis.net/def/rel/ogc/1.0/"
	queryablesRel = ogcRel + "queryables"
	sortablesRel  = ogcRel + "sortables"
	schemaRel     = ogcRel + "schema"
	tilesetsRel   = ogcRel + "tilesets-vector"
	schemeRel     = ogcRel + "tiling-scheme"
	schemesRel    = ogcRel + "tiling-schemes"
	geodataRel    = ogcRel + "geodata"
	datasetRel    = ogcRel + "dataset"
)

// address is that of a resource below the landing page.
func (s *server) address(c echo.Context, path ...string) string {
	b := strings.Builder{}
	b.WriteString(door.Base(c, s.PublicURL) + root)
	for _, part := range path {
		b.WriteString("/" + url.PathEscape(part))
	}
	return b.String()
}

// here is the address of a request, with a query.
func (s *server) here(c echo.Context, q url.Values) string {
	here := door.Base(c, s.PublicURL) + c.Request().URL.EscapedPath()
	if len(q) > 0 {
		here += "?" + q.Encode()
	}
	return here
}

// with is a query with a parameter set anew, or without it where the value is
// empty.
func with(q url.Values, name, value string) url.Values {
	changed := url.Values{}
	for n, values := range q {
		if n != name {
			changed[n] = values
		}
	}
	if value != "" {
		changed.Set(name, value)
	}
	return changed
}

// selves are the links of an answer to itself, and to itself in the other forms.
func (s *server) selves(c echo.Context, q url.Values, in form, offered ...form) []link {
	links := []link{{Href: s.here(c, q), Rel: "self", Type: in.mediaType(), Title: "本文档 This document"}}
	for _, f := range offered {
		if f.name != in.name {
			links = append(links, link{Href: s.here(c, with(q, "f", f.name)), Rel: "alternate", Type: f.mediaType(), Title: "本文档 This document: " + f.name})
		}
	}
	return links
}

// longestInHeader is how long the address of a link may be for a Link header: proxies
// take few kilobytes of headers. All links are in the body too.
const longestInHeader = 1000

// header writes links as Link headers.
func header(c echo.Context, links ...link) {
	for _, l := range links {
		if len(l.Href) > longestInHeader {
			continue
		}
		value := fmt.Sprintf("<%s>; rel=%q", l.Href, l.Rel)
		if l.Type != "" {
			value += fmt.Sprintf("; type=%q", l.Type)
		}
		if l.Datetime != "" {
			value += fmt.Sprintf("; datetime=%q", l.Datetime)
		}
		c.Response().Header().Add("Link", value)
	}
}
