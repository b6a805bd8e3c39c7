package api

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// What pages of other origins may do: read what is published, and see of the
// answers these headers. They never come with a key, and write nothing.
var (
	anyOrigin = []string{"*"}
	seen      = []string{"ETag, Link, Register-Seq, Number-Matched, Content-Crs, Content-Disposition, RateLimit, RateLimit-Policy, Retry-After"}
	methods   = []string{"GET, HEAD, OPTIONS"}
	asking    = []string{"Accept, Accept-Language, If-None-Match, Last-Event-ID, Range"}
	aDay      = []string{"86400"}
)

// shared lets pages of any origin read what needs no key (Fetch Standard, "CORS
// protocol"): the register is published. A call that brings a key is for pages of
// this service alone, and so are figures about the service.
func shared(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		switch r := c.Request(); {
		case r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "":
			h["Access-Control-Allow-Origin"] = anyOrigin
			h["Access-Control-Allow-Methods"] = methods
			h["Access-Control-Allow-Headers"] = asking
			h["Access-Control-Max-Age"] = aDay
			return c.NoContent(http.StatusNoContent)
		case r.Method == http.MethodGet && r.URL.Path != "/metrics" && r.Header.Get(echo.HeaderAuthorization) == "":
			h["Access-Control-Allow-Origin"] = anyOrigin
			h["Access-Control-Expose-Headers"] = seen
		}
		return next(c)
	}
}
